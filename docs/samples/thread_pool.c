/* thread_pool.c - the thread pool: work objects, a timer, a wait, and QueueUserWorkItem. */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <stdio.h>

#define NUMBERS 1000
#define PARTS 10

typedef struct {
    int from;
    LONG sum;
} PART;

static LONG numbers[NUMBERS];
static PART parts[PARTS];
static volatile LONG next_part, work_calls, timer_calls, wait_calls, item_calls;
static HANDLE ticked, signaled, items_done;

static VOID CALLBACK SumPart(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
    PART *part = &parts[InterlockedIncrement(&next_part) - 1];
    int i;
    UNREFERENCED_PARAMETER(instance);
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(work);
    for (i = 0; i < NUMBERS / PARTS; ++i)
        part->sum += numbers[part->from + i];
    InterlockedIncrement(&work_calls);
}

static VOID CALLBACK Tick(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
    UNREFERENCED_PARAMETER(instance);
    UNREFERENCED_PARAMETER(timer);
    if (InterlockedIncrement(&timer_calls) == *(LONG *)context)
        SetEvent(ticked);
}

static VOID CALLBACK Signaled(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait, TP_WAIT_RESULT result)
{
    UNREFERENCED_PARAMETER(wait);
    if (result == WAIT_OBJECT_0)
        InterlockedIncrement(&wait_calls);
    SetEventWhenCallbackReturns(instance, (HANDLE)context);
}

static DWORD WINAPI Item(LPVOID parameter)
{
    if (InterlockedIncrement(&item_calls) == (LONG)(LONG_PTR)parameter)
        SetEvent(items_done);
    return 0;
}

int main(void)
{
    LONG wanted = 3, sum = 0;
    PTP_WORK work;
    PTP_TIMER timer;
    PTP_WAIT wait;
    HANDLE object;
    FILETIME due;
    ULARGE_INTEGER ticks;
    int i, queued = 0;

    for (i = 0; i < NUMBERS; ++i)
        numbers[i] = i;
    for (i = 0; i < PARTS; ++i)
        parts[i].from = i * (NUMBERS / PARTS);

    /* One work object, submitted once for each part. */
    work = CreateThreadpoolWork(SumPart, NULL, NULL);
    if (work == NULL)
        return 1;
    for (i = 0; i < PARTS; ++i)
        SubmitThreadpoolWork(work);
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    CloseThreadpoolWork(work);
    for (i = 0; i < PARTS; ++i)
        sum += parts[i].sum;
    printf("%ld parts, sum %ld\n", (long)work_calls, (long)sum);

    ticked = CreateEvent(NULL, TRUE, FALSE, NULL);
    timer = CreateThreadpoolTimer(Tick, &wanted, NULL);
    ticks.QuadPart = (ULONGLONG)(-20 * 10000LL); /* 20 ms from now */
    due.dwLowDateTime = ticks.LowPart;
    due.dwHighDateTime = ticks.HighPart;
    SetThreadpoolTimer(timer, &due, 10, 0);
    printf("the timer is set: %s\n", IsThreadpoolTimerSet(timer) ? "yes" : "no");
    printf("three ticks: %lu\n", (unsigned long)WaitForSingleObject(ticked, 60000));
    SetThreadpoolTimer(timer, NULL, 0, 0);
    WaitForThreadpoolTimerCallbacks(timer, TRUE);
    sum = timer_calls;
    Sleep(40);
    printf("stopped: %s, and silent: %s\n", IsThreadpoolTimerSet(timer) ? "no" : "yes",
           sum == timer_calls ? "yes" : "no");
    CloseThreadpoolTimer(timer);

    /* A wait is for one signal; it has to be set again for the next. */
    object = CreateEvent(NULL, FALSE, FALSE, NULL);
    signaled = CreateEvent(NULL, FALSE, FALSE, NULL);
    wait = CreateThreadpoolWait(Signaled, signaled, NULL);
    for (i = 0; i < 3; ++i) {
        SetThreadpoolWait(wait, object, NULL);
        SetEvent(object);
        WaitForSingleObject(signaled, 60000);
    }
    SetEvent(object); /* not set again: nobody takes this one */
    printf("three waits: %ld calls; a fourth signal: %s\n", (long)wait_calls,
           WaitForSingleObject(signaled, 50) == WAIT_TIMEOUT ? "no call" : "a call");
    CloseThreadpoolWait(wait);

    items_done = CreateEvent(NULL, TRUE, FALSE, NULL);
    for (i = 0; i < 50; ++i)
        if (QueueUserWorkItem(Item, (PVOID)(LONG_PTR)50, i % 2 ? WT_EXECUTEDEFAULT : WT_EXECUTELONGFUNCTION))
            ++queued;
    printf("%d items queued, all done: %lu\n", queued, (unsigned long)WaitForSingleObject(items_done, 60000));
    CloseHandle(items_done);
    CloseHandle(signaled);
    CloseHandle(object);
    CloseHandle(ticked);
    return 0;
}
