/* linux_apc.c - QueueUserAPC to a thread of another process: this library's decision. */
#include "conformance/harness/suite.h"

static VOID CALLBACK never_runs(ULONG_PTR data) { (void)data; }

static uint64_t own_thread(const Ask *ask)
{
    (void)ask;
    return GetCurrentThreadId();
}

static uint64_t alertable_sleep(const Ask *ask) { return SleepEx((DWORD)ask->number, TRUE); }

CASE(another_process_takes_none, "Apc-06", ALL, "LD-26")
{
    Partner *other = partner(IN_A_PROCESS);
    ask(other, make_event, .number = 0); /* a thread is known once it has used the library (LD-25) */
    const DWORD id = (DWORD)ask(other, own_thread, .number = 0);
    const HANDLE thread = OPENS(OpenThread(THREAD_ALL_ACCESS, FALSE, id));
    REFUSES(QueueUserAPC(never_runs, thread, 1), ERROR_NOT_SUPPORTED);
    EQUAL(ask(other, alertable_sleep, .number = 20), 0);
}
