// timers.h - waitable timers: setting and cancelling them, firing those whose time has come.
//
// Purpose     There is no thread that fires timers. Whoever enters the guard of one, and whoever polls it, looks at the
//             clock; who waits for one sleeps no longer than until its due time, and then enters (park.cpp).
// Invariants  T1 a pending due time implies SLOW (object/timer.h).
//             T2 a timer whose due word is stored anew rings everybody who sleeps in its queue: they sleep until the
//                former due time.
//             T3 firing only moves a due time later: who sleeps for it wakes too early at worst, and looks again.
// Crash       The due word is the commit. Before it is stored nothing has changed. After it FRESH is in it until the
//             value is 0. Firing stores the value before the next due word: a death in between fires again, on a timer
//             that is signaled already, since nobody can take a signal under a guard. The pump is owed by repair (due).
#pragma once
#include "shim/object/timer.h"
#include "shim/shm/clock.h"
#include "shim/wait/guard.h"

namespace winshim::wait {

// What a clock says, in the units of the due word: CLOCK_MONOTONIC, or with `absolute` CLOCK_REALTIME as a FILETIME.
u64 time_units(bool absolute) noexcept;

// The due word for SetWaitableTimer's argument: negative, so many units from now; else a FILETIME.
u64 due_from(i64 argument) noexcept;
// Its time has come. (False if it has none.)
bool is_due(u64 due) noexcept;
// The time after `due`, which has come, for a timer with that period: the next of its ticks that is still to come, by
// CLOCK_MONOTONIC, or no time at all. Ticks that nobody saw are gone (Timer-14).
u64 next_due(u64 due, u32 period_ms) noexcept;
// When to wake for it, as a deadline of clock.h; kForever if it has no time. A stepped clock changes it.
u64 wake_at(u64 due) noexcept;
// The FILETIME at which `due`, which has come, came.
u64 came_at(u64 due) noexcept;

// With the guard held and SLOW set: finishes a setting that was begun, fires the timer if its time has come. Returns
// true if it fired: a pump is owed then. Does nothing for other kinds.
bool catch_up_timer(shm::Object& x) noexcept;

// Errors: as enter().
[[nodiscard]] Status set_timer(Target target, u64 due, timer::Setting setting) noexcept;
[[nodiscard]] Status cancel_timer(Target target) noexcept;
// Cancels it if `setter` was the last to set it, with a routine. Errors: as enter().
[[nodiscard]] Status cancel_timer_of(Target target, u32 setter) noexcept;

// Queues those completion routines of the calling thread whose time has come (Self::apcs counts them), and returns when
// to wake for the next one; kForever if there is none. Set by the room that knows routines before Self::routines is not
// 0. The caller holds nothing.
extern constinit std::atomic<u64 (*)() noexcept> expire_routines;

}  // namespace winshim::wait
