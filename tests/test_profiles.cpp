// test_profiles.cpp - what ce5 and nt do differently, processes of several profiles together, choosing a profile.
//
// Purpose     Rows of the nt and ce5 profiles that no other file has; the rule of ce is test_ce_profile.cpp.
// Source      statements Gen-20 to -25, CreateEvent-07, -08, -15, CreateMutex-10, -11, -14, OpenEvent-03, -04, -07,
//             -17, -19, OpenMutex-03, -04, -06, -10, CreateSemaphore-08, -09, OpenSemaphore-03, DupHandle-07, -13,
//             WaitMultiple-13, Life-32; LD-4, LD-6, LD-7, LD-10, LD-19.
#include <cstdio>
#include <cstring>

#include "tests/support/makers.h"
#include "tests/support/program.h"

static void is_refused_everywhere(const Name &name, DWORD error) {
    for (const Maker &maker : kMakers) {
        EXPECT_BY(maker.label, maker.create(name), nullptr, error);
        EXPECT_BY(maker.label, maker.open(name), nullptr, error);
    }
}

// ---- nt: names ------------------------------------------------------------------------------------------------------

TEST(nt, Gen_20_a_backslash_outside_the_prefixes_gives_PATH_NOT_FOUND) {
    for (const char *text :
         {"a\\b", "x\\", "global\\x", "LOCAL\\x", "Global\\a\\b", "Local\\a\\", "Globalx\\y", " Local\\x"}) {
        is_refused_everywhere(spelled(text), ERROR_PATH_NOT_FOUND);
    }
}

TEST(nt, Gen_21_a_leading_backslash_gives_BAD_PATHNAME) {
    for (const char *text : {"\\x", "\\", "\\Global\\x"}) is_refused_everywhere(spelled(text), ERROR_BAD_PATHNAME);
}

TEST(nt, Gen_22_a_prefix_with_nothing_after_it_gives_INVALID_NAME) {
    is_refused_everywhere(spelled("Local\\"), ERROR_INVALID_NAME);
    is_refused_everywhere(spelled("Global\\"), ERROR_INVALID_NAME);
}

TEST(nt, Gen_23_the_bare_word_of_a_prefix_gives_INVALID_HANDLE) {
    is_refused_everywhere(spelled("Local"), ERROR_INVALID_HANDLE);
    is_refused_everywhere(spelled("Global"), ERROR_INVALID_HANDLE);
    manual_event(false, "local");  // in this spelling it is a name
    manual_event(false, "GLOBAL");
}

TEST(nt, Gen_24_with_and_without_Local_it_is_the_same_name) {
    for (const Maker &maker : kMakers) {
        const HANDLE plain = MADE_BY(maker.label, maker.create(spelled("gen 24")), 0);
        const HANDLE found = MADE_BY(maker.label, maker.create(spelled("Local\\gen 24")), ERROR_ALREADY_EXISTS);
        const HANDLE opened = MADE_BY(maker.label, maker.open(spelled("Local\\gen 24")), SAME);
        EXPECT_BY(maker.label, CompareObjectHandles(plain, found), TRUE, SAME);
        EXPECT_BY(maker.label, CompareObjectHandles(plain, opened), TRUE, SAME);
        for (const HANDLE handle : {plain, found, opened}) EXPECT(CloseHandle(handle), TRUE, SAME);
    }
}

TEST(nt, Gen_25_Global_is_another_space) {
    for (const Maker &maker : kMakers) {
        const HANDLE plain = MADE_BY(maker.label, maker.create(spelled("gen 25")), 0);
        EXPECT_BY(maker.label, maker.open(spelled("Global\\gen 25")), nullptr, ERROR_FILE_NOT_FOUND);
        const HANDLE global = MADE_BY(maker.label, maker.create(spelled("Global\\gen 25")), 0);
        EXPECT_BY(maker.label, CompareObjectHandles(plain, global), FALSE, ERROR_NOT_SAME_OBJECT);
        const HANDLE opened = MADE_BY(maker.label, maker.open(spelled("Global\\gen 25")), SAME);
        EXPECT_BY(maker.label, CompareObjectHandles(opened, global), TRUE, SAME);
        for (const HANDLE handle : {plain, global, opened}) EXPECT(CloseHandle(handle), TRUE, SAME);
    }
}

