/* semaphore.c - CreateSemaphore, OpenSemaphore: counts, names, rights. */
#include "conformance/harness/kinds.h"
#include "conformance/harness/semaphores.h"

static const WCHAR empty[] = {0};
static DWORD flags_of(HANDLE handle)
{
    DWORD flags = 0xCDCDCDCD;
    DOES(GetHandleInformation(handle, &flags));
    return flags;
}

/* ---- CreateSemaphore: counts ------------------------------------------------------------------------------------- */
/* Exactly `initial` waits pass, and exactly `maximum` units find room. */
static void counts(HANDLE semaphore, LONG initial, LONG maximum)
{
    LONG before = NOT_WRITTEN;
    for (LONG i = 0; i < initial; ++i) GIVES(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
    if (maximum < most) REFUSES(ReleaseSemaphore(semaphore, maximum + 1, &before), ERROR_TOO_MANY_POSTS);
    DOES(ReleaseSemaphore(semaphore, maximum, &before));
    EQUAL(before, 0);
    REFUSES(ReleaseSemaphore(semaphore, 1, NULL), ERROR_TOO_MANY_POSTS);
}

CASE(counts_are_as_asked, "CreateSemaphore-01", ALL, "CreateSemaphoreW: lInitialCount, lMaximumCount")
{
    static const LONG asked[][2] = {{0, 1}, {1, 1}, {0, 3}, {2, 3}, {3, 3}, {0, 0x7FFFFFFE}};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; ++i) {
        const LONG initial = asked[i][0], maximum = asked[i][1];
        const char word[] = {'s', (char)('0' + i), 0};
        const WCHAR *name = own_name(word);
        counts(MAKES(CreateSemaphoreW(NULL, initial, maximum, NULL), NEW_OBJECT), initial, maximum);
        counts(MAKES(CreateSemaphoreA(NULL, initial, maximum, NULL), NEW_OBJECT), initial, maximum);
        counts(MAKES(CreateSemaphoreW(NULL, initial, maximum, name), NEW_OBJECT), initial, maximum);
        counts(MAKES(CreateSemaphoreExW(NULL, initial, maximum, NULL, 0, SEMAPHORE_ALL_ACCESS), NEW_OBJECT), initial,
               maximum);
        counts(MAKES(CreateSemaphoreExA(NULL, initial, maximum, ansi(joined("A", name)), 0, SEMAPHORE_ALL_ACCESS),
                     NEW_OBJECT),
               initial, maximum);
    }
}

CASE_SHARED(a_new_semaphore_is_seen_at_once, "CreateSemaphore-01", ALL, "CreateSemaphoreW: remarks")
{
    Partner *other = partner(where);
    const WCHAR *name = own_name("new");
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 1, 4, name), NEW_OBJECT);
    const HANDLE theirs = as_handle(ask(other, make_semaphore, .text = name, .number = 0, .more = 1));
    EQUAL(error_of(other), ERROR_ALREADY_EXISTS);
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
    EQUAL(ask(other, release_units, .handle = theirs, .number = 4), 0);
    EQUAL(drain(semaphore), 4);
}

