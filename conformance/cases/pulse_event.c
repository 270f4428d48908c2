/* pulse_event.c - PulseEvent: releases who is blocked, and leaves nothing behind. */
#include "conformance/harness/kinds.h"

enum { WAITERS = 3 };

static void three_waiters(Where where, const WCHAR *name, Partner **all, HANDLE *theirs)
{
    for (int i = 0; i < WAITERS; ++i) all[i] = waiter_for_event(where, name, &theirs[i]);
}

/* How many of them have been released, once `wanted` have been and a moment more. */
static unsigned released(Partner **all, unsigned wanted)
{
    unsigned count = 0;
    for (const uint64_t begin = now_ms(); count < wanted && now_ms() - begin < LONG_ENOUGH;) {
        count = 0;
        for (int i = 0; i < WAITERS; ++i) count += answers_within(all[i], 20);
    }
    pause_ms(80);
    count = 0;
    for (int i = 0; i < WAITERS; ++i) {
        if (!answers_within(all[i], 0)) continue;
        EQUAL(answer(all[i]), WAIT_OBJECT_0);
        EQUAL(error_of(all[i]), SAME);
        ++count;
    }
    return count;
}

/* ---- who is blocked ---------------------------------------------------------------------------------------------- */
CASE_SHARED(all_who_wait_for_a_manual_event_pass, "PulseEvent-01", ALL, "PulseEvent")
{
    Partner *all[WAITERS];
    HANDLE theirs[WAITERS];
    const WCHAR *name = own_name("manual");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    three_waiters(where, name, all, theirs);
    DOES(PulseEvent(event));
    EQUAL(released(all, WAITERS), WAITERS);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    for (int i = 0; i < WAITERS; ++i) EQUAL(ask(all[i], wait_for, .handle = theirs[i], .number = 0), WAIT_TIMEOUT);
}

