// test_ce_profile.cpp - the ce profile's own rule: a create over another type's name succeeds.
//
// Purpose     Events and mutexes share their names. A create over the other type's name gives the existing object, with
//             ERROR_ALREADY_EXISTS, and the caller's flags count for nothing. Semaphores have names of their own.
// Source      statements Ce-01 to Ce-12 (LD-1, LD-2, LD-12); CreateEvent-06, -09, CreateMutex-09, -12.
#include "tests/support/program.h"

TEST_SHARED(ce, Ce_01_create_mutex_over_an_event_gives_the_event) {
    const HANDLE event = manual_event(false, NAME);
    Actor b = another();
    const HANDLE found = b.made(step::create_mutex(FALSE, NAME), ERROR_ALREADY_EXISTS);
    b.does(step::set(found), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(ce, Ce_01_create_mutex_over_an_event_makes_no_mutex) {
    const HANDLE event = manual_event(false, NAME);
    const HANDLE found = MADE(CreateMutexA(nullptr, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(CompareObjectHandles(event, found), TRUE, SAME);
    EXPECT(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_INVALID_HANDLE);
}

TEST_SHARED(ce, Ce_02_create_event_over_a_mutex_gives_the_mutex) {
    const HANDLE mutex = owned_mutex(NAME);
    Actor b = another();
    const HANDLE found = b.made(step::create_event(TRUE, TRUE, NAME), ERROR_ALREADY_EXISTS);
    b.does(step::wait(found, 0), WAIT_TIMEOUT, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    b.does(step::wait(found, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    b.does(step::release(found), TRUE, SAME);
}

TEST(ce, Ce_02_create_event_over_a_mutex_makes_no_event) {
    const HANDLE mutex = free_mutex(NAME);
    const HANDLE found = MADE(CreateEventA(nullptr, TRUE, TRUE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(CompareObjectHandles(mutex, found), TRUE, SAME);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_INVALID_HANDLE);
}

TEST(ce, Ce_03_release_mutex_on_the_event_gives_INVALID_HANDLE) {
    const HANDLE event = auto_event(true, NAME);
    const HANDLE found = MADE(CreateMutexA(nullptr, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(ReleaseMutex(found), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);  // it was set and still is
    EXPECT(ReleaseMutex(found), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);   // it was clear and still is
}

TEST(ce, Ce_04_event_calls_on_the_mutex_give_INVALID_HANDLE) {
    const HANDLE mutex = owned_mutex(NAME);
    const HANDLE found = MADE(CreateEventA(nullptr, TRUE, TRUE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(SetEvent(found), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(ResetEvent(found), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(PulseEvent(found), FALSE, ERROR_INVALID_HANDLE);
    thread_actor().does(step::wait(mutex, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(drop(mutex), 1);
}

TEST(ce, Ce_05_event_calls_work_on_the_handle_of_the_event) {
    const HANDLE event = manual_event(false, NAME);
    const HANDLE found = MADE(CreateMutexA(nullptr, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(SetEvent(found), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ResetEvent(found), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(found), TRUE, SAME);
    EXPECT(PulseEvent(found), TRUE, SAME);
    EXPECT(WaitForSingleObject(found, 0), WAIT_TIMEOUT, SAME);
}

TEST(ce, Ce_06_wait_and_release_work_on_the_handle_of_the_mutex) {
    const HANDLE mutex = free_mutex(NAME);
    const HANDLE found = MADE(CreateEventA(nullptr, FALSE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(WaitForSingleObject(found, 0), WAIT_OBJECT_0, SAME);
    thread_actor().does(step::wait(mutex, 0), WAIT_TIMEOUT, SAME);
    EXPECT(ReleaseMutex(found), TRUE, SAME);
    EXPECT(ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
}

TEST(ce, Ce_07_initial_owner_over_an_event_owns_nothing) {
    const HANDLE event = auto_event(true, NAME);
    const HANDLE found = MADE(CreateMutexA(nullptr, TRUE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(ReleaseMutex(found), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);  // auto-reset, set once: as it was made
}

TEST(ce, Ce_08_event_flags_over_a_mutex_count_for_nothing) {
    const HANDLE mutex = owned_mutex(NAME);
    const HANDLE found = MADE(CreateEventA(nullptr, TRUE, TRUE, NAME), ERROR_ALREADY_EXISTS);
    thread_actor().does(step::wait(found, 0), WAIT_TIMEOUT, SAME);  // not signaled by bInitialState
    assert_int_equal(drop(mutex), 1);
    EXPECT(WaitForSingleObject(found, 0), WAIT_OBJECT_0, SAME);
    thread_actor().does(step::wait(found, 0), WAIT_TIMEOUT, SAME);  // consumed in spite of bManualReset
}

TEST(ce, Ce_09_object_lives_on_in_the_handle_of_the_other_type) {
    const HANDLE event = manual_event(true, NAME);
    const HANDLE found = MADE(CreateMutexA(nullptr, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(CloseHandle(event), TRUE, SAME);
    const HANDLE again = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME);
    EXPECT(WaitForSingleObject(again, 0), WAIT_OBJECT_0, SAME);
    EXPECT(CloseHandle(again), TRUE, SAME);
    EXPECT(CloseHandle(found), TRUE, SAME);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(ce, Ce_10_after_the_last_close_the_name_is_free_for_a_mutex) {
    const HANDLE event = manual_event(true, NAME);
    const HANDLE found = MADE(CreateMutexA(nullptr, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(CloseHandle(event), TRUE, SAME);
    EXPECT(CloseHandle(found), TRUE, SAME);
    const HANDLE mutex = owned_mutex(NAME);
    EXPECT(SetEvent(mutex), FALSE, ERROR_INVALID_HANDLE);
    assert_int_equal(drop(mutex), 1);
}

TEST(ce, Ce_11_a_semaphore_may_have_the_name_of_an_event_or_mutex) {
    const HANDLE event = manual_event(true, NAME);
    const HANDLE units = semaphore(2, 5, NAME);
    assert_int_equal(drain(units), 2);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(CloseHandle(event), TRUE, SAME);
    const HANDLE mutex = owned_mutex(NAME);
    EXPECT(CompareObjectHandles(mutex, units), FALSE, ERROR_NOT_SAME_OBJECT);
    assert_int_equal(drain(units), 0);
}

TEST(ce, CreateEvent_09_and_CreateMutex_12_over_a_semaphore_make_new_objects) {
    const HANDLE units = semaphore(0, 5, NAME);
    const HANDLE event = auto_event(true, NAME);
    EXPECT(WaitForSingleObject(units, 0), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(CloseHandle(event), TRUE, SAME);
    const HANDLE mutex = owned_mutex(NAME);
    assert_int_equal(drop(mutex), 1);
}

TEST_SHARED(all, Ce_12_last_error_tells_created_from_existing_for_each_create) {
    Actor b = another();
    b.made(step::create_event(FALSE, FALSE, "Ce_12 event"), 0);
    MADE(CreateEventA(nullptr, FALSE, FALSE, "Ce_12 event"), ERROR_ALREADY_EXISTS);
    MADE(CreateEventExA(nullptr, "Ce_12 event", 0, EVENT_ALL_ACCESS), ERROR_ALREADY_EXISTS);
    b.made(step::create_mutex(FALSE, "Ce_12 mutex"), 0);
    MADE(CreateMutexA(nullptr, FALSE, "Ce_12 mutex"), ERROR_ALREADY_EXISTS);
    MADE(CreateMutexExA(nullptr, "Ce_12 mutex", 0, MUTEX_ALL_ACCESS), ERROR_ALREADY_EXISTS);
    b.made(step::create_semaphore(0, 1, "Ce_12 semaphore"), 0);
    MADE(CreateSemaphoreA(nullptr, 0, 1, "Ce_12 semaphore"), ERROR_ALREADY_EXISTS);
    MADE(CreateSemaphoreExA(nullptr, 0, 1, "Ce_12 semaphore", 0, SEMAPHORE_ALL_ACCESS), ERROR_ALREADY_EXISTS);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
