// test_timer_queue.cpp - timer queues and registered waits; all of the pool across fork and exit.
//
// Source      the pages of threadpoollegacyapiset.h: "CreateTimerQueueTimer", "DeleteTimerQueueTimer",
//             "RegisterWaitForSingleObject", "UnregisterWaitEx", ...
#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/pool.h"

static Counter called;
static std::atomic<long> fired_flags, argument_sum;
static std::atomic<DWORD> thread_id;
static HANDLE begun, go;  // of callbacks that block

static void begin() {
    called.reset();
    fired_flags = argument_sum = 0;
    begun = event();
    go = event(TRUE);
}

static void NTAPI counts(PVOID argument, BOOLEAN fired) {
    fired_flags += fired;
    argument_sum += static_cast<long>(as_number(argument));
    thread_id = GetCurrentThreadId();
    ++called;
}
static void NTAPI blocks(PVOID, BOOLEAN) {
    SetEvent(begun);
    WaitForSingleObject(go, kSoon);
    ++called;
}

static HANDLE timer(HANDLE queue, WAITORTIMERCALLBACK callback, DWORD due_ms, DWORD period_ms = 0, ULONG flags = 0,
                    void *argument = nullptr) {
    HANDLE made = nullptr;
    EXPECT(CreateTimerQueueTimer(&made, queue, callback, argument, due_ms, period_ms, flags), TRUE, SAME);
    assert_non_null(made);
    return made;
}
static HANDLE queue() {
    const HANDLE made = CreateTimerQueue();
    assert_non_null(made);
    return made;
}

// ---- timer queues --------------------------------------------------------------------------------------------------

