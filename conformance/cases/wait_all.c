/* wait_all.c - WaitForMultipleObjects with bWaitAll: all at one time, or nothing. */
#include "conformance/harness/kinds.h"

static HANDLE event_of(BOOL manual, BOOL set) { return CreateEventW(NULL, manual, set, NULL); }

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

/* Two auto-reset events, and who waits for both. */
static Partner *blocked_for_all(Where where, HANDLE events[2])
{
    const WCHAR *names[] = {own_name("a"), own_name("b")};
    Partner *waiter = partner(where);
    for (int i = 0; i < 2; ++i) {
        events[i] = MAKES(CreateEventW(NULL, FALSE, FALSE, names[i]), NEW_OBJECT);
        TRUE_THAT(ask(waiter, list_event, .text = names[i]));
    }
    tell(waiter, wait_for_all, .number = INFINITE);
    until_blocked(waiter);
    return waiter;
}

CASE_SHARED(all_must_be_signaled_at_one_time, "WaitMultiple-09", CE | NT, "Wait Functions")
{
    HANDLE events[2];
    Partner *waiter = blocked_for_all(where, events);
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
    HANDLE events[2];
    Partner *waiter = blocked_for_all(where, events);
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
    for (int i = 0; i < 2; ++i) TRUE_THAT(ask(waiter, list_semaphore, .text = names[i]));
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

CASE(all_of_one_is_one, "WaitMultiple-17", CE | NT, "WaitForMultipleObjects")
{
    const HANDLE event = event_of(FALSE, TRUE);
    GIVES(WaitForMultipleObjects(1, &event, TRUE, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForMultipleObjects(1, &event, TRUE, 0), WAIT_TIMEOUT, SAME);
}
