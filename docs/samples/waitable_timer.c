/* waitable_timer.c - waitable timers: one due time, periods, and the two kinds of reset.
 *
 * Measures with GetTickCount64 and says only whether a wait was long enough: when a machine is busy everything is late,
 * but nothing may be early.
 */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <stdio.h>

/* Due times are in units of 100 ns; a negative one counts from now. */
static LARGE_INTEGER In(LONG milliseconds)
{
    LARGE_INTEGER due;
    due.QuadPart = -(LONGLONG)milliseconds * 10000;
    return due;
}

/* The clock of GetTickCount64 goes in steps of up to 16 ms. */
static const char *LongEnough(ULONGLONG since, ULONGLONG milliseconds)
{
    return GetTickCount64() - since + 16 >= milliseconds ? "not early" : "EARLY";
}

int main(void)
{
    HANDLE once = CreateWaitableTimer(NULL, TRUE, NULL);
    HANDLE ticker = CreateWaitableTimer(NULL, FALSE, NULL);
    LARGE_INTEGER due;
    FILETIME now;
    ULARGE_INTEGER absolute;
    ULONGLONG begin;
    DWORD result;
    int i;

    if (once == NULL || ticker == NULL)
        return 1;
    printf("a new timer: %s\n", WaitForSingleObject(once, 0) == WAIT_TIMEOUT ? "not signaled" : "signaled");

    begin = GetTickCount64();
    due = In(50);
    SetWaitableTimer(once, &due, 0, NULL, NULL, FALSE);
    result = WaitForSingleObject(once, INFINITE);
    printf("due in 50 ms: wait %lu, %s\n", (unsigned long)result, LongEnough(begin, 50));
    printf("manual reset: it stays signaled, wait %lu\n", (unsigned long)WaitForSingleObject(once, 0));

    begin = GetTickCount64();
    due = In(20);
    SetWaitableTimer(ticker, &due, 20, NULL, NULL, FALSE);
    for (i = 0; i < 5; ++i)
        WaitForSingleObject(ticker, INFINITE);
    printf("five ticks of 20 ms: %s\n", LongEnough(begin, 5 * 20));
    printf("cancelled: %d\n", CancelWaitableTimer(ticker) != FALSE);
    WaitForSingleObject(ticker, 0); /* a tick may have been there already */
    printf("after that it is silent: %s\n", WaitForSingleObject(ticker, 60) == WAIT_TIMEOUT ? "yes" : "no");

    /* Setting a timer takes back its signal and its old due time. */
    due = In(60 * 60 * 1000);
    SetWaitableTimer(once, &due, 0, NULL, NULL, FALSE);
    printf("set to an hour: %s\n", WaitForSingleObject(once, 10) == WAIT_TIMEOUT ? "not signaled" : "signaled");

    /* A positive due time is a date. This one has passed, so the timer is due at once. */
    GetSystemTimeAsFileTime(&now);
    absolute.LowPart = now.dwLowDateTime;
    absolute.HighPart = now.dwHighDateTime;
    due.QuadPart = (LONGLONG)absolute.QuadPart - 10000000;
    SetWaitableTimer(once, &due, 0, NULL, NULL, FALSE);
    printf("a date that has passed: wait %lu\n", (unsigned long)WaitForSingleObject(once, 5000));

    CloseHandle(once);
    CloseHandle(ticker);
    return 0;
}
