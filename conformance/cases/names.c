/* names.c - the rules of names: length, characters, case, prefixes, A against W. */
#include <string.h>

#include "conformance/harness/kinds.h"

/* ---- A and W ----------------------------------------------------------------------------------------------------- */
CASE(A_and_W_name_the_same_object, "Gen-11", ALL, "seen on Wine 8.0")
{
    const WCHAR *event = own_name("event"), *mutex = own_name("mutex");
    MAKES(CreateEventW(NULL, TRUE, FALSE, event), NEW_OBJECT);
    MAKES(CreateEventA(NULL, TRUE, FALSE, ansi(event)), ERROR_ALREADY_EXISTS);
    MAKES(CreateMutexA(NULL, FALSE, ansi(mutex)), NEW_OBJECT);
    MAKES(CreateMutexW(NULL, FALSE, mutex), ERROR_ALREADY_EXISTS);
    OPENS(OpenEventA(EVENT_ALL_ACCESS, FALSE, ansi(event)));
    OPENS(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, mutex));
}

CASE(an_A_name_is_of_the_ANSI_code_page, "Gen-12", ALL, "CreateEventA; MultiByteToWideChar")
{
    static const char *const tails[] = {"\xC3\xA4\xC3\xB6\xC3\xBC", "\xC3\xA9", "plain"};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; ++i) {
        char narrow[200];
        strcpy(narrow, ansi(own_name("code-page-")));
        strcat(narrow, tails[i]);
        WCHAR wide[200];
        TRUE_THAT(MultiByteToWideChar(CP_ACP, 0, narrow, -1, wide, 200) > 0);
        MAKES(CreateEventA(NULL, TRUE, FALSE, narrow), NEW_OBJECT);
        MAKES(CreateEventW(NULL, TRUE, FALSE, wide), ERROR_ALREADY_EXISTS);
    }
}

static void needs_utf8(void)
{
    if (GetACP() != 65001) skip_case("the ANSI code page is not UTF-8");
}

CASE(an_A_name_is_UTF_8, "Gen-12", ALL, "LD-13")
{
    needs_utf8();
    static const WCHAR characters[] = {'x', 0x00E4, 0x0416, 0x6F22, 0xD83D, 0xDE00, 0xFFFD, 0};
    const WCHAR *name = joined(ansi(own_name("utf-8-")), characters);
    MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    MAKES(CreateMutexA(NULL, FALSE, ansi(name)), ERROR_ALREADY_EXISTS);
}

CASE(an_A_name_that_is_not_UTF_8_is_refused, "Gen-13", ALL, "LD-13")
{
    needs_utf8();
    static const char *const wrong[] = {"\x80", "a\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                        "\xFF", "\xE4(b"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        char name[200];
        strcpy(name, ansi(own_name("wrong-")));
        strcat(name, wrong[i]);
        REFUSES(CreateEventA(NULL, TRUE, FALSE, name), ERROR_NO_UNICODE_TRANSLATION);
        REFUSES(CreateMutexA(NULL, TRUE, name), ERROR_NO_UNICODE_TRANSLATION);
        REFUSES(OpenEventA(EVENT_ALL_ACCESS, FALSE, name), ERROR_NO_UNICODE_TRANSLATION);
    }
}

/* ---- characters -------------------------------------------------------------------------------------------------- */
CASE_SHARED(any_character_but_a_backslash_is_one_of_a_name, "Gen-14", ALL, "seed; CreateEventW: lpName")
{
    static const char *const tails[] = {"/", "a/b", "/etc/passwd", "../x", ".", "..", " ", "a b", "\t", "\n",
                                        "\x01\x1F", "\x7F", "*", "?", "\"", "<>|", ":", "%s%n", "~", "$HOME", "'",
                                        ";", "="};
    Partner *other = partner(where);
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; ++i) {
        WCHAR tail[20] = {0};
        for (size_t c = 0; tails[i][c] != 0; ++c) tail[c] = (unsigned char)tails[i][c];
        const WCHAR *name = joined(ansi(own_name("")), tail);
        const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
        const HANDLE theirs = as_handle(ask(other, make_event, .text = name));
        EQUAL(error_of(other), ERROR_ALREADY_EXISTS);
        DOES(SetEvent(event));
        EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    }
}

CASE(a_name_may_be_nothing_but_odd_characters, "Gen-14", ALL, "seed; CreateEventW: lpName")
{
    static const char *const names[] = {".", "..", "/", "//", " ", "a/b", "./.", "\x7F"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        const HANDLE mutex = MAKES(CreateMutexA(NULL, FALSE, names[i]), ANY); /* of anybody: all may use these */
        GIVES(WaitForSingleObject(mutex, 20000), WAIT_OBJECT_0, SAME);
        DOES(ReleaseMutex(mutex));
        DOES(CloseHandle(mutex));
    }
}

