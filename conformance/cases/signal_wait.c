/* signal_wait.c - SignalObjectAndWait: signals one object and waits for another. */
#include "conformance/harness/kinds.h"

static HANDLE auto_event(BOOL set) { return MAKES(CreateEventW(NULL, FALSE, set, NULL), NEW_OBJECT); }

/* A wait that did not begin has taken nothing: the auto-reset event is still set. */
static void was_not_waited_for(HANDLE event)
{
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

/* ---- what is signaled -------------------------------------------------------------------------------------------- */
CASE(the_event_is_set_and_the_other_taken, "SignalWait-01", ALL, "SignalObjectAndWait")
{
    for (BOOL manual = FALSE; manual <= TRUE; ++manual) {
        const HANDLE first = MAKES(CreateEventW(NULL, manual, FALSE, NULL), NEW_OBJECT), second = auto_event(TRUE);
        GIVES(SignalObjectAndWait(first, second, INFINITE, FALSE), WAIT_OBJECT_0, SAME);
        GIVES(WaitForSingleObject(first, 0), WAIT_OBJECT_0, SAME);
        GIVES(WaitForSingleObject(first, 0), manual ? WAIT_OBJECT_0 : WAIT_TIMEOUT, SAME);
        GIVES(WaitForSingleObject(second, 0), WAIT_TIMEOUT, SAME);
    }
}

CASE(one_object_may_be_both, "SignalWait-01", ALL, "SignalObjectAndWait")
{
    const HANDLE event = auto_event(FALSE);
    GIVES(SignalObjectAndWait(event, event, INFINITE, FALSE), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

CASE(without_the_other_it_times_out_and_has_signaled, "SignalWait-02 Gen-07", ALL, "SignalObjectAndWait")
{
    const DWORD limits[] = {0, 30};
    for (int i = 0; i < 2; ++i) {
        const HANDLE first = auto_event(FALSE), second = auto_event(FALSE);
        const uint64_t begin = now_ms();
        GIVES(SignalObjectAndWait(first, second, limits[i], FALSE), WAIT_TIMEOUT, SAME);
        BETWEEN(now_ms() - begin, limits[i] > 16 ? limits[i] - 16 : 0, 10000);
        GIVES(WaitForSingleObject(first, 0), WAIT_OBJECT_0, SAME);
        GIVES(WaitForSingleObject(second, 0), WAIT_TIMEOUT, SAME);
    }
}

/* handle: the second object; text: the event to signal */
static uint64_t signal_and_wait(const Ask *ask)
{
    return SignalObjectAndWait(CreateEventW(NULL, FALSE, FALSE, ask->text), ask->handle, INFINITE, FALSE);
}

CASE_SHARED(others_see_the_signal_while_it_waits, "SignalWait-01 SignalWait-02", ALL, "SignalObjectAndWait")
{
    const WCHAR *one = own_name("one"), *two = own_name("two");
    const HANDLE first = MAKES(CreateEventW(NULL, FALSE, FALSE, one), NEW_OBJECT);
    const HANDLE second = MAKES(CreateEventW(NULL, FALSE, FALSE, two), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = partner_with_event(where, two, &theirs);
    for (int i = 0; i < 3; ++i) {
        tell(other, signal_and_wait, .handle = theirs, .text = one);
        GIVES(WaitForSingleObject(first, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
        TRUE_THAT(!answers_within(other, 30));
        GIVES(WaitForSingleObject(first, 0), WAIT_TIMEOUT, SAME);
        DOES(SetEvent(second));
        EQUAL(answer(other), WAIT_OBJECT_0);
        GIVES(WaitForSingleObject(second, 0), WAIT_TIMEOUT, SAME);
    }
}

CASE_SHARED(two_hand_on_to_each_other, "SignalWait-01", ALL, "SignalObjectAndWait")
{
    const WCHAR *one = own_name("one"), *two = own_name("two");
    const HANDLE first = MAKES(CreateEventW(NULL, FALSE, FALSE, one), NEW_OBJECT);
    const HANDLE second = MAKES(CreateEventW(NULL, FALSE, FALSE, two), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = partner_with_event(where, two, &theirs);
    tell(other, wait_for, .handle = theirs, .number = INFINITE);
    for (int i = 0; i < 100; ++i) {
        if (i == 0)
            GIVES(SignalObjectAndWait(second, first, 0, FALSE), WAIT_TIMEOUT, SAME);
        else
            GIVES(SignalObjectAndWait(second, first, LONG_ENOUGH, FALSE), WAIT_OBJECT_0, SAME);
        EQUAL(answer(other), WAIT_OBJECT_0);
        tell(other, signal_and_wait, .handle = theirs, .text = one);
    }
    GIVES(WaitForSingleObject(first, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    TRUE_THAT(!answers_within(other, 30));
}

CASE_SHARED(an_owned_mutex_is_released_once, "SignalWait-03", ALL, "SignalObjectAndWait: hObjectToSignal")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    const HANDLE set = MAKES(CreateEventW(NULL, TRUE, TRUE, NULL), NEW_OBJECT), never = auto_event(FALSE);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    GIVES(SignalObjectAndWait(mutex, set, 0, FALSE), WAIT_OBJECT_0, SAME);
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT); /* taken twice, released once */
    GIVES(SignalObjectAndWait(mutex, never, 0, FALSE), WAIT_TIMEOUT, SAME);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
}

CASE_SHARED(a_released_mutex_goes_to_its_waiter, "SignalWait-03", ALL, "SignalObjectAndWait: hObjectToSignal")
{
    const WCHAR *name = own_name("handed");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT), never = auto_event(FALSE);
    HANDLE theirs;
    Partner *waiter = waiter_for_mutex(where, name, &theirs);
    GIVES(SignalObjectAndWait(mutex, never, 0, FALSE), WAIT_TIMEOUT, SAME);
    EQUAL(answer(waiter), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    TRUE_THAT(ask(waiter, release_mutex, .handle = theirs));
}

CASE_SHARED(a_mutex_of_another_is_refused, "SignalWait-04", ALL, "SignalObjectAndWait: the caller must own the mutex")
{
    const WCHAR *name = own_name("theirs");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT), second = auto_event(TRUE);
    GIVES(SignalObjectAndWait(mutex, second, INFINITE, FALSE), WAIT_FAILED, ERROR_NOT_OWNER);
    owner_of(where, name, 1, NULL);
    GIVES(SignalObjectAndWait(mutex, second, INFINITE, FALSE), WAIT_FAILED, ERROR_NOT_OWNER);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    was_not_waited_for(second);
}

CASE(a_semaphore_gets_one_unit, "SignalWait-05", ALL, "SignalObjectAndWait: hObjectToSignal")
{
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 1, 3, NULL), NEW_OBJECT), second = auto_event(TRUE);
    GIVES(SignalObjectAndWait(semaphore, second, 0, FALSE), WAIT_OBJECT_0, SAME);
    GIVES(SignalObjectAndWait(semaphore, second, 0, FALSE), WAIT_TIMEOUT, SAME);
    for (int i = 0; i < 3; ++i) GIVES(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
}

CASE(a_full_semaphore_is_refused, "SignalWait-06", ALL, "seen on Wine 8.0")
{
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 2, 2, NULL), NEW_OBJECT), second = auto_event(TRUE);
    GIVES(SignalObjectAndWait(semaphore, second, INFINITE, FALSE), WAIT_FAILED, ERROR_TOO_MANY_POSTS);
    was_not_waited_for(second);
    for (int i = 0; i < 2; ++i) GIVES(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
}

/* ---- what cannot be signaled ------------------------------------------------------------------------------------- */
static HANDLE duplicate(HANDLE handle)
{
    HANDLE made = NULL;
    DOES(DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &made, 0, FALSE, DUPLICATE_SAME_ACCESS));
    return made;
}

static void cannot_be_signaled(HANDLE first)
{
    const HANDLE second = auto_event(TRUE);
    GIVES(SignalObjectAndWait(first, second, INFINITE, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    was_not_waited_for(second);
}

CASE(a_timer_is_refused, "SignalWait-07 Gen-27", ALL, "SignalObjectAndWait: hObjectToSignal")
{
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, TRUE, NULL), NEW_OBJECT);
    cannot_be_signaled(timer);
    GIVES(WaitForSingleObject(timer, 0), WAIT_TIMEOUT, SAME);
}
CASE(a_thread_is_refused, "SignalWait-07", ALL, "SignalObjectAndWait: hObjectToSignal")
{
    cannot_be_signaled(duplicate(GetCurrentThread()));
}
CASE(a_process_is_refused, "SignalWait-07", ALL, "SignalObjectAndWait: hObjectToSignal")
{
    cannot_be_signaled(duplicate(GetCurrentProcess()));
}
CASE(a_mapping_is_refused, "SignalWait-07", ALL, "SignalObjectAndWait: hObjectToSignal")
{
    cannot_be_signaled(MAKES(create_kind(MAPPING, NULL), NEW_OBJECT));
}

CASE(a_bad_first_handle_is_refused, "SignalWait-08 Gen-26", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = auto_event(FALSE);
    DOES(CloseHandle(closed));
    cannot_be_signaled(NULL);
    cannot_be_signaled(as_handle(0x7FFFFFF4));
    GIVES(SignalObjectAndWait(closed, NULL, 0, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
}

CASE(with_a_bad_second_handle_nothing_is_signaled, "SignalWait-09", ALL, "seen on Wine 8.0")
{
    const HANDLE event = auto_event(FALSE), mutex = MAKES(CreateMutexW(NULL, TRUE, NULL), NEW_OBJECT);
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 0, 1, NULL), NEW_OBJECT);
    const HANDLE bad[] = {NULL, as_handle(0x7FFFFFF4)};
    for (int i = 0; i < 2; ++i) {
        GIVES(SignalObjectAndWait(event, bad[i], 0, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
        GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
        GIVES(SignalObjectAndWait(semaphore, bad[i], 0, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
        GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
        GIVES(SignalObjectAndWait(mutex, bad[i], 0, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    }
    DOES(ReleaseMutex(mutex));
}

CASE(a_first_handle_without_the_right_is_refused, "SignalWait-10 Gen-28", CE | NT,
     "SignalObjectAndWait: hObjectToSignal")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT), second = auto_event(TRUE);
    const HANDLE weak_event = OPENS(OpenEventW(SYNCHRONIZE, FALSE, name));
    const HANDLE weak_semaphore = MAKES(CreateSemaphoreExW(NULL, 0, 1, NULL, 0, SYNCHRONIZE), NEW_OBJECT);
    GIVES(SignalObjectAndWait(weak_event, second, INFINITE, FALSE), WAIT_FAILED, ERROR_ACCESS_DENIED);
    GIVES(SignalObjectAndWait(weak_semaphore, second, INFINITE, FALSE), WAIT_FAILED, ERROR_ACCESS_DENIED);
    was_not_waited_for(second);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(weak_semaphore, 0), WAIT_TIMEOUT, SAME);
}

/* ---- the wait ---------------------------------------------------------------------------------------------------- */
CASE_SHARED(an_abandoned_mutex_is_reported_and_taken, "SignalWait-11", ALL, "SignalObjectAndWait: return value")
{
    const WCHAR *name = own_name("abandoned");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT), event = auto_event(FALSE);
    let_go(owner_of(where, name, 1, NULL));
    GIVES(SignalObjectAndWait(event, mutex, LONG_ENOUGH, FALSE), WAIT_ABANDONED, SAME);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(mutex));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

static unsigned apcs;
static VOID CALLBACK count_apc(ULONG_PTR added) { apcs += (unsigned)added; }

CASE(an_alertable_one_runs_what_is_queued, "SignalWait-12", ALL, "SignalObjectAndWait: bAlertable")
{
    const HANDLE first = auto_event(FALSE), second = auto_event(FALSE);
    DOES(QueueUserAPC(count_apc, GetCurrentThread(), 1));
    GIVES(SignalObjectAndWait(first, second, 20, FALSE), WAIT_TIMEOUT, SAME); /* not alertable */
    EQUAL(apcs, 0);
    was_not_waited_for(first); /* it was set */
    GIVES(SignalObjectAndWait(first, second, INFINITE, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(apcs, 1);
    GIVES(WaitForSingleObject(first, 0), WAIT_OBJECT_0, SAME);
    GIVES(SignalObjectAndWait(first, second, 20, TRUE), WAIT_TIMEOUT, SAME); /* no more queued */
    EQUAL(apcs, 1);
}
