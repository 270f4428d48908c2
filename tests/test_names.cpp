// test_names.cpp - what is a name, which names are one name, how long a name may be.
//
// Purpose     Each row is asked of every call that takes a name: three types, create and create-ex, three unit widths.
// Source      statements Gen-11 to Gen-19, CreateEvent-14, -21, CreateMutex-13, -21, OpenEvent-02, -05, -06,
//             OpenMutex-02, -05, -06, OpenSemaphore-02, -04, CreateSemaphore-10; LD-3, LD-4, LD-5, LD-13, LD-27.
#include <cstdio>
#include <cstring>

#include "tests/support/makers.h"
#include "tests/support/program.h"

// Creates the name in one form, then meets it in every other form of the same type.
static void meets_itself_in_all_forms(const Name &name) {
    for (const Maker &first : kMakers) {
        const HANDLE made = MADE_BY(first.label, first.create(name), 0);
        for (const Maker &second : kMakers) {
            if (second.kind != first.kind) continue;
            const HANDLE found = MADE_BY(second.label, second.create(name), ERROR_ALREADY_EXISTS);
            const HANDLE opened = MADE_BY(second.label, second.open(name), SAME);
            EXPECT_BY(second.label, CompareObjectHandles(made, found), TRUE, SAME);
            EXPECT_BY(second.label, CompareObjectHandles(made, opened), TRUE, SAME);
            EXPECT(CloseHandle(found), TRUE, SAME);
            EXPECT(CloseHandle(opened), TRUE, SAME);
        }
        EXPECT(CloseHandle(made), TRUE, SAME);
    }
}

static void is_refused_everywhere(const Name &name, DWORD error) {
    for (const Maker &maker : kMakers) {
        EXPECT_BY(maker.label, maker.create(name), nullptr, error);
        EXPECT_BY(maker.label, maker.open(name), nullptr, error);
    }
}

TEST(all, Gen_11_one_text_in_all_forms_is_one_name) { meets_itself_in_all_forms(spelled(NAME)); }

TEST(all, Gen_12_text_outside_ASCII_in_all_forms_is_one_name) {
    meets_itself_in_all_forms(spelled("stra\xC3\x9F" "e \xE2\x82\xAC \xD0\x96"));
    meets_itself_in_all_forms(spelled("\xEE\x80\x80\xEF\xBF\xBD"));      // private use, replacement character
    meets_itself_in_all_forms(spelled("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80"));  // both sides of each length step
}

TEST(all, Gen_12_text_outside_the_basic_plane_in_all_forms_is_one_name) {
    meets_itself_in_all_forms(spelled("\xF0\x9F\x94\x92 locked"));
    meets_itself_in_all_forms(spelled("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"));  // the first and the last of them
}

TEST(all, Gen_12_wide_literals_of_the_compiler_are_that_name_too) {
    const HANDLE made = MADE(CreateEventW(nullptr, TRUE, TRUE, L"\u20AC \U0001F512"), 0);
    const HANDLE bytes = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, "\xE2\x82\xAC \xF0\x9F\x94\x92"), SAME);
    const HANDLE units = MADE(open_event_utf16(EVENT_ALL_ACCESS, FALSE, u"\u20AC \U0001F512"), SAME);
    EXPECT(CompareObjectHandles(made, bytes), TRUE, SAME);
    EXPECT(CompareObjectHandles(made, units), TRUE, SAME);
}

TEST(all, Gen_11_the_functions_without_a_letter_take_bytes) {
    const HANDLE event = MADE(create_event_plain(nullptr, TRUE, TRUE, "plain event \xC3\xA9"), 0);
    EXPECT(CompareObjectHandles(event, MADE(OpenEventW(EVENT_ALL_ACCESS, FALSE, L"plain event \u00E9"), SAME)), TRUE,
           SAME);
    MADE(open_event_plain(EVENT_ALL_ACCESS, FALSE, "plain event \xC3\xA9"), SAME);
    MADE(create_event_ex_plain(nullptr, "plain event \xC3\xA9", 0, SYNCHRONIZE), ERROR_ALREADY_EXISTS);
    const HANDLE mutex = MADE(create_mutex_plain(nullptr, FALSE, "plain mutex"), 0);
    EXPECT(CompareObjectHandles(mutex, MADE(OpenMutexW(SYNCHRONIZE, FALSE, L"plain mutex"), SAME)), TRUE, SAME);
    MADE(open_mutex_plain(SYNCHRONIZE, FALSE, "plain mutex"), SAME);
    MADE(create_mutex_ex_plain(nullptr, "plain mutex", 0, SYNCHRONIZE), ERROR_ALREADY_EXISTS);
    const HANDLE units = MADE(create_semaphore_plain(nullptr, 1, 2, "plain units"), 0);
    EXPECT(CompareObjectHandles(units, MADE(OpenSemaphoreW(SYNCHRONIZE, FALSE, L"plain units"), SAME)), TRUE, SAME);
    MADE(open_semaphore_plain(SYNCHRONIZE, FALSE, "plain units"), SAME);
    MADE(create_semaphore_ex_plain(nullptr, 1, 2, "plain units", 0, SYNCHRONIZE), ERROR_ALREADY_EXISTS);
}

