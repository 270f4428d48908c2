/* thread_stop.c - TerminateThread, SuspendThread, ResumeThread. */
#include "conformance/harness/kinds.h"
#include "conformance/harness/threads.h"

/* ---- routines ---------------------------------------------------------------------------------------------------- */
static volatile unsigned counter, went_on;

static unsigned counted(void) { return __atomic_load_n(&counter, __ATOMIC_SEQ_CST); }

static DWORD WINAPI counts(LPVOID stop)
{
    while (stop == NULL || !__atomic_load_n((bool *)stop, __ATOMIC_SEQ_CST))
        __atomic_add_fetch(&counter, 1, __ATOMIC_SEQ_CST);
    return 4;
}

static DWORD WINAPI waits_for(LPVOID event)
{
    __atomic_add_fetch(&counter, 1, __ATOMIC_SEQ_CST);
    WaitForSingleObject(event, INFINITE);
    ++went_on;
    return 3;
}

static DWORD WINAPI sleeps(LPVOID unused)
{
    (void)unused;
    Sleep(INFINITE);
    ++went_on;
    return 3;
}

static void has_begun(void)
{
    for (const unsigned before = counted(); counted() == before;) pause_ms(1);
}

/* One that sleeps in its wait. */
static HANDLE waiting_thread(HANDLE event)
{
    const HANDLE thread = thread_of(waits_for, event);
    while (counted() == 0) pause_ms(1);
    GIVES(WaitForSingleObject(thread, 50), WAIT_TIMEOUT, SAME);
    return thread;
}

/* ---- TerminateThread --------------------------------------------------------------------------------------------- */
static void is_terminated(HANDLE thread, DWORD code)
{
    GIVES(TerminateThread(thread, code), TRUE, SAME);
    ended(thread);
    EQUAL(exit_code(thread), code);
}

CASE(a_waiting_thread_is_terminated, "Thread-10", ALL, "TerminateThread")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    const HANDLE thread = waiting_thread(event);
    is_terminated(thread, 77);
    DOES(SetEvent(event)); /* its wait is gone: the event is taken by nobody */
    GIVES(WaitForSingleObject(event, 50), WAIT_OBJECT_0, SAME);
    EQUAL(went_on, 0);
}

CASE(a_sleeping_thread_is_terminated, "Thread-10", ALL, "TerminateThread")
{
    const HANDLE thread = thread_of(sleeps, NULL);
    GIVES(WaitForSingleObject(thread, 30), WAIT_TIMEOUT, SAME);
    is_terminated(thread, 0xFFFFFFFF);
    EQUAL(went_on, 0);
}

CASE(a_busy_thread_is_terminated, "Thread-10", ALL, "TerminateThread")
{
    const HANDLE thread = thread_of(counts, NULL);
    has_begun();
    is_terminated(thread, 78);
    const unsigned then = counted();
    pause_ms(30);
    EQUAL(counted(), then);
}

CASE(a_suspended_thread_is_terminated, "Thread-10", ALL, "TerminateThread")
{
    const HANDLE thread = OPENS(CreateThread(NULL, 0, counts, NULL, CREATE_SUSPENDED, NULL));
    is_terminated(thread, 79);
    EQUAL(counted(), 0);
}

struct Two {
    HANDLE mutexes[2], ready;
};

static DWORD WINAPI owns_two(LPVOID argument)
{
    const struct Two *two = argument;
    WaitForSingleObject(two->mutexes[0], INFINITE);
    WaitForSingleObject(two->mutexes[0], INFINITE);
    WaitForSingleObject(two->mutexes[1], INFINITE);
    SetEvent(two->ready);
    Sleep(INFINITE);
    return 0;
}

