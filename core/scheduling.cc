#include "core/scheduling.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

namespace oauth2 {
namespace {

constexpr long ns_between_offers = 250'000;  // a hash takes a tenth longer for it

void handle_offers() {
  struct sigaction action = {};
  action.sa_handler = [](int) { ::sched_yield(); };
  action.sa_flags = SA_RESTART;
  (void)::sigaction(SIGURG, &action, nullptr);
}

}  // namespace

void take_turns() {
  const sched_param parameters{};
  (void)::sched_setscheduler(0, SCHED_BATCH, &parameters);
}

void give_way() {
  const sched_param parameters{};
  (void)::sched_setscheduler(0, SCHED_IDLE, &parameters);
}

OfferCore::OfferCore() {
  [[maybe_unused]] static const bool handled = (handle_offers(), true);
  sigevent event = {};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGURG;
  event._sigev_un._tid = ::gettid();  // glibc has no other name for it
  has_timer_ = ::timer_create(CLOCK_MONOTONIC, &event, &timer_) == 0;
  const itimerspec every = {{0, ns_between_offers}, {0, ns_between_offers}};
  if (has_timer_) (void)::timer_settime(timer_, 0, &every, nullptr);
}

OfferCore::~OfferCore() {
  if (has_timer_) (void)::timer_delete(timer_);
}

}  // namespace oauth2