TEST(all, TimerQueue_a_timer_calls_once_with_its_argument_and_not_too_early) {
    begin();
    const HANDLE q = queue();
    const ULONGLONG started = milliseconds();
    const HANDLE t = timer(q, counts, 30, 0, 0, reinterpret_cast<void *>(5));
    REQUIRE(called.reaches(1), "it calls");
    assert_true(milliseconds() - started >= 29);
    REQUIRE(called.stays(1), "once");
    assert_int_equal(fired_flags, 1);
    assert_int_equal(argument_sum, 5);
    assert_int_not_equal(thread_id, GetCurrentThreadId());
    EXPECT(DeleteTimerQueueTimer(q, t, nullptr), TRUE, SAME);
    EXPECT(DeleteTimerQueueTimer(q, t, nullptr), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(DeleteTimerQueueEx(q, INVALID_HANDLE_VALUE), TRUE, SAME);
    EXPECT(DeleteTimerQueueEx(q, INVALID_HANDLE_VALUE), FALSE, ERROR_INVALID_HANDLE);
}

TEST(all, TimerQueue_a_period_goes_on_until_the_timer_is_deleted) {
    begin();
    const HANDLE t = timer(nullptr, counts, 0, 4);  // in the queue that every process has
    const ULONGLONG started = milliseconds();
    REQUIRE(called.reaches(6), "it calls again and again");
    assert_true(milliseconds() - started >= 15);
    EXPECT(DeleteTimerQueueTimer(nullptr, t, INVALID_HANDLE_VALUE), TRUE, SAME);
    REQUIRE(called.stays(called.get()), "no callback after that");
}

TEST(all, TimerQueue_what_is_refused) {
    HANDLE made = poison_handle();
    const HANDLE q = queue(), other = queue();
    EXPECT(CreateTimerQueueTimer(nullptr, q, counts, nullptr, 0, 0, 0), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(CreateTimerQueueTimer(&made, q, nullptr, nullptr, 0, 0, 0), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(CreateTimerQueueTimer(&made, q, counts, nullptr, 0, 5, WT_EXECUTEONLYONCE), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(CreateTimerQueueTimer(&made, q, counts, nullptr, 0, 0, 0x4000), FALSE, ERROR_INVALID_PARAMETER);
    const HANDLE t = timer(q, counts, INFINITE);
    // Which queue is named beside a timer does not matter, as long as there is one.
    EXPECT(ChangeTimerQueueTimer(other, t, INFINITE, 0), TRUE, SAME);
    EXPECT(ChangeTimerQueueTimer(nullptr, t, INFINITE, 0), TRUE, SAME);
    EXPECT(DeleteTimerQueueTimer(other, t, nullptr), TRUE, SAME);
    EXPECT(DeleteTimerQueueTimer(q, t, nullptr), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(DeleteTimerQueueTimer(q, nullptr, nullptr), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(DeleteTimerQueueEx(nullptr, nullptr), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(DeleteTimerQueue(nullptr), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(DeleteTimerQueue(q), TRUE, SAME);
    EXPECT(CreateTimerQueueTimer(&made, q, counts, nullptr, 0, 0, 0), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(DeleteTimerQueue(other), TRUE, SAME);
}

TEST(all, TimerQueue_change_sets_it_anew_unless_it_has_expired_for_good) {
    begin();
    const HANDLE q = queue();
    const HANDLE t = timer(q, counts, INFINITE);
    REQUIRE(called.stays(0), "INFINITE is never");
    EXPECT(ChangeTimerQueueTimer(q, t, 3'600'000, 0), TRUE, SAME);
    EXPECT(ChangeTimerQueueTimer(q, t, 5, 5), TRUE, SAME);
    REQUIRE(called.reaches(3), "the new period");
    EXPECT(ChangeTimerQueueTimer(q, t, 0, 0), TRUE, SAME);
    Sleep(50);
    const long so_far = called.get();
    REQUIRE(called.stays(so_far), "no period any more");
    EXPECT(ChangeTimerQueueTimer(q, t, 0, 0), TRUE, SAME);
    REQUIRE(called.stays(so_far), "it has expired");
    EXPECT(DeleteTimerQueueEx(q, INVALID_HANDLE_VALUE), TRUE, SAME);
}

TEST(all, TimerQueue_deleting_while_a_callback_runs) {
    begin();
    const HANDLE q = queue(), done = event();
    const HANDLE t = timer(q, blocks, 0);
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(DeleteTimerQueueTimer(q, t, nullptr), FALSE, ERROR_IO_PENDING);
    const HANDLE u = timer(q, blocks, 0);
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(DeleteTimerQueueTimer(q, u, done), FALSE, ERROR_IO_PENDING);
    EXPECT(WaitForSingleObject(done, 20), WAIT_TIMEOUT, SAME);
    SetEvent(go);
    EXPECT(WaitForSingleObject(done, kSoon), WAIT_OBJECT_0, SAME);
    REQUIRE(called.reaches(2), "both have run");
    const HANDLE v = timer(q, counts, 3'600'000);
    EXPECT(DeleteTimerQueueTimer(q, v, done), TRUE, SAME);  // nothing to wait for
    EXPECT(WaitForSingleObject(done, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(DeleteTimerQueueEx(q, INVALID_HANDLE_VALUE), TRUE, SAME);
}

static DWORD WINAPI opens_soon(PVOID gate) {
    Sleep(50);
    return static_cast<DWORD>(SetEvent(gate));
}

TEST(all, TimerQueue_deleting_a_queue_waits_or_tells) {
    begin();
    const HANDLE q = queue(), r = queue(), s = queue(), done = event();
    for (const HANDLE each : {q, r, s}) {
        timer(each, blocks, 0);
        EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
        timer(each, counts, 3'600'000, 1);
    }
    EXPECT(DeleteTimerQueueEx(r, nullptr), FALSE, ERROR_IO_PENDING);
    EXPECT(DeleteTimerQueueEx(s, done), TRUE, SAME);
    EXPECT(WaitForSingleObject(done, 0), WAIT_TIMEOUT, SAME);
    const HANDLE opener = MADE(CreateThread(nullptr, 0, opens_soon, go, 0, nullptr), SAME);
    EXPECT(DeleteTimerQueueEx(q, INVALID_HANDLE_VALUE), TRUE, SAME);
    assert_true(called.get() >= 1);
    EXPECT(WaitForSingleObject(done, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(opener, kSoon), WAIT_OBJECT_0, SAME);
    REQUIRE(called.reaches(3) && called.stays(3), "the others never ran");
    const HANDLE empty = queue();
    EXPECT(DeleteTimerQueueEx(empty, done), TRUE, SAME);
    EXPECT(WaitForSingleObject(done, kSoon), WAIT_OBJECT_0, SAME);
}

static HANDLE queue_of_test, timer_of_test;
static std::atomic<BOOL> deleted;
static std::atomic<DWORD> error;
static void NTAPI deletes_itself(PVOID completion, BOOLEAN) {
    WaitForSingleObject(go, kSoon);
    SetLastError(kPoison);
    deleted = DeleteTimerQueueTimer(queue_of_test, timer_of_test, completion);
    error = GetLastError();
    ++called;
}

TEST(all, TimerQueue_a_callback_may_delete_its_timer) {
    for (HANDLE completion : {HANDLE{nullptr}, INVALID_HANDLE_VALUE}) {
        begin();
        queue_of_test = queue();
        timer_of_test = timer(queue_of_test, deletes_itself, 0, 0, 0, completion);
        SetEvent(go);
        REQUIRE(called.reaches(1), "it does not wait for itself");
        assert_int_equal(deleted, FALSE);
        assert_int_equal(error, ERROR_IO_PENDING);
        EXPECT(DeleteTimerQueueEx(queue_of_test, INVALID_HANDLE_VALUE), TRUE, SAME);
    }
}

TEST(all, TimerQueue_callbacks_in_the_thread_of_the_timers) {
    begin();
    const HANDLE q = queue();
    DWORD threads[3];
    for (DWORD &thread : threads) {
        const long before = called.get();
        timer(q, counts, 1, 0, WT_EXECUTEINTIMERTHREAD);
        REQUIRE(called.reaches(before + 1), "it calls");
        thread = thread_id;
    }
    assert_int_equal(threads[0], threads[1]);
    assert_int_equal(threads[1], threads[2]);
    EXPECT(DeleteTimerQueueEx(q, INVALID_HANDLE_VALUE), TRUE, SAME);
}

// ---- registered waits ---------------------------------------------------------------------------------------------

static HANDLE registered(HANDLE object, WAITORTIMERCALLBACK callback, ULONG ms = INFINITE, ULONG flags = 0,
                         void *argument = nullptr) {
    HANDLE made = nullptr;
    EXPECT(RegisterWaitForSingleObject(&made, object, callback, argument, ms, flags), TRUE, SAME);
    assert_non_null(made);
    return made;
}

TEST(all, RegisterWait_it_calls_for_each_signal) {
    begin();
    const HANDLE e = event();
    const HANDLE w = registered(e, counts, INFINITE, WT_EXECUTEDEFAULT, reinterpret_cast<void *>(2));
    for (long i = 1; i <= 50; ++i) {
        EXPECT(SetEvent(e), TRUE, SAME);
        REQUIRE(called.reaches(i), "it calls");
    }
    assert_int_equal(fired_flags, 0);
    assert_int_equal(argument_sum, 100);
    EXPECT(UnregisterWaitEx(w, INVALID_HANDLE_VALUE), TRUE, SAME);
    EXPECT(SetEvent(e), TRUE, SAME);
    EXPECT(WaitForSingleObject(e, 0), WAIT_OBJECT_0, SAME);  // nobody takes it any more
    EXPECT(UnregisterWaitEx(w, INVALID_HANDLE_VALUE), FALSE, ERROR_INVALID_HANDLE);
    assert_int_equal(called.get(), 50);
}

TEST(all, RegisterWait_for_once) {
    begin();
    const HANDLE e = event(TRUE, TRUE);
    const HANDLE w = registered(e, counts, INFINITE, WT_EXECUTEONLYONCE);
    REQUIRE(called.reaches(1) && called.stays(1), "it calls once");
    EXPECT(UnregisterWait(w), TRUE, SAME);
}

TEST(all, RegisterWait_each_time_out_calls) {
    begin();
    const HANDLE e = event();
    const ULONGLONG started = milliseconds();
    const HANDLE w = registered(e, counts, 10);
    REQUIRE(called.reaches(4), "it calls again and again");
    assert_true(milliseconds() - started >= 35);
    assert_true(fired_flags >= 4);
    EXPECT(UnregisterWaitEx(w, INVALID_HANDLE_VALUE), TRUE, SAME);
    REQUIRE(called.stays(called.get()), "it is over");
}

TEST(all, RegisterWait_ending_it_while_a_callback_runs) {
    begin();
    const HANDLE e = event(), other = event(), done = event();
    const HANDLE w = registered(e, blocks, INFINITE, WT_EXECUTEONLYONCE), v = registered(other, blocks);
    EXPECT(SetEvent(e), TRUE, SAME);
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(SetEvent(other), TRUE, SAME);
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(UnregisterWait(w), FALSE, ERROR_IO_PENDING);
    EXPECT(UnregisterWaitEx(v, done), TRUE, SAME);
    EXPECT(WaitForSingleObject(done, 20), WAIT_TIMEOUT, SAME);
    SetEvent(go);
    EXPECT(WaitForSingleObject(done, kSoon), WAIT_OBJECT_0, SAME);
    REQUIRE(called.reaches(2), "both have run");
}

static HANDLE wait_of_test;
static void NTAPI ends_itself(PVOID completion, BOOLEAN) {
    WaitForSingleObject(go, kSoon);
    SetLastError(kPoison);
    deleted = UnregisterWaitEx(wait_of_test, completion);
    error = GetLastError();
    ++called;
}

TEST(all, RegisterWait_a_callback_may_end_its_wait) {
    for (HANDLE completion : {HANDLE{nullptr}, INVALID_HANDLE_VALUE}) {
        for (const ULONG flags : {ULONG{WT_EXECUTEDEFAULT}, ULONG{WT_EXECUTEINWAITTHREAD}}) {
            begin();
            const HANDLE e = event();
            wait_of_test = registered(e, ends_itself, INFINITE, flags, completion);
            SetEvent(e);
            SetEvent(go);
            REQUIRE(called.reaches(1), "it does not wait for itself");
            assert_int_equal(deleted, FALSE);
            assert_int_equal(error, ERROR_IO_PENDING);
            SetEvent(e);
            REQUIRE(called.stays(1, 30), "it has ended");
        }
    }
}

TEST(all, RegisterWait_callbacks_in_the_thread_that_waits) {
    begin();
    const HANDLE e = event();
    const HANDLE w = registered(e, counts, INFINITE, WT_EXECUTEINWAITTHREAD);
    DWORD threads[3];
    for (DWORD &thread : threads) {
        const long before = called.get();
        SetEvent(e);
        REQUIRE(called.reaches(before + 1), "it calls");
        thread = thread_id;
    }
    assert_int_equal(threads[0], threads[1]);
    assert_int_equal(threads[1], threads[2]);
    EXPECT(UnregisterWaitEx(w, INVALID_HANDLE_VALUE), TRUE, SAME);
}

TEST(all, RegisterWait_what_is_refused) {
    HANDLE made = nullptr;
    const HANDLE e = event();
    EXPECT(RegisterWaitForSingleObject(nullptr, e, counts, nullptr, INFINITE, 0), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(RegisterWaitForSingleObject(&made, e, nullptr, nullptr, INFINITE, 0), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(RegisterWaitForSingleObject(&made, nullptr, counts, nullptr, INFINITE, 0), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(UnregisterWait(nullptr), FALSE, ERROR_INVALID_HANDLE);
}

TEST(all, RegisterWait_a_process_or_thread_that_ends) {
    begin();
    const HANDLE thread = MADE(CreateThread(nullptr, 0, opens_soon, go, 0, nullptr), SAME);
    const HANDLE w = registered(thread, counts, INFINITE, WT_EXECUTEONLYONCE);
    REQUIRE(called.reaches(1), "it has ended");
    EXPECT(UnregisterWaitEx(w, INVALID_HANDLE_VALUE), TRUE, SAME);
}

TEST(all, RegisterWait_a_pipe_that_can_be_read) {
    begin();
    HANDLE reads = nullptr, writes = nullptr;
    EXPECT(CreatePipe(&reads, &writes, nullptr, 0), TRUE, SAME);
    const HANDLE w = registered(reads, counts, INFINITE, WT_EXECUTEONLYONCE);
    REQUIRE(called.stays(0), "there is nothing to read");
    DWORD written = 0;
    EXPECT(WriteFile(writes, "x", 1, &written, nullptr), TRUE, SAME);
    REQUIRE(called.reaches(1) && called.stays(1), "now there is");
    EXPECT(UnregisterWaitEx(w, INVALID_HANDLE_VALUE), TRUE, SAME);
    EXPECT(CloseHandle(reads), TRUE, SAME);
    EXPECT(CloseHandle(writes), TRUE, SAME);
}

// Many waits come and go while their events are signaled: each callback is for one signal that was there.
TEST(all, RegisterWait_signals_are_neither_lost_nor_made_when_waits_come_and_go) {
    begin();
    long sent = 0, left = 0;
    for (int round = 0; round < 100; ++round) {
        const HANDLE e = event();
        const HANDLE w = registered(e, counts, INFINITE, WT_EXECUTEONLYONCE);
        EXPECT(SetEvent(e), TRUE, SAME);
        ++sent;
        UnregisterWaitEx(w, INVALID_HANDLE_VALUE);
        left += WaitForSingleObject(e, 0) == WAIT_OBJECT_0;
        EXPECT(CloseHandle(e), TRUE, SAME);
    }
    assert_int_equal(called.get() + left, sent);
}

// ---- fork and exit ------------------------------------------------------------------------------------------------

static DWORD WINAPI opens(PVOID gate) { return static_cast<DWORD>(SetEvent(gate)); }

static int child_of_fork(HANDLE q, HANDLE old_timer) {
    const long before = called.get();
    Sleep(30);
    if (called.get() != before) return 1;  // nothing runs on its own
    if (!DeleteTimerQueueTimer(q, old_timer, INVALID_HANDLE_VALUE)) return 2;
    HANDLE t = nullptr, w = nullptr;
    const HANDLE e = CreateEventA(nullptr, FALSE, FALSE, nullptr), gate = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    if (!CreateTimerQueueTimer(&t, q, counts, nullptr, 1, 0, 0) || !called.reaches(before + 1)) return 3;
    if (!RegisterWaitForSingleObject(&w, e, counts, nullptr, INFINITE, 0)) return 4;
    SetEvent(e);
    if (!called.reaches(before + 2)) return 5;
    if (!QueueUserWorkItem(opens, gate, 0) || WaitForSingleObject(gate, kSoon) != WAIT_OBJECT_0) return 6;
    if (!UnregisterWaitEx(w, INVALID_HANDLE_VALUE) || !DeleteTimerQueueEx(q, INVALID_HANDLE_VALUE)) return 7;
    return 0;
}

TEST(all, Pool_a_child_of_fork_begins_with_an_empty_pool) {
    begin();
    const HANDLE q = queue(), e = event();
    const HANDLE t = timer(q, counts, 0, 2);
    const HANDLE w = registered(e, counts);
    timer(q, blocks, 0);  // a callback of the parent runs while it forks
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    REQUIRE(called.reaches(3), "the parent's timer runs");
    for (int round = 0; round < 5; ++round) {
        const pid_t child = fork();
        if (child == 0) _exit(child_of_fork(q, t));
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        const long so_far = called.get();
        REQUIRE(called.reaches(so_far + 3), "the parent goes on");
    }
    SetEvent(go);
    const long so_far = called.get();
    EXPECT(SetEvent(e), TRUE, SAME);
    REQUIRE(called.reaches(so_far + 1), "and so does its wait");
    EXPECT(UnregisterWaitEx(w, INVALID_HANDLE_VALUE), TRUE, SAME);
    EXPECT(DeleteTimerQueueEx(q, INVALID_HANDLE_VALUE), TRUE, SAME);
}

static std::atomic<int> forked_status{-1};
static void NTAPI forks(PVOID, BOOLEAN) {
    const pid_t child = fork();
    if (child == 0) {
        HANDLE gate = CreateEventA(nullptr, FALSE, FALSE, nullptr);
        const bool runs = QueueUserWorkItem(opens, gate, 0) && WaitForSingleObject(gate, kSoon) == WAIT_OBJECT_0;
        _exit(runs ? 0 : 1);
    }
    int status = -1;
    if (child > 0) waitpid(child, &status, 0);
    forked_status = status;
    ++called;
}

TEST(all, Pool_a_callback_may_fork) {
    for (const ULONG flags : {ULONG{WT_EXECUTEDEFAULT}, ULONG{WT_EXECUTEINTIMERTHREAD}}) {
        begin();
        const HANDLE q = queue();
        timer(q, forks, 0, 0, flags);  // the child has the thread that runs this, and no other
        REQUIRE(called.reaches(1), "it forks");
        assert_int_equal(forked_status, 0);
        EXPECT(DeleteTimerQueueEx(q, INVALID_HANDLE_VALUE), TRUE, SAME);
    }
}

ROLE(ends_in_the_middle) {
    begin();
    const HANDLE q = queue(), e = event();
    timer(q, blocks, 0);
    timer(q, counts, 0, 1);
    registered(e, counts, 1);
    WaitForSingleObject(begun, kSoon);
    for (int i = 0; i < 100; ++i) QueueUserWorkItem(opens, e, 0);
    return 42;  // from main: exit(), with callbacks running, queued and due
}

TEST(all, Pool_exit_waits_for_no_callback) {
    const ULONGLONG started = milliseconds();
    const RoleResult result = run_role("ends_in_the_middle", "");
    assert_int_equal(result.status, 42 << 8);
    assert_true(milliseconds() - started < kSoon);
}

static long threads_of_process() {
    long count = 0;
    DIR *tasks = opendir("/proc/self/task");
    while (tasks != nullptr && readdir(tasks) != nullptr) ++count;
    if (tasks != nullptr) closedir(tasks);
    return count - 2;
}

ROLE(rests) {
    // A sanitizer may have a thread of its own, from the first thread that is made.
    const HANDLE first = CreateThread(nullptr, 0, opens, nullptr, 0, nullptr);
    WaitForSingleObject(first, kSoon);
    for (int i = 0; i < 100 && threads_of_process() > 1; ++i) Sleep(10);
    const long before = threads_of_process();
    begin();
    const HANDLE q = queue(), e = event();
    const HANDLE t = timer(q, counts, 0), w = registered(e, counts, INFINITE, WT_EXECUTEONLYONCE);
    SetEvent(e);
    for (int i = 0; i < 20; ++i) QueueUserWorkItem(opens, e, 0);
    if (!called.reaches(2) || threads_of_process() < before + 2) return 1;
    DeleteTimerQueueTimer(q, t, INVALID_HANDLE_VALUE);
    UnregisterWaitEx(w, INVALID_HANDLE_VALUE);
    for (const ULONGLONG until = milliseconds() + 2 * kSoon; threads_of_process() > before; Sleep(50))
        if (milliseconds() > until) return 2;
    const HANDLE gate = event();
    return QueueUserWorkItem(opens, gate, 0) && WaitForSingleObject(gate, kSoon) == WAIT_OBJECT_0 ? 0 : 3;
}

TEST(nt, Pool_at_rest_it_has_no_threads_and_gets_new_ones) {
    const RoleResult result = run_role("rests", "", {}, 80'000);
    assert_int_equal(result.status, 0);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