TEST(nt, Gen_25_Global_names_are_shared_by_processes) {
    const HANDLE event = manual_event(false, "Global\\gen 25 shared");
    Actor b = process_actor();
    b.does(step::set(b.made(step::open_event(EVENT_ALL_ACCESS, "Global\\gen 25 shared"), SAME)), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(nt, Gen_17_Gen_18_the_prefix_counts_in_the_length) {
    manual_event(false, joined("Local\\", repeated("n", 254)).utf8);
    is_refused_everywhere(joined("Local\\", repeated("n", 255)), ERROR_FILENAME_EXCED_RANGE);
    manual_event(false, joined("Global\\", repeated("n", 253)).utf8);
    is_refused_everywhere(joined("Global\\", repeated("n", 254)), ERROR_FILENAME_EXCED_RANGE);
}

TEST(nt, CreateEvent_15_CreateMutex_14_the_empty_name_is_no_name) {
    const Name empty = spelled("");
    for (const Maker &maker : kMakers) {
        const HANDLE first = MADE_BY(maker.label, maker.create(empty), 0);
        const HANDLE second = MADE_BY(maker.label, maker.create(empty), 0);
        EXPECT_BY(maker.label, CompareObjectHandles(first, second), FALSE, ERROR_NOT_SAME_OBJECT);
        EXPECT_BY(maker.label, maker.open(empty), nullptr, ERROR_INVALID_HANDLE);  // OpenEvent-07, OpenMutex-06
    }
}

// ---- another type's name --------------------------------------------------------------------------------------------

static const Maker *first_of_another_kind(const Maker &holder) {
    for (const Maker &other : kMakers) {
        if (other.kind != holder.kind) return &other;
    }
    return nullptr;
}

TEST(nt, CreateEvent_08_CreateMutex_11_CreateSemaphore_08_another_types_name_gives_INVALID_HANDLE) {
    const Name name = spelled(NAME);
    for (const Maker &holder : kMakers) {
        const HANDLE held = MADE_BY(holder.label, holder.create(name), 0);
        for (const Maker &other : kMakers) {
            if (other.kind == holder.kind) continue;
            EXPECT_BY(other.label, other.create(name), nullptr, ERROR_INVALID_HANDLE);
            EXPECT_BY(other.label, other.open(name), nullptr, ERROR_INVALID_HANDLE);  // OpenEvent-03, OpenMutex-03
        }
        EXPECT(CloseHandle(held), TRUE, SAME);
        const Maker *other = first_of_another_kind(holder);  // nothing half-made holds the name
        EXPECT(CloseHandle(MADE_BY(other->label, other->create(name), 0)), TRUE, SAME);
    }
}

TEST(nt, CreateMutex_11_a_refused_create_owns_nothing) {
    const HANDLE event = auto_event(true, NAME);
    EXPECT(CreateMutexA(nullptr, TRUE, NAME), nullptr, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

TEST(ce, OpenEvent_03_OpenMutex_03_another_types_name_gives_INVALID_HANDLE) {
    const HANDLE mutex = free_mutex(NAME);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_INVALID_HANDLE);
    EXPECT(CloseHandle(mutex), TRUE, SAME);
    manual_event(false, NAME);
    EXPECT(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_INVALID_HANDLE);
    EXPECT(OpenSemaphoreA(SYNCHRONIZE, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);  // OpenSemaphore-03
}

TEST(ce, OpenEvent_02_a_semaphores_name_is_no_name_of_events_or_mutexes) {
    semaphore(0, 1, NAME);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    EXPECT(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(ce5, CreateEvent_07_CreateMutex_10_CreateSemaphore_09_each_type_has_its_own_names) {
    const Name name = spelled(NAME);
    const HANDLE event = manual_event(true, NAME);
    EXPECT(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);      // OpenMutex-04
    EXPECT(OpenSemaphoreA(SYNCHRONIZE, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);       // OpenSemaphore-03
    const HANDLE mutex = owned_mutex(NAME);
    const HANDLE units = semaphore(2, 2, NAME);
    for (const Maker &maker : kMakers) {
        const HANDLE opened = MADE_BY(maker.label, maker.open(name), SAME);
        const HANDLE wanted = maker.kind == Kind::event ? event : maker.kind == Kind::mutex ? mutex : units;
        EXPECT_BY(maker.label, CompareObjectHandles(opened, wanted), TRUE, SAME);
    }
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(drop(mutex), 1);
    assert_int_equal(drain(units), 2);
}

TEST(ce5, OpenEvent_04_a_mutexs_name_is_no_name_of_events) {
    free_mutex(NAME);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    const HANDLE event = manual_event(true, NAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

// ---- ce5: what must be ----------------------------------------------------------------------------------------------

TEST(ce5, OpenEvent_17_access_other_than_all_gives_INVALID_PARAMETER) {
    manual_event(true, NAME);
    constexpr DWORD kOther[] = {0, SYNCHRONIZE, EVENT_MODIFY_STATE, GENERIC_ALL, MAXIMUM_ALLOWED};
    for (const DWORD access : kOther) {
        EXPECT(OpenEventA(access, FALSE, NAME), nullptr, ERROR_INVALID_PARAMETER);
        EXPECT(OpenEventW(access, FALSE, L"OpenEvent_17"), nullptr, ERROR_INVALID_PARAMETER);
    }
}

TEST(ce5, OpenEvent_19_OpenMutex_10_inherit_TRUE_gives_INVALID_PARAMETER) {
    manual_event(true, "ce5 event");
    free_mutex("ce5 mutex");
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, TRUE, "ce5 event"), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(OpenMutexA(MUTEX_ALL_ACCESS, TRUE, "ce5 mutex"), nullptr, ERROR_INVALID_PARAMETER);
}

TEST(ce5, DupHandle_07_inherit_TRUE_gives_INVALID_PARAMETER) {
    HANDLE copy = poison_handle();
    EXPECT(DuplicateHandle(GetCurrentProcess(), auto_event(false), GetCurrentProcess(), &copy, 0, TRUE,
                           DUPLICATE_SAME_ACCESS), FALSE, ERROR_INVALID_PARAMETER);
}

TEST(ce5, DupHandle_13_no_target_gives_INVALID_PARAMETER) {
    const HANDLE event = auto_event(true);
    EXPECT(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), nullptr, 0, FALSE, DUPLICATE_SAME_ACCESS),
           FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(ce5, DupHandle_the_access_mask_is_ignored) {
    const HANDLE copy = with_access(manual_event(true), 0);
    EXPECT(WaitForSingleObject(copy, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ResetEvent(copy), TRUE, SAME);
}

TEST(ce5, WaitMultiple_13_wait_all_gives_INVALID_PARAMETER) {
    const HANDLE both[] = {auto_event(true), auto_event(true)};
    EXPECT(WaitForMultipleObjects(2, both, TRUE, INFINITE), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    EXPECT(WaitForMultipleObjects(1, both, TRUE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    EXPECT(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_OBJECT_0 + 1, SAME);
}

// ---- processes of several profiles (run once, from ce) --------------------------------------------------------------

static Actor actor_of(const char *profile) {
    ProcessOptions options;
    options.profile = profile;
    return process_actor(options);
}

TEST(ce, Life_32_processes_of_all_profiles_share_names) {
    const HANDLE event = manual_event(false, NAME);
    Actor desktop = actor_of("nt");
    Actor compact = actor_of("ce5");
    const HANDLE in_nt = desktop.made(step::create_event(TRUE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    const HANDLE in_ce5 = compact.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    desktop.does(step::set(in_nt), TRUE, SAME);
    compact.does(step::wait(in_ce5, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(ce, Life_32_each_applies_its_own_rule_to_another_types_name) {
    const HANDLE event = manual_event(false, NAME);
    Actor desktop = actor_of("nt");
    Actor compact = actor_of("ce5");
    desktop.does(step::create_mutex(TRUE, NAME), nullptr, ERROR_INVALID_HANDLE);
    desktop.does(step::open_mutex(MUTEX_ALL_ACCESS, NAME), nullptr, ERROR_INVALID_HANDLE);
    const HANDLE found = MADE(CreateMutexA(nullptr, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(CompareObjectHandles(event, found), TRUE, SAME);
    compact.does(step::open_mutex(MUTEX_ALL_ACCESS, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    const HANDLE real = compact.made(step::create_mutex(TRUE, NAME), 0);
    compact.does(step::release(real), TRUE, SAME);
}

TEST(ce, Life_32_an_object_of_the_wanted_type_comes_first) {
    Actor compact = actor_of("ce5");
    compact.made(step::create_event(TRUE, TRUE, NAME), 0);
    compact.made(step::create_mutex(FALSE, NAME), 0);
    Actor desktop = actor_of("nt");
    const HANDLE mutex = desktop.made(step::create_mutex(FALSE, NAME), ERROR_ALREADY_EXISTS);
    desktop.does(step::wait(mutex, 0), WAIT_OBJECT_0, SAME);
    desktop.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    desktop.does(step::create_semaphore(0, 1, NAME), nullptr, ERROR_INVALID_HANDLE);
    const HANDLE event = MADE(CreateEventA(nullptr, TRUE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    const HANDLE same_mutex = MADE(CreateMutexA(nullptr, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(WaitForSingleObject(same_mutex, 0), WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(same_mutex), FALSE, ERROR_INVALID_HANDLE);
    desktop.does(step::release(mutex), TRUE, SAME);
}

// ---- choosing -------------------------------------------------------------------------------------------------------

TEST(all, Profile_the_one_in_force_can_be_asked_for) {
    const char *const wanted = current_profile() == ce ? "ce" : current_profile() == ce5 ? "ce5" : "nt";
    assert_string_equal(WinshimGetProfile(), wanted);
}

TEST(ce, Profile_set_by_call_before_the_first_object) {
    manual_event(false, NAME);
    Actor b = actor_of("");
    b.does(step::set_profile("nt"), TRUE, SAME);
    b.does(step::create_mutex(FALSE, NAME), nullptr, ERROR_INVALID_HANDLE);
}

TEST(ce, Profile_set_by_call_counts_more_than_the_environment) {
    manual_event(false, NAME);
    Actor b = actor_of("nt");
    b.does(step::set_profile("ce5"), TRUE, SAME);
    b.made(step::create_mutex(FALSE, NAME), 0);
}

TEST(ce, Profile_after_the_first_object_gives_ALREADY_INITIALIZED) {
    manual_event(false, NAME);
    EXPECT(WinshimSetProfile("nt"), FALSE, 1247);
    assert_string_equal(WinshimGetProfile(), "ce");
    MADE(CreateMutexA(nullptr, FALSE, NAME), ERROR_ALREADY_EXISTS);
}

TEST(ce, Profile_an_unknown_one_gives_INVALID_PARAMETER_and_changes_nothing) {
    manual_event(false, NAME);
    Actor b = actor_of("nt");
    for (const char *wrong : {"", "NT", "ce6", "ce ", "n"}) {
        b.does(step::set_profile(wrong), FALSE, ERROR_INVALID_PARAMETER);
    }
    b.does(step::set_profile(nullptr), FALSE, ERROR_INVALID_PARAMETER);
    b.does(step::create_mutex(FALSE, NAME), nullptr, ERROR_INVALID_HANDLE);
}

ROLE(report_profile) {
    const HANDLE event = CreateEventA(nullptr, TRUE, FALSE, argument);
    const HANDLE found = CreateMutexA(nullptr, FALSE, argument);
    printf("[profile %s, error %u]\n", WinshimGetProfile(), GetLastError());
    return event != nullptr && found != nullptr ? 0 : 1;
}

TEST(ce, Profile_an_unknown_value_in_the_environment_is_reported_and_ce_holds) {
    for (const char *wrong : {"windows", "NT", "ce50"}) {
        ProcessOptions options;
        options.profile = wrong;
        const RoleResult result = run_role("report_profile", NAME, options);
        assert_int_equal(result.status, 0);
        REQUIRE(strstr(result.output, "[profile ce, error 183]") != nullptr, result.output);
        REQUIRE(strstr(result.output, wrong) != nullptr, "the value is named in the report");
        REQUIRE(strstr(result.output, "WINSHIM_PROFILE") != nullptr, "so is the variable");
    }
}

TEST(ce, Profile_known_values_in_the_environment_are_not_reported) {
    for (const char *known : {"ce", "ce5"}) {
        ProcessOptions options;
        options.profile = known;
        const RoleResult result = run_role("report_profile", NAME, options);
        assert_int_equal(result.status, 0);
        char wanted[64];
        snprintf(wanted, sizeof wanted, "[profile %s, error %d]\n", known, strcmp(known, "ce") == 0 ? 183 : 0);
        assert_string_equal(result.output, wanted);
    }
}

TEST(all, Profile_the_version_is_a_number_with_dots) {
    const char *const version = WinshimVersion();
    assert_non_null(version);
    assert_true(version[0] >= '0' && version[0] <= '9' && strchr(version, '.') != nullptr);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
