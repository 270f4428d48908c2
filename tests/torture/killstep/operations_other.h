// operations_other.h - calls that reach into another process (the referee's), and the objects of processes and threads.
//
// Purpose     The victim is a child of the referee: it has inherited a handle to it, as DuplicateHandle needs. What it
//             puts into the referee's table, or takes out of it, is found there by trying every handle.
#pragma once

#include "tests/torture/killstep/operation.h"

namespace killstep {

inline HANDLE handle_number(unsigned i) { return reinterpret_cast<HANDLE>(std::uintptr_t{i} * 4); }

// The one handle that the referee has not opened itself; null: there is none.
inline HANDLE find_foreign(Referee& r) {
    HANDLE found = nullptr;
    for (unsigned i = 1; i <= shm::kHandlesPerChunk; ++i) {
        DWORD flags;
        const HANDLE h = handle_number(i);
        bool own = h == r.page().process_handle;
        for (const HANDLE mine : r.page().handle) own = own || mine == h;
        if (own || !GetHandleInformation(h, &flags)) continue;
        r.expect(found == nullptr, "two handles came from one DuplicateHandle");
        found = h;
    }
    return found;
}

inline bool is_open(HANDLE h) {
    DWORD flags;
    return GetHandleInformation(h, &flags) != FALSE;
}

inline void add_other_process_operations(std::vector<Operation>& table) {
    const auto event_a = [](Referee& r) { r.event('a', false, false); };
    const auto open_a = [](Victim& v) { v.open("a"); };
    const auto give = [](Victim& v, HANDLE what) {
        HANDLE there = nullptr;
        const BOOL done = DuplicateHandle(GetCurrentProcess(), what, v.page.process_handle, &there, 0, FALSE,
                                          DUPLICATE_SAME_ACCESS);
        v.page.told.store(static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(there)));
        return done != FALSE;
    };
    // The handle that came is one more reference: the object lives until it is closed, and not longer.
    const auto one_more = [](Referee& r) {
        const HANDLE came = find_foreign(r);
        r.expect_chance(came != nullptr, r.done(), "the duplicate in the other process");
        r.check_name('a', true);
        if (came != nullptr) r.expect(CompareObjectHandles(came, r['a']), "the duplicate names another object");
        r.close('a');
        if (came != nullptr) {
            r.adopt('a', came);
            r.check_name('a', true);
            r.close('a');
        }
        r.check_name('a', false);
    };
    table.push_back({.name = "duplicate-into-other", .arrange = event_a, .ready = open_a,
        .act = [=](Victim& v) { give(v, v['a']); }, .judge = one_more, .of_referee = true});
    // The object lives on by that handle alone.
    table.push_back({.name = "duplicate-into-other-last", .arrange = event_a,
        .ready = [](Victim& v) { v.must((v['x'] = CreateEventA(nullptr, TRUE, TRUE, v.name('x').text)) != nullptr); },
        .act = [=](Victim& v) { give(v, v['x']); CloseHandle(v['x']); },
        .judge = [](Referee& r) {
            const HANDLE came = find_foreign(r);
            r.expect_chance(came != nullptr, r.done(), "the duplicate in the other process");
            if (came != nullptr) {
                r.expect(WaitForSingleObject(came, 0) == WAIT_OBJECT_0, "the object has lost its state");
                r.expect(ResetEvent(came), "the object has lost its type");
                r.adopt('x', came);
                r.check_name('x', true);
                r.close('x');
            }
            r.check_name('x', false);
        },
        .of_referee = true});
    // The handle is taken away, or nothing has happened; the victim's own duplicate dies with it.
    const auto taken_or_not = [](Referee& r) {
        const bool there = is_open(r['a']);
        r.expect_chance(!there, r.done(), "the closing of the source");
        if (there) {
            r.check_name('a', true);
            r.close('a');
        } else {
            r.adopt('a', nullptr);
        }
        r.check_name('a', false);
    };
    table.push_back({.name = "duplicate-out-of-other", .arrange = event_a,
        .act = [](Victim& v) {
            HANDLE mine = nullptr;
            DuplicateHandle(v.page.process_handle, v.page.handle[0], GetCurrentProcess(), &mine, 0, FALSE,
                            DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE);
        },
        .judge = taken_or_not, .of_referee = true});
    table.push_back({.name = "close-in-other", .arrange = event_a,
        .act = [](Victim& v) {
            DuplicateHandle(v.page.process_handle, v.page.handle[0], nullptr, nullptr, 0, FALSE,
                            DUPLICATE_CLOSE_SOURCE);
        },
        .judge = taken_or_not, .of_referee = true});

    const auto still_usable = [](Referee& r) {
        r.set('a');
        r.expect(r.poll('a') && !r.poll('a'), "the event does not work any more");
    };
    table.push_back({.name = "own-process-object", .arrange = event_a,
        .act = [](Victim& v) {
            DuplicateHandle(GetCurrentProcess(), GetCurrentProcess(), GetCurrentProcess(), &v['x'], 0, FALSE,
                            DUPLICATE_SAME_ACCESS);
            WaitForSingleObject(v['x'], 0);
        },
        .judge = still_usable});
    table.push_back({.name = "own-thread-object", .arrange = event_a,
        .act = [](Victim& v) {
            WaitForSingleObject(GetCurrentThread(), 1);
            DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &v['x'], 0, FALSE,
                            DUPLICATE_SAME_ACCESS);
            CloseHandle(v['x']);
        },
        .judge = still_usable});
    // The referee has a handle to the victim's process, or thread: it is signaled once the dead is run down.
    const auto ended = [](Referee& r) {
        r.adopt('e', handle_number(r.page().told.load() / 4));
        r.page().sweep_wanted.store(1);
        r.expect(r.wait('e') == WAIT_OBJECT_0 && r.poll('e'), "the object of the dead is not signaled");
        r.close('e');
    };
    table.push_back({.name = "exit-with-process-object", .arrange = event_a,
        .ready = [=](Victim& v) { v.must(give(v, GetCurrentProcess())); }, .act = [](Victim&) { exit(0); },
        .judge = [=](Referee& r) { ended(r); still_usable(r); }, .of_referee = true});
    table.push_back({.name = "thread-end-with-object", .arrange = event_a,
        .ready = [=](Victim& v) { v.must(give(v, GetCurrentThread())); }, .act = [](Victim&) {},
        .judge = [=](Referee& r) { ended(r); still_usable(r); }, .thread = true, .of_referee = true});
}

}  // namespace killstep
