// test_signal_and_wait.cpp - SignalObjectAndWait: one call that signals one object and waits for another.
//
// Purpose     What is signaled, what is waited for, and that a call that must fail signals nothing. SignalWait-12 comes
//             with the APCs; SignalWait-13 only permits something. Of SignalWait-07 the pseudo handles are tested.
// Source      statements SignalWait-01 to -11.
#include "tests/support/segment_file.h"  // before CMocka, which takes the name `fail`

#include "tests/support/program.h"

TEST(all, SignalWait_01_sets_the_event_and_takes_the_other) {
    const HANDLE signal = auto_event(false);
    const HANDLE other = auto_event(true);
    EXPECT(SignalObjectAndWait(signal, other, INFINITE, FALSE), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(signal, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(other, 0), WAIT_TIMEOUT, SAME);
}

TEST(all, SignalWait_01_the_same_event_is_set_and_taken) {
    const HANDLE event = auto_event(false);
    EXPECT(SignalObjectAndWait(event, event, INFINITE, FALSE), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

TEST_SHARED(all, SignalWait_01_releases_who_waits_and_is_released_in_turn) {
    const HANDLE ping = auto_event(false, "SignalWait_01 ping");
    const HANDLE pong = auto_event(false, "SignalWait_01 pong");
    Actor b = another();
    const HANDLE its_ping = b.made(step::open_event(EVENT_ALL_ACCESS, "SignalWait_01 ping"), SAME);
    const HANDLE its_pong = b.made(step::open_event(EVENT_ALL_ACCESS, "SignalWait_01 pong"), SAME);
    for (int i = 0; i < 10; ++i) {
        b.start(step::signal_and_wait(its_ping, its_pong, INFINITE));
        EXPECT(WaitForSingleObject(ping, INFINITE), WAIT_OBJECT_0, SAME);
        EXPECT(SetEvent(pong), TRUE, SAME);
        b.expect(WAIT_OBJECT_0, SAME);
    }
    b.start(step::signal_and_wait(its_ping, its_pong, INFINITE));
    b.expect_blocked();
    EXPECT(SignalObjectAndWait(pong, ping, INFINITE, FALSE), WAIT_OBJECT_0, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
}

TEST(all, SignalWait_02_after_a_timeout_the_first_has_been_signaled) {
    const HANDLE signal = auto_event(false);
    const HANDLE other = auto_event(false);
    EXPECT(SignalObjectAndWait(signal, other, 0, FALSE), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(signal, 0), WAIT_OBJECT_0, SAME);
    const std::uint64_t begin = now_ms();
    EXPECT(SignalObjectAndWait(signal, other, 50, FALSE), WAIT_TIMEOUT, SAME);
    assert_true(now_ms() - begin >= 40);
    EXPECT(WaitForSingleObject(signal, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(other, 0), WAIT_TIMEOUT, SAME);
}

TEST(all, SignalWait_03_a_mutex_of_the_caller_is_released_once) {
    const HANDLE mutex = owned_mutex();
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    EXPECT(SignalObjectAndWait(mutex, manual_event(true), INFINITE, FALSE), WAIT_OBJECT_0, SAME);
    assert_int_equal(drop(mutex), 1);
}

TEST_SHARED(all, SignalWait_03_the_released_mutex_goes_to_who_waits) {
    const HANDLE mutex = owned_mutex(NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.start(step::wait(opened, INFINITE));
    b.expect_blocked();
    EXPECT(SignalObjectAndWait(mutex, auto_event(false), 10, FALSE), WAIT_TIMEOUT, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
    b.does(step::release(opened), TRUE, SAME);
}

TEST(all, SignalWait_04_a_mutex_of_nobody_or_another_gives_NOT_OWNER_and_no_wait) {
    const HANDLE mutex = free_mutex();
    const HANDLE other = auto_event(true);
    EXPECT(SignalObjectAndWait(mutex, other, INFINITE, FALSE), WAIT_FAILED, ERROR_NOT_OWNER);
    Actor b = thread_actor();
    b.does(step::wait(mutex, 0), WAIT_OBJECT_0, SAME);
    EXPECT(SignalObjectAndWait(mutex, other, INFINITE, FALSE), WAIT_FAILED, ERROR_NOT_OWNER);
    b.does(step::release(mutex), TRUE, SAME);
    EXPECT(WaitForSingleObject(other, 0), WAIT_OBJECT_0, SAME);  // not consumed
}

TEST(all, SignalWait_05_a_semaphore_gets_one_unit) {
    const HANDLE units = semaphore(0, 3);
    EXPECT(SignalObjectAndWait(units, manual_event(true), INFINITE, FALSE), WAIT_OBJECT_0, SAME);
    EXPECT(SignalObjectAndWait(units, auto_event(false), 0, FALSE), WAIT_TIMEOUT, SAME);
    assert_int_equal(drain(units), 2);
}

TEST(all, SignalWait_06_a_semaphore_at_its_maximum_gives_TOO_MANY_POSTS_and_no_wait) {
    const HANDLE units = semaphore(2, 2);
    const HANDLE other = auto_event(true);
    EXPECT(SignalObjectAndWait(units, other, INFINITE, FALSE), WAIT_FAILED, ERROR_TOO_MANY_POSTS);
    EXPECT(WaitForSingleObject(other, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(drain(units), 2);
}

TEST(all, SignalWait_07_a_process_or_thread_cannot_be_signaled) {
    const HANDLE other = auto_event(true);
    EXPECT(SignalObjectAndWait(GetCurrentProcess(), other, 0, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(SignalObjectAndWait(GetCurrentThread(), other, 0, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(other, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, SignalWait_08_a_bad_first_handle_gives_INVALID_HANDLE_and_no_wait) {
    const HANDLE other = auto_event(true);
    EXPECT(SignalObjectAndWait(nullptr, other, INFINITE, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(SignalObjectAndWait(handle_of(0xDEADBEEC), other, INFINITE, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(other, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, SignalWait_09_a_bad_second_handle_gives_INVALID_HANDLE_and_signals_nothing) {
    const HANDLE event = auto_event(false);
    const HANDLE mutex = owned_mutex();
    const HANDLE units = semaphore(0, 1);
    for (const HANDLE first : {event, mutex, units}) {
        EXPECT(SignalObjectAndWait(first, nullptr, INFINITE, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
        EXPECT(SignalObjectAndWait(first, handle_of(0xDEADBEEC), 0, TRUE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    }
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(drop(mutex), 1);
    assert_int_equal(drain(units), 0);
}

TEST(ce | nt, SignalWait_10_without_the_right_to_signal_gives_ACCESS_DENIED_and_no_wait) {
    const HANDLE event = auto_event(false);
    const HANDLE units = semaphore(0, 1);
    const HANDLE other = auto_event(true);
    EXPECT(SignalObjectAndWait(with_access(event, SYNCHRONIZE), other, 0, FALSE), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(SignalObjectAndWait(with_access(units, SYNCHRONIZE), other, 0, FALSE), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(drain(units), 0);
    EXPECT(WaitForSingleObject(other, 0), WAIT_OBJECT_0, SAME);
}

TEST(ce | nt, SignalWait_10_without_the_right_to_wait_gives_ACCESS_DENIED_and_signals_nothing) {
    const HANDLE event = auto_event(false);
    const HANDLE no_wait = with_access(auto_event(true), EVENT_MODIFY_STATE);
    EXPECT(SignalObjectAndWait(event, no_wait, INFINITE, FALSE), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

// The count is set past the library: to acquire a mutex so often takes a while.
TEST(ce | nt, SignalWait_09_a_mutex_that_is_owned_too_often_already_fails_and_signals_nothing) {
    const HANDLE event = auto_event(false), mutex = owned_mutex();
    const HANDLE both[] = {mutex, event};
    constexpr unsigned most = 0x7FFFFFFF;
    static const segment_file::Segment segment;  // static: a failure leaves the test by a jump
    REQUIRE(segment.is_open(), "the segment can be read");
    winshim::Field<winshim::u32> &count = segment.object(segment.object_of(mutex)).rec;
    count.set(most);
    EXPECT(SignalObjectAndWait(event, mutex, 0, FALSE), WAIT_FAILED, ERROR_MUTANT_LIMIT_EXCEEDED);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_FAILED, ERROR_MUTANT_LIMIT_EXCEEDED);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_FAILED, ERROR_MUTANT_LIMIT_EXCEEDED);
    EXPECT(WaitForMultipleObjects(2, both, TRUE, 0), WAIT_FAILED, ERROR_MUTANT_LIMIT_EXCEEDED);
    EXPECT(SignalObjectAndWait(mutex, mutex, 0, FALSE), WAIT_OBJECT_0, SAME);  // once less, and once more
    assert_int_equal(count.get(), most);
    count.set(1);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(drop(mutex), 1);
}

TEST_SHARED(all, SignalWait_11_an_abandoned_mutex_gives_ABANDONED_and_is_owned) {
    const HANDLE mutex = free_mutex(NAME);
    Actor owner = another();
    owner.does(step::wait(owner.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME), 0), WAIT_OBJECT_0, SAME);
    owner.ends(others_are_processes() ? Ending::killed : Ending::returns);
    const HANDLE event = auto_event(false);
    EXPECT(SignalObjectAndWait(event, mutex, INFINITE, FALSE), WAIT_ABANDONED, SAME);
    assert_int_equal(drop(mutex), 1);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, SignalWait_11_blocked_on_a_mutex_whose_owner_ends) {
    const HANDLE event = auto_event(false, "SignalWait_11 event");
    free_mutex(NAME);
    Actor owner = another();
    owner.does(step::wait(owner.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME), 0), WAIT_OBJECT_0, SAME);
    Actor b = another();
    const HANDLE its_event = b.made(step::open_event(EVENT_ALL_ACCESS, "SignalWait_11 event"), SAME);
    const HANDLE its_mutex = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.start(step::signal_and_wait(its_event, its_mutex, INFINITE));
    b.expect_blocked();
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    owner.ends(others_are_processes() ? Ending::killed : Ending::returns);
    b.expect(WAIT_ABANDONED, SAME);
    b.does(step::release(its_mutex), TRUE, SAME);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
