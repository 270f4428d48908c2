/* tasks.c - what partners are asked most, and partners who have done the first steps of it. */
#include "conformance/harness/suite.h"

/* ---- tasks ------------------------------------------------------------------------------------------------------- */
static uint64_t value_of(HANDLE handle) { return (uint64_t)(uintptr_t)handle; }

uint64_t make_event(const Ask *ask) {
    return value_of(CreateEventW(NULL, (BOOL)ask->number, (BOOL)ask->more, ask->text));
}
uint64_t make_mutex(const Ask *ask) { return value_of(CreateMutexW(NULL, (BOOL)ask->number, ask->text)); }
uint64_t open_event(const Ask *ask) { return value_of(OpenEventW((DWORD)ask->number, FALSE, ask->text)); }
uint64_t open_mutex(const Ask *ask) { return value_of(OpenMutexW((DWORD)ask->number, FALSE, ask->text)); }
uint64_t wait_for(const Ask *ask) { return WaitForSingleObject(ask->handle, (DWORD)ask->number); }
uint64_t release_mutex(const Ask *ask) { return (uint64_t)ReleaseMutex(ask->handle); }
uint64_t set_event(const Ask *ask) { return (uint64_t)SetEvent(ask->handle); }
uint64_t reset_event(const Ask *ask) { return (uint64_t)ResetEvent(ask->handle); }
uint64_t pulse_event(const Ask *ask) { return (uint64_t)PulseEvent(ask->handle); }
uint64_t close_handle(const Ask *ask) { return (uint64_t)CloseHandle(ask->handle); }

static HANDLE listed[MAXIMUM_WAIT_OBJECTS];
static DWORD list_length;

static uint64_t list(HANDLE handle) {
    if (handle != NULL) listed[list_length++] = handle;
    return value_of(handle);
}
uint64_t list_event(const Ask *ask) { return list(CreateEventW(NULL, FALSE, FALSE, ask->text)); }
uint64_t list_mutex(const Ask *ask) { return list(CreateMutexW(NULL, FALSE, ask->text)); }
uint64_t list_semaphore(const Ask *ask) { return list(CreateSemaphoreW(NULL, 0, 1000, ask->text)); }
uint64_t wait_for_any(const Ask *ask) { return WaitForMultipleObjects(list_length, listed, FALSE, (DWORD)ask->number); }
uint64_t wait_for_all(const Ask *ask) { return WaitForMultipleObjects(list_length, listed, TRUE, (DWORD)ask->number); }

/* ---- partners ---------------------------------------------------------------------------------------------------- */
/* Create, not Open: a library may have no more than that. */
static Partner *partner_with(Where where, Task *create, const WCHAR *name, HANDLE *theirs) {
    Partner *who = partner(where);
    *theirs = as_handle(ask(who, create, .text = name));
    if (*theirs == NULL || error_of(who) != ERROR_ALREADY_EXISTS)
        fail_case(__FILE__, __LINE__, "a partner's Create of the same name", "a handle, last error 183", "not that");
    return who;
}

Partner *partner_with_mutex(Where where, const WCHAR *name, HANDLE *theirs) {
    return partner_with(where, make_mutex, name, theirs);
}

Partner *partner_with_event(Where where, const WCHAR *name, HANDLE *theirs) {
    return partner_with(where, make_event, name, theirs);
}

Partner *owner_of(Where where, const WCHAR *name, unsigned levels, HANDLE *theirs) {
    HANDLE handle;
    Partner *who = partner_with_mutex(where, name, &handle);
    for (unsigned i = 0; i < levels; ++i)
        if (ask(who, wait_for, .handle = handle, .number = 0) != WAIT_OBJECT_0)
            fail_case(__FILE__, __LINE__, "a partner's wait for the free mutex", "0", "not that");
    if (theirs != NULL) *theirs = handle;
    return who;
}

static Partner *sleeping(Partner *who, HANDLE handle, HANDLE *theirs) {
    if (theirs != NULL) *theirs = handle;
    tell(who, wait_for, .handle = handle, .number = INFINITE);
    until_blocked(who);
    return who;
}

Partner *waiter_for_mutex(Where where, const WCHAR *name, HANDLE *theirs) {
    HANDLE handle;
    Partner *who = partner_with_mutex(where, name, &handle);
    return sleeping(who, handle, theirs);
}

Partner *waiter_for_event(Where where, const WCHAR *name, HANDLE *theirs) {
    HANDLE handle;
    Partner *who = partner_with_event(where, name, &handle);
    return sleeping(who, handle, theirs);
}

DWORD poll_elsewhere(Where where, const WCHAR *mutex_name) {
    HANDLE theirs;
    Partner *who = partner_with_mutex(where, mutex_name, &theirs);
    const DWORD result = (DWORD)ask(who, wait_for, .handle = theirs, .number = 0);
    if (result == WAIT_OBJECT_0 || result == WAIT_ABANDONED) ask(who, release_mutex, .handle = theirs);
    ask(who, close_handle, .handle = theirs);
    let_go(who);
    return result;
}
