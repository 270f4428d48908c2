// timer_routines.h - completion routines of waitable timers: calls that the thread that set the timer gets when it
// expires, in its alertable waits.
//
// Purpose     The segment knows who set the timer with a routine (object/timer.h: setter); what the routine is, and
//             when it is due, only that thread knows, in a private list. In an alertable wait it bounds its sleep by
//             the list and queues what is due as a call to itself. Whoever sets or cancels the timer makes somebody
//             else, or nobody, the setter: the thread finds out when it looks, and before it runs a call that is queued
//             already (Timer-24).
// Invariants  Only its own thread touches a list. A timer is in it once at most.
// Crash       A dead thread's timers are cancelled by its rundown, which knows them by the setter (Timer-25).
#pragma once
#include "shim/wait/timers.h"

namespace winshim::process {

using TimerRoutine = void (*)(void* argument, u32 time_low, u32 time_high);

// SetWaitableTimer by the calling thread; `function` may be null. Errors: as enter(), and not_enough_memory.
[[nodiscard]] Status set_timer(wait::Target timer, u64 due, u32 period_ms, TimerRoutine function,
                               void* argument) noexcept;
[[nodiscard]] Status cancel_timer(wait::Target timer) noexcept;

// The calling thread ends: cancels the timers that it has set with a routine. False: out of patience.
[[nodiscard]] bool cancel_own_timers() noexcept;

}  // namespace winshim::process
