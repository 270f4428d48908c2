// operations_timer.h - waitable timers: set, cancelled, made, opened, and fired by whoever comes by when the time has
// come, with none, one or two waiters queued.
//
// Times       A timer that shall not fire is due in an hour. One that shall be found due is set before the victim's
//             call and by then in the past; nobody enters its guard in between.
#pragma once

#include <unistd.h>

#include "tests/torture/killstep/operation.h"

namespace killstep {

constexpr LONGLONG kHour = 3600ll * 10'000'000, kUnitsPerMs = 10'000;
constexpr LONG kHourMs = 3'600'000;

inline void set_timer_of(Victim& v, LONGLONG due, LONG period_ms = 0) {
    LARGE_INTEGER at;
    at.QuadPart = due;
    SetWaitableTimer(v['t'], &at, period_ms, nullptr, nullptr, FALSE);
}

// A synchronization timer that is not signaled and that nobody waits for, at the end: it can be set, and gives one
// signal.
inline void check_timer_works(Referee& r) {
    r.expect(!r.poll('t'), "a signal of the timer from nowhere, or left over");
    r.set_timer(0);
    r.expect(r.poll('t') && !r.poll('t'), "the timer does not work any more");
    r.expect(CancelWaitableTimer(r['t']) && !r.time_is_pending() && !r.poll('t'), "the timer cannot be cancelled");
}

// `queued` waiters in the order 0, 1 of a synchronization timer that was set to fire at once: as for one SetEvent.
inline void judge_one_expiry(Referee& r, unsigned queued, bool was_set) {
    const Chance fired = was_set ? Chance::must : Chance::never;
    r.touch('t');
    const unsigned served = r.released();
    if (served > 1) r.fail("one expiry released %u waiters", served);
    if (queued == 0) r.expect_chance(r.poll('t'), fired, "the signal");
    else r.expect_chance(served == 1, fired, "the release of a waiter");
    if (served == 1) r.expect(!r.blocked(0), "the second waiter was served before the first");
    for (unsigned i = served; i < queued; ++i) {
        r.set_timer(0);
        r.expect(r.released() == i + 1, "a timer that is set to now did not release exactly the next waiter");
    }
    for (unsigned i = 0; i < queued; ++i) r.expect_result(i, WAIT_OBJECT_0);
}

inline void add_setting_operations(std::vector<Operation>& table) {
    const auto open = [](Victim& v) { v.open("t"); };
    const auto fresh = [](Referee& r) { r.timer(false); };
    const auto one_queued = [](Referee& r) { r.queue(0, Form::any, "t"); };
    const auto two_queued = [](Referee& r) { r.queue(0, Form::any, "t"); r.queue(1, Form::any, "t"); };
    const auto set_now = [](Victim& v) { set_timer_of(v, 0); };

    // It was signaled: setting it takes the signal back.
    table.push_back({.name = "timer-set-far",
        .arrange = [](Referee& r) { r.timer(false); r.set_timer(0); }, .ready = open,
        .act = [](Victim& v) { set_timer_of(v, -kHour, 7); },
        .judge = [](Referee& r) {
            const bool set = r.was_set();
            r.touch('t');
            r.expect(r.time_is_pending() == set, "the due time and what was seen of the setting do not agree");
            r.expect(r.poll('t') == !set, "the signal and the due time do not agree");
            check_timer_works(r);
        }});
    table.push_back({.name = "timer-set-now", .arrange = fresh, .ready = open, .act = set_now,
        .judge = [](Referee& r) { judge_one_expiry(r, 0, r.was_set()); check_timer_works(r); }});
    table.push_back({.name = "timer-set-now-1-queued",
        .arrange = fresh, .ready = open, .queue = one_queued, .act = set_now,
        .judge = [](Referee& r) { judge_one_expiry(r, 1, r.was_set()); check_timer_works(r); }});
    table.push_back({.name = "timer-set-now-2-queued",
        .arrange = fresh, .ready = open, .queue = two_queued, .act = set_now,
        .judge = [](Referee& r) { judge_one_expiry(r, 2, r.was_set()); check_timer_works(r); }});
    table.push_back({.name = "timer-set-now-manual-2-queued",
        .arrange = [](Referee& r) { r.timer(true); }, .ready = open,
        .queue = two_queued, .act = set_now,
        .judge = [](Referee& r) {
            const bool set = r.was_set();
            r.touch('t');
            const unsigned served = r.released();
            r.expect(served == (set ? 2u : 0u),
                     "a manual-reset timer released some of its waiters, or none, or too early");
            r.expect(r.poll('t') == set, "the timer's state and the waiters' release do not agree");
            r.set_timer(0);
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect_result(1, WAIT_OBJECT_0);
            r.expect(r.poll('t') && CancelWaitableTimer(r['t']) && r.poll('t'), "a cancelled timer lost its signal");
        }});
    // Nobody else comes by: the waiter sleeps until the former due time, and has to hear of the new one.
    table.push_back({.name = "timer-set-soon-1-queued",
        .arrange = [](Referee& r) { r.timer(false); r.set_timer(-kHour); },
        .ready = open, .queue = one_queued, .act = [](Victim& v) { set_timer_of(v, -1 * kUnitsPerMs); },
        .judge = [](Referee& r) {
            if (!r.was_set()) {
                r.touch('t');
                r.expect(r.blocked(0) && r.time_is_pending(), "it was not set, and yet another due time holds");
                r.set_timer(-1 * kUnitsPerMs);
            }
            r.expect_result(0, WAIT_OBJECT_0);
            check_timer_works(r);
        }, .most_kills = 250});
    // The first tick comes at once, the second in an hour.
    table.push_back({.name = "timer-set-periodic-1-queued", .arrange = fresh, .ready = open, .queue = one_queued,
        .act = [](Victim& v) { set_timer_of(v, 0, kHourMs); },
        .judge = [](Referee& r) {
            const bool set = r.was_set();
            r.touch('t');
            r.expect(r.time_is_pending() == set, "the next tick and what was seen of the setting do not agree");
            judge_one_expiry(r, 1, set);
            check_timer_works(r);
        }});
    table.push_back({.name = "timer-set-completes-all",
        .arrange = [](Referee& r) { r.timer(false); r.event('b', false, true); }, .ready = open,
        .queue = [](Referee& r) { r.queue(0, Form::all, "bt"); }, .act = set_now,
        .judge = [](Referee& r) {
            const bool set = r.was_set();
            r.touch('b');
            r.touch('t');
            r.expect(r.blocked(0) == !set, "the complete wait-all sleeps on, or the incomplete one does not");
            r.expect(r.poll('b') == !set, "the wait-all took a part");
            if (!set) {
                r.set('b');
                r.set_timer(0);
            }
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(!r.poll('b'), "a signal was left over");
            check_timer_works(r);
        }});
    table.push_back({.name = "timer-cancel-1-queued",
        .arrange = [](Referee& r) { r.timer(false); r.set_timer(-kHour, 5); },
        .ready = open, .queue = one_queued, .act = [](Victim& v) { CancelWaitableTimer(v['t']); },
        .judge = [](Referee& r) {
            r.touch('t');
            r.expect(r.time_is_pending() == !r.was_set(),
                     "the due time and what was seen of the cancelling do not agree");
            r.expect(r.blocked(0), "a signal from nowhere");
            r.set_timer(0);
            r.expect_result(0, WAIT_OBJECT_0);
            check_timer_works(r);
        }});
}

inline void add_firing_operations(std::vector<Operation>& table) {
    const auto open = [](Victim& v) { v.open("t"); };
    // Found due by whoever looks next: by then the time is past, and nobody has looked.
    const auto due_then = [](Referee& r) {
        r.set_timer(-kUnitsPerMs / 2);
        usleep(700);
    };
    table.push_back({.name = "timer-fired-by-poll", .arrange = [](Referee& r) { r.timer(false); }, .ready = open,
        .queue = due_then, .act = [](Victim& v) { WaitForSingleObject(v['t'], 0); },
        .judge = [](Referee& r) {
            const bool there = r.poll('t');
            r.expect_chance(!there, r.done(), "the wait");
            if (!r.fate().finished && (r.fate().due['t' - 'a'] & winshim::timer::kTime) != 0)
                r.expect(there, "the tick was given to the dead");
            check_timer_works(r);
        }});
    // One tick, whoever gets it; the next one is set up by whoever fires it.
    table.push_back({.name = "timer-fired-by-poll-periodic",
        .arrange = [](Referee& r) { r.timer(false); }, .ready = open,
        .queue = [](Referee& r) { r.set_timer(-kUnitsPerMs / 2, kHourMs); usleep(700); },
        .act = [](Victim& v) { WaitForSingleObject(v['t'], 0); },
        .judge = [](Referee& r) {
            r.expect_chance(!r.poll('t'), r.done(), "the wait");
            r.expect(r.time_is_pending(), "the next tick is lost");
            check_timer_works(r);
        }});
    table.push_back({.name = "timer-fired-by-duplicate-manual",
        .arrange = [](Referee& r) { r.timer(true); }, .ready = open,
        .queue = due_then,
        .act = [](Victim& v) {
            HANDLE other = nullptr;
            DuplicateHandle(GetCurrentProcess(), v['t'], GetCurrentProcess(), &other, 0, FALSE, DUPLICATE_SAME_ACCESS);
            CloseHandle(other);
        },
        .judge = [](Referee& r) {
            r.touch('t');  // a signal that is there is seen without the guard
            r.expect(r.poll('t') && r.poll('t') && !r.time_is_pending(), "the tick is lost, or comes again");
            r.set_timer(-kHour);
            r.expect(!r.poll('t'), "the timer does not work any more");
        }});
    // The victim sleeps until the due time and fires it itself; or is dead by then, and somebody else does.
    table.push_back({.name = "timer-wait-until-due", .arrange = [](Referee& r) { r.timer(false); }, .ready = open,
        .queue = [](Referee& r) { r.set_timer(-8 * kUnitsPerMs); },
        .act = [](Victim& v) { WaitForSingleObject(v['t'], INFINITE); },
        .judge = [](Referee& r) {
            const bool pending = (r.fate().due['t' - 'a'] & winshim::timer::kTime) != 0;
            if (!r.fate().finished && pending) r.expect(r.wait('t') == WAIT_OBJECT_0, "a dead waiter kept the tick");
            else r.expect_chance(!r.poll('t'), r.done(), "the wait");
            check_timer_works(r);
        }, .most_kills = 200});
    table.push_back({.name = "timer-wait-all-until-due",
        .arrange = [](Referee& r) { r.timer(false); r.event('a', false, true); r.mutex('m'); },
        .ready = [](Victim& v) { v.open("tam"); }, .queue = due_then,
        .act = [](Victim& v) {
            const HANDLE all[] = {v['m'], v['t'], v['a']};
            WaitForMultipleObjects(3, all, TRUE, INFINITE);
        },
        .judge = [](Referee& r) {
            const bool event = !r.poll('a'), timer = !r.poll('t'), mutex = r.wait('m') == WAIT_ABANDONED;
            if (event != timer || timer != mutex)
                r.fail("a wait-all took a part: event %d, timer %d, mutex %d", event, timer, mutex);
            r.expect_chance(event, r.done(), "the wait-all");
            r.exclusive_then_release('m');
            r.check_mutex('m', Chance::never);
            check_timer_works(r);
        }});
    // A timer with a routine ends with the thread that set it: it fires while that lives, or not at all.
    const auto routine = [](LPVOID, DWORD, DWORD) {};
    table.push_back({.name = "timer-with-routine", .arrange = [](Referee& r) { r.timer(true); }, .ready = open,
        .act = [=](Victim& v) {
            LARGE_INTEGER at;
            at.QuadPart = -kUnitsPerMs / 2;
            SetWaitableTimerEx(v['t'], &at, 0, routine, nullptr, nullptr, 0);
            SleepEx(1000, TRUE);
        },
        .judge = [](Referee& r) {
            usleep(700);
            r.expect(r.poll('t') == r.fate().signaled['t' - 'a'], "a dead thread's timer fired, or the signal is lost");
            r.touch('t');
            r.expect(!r.time_is_pending(), "the timer of a dead thread is still set");
            r.set_timer(0);
            r.expect(r.poll('t'), "the timer does not work any more");
        }});
    table.push_back({.name = "timer-with-routine-far-thread-ends",
        .arrange = [](Referee& r) { r.timer(false); }, .ready = open,
        .act = [=](Victim& v) {
            LARGE_INTEGER at;
            at.QuadPart = -kHour;
            SetWaitableTimer(v['t'], &at, kHourMs, routine, nullptr, FALSE);
        },
        .judge = [](Referee& r) {
            r.expect(r.time_is_pending() == false || !r.fate().finished,
                     "the end of its thread did not cancel the timer");
            check_timer_works(r);
        }, .thread = true, .most_kills = 250});
}

inline void add_timer_operations(std::vector<Operation>& table) {
    add_setting_operations(table);
    add_firing_operations(table);
}

}  // namespace killstep
