// test_exceptions.cpp - exceptions: raised ones, faults, who is asked, and what is not taken away from the program.
//
// Source      "RaiseException", "AddVectoredExceptionHandler", "SetUnhandledExceptionFilter", "SetErrorMode",
//             "GenerateConsoleCtrlEvent".
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "tests/support/program.h"

static std::atomic<int> asked;

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

TEST(all, ConsoleEvents_go_to_a_group) {
    const int status = end_of([] {
        setpgid(0, 0);
        GenerateConsoleCtrlEvent(CTRL_C_EVENT, static_cast<DWORD>(getpid()));
    });
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    EXPECT(GenerateConsoleCtrlEvent(CTRL_CLOSE_EVENT, 0), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0x7FFFFFFF), FALSE, ERROR_INVALID_PARAMETER);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
