/* condition_variable.c - the bounded buffer: producers and consumers, two condition variables, one critical section. */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <stdio.h>

#define ROOM 8
#define PRODUCERS 3
#define CONSUMERS 2
#define ITEMS 300 /* of each producer */

static CRITICAL_SECTION lock;
static CONDITION_VARIABLE not_empty, not_full;
static LONG buffer[ROOM];
static ULONG first, count, most;
static BOOL closed;

static LONG sums[CONSUMERS], taken[CONSUMERS];

static DWORD WINAPI Producer(LPVOID parameter)
{
    LONG base = (LONG)(LONG_PTR)parameter * ITEMS, i;
    for (i = 0; i < ITEMS; ++i) {
        EnterCriticalSection(&lock);
        while (count == ROOM)
            SleepConditionVariableCS(&not_full, &lock, INFINITE);
        buffer[(first + count++) % ROOM] = base + i;
        if (count > most)
            most = count;
        LeaveCriticalSection(&lock);
        WakeConditionVariable(&not_empty);
    }
    return 0;
}

static DWORD WINAPI Consumer(LPVOID parameter)
{
    INT_PTR own = (INT_PTR)parameter;
    for (;;) {
        EnterCriticalSection(&lock);
        while (count == 0 && !closed)
            SleepConditionVariableCS(&not_empty, &lock, INFINITE);
        if (count == 0) {
            LeaveCriticalSection(&lock);
            return 0;
        }
        sums[own] += buffer[first];
        ++taken[own];
        first = (first + 1) % ROOM;
        --count;
        LeaveCriticalSection(&lock);
        WakeConditionVariable(&not_full);
    }
}

int main(void)
{
    HANDLE producers[PRODUCERS], consumers[CONSUMERS];
    LONG sum = 0, items = 0, all = PRODUCERS * ITEMS;
    BOOL woken;
    DWORD id;
    INT_PTR i;

    InitializeCriticalSection(&lock);
    InitializeConditionVariable(&not_empty);
    InitializeConditionVariable(&not_full);
    for (i = 0; i < CONSUMERS; ++i)
        consumers[i] = CreateThread(NULL, 0, Consumer, (LPVOID)i, 0, &id);
    for (i = 0; i < PRODUCERS; ++i)
        producers[i] = CreateThread(NULL, 0, Producer, (LPVOID)i, 0, &id);
    WaitForMultipleObjects(PRODUCERS, producers, TRUE, INFINITE);

    EnterCriticalSection(&lock);
    closed = TRUE;
    LeaveCriticalSection(&lock);
    WakeAllConditionVariable(&not_empty);
    WaitForMultipleObjects(CONSUMERS, consumers, TRUE, INFINITE);
    for (i = 0; i < CONSUMERS; ++i) {
        sum += sums[i];
        items += taken[i];
    }
    printf("%ld items, sum %ld (wanted: %ld and %ld)\n", (long)items, (long)sum, (long)all,
           (long)(all * (all - 1) / 2));
    printf("never more than %d in the buffer: %s, %lu left\n", ROOM, most <= ROOM ? "right" : "wrong",
           (unsigned long)count);

    /* Nobody wakes this one: after the time it has the lock again, and is told. */
    EnterCriticalSection(&lock);
    woken = SleepConditionVariableCS(&not_empty, &lock, 20);
    printf("a sleep of 20 ms: %s\n", !woken && GetLastError() == ERROR_TIMEOUT ? "ERROR_TIMEOUT" : "?");
    LeaveCriticalSection(&lock);

    for (i = 0; i < PRODUCERS; ++i)
        CloseHandle(producers[i]);
    for (i = 0; i < CONSUMERS; ++i)
        CloseHandle(consumers[i]);
    DeleteCriticalSection(&lock);
    return 0;
}