CASE_SHARED(one_of_those_who_wait_for_an_auto_event_passes, "PulseEvent-02", ALL, "PulseEvent")
{
    Partner *all[WAITERS];
    HANDLE theirs[WAITERS];
    const WCHAR *name = own_name("auto");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    three_waiters(where, name, all, theirs);
    for (unsigned pulses = 1; pulses <= WAITERS; ++pulses) {
        DOES(PulseEvent(event));
        EQUAL(released(all, pulses), pulses);
    }
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    DOES(PulseEvent(event)); /* for nobody */
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

static uint64_t pulse_from_elsewhere(const Ask *ask)
{
    return (uint64_t)PulseEvent(OpenEventW(EVENT_ALL_ACCESS, FALSE, ask->text));
}

CASE_SHARED(a_pulse_of_another_releases_as_well, "PulseEvent-01 PulseEvent-02", ALL, "PulseEvent")
{
    for (BOOL manual = FALSE; manual <= TRUE; ++manual) {
        const WCHAR *name = own_name(manual ? "manual" : "auto");
        MAKES(CreateEventW(NULL, manual, FALSE, name), NEW_OBJECT);
        Partner *waiter = waiter_for_event(IN_A_THREAD, name, NULL);
        Partner *pulser = partner(where);
        EQUAL(ask(pulser, pulse_from_elsewhere, .text = name), TRUE);
        EQUAL(error_of(pulser), SAME);
        EQUAL(answer(waiter), WAIT_OBJECT_0);
    }
}

/* handle: the event, text: the other event's name */
static uint64_t wait_for_both(const Ask *ask)
{
    const HANDLE both[] = {ask->handle, CreateEventW(NULL, TRUE, FALSE, ask->text)};
    return WaitForMultipleObjects(2, both, TRUE, INFINITE);
}

static Partner *waits_for_both(Where where, const WCHAR *name, const WCHAR *other)
{
    HANDLE theirs;
    Partner *who = partner_with_event(where, name, &theirs);
    tell(who, wait_for_both, .handle = theirs, .text = other);
    until_blocked(who);
    return who;
}

CASE_SHARED(a_wait_for_all_that_lacks_only_the_pulse_passes, "PulseEvent-01", CE | NT, "PulseEvent; Wait Functions")
{
    const WCHAR *name = own_name("event"), *second = own_name("second");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    MAKES(CreateEventW(NULL, FALSE, TRUE, second), NEW_OBJECT);
    Partner *who = waits_for_both(where, name, second);
    DOES(PulseEvent(event));
    EQUAL(answer(who), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(CreateEventW(NULL, FALSE, FALSE, second), 0), WAIT_TIMEOUT, ANY);
}

CASE_SHARED(a_wait_for_all_that_lacks_more_does_not_pass, "PulseEvent-05", CE | NT, "PulseEvent; Wait Functions")
{
    for (BOOL manual = FALSE; manual <= TRUE; ++manual) {
        const WCHAR *name = own_name(manual ? "manual" : "auto"), *second = own_name(manual ? "second" : "other");
        const HANDLE event = MAKES(CreateEventW(NULL, manual, FALSE, name), NEW_OBJECT);
        const HANDLE missing = MAKES(CreateEventW(NULL, TRUE, FALSE, second), NEW_OBJECT);
        Partner *who = waits_for_both(where, name, second);
        DOES(PulseEvent(event));
        TRUE_THAT(!answers_within(who, 60));
        DOES(SetEvent(missing)); /* the pulse is over: both were never set at one time */
        TRUE_THAT(!answers_within(who, 60));
        DOES(SetEvent(event));
        EQUAL(answer(who), WAIT_OBJECT_0);
    }
}

/* ---- nobody is blocked ------------------------------------------------------------------------------------------- */
CASE_SHARED(a_pulse_for_nobody_is_gone, "PulseEvent-03", ALL, "PulseEvent")
{
    for (BOOL manual = FALSE; manual <= TRUE; ++manual) {
        const WCHAR *name = own_name(manual ? "manual" : "auto");
        const HANDLE event = MAKES(CreateEventW(NULL, manual, FALSE, name), NEW_OBJECT);
        DOES(PulseEvent(event));
        GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
        Partner *late = waiter_for_event(where, name, NULL);
        TRUE_THAT(!answers_within(late, 60));
        DOES(SetEvent(event));
        EQUAL(answer(late), WAIT_OBJECT_0);
    }
}

CASE(a_set_event_is_reset, "PulseEvent-04", ALL, "PulseEvent")
{
    for (BOOL manual = FALSE; manual <= TRUE; ++manual) {
        const HANDLE event = MAKES(CreateEventW(NULL, manual, TRUE, NULL), NEW_OBJECT);
        DOES(PulseEvent(event));
        GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
        GIVES(WaitForSingleObject(event, 20), WAIT_TIMEOUT, SAME);
    }
}

/* ---- who comes at the same time ---------------------------------------------------------------------------------- */
/* text: the event's name, number: limit of each wait. Waits until the event of the name + "stop" is set. */
static uint64_t count_of_waits_that_passed(const Ask *ask)
{
    const HANDLE event = OpenEventW(EVENT_ALL_ACCESS, FALSE, ask->text);
    uint64_t passed = 0;
    for (HANDLE stop = ask->handle; WaitForSingleObject(stop, 0) != WAIT_OBJECT_0;) {
        const DWORD result = WaitForSingleObject(event, (DWORD)ask->number);
        if (result == WAIT_OBJECT_0) ++passed;
        else if (result != WAIT_TIMEOUT) return 1000000;
    }
    return passed;
}

/* Pulses while others wait; gives back how many of their waits passed. */
static uint64_t pulses_among(Where where, BOOL manual, DWORD limit, unsigned pulses)
{
    const WCHAR *name = own_name("rain"), *stop_name = own_name("stop");
    const HANDLE event = MAKES(CreateEventW(NULL, manual, FALSE, name), NEW_OBJECT);
    const HANDLE stop = MAKES(CreateEventW(NULL, TRUE, FALSE, stop_name), NEW_OBJECT);
    Partner *all[WAITERS];
    for (int i = 0; i < WAITERS; ++i) {
        HANDLE theirs;
        all[i] = partner_with_event(where, stop_name, &theirs);
        tell(all[i], count_of_waits_that_passed, .text = name, .handle = theirs, .number = limit);
    }
    for (unsigned i = 0; i < pulses; ++i) {
        DOES(PulseEvent(event));
        if (i % 16 == 0) pause_ms(1);
    }
    DOES(SetEvent(stop));
    uint64_t passed = 0;
    for (int i = 0; i < WAITERS; ++i) passed += answer(all[i]);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    return passed;
}

CASE_SHARED(who_comes_meanwhile_may_miss_it_but_no_two_get_it, "PulseEvent-08 PulseEvent-02", ALL, "PulseEvent")
{
    enum { PULSES = 300 };
    BETWEEN(pulses_among(where, FALSE, 2, PULSES), 0, PULSES);
}

CASE_SHARED(a_wait_without_time_never_meets_a_pulse, "PulseEvent-03 PulseEvent-08", ALL,
            "PulseEvent: sets the state to nonsignaled and returns if no thread waits")
{
    EQUAL(pulses_among(where, TRUE, 0, 1000), 0);
}

/* ---- what is no event to pulse ----------------------------------------------------------------------------------- */
CASE(what_is_no_event_is_not_pulsed, "PulseEvent-06 Gen-26 Gen-27", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = MAKES(CreateEventW(NULL, TRUE, TRUE, NULL), NEW_OBJECT);
    DOES(CloseHandle(closed));
    REFUSES(PulseEvent(closed), ERROR_INVALID_HANDLE);
    REFUSES(PulseEvent(NULL), ERROR_INVALID_HANDLE);
    REFUSES(PulseEvent(as_handle(0x7FFFFFF4)), ERROR_INVALID_HANDLE);
    for (Kind kind = MUTEX; kind < KINDS; ++kind) {
        const HANDLE other = MAKES(create_kind(kind, NULL), NEW_OBJECT);
        REFUSES(PulseEvent(other), ERROR_INVALID_HANDLE);
    }
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 1, 1, NULL), NEW_OBJECT);
    REFUSES(PulseEvent(semaphore), ERROR_INVALID_HANDLE);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, SAME); /* not touched */
}

CASE_SHARED(a_handle_without_the_right_does_not_pulse, "PulseEvent-07 Gen-28", CE | NT, "PulseEvent: hEvent")
{
    const WCHAR *name = own_name("right");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    const HANDLE weak = OPENS(OpenEventW(SYNCHRONIZE, FALSE, name));
    Partner *waiter = waiter_for_event(where, name, NULL);
    REFUSES(PulseEvent(weak), ERROR_ACCESS_DENIED);
    TRUE_THAT(!answers_within(waiter, 60));
    DOES(SetEvent(event));
    EQUAL(answer(waiter), WAIT_OBJECT_0);
    REFUSES(PulseEvent(weak), ERROR_ACCESS_DENIED);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME); /* still set */
}
