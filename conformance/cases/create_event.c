/* create_event.c - CreateEvent: making events, finding them by name. */
#include "conformance/harness/kinds.h"

/* ---- without a name, and with a new one -------------------------------------------------------------------------- */
CASE(no_name_makes_an_event_that_only_its_handle_reaches, "CreateEvent-01 Gen-05", ALL, "CreateEventW: lpName")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    DOES(CloseHandle(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
}

CASE(two_without_a_name_are_unrelated, "CreateEvent-02", ALL, "CreateEventW: lpName")
{
    const HANDLE one = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    const HANDLE other = MAKES(CreateEventA(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    DOES(SetEvent(one));
    GIVES(WaitForSingleObject(other, 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(a_new_name_is_seen_at_once, "CreateEvent-03 Life-30", ALL, "seed; CreateEventW: remarks")
{
    Partner *other = partner(where);
    const WCHAR *name = own_name("new");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    const HANDLE theirs = as_handle(ask(other, make_event, .text = name));
    EQUAL(error_of(other), ERROR_ALREADY_EXISTS);
    DOES(SetEvent(event));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
}

/* ---- a name in use ----------------------------------------------------------------------------------------------- */
CASE_SHARED(a_name_in_use_gives_the_event_that_has_it, "CreateEvent-04 Gen-06", ALL, "CreateEventW: return value")
{
    const WCHAR *name = own_name("used");
    Partner *other = partner(where);
    const HANDLE theirs = as_handle(ask(other, make_event, .text = name, .number = TRUE));
    EQUAL(error_of(other), NEW_OBJECT);
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), ERROR_ALREADY_EXISTS);
    DOES(SetEvent(event));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    ask(other, reset_event, .handle = theirs);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

CASE(a_manual_event_stays_so_when_found_as_auto, "CreateEvent-05", ALL, "CreateEventW: bManualReset, bInitialState")
{
    const WCHAR *name = own_name("flags");
    const HANDLE first = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    const HANDLE second = MAKES(CreateEventW(NULL, FALSE, TRUE, name), ERROR_ALREADY_EXISTS);
    GIVES(WaitForSingleObject(first, 0), WAIT_TIMEOUT, SAME);
    DOES(SetEvent(second));
    GIVES(WaitForSingleObject(second, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(second, 0), WAIT_OBJECT_0, SAME);
}

CASE(an_auto_event_stays_so_and_set_when_found_as_manual, "CreateEvent-05", ALL,
     "CreateEventW: bManualReset, bInitialState")
{
    const WCHAR *name = own_name("flags");
    MAKES(CreateEventW(NULL, FALSE, TRUE, name), NEW_OBJECT);
    const HANDLE second = MAKES(CreateEventA(NULL, TRUE, FALSE, ansi(name)), ERROR_ALREADY_EXISTS);
    GIVES(WaitForSingleObject(second, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(second, 0), WAIT_TIMEOUT, SAME);
}

CASE(a_mutex_of_that_name_is_what_comes, "CreateEvent-06", CE, "seed")
{
    const WCHAR *name = own_name("mutex");
    MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    const HANDLE found = MAKES(CreateEventW(NULL, FALSE, FALSE, name), ERROR_ALREADY_EXISTS);
    GIVES(WaitForSingleObject(found, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(found));
}

static void makes_a_new_event_beside(Kind kind)
{
    const WCHAR *name = own_name("beside");
    const HANDLE first = MAKES(create_kind(kind, name), NEW_OBJECT);
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    DOES(CloseHandle(first));
    MAKES(CreateEventW(NULL, TRUE, TRUE, name), ERROR_ALREADY_EXISTS);
}

CASE(beside_a_mutex_of_that_name, "CreateEvent-07", CE5, "CreateEvent (Windows CE 5.0)")
{
    makes_a_new_event_beside(MUTEX);
}
CASE(beside_a_semaphore_of_that_name, "CreateEvent-07 CreateEvent-09", CE | CE5, "CreateSemaphore (CE .NET)")
{
    makes_a_new_event_beside(SEMAPHORE);
}
CASE(beside_a_timer_of_that_name, "CreateEvent-07 CreateEvent-09", CE | CE5, "LD-1")
{
    makes_a_new_event_beside(TIMER);
}
CASE(beside_a_mapping_of_that_name, "CreateEvent-07 CreateEvent-09", CE | CE5, "LD-1")
{
    makes_a_new_event_beside(MAPPING);
}

static void is_refused_over(Kind kind)
{
    const WCHAR *name = own_name("taken");
    const HANDLE first = MAKES(create_kind(kind, name), NEW_OBJECT);
    REFUSES(CreateEventW(NULL, TRUE, TRUE, name), ERROR_INVALID_HANDLE);
    REFUSES(CreateEventA(NULL, TRUE, TRUE, ansi(name)), ERROR_INVALID_HANDLE);
    DOES(CloseHandle(first));
    MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT); /* nothing was made before */
}

CASE(refused_over_a_mutex, "CreateEvent-08", NT, "CreateEventW: return value") { is_refused_over(MUTEX); }
CASE(refused_over_a_semaphore, "CreateEvent-08", NT, "CreateEventW: return value") { is_refused_over(SEMAPHORE); }
CASE(refused_over_a_timer, "CreateEvent-08", NT, "CreateEventW: return value") { is_refused_over(TIMER); }
CASE(refused_over_a_mapping, "CreateEvent-08", NT, "CreateEventW: return value") { is_refused_over(MAPPING); }

/* ---- the state it begins with ------------------------------------------------------------------------------------ */
CASE(not_initially_set, "CreateEvent-10", ALL, "CreateEventW: bInitialState")
{
    GIVES(WaitForSingleObject(CreateEventW(NULL, TRUE, FALSE, NULL), 0), WAIT_TIMEOUT, ANY);
    GIVES(WaitForSingleObject(CreateEventW(NULL, FALSE, FALSE, NULL), 0), WAIT_TIMEOUT, ANY);
}

CASE(initially_set_manual_lets_all_waits_pass, "CreateEvent-11", ALL, "CreateEventW: bManualReset")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, TRUE, NULL), NEW_OBJECT);
    for (int i = 0; i < 3; ++i) GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

CASE(initially_set_auto_lets_one_wait_pass, "CreateEvent-12", ALL, "CreateEventW: bManualReset")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, TRUE, NULL), NEW_OBJECT);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

CASE(any_nonzero_flag_is_TRUE, "CreateEvent-13", ALL, "the type BOOL: nonzero is TRUE")
{
    const BOOL flags[] = {2, -1, 0x100, 0x10000, (BOOL)0x80000000};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; ++i) {
        const HANDLE event = MAKES(CreateEventW(NULL, flags[i], flags[i], NULL), NEW_OBJECT);
        GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
        GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    }
}

/* ---- the empty name ---------------------------------------------------------------------------------------------- */
static const WCHAR empty[] = {0};

CASE(the_empty_name_is_a_name, "CreateEvent-14", CE | CE5, "CreateEvent (Windows CE 5.0)")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, empty), NEW_OBJECT);
    const HANDLE found = MAKES(CreateEventA(NULL, TRUE, FALSE, ""), ERROR_ALREADY_EXISTS);
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(found, 0), WAIT_OBJECT_0, SAME);
}