static void counts_are_refused(LONG initial, LONG maximum)
{
    const WCHAR *name = own_name("refused");
    REFUSES(CreateSemaphoreW(NULL, initial, maximum, NULL), ERROR_INVALID_PARAMETER);
    REFUSES(CreateSemaphoreW(NULL, initial, maximum, name), ERROR_INVALID_PARAMETER);
    REFUSES(CreateSemaphoreA(NULL, initial, maximum, ansi(name)), ERROR_INVALID_PARAMETER);
    REFUSES(CreateSemaphoreExW(NULL, initial, maximum, name, 0, SEMAPHORE_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    REFUSES(CreateSemaphoreExA(NULL, initial, maximum, NULL, 0, SEMAPHORE_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 0, 1, name), NEW_OBJECT); /* nothing was made before */
    DOES(CloseHandle(semaphore));
}

CASE(more_than_the_maximum_is_refused, "CreateSemaphore-02", ALL, "CreateSemaphoreW: lInitialCount")
{
    counts_are_refused(2, 1);
    counts_are_refused(most, most - 1);
}
CASE(less_than_nothing_is_refused, "CreateSemaphore-03", ALL, "CreateSemaphoreW: lInitialCount")
{
    counts_are_refused(-1, 1);
    counts_are_refused(-most - 1, most);
}
CASE(a_maximum_must_be_above_0, "CreateSemaphore-04", ALL, "CreateSemaphoreW: lMaximumCount")
{
    counts_are_refused(0, 0);
    counts_are_refused(0, -1);
    counts_are_refused(-2, -1);
    counts_are_refused(0, -most - 1);
}

CASE(a_maximum_of_all_31_bits, "CreateSemaphore-05 ReleaseSemaphore-03", ALL, "seen on Wine 8.0")
{
    LONG before = NOT_WRITTEN;
    const HANDLE full = MAKES(CreateSemaphoreW(NULL, most, most, NULL), NEW_OBJECT);
    REFUSES(ReleaseSemaphore(full, 1, &before), ERROR_TOO_MANY_POSTS);
    EQUAL(before, NOT_WRITTEN);
    GIVES(WaitForSingleObject(full, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseSemaphore(full, 1, &before));
    EQUAL(before, most - 1);
    REFUSES(ReleaseSemaphore(full, most, NULL), ERROR_TOO_MANY_POSTS);
    const HANDLE none = MAKES(CreateSemaphoreW(NULL, 0, most, NULL), NEW_OBJECT);
    DOES(ReleaseSemaphore(none, most, &before));
    EQUAL(before, 0);
    GIVES(WaitForSingleObject(none, 0), WAIT_OBJECT_0, SAME);
}

/* ---- CreateSemaphore: names -------------------------------------------------------------------------------------- */
CASE_SHARED(a_found_semaphore_keeps_its_counts, "CreateSemaphore-06", ALL, "CreateSemaphoreW: lpName, return value")
{
    const WCHAR *name = own_name("found");
    Partner *other = partner(where);
    const HANDLE theirs = as_handle(ask(other, make_semaphore, .text = name, .number = 1, .more = 2));
    EQUAL(error_of(other), NEW_OBJECT);
    const HANDLE found = MAKES(CreateSemaphoreW(NULL, 5, 9, name), ERROR_ALREADY_EXISTS);
    MAKES(CreateSemaphoreA(NULL, 0, 1, ansi(name)), ERROR_ALREADY_EXISTS);
    GIVES(WaitForSingleObject(found, 0), WAIT_OBJECT_0, SAME);
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_TIMEOUT);
    REFUSES(ReleaseSemaphore(found, 3, NULL), ERROR_TOO_MANY_POSTS);
    DOES(ReleaseSemaphore(found, 2, NULL));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
}

CASE(counts_are_looked_at_before_the_name, "CreateSemaphore-07", ALL, "seen on Wine 8.0")
{
    const WCHAR *name = own_name("held");
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 1, 1, name), NEW_OBJECT);
    REFUSES(CreateSemaphoreW(NULL, 2, 1, name), ERROR_INVALID_PARAMETER);
    REFUSES(CreateSemaphoreA(NULL, -1, 1, ansi(name)), ERROR_INVALID_PARAMETER);
    REFUSES(CreateSemaphoreW(NULL, 0, 0, name), ERROR_INVALID_PARAMETER);
    EQUAL(drain(semaphore), 1);
}

static void is_refused_over(Kind kind)
{
    const WCHAR *name = own_name("taken");
    const HANDLE first = MAKES(create_kind(kind, name), NEW_OBJECT);
    REFUSES(CreateSemaphoreW(NULL, 1, 1, name), ERROR_INVALID_HANDLE);
    REFUSES(CreateSemaphoreA(NULL, 1, 1, ansi(name)), ERROR_INVALID_HANDLE);
    REFUSES(CreateSemaphoreExW(NULL, 1, 1, name, 0, SEMAPHORE_ALL_ACCESS), ERROR_INVALID_HANDLE);
    DOES(CloseHandle(first));
    MAKES(CreateSemaphoreW(NULL, 1, 1, name), NEW_OBJECT); /* nothing was made before */
}

CASE(refused_over_an_event, "CreateSemaphore-08", NT, "CreateSemaphoreW: lpName") { is_refused_over(EVENT); }
CASE(refused_over_a_mutex, "CreateSemaphore-08", NT, "CreateSemaphoreW: lpName") { is_refused_over(MUTEX); }
CASE(refused_over_a_timer, "CreateSemaphore-08", NT, "CreateSemaphoreW: lpName") { is_refused_over(TIMER); }
CASE(refused_over_a_mapping, "CreateSemaphore-08", NT, "CreateSemaphoreW: lpName") { is_refused_over(MAPPING); }

