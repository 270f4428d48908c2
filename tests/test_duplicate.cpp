// test_duplicate.cpp - DuplicateHandle: rights, flags, sources that are closed, real handles for pseudo handles.
//
// Purpose     Another process is reached by a forked child, which inherits a real handle to its parent.
// Source      statements DupHandle-01 to -06, -08 to -12, -14 to -20, CompareHandles-04 (ce5: test_profiles.cpp).
#include "tests/support/program.h"

static HANDLE same_access(HANDLE source) {
    HANDLE copy = poison_handle();
    EXPECT(DuplicateHandle(GetCurrentProcess(), source, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS),
           TRUE, SAME);
    REQUIRE(copy != poison_handle() && copy != nullptr && copy != source, "a duplicate is a new handle");
    return copy;
}

static DWORD flags_of(HANDLE handle) {
    DWORD flags = kPoison;
    EXPECT(GetHandleInformation(handle, &flags), TRUE, SAME);
    return flags;
}

TEST(all, DupHandle_01_same_access_gives_a_new_handle_to_the_same_object) {
    const HANDLE event = auto_event(false);
    const HANDLE copy = same_access(event);
    EXPECT(CompareObjectHandles(event, copy), TRUE, SAME);
    EXPECT(SetEvent(copy), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(copy, 0), WAIT_TIMEOUT, SAME);
}

