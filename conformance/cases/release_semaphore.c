/* release_semaphore.c - ReleaseSemaphore: units added, and who gets them. */
#include "conformance/harness/kinds.h"
#include "conformance/harness/semaphores.h"

static Partner *partner_with_semaphore(Where where, const WCHAR *name, HANDLE *theirs)
{
    Partner *who = partner(where);
    *theirs = as_handle(ask(who, make_semaphore, .text = name, .number = 0, .more = 1));
    TRUE_THAT(*theirs != NULL);
    EQUAL(error_of(who), ERROR_ALREADY_EXISTS);
    return who;
}

static Partner *waiter_for_semaphore(Where where, const WCHAR *name)
{
    HANDLE theirs;
    Partner *who = partner_with_semaphore(where, name, &theirs);
    tell(who, wait_for, .handle = theirs, .number = INFINITE);
    until_blocked(who);
    return who;
}

/* ---- ReleaseSemaphore: counts ------------------------------------------------------------------------------------ */
CASE(releasing_adds_and_tells_what_was, "ReleaseSemaphore-01 Gen-08", ALL, "ReleaseSemaphore")
{
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 0, 10, NULL), NEW_OBJECT);
    LONG before[3] = {NOT_WRITTEN, NOT_WRITTEN, NOT_WRITTEN};
    GIVES(ReleaseSemaphore(semaphore, 3, &before[1]), TRUE, SAME);
    EQUAL(before[1], 0);
    GIVES(ReleaseSemaphore(semaphore, 2, &before[1]), TRUE, SAME);
    EQUAL(before[1], 3);
    GIVES(ReleaseSemaphore(semaphore, 5, &before[1]), TRUE, SAME); /* to the maximum itself */
    EQUAL(before[1], 5);
    EQUAL(before[0], NOT_WRITTEN);
    EQUAL(before[2], NOT_WRITTEN);
    EQUAL(drain(semaphore), 10);
}

CASE(more_than_there_is_room_for_adds_nothing, "ReleaseSemaphore-02", ALL, "ReleaseSemaphore: lReleaseCount")
{
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 2, 3, NULL), NEW_OBJECT);
    LONG before = NOT_WRITTEN;
    REFUSES(ReleaseSemaphore(semaphore, 2, &before), ERROR_TOO_MANY_POSTS);
    REFUSES(ReleaseSemaphore(semaphore, 100, &before), ERROR_TOO_MANY_POSTS);
    EQUAL(before, NOT_WRITTEN);
    EQUAL(drain(semaphore), 2);
}

CASE(an_overflow_adds_nothing, "ReleaseSemaphore-03", ALL, "seen on Wine 8.0")
{
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 1, 2, NULL), NEW_OBJECT);
    const HANDLE large = MAKES(CreateSemaphoreW(NULL, 1, most, NULL), NEW_OBJECT);
    LONG before = NOT_WRITTEN;
    REFUSES(ReleaseSemaphore(semaphore, most, &before), ERROR_TOO_MANY_POSTS);
    REFUSES(ReleaseSemaphore(large, most, &before), ERROR_TOO_MANY_POSTS);
    EQUAL(before, NOT_WRITTEN);
    EQUAL(drain(semaphore), 1);
    EQUAL(drain(large), 1);
}

static void count_is_refused(LONG count)
{
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 2, 3, NULL), NEW_OBJECT);
    LONG before = NOT_WRITTEN;
    REFUSES(ReleaseSemaphore(semaphore, count, &before), ERROR_INVALID_PARAMETER);
    EQUAL(before, NOT_WRITTEN);
    REFUSES(ReleaseSemaphore(semaphore, count, NULL), ERROR_INVALID_PARAMETER);
    EQUAL(drain(semaphore), 2);
}

CASE(releasing_0_is_refused, "ReleaseSemaphore-04", ALL, "ReleaseSemaphore: the value must be greater than zero")
{
    count_is_refused(0);
}
CASE(releasing_less_than_0_is_refused, "ReleaseSemaphore-05", ALL,
     "ReleaseSemaphore: the value must be greater than zero")
{
    count_is_refused(-1);
    count_is_refused(-2);
    count_is_refused(-most - 1);
}

CASE(what_was_need_not_be_told, "ReleaseSemaphore-06", ALL, "ReleaseSemaphore: lpPreviousCount")
{
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 0, 2, NULL), NEW_OBJECT);
    DOES(ReleaseSemaphore(semaphore, 2, NULL));
    EQUAL(drain(semaphore), 2);
}

/* ---- ReleaseSemaphore: waiters ----------------------------------------------------------------------------------- */
enum { WAITERS = 3 };

