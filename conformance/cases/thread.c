/* thread.c - threads: making them, how they end, their exit codes; handles to them. thread_stop.c has the rest. */
#include "conformance/harness/kinds.h"
#include "conformance/harness/threads.h"

static HANDLE self(void) { return GetCurrentProcess(); }

/* ---- routines ---------------------------------------------------------------------------------------------------- */
static DWORD WINAPI gives_back(LPVOID value) { return (DWORD)(uintptr_t)value; }

static DWORD WINAPI waits_for(LPVOID event)
{
    WaitForSingleObject(event, INFINITE);
    return 3;
}

static struct {
    DWORD id;
    void *argument;
    unsigned runs, went_on;
} seen;

static DWORD WINAPI looks(LPVOID argument)
{
    seen.id = GetCurrentThreadId();
    seen.argument = argument;
    __atomic_add_fetch(&seen.runs, 1, __ATOMIC_SEQ_CST);
    return 0;
}

static unsigned runs(void) { return __atomic_load_n(&seen.runs, __ATOMIC_SEQ_CST); }

/* ---- CreateThread ------------------------------------------------------------------------------------------------ */
CASE(a_thread_runs_with_its_argument, "Thread-01 Gen-04", ALL, "CreateThread")
{
    DWORD id = 0xCDCDCDCD;
    const HANDLE thread = OPENS(CreateThread(NULL, 0, looks, &id, 0, &id));
    ended(thread);
    EQUAL(runs(), 1);
    EQUAL(seen.id, id);
    TRUE_THAT(seen.argument == &id);
    TRUE_THAT(id != 0 && id != GetCurrentThreadId());
    EQUAL(GetThreadId(thread), id);
}

CASE(the_id_need_not_be_told, "Thread-01", ALL, "CreateThread: lpThreadId")
{
    const HANDLE thread = thread_of(looks, NULL);
    ended(thread);
    EQUAL(runs(), 1);
    TRUE_THAT(seen.argument == NULL);
}

CASE(many_threads_run_at_once, "Thread-01", ALL, "CreateThread")
{
    enum { MANY = 10 };
    const HANDLE event = manual_event();
    HANDLE threads[MANY];
    DWORD ids[MANY];
    for (int i = 0; i < MANY; ++i) threads[i] = OPENS(CreateThread(NULL, 0, waits_for, event, 0, &ids[i]));
    for (int i = 0; i < MANY; ++i)
        for (int j = 0; j < i; ++j) TRUE_THAT(ids[i] != ids[j] && threads[i] != threads[j]);
    GIVES(WaitForMultipleObjects(MANY, threads, FALSE, 20), WAIT_TIMEOUT, SAME);
    DOES(SetEvent(event));
    for (int i = 0; i < MANY; ++i) ended(threads[i]);
}

CASE(a_suspended_thread_waits_for_ResumeThread, "Thread-02 Thread-14", ALL, "CreateThread: dwCreationFlags")
{
    EQUAL(CREATE_SUSPENDED, 4);
    DWORD id = 0;
    const HANDLE thread = OPENS(CreateThread(NULL, 0, looks, NULL, CREATE_SUSPENDED, &id));
    GIVES(WaitForSingleObject(thread, 60), WAIT_TIMEOUT, SAME);
    EQUAL(runs(), 0);
    EQUAL(exit_code(thread), STILL_ACTIVE);
    GIVES(ResumeThread(thread), 1, SAME);
    ended(thread);
    EQUAL(runs(), 1);
    EQUAL(seen.id, id);
}

CASE(a_routine_must_be_given, "Thread-03 Gen-29", ALL, "LD-14")
{
    DWORD id = 0;
    REFUSES(CreateThread(NULL, 0, NULL, NULL, 0, &id), ERROR_INVALID_PARAMETER);
}

/* ---- the end, and the exit code ---------------------------------------------------------------------------------- */
CASE(what_the_routine_returns_is_the_exit_code, "Thread-04", ALL, "Terminating a Thread")
{
    const DWORD codes[] = {0, 1, 1000, 0x80000000, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; ++i) {
        const HANDLE thread = thread_of(gives_back, (void *)(uintptr_t)codes[i]);
        ended(thread);
        EQUAL(exit_code(thread), codes[i]);
        GIVES(WaitForSingleObject(thread, 0), WAIT_OBJECT_0, SAME); /* again and again */
        GIVES(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0, SAME);
    }
}

static void leaves_with(DWORD code)
{
    ExitThread(code);
    ++seen.went_on;
}

static DWORD WINAPI leaves_from_within(LPVOID code)
{
    leaves_with((DWORD)(uintptr_t)code);
    ++seen.went_on;
    return 99;
}

