// test_handles.cpp - handle values, closing, handle flags, comparing handles; a full table.
//
// Purpose     What a handle is and how it ends. Duplicates are test_duplicate.cpp.
// Source      statements Gen-08 to -10, -26 to -30, CloseHandle-01 to -08, -12, -15, HandleInfo-01 to -10,
//             CompareHandles-01 to -04.
#include <cstdlib>

#include "tests/support/program.h"

static DWORD flags_of(HANDLE handle) {
    DWORD flags = kPoison;
    EXPECT(GetHandleInformation(handle, &flags), TRUE, SAME);
    return flags;
}

constexpr DWORD kInherit = HANDLE_FLAG_INHERIT;
constexpr DWORD kProtect = HANDLE_FLAG_PROTECT_FROM_CLOSE;

TEST(all, Gen_09_two_handles_to_one_object_differ_and_are_closed_one_by_one) {
    const HANDLE first = manual_event(true, NAME);
    const HANDLE second = MADE(CreateEventA(nullptr, TRUE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    const HANDLE third = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME);
    assert_true(first != second && second != third && first != third);
    EXPECT(CloseHandle(first), TRUE, SAME);
    EXPECT(WaitForSingleObject(first, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(second, 0), WAIT_OBJECT_0, SAME);
    EXPECT(CloseHandle(second), TRUE, SAME);
    EXPECT(WaitForSingleObject(third, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, Gen_10_a_handle_value_is_never_NULL_nor_a_pseudo_handle) {
    for (int i = 0; i < 500; ++i) {
        const HANDLE event = auto_event(false);  // usable() refuses 0, -1 and -2
        assert_int_equal(as_number(event) % 4, 0);
    }
}

TEST(all, Gen_10_a_handle_value_means_nothing_in_another_process) {
    const HANDLE event = auto_event(true, NAME);
    Actor b = process_actor();
    b.does(step::wait(event, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    b.does(step::set(event), FALSE, ERROR_INVALID_HANDLE);
    b.does(step::close(event), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

// Every call that takes a handle, on one that is bad: no crash, the stated code, nothing written. `sound` is a clear
// auto-reset event; it is not made here, since a new handle might be given the bad value.
static void expect_all_refuse(HANDLE bad, HANDLE sound) {
    DWORD flags = kPoison;
    HANDLE copy = poison_handle();
    EXPECT(WaitForSingleObject(bad, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(SetEvent(bad), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(ResetEvent(bad), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(PulseEvent(bad), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(ReleaseMutex(bad), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(ReleaseSemaphore(bad, 1, nullptr), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(CloseHandle(bad), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(GetHandleInformation(bad, &flags), FALSE, ERROR_INVALID_HANDLE);
    assert_int_equal(flags, kPoison);
    EXPECT(SetHandleInformation(bad, kProtect, kProtect), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(CompareObjectHandles(bad, sound), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(SignalObjectAndWait(bad, sound, 0, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(SignalObjectAndWait(sound, bad, 0, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(DuplicateHandle(GetCurrentProcess(), bad, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS),
           FALSE, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(sound, 0), WAIT_TIMEOUT, SAME);
}

TEST(all, Gen_26_every_call_refuses_NULL) { expect_all_refuse(nullptr, auto_event(false)); }

TEST(all, Gen_26_every_call_refuses_values_that_never_were_handles) {
    const HANDLE sound = auto_event(false);
    constexpr std::uintptr_t kHighest = ~(~std::uintptr_t{0} >> 1);
    for (const std::uintptr_t value : {std::uintptr_t{1}, std::uintptr_t{2}, std::uintptr_t{3}, std::uintptr_t{0xFFFF0},
                                       std::uintptr_t{0xDEADBEEC}, kHighest - 4, kHighest,
                                       static_cast<std::uintptr_t>(-4), static_cast<std::uintptr_t>(-7)}) {
        expect_all_refuse(handle_of(value), sound);
    }
    srandom(26);
    for (int i = 0; i < 300; ++i) {
        const auto random_bits = static_cast<std::uint64_t>(random()) << 32 | static_cast<std::uint64_t>(random());
        // Above all that are handles: of 64 bits in the upper half, of 32 those near the end.
        constexpr std::uintptr_t kAbove = sizeof(void *) == 8 ? static_cast<std::uintptr_t>(1ull << 40) : 0xF0000000u;
        expect_all_refuse(handle_of((static_cast<std::uintptr_t>(random_bits) & (kAbove - 1)) | kAbove), sound);
    }
}

TEST(all, Gen_26_every_call_refuses_a_closed_handle) {
    const HANDLE sound = auto_event(false);
    const HANDLE closed[] = {auto_event(true), owned_mutex(), semaphore(1, 2)};
    for (const HANDLE handle : closed) EXPECT(CloseHandle(handle), TRUE, SAME);
    for (const HANDLE handle : closed) expect_all_refuse(handle, sound);
}

TEST(all, Gen_27_every_call_refuses_the_wrong_type) {
    const HANDLE event = auto_event(true);
    const HANDLE mutex = owned_mutex();
    const HANDLE units = semaphore(1, 2);
    for (const HANDLE no_event : {mutex, units}) EXPECT(SetEvent(no_event), FALSE, ERROR_INVALID_HANDLE);
    for (const HANDLE no_mutex : {event, units}) EXPECT(ReleaseMutex(no_mutex), FALSE, ERROR_INVALID_HANDLE);
    for (const HANDLE no_units : {event, mutex}) {
        EXPECT(ReleaseSemaphore(no_units, 1, nullptr), FALSE, ERROR_INVALID_HANDLE);
    }
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(drop(mutex), 1);
    assert_int_equal(drain(units), 1);
}

TEST(all, Gen_29_a_missing_place_for_the_flags_gives_INVALID_PARAMETER) {
    const HANDLE event = auto_event(false);
    EXPECT(GetHandleInformation(event, nullptr), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

// ---- CloseHandle ----------------------------------------------------------------------------------------------------

TEST(all, CloseHandle_01_and_02_closed_once_and_not_twice) {
    const HANDLE event = auto_event(true);
    EXPECT(CloseHandle(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(CloseHandle(event), FALSE, ERROR_INVALID_HANDLE);
}

TEST(all, CloseHandle_03_NULL_or_garbage_gives_INVALID_HANDLE) {
    EXPECT(CloseHandle(nullptr), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(CloseHandle(handle_of(0xDEADBEEC)), FALSE, ERROR_INVALID_HANDLE);
}

TEST(all, CloseHandle_04_of_a_pseudo_handle_has_no_effect) {
    EXPECT(CloseHandle(GetCurrentProcess()), TRUE, SAME);
    EXPECT(CloseHandle(GetCurrentThread()), TRUE, SAME);
    EXPECT(CloseHandle(handle_of(static_cast<std::uintptr_t>(-1))), TRUE, SAME);
    EXPECT(CloseHandle(handle_of(static_cast<std::uintptr_t>(-2))), TRUE, SAME);
    HANDLE copy = poison_handle();
    EXPECT(DuplicateHandle(GetCurrentProcess(), auto_event(false), GetCurrentProcess(), &copy, 0, FALSE,
                           DUPLICATE_SAME_ACCESS), TRUE, SAME);  // the pseudo handle still works
}

TEST_SHARED(all, CloseHandle_05_while_other_handles_remain_nothing_changes) {
    const HANDLE event = manual_event(true, NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    EXPECT(CloseHandle(event), TRUE, SAME);
    b.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    const HANDLE again = MADE(CreateEventA(nullptr, TRUE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(WaitForSingleObject(again, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, CloseHandle_06_the_last_close_ends_object_and_name) {
    Actor b = another();
    const HANDLE opened = b.made(step::create_event(TRUE, TRUE, NAME), 0);
    b.does(step::close(opened), TRUE, SAME);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    const HANDLE fresh = MADE(CreateEventA(nullptr, FALSE, FALSE, NAME), 0);
    EXPECT(WaitForSingleObject(fresh, 0), WAIT_TIMEOUT, SAME);
}

TEST_SHARED(all, CloseHandle_07_closing_a_handle_of_an_owned_mutex_does_not_release_it) {
    const HANDLE first = owned_mutex(NAME);
    const HANDLE second = MADE(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), SAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    EXPECT(CloseHandle(first), TRUE, SAME);
    b.does(step::wait(opened, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(drop(second), 1);
    b.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, CloseHandle_08_the_last_close_of_an_owned_mutex_ends_it) {
    EXPECT(CloseHandle(owned_mutex(NAME)), TRUE, SAME);
    const HANDLE fresh = free_mutex(NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(fresh), FALSE, ERROR_NOT_OWNER);
}

TEST(ce | nt, CloseHandle_12_HandleInfo_04_a_protected_handle_stays_open_and_usable) {
    const HANDLE event = auto_event(true);
    EXPECT(SetHandleInformation(event, kProtect, kProtect), TRUE, SAME);
    EXPECT(CloseHandle(event), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(flags_of(event), kProtect);
    EXPECT(SetHandleInformation(event, kProtect, 0), TRUE, SAME);
    EXPECT(CloseHandle(event), TRUE, SAME);
}

TEST(all, CloseHandle_15_a_reused_value_is_the_new_object) {
    for (int i = 0; i < 2000; ++i) {
        const HANDLE event = manual_event(i % 2 == 0);
        EXPECT(WaitForSingleObject(event, 0), i % 2 == 0 ? WAIT_OBJECT_0 : WAIT_TIMEOUT, SAME);
        EXPECT(CloseHandle(event), TRUE, SAME);
        const HANDLE mutex = free_mutex();
        EXPECT(SetEvent(mutex), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(CloseHandle(mutex), TRUE, SAME);
    }
}

// ---- GetHandleInformation, SetHandleInformation ---------------------------------------------------------------------

TEST(all, HandleInfo_01_a_fresh_handle_has_no_flags) {
    assert_int_equal(flags_of(auto_event(false)), 0);
    assert_int_equal(flags_of(free_mutex()), 0);
    assert_int_equal(flags_of(semaphore(0, 1)), 0);
}

TEST(ce | nt, HandleInfo_02_and_03_the_inherit_flag_is_set_and_cleared) {
    const HANDLE event = auto_event(false);
    EXPECT(SetHandleInformation(event, kInherit, kInherit), TRUE, SAME);
    assert_int_equal(flags_of(event), kInherit);
    EXPECT(SetHandleInformation(event, kInherit, 0), TRUE, SAME);
    assert_int_equal(flags_of(event), 0);
}

TEST(ce | nt, HandleInfo_05_a_flag_outside_the_mask_is_left_alone) {
    const HANDLE event = auto_event(false);
    EXPECT(SetHandleInformation(event, kInherit, kInherit | kProtect), TRUE, SAME);
    assert_int_equal(flags_of(event), kInherit);
    EXPECT(SetHandleInformation(event, kProtect, kProtect), TRUE, SAME);
    assert_int_equal(flags_of(event), kInherit | kProtect);
    EXPECT(SetHandleInformation(event, 0, 0), TRUE, SAME);
    assert_int_equal(flags_of(event), kInherit | kProtect);
    EXPECT(SetHandleInformation(event, kProtect, kInherit), TRUE, SAME);
    assert_int_equal(flags_of(event), kInherit);
}

TEST(all, HandleInfo_06_unknown_mask_bits_are_ignored) {
    const HANDLE event = auto_event(false);
    EXPECT(SetHandleInformation(event, 0xFFFFFFFC, 0xFFFFFFFC), TRUE, SAME);
    assert_int_equal(flags_of(event), 0);
}

TEST(all, HandleInfo_07_a_bad_handle_gives_INVALID_HANDLE) {
    DWORD flags = kPoison;
    EXPECT(GetHandleInformation(nullptr, &flags), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(SetHandleInformation(nullptr, kInherit, kInherit), FALSE, ERROR_INVALID_HANDLE);
    assert_int_equal(flags, kPoison);
}

TEST(all, HandleInfo_08_and_09_pseudo_handles_can_be_asked_but_not_changed) {
    for (const HANDLE pseudo : {GetCurrentProcess(), GetCurrentThread()}) {
        DWORD flags = kPoison;
        EXPECT(GetHandleInformation(pseudo, &flags), TRUE, SAME);
        assert_int_not_equal(flags, kPoison);
        EXPECT(SetHandleInformation(pseudo, kInherit, kInherit), FALSE, ERROR_ACCESS_DENIED);
    }
}

TEST(ce | nt, HandleInfo_10_flags_belong_to_one_handle) {
    const HANDLE first = auto_event(false, NAME);
    const HANDLE second = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME);
    EXPECT(SetHandleInformation(first, kInherit | kProtect, kInherit | kProtect), TRUE, SAME);
    assert_int_equal(flags_of(second), 0);
    EXPECT(CloseHandle(second), TRUE, SAME);
}

// ---- CompareObjectHandles -------------------------------------------------------------------------------------------

TEST(all, CompareHandles_01_handles_to_one_object_are_the_same) {
    const HANDLE first = auto_event(false, NAME);
    EXPECT(CompareObjectHandles(first, first), TRUE, SAME);
    EXPECT(CompareObjectHandles(first, MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME)), TRUE, SAME);
    const HANDLE again = MADE(CreateEventA(nullptr, FALSE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(CompareObjectHandles(again, first), TRUE, SAME);
}

TEST(ce | nt, CompareHandles_01_rights_do_not_matter) {
    const HANDLE first = auto_event(false);
    EXPECT(CompareObjectHandles(first, with_access(first, 0)), TRUE, SAME);
    EXPECT(CompareObjectHandles(with_access(first, SYNCHRONIZE), with_access(first, 0)), TRUE, SAME);
}

TEST(all, CompareHandles_02_handles_to_different_objects_give_NOT_SAME_OBJECT) {
    const HANDLE event = auto_event(false);
    EXPECT(CompareObjectHandles(event, auto_event(false)), FALSE, ERROR_NOT_SAME_OBJECT);
    EXPECT(CompareObjectHandles(event, free_mutex()), FALSE, ERROR_NOT_SAME_OBJECT);
    EXPECT(CompareObjectHandles(semaphore(0, 1), event), FALSE, ERROR_NOT_SAME_OBJECT);
}

TEST(all, CompareHandles_03_a_bad_handle_gives_INVALID_HANDLE_also_twice_the_same) {
    const HANDLE event = auto_event(false);
    const HANDLE bad = handle_of(0xDEADBEEC);
    EXPECT(CompareObjectHandles(nullptr, nullptr), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(CompareObjectHandles(bad, bad), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(CompareObjectHandles(event, nullptr), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(CompareObjectHandles(bad, event), FALSE, ERROR_INVALID_HANDLE);
}

// ---- exhaustion -----------------------------------------------------------------------------------------------------

// The library may stop at any number; when it does, it says so, and everything goes on as soon as there is room.
TEST(all, Gen_30_a_full_handle_table_is_an_error_without_partial_effect) {
    constexpr std::size_t kTry = 1 << 18;
    static HANDLE handles[kTry];
    const HANDLE event = manual_event(true, NAME);
    std::size_t count = 0;
    SetLastError(kPoison);
    while (count < kTry) {
        handles[count] = OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME);
        if (handles[count] == nullptr) break;
        ++count;
    }
    const DWORD error = GetLastError();
    const bool full = count < kTry;
    if (full) EXPECT(CreateEventA(nullptr, TRUE, TRUE, nullptr), nullptr, error);
    for (std::size_t i = 0; i < count; ++i) {
        if (!CloseHandle(handles[i])) fail_msg("handle %zu of %zu could not be closed", i, count);
    }
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(CloseHandle(event), TRUE, SAME);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);  // no handle was forgotten
    if (!full) assert_int_equal(error, SAME);
    else assert_true(error == ERROR_TOO_MANY_OPEN_FILES || error == ERROR_NOT_ENOUGH_MEMORY ||
                     error == ERROR_NO_SYSTEM_RESOURCES);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
