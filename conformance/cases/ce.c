/* ce.c - the profile ce: events and mutexes share their names, and a create finds either.
 *
 * Source      seed: "Interprocess Synchronization" of the Windows CE documentation; LD-1, LD-12
 */
#include "conformance/harness/kinds.h"

typedef struct Pair {
    HANDLE real, found; /* what has the name, and what the create of the other kind gave */
    const WCHAR *name;
} Pair;

static Pair event_found_as_mutex(BOOL manual, BOOL set, BOOL owner)
{
    const WCHAR *name = own_name("shared");
    const HANDLE real = MAKES(CreateEventW(NULL, manual, set, name), NEW_OBJECT);
    const HANDLE found = MAKES(CreateMutexW(NULL, owner, name), ERROR_ALREADY_EXISTS);
    return (Pair){real, found, name};
}

static Pair mutex_found_as_event(BOOL owner, BOOL manual, BOOL set)
{
    const WCHAR *name = own_name("shared");
    const HANDLE real = MAKES(CreateMutexW(NULL, owner, name), NEW_OBJECT);
    const HANDLE found = MAKES(CreateEventW(NULL, manual, set, name), ERROR_ALREADY_EXISTS);
    return (Pair){real, found, name};
}

CASE(create_mutex_gives_the_event, "Ce-01 Ce-05", CE, "seed; LD-12")
{
    const Pair pair = event_found_as_mutex(TRUE, FALSE, FALSE);
    GIVES(WaitForSingleObject(pair.found, 0), WAIT_TIMEOUT, SAME); /* a new mutex would be free */
    DOES(SetEvent(pair.found));
    GIVES(WaitForSingleObject(pair.real, 0), WAIT_OBJECT_0, SAME);
    DOES(ResetEvent(pair.found));
    GIVES(WaitForSingleObject(pair.real, 0), WAIT_TIMEOUT, SAME);
    DOES(SetEvent(pair.real));
    DOES(PulseEvent(pair.found));
    GIVES(WaitForSingleObject(pair.real, 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(create_event_gives_the_mutex, "Ce-02 Ce-06", CE, "seed; LD-12")
{
    const Pair pair = mutex_found_as_event(FALSE, TRUE, TRUE);
    GIVES(WaitForSingleObject(pair.found, 0), WAIT_OBJECT_0, SAME);
    EQUAL(poll_elsewhere(where, pair.name), WAIT_TIMEOUT);
    GIVES(WaitForSingleObject(pair.found, 0), WAIT_OBJECT_0, SAME); /* its owner, once more */
    DOES(ReleaseMutex(pair.real));
    DOES(ReleaseMutex(pair.found));
    REFUSES(ReleaseMutex(pair.found), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, pair.name), WAIT_OBJECT_0);
}

CASE(releasing_the_event_fails, "Ce-03", CE, "LD-12")
{
    const Pair pair = event_found_as_mutex(TRUE, TRUE, FALSE);
    REFUSES(ReleaseMutex(pair.found), ERROR_INVALID_HANDLE);
    GIVES(WaitForSingleObject(pair.real, 0), WAIT_OBJECT_0, SAME);
}

CASE_SHARED(setting_the_mutex_fails, "Ce-04", CE, "LD-12")
{
    const Pair pair = mutex_found_as_event(TRUE, TRUE, TRUE);
    REFUSES(SetEvent(pair.found), ERROR_INVALID_HANDLE);
    REFUSES(ResetEvent(pair.found), ERROR_INVALID_HANDLE);
    REFUSES(PulseEvent(pair.found), ERROR_INVALID_HANDLE);
    EQUAL(poll_elsewhere(where, pair.name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(pair.real));
}

CASE(nobody_owns_the_event, "Ce-07", CE, "LD-12")
{
    const Pair unset = event_found_as_mutex(FALSE, FALSE, TRUE);
    GIVES(WaitForSingleObject(unset.real, 0), WAIT_TIMEOUT, SAME);
    DOES(SetEvent(unset.real));
    GIVES(WaitForSingleObject(unset.real, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(unset.found, 0), WAIT_TIMEOUT, SAME); /* an owner would get it again */
}

CASE_SHARED(the_flags_of_an_event_do_nothing_to_the_mutex, "Ce-08", CE, "LD-12")
{
    const Pair pair = mutex_found_as_event(TRUE, TRUE, TRUE);
    EQUAL(poll_elsewhere(where, pair.name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(pair.found));
    REFUSES(ReleaseMutex(pair.found), ERROR_NOT_OWNER);
    GIVES(WaitForSingleObject(pair.found, 0), WAIT_OBJECT_0, SAME);
    EQUAL(poll_elsewhere(where, pair.name), WAIT_TIMEOUT);
}

CASE(the_found_handle_keeps_object_and_name, "Ce-09", CE, "LD-12")
{
    const Pair event = event_found_as_mutex(TRUE, TRUE, FALSE);
    DOES(CloseHandle(event.real));
    const HANDLE again = OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, event.name));
    GIVES(WaitForSingleObject(again, 0), WAIT_OBJECT_0, SAME);
}

CASE(the_name_is_free_when_the_last_handle_is_closed, "Ce-10", CE, "seed; CloseHandle")
{
    const Pair pair = event_found_as_mutex(TRUE, FALSE, FALSE);
    DOES(CloseHandle(pair.real));
    DOES(CloseHandle(pair.found));
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, pair.name), NEW_OBJECT);
    DOES(ReleaseMutex(mutex));
    REFUSES(SetEvent(mutex), ERROR_INVALID_HANDLE);
}

static void is_outside_the_shared_space(Kind kind)
{
    const WCHAR *of_event = own_name("event"), *of_mutex = own_name("mutex");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, TRUE, of_event), NEW_OBJECT);
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, of_mutex), NEW_OBJECT);
    MAKES(create_kind(kind, of_event), NEW_OBJECT);
    MAKES(create_kind(kind, of_mutex), NEW_OBJECT);
    MAKES(create_kind(kind, of_event), ERROR_ALREADY_EXISTS);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE(a_semaphore_is_outside_the_shared_space, "Ce-11", CE, "CreateSemaphore (CE .NET); LD-1")
{
    is_outside_the_shared_space(SEMAPHORE);
}
CASE(a_timer_is_outside_the_shared_space, "Ce-11", CE, "LD-1") { is_outside_the_shared_space(TIMER); }
CASE(a_mapping_is_outside_the_shared_space, "Ce-11", CE, "LD-1") { is_outside_the_shared_space(MAPPING); }

