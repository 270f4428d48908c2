/* set_event.c - SetEvent and ResetEvent. */
#include "conformance/harness/kinds.h"

/* ---- SetEvent ---------------------------------------------------------------------------------------------------- */
CASE(set_it_stays_so_until_a_wait_or_a_reset, "SetEvent-01 ResetEvent-01", ALL, "SetEvent")
{
    const HANDLE manual = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    const HANDLE automatic = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    DOES(SetEvent(manual));
    DOES(SetEvent(automatic));
    pause_ms(20);
    GIVES(WaitForSingleObject(automatic, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(automatic, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(manual, 0), WAIT_OBJECT_0, SAME);
    DOES(ResetEvent(manual));
    GIVES(WaitForSingleObject(manual, 0), WAIT_TIMEOUT, SAME);
}

CASE(sets_do_not_add_up, "SetEvent-02", ALL, "SetEvent: remarks")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    for (int i = 0; i < 3; ++i) DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(an_auto_event_lets_one_go, "SetEvent-03 SetEvent-05", ALL, "SetEvent: remarks; seed")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    Partner *waiter = waiter_for_event(where, name, NULL);
    DOES(SetEvent(event));
    EQUAL(answer(waiter), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(a_manual_event_lets_all_go_and_stays_set, "SetEvent-04 SetEvent-05", ALL, "SetEvent: remarks; seed")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *one = waiter_for_event(where, name, &theirs), *two = waiter_for_event(where, name, NULL);
    DOES(SetEvent(event));
    EQUAL(answer(one), WAIT_OBJECT_0);
    EQUAL(answer(two), WAIT_OBJECT_0);
    EQUAL(ask(one, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
}

CASE(setting_a_bad_handle_fails, "SetEvent-06", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    DOES(CloseHandle(closed));
    REFUSES(SetEvent(closed), ERROR_INVALID_HANDLE);
    REFUSES(SetEvent(NULL), ERROR_INVALID_HANDLE);
    REFUSES(SetEvent(INVALID_HANDLE_VALUE), ERROR_INVALID_HANDLE);
}

CASE(setting_another_kind_fails, "SetEvent-07", ALL, "seen on Wine 8.0")
{
    for (Kind kind = MUTEX; kind < KINDS; ++kind) {
        const HANDLE other = MAKES(create_kind(kind, NULL), NEW_OBJECT);
        REFUSES(SetEvent(other), ERROR_INVALID_HANDLE);
    }
}

typedef struct Both {
    HANDLE handles[2];
} Both;

static uint64_t wait_for_both(const Ask *ask)
{
    const Both *both = (const Both *)(uintptr_t)ask->number;
    return WaitForMultipleObjects(2, both->handles, TRUE, (DWORD)ask->more);
}

CASE(a_wait_for_all_that_cannot_be_met_takes_nothing, "SetEvent-09", CE | NT, "Wait Functions")
{
    Both both = {{MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT),
                  MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT)}};
    Partner *waiter = partner(IN_A_THREAD);
    tell(waiter, wait_for_both, .number = (uintptr_t)&both, .more = INFINITE);
    until_blocked(waiter);
    DOES(SetEvent(both.handles[0]));
    TRUE_THAT(!answers_within(waiter, A_WHILE));
    GIVES(WaitForSingleObject(both.handles[0], 0), WAIT_OBJECT_0, SAME); /* it was set all the time */
    DOES(SetEvent(both.handles[1]));
    TRUE_THAT(!answers_within(waiter, A_WHILE));
    DOES(SetEvent(both.handles[0]));
    EQUAL(answer(waiter), WAIT_OBJECT_0);
}

/* Set and time-out at about the same time, whichever comes first: a signal is taken by the wait or is still there. */
CASE_SHARED(no_signal_is_lost_to_a_time_out, "SetEvent-10", ALL, "Event Objects; LD-16")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *waiter = partner_with_event(where, name, &theirs);
    int taken = 0;
    for (unsigned round = 0; round < 100; ++round) {
        tell(waiter, wait_for, .handle = theirs, .number = 1 + round % 3);
        for (volatile unsigned spin = 0; spin < round % 10 * 30000; ++spin) continue;
        DOES(SetEvent(event));
        const DWORD result = (DWORD)answer(waiter);
        taken += result == WAIT_OBJECT_0;
        TRUE_THAT(result == WAIT_OBJECT_0 || result == WAIT_TIMEOUT);
        GIVES(WaitForSingleObject(event, 0), result == WAIT_OBJECT_0 ? WAIT_TIMEOUT : WAIT_OBJECT_0, SAME);
    }
    BETWEEN(taken, 0, 100);
}

/* ---- ResetEvent -------------------------------------------------------------------------------------------------- */
CASE(reset_it_is_not_signaled, "ResetEvent-01 ResetEvent-03", ALL, "ResetEvent")
{
    const HANDLE manual = MAKES(CreateEventW(NULL, TRUE, TRUE, NULL), NEW_OBJECT);
    const HANDLE automatic = MAKES(CreateEventW(NULL, FALSE, TRUE, NULL), NEW_OBJECT);
    DOES(ResetEvent(manual));
    DOES(ResetEvent(automatic));
    GIVES(WaitForSingleObject(manual, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(automatic, 0), WAIT_TIMEOUT, SAME);
}

CASE(resetting_twice_is_as_once, "ResetEvent-02", ALL, "ResetEvent: remarks")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    DOES(ResetEvent(event));
    DOES(ResetEvent(event));
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

CASE(resetting_what_is_no_event_fails, "ResetEvent-04", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = MAKES(CreateEventW(NULL, TRUE, TRUE, NULL), NEW_OBJECT);
    DOES(CloseHandle(closed));
    REFUSES(ResetEvent(closed), ERROR_INVALID_HANDLE);
    REFUSES(ResetEvent(NULL), ERROR_INVALID_HANDLE);
    for (Kind kind = MUTEX; kind < KINDS; ++kind) {
        const HANDLE other = MAKES(create_kind(kind, NULL), NEW_OBJECT);
        REFUSES(ResetEvent(other), ERROR_INVALID_HANDLE);
    }
}

CASE_SHARED(set_and_reset_at_once_let_all_sleepers_go, "ResetEvent-06", ALL, "Event Objects; LD-16")
{
    enum { MANY = 3 };
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    Partner *all[MANY];
    for (int i = 0; i < MANY; ++i) all[i] = waiter_for_event(where, name, NULL);
    SetEvent(event);
    ResetEvent(event);
    for (int i = 0; i < MANY; ++i) EQUAL(answer(all[i]), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}
