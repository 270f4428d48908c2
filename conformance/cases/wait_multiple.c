/* wait_multiple.c - WaitForMultipleObjects and its Ex form. */
#include "conformance/harness/kinds.h"

static HANDLE event_of(BOOL manual, BOOL set) { return CreateEventW(NULL, manual, set, NULL); }

/* What a partner waits for: handles of its own process. One partner in each case. */
static HANDLE theirs[MAXIMUM_WAIT_OBJECTS];
static DWORD their_count;

static uint64_t add_event(const Ask *ask)
{
    theirs[their_count++] = CreateEventW(NULL, FALSE, FALSE, ask->text);
    return theirs[their_count - 1] != NULL;
}

static uint64_t add_mutex(const Ask *ask)
{
    theirs[their_count++] = CreateMutexW(NULL, FALSE, ask->text);
    return theirs[their_count - 1] != NULL;
}

static uint64_t add_semaphore(const Ask *ask)
{
    theirs[their_count++] = CreateSemaphoreW(NULL, 0, 1000, ask->text);
    return theirs[their_count - 1] != NULL;
}

static uint64_t wait_for_any(const Ask *ask)
{
    return WaitForMultipleObjects(their_count, theirs, FALSE, (DWORD)ask->number);
}

static uint64_t wait_for_all(const Ask *ask)
{
    return WaitForMultipleObjects(their_count, theirs, TRUE, (DWORD)ask->number);
}

static uint64_t release_last(const Ask *ask)
{
    (void)ask;
    return (uint64_t)ReleaseMutex(theirs[their_count - 1]);
}

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
        TRUE_THAT(ask(waiter, add_event, .text = names[i]));
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

