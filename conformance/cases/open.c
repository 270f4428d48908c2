/* open.c - OpenEvent and OpenMutex: what is found, and with which rights. */
#include "conformance/harness/kinds.h"

static const WCHAR empty[] = {0};

static DWORD flags_of(HANDLE handle)
{
    DWORD flags = 0xCDCDCDCD;
    DOES(GetHandleInformation(handle, &flags));
    return flags;
}

/* ---- OpenEvent: found or not ------------------------------------------------------------------------------------- */
CASE_SHARED(an_event_is_found, "OpenEvent-01 OpenEvent-11 Gen-04", ALL, "OpenEventW")
{
    const WCHAR *name = own_name("event");
    Partner *other = partner(where);
    const HANDLE theirs = as_handle(ask(other, make_event, .text = name, .number = TRUE));
    const HANDLE wide = OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name));
    const HANDLE narrow = OPENS(OpenEventA(EVENT_ALL_ACCESS, FALSE, ansi(name)));
    DOES(SetEvent(wide));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    DOES(ResetEvent(narrow));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_TIMEOUT);
    DOES(PulseEvent(wide));
    GIVES(WaitForSingleObject(narrow, 0), WAIT_TIMEOUT, SAME);
}

CASE(no_event_is_found, "OpenEvent-02", ALL, "OpenEventW")
{
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, own_name("nothing")), ERROR_FILE_NOT_FOUND);
    REFUSES(OpenEventA(EVENT_ALL_ACCESS, FALSE, ansi(own_name("nothing"))), ERROR_FILE_NOT_FOUND);
}

CASE(a_mutex_is_no_event, "OpenEvent-03", CE | NT, "OpenEventW; ce: LD-2")
{
    const WCHAR *name = own_name("mutex");
    MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), ERROR_INVALID_HANDLE);
}

CASE(a_semaphore_timer_or_mapping_is_no_event, "OpenEvent-03", NT, "Object Names")
{
    const WCHAR *names[] = {own_name("semaphore"), own_name("timer"), own_name("mapping")};
    for (int i = 0; i < 3; ++i) {
        MAKES(create_kind((Kind)(SEMAPHORE + i), names[i]), NEW_OBJECT);
        REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, names[i]), ERROR_INVALID_HANDLE);
    }
}

CASE(another_kind_of_that_name_does_not_matter, "OpenEvent-04", CE5, "OpenEvent (Windows CE 5.0)")
{
    const WCHAR *name = own_name("kinds");
    for (Kind kind = MUTEX; kind < KINDS; ++kind) MAKES(create_kind(kind, name), NEW_OBJECT);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
}

CASE(no_name_is_no_event, "OpenEvent-05 Gen-29", ALL, "seen on Wine 8.0")
{
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER);
    REFUSES(OpenEventA(EVENT_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER);
}

CASE(the_empty_name_is_looked_for, "OpenEvent-06", CE | CE5, "CreateEvent (Windows CE 5.0); LD-5")
{
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, empty), ERROR_FILE_NOT_FOUND);
    MAKES(CreateEventW(NULL, TRUE, FALSE, empty), NEW_OBJECT);
    OPENS(OpenEventA(EVENT_ALL_ACCESS, FALSE, ""));
}

CASE(the_empty_name_is_no_event, "OpenEvent-07", NT, "seen on Wine 8.0")
{
    MAKES(CreateEventW(NULL, TRUE, FALSE, empty), NEW_OBJECT);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, empty), ERROR_INVALID_HANDLE);
    REFUSES(OpenEventA(EVENT_ALL_ACCESS, FALSE, ""), ERROR_INVALID_HANDLE);
}

CASE_SHARED(a_name_ends_with_the_last_handle, "OpenEvent-08 CloseHandle-06", ALL, "CreateEventW: remarks")
{
    const WCHAR *name = own_name("last");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = partner_with_event(where, name, &theirs);
    DOES(CloseHandle(event));
    const HANDLE found = OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name));
    DOES(CloseHandle(found));
    TRUE_THAT(ask(other, close_handle, .handle = theirs));
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
}

