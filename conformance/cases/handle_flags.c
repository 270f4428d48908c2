/* handle_flags.c - GetHandleInformation, SetHandleInformation; CompareObjectHandles. */
#include "conformance/harness/kinds.h"

#ifndef ERROR_NOT_SAME_OBJECT /* mingw-w64 does not have it */
#define ERROR_NOT_SAME_OBJECT 1656
#endif

static HANDLE self(void) { return GetCurrentProcess(); }

static HANDLE manual_event(const WCHAR *name) { return MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT); }

static HANDLE same(HANDLE handle)
{
    HANDLE made = NULL;
    DOES(DuplicateHandle(self(), handle, self(), &made, 0, FALSE, DUPLICATE_SAME_ACCESS));
    return made;
}

static DWORD flags_of(HANDLE handle)
{
    DWORD flags = 0xCDCDCDCD;
    DOES(GetHandleInformation(handle, &flags));
    return flags;
}

static void still_works(HANDLE event)
{
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    DOES(ResetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

/* ---- GetHandleInformation, SetHandleInformation ------------------------------------------------------------------ */
static const DWORD inherit = HANDLE_FLAG_INHERIT, protect = HANDLE_FLAG_PROTECT_FROM_CLOSE;

CASE(a_fresh_handle_has_no_flags, "HandleInfo-01", ALL, "GetHandleInformation")
{
    for (Kind kind = EVENT; kind < KINDS; ++kind) EQUAL(flags_of(MAKES(create_kind(kind, NULL), NEW_OBJECT)), 0);
}

CASE(the_inherit_flag_is_set_and_cleared, "HandleInfo-02 HandleInfo-03", CE | NT, "SetHandleInformation: dwFlags")
{
    const HANDLE event = manual_event(NULL);
    EQUAL(HANDLE_FLAG_INHERIT, 1);
    GIVES(SetHandleInformation(event, inherit, inherit), TRUE, SAME);
    EQUAL(flags_of(event), inherit);
    DOES(SetHandleInformation(event, inherit, inherit));
    EQUAL(flags_of(event), inherit);
    DOES(SetHandleInformation(event, inherit, 0));
    EQUAL(flags_of(event), 0);
    still_works(event);
}

CASE(a_protected_handle_is_not_closed, "HandleInfo-04", CE | NT, "SetHandleInformation: dwFlags")
{
    const HANDLE event = manual_event(NULL);
    EQUAL(HANDLE_FLAG_PROTECT_FROM_CLOSE, 2);
    DOES(SetHandleInformation(event, protect, protect));
    EQUAL(flags_of(event), protect);
    REFUSES(CloseHandle(event), ERROR_INVALID_HANDLE);
    still_works(event);
    DOES(SetHandleInformation(event, inherit, inherit));
    EQUAL(flags_of(event), inherit | protect); /* one does not touch the other */
    DOES(SetHandleInformation(event, protect, 0));
    EQUAL(flags_of(event), inherit);
    DOES(CloseHandle(event));
    REFUSES(SetEvent(event), ERROR_INVALID_HANDLE);
}

CASE(only_flags_of_the_mask_change, "HandleInfo-05", CE | NT, "SetHandleInformation: dwMask")
{
    const HANDLE event = manual_event(NULL);
    DOES(SetHandleInformation(event, 0, inherit | protect));
    EQUAL(flags_of(event), 0);
    DOES(SetHandleInformation(event, inherit, inherit | protect));
    EQUAL(flags_of(event), inherit);
    DOES(SetHandleInformation(event, protect, 0));
    EQUAL(flags_of(event), inherit);
}

CASE(unknown_flags_are_ignored, "HandleInfo-06", ALL, "seen on Wine 8.0")
{
    const HANDLE event = manual_event(NULL);
    GIVES(SetHandleInformation(event, 0xFFFFFFFC, 0xFFFFFFFC), TRUE, SAME);
    EQUAL(flags_of(event), 0);
    DOES(CloseHandle(event));
}

CASE(a_bad_handle_has_no_flags, "HandleInfo-07 Gen-26", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = manual_event(NULL);
    DOES(CloseHandle(closed));
    const HANDLE bad[] = {NULL, closed, as_handle(0x7FFFFFF4)};
    for (int i = 0; i < 3; ++i) {
        DWORD flags = 0;
        REFUSES(GetHandleInformation(bad[i], &flags), ERROR_INVALID_HANDLE);
        REFUSES(SetHandleInformation(bad[i], inherit, inherit), ERROR_INVALID_HANDLE);
    }
}

CASE(flags_of_a_pseudo_handle_are_told, "HandleInfo-08", ALL, "seen on Wine 8.0")
{
    DWORD flags = 0xCDCDCDCD;
    GIVES(GetHandleInformation(self(), &flags), TRUE, SAME);
    EQUAL(flags & ~(inherit | protect), 0);
    GIVES(GetHandleInformation(GetCurrentThread(), &flags), TRUE, SAME);
}

CASE(flags_of_a_pseudo_handle_do_not_change, "HandleInfo-09", ALL, "seen on Wine 8.0")
{
    REFUSES(SetHandleInformation(self(), inherit, inherit), ERROR_ACCESS_DENIED);
    REFUSES(SetHandleInformation(GetCurrentThread(), inherit, inherit), ERROR_ACCESS_DENIED);
}

CASE(flags_belong_to_the_handle, "HandleInfo-10", ALL, "SetHandleInformation")
{
    const WCHAR *name = own_name("flags");
    const HANDLE event = manual_event(name);
    const HANDLE others[] = {same(event), OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name)),
                             MAKES(CreateEventW(NULL, TRUE, FALSE, name), ERROR_ALREADY_EXISTS)};
    DOES(SetHandleInformation(event, profile() == CE5 ? 0 : inherit | protect, inherit | protect));
    EQUAL(flags_of(event), profile() == CE5 ? 0 : inherit | protect);
    for (int i = 0; i < 3; ++i) {
        EQUAL(flags_of(others[i]), 0);
        DOES(CloseHandle(others[i]));
    }
}

