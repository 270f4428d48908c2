// test_mutex.cpp - making and opening mutexes, who owns them, who may release them.
//
// Purpose     CreateMutex, CreateMutexEx, OpenMutex, ReleaseMutex. Owners that end are test_abandonment.cpp.
// Source      statements CreateMutex-01 to -08, -15, -16, -19, -20, CreateMutexEx-01 to -07, OpenMutex-01, -07 to -11,
//             ReleaseMutex-01 to -07, -09 to -11, WaitSingle-09 to -12.
#include "tests/support/program.h"

static DWORD flags_of(HANDLE handle) {
    DWORD flags = kPoison;
    EXPECT(GetHandleInformation(handle, &flags), TRUE, SAME);
    return flags;
}

TEST(all, CreateMutex_01_without_a_name_makes_an_unnamed_mutex) {
    const HANDLE first = MADE(CreateMutexA(nullptr, FALSE, nullptr), 0);
    const HANDLE second = MADE(CreateMutexW(nullptr, TRUE, nullptr), 0);
    EXPECT(CompareObjectHandles(first, second), FALSE, ERROR_NOT_SAME_OBJECT);
    assert_int_equal(drop(first), 0);
    assert_int_equal(drop(second), 1);
}

TEST_SHARED(all, CreateMutex_02_a_new_name_is_visible_to_others_at_once) {
    Actor b = another();
    b.does(step::open_mutex(MUTEX_ALL_ACCESS, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    MADE(CreateMutexA(nullptr, FALSE, NAME), 0);
    b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
}

TEST_SHARED(all, CreateMutex_03_a_name_in_use_gives_the_same_mutex) {
    const HANDLE mutex = owned_mutex(NAME);
    Actor b = another();
    const HANDLE found = b.made(step::create_mutex(FALSE, NAME), ERROR_ALREADY_EXISTS);
    b.does(step::wait(found, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(drop(mutex), 1);
    b.does(step::wait(found, 0), WAIT_OBJECT_0, SAME);
    b.does(step::release(found), TRUE, SAME);
}

TEST_SHARED(all, CreateMutex_04_initial_owner_owns_it_once) {
    const HANDLE mutex = MADE(CreateMutexA(nullptr, TRUE, NAME), 0);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(opened, 0), WAIT_TIMEOUT, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    b.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
    b.does(step::release(opened), TRUE, SAME);
}

TEST_SHARED(all, CreateMutex_05_without_initial_owner_nobody_owns_it) {
    const HANDLE mutex = MADE(CreateMutexA(nullptr, FALSE, NAME), 0);
    EXPECT(ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    b.does(step::release(opened), TRUE, SAME);
}

TEST(all, CreateMutex_06_initial_owner_of_a_free_mutex_that_exists_gets_nothing) {
    free_mutex(NAME);
    const HANDLE found = MADE(CreateMutexA(nullptr, TRUE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(ReleaseMutex(found), FALSE, ERROR_NOT_OWNER);
    Actor b = thread_actor();
    b.does(step::wait(found, 0), WAIT_OBJECT_0, SAME);
    b.does(step::release(found), TRUE, SAME);
}

TEST(all, CreateMutex_07_initial_owner_of_an_owned_mutex_does_not_recurse) {
    const HANDLE mutex = owned_mutex(NAME);
    MADE(CreateMutexA(nullptr, TRUE, NAME), ERROR_ALREADY_EXISTS);
    assert_int_equal(drop(mutex), 1);
}

TEST_SHARED(all, CreateMutex_08_initial_owner_of_somebody_elses_mutex_does_not_block) {
    const HANDLE mutex = owned_mutex(NAME);
    Actor b = another();
    const HANDLE found = b.made(step::create_mutex(TRUE, NAME), ERROR_ALREADY_EXISTS);
    b.does(step::release(found), FALSE, ERROR_NOT_OWNER);
    assert_int_equal(drop(mutex), 1);
}

TEST(ce | nt, CreateMutex_15_attributes_as_for_events) {
    SECURITY_ATTRIBUTES inherit{sizeof inherit, nullptr, TRUE};
    SECURITY_ATTRIBUTES wrong_length{0, nullptr, TRUE};
    assert_int_equal(flags_of(MADE(CreateMutexA(nullptr, FALSE, NAME), 0)), 0);
    assert_int_equal(flags_of(MADE(CreateMutexA(&inherit, FALSE, NAME), ERROR_ALREADY_EXISTS)), HANDLE_FLAG_INHERIT);
    assert_int_equal(flags_of(MADE(CreateMutexA(&wrong_length, FALSE, nullptr), 0)), HANDLE_FLAG_INHERIT);
}

TEST(ce5, CreateMutex_15_attributes_are_ignored) {
    SECURITY_ATTRIBUTES inherit{sizeof inherit, nullptr, TRUE};
    assert_int_equal(flags_of(MADE(CreateMutexA(&inherit, FALSE, nullptr), 0)), 0);
}

TEST(all, CreateMutex_16_the_handle_has_all_rights) {
    const HANDLE mutex = MADE(CreateMutexA(nullptr, FALSE, NAME), 0);
    const HANDLE found = MADE(CreateMutexA(nullptr, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(found, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(drop(mutex), 2);
}

TEST_SHARED(all, CreateMutex_19_of_two_that_race_the_one_that_made_it_owns_it) {
    Actor b = another();
    Actor c = another();
    for (int round = 0; round < 60; ++round) {
        b.start(step::create_mutex(TRUE, NAME));
        c.start(step::create_mutex(TRUE, NAME));
        const Answer first = b.answer();
        const Answer second = c.answer();
        REQUIRE(first.value != 0 && second.value != 0, "both get a handle");
        assert_int_equal(first.error + second.error, ERROR_ALREADY_EXISTS);
        const bool b_owns = first.error == 0;
        b.does(step::release(handle_of(first.value)), b_owns, b_owns ? SAME : ERROR_NOT_OWNER);
        c.does(step::release(handle_of(second.value)), !b_owns, b_owns ? ERROR_NOT_OWNER : SAME);
        b.does(step::close(handle_of(first.value)), TRUE, SAME);
        c.does(step::close(handle_of(second.value)), TRUE, SAME);
    }
}

TEST(all, CreateMutex_20_the_sample_of_two_processes) {
    Actor b = process_actor();
    Actor c = process_actor();
    const HANDLE in_b = b.made(step::create_mutex(FALSE, "MutexToProtectDatabase"), 0);
    const HANDLE in_c = c.made(step::create_mutex(FALSE, "MutexToProtectDatabase"), ERROR_ALREADY_EXISTS);
    b.does(step::wait(in_b, 5000), WAIT_OBJECT_0, SAME);
    c.start(step::wait(in_c, INFINITE));
    c.expect_blocked();
    b.does(step::release(in_b), TRUE, SAME);
    c.expect(WAIT_OBJECT_0, SAME);
    b.does(step::wait(in_b, 0), WAIT_TIMEOUT, SAME);
    c.does(step::release(in_c), TRUE, SAME);
}

// ---- CreateMutexEx --------------------------------------------------------------------------------------------------

TEST(all, CreateMutexEx_01_no_flags_gives_an_unowned_mutex) {
    assert_int_equal(drop(MADE(CreateMutexExA(nullptr, nullptr, 0, MUTEX_ALL_ACCESS), 0)), 0);
    assert_int_equal(drop(MADE(CreateMutexExW(nullptr, nullptr, 0, MUTEX_ALL_ACCESS), 0)), 0);
}

TEST(all, CreateMutexEx_02_initial_owner_owns_it_once) {
    assert_int_equal(drop(MADE(CreateMutexExA(nullptr, nullptr, CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS), 0)), 1);
}

TEST(all, CreateMutexEx_03_initial_owner_of_a_mutex_that_exists_gets_nothing) {
    free_mutex(NAME);
    assert_int_equal(
        drop(MADE(CreateMutexExA(nullptr, NAME, CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS),
                  ERROR_ALREADY_EXISTS)), 0);
}

TEST(all, CreateMutexEx_04_any_other_flag_gives_INVALID_PARAMETER) {
    for (const DWORD flags : {2u, 4u, 3u, 0x80000000u, 0xFFFFFFFFu}) {
        EXPECT(CreateMutexExA(nullptr, NAME, flags, MUTEX_ALL_ACCESS), nullptr, ERROR_INVALID_PARAMETER);
    }
    EXPECT(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(ce | nt, CreateMutexEx_05_SYNCHRONIZE_is_enough_to_wait_and_release) {
    const HANDLE mutex = MADE(CreateMutexExA(nullptr, nullptr, 0, SYNCHRONIZE), 0);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(drop(mutex), 1);
}

TEST(ce | nt, CreateMutexEx_06_no_access_cannot_wait) {
    const HANDLE mutex = MADE(CreateMutexExA(nullptr, nullptr, 0, 0), 0);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
}

TEST(ce, CreateMutexEx_07_over_an_event_gives_the_event) {
    const HANDLE event = manual_event(true, NAME);
    const HANDLE found = MADE(CreateMutexExA(nullptr, NAME, CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS),
                              ERROR_ALREADY_EXISTS);
    EXPECT(CompareObjectHandles(event, found), TRUE, SAME);
}

// ---- OpenMutex ------------------------------------------------------------------------------------------------------

TEST_SHARED(all, OpenMutex_01_opens_the_same_mutex_and_takes_no_ownership) {
    const HANDLE mutex = free_mutex(NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.does(step::release(opened), FALSE, ERROR_NOT_OWNER);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    b.does(step::wait(opened, 0), WAIT_TIMEOUT, SAME);
}

TEST(ce | nt, OpenMutex_07_ReleaseMutex_07_SYNCHRONIZE_is_enough_to_wait_and_release) {
    const HANDLE mutex = free_mutex(NAME);
    const HANDLE opened = MADE(OpenMutexA(SYNCHRONIZE, FALSE, NAME), SAME);
    EXPECT(WaitForSingleObject(opened, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(opened), TRUE, SAME);
    assert_int_equal(drop(mutex), 0);
}

TEST(ce | nt, OpenMutex_08_MUTEX_MODIFY_STATE_cannot_wait) {
    const HANDLE mutex = free_mutex(NAME);
    const HANDLE opened = MADE(OpenMutexA(MUTEX_MODIFY_STATE, FALSE, NAME), SAME);
    EXPECT(WaitForSingleObject(opened, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(ReleaseMutex(opened), FALSE, ERROR_NOT_OWNER);
    assert_int_equal(drop(mutex), 0);
}

TEST(ce | nt, OpenMutex_09_no_access_cannot_wait) {
    const HANDLE mutex = free_mutex(NAME);
    const HANDLE opened = MADE(OpenMutexA(0, FALSE, NAME), SAME);
    EXPECT(WaitForSingleObject(opened, INFINITE), WAIT_FAILED, ERROR_ACCESS_DENIED);
    assert_int_equal(drop(mutex), 0);
}

TEST(ce | nt, OpenMutex_10_inheritable_if_asked) {
    free_mutex(NAME);
    assert_int_equal(flags_of(MADE(OpenMutexA(MUTEX_ALL_ACCESS, TRUE, NAME), SAME)), HANDLE_FLAG_INHERIT);
    assert_int_equal(flags_of(MADE(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), SAME)), 0);
}

TEST_SHARED(all, OpenMutex_11_a_mutex_owned_by_another_opens_without_blocking) {
    const HANDLE mutex = owned_mutex(NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(opened, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(drop(mutex), 1);
}

// ---- ownership and release ------------------------------------------------------------------------------------------

TEST_SHARED(all, ReleaseMutex_01_frees_it_and_one_waiter_becomes_owner) {
    const HANDLE mutex = owned_mutex(NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.start(step::wait(opened, INFINITE));
    b.expect_blocked();
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
    b.does(step::release(opened), TRUE, SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, ReleaseMutex_02_WaitSingle_10_recursion_needs_as_many_releases) {
    const HANDLE mutex = owned_mutex(NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(mutex, INFINITE), WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    b.does(step::wait(opened, 0), WAIT_TIMEOUT, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    b.does(step::wait(opened, 0), WAIT_TIMEOUT, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    b.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    b.does(step::release(opened), TRUE, SAME);
}

TEST_SHARED(all, ReleaseMutex_02_recursion_while_others_wait) {
    const HANDLE mutex = owned_mutex(NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.start(step::wait(opened, INFINITE));
    b.expect_blocked();
    EXPECT(WaitForSingleObject(mutex, INFINITE), WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    b.expect_blocked();
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
    b.does(step::release(opened), TRUE, SAME);
    b.does(step::release(opened), FALSE, ERROR_NOT_OWNER);  // handed over with recursion 1
}

TEST(all, ReleaseMutex_03_of_a_free_mutex_gives_NOT_OWNER) {
    const HANDLE mutex = free_mutex();
    EXPECT(ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, ReleaseMutex_04_by_another_gives_NOT_OWNER) {
    const HANDLE mutex = owned_mutex(NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.does(step::release(opened), FALSE, ERROR_NOT_OWNER);
    b.does(step::wait(opened, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(drop(mutex), 1);
}

TEST(all, ReleaseMutex_05_once_more_than_acquired_gives_NOT_OWNER) {
    const HANDLE mutex = owned_mutex();
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    EXPECT(ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
    EXPECT(ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
    thread_actor().does(step::wait(mutex, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, ReleaseMutex_06_ownership_belongs_to_the_thread_not_to_the_handle) {
    const HANDLE first = free_mutex(NAME);
    const HANDLE second = MADE(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), SAME);
    EXPECT(WaitForSingleObject(first, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(second, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(second), TRUE, SAME);
    EXPECT(ReleaseMutex(second), TRUE, SAME);
    EXPECT(ReleaseMutex(first), FALSE, ERROR_NOT_OWNER);
}

TEST(all, ReleaseMutex_09_a_bad_handle_gives_INVALID_HANDLE) {
    const HANDLE closed = free_mutex();
    EXPECT(CloseHandle(closed), TRUE, SAME);
    for (const HANDLE bad : {HANDLE{nullptr}, closed, handle_of(0xDEADBEEC), handle_of(6)}) {
        EXPECT(ReleaseMutex(bad), FALSE, ERROR_INVALID_HANDLE);
    }
}

TEST(all, ReleaseMutex_10_the_wrong_type_gives_INVALID_HANDLE) {
    const HANDLE event = auto_event(true);
    const HANDLE units = semaphore(1, 2);
    EXPECT(ReleaseMutex(event), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(ReleaseMutex(units), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(drain(units), 1);
}

TEST(all, ReleaseMutex_11_of_waiters_in_several_processes_exactly_one_gets_it) {
    const HANDLE mutex = owned_mutex(NAME);
    Actor waiters[] = {process_actor(), process_actor(), process_actor()};
    HANDLE opened[3];
    for (int i = 0; i < 3; ++i) {
        opened[i] = waiters[i].made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
        waiters[i].start(step::wait(opened[i], INFINITE));
        waiters[i].expect_blocked();
    }
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    for (int i = 0; i < 3; ++i) {
        waiters[i].expect(WAIT_OBJECT_0, SAME);
        for (int later = i + 1; later < 3; ++later) waiters[later].expect_blocked();
        EXPECT(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
        waiters[i].does(step::release(opened[i]), TRUE, SAME);
    }
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, WaitSingle_11_WaitSingle_12_a_mutex_of_another_blocks_and_times_out) {
    const HANDLE mutex = free_mutex(NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(opened, INFINITE), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(mutex, 30), WAIT_TIMEOUT, SAME);
    b.does(step::release(opened), TRUE, SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
