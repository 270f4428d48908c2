// child_acts.h - what the children of the process tests do: "--child WHAT NUMBER".
#pragma once
#include <sys/resource.h>

#include "tests/support/child.h"

inline int child_main(int count, char **word) {
    const auto is = [&](const char *what) { return strcmp(word[0], what) == 0; };
    const DWORD number = count > 1 ? static_cast<DWORD>(strtoull(word[1], nullptr, 0)) : 0;
    if (is("returns")) return static_cast<int>(number);                       // nothing of the library was used
    if (is("attaches")) return CloseHandle(CreateEventA(nullptr, FALSE, FALSE, nullptr)), static_cast<int>(number);
    if (is("exits")) ExitProcess(number);
    if (is("exit")) exit(static_cast<int>(number));
    if (is("_exit")) CloseHandle(nullptr), _exit(static_cast<int>(number));
    if (is("terminates")) TerminateProcess(GetCurrentProcess(), number);
    if (is("raises")) CloseHandle(nullptr), raise(static_cast<int>(number));
    if (is("raises-unattached")) raise(static_cast<int>(number));
    if (is("nice")) return getpriority(PRIO_PROCESS, 0) + 100;
    if (is("sleeps")) pause();
    if (is("waits")) {  // attached
        CloseHandle(nullptr);
        pause();
    }
    if (is("exits-in-thread")) {
        const auto ends = [](void *code) -> DWORD { ExitProcess(static_cast<DWORD>(as_number(code))); };
        CreateThread(nullptr, 0, ends, handle_of(number), 0, nullptr);
        pause();
    }
    if (is("main-ends-first")) {
        const auto goes_on = [](void *code) -> DWORD { Sleep(50), ExitProcess(static_cast<DWORD>(as_number(code))); };
        CreateThread(nullptr, 0, goes_on, handle_of(number), 0, nullptr);
        ExitThread(1);
    }
    if (is("execs")) {  // in place, a program that knows nothing of this library
        CloseHandle(CreateEventA(nullptr, FALSE, FALSE, nullptr));
        execl("/bin/sh", "sh", "-c", "sleep 0.3; exit 23", nullptr);
    }
    if (is("owns")) {  // a mutex, and tells it
        const HANDLE mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, word[1]);
        const HANDLE told = OpenEventA(EVENT_ALL_ACCESS, FALSE, word[2]);
        if (WaitForSingleObject(mutex, 0) != WAIT_OBJECT_0 || !SetEvent(told)) return 1;
        pause();
    }
    if (is("parents")) {  // makes a child, says its id, and stays
        const PROCESS_INFORMATION child = child_of(word[1]);
        printf("%u\n", child.dwProcessId);
        fflush(stdout);
        pause();
    }
    if (is("parents-suspended")) {
        child_of("sleeps", CREATE_SUSPENDED);
        const PROCESS_INFORMATION child = child_of("sleeps", CREATE_SUSPENDED);
        printf("%u\n", child.dwProcessId);
        fflush(stdout);
        pause();
    }
    if (is("fills-buffer")) {  // written by the C library at the very end
        CloseHandle(nullptr);
        printf("the last words");
        return 3;
    }
    return 99;
}

inline int child_or_tests(int argc, char **argv) {
    if (argc > 2 && strcmp(argv[1], "--child") == 0) {
        prctl(PR_SET_PDEATHSIG, 0);
        return child_main(argc - 2, argv + 2);
    }
    return test_main(argc, argv);
}