CASE(ExitThread_ends_it_there, "Thread-05", ALL, "ExitThread")
{
    const DWORD codes[] = {0, 42, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; ++i) {
        const HANDLE thread = thread_of(leaves_from_within, (void *)(uintptr_t)codes[i]);
        ended(thread);
        EQUAL(exit_code(thread), codes[i]);
    }
    EQUAL(seen.went_on, 0);
}

static DWORD WINAPI leaves_owning(LPVOID mutex)
{
    WaitForSingleObject(mutex, INFINITE);
    ExitThread(0);
    return 99;
}

CASE(ExitThread_abandons_what_it_owns, "Thread-05 Life-10", ALL, "ExitThread: remarks; Mutex Objects")
{
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, NULL), NEW_OBJECT);
    ended(thread_of(leaves_owning, mutex));
    GIVES(WaitForSingleObject(mutex, LONG_ENOUGH), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE(a_running_thread_is_still_active, "Thread-06", ALL, "GetExitCodeThread")
{
    EQUAL(STILL_ACTIVE, 259);
    const HANDLE event = manual_event(), thread = thread_of(waits_for, event);
    EQUAL(exit_code(thread), STILL_ACTIVE);
    EQUAL(exit_code(GetCurrentThread()), STILL_ACTIVE);
    DOES(SetEvent(event));
    ended(thread);
    EQUAL(exit_code(thread), 3);
}

CASE(a_thread_may_end_with_259, "Thread-07", ALL, "GetExitCodeThread: remarks")
{
    const HANDLE thread = thread_of(gives_back, (void *)259);
    ended(thread);
    EQUAL(exit_code(thread), 259);
}

CASE(what_is_no_thread_has_no_exit_code, "Thread-08 Gen-26 Gen-27", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = manual_event();
    DOES(CloseHandle(closed));
    const HANDLE bad[] = {NULL, closed, as_handle(0x7FFFFFF4), self()};
    DWORD code = 0;
    for (int i = 0; i < 4; ++i) REFUSES(GetExitCodeThread(bad[i], &code), ERROR_INVALID_HANDLE);
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        const HANDLE other = MAKES(create_kind(kind, NULL), NEW_OBJECT);
        REFUSES(GetExitCodeThread(other, &code), ERROR_INVALID_HANDLE);
    }
}

CASE(an_exit_code_needs_the_right, "Thread-09 Gen-28", CE | NT, "GetExitCodeThread: hThread")
{
    DWORD id = 0, code = 0;
    const HANDLE event = manual_event();
    OPENS(CreateThread(NULL, 0, waits_for, event, 0, &id));
    const HANDLE weak = OPENS(OpenThread(SYNCHRONIZE | THREAD_TERMINATE | THREAD_SUSPEND_RESUME, FALSE, id));
    REFUSES(GetExitCodeThread(weak, &code), ERROR_ACCESS_DENIED);
    const HANDLE limited = OPENS(OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, id));
    EQUAL(exit_code(limited), STILL_ACTIVE);
    const HANDLE full = OPENS(OpenThread(THREAD_QUERY_INFORMATION, FALSE, id));
    EQUAL(exit_code(full), STILL_ACTIVE);
    DOES(SetEvent(event));
}

/* ---- OpenThread, CloseHandle ------------------------------------------------------------------------------------- */
CASE(no_thread_has_that_id, "Thread-21", ALL, "seen on Wine 8.0")
{
    REFUSES(OpenThread(SYNCHRONIZE, FALSE, 0), ERROR_INVALID_PARAMETER);
    REFUSES(OpenThread(THREAD_ALL_ACCESS, FALSE, 0x7FFFFFF0), ERROR_INVALID_PARAMETER);
}

static uint64_t own_thread(const Ask *ask) /* known from here on (LD-25) */
{
    return CreateEventW(NULL, (BOOL)ask->number, FALSE, NULL) != NULL ? GetCurrentThreadId() : 0;
}

