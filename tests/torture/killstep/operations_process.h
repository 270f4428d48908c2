// operations_process.h - processes made, adopted, opened and ended by a process that is killed over it.
//
// Purpose     Whatever CreateProcess had come to, nothing of it is left when the child, if there is one, has ended: no
//             slot, no object, no copy of a handle, and nobody waits a minute for it.
#pragma once

#include "tests/torture/killstep/operation.h"
#include "tests/torture/killstep/operations_exports.h"

namespace killstep {

inline STARTUPINFOA child_start() {
    STARTUPINFOA start = {};
    start.cb = sizeof start;
    return start;
}

inline PROCESS_INFORMATION make_child(const char* line, DWORD flags = 0, BOOL inherit = FALSE) {
    char text[200];
    strcpy(text, line);
    STARTUPINFOA start = child_start();
    PROCESS_INFORMATION made = {};
    CreateProcessA(nullptr, text, nullptr, nullptr, inherit, flags, nullptr, nullptr, &start, &made);
    return made;
}

inline void close_child(const PROCESS_INFORMATION& child) {
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
}

inline void add_process_operations(std::vector<Operation>& table) {
    const auto event_and_mutex = [](Referee& r) { r.event('a', false, false); r.mutex('m'); };
    const auto usable = [](Referee& r) {
        r.set('a');
        r.expect(r.poll('a') && !r.poll('a'), "the event does not work any more");
        r.check_mutex('m', Chance::never);
    };
    const auto add = [&](const char* name, unsigned most_kills, const std::function<void(Victim&)>& act) {
        table.push_back({.name = name, .arrange = event_and_mutex,
            .ready = [](Victim& v) {
                v.open("a");
                v.must(SetHandleInformation(v['a'], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
                GetStdHandle(STD_INPUT_HANDLE);  // the loader is asked once if another library has it: not our steps
            },
            .act = act, .judge = usable, .starts = true, .most_kills = most_kills});
    };
    add("create-process", 0, [](Victim&) { close_child(make_child("/bin/sleep 1000")); });
    add("create-process-inheriting", 0, [](Victim&) { close_child(make_child("/bin/sleep 1000", 0, TRUE)); });
    add("create-process-and-wait", 300, [](Victim&) {
        const PROCESS_INFORMATION child = make_child("/bin/true");
        DWORD code = 0;
        WaitForSingleObject(child.hProcess, INFINITE);
        GetExitCodeProcess(child.hProcess, &code);
        close_child(child);
    });
    add("create-process-that-cannot-be", 300, [](Victim&) {
        STARTUPINFOA start = child_start();
        PROCESS_INFORMATION made;
        CreateProcessA("/bin/sleep", nullptr, nullptr, nullptr, TRUE, 0, nullptr, "/no/such/directory", &start, &made);
    });
    add("create-process-suspended", 300, [](Victim& v) {
        const PROCESS_INFORMATION child = make_child("/bin/sleep 1000", CREATE_SUSPENDED, TRUE);
        HANDLE there = nullptr;
        SuspendThread(child.hThread);
        DuplicateHandle(GetCurrentProcess(), v['a'], child.hProcess, &there, 0, FALSE, DUPLICATE_SAME_ACCESS);
        ResumeThread(child.hThread);
        ResumeThread(child.hThread);
        TerminateProcess(child.hProcess, 3);
        WaitForSingleObject(child.hProcess, INFINITE);
        close_child(child);
    });
    add("ask-processes", 300, [](Victim&) {
        const HANDLE own = OpenProcess(PROCESS_ALL_ACCESS, FALSE, GetCurrentProcessId());
        const HANDLE stranger = OpenProcess(PROCESS_ALL_ACCESS, FALSE, static_cast<DWORD>(getppid()));
        FILETIME times[4];
        DWORD number = 0;
        for (const HANDLE h : {own, stranger}) {
            GetProcessId(h);
            GetProcessTimes(h, &times[0], &times[1], &times[2], &times[3]);
            GetProcessHandleCount(h, &number);
            GetExitCodeProcess(h, &number);
            WaitForInputIdle(h, 0);
            GetPriorityClass(h);
            WaitForSingleObject(h, 0);
        }
        SetPriorityClass(own, NORMAL_PRIORITY_CLASS);
        CloseHandle(stranger);
        CloseHandle(own);
    });
    using Create = BOOL (*)(const void*, void*, void*, void*, BOOL, DWORD, void*, const void*, STARTUPINFOA*,
                            PROCESS_INFORMATION*);
    for (const Width& width : {Width{"", 1}, Width{"A", 1}, Width{"A_utf16", 1}, Width{"W", 2}, Width{"W_utf32", 4}}) {
        const auto create = exported<Create>(std::string("CreateProcess") + width.suffix);
        Name name(0, 'x');
        strcpy(name.text, "/bin/true");
        const WideName wide(name, width.unit_bytes);
        add(strdup((std::string("CreateProcess") + width.suffix).c_str()), 40, [create, wide](Victim&) {
            STARTUPINFOA start = child_start();
            PROCESS_INFORMATION made = {};
            create(wide.text, nullptr, nullptr, nullptr, FALSE, 0, nullptr, nullptr, &start, &made);
            close_child(made);
        });
    }

    // The referee has a handle to the victim, which it opened before the victim's first call, and has put one into it.
    const auto watched = [=](Referee& r) {
        event_and_mutex(r);
        const auto pid = static_cast<DWORD>(r.page().victim[0].pid.load());
        const HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, pid);
        HANDLE there = nullptr;
        r.expect(process != nullptr, "the victim cannot be opened");
        r.adopt('p', process);
        r.expect(DuplicateHandle(GetCurrentProcess(), r['a'], process, &there, 0, FALSE, DUPLICATE_SAME_ACCESS),
                 "no handle can be put into the victim");
    };
    const auto ended = [=](Referee& r, DWORD code) {
        DWORD got = 0;
        r.expect(r.poll('p'), "the victim has ended, and its handle does not say so");
        r.expect(GetExitCodeProcess(r['p'], &got), "GetExitCodeProcess failed");
        if (got != code && (got != 0xFFFFFFFF || r.fate().finished)) r.fail("the exit code is %#x, not %#x", got, code);
        usable(r);
    };
    table.push_back({.name = "attach-adopts", .arrange = watched,
        .act = [](Victim& v) { CreateEventA(nullptr, TRUE, TRUE, v.name('x').text); },
        .judge = [=](Referee& r) {
            r.check_name('x', false);
            r.expect(r.poll('p'), "the victim has ended, and its handle does not say so");
            usable(r);
        },
        .cold = true});
    table.push_back({.name = "exit-watched", .arrange = watched, .act = [](Victim&) { exit(0x12345); },
        .judge = [=](Referee& r) {
            DWORD got = 0;
            r.expect(r.poll('p') && GetExitCodeProcess(r['p'], &got),
                     "the victim has ended, and its handle does not say so");
            if (r.fate().finished) r.expect(got == 0x12345, "it is not the exit code that the victim gave");
            else r.expect(got == 0x12345 || got == 0xFFFFFFFF, "the exit code is nobody's");
            usable(r);
        }});
    table.push_back({.name = "exit-process", .arrange = watched, .act = [](Victim&) { ExitProcess(0x12345); },
        .judge = [=](Referee& r) { ended(r, 0x12345); }, .most_kills = 200});
    table.push_back({.name = "terminate-self", .arrange = watched,
        .act = [](Victim&) { TerminateProcess(GetCurrentProcess(), 0x12345); },
        .judge = [=](Referee& r) { ended(r, 0x12345); }, .most_kills = 200});
}

}  // namespace killstep
