// operations_meet.h - what others do while the victim stands in the middle of its call: signals that meet it, waiters
// that wake, a waiter that dies, a rival that stands with a lock which the victim needs.
//
// Purpose     The races of a death with the living: a fast-path signal between two steps of a grant, a waiter that
//             looks and leaves before its grant is finished, a rundown that passes a mutex just before the dead one is
//             made its owner, contention for a guard, ALL, NAMES, REAP with a death on either side of the queue.
#pragma once

#include <unistd.h>

#include "tests/torture/killstep/operation.h"

namespace killstep {

// Auto-reset a: `happened` signals came to waiters 0 and 1, in this order.
inline void judge_two_signals(Referee& r, unsigned at_least, unsigned at_most) {
    r.touch('a');
    const unsigned served = r.released();
    if (served < at_least || served > at_most)
        r.fail("%u waiters were released instead of %u to %u", served, at_least, at_most);
    for (unsigned i = served; i < 2; ++i) {
        r.set('a');
        r.expect(r.released() == i + 1, "SetEvent did not release exactly the next waiter");
    }
    for (unsigned i = 0; i < 2; ++i) r.expect_result(i, WAIT_OBJECT_0);
    r.expect(!r.poll('a'), "a signal was left over");
}

inline void add_meeting_operations(std::vector<Operation>& table) {
    const auto automatic = [](Referee& r) { r.event('a', false, false); };
    const auto open_a = [](Victim& v) { v.open("a"); };
    const auto set_a = [](Victim& v) { SetEvent(v['a']); };
    const auto two_queued = [](Referee& r) { r.queue(0, Form::any, "a"); r.queue(1, Form::any, "a"); };
    const auto own = [](Victim& v) {
        v.open("m");
        v.must(WaitForSingleObject(v['m'], 0) == WAIT_OBJECT_0);
    };

    // A second SetEvent comes at every instruction of the first one: both signals count.
    table.push_back({.name = "set-meets-set", .arrange = automatic, .ready = open_a,
        .queue = [=](Referee& r) { two_queued(r); r.call_waiter(2, Form::open, "a"); }, .act = set_a,
        .judge = [](Referee& r) {
            const unsigned sent = 1 + (r.sent('a') == Chance::must);
            r.expect_result(2, WAIT_OBJECT_0);
            judge_two_signals(r, sent, sent);
        },
        .meanwhile = [](Referee& r) { r.begin_waiter(2, Form::set_opened); }});
    // The waiter wakes by itself at every instruction of the grant: it must not get away with an unfinished one.
    table.push_back({.name = "set-meets-waking-waiter", .arrange = automatic, .ready = open_a,
        .queue = [](Referee& r) { r.queue(0, Form::any, "a"); }, .act = set_a,
        .judge = [](Referee& r) {
            const bool sent = r.sent('a') == Chance::must;
            r.touch('a');
            r.expect(!r.blocked(0) == sent, sent ? "the signal was lost" : "a signal from nowhere");
            if (!sent) r.set('a');
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(!r.poll('a'), "one signal for two waits");
        },
        .meanwhile = [](Referee& r) { r.nudge(0); }});
    table.push_back({.name = "release-meets-waking-waiter", .arrange = [](Referee& r) { r.mutex('m'); }, .ready = own,
        .queue = [](Referee& r) { r.queue(0, Form::any, "m"); }, .act = [](Victim& v) { ReleaseMutex(v['m']); },
        .judge = [](Referee& r) {
            const DWORD got = r.result(0);
            r.expect(got == WAIT_OBJECT_0 || got == WAIT_ABANDONED, "the waiter did not get the mutex");
            r.expect_chance(got == WAIT_ABANDONED, r.owner_died('m'), "the report WAIT_ABANDONED");
            r.expect(!r.poll('m'), "two owners");
            r.expect(r.call_waiter(0, Form::release) == WAIT_OBJECT_0, "the waiter is not the owner");
            r.check_mutex('m', Chance::never);
        },
        .meanwhile = [](Referee& r) { r.nudge(0); }});

    // The first in the queue is killed at every instruction of the release, and its slot taken by a newcomer.
    table.push_back({.name = "release-to-the-dying", .arrange = [](Referee& r) { r.mutex('m'); }, .ready = own,
        .queue = [](Referee& r) { r.queue(0, Form::any, "m"); }, .act = [](Victim& v) { ReleaseMutex(v['m']); },
        .judge = [](Referee& r) {
            const DWORD got = r.result(0);
            r.expect(got == WAIT_OBJECT_0 || got == WAIT_ABANDONED, "the waiter did not get the mutex");
            r.expect(!r.poll('m'), "two owners");
            r.expect(r.call_waiter(0, Form::release) == WAIT_OBJECT_0, "the waiter is not the owner");
            r.check_mutex('m', Chance::never);
        },
        .corpse = [](Victim& v) { v.open("m"); WaitForSingleObject(v['m'], INFINITE); }, .late_corpse = true,
        .goes_on = true});
    table.push_back({.name = "set-to-the-dying", .arrange = automatic, .ready = open_a,
        .queue = [](Referee& r) { r.queue(0, Form::any, "a"); }, .act = set_a,
        .judge = [](Referee& r) {
            r.touch('a');
            if (r.blocked(0)) r.set('a');  // the dying had been given the signal, or there was none
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(!r.poll('a'), "the signal was given twice");
        },
        .corpse = [](Victim& v) { v.open("a"); WaitForSingleObject(v['a'], INFINITE); }, .late_corpse = true,
        .goes_on = true});

    // A signal comes at every instruction of a wait; half of the waiters live on, and must not sleep beside it.
    // (Blocked before it stood: it has been helped by a signal of its own.)
    table.push_back({.name = "wait-meets-set", .arrange = automatic, .ready = open_a,
        .queue = [](Referee& r) { r.call_waiter(2, Form::open, "a"); },
        .act = [](Victim& v) { WaitForSingleObject(v['a'], INFINITE); },
        .judge = [](Referee& r) {
            r.expect_result(2, WAIT_OBJECT_0);
            const bool set = r.poll('a');
            if (r.fate().finished) r.expect(set == r.fate().helped, set ? "one signal too many" : "one signal too few");
            r.expect(!r.poll('a'), "the signal of an auto-reset event was there twice");
        },
        .help = [](Referee& r) { r.set('a'); }, .meanwhile = [](Referee& r) { r.begin_waiter(2, Form::set_opened); },
        .goes_on = true});

    // The victim's handle is closed under its call, and the object's slot is another event's at once: that one must not
    // become signaled, wherever the call went on.
    table.push_back({.name = "set-meets-reuse", .arrange = automatic,
        .ready = [=](Victim& v) {
            HANDLE process = nullptr;
            open_a(v);
            v.must(DuplicateHandle(GetCurrentProcess(), GetCurrentProcess(), v.page.process_handle, &process, 0, FALSE,
                                   DUPLICATE_SAME_ACCESS));
            const auto number = [](HANDLE h) {
                return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(h));
            };
            v.page.told.store(number(process) << 16 | number(v['a']));
        },
        .act = set_a,
        .judge = [](Referee& r) {
            r.expect(!r.poll('b'), "a stranger's event was set");
            r.set('b');
            r.expect(r.poll('b') && !r.poll('b'), "the event in the used slot does not work");
        },
        .meanwhile = [](Referee& r) {
            const auto handle = [](std::uint32_t number) { return reinterpret_cast<HANDLE>(std::uintptr_t{number}); };
            const std::uint32_t told = r.page().told.load();
            r.adopt('e', handle(told >> 16));
            r.expect(DuplicateHandle(r['e'], handle(told & 0xFFFF), nullptr, nullptr, 0, FALSE, DUPLICATE_CLOSE_SOURCE),
                     "the victim's handle cannot be closed");
            r.reuse_slot_of_a();
        },
        .of_referee = true, .goes_on = true});
    // An any-wait, then a wait-all want a; the other half of the wait-all comes when a's signal may stand in both: in
    // the word of the any-wait, and still in the object, which nobody has entered since the death.
    table.push_back({.name = "set-meets-set-of-all",
        .arrange = [](Referee& r) { r.event('a', false, false); r.event('b', false, false); }, .ready = open_a,
        .queue = [](Referee& r) { r.queue(0, Form::any, "a"); r.queue(1, Form::all, "ab"); }, .act = set_a,
        .judge = [](Referee& r) {
            const Chance sent = r.sent('a');
            r.set('b');
            r.touch('a');
            const bool any = !r.blocked(0), all = !r.blocked(1);
            r.expect(!any || !all, "one signal for two waits");
            r.expect_chance(any || all, sent, "the release of a waiter");
            for (unsigned served = any || all; served < 2; ++served) r.set('a');
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect_result(1, WAIT_OBJECT_0);
            r.expect(!r.poll('a') && !r.poll('b'), "a signal was left over");
        }});

