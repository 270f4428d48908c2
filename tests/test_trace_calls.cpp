// test_trace_calls.cpp - WINSHIM_TRACE: a traced call does what it does without a trace, and has its line.
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <windows.h>

#include <winshim.h>

#include <cerrno>
#include <cstdint>

#include "tests/support/trace.h"

namespace {

using namespace trace_test;

void *wait_without_end(void *event) { return WaitForSingleObject(event, INFINITE), nullptr; }
BOOL CALLBACK set_event(PINIT_ONCE, PVOID event, PVOID *) { return SetEvent(event); }

// Results, last error, errno and what is stored must be what they are without a trace.
int untouched() {
    int bad = 0;
    SetLastError(0xCDCD);
    errno = 77;
    HANDLE none = CreateMutexA(nullptr, FALSE, nullptr);
    bad += GetLastError() != ERROR_SUCCESS;
    SetLastError(0xCDCD);
    bad += SetEvent(none) != FALSE || GetLastError() != ERROR_INVALID_HANDLE;
    SetLastError(0xCDCD);
    bad += WaitForSingleObject(none, 0) != WAIT_OBJECT_0 || GetLastError() != 0xCDCD;
    bad += ReleaseMutex(none) != TRUE || GetLastError() != 0xCDCD;
    bad += errno != 77;
    bad += GetTickCount64() < 1 || TlsAlloc() == TLS_OUT_OF_INDEXES;
    SRWLOCK lock = SRWLOCK_INIT;
    bad += TryAcquireSRWLockExclusive(&lock) != TRUE || TryAcquireSRWLockShared(&lock) != FALSE;
    PSID sid = nullptr;
    SID_IDENTIFIER_AUTHORITY authority = {{0, 0, 0, 0, 0, 5}};
    bad += AllocateAndInitializeSid(&authority, 8, 1, 2, 3, 4, 5, 6, 7, 8, &sid) != TRUE;  // eleven arguments
    bad += *GetSidSubAuthority(sid, 0) != 1 || *GetSidSubAuthority(sid, 7) != 8;
    FreeSid(sid);
    LARGE_INTEGER distance, at;
    distance.QuadPart = 0x123456789;
    HANDLE file = CreateFileA("position", GENERIC_READ | GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, 0, nullptr);
    bad += SetFilePointerEx(file, distance, &at, FILE_BEGIN) != TRUE || at.QuadPart != 0x123456789;
    CloseHandle(file);
    DeleteFileA("position");
    // A pointer that cannot be read is the callee's affair.
    bad += GetProcAddress(GetModuleHandleA("kernel32"), reinterpret_cast<LPCSTR>(std::uintptr_t{12})) != nullptr;
    return bad;
}

int blocked() {
    HANDLE event = CreateEventA(nullptr, FALSE, FALSE, "never");
    WaitForSingleObject(event, 300);
    Sleep(120);
    return 0;
}

// One line for each call of the program's, none for what the library calls of itself.
int internals() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    InitOnceExecuteOnce(&once, set_event, event, nullptr);
    const auto reset = [](PTP_CALLBACK_INSTANCE, PVOID e, PTP_WORK) { ResetEvent(e); };
    PTP_WORK work = CreateThreadpoolWork(reset, event, nullptr);
    SubmitThreadpoolWork(work);
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    CloseThreadpoolWork(work);
    OpenEventA(SYNCHRONIZE, FALSE, "x");
    return 0;
}

// Found by name, by a table in the data, by dlopen's scope: all of them lead to the trace.
BOOL(WINAPI* const in_the_data)(HANDLE) = SetEvent;
int lookups() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, "looked up");
    using Function = BOOL(WINAPI*)(HANDLE);
    in_the_data(event);
    void *const found = reinterpret_cast<void*>(GetProcAddress(GetModuleHandleA("kernel32.dll"), "ResetEvent"));
    reinterpret_cast<Function>(found)(event);
    reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, "PulseEvent"))(event);
    return 0;
}

