// test_wait_one.cpp - WaitForSingleObject: time, last error, bad handles, what a wait may not be disturbed by.
//
// Purpose     What a satisfied wait consumes is with each type: test_event_state.cpp, test_mutex.cpp,
//             test_semaphore.cpp; owners that end: test_abandonment.cpp. WaitSingle-38 (the machine sleeps) is not
//             tested.
// Source      statements WaitSingle-01 to -06, -23 to -26, -28, -29, -35, -37, -39 to -41, Gen-07, Gen-26 to -28.
#include <signal.h>
#include <unistd.h>

#include "tests/support/program.h"

constexpr std::uint64_t kTick = 10;  // milliseconds: the longest clock tick of a Linux kernel

TEST(all, WaitSingle_01_a_signaled_object_satisfies_at_once) {
    EXPECT(WaitForSingleObject(manual_event(true), INFINITE), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(auto_event(true), 60'000), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(free_mutex(), 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(semaphore(1, 1), INFINITE), WAIT_OBJECT_0, SAME);
}

TEST(all, WaitSingle_02_a_poll_never_blocks) {
    const HANDLE event = auto_event(false);
    const HANDLE units = semaphore(0, 1);
    for (int i = 0; i < 1000; ++i) {
        EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
        EXPECT(WaitForSingleObject(units, 0), WAIT_TIMEOUT, SAME);
    }
}

TEST(all, WaitSingle_03_times_out_after_the_time_given_and_not_before) {
    for (const HANDLE handle : {auto_event(false), manual_event(false), semaphore(0, 1)}) {
        for (const DWORD timeout : {1u, 20u, 100u}) {
            const std::uint64_t begin = now_ms();
            EXPECT(WaitForSingleObject(handle, timeout), WAIT_TIMEOUT, SAME);
            const std::uint64_t elapsed = now_ms() - begin;
            assert_true(elapsed + kTick >= timeout);
            assert_true(elapsed < 10'000);
        }
        EXPECT(WaitForSingleObject(handle, 0), WAIT_TIMEOUT, SAME);
    }
}

TEST_SHARED(all, WaitSingle_04_a_signal_during_the_wait_ends_it_long_before_the_timeout) {
    const HANDLE event = auto_event(false, NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    b.start(step::wait(opened, 600'000));
    b.expect_blocked();
    EXPECT(SetEvent(event), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, WaitSingle_05_INFINITE_outlasts_the_inner_sleeps) {
    const HANDLE event = auto_event(false, NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    b.start(step::wait(opened, INFINITE));
    assert_false(b.has_answered(1'500));  // longer than the bound of any sleep inside the library
    b.expect_blocked();
    EXPECT(SetEvent(event), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
}

TEST(all, WaitSingle_39_the_longest_finite_timeouts_are_long) {
    for (const DWORD timeout : {0xFFFFFFFEu, 0x80000000u, 0x7FFFFFFFu}) {
        const HANDLE event = auto_event(false);
        Actor b = thread_actor();
        b.start(step::wait(event, timeout));
        b.expect_blocked();
        EXPECT(SetEvent(event), TRUE, SAME);
        b.expect(WAIT_OBJECT_0, SAME);
    }
}

TEST(all, WaitSingle_06_a_manual_reset_event_stays_set) {
    const HANDLE event = manual_event(true);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 1), WAIT_OBJECT_0, SAME);
}

TEST(all, WaitSingle_23_and_24_oneself_is_not_signaled) {
    EXPECT(WaitForSingleObject(GetCurrentProcess(), 0), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(GetCurrentThread(), 0), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(GetCurrentProcess(), 20), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(GetCurrentThread(), 20), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(INVALID_HANDLE_VALUE, 0), WAIT_TIMEOUT, SAME);
}

TEST(all, WaitSingle_25_a_bad_handle_fails_whatever_the_timeout) {
    const HANDLE closed = manual_event(true);
    EXPECT(CloseHandle(closed), TRUE, SAME);
    for (const HANDLE bad :
         {HANDLE{nullptr}, closed, handle_of(0xDEADBEEC), handle_of(5), handle_of(UINTPTR_MAX / 2 - 3)}) {
        for (const DWORD timeout : {0u, 1000u, INFINITE}) {
            EXPECT(WaitForSingleObject(bad, timeout), WAIT_FAILED, ERROR_INVALID_HANDLE);
            EXPECT(WaitForSingleObjectEx(bad, timeout, TRUE), WAIT_FAILED, ERROR_INVALID_HANDLE);
        }
    }
}

TEST(ce | nt, WaitSingle_26_without_SYNCHRONIZE_fails_at_once) {
    const HANDLE event = auto_event(true);
    const HANDLE mutex = free_mutex();
    const HANDLE units = semaphore(1, 1);
    for (const DWORD timeout : {0u, INFINITE}) {
        EXPECT(WaitForSingleObject(with_access(event, EVENT_MODIFY_STATE), timeout), WAIT_FAILED, ERROR_ACCESS_DENIED);
        EXPECT(WaitForSingleObject(with_access(mutex, MUTEX_MODIFY_STATE), timeout), WAIT_FAILED, ERROR_ACCESS_DENIED);
        EXPECT(WaitForSingleObject(with_access(units, SEMAPHORE_MODIFY_STATE), timeout), WAIT_FAILED,
               ERROR_ACCESS_DENIED);
    }
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(drop(mutex), 0);
    assert_int_equal(drain(units), 1);
}

// Decision LD-17: the handle is resolved at entry, and the wait keeps its object alive.
TEST(all, WaitSingle_28_a_wait_goes_on_when_its_handle_is_closed) {
    const HANDLE event = auto_event(false, NAME);
    const HANDLE second = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME);
    Actor b = thread_actor();
    b.start(step::wait(second, INFINITE));
    b.expect_blocked();
    EXPECT(CloseHandle(second), TRUE, SAME);
    b.expect_blocked();
    EXPECT(SetEvent(event), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
}

TEST(all, WaitSingle_28_a_wait_on_the_last_handle_times_out_when_it_is_closed) {
    const HANDLE event = auto_event(false);
    Actor b = thread_actor();
    b.start(step::wait(event, 300));
    EXPECT(CloseHandle(event), TRUE, SAME);
    const Answer got = b.answer();  // the close may have come before the wait looked at the handle
    if (got.value == WAIT_FAILED) assert_int_equal(got.error, ERROR_INVALID_HANDLE);
    else assert_int_equal(got.value, WAIT_TIMEOUT);
    const HANDLE other = auto_event(true);  // and the object is really gone
    EXPECT(WaitForSingleObject(other, 0), WAIT_OBJECT_0, SAME);
}

extern "C" void do_nothing(int) {}

TEST(all, WaitSingle_29_a_posix_signal_neither_ends_nor_prolongs_a_wait) {
    struct sigaction action {};
    action.sa_handler = do_nothing;  // without SA_RESTART: blocking calls are interrupted
    assert_int_equal(sigaction(SIGUSR1, &action, nullptr), 0);
    const HANDLE event = auto_event(false);
    Actor b = thread_actor();
    b.start(step::wait(event, 400));
    const std::uint64_t begin = now_ms();
    while (!b.has_answered(5)) b.signal(SIGUSR1);
    const std::uint64_t elapsed = now_ms() - begin;
    b.expect(WAIT_TIMEOUT, SAME);
    assert_true(elapsed + kTick >= 390);
    assert_true(elapsed < 10'000);
}

TEST(all, WaitSingle_29_after_a_posix_signal_the_wait_is_still_satisfied) {
    struct sigaction action {};
    action.sa_handler = do_nothing;
    assert_int_equal(sigaction(SIGUSR1, &action, nullptr), 0);
    const HANDLE event = auto_event(false);
    Actor b = thread_actor();
    b.start(step::wait(event, INFINITE));
    b.expect_blocked();
    for (int i = 0; i < 5; ++i) b.signal(SIGUSR1);
    b.expect_blocked();
    EXPECT(SetEvent(event), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
}

TEST(all, WaitSingle_35_an_alertable_wait_without_APC_times_out) {
    const HANDLE event = auto_event(false);
    EXPECT(WaitForSingleObjectEx(event, 0, TRUE), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObjectEx(event, 20, TRUE), WAIT_TIMEOUT, SAME);
}

TEST(all, WaitSingle_37_Ex_without_alert_is_the_same_call) {
    const HANDLE event = auto_event(true);
    EXPECT(WaitForSingleObjectEx(event, INFINITE, FALSE), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObjectEx(event, 0, FALSE), WAIT_TIMEOUT, SAME);
    const HANDLE mutex = free_mutex();
    EXPECT(WaitForSingleObjectEx(mutex, 0, TRUE), WAIT_OBJECT_0, SAME);
    assert_int_equal(drop(mutex), 1);
}

TEST(all, WaitSingle_40_two_threads_wait_through_one_handle) {
    const HANDLE event = auto_event(false);
    Actor b = thread_actor();
    Actor c = thread_actor();
    b.start(step::wait(event, INFINITE));
    b.expect_blocked();
    c.start(step::wait(event, INFINITE));
    c.expect_blocked();
    EXPECT(SetEvent(event), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
    c.expect_blocked();
    EXPECT(SetEvent(event), TRUE, SAME);
    c.expect(WAIT_OBJECT_0, SAME);
}

TEST(all, WaitSingle_41_one_signal_satisfies_only_one_of_two_processes) {
    const HANDLE event = auto_event(true, NAME);
    Actor b = process_actor();
    Actor c = process_actor();
    const HANDLE in_b = b.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    const HANDLE in_c = c.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(in_b, 0), WAIT_OBJECT_0, SAME);
    c.does(step::wait(in_c, 0), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

TEST(all, Gen_01_a_failure_is_not_seen_by_another_thread) {
    Actor b = thread_actor();
    b.does(step::set_last_error(77), 0, 77);
    EXPECT(SetEvent(nullptr), FALSE, ERROR_INVALID_HANDLE);
    b.does(step::last_error(), 0, 77);
    SetLastError(78);
    const Answer failed = b.ask(step::release(nullptr));
    assert_int_equal(GetLastError(), 78);
    assert_int_equal(failed.error, ERROR_INVALID_HANDLE);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