CASE(beside_every_other_kind_of_that_name, "CreateSemaphore-09", CE | CE5, "CreateSemaphore (CE .NET); LD-1")
{
    static const char *const words[KINDS] = {"event", "mutex", "", "timer", "mapping"};
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        if (kind == SEMAPHORE) continue;
        const WCHAR *name = own_name(words[kind]);
        const HANDLE first = MAKES(create_kind(kind, name), NEW_OBJECT);
        const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 2, 2, name), NEW_OBJECT);
        DOES(CloseHandle(first));
        MAKES(CreateSemaphoreW(NULL, 0, 1, name), ERROR_ALREADY_EXISTS);
        EQUAL(drain(semaphore), 2);
    }
}

CASE(names_are_as_with_CreateEvent, "CreateSemaphore-10", ALL, "CreateSemaphoreW: lpName")
{
    const HANDLE one = MAKES(CreateSemaphoreW(NULL, 1, 1, NULL), NEW_OBJECT);
    const HANDLE other = MAKES(CreateSemaphoreA(NULL, 0, 1, NULL), NEW_OBJECT);
    GIVES(WaitForSingleObject(other, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(one, 0), WAIT_OBJECT_0, SAME);
    REFUSES(CreateSemaphoreA(NULL, 0, 1, ansi(own_name_of(261))), ERROR_FILENAME_EXCED_RANGE);
    MAKES(CreateSemaphoreW(NULL, 0, 1, own_name_of(259)), NEW_OBJECT);
    MAKES(CreateSemaphoreA(NULL, 0, 1, ansi(own_name_of(259))), ERROR_ALREADY_EXISTS);
    REFUSES(CreateSemaphoreW(NULL, 0, 1, joined("back\\", own_name("slash"))),
            profile() == NT ? ERROR_PATH_NOT_FOUND : ERROR_INVALID_NAME);
    MAKES(CreateSemaphoreW(NULL, 0, 1, empty), NEW_OBJECT);
    MAKES(CreateSemaphoreA(NULL, 0, 1, ""), profile() == NT ? NEW_OBJECT : ERROR_ALREADY_EXISTS);
    MAKES(CreateSemaphoreW(NULL, 0, 1, own_name("case")), NEW_OBJECT);
    MAKES(CreateSemaphoreW(NULL, 0, 1, own_name("Case")), NEW_OBJECT);
}

CASE(wide_names_of_261_characters_are_refused, "CreateSemaphore-10 Gen-18", ALL,
     "CreateSemaphoreW: lpName is limited to MAX_PATH characters")
{
    REFUSES(CreateSemaphoreW(NULL, 0, 1, own_name_of(261)), ERROR_FILENAME_EXCED_RANGE);
}

CASE(attributes_are_as_with_CreateEvent, "CreateSemaphore-10", ALL,
     "CreateSemaphoreW: lpSemaphoreAttributes; ce5: LD-6")
{
    const DWORD lengths[] = {sizeof(SECURITY_ATTRIBUTES), 0, 7}, wanted = profile() == CE5 ? 0 : HANDLE_FLAG_INHERIT;
    const WCHAR *name = own_name("inherit");
    EQUAL(flags_of(MAKES(CreateSemaphoreW(NULL, 0, 1, name), NEW_OBJECT)), 0);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; ++i) {
        SECURITY_ATTRIBUTES inherit = {lengths[i], NULL, TRUE};
        EQUAL(flags_of(MAKES(CreateSemaphoreW(&inherit, 0, 1, name), ERROR_ALREADY_EXISTS)), wanted);
        EQUAL(flags_of(MAKES(CreateSemaphoreA(&inherit, 0, 1, NULL), NEW_OBJECT)), wanted);
    }
}

