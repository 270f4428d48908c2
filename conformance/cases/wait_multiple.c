/* wait_multiple.c - WaitForMultipleObjects: any of several; how many, and which. */
#include "conformance/harness/kinds.h"

static HANDLE event_of(BOOL manual, BOOL set) { return CreateEventW(NULL, manual, set, NULL); }

/* ---- any --------------------------------------------------------------------------------------------------------- */
CASE(any_of_them_alone_is_changed, "WaitMultiple-01", ALL, "WaitForMultipleObjects: return value")
{
    for (DWORD i = 0; i < 4; ++i) {
        HANDLE all[4];
        for (DWORD j = 0; j < 4; ++j) all[j] = event_of(FALSE, j == i);
        GIVES(WaitForMultipleObjects(4, all, FALSE, INFINITE), WAIT_OBJECT_0 + i, SAME);
        GIVES(WaitForMultipleObjects(4, all, FALSE, 0), WAIT_TIMEOUT, SAME);
    }
}

CASE(of_several_the_first_in_the_list, "WaitMultiple-02", ALL, "WaitForMultipleObjects: return value")
{
    const HANDLE all[] = {event_of(FALSE, FALSE), event_of(FALSE, TRUE), event_of(FALSE, TRUE)};
    GIVES(WaitForMultipleObjects(3, all, FALSE, 0), WAIT_OBJECT_0 + 1, SAME);
    GIVES(WaitForMultipleObjects(3, all, FALSE, 0), WAIT_OBJECT_0 + 2, SAME);
    GIVES(WaitForMultipleObjects(3, all, FALSE, 0), WAIT_TIMEOUT, SAME);
}

CASE(any_runs_out, "WaitMultiple-03", ALL, "WaitForMultipleObjects: dwMilliseconds")
{
    const HANDLE all[] = {event_of(FALSE, FALSE), CreateSemaphoreW(NULL, 0, 1, NULL)};
    GIVES(WaitForMultipleObjects(2, all, FALSE, 0), WAIT_TIMEOUT, SAME);
    const uint64_t begin = now_ms();
    GIVES(WaitForMultipleObjects(2, all, FALSE, 80), WAIT_TIMEOUT, SAME);
    BETWEEN(now_ms() - begin, 80 - 16, LONG_ENOUGH);
}

CASE_SHARED(any_is_woken_by_each, "WaitMultiple-04", ALL, "WaitForMultipleObjects")
{
    const WCHAR *names[] = {own_name("a"), own_name("b"), own_name("c")};
    HANDLE events[3];
    Partner *waiter = partner(where);
    for (int i = 0; i < 3; ++i) {
        events[i] = MAKES(CreateEventW(NULL, FALSE, FALSE, names[i]), NEW_OBJECT);
        TRUE_THAT(ask(waiter, list_event, .text = names[i]));
    }
    for (unsigned i = 0; i < 3; ++i) {
        tell(waiter, wait_for_any, .number = INFINITE);
        until_blocked(waiter);
        DOES(SetEvent(events[i]));
        EQUAL(answer(waiter), WAIT_OBJECT_0 + i);
        EQUAL(error_of(waiter), SAME);
        GIVES(WaitForSingleObject(events[i], 0), WAIT_TIMEOUT, SAME);
    }
}

CASE_SHARED(any_that_is_an_abandoned_mutex, "WaitMultiple-05", ALL, "WaitForMultipleObjects: return value")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    let_go(owner_of(where, name, 2, NULL));
    const HANDLE all[] = {event_of(FALSE, FALSE), mutex, event_of(FALSE, TRUE)};
    GIVES(WaitForMultipleObjects(3, all, FALSE, 0), WAIT_ABANDONED_0 + 1, SAME);
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(mutex));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    GIVES(WaitForSingleObject(all[2], 0), WAIT_OBJECT_0, SAME);
}

CASE_SHARED(an_abandoned_mutex_after_a_signaled_object, "WaitMultiple-06", ALL, "seen on Wine 8.0")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    let_go(owner_of(where, name, 1, NULL));
    const HANDLE all[] = {event_of(FALSE, TRUE), mutex};
    GIVES(WaitForMultipleObjects(2, all, FALSE, 0), WAIT_OBJECT_0, SAME);
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}

