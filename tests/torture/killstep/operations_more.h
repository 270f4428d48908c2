// operations_more.h - the rest of the contended paths: wait-alls with mutexes, semaphores and pulses with several
// queued, SignalObjectAndWait on them, exec, the last thread of a process, names that have just gone.
#pragma once

#include <unistd.h>

#include "tests/torture/killstep/operations_event.h"
#include "tests/torture/killstep/operations_mutex.h"

namespace killstep {

// Both or none were the dead victim's: then both are abandoned, each once.
inline void judge_pair(Referee& r, Chance taken) {
    const bool first = r.wait('m') == WAIT_ABANDONED, second = r.wait('n') == WAIT_ABANDONED;
    if (first != second) r.fail("a wait-all took a part: first mutex %d, second %d", first, second);
    r.expect_chance(first, taken, "the wait-all");
    for (const char id : {'m', 'n'}) {
        r.exclusive_then_release(id);
        r.check_mutex(id, Chance::never);
    }
}

inline void add_pair_operations(std::vector<Operation>& table) {
    const auto pair = [](Referee& r) { r.mutex('m'); r.mutex('n'); };
    const auto open_pair = [](Victim& v) { v.open("mn"); };
    const auto own_pair = [](Victim& v) {
        v.open("mn");
        v.must(WaitForSingleObject(v['m'], 0) == WAIT_OBJECT_0 && WaitForSingleObject(v['n'], 0) == WAIT_OBJECT_0);
    };
    const auto wait_pair = [](Victim& v) {
        const HANDLE both[] = {v['m'], v['n']};
        return WaitForMultipleObjects(2, both, TRUE, INFINITE);
    };
    table.push_back({.name = "all-2-mutexes", .arrange = pair, .ready = open_pair,
        .act = [=](Victim& v) { wait_pair(v); },
        .judge = [](Referee& r) { judge_pair(r, r.done()); }});
    // m was abandoned by another. The victim is told, if it gets so far; then it releases m only.
    table.push_back({.name = "all-2-mutexes-one-abandoned", .arrange = pair, .ready = open_pair,
        .act = [=](Victim& v) { v.page.told.store(wait_pair(v)); ReleaseMutex(v['m']); },
        .judge = [](Referee& r) {
            const bool released = r.page().told.load() == WAIT_ABANDONED && r.owner_died('m') == Chance::never;
            r.expect_chance(r.page().told.load() == WAIT_ABANDONED, r.done(), "the victim's WAIT_ABANDONED");
            r.check_mutex('m', released ? Chance::never : Chance::must);
            r.check_mutex('n', r.page().told.load() != kNothingTold ? Chance::must : Chance::maybe);
        },
        .corpse = [](Victim& v) { v.open("m"); v.must(WaitForSingleObject(v['m'], 0) == WAIT_OBJECT_0); },
        .corpse_last = true});
    table.push_back({.name = "release-completes-all-2-mutexes", .arrange = pair, .ready = own_pair,
        .queue = [](Referee& r) { r.queue(0, Form::all, "mn"); },
        .act = [](Victim& v) { ReleaseMutex(v['m']); ReleaseMutex(v['n']); },
        .judge = [](Referee& r) {
            const DWORD got = r.result(0);
            const bool died = r.owner_died('m') == Chance::must || r.owner_died('n') == Chance::must;
            r.expect(got == (died ? WAIT_ABANDONED : WAIT_OBJECT_0),
                     "the wait-all did not end, or not with the due report");
            r.expect(!r.poll('m') && !r.poll('n'), "two owners");
            r.expect(r.call_waiter(0, Form::release_all) == WAIT_OBJECT_0,
                     "the wait-all has not made its waiter the owner");
            r.check_mutex('m', Chance::never);
            r.check_mutex('n', Chance::never);
        }});
    table.push_back({.name = "all-2-mutexes-granted-while-parked",
        .arrange = [](Referee& r) { r.mutex('m', true); r.mutex('n', true); }, .ready = open_pair,
        .act = [=](Victim& v) { wait_pair(v); },
        .judge = [](Referee& r) {
            if (!r.fate().helped) { r.release('n'); r.release('m'); }
            judge_pair(r, r.fate().helped ? Chance::must : Chance::never);
        },
        .help = [](Referee& r) { r.release('n'); r.release('m'); }});
}

inline void add_unit_operations(std::vector<Operation>& table) {
    const auto count_is = [](Referee& r, LONG wanted) {
        LONG before = -1;
        r.expect(ReleaseSemaphore(r['s'], 1, &before), "ReleaseSemaphore failed");
        if (before != wanted) r.fail("%d units are left instead of %d", before, wanted);
    };
    const auto open_s = [](Victim& v) { v.open("s"); };
    table.push_back({.name = "semaphore-release-too-many", .arrange = [](Referee& r) { r.semaphore(9, 10); },
        .ready = open_s,
        .act = [](Victim& v) { LONG before; ReleaseSemaphore(v['s'], 2, &before); },
        .judge = [=](Referee& r) { count_is(r, 9); }});
    table.push_back({.name = "semaphore-granted-while-parked", .arrange = [](Referee& r) { r.semaphore(0, 10); },
        .ready = open_s,
        .act = [](Victim& v) { WaitForSingleObject(v['s'], INFINITE); },
        .judge = [=](Referee& r) {
            if (!r.fate().helped) r.expect(ReleaseSemaphore(r['s'], 2, nullptr), "ReleaseSemaphore failed");
            count_is(r, r.fate().helped ? 1 : 2);  // a unit that the living victim was given is gone with it
        },
        .help = [](Referee& r) { r.expect(ReleaseSemaphore(r['s'], 2, nullptr), "ReleaseSemaphore failed"); }});
    // One of three units completes a wait-all, one goes to the waiter behind it.
    table.push_back({.name = "semaphore-release-all-queued",
        .arrange = [](Referee& r) { r.semaphore(0, 10); r.event('a', false, true); }, .ready = open_s,
        .queue = [](Referee& r) { r.queue(0, Form::all, "sa"); r.queue(1, Form::any, "s"); },
        .act = [](Victim& v) { ReleaseSemaphore(v['s'], 3, nullptr); },
        .judge = [=](Referee& r) {
            const Chance sent = r.sent('s');
            r.touch('a');
            r.touch('s');
            const unsigned served = r.released();
            if (served == 1) r.fail("one of two waiters was served");
            r.expect_chance(served == 2, sent, "the release");
            if (served == 0)
                r.expect(ReleaseSemaphore(r['s'], 3, nullptr) && r.released() == 2, "the waiters are not served");
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect_result(1, WAIT_OBJECT_0);
            r.expect(!r.poll('a'), "the wait-all took a part");
            count_is(r, 1);
        }});
    table.push_back({.name = "signal-and-wait-semaphore",
        .arrange = [](Referee& r) { r.semaphore(0, 10); r.event('b', false, false); },
        .ready = [](Victim& v) { v.open("sb"); }, .queue = [](Referee& r) { r.queue(0, Form::any, "s"); },
        .act = [](Victim& v) { SignalObjectAndWait(v['s'], v['b'], 1, FALSE); },
        .judge = [=](Referee& r) {
            const Chance sent = r.sent('s');
            r.touch('s');
            r.expect_chance(!r.blocked(0), sent, "the unit");
            if (r.blocked(0)) r.expect(ReleaseSemaphore(r['s'], 1, nullptr), "ReleaseSemaphore failed");
            r.expect_result(0, WAIT_OBJECT_0);
            count_is(r, 0);
            r.set('b');
            r.expect(r.poll('b') && !r.poll('b'), "a signal was given to the dead");
        }});
    table.push_back({.name = "signal-and-wait-granted",
        .arrange = [](Referee& r) { r.event('a', true, false); r.event('b', false, false); },
        .ready = [](Victim& v) { v.open("ab"); }, .queue = [](Referee& r) { r.queue(0, Form::any, "a"); },
        .act = [](Victim& v) { SignalObjectAndWait(v['a'], v['b'], INFINITE, FALSE); },
        .judge = [](Referee& r) {
            const Chance sent = r.sent('a');
            r.touch('a');
            r.expect_chance(!r.blocked(0), r.fate().helped ? Chance::must : sent, "the signal");
            if (r.blocked(0)) r.set('a');
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(r.poll('a'), "the manual-reset event is not set");
            r.set('b');
            r.expect(r.poll('b') && !r.poll('b'), "a signal was given to the dead");
        },
        .help = [](Referee& r) { r.set('b'); }});
    // A wait-all on both objects: the signal completes it, and takes what the victim would wait for.
    table.push_back({.name = "signal-and-wait-all-queued",
        .arrange = [](Referee& r) { r.event('a', false, false); r.event('b', false, true); },
        .ready = [](Victim& v) { v.open("ab"); }, .queue = [](Referee& r) { r.queue(0, Form::all, "ab"); },
        .act = [](Victim& v) { SignalObjectAndWait(v['a'], v['b'], 0, FALSE); },
        .judge = [](Referee& r) {
            r.touch('b');
            r.touch('a');
            r.expect(r.blocked(0), "the wait-all took what the caller was first at, or half of it");
            const bool signaled = r.poll('a'), taken = !r.poll('b');
            r.expect_chance(signaled, r.done(), "the signal");
            r.expect_chance(taken, r.done(), "the wait");
            r.expect(taken || !signaled, "signaled without having been the first at the other object");
            r.set('b');
            r.set('a');
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(!r.poll('a') && !r.poll('b'), "a signal was left over");
        }});
}

inline void add_pulse_operations(std::vector<Operation>& table) {
    const auto open_a = [](Victim& v) { v.open("a"); };
    const auto pulse = [](Victim& v) { PulseEvent(v['a']); };
    const auto queue_both = [](Referee& r) { r.queue(0, Form::all, "ab"); r.queue(1, Form::any, "a"); };
    table.push_back({.name = "pulse-manual-all-complete",
        .arrange = [](Referee& r) { r.event('a', true, false); r.event('b', false, true); }, .ready = open_a,
        .queue = queue_both, .act = pulse,
        .judge = [](Referee& r) {
            const Chance sent = r.sent('a');
            r.touch('b');
            r.touch('a');
            const unsigned served = r.released();
            if (served == 1) r.fail("the pulse released one of two waiters");
            r.expect_chance(served == 2, sent, "the pulse");
            r.expect(!r.poll('a'), "the pulsed event is still set");
            r.expect(r.poll('b') == (served == 0), "the wait-all took a part");
            if (served == 0) r.set('b'), r.set('a');
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect_result(1, WAIT_OBJECT_0);
        }});
    table.push_back({.name = "pulse-auto-all-incomplete",
        .arrange = [](Referee& r) { r.event('a', false, false); r.event('b', false, false); }, .ready = open_a,
        .queue = queue_both, .act = pulse,
        .judge = [](Referee& r) {
            const Chance sent = r.sent('a');
            r.touch('a');
            r.expect(r.blocked(0), "the incomplete wait-all was released");
            r.expect_chance(!r.blocked(1), sent, "the pulse");
            if (r.blocked(1)) r.set('a');
            r.expect_result(1, WAIT_OBJECT_0);
            r.expect(!r.poll('a'), "the pulse is left over");
            r.set('b');
            r.expect(r.blocked(0), "the wait-all was released by half of what it waits for");
            r.set('a');
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(!r.poll('a') && !r.poll('b'), "a signal was left over");
        }});
}

inline void add_more_operations(std::vector<Operation>& table) {
    add_pair_operations(table);
    add_unit_operations(table);
    add_pulse_operations(table);
    const auto abandoned_to_waiter = [](Referee& r) {
        r.expect_result(0, WAIT_ABANDONED);
        r.expect(!r.poll('m'), "two owners");
        r.expect(r.call_waiter(0, Form::release) == WAIT_OBJECT_0, "the waiter is not the owner");
        r.check_mutex('m', Chance::never);
    };
    const auto own = [](Victim& v) {
        v.open("m");
        v.must(WaitForSingleObject(v['m'], 0) == WAIT_OBJECT_0);
    };
    const auto one_queued = [](Referee& r) { r.queue(0, Form::any, "m"); };
    table.push_back({.name = "exec-owning", .arrange = [](Referee& r) { r.mutex('m'); }, .ready = own,
        .queue = one_queued,
        .act = [](Victim&) { execl("/proc/self/exe", "killstep", nullptr); }, .judge = abandoned_to_waiter,
        .execs = true});
    // The only attached thread of a process whose first thread lives on: the housekeeper takes its place.
    table.push_back({.name = "thread-end-last", .arrange = [](Referee& r) { r.mutex('m'); }, .ready = own,
        .queue = one_queued,
        .act = [](Victim&) {}, .judge = abandoned_to_waiter, .cold = true, .thread = true});
    const auto x_has_gone = [](Victim& v) { CloseHandle(CreateMutexA(nullptr, FALSE, v.name('x').text)); };
    const auto x_is_free = [](Referee& r) { r.check_name('x', false); };
    table.push_back({.name = "create-over-gone-name", .ready = x_has_gone,
        .act = [](Victim& v) { CreateEventA(nullptr, TRUE, TRUE, v.name('x').text); }, .judge = x_is_free});
    table.push_back({.name = "open-gone-name", .ready = x_has_gone,
        .act = [](Victim& v) { OpenMutexA(SYNCHRONIZE, FALSE, v.name('x').text); }, .judge = x_is_free});
}

}  // namespace killstep
