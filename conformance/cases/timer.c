/* timer.c - waitable timers: when they are signaled, periods, cancelling, who ends. */
#include "conformance/harness/kinds.h"

enum { MINUTES = 600000, TICK = 16 }; /* never, for a case; a clock's step, by which a timer may seem early */

static const LONGLONG ms = 10000; /* in units of 100 ns */

/* In so many milliseconds from now; period 0: once. */
static BOOL set(HANDLE timer, LONG in_ms, LONG period)
{
    const LARGE_INTEGER due = {.QuadPart = -in_ms * ms};
    return SetWaitableTimer(timer, &due, period, NULL, NULL, FALSE);
}

static BOOL set_at(HANDLE timer, LONGLONG when)
{
    const LARGE_INTEGER due = {.QuadPart = when};
    return SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE);
}

static HANDLE manual_timer(void) { return MAKES(CreateWaitableTimerW(NULL, TRUE, NULL), NEW_OBJECT); }
static HANDLE auto_timer(void) { return MAKES(CreateWaitableTimerW(NULL, FALSE, NULL), NEW_OBJECT); }

static LONGLONG system_time(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return ((LONGLONG)now.dwHighDateTime << 32) | now.dwLowDateTime;
}

static uint64_t make_timer(const Ask *ask) /* text, number: manual */
{
    return (uint64_t)(uintptr_t)CreateWaitableTimerW(NULL, (BOOL)ask->number, ask->text);
}

static uint64_t set_timer(const Ask *ask) /* handle, number: milliseconds, more: period */
{
    return (uint64_t)set(ask->handle, (LONG)ask->number, (LONG)ask->more);
}

static Partner *partner_with_timer(Where where, const WCHAR *name, HANDLE *theirs)
{
    Partner *who = partner(where);
    *theirs = as_handle(ask(who, make_timer, .text = name));
    TRUE_THAT(*theirs != NULL);
    EQUAL(error_of(who), ERROR_ALREADY_EXISTS);
    return who;
}

/* ---- due times --------------------------------------------------------------------------------------------------- */
CASE_SHARED(a_relative_due_time, "Timer-06", ALL, "SetWaitableTimer: lpDueTime")
{
    const WCHAR *name = own_name("relative");
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, TRUE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *waiter = partner_with_timer(where, name, &theirs);
    tell(waiter, wait_for, .handle = theirs, .number = INFINITE);
    const uint64_t begin = now_ms();
    GIVES(set(timer, 80, 0), TRUE, SAME);
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    BETWEEN(now_ms() - begin, 80 - TICK, LONG_ENOUGH);
    EQUAL(answer(waiter), WAIT_OBJECT_0);
    BETWEEN(now_ms() - begin, 80 - TICK, 2 * LONG_ENOUGH);
}

CASE(a_due_time_far_away, "Timer-06 Timer-07", ALL, "SetWaitableTimer: lpDueTime")
{
    const LONGLONG far_away[] = {-MINUTES * ms, -(LONGLONG)0x7FFFFFFFFFFFFFFF, 0x7FFFFFFFFFFFFFFF};
    const HANDLE timer = manual_timer();
    for (int i = 0; i < 3; ++i) {
        GIVES(set_at(timer, far_away[i]), TRUE, SAME);
        GIVES(WaitForSingleObject(timer, 20), WAIT_TIMEOUT, SAME);
    }
}

CASE(an_absolute_due_time, "Timer-07", ALL, "SetWaitableTimer: lpDueTime")
{
    const HANDLE timer = auto_timer();
    const uint64_t begin = now_ms();
    const LONGLONG due = system_time() + 80 * ms;
    GIVES(set_at(timer, due), TRUE, SAME);
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    BETWEEN(now_ms() - begin, 80 - 2 * TICK, LONG_ENOUGH);
    TRUE_THAT(system_time() >= due - TICK * ms);
    GIVES(WaitForSingleObject(timer, 0), WAIT_TIMEOUT, SAME);
}

CASE(a_due_time_that_is_over, "Timer-08", ALL, "SetWaitableTimer: lpDueTime")
{
    const LONGLONG over[] = {0, 1, system_time() - 1, system_time() - MINUTES * ms};
    for (int i = 0; i < 4; ++i) {
        const HANDLE manual = manual_timer(), once = auto_timer();
        GIVES(set_at(manual, over[i]), TRUE, SAME);
        GIVES(WaitForSingleObject(manual, 0), WAIT_OBJECT_0, SAME);
        GIVES(set_at(once, over[i]), TRUE, SAME);
        GIVES(WaitForSingleObject(once, 0), WAIT_OBJECT_0, SAME);
        GIVES(WaitForSingleObject(once, 20), WAIT_TIMEOUT, SAME);
    }
}