CASE(each_character_counts, "Gen-14 Gen-11", ALL, "Object Names")
{
    /* Halves of pairs alone, a byte-order mark, what comparisons of text ignore: as names they are all different. */
    static const WCHAR some[] = {0x00AD, 0x0301, 0x200B, 0x200D, 0xD800, 0xDC00, 0xFEFF, 0xFFFE, 0xFFFF, 0x00E9};
    for (size_t i = 0; i < sizeof some / sizeof some[0]; ++i) {
        const WCHAR tail[] = {'e', some[i], 0};
        MAKES(CreateEventW(NULL, TRUE, FALSE, joined(ansi(own_name("")), tail)), NEW_OBJECT);
    }
    static const WCHAR plain[] = {'e', 0};
    MAKES(CreateEventW(NULL, TRUE, FALSE, joined(ansi(own_name("")), plain)), NEW_OBJECT);
    static const WCHAR composed[] = {'e', 0x00E9, 0};
    MAKES(CreateEventW(NULL, TRUE, FALSE, joined(ansi(own_name("")), composed)), ERROR_ALREADY_EXISTS);
}

CASE(characters_beyond_16_bits, "Gen-14 Gen-11", ALL, "Object Names")
{
    static const WCHAR one[] = {0xD83D, 0xDE00, 0}, other[] = {0xD83D, 0xDE01, 0};
    const HANDLE first = MAKES(CreateEventW(NULL, TRUE, TRUE, joined(ansi(own_name("")), one)), NEW_OBJECT);
    MAKES(CreateEventW(NULL, TRUE, FALSE, joined(ansi(own_name("")), other)), NEW_OBJECT);
    const HANDLE found = OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, joined(ansi(own_name("")), one)));
    DOES(ResetEvent(found));
    GIVES(WaitForSingleObject(first, 0), WAIT_TIMEOUT, SAME);
}

CASE(capitals_are_other_letters, "Gen-15", ALL, "seed; Object Names")
{
    static const WCHAR tails[][2] = {{'a', 0}, {'A', 0}, {0x00E4, 0}, {0x00C4, 0}, {0x03C3, 0}, {0x03A3, 0}};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; ++i)
        MAKES(CreateEventW(NULL, TRUE, FALSE, joined(ansi(own_name("case-")), tails[i])), NEW_OBJECT);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, own_name("Case-a")), ERROR_FILE_NOT_FOUND);
}

/* ---- length ------------------------------------------------------------------------------------------------------ */
CASE(a_name_of_one_character, "Gen-16", ALL, "CreateEventW: lpName")
{
    static const WCHAR one[] = {'x', 0};
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, one), ANY); /* of anybody */
    DOES(CloseHandle(event));
    const HANDLE mutex = MAKES(CreateMutexA(NULL, FALSE, "y"), ANY);
    DOES(CloseHandle(mutex));
}

CASE(names_of_up_to_259_characters, "Gen-16", ALL, "CreateEventW: lpName: MAX_PATH")
{
    const unsigned lengths[] = {20, 31, 32, 63, 64, 127, 128, 254, 255, 256, 257, 258, 259};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; ++i) {
        const WCHAR *name = own_name_of(lengths[i]);
        MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT); /* so the last character counts, too */
        MAKES(CreateEventA(NULL, TRUE, FALSE, ansi(name)), ERROR_ALREADY_EXISTS);
        OPENS(OpenEventA(EVENT_ALL_ACCESS, FALSE, ansi(name)));
    }
}

CASE(names_of_259_mutexes_and_others, "Gen-16", ALL, "CreateMutexW: lpName: MAX_PATH")
{
    WCHAR name[300];
    for (Kind kind = MUTEX; kind < KINDS; ++kind) {
        memcpy(name, own_name_of(259), 260 * sizeof(WCHAR));
        name[258] = (WCHAR)('0' + kind);
        MAKES(create_kind(kind, name), NEW_OBJECT);
        MAKES(create_kind(kind, name), ERROR_ALREADY_EXISTS);
        OPENS(open_kind(kind, name));
    }
}

CASE(a_name_of_260_characters, "Gen-17", ALL, "LD-4")
{
    const WCHAR *name = own_name_of(260);
    MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    MAKES(CreateEventA(NULL, TRUE, FALSE, ansi(name)), ERROR_ALREADY_EXISTS);
    MAKES(CreateEventW(NULL, TRUE, FALSE, own_name_of(259)), NEW_OBJECT);
    OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name));
}

