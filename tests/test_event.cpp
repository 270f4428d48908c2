// test_event.cpp - making and opening events.
//
// Purpose     CreateEvent, CreateEventEx and OpenEvent: what comes into being, what is found, with which rights.
// Source      statements CreateEvent-01 to -20 (names: test_names.cpp; other types' names: test_ce_profile.cpp and
//             test_profiles.cpp), CreateEventEx-01 to -09, OpenEvent-01, -08 to -16, -18, -20.
#include "tests/support/program.h"

static DWORD flags_of(HANDLE handle) {
    DWORD flags = kPoison;
    EXPECT(GetHandleInformation(handle, &flags), TRUE, SAME);
    return flags;
}

// The state of an auto-reset event that is set: one wait, and no more.
static void expect_one_signal(HANDLE event) {
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

// The state of a manual-reset event that is set: waits do not change it.
static void expect_stays_set(HANDLE event) {
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, CreateEvent_01_without_a_name_makes_an_unnamed_event) {
    const HANDLE event = MADE(CreateEventA(nullptr, TRUE, TRUE, nullptr), 0);
    expect_stays_set(event);
    expect_stays_set(MADE(CreateEventW(nullptr, TRUE, TRUE, nullptr), 0));
}

TEST(all, CreateEvent_02_two_unnamed_events_are_unrelated) {
    const HANDLE first = manual_event(false);
    const HANDLE second = manual_event(false);
    EXPECT(CompareObjectHandles(first, second), FALSE, ERROR_NOT_SAME_OBJECT);
    EXPECT(SetEvent(first), TRUE, SAME);
    EXPECT(WaitForSingleObject(second, 0), WAIT_TIMEOUT, SAME);
}

TEST_SHARED(all, CreateEvent_03_a_new_name_is_visible_to_others_at_once) {
    Actor b = another();
    b.does(step::open_event(EVENT_ALL_ACCESS, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    const HANDLE event = manual_event(false, NAME);
    const HANDLE seen = b.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(seen, 0), WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    b.does(step::wait(seen, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, CreateEvent_04_a_name_in_use_gives_the_same_event) {
    const HANDLE event = auto_event(false, NAME);
    Actor b = another();
    const HANDLE found = b.made(step::create_event(FALSE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    b.does(step::set(found), TRUE, SAME);
    expect_one_signal(event);
}

TEST_SHARED(all, CreateEvent_05_flags_for_an_event_that_exists_count_for_nothing) {
    const HANDLE event = auto_event(false, NAME);
    Actor b = another();
    const HANDLE found = b.made(step::create_event(TRUE, TRUE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);  // not set by bInitialState
    b.does(step::set(found), TRUE, SAME);
    expect_one_signal(event);                                  // not made manual-reset
}

TEST(all, CreateEvent_05_a_set_event_stays_set_when_created_again) {
    const HANDLE event = auto_event(true, NAME);
    MADE(CreateEventA(nullptr, TRUE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    expect_one_signal(event);
}

TEST(all, CreateEvent_10_not_initially_set_times_out) {
    EXPECT(WaitForSingleObject(MADE(CreateEventA(nullptr, FALSE, FALSE, nullptr), 0), 0), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(MADE(CreateEventA(nullptr, TRUE, FALSE, nullptr), 0), 0), WAIT_TIMEOUT, SAME);
}

TEST(all, CreateEvent_11_manual_and_initially_set_satisfies_every_wait) {
    expect_stays_set(MADE(CreateEventA(nullptr, TRUE, TRUE, nullptr), 0));
}

TEST(all, CreateEvent_12_auto_and_initially_set_satisfies_one_wait) {
    expect_one_signal(MADE(CreateEventA(nullptr, FALSE, TRUE, nullptr), 0));
}

TEST(all, CreateEvent_13_any_nonzero_flag_counts_as_TRUE) {
    for (const BOOL yes : {2, -1, 256, 0x10000, static_cast<int>(0x80000000)}) {
        expect_stays_set(MADE(CreateEventA(nullptr, yes, yes, nullptr), 0));
        expect_one_signal(MADE(CreateEventA(nullptr, FALSE, yes, nullptr), 0));
    }
}

TEST(all, CreateEvent_16_without_attributes_the_handle_is_not_inheritable) {
    assert_int_equal(flags_of(MADE(CreateEventA(nullptr, FALSE, FALSE, nullptr), 0)), 0);
}

TEST(ce | nt, CreateEvent_17_inheritable_by_attributes_also_when_it_exists) {
    SECURITY_ATTRIBUTES inherit{sizeof inherit, nullptr, TRUE};
    SECURITY_ATTRIBUTES keep{sizeof keep, nullptr, FALSE};
    const HANDLE first = MADE(CreateEventA(&inherit, FALSE, FALSE, NAME), 0);
    const HANDLE second = MADE(CreateEventA(nullptr, FALSE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    const HANDLE third = MADE(CreateEventA(&inherit, FALSE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    const HANDLE fourth = MADE(CreateEventA(&keep, FALSE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    assert_int_equal(flags_of(first), HANDLE_FLAG_INHERIT);
    assert_int_equal(flags_of(second), 0);
    assert_int_equal(flags_of(third), HANDLE_FLAG_INHERIT);
    assert_int_equal(flags_of(fourth), 0);
}

TEST(ce | nt, CreateEvent_18_the_length_of_the_attributes_is_not_checked) {
    for (const DWORD length : {0u, 1u, 23u, 25u, 0xFFFFFFFFu}) {
        SECURITY_ATTRIBUTES attributes{length, nullptr, TRUE};
        assert_int_equal(flags_of(MADE(CreateEventA(&attributes, FALSE, FALSE, nullptr), 0)), HANDLE_FLAG_INHERIT);
    }
}

TEST(ce5, CreateEvent_19_attributes_are_ignored) {
    SECURITY_ATTRIBUTES inherit{sizeof inherit, nullptr, TRUE};
    assert_int_equal(flags_of(MADE(CreateEventA(&inherit, FALSE, FALSE, nullptr), 0)), 0);
}

TEST(all, CreateEvent_20_the_handle_has_all_rights) {
    manual_event(false, NAME);
    const HANDLE found = MADE(CreateEventA(nullptr, TRUE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(SetEvent(found), TRUE, SAME);
    EXPECT(WaitForSingleObject(found, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ResetEvent(found), TRUE, SAME);
    EXPECT(PulseEvent(found), TRUE, SAME);
}

// ---- CreateEventEx --------------------------------------------------------------------------------------------------

TEST(all, CreateEventEx_01_no_flags_gives_auto_reset_and_clear) {
    const HANDLE event = MADE(CreateEventExA(nullptr, nullptr, 0, EVENT_ALL_ACCESS), 0);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    expect_one_signal(event);
}

TEST(all, CreateEventEx_02_manual_reset_flag) {
    const HANDLE event = MADE(CreateEventExA(nullptr, nullptr, CREATE_EVENT_MANUAL_RESET, EVENT_ALL_ACCESS), 0);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    expect_stays_set(event);
}

TEST(all, CreateEventEx_03_initial_set_flag) {
    expect_one_signal(MADE(CreateEventExA(nullptr, nullptr, CREATE_EVENT_INITIAL_SET, EVENT_ALL_ACCESS), 0));
    expect_stays_set(MADE(CreateEventExW(nullptr, nullptr, CREATE_EVENT_INITIAL_SET | CREATE_EVENT_MANUAL_RESET,
                                         EVENT_ALL_ACCESS), 0));
}

TEST(all, CreateEventEx_04_any_other_flag_gives_INVALID_PARAMETER) {
    for (const DWORD flags : {4u, 8u, 5u, 0x80000000u, 0xFFFFFFFFu}) {
        EXPECT(CreateEventExA(nullptr, NAME, flags, EVENT_ALL_ACCESS), nullptr, ERROR_INVALID_PARAMETER);
    }
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(ce | nt, CreateEventEx_05_the_creator_too_has_only_the_access_it_asked_for) {
    const HANDLE event = MADE(CreateEventExA(nullptr, nullptr, CREATE_EVENT_INITIAL_SET, SYNCHRONIZE), 0);
    EXPECT(ResetEvent(event), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(SetEvent(event), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

TEST(ce | nt, CreateEventEx_06_no_access_cannot_wait) {
    const HANDLE event = MADE(CreateEventExA(nullptr, nullptr, CREATE_EVENT_INITIAL_SET, 0), 0);
    EXPECT(WaitForSingleObject(event, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
}

TEST(ce | nt, CreateEventEx_07_limited_access_to_an_event_that_exists) {
    const HANDLE event = manual_event(false, NAME);
    const HANDLE set_only = MADE(CreateEventExA(nullptr, NAME, 0, EVENT_MODIFY_STATE), ERROR_ALREADY_EXISTS);
    EXPECT(WaitForSingleObject(set_only, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(SetEvent(set_only), TRUE, SAME);
    expect_stays_set(event);
}

TEST(all, CreateEventEx_08_equals_CreateEvent_with_matching_flags) {
    const HANDLE event = MADE(CreateEventExA(nullptr, NAME, CREATE_EVENT_MANUAL_RESET, EVENT_ALL_ACCESS), 0);
    const HANDLE found = MADE(CreateEventA(nullptr, FALSE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(CompareObjectHandles(event, found), TRUE, SAME);
    EXPECT(PulseEvent(event), TRUE, SAME);
    assert_int_equal(flags_of(event), 0);
}

TEST(ce | nt, CreateEventEx_09_inheritable_by_attributes) {
    SECURITY_ATTRIBUTES inherit{sizeof inherit, nullptr, TRUE};
    assert_int_equal(flags_of(MADE(CreateEventExA(&inherit, NAME, 0, EVENT_ALL_ACCESS), 0)), HANDLE_FLAG_INHERIT);
}

TEST(ce, CreateEventEx_09_over_a_mutex_gives_the_mutex) {
    const HANDLE mutex = owned_mutex(NAME);
    const HANDLE found = MADE(CreateEventExA(nullptr, NAME, 0, EVENT_ALL_ACCESS), ERROR_ALREADY_EXISTS);
    EXPECT(CompareObjectHandles(mutex, found), TRUE, SAME);
    assert_int_equal(drop(mutex), 1);
}

// ---- OpenEvent ------------------------------------------------------------------------------------------------------

TEST_SHARED(all, OpenEvent_01_opens_the_same_event) {
    const HANDLE event = auto_event(true, NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

TEST_SHARED(all, OpenEvent_08_after_the_last_close_the_name_is_gone) {
    Actor b = another();
    const HANDLE event = manual_event(true, NAME);
    const HANDLE opened = b.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    EXPECT(CloseHandle(event), TRUE, SAME);
    b.does(step::close(opened), TRUE, SAME);
    b.does(step::open_event(EVENT_ALL_ACCESS, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

// What a handle opened with `access` may do: each right is used, and nothing changes where it is missing.
static void expect_rights(const char *name, DWORD access, bool waits, bool modifies) {
    const HANDLE event = MADE(CreateEventA(nullptr, TRUE, FALSE, name), 0);
    const HANDLE opened = MADE(OpenEventA(access, FALSE, name), SAME);
    EXPECT(SetEvent(opened), modifies, modifies ? SAME : ERROR_ACCESS_DENIED);
    EXPECT(WaitForSingleObject(event, 0), modifies ? WAIT_OBJECT_0 : WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(opened, 0), waits ? WAIT_OBJECT_0 : WAIT_FAILED, waits ? SAME : ERROR_ACCESS_DENIED);
    EXPECT(ResetEvent(opened), modifies, modifies ? SAME : ERROR_ACCESS_DENIED);
    EXPECT(WaitForSingleObject(event, 0), modifies ? WAIT_TIMEOUT : WAIT_OBJECT_0, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(PulseEvent(opened), modifies, modifies ? SAME : ERROR_ACCESS_DENIED);
    EXPECT(WaitForSingleObject(event, 0), modifies ? WAIT_TIMEOUT : WAIT_OBJECT_0, SAME);
    EXPECT(CloseHandle(opened), TRUE, SAME);
    EXPECT(CloseHandle(event), TRUE, SAME);
}

TEST(ce | nt, OpenEvent_09_SYNCHRONIZE_waits_only) { expect_rights(NAME, SYNCHRONIZE, true, false); }
TEST(ce | nt, OpenEvent_10_EVENT_MODIFY_STATE_modifies_only) { expect_rights(NAME, EVENT_MODIFY_STATE, false, true); }
TEST(all, OpenEvent_11_EVENT_ALL_ACCESS_does_everything) { expect_rights(NAME, EVENT_ALL_ACCESS, true, true); }
TEST(ce | nt, OpenEvent_12_no_access_opens_and_does_nothing) { expect_rights(NAME, 0, false, false); }
TEST(ce | nt, OpenEvent_13_GENERIC_READ_does_nothing) { expect_rights(NAME, GENERIC_READ, false, false); }
TEST(ce | nt, OpenEvent_14_GENERIC_WRITE_modifies) { expect_rights(NAME, GENERIC_WRITE, false, true); }
TEST(ce | nt, OpenEvent_15_GENERIC_EXECUTE_waits) { expect_rights(NAME, GENERIC_EXECUTE, true, false); }
TEST(ce | nt, OpenEvent_16_GENERIC_ALL_and_MAXIMUM_ALLOWED_do_everything) {
    expect_rights(NAME, GENERIC_ALL, true, true);
    expect_rights(NAME, MAXIMUM_ALLOWED, true, true);
    expect_rights(NAME, GENERIC_WRITE | GENERIC_EXECUTE, true, true);
}

TEST(ce | nt, OpenEvent_18_inheritable_if_asked) {
    manual_event(false, NAME);
    assert_int_equal(flags_of(MADE(OpenEventA(EVENT_ALL_ACCESS, TRUE, NAME), SAME)), HANDLE_FLAG_INHERIT);
    assert_int_equal(flags_of(MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME)), 0);
}

TEST(all, OpenEvent_20_name_and_state_survive_the_creator) {
    Actor creator = process_actor();
    Actor holder = process_actor();
    const HANDLE made = creator.made(step::create_event(TRUE, FALSE, NAME), 0);
    holder.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    creator.does(step::set(made), TRUE, SAME);
    creator.ends(Ending::returns);
    const HANDLE opened = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME);
    expect_stays_set(opened);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
