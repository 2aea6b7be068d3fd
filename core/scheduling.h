#pragma once

#include <time.h>

namespace oauth2 {

// How Linux is to share the cores out among threads. What the system does not permit is left as it is:
// nothing but speed hangs on it.

// For the calling thread and all that it starts from then on: each runs on until it waits or its turn is
// over, instead of making way whenever another one wakes. A server whose threads nearly always wait for a
// socket or a disk loses nothing by that, and no longer loses the core in the middle of what others wait for.
void take_turns();

// For the calling thread: it gives way to every thread that wakes, at once. Where others never rest, it gets
// next to no time.
void give_way();

// For the calling thread, while it computes for long: offers its core to others 4,000 times a second. A
// thread that gives way is still owed a share of the time, and once it is its turn Linux looks again at the
// next tick, as late as 4 ms, while those wait that woke before. Installs a handler of SIGURG, which nothing
// else here uses and which does nothing where nobody handles it.
class OfferCore {
 public:
  OfferCore();
  ~OfferCore();
  OfferCore(const OfferCore&) = delete;
  OfferCore& operator=(const OfferCore&) = delete;

 private:
  timer_t timer_{};
  bool has_timer_ = false;
};

}  // namespace oauth2
