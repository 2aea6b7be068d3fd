#include "core/scheduling.h"

#include <sched.h>

namespace oauth2 {

void take_turns() {
  const sched_param parameters{};
  (void)::sched_setscheduler(0, SCHED_BATCH, &parameters);
}

void give_way() {
  const sched_param parameters{};
  (void)::sched_setscheduler(0, SCHED_IDLE, &parameters);
}

}  // namespace oauth2