/* ---- OpenEvent: rights ------------------------------------------------------------------------------------------- */
/* Error 0: the call works. */
static void rights(DWORD access, DWORD wait_error, DWORD set_error)
{
    const WCHAR *name = own_name("rights");
    const HANDLE made = MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT);
    const HANDLE event = OPENS(OpenEventW(access, FALSE, name));
    if (wait_error == 0)
        GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    else
        GIVES(WaitForSingleObject(event, 0), WAIT_FAILED, wait_error);
    if (set_error == 0) {
        DOES(SetEvent(event));
        DOES(PulseEvent(event));
        DOES(ResetEvent(event));
    } else {
        REFUSES(SetEvent(event), set_error);
        REFUSES(PulseEvent(event), set_error);
        REFUSES(ResetEvent(event), set_error);
    }
    DOES(CloseHandle(event));
    DOES(CloseHandle(made));
}

CASE(SYNCHRONIZE_lets_wait_only, "OpenEvent-09 SetEvent-08 ResetEvent-05 Gen-28", CE | NT,
     "Synchronization Object Security and Access Rights")
{
    rights(SYNCHRONIZE, 0, ERROR_ACCESS_DENIED);
}
CASE(EVENT_MODIFY_STATE_lets_set_only, "OpenEvent-10 WaitSingle-26", CE | NT,
     "Synchronization Object Security and Access Rights")
{
    rights(EVENT_MODIFY_STATE, ERROR_ACCESS_DENIED, 0);
}
CASE(EVENT_ALL_ACCESS_lets_do_all, "OpenEvent-11", ALL, "Synchronization Object Security and Access Rights")
{
    rights(EVENT_ALL_ACCESS, 0, 0);
}
CASE(access_0_lets_do_nothing, "OpenEvent-12", CE | NT, "seen on Wine 8.0")
{
    rights(0, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED);
}
CASE(GENERIC_READ_lets_neither_wait_nor_set, "OpenEvent-13", CE | NT, "Generic Access Rights; seen on Wine 8.0")
{
    rights(GENERIC_READ, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED);
}
CASE(GENERIC_WRITE_lets_set, "OpenEvent-14", CE | NT, "Generic Access Rights; seen on Wine 8.0")
{
    rights(GENERIC_WRITE, ERROR_ACCESS_DENIED, 0);
}
CASE(GENERIC_EXECUTE_lets_wait, "OpenEvent-15", CE | NT, "Generic Access Rights; seen on Wine 8.0")
{
    rights(GENERIC_EXECUTE, 0, ERROR_ACCESS_DENIED);
}
CASE(GENERIC_ALL_and_MAXIMUM_ALLOWED_let_do_all, "OpenEvent-16", CE | NT, "Generic Access Rights; seen on Wine 8.0")
{
    rights(GENERIC_ALL, 0, 0);
    rights(MAXIMUM_ALLOWED, 0, 0);
}

CASE(only_EVENT_ALL_ACCESS_is_taken, "OpenEvent-17", CE5, "OpenEvent (Windows CE 5.0): dwDesiredAccess")
{
    const DWORD others[] = {0, SYNCHRONIZE, EVENT_MODIFY_STATE, GENERIC_ALL, MAXIMUM_ALLOWED};
    const WCHAR *name = own_name("access");
    MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i)
        REFUSES(OpenEventW(others[i], FALSE, name), ERROR_INVALID_PARAMETER);
}

CASE(opened_inheritable_if_asked, "OpenEvent-18", CE | NT, "OpenEventW: bInheritHandle")
{
    const WCHAR *name = own_name("inherit");
    MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT);
    EQUAL(flags_of(OPENS(OpenEventW(SYNCHRONIZE, TRUE, name))), HANDLE_FLAG_INHERIT);
    EQUAL(flags_of(OPENS(OpenEventW(SYNCHRONIZE, FALSE, name))), 0);
}

CASE(inheritable_is_refused, "OpenEvent-19", CE5, "OpenEvent (Windows CE 5.0): bInheritHandle")
{
    const WCHAR *name = own_name("inherit");
    MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, TRUE, name), ERROR_INVALID_PARAMETER);
}

CASE(an_event_outlives_its_creator, "OpenEvent-20 Life-03", ALL, "Terminating a Process")
{
    const WCHAR *name = own_name("survivor");
    Partner *creator = partner(IN_A_PROCESS), *holder = partner(IN_A_PROCESS);
    const HANDLE theirs = as_handle(ask(creator, make_event, .text = name, .number = TRUE));
    TRUE_THAT(ask(creator, set_event, .handle = theirs));
    ask(holder, make_event, .text = name);
    EQUAL(error_of(holder), ERROR_ALREADY_EXISTS);
    let_go(creator);
    const HANDLE event = OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

/* ---- OpenMutex --------------------------------------------------------------------------------------------------- */
CASE_SHARED(a_mutex_is_found_and_not_taken, "OpenMutex-01", ALL, "OpenMutexW")
{
    const WCHAR *name = own_name("mutex");
    MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    const HANDLE mutex = OPENS(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, name));
    const HANDLE narrow = OPENS(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, ansi(name)));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(narrow));
}