CASE_SHARED(what_a_terminated_thread_owns_is_abandoned, "Thread-11 Life-10", ALL, "TerminateThread; Mutex Objects")
{
    const WCHAR *name = own_name("owned");
    const HANDLE named = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    const HANDLE other = MAKES(CreateMutexW(NULL, FALSE, NULL), NEW_OBJECT);
    struct Two two = {{named, other}, manual_event()};
    const HANDLE thread = thread_of(owns_two, &two);
    GIVES(WaitForSingleObject(two.ready, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    HANDLE theirs;
    Partner *waiter = waiter_for_mutex(where, name, &theirs);
    is_terminated(thread, 1);
    EQUAL(answer(waiter), WAIT_ABANDONED);
    EQUAL(ask(waiter, release_mutex, .handle = theirs), TRUE);
    GIVES(WaitForSingleObject(two.mutexes[0], LONG_ENOUGH), WAIT_OBJECT_0, SAME); /* told once */
    GIVES(WaitForSingleObject(two.mutexes[1], LONG_ENOUGH), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(two.mutexes[0]));
    DOES(ReleaseMutex(two.mutexes[1]));
}

CASE(terminating_a_terminated_thread_is_nothing, "Thread-12", ALL, "TerminateThread")
{
    const HANDLE thread = thread_of(sleeps, NULL);
    is_terminated(thread, 5);
    GIVES(TerminateThread(thread, 6), TRUE, SAME);
    EQUAL(exit_code(thread), 5);
}

CASE(what_is_no_thread_is_not_terminated, "Thread-13 Gen-26 Gen-27", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = manual_event(), event = manual_event();
    DOES(CloseHandle(closed));
    const HANDLE bad[] = {NULL, closed, as_handle(0x7FFFFFF4), event, GetCurrentProcess()};
    for (int i = 0; i < 5; ++i) REFUSES(TerminateThread(bad[i], 1), ERROR_INVALID_HANDLE);
}

CASE(terminating_needs_the_right, "Thread-13 Gen-28", CE | NT, "TerminateThread: hThread")
{
    DWORD id = 0;
    const HANDLE event = manual_event(), thread = OPENS(CreateThread(NULL, 0, waits_for, event, 0, &id));
    const HANDLE weak = OPENS(OpenThread(SYNCHRONIZE | THREAD_QUERY_INFORMATION | THREAD_SUSPEND_RESUME, FALSE, id));
    REFUSES(TerminateThread(weak, 1), ERROR_ACCESS_DENIED);
    DOES(SetEvent(event));
    ended(thread);
    EQUAL(exit_code(thread), 3);
}

/* ---- locks of the process ---------------------------------------------------------------------------------------- */
static struct {
    CRITICAL_SECTION section;
    SRWLOCK lock;
    HANDLE ready;
} locks;

static DWORD WINAPI holds_locks(LPVOID unused)
{
    (void)unused;
    EnterCriticalSection(&locks.section);
    AcquireSRWLockExclusive(&locks.lock);
    SetEvent(locks.ready);
    Sleep(INFINITE);
    return 0;
}

static uint64_t try_locks(const Ask *ask)
{
    return (ask->number == 0 ? TryEnterCriticalSection(&locks.section) : 0) + TryAcquireSRWLockExclusive(&locks.lock);
}

CASE(locks_of_a_terminated_thread_stay_locked, "Thread-25", ALL, "TerminateThread: remarks")
{
    InitializeCriticalSection(&locks.section);
    InitializeSRWLock(&locks.lock);
    locks.ready = manual_event();
    const HANDLE thread = thread_of(holds_locks, NULL);
    GIVES(WaitForSingleObject(locks.ready, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    is_terminated(thread, 1);
    pause_ms(30);
    EQUAL(TryEnterCriticalSection(&locks.section), 0);
    EQUAL(TryAcquireSRWLockExclusive(&locks.lock), 0);
    EQUAL(ask(partner(IN_A_THREAD), try_locks, .number = 0), 0);
}

/* ---- SuspendThread, ResumeThread --------------------------------------------------------------------------------- */
CASE(a_suspended_thread_does_not_run, "Thread-15 Thread-14", ALL, "SuspendThread; ResumeThread")
{
    static bool stop;
    const HANDLE thread = thread_of(counts, &stop);
    has_begun();
    GIVES(SuspendThread(thread), 0, SAME);
    pause_ms(20);
    const unsigned then = counted();
    GIVES(SuspendThread(thread), 1, SAME);
    GIVES(SuspendThread(thread), 2, SAME);
    pause_ms(20);
    EQUAL(counted(), then);
    GIVES(ResumeThread(thread), 3, SAME);
    GIVES(ResumeThread(thread), 2, SAME);
    pause_ms(20);
    EQUAL(counted(), then); /* suspended once more than resumed */
    GIVES(ResumeThread(thread), 1, SAME);
    has_begun();
    GIVES(ResumeThread(thread), 0, SAME); /* was running */
    __atomic_store_n(&stop, true, __ATOMIC_SEQ_CST);
    ended(thread);
    EQUAL(exit_code(thread), 4);
}

CASE(resuming_a_new_thread_counts_as_well, "Thread-14 Thread-15 Thread-02", ALL, "ResumeThread; SuspendThread")
{
    static bool stop = true;
    const HANDLE thread = OPENS(CreateThread(NULL, 0, counts, &stop, CREATE_SUSPENDED, NULL));
    GIVES(SuspendThread(thread), 1, SAME);
    GIVES(ResumeThread(thread), 2, SAME);
    GIVES(WaitForSingleObject(thread, 30), WAIT_TIMEOUT, SAME);
    GIVES(ResumeThread(thread), 1, SAME);
    ended(thread);
}

CASE(there_is_a_limit_to_suspending, "Thread-16", ALL, "SuspendThread: MAXIMUM_SUSPEND_COUNT")
{
    static bool stop = true;
    EQUAL(MAXIMUM_SUSPEND_COUNT, 127);
    const HANDLE thread = OPENS(CreateThread(NULL, 0, counts, &stop, CREATE_SUSPENDED, NULL));
    for (DWORD count = 1; count < 127; ++count) GIVES(SuspendThread(thread), count, SAME);
    GIVES(SuspendThread(thread), 0xFFFFFFFF, ERROR_SIGNAL_REFUSED);
    GIVES(SuspendThread(thread), 0xFFFFFFFF, ERROR_SIGNAL_REFUSED);
    for (DWORD count = 127; count > 0; --count) GIVES(ResumeThread(thread), count, SAME);
    ended(thread);
}

CASE(a_thread_that_has_ended_is_not_suspended, "Thread-17", ALL, "seen on Wine 8.0")
{
    static bool stop = true;
    const HANDLE thread = thread_of(counts, &stop);
    ended(thread);
    GIVES(SuspendThread(thread), 0xFFFFFFFF, ERROR_ACCESS_DENIED);
}

CASE(a_thread_that_has_ended_was_not_suspended, "Thread-18", ALL, "seen on Wine 8.0")
{
    static bool stop = true;
    const HANDLE thread = thread_of(counts, &stop);
    ended(thread);
    GIVES(ResumeThread(thread), 0, SAME);
}

CASE(what_is_no_thread_is_not_suspended, "Thread-19 Gen-26 Gen-27", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = manual_event();
    DOES(CloseHandle(closed));
    const HANDLE bad[] = {NULL, closed, as_handle(0x7FFFFFF4), GetCurrentProcess()};
    for (int i = 0; i < 4; ++i) {
        GIVES(SuspendThread(bad[i]), 0xFFFFFFFF, ERROR_INVALID_HANDLE);
        GIVES(ResumeThread(bad[i]), 0xFFFFFFFF, ERROR_INVALID_HANDLE);
    }
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        const HANDLE other = MAKES(create_kind(kind, NULL), NEW_OBJECT);
        GIVES(SuspendThread(other), 0xFFFFFFFF, ERROR_INVALID_HANDLE);
        GIVES(ResumeThread(other), 0xFFFFFFFF, ERROR_INVALID_HANDLE);
    }
}

/* Whether it is released before it is resumed is not said; but one is released once, and no signal is lost. */
CASE(a_signal_for_a_suspended_waiter_is_not_lost, "Thread-20", ALL, "SuspendThread: remarks; Event Objects")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    const HANDLE thread = waiting_thread(event);
    GIVES(SuspendThread(thread), 0, SAME);
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(thread, 50), WAIT_TIMEOUT, SAME);
    EQUAL(went_on, 0);
    GIVES(ResumeThread(thread), 1, SAME);
    ended(thread);
    EQUAL(exit_code(thread), 3);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}