/* What the documentation's sample does to tell "made" from "was there": whatever was the last error before. */
CASE_SHARED(last_error_tells_made_from_found, "Ce-12 Gen-05 Gen-06", ALL, "seed; Object Names")
{
    Partner *other = partner(where);
    const WCHAR *event = own_name("event"), *mutex = own_name("mutex");
    SetLastError(ERROR_ALREADY_EXISTS);
    TRUE_THAT(CreateEventW(NULL, FALSE, FALSE, event) != NULL);
    EQUAL(GetLastError(), 0);
    SetLastError(ERROR_ALREADY_EXISTS);
    TRUE_THAT(CreateMutexW(NULL, FALSE, mutex) != NULL);
    EQUAL(GetLastError(), 0);
    SetLastError(ERROR_ALREADY_EXISTS);
    TRUE_THAT(CreateEventW(NULL, FALSE, FALSE, NULL) != NULL);
    EQUAL(GetLastError(), 0);
    ask(other, make_event, .text = event);
    EQUAL(error_of(other), ERROR_ALREADY_EXISTS);
    ask(other, make_mutex, .text = mutex);
    EQUAL(error_of(other), ERROR_ALREADY_EXISTS);
    SetLastError(0);
    TRUE_THAT(CreateMutexW(NULL, FALSE, mutex) != NULL);
    EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);
}
