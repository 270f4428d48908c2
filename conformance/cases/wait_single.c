/* wait_single.c - WaitForSingleObject: what it returns and what it takes. */
#include "conformance/harness/kinds.h"

/* ---- what it returns --------------------------------------------------------------------------------------------- */
CASE(signaled_it_returns_at_once_and_changes_the_object, "WaitSingle-01", ALL, "WaitForSingleObject; Wait Functions")
{
    const HANDLE automatic = MAKES(CreateEventW(NULL, FALSE, TRUE, NULL), NEW_OBJECT);
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 1, 1, NULL), NEW_OBJECT);
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, NULL), NEW_OBJECT);
    GIVES(WaitForSingleObject(automatic, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(automatic, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(semaphore, INFINITE), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(mutex, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE_SHARED(not_signaled_and_no_time_it_does_not_block, "WaitSingle-02", ALL, "WaitForSingleObject: dwMilliseconds")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *owner = owner_of(where, name, 1, &theirs);
    for (int i = 0; i < 100; ++i) {
        GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
        GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    }
    TRUE_THAT(ask(owner, release_mutex, .handle = theirs));
}

CASE(the_time_passes_before_it_gives_up, "WaitSingle-03", ALL, "Wait Functions: time-out interval")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    const uint64_t begin = now_ms();
    GIVES(WaitForSingleObject(event, 100), WAIT_TIMEOUT, SAME);
    BETWEEN(now_ms() - begin, 100 - 16, LONG_ENOUGH); /* a clock's tick less at most */
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(signaled_meanwhile_it_returns, "WaitSingle-04", ALL, "WaitForSingleObject")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *waiter = partner_with_event(where, name, &theirs);
    tell(waiter, wait_for, .handle = theirs, .number = 60000);
    until_blocked(waiter);
    DOES(SetEvent(event));
    EQUAL(answer(waiter), WAIT_OBJECT_0);
    EQUAL(error_of(waiter), SAME);
}

CASE_SHARED(INFINITE_does_not_run_out, "WaitSingle-05", ALL, "WaitForSingleObject: dwMilliseconds")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    Partner *waiter = waiter_for_event(where, name, NULL);
    TRUE_THAT(!answers_within(waiter, 300));
    DOES(SetEvent(event));
    EQUAL(answer(waiter), WAIT_OBJECT_0);
}

CASE(a_manual_event_stays_set, "WaitSingle-06", ALL, "Wait Functions")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    DOES(SetEvent(event));
    for (int i = 0; i < 3; ++i) GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

CASE_SHARED(of_many_who_wait_for_an_auto_event_one_goes, "WaitSingle-07 SetEvent-03", ALL, "Event Objects")
{
    enum { MANY = 3 };
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    Partner *all[MANY];
    for (int i = 0; i < MANY; ++i) all[i] = waiter_for_event(where, name, NULL);
    for (int left = MANY; left > 0; --left) {
        DOES(SetEvent(event));
        const int gone = first_to_answer(all, left);
        EQUAL(answer(all[gone]), WAIT_OBJECT_0);
        all[gone] = all[left - 1];
        pause_ms(A_WHILE / MANY);
        for (int i = 0; i < left - 1; ++i) TRUE_THAT(!answers_within(all[i], 0));
        GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    }
}

CASE_SHARED(all_who_wait_for_a_manual_event_go, "WaitSingle-08 SetEvent-04", ALL, "Event Objects")
{
    enum { MANY = 3 };
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    Partner *all[MANY];
    for (int i = 0; i < MANY; ++i) all[i] = waiter_for_event(where, name, NULL);
    DOES(SetEvent(event));
    for (int i = 0; i < MANY; ++i) EQUAL(answer(all[i]), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

/* ---- semaphores, threads, processes ------------------------------------------------------------------------------ */
CASE(a_wait_takes_one_unit_of_a_semaphore, "WaitSingle-19", ALL, "Semaphore Objects")
{
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 2, 5, NULL), NEW_OBJECT);
    LONG before = -1;
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseSemaphore(semaphore, 1, &before));
    EQUAL(before, 1);
}

CASE(no_units_are_kept_for_who_had_some, "WaitSingle-20", ALL, "Semaphore Objects")
{
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 1, 1, NULL), NEW_OBJECT);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(semaphore, A_WHILE), WAIT_TIMEOUT, SAME);
}

static DWORD WINAPI until_set(void *event) { return WaitForSingleObject(event, LONG_ENOUGH); }

