// test_around.cpp - what Win32 back ends of portable libraries need around the core: exceptions, processors, completion
// ports, file locks, pipes looked into, the multimedia clock, Microsoft's additions to the C library.
//
// Source      "RaiseException", "AddVectoredExceptionHandler", "SetThreadAffinityMask", "PostQueuedCompletionStatus",
//             "LockFileEx", "PeekNamedPipe", "timeBeginPeriod", "_snprintf", "strncpy_s" and their kin.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include <intrin.h>
#include <io.h>
#include <mmsystem.h>

#include "tests/support/program.h"

constexpr DWORD kSoon = 20'000;  // milliseconds; reached only by a failure
static std::atomic<int> asked;

// ---- exceptions ---------------------------------------------------------------------------------------------------
static DWORD code_seen;
static ULONG_PTR argument_seen;
static LONG NTAPI goes_on(EXCEPTION_POINTERS *pointers) {
    ++asked;
    code_seen = pointers->ExceptionRecord->ExceptionCode;
    const EXCEPTION_RECORD &record = *pointers->ExceptionRecord;
    argument_seen = record.NumberParameters > 1 ? record.ExceptionInformation[1] : 0;
    return EXCEPTION_CONTINUE_EXECUTION;
}
static LONG NTAPI looks_on(EXCEPTION_POINTERS *) {
    asked += 100;
    return EXCEPTION_CONTINUE_SEARCH;
}
static LONG WINAPI ends(EXCEPTION_POINTERS *) { return EXCEPTION_EXECUTE_HANDLER; }

TEST(all, Exceptions_raised_ones_go_to_the_vectored_handlers_in_order) {
    const ULONG_PTR arguments[] = {1, 0x1234};
    asked = 0;
    const PVOID second = AddVectoredExceptionHandler(0, goes_on), first = AddVectoredExceptionHandler(1, looks_on);
    assert_non_null(second);
    assert_non_null(first);
    RaiseException(0xF0001234, 0, 2, arguments);  // bit 28 is the system's
    assert_int_equal(asked, 101);
    assert_int_equal(code_seen, 0xE0001234);
    assert_int_equal(argument_seen, 0x1234);
    assert_int_equal(RemoveVectoredExceptionHandler(first), 1);
    assert_int_equal(RemoveVectoredExceptionHandler(first), 0);
    RaiseException(0x406D1388, 0, 0, nullptr);
    assert_int_equal(asked, 102);
    assert_int_equal(RemoveVectoredExceptionHandler(second), 1);
}

// How a child that does `act` ends, as waitpid tells it.
template <class Act>
static int end_of(Act act) {
    const pid_t child = fork();
    if (child == 0) {
        for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP}) signal(number, SIG_DFL);  // CMocka has some
        act();
        _exit(77);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return status;
}

