/* event_relay.c - auto-reset events hand a baton from runner to runner; a manual-reset event is the starting gun.
 *
 * An auto-reset event releases one waiting thread and goes back by itself: whoever has the baton runs alone. The
 * manual-reset event stays signaled until it is reset: it releases all who wait, and those who come later.
 */
#include <windows.h>
#include <stdio.h>

#define RUNNERS 4
#define LAPS 3

static HANDLE gun;              /* manual-reset */
static HANDLE baton[RUNNERS];   /* auto-reset: baton[i] is for runner i */
static HANDLE finished;

static DWORD WINAPI Runner(LPVOID parameter)
{
    int own = (int)(INT_PTR)parameter;
    int lap;

    WaitForSingleObject(gun, INFINITE);
    for (lap = 1; lap <= LAPS; ++lap) {
        WaitForSingleObject(baton[own], INFINITE);
        printf("lap %d runner %d\n", lap, own);
        if (own + 1 < RUNNERS)
            SetEvent(baton[own + 1]);
        else if (lap < LAPS)
            SetEvent(baton[0]);
        else
            SetEvent(finished);
    }
    return 0;
}

static const char *State(HANDLE event)
{
    return WaitForSingleObject(event, 0) == WAIT_OBJECT_0 ? "signaled" : "not signaled";
}

int main(void)
{
    HANDLE threads[RUNNERS];
    DWORD id;
    int i;

    gun = CreateEvent(NULL, TRUE, FALSE, NULL);
    finished = CreateEvent(NULL, FALSE, FALSE, NULL);
    for (i = 0; i < RUNNERS; ++i) {
        baton[i] = CreateEvent(NULL, FALSE, FALSE, NULL);
        threads[i] = CreateThread(NULL, 0, Runner, (LPVOID)(INT_PTR)i, 0, &id);
        if (baton[i] == NULL || threads[i] == NULL)
            return 1;
    }
    SetEvent(baton[0]);
    printf("on your marks: %s\n",
           WaitForSingleObject(finished, 30) == WAIT_TIMEOUT ? "nobody runs before the gun" : "false start");
    SetEvent(gun);
    WaitForSingleObject(finished, INFINITE);
    WaitForMultipleObjects(RUNNERS, threads, TRUE, INFINITE);

    printf("the gun: %s\n", State(gun));
    printf("the gun, another wait: %s\n", State(gun));
    ResetEvent(gun);
    printf("after ResetEvent: %s\n", State(gun));
    SetEvent(finished);
    SetEvent(finished); /* two signals, nobody waits: an event is not a counter */
    printf("the finish, set twice: %s\n", State(finished));
    printf("the finish, another wait: %s\n", State(finished));

    for (i = 0; i < RUNNERS; ++i) {
        CloseHandle(threads[i]);
        CloseHandle(baton[i]);
    }
    CloseHandle(gun);
    CloseHandle(finished);
    return 0;
}
