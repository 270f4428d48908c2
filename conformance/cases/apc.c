/* apc.c - QueueUserAPC and alertable waits; Sleep and SleepEx. */
#include "conformance/harness/kinds.h"

enum { TICK = 16 };

/* What ran, in its order, and where. */
static struct {
    unsigned count;
    ULONG_PTR data[64];
    DWORD thread;
} ran;

static VOID CALLBACK note(ULONG_PTR data)
{
    ran.data[ran.count % 64] = data;
    ran.thread = GetCurrentThreadId();
    __atomic_store_n(&ran.count, ran.count + 1, __ATOMIC_RELEASE);
}

static unsigned count(void) { return __atomic_load_n(&ran.count, __ATOMIC_ACQUIRE); }

static HANDLE never(void) { return MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT); }

static uint64_t own_thread(const Ask *ask)
{
    (void)ask;
    return GetCurrentThreadId();
}

/* A handle to the thread of a partner. */
static HANDLE thread_of(Partner *who, DWORD access)
{
    ask(who, make_event, .number = 0); /* a thread is known once it has used the library (LD-25) */
    const DWORD id = (DWORD)ask(who, own_thread, .number = 0);
    return OPENS(OpenThread(access, FALSE, id));
}

static uint64_t alertable_sleep(const Ask *ask) { return SleepEx((DWORD)ask->number, TRUE); }
static uint64_t alertable_wait(const Ask *ask) { return WaitForSingleObjectEx(ask->handle, (DWORD)ask->number, TRUE); }
static uint64_t queue_to(const Ask *ask) { return QueueUserAPC(note, ask->handle, (ULONG_PTR)ask->number); }

/* ---- queueing ---------------------------------------------------------------------------------------------------- */
CASE(it_runs_in_the_thread_with_its_data, "Apc-01 Apc-13", ALL, "QueueUserAPC")
{
    const ULONG_PTR data = (ULONG_PTR)0x123456789ABCDEF0;
    Partner *other = partner(IN_A_THREAD);
    const HANDLE thread = thread_of(other, THREAD_SET_CONTEXT);
    tell(other, alertable_sleep, .number = INFINITE);
    until_blocked(other);
    DOES(QueueUserAPC(note, thread, data));
    EQUAL(answer(other), WAIT_IO_COMPLETION);
    EQUAL(error_of(other), SAME);
    EQUAL(count(), 1);
    TRUE_THAT(ran.data[0] == data);
    EQUAL(ran.thread, ask(other, own_thread, .number = 0));
}

CASE(it_waits_for_the_thread_to_wait, "Apc-01", ALL, "QueueUserAPC")
{
    Partner *other = partner(IN_A_THREAD);
    const HANDLE thread = thread_of(other, THREAD_SET_CONTEXT);
    DOES(QueueUserAPC(note, thread, 7));
    GIVES(SleepEx(30, TRUE), 0, SAME); /* here, it is not queued */
    EQUAL(count(), 0);
    EQUAL(ask(other, alertable_sleep, .number = 0), WAIT_IO_COMPLETION);
    EQUAL(count(), 1);
    EQUAL(ran.data[0], 7);
}

static DWORD WINAPI ends(LPVOID unused)
{
    (void)unused;
    return 5;
}

