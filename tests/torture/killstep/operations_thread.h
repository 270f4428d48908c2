// operations_thread.h - threads made, stopped, ended and told things, by a process that is killed over it.
#pragma once

#include <process.h>

#include "tests/torture/killstep/operation.h"

namespace killstep {

inline DWORD WINAPI end_at_once(LPVOID) { return 7; }
inline unsigned WINAPI end_at_once_too(void*) { return 7; }
inline void end_plainly(void*) {}
inline void WINAPI do_nothing(ULONG_PTR) {}

inline void add_thread_operations(std::vector<Operation>& table) {
    const auto event_a = [](Referee& r) { r.event('a', false, false); r.mutex('m'); };
    const auto usable = [](Referee& r) {
        r.set('a');
        r.expect(r.poll('a') && !r.poll('a'), "the event does not work any more");
        r.check_mutex('m', Chance::never);
    };
    const auto abandoned = [=](Referee& r) {
        r.check_mutex('m', Chance::must);
        r.set('a');
        r.expect(r.poll('a') && !r.poll('a'), "the event does not work any more");
    };
    const auto own = [](Victim& v) {
        v.open("m");
        v.must(WaitForSingleObject(v['m'], 0) == WAIT_OBJECT_0);
    };
    const auto add = [&](const char* name, const std::function<void(Victim&)>& act) {
        table.push_back({.name = name, .arrange = event_a, .act = act, .judge = usable, .most_kills = 300});
    };
    add("create-thread", [](Victim&) {
        DWORD code;
        const HANDLE h = CreateThread(nullptr, 0, end_at_once, nullptr, 0, nullptr);
        GetThreadId(h);
        GetProcessIdOfThread(h);
        SwitchToThread();
        WaitForSingleObject(h, INFINITE);
        GetExitCodeThread(h, &code);
        CloseHandle(h);
    });
    add("suspend-resume-terminate-thread", [](Victim&) {
        const HANDLE h = CreateThread(nullptr, 0, end_at_once, nullptr, CREATE_SUSPENDED, nullptr);
        SuspendThread(h);
        ResumeThread(h);
        TerminateThread(h, 3);
        CloseHandle(h);
    });
    add("begin-threads", [](Victim&) {
        _beginthreadex(nullptr, 0, end_at_once_too, nullptr, 0, nullptr);
        _beginthread(end_plainly, 0, nullptr);
    });
    add("open-thread", [](Victim&) { CloseHandle(OpenThread(SYNCHRONIZE, FALSE, GetCurrentThreadId())); });
    add("queued-call", [](Victim&) { QueueUserAPC(do_nothing, GetCurrentThread(), 0); SleepEx(1, TRUE); });
    table.push_back({.name = "exit-thread-owning", .arrange = event_a, .ready = own,
        .act = [](Victim&) { ExitThread(3); },
        .judge = abandoned, .thread = true, .most_kills = 300});
    table.push_back({.name = "endthread-owning", .arrange = event_a, .ready = own, .act = [](Victim&) { _endthread(); },
        .judge = abandoned, .thread = true, .most_kills = 300});
    table.push_back({.name = "endthreadex-owning", .arrange = event_a, .ready = own,
        .act = [](Victim&) { _endthreadex(3); },
        .judge = abandoned, .thread = true, .most_kills = 300});
}

}  // namespace killstep