CASE(an_A_name_of_261_characters_is_refused, "Gen-18", ALL, "CreateEventW: lpName: MAX_PATH")
{
    const unsigned lengths[] = {261, 262, 300, 390};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; ++i) {
        const char *name = ansi(own_name_of(lengths[i]));
        REFUSES(CreateEventA(NULL, TRUE, FALSE, name), ERROR_FILENAME_EXCED_RANGE);
        REFUSES(OpenEventA(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILENAME_EXCED_RANGE);
        REFUSES(CreateMutexA(NULL, TRUE, name), ERROR_FILENAME_EXCED_RANGE);
    }
}

CASE(a_W_name_of_261_characters_is_refused, "Gen-18", ALL, "CreateEventW: lpName: MAX_PATH")
{
    const WCHAR *name = own_name_of(261);
    REFUSES(CreateEventW(NULL, TRUE, FALSE, name), ERROR_FILENAME_EXCED_RANGE);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILENAME_EXCED_RANGE);
    REFUSES(CreateMutexW(NULL, TRUE, name), ERROR_FILENAME_EXCED_RANGE);
    REFUSES(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, name), ERROR_FILENAME_EXCED_RANGE);
}

CASE(units_count_not_bytes, "Gen-16 Gen-17", ALL, "LD-4")
{
    WCHAR name[300];
    memcpy(name, own_name_of(259), 260 * sizeof(WCHAR));
    for (int i = 30; i < 259; ++i) name[i] = 0x6F22; /* three bytes each in UTF-8 */
    MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    name[258] = 0x6F23;
    MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
}

/* ---- backslashes ------------------------------------------------------------------------------------------------- */
static void refused_by_all(const WCHAR *name, DWORD error)
{
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        REFUSES(create_kind(kind, name), error);
        REFUSES(open_kind(kind, name), error);
    }
    REFUSES(CreateEventA(NULL, TRUE, FALSE, ansi(name)), error);
    REFUSES(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, ansi(name)), error);
}

static const WCHAR nothing[] = {0};

CASE(a_backslash_is_in_no_name, "Gen-19", CE | CE5, "seed; LD-3")
{
    static const char *const fronts[] = {"\\", "a\\", "Global\\", "Local\\", "a\\b\\", "\\\\"};
    for (size_t i = 0; i < sizeof fronts / sizeof fronts[0]; ++i)
        refused_by_all(joined(fronts[i], own_name("x")), ERROR_INVALID_NAME);
    refused_by_all(joined(ansi(own_name("")), joined("\\", nothing)), ERROR_INVALID_NAME);
}

CASE(a_path_that_is_no_prefix, "Gen-20", NT, "Kernel object namespaces; seen on Wine 8.0")
{
    static const char *const fronts[] = {"a\\", "global\\", "LOCAL\\", "Global\\a\\", "Local\\a\\"};
    for (size_t i = 0; i < sizeof fronts / sizeof fronts[0]; ++i)
        refused_by_all(joined(fronts[i], own_name("x")), ERROR_PATH_NOT_FOUND);
    refused_by_all(joined(ansi(own_name("x")), joined("\\", nothing)), ERROR_PATH_NOT_FOUND);
}

CASE(a_backslash_in_front, "Gen-21", NT, "seen on Wine 8.0")
{
    refused_by_all(joined("\\", own_name("x")), ERROR_BAD_PATHNAME);
}

CASE(a_prefix_with_nothing_after_it, "Gen-22", NT, "seen on Wine 8.0")
{
    refused_by_all(joined("Global\\", nothing), ERROR_INVALID_NAME);
    refused_by_all(joined("Local\\", nothing), ERROR_INVALID_NAME);
}

CASE(the_bare_word_of_a_prefix, "Gen-23", NT, "seen on Wine 8.0")
{
    refused_by_all(joined("Global", nothing), ERROR_INVALID_HANDLE);
    refused_by_all(joined("Local", nothing), ERROR_INVALID_HANDLE);
}

CASE_SHARED(Local_is_the_space_without_a_prefix, "Gen-24", NT, "Kernel object namespaces")
{
    const WCHAR *name = own_name("local");
    Partner *other = partner(where);
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    const HANDLE theirs = as_handle(ask(other, make_event, .text = joined("Local\\", name)));
    EQUAL(error_of(other), ERROR_ALREADY_EXISTS);
    DOES(SetEvent(event));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, joined("Local\\", name)));
}

CASE_SHARED(Global_is_a_space_of_its_own, "Gen-25", NT, "Kernel object namespaces")
{
    const WCHAR *name = own_name("global"), *global = joined("Global\\", name);
    Partner *other = partner(where);
    MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, global), ERROR_FILE_NOT_FOUND);
    MAKES(CreateMutexW(NULL, FALSE, global), NEW_OBJECT); /* another kind, too */
    ask(other, make_mutex, .text = global);
    EQUAL(error_of(other), ERROR_ALREADY_EXISTS);
}
