// operations_many.h - semaphores, waits for several objects, SignalObjectAndWait.
#pragma once

#include "tests/torture/killstep/operation.h"

namespace killstep {

// `queued` waiters, and a release of `amount` >= queued units: everything happened or nothing.
inline void judge_units(Referee& r, unsigned queued, LONG amount, Chance sent) {
    r.touch('s');
    const unsigned served = r.released();
    if (served != 0 && served != queued)
        r.fail("a release of %d units served %u of %u waiters", amount, served, queued);
    const LONG wanted = served == 0 ? 0 : amount - static_cast<LONG>(queued);
    LONG before = -1;
    if (queued != 0) r.expect_chance(served != 0, sent, "the release of the waiters");
    for (unsigned i = served; i < queued; ++i) {
        r.expect(ReleaseSemaphore(r['s'], 1, &before) && before == 0, "the count is not 0 though waiters are queued");
        r.expect(r.released() == i + 1, "ReleaseSemaphore did not release exactly the next waiter");
    }
    for (unsigned i = 0; i < queued; ++i) r.expect_result(i, WAIT_OBJECT_0);
    LONG count = 0;
    while (count < 20 && r.poll('s')) ++count;
    if (count != wanted) r.fail("%d units are left instead of %d", count, wanted);
    r.expect(ReleaseSemaphore(r['s'], 10, &before) && before == 0, "the maximum does not hold any more");
    r.expect(!ReleaseSemaphore(r['s'], 1, &before) && GetLastError() == ERROR_TOO_MANY_POSTS, "more than the maximum");
}

// Event a, semaphore s (2 units) and mutex m: all were taken by the dead, or none. `order`: in which they are looked
// at.
inline void judge_all_or_nothing(Referee& r, Chance taken) {
    static const char* const kOrders[] = {"asm", "sma", "mas"};
    int event = -1, units = -1, mutex = -1;
    for (const char* id = kOrders[r.page().trial % 3]; *id != 0; ++id) {
        if (*id == 'a') event = !r.poll('a');
        if (*id == 's') {
            LONG before = -1;
            r.expect(ReleaseSemaphore(r['s'], 1, &before), "ReleaseSemaphore failed");
            units = before == 2 ? 0 : before == 1 ? 1 : 9;
        }
        if (*id == 'm') mutex = r.wait('m') == WAIT_ABANDONED;
    }
    if (event != units || units != mutex)
        r.fail("a wait-all took a part: event %d, semaphore %d, mutex %d", event, units, mutex);
    r.expect_chance(event == 1, taken, "the wait-all");
    r.exclusive_then_release('m');
    r.check_mutex('m', Chance::never);
}

inline void add_many_operations(std::vector<Operation>& table) {
    const auto three_events = [](Referee& r) {
        r.event('a', false, false);
        r.event('b', false, false);
        r.event('c', false, false);
    };
    const auto wait_three = [](Victim& v, bool all, DWORD timeout_ms) {
        const HANDLE handles[3] = {v[all ? 'm' : 'a'], v[all ? 's' : 'b'], v[all ? 'a' : 'c']};
        WaitForMultipleObjects(3, handles, all, timeout_ms);
    };
    const auto mixed = [](Referee& r, bool owned) {
        r.event('a', false, true);
        r.semaphore(2, 10);
        r.mutex('m', owned);
    };
    const auto open_mixed = [](Victim& v) { v.open("ams"); };

    table.push_back({.name = "semaphore-take-release", .arrange = [](Referee& r) { r.semaphore(2, 10); },
        .ready = [](Victim& v) { v.open("s"); },
        .act = [](Victim& v) { WaitForSingleObject(v['s'], 0); ReleaseSemaphore(v['s'], 1, nullptr); },
        .judge = [](Referee& r) {
            LONG count = 0;
            while (count < 20 && r.poll('s')) ++count;
            if (count != 2 && (count != 1 || r.fate().finished)) r.fail("%d of 2 units are left", count);
        }});
    table.push_back({.name = "semaphore-release-2-queued", .arrange = [](Referee& r) { r.semaphore(0, 10); },
        .ready = [](Victim& v) { v.open("s"); },
        .queue = [](Referee& r) { r.queue(0, Form::any, "s"); r.queue(1, Form::any, "s"); },
        .act = [](Victim& v) { ReleaseSemaphore(v['s'], 3, nullptr); },
        .judge = [](Referee& r) { judge_units(r, 2, 3, r.sent('s')); }});
    table.push_back({.name = "any-3-third-set",
        .arrange = [](Referee& r) {
            r.event('a', false, false);
            r.event('b', false, false);
            r.event('c', false, true);
        },
        .ready = [](Victim& v) { v.open("abc"); }, .act = [=](Victim& v) { wait_three(v, false, INFINITE); },
        .judge = [](Referee& r) {
            r.expect_chance(!r.poll('c'), r.done(), "the wait");
            for (const char id : {'a', 'b', 'c'}) {
                r.expect(!r.poll(id), "a signal from nowhere");
                r.set(id);
                r.expect(r.poll(id), "a signal was given to the dead");
            }
        }});
    table.push_back({.name = "any-3-timeout", .arrange = three_events, .ready = [](Victim& v) { v.open("abc"); },
        .queue = [](Referee& r) { r.queue(0, Form::any, "b"); },
        .act = [=](Victim& v) { wait_three(v, false, 1); },
        .judge = [](Referee& r) {
            r.expect(r.blocked(0), "a signal from nowhere");
            for (const char id : {'a', 'b', 'c'}) r.set(id);
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(r.poll('a') && !r.poll('b') && r.poll('c'), "a signal was given to the dead");
        }});
    table.push_back({.name = "any-3-granted-while-parked", .arrange = three_events,
        .ready = [](Victim& v) { v.open("abc"); },
        .act = [=](Victim& v) { wait_three(v, false, INFINITE); },
        .judge = [](Referee& r) {
            if (!r.fate().helped) r.queue(0, Form::any, "b");
            r.expect(r.blocked(0), "the signal was given twice");
            for (const char id : {'a', 'b', 'c'}) r.set(id);
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(r.poll('a') && !r.poll('b') && r.poll('c'), "a signal was given to the dead");
        },
        .help = [](Referee& r) { r.queue(0, Form::any, "b"); r.set('b'); }});
    table.push_back({.name = "all-3-complete", .arrange = [=](Referee& r) { mixed(r, false); }, .ready = open_mixed,
        .act = [=](Victim& v) { wait_three(v, true, INFINITE); },
        .judge = [](Referee& r) { judge_all_or_nothing(r, r.done()); }});
    table.push_back({.name = "all-3-timeout", .arrange = [=](Referee& r) { mixed(r, true); }, .ready = open_mixed,
        .act = [=](Victim& v) { wait_three(v, true, 1); },
        .judge = [](Referee& r) {
            r.release('m');
            judge_all_or_nothing(r, Chance::never);
        }});
    table.push_back({.name = "all-3-granted-while-parked", .arrange = [=](Referee& r) { mixed(r, true); },
        .ready = open_mixed,
        .act = [=](Victim& v) { wait_three(v, true, INFINITE); },
        .judge = [](Referee& r) {
            if (!r.fate().helped) r.release('m');
            judge_all_or_nothing(r, r.fate().helped ? Chance::must : Chance::never);
        },
        .help = [](Referee& r) { r.release('m'); }});
    table.push_back({.name = "signal-and-wait-timeout", .arrange = three_events,
        .ready = [](Victim& v) { v.open("ab"); },
        .queue = [](Referee& r) { r.queue(0, Form::any, "a"); },
        .act = [](Victim& v) { SignalObjectAndWait(v['a'], v['b'], 1, FALSE); },
        .judge = [](Referee& r) {
            const Chance sent = r.sent('a');
            r.touch('a');
            r.expect_chance(r.released() == 1, sent, "the signal");
            if (r.released() == 0) r.set('a');
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(!r.poll('a'), "the signal was given twice");
            r.expect(!r.poll('b'), "a signal from nowhere");
            r.set('b');
            r.expect(r.poll('b'), "a signal was given to the dead");
        }});
    table.push_back({.name = "signal-and-wait-at-once",
        .arrange = [](Referee& r) { r.event('a', false, false); r.event('b', false, true); },
        .ready = [](Victim& v) { v.open("ab"); },
        .act = [](Victim& v) { SignalObjectAndWait(v['a'], v['b'], 0, FALSE); },
        .judge = [](Referee& r) {
            r.touch('a');
            r.touch('b');
            const bool signaled = r.poll('a'), taken = !r.poll('b');
            r.expect_chance(signaled, r.done(), "the signal");
            r.expect_chance(taken, r.done(), "the wait");
            r.expect(taken || !signaled, "signaled without having been the first at the other object");
        }});
    table.push_back({.name = "signal-and-wait-mutex",
        .arrange = [](Referee& r) { r.mutex('m'); r.event('b', false, false); },
        .ready = [](Victim& v) {
            v.open("mb");
            v.must(WaitForSingleObject(v['m'], 0) == WAIT_OBJECT_0);
        },
        .queue = [](Referee& r) { r.queue(0, Form::any, "m"); },
        .act = [](Victim& v) { SignalObjectAndWait(v['m'], v['b'], 1, FALSE); },
        .judge = [](Referee& r) {
            const DWORD got = r.result(0);
            r.expect(got == WAIT_OBJECT_0 || got == WAIT_ABANDONED, "the waiter did not get the mutex");
            r.expect_chance(got == WAIT_ABANDONED, r.owner_died('m'), "WAIT_ABANDONED");
            r.expect(r.call_waiter(0, Form::release) == WAIT_OBJECT_0, "the waiter is not the owner");
            r.check_mutex('m', Chance::never);
            r.set('b');
            r.expect(r.poll('b') && !r.poll('b'), "a signal was given to the dead");
        }});
}

}  // namespace killstep