TEST(all, Gen_13_bytes_that_are_not_UTF_8_give_NO_UNICODE_TRANSLATION) {
    static const char *const wrong[] = {
        "\xFF", "a\x80", "\xC3", "\xC3(", "\xE2\x82", "\xE2\x82 ", "\xF0\x9F\x94",  // stray, cut short
        "\xC0\x80", "\xC1\xBF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF",                 // longer than needed
        "\xED\xA0\x80", "\xED\xBF\xBF", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", // surrogates, beyond Unicode
    };
    for (const char *text : wrong) {
        for (const ByteMaker &maker : kByteMakers) {
            EXPECT_BY(maker.label, maker.create(text), nullptr, ERROR_NO_UNICODE_TRANSLATION);
            EXPECT_BY(maker.label, maker.open(text), nullptr, ERROR_NO_UNICODE_TRANSLATION);
        }
    }
}

TEST(all, Gen_14_odd_characters_are_ordinary_ones) {
    static const char *const odd[] = {"a/b", "/", "//", ".", "..", "../..", "../../tmp/x", "/dev/null", " ", " x ",
                                      "x.", "%s%n%p", "\x01\x1F\x7F", "a\nb\r\t", "*?<>|\":", "$HOME", "x;y", "~", "-"};
    HANDLE made[sizeof odd / sizeof *odd];
    int count = 0;
    for (const char *text : odd) made[count++] = auto_event(false, text);
    for (int i = 0; i < count; ++i) {
        const HANDLE again = MADE_BY(odd[i], CreateEventA(nullptr, FALSE, FALSE, odd[i]), ERROR_ALREADY_EXISTS);
        EXPECT_BY(odd[i], CompareObjectHandles(made[i], again), TRUE, SAME);
    }
    meets_itself_in_all_forms(spelled("in all forms/../\x01."));
}

TEST(all, Gen_15_names_that_differ_in_case_are_different) {
    const HANDLE lower = manual_event(false, "gen 15 name");
    const HANDLE upper = manual_event(true, "GEN 15 name");
    EXPECT(WaitForSingleObject(lower, 0), WAIT_TIMEOUT, SAME);
    EXPECT(CompareObjectHandles(lower, upper), FALSE, ERROR_NOT_SAME_OBJECT);
    MADE(create_event_utf16(nullptr, TRUE, TRUE, u"\u00C4"), 0);
    MADE(create_event_utf16(nullptr, TRUE, TRUE, u"\u00E4"), 0);
}

TEST(all, Gen_16_names_of_1_to_259_characters_pass) {
    meets_itself_in_all_forms(repeated("y", 1));
    meets_itself_in_all_forms(repeated("y", 100));
    meets_itself_in_all_forms(repeated("y", 259));
}

TEST(all, Gen_16_every_character_of_a_long_name_counts) {
    const Name one = joined("1", repeated("y", 258));
    const Name other = joined("2", repeated("y", 258));
    const HANDLE first = manual_event(true, one.utf8);
    const HANDLE second = manual_event(true, other.utf8);
    EXPECT(CompareObjectHandles(first, second), FALSE, ERROR_NOT_SAME_OBJECT);
    manual_event(true, repeated("y", 258).utf8);
    manual_event(true, repeated("y", 259).utf8);
    Name tail = repeated("y", 260);
    manual_event(true, tail.utf8);
    tail.utf8[259] = 'z';
    manual_event(true, tail.utf8);
}

TEST(all, Gen_17_names_of_260_characters_pass) { meets_itself_in_all_forms(repeated("y", 260)); }

TEST(all, Gen_17_length_is_counted_in_UTF_16_units) {
    meets_itself_in_all_forms(repeated("\xC3\xA9", 260));           // 520 bytes
    meets_itself_in_all_forms(repeated("\xE2\x82\xAC", 260));       // 780 bytes
    meets_itself_in_all_forms(repeated("\xF0\x9F\x94\x92", 130));   // two units each
}

