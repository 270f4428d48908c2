/* timer_routine.c - a timer with a completion routine, called in the thread that has set it while it waits alertably.
 *
 * The routine counts down, and stops the timer itself before the end. A wait that is not alertable never calls it.
 */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <stdio.h>

typedef struct {
    HANDLE timer;
    int left;
    DWORD thread;
    BOOL own_thread;
} COUNTDOWN;

static VOID CALLBACK Second(LPVOID argument, DWORD low, DWORD high)
{
    COUNTDOWN *countdown = (COUNTDOWN *)argument;
    UNREFERENCED_PARAMETER(low); /* the time at which it was due */
    UNREFERENCED_PARAMETER(high);
    if (GetCurrentThreadId() != countdown->thread)
        countdown->own_thread = FALSE;
    printf("%d...\n", --countdown->left);
    if (countdown->left == 1)
        CancelWaitableTimer(countdown->timer);
}

int main(void)
{
    HANDLE timer = CreateWaitableTimer(NULL, FALSE, NULL);
    HANDLE never = CreateEvent(NULL, TRUE, FALSE, NULL);
    COUNTDOWN countdown;
    LARGE_INTEGER due;
    DWORD result;

    if (timer == NULL || never == NULL)
        return 1;
    countdown.timer = timer;
    countdown.left = 5;
    countdown.thread = GetCurrentThreadId();
    countdown.own_thread = TRUE;

    due.QuadPart = -15 * 10000;
    if (!SetWaitableTimer(timer, &due, 15, Second, &countdown, FALSE))
        return 1;
    Sleep(20);
    printf("after a sleep that is not alertable: %d\n", countdown.left);

    while (countdown.left > 1) {
        result = SleepEx(INFINITE, TRUE);
        if (result != WAIT_IO_COMPLETION)
            printf("SleepEx: %lu\n", (unsigned long)result);
    }
    printf("cancelled: the next alertable wait says %s\n",
           SleepEx(60, TRUE) == 0 ? "that the time is over" : "that a routine was called");

    due.QuadPart = -15 * 10000;
    SetWaitableTimer(timer, &due, 0, Second, &countdown, FALSE);
    result = WaitForSingleObjectEx(never, 10000, TRUE);
    printf("waiting for an event is alertable, too: %s\n",
           result == WAIT_IO_COMPLETION ? "WAIT_IO_COMPLETION" : "?");
    printf("all in its own thread: %s\n", countdown.own_thread ? "yes" : "no");

    /* A due time in the past: the routine is ready at once, and called by the next alertable wait. */
    countdown.left = 3;
    due.QuadPart = 1;
    SetWaitableTimer(timer, &due, 0, Second, &countdown, FALSE);
    result = SleepEx(10000, TRUE);
    printf("%s\n", result == WAIT_IO_COMPLETION && countdown.left == 2 ? "lift-off" : "it stays on the ground");
    CloseHandle(never);
    CloseHandle(timer);
    return 0;
}