CASE(a_thread_that_has_ended_takes_none, "Apc-02", ALL, "QueueUserAPC: the thread must not have terminated")
{
    const HANDLE thread = OPENS(CreateThread(NULL, 0, ends, NULL, 0, NULL));
    GIVES(WaitForSingleObject(thread, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    REFUSES(QueueUserAPC(note, thread, 1), ERROR_GEN_FAILURE);
}

CASE(what_is_no_thread_takes_none, "Apc-03 Gen-26 Gen-27", ALL, "QueueUserAPC: hThread")
{
    const HANDLE closed = never();
    DOES(CloseHandle(closed));
    const HANDLE bad[] = {NULL, closed, as_handle(0x7FFFFFF4), GetCurrentProcess()};
    for (int i = 0; i < 4; ++i) REFUSES(QueueUserAPC(note, bad[i], 1), ERROR_INVALID_HANDLE);
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        const HANDLE other = MAKES(create_kind(kind, NULL), NEW_OBJECT);
        REFUSES(QueueUserAPC(note, other, 1), ERROR_INVALID_HANDLE);
    }
    GIVES(SleepEx(0, TRUE), 0, SAME);
    EQUAL(count(), 0);
}

CASE(a_handle_without_the_right_takes_none, "Apc-04 Gen-28", CE | NT, "QueueUserAPC: hThread")
{
    Partner *other = partner(IN_A_THREAD);
    const HANDLE weak = thread_of(other, SYNCHRONIZE | THREAD_QUERY_INFORMATION);
    REFUSES(QueueUserAPC(note, weak, 1), ERROR_ACCESS_DENIED);
    EQUAL(ask(other, alertable_sleep, .number = 20), 0);
    EQUAL(count(), 0);
}

CASE(a_function_must_be_given, "Apc-05 Gen-29", ALL, "LD-14")
{
    REFUSES(QueueUserAPC(NULL, GetCurrentThread(), 1), ERROR_INVALID_PARAMETER);
    GIVES(SleepEx(0, TRUE), 0, SAME);
}

/* ---- running ----------------------------------------------------------------------------------------------------- */
CASE(all_run_in_one_wait_and_in_their_order, "Apc-07", ALL, "QueueUserAPC: remarks")
{
    enum { MANY = 40 };
    for (ULONG_PTR i = 0; i < MANY; ++i) DOES(QueueUserAPC(note, GetCurrentThread(), i));
    EQUAL(count(), 0);
    GIVES(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(count(), MANY);
    for (ULONG_PTR i = 0; i < MANY; ++i) EQUAL(ran.data[i], i);
    GIVES(SleepEx(0, TRUE), 0, SAME);
}

CASE(of_two_who_queue_each_keeps_its_order, "Apc-07", ALL, "QueueUserAPC: remarks")
{
    Partner *sleeper = partner(IN_A_THREAD), *one = partner(IN_A_THREAD);
    const HANDLE thread = thread_of(sleeper, THREAD_SET_CONTEXT);
    for (uint64_t i = 0; i < 20; ++i) {
        tell(one, queue_to, .handle = thread, .number = 2 * i);
        DOES(QueueUserAPC(note, thread, 2 * i + 1));
        TRUE_THAT(answer(one));
    }
    EQUAL(ask(sleeper, alertable_sleep, .number = 0), WAIT_IO_COMPLETION);
    EQUAL(count(), 40);
    ULONG_PTR next[] = {0, 1};
    for (int i = 0; i < 40; ++i) {
        const unsigned from = ran.data[i] % 2;
        EQUAL(ran.data[i], next[from]);
        next[from] += 2;
    }
}

CASE(waits_that_are_not_alertable_run_nothing, "Apc-08", ALL, "QueueUserAPC: remarks; Wait Functions")
{
    const HANDLE event = never(), both[] = {event, never()};
    const HANDLE set = MAKES(CreateEventW(NULL, TRUE, TRUE, NULL), NEW_OBJECT);
    DOES(QueueUserAPC(note, GetCurrentThread(), 1));
    GIVES(WaitForSingleObject(event, 10), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(set, INFINITE), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObjectEx(event, 10, FALSE), WAIT_TIMEOUT, SAME);
    GIVES(WaitForMultipleObjects(2, both, FALSE, 10), WAIT_TIMEOUT, SAME);
    GIVES(WaitForMultipleObjectsEx(2, both, FALSE, 10, FALSE), WAIT_TIMEOUT, SAME);
    GIVES(SleepEx(10, FALSE), 0, SAME);
    Sleep(10);
    Sleep(0);
    EQUAL(count(), 0);
    GIVES(SleepEx(10, TRUE), WAIT_IO_COMPLETION, SAME); /* it was not lost */
    EQUAL(count(), 1);
}

CASE(every_alertable_wait_runs_them, "Apc-13", ALL, "QueueUserAPC: remarks")
{
    const HANDLE both[] = {never(), never()};
    DOES(QueueUserAPC(note, GetCurrentThread(), 1));
    GIVES(WaitForSingleObjectEx(both[0], INFINITE, TRUE), WAIT_IO_COMPLETION, SAME);
    DOES(QueueUserAPC(note, GetCurrentThread(), 2));
    GIVES(WaitForSingleObjectEx(both[0], 0, TRUE), WAIT_IO_COMPLETION, SAME);
    DOES(QueueUserAPC(note, GetCurrentThread(), 3));
    GIVES(WaitForMultipleObjectsEx(2, both, FALSE, INFINITE, TRUE), WAIT_IO_COMPLETION, SAME);
    DOES(QueueUserAPC(note, GetCurrentThread(), 4));
    GIVES(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(count(), 4);
}

CASE(an_interrupted_wait_has_taken_nothing, "Apc-13", ALL, "QueueUserAPC: remarks; Wait Functions")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = partner_with_event(IN_A_THREAD, name, &theirs);
    const HANDLE thread = thread_of(other, THREAD_SET_CONTEXT);
    tell(other, alertable_wait, .handle = theirs, .number = INFINITE);
    until_blocked(other);
    DOES(QueueUserAPC(note, thread, 1));
    EQUAL(answer(other), WAIT_IO_COMPLETION);
    DOES(SetEvent(event)); /* no waiter is left */
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    tell(other, alertable_wait, .handle = theirs, .number = INFINITE);
    until_blocked(other);
    DOES(SetEvent(event));
    EQUAL(answer(other), WAIT_OBJECT_0);
    EQUAL(count(), 1);
}

static unsigned ran_before;

static DWORD WINAPI sees_what_ran(LPVOID unused)
{
    (void)unused;
    ran_before = count();
    return 0;
}

CASE(what_is_queued_before_a_thread_runs_goes_first, "Apc-09", ALL, "QueueUserAPC: remarks")
{
    DWORD id = 0;
    const HANDLE thread = OPENS(CreateThread(NULL, 0, sees_what_ran, NULL, CREATE_SUSPENDED, &id));
    DOES(QueueUserAPC(note, thread, 1));
    DOES(QueueUserAPC(note, thread, 2));
    pause_ms(20);
    EQUAL(count(), 0);
    GIVES(ResumeThread(thread), 1, SAME);
    GIVES(WaitForSingleObject(thread, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    EQUAL(ran_before, 2);
    EQUAL(ran.data[0], 1);
    EQUAL(ran.data[1], 2);
    EQUAL(ran.thread, id);
}

static VOID CALLBACK queues_more(ULONG_PTR rounds)
{
    note(rounds);
    if (rounds > 0) QueueUserAPC(queues_more, GetCurrentThread(), rounds - 1);
}

CASE(one_that_queues_another_is_followed_by_it, "Apc-10", ALL, "Asynchronous Procedure Calls")
{
    DOES(QueueUserAPC(queues_more, GetCurrentThread(), 3));
    GIVES(SleepEx(LONG_ENOUGH, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(count(), 4);
    GIVES(SleepEx(0, TRUE), 0, SAME);
}

static DWORD WINAPI begins_waits_and_ends(LPVOID events)
{
    const HANDLE *both = events;
    SetEvent(both[0]);
    WaitForSingleObject(both[1], INFINITE);
    return 0;
}

CASE(what_is_queued_when_a_thread_ends_is_dropped, "Apc-11", ALL, "QueueUserAPC: remarks")
{
    HANDLE events[2] = {never(), never()};
    const HANDLE thread = OPENS(CreateThread(NULL, 0, begins_waits_and_ends, events, 0, NULL));
    GIVES(WaitForSingleObject(events[0], LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    DOES(QueueUserAPC(note, thread, 1)); /* it has begun: before that, it would make the call first */
    DOES(SetEvent(events[1]));
    GIVES(WaitForSingleObject(thread, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    GIVES(SleepEx(20, TRUE), 0, SAME);
    EQUAL(count(), 0);
}

static VOID CALLBACK sets_last_error(ULONG_PTR error) { SetLastError((DWORD)error); }

CASE(its_last_error_is_the_threads, "Apc-15", ALL, "seen on Wine 8.0")
{
    DOES(QueueUserAPC(sets_last_error, GetCurrentThread(), 1234));
    GIVES(SleepEx(0, TRUE), WAIT_IO_COMPLETION, 1234);
    const HANDLE event = never();
    DOES(QueueUserAPC(sets_last_error, GetCurrentThread(), 4321));
    GIVES(WaitForSingleObjectEx(event, LONG_ENOUGH, TRUE), WAIT_IO_COMPLETION, 4321);
}

/* ---- Sleep ------------------------------------------------------------------------------------------------------- */
CASE(sleeping_takes_its_time, "Apc-12", ALL, "Sleep; SleepEx")
{
    uint64_t begin = now_ms();
    GIVES(SleepEx(60, FALSE), 0, SAME);
    BETWEEN(now_ms() - begin, 60 - TICK, LONG_ENOUGH);
    begin = now_ms();
    SetLastError(UNTOUCHED);
    Sleep(60);
    EQUAL(GetLastError(), SAME);
    BETWEEN(now_ms() - begin, 60 - TICK, LONG_ENOUGH);
}

CASE(sleeping_for_no_time_comes_back, "Apc-12", ALL, "Sleep; SleepEx")
{
    const uint64_t begin = now_ms();
    for (int i = 0; i < 100; ++i) GIVES(SleepEx(0, FALSE), 0, SAME);
    SetLastError(UNTOUCHED);
    for (int i = 0; i < 100; ++i) Sleep(0);
    EQUAL(GetLastError(), SAME);
    BETWEEN(now_ms() - begin, 0, LONG_ENOUGH);
}

CASE(an_alertable_sleep_with_nothing_queued, "Apc-14", ALL, "SleepEx")
{
    const uint64_t begin = now_ms();
    GIVES(SleepEx(60, TRUE), 0, SAME);
    BETWEEN(now_ms() - begin, 60 - TICK, LONG_ENOUGH);
    GIVES(SleepEx(0, TRUE), 0, SAME);
}
