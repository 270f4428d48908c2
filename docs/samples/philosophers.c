/* philosophers.c - philosophers take both forks by one wait for all, so that nobody holds one and starves. */
#include <windows.h>
#include <stdio.h>

#define SEATS 5
#define MEALS 60

static HANDLE forks[SEATS];
static volatile LONG holder[SEATS]; /* who has the fork: 0 or number + 1 */
static volatile LONG quarrels, eating, most_eating;
static LONG meals[SEATS];

static DWORD WINAPI Philosopher(LPVOID parameter)
{
    LONG own = (LONG)(LONG_PTR)parameter, left = own, right = (own + 1) % SEATS, now, seen;
    HANDLE both[2];

    both[0] = forks[left];
    both[1] = forks[right];
    while (meals[own] < MEALS) {
        DWORD result = WaitForMultipleObjects(2, both, TRUE, INFINITE);
        if (result != WAIT_OBJECT_0)
            return 1;
        if (InterlockedExchange(&holder[left], own + 1) != 0 || InterlockedExchange(&holder[right], own + 1) != 0)
            InterlockedIncrement(&quarrels);
        now = InterlockedIncrement(&eating);
        do
            seen = InterlockedCompareExchange(&most_eating, 0, 0);
        while (now > seen && InterlockedCompareExchange(&most_eating, now, seen) != seen);
        ++meals[own];
        if (meals[own] % 20 == 0)
            Sleep(1);
        InterlockedDecrement(&eating);
        InterlockedExchange(&holder[left], 0);
        InterlockedExchange(&holder[right], 0);
        ReleaseMutex(both[0]);
        ReleaseMutex(both[1]);
    }
    return 0;
}

int main(void)
{
    HANDLE threads[SEATS];
    DWORD id, code, wrong = 0;
    int i;

    for (i = 0; i < SEATS; ++i)
        forks[i] = CreateMutex(NULL, FALSE, NULL);
    for (i = 0; i < SEATS; ++i) {
        threads[i] = CreateThread(NULL, 0, Philosopher, (LPVOID)(LONG_PTR)i, CREATE_SUSPENDED, &id);
        if (threads[i] == NULL)
            return 1;
    }
    for (i = 0; i < SEATS; ++i)
        if (ResumeThread(threads[i]) != 1)
            ++wrong;
    if (WaitForMultipleObjects(SEATS, threads, TRUE, 60000) == WAIT_TIMEOUT) {
        puts("somebody starves");
        return 1;
    }
    for (i = 0; i < SEATS; ++i) {
        GetExitCodeThread(threads[i], &code);
        wrong += code;
        printf("philosopher %d: %ld meals\n", i, (long)meals[i]);
        CloseHandle(threads[i]);
    }
    printf("forks in two hands: %ld, wrong results: %lu\n", (long)quarrels, (unsigned long)wrong);
    printf("never more than two ate at a time: %s\n", most_eating <= 2 ? "right" : "wrong");
    for (i = 0; i < SEATS; ++i)
        CloseHandle(forks[i]);
    return 0;
}
