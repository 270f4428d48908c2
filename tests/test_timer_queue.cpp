// test_timer_queue.cpp - timer queues: when they call, how they are changed, and deleted.
//
// Source      "CreateTimerQueueTimer", "ChangeTimerQueueTimer", "DeleteTimerQueueTimer", "DeleteTimerQueueEx".
#include "tests/support/pool_timers.h"

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
    static Counter marked;
    marked.reset();
    const auto marks = [](PVOID, BOOLEAN) { ++marked; };
    const HANDLE q = queue();
    const HANDLE t = timer(q, counts, INFINITE, 0, WT_EXECUTEINTIMERTHREAD);
    REQUIRE(called.stays(0), "INFINITE is never");
    EXPECT(ChangeTimerQueueTimer(q, t, 3'600'000, 0), TRUE, SAME);
    EXPECT(ChangeTimerQueueTimer(q, t, 5, 5), TRUE, SAME);
    REQUIRE(called.reaches(3), "the new period");
    EXPECT(ChangeTimerQueueTimer(q, t, 0, 0), TRUE, SAME);
    timer(q, marks, 20, 0, WT_EXECUTEINTIMERTHREAD);  // one thread calls both, this one later
    REQUIRE(marked.reaches(1), "the timer after it");
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

int main(int argc, char **argv) { return test_main(argc, argv); }
