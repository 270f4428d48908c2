// test_semaphore.cpp - semaphores: counts, limits, units that nobody owns.
//
// Purpose     CreateSemaphore, CreateSemaphoreEx, OpenSemaphore, ReleaseSemaphore.
// Source      statements CreateSemaphore-01 to -07, -10 to -12, OpenSemaphore-01, -05, ReleaseSemaphore-01 to -11,
//             WaitSingle-19, -20, CloseHandle-09, Life-14.
#include "tests/support/program.h"

constexpr LONG kMost = 0x7FFFFFFF;
constexpr LONG kPoisonCount = static_cast<LONG>(kPoison);

// Releases and compares the previous count.
static void expect_release(HANDLE units, LONG count, LONG previous) {
    LONG got = kPoisonCount;
    EXPECT(ReleaseSemaphore(units, count, &got), TRUE, SAME);
    assert_int_equal(got, previous);
}

// A release that must fail, write nothing and change nothing.
static void expect_refusal(HANDLE units, LONG count, DWORD error) {
    LONG got = kPoisonCount;
    EXPECT(ReleaseSemaphore(units, count, &got), FALSE, error);
    assert_int_equal(got, kPoisonCount);
}

TEST(all, CreateSemaphore_01_starts_with_the_initial_count) {
    assert_int_equal(drain(MADE(CreateSemaphoreA(nullptr, 0, 3, nullptr), 0)), 0);
    assert_int_equal(drain(MADE(CreateSemaphoreA(nullptr, 3, 3, nullptr), 0)), 3);
    assert_int_equal(drain(MADE(CreateSemaphoreW(nullptr, 2, 3, nullptr), 0)), 2);
    assert_int_equal(drain(MADE(CreateSemaphoreExA(nullptr, 1, 3, nullptr, 0, SEMAPHORE_ALL_ACCESS), 0)), 1);
    assert_int_equal(drain(MADE(CreateSemaphoreExW(nullptr, 1, 3, nullptr, 0, SEMAPHORE_ALL_ACCESS), 0)), 1);
}

