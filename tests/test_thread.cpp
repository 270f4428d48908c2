// test_thread.cpp - threads made by CreateThread: their objects, exit codes, stopping and ending them.
//
// Source      statements Thread-01 to Thread-26; Life-07; LD-25. Queued calls: test_apc.cpp.
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include <process.h>

#include "tests/support/program.h"

static constexpr DWORD kSoon = 20'000;  // milliseconds; reached only by a failure

static DWORD WINAPI returns_argument(void *argument) { return static_cast<DWORD>(as_number(argument)); }
static DWORD WINAPI tells_id(void *id) { return *static_cast<DWORD *>(id) = GetCurrentThreadId(); }
static DWORD WINAPI waits_for(void *event) { return WaitForSingleObject(event, INFINITE); }
static void *number(std::uintptr_t n) { return reinterpret_cast<void *>(n); }

static HANDLE thread_of(LPTHREAD_START_ROUTINE routine, void *argument, DWORD flags = 0) {
    return MADE(CreateThread(nullptr, 0, routine, argument, flags, nullptr), SAME);
}

static DWORD code_of(HANDLE thread) {
    DWORD code = 0;
    EXPECT(GetExitCodeThread(thread, &code), TRUE, SAME);
    return code;
}

static void has_ended_with(HANDLE thread, DWORD code) {
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(thread, 0), WAIT_OBJECT_0, SAME);  // it stays so
    assert_int_equal(code_of(thread), code);
}

TEST(all, Thread_01_it_runs_and_its_id_is_the_one_it_has) {
    DWORD told = 0, seen = 0;
    const HANDLE thread = MADE(CreateThread(nullptr, 0, tells_id, &seen, 0, &told), SAME);
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
    assert_int_equal(told, seen);
    assert_int_equal(code_of(thread), seen);
    assert_int_equal(GetThreadId(thread), seen);
    assert_int_equal(GetProcessIdOfThread(thread), GetCurrentProcessId());
    assert_int_not_equal(seen, GetCurrentThreadId());
}

TEST(all, Thread_02_14_created_suspended_it_runs_after_as_many_resumes) {
    DWORD seen = 0;
    const HANDLE thread = thread_of(tells_id, &seen, CREATE_SUSPENDED);
    EXPECT(WaitForSingleObject(thread, 50), WAIT_TIMEOUT, SAME);
    EXPECT(SuspendThread(thread), 1, SAME);
    EXPECT(ResumeThread(thread), 2, SAME);
    EXPECT(WaitForSingleObject(thread, 50), WAIT_TIMEOUT, SAME);
    assert_int_equal(code_of(thread), STILL_ACTIVE);
    EXPECT(ResumeThread(thread), 1, SAME);
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
    assert_int_not_equal(seen, 0);
}