TEST(all, Exceptions_one_that_nobody_takes_ends_the_process) {
    const int status = end_of([] { RaiseException(0xE0000055, 0, 0, nullptr); });
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0x55);
}
TEST(all, Exceptions_the_filter_is_asked_last) {
    const int ended = end_of([] {
        SetUnhandledExceptionFilter(ends);
        RaiseException(0xE0000044, 0, 0, nullptr);
    });
    assert_true(WIFEXITED(ended) && WEXITSTATUS(ended) == 0x44);
    const int went_on = end_of([] {
        if (SetUnhandledExceptionFilter(goes_on) != nullptr) _exit(1);
        if (SetUnhandledExceptionFilter(goes_on) != goes_on) _exit(2);
        RaiseException(0xE0000044, 0, 0, nullptr);
    });
    assert_true(WIFEXITED(went_on) && WEXITSTATUS(went_on) == 77);
    const int not_continuable = end_of([] {
        SetUnhandledExceptionFilter(goes_on);
        RaiseException(0xE0000044, EXCEPTION_NONCONTINUABLE, 0, nullptr);
    });
    assert_true(WIFEXITED(not_continuable) && WEXITSTATUS(not_continuable) == 0x25);  // of 0xC0000025
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
static int *volatile nowhere;
static LONG WINAPI tells_of_the_fault(EXCEPTION_POINTERS *pointers) {
    const EXCEPTION_RECORD &record = *pointers->ExceptionRecord;
    const bool right = record.ExceptionCode == EXCEPTION_ACCESS_VIOLATION && record.NumberParameters == 2 &&
                       record.ExceptionInformation[0] == 1 && record.ExceptionInformation[1] == 16;
    _exit(right ? 33 : 34);
}
TEST(all, Exceptions_a_fault_is_one) {
    const int told = end_of([] {
        SetUnhandledExceptionFilter(tells_of_the_fault);
        nowhere[4] = 1;
    });
    assert_true(WIFEXITED(told) && WEXITSTATUS(told) == 33);
    const int signalled = end_of([] {
        AddVectoredExceptionHandler(1, looks_on);
        nowhere[4] = 1;
    });
    assert_true(WIFSIGNALED(signalled) && WTERMSIG(signalled) == SIGSEGV);
    const int broken = end_of([] {
        AddVectoredExceptionHandler(1, goes_on);
        DebugBreak();
        _exit(code_seen == EXCEPTION_BREAKPOINT ? 33 : 34);
    });
    assert_true(WIFEXITED(broken) && WEXITSTATUS(broken) == 33);
}
TEST(all, Exceptions_signals_of_the_program_stay_its_own) {
    const int own = end_of([] {
        signal(SIGSEGV, [](int) { _exit(55); });
        SetUnhandledExceptionFilter(tells_of_the_fault);
        nowhere[4] = 1;
    });
    assert_true(WIFEXITED(own) && WEXITSTATUS(own) == 55);
    const int given_back = end_of([] {  // with the last handler
        struct sigaction action;
        const PVOID handler = AddVectoredExceptionHandler(1, looks_on);
        sigaction(SIGSEGV, nullptr, &action);
        if ((action.sa_flags & SA_SIGINFO) == 0) _exit(1);
        RemoveVectoredExceptionHandler(handler);
        sigaction(SIGSEGV, nullptr, &action);
        _exit(action.sa_handler == SIG_DFL ? 33 : 34);
    });
    assert_true(WIFEXITED(given_back) && WEXITSTATUS(given_back) == 33);
}
#endif

TEST(all, ErrorMode_is_kept) {
    DWORD before = kPoison;
    assert_int_equal(SetErrorMode(SEM_FAILCRITICALERRORS), 0);
    assert_int_equal(GetErrorMode(), SEM_FAILCRITICALERRORS);
    EXPECT(SetThreadErrorMode(SEM_NOGPFAULTERRORBOX, &before), TRUE, SAME);
    assert_int_equal(before, 0);
    assert_int_equal(GetThreadErrorMode(), SEM_NOGPFAULTERRORBOX);
    EXPECT(SetThreadErrorMode(0x4000, nullptr), FALSE, ERROR_INVALID_PARAMETER);
}

// ---- processors ---------------------------------------------------------------------------------------------------
TEST(all, Processors_affinity_of_threads_and_processes) {
    DWORD_PTR process = 0, system = 0;
    EXPECT(GetProcessAffinityMask(GetCurrentProcess(), &process, &system), TRUE, SAME);
    assert_true(process != 0 && (process & ~system) == 0);
    const DWORD_PTR one = process & (~process + 1);
    EXPECT(SetThreadAffinityMask(GetCurrentThread(), one) == process, true, SAME);
    EXPECT(SetThreadAffinityMask(GetCurrentThread(), 0) == 0, true, ERROR_INVALID_PARAMETER);
    assert_true((DWORD_PTR{1} << GetCurrentProcessorNumber()) == one);
    GROUP_AFFINITY group{}, before{};
    EXPECT(GetThreadGroupAffinity(GetCurrentThread(), &group), TRUE, SAME);
    assert_true(group.Mask == one && group.Group == 0);
    group.Mask = process;
    EXPECT(SetThreadGroupAffinity(GetCurrentThread(), &group, &before), TRUE, SAME);
    assert_true(before.Mask == one);
    group.Group = 1;
    EXPECT(SetThreadGroupAffinity(GetCurrentThread(), &group, &before), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(SetProcessAffinityMask(GetCurrentProcess(), 0), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(SetProcessAffinityMask(GetCurrentProcess(), one), TRUE, SAME);
    cpu_set_t set;
    sched_getaffinity(0, sizeof set, &set);
    assert_int_equal(CPU_COUNT(&set), 1);
    EXPECT(SetProcessAffinityMask(GetCurrentProcess(), process), TRUE, SAME);
    EXPECT(SetThreadIdealProcessor(GetCurrentThread(), 0), 0, SAME);
    EXPECT(SetThreadIdealProcessor(GetCurrentThread(), MAXIMUM_PROCESSORS), 0, SAME);
    EXPECT(SetThreadIdealProcessor(GetCurrentThread(), 65), 0xFFFFFFFF, ERROR_INVALID_PARAMETER);
    EXPECT(SetThreadAffinityMask(nullptr, one) == 0, true, ERROR_INVALID_HANDLE);
}

TEST(all, Processors_what_there_is) {
    static SYSTEM_LOGICAL_PROCESSOR_INFORMATION entries[1024];
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    DWORD bytes = 0;
    EXPECT(GetLogicalProcessorInformation(nullptr, &bytes), FALSE, ERROR_INSUFFICIENT_BUFFER);
    assert_true(bytes > 0 && bytes % sizeof entries[0] == 0 && bytes <= sizeof entries);
    EXPECT(GetLogicalProcessorInformation(entries, &bytes), TRUE, SAME);
    DWORD_PTR cores = 0, packages = 0, nodes = 0;
    for (DWORD i = 0; i < bytes / sizeof entries[0]; ++i) {
        const DWORD_PTR mask = entries[i].ProcessorMask;
        assert_true(mask != 0 && (mask & ~info.dwActiveProcessorMask) == 0);
        if (entries[i].Relationship == RelationProcessorCore) assert_true((cores & mask) == 0), cores |= mask;
        if (entries[i].Relationship == RelationProcessorPackage) packages |= mask;
        if (entries[i].Relationship == RelationNumaNode) nodes |= mask;
    }
    assert_true(cores == info.dwActiveProcessorMask && packages == cores && nodes == cores);
    assert_int_equal(GetActiveProcessorCount(0), info.dwNumberOfProcessors);
    assert_int_equal(GetActiveProcessorCount(ALL_PROCESSOR_GROUPS), info.dwNumberOfProcessors);
    EXPECT(GetActiveProcessorCount(1), 0, ERROR_INVALID_PARAMETER);
    assert_true(GetMaximumProcessorCount(0) >= info.dwNumberOfProcessors && GetActiveProcessorGroupCount() == 1);
    ULONG highest = kPoison;
    GROUP_AFFINITY node;
    EXPECT(GetNumaHighestNodeNumber(&highest), TRUE, SAME);
    EXPECT(GetNumaNodeProcessorMaskEx(static_cast<USHORT>(highest), &node), TRUE, SAME);
    EXPECT(GetNumaNodeProcessorMaskEx(static_cast<USHORT>(highest + 1), &node), FALSE, ERROR_INVALID_PARAMETER);
    PROCESSOR_NUMBER number;
    GetCurrentProcessorNumberEx(&number);
    assert_true(number.Group == 0 && number.Number < 64);
}

// ---- completion ports ---------------------------------------------------------------------------------------------
static HANDLE port;
static DWORD WINAPI adds_up(LPVOID sum) {
    for (;;) {
        DWORD bytes;
        ULONG_PTR key;
        LPOVERLAPPED overlapped;
        if (!GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, INFINITE)) return GetLastError();
        if (key == 0) return 0;
        static_cast<std::atomic<long> *>(sum)->fetch_add(static_cast<long>(key));
    }
}

TEST(all, Ports_packets_come_in_order_and_once) {
    DWORD bytes = kPoison;
    ULONG_PTR key = 0;
    LPOVERLAPPED overlapped = nullptr;
    OVERLAPPED mine;
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0);
    assert_non_null(port);
    EXPECT(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0), FALSE, WAIT_TIMEOUT);
    EXPECT(PostQueuedCompletionStatus(port, 7, 8, &mine), TRUE, SAME);
    EXPECT(PostQueuedCompletionStatus(port, 9, 10, nullptr), TRUE, SAME);
    EXPECT(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, INFINITE), TRUE, SAME);
    assert_true(bytes == 7 && key == 8 && overlapped == &mine);
    for (ULONG_PTR i = 1; i <= 3; ++i) PostQueuedCompletionStatus(port, 0, i, nullptr);
    OVERLAPPED_ENTRY entries[3];
    ULONG count = 0;
    EXPECT(GetQueuedCompletionStatusEx(port, entries, 3, &count, 0, FALSE), TRUE, SAME);
    assert_true(count == 3 && entries[0].lpCompletionKey == 10 && entries[1].lpCompletionKey == 1 &&
                entries[2].lpCompletionKey == 2);
    EXPECT(CloseHandle(port), TRUE, SAME);  // with a packet left
    EXPECT(CloseHandle(port), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(PostQueuedCompletionStatus(port, 0, 0, nullptr), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(CreateIoCompletionPort(GetStdHandle(STD_INPUT_HANDLE), nullptr, 0, 0), nullptr, ERROR_NOT_SUPPORTED);
}

TEST(all, Ports_serve_a_pool_and_send_it_away) {
    constexpr int kThreads = 4;
    constexpr long kPackets = 2000;
    std::atomic<long> sum{0};
    HANDLE threads[kThreads];
    DWORD code = kPoison;
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 2);
    for (HANDLE &thread : threads) thread = CreateThread(nullptr, 0, adds_up, &sum, 0, nullptr);
    for (long i = 1; i <= kPackets; ++i) PostQueuedCompletionStatus(port, 0, static_cast<ULONG_PTR>(i), nullptr);
    PostQueuedCompletionStatus(port, 0, 0, nullptr);  // one of them ends
    EXPECT(WaitForMultipleObjects(kThreads, threads, FALSE, kSoon) < WAIT_OBJECT_0 + kThreads, true, SAME);
    while (sum < kPackets * (kPackets + 1) / 2) Sleep(1);
    CloseHandle(port);
    for (const HANDLE thread : threads) EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
    int sent_away = 0;
    for (const HANDLE thread : threads) {
        GetExitCodeThread(thread, &code);
        sent_away += code == ERROR_ABANDONED_WAIT_0 || code == ERROR_INVALID_HANDLE ? 1 : 0;
        CloseHandle(thread);
    }
    assert_int_equal(sent_away, kThreads - 1);
    assert_int_equal(sum, kPackets * (kPackets + 1) / 2);
}

