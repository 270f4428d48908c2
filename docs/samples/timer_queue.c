/* timer_queue.c - timer queues: functions that a pool calls after a time, once or again and again. */
#define _WIN32_WINNT 0x0500
#include <windows.h>
#include <stdio.h>

typedef struct {
    volatile LONG calls;
    LONG wanted;
    HANDLE enough;
    volatile LONG wrong_flag;
} TICKS;

static VOID CALLBACK Tick(PVOID parameter, BOOLEAN timer_fired)
{
    TICKS *ticks = (TICKS *)parameter;
    if (!timer_fired)
        InterlockedIncrement(&ticks->wrong_flag);
    if (InterlockedIncrement(&ticks->calls) == ticks->wanted)
        SetEvent(ticks->enough);
}

static VOID CALLBACK SlowTick(PVOID parameter, BOOLEAN timer_fired)
{
    TICKS *ticks = (TICKS *)parameter;
    UNREFERENCED_PARAMETER(timer_fired);
    SetEvent(ticks->enough);
    Sleep(100);
    InterlockedIncrement(&ticks->calls);
}

static void Prepare(TICKS *ticks, LONG wanted)
{
    ZeroMemory(ticks, sizeof(*ticks));
    ticks->wanted = wanted;
    ticks->enough = CreateEvent(NULL, TRUE, FALSE, NULL);
}

int main(void)
{
    HANDLE queue = CreateTimerQueue(), once, periodic, never, slow, deleted;
    TICKS a, b, c, d;
    LONG calls;
    BOOL done;

    if (queue == NULL)
        return 1;
    Prepare(&a, 1);
    Prepare(&b, 5);
    Prepare(&c, 1);
    Prepare(&d, 1);

    printf("once after 20 ms: %d\n", CreateTimerQueueTimer(&once, queue, Tick, &a, 20, 0, WT_EXECUTEDEFAULT) != FALSE);
    printf("every 10 ms: %d\n", CreateTimerQueueTimer(&periodic, queue, Tick, &b, 5, 10, WT_EXECUTEDEFAULT) != FALSE);
    printf("in an hour: %d\n", CreateTimerQueueTimer(&never, queue, Tick, &c, 3600000, 0, WT_EXECUTEONLYONCE) != FALSE);
    printf("the first: %lu\n", (unsigned long)WaitForSingleObject(a.enough, 60000));
    printf("five times the second: %lu\n", (unsigned long)WaitForSingleObject(b.enough, 60000));

    /* INVALID_HANDLE_VALUE: when the call returns, no callback of it runs or will. */
    done = DeleteTimerQueueTimer(queue, periodic, INVALID_HANDLE_VALUE);
    calls = b.calls;
    Sleep(50);
    printf("deleted: %d, silent since: %s\n", done != FALSE, calls == b.calls ? "yes" : "no");

    /* Another due time for the one that would come in an hour. */
    printf("changed: %d\n", ChangeTimerQueueTimer(queue, never, 10, 0) != FALSE);
    printf("it comes: %lu\n", (unsigned long)WaitForSingleObject(c.enough, 60000));

    /* Deleting waits for a callback that runs. */
    CreateTimerQueueTimer(&slow, queue, SlowTick, &d, 0, 0, WT_EXECUTELONGFUNCTION);
    WaitForSingleObject(d.enough, 60000);
    DeleteTimerQueueTimer(queue, slow, INVALID_HANDLE_VALUE);
    printf("the slow one is over when it is deleted: %s\n", d.calls == 1 ? "yes" : "no");

    /* Or an event tells when the queue with all that is in it has gone. */
    deleted = CreateEvent(NULL, TRUE, FALSE, NULL);
    DeleteTimerQueueEx(queue, deleted);
    printf("the queue is deleted: %lu\n", (unsigned long)WaitForSingleObject(deleted, 60000));
    printf("called: %ld, %s, %ld, %ld; wrong flags: %ld\n", (long)a.calls, b.calls >= 5 ? "5 or more" : "fewer",
           (long)c.calls, (long)d.calls, (long)(a.wrong_flag + b.wrong_flag + c.wrong_flag));
    CloseHandle(deleted);
    CloseHandle(a.enough);
    CloseHandle(b.enough);
    CloseHandle(c.enough);
    CloseHandle(d.enough);
    return 0;
}
