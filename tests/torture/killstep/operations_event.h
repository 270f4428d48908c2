// operations_event.h - events: set, reset, pulse and waits, with none, one or two waiters queued.
#pragma once

#include "tests/torture/killstep/operation.h"

namespace killstep {

// Auto-reset, `queued` waiters in the order 0, 1: the signal went to the first of them, or (nobody there) stays, or was
// not sent. Whoever is left is released one by one, and then nothing is left.
inline void judge_one_signal(Referee& r, unsigned queued, Chance sent) {
    r.touch('a');
    const unsigned served = r.released();
    if (served > 1) r.fail("one signal released %u waiters", served);
    if (queued == 0) {
        r.expect_chance(r.poll('a'), sent, "the signal");
        r.expect(!r.poll('a'), "the signal of an auto-reset event was there twice");
    } else {
        r.expect_chance(served == 1, sent, "the release of a waiter");
        if (served == 1) r.expect(!r.blocked(0), "the second waiter was served before the first");
    }
    for (unsigned i = served; i < queued; ++i) {
        r.set('a');
        r.expect(r.released() == i + 1, "SetEvent did not release exactly the next waiter");
    }
    for (unsigned i = 0; i < queued; ++i) r.expect_result(i, WAIT_OBJECT_0);
    r.expect(!r.poll('a'), "a signal was left over");
}

// Manual-reset, two waiters: both are released or none. `stays`: the event stays set when they are.
inline void judge_broadcast(Referee& r, Chance sent, bool stays) {
    r.touch('a');
    const unsigned served = r.released();
    if (served == 1) r.fail("one of two waiters was released");
    r.expect_chance(served == 2, sent, "the release of the waiters");
    r.expect(r.poll('a') == (stays && served == 2), "the event's state and the waiters' release do not agree");
    r.set('a');
    r.expect(r.released() == 2, "SetEvent did not release all waiters");
    r.expect_result(0, WAIT_OBJECT_0);
    r.expect_result(1, WAIT_OBJECT_0);
    r.expect(r.poll('a') && ResetEvent(r['a']) && !r.poll('a'), "the event does not work any more");
}

inline void add_event_operations(std::vector<Operation>& table) {
    const auto open = [](Victim& v) { v.open("a"); };
    const auto automatic = [](Referee& r) { r.event('a', false, false); };
    const auto manual = [](Referee& r) { r.event('a', true, false); };
    const auto one_queued = [](Referee& r) { r.queue(0, Form::any, "a"); };
    const auto two_queued = [](Referee& r) { r.queue(0, Form::any, "a"); r.queue(1, Form::any, "a"); };
    const auto set = [](Victim& v) { SetEvent(v['a']); };
    const auto pulse = [](Victim& v) { PulseEvent(v['a']); };

    table.push_back({.name = "set-auto", .arrange = automatic, .ready = open, .act = set,
        .judge = [](Referee& r) { judge_one_signal(r, 0, r.sent('a')); }});
    table.push_back({.name = "set-auto-1-queued", .arrange = automatic, .ready = open, .queue = one_queued, .act = set,
        .judge = [](Referee& r) { judge_one_signal(r, 1, r.sent('a')); }});
    table.push_back({.name = "set-auto-2-queued", .arrange = automatic, .ready = open, .queue = two_queued, .act = set,
        .judge = [](Referee& r) { judge_one_signal(r, 2, r.sent('a')); }});
    table.push_back({.name = "set-manual-2-queued", .arrange = manual, .ready = open, .queue = two_queued, .act = set,
        .judge = [](Referee& r) { judge_broadcast(r, r.sent('a'), true); }});
    table.push_back({.name = "pulse-auto-2-queued", .arrange = automatic, .ready = open, .queue = two_queued,
        .act = pulse,
        .judge = [](Referee& r) { judge_one_signal(r, 2, r.sent('a')); }});
    table.push_back({.name = "pulse-manual-2-queued", .arrange = manual, .ready = open, .queue = two_queued,
        .act = pulse,
        .judge = [](Referee& r) { judge_broadcast(r, r.sent('a'), false); }});
    table.push_back({.name = "pulse-auto", .arrange = automatic, .ready = open, .act = pulse,
        .judge = [](Referee& r) { judge_one_signal(r, 0, Chance::never); }});
    // A wait-all that becomes complete is first in the queue, a wait-any behind it.
    table.push_back({.name = "set-all-complete",
        .arrange = [](Referee& r) {
            r.event('a', false, false);
            r.event('b', false, true);
            r.event('c', false, false);
        },
        .ready = open,
        .queue = [](Referee& r) { r.queue(0, Form::all, "ab"); r.queue(1, Form::any, "ca"); },
        .act = set,
        .judge = [](Referee& r) {
            const Chance sent = r.sent('a');
            r.touch('b');
            r.touch('a');
            const unsigned served = r.released();
            if (served == 2) r.fail("one signal released two waiters");
            r.expect_chance(served == 1, sent, "the release of a waiter");
            if (served == 1) r.expect(!r.blocked(0), "the wait-any was served before the complete wait-all");
            r.expect(r.poll('b') == (served == 0), "the wait-all took a part");
            if (served == 0) r.set('b');
            for (unsigned i = served; i < 2; ++i) {
                r.set('a');
                r.expect(r.released() == i + 1, "SetEvent did not release exactly the next waiter");
            }
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect_result(1, WAIT_OBJECT_0 + 1);
            r.expect(!r.poll('a') && !r.poll('b'), "a signal was left over");
        }});
    table.push_back({.name = "set-all-incomplete",
        .arrange = [](Referee& r) {
            r.event('a', false, false);
            r.event('b', false, false);
            r.event('c', false, false);
        },
        .ready = open,
        .queue = [](Referee& r) { r.queue(0, Form::all, "ab"); r.queue(1, Form::any, "ca"); },
        .act = set,
        .judge = [](Referee& r) {
            r.touch('a');
            r.expect(r.blocked(0), "the incomplete wait-all was released");
            const Chance must = r.sent('a');
            const bool sent = !r.blocked(1);
            r.expect_chance(sent, must, "the release of the wait-any");
            if (!sent) r.set('a');
            r.expect_result(1, WAIT_OBJECT_0 + 1);
            r.expect(!r.poll('a'), "the signal was given twice");
            r.set('b');
            r.expect(r.blocked(0), "the wait-all was released by half of what it waits for");
            r.set('a');
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(!r.poll('a') && !r.poll('b'), "the wait-all took a part");
        }});
    table.push_back({.name = "reset", .arrange = [](Referee& r) { r.event('a', true, true); }, .ready = open,
        .act = [](Victim& v) { ResetEvent(v['a']); },
        .judge = [](Referee& r) {
            r.expect_chance(!r.poll('a'), r.done(), "the reset");
            r.set('a');
            r.expect(r.wait('a') == WAIT_OBJECT_0 && ResetEvent(r['a']) && !r.poll('a'),
                     "the event does not work any more");
        }});
    table.push_back({.name = "wait-timeout", .arrange = automatic, .ready = open, .queue = one_queued,
        .act = [](Victim& v) { WaitForSingleObject(v['a'], 1); },
        .judge = [](Referee& r) { judge_one_signal(r, 1, Chance::never); }});
    // The victim is first in the queue, a waiter behind it. A signal that the living victim was granted dies with it.
    table.push_back({.name = "wait-granted-while-parked", .arrange = automatic, .ready = open,
        .act = [](Victim& v) { WaitForSingleObject(v['a'], INFINITE); },
        .judge = [](Referee& r) {
            if (!r.fate().helped) r.queue(0, Form::any, "a");
            judge_one_signal(r, 1, Chance::never);
        },
        .help = [](Referee& r) { r.queue(0, Form::any, "a"); r.set('a'); }});
}

}  // namespace killstep