CASE(no_mutex_is_found, "OpenMutex-02", ALL, "OpenMutexW")
{
    REFUSES(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, own_name("nothing")), ERROR_FILE_NOT_FOUND);
    REFUSES(OpenMutexA(SYNCHRONIZE, FALSE, ansi(own_name("nothing"))), ERROR_FILE_NOT_FOUND);
}

CASE(an_event_is_no_mutex, "OpenMutex-03", CE | NT, "OpenMutexW; ce: LD-2")
{
    const WCHAR *name = own_name("event");
    MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    REFUSES(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, name), ERROR_INVALID_HANDLE);
}

CASE(a_semaphore_timer_or_mapping_is_no_mutex, "OpenMutex-03", NT, "Object Names")
{
    const WCHAR *names[] = {own_name("semaphore"), own_name("timer"), own_name("mapping")};
    for (int i = 0; i < 3; ++i) {
        MAKES(create_kind((Kind)(SEMAPHORE + i), names[i]), NEW_OBJECT);
        REFUSES(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, names[i]), ERROR_INVALID_HANDLE);
    }
}

CASE(another_kind_of_that_name_is_no_mutex_either, "OpenMutex-04", CE5, "CreateMutex (CE 6.0)")
{
    const WCHAR *name = own_name("kinds");
    MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    MAKES(CreateSemaphoreW(NULL, 0, 1, name), NEW_OBJECT);
    REFUSES(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
}

CASE(no_name_is_no_mutex, "OpenMutex-05 Gen-29", ALL, "seen on Wine 8.0")
{
    REFUSES(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER);
    REFUSES(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER);
}

CASE(the_empty_name_is_no_mutex, "OpenMutex-06", ALL, "seen on Wine 8.0; LD-5")
{
    REFUSES(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, empty),
            profile() == NT ? ERROR_INVALID_HANDLE : ERROR_FILE_NOT_FOUND);
}

static HANDLE opened(DWORD access)
{
    const WCHAR *name = own_name("rights");
    MAKES(CreateMutexW(NULL, FALSE, name), ANY);
    return OPENS(OpenMutexW(access, FALSE, name));
}

CASE(SYNCHRONIZE_lets_wait_and_release, "OpenMutex-07 ReleaseMutex-07", CE | NT, "OpenMutexW: dwDesiredAccess")
{
    const HANDLE mutex = opened(SYNCHRONIZE);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE(MUTEX_MODIFY_STATE_does_not_let_wait, "OpenMutex-08 WaitSingle-26", CE | NT, "seen on Wine 8.0")
{
    const HANDLE mutex = opened(MUTEX_MODIFY_STATE);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
}

CASE(mutex_access_0_does_not_let_wait, "OpenMutex-09", CE | NT, "seen on Wine 8.0")
{
    const HANDLE mutex = opened(0);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    DOES(CloseHandle(mutex));
}

CASE(a_mutex_is_opened_inheritable_if_asked, "OpenMutex-10", ALL, "OpenMutexW: bInheritHandle; ce5: LD-7")
{
    const WCHAR *name = own_name("inherit");
    MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    if (profile() == CE5)
        REFUSES(OpenMutexW(MUTEX_ALL_ACCESS, TRUE, name), ERROR_INVALID_PARAMETER);
    else
        EQUAL(flags_of(OPENS(OpenMutexW(MUTEX_ALL_ACCESS, TRUE, name))), HANDLE_FLAG_INHERIT);
    EQUAL(flags_of(OPENS(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, name))), 0);
}

CASE_SHARED(a_mutex_that_another_owns_is_opened_at_once, "OpenMutex-11", ALL, "OpenMutexW")
{
    const WCHAR *name = own_name("owned");
    MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    owner_of(where, name, 1, NULL);
    const HANDLE mutex = OPENS(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, name));
    GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(opening_an_abandoned_mutex_takes_nothing_from_it, "OpenMutex-12 Life-11", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("abandoned");
    MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    let_go(owner_of(where, name, 1, NULL));
    const HANDLE mutex = OPENS(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, name));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}
