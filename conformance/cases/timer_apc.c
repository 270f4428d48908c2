/* timer_apc.c - completion routines of waitable timers. */
#include "conformance/harness/suite.h"

enum { MINUTES = 600000, TICK = 16 };
static const LONGLONG ms = 10000; /* in units of 100 ns */

static struct {
    unsigned count;
    void *argument;
    LONGLONG signaled;
    DWORD thread;
} ran;

static VOID CALLBACK note(LPVOID argument, DWORD low, DWORD high)
{
    ++ran.count;
    ran.argument = argument;
    ran.signaled = ((LONGLONG)high << 32) | low;
    ran.thread = GetCurrentThreadId();
}

static BOOL set(HANDLE timer, LONG in_ms, LONG period, void *argument)
{
    const LARGE_INTEGER due = {.QuadPart = -in_ms * ms};
    return SetWaitableTimer(timer, &due, period, note, argument, FALSE);
}

static HANDLE manual_timer(void) { return MAKES(CreateWaitableTimerW(NULL, TRUE, NULL), NEW_OBJECT); }

static LONGLONG system_time(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return ((LONGLONG)now.dwHighDateTime << 32) | now.dwLowDateTime;
}

static uint64_t alertable_sleep(const Ask *ask) { return SleepEx((DWORD)ask->number, TRUE); }

/* ---- when it runs, and what it is told --------------------------------------------------------------------------- */
CASE(the_routine_runs_in_an_alertable_wait, "Timer-23", ALL, "SetWaitableTimer: pfnCompletionRoutine")
{
    static int marker;
    const HANDLE timer = manual_timer();
    const uint64_t begin = now_ms();
    GIVES(set(timer, 40, 0, &marker), TRUE, SAME);
    GIVES(SleepEx(LONG_ENOUGH, TRUE), WAIT_IO_COMPLETION, SAME);
    BETWEEN(now_ms() - begin, 40 - TICK, LONG_ENOUGH);
    EQUAL(ran.count, 1);
    TRUE_THAT(ran.argument == &marker);
    EQUAL(ran.thread, GetCurrentThreadId());
    GIVES(WaitForSingleObject(timer, 0), WAIT_OBJECT_0, SAME); /* the timer is signaled as well */
    GIVES(SleepEx(30, TRUE), 0, SAME);                         /* once */
    EQUAL(ran.count, 1);
}

CASE(the_routine_is_told_when_it_was_signaled, "Timer-23", ALL, "PTIMERAPCROUTINE: dwTimerLowValue, dwTimerHighValue")
{
    const HANDLE timer = manual_timer();
    const LONGLONG begin = system_time();
    DOES(set(timer, 40, 0, NULL));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    const LONGLONG seen = system_time();
    pause_ms(3 * TICK);
    GIVES(SleepEx(LONG_ENOUGH, TRUE), WAIT_IO_COMPLETION, SAME);
    BETWEEN(ran.signaled, (uint64_t)(begin + (40 - 2 * TICK) * ms), (uint64_t)(seen + TICK * ms));
}