/* ---- CompareObjectHandles ---------------------------------------------------------------------------------------- */
CASE(handles_to_one_object_are_equal, "CompareHandles-01", ALL, "CompareObjectHandles")
{
    const WCHAR *name = own_name("one");
    const HANDLE event = manual_event(name);
    const HANDLE others[] = {event, same(event), OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name)),
                             MAKES(CreateEventA(NULL, FALSE, TRUE, ansi(name)), ERROR_ALREADY_EXISTS)};
    for (int i = 0; i < 4; ++i) {
        GIVES(CompareObjectHandles(event, others[i]), TRUE, SAME);
        GIVES(CompareObjectHandles(others[i], others[3 - i]), TRUE, SAME);
    }
}

CASE(access_does_not_matter_when_comparing, "CompareHandles-01", CE | NT, "CompareObjectHandles")
{
    const WCHAR *name = own_name("one");
    const HANDLE event = manual_event(name), weak = OPENS(OpenEventW(SYNCHRONIZE, FALSE, name));
    const HANDLE none = MAKES(CreateEventExW(NULL, name, 0, 0), ERROR_ALREADY_EXISTS);
    GIVES(CompareObjectHandles(event, weak), TRUE, SAME);
    GIVES(CompareObjectHandles(none, weak), TRUE, SAME);
}

CASE(handles_to_two_objects_are_not, "CompareHandles-02", ALL, "CompareObjectHandles")
{
    const HANDLE event = manual_event(NULL), other = manual_event(NULL), named = manual_event(own_name("named"));
    REFUSES(CompareObjectHandles(event, other), ERROR_NOT_SAME_OBJECT);
    REFUSES(CompareObjectHandles(named, other), ERROR_NOT_SAME_OBJECT);
    for (Kind kind = MUTEX; kind < KINDS; ++kind) {
        const HANDLE unlike = MAKES(create_kind(kind, NULL), NEW_OBJECT);
        REFUSES(CompareObjectHandles(event, unlike), ERROR_NOT_SAME_OBJECT);
    }
    REFUSES(CompareObjectHandles(event, self()), ERROR_NOT_SAME_OBJECT);
}

CASE(a_bad_handle_is_equal_to_nothing, "CompareHandles-03 Gen-26", ALL, "seen on Wine 8.0")
{
    const HANDLE event = manual_event(NULL), closed = manual_event(NULL);
    DOES(CloseHandle(closed));
    const HANDLE bad[] = {NULL, closed, as_handle(0x7FFFFFF4)};
    for (int i = 0; i < 3; ++i) {
        REFUSES(CompareObjectHandles(event, bad[i]), ERROR_INVALID_HANDLE);
        REFUSES(CompareObjectHandles(bad[i], event), ERROR_INVALID_HANDLE);
        REFUSES(CompareObjectHandles(bad[i], bad[i]), ERROR_INVALID_HANDLE);
    }
}

CASE(pseudo_handles_compare_as_what_they_stand_for, "CompareHandles-04", ALL, "CompareObjectHandles")
{
    const HANDLE process = OPENS(OpenProcess(PROCESS_ALL_ACCESS, FALSE, GetCurrentProcessId()));
    GIVES(CompareObjectHandles(self(), process), TRUE, SAME);
    GIVES(CompareObjectHandles(process, self()), TRUE, SAME);
    GIVES(CompareObjectHandles(self(), self()), TRUE, SAME);
    const HANDLE thread = same(GetCurrentThread());
    GIVES(CompareObjectHandles(GetCurrentThread(), thread), TRUE, SAME);
    const DWORD other = (DWORD)id_of(partner(IN_A_PROCESS));
    const HANDLE child = OPENS(OpenProcess(PROCESS_ALL_ACCESS, FALSE, other));
    REFUSES(CompareObjectHandles(self(), child), ERROR_NOT_SAME_OBJECT);
    REFUSES(CompareObjectHandles(self(), GetCurrentThread()), ERROR_NOT_SAME_OBJECT);
}
