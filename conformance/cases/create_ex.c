/* create_ex.c - CreateEventEx, CreateMutexEx: flags in one word, and handles with no more than the rights asked for. */
#include "conformance/harness/kinds.h"

static const WCHAR empty[] = {0};

static DWORD flags_of(HANDLE handle)
{
    DWORD flags = 0xCDCDCDCD;
    DOES(GetHandleInformation(handle, &flags));
    return flags;
}

/* ---- events: flags ----------------------------------------------------------------------------------------------- */
/* Its state at first, and whether a wait resets it. */
static void is_event(HANDLE event, BOOL manual, BOOL set)
{
    GIVES(WaitForSingleObject(event, 0), set ? WAIT_OBJECT_0 : WAIT_TIMEOUT, SAME);
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(event, 0), manual ? WAIT_OBJECT_0 : WAIT_TIMEOUT, SAME);
    DOES(ResetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    DOES(PulseEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

static void flags_make(DWORD flags, BOOL manual, BOOL set)
{
    const char word[] = {'f', (char)('0' + flags), 0};
    const WCHAR *wide = own_name(word), *narrow = joined("A", wide);
    is_event(MAKES(CreateEventExW(NULL, NULL, flags, EVENT_ALL_ACCESS), NEW_OBJECT), manual, set);
    is_event(MAKES(CreateEventExA(NULL, NULL, flags, EVENT_ALL_ACCESS), NEW_OBJECT), manual, set);
    is_event(MAKES(CreateEventExW(NULL, wide, flags, EVENT_ALL_ACCESS), NEW_OBJECT), manual, set);
    is_event(MAKES(CreateEventExA(NULL, ansi(narrow), flags, EVENT_ALL_ACCESS), NEW_OBJECT), manual, set);
}

CASE(no_flags_auto_and_not_set, "CreateEventEx-01", ALL, "CreateEventExW: dwFlags") { flags_make(0, FALSE, FALSE); }
CASE(flag_manual_reset, "CreateEventEx-02", ALL, "CreateEventExW: dwFlags")
{
    EQUAL(CREATE_EVENT_MANUAL_RESET, 1);
    flags_make(CREATE_EVENT_MANUAL_RESET, TRUE, FALSE);
}
CASE(flag_initial_set, "CreateEventEx-03", ALL, "CreateEventExW: dwFlags")
{
    EQUAL(CREATE_EVENT_INITIAL_SET, 2);
    const HANDLE once = MAKES(CreateEventExW(NULL, NULL, CREATE_EVENT_INITIAL_SET, EVENT_ALL_ACCESS), NEW_OBJECT);
    GIVES(WaitForSingleObject(once, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(once, 0), WAIT_TIMEOUT, SAME);
    flags_make(CREATE_EVENT_INITIAL_SET, FALSE, TRUE);
    flags_make(CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET, TRUE, TRUE);
}

CASE(other_event_flags_are_refused, "CreateEventEx-04", ALL, "CreateEventExW: dwFlags")
{
    const WCHAR *name = own_name("flags");
    const DWORD others[] = {4, 8, 4 | CREATE_EVENT_MANUAL_RESET, 0x100, 0x80000000, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
        REFUSES(CreateEventExW(NULL, name, others[i], EVENT_ALL_ACCESS), ERROR_INVALID_PARAMETER);
        REFUSES(CreateEventExA(NULL, ansi(name), others[i], EVENT_ALL_ACCESS), ERROR_INVALID_PARAMETER);
        REFUSES(CreateEventExW(NULL, NULL, others[i], EVENT_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    }
    MAKES(CreateEventExW(NULL, name, 0, EVENT_ALL_ACCESS), NEW_OBJECT); /* nothing was made before */
}

/* ---- events: rights ---------------------------------------------------------------------------------------------- */
static void has_rights(HANDLE event, BOOL may_wait, BOOL may_set)
{
    GIVES(WaitForSingleObject(event, 0), may_wait ? WAIT_OBJECT_0 : WAIT_FAILED, may_wait ? SAME : ERROR_ACCESS_DENIED);
    GIVES(PulseEvent(event), may_set, may_set ? SAME : ERROR_ACCESS_DENIED);
    GIVES(ResetEvent(event), may_set, may_set ? SAME : ERROR_ACCESS_DENIED);
    GIVES(SetEvent(event), may_set, may_set ? SAME : ERROR_ACCESS_DENIED);
}

static const DWORD manual_set = CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET;

CASE(SYNCHRONIZE_is_all_its_creator_gets, "CreateEventEx-05 Gen-28", CE | NT, "CreateEventExW: dwDesiredAccess")
{
    has_rights(MAKES(CreateEventExW(NULL, NULL, manual_set, SYNCHRONIZE), NEW_OBJECT), TRUE, FALSE);
    has_rights(MAKES(CreateEventExA(NULL, ansi(own_name("new")), manual_set, SYNCHRONIZE), NEW_OBJECT), TRUE, FALSE);
    has_rights(MAKES(CreateEventExW(NULL, NULL, manual_set, EVENT_MODIFY_STATE), NEW_OBJECT), FALSE, TRUE);
}

CASE(access_0_lets_its_creator_do_nothing, "CreateEventEx-06", CE | NT, "seen on Wine 8.0")
{
    const HANDLE event = MAKES(CreateEventExW(NULL, own_name("none"), manual_set, 0), NEW_OBJECT);
    has_rights(event, FALSE, FALSE);
    MAKES(CreateEventExW(NULL, own_name("none"), 0, 0), ERROR_ALREADY_EXISTS);
    DOES(CloseHandle(event));
}

CASE_SHARED(a_found_event_has_the_rights_asked_for, "CreateEventEx-07", CE | NT, "CreateEventExW: dwDesiredAccess")
{
    const WCHAR *name = own_name("found");
    Partner *other = partner(where);
    const HANDLE theirs = as_handle(ask(other, make_event, .text = name, .number = TRUE, .more = TRUE));
    has_rights(MAKES(CreateEventExW(NULL, name, 0, SYNCHRONIZE), ERROR_ALREADY_EXISTS), TRUE, FALSE);
    has_rights(MAKES(CreateEventExW(NULL, name, 0, 0), ERROR_ALREADY_EXISTS), FALSE, FALSE);
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    has_rights(MAKES(CreateEventExA(NULL, ansi(name), 0, EVENT_MODIFY_STATE), ERROR_ALREADY_EXISTS), FALSE, TRUE);
    TRUE_THAT(ask(other, reset_event, .handle = theirs)); /* its own handle is what it was */
}

/* ---- events: the same as CreateEvent ----------------------------------------------------------------------------- */
CASE(CreateEvent_is_the_same_with_all_access, "CreateEventEx-08", ALL, "CreateEventW; CreateEventExW")
{
    for (DWORD flags = 0; flags < 4; ++flags) {
        const BOOL manual = (flags & CREATE_EVENT_MANUAL_RESET) != 0, set = (flags & CREATE_EVENT_INITIAL_SET) != 0;
        const char word[] = {'e', (char)('0' + flags), 0};
        const WCHAR *name = own_name(word);
        const HANDLE plain = MAKES(CreateEventW(NULL, manual, set, NULL), NEW_OBJECT);
        is_event(MAKES(CreateEventExW(NULL, name, flags, EVENT_ALL_ACCESS), NEW_OBJECT), manual, set);
        is_event(plain, manual, set);
        const HANDLE found = MAKES(CreateEventW(NULL, !manual, !set, name), ERROR_ALREADY_EXISTS);
        is_event(found, manual, FALSE);
        const HANDLE again = MAKES(CreateEventExW(NULL, name, flags ^ 3, EVENT_ALL_ACCESS), ERROR_ALREADY_EXISTS);
        is_event(again, manual, FALSE);
        TRUE_THAT(again != found);
    }
}

CASE(event_names_are_as_with_CreateEvent, "CreateEventEx-09", ALL, "CreateEventExW: lpName")
{
    REFUSES(CreateEventExA(NULL, ansi(own_name_of(261)), 0, EVENT_ALL_ACCESS), ERROR_FILENAME_EXCED_RANGE);
    MAKES(CreateEventExW(NULL, own_name_of(259), 0, EVENT_ALL_ACCESS), NEW_OBJECT);
    MAKES(CreateEventExA(NULL, ansi(own_name_of(259)), 0, EVENT_ALL_ACCESS), ERROR_ALREADY_EXISTS);
    REFUSES(CreateEventExW(NULL, joined("back\\", own_name("slash")), 0, EVENT_ALL_ACCESS),
            profile() == NT ? ERROR_PATH_NOT_FOUND : ERROR_INVALID_NAME);
    MAKES(CreateEventExW(NULL, empty, 0, EVENT_ALL_ACCESS), NEW_OBJECT);
    MAKES(CreateEventExA(NULL, "", 0, EVENT_ALL_ACCESS), profile() == NT ? NEW_OBJECT : ERROR_ALREADY_EXISTS);
    MAKES(CreateEventExW(NULL, own_name("case"), 0, EVENT_ALL_ACCESS), NEW_OBJECT);
    MAKES(CreateEventExW(NULL, own_name("Case"), 0, EVENT_ALL_ACCESS), NEW_OBJECT);
}

CASE(a_mutex_of_that_name_is_as_with_CreateEvent, "CreateEventEx-09", ALL, "CreateEventExW: lpName; ce: seed, LD-12")
{
    const WCHAR *name = own_name("mutex");
    MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    if (profile() == NT) {
        REFUSES(CreateEventExW(NULL, name, 0, EVENT_ALL_ACCESS), ERROR_INVALID_HANDLE);
        REFUSES(CreateEventExA(NULL, ansi(name), 0, EVENT_ALL_ACCESS), ERROR_INVALID_HANDLE);
    } else if (profile() == CE) {
        const HANDLE mutex = MAKES(CreateEventExW(NULL, name, 0, EVENT_ALL_ACCESS), ERROR_ALREADY_EXISTS);
        GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
        DOES(ReleaseMutex(mutex));
    } else {
        is_event(MAKES(CreateEventExW(NULL, name, 0, EVENT_ALL_ACCESS), NEW_OBJECT), FALSE, FALSE);
    }
}

CASE(event_attributes_are_as_with_CreateEvent, "CreateEventEx-09", ALL, "CreateEventExW: lpEventAttributes; ce5: LD-6")
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE}, not = {sizeof not, NULL, FALSE};
    const DWORD wanted = profile() == CE5 ? 0 : HANDLE_FLAG_INHERIT;
    const WCHAR *name = own_name("inherit");
    EQUAL(flags_of(MAKES(CreateEventExW(NULL, name, 0, EVENT_ALL_ACCESS), NEW_OBJECT)), 0);
    EQUAL(flags_of(MAKES(CreateEventExW(&inherit, name, 0, EVENT_ALL_ACCESS), ERROR_ALREADY_EXISTS)), wanted);
    EQUAL(flags_of(MAKES(CreateEventExA(&inherit, NULL, 0, EVENT_ALL_ACCESS), NEW_OBJECT)), wanted);
    EQUAL(flags_of(MAKES(CreateEventExW(&not, NULL, 0, EVENT_ALL_ACCESS), NEW_OBJECT)), 0);
}

/* ---- mutexes: flags ---------------------------------------------------------------------------------------------- */
CASE_SHARED(no_flags_no_owner, "CreateMutexEx-01", ALL, "CreateMutexExW: dwFlags")
{
    const WCHAR *name = own_name("free");
    const HANDLE mutex = MAKES(CreateMutexExW(NULL, name, 0, MUTEX_ALL_ACCESS), NEW_OBJECT);
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
    const HANDLE narrow = MAKES(CreateMutexExA(NULL, ansi(own_name("narrow")), 0, MUTEX_ALL_ACCESS), NEW_OBJECT);
    REFUSES(ReleaseMutex(narrow), ERROR_NOT_OWNER);
}

CASE_SHARED(flag_initial_owner, "CreateMutexEx-02", ALL, "CreateMutexExW: dwFlags")
{
    EQUAL(CREATE_MUTEX_INITIAL_OWNER, 1);
    const WCHAR *name = own_name("owned");
    const HANDLE mutex = MAKES(CreateMutexExW(NULL, name, 1, MUTEX_ALL_ACCESS), NEW_OBJECT);
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(mutex));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
    const HANDLE narrow = MAKES(CreateMutexExA(NULL, NULL, CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS), NEW_OBJECT);
    DOES(ReleaseMutex(narrow));
    REFUSES(ReleaseMutex(narrow), ERROR_NOT_OWNER);
}

CASE_SHARED(flag_initial_owner_is_nothing_for_a_found_mutex, "CreateMutexEx-03", ALL, "CreateMutexExW: dwFlags")
{
    const WCHAR *name = own_name("found");
    MAKES(CreateMutexExW(NULL, name, 0, MUTEX_ALL_ACCESS), NEW_OBJECT);
    const HANDLE found = MAKES(CreateMutexExW(NULL, name, CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS),
                               ERROR_ALREADY_EXISTS);
    REFUSES(ReleaseMutex(found), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(found, 0), WAIT_OBJECT_0, SAME);
    MAKES(CreateMutexExA(NULL, ansi(name), CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS), ERROR_ALREADY_EXISTS);
    DOES(ReleaseMutex(found)); /* once, as it was taken once */
    REFUSES(ReleaseMutex(found), ERROR_NOT_OWNER);
}

CASE(other_mutex_flags_are_refused, "CreateMutexEx-04", ALL, "CreateMutexExW: dwFlags")
{
    const WCHAR *name = own_name("flags");
    const DWORD others[] = {2, 3, 4, 0x100, 0x80000000, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
        REFUSES(CreateMutexExW(NULL, name, others[i], MUTEX_ALL_ACCESS), ERROR_INVALID_PARAMETER);
        REFUSES(CreateMutexExA(NULL, ansi(name), others[i], MUTEX_ALL_ACCESS), ERROR_INVALID_PARAMETER);
        REFUSES(CreateMutexExW(NULL, NULL, others[i], MUTEX_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    }
    MAKES(CreateMutexExW(NULL, name, 0, MUTEX_ALL_ACCESS), NEW_OBJECT); /* nothing was made before */
}

/* ---- mutexes: rights --------------------------------------------------------------------------------------------- */
CASE(SYNCHRONIZE_is_enough_for_a_mutex, "CreateMutexEx-05", CE | NT, "seen on Wine 8.0")
{
    const WCHAR *name = own_name("right");
    const HANDLE mutex = MAKES(CreateMutexExW(NULL, name, 0, SYNCHRONIZE), NEW_OBJECT);
    const HANDLE found = MAKES(CreateMutexExA(NULL, ansi(name), 0, SYNCHRONIZE), ERROR_ALREADY_EXISTS);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(found));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
}

CASE(access_0_does_not_let_wait_for_a_mutex, "CreateMutexEx-06", CE | NT, "seen on Wine 8.0")
{
    const WCHAR *name = own_name("none");
    const HANDLE mutex = MAKES(CreateMutexExW(NULL, name, 0, 0), NEW_OBJECT);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    const HANDLE found = MAKES(CreateMutexExW(NULL, name, 0, 0), ERROR_ALREADY_EXISTS);
    GIVES(WaitForSingleObject(found, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    const HANDLE all = MAKES(CreateMutexW(NULL, FALSE, name), ERROR_ALREADY_EXISTS);
    GIVES(WaitForSingleObject(all, 0), WAIT_OBJECT_0, SAME);
}

/* ---- mutexes: the same as CreateMutex ---------------------------------------------------------------------------- */
CASE(mutex_names_are_as_with_CreateMutex, "CreateMutexEx-07", ALL, "CreateMutexExW: lpName")
{
    REFUSES(CreateMutexExA(NULL, ansi(own_name_of(261)), 0, MUTEX_ALL_ACCESS), ERROR_FILENAME_EXCED_RANGE);
    MAKES(CreateMutexExW(NULL, own_name_of(259), 0, MUTEX_ALL_ACCESS), NEW_OBJECT);
    MAKES(CreateMutexExA(NULL, ansi(own_name_of(259)), 0, MUTEX_ALL_ACCESS), ERROR_ALREADY_EXISTS);
    REFUSES(CreateMutexExW(NULL, joined("back\\", own_name("slash")), 0, MUTEX_ALL_ACCESS),
            profile() == NT ? ERROR_PATH_NOT_FOUND : ERROR_INVALID_NAME);
    MAKES(CreateMutexExW(NULL, empty, 0, MUTEX_ALL_ACCESS), NEW_OBJECT);
    MAKES(CreateMutexExA(NULL, "", 0, MUTEX_ALL_ACCESS), profile() == NT ? NEW_OBJECT : ERROR_ALREADY_EXISTS);
}

CASE(an_event_of_that_name_is_as_with_CreateMutex, "CreateMutexEx-07", ALL, "CreateMutexExW: lpName; ce: seed, LD-12")
{
    const WCHAR *name = own_name("event");
    MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    if (profile() == NT) {
        REFUSES(CreateMutexExW(NULL, name, 0, MUTEX_ALL_ACCESS), ERROR_INVALID_HANDLE);
        REFUSES(CreateMutexExA(NULL, ansi(name), 0, MUTEX_ALL_ACCESS), ERROR_INVALID_HANDLE);
    } else if (profile() == CE) {
        const HANDLE event = MAKES(CreateMutexExW(NULL, name, 1, MUTEX_ALL_ACCESS), ERROR_ALREADY_EXISTS);
        GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
        REFUSES(ReleaseMutex(event), ERROR_INVALID_HANDLE);
    } else {
        const HANDLE mutex = MAKES(CreateMutexExW(NULL, name, 1, MUTEX_ALL_ACCESS), NEW_OBJECT);
        DOES(ReleaseMutex(mutex));
    }
}

CASE(mutex_attributes_are_as_with_CreateMutex, "CreateMutexEx-07", ALL, "CreateMutexExW: lpMutexAttributes; ce5: LD-6")
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE}, not = {sizeof not, NULL, FALSE};
    const DWORD wanted = profile() == CE5 ? 0 : HANDLE_FLAG_INHERIT;
    const WCHAR *name = own_name("inherit");
    EQUAL(flags_of(MAKES(CreateMutexExW(NULL, name, 0, MUTEX_ALL_ACCESS), NEW_OBJECT)), 0);
    EQUAL(flags_of(MAKES(CreateMutexExW(&inherit, name, 0, MUTEX_ALL_ACCESS), ERROR_ALREADY_EXISTS)), wanted);
    EQUAL(flags_of(MAKES(CreateMutexExA(&inherit, NULL, 0, MUTEX_ALL_ACCESS), NEW_OBJECT)), wanted);
    EQUAL(flags_of(MAKES(CreateMutexExW(&not, NULL, 0, MUTEX_ALL_ACCESS), NEW_OBJECT)), 0);
}

CASE(wide_names_of_261_characters_are_refused, "CreateEventEx-09 CreateMutexEx-07 Gen-18", ALL,
     "CreateEventExW, CreateMutexExW: lpName is limited to MAX_PATH characters")
{
    REFUSES(CreateEventExW(NULL, own_name_of(261), 0, EVENT_ALL_ACCESS), ERROR_FILENAME_EXCED_RANGE);
    REFUSES(CreateMutexExW(NULL, own_name_of(261), 0, MUTEX_ALL_ACCESS), ERROR_FILENAME_EXCED_RANGE);
}