static unsigned released(Partner **all, unsigned wanted)
{
    unsigned count = 0;
    for (const uint64_t begin = now_ms(); count < wanted && now_ms() - begin < LONG_ENOUGH;)
        for (int i = count = 0; i < WAITERS; ++i) count += answers_within(all[i], 20);
    pause_ms(80);
    for (int i = count = 0; i < WAITERS; ++i) {
        if (!answers_within(all[i], 0)) continue;
        EQUAL(answer(all[i]), WAIT_OBJECT_0);
        EQUAL(error_of(all[i]), SAME);
        ++count;
    }
    return count;
}

CASE_SHARED(fewer_units_than_waiters_release_so_many, "ReleaseSemaphore-07", ALL, "Semaphore Objects")
{
    const WCHAR *name = own_name("fewer");
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 0, 5, name), NEW_OBJECT);
    Partner *all[WAITERS];
    LONG before = NOT_WRITTEN;
    for (int i = 0; i < WAITERS; ++i) all[i] = waiter_for_semaphore(where, name);
    DOES(ReleaseSemaphore(semaphore, 2, &before));
    EQUAL(before, 0);
    EQUAL(released(all, 2), 2);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
    DOES(ReleaseSemaphore(semaphore, 1, &before));
    EQUAL(before, 0);
    EQUAL(released(all, 3), 3);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(more_units_than_waiters_leave_the_rest, "ReleaseSemaphore-07", ALL, "Semaphore Objects")
{
    const WCHAR *name = own_name("more");
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 0, 5, name), NEW_OBJECT);
    Partner *all[WAITERS];
    LONG before = NOT_WRITTEN;
    for (int i = 0; i < WAITERS; ++i) all[i] = waiter_for_semaphore(where, name);
    DOES(ReleaseSemaphore(semaphore, 5, &before));
    EQUAL(before, 0);
    EQUAL(released(all, WAITERS), WAITERS);
    EQUAL(drain(semaphore), 5 - WAITERS);
}

CASE_SHARED(who_never_waited_may_release, "ReleaseSemaphore-08", ALL,
            "Semaphore Objects: any thread can increase the count")
{
    const WCHAR *name = own_name("any");
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 1, 1, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = partner_with_semaphore(where, name, &theirs);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, SAME);
    EQUAL(ask(other, release_units, .handle = theirs, .number = 1), 0);
    EQUAL(error_of(other), SAME);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, SAME);
}

/* ---- ReleaseSemaphore: what is refused, and who ends ------------------------------------------------------------- */
CASE(what_is_no_semaphore_is_not_released, "ReleaseSemaphore-09 Gen-26 Gen-27", ALL, "seen on Wine 8.0")
{
    LONG before = NOT_WRITTEN;
    const HANDLE closed = MAKES(CreateSemaphoreW(NULL, 0, 1, NULL), NEW_OBJECT);
    DOES(CloseHandle(closed));
    REFUSES(ReleaseSemaphore(closed, 1, &before), ERROR_INVALID_HANDLE);
    REFUSES(ReleaseSemaphore(NULL, 1, &before), ERROR_INVALID_HANDLE);
    REFUSES(ReleaseSemaphore(as_handle(0x7FFFFFF4), 1, &before), ERROR_INVALID_HANDLE);
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        if (kind == SEMAPHORE) continue;
        const HANDLE other = MAKES(create_kind(kind, NULL), NEW_OBJECT);
        REFUSES(ReleaseSemaphore(other, 1, &before), ERROR_INVALID_HANDLE);
        if (kind == EVENT) GIVES(WaitForSingleObject(other, 0), WAIT_TIMEOUT, SAME); /* not touched */
    }
    EQUAL(before, NOT_WRITTEN);
}

CASE_SHARED(units_of_one_who_ends_are_not_given_back, "ReleaseSemaphore-11", ALL, "Semaphore Objects")
{
    const WCHAR *name = own_name("lost");
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 2, 2, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *holder = partner_with_semaphore(where, name, &theirs);
    EQUAL(ask(holder, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    if (where == IN_A_PROCESS)
        kill_partner(holder);
    else
        let_go(holder);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, SAME); /* the other unit; not abandoned */
    GIVES(WaitForSingleObject(semaphore, 60), WAIT_TIMEOUT, SAME);
    DOES(ReleaseSemaphore(semaphore, 2, NULL));
}

CASE_SHARED(a_waiter_that_ends_takes_no_unit, "ReleaseSemaphore-11 ReleaseSemaphore-07", ALL, "Semaphore Objects")
{
    const WCHAR *name = own_name("gone");
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 0, 2, name), NEW_OBJECT);
    kill_partner(waiter_for_semaphore(IN_A_PROCESS, name));
    Partner *second = waiter_for_semaphore(where, name);
    DOES(ReleaseSemaphore(semaphore, 1, NULL));
    EQUAL(answer(second), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
}