CASE(the_routine_waits_for_an_alertable_wait, "Timer-23 Apc-08", ALL,
     "SetWaitableTimer: remarks; Waitable Timer Objects")
{
    const HANDLE timer = manual_timer();
    DOES(set(timer, 5, 0, NULL));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    GIVES(SleepEx(30, FALSE), 0, SAME);
    EQUAL(ran.count, 0);
    GIVES(WaitForSingleObjectEx(timer, 0, FALSE), WAIT_OBJECT_0, SAME);
    EQUAL(ran.count, 0);
    GIVES(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(ran.count, 1);
}

CASE(the_routine_runs_in_no_other_thread, "Timer-23", ALL, "SetWaitableTimer: the thread that set the timer")
{
    const HANDLE timer = manual_timer();
    Partner *other = partner(IN_A_THREAD);
    tell(other, alertable_sleep, .number = 100);
    DOES(set(timer, 5, 0, NULL));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    EQUAL(answer(other), 0);
    EQUAL(ran.count, 0);
    GIVES(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(ran.count, 1);
    EQUAL(ran.thread, GetCurrentThreadId());
}

static void runs_in_each_period(HANDLE timer)
{
    const HANDLE never = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    DOES(set(timer, 10, 10, NULL));
    for (unsigned i = 1; i <= 3; ++i) {
        GIVES(WaitForSingleObjectEx(never, LONG_ENOUGH, TRUE), WAIT_IO_COMPLETION, SAME);
        TRUE_THAT(ran.count >= i);
    }
    DOES(CancelWaitableTimer(timer));
    const unsigned until_then = ran.count;
    GIVES(SleepEx(60, TRUE), 0, SAME);
    EQUAL(ran.count, until_then);
}

CASE(the_routine_runs_in_each_period, "Timer-23 Timer-13", ALL, "SetWaitableTimer: lPeriod")
{
    runs_in_each_period(MAKES(CreateWaitableTimerW(NULL, FALSE, NULL), NEW_OBJECT));
}
CASE(the_routine_of_a_manual_timer_runs_in_each_period, "Timer-23 Timer-13", ALL, "Waitable Timer Objects")
{
    runs_in_each_period(manual_timer());
}

/* ---- Cancel and Set take it back --------------------------------------------------------------------------------- */
CASE(cancelling_takes_the_routine_back, "Timer-24", ALL, "CancelWaitableTimer; Waitable Timer Objects")
{
    const HANDLE timer = manual_timer();
    DOES(set(timer, 5, 0, NULL));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    pause_ms(20);
    GIVES(CancelWaitableTimer(timer), TRUE, SAME);
    GIVES(SleepEx(20, TRUE), 0, SAME);
    EQUAL(ran.count, 0);
    GIVES(WaitForSingleObject(timer, 0), WAIT_OBJECT_0, SAME);
}

CASE(setting_anew_takes_the_routine_back, "Timer-24", ALL, "SetWaitableTimer: remarks")
{
    static int first, second;
    const HANDLE timer = manual_timer();
    DOES(set(timer, 5, 0, &first));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    pause_ms(20);
    DOES(set(timer, MINUTES, 0, &second));
    GIVES(SleepEx(20, TRUE), 0, SAME);
    EQUAL(ran.count, 0);
    DOES(set(timer, 5, 0, &second));
    GIVES(SleepEx(LONG_ENOUGH, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(ran.count, 1);
    TRUE_THAT(ran.argument == &second);
}

/* ---- who set it ends --------------------------------------------------------------------------------------------- */
static uint64_t set_with_routine(const Ask *ask) /* text: the timer's name, number: milliseconds, more: period */
{
    const HANDLE timer = OpenWaitableTimerW(TIMER_ALL_ACCESS, FALSE, ask->text);
    return (uint64_t)set(timer, (LONG)ask->number, (LONG)ask->more, NULL);
}

CASE_SHARED(a_timer_with_a_routine_ends_with_its_thread, "Timer-25", ALL, "SetWaitableTimer: remarks")
{
    const WCHAR *name = own_name("ends");
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, FALSE, name), NEW_OBJECT);
    for (LONG soon = 200;; soon *= 2) { /* until it has ended in time */
        const uint64_t begin = now_ms();
        Partner *setter = partner(where);
        EQUAL(ask(setter, set_with_routine, .text = name, .number = (uint64_t)soon, .more = 20), TRUE);
        let_go(setter);
        if (now_ms() - begin + TICK >= (uint64_t)soon) continue;
        GIVES(WaitForSingleObject(timer, (DWORD)soon + 60), WAIT_TIMEOUT, SAME);
        break;
    }
}

CASE_SHARED(a_signaled_timer_stays_so_when_its_thread_ends, "Timer-25", ALL, "SetWaitableTimer: remarks")
{
    const WCHAR *name = own_name("stays");
    const HANDLE timer = MAKES(CreateWaitableTimerW(NULL, TRUE, name), NEW_OBJECT);
    Partner *setter = partner(where);
    EQUAL(ask(setter, set_with_routine, .text = name, .number = 5), TRUE);
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    let_go(setter);
    GIVES(WaitForSingleObject(timer, 0), WAIT_OBJECT_0, SAME);
}