/* ---- all --------------------------------------------------------------------------------------------------------- */
CASE_SHARED(all_are_taken_together, "WaitMultiple-07", CE | NT, "WaitForMultipleObjects: bWaitAll")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE all[] = {event_of(FALSE, TRUE), event_of(TRUE, TRUE), CreateSemaphoreW(NULL, 2, 2, NULL),
                          MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT)};
    GIVES(WaitForMultipleObjects(4, all, TRUE, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(all[0], 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(all[1], 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(all[2], 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(all[2], 0), WAIT_TIMEOUT, SAME);
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(all[3]));
}

CASE(all_or_nothing_is_taken, "WaitMultiple-08", CE | NT, "Wait Functions")
{
    const HANDLE all[] = {event_of(FALSE, TRUE), CreateSemaphoreW(NULL, 1, 1, NULL), CreateMutexW(NULL, FALSE, NULL),
                          event_of(FALSE, FALSE)};
    GIVES(WaitForMultipleObjects(4, all, TRUE, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForMultipleObjects(4, all, TRUE, A_WHILE), WAIT_TIMEOUT, SAME);
    REFUSES(ReleaseMutex(all[2]), ERROR_NOT_OWNER);
    for (int i = 0; i < 2; ++i) {
        GIVES(WaitForSingleObject(all[i], 0), WAIT_OBJECT_0, SAME);
        GIVES(WaitForSingleObject(all[i], 0), WAIT_TIMEOUT, SAME);
    }
}

CASE_SHARED(all_must_be_signaled_at_one_time, "WaitMultiple-09", CE | NT, "Wait Functions")
{
    const WCHAR *names[] = {own_name("a"), own_name("b")};
    HANDLE events[2];
    Partner *waiter = partner(where);
    for (int i = 0; i < 2; ++i) {
        events[i] = MAKES(CreateEventW(NULL, FALSE, FALSE, names[i]), NEW_OBJECT);
        TRUE_THAT(ask(waiter, add_event, .text = names[i]));
    }
    tell(waiter, wait_for_all, .number = INFINITE);
    until_blocked(waiter);
    DOES(SetEvent(events[0]));
    GIVES(WaitForSingleObject(events[0], 0), WAIT_OBJECT_0, SAME); /* a third party takes it */
    DOES(SetEvent(events[1]));
    TRUE_THAT(!answers_within(waiter, A_WHILE));
    DOES(SetEvent(events[0]));
    EQUAL(answer(waiter), WAIT_OBJECT_0);
    for (int i = 0; i < 2; ++i) GIVES(WaitForSingleObject(events[i], 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(all_with_an_abandoned_mutex, "WaitMultiple-10", CE | NT, "WaitForMultipleObjects: return value")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE all[] = {event_of(FALSE, TRUE), MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT),
                          CreateMutexW(NULL, FALSE, NULL)};
    let_go(owner_of(where, name, 3, NULL));
    GIVES(WaitForMultipleObjects(3, all, TRUE, 0), WAIT_ABANDONED_0, SAME);
    GIVES(WaitForSingleObject(all[0], 0), WAIT_TIMEOUT, SAME);
    for (int i = 1; i < 3; ++i) {
        DOES(ReleaseMutex(all[i]));
        REFUSES(ReleaseMutex(all[i]), ERROR_NOT_OWNER);
    }
}

CASE_SHARED(all_with_an_own_mutex, "WaitMultiple-11", CE | NT, "Mutex Objects")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE all[] = {MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT), event_of(FALSE, TRUE)};
    GIVES(WaitForMultipleObjects(2, all, TRUE, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(all[0]));
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(all[0]));
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

CASE_SHARED(a_pulse_is_not_kept_for_a_wait_for_all, "WaitMultiple-12 PulseEvent-05", CE | NT, "PulseEvent: remarks")
{
    const WCHAR *names[] = {own_name("a"), own_name("b")};
    HANDLE events[2];
    Partner *waiter = partner(where);
    for (int i = 0; i < 2; ++i) {
        events[i] = MAKES(CreateEventW(NULL, FALSE, FALSE, names[i]), NEW_OBJECT);
        TRUE_THAT(ask(waiter, add_event, .text = names[i]));
    }
    tell(waiter, wait_for_all, .number = INFINITE);
    until_blocked(waiter);
    DOES(PulseEvent(events[0]));
    DOES(SetEvent(events[1]));
    TRUE_THAT(!answers_within(waiter, A_WHILE));
    DOES(SetEvent(events[0]));
    EQUAL(answer(waiter), WAIT_OBJECT_0);
}

/* Takers of both, takers of one: what a wait for all took is one of each, never half of it. */
CASE_SHARED(all_under_contention_is_all_or_nothing, "WaitMultiple-07 WaitMultiple-08", CE | NT, "Wait Functions; LD-16")
{
    const WCHAR *names[] = {own_name("a"), own_name("b")};
    HANDLE semaphores[2];
    for (int i = 0; i < 2; ++i) semaphores[i] = MAKES(CreateSemaphoreW(NULL, 0, 1000, names[i]), NEW_OBJECT);
    Partner *waiter = partner(where);
    const HANDLE both[2] = {semaphores[0], semaphores[1]};
    int pairs_here = 0, pairs_there = 0;
    for (int i = 0; i < 2; ++i) TRUE_THAT(ask(waiter, add_semaphore, .text = names[i]));
    for (int round = 0; round < 60; ++round) {
        tell(waiter, wait_for_all, .number = 3);
        DOES(ReleaseSemaphore(semaphores[round % 2], 1, NULL));
        for (volatile int spin = 0; spin < round % 7 * 20000; ++spin) continue;
        DOES(ReleaseSemaphore(semaphores[1 - round % 2], 1, NULL));
        const DWORD here = WaitForMultipleObjects(2, both, TRUE, 0);
        const DWORD there = (DWORD)answer(waiter);
        pairs_here += here == WAIT_OBJECT_0;
        pairs_there += there == WAIT_OBJECT_0;
        if (here == WAIT_TIMEOUT && there == WAIT_TIMEOUT) {
            GIVES(WaitForMultipleObjects(2, both, TRUE, 0), WAIT_OBJECT_0, SAME); /* nobody took half of it */
            ++pairs_here;
        }
        EQUAL(pairs_here + pairs_there, round + 1);
        for (int i = 0; i < 2; ++i) GIVES(WaitForSingleObject(semaphores[i], 0), WAIT_TIMEOUT, SAME);
    }
}

CASE(all_cannot_be_asked_for, "WaitMultiple-13", CE5, "WaitForMultipleObjects (Windows CE 5.0): fWaitAll")
{
    const HANDLE all[] = {event_of(FALSE, TRUE), event_of(FALSE, TRUE)};
    GIVES(WaitForMultipleObjects(2, all, TRUE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    GIVES(WaitForMultipleObjects(2, all, FALSE, 0), WAIT_OBJECT_0, SAME);
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
        ask(waiter, add_event, .text = NULL);
    }
    all[MAXIMUM_WAIT_OBJECTS - 1] = MAKES(CreateEventW(NULL, FALSE, TRUE, last), NEW_OBJECT);
    GIVES(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, all, FALSE, 0), WAIT_OBJECT_0 + 63, SAME);
    TRUE_THAT(ask(waiter, add_event, .text = last));
    tell(waiter, wait_for_any, .number = INFINITE);
    until_blocked(waiter);
    DOES(SetEvent(all[MAXIMUM_WAIT_OBJECTS - 1]));
    EQUAL(answer(waiter), WAIT_OBJECT_0 + 63);
}

CASE(all_of_one_is_one, "WaitMultiple-17", CE | NT, "WaitForMultipleObjects")
{
    const HANDLE event = event_of(FALSE, TRUE);
    GIVES(WaitForMultipleObjects(1, &event, TRUE, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForMultipleObjects(1, &event, TRUE, 0), WAIT_TIMEOUT, SAME);
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

static unsigned called;

static VOID CALLBACK count_call(ULONG_PTR unused)
{
    (void)unused;
    ++called;
}

CASE(alertable_with_nothing_signaled_calls_are_made, "WaitMultiple-25", ALL, "WaitForMultipleObjectsEx: return value")
{
    const HANDLE all[] = {event_of(FALSE, FALSE), event_of(FALSE, FALSE)};
    DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    GIVES(WaitForMultipleObjectsEx(2, all, FALSE, 0, FALSE), WAIT_TIMEOUT, SAME);
    EQUAL(called, 0);
    GIVES(WaitForMultipleObjectsEx(2, all, FALSE, LONG_ENOUGH, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(called, 2);
    GIVES(WaitForMultipleObjectsEx(2, all, FALSE, 0, TRUE), WAIT_TIMEOUT, SAME);
}

CASE(alertable_with_something_signaled_calls_wait, "WaitMultiple-26", ALL, "Asynchronous Procedure Calls")
{
    const HANDLE all[] = {event_of(FALSE, FALSE), event_of(FALSE, TRUE)};
    DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    GIVES(WaitForMultipleObjectsEx(2, all, FALSE, LONG_ENOUGH, TRUE), WAIT_OBJECT_0 + 1, SAME);
    EQUAL(called, 0);
    GIVES(WaitForMultipleObjectsEx(2, all, FALSE, 0, TRUE), WAIT_IO_COMPLETION, SAME);
}

CASE(the_list_may_change_during_the_wait, "WaitMultiple-27", ALL, "LD-17")
{
    const HANDLE one = event_of(FALSE, FALSE), other = event_of(FALSE, FALSE);
    Partner *waiter = partner(IN_A_THREAD);
    theirs[0] = one;
    theirs[1] = other;
    their_count = 2;
    tell(waiter, wait_for_any, .number = INFINITE);
    until_blocked(waiter);
    theirs[0] = theirs[1] = NULL;
    DOES(SetEvent(other));
    EQUAL(answer(waiter), WAIT_OBJECT_0 + 1);
    GIVES(WaitForSingleObject(one, 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(of_several_mutexes_one_is_taken, "WaitMultiple-28", ALL, "Wait Functions")
{
    const WCHAR *names[] = {own_name("a"), own_name("b")};
    HANDLE mutexes[2];
    for (int i = 0; i < 2; ++i) mutexes[i] = MAKES(CreateMutexW(NULL, TRUE, names[i]), NEW_OBJECT);
    Partner *waiter = partner(where);
    for (int i = 0; i < 2; ++i) TRUE_THAT(ask(waiter, add_mutex, .text = names[i]));
    tell(waiter, wait_for_any, .number = INFINITE);
    until_blocked(waiter);
    DOES(ReleaseMutex(mutexes[1]));
    EQUAL(answer(waiter), WAIT_OBJECT_0 + 1);
    DOES(ReleaseMutex(mutexes[0]));
    EQUAL(poll_elsewhere(where, names[0]), WAIT_OBJECT_0);
    EQUAL(poll_elsewhere(where, names[1]), WAIT_TIMEOUT);
    TRUE_THAT(ask(waiter, release_last, .number = 0));
    GIVES(WaitForMultipleObjects(2, mutexes, FALSE, 0), WAIT_OBJECT_0, SAME);
    REFUSES(ReleaseMutex(mutexes[1]), ERROR_NOT_OWNER);
    DOES(ReleaseMutex(mutexes[0]));
}
