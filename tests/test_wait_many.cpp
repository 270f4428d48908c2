// test_wait_many.cpp - WaitForMultipleObjects: the lowest index, all or nothing, bad arrays.
//
// Purpose     Polls and blocked waits over up to 64 objects of all types; wait-all is atomic: nothing is taken until
//             all can be. APC rows come with the APCs.
// Source      statements WaitMultiple-01 to -24, -27, -28 (ce5's refusal of wait-all: test_profiles.cpp).
#include <cstdio>

#include "tests/support/program.h"

constexpr DWORD kMany = MAXIMUM_WAIT_OBJECTS;

static DWORD poll_any(HANDLE a, HANDLE b) {
    const HANDLE both[] = {a, b};
    return WaitForMultipleObjects(2, both, FALSE, 0);
}

static DWORD poll_all(HANDLE a, HANDLE b) {
    const HANDLE both[] = {a, b};
    return WaitForMultipleObjects(2, both, TRUE, 0);
}

// A mutex whose owner, another thread, has ended.
static HANDLE abandoned_mutex() {
    const HANDLE mutex = free_mutex();
    Actor owner = thread_actor();
    owner.does(step::wait(mutex, 0), WAIT_OBJECT_0, SAME);
    owner.ends(Ending::returns);
    return mutex;
}

// Two named auto-reset events "x 0" and "x 1", and an actor that waits for them.
struct Pair {
    HANDLE mine[2];
    HANDLE theirs[2];
    Actor waiter;
};

static Pair pair_of(const char *name) {
    Pair pair{{nullptr, nullptr}, {nullptr, nullptr}, another()};
    for (int i = 0; i < 2; ++i) {
        char one[200];
        snprintf(one, sizeof one, "%s %d", name, i);
        pair.mine[i] = auto_event(false, one);
        pair.theirs[i] = pair.waiter.made(step::open_event(EVENT_ALL_ACCESS, one), SAME);
    }
    return pair;
}

TEST(all, WaitMultiple_01_any_takes_the_one_that_is_signaled) {
    const HANDLE a = auto_event(false);
    const HANDLE b = auto_event(true);
    EXPECT(poll_any(a, b), WAIT_OBJECT_0 + 1, SAME);
    EXPECT(poll_any(a, b), WAIT_TIMEOUT, SAME);
}

TEST(all, WaitMultiple_02_any_takes_the_lowest_and_leaves_the_others) {
    HANDLE events[3];
    for (HANDLE &event : events) event = auto_event(true);
    for (DWORD i = 0; i < 3; ++i) EXPECT(WaitForMultipleObjects(3, events, FALSE, INFINITE), WAIT_OBJECT_0 + i, SAME);
    EXPECT(WaitForMultipleObjects(3, events, FALSE, 0), WAIT_TIMEOUT, SAME);
}