TEST(all, Thread_03_no_routine_and_unknown_flags_are_refused) {
    EXPECT(CreateThread(nullptr, 0, nullptr, nullptr, 0, nullptr), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(CreateThread(nullptr, 0, returns_argument, nullptr, 1, nullptr), nullptr, ERROR_INVALID_PARAMETER);
}

TEST(all, Thread_04_the_result_of_the_routine_is_the_exit_code) {
    for (const DWORD code : {0u, 1u, 258u, 0xFFFFFFFFu})
        has_ended_with(thread_of(returns_argument, number(code)), code);
}

TEST(all, Thread_05_ExitThread_ends_it_there) {
    static std::atomic<bool> went_on;
    went_on = false;
    const HANDLE thread = thread_of(
        [](void *) -> DWORD {
            ExitThread(77);
            went_on = true;
            return 1;
        },
        nullptr);
    has_ended_with(thread, 77);
    assert_false(went_on.load());
}

TEST(all, Thread_06_07_259_while_it_runs_and_when_it_says_so) {
    const HANDLE event = manual_event(false, nullptr), thread = thread_of(waits_for, event);
    assert_int_equal(code_of(thread), STILL_ACTIVE);
    EXPECT(SetEvent(event), TRUE, SAME);
    has_ended_with(thread, WAIT_OBJECT_0);
    has_ended_with(thread_of(returns_argument, number(STILL_ACTIVE)), STILL_ACTIVE);
}

TEST(all, Thread_08_13_19_what_is_no_thread_is_refused) {
    const HANDLE event = manual_event(true, nullptr);
    DWORD code = 0;
    for (const HANDLE wrong : {event, static_cast<HANDLE>(nullptr), static_cast<HANDLE>(number(0xABC0))}) {
        EXPECT(GetExitCodeThread(wrong, &code), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(TerminateThread(wrong, 1), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(SuspendThread(wrong), 0xFFFFFFFF, ERROR_INVALID_HANDLE);
        EXPECT(ResumeThread(wrong), 0xFFFFFFFF, ERROR_INVALID_HANDLE);
        EXPECT(GetThreadId(wrong), 0, ERROR_INVALID_HANDLE);
    }
    EXPECT(GetExitCodeThread(GetCurrentThread(), nullptr), FALSE, ERROR_INVALID_PARAMETER);
}

TEST(ce | nt, Thread_09_13_22_a_handle_with_SYNCHRONIZE_can_only_wait) {
    DWORD id = 0, code = 0;
    const HANDLE event = manual_event(false, nullptr);
    const HANDLE thread = MADE(CreateThread(nullptr, 0, waits_for, event, 0, &id), SAME);
    const HANDLE limited = MADE(OpenThread(SYNCHRONIZE, FALSE, id), SAME);
    EXPECT(CompareObjectHandles(thread, limited), TRUE, SAME);
    EXPECT(GetExitCodeThread(limited, &code), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(TerminateThread(limited, 1), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(SuspendThread(limited), 0xFFFFFFFF, ERROR_ACCESS_DENIED);
    const HANDLE query = MADE(OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, id), SAME);
    assert_int_equal(code_of(query), STILL_ACTIVE);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(limited, kSoon), WAIT_OBJECT_0, SAME);
}

// A thread that is told to end by a signal, and that calls nothing any more: it spins, or goes to sleep by a bare
// system call. The thread sanitizer keeps its signal back until it calls something that the sanitizer knows.
static void needs_prompt_signals() {
#if defined(__SANITIZE_THREAD__)
    print_message("skipped: the thread sanitizer brings a signal only to a thread that calls something\n");
    skip();
#endif
}

static DWORD WINAPI spins(void *flag) {
    for (*static_cast<std::atomic<int> *>(flag) = 1;;) {}
    return 0;
}

TEST(all, Thread_10_12_TerminateThread_ends_a_running_one_and_no_other) {
    needs_prompt_signals();
    std::atomic<int> running{0};
    const HANDLE thread = thread_of(spins, &running);
    while (running == 0) usleep(100);
    EXPECT(TerminateThread(thread, 5), TRUE, SAME);
    has_ended_with(thread, 5);
    EXPECT(TerminateThread(thread, 6), TRUE, SAME);
    assert_int_equal(code_of(thread), 5);
}

TEST(all, Thread_10_TerminateThread_ends_one_that_is_blocked_or_suspended) {
    const HANDLE event = auto_event(false, nullptr);
    const HANDLE blocked = thread_of(waits_for, event), suspended = thread_of(waits_for, event, CREATE_SUSPENDED);
    usleep(20'000);
    EXPECT(TerminateThread(blocked, 8), TRUE, SAME);
    EXPECT(TerminateThread(suspended, 9), TRUE, SAME);
    has_ended_with(blocked, 8);
    has_ended_with(suspended, 9);
    EXPECT(SetEvent(event), TRUE, SAME);  // nobody is left to take it
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, Thread_10_a_thread_may_terminate_itself) {
    has_ended_with(thread_of([](void *) -> DWORD { return TerminateThread(GetCurrentThread(), 4), 1; }, nullptr), 4);
}

TEST(all, Thread_11_the_mutexes_of_a_terminated_thread_are_abandoned) {
    needs_prompt_signals();
    struct Both {
        HANDLE mutex, taken, never;
    } both{free_mutex(nullptr), manual_event(false, nullptr), manual_event(false, nullptr)};
    const HANDLE thread = thread_of(
        [](void *argument) -> DWORD {
            const Both &b = *static_cast<Both *>(argument);
            WaitForSingleObject(b.mutex, INFINITE);
            SetEvent(b.taken);
            return WaitForSingleObject(b.never, INFINITE);
        },
        &both);
    EXPECT(WaitForSingleObject(both.taken, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(TerminateThread(thread, 1), TRUE, SAME);
    EXPECT(WaitForSingleObject(both.mutex, kSoon), WAIT_ABANDONED, SAME);
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
}

TEST(all, Thread_15_20_a_suspended_thread_stands_still) {
    static std::atomic<unsigned> count;
    count = 0;
    const HANDLE thread = thread_of([](void *) -> DWORD { for (;;) count.fetch_add(1); }, nullptr);
    while (count == 0) usleep(100);
    EXPECT(SuspendThread(thread), 0, SAME);
    // It has been told; it stands still once several looks see the same (one may find it off its processor).
    unsigned seen = 0;
    for (int i = 0, same = 0; i < 500 && same < 10; ++i) {
        same = seen == count ? same + 1 : 0;
        seen = count;
        usleep(20'000);
    }
    usleep(50'000);
    assert_int_equal(seen, count.load());
    EXPECT(ResumeThread(thread), 1, SAME);
    while (count == seen) usleep(100);
    EXPECT(ResumeThread(thread), 0, SAME);
    EXPECT(TerminateThread(thread, 0), TRUE, SAME);
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
}

TEST(all, Thread_16_the_count_ends_at_127) {
    const HANDLE thread = thread_of(returns_argument, nullptr, CREATE_SUSPENDED);
    for (DWORD i = 1; i < MAXIMUM_SUSPEND_COUNT; ++i) EXPECT(SuspendThread(thread), i, SAME);
    EXPECT(SuspendThread(thread), 0xFFFFFFFF, ERROR_SIGNAL_REFUSED);
    for (DWORD i = MAXIMUM_SUSPEND_COUNT; i > 0; --i) EXPECT(ResumeThread(thread), i, SAME);
    has_ended_with(thread, 0);
}

TEST(all, Thread_17_18_stopping_one_that_has_ended) {
    const HANDLE thread = thread_of(returns_argument, nullptr);
    has_ended_with(thread, 0);
    EXPECT(SuspendThread(thread), 0xFFFFFFFF, ERROR_ACCESS_DENIED);
    EXPECT(ResumeThread(thread), 0, SAME);
}

TEST(all, Thread_15_a_thread_may_suspend_itself) {
    const HANDLE thread = thread_of([](void *) -> DWORD { return SuspendThread(GetCurrentThread()) + 10; }, nullptr);
    EXPECT(WaitForSingleObject(thread, 50), WAIT_TIMEOUT, SAME);
    while (ResumeThread(thread) == 0) usleep(1000);
    has_ended_with(thread, 10);
}

// Whoever is stopped in the middle of our calls must not keep others from theirs.
TEST(all, Thread_15_a_thread_stopped_in_any_call_holds_nobody_up) {
    static std::atomic<bool> stop;
    stop = false;
    const HANDLE mutex = free_mutex(nullptr), event = auto_event(false, "stopped anywhere");
    struct Both {
        HANDLE mutex, event;
    } both{mutex, event};
    const HANDLE thread = thread_of(
        [](void *argument) -> DWORD {
            const Both &b = *static_cast<Both *>(argument);
            while (!stop) {
                SetEvent(b.event);
                CloseHandle(CreateEventA(nullptr, FALSE, FALSE, "stopped anywhere"));
                CloseHandle(CreateEventA(nullptr, FALSE, FALSE, nullptr));
                const HANDLE any[] = {b.event, b.mutex};
                if (WaitForMultipleObjects(2, any, FALSE, 0) == WAIT_OBJECT_0 + 1) ReleaseMutex(b.mutex);
            }
            return 0;
        },
        &both);
    for (int i = 0; i < 300; ++i) {
        usleep(static_cast<useconds_t>(i % 7) * 50);
        EXPECT(SuspendThread(thread), 0, SAME);
        usleep(300);
        const HANDLE made = MADE(CreateEventA(nullptr, FALSE, FALSE, "stopped anywhere"), ERROR_ALREADY_EXISTS);
        // It has been told, and may take one more signal before it stands still.
        DWORD got = WAIT_TIMEOUT;
        for (int tries = 0; tries < 100 && got == WAIT_TIMEOUT; ++tries) {
            EXPECT(SetEvent(made), TRUE, SAME);
            got = WaitForSingleObject(made, 200);
        }
        assert_int_equal(got, WAIT_OBJECT_0);
        EXPECT(CloseHandle(made), TRUE, SAME);
        EXPECT(ResumeThread(thread), 1, SAME);
    }
    stop = true;
    has_ended_with(thread, 0);
}

TEST(all, Thread_21_OpenThread_of_an_unknown_id) {
    EXPECT(OpenThread(SYNCHRONIZE, FALSE, 0), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(OpenThread(SYNCHRONIZE, FALSE, 0x7FFFFFF0), nullptr, ERROR_INVALID_PARAMETER);
    MADE(OpenThread(THREAD_ALL_ACCESS, FALSE, GetCurrentThreadId()), SAME);
}

TEST(all, Thread_22_a_thread_of_another_process_can_be_waited_for_and_nothing_else) {
    Actor other = process_actor();
    other.made(step::create_event(TRUE, TRUE, NAME), 0);
    const HANDLE thread = MADE(OpenThread(THREAD_ALL_ACCESS, FALSE, static_cast<DWORD>(other.pid())), SAME);
    EXPECT(SuspendThread(thread), 0xFFFFFFFF, ERROR_NOT_SUPPORTED);
    EXPECT(TerminateThread(thread, 1), FALSE, ERROR_NOT_SUPPORTED);
    EXPECT(QueueUserAPC([](ULONG_PTR) {}, thread, 0), 0, ERROR_NOT_SUPPORTED);
    EXPECT(WaitForSingleObject(thread, 0), WAIT_TIMEOUT, SAME);
    other.ends(Ending::exits);
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
}

TEST(all, Thread_23_closing_the_handle_does_not_end_it) {
    const HANDLE event = manual_event(false, nullptr), done = manual_event(false, nullptr);
    struct Both {
        HANDLE event, done;
    } both{event, done};
    const HANDLE thread = thread_of(
        [](void *argument) -> DWORD {
            const Both b = *static_cast<Both *>(argument);
            WaitForSingleObject(b.event, INFINITE);
            return static_cast<DWORD>(SetEvent(b.done));
        },
        &both);
    EXPECT(CloseHandle(thread), TRUE, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(done, kSoon), WAIT_OBJECT_0, SAME);
}

TEST(all, Thread_24_a_pthread_is_one_too) {
    struct Told {
        HANDLE handle, go;
    } told{nullptr, manual_event(false, nullptr)};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, nullptr,
                                    [](void *argument) -> void * {
                                        Told &t = *static_cast<Told *>(argument);
                                        DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(),
                                                        &t.handle, 0, FALSE, DUPLICATE_SAME_ACCESS);
                                        WaitForSingleObject(t.go, INFINITE);
                                        return nullptr;
                                    },
                                    &told), 0);
    EXPECT(SetEvent(told.go), TRUE, SAME);
    assert_int_equal(pthread_join(thread, nullptr), 0);
    has_ended_with(told.handle, 0);
}

TEST(all, Thread_01_process_h_has_the_same_threads) {
    const auto add = [](void *argument) -> unsigned { return static_cast<unsigned>(as_number(argument)) + 1; };
    unsigned id = 0;
    const uintptr_t made = _beginthreadex(nullptr, 0, add, number(41), 0, &id);
    assert_int_not_equal(made, 0);
    assert_int_not_equal(id, 0);
    has_ended_with(reinterpret_cast<HANDLE>(made), 42);
    has_ended_with(reinterpret_cast<HANDLE>(_beginthreadex(
                       nullptr, 0, [](void *) -> unsigned { _endthreadex(9); }, nullptr, 0, nullptr)), 9);
    static HANDLE done;
    done = manual_event(false, nullptr);
    const uintptr_t begun = _beginthread([](void *event) { SetEvent(event); _endthread(); }, 0, done);
    assert_int_not_equal(begun, static_cast<uintptr_t>(-1));
    EXPECT(WaitForSingleObject(done, kSoon), WAIT_OBJECT_0, SAME);
    assert_int_equal(_beginthreadex(nullptr, 0, nullptr, nullptr, 0, nullptr), 0);
    assert_int_equal(errno, EINVAL);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