TEST(all, CreateSemaphore_02_to_04_counts_out_of_range_give_INVALID_PARAMETER) {
    struct Counts { LONG initial, maximum; };
    for (const Counts bad :
         {Counts{2, 1}, {kMost, 1}, {-1, 1}, {-kMost - 1, kMost}, {0, 0}, {0, -1}, {-2, -1}, {1, 0}}) {
        EXPECT(CreateSemaphoreA(nullptr, bad.initial, bad.maximum, NAME), nullptr, ERROR_INVALID_PARAMETER);
        EXPECT(CreateSemaphoreExA(nullptr, bad.initial, bad.maximum, NAME, 0, SEMAPHORE_ALL_ACCESS), nullptr,
               ERROR_INVALID_PARAMETER);
    }
    EXPECT(OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(all, CreateSemaphore_05_the_largest_maximum_is_allowed) {
    const HANDLE units = MADE(CreateSemaphoreA(nullptr, kMost - 1, kMost, nullptr), 0);
    expect_release(units, 1, kMost - 1);
    expect_refusal(units, 1, ERROR_TOO_MANY_POSTS);
    MADE(CreateSemaphoreA(nullptr, kMost, kMost, nullptr), 0);
}

TEST_SHARED(all, CreateSemaphore_06_counts_for_one_that_exists_count_for_nothing) {
    const HANDLE units = semaphore(1, 2, NAME);
    Actor b = another();
    const HANDLE found = b.made(step::create_semaphore(7, 9, NAME), ERROR_ALREADY_EXISTS);
    b.does(step::release(found, 2), FALSE, ERROR_TOO_MANY_POSTS);  // the maximum is still 2
    assert_int_equal(drain(units), 1);
}

TEST(all, CreateSemaphore_07_counts_are_checked_before_the_name) {
    const HANDLE units = semaphore(1, 2, NAME);
    EXPECT(CreateSemaphoreA(nullptr, 3, 2, NAME), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(CreateSemaphoreA(nullptr, 0, 0, NAME), nullptr, ERROR_INVALID_PARAMETER);
    assert_int_equal(drain(units), 1);
}

TEST(ce | nt, CreateSemaphore_10_attributes_as_for_events) {
    SECURITY_ATTRIBUTES inherit{sizeof inherit, nullptr, TRUE};
    DWORD flags = kPoison;
    EXPECT(GetHandleInformation(MADE(CreateSemaphoreA(&inherit, 0, 1, nullptr), 0), &flags), TRUE, SAME);
    assert_int_equal(flags, HANDLE_FLAG_INHERIT);
    flags = kPoison;
    EXPECT(GetHandleInformation(MADE(CreateSemaphoreA(nullptr, 0, 1, nullptr), 0), &flags), TRUE, SAME);
    assert_int_equal(flags, 0);
}

TEST(all, CreateSemaphore_11_flags_are_reserved_and_give_INVALID_PARAMETER) {
    for (const DWORD flags : {1u, 2u, 0x80000000u, 0xFFFFFFFFu}) {
        EXPECT(CreateSemaphoreExA(nullptr, 0, 1, NAME, flags, SEMAPHORE_ALL_ACCESS), nullptr, ERROR_INVALID_PARAMETER);
    }
    EXPECT(OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(ce | nt, CreateSemaphore_12_with_SYNCHRONIZE_only_a_release_gives_ACCESS_DENIED) {
    const HANDLE units = MADE(CreateSemaphoreExA(nullptr, 1, 2, nullptr, 0, SYNCHRONIZE), 0);
    expect_refusal(units, 1, ERROR_ACCESS_DENIED);
    assert_int_equal(drain(units), 1);
}

TEST_SHARED(all, OpenSemaphore_01_opens_the_same_one_and_takes_nothing) {
    const HANDLE units = semaphore(2, 5, NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_semaphore(SEMAPHORE_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(drain(units), 1);
}

TEST(ce | nt, OpenSemaphore_05_ReleaseSemaphore_10_SYNCHRONIZE_waits_only) {
    const HANDLE units = semaphore(2, 5, NAME);
    const HANDLE opened = MADE(OpenSemaphoreA(SYNCHRONIZE, FALSE, NAME), SAME);
    EXPECT(WaitForSingleObject(opened, 0), WAIT_OBJECT_0, SAME);
    expect_refusal(opened, 1, ERROR_ACCESS_DENIED);
    assert_int_equal(drain(units), 1);
}

TEST(ce | nt, ReleaseSemaphore_10_SEMAPHORE_MODIFY_STATE_releases_only) {
    const HANDLE units = semaphore(0, 5, NAME);
    const HANDLE opened = MADE(OpenSemaphoreA(SEMAPHORE_MODIFY_STATE, FALSE, NAME), SAME);
    expect_release(opened, 1, 0);
    EXPECT(WaitForSingleObject(opened, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    assert_int_equal(drain(units), 1);
}

// ---- ReleaseSemaphore -----------------------------------------------------------------------------------------------

TEST(all, ReleaseSemaphore_01_adds_to_the_count_and_tells_the_previous_one) {
    const HANDLE units = semaphore(0, 10);
    expect_release(units, 1, 0);
    expect_release(units, 4, 1);
    expect_release(units, 5, 5);
    assert_int_equal(drain(units), 10);
}

TEST(all, ReleaseSemaphore_02_beyond_the_maximum_gives_TOO_MANY_POSTS) {
    const HANDLE units = semaphore(2, 3);
    expect_refusal(units, 2, ERROR_TOO_MANY_POSTS);
    expect_release(units, 1, 2);
    expect_refusal(units, 1, ERROR_TOO_MANY_POSTS);
    assert_int_equal(drain(units), 3);
}

TEST(all, ReleaseSemaphore_03_arithmetic_overflow_gives_TOO_MANY_POSTS) {
    const HANDLE units = semaphore(1, kMost);
    expect_refusal(units, kMost, ERROR_TOO_MANY_POSTS);
    assert_int_equal(drain(units), 1);
}

TEST(all, ReleaseSemaphore_04_and_05_counts_of_zero_and_below_give_INVALID_PARAMETER) {
    const HANDLE units = semaphore(1, 3);
    expect_refusal(units, 0, ERROR_INVALID_PARAMETER);
    expect_refusal(units, -1, ERROR_INVALID_PARAMETER);
    expect_refusal(units, -kMost - 1, ERROR_INVALID_PARAMETER);
    assert_int_equal(drain(units), 1);
}

TEST(all, ReleaseSemaphore_06_without_a_place_for_the_previous_count) {
    const HANDLE units = semaphore(0, 3);
    EXPECT(ReleaseSemaphore(units, 2, nullptr), TRUE, SAME);
    assert_int_equal(drain(units), 2);
}

TEST_SHARED(all, ReleaseSemaphore_07_releases_as_many_as_wait_and_keeps_the_rest) {
    const HANDLE units = semaphore(0, 10, NAME);
    Actor waiters[] = {another(), another(), another()};
    for (Actor &waiter : waiters) {
        const HANDLE opened = waiter.made(step::open_semaphore(SEMAPHORE_ALL_ACCESS, NAME), SAME);
        waiter.start(step::wait(opened, INFINITE));
        waiter.expect_blocked();
    }
    expect_release(units, 2, 0);
    waiters[0].expect(WAIT_OBJECT_0, SAME);
    waiters[1].expect(WAIT_OBJECT_0, SAME);
    waiters[2].expect_blocked();
    expect_release(units, 5, 0);
    waiters[2].expect(WAIT_OBJECT_0, SAME);
    assert_int_equal(drain(units), 4);
}

TEST_SHARED(all, ReleaseSemaphore_08_anybody_may_release) {
    const HANDLE units = semaphore(0, 1, NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_semaphore(SEMAPHORE_ALL_ACCESS, NAME), SAME);
    b.does(step::release(opened, 1), TRUE, SAME);
    EXPECT(WaitForSingleObject(units, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, ReleaseSemaphore_09_a_bad_handle_or_another_type_gives_INVALID_HANDLE) {
    const HANDLE mutex = owned_mutex();
    const HANDLE event = auto_event(false);
    const HANDLE closed = semaphore(0, 1);
    EXPECT(CloseHandle(closed), TRUE, SAME);
    for (const HANDLE bad : {HANDLE{nullptr}, closed, handle_of(0xDEADBEEC), mutex, event}) {
        expect_refusal(bad, 1, ERROR_INVALID_HANDLE);
    }
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(drop(mutex), 1);
}

TEST(all, ReleaseSemaphore_11_Life_14_units_of_the_dead_are_not_given_back) {
    const HANDLE units = semaphore(2, 5, NAME);
    Actor b = process_actor();
    const HANDLE opened = b.made(step::open_semaphore(SEMAPHORE_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    b.ends(Ending::killed);
    assert_int_equal(drain(units), 1);  // and each wait gave WAIT_OBJECT_0: no abandonment
}

TEST(all, ReleaseSemaphore_11_units_of_an_ended_thread_are_not_given_back) {
    const HANDLE units = semaphore(2, 5);
    Actor b = thread_actor();
    b.does(step::wait(units, 0), WAIT_OBJECT_0, SAME);
    b.ends(Ending::returns);
    assert_int_equal(drain(units), 1);
}

// ---- waits ----------------------------------------------------------------------------------------------------------

TEST(all, WaitSingle_19_a_wait_takes_one_unit) {
    const HANDLE units = semaphore(2, 2);
    EXPECT(WaitForSingleObject(units, 0), WAIT_OBJECT_0, SAME);
    expect_release(units, 1, 1);
    EXPECT(WaitForSingleObject(units, INFINITE), WAIT_OBJECT_0, SAME);
    expect_release(units, 1, 1);
}

TEST_SHARED(all, WaitSingle_20_a_count_of_zero_blocks_also_those_who_took_units) {
    const HANDLE units = semaphore(1, 2, NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_semaphore(SEMAPHORE_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    b.does(step::wait(opened, 0), WAIT_TIMEOUT, SAME);
    b.start(step::wait(opened, INFINITE));
    b.expect_blocked();
    expect_release(units, 1, 0);
    b.expect(WAIT_OBJECT_0, SAME);
}

TEST(all, CloseHandle_09_closing_does_not_change_the_count) {
    const HANDLE units = semaphore(2, 5, NAME);
    const HANDLE opened = MADE(OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, NAME), SAME);
    EXPECT(WaitForSingleObject(opened, 0), WAIT_OBJECT_0, SAME);
    EXPECT(CloseHandle(opened), TRUE, SAME);
    assert_int_equal(drain(units), 1);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