TEST(all, WaitMultiple_03_any_with_none_signaled_times_out) {
    const HANDLE both[] = {auto_event(false), semaphore(0, 1)};
    EXPECT(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_TIMEOUT, SAME);
    const std::uint64_t begin = now_ms();
    EXPECT(WaitForMultipleObjects(2, both, FALSE, 50), WAIT_TIMEOUT, SAME);
    const std::uint64_t elapsed = now_ms() - begin;
    assert_true(elapsed >= 40);
    assert_true(elapsed < 10'000);
    EXPECT(SetEvent(both[0]), TRUE, SAME);
    EXPECT(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, WaitMultiple_04_any_is_released_by_either_object) {
    const Pair p = pair_of(NAME);
    Actor waiter = p.waiter;
    for (const DWORD i : {1u, 0u}) {
        waiter.start(step::wait_any({p.theirs[0], p.theirs[1]}, INFINITE));
        waiter.expect_blocked();
        EXPECT(SetEvent(p.mine[i]), TRUE, SAME);
        waiter.expect(WAIT_OBJECT_0 + i, SAME);
        EXPECT(poll_any(p.mine[0], p.mine[1]), WAIT_TIMEOUT, SAME);
    }
}

TEST_SHARED(all, WaitMultiple_04_any_released_by_one_leaves_a_later_signal_of_the_other) {
    const Pair p = pair_of(NAME);
    Actor waiter = p.waiter;
    waiter.start(step::wait_any({p.theirs[0], p.theirs[1]}, INFINITE));
    waiter.expect_blocked();
    EXPECT(SetEvent(p.mine[1]), TRUE, SAME);
    EXPECT(SetEvent(p.mine[0]), TRUE, SAME);
    waiter.expect(WAIT_OBJECT_0 + 1, SAME);
    EXPECT(poll_any(p.mine[0], p.mine[1]), WAIT_OBJECT_0, SAME);
    EXPECT(poll_any(p.mine[0], p.mine[1]), WAIT_TIMEOUT, SAME);
}

TEST(all, WaitMultiple_05_any_with_an_abandoned_mutex_lowest_gives_ABANDONED_0_plus_i) {
    const HANDLE handles[] = {auto_event(false), abandoned_mutex(), auto_event(true)};
    EXPECT(WaitForMultipleObjects(3, handles, FALSE, INFINITE), WAIT_ABANDONED_0 + 1, SAME);
    assert_int_equal(drop(handles[1]), 1);
    EXPECT(WaitForSingleObject(handles[2], 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, WaitMultiple_05_any_blocked_is_told_when_the_owner_ends) {
    auto_event(false, "WaitMultiple_05 event");
    free_mutex(NAME);
    Actor owner = another();
    owner.does(step::wait(owner.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME), 0), WAIT_OBJECT_0, SAME);
    Actor waiter = another();
    const HANDLE event = waiter.made(step::open_event(EVENT_ALL_ACCESS, "WaitMultiple_05 event"), SAME);
    const HANDLE mutex = waiter.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    waiter.start(step::wait_any({event, event, mutex}, INFINITE));
    waiter.expect_blocked();
    owner.ends(others_are_processes() ? Ending::killed : Ending::returns);
    waiter.expect(WAIT_ABANDONED_0 + 2, SAME);
    waiter.does(step::release(mutex), TRUE, SAME);
}

TEST(all, WaitMultiple_06_any_with_a_lower_signal_leaves_the_mutex_abandoned) {
    const HANDLE mutex = abandoned_mutex();
    EXPECT(poll_any(auto_event(true), mutex), WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
}

TEST(ce | nt, WaitMultiple_07_all_signaled_are_all_taken) {
    const HANDLE event = auto_event(true);
    const HANDLE mutex = free_mutex();
    const HANDLE units = semaphore(2, 2);
    const HANDLE stays = manual_event(true);
    const HANDLE handles[] = {event, mutex, units, stays};
    EXPECT(WaitForMultipleObjects(4, handles, TRUE, INFINITE), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(drop(mutex), 1);
    assert_int_equal(drain(units), 1);
    EXPECT(WaitForSingleObject(stays, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(ce | nt, WaitMultiple_07_blocked_all_completes_with_the_last_signal) {
    const Pair p = pair_of(NAME);
    Actor waiter = p.waiter;
    waiter.start(step::wait_all({p.theirs[0], p.theirs[1]}, INFINITE));
    waiter.expect_blocked();
    EXPECT(SetEvent(p.mine[1]), TRUE, SAME);
    waiter.expect_blocked();
    EXPECT(SetEvent(p.mine[0]), TRUE, SAME);
    EXPECT(poll_any(p.mine[0], p.mine[1]), WAIT_TIMEOUT, SAME);  // both were handed over inside the set
    waiter.expect(WAIT_OBJECT_0, SAME);
}

TEST(ce | nt, WaitMultiple_08_all_with_one_missing_takes_nothing) {
    const HANDLE event = auto_event(true);
    const HANDLE mutex = free_mutex();
    const HANDLE units = semaphore(1, 1);
    const HANDLE handles[] = {event, mutex, units, auto_event(false)};
    EXPECT(WaitForMultipleObjects(4, handles, TRUE, 0), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForMultipleObjects(4, handles, TRUE, 30), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(drop(mutex), 0);
    assert_int_equal(drain(units), 1);
}

TEST_SHARED(ce | nt, WaitMultiple_09_all_completes_only_when_all_are_signaled_at_one_instant) {
    const Pair p = pair_of(NAME);
    Actor waiter = p.waiter;
    waiter.start(step::wait_all({p.theirs[0], p.theirs[1]}, INFINITE));
    waiter.expect_blocked();
    EXPECT(SetEvent(p.mine[0]), TRUE, SAME);
    EXPECT(WaitForSingleObject(p.mine[0], 0), WAIT_OBJECT_0, SAME);  // a third party takes it
    EXPECT(SetEvent(p.mine[1]), TRUE, SAME);
    waiter.expect_blocked();
    EXPECT(SetEvent(p.mine[0]), TRUE, SAME);
    waiter.expect(WAIT_OBJECT_0, SAME);
    EXPECT(poll_any(p.mine[0], p.mine[1]), WAIT_TIMEOUT, SAME);
}

TEST(ce | nt, WaitMultiple_10_all_with_an_abandoned_mutex_owns_every_mutex) {
    const HANDLE sound = free_mutex();
    const HANDLE abandoned = abandoned_mutex();
    const HANDLE event = auto_event(true);
    const HANDLE handles[] = {sound, event, abandoned};
    EXPECT(WaitForMultipleObjects(3, handles, TRUE, INFINITE), WAIT_ABANDONED_0, SAME);
    EXPECT(WaitForSingleObject(abandoned, 0), WAIT_OBJECT_0, SAME);  // told once
    assert_int_equal(drop(sound), 1);
    assert_int_equal(drop(abandoned), 2);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

TEST(ce | nt, WaitMultiple_10_an_all_that_times_out_leaves_the_mutex_abandoned) {
    const HANDLE abandoned = abandoned_mutex();
    EXPECT(poll_all(abandoned, auto_event(false)), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(abandoned, 0), WAIT_ABANDONED, SAME);
}

TEST_SHARED(ce | nt, WaitMultiple_10_all_blocked_is_told_when_the_owner_ends) {
    const HANDLE event = auto_event(true, "WaitMultiple_10 event");
    free_mutex(NAME);
    Actor owner = another();
    owner.does(step::wait(owner.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME), 0), WAIT_OBJECT_0, SAME);
    Actor waiter = another();
    const HANDLE its_event = waiter.made(step::open_event(EVENT_ALL_ACCESS, "WaitMultiple_10 event"), SAME);
    const HANDLE mutex = waiter.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    waiter.start(step::wait_all({its_event, mutex}, INFINITE));
    waiter.expect_blocked();
    owner.ends(others_are_processes() ? Ending::killed : Ending::returns);
    waiter.expect(WAIT_ABANDONED_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    waiter.does(step::release(mutex), TRUE, SAME);
}

TEST(ce | nt, WaitMultiple_11_all_counts_a_mutex_of_ones_own_as_signaled) {
    const HANDLE mutex = owned_mutex();
    const HANDLE event = auto_event(false);
    EXPECT(poll_all(mutex, event), WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(poll_all(mutex, event), WAIT_OBJECT_0, SAME);
    assert_int_equal(drop(mutex), 2);  // recursion only when the wait completed
}

TEST_SHARED(ce | nt, WaitMultiple_12_all_does_not_remember_a_pulse) {
    const Pair p = pair_of(NAME);
    Actor waiter = p.waiter;
    waiter.start(step::wait_all({p.theirs[0], p.theirs[1]}, INFINITE));
    waiter.expect_blocked();
    EXPECT(PulseEvent(p.mine[0]), TRUE, SAME);
    EXPECT(SetEvent(p.mine[1]), TRUE, SAME);
    waiter.expect_blocked();
    EXPECT(PulseEvent(p.mine[0]), TRUE, SAME);
    waiter.expect(WAIT_OBJECT_0, SAME);
}

TEST(all, WaitMultiple_14_a_count_of_zero_gives_INVALID_PARAMETER) {
    const HANDLE event = auto_event(true);
    EXPECT(WaitForMultipleObjects(0, &event, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    EXPECT(WaitForMultipleObjects(0, nullptr, FALSE, INFINITE), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    EXPECT(WaitForMultipleObjects(0, nullptr, TRUE, INFINITE), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, WaitMultiple_15_a_count_above_64_gives_INVALID_PARAMETER) {
    HANDLE handles[kMany + 1];
    for (HANDLE &handle : handles) handle = manual_event(true);
    EXPECT(WaitForMultipleObjects(kMany + 1, handles, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    EXPECT(WaitForMultipleObjects(0xFFFFFFFF, handles, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
}

TEST(all, WaitMultiple_16_any_of_64_finds_each_index) {
    HANDLE handles[kMany];
    for (HANDLE &handle : handles) handle = auto_event(false);
    for (DWORD i = 0; i < kMany; ++i) {
        EXPECT(SetEvent(handles[i]), TRUE, SAME);
        EXPECT(WaitForMultipleObjects(kMany, handles, FALSE, 0), WAIT_OBJECT_0 + i, SAME);
        EXPECT(WaitForMultipleObjects(kMany, handles, FALSE, 0), WAIT_TIMEOUT, SAME);
    }
}

TEST(all, WaitMultiple_16_a_blocked_wait_for_any_of_64_is_released_by_the_last) {
    HANDLE handles[kMany];
    Step wait = step::wait_any({}, INFINITE);
    for (HANDLE &handle : handles) wait.handles[wait.count++] = handle = auto_event(false);
    Actor b = thread_actor();
    b.start(wait);
    b.expect_blocked();
    EXPECT(SetEvent(handles[kMany - 1]), TRUE, SAME);
    b.expect(WAIT_OBJECT_0 + kMany - 1, SAME);
}

TEST(ce | nt, WaitMultiple_16_all_of_64) {
    HANDLE handles[kMany];
    for (HANDLE &handle : handles) handle = auto_event(true);
    EXPECT(ResetEvent(handles[40]), TRUE, SAME);
    EXPECT(WaitForMultipleObjects(kMany, handles, TRUE, 0), WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(handles[40]), TRUE, SAME);
    EXPECT(WaitForMultipleObjects(kMany, handles, TRUE, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForMultipleObjects(kMany, handles, FALSE, 0), WAIT_TIMEOUT, SAME);
}

TEST(ce | nt, WaitMultiple_17_all_of_one_is_a_single_wait) {
    const HANDLE event = auto_event(true);
    EXPECT(WaitForMultipleObjects(1, &event, TRUE, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForMultipleObjects(1, &event, TRUE, 0), WAIT_TIMEOUT, SAME);
    const HANDLE mutex = abandoned_mutex();
    EXPECT(WaitForMultipleObjects(1, &mutex, TRUE, 0), WAIT_ABANDONED_0, SAME);
}

TEST(all, WaitMultiple_18_a_bad_handle_anywhere_fails_and_takes_nothing) {
    const HANDLE event = auto_event(true);
    const HANDLE closed = auto_event(true);
    EXPECT(CloseHandle(closed), TRUE, SAME);
    for (const HANDLE bad : {closed, HANDLE{nullptr}, handle_of(0xDEADBEEC)}) {
        EXPECT(poll_any(event, bad), WAIT_FAILED, ERROR_INVALID_HANDLE);
        EXPECT(poll_any(bad, event), WAIT_FAILED, ERROR_INVALID_HANDLE);
    }
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(ce | nt, WaitMultiple_18_a_bad_handle_in_an_all_fails_and_takes_nothing) {
    const HANDLE event = auto_event(true);
    EXPECT(poll_all(event, nullptr), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(poll_all(handle_of(0xDEADBEEC), event), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(ce | nt, WaitMultiple_19_a_handle_without_SYNCHRONIZE_fails_and_takes_nothing) {
    const HANDLE event = auto_event(true);
    const HANDLE set_only = with_access(auto_event(true), EVENT_MODIFY_STATE);
    EXPECT(poll_any(event, set_only), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(poll_all(event, set_only), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, WaitMultiple_20_no_array_gives_INVALID_PARAMETER) {
    EXPECT(WaitForMultipleObjects(1, nullptr, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    EXPECT(WaitForMultipleObjects(kMany, nullptr, FALSE, INFINITE), WAIT_FAILED, ERROR_INVALID_PARAMETER);
}

TEST(all, WaitMultiple_21_any_with_the_same_handle_twice_takes_once) {
    const HANDLE units = semaphore(2, 5);
    EXPECT(poll_any(units, units), WAIT_OBJECT_0, SAME);
    assert_int_equal(drain(units), 1);
    const HANDLE mutex = free_mutex();
    EXPECT(poll_any(mutex, mutex), WAIT_OBJECT_0, SAME);
    assert_int_equal(drop(mutex), 1);
    const HANDLE event = auto_event(false);
    Actor b = thread_actor();
    b.start(step::wait_any({event, event}, INFINITE));
    b.expect_blocked();
    EXPECT(SetEvent(event), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

TEST(ce | nt, WaitMultiple_22_and_23_all_with_the_same_object_twice_gives_INVALID_PARAMETER) {
    const HANDLE event = auto_event(true, NAME);
    const HANDLE again = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME);
    EXPECT(poll_all(event, event), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    EXPECT(poll_all(event, again), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    const HANDLE apart[] = {event, manual_event(true), manual_event(true), again};
    EXPECT(WaitForMultipleObjects(4, apart, TRUE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, WaitMultiple_24_types_may_be_mixed) {
    const HANDLE handles[] = {auto_event(false), semaphore(0, 2), owned_mutex(), manual_event(true)};
    EXPECT(WaitForMultipleObjects(4, handles, FALSE, INFINITE), WAIT_OBJECT_0 + 2, SAME);
    assert_int_equal(drop(handles[2]), 2);
    EXPECT(ReleaseSemaphore(handles[1], 1, nullptr), TRUE, SAME);
    EXPECT(WaitForMultipleObjectsEx(4, handles, FALSE, INFINITE, FALSE), WAIT_OBJECT_0 + 1, SAME);
    EXPECT(WaitForMultipleObjectsEx(4, handles, FALSE, 0, TRUE), WAIT_OBJECT_0 + 2, SAME);
}

#if !defined(__SANITIZE_THREAD__)  // the change below races with the reading at entry, as the statement means it to
struct OpenArray {
    HANDLE handles[2];
};

static std::uint64_t wait_on_open_array(void *argument) {
    return as_number(WaitForMultipleObjects(2, static_cast<OpenArray *>(argument)->handles, FALSE, INFINITE));
}

TEST(all, WaitMultiple_27_handles_are_resolved_at_entry) {
    static OpenArray array;
    const HANDLE first = auto_event(false);
    const HANDLE second = auto_event(false);
    array = OpenArray{{first, second}};
    Actor b = thread_actor();
    b.start(step::call(wait_on_open_array, &array));
    b.expect_blocked();
    array = OpenArray{{nullptr, first}};
    EXPECT(SetEvent(second), TRUE, SAME);
    b.expect(WAIT_OBJECT_0 + 1, SAME);
}
#endif

TEST(all, WaitMultiple_28_any_of_free_mutexes_owns_only_one) {
    const HANDLE first = free_mutex();
    const HANDLE second = free_mutex();
    EXPECT(poll_any(first, second), WAIT_OBJECT_0, SAME);
    assert_int_equal(drop(second), 0);
    assert_int_equal(drop(first), 1);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
