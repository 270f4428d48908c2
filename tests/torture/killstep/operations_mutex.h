// operations_mutex.h - taking and releasing mutexes, alone and with others queued.
#pragma once

#include "tests/torture/killstep/operation.h"

namespace killstep {

// Two waiters are queued (in this order) on what the dead victim owned or owns: they get it one after the other.
inline void judge_handover(Referee& r, Chance abandoned) {
    const DWORD first = r.result(0);
    if (first != WAIT_OBJECT_0 && first != WAIT_ABANDONED) r.fail("the first waiter got %#x", first);
    r.expect_chance(first == WAIT_ABANDONED, abandoned, "the report WAIT_ABANDONED to the first waiter");
    r.expect(!r.poll('m'), "two owners: the referee got in beside the first waiter");
    r.expect(r.blocked(1), "two owners: the second waiter was let in beside the first");
    r.expect(r.call_waiter(0, Form::release) == WAIT_OBJECT_0, "the first waiter is not the owner");
    r.expect_result(1, WAIT_OBJECT_0);
    r.expect(!r.poll('m'), "two owners: the referee got in beside the second waiter");
    r.expect(r.call_waiter(1, Form::release) == WAIT_OBJECT_0, "the second waiter is not the owner");
    r.check_mutex('m', Chance::never);
}

inline void add_mutex_operations(std::vector<Operation>& table) {
    const auto one_mutex = [](Referee& r) { r.mutex('m'); };
    const auto owned_by_referee = [](Referee& r) { r.mutex('m', true); };
    const auto open = [](Victim& v) { v.open("m"); };
    const auto own = [](Victim& v) {
        v.open("m");
        v.must(WaitForSingleObject(v['m'], 0) == WAIT_OBJECT_0);
    };
    const auto own_twice = [](Victim& v) {
        v.open("m");
        v.must(WaitForSingleObject(v['m'], 0) == WAIT_OBJECT_0 && WaitForSingleObject(v['m'], 0) == WAIT_OBJECT_0);
    };
    const auto two_queued = [](Referee& r) {
        r.queue(0, Form::any, "m");
        r.queue(1, Form::any, "m");
    };
    const auto take_tell_release = [](Victim& v) {
        v.page.told.store(WaitForSingleObject(v['m'], INFINITE));
        ReleaseMutex(v['m']);
    };

    table.push_back({.name = "mutex-take-release", .arrange = one_mutex, .ready = open,
        .act = [](Victim& v) { WaitForSingleObject(v['m'], INFINITE); ReleaseMutex(v['m']); },
        .judge = [](Referee& r) { r.check_mutex('m', r.owner_died('m')); }});
    table.push_back({.name = "mutex-take", .arrange = one_mutex, .ready = open,
        .act = [](Victim& v) { WaitForSingleObject(v['m'], INFINITE); },
        .judge = [](Referee& r) { r.check_mutex('m', r.owner_died('m')); }});
    // Two owners die: the first one's report goes to the victim, and with it to the grave, unless the victim lived to
    // release what it was told to be abandoned: then there is nothing more to tell.
    const auto told_or_due = [](Referee& r) {
        const bool told = r.page().told.load() == WAIT_ABANDONED;
        r.expect_chance(told, r.done(), "the victim's WAIT_ABANDONED");
        r.check_mutex('m', told && r.owner_died('m') == Chance::never ? Chance::never : Chance::must);
    };
    table.push_back({.name = "mutex-take-abandoned", .arrange = one_mutex, .ready = open, .act = take_tell_release,
        .judge = told_or_due, .corpse = own});
    // The victim is the one who finds the owner dead.
    table.push_back({.name = "mutex-take-from-the-dead", .arrange = one_mutex, .ready = open, .act = take_tell_release,
        .judge = told_or_due, .corpse = own, .corpse_last = true});
    table.push_back({.name = "mutex-recursion", .arrange = one_mutex, .ready = own, .queue = two_queued,
        .act = [](Victim& v) { WaitForSingleObject(v['m'], INFINITE); ReleaseMutex(v['m']); },
        .judge = [](Referee& r) { judge_handover(r, Chance::must); }});
    table.push_back({.name = "mutex-release-2-queued", .arrange = one_mutex, .ready = own, .queue = two_queued,
        .act = [](Victim& v) { ReleaseMutex(v['m']); },
        .judge = [](Referee& r) { judge_handover(r, r.owner_died('m')); }});
    table.push_back({.name = "mutex-release-recursive", .arrange = one_mutex, .ready = own_twice, .queue = two_queued,
        .act = [](Victim& v) { ReleaseMutex(v['m']); ReleaseMutex(v['m']); },
        .judge = [](Referee& r) { judge_handover(r, r.owner_died('m')); }});
    table.push_back({.name = "mutex-release-all-queued",
        .arrange = [](Referee& r) { r.mutex('m'); r.event('a', false, true); }, .ready = own,
        .queue = [](Referee& r) { r.queue(0, Form::all, "ma"); r.queue(1, Form::any, "m"); },
        .act = [](Victim& v) { ReleaseMutex(v['m']); },
        .judge = [](Referee& r) {
            judge_handover(r, r.owner_died('m'));
            r.expect(!r.poll('a'), "the wait-all took the mutex and not the event");
        }});
    table.push_back({.name = "mutex-wait-timeout", .arrange = owned_by_referee, .ready = open,
        .queue = [](Referee& r) { r.queue(0, Form::any, "m"); },
        .act = [](Victim& v) { WaitForSingleObject(v['m'], 1); },
        .judge = [](Referee& r) {
            r.expect(r.call_waiter(2, Form::poll, "m") == WAIT_TIMEOUT, "the referee's mutex was given away");
            r.release('m');
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(r.call_waiter(0, Form::release) == WAIT_OBJECT_0, "the waiter is not the owner");
            r.check_mutex('m', Chance::never);
        }});
    // The victim is first in the queue, a waiter behind it; then the mutex is released to the victim.
    table.push_back({.name = "mutex-granted-while-parked", .arrange = owned_by_referee, .ready = open,
        .act = [](Victim& v) { WaitForSingleObject(v['m'], INFINITE); ReleaseMutex(v['m']); },
        .judge = [](Referee& r) {
            if (!r.fate().helped) {
                r.queue(0, Form::any, "m");
                r.release('m');
            }
            const DWORD got = r.result(0);
            r.expect(got == WAIT_OBJECT_0 || got == WAIT_ABANDONED,
                     "the waiter behind the dead one did not get the mutex");
            r.expect_chance(got == WAIT_ABANDONED, r.owner_died('m'), "the report WAIT_ABANDONED");
            r.expect(r.call_waiter(0, Form::release) == WAIT_OBJECT_0, "the waiter is not the owner");
            r.check_mutex('m', Chance::never);
        },
        .help = [](Referee& r) { r.queue(0, Form::any, "m"); r.release('m'); }});
}

}  // namespace killstep
