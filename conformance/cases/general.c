/* general.c - what holds for every call: last error, handles, pointers. The rules of names are in names.c. */
#include <string.h>

#include "conformance/harness/kinds.h"

/* ---- last error -------------------------------------------------------------------------------------------------- */
static uint64_t fail_there(const Ask *ask)
{
    (void)ask;
    return (uint64_t)SetEvent(NULL);
}

CASE(last_error_is_the_threads_own, "Gen-01", ALL, "GetLastError")
{
    Partner *other = partner(IN_A_THREAD);
    SetLastError(4711);
    EQUAL(ask(other, fail_there, .number = 0), 0);
    EQUAL(error_of(other), ERROR_INVALID_HANDLE);
    EQUAL(GetLastError(), 4711);
}

static void first_call(void *seen) { *(DWORD *)seen = GetLastError(); }

CASE(a_new_thread_begins_with_0, "Gen-02", ALL, "seen on Wine 8.0")
{
    DWORD seen = 0xCDCDCDCD;
    SetLastError(5);
    thread_join(thread_begin(first_call, &seen));
    EQUAL(seen, 0);
}

CASE(each_failure_sets_it, "Gen-03", ALL, "GetLastError")
{
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, NULL), NEW_OBJECT);
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    REFUSES(SetEvent(mutex), ERROR_INVALID_HANDLE);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, own_name("nothing")), ERROR_FILE_NOT_FOUND);
    GIVES(WaitForMultipleObjects(0, &mutex, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    REFUSES(CreateSemaphoreW(NULL, 2, 1, NULL), ERROR_INVALID_PARAMETER);
}

CASE(what_succeeds_leaves_it_alone, "Gen-04", ALL, "seen on Wine 8.0")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, NULL), NEW_OBJECT);
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 0, 5, NULL), NEW_OBJECT);
    DWORD flags;
    DOES(SetEvent(event));
    DOES(ResetEvent(event));
    DOES(PulseEvent(event));
    DOES(ReleaseMutex(mutex));
    DOES(ReleaseSemaphore(semaphore, 1, NULL));
    DOES(GetHandleInformation(event, &flags));
    DOES(CloseHandle(event));
}

CASE(what_makes_an_object_clears_it, "Gen-05", ALL, "seen on Wine 8.0")
{
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        MAKES(create_kind(kind, NULL), NEW_OBJECT);
        const char word[] = {'k', (char)('0' + kind), 0};
        MAKES(create_kind(kind, own_name(word)), NEW_OBJECT);
    }
}

CASE(what_finds_an_object_says_so, "Gen-06", ALL, "Object Names")
{
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        const char word[] = {'k', (char)('0' + kind), 0};
        MAKES(create_kind(kind, own_name(word)), NEW_OBJECT);
        MAKES(create_kind(kind, own_name(word)), ERROR_ALREADY_EXISTS);
    }
}

static VOID CALLBACK nothing(ULONG_PTR unused) { (void)unused; }

CASE_SHARED(no_result_of_a_wait_touches_it, "Gen-07", ALL, "seen on Wine 8.0")
{
    const WCHAR *name = own_name("abandoned");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, TRUE, NULL), NEW_OBJECT);
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(event, 1), WAIT_TIMEOUT, SAME);
    let_go(owner_of(where, name, 1, NULL));
    const HANDLE both[] = {event, mutex};
    GIVES(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_ABANDONED_0 + 1, SAME);
    GIVES(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_OBJECT_0 + 1, SAME);
    DOES(QueueUserAPC(nothing, GetCurrentThread(), 0));
    GIVES(WaitForSingleObjectEx(event, 0, TRUE), WAIT_IO_COMPLETION, SAME);
}

CASE(TRUE_is_not_zero, "Gen-08", ALL, "the type BOOL")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    EQUAL(SetEvent(event), 1);
    EQUAL(ResetEvent(event), 1);
    EQUAL(CloseHandle(event), 1);
}