static void CALLBACK notes(ULONG_PTR) { ++asked; }
TEST(all, Ports_an_alertable_wait_ends_by_a_procedure_call) {
    OVERLAPPED_ENTRY entry;
    ULONG count = kPoison;
    asked = 0;
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0);
    QueueUserAPC(notes, GetCurrentThread(), 0);
    EXPECT(GetQueuedCompletionStatusEx(port, &entry, 1, &count, INFINITE, TRUE), FALSE, WAIT_IO_COMPLETION);
    assert_true(asked == 1 && count == 0);
    CloseHandle(port);
}

// ---- files --------------------------------------------------------------------------------------------------------
static char path[2 * MAX_PATH];
static HANDLE open_again() {
    return CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_ALWAYS,
                       FILE_ATTRIBUTE_NORMAL, nullptr);
}
static void name_file() {
    char folder[MAX_PATH];
    GetTempPathA(sizeof folder, folder);
    snprintf(path, sizeof path, "%s/winshim-around-%d", folder, getpid());
}

TEST(all, FileLocks_keep_other_openings_out) {
    name_file();
    const HANDLE first = open_again(), second = open_again();
    OVERLAPPED at{};
    at.Offset = 100;
    EXPECT(LockFile(first, 0, 0, 10, 0), TRUE, SAME);
    EXPECT(LockFile(second, 9, 0, 1, 0), FALSE, ERROR_LOCK_VIOLATION);
    EXPECT(LockFile(second, 10, 0, 1, 0), TRUE, SAME);
    EXPECT(UnlockFile(first, 0, 0, 10, 0), TRUE, SAME);
    EXPECT(LockFile(second, 9, 0, 1, 0), TRUE, SAME);
    constexpr DWORD kNow = LOCKFILE_FAIL_IMMEDIATELY;
    EXPECT(LockFileEx(first, kNow, 0, 10, 0, &at), TRUE, SAME);
    EXPECT(LockFileEx(second, kNow, 0, 10, 0, &at), TRUE, SAME);  // both may read
    EXPECT(LockFileEx(second, kNow | LOCKFILE_EXCLUSIVE_LOCK, 0, 10, 0, &at), FALSE, ERROR_LOCK_VIOLATION);
    EXPECT(UnlockFileEx(first, 0, 10, 0, &at), TRUE, SAME);
    EXPECT(LockFileEx(second, kNow | LOCKFILE_EXCLUSIVE_LOCK, 0, 10, 0, &at), TRUE, SAME);
    EXPECT(LockFileEx(second, kNow, 0, 10, 0, nullptr), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(LockFile(second, 0, 0x80000000, 1, 0), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(LockFile(CreateEventA(nullptr, FALSE, FALSE, nullptr), 0, 0, 1, 0), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(LockFile(first, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF), FALSE, ERROR_LOCK_VIOLATION);
    CloseHandle(second);  // takes its locks back
    EXPECT(LockFile(first, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF), TRUE, SAME);
    CloseHandle(first);
    DeleteFileA(path);
}

TEST(all, FileInformation_tells_which_file_it_is) {
    name_file();
    const HANDLE first = open_again(), second = open_again();
    BY_HANDLE_FILE_INFORMATION one{}, other{};
    DWORD written;
    WriteFile(first, "12345", 5, &written, nullptr);
    EXPECT(GetFileInformationByHandle(first, &one), TRUE, SAME);
    EXPECT(GetFileInformationByHandle(second, &other), TRUE, SAME);
    assert_true(one.nFileIndexLow == other.nFileIndexLow && one.dwVolumeSerialNumber == other.dwVolumeSerialNumber);
    assert_true(one.nFileSizeLow == 5 && one.nFileSizeHigh == 0 && one.nNumberOfLinks == 1);
    EXPECT(GetFileInformationByHandle(nullptr, &one), FALSE, ERROR_INVALID_HANDLE);
    CloseHandle(first);
    CloseHandle(second);
    DeleteFileA(path);
}

TEST(all, PeekNamedPipe_leaves_what_it_reads) {
    HANDLE from, to;
    char text[8] = "";
    DWORD got = kPoison, there = kPoison, left = kPoison;
    CreatePipe(&from, &to, nullptr, 0);
    EXPECT(PeekNamedPipe(from, text, sizeof text, &got, &there, &left), TRUE, SAME);
    assert_true(got == 0 && there == 0 && left == 0);
    WriteFile(to, "abcdef", 6, &got, nullptr);
    EXPECT(PeekNamedPipe(from, nullptr, 0, nullptr, &there, nullptr), TRUE, SAME);
    assert_int_equal(there, 6);
    EXPECT(PeekNamedPipe(from, text, 3, &got, &there, nullptr), TRUE, SAME);
    assert_true(got == 3 && there == 6 && memcmp(text, "abc", 3) == 0);
    EXPECT(PeekNamedPipe(to, nullptr, 0, nullptr, &there, nullptr), FALSE, ERROR_ACCESS_DENIED);
    CloseHandle(to);
    EXPECT(ReadFile(from, text, sizeof text, &got, nullptr), TRUE, SAME);
    assert_int_equal(got, 6);
    EXPECT(PeekNamedPipe(from, nullptr, 0, nullptr, &there, nullptr), FALSE, ERROR_BROKEN_PIPE);
    CloseHandle(from);
    EXPECT(PeekNamedPipe(from, nullptr, 0, nullptr, &there, nullptr), FALSE, ERROR_INVALID_HANDLE);
}

TEST(all, Descriptors_and_handles_are_the_same) {
    name_file();
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const HANDLE handle = reinterpret_cast<HANDLE>(_get_osfhandle(fd));
    DWORD written = 0;
    EXPECT(WriteFile(handle, "x", 1, &written, nullptr), TRUE, SAME);
    assert_int_equal(_open_osfhandle(reinterpret_cast<intptr_t>(handle), 0), fd);
    assert_int_equal(lseek(fd, 0, SEEK_END), 1);
    close(fd);
    assert_int_equal(_get_osfhandle(fd), -1);
    assert_int_equal(errno, EBADF);
    assert_int_equal(_open_osfhandle(1, 0), -1);
    assert_int_equal(_fileno(stderr), 2);
    DeleteFileA(path);
}

TEST(all, ConsoleEvents_go_to_a_group) {
    const int status = end_of([] {
        setpgid(0, 0);
        GenerateConsoleCtrlEvent(CTRL_C_EVENT, static_cast<DWORD>(getpid()));
    });
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    EXPECT(GenerateConsoleCtrlEvent(CTRL_CLOSE_EVENT, 0), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0x7FFFFFFF), FALSE, ERROR_INVALID_PARAMETER);
}

// ---- the C library ------------------------------------------------------------------------------------------------
TEST(all, Clock_of_multimedia) {
    TIMECAPS caps{};
    assert_int_equal(timeGetDevCaps(&caps, sizeof caps), MMSYSERR_NOERROR);
    assert_true(caps.wPeriodMin == 1 && caps.wPeriodMax >= 1);
    assert_int_equal(timeBeginPeriod(1), TIMERR_NOERROR);
    assert_int_equal(timeEndPeriod(1), TIMERR_NOERROR);
    assert_int_equal(timeBeginPeriod(0), TIMERR_NOCANDO);
    const DWORD before = timeGetTime();
    assert_true(GetTickCount() - before < 60'000);
}

TEST(all, Text_compared_copied_and_cut) {
    char text[8];
    assert_true(_stricmp("Event", "eVENT") == 0 && _stricmp("a", "B") < 0 && _stricmp("ab", "a") > 0);
    assert_true(_strnicmp("abcX", "ABCy", 3) == 0 && _strnicmp("abcX", "ABCy", 4) < 0);
    assert_true(_wcsicmp(L"Event", L"eVENT") == 0 && _wcsnicmp(L"abX", L"ABy", 2) == 0);
    char *const copy = _strdup("copy");
    wchar_t *const wide = _wcsdup(L"copy");
    assert_string_equal(copy, "copy");
    assert_true(wcscmp(wide, L"copy") == 0);
    assert_string_equal(_strupr(copy), "COPY");
    assert_string_equal(_strlwr(copy), "copy");
    free(copy);
    free(wide);
    assert_int_equal(strcpy_s(text, "1234567"), 0);
    assert_int_equal(strcpy_s(text, "12345678"), ERANGE);
    assert_string_equal(text, "");
    assert_int_equal(strncpy_s(text, sizeof text, "12345678", _TRUNCATE), STRUNCATE);
    assert_string_equal(text, "1234567");
    assert_int_equal(strncpy_s(text, sizeof text, "12345678", 3), 0);
    assert_int_equal(strcat_s(text, "45"), 0);
    assert_string_equal(text, "12345");
    assert_int_equal(strncat_s(text, sizeof text, "6789", 2), 0);
    assert_string_equal(text, "1234567");
    assert_int_equal(strncat_s(text, sizeof text, "8", _TRUNCATE), STRUNCATE);
    assert_int_equal(strcat_s(text, sizeof text, "8"), ERANGE);
    assert_int_equal(strcpy_s(nullptr, 4, "x"), EINVAL);
    assert_int_equal(memcpy_s(text, 4, "abcd", 4), 0);
    assert_int_equal(memcpy_s(text, 4, "abcde", 5), ERANGE);
    assert_memory_equal(text, "\0\0\0\0", 4);
    assert_int_equal(memmove_s(text, 4, nullptr, 1), EINVAL);
    assert_int_equal(strerror_s(text, sizeof text, ENOENT), 0);
    assert_string_equal(text, "No such");
    assert_int_equal(_countof(text), 8);
}

TEST(all, Text_printed_with_and_without_an_end) {
    char text[8] = "zzzzzzz";
    assert_int_equal(_snprintf(text, 4, "%d", 12345), -1);
    assert_memory_equal(text, "1234zzz", 7);
    assert_int_equal(_snprintf(text, 4, "%d", 9876), 4);
    assert_memory_equal(text, "9876zzz", 7);
    assert_int_equal(_snprintf(text, 4, "%d", 12), 2);
    assert_string_equal(text, "12");
    assert_int_equal(_snprintf(nullptr, 0, "%d", 123), 3);
    assert_int_equal(sprintf_s(text, sizeof text, "%s", "1234567"), 7);
    assert_int_equal(sprintf_s(text, sizeof text, "%s", "12345678"), -1);
    assert_string_equal(text, "");
    assert_int_equal(_snprintf_s(text, sizeof text, _TRUNCATE, "%s", "12345678"), -1);
    assert_string_equal(text, "1234567");
    assert_int_equal(_snprintf_s(text, sizeof text, 3, "%s", "12345678"), -1);
    assert_string_equal(text, "123");
    assert_int_equal(_snprintf_s(text, sizeof text, 8, "%s", "12345678"), -1);
    assert_string_equal(text, "");
    wchar_t wide[4] = L"zzz";
    assert_int_equal(_snwprintf(wide, 3, L"%s", L"abc"), 3);
    assert_true(wide[2] == L'c' && wide[3] == 0);
    assert_int_equal(_snwprintf(wide, 2, L"%s", L"xyz"), -1);
    assert_true(wide[0] == L'x' && wide[2] == L'c');
}

TEST(all, Library_files_times_and_memory) {
    FILE *stream = nullptr;
    assert_int_equal(fopen_s(&stream, "/dev/null", "r"), 0);
    fclose(stream);
    assert_int_equal(fopen_s(&stream, "/dev/null/none", "r"), ENOTDIR);
    assert_null(stream);
    struct tm date;
    const time_t day = 86400;
    assert_int_equal(gmtime_s(&date, &day), 0);
    assert_true(date.tm_mday == 2 && date.tm_year == 70);
    assert_int_equal(localtime_s(&date, &day), 0);
    assert_int_equal(localtime_s(nullptr, &day), EINVAL);
    struct _timeb now;
    _ftime(&now);
    assert_true(now.time - time(nullptr) <= 0 && time(nullptr) - now.time < 60 && now.millitm < 1000);
    char *memory = static_cast<char *>(_aligned_malloc(100, 256));
    assert_int_equal(reinterpret_cast<std::uintptr_t>(memory) % 256, 0);
    memory[99] = 'x';
    memory = static_cast<char *>(_aligned_realloc(memory, 10000, 512));
    assert_true(reinterpret_cast<std::uintptr_t>(memory) % 512 == 0 && memory[99] == 'x');
    _aligned_free(memory);
    assert_null(_aligned_malloc(1, 3));
    assert_int_equal(errno, EINVAL);
}

TEST(all, Intrinsics_scan_bits) {
    DWORD index = 99;
    unsigned long wide_index = 99;
    assert_int_equal(_BitScanForward(&index, 0), 0);
    assert_true(_BitScanForward(&index, 0x80000010) == 1 && index == 4);
    assert_true(_BitScanReverse(&index, 0x80000010) == 1 && index == 31);
    assert_true(_BitScanForward64(&wide_index, ULONG64{1} << 40) == 1 && wide_index == 40);
    assert_true(_BitScanReverse64(&wide_index, (ULONG64{1} << 40) | 1) == 1 && wide_index == 40);
    assert_true(_byteswap_ulong(0x01020304) == 0x04030201 && __popcnt(0xF0F0) == 8);
#if defined(__SIZEOF_INT128__)
    assert_true(__umulh(ULONG64{1} << 63, 4) == 2);
#endif
}

int main(int argc, char **argv) { return test_main(argc, argv); }
