/* wait_on_address.c - a queue for one producer and many consumers, with WaitOnAddress instead of any object.
 *
 * A consumer that finds nothing sleeps on the word that the producer changes. WaitOnAddress may return too early, so it
 * stands in a loop.
 */
#define _WIN32_WINNT 0x0602
#include <windows.h>
#include <stdio.h>

#define CONSUMERS 3
#define ITEMS 500

static LONG items[ITEMS];
static volatile LONG produced, consumed; /* ever-growing counts; the producer changes the first, consumers the second */
static LONG sums[CONSUMERS];

/* The next item, or -1 if there will be none any more. */
static LONG Take(void)
{
    for (;;) {
        LONG taken = consumed, there = produced;
        if (taken == ITEMS)
            return -1;
        if (taken < there) {
            if (InterlockedCompareExchange(&consumed, taken + 1, taken) == taken)
                return items[taken];
        } else {
            WaitOnAddress(&produced, &there, sizeof(there), INFINITE);
        }
    }
}

static DWORD WINAPI Consumer(LPVOID parameter)
{
    INT_PTR own = (INT_PTR)parameter;
    LONG item;
    while ((item = Take()) >= 0)
        sums[own] += item;
    return 0;
}

static DWORD WINAPI Changes(LPVOID parameter)
{
    Sleep(10);
    *(volatile BYTE *)parameter = 1;
    WakeByAddressSingle(parameter);
    return 0;
}

int main(void)
{
    HANDLE threads[CONSUMERS], changer;
    LONG sum = 0, i;
    volatile BYTE small_word = 0;
    BYTE zero = 0;
    ULONGLONG wide = 7, other = 8;
    DWORD id;

    for (i = 0; i < CONSUMERS; ++i)
        threads[i] = CreateThread(NULL, 0, Consumer, (LPVOID)(LONG_PTR)i, 0, &id);
    for (i = 0; i < ITEMS; ++i) {
        items[i] = i + 1;
        InterlockedIncrement(&produced);
        if (i % 7 == 0)
            WakeByAddressSingle((PVOID)&produced);
        if (i % 100 == 0)
            Sleep(1);
    }
    WakeByAddressAll((PVOID)&produced);
    WaitForMultipleObjects(CONSUMERS, threads, TRUE, INFINITE);
    for (i = 0; i < CONSUMERS; ++i) {
        sum += sums[i];
        CloseHandle(threads[i]);
    }
    printf("%d items, sum %ld\n", ITEMS, (long)sum);

    /* The word may have 1, 2, 4 or 8 bytes; a word that differs already is not waited for. */
    changer = CreateThread(NULL, 0, Changes, (LPVOID)&small_word, 0, &id);
    while (small_word == 0)
        WaitOnAddress(&small_word, &zero, 1, INFINITE);
    printf("a byte became %d\n", small_word);
    printf("8 bytes that differ: %s\n", WaitOnAddress(&wide, &other, 8, INFINITE) ? "no wait" : "?");
    other = 7;
    printf("8 bytes that are equal: %s\n",
           !WaitOnAddress(&wide, &other, 8, 10) && GetLastError() == ERROR_TIMEOUT ? "ERROR_TIMEOUT" : "woken");
    printf("3 bytes: %s\n", !WaitOnAddress(&wide, &other, 3, 0) && GetLastError() == ERROR_INVALID_PARAMETER
                                ? "ERROR_INVALID_PARAMETER" : "?");
    WaitForSingleObject(changer, INFINITE);
    CloseHandle(changer);
    return 0;
}
