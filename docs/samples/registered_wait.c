/* registered_wait.c - RegisterWaitForSingleObject: the pool waits for an object and calls a function then.
 *
 * One event serves several orders without a thread that waits for it; a wait with a time limit is called when the
 * time is over; a thread can be registered like everything else.
 */
#define _WIN32_WINNT 0x0500
#include <windows.h>
#include <stdio.h>

typedef struct {
    volatile LONG signals, timeouts;
    HANDLE called; /* semaphore: one for each call */
} STATE;

static VOID CALLBACK Called(PVOID context, BOOLEAN timed_out)
{
    STATE *state = (STATE *)context;
    InterlockedIncrement(timed_out ? &state->timeouts : &state->signals);
    ReleaseSemaphore(state->called, 1, NULL);
}

static DWORD WINAPI EndsLater(LPVOID parameter)
{
    UNREFERENCED_PARAMETER(parameter);
    Sleep(20);
    return 0;
}

static void Prepare(STATE *state)
{
    state->signals = state->timeouts = 0;
    state->called = CreateSemaphore(NULL, 0, 1000, NULL);
}

int main(void)
{
    HANDLE event = CreateEvent(NULL, FALSE, FALSE, NULL), thread, wait;
    STATE state;
    int i, answered = 0;
    DWORD result;

    if (event == NULL)
        return 1;

    Prepare(&state);
    if (!RegisterWaitForSingleObject(&wait, event, Called, &state, INFINITE, WT_EXECUTEDEFAULT))
        return 1;
    for (i = 0; i < 5; ++i) {
        SetEvent(event);
        answered += WaitForSingleObject(state.called, 60000) == WAIT_OBJECT_0;
    }
    printf("five signals: %d calls, by signal %ld, by time %ld\n", answered, (long)state.signals, (long)state.timeouts);
    UnregisterWaitEx(wait, INVALID_HANDLE_VALUE);
    SetEvent(event);
    result = WaitForSingleObject(state.called, 50);
    printf("unregistered: %s\n", result == WAIT_TIMEOUT ? "no call" : "a call");
    printf("the signal is still there: %s\n", WaitForSingleObject(event, 0) == WAIT_OBJECT_0 ? "yes" : "no");
    CloseHandle(state.called);

    Prepare(&state);
    if (!RegisterWaitForSingleObject(&wait, event, Called, &state, 10, WT_EXECUTEDEFAULT))
        return 1;
    WaitForSingleObject(state.called, 60000);
    UnregisterWaitEx(wait, INVALID_HANDLE_VALUE);
    printf("after 10 ms: by signal %ld, by time %s\n", (long)state.signals, state.timeouts >= 1 ? "called" : "never");
    CloseHandle(state.called);

    Prepare(&state);
    thread = CreateThread(NULL, 0, EndsLater, NULL, 0, NULL);
    if (!RegisterWaitForSingleObject(&wait, thread, Called, &state, 60000, WT_EXECUTEONLYONCE))
        return 1;
    result = WaitForSingleObject(state.called, 60000);
    printf("the end of a thread: wait %lu, by signal %ld\n", (unsigned long)result, (long)state.signals);
    result = WaitForSingleObject(state.called, 50);
    printf("once only: %s\n", result == WAIT_TIMEOUT ? "yes" : "no");
    UnregisterWaitEx(wait, INVALID_HANDLE_VALUE);
    CloseHandle(thread);
    CloseHandle(state.called);
    CloseHandle(event);
    return 0;
}