CASE(a_thread_is_signaled_when_it_has_ended, "WaitSingle-21 WaitSingle-22", ALL, "WaitForSingleObject")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    const HANDLE thread = CreateThread(NULL, 0, until_set, event, 0, NULL);
    TRUE_THAT(thread != NULL);
    GIVES(WaitForSingleObject(thread, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(thread, A_WHILE), WAIT_TIMEOUT, SAME);
    DOES(SetEvent(event));
    for (int i = 0; i < 3; ++i) GIVES(WaitForSingleObject(thread, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
}

CASE(a_process_is_signaled_when_it_has_ended, "WaitSingle-21 WaitSingle-22", ALL, "WaitForSingleObject")
{
    Partner *other = partner(IN_A_PROCESS);
    const HANDLE process = OPENS(OpenProcess(SYNCHRONIZE, FALSE, (DWORD)id_of(other)));
    GIVES(WaitForSingleObject(process, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(process, A_WHILE), WAIT_TIMEOUT, SAME);
    let_go(other);
    for (int i = 0; i < 3; ++i) GIVES(WaitForSingleObject(process, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
}

CASE(waiting_for_oneself_runs_out, "WaitSingle-23", ALL, "GetCurrentProcess; GetCurrentThread")
{
    GIVES(WaitForSingleObject(GetCurrentProcess(), A_WHILE), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(GetCurrentThread(), A_WHILE), WAIT_TIMEOUT, SAME);
}

CASE(INVALID_HANDLE_VALUE_is_the_own_process, "WaitSingle-24", ALL, "GetCurrentProcess")
{
    GIVES(WaitForSingleObject(INVALID_HANDLE_VALUE, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(INVALID_HANDLE_VALUE, 10), WAIT_TIMEOUT, SAME);
}

/* ---- failures ---------------------------------------------------------------------------------------------------- */
CASE(a_bad_handle_fails_whatever_the_time, "WaitSingle-25", ALL, "WaitForSingleObject (Windows CE 5.0)")
{
    const HANDLE closed = MAKES(CreateEventW(NULL, TRUE, TRUE, NULL), NEW_OBJECT);
    DOES(CloseHandle(closed));
    const DWORD times[] = {0, 100, INFINITE};
    for (int i = 0; i < 3; ++i) {
        GIVES(WaitForSingleObject(NULL, times[i]), WAIT_FAILED, ERROR_INVALID_HANDLE);
        GIVES(WaitForSingleObject(closed, times[i]), WAIT_FAILED, ERROR_INVALID_HANDLE);
        GIVES(WaitForSingleObject((HANDLE)0x12345670, times[i]), WAIT_FAILED, ERROR_INVALID_HANDLE);
    }
}

CASE(without_SYNCHRONIZE_it_fails_whatever_the_time, "WaitSingle-26", CE | NT, "WaitForSingleObject: hHandle")
{
    const WCHAR *name = own_name("event");
    MAKES(CreateEventW(NULL, TRUE, TRUE, name), NEW_OBJECT);
    const HANDLE event = OPENS(OpenEventW(EVENT_MODIFY_STATE, FALSE, name));
    GIVES(WaitForSingleObject(event, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    GIVES(WaitForSingleObject(event, INFINITE), WAIT_FAILED, ERROR_ACCESS_DENIED);
}

CASE(a_file_mapping_cannot_be_waited_for, "WaitSingle-27", ALL, "WaitForSingleObject: what it can wait for")
{
    const HANDLE mapping = MAKES(create_kind(MAPPING, NULL), NEW_OBJECT);
    GIVES(WaitForSingleObject(mapping, 0), WAIT_FAILED, ANY);
    const DWORD error = GetLastError();
    TRUE_THAT(error == ERROR_ACCESS_DENIED || error == ERROR_INVALID_HANDLE);
}

CASE(a_handle_closed_during_the_wait_does_no_harm, "WaitSingle-28", ALL, "WaitForSingleObject: remarks; LD-17")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    const HANDLE used = MAKES(CreateEventW(NULL, FALSE, FALSE, name), ERROR_ALREADY_EXISTS);
    Partner *waiter = partner(IN_A_THREAD);
    tell(waiter, wait_for, .handle = used, .number = 1000);
    until_blocked(waiter);
    DOES(CloseHandle(used));
    answer(waiter); /* whatever it is */
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

/* ---- time, and several waits ------------------------------------------------------------------------------------- */
CASE_SHARED(the_longest_time_is_not_over_at_once, "WaitSingle-39", ALL, "WaitForSingleObject: dwMilliseconds")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    const DWORD times[] = {0xFFFFFFFE, 0x80000000, 0x7FFFFFFF};
    HANDLE theirs;
    for (int i = 0; i < 3; ++i) {
        Partner *waiter = partner_with_event(where, name, &theirs);
        tell(waiter, wait_for, .handle = theirs, .number = times[i]);
        until_blocked(waiter);
        TRUE_THAT(!answers_within(waiter, A_WHILE));
        DOES(SetEvent(event));
        EQUAL(answer(waiter), WAIT_OBJECT_0);
        DOES(ResetEvent(event));
    }
}

/* Each signal goes to one of the two who wait. */
static void one_at_a_time(HANDLE event, Partner *one, Partner *two)
{
    Partner *both[] = {one, two};
    DOES(SetEvent(event));
    const int first = first_to_answer(both, 2);
    EQUAL(answer(both[first]), WAIT_OBJECT_0);
    TRUE_THAT(!answers_within(both[!first], A_WHILE));
    DOES(SetEvent(event));
    EQUAL(answer(both[!first]), WAIT_OBJECT_0);
}

CASE(two_threads_wait_through_one_handle, "WaitSingle-40", ALL, "Wait Functions")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    Partner *one = partner(IN_A_THREAD), *two = partner(IN_A_THREAD);
    tell(one, wait_for, .handle = event, .number = INFINITE);
    until_blocked(one);
    tell(two, wait_for, .handle = event, .number = 100);
    EQUAL(answer(two), WAIT_TIMEOUT);
    tell(two, wait_for, .handle = event, .number = INFINITE);
    until_blocked(two);
    one_at_a_time(event, one, two);
}

CASE(one_signal_goes_to_one_of_two_processes, "WaitSingle-41", ALL, "seed")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    Partner *other = waiter_for_event(IN_A_PROCESS, name, NULL);
    Partner *here = partner(IN_A_THREAD);
    tell(here, wait_for, .handle = event, .number = INFINITE);
    until_blocked(here);
    one_at_a_time(event, here, other);
}
