// operations_exports.h - the exported functions that the other tables leave out: each name of a create or open call, in
// each width; error codes, identities, profile, flags of handles.
//
// Purpose     "Every exported operation": killstep fails when a function of export.map is on no operation's way. The
//             widths differ in the conversion of the name only, so that fewer kills are spent on each.
#pragma once

#include <dlfcn.h>
#include <winshim.h>

#include "tests/torture/killstep/operation.h"

namespace killstep {

// The name of an object in the width that a function takes.
struct WideName {
    std::uint32_t text[400];
    WideName(const Name& name, unsigned unit_bytes) {
        auto* at = reinterpret_cast<unsigned char*>(text);
        for (const char* c = name.text;; ++c, at += unit_bytes) {
            memset(at, 0, unit_bytes);
            *at = static_cast<unsigned char>(*c);
            if (*c == 0) return;
        }
    }
};

template <class Function>
Function exported(const std::string& name) {
    void* at = dlsym(RTLD_DEFAULT, name.c_str());
    if (at == nullptr) fprintf(stderr, "killstep: %s is not exported\n", name.c_str()), exit(2);
    return reinterpret_cast<Function>(at);
}

struct Width {
    const char* suffix;
    unsigned unit_bytes;
};
constexpr Width kWidths[] = {{"", 1}, {"A", 1}, {"W", 2}, {"W_utf32", 4}};

// Only the dead had the name x, of a kind of its own or not: it is free.
inline void check_all_kinds_free(Referee& r) {
    r.check_name('x', false);
    for (const bool mutex : {true, false}) {
        const HANDLE made = mutex ? CreateMutexA(nullptr, FALSE, r.name('x').text)
                                  : CreateSemaphoreA(nullptr, 1, 2, r.name('x').text);
        if (made == nullptr || GetLastError() != 0) r.fail("creating the name x anew gives error %u", GetLastError());
        r.expect(WaitForSingleObject(made, 0) == WAIT_OBJECT_0, "the new object is not fresh");
        if (mutex) ReleaseMutex(made);
        CloseHandle(made);
    }
}

inline void add_widths(std::vector<Operation>& table) {
    using Act = std::function<void(Victim&, const void* name)>;
    const auto add = [&](const std::string& function, const Width& width, char id, const Act& act) {
        const unsigned unit_bytes = width.unit_bytes;
        table.push_back({.name = strdup(function.c_str()),
            .arrange = [](Referee& r) { r.event('a', false, false); r.mutex('m'); r.semaphore(1, 2); r.timer(true); },
            .act = [=](Victim& v) { const WideName name(v.name(id), unit_bytes); act(v, name.text); },
            .judge = [](Referee& r) {
                check_all_kinds_free(r);
                r.check_mutex('m', Chance::never);
                r.expect(r.poll('s') && !r.poll('s') && !r.poll('a'), "a signal from nowhere, or lost");
                r.expect(!r.poll('t') && !r.time_is_pending(), "the timer was set");
                for (const char other : {'m', 's', 't'}) r.close(other);
                r.check_name('a', true);
                r.close('a');
                r.check_name('a', false);
            },
            .most_kills = 150});
    };
    for (const Width& width : kWidths) {
        const std::string end = width.suffix;
        const auto event = exported<HANDLE (*)(void*, BOOL, BOOL, const void*)>("CreateEvent" + end);
        add("CreateEvent" + end, width, 'x', [=](Victim&, const void* name) { event(nullptr, TRUE, TRUE, name); });
        const auto mutex = exported<HANDLE (*)(void*, BOOL, const void*)>("CreateMutex" + end);
        add("CreateMutex" + end, width, 'x', [=](Victim&, const void* name) { mutex(nullptr, TRUE, name); });
        const auto semaphore = exported<HANDLE (*)(void*, LONG, LONG, const void*)>("CreateSemaphore" + end);
        add("CreateSemaphore" + end, width, 'x', [=](Victim&, const void* name) { semaphore(nullptr, 0, 2, name); });
        const auto semaphore_ex =
            exported<HANDLE (*)(void*, LONG, LONG, const void*, DWORD, DWORD)>("CreateSemaphoreEx" + end);
        add("CreateSemaphoreEx" + end, width, 'x',
            [=](Victim&, const void* name) { semaphore_ex(nullptr, 0, 2, name, 0, SEMAPHORE_ALL_ACCESS); });
        for (const char* function : {"CreateEventEx", "CreateMutexEx"}) {
            const auto create = exported<HANDLE (*)(void*, const void*, DWORD, DWORD)>(function + end);
            add(function + end, width, 'x',
                [=](Victim&, const void* name) { create(nullptr, name, 1, EVENT_ALL_ACCESS); });
        }
        const auto timer = exported<HANDLE (*)(void*, BOOL, const void*)>("CreateWaitableTimer" + end);
        add("CreateWaitableTimer" + end, width, 'x', [=](Victim&, const void* name) { timer(nullptr, TRUE, name); });
        const auto timer_ex = exported<HANDLE (*)(void*, const void*, DWORD, DWORD)>("CreateWaitableTimerEx" + end);
        add("CreateWaitableTimerEx" + end, width, 'x', [=](Victim&, const void* name) {
            timer_ex(nullptr, name, CREATE_WAITABLE_TIMER_MANUAL_RESET, TIMER_ALL_ACCESS);
        });
        for (const auto& [function, id] : {std::pair{"OpenEvent", 'a'}, {"OpenMutex", 'm'}, {"OpenSemaphore", 's'},
                                          {"OpenWaitableTimer", 't'}}) {
            const auto open = exported<HANDLE (*)(DWORD, BOOL, const void*)>(function + end);
            add(function + end, width, id, [=](Victim&, const void* name) { open(SYNCHRONIZE, FALSE, name); });
        }
    }
}

inline void add_export_operations(std::vector<Operation>& table) {
    add_widths(table);
    const auto event_a = [](Referee& r) { r.event('a', false, false); };
    const auto one_queued = [](Referee& r) { r.event('a', false, false); r.event('b', false, false); };
    const auto untouched = [](Referee& r) {
        r.expect(!r.poll('a'), "a signal from nowhere");
        r.close('a');
        r.check_name('a', false);
    };
    table.push_back({.name = "identities-and-last-error", .arrange = event_a,
        .act = [](Victim&) {
            SetLastError(GetCurrentProcessId() + GetCurrentThreadId());
            GetLastError();
            GetCurrentProcess();
            GetCurrentThread();
            WinshimVersion();
            WinshimGetProfile();
            WinshimGetMsAbiProc(nullptr);
        },
        .judge = untouched});
    table.push_back({.name = "set-profile", .arrange = event_a,
        .act = [](Victim& v) { WinshimSetProfile("nt"); CreateEventA(nullptr, TRUE, TRUE, v.name('x').text); },
        .judge = [=](Referee& r) { r.check_name('x', false); untouched(r); }, .cold = true});
    table.push_back({.name = "sleep", .arrange = event_a, .act = [](Victim&) { Sleep(0); Sleep(1); },
        .judge = untouched});
    table.push_back({.name = "flags-of-handles", .arrange = event_a, .ready = [](Victim& v) { v.open("a"); },
        .act = [](Victim& v) {
            DWORD flags;
            SetHandleInformation(v['a'], HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE);
            GetHandleInformation(v['a'], &flags);
            CloseHandle(v['a']);  // refused
            CompareObjectHandles(v['a'], v['a']);
        },
        .judge = untouched});
    table.push_back({.name = "wait-ex-timeout", .arrange = one_queued, .ready = [](Victim& v) { v.open("ab"); },
        .queue = [](Referee& r) { r.queue(0, Form::any, "ba"); },
        .act = [](Victim& v) {
            const HANDLE both[] = {v['a'], v['b']};
            WaitForSingleObjectEx(v['a'], 1, TRUE);
            WaitForMultipleObjectsEx(2, both, FALSE, 1, TRUE);
        },
        .judge = [](Referee& r) {
            r.touch('a');
            r.touch('b');
            r.expect(r.blocked(0), "a signal from nowhere");
            r.set('a');
            r.expect_result(0, WAIT_OBJECT_0 + 1);
            r.expect(!r.poll('a') && !r.poll('b'), "a signal was left over");
        }});
}

}  // namespace killstep
