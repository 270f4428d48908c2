// operations_name.h - making, opening, duplicating and closing objects, with and without names.
#pragma once

#include "tests/torture/killstep/operation.h"

namespace killstep {

inline void add_name_operations(std::vector<Operation>& table) {
    const auto event_a = [](Referee& r) { r.event('a', false, false); };
    const auto still_there = [](Referee& r) {
        r.check_name('a', true);
        r.expect(!r.poll('a'), "a signal from nowhere");
        r.close('a');
        r.check_name('a', false);
    };
    const auto x_is_free = [](Referee& r) { r.check_name('x', false); };
    const auto make_x = [](Victim& v) {
        v['x'] = CreateEventA(nullptr, TRUE, TRUE, v.name('x').text);
        v.must(v['x'] != nullptr);
    };

    table.push_back({.name = "create-event-new",
        .act = [](Victim& v) { CreateEventA(nullptr, TRUE, TRUE, v.name('x').text); },
        .judge = x_is_free});
    table.push_back({.name = "create-event-long-name",
        .act = [](Victim& v) { CreateEventA(nullptr, TRUE, TRUE, v.name('l').text); },
        .judge = [](Referee& r) { r.check_name('l', false); }});
    table.push_back({.name = "create-mutex-owned",
        .act = [](Victim& v) { CreateMutexA(nullptr, TRUE, v.name('x').text); },
        .judge = x_is_free});
    table.push_back({.name = "create-event-existing", .arrange = event_a,
        .act = [](Victim& v) { CreateEventA(nullptr, TRUE, TRUE, v.name('a').text); }, .judge = still_there});
    table.push_back({.name = "create-event-unnamed", .arrange = event_a,
        .act = [](Victim&) { CreateEventA(nullptr, TRUE, TRUE, nullptr); }, .judge = still_there});
    table.push_back({.name = "create-mutex-unnamed", .arrange = event_a,
        .act = [](Victim&) { CreateMutexA(nullptr, TRUE, nullptr); }, .judge = still_there});
    table.push_back({.name = "open-event", .arrange = event_a,
        .act = [](Victim& v) { OpenEventA(EVENT_ALL_ACCESS, FALSE, v.name('a').text); }, .judge = still_there});
    table.push_back({.name = "open-event-missing", .arrange = event_a,
        .act = [](Victim& v) { OpenEventA(EVENT_ALL_ACCESS, FALSE, v.name('x').text); },
        .judge = [=](Referee& r) { x_is_free(r); still_there(r); }});
    table.push_back({.name = "open-mutex-semaphore", .arrange = [](Referee& r) { r.mutex('m'); r.semaphore(1, 10); },
        .act = [](Victim& v) {
            OpenMutexA(MUTEX_ALL_ACCESS, FALSE, v.name('m').text);
            OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, v.name('s').text);
        },
        .judge = [](Referee& r) {
            r.check_mutex('m', Chance::never);
            r.expect(r.poll('s') && !r.poll('s'), "the semaphore's units do not add up");
        }});
    table.push_back({.name = "close-last-named", .ready = make_x, .act = [](Victim& v) { CloseHandle(v['x']); },
        .judge = x_is_free});
    table.push_back({.name = "close-last-unnamed", .arrange = event_a,
        .ready = [](Victim& v) { v.must((v['x'] = CreateEventA(nullptr, TRUE, TRUE, nullptr)) != nullptr); },
        .act = [](Victim& v) { CloseHandle(v['x']); }, .judge = still_there});
    table.push_back({.name = "close-not-last", .arrange = event_a, .ready = [](Victim& v) { v.open("a"); },
        .act = [](Victim& v) { CloseHandle(v['a']); }, .judge = still_there});
    table.push_back({.name = "close-with-waiter", .arrange = event_a, .ready = [](Victim& v) { v.open("a"); },
        .queue = [](Referee& r) { r.queue(0, Form::any, "a"); }, .act = [](Victim& v) { CloseHandle(v['a']); },
        .judge = [=](Referee& r) {
            r.expect(r.blocked(0), "a signal from nowhere");
            r.set('a');
            r.expect_result(0, WAIT_OBJECT_0);
            r.call_waiter(0, Form::forget);
            still_there(r);
        }});
    table.push_back({.name = "close-owned-mutex", .arrange = [](Referee& r) { r.mutex('m'); },
        .ready = [](Victim& v) {
            v.open("m");
            v.must(WaitForSingleObject(v['m'], 0) == WAIT_OBJECT_0);
        },
        .queue = [](Referee& r) { r.queue(0, Form::any, "m"); }, .act = [](Victim& v) { CloseHandle(v['m']); },
        .judge = [](Referee& r) {
            r.expect_result(0, WAIT_ABANDONED);
            r.expect(r.call_waiter(0, Form::release) == WAIT_OBJECT_0, "the waiter is not the owner");
            r.check_mutex('m', Chance::never);
        }});
    table.push_back({.name = "duplicate", .arrange = event_a, .ready = [](Victim& v) { v.open("a"); },
        .act = [](Victim& v) {
            DuplicateHandle(GetCurrentProcess(), v['a'], GetCurrentProcess(), &v['x'], 0, FALSE, DUPLICATE_SAME_ACCESS);
        },
        .judge = still_there});
    table.push_back({.name = "duplicate-close-source", .arrange = event_a, .ready = [](Victim& v) { v.open("a"); },
        .act = [](Victim& v) {
            DuplicateHandle(GetCurrentProcess(), v['a'], GetCurrentProcess(), &v['x'], 0, FALSE,
                            DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE);
        },
        .judge = still_there});
}

}  // namespace killstep