CASE(setting_a_signaled_timer_resets_it, "Timer-09", ALL, "Waitable Timer Objects; SetWaitableTimer: remarks")
{
    const HANDLE timer = manual_timer();
    DOES(set(timer, 0, 0));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    DOES(set(timer, MINUTES, 0));
    GIVES(WaitForSingleObject(timer, 20), WAIT_TIMEOUT, SAME);
    DOES(set(timer, 20, 0));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
}

CASE_SHARED(setting_an_active_timer_forgets_the_old_due_time, "Timer-10", ALL, "SetWaitableTimer: remarks")
{
    const WCHAR *name = own_name("again");
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *waiter = partner_with_timer(where, name, &theirs);
    DOES(set(timer, MINUTES, 0));
    tell(waiter, wait_for, .handle = theirs, .number = INFINITE);
    until_blocked(waiter);
    for (LONG soon = 200;; soon *= 2) { /* until it is set anew in time */
        const uint64_t begin = now_ms();
        DOES(set(timer, soon, 0));
        DOES(set(timer, MINUTES, 0));
        if (now_ms() - begin + TICK < (uint64_t)soon) {
            TRUE_THAT(!answers_within(waiter, soon + 50));
            break;
        }
        DOES(set(timer, 0, 0)); /* it may have been released already, or not */
        EQUAL(answer(waiter), WAIT_OBJECT_0);
        DOES(set(timer, MINUTES, 0));
        tell(waiter, wait_for, .handle = theirs, .number = INFINITE);
        until_blocked(waiter);
    }
    DOES(set(timer, 10, 0));
    EQUAL(answer(waiter), WAIT_OBJECT_0);
}

/* ---- manual-reset, and not --------------------------------------------------------------------------------------- */
enum { WAITERS = 3 };

static void blocked_waiters(Where where, const WCHAR *name, Partner **all)
{
    HANDLE theirs;
    for (int i = 0; i < WAITERS; ++i) {
        all[i] = partner_with_timer(where, name, &theirs);
        tell(all[i], wait_for, .handle = theirs, .number = INFINITE);
        until_blocked(all[i]);
    }
}

CASE_SHARED(a_manual_timer_stays_signaled, "Timer-11", ALL, "Waitable Timer Objects")
{
    const WCHAR *name = own_name("manual");
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, TRUE, name), NEW_OBJECT);
    Partner *all[WAITERS];
    blocked_waiters(where, name, all);
    DOES(set(timer, 20, 0));
    for (int i = 0; i < WAITERS; ++i) EQUAL(answer(all[i]), WAIT_OBJECT_0);
    for (int i = 0; i < 3; ++i) GIVES(WaitForSingleObject(timer, 0), WAIT_OBJECT_0, SAME);
}

CASE_SHARED(a_synchronization_timer_releases_one, "Timer-12", ALL, "Waitable Timer Objects")
{
    const WCHAR *name = own_name("auto");
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, FALSE, name), NEW_OBJECT);
    Partner *all[WAITERS];
    blocked_waiters(where, name, all);
    for (int wanted = 1; wanted <= WAITERS; ++wanted) {
        DOES(set(timer, 10, 0));
        int count = 0;
        for (const uint64_t begin = now_ms(); count < wanted && now_ms() - begin < LONG_ENOUGH;)
            for (int i = count = 0; i < WAITERS; ++i) count += answers_within(all[i], 20);
        pause_ms(60);
        for (int i = count = 0; i < WAITERS; ++i) count += answers_within(all[i], 0);
        EQUAL(count, wanted);
        GIVES(WaitForSingleObject(timer, 0), WAIT_TIMEOUT, SAME);
    }
    for (int i = 0; i < WAITERS; ++i) EQUAL(answer(all[i]), WAIT_OBJECT_0);
}

/* ---- periods ----------------------------------------------------------------------------------------------------- */
CASE_SHARED(a_period_goes_on_until_it_is_cancelled, "Timer-13 Timer-17", ALL, "SetWaitableTimer: lPeriod")
{
    const WCHAR *name = own_name("period");
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = partner_with_timer(where, name, &theirs);
    const uint64_t begin = now_ms();
    DOES(set(timer, 60, 30));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    BETWEEN(now_ms() - begin, 60 - TICK, LONG_ENOUGH);
    EQUAL(ask(other, wait_for, .handle = theirs, .number = LONG_ENOUGH), WAIT_OBJECT_0);
    for (int i = 0; i < 2; ++i) GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    BETWEEN(now_ms() - begin, 60 + 3 * 30 - TICK, 2 * LONG_ENOUGH); /* at 60, 90, 120, 150 */
    DOES(CancelWaitableTimer(timer));
    WaitForSingleObject(timer, 0); /* a tick that came before */
    GIVES(WaitForSingleObject(timer, 100), WAIT_TIMEOUT, SAME);
}