/* ---- CreateSemaphoreEx ------------------------------------------------------------------------------------------- */
CASE(flags_must_be_0, "CreateSemaphore-11", ALL, "CreateSemaphoreExW: dwFlags is reserved and must be 0")
{
    const DWORD others[] = {1, 2, 0x80000000, 0xFFFFFFFF};
    const WCHAR *name = own_name("flags");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
        REFUSES(CreateSemaphoreExW(NULL, 0, 1, name, others[i], SEMAPHORE_ALL_ACCESS), ERROR_INVALID_PARAMETER);
        REFUSES(CreateSemaphoreExA(NULL, 0, 1, NULL, others[i], SEMAPHORE_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    }
    MAKES(CreateSemaphoreExW(NULL, 0, 1, name, 0, SEMAPHORE_ALL_ACCESS), NEW_OBJECT); /* nothing was made before */
}

CASE(SYNCHRONIZE_is_all_its_creator_gets, "CreateSemaphore-12 Gen-28", CE | NT, "CreateSemaphoreExW: dwDesiredAccess")
{
    const WCHAR *name = own_name("right");
    const HANDLE semaphore = MAKES(CreateSemaphoreExW(NULL, 1, 2, name, 0, SYNCHRONIZE), NEW_OBJECT);
    REFUSES(ReleaseSemaphore(semaphore, 1, NULL), ERROR_ACCESS_DENIED);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
    const HANDLE found = MAKES(CreateSemaphoreExW(NULL, 0, 1, name, 0, SEMAPHORE_MODIFY_STATE), ERROR_ALREADY_EXISTS);
    DOES(ReleaseSemaphore(found, 1, NULL));
    GIVES(WaitForSingleObject(found, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, SAME);
}

/* ---- OpenSemaphore ----------------------------------------------------------------------------------------------- */
CASE_SHARED(opening_takes_nothing, "OpenSemaphore-01", ALL, "OpenSemaphoreW")
{
    const WCHAR *name = own_name("open");
    Partner *other = partner(where);
    const HANDLE theirs = as_handle(ask(other, make_semaphore, .text = name, .number = 2, .more = 3));
    const HANDLE wide = OPENS(OpenSemaphoreW(SEMAPHORE_ALL_ACCESS, FALSE, name));
    const HANDLE narrow = OPENS(OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, ansi(name)));
    TRUE_THAT(wide != narrow);
    EQUAL(ask(other, release_units, .handle = theirs, .number = 1), 2);
    EQUAL(drain(wide), 3);
    DOES(ReleaseSemaphore(narrow, 1, NULL));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    EQUAL(flags_of(wide), 0);
}

CASE(nothing_is_found, "OpenSemaphore-02", ALL, "OpenSemaphoreW")
{
    const WCHAR *name = own_name("nothing");
    REFUSES(OpenSemaphoreW(SEMAPHORE_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
    REFUSES(OpenSemaphoreA(SYNCHRONIZE, FALSE, ansi(name)), ERROR_FILE_NOT_FOUND);
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 1, 1, name), NEW_OBJECT);
    DOES(CloseHandle(semaphore));
    REFUSES(OpenSemaphoreW(SEMAPHORE_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
}

CASE(another_kind_is_no_semaphore, "OpenSemaphore-03", ALL, "OpenSemaphoreW; Object Names; ce, ce5: LD-1")
{
    static const char *const words[KINDS] = {"event", "mutex", "", "timer", "mapping"};
    const DWORD error = profile() == NT ? ERROR_INVALID_HANDLE : ERROR_FILE_NOT_FOUND;
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        if (kind == SEMAPHORE) continue;
        MAKES(create_kind(kind, own_name(words[kind])), NEW_OBJECT);
        REFUSES(OpenSemaphoreW(SEMAPHORE_ALL_ACCESS, FALSE, own_name(words[kind])), error);
    }
}

CASE(no_name_is_no_semaphore, "OpenSemaphore-04 Gen-29", ALL, "seen on Wine 8.0")
{
    REFUSES(OpenSemaphoreW(SEMAPHORE_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER);
    REFUSES(OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER);
}

CASE(opened_with_SYNCHRONIZE_it_lets_wait_only, "OpenSemaphore-05 ReleaseSemaphore-10 Gen-28", CE | NT,
     "OpenSemaphoreW: dwDesiredAccess; Synchronization Object Security and Access Rights")
{
    const WCHAR *name = own_name("right");
    LONG before = NOT_WRITTEN;
    MAKES(CreateSemaphoreW(NULL, 1, 2, name), NEW_OBJECT);
    const HANDLE weak = OPENS(OpenSemaphoreW(SYNCHRONIZE, FALSE, name));
    REFUSES(ReleaseSemaphore(weak, 1, &before), ERROR_ACCESS_DENIED);
    EQUAL(before, NOT_WRITTEN);
    GIVES(WaitForSingleObject(weak, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(weak, 0), WAIT_TIMEOUT, SAME); /* nothing was added */
    const HANDLE none = OPENS(OpenSemaphoreW(0, FALSE, name));
    REFUSES(ReleaseSemaphore(none, 1, NULL), ERROR_ACCESS_DENIED);
    GIVES(WaitForSingleObject(none, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
}