/* ---- handles ----------------------------------------------------------------------------------------------------- */
CASE(two_handles_of_one_object_are_two, "Gen-09", ALL, "Kernel Objects")
{
    const WCHAR *name = own_name("object");
    const HANDLE one = MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT);
    const HANDLE other = MAKES(CreateEventW(NULL, TRUE, TRUE, name), ERROR_ALREADY_EXISTS);
    TRUE_THAT(one != other);
    DOES(CloseHandle(one));
    GIVES(WaitForSingleObject(one, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    GIVES(WaitForSingleObject(other, 0), WAIT_OBJECT_0, SAME);
    DOES(CloseHandle(other));
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
}

CASE(no_handle_has_a_reserved_value, "Gen-10", ALL, "Kernel Objects; GetCurrentProcess; GetCurrentThread")
{
    HANDLE all[300];
    for (int i = 0; i < 300; ++i) {
        all[i] = create_kind((Kind)(i % 3), NULL);
        TRUE_THAT(all[i] != NULL && all[i] != INVALID_HANDLE_VALUE && all[i] != (HANDLE)-2);
        for (int j = 0; j < i; ++j) TRUE_THAT(all[i] != all[j]);
    }
}

CASE_SHARED(a_closed_handle_elsewhere_is_not_ours, "Gen-10", ALL, "Kernel Objects")
{
    const WCHAR *name = own_name("object");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = partner_with_event(where, name, &theirs);
    TRUE_THAT(ask(other, close_handle, .handle = theirs));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

static void *out_of_range[] = {NULL, (void *)1, (void *)3, (void *)0x7FFFFFF0, (void *)0x12345678ABCDEF00};

CASE(a_bad_handle_is_refused_by_all, "Gen-26 Gen-03", ALL, "seen on Wine 8.0")
{
    const HANDLE other = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    const HANDLE closed = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    DOES(CloseHandle(closed));
    for (size_t i = 0; i <= sizeof out_of_range / sizeof out_of_range[0]; ++i) {
        const HANDLE bad = i == sizeof out_of_range / sizeof out_of_range[0] ? closed : out_of_range[i];
        REFUSES(SetEvent(bad), ERROR_INVALID_HANDLE);
        REFUSES(ResetEvent(bad), ERROR_INVALID_HANDLE);
        REFUSES(PulseEvent(bad), ERROR_INVALID_HANDLE);
        REFUSES(ReleaseMutex(bad), ERROR_INVALID_HANDLE);
        REFUSES(ReleaseSemaphore(bad, 1, NULL), ERROR_INVALID_HANDLE);
        REFUSES(CloseHandle(bad), ERROR_INVALID_HANDLE);
        GIVES(WaitForSingleObject(bad, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
        GIVES(WaitForMultipleObjects(1, &bad, FALSE, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
        DWORD flags;
        REFUSES(GetHandleInformation(bad, &flags), ERROR_INVALID_HANDLE);
    }
    GIVES(WaitForSingleObject(other, 0), WAIT_TIMEOUT, SAME);
}

CASE(another_kind_is_refused_by_all, "Gen-27 SetEvent-07 ResetEvent-04 ReleaseMutex-10", ALL, "seen on Wine 8.0")
{
    HANDLE all[] = {CreateEventW(NULL, TRUE, TRUE, NULL), CreateMutexW(NULL, FALSE, NULL),
                    CreateSemaphoreW(NULL, 1, 2, NULL), CreateWaitableTimerW(NULL, TRUE, NULL)};
    for (Kind kind = EVENT; kind <= TIMER; ++kind) {
        if (kind != EVENT) {
            REFUSES(SetEvent(all[kind]), ERROR_INVALID_HANDLE);
            REFUSES(ResetEvent(all[kind]), ERROR_INVALID_HANDLE);
            REFUSES(PulseEvent(all[kind]), ERROR_INVALID_HANDLE);
        }
        if (kind != MUTEX) REFUSES(ReleaseMutex(all[kind]), ERROR_INVALID_HANDLE);
        if (kind != SEMAPHORE) REFUSES(ReleaseSemaphore(all[kind], 1, NULL), ERROR_INVALID_HANDLE);
        if (kind != TIMER) REFUSES(CancelWaitableTimer(all[kind]), ERROR_INVALID_HANDLE);
    }
    GIVES(WaitForSingleObject(all[EVENT], 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(all[MUTEX], 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(all[SEMAPHORE], 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(all[SEMAPHORE], 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(all[TIMER], 0), WAIT_TIMEOUT, SAME);
}

CASE(a_missing_right_refuses, "Gen-28 SetEvent-08 ResetEvent-05", CE | NT,
     "Synchronization Object Security and Access Rights")
{
    const WCHAR *name = own_name("rights");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT);
    const HANDLE wait_only = OPENS(OpenEventW(SYNCHRONIZE, FALSE, name));
    REFUSES(ResetEvent(wait_only), ERROR_ACCESS_DENIED);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    DOES(ResetEvent(event));
    REFUSES(SetEvent(wait_only), ERROR_ACCESS_DENIED);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

/* ---- pointers ---------------------------------------------------------------------------------------------------- */
CASE(a_pointer_that_must_not_be_NULL, "Gen-29", ALL, "LD-14")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, TRUE, NULL), NEW_OBJECT);
    REFUSES(GetHandleInformation(event, NULL), ERROR_INVALID_PARAMETER);
}

/* ---- races ------------------------------------------------------------------------------------------------------- */
CASE_SHARED(of_two_who_create_one_decides, "Gen-31", ALL, "CreateEventW: remarks; LD-16")
{
    Partner *manual = partner(where), *automatic = partner(where);
    for (int round = 0; round < 20; ++round) {
        char word[] = {'r', (char)('a' + round), 0};
        const WCHAR *name = own_name(word);
        tell(manual, make_event, .text = name, .number = TRUE, .more = TRUE);
        tell(automatic, make_event, .text = name, .number = FALSE, .more = TRUE);
        const HANDLE first = as_handle(answer(manual)), second = as_handle(answer(automatic));
        TRUE_THAT(first != NULL && second != NULL);
        const bool is_manual = error_of(manual) == NEW_OBJECT;
        EQUAL(error_of(automatic), is_manual ? ERROR_ALREADY_EXISTS : NEW_OBJECT);
        EQUAL(error_of(manual), is_manual ? NEW_OBJECT : ERROR_ALREADY_EXISTS);
        EQUAL(ask(manual, wait_for, .handle = first, .number = 0), WAIT_OBJECT_0);
        EQUAL(ask(automatic, wait_for, .handle = second, .number = 0), is_manual ? WAIT_OBJECT_0 : WAIT_TIMEOUT);
    }
}