CASE(the_empty_name_is_none, "CreateEvent-15", NT, "seen on Wine 8.0")
{
    const HANDLE one = MAKES(CreateEventW(NULL, TRUE, FALSE, empty), NEW_OBJECT);
    const HANDLE other = MAKES(CreateEventA(NULL, TRUE, FALSE, ""), NEW_OBJECT);
    DOES(SetEvent(one));
    GIVES(WaitForSingleObject(other, 0), WAIT_TIMEOUT, SAME);
}

/* ---- attributes and access --------------------------------------------------------------------------------------- */
static DWORD flags_of(HANDLE handle)
{
    DWORD flags = 0xCDCDCDCD;
    DOES(GetHandleInformation(handle, &flags));
    return flags;
}

CASE(without_attributes_it_is_not_inheritable, "CreateEvent-16", ALL, "CreateEventW: lpEventAttributes")
{
    EQUAL(flags_of(MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT)), 0);
    EQUAL(flags_of(MAKES(CreateEventW(NULL, TRUE, FALSE, own_name("plain")), NEW_OBJECT)), 0);
}

CASE(inheritable_if_asked_new_or_found, "CreateEvent-17", CE | NT, "CreateEventW: lpEventAttributes")
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    const WCHAR *name = own_name("inherit");
    const HANDLE first = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    const HANDLE found = MAKES(CreateEventW(&inherit, TRUE, FALSE, name), ERROR_ALREADY_EXISTS);
    const HANDLE made = MAKES(CreateEventA(&inherit, TRUE, FALSE, NULL), NEW_OBJECT);
    EQUAL(flags_of(found), HANDLE_FLAG_INHERIT);
    EQUAL(flags_of(made), HANDLE_FLAG_INHERIT);
    EQUAL(flags_of(first), 0);
}

CASE(the_length_of_the_attributes_is_not_looked_at, "CreateEvent-18", CE | NT, "seen on Wine 8.0")
{
    const DWORD lengths[] = {0, 1, sizeof(SECURITY_ATTRIBUTES) + 8, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; ++i) {
        SECURITY_ATTRIBUTES inherit = {lengths[i], NULL, TRUE};
        EQUAL(flags_of(MAKES(CreateEventW(&inherit, TRUE, FALSE, NULL), NEW_OBJECT)), HANDLE_FLAG_INHERIT);
    }
}

CASE(attributes_are_ignored, "CreateEvent-19", CE5, "CreateEvent (Windows CE 5.0): lpEventAttributes; LD-6")
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    EQUAL(flags_of(MAKES(CreateEventW(&inherit, TRUE, FALSE, NULL), NEW_OBJECT)), 0);
    EQUAL(flags_of(MAKES(CreateEventW(&inherit, TRUE, FALSE, own_name("ignored")), NEW_OBJECT)), 0);
}

static void everything_works(HANDLE event)
{
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    DOES(ResetEvent(event));
    DOES(PulseEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

CASE(new_or_found_the_handle_has_all_access, "CreateEvent-20", ALL, "CreateEventW: return value")
{
    const WCHAR *name = own_name("access");
    everything_works(MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT));
    everything_works(MAKES(CreateEventW(NULL, TRUE, FALSE, name), ERROR_ALREADY_EXISTS));
}

CASE(names_that_cannot_be_are_refused, "CreateEvent-21", ALL, "CreateEventW: lpName")
{
    REFUSES(CreateEventA(NULL, TRUE, FALSE, ansi(own_name_of(261))), ERROR_FILENAME_EXCED_RANGE);
    REFUSES(CreateEventW(NULL, TRUE, FALSE, joined("back\\", own_name("slash"))),
            profile() == NT ? ERROR_PATH_NOT_FOUND : ERROR_INVALID_NAME);
}