CASE_SHARED(a_thread_is_waited_for_by_its_id, "Thread-22 Thread-24", ALL, "OpenThread")
{
    Partner *other = partner(where);
    const DWORD id = (DWORD)ask(other, own_thread, .number = 0);
    const HANDLE thread = OPENS(OpenThread(profile() == CE5 ? THREAD_ALL_ACCESS : SYNCHRONIZE, FALSE, id));
    GIVES(WaitForSingleObject(thread, 20), WAIT_TIMEOUT, SAME);
    let_go(other);
    GIVES(WaitForSingleObject(thread, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(thread, 0), WAIT_OBJECT_0, SAME);
}

CASE(opened_with_SYNCHRONIZE_it_lets_wait_only, "Thread-22 Thread-13 Gen-28", CE | NT,
     "OpenThread; Thread Security and Access Rights")
{
    DWORD id = 0;
    const HANDLE event = manual_event(), thread = OPENS(CreateThread(NULL, 0, waits_for, event, 0, &id));
    const HANDLE weak = OPENS(OpenThread(SYNCHRONIZE, FALSE, id));
    REFUSES(TerminateThread(weak, 7), ERROR_ACCESS_DENIED);
    GIVES(SuspendThread(weak), 0xFFFFFFFF, ERROR_ACCESS_DENIED);
    GIVES(ResumeThread(weak), 0xFFFFFFFF, ERROR_ACCESS_DENIED);
    GIVES(WaitForSingleObject(weak, 30), WAIT_TIMEOUT, SAME);
    DOES(SetEvent(event));
    ended(weak);
    EQUAL(exit_code(thread), 3);
}

CASE(a_handle_without_SYNCHRONIZE_does_not_wait, "Thread-22 WaitSingle-26", CE | NT,
     "Thread Security and Access Rights; WaitForSingleObject: hHandle")
{
    const HANDLE weak = OPENS(OpenThread(THREAD_QUERY_INFORMATION, FALSE, GetCurrentThreadId()));
    GIVES(WaitForSingleObject(weak, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
}

CASE(a_thread_outlives_its_last_handle, "Thread-23", ALL, "CloseHandle: remarks")
{
    DWORD id = 0;
    const HANDLE event = manual_event(), thread = OPENS(CreateThread(NULL, 0, waits_for, event, 0, &id));
    DOES(CloseHandle(thread));
    GIVES(WaitForSingleObject(thread, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    pause_ms(20);
    const HANDLE again = OPENS(OpenThread(THREAD_ALL_ACCESS, FALSE, id));
    GIVES(WaitForSingleObject(again, 0), WAIT_TIMEOUT, SAME);
    DOES(SetEvent(event));
    ended(again);
    EQUAL(exit_code(again), 3);
}

/* ---- threads that the library did not make ----------------------------------------------------------------------- */
static unsigned apcs;
static VOID CALLBACK count_apc(ULONG_PTR added) { apcs += (unsigned)added; }
static uint64_t alertable_sleep(const Ask *ask) { return SleepEx((DWORD)ask->number, TRUE); }

CASE(a_thread_of_the_system_takes_part, "Thread-24 Life-10", ALL, "LD-25")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = owner_of(IN_A_THREAD, name, 2, &theirs);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    const DWORD id = (DWORD)ask(other, own_thread, .number = 0);
    const HANDLE thread = OPENS(OpenThread(THREAD_ALL_ACCESS, FALSE, id));
    EQUAL(GetThreadId(thread), id);
    DOES(QueueUserAPC(count_apc, thread, 5));
    EQUAL(ask(other, alertable_sleep, .number = LONG_ENOUGH), WAIT_IO_COMPLETION);
    EQUAL(apcs, 5);
    EQUAL(ask(other, release_mutex, .handle = theirs), TRUE);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME); /* taken twice, released once */
    let_go(other);
    GIVES(WaitForSingleObject(mutex, LONG_ENOUGH), WAIT_ABANDONED, SAME);
    GIVES(WaitForSingleObject(thread, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
}

/* ---- the last thread --------------------------------------------------------------------------------------------- */
static uint64_t leave(const Ask *ask)
{
    if (ask->handle != NULL) CloseHandle(CreateThread(NULL, 0, waits_for, ask->handle, 0, NULL));
    ExitThread((DWORD)ask->number);
    return 0;
}

CASE(a_process_ends_with_its_last_thread, "Thread-26", ALL, "Terminating a Thread; ExitThread: remarks")
{
    Partner *other = partner(IN_A_PROCESS);
    ask(other, make_event, .number = 0);
    const HANDLE process = OPENS(OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)id_of(other)));
    GIVES(WaitForSingleObject(process, 0), WAIT_TIMEOUT, SAME);
    tell(other, leave, .number = 0);
    GIVES(WaitForSingleObject(process, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
}

CASE(a_process_goes_on_with_any_other_thread, "Thread-26", ALL, "Terminating a Thread; ExitThread: remarks")
{
    const WCHAR *name = own_name("goes-on");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = partner_with_event(IN_A_PROCESS, name, &theirs);
    const HANDLE process = OPENS(OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)id_of(other)));
    tell(other, leave, .handle = theirs, .number = 0);
    GIVES(WaitForSingleObject(process, 100), WAIT_TIMEOUT, SAME);
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(process, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
}
