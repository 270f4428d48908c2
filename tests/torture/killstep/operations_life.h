// operations_life.h - a process's first call, the end of threads and processes, fork, and the rundown of somebody else.
#pragma once

#include "tests/torture/killstep/operation.h"

namespace killstep {

inline void add_life_operations(std::vector<Operation>& table) {
    const auto own = [](Victim& v) {
        v.open("ma");
        v.must(WaitForSingleObject(v['m'], 0) == WAIT_OBJECT_0);
    };
    const auto mutex_and_event = [](Referee& r) { r.mutex('m'); r.event('a', false, false); };
    // Owns m, holds the name x alone, and is blocked on a: then it is killed.
    const auto die_in_the_middle = [=](Victim& v) {
        own(v);
        v.must(CreateEventA(nullptr, TRUE, TRUE, v.name('x').text) != nullptr);
        WaitForSingleObject(v['a'], INFINITE);
    };
    const auto dead_is_swept = [](Referee& r) {
        r.set('a');
        r.expect_result(0, WAIT_OBJECT_0);
        r.expect(!r.poll('a'), "the signal was given twice");
        r.check_mutex('m', Chance::must);
        r.check_name('x', false);
    };
    const auto behind_the_dead = [](Referee& r) { r.queue(0, Form::any, "a"); };
    const auto usable = [](Referee& r) {
        r.set('a');
        r.expect(r.poll('a') && !r.poll('a'), "the event does not work any more");
        r.check_mutex('m', Chance::never);
    };
    const auto waiter_gets_abandoned = [](Referee& r) {
        r.expect_result(0, WAIT_ABANDONED);
        r.expect(!r.poll('m'), "two owners");
        r.expect(r.call_waiter(0, Form::release) == WAIT_OBJECT_0, "the waiter is not the owner");
        r.check_mutex('m', Chance::never);
        r.set('a');
        r.expect(r.poll('a') && !r.poll('a'), "the event does not work any more");
    };
    const auto queue_on_mutex = [](Referee& r) { r.queue(0, Form::any, "m"); };

    table.push_back({.name = "attach", .arrange = mutex_and_event,
        .act = [](Victim& v) { CreateEventA(nullptr, TRUE, TRUE, v.name('x').text); },
        .judge = [=](Referee& r) { r.check_name('x', false); usable(r); }, .cold = true});
    table.push_back({.name = "attach-sweeps-the-dead", .arrange = mutex_and_event, .queue = behind_the_dead,
        .act = [](Victim&) { CloseHandle(nullptr); }, .judge = dead_is_swept, .corpse = die_in_the_middle,
        .cold = true});
    table.push_back({.name = "create-sweeps-the-dead", .arrange = mutex_and_event, .queue = behind_the_dead,
        .act = [](Victim& v) { CreateEventA(nullptr, TRUE, TRUE, v.name('x').text); }, .judge = dead_is_swept,
        .corpse = die_in_the_middle});
    table.push_back({.name = "set-passes-the-dead", .arrange = mutex_and_event, .ready = [](Victim& v) { v.open("a"); },
        .queue = behind_the_dead, .act = [](Victim& v) { SetEvent(v['a']); },
        .judge = [](Referee& r) {
            r.touch('a');
            r.expect_chance(!r.blocked(0), r.sent('a'), "the release of the living waiter");
            if (r.blocked(0)) r.set('a');
            r.expect_result(0, WAIT_OBJECT_0);
            r.expect(!r.poll('a'), "the signal was given twice");
            r.check_mutex('m', Chance::must);
            r.check_name('x', false);
        },
        .corpse = die_in_the_middle});
    table.push_back({.name = "thread-attach", .arrange = mutex_and_event, .ready = [](Victim& v) { v.open("ma"); },
        .act = [](Victim& v) { SetEvent(v['a']); },
        .judge = [=](Referee& r) {
            r.expect_chance(r.poll('a'), r.done(), "the signal");
            usable(r);
        },
        .thread = true, .new_thread = true});
    table.push_back({.name = "thread-end-owning", .arrange = mutex_and_event, .ready = own, .queue = queue_on_mutex,
        .act = [](Victim&) {}, .judge = waiter_gets_abandoned, .thread = true});
    table.push_back({.name = "exit", .arrange = mutex_and_event,
        .ready = [=](Victim& v) {
            own(v);
            v.must(CreateEventA(nullptr, TRUE, TRUE, v.name('x').text) != nullptr);
        },
        .queue = queue_on_mutex, .act = [](Victim&) { exit(0); },
        .judge = [=](Referee& r) { waiter_gets_abandoned(r); r.check_name('x', false); }});
    const auto fork_and_stay = [](Victim& v) {
        const pid_t pid = fork();
        if (pid != 0) return;
        SetEvent(v['a']);  // the duplicate works
        for (;;) pause();
    };
    table.push_back({.name = "fork-owning", .arrange = mutex_and_event, .ready = own, .queue = queue_on_mutex,
        .act = fork_and_stay,
        .judge = [=](Referee& r) {
            r.expect_result(0, WAIT_ABANDONED);
            r.expect(r.call_waiter(0, Form::release) == WAIT_OBJECT_0, "the waiter is not the owner");
            r.check_mutex('m', Chance::never);
            const std::uint64_t deadline = now_ns() + kPatience;  // the child, if there is one, tells with its event
            bool signaled = false;
            while (!(signaled = r.poll('a')) && r.fate().finished && now_ns() < deadline) usleep(200);
            r.expect_chance(signaled, r.done(), "the child's signal");
        },
        .forks = true});
}

}  // namespace killstep
