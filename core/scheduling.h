#pragma once

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

}  // namespace oauth2