CASE(a_period_goes_on_until_it_is_set_anew, "Timer-13", ALL, "SetWaitableTimer: lPeriod")
{
    const HANDLE timer = auto_timer();
    DOES(set(timer, 0, 10));
    for (int i = 0; i < 3; ++i) GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    DOES(set(timer, MINUTES, 0));
    WaitForSingleObject(timer, 0); /* a tick that came before: what setting does with it is not said for these timers */
    GIVES(WaitForSingleObject(timer, 80), WAIT_TIMEOUT, SAME);
}

CASE(periods_that_nobody_waited_for_do_not_add_up, "Timer-14 Timer-18", ALL, "Waitable Timer Objects")
{
    const HANDLE timer = auto_timer();
    DOES(set(timer, 1, 5));
    pause_ms(100);
    DOES(CancelWaitableTimer(timer)); /* no further tick; what is signaled stays so */
    GIVES(WaitForSingleObject(timer, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(timer, 20), WAIT_TIMEOUT, SAME);
}

CASE(a_period_below_0_is_refused, "Timer-15", ALL, "SetWaitableTimer: lPeriod must be greater than or equal to zero")
{
    const LONG periods[] = {-1, -1000, -0x7FFFFFFF - 1};
    const HANDLE timer = manual_timer();
    for (int i = 0; i < 3; ++i) {
        REFUSES(set(timer, 0, periods[i]), ERROR_INVALID_PARAMETER);
        GIVES(WaitForSingleObject(timer, 20), WAIT_TIMEOUT, SAME); /* it was not set */
    }
}

/* ---- resume ------------------------------------------------------------------------------------------------------ */
CASE(without_resume_the_timer_is_set_all_the_same, "Timer-16", ALL, "SetWaitableTimer: fResume")
{
    const HANDLE timer = manual_timer();
    const LARGE_INTEGER due = {.QuadPart = -20 * ms};
    GIVES(SetWaitableTimer(timer, &due, 0, NULL, NULL, TRUE), TRUE, ERROR_NOT_SUPPORTED);
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
}

/* ---- CancelWaitableTimer ----------------------------------------------------------------------------------------- */
static uint64_t cancel_timer(const Ask *ask) { return (uint64_t)CancelWaitableTimer(ask->handle); }

CASE_SHARED(a_cancelled_timer_does_not_fire, "Timer-17", ALL, "CancelWaitableTimer")
{
    const WCHAR *name = own_name("cancel");
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, TRUE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = partner_with_timer(where, name, &theirs);
    for (LONG soon = 150;; soon *= 2) { /* until it is cancelled in time */
        const uint64_t begin = now_ms();
        DOES(set(timer, soon, soon));
        EQUAL(ask(other, cancel_timer, .handle = theirs), TRUE);
        EQUAL(error_of(other), SAME);
        if (now_ms() - begin + TICK >= (uint64_t)soon) continue;
        GIVES(WaitForSingleObject(timer, (DWORD)soon + 50), WAIT_TIMEOUT, SAME);
        break;
    }
    DOES(set(timer, 10, 0));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
}

CASE(a_signaled_timer_stays_so_when_cancelled, "Timer-18", ALL,
     "CancelWaitableTimer: does not change the signaled state")
{
    const HANDLE manual = manual_timer(), once = auto_timer();
    DOES(set(manual, 0, 0));
    DOES(set(once, 0, 0));
    GIVES(WaitForSingleObject(manual, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    pause_ms(20);
    GIVES(CancelWaitableTimer(manual), TRUE, SAME);
    GIVES(CancelWaitableTimer(once), TRUE, SAME);
    GIVES(WaitForSingleObject(manual, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(once, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(once, 0), WAIT_TIMEOUT, SAME);
}

CASE(cancelling_an_inactive_timer_is_nothing, "Timer-19", ALL, "CancelWaitableTimer")
{
    const HANDLE timer = manual_timer();
    GIVES(CancelWaitableTimer(timer), TRUE, SAME);
    GIVES(CancelWaitableTimer(timer), TRUE, SAME);
    GIVES(WaitForSingleObject(timer, 20), WAIT_TIMEOUT, SAME);
    DOES(set(timer, 0, 0));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
}

/* ---- what is refused --------------------------------------------------------------------------------------------- */
CASE(what_is_no_timer_is_not_set, "Timer-20 Gen-26 Gen-27", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = manual_timer();
    DOES(CloseHandle(closed));
    const HANDLE bad[] = {NULL, closed, as_handle(0x7FFFFFF4)};
    for (int i = 0; i < 3; ++i) {
        REFUSES(set(bad[i], 0, 0), ERROR_INVALID_HANDLE);
        REFUSES(CancelWaitableTimer(bad[i]), ERROR_INVALID_HANDLE);
    }
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        if (kind == TIMER) continue;
        const HANDLE other = MAKES(create_kind(kind, NULL), NEW_OBJECT);
        REFUSES(set(other, 0, 0), ERROR_INVALID_HANDLE);
        REFUSES(CancelWaitableTimer(other), ERROR_INVALID_HANDLE);
        if (kind == EVENT) GIVES(WaitForSingleObject(other, 20), WAIT_TIMEOUT, SAME);
    }
}

CASE(a_timer_is_no_event, "Timer-20 Gen-27", ALL, "seen on Wine 8.0")
{
    const HANDLE timer = manual_timer();
    REFUSES(SetEvent(timer), ERROR_INVALID_HANDLE);
    GIVES(WaitForSingleObject(timer, 0), WAIT_TIMEOUT, SAME);
    DOES(set(timer, 0, 0));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    REFUSES(ResetEvent(timer), ERROR_INVALID_HANDLE);
    REFUSES(ReleaseMutex(timer), ERROR_INVALID_HANDLE);
    GIVES(WaitForSingleObject(timer, 0), WAIT_OBJECT_0, SAME);
}

CASE(a_handle_without_the_right_does_not_set, "Timer-21 Gen-28", CE | NT, "SetWaitableTimer: hTimer")
{
    const WCHAR *name = own_name("right");
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, TRUE, name), NEW_OBJECT);
    const HANDLE weak[] = {OPENS(OpenWaitableTimerW(SYNCHRONIZE, FALSE, name)),
                           MAKES(CreateWaitableTimerExW(NULL, name, 0, SYNCHRONIZE), ERROR_ALREADY_EXISTS)};
    for (int i = 0; i < 2; ++i) {
        REFUSES(set(weak[i], 0, 0), ERROR_ACCESS_DENIED);
        GIVES(WaitForSingleObject(weak[i], 20), WAIT_TIMEOUT, SAME);
        DOES(set(timer, 20, 0));
        REFUSES(CancelWaitableTimer(weak[i]), ERROR_ACCESS_DENIED);
        GIVES(WaitForSingleObject(weak[i], LONG_ENOUGH), WAIT_OBJECT_0, SAME);
        DOES(set(timer, MINUTES, 0));
    }
    const HANDLE setter = OPENS(OpenWaitableTimerW(TIMER_MODIFY_STATE, FALSE, name));
    GIVES(WaitForSingleObject(setter, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    DOES(set(setter, 0, 0));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
}

CASE(a_due_time_must_be_given, "Timer-22 Gen-29", ALL, "LD-14")
{
    const HANDLE timer = manual_timer();
    REFUSES(SetWaitableTimer(timer, NULL, 0, NULL, NULL, FALSE), ERROR_INVALID_PARAMETER);
    GIVES(WaitForSingleObject(timer, 20), WAIT_TIMEOUT, SAME);
}

/* ---- who set it ends --------------------------------------------------------------------------------------------- */
CASE_SHARED(a_timer_goes_on_without_who_set_it, "Timer-26", ALL, "SetWaitableTimer: remarks")
{
    const WCHAR *name = own_name("left");
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *setter = partner_with_timer(where, name, &theirs);
    EQUAL(ask(setter, set_timer, .handle = theirs, .number = 60, .more = 20), TRUE);
    let_go(setter);
    for (int i = 0; i < 4; ++i) GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
}

CASE(a_timer_goes_on_without_the_process_that_set_it, "Timer-27 Life-03", ALL, "SetWaitableTimer: remarks; LD-24")
{
    const WCHAR *name = own_name("killed");
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *setter = partner_with_timer(IN_A_PROCESS, name, &theirs);
    EQUAL(ask(setter, set_timer, .handle = theirs, .number = 60, .more = 20), TRUE);
    kill_partner(setter);
    for (int i = 0; i < 4; ++i) GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
}