int cancelled() {
    pthread_t thread;
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, "cancelled");
    pthread_create(&thread, nullptr, wait_without_end, event);
    usleep(50'000);
    pthread_cancel(thread);
    void *result = nullptr;
    pthread_join(thread, &result);
    return result == PTHREAD_CANCELED && SetEvent(event) ? 0 : 1;
}

int in_handler = 0;
HANDLE for_handler;
int signals() {
    for_handler = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    signal(SIGALRM, [](int) { in_handler += SetEvent(for_handler); });
    for (int i = 0; i < 20; ++i) {
        ualarm(5000, 0);
        if (WaitForSingleObject(for_handler, 10'000) != WAIT_OBJECT_0) return 1;
    }
    return in_handler == 20 ? 0 : 2;
}

int sixty_four() {
    HANDLE all[MAXIMUM_WAIT_OBJECTS];
    for (int i = 0; i < MAXIMUM_WAIT_OBJECTS; ++i) {
        Text name = "n" + std::to_string(i) + Text(200, 'x');
        all[i] = CreateEventA(nullptr, TRUE, i == 63, name.c_str());
    }
    return WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, all, FALSE, 0) == WAIT_OBJECT_0 + 63 ? 0 : 1;
}

double seconds_of(const Run& run, const Text &text) {
    for (const Text &line : run.lines)
        if (line.find(text) != Text::npos) return atof(line.substr(line.rfind('<') + 1).c_str());
    return -1;
}

void behaviour() {
    Run r = run("untouched");
    tell(r.status == 0 && r.lines.size() > 20, "results, last error, errno, eleven arguments are as without a trace",
         std::to_string(r.status));
    r = run("untouched", "", "json");
    tell(r.status == 0, "  with JSON, too", std::to_string(r.status));
    r = run("blocked");
    tell(seconds_of(r, "WaitForSingleObject(") >= 0.299 && seconds_of(r, "WaitForSingleObject(") < 100 &&
             seconds_of(r, " Sleep(") >= 0.119,
         "durations of calls that block", r.all);
    r = run("blocked", "", "enter");
    tell(count(r, "WaitForSingleObject(") == 2 && r.lines.size() == 6 &&
             r.lines[2].substr(r.lines[2].size() - 4) == " ...",
         "enter: a line at the beginning of each call, too", r.all);
    r = run("internals");
    tell(r.lines.size() == 9 && count(r, " SetEvent(") == 1 && count(r, " ResetEvent(") == 1,
         "what callbacks call is traced, what the library calls of itself is not", r.all);
    r = run("lookups");
    tell(count(r, " SetEvent(") == 1 && count(r, " ResetEvent(") == 1 && count(r, " PulseEvent(") == 1,
         "functions in tables, from GetProcAddress and dlsym are traced", r.all);
    r = run("cancelled");
    tell(r.status == 0 && has(r, "SetEvent("), "a thread may be cancelled in a traced call", std::to_string(r.status));
    r = run("signals");
    tell(r.status == 0 && count(r, " SetEvent(") == 20, "calls in signal handlers", std::to_string(r.status));
    for (const char* format : {"", "json"}) {
        r = run("sixty_four", "WaitForMultipleObjects", format);
        tell(r.status == 0 && r.lines.size() == 1 && r.all.size() <= 4096 && has(r, "...") &&
                 (*format == '\0' ? is_text(r.lines[0]) : is_json(r.lines[0])),
             "a line that would be too long leaves out handles, and stays whole", r.all);
    }
}

void tests() {
    behaviour();
}

}  // namespace

int main(int argc, char **argv) {
    constexpr Subject subjects[] = {
        {"untouched", untouched}, {"blocked", blocked},   {"internals", internals},   {"lookups", lookups},
        {"cancelled", cancelled}, {"signals", signals},   {"sixty_four", sixty_four},
    };
    return trace_main(argc, argv, subjects, tests);
}
