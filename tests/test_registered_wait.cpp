// test_registered_wait.cpp - registered waits: when they call, and how they are ended.
//
// Source      "RegisterWaitForSingleObject", "UnregisterWaitEx".
#include <unistd.h>

#include "tests/support/pool_timers.h"

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
static std::atomic<BOOL> ended;
static std::atomic<DWORD> error;
static void NTAPI ends_itself(PVOID completion, BOOLEAN) {
    WaitForSingleObject(go, kSoon);
    SetLastError(kPoison);
    ended = UnregisterWaitEx(wait_of_test, completion);
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
            assert_int_equal(ended, FALSE);
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

int main(int argc, char **argv) { return test_main(argc, argv); }
