/* release_mutex.c - ReleaseMutex. */
#include "conformance/harness/kinds.h"

CASE_SHARED(released_it_is_anybodys, "ReleaseMutex-01", ALL, "ReleaseMutex")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *waiter = waiter_for_mutex(where, name, &theirs);
    DOES(ReleaseMutex(mutex));
    EQUAL(answer(waiter), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    TRUE_THAT(ask(waiter, release_mutex, .handle = theirs));
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE_SHARED(with_levels_left_it_stays_the_owners, "ReleaseMutex-02", ALL, "ReleaseMutex: remarks")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    Partner *waiter = waiter_for_mutex(where, name, NULL);
    DOES(ReleaseMutex(mutex));
    TRUE_THAT(!answers_within(waiter, A_WHILE));
    DOES(ReleaseMutex(mutex));
    EQUAL(answer(waiter), WAIT_OBJECT_0);
}

CASE(nobodys_mutex_cannot_be_released, "ReleaseMutex-03", ALL, "ReleaseMutex: return value")
{
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, NULL), NEW_OBJECT);
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE_SHARED(anothers_mutex_cannot_be_released, "ReleaseMutex-04", ALL, "ReleaseMutex: return value")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *owner = owner_of(where, name, 1, &theirs);
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    TRUE_THAT(ask(owner, release_mutex, .handle = theirs));
}

CASE_SHARED(one_release_too_many_fails, "ReleaseMutex-05", ALL, "seen on Wine 8.0")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
    DOES(ReleaseMutex(mutex));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

CASE(any_handle_of_the_mutex_releases_it, "ReleaseMutex-06", ALL, "seen on Wine 8.0")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    const HANDLE other = MAKES(CreateMutexW(NULL, FALSE, name), ERROR_ALREADY_EXISTS);
    DOES(ReleaseMutex(other));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    GIVES(WaitForSingleObject(other, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE(SYNCHRONIZE_is_enough, "ReleaseMutex-07", CE | NT, "OpenMutexW: dwDesiredAccess")
{
    const WCHAR *name = own_name("mutex");
    MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    const HANDLE other = OPENS(OpenMutexW(SYNCHRONIZE, FALSE, name));
    DOES(ReleaseMutex(other));
}

CASE_SHARED(released_it_is_no_more_abandoned, "ReleaseMutex-08", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    let_go(owner_of(where, name, 1, NULL));
    GIVES(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

CASE(a_bad_handle_is_refused, "ReleaseMutex-09", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = MAKES(CreateMutexW(NULL, TRUE, NULL), NEW_OBJECT);
    DOES(CloseHandle(closed));
    REFUSES(ReleaseMutex(closed), ERROR_INVALID_HANDLE);
    REFUSES(ReleaseMutex(NULL), ERROR_INVALID_HANDLE);
    REFUSES(ReleaseMutex(INVALID_HANDLE_VALUE), ERROR_INVALID_HANDLE);
}

CASE(another_kind_is_refused_and_unchanged, "ReleaseMutex-10", ALL, "seen on Wine 8.0")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, TRUE, NULL), NEW_OBJECT);
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 0, 5, NULL), NEW_OBJECT);
    REFUSES(ReleaseMutex(event), ERROR_INVALID_HANDLE);
    REFUSES(ReleaseMutex(semaphore), ERROR_INVALID_HANDLE);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
}

CASE(of_waiters_in_several_processes_one_gets_it, "ReleaseMutex-11", ALL, "Mutex Objects")
{
    enum { MANY = 3 };
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    Partner *all[MANY];
    HANDLE theirs[MANY];
    for (int i = 0; i < MANY; ++i) all[i] = waiter_for_mutex(i == 0 ? IN_A_THREAD : IN_A_PROCESS, name, &theirs[i]);
    DOES(ReleaseMutex(mutex));
    for (int left = MANY; left > 0; --left) {
        const int owner = first_to_answer(all, left);
        EQUAL(answer(all[owner]), WAIT_OBJECT_0);
        pause_ms(A_WHILE / MANY);
        for (int i = 0; i < left; ++i) TRUE_THAT(i == owner || !answers_within(all[i], 0));
        TRUE_THAT(ask(all[owner], release_mutex, .handle = theirs[owner]));
        all[owner] = all[left - 1];
        theirs[owner] = theirs[left - 1];
    }
}
