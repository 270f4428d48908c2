/* rendezvous.c - SignalObjectAndWait: tell the other that I am here and wait for him, in one step.
 *
 * Two threads take turns, each by one call for a turn. With PulseEvent or two separate calls a signal could fall into
 * the gap between them.
 */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <stdio.h>

#define TURNS 200

static HANDLE ping, pong;
static LONG turns;
static HANDLE mutex, semaphore;

static DWORD WINAPI Partner(LPVOID parameter)
{
    LONG i;
    UNREFERENCED_PARAMETER(parameter);
    WaitForSingleObject(ping, INFINITE);
    for (i = 1; i < TURNS; ++i) {
        if (turns++ != 2 * i - 1)
            return 1;
        if (SignalObjectAndWait(pong, ping, INFINITE, FALSE) != WAIT_OBJECT_0)
            return 2;
    }
    ++turns;
    SetEvent(pong);
    return 0;
}

/* Gets the mutex that the other gives away by its call, and answers through the semaphore. */
static DWORD WINAPI Answers(LPVOID parameter)
{
    UNREFERENCED_PARAMETER(parameter);
    if (WaitForSingleObject(mutex, INFINITE) != WAIT_OBJECT_0)
        return 1;
    ReleaseSemaphore(semaphore, 1, NULL);
    ReleaseMutex(mutex);
    return 0;
}

static void Run(LPTHREAD_START_ROUTINE start, HANDLE *thread)
{
    DWORD id;
    *thread = CreateThread(NULL, 0, start, NULL, 0, &id);
}

int main(void)
{
    HANDLE thread;
    DWORD code, result;
    LONG i;

    ping = CreateEvent(NULL, FALSE, FALSE, NULL);
    pong = CreateEvent(NULL, FALSE, FALSE, NULL);
    mutex = CreateMutex(NULL, TRUE, NULL);
    semaphore = CreateSemaphore(NULL, 0, 1, NULL);

    Run(Partner, &thread);
    for (i = 0; i < TURNS; ++i) {
        if (turns++ != 2 * i)
            printf("turn %ld comes at the wrong time\n", (long)i);
        if (SignalObjectAndWait(ping, pong, INFINITE, FALSE) != WAIT_OBJECT_0)
            puts("the wait failed");
    }
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    printf("%ld turns, the partner ended with %lu\n", (long)turns, (unsigned long)code);

    /* A mutex is signaled by releasing it, a semaphore by adding one. */
    Run(Answers, &thread);
    result = SignalObjectAndWait(mutex, semaphore, 10000, FALSE);
    printf("mutex given, semaphore got: %lu\n", (unsigned long)result);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    result = SignalObjectAndWait(semaphore, ping, 0, FALSE);
    printf("the signal is given even if the wait times out: %lu", (unsigned long)result);
    printf(", %lu\n", (unsigned long)WaitForSingleObject(semaphore, 0));

    result = SignalObjectAndWait(mutex, semaphore, 0, FALSE);
    printf("a mutex of nobody cannot be given: %s\n",
           result == WAIT_FAILED && GetLastError() == ERROR_NOT_OWNER ? "ERROR_NOT_OWNER" : "?");
    ReleaseSemaphore(semaphore, 1, NULL);
    result = SignalObjectAndWait(semaphore, ping, 0, FALSE);
    printf("a full semaphore cannot be raised: %s\n",
           result == WAIT_FAILED && GetLastError() == ERROR_TOO_MANY_POSTS ? "ERROR_TOO_MANY_POSTS" : "?");
    CloseHandle(ping);
    CloseHandle(pong);
    CloseHandle(mutex);
    CloseHandle(semaphore);
    return 0;
}
