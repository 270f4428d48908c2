/* wait_mutex.c - WaitForSingleObject on mutexes: who owns them, and what an owner's end leaves. */
#include "conformance/harness/kinds.h"

/* ---- whose they are ---------------------------------------------------------------------------------------------- */
CASE_SHARED(a_free_mutex_becomes_the_callers, "WaitSingle-09", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(mutex));
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

CASE_SHARED(an_own_mutex_never_blocks, "WaitSingle-10 ReleaseMutex-02", ALL, "Mutex Objects")
{
    enum { LEVELS = 20 };
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    for (int i = 0; i < LEVELS; ++i) GIVES(WaitForSingleObject(mutex, INFINITE), WAIT_OBJECT_0, SAME);
    for (int i = 0; i < LEVELS - 1; ++i) DOES(ReleaseMutex(mutex));
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(mutex));
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

static uint64_t take_and_release(const Ask *ask)
{
    const DWORD result = WaitForSingleObject(ask->handle, 0);
    return result == WAIT_OBJECT_0 ? 1000 + (uint64_t)ReleaseMutex(ask->handle) : result;
}

CASE(a_mutex_belongs_to_a_thread, "WaitSingle-11", ALL, "Mutex Objects")
{
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, NULL), NEW_OBJECT);
    Partner *other = partner(IN_A_THREAD);
    EQUAL(ask(other, wait_for, .handle = mutex, .number = 0), WAIT_TIMEOUT); /* through the very handle */
    EQUAL(ask(other, wait_for, .handle = mutex, .number = A_WHILE), WAIT_TIMEOUT);
    EQUAL(ask(other, release_mutex, .handle = mutex), 0);
    DOES(ReleaseMutex(mutex));
    EQUAL(ask(other, take_and_release, .handle = mutex), 1001);
}

CASE(a_mutex_of_another_process_blocks, "WaitSingle-12", ALL, "seed")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *owner = owner_of(IN_A_PROCESS, name, 1, &theirs);
    GIVES(WaitForSingleObject(mutex, A_WHILE), WAIT_TIMEOUT, SAME);
    TRUE_THAT(ask(owner, release_mutex, .handle = theirs));
    GIVES(WaitForSingleObject(mutex, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
}

/* ---- abandoned --------------------------------------------------------------------------------------------------- */
CASE_SHARED(an_owner_that_ended_makes_it_abandoned, "WaitSingle-13 Life-07", ALL, "WaitForSingleObject: return value")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    let_go(owner_of(where, name, 1, NULL));
    GIVES(WaitForSingleObject(mutex, INFINITE), WAIT_ABANDONED, SAME);
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(mutex));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

CASE_SHARED(abandoned_is_said_once, "WaitSingle-14 WaitSingle-15 ReleaseMutex-08", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    let_go(owner_of(where, name, 1, NULL));
    GIVES(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
    DOES(ReleaseMutex(mutex));
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE_SHARED(who_waits_already_is_told, "WaitSingle-16", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("mutex");
    MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    Partner *owner = owner_of(where, name, 1, NULL);
    HANDLE theirs[2];
    Partner *both[] = {waiter_for_mutex(where, name, &theirs[0]), waiter_for_mutex(where, name, &theirs[1])};
    let_go(owner);
    const int first = first_to_answer(both, 2);
    EQUAL(answer(both[first]), WAIT_ABANDONED);
    TRUE_THAT(!answers_within(both[!first], A_WHILE));
    TRUE_THAT(ask(both[first], release_mutex, .handle = theirs[first]));
    EQUAL(answer(both[!first]), WAIT_OBJECT_0);
}

CASE_SHARED(levels_of_the_dead_owner_are_gone, "WaitSingle-17", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    let_go(owner_of(where, name, 5, NULL));
    GIVES(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

CASE_SHARED(who_got_it_abandoned_may_abandon_it_again, "WaitSingle-18", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    let_go(owner_of(where, name, 1, NULL));
    HANDLE theirs;
    Partner *second = partner_with_mutex(where, name, &theirs);
    EQUAL(ask(second, wait_for, .handle = theirs, .number = 0), WAIT_ABANDONED);
    let_go(second);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}