TEST(all, Gen_18_names_of_261_characters_give_FILENAME_EXCED_RANGE) {
    is_refused_everywhere(repeated("y", 261), ERROR_FILENAME_EXCED_RANGE);
    is_refused_everywhere(repeated("y", 600), ERROR_FILENAME_EXCED_RANGE);
    is_refused_everywhere(repeated("\xC3\xA9", 261), ERROR_FILENAME_EXCED_RANGE);
    is_refused_everywhere(repeated("\xF0\x9F\x94\x92", 131), ERROR_FILENAME_EXCED_RANGE);
    is_refused_everywhere(joined("y", repeated("\xF0\x9F\x94\x92", 130)), ERROR_FILENAME_EXCED_RANGE);
}

TEST(all, Gen_18_a_refused_name_makes_no_object_of_its_beginning) {
    is_refused_everywhere(repeated("w", 261), ERROR_FILENAME_EXCED_RANGE);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, repeated("w", 260).utf8), nullptr, ERROR_FILE_NOT_FOUND);
    EXPECT(OpenMutexA(SYNCHRONIZE, FALSE, repeated("w", 260).utf8), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(ce | ce5, Gen_19_a_backslash_in_a_name_gives_INVALID_NAME) {
    for (const char *text : {"a\\b", "\\a", "a\\", "\\", "Global\\x", "Local\\x", "Session\\1\\x", "a/b\\c"}) {
        is_refused_everywhere(spelled(text), ERROR_INVALID_NAME);
    }
}

TEST(all, OpenEvent_02_OpenMutex_02_OpenSemaphore_02_a_missing_name_gives_FILE_NOT_FOUND) {
    const Name name = spelled(NAME);
    for (const Maker &maker : kMakers) EXPECT_BY(maker.label, maker.open(name), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(all, OpenEvent_05_OpenMutex_05_OpenSemaphore_04_no_name_gives_INVALID_PARAMETER) {
    for (const ByteMaker &maker : kByteMakers) {
        EXPECT_BY(maker.label, maker.open(nullptr), nullptr, ERROR_INVALID_PARAMETER);
    }
    EXPECT(open_event_utf16(EVENT_ALL_ACCESS, FALSE, nullptr), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(open_mutex_utf16(SYNCHRONIZE, FALSE, nullptr), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(open_semaphore_utf16(SYNCHRONIZE, FALSE, nullptr), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(OpenEventW(EVENT_ALL_ACCESS, FALSE, nullptr), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(OpenMutexW(SYNCHRONIZE, FALSE, nullptr), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(OpenSemaphoreW(SYNCHRONIZE, FALSE, nullptr), nullptr, ERROR_INVALID_PARAMETER);
}

TEST(ce | ce5, CreateEvent_14_CreateMutex_13_the_empty_name_is_a_name) {
    meets_itself_in_all_forms(spelled(""));
}

TEST(ce | ce5, OpenEvent_06_OpenMutex_06_nothing_has_the_empty_name) {
    const Name empty = spelled("");
    for (const Maker &maker : kMakers) EXPECT_BY(maker.label, maker.open(empty), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST_SHARED(all, Gen_31_of_two_that_race_to_create_exactly_one_made_it) {
    Actor b = another();
    Actor c = another();
    for (int round = 0; round < 60; ++round) {
        char name[64];
        snprintf(name, sizeof name, "%s %d", "gen 31", round);
        b.start(step::create_event(TRUE, TRUE, name));
        c.start(step::create_event(FALSE, FALSE, name));
        const Answer first = b.answer();
        const Answer second = c.answer();
        REQUIRE(first.value != 0 && second.value != 0, "both get a handle");
        assert_int_equal(first.error + second.error, ERROR_ALREADY_EXISTS);
        assert_true(first.error == 0 || second.error == 0);
        const bool set = first.error == 0;  // b makes it manual-reset and set, c auto-reset and clear
        b.does(step::wait(handle_of(first.value), 0), set ? WAIT_OBJECT_0 : WAIT_TIMEOUT, SAME);
        c.does(step::wait(handle_of(second.value), 0), set ? WAIT_OBJECT_0 : WAIT_TIMEOUT, SAME);
        b.does(step::close(handle_of(first.value)), TRUE, SAME);
        c.does(step::close(handle_of(second.value)), TRUE, SAME);
    }
}

int main(int argc, char **argv) { return test_main(argc, argv); }
