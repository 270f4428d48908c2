/* apc_worker.c - a worker thread that gets its jobs as asynchronous procedure calls.
 *
 * QueueUserAPC leaves a call for a thread; the thread makes it when it waits alertably, in the order in which they were
 * left. A job may leave another one, and the last one sets the flag that ends the loop.
 */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <stdio.h>

static DWORD worker_id;
static BOOL finished;
static LONG sum;
static HANDLE ready, go;

static VOID CALLBACK Add(ULONG_PTR number)
{
    sum += (LONG)number;
    printf("add %lu: %ld%s\n", (unsigned long)number, (long)sum,
           GetCurrentThreadId() == worker_id ? "" : " in the WRONG thread");
}

static VOID CALLBACK Finish(ULONG_PTR unused)
{
    UNREFERENCED_PARAMETER(unused);
    finished = TRUE;
}

/* A job that leaves another one behind, for the thread that it is run by. */
static VOID CALLBACK Twice(ULONG_PTR number)
{
    Add(number);
    QueueUserAPC(Add, GetCurrentThread(), number);
}

static DWORD WINAPI Worker(LPVOID parameter)
{
    DWORD result;
    int waits = 0;
    UNREFERENCED_PARAMETER(parameter);
    worker_id = GetCurrentThreadId();
    SetEvent(ready);

    /* Not alertable: what comes meanwhile stays in the queue. */
    WaitForSingleObject(go, INFINITE);
    printf("a wait that is not alertable has done nothing: %ld\n", (long)sum);
    while (!finished) {
        result = SleepEx(INFINITE, TRUE);
        ++waits;
        if (result != WAIT_IO_COMPLETION)
            printf("SleepEx: %lu\n", (unsigned long)result);
    }
    printf("%s alertable wait%s\n", waits == 1 ? "one" : "several", waits == 1 ? "" : "s");
    return (DWORD)sum;
}

int main(void)
{
    HANDLE thread, never = CreateEvent(NULL, TRUE, FALSE, NULL);
    DWORD id, code, result;
    ULONG_PTR i;

    ready = CreateEvent(NULL, FALSE, FALSE, NULL);
    go = CreateEvent(NULL, FALSE, FALSE, NULL);
    thread = CreateThread(NULL, 0, Worker, NULL, 0, &id);
    if (never == NULL || ready == NULL || go == NULL || thread == NULL)
        return 1;
    WaitForSingleObject(ready, INFINITE);
    for (i = 1; i <= 5; ++i)
        if (!QueueUserAPC(i == 3 ? Twice : Add, thread, i))
            printf("QueueUserAPC: error %lu\n", (unsigned long)GetLastError());
    QueueUserAPC(Finish, thread, 0);
    SetEvent(go);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    printf("the worker's sum: %lu\n", (unsigned long)code);
    printf("a job for a thread that has ended: %s\n", QueueUserAPC(Add, thread, 1) ? "?" : "refused");

    /* The own thread can be a worker, too; an object that is signaled does not keep the calls waiting. */
    worker_id = GetCurrentThreadId();
    sum = 0;
    QueueUserAPC(Add, GetCurrentThread(), 100);
    printf("no time to wait, not alertable: %lu\n", (unsigned long)WaitForSingleObjectEx(never, 0, FALSE));
    result = WaitForSingleObjectEx(never, 0, TRUE);
    printf("no time to wait, alertable: %s\n", result == WAIT_IO_COMPLETION ? "WAIT_IO_COMPLETION" : "?");
    result = WaitForSingleObjectEx(never, 0, TRUE);
    printf("again: %s\n", result == WAIT_TIMEOUT ? "WAIT_TIMEOUT" : "?");

    CloseHandle(thread);
    CloseHandle(ready);
    CloseHandle(go);
    CloseHandle(never);
    return 0;
}