TEST(ce | nt, DupHandle_01_same_access_keeps_the_limits_of_the_source) {
    const HANDLE copy = same_access(with_access(manual_event(true), SYNCHRONIZE));
    EXPECT(WaitForSingleObject(copy, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ResetEvent(copy), FALSE, ERROR_ACCESS_DENIED);
}

TEST(all, DupHandle_02_with_same_access_the_mask_is_ignored) {
    const HANDLE event = auto_event(false);
    HANDLE copy = poison_handle();
    EXPECT(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, SYNCHRONIZE, FALSE,
                           DUPLICATE_SAME_ACCESS), TRUE, SAME);
    EXPECT(SetEvent(copy), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(ce | nt, DupHandle_03_with_SYNCHRONIZE_the_duplicate_waits_only) {
    const HANDLE copy = with_access(manual_event(true), SYNCHRONIZE);
    EXPECT(WaitForSingleObject(copy, 0), WAIT_OBJECT_0, SAME);
    EXPECT(SetEvent(copy), FALSE, ERROR_ACCESS_DENIED);
}

TEST(ce | nt, DupHandle_04_with_mask_0_the_duplicate_cannot_wait) {
    EXPECT(WaitForSingleObject(with_access(manual_event(true), 0), 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
}

TEST(ce | nt, DupHandle_05_a_duplicate_may_have_more_rights_than_its_source) {
    const HANDLE event = manual_event(false);
    const HANDLE limited = with_access(event, SYNCHRONIZE);
    const HANDLE copy = with_access(limited, EVENT_ALL_ACCESS);
    EXPECT(SetEvent(limited), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(SetEvent(copy), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(ce | nt, DupHandle_05_generic_rights_are_mapped) {
    const HANDLE event = manual_event(true);
    EXPECT(WaitForSingleObject(with_access(event, GENERIC_EXECUTE), 0), WAIT_OBJECT_0, SAME);
    EXPECT(ResetEvent(with_access(event, GENERIC_WRITE)), TRUE, SAME);
    EXPECT(WaitForSingleObject(with_access(event, GENERIC_READ), 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(WaitForSingleObject(with_access(event, MAXIMUM_ALLOWED), 0), WAIT_TIMEOUT, SAME);
}

TEST(ce | nt, DupHandle_06_inheritable_if_asked_and_the_source_is_not_changed) {
    const HANDLE event = auto_event(false);
    HANDLE copy = poison_handle();
    EXPECT(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, TRUE, DUPLICATE_SAME_ACCESS),
           TRUE, SAME);
    assert_int_equal(flags_of(copy), HANDLE_FLAG_INHERIT);
    assert_int_equal(flags_of(event), 0);
}

TEST(ce | nt, DupHandle_08_the_duplicate_has_no_flag_of_its_source) {
    const HANDLE event = auto_event(false);
    constexpr DWORD kBoth = HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE;
    EXPECT(SetHandleInformation(event, kBoth, kBoth), TRUE, SAME);
    const HANDLE copy = same_access(event);
    assert_int_equal(flags_of(copy), 0);
    assert_int_equal(flags_of(event), kBoth);
    EXPECT(CloseHandle(copy), TRUE, SAME);
}

TEST(all, DupHandle_08_a_plain_duplicate_has_no_flags) {
    assert_int_equal(flags_of(same_access(auto_event(false))), 0);
}

TEST(all, DupHandle_09_close_source_moves_the_handle) {
    const HANDLE event = auto_event(true, NAME);
    HANDLE moved = poison_handle();
    EXPECT(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &moved, 0, FALSE,
                           DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE), TRUE, SAME);
    if (moved != event) EXPECT(WaitForSingleObject(event, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(moved, 0), WAIT_OBJECT_0, SAME);
    EXPECT(CloseHandle(moved), TRUE, SAME);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);  // it was the only one
}

TEST(all, DupHandle_10_close_source_closes_it_also_when_the_call_fails) {
    const HANDLE event = auto_event(true);
    HANDLE copy = poison_handle();
    EXPECT(DuplicateHandle(GetCurrentProcess(), event, handle_of(0xDEADBEEC), &copy, 0, FALSE,
                           DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(event, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(CloseHandle(event), FALSE, ERROR_INVALID_HANDLE);
}

TEST(ce | nt, DupHandle_11_close_source_without_target_only_closes) {
    const HANDLE event = auto_event(true, NAME);
    EXPECT(DuplicateHandle(GetCurrentProcess(), event, nullptr, nullptr, 0, FALSE, DUPLICATE_CLOSE_SOURCE), TRUE, SAME);
    EXPECT(CloseHandle(event), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

// In a process of its own, which takes the leaked duplicate with it.
ROLE(leak_a_duplicate) {
    const HANDLE event = CreateEventA(nullptr, TRUE, TRUE, argument);
    SetLastError(kPoison);
    const BOOL done =
        DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), nullptr, 0, FALSE, DUPLICATE_SAME_ACCESS);
    if (!done || GetLastError() != kPoison) return 1;
    if (!CloseHandle(event)) return 2;
    return OpenEventA(EVENT_ALL_ACCESS, FALSE, argument) != nullptr ? 0 : 3;  // alive by the leaked handle
}

TEST(ce | nt, DupHandle_12_without_a_place_for_it_the_duplicate_is_leaked) {
    assert_int_equal(run_role("leak_a_duplicate", NAME).status, 0);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);  // until its process ends
}

TEST(all, DupHandle_14_a_bad_source_gives_INVALID_HANDLE) {
    const HANDLE closed = auto_event(false);
    EXPECT(CloseHandle(closed), TRUE, SAME);
    for (const HANDLE bad : {HANDLE{nullptr}, closed, handle_of(0xDEADBEEC)}) {
        HANDLE copy = poison_handle();
        EXPECT(DuplicateHandle(GetCurrentProcess(), bad, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS),
               FALSE, ERROR_INVALID_HANDLE);
        EXPECT(SetEvent(copy), FALSE, ERROR_INVALID_HANDLE);  // whatever it is now, it is not a usable handle
    }
}

TEST(all, DupHandle_15_a_process_handle_that_is_bad_or_no_process_gives_INVALID_HANDLE) {
    const HANDLE event = auto_event(true);
    for (const HANDLE wrong : {HANDLE{nullptr}, handle_of(0xDEADBEEC), event, GetCurrentThread()}) {
        HANDLE copy = poison_handle();
        EXPECT(DuplicateHandle(wrong, event, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS), FALSE,
               ERROR_INVALID_HANDLE);
        EXPECT(DuplicateHandle(GetCurrentProcess(), event, wrong, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS), FALSE,
               ERROR_INVALID_HANDLE);
    }
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(ce | nt, DupHandle_16_a_process_handle_without_DUP_HANDLE_gives_ACCESS_DENIED) {
    const HANDLE event = auto_event(true);
    const HANDLE process = with_access(GetCurrentProcess(), SYNCHRONIZE);
    HANDLE copy = poison_handle();
    EXPECT(DuplicateHandle(process, event, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS), FALSE,
           ERROR_ACCESS_DENIED);
    EXPECT(DuplicateHandle(GetCurrentProcess(), event, process, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS), FALSE,
           ERROR_ACCESS_DENIED);
}

TEST(all, DupHandle_17_CompareHandles_04_a_pseudo_handle_becomes_a_real_one) {
    const HANDLE process = same_access(GetCurrentProcess());
    const HANDLE thread = same_access(GetCurrentThread());
    EXPECT(CompareObjectHandles(process, GetCurrentProcess()), TRUE, SAME);
    EXPECT(CompareObjectHandles(GetCurrentThread(), thread), TRUE, SAME);
    EXPECT(CompareObjectHandles(process, thread), FALSE, ERROR_NOT_SAME_OBJECT);
    EXPECT(WaitForSingleObject(process, 0), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(thread, 0), WAIT_TIMEOUT, SAME);
    HANDLE copy = poison_handle();
    EXPECT(DuplicateHandle(process, auto_event(false), process, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS), TRUE, SAME);
    EXPECT(SetEvent(copy), TRUE, SAME);
    EXPECT(CloseHandle(process), TRUE, SAME);
    EXPECT(CloseHandle(thread), TRUE, SAME);
}

TEST(all, DupHandle_18_into_another_process_the_value_is_valid_there_only) {
    Actor parent = process_actor();
    const Answer real = parent.ask(step::duplicate(GetCurrentProcess(), GetCurrentProcess(), DUPLICATE_SAME_ACCESS));
    assert_int_equal(real.value, TRUE);
    const HANDLE parent_process = handle_of(static_cast<std::uintptr_t>(real.extra));
    Actor child = forked_from(parent);
    const HANDLE event = child.made(step::create_event(TRUE, FALSE, NAME), 0);
    const Answer made = child.ask(step::duplicate(event, parent_process, DUPLICATE_SAME_ACCESS));
    assert_int_equal(made.value, TRUE);
    const HANDLE there = handle_of(static_cast<std::uintptr_t>(made.extra));
    parent.does(step::set(there), TRUE, SAME);
    child.does(step::wait(event, 0), WAIT_OBJECT_0, SAME);
    child.does(step::close(event), TRUE, SAME);
    parent.does(step::wait(there, 0), WAIT_OBJECT_0, SAME);  // the duplicate alone keeps the object
    parent.does(step::close(there), TRUE, SAME);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(all, DupHandle_19_a_mutex_is_owned_through_every_handle_of_its_owner) {
    const HANDLE mutex = owned_mutex();
    const HANDLE copy = same_access(mutex);
    EXPECT(WaitForSingleObject(copy, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    EXPECT(ReleaseMutex(copy), TRUE, SAME);
    EXPECT(ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
}

TEST(all, DupHandle_20_the_object_lives_as_long_as_the_duplicate) {
    const HANDLE event = auto_event(true, NAME);
    const HANDLE copy = same_access(event);
    EXPECT(CloseHandle(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(copy, 0), WAIT_OBJECT_0, SAME);
    EXPECT(CloseHandle(MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME)), TRUE, SAME);
    EXPECT(CloseHandle(copy), TRUE, SAME);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