    // Rivals.
    table.push_back({.name = "set-behind-set", .arrange = automatic, .ready = open_a, .queue = two_queued, .act = set_a,
        .judge = [](Referee& r) { judge_two_signals(r, r.fate().finished ? 2 : 1, 2); },
        .rival = [](Victim& v) { SetEvent(v['a']); }});
    table.push_back({.name = "wait-behind-set", .arrange = automatic, .ready = open_a,
        .queue = [](Referee& r) { r.queue(0, Form::any, "a"); },
        .act = [](Victim& v) { WaitForSingleObject(v['a'], 1); },
        .judge = [](Referee& r) {
            r.touch('a');
            r.expect(!r.blocked(0), "the rival's signal was lost");
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(!r.poll('a'), "the signal was given twice");
        },
        .rival = [](Victim& v) { SetEvent(v['a']); }});
    table.push_back({.name = "set-behind-wait-all",
        .arrange = [](Referee& r) { r.event('b', false, false); r.event('c', false, true); },
        .ready = [](Victim& v) { v.open("b"); }, .queue = [](Referee& r) { r.queue(0, Form::all, "bc"); },
        .act = [](Victim& v) { SetEvent(v['b']); },
        .judge = [](Referee& r) {
            r.touch('b');
            r.expect_chance(!r.blocked(0), r.done(), "the release of the wait-all");
            if (r.blocked(0)) r.set('b');
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(!r.poll('b') && !r.poll('c'), "a signal was left over");
        },
        .rival = [](Victim& v) {
            const HANDLE both[] = {v['c'], v['b']};
            WaitForMultipleObjects(2, both, TRUE, 1);
        }});
    table.push_back({.name = "create-behind-create", .arrange = automatic,
        .act = [](Victim& v) { CreateEventA(nullptr, FALSE, FALSE, v.name('x').text); },
        .judge = [](Referee& r) { r.check_name('x', false); r.check_name('a', true); },
        .rival = [](Victim& v) { CreateEventA(nullptr, FALSE, FALSE, v.name('x').text); }});
    table.push_back({.name = "close-behind-open", .arrange = automatic, .ready = open_a,
        .act = [](Victim& v) { CloseHandle(v['a']); },
        .judge = [](Referee& r) { r.check_name('a', true); r.close('a'); r.check_name('a', false); },
        .rival = [](Victim& v) { OpenEventA(EVENT_ALL_ACCESS, FALSE, v.name('a').text); }});
    table.push_back({.name = "attach-behind-fork", .arrange = automatic,
        .act = [](Victim& v) { CreateEventA(nullptr, FALSE, FALSE, v.name('x').text); },
        .judge = [](Referee& r) {
            r.check_name('x', false);
            r.set('a');
            r.expect(r.poll('a') && !r.poll('a'), "the event fails");
        },
        .rival = [](Victim&) { if (fork() == 0) _exit(0); }, .cold = true, .forks = true});
}

}  // namespace killstep