/* ---- how many ---------------------------------------------------------------------------------------------------- */
CASE(none_is_too_few, "WaitMultiple-14", ALL, "WaitForMultipleObjects: nCount")
{
    const HANDLE event = event_of(TRUE, TRUE);
    GIVES(WaitForMultipleObjects(0, &event, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    GIVES(WaitForMultipleObjects(0, NULL, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
}

CASE(sixty_five_are_too_many, "WaitMultiple-15", ALL, "WaitForMultipleObjects: nCount")
{
    HANDLE all[MAXIMUM_WAIT_OBJECTS + 1];
    for (int i = 0; i <= MAXIMUM_WAIT_OBJECTS; ++i) all[i] = event_of(TRUE, TRUE);
    GIVES(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS + 1, all, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    GIVES(WaitForMultipleObjects(0xFFFFFFFF, all, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
}

CASE_SHARED(sixty_four_are_not, "WaitMultiple-16", ALL, "WaitForMultipleObjects: nCount")
{
    HANDLE all[MAXIMUM_WAIT_OBJECTS];
    Partner *waiter = partner(where);
    const WCHAR *last = own_name("last");
    for (int i = 0; i < MAXIMUM_WAIT_OBJECTS - 1; ++i) {
        all[i] = event_of(FALSE, FALSE);
        ask(waiter, list_event, .text = NULL);
    }
    all[MAXIMUM_WAIT_OBJECTS - 1] = MAKES(CreateEventW(NULL, FALSE, TRUE, last), NEW_OBJECT);
    GIVES(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, all, FALSE, 0), WAIT_OBJECT_0 + 63, SAME);
    TRUE_THAT(ask(waiter, list_event, .text = last));
    tell(waiter, wait_for_any, .number = INFINITE);
    until_blocked(waiter);
    DOES(SetEvent(all[MAXIMUM_WAIT_OBJECTS - 1]));
    EQUAL(answer(waiter), WAIT_OBJECT_0 + 63);
}

/* ---- failures ---------------------------------------------------------------------------------------------------- */
CASE(one_bad_handle_fails_all, "WaitMultiple-18", ALL, "WaitForMultipleObjects: lpHandles")
{
    const HANDLE good = event_of(FALSE, TRUE), closed = event_of(FALSE, TRUE);
    DOES(CloseHandle(closed));
    const HANDLE bad[] = {NULL, closed, (HANDLE)0x12345670};
    for (int i = 0; i < 3; ++i)
        for (int all = 0; all <= (profile() != CE5); ++all) {
            const HANDLE after[] = {good, bad[i]}, before[] = {bad[i], good};
            GIVES(WaitForMultipleObjects(2, after, all, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
            GIVES(WaitForMultipleObjects(2, before, all, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
        }
    GIVES(WaitForSingleObject(good, 0), WAIT_OBJECT_0, SAME);
}

CASE(one_without_SYNCHRONIZE_fails_all, "WaitMultiple-19", CE | NT, "WaitForMultipleObjects: lpHandles")
{
    const WCHAR *name = own_name("rights");
    MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT);
    const HANDLE both[] = {event_of(FALSE, TRUE), OPENS(OpenEventW(EVENT_MODIFY_STATE, FALSE, name))};
    GIVES(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    GIVES(WaitForMultipleObjects(2, both, TRUE, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    GIVES(WaitForSingleObject(both[0], 0), WAIT_OBJECT_0, SAME);
}

CASE(no_list_is_refused, "WaitMultiple-20 Gen-29", ALL, "LD-14")
{
    GIVES(WaitForMultipleObjects(1, NULL, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    GIVES(WaitForMultipleObjects(64, NULL, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
}

CASE(twice_in_the_list_for_any_is_as_once, "WaitMultiple-21", ALL, "Semaphore Objects; seen on Wine 8.0")
{
    const HANDLE semaphore = CreateSemaphoreW(NULL, 2, 2, NULL), mutex = CreateMutexW(NULL, FALSE, NULL);
    const HANDLE idle = event_of(FALSE, FALSE);
    const HANDLE units[] = {idle, semaphore, semaphore}, owned[] = {idle, mutex, mutex};
    GIVES(WaitForMultipleObjects(3, units, FALSE, 0), WAIT_OBJECT_0 + 1, SAME);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForMultipleObjects(3, owned, FALSE, 0), WAIT_OBJECT_0 + 1, SAME);
    DOES(ReleaseMutex(mutex));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
}

CASE(twice_in_the_list_for_all_is_refused, "WaitMultiple-22 WaitMultiple-23", CE | NT,
     "WaitForMultipleObjects: lpHandles: no duplicates")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, TRUE, name), NEW_OBJECT), other = event_of(FALSE, TRUE);
    const HANDLE second = MAKES(CreateEventW(NULL, FALSE, TRUE, name), ERROR_ALREADY_EXISTS);
    const HANDLE same_handle[] = {event, other, event}, same_object[] = {second, event};
    GIVES(WaitForMultipleObjects(3, same_handle, TRUE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    GIVES(WaitForMultipleObjects(2, same_object, TRUE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(other, 0), WAIT_OBJECT_0, SAME);
}

/* ---- the rest ---------------------------------------------------------------------------------------------------- */
static DWORD WINAPI return_at_once(void *unused)
{
    (void)unused;
    return 0;
}

CASE(kinds_may_be_mixed, "WaitMultiple-24", ALL, "WaitForMultipleObjects: what it can wait for")
{
    const HANDLE thread = CreateThread(NULL, 0, return_at_once, NULL, 0, NULL);
    GIVES(WaitForSingleObject(thread, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    HANDLE all[] = {event_of(FALSE, FALSE), CreateSemaphoreW(NULL, 0, 1, NULL), create_kind(TIMER, NULL),
                    CreateMutexW(NULL, FALSE, NULL), thread};
    GIVES(WaitForMultipleObjects(5, all, FALSE, 0), WAIT_OBJECT_0 + 3, SAME);
    DOES(ReleaseMutex(all[3]));
    all[3] = all[0];
    GIVES(WaitForMultipleObjects(5, all, FALSE, 0), WAIT_OBJECT_0 + 4, SAME);
    DOES(ReleaseSemaphore(all[1], 1, NULL));
    GIVES(WaitForMultipleObjects(5, all, FALSE, 0), WAIT_OBJECT_0 + 1, SAME);
}

static HANDLE changing[2];

static uint64_t wait_for_changing(const Ask *ask)
{
    return WaitForMultipleObjects(2, changing, FALSE, (DWORD)ask->number);
}

CASE(the_list_may_change_during_the_wait, "WaitMultiple-27", ALL, "LD-17")
{
    const HANDLE one = event_of(FALSE, FALSE), other = event_of(FALSE, FALSE);
    Partner *waiter = partner(IN_A_THREAD);
    changing[0] = one;
    changing[1] = other;
    tell(waiter, wait_for_changing, .number = INFINITE);
    until_blocked(waiter);
    changing[0] = changing[1] = NULL;
    DOES(SetEvent(other));
    EQUAL(answer(waiter), WAIT_OBJECT_0 + 1);
    GIVES(WaitForSingleObject(one, 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(of_several_mutexes_one_is_taken, "WaitMultiple-28", ALL, "Wait Functions")
{
    const WCHAR *names[] = {own_name("a"), own_name("b")};
    HANDLE mutexes[2], theirs[2];
    for (int i = 0; i < 2; ++i) mutexes[i] = MAKES(CreateMutexW(NULL, TRUE, names[i]), NEW_OBJECT);
    Partner *waiter = partner(where);
    for (int i = 0; i < 2; ++i) theirs[i] = as_handle(ask(waiter, list_mutex, .text = names[i]));
    tell(waiter, wait_for_any, .number = INFINITE);
    until_blocked(waiter);
    DOES(ReleaseMutex(mutexes[1]));
    EQUAL(answer(waiter), WAIT_OBJECT_0 + 1);
    DOES(ReleaseMutex(mutexes[0]));
    EQUAL(poll_elsewhere(where, names[0]), WAIT_OBJECT_0);
    EQUAL(poll_elsewhere(where, names[1]), WAIT_TIMEOUT);
    TRUE_THAT(ask(waiter, release_mutex, .handle = theirs[1]));
    GIVES(WaitForMultipleObjects(2, mutexes, FALSE, 0), WAIT_OBJECT_0, SAME);
    REFUSES(ReleaseMutex(mutexes[1]), ERROR_NOT_OWNER);
    DOES(ReleaseMutex(mutexes[0]));
}
