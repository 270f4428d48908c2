/* close_handle.c - CloseHandle: what a close ends, and what it does not. */
#include <string.h>

#include "conformance/harness/kinds.h"

CASE(closed_it_is_bad, "CloseHandle-01 CloseHandle-02", ALL, "CloseHandle")
{
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        const HANDLE handle = MAKES(create_kind(kind, NULL), NEW_OBJECT);
        DOES(CloseHandle(handle));
        GIVES(WaitForSingleObject(handle, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
        REFUSES(CloseHandle(handle), ERROR_INVALID_HANDLE);
        REFUSES(SetEvent(handle), ERROR_INVALID_HANDLE);
    }
}

CASE(what_is_no_handle_cannot_be_closed, "CloseHandle-03", ALL, "seen on Wine 8.0")
{
    REFUSES(CloseHandle(NULL), ERROR_INVALID_HANDLE);
    REFUSES(CloseHandle((HANDLE)0x12345670), ERROR_INVALID_HANDLE);
    REFUSES(CloseHandle((HANDLE)0x7FFFFFFFFFFFFFF0), ERROR_INVALID_HANDLE);
}

CASE(closing_a_pseudo_handle_does_nothing, "CloseHandle-04", ALL, "GetCurrentProcess: remarks")
{
    for (int i = 0; i < 2; ++i) {
        DOES(CloseHandle((HANDLE)-1));
        DOES(CloseHandle((HANDLE)-2));
    }
    GIVES(WaitForSingleObject(GetCurrentProcess(), 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(other_handles_keep_the_object, "CloseHandle-05 Life-01", ALL, "CloseHandle: remarks")
{
    const WCHAR *name = own_name("kept");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = partner_with_event(where, name, &theirs);
    DOES(CloseHandle(event));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    const HANDLE again = MAKES(CreateEventW(NULL, TRUE, FALSE, name), ERROR_ALREADY_EXISTS);
    GIVES(WaitForSingleObject(again, 0), WAIT_OBJECT_0, SAME);
}

CASE_SHARED(the_last_handle_takes_object_and_name_along, "CloseHandle-06 Life-02", ALL, "CloseHandle: remarks")
{
    const WCHAR *name = own_name("gone");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = partner_with_event(where, name, &theirs);
    DOES(CloseHandle(event));
    TRUE_THAT(ask(other, close_handle, .handle = theirs));
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
    const HANDLE fresh = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    GIVES(WaitForSingleObject(fresh, 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(a_closed_handle_of_an_owned_mutex_does_not_release_it, "CloseHandle-07", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("owned");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    const HANDLE other = MAKES(CreateMutexW(NULL, FALSE, name), ERROR_ALREADY_EXISTS);
    DOES(CloseHandle(mutex));
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(other));
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

CASE_SHARED(the_last_handle_of_an_owned_mutex_ends_the_ownership, "CloseHandle-08", ALL, "seen on Wine 8.0")
{
    const WCHAR *name = own_name("owned");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    DOES(CloseHandle(mutex));
    const HANDLE fresh = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    REFUSES(ReleaseMutex(fresh), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

CASE(closing_a_semaphore_does_not_count, "CloseHandle-09", ALL, "Semaphore Objects")
{
    const WCHAR *name = own_name("semaphore");
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 2, 5, name), NEW_OBJECT);
    const HANDLE other = MAKES(CreateSemaphoreW(NULL, 2, 5, name), ERROR_ALREADY_EXISTS);
    GIVES(WaitForSingleObject(other, 0), WAIT_OBJECT_0, SAME);
    DOES(CloseHandle(other));
    LONG before = -1;
    DOES(ReleaseSemaphore(semaphore, 1, &before));
    EQUAL(before, 1);
}

static DWORD WINAPI tell_when_running(void *event)
{
    SetEvent(event);
    return 0;
}

static DWORD WINAPI wait_then_tell(void *events)
{
    const HANDLE *both = events;
    WaitForSingleObject(both[0], LONG_ENOUGH);
    return tell_when_running(both[1]);
}

CASE(a_thread_goes_on_without_its_handle, "CloseHandle-10", ALL, "CloseHandle: remarks")
{
    static HANDLE events[2];
    for (int i = 0; i < 2; ++i) events[i] = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    const HANDLE thread = CreateThread(NULL, 0, wait_then_tell, events, 0, NULL);
    DOES(CloseHandle(thread));
    DOES(SetEvent(events[0]));
    GIVES(WaitForSingleObject(events[1], LONG_ENOUGH), WAIT_OBJECT_0, SAME);
}

CASE(a_process_goes_on_without_its_handle, "CloseHandle-11", ALL, "CloseHandle: remarks")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    Partner *other = partner(IN_A_PROCESS);
    const HANDLE process = OPENS(OpenProcess(SYNCHRONIZE, FALSE, (DWORD)id_of(other)));
    DOES(CloseHandle(process));
    const HANDLE theirs = as_handle(ask(other, make_event, .text = name));
    TRUE_THAT(ask(other, set_event, .handle = theirs));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

CASE(a_protected_handle_stays_open, "CloseHandle-12", CE | NT, "SetHandleInformation: HANDLE_FLAG_PROTECT_FROM_CLOSE")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, TRUE, NULL), NEW_OBJECT);
    DOES(SetHandleInformation(event, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE));
    REFUSES(CloseHandle(event), ERROR_INVALID_HANDLE);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    DOES(SetHandleInformation(event, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    DOES(CloseHandle(event));
}

CASE(a_timer_ends_with_its_last_handle, "CloseHandle-13", ALL, "Waitable Timer Objects")
{
    const WCHAR *name = own_name("timer");
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, TRUE, name), NEW_OBJECT);
    LARGE_INTEGER due = {.QuadPart = -200000}; /* 20 ms from now */
    DOES(SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE));
    DOES(CloseHandle(timer));
    const HANDLE fresh = MAKES(CreateWaitableTimerW(NULL, TRUE, name), NEW_OBJECT);
    GIVES(WaitForSingleObject(fresh, 100), WAIT_TIMEOUT, SAME);
}

CASE(views_stay_without_the_handle_of_their_mapping, "CloseHandle-14", ALL, "CloseHandle: remarks; UnmapViewOfFile")
{
    const HANDLE mapping = MAKES(create_kind(MAPPING, NULL), NEW_OBJECT);
    char *view = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    TRUE_THAT(view != NULL);
    strcpy(view, "still there");
    DOES(CloseHandle(mapping));
    EQUAL(strcmp(view, "still there"), 0);
    memset(view, 1, 4096);
    DOES(UnmapViewOfFile(view));
}

CASE(a_value_may_come_again_and_means_the_new_object, "CloseHandle-15", ALL, "Handles and Objects")
{
    for (int i = 0; i < 50; ++i) {
        const HANDLE first = MAKES(CreateEventW(NULL, TRUE, TRUE, NULL), NEW_OBJECT);
        DOES(CloseHandle(first));
        const HANDLE next = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
        GIVES(WaitForSingleObject(next, 0), WAIT_TIMEOUT, SAME);
        DOES(CloseHandle(next));
    }
}
