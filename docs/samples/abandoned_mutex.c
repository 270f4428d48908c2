/* abandoned_mutex.c - a thread ends without releasing its mutexes: the next owner is told by WAIT_ABANDONED.
 *
 * A journal that is guarded by the mutex may be half written then; the next owner repairs it. He is told once.
 */
#include <windows.h>
#include <stdio.h>

static HANDLE mutex, second;
static int journal[2]; /* both numbers are equal unless somebody was interrupted */

static DWORD WINAPI Careful(LPVOID parameter)
{
    UNREFERENCED_PARAMETER(parameter);
    WaitForSingleObject(mutex, INFINITE);
    ++journal[0];
    ++journal[1];
    ReleaseMutex(mutex);
    return 0;
}

static DWORD WINAPI Careless(LPVOID parameter)
{
    UNREFERENCED_PARAMETER(parameter);
    WaitForSingleObject(second, INFINITE);
    WaitForSingleObject(mutex, INFINITE);
    WaitForSingleObject(mutex, INFINITE);
    ++journal[0];
    ExitThread(3); /* in the middle, owning the mutexes */
    return 0;
}

static void Run(LPTHREAD_START_ROUTINE start)
{
    DWORD id;
    HANDLE thread = CreateThread(NULL, 0, start, NULL, 0, &id);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static const char *Name(DWORD result)
{
    switch (result) {
    case WAIT_OBJECT_0: return "WAIT_OBJECT_0";
    case WAIT_OBJECT_0 + 1: return "WAIT_OBJECT_0 + 1";
    case WAIT_ABANDONED_0: return "WAIT_ABANDONED";
    case WAIT_ABANDONED_0 + 1: return "WAIT_ABANDONED_0 + 1";
    case WAIT_TIMEOUT: return "WAIT_TIMEOUT";
    }
    return "something else";
}

int main(void)
{
    HANDLE both[2], event;
    DWORD result;

    mutex = CreateMutex(NULL, FALSE, NULL);
    second = CreateMutex(NULL, FALSE, NULL);
    event = CreateEvent(NULL, TRUE, FALSE, NULL);
    if (mutex == NULL || second == NULL || event == NULL)
        return 1;

    Run(Careful);
    result = WaitForSingleObject(mutex, 0);
    printf("after the careful one: %s, journal %d %d\n", Name(result), journal[0], journal[1]);
    ReleaseMutex(mutex);

    Run(Careless);
    result = WaitForSingleObject(mutex, INFINITE);
    printf("after the careless one: %s, journal %d %d\n", Name(result), journal[0], journal[1]);
    if (result == WAIT_ABANDONED)
        journal[0] = journal[1]; /* undo the half step */
    printf("repaired: journal %d %d\n", journal[0], journal[1]);
    printf("owned once, not twice: %s", ReleaseMutex(mutex) ? "released" : "?");
    printf(", then %s\n", ReleaseMutex(mutex) ? "?" : "not ours any more");
    result = WaitForSingleObject(mutex, 0);
    printf("told once: %s\n", Name(result));
    ReleaseMutex(mutex);

    /* The other mutex that he had: among several objects, the index tells which one. */
    both[0] = event;
    both[1] = second;
    result = WaitForMultipleObjects(2, both, FALSE, INFINITE);
    printf("any of an event and the second mutex: %s\n", Name(result));
    ReleaseMutex(second);
    result = WaitForMultipleObjects(2, both, FALSE, 0);
    printf("the same again: %s\n", Name(result));
    ReleaseMutex(second);

    Run(Careless);
    both[0] = mutex;
    result = WaitForMultipleObjects(2, both, TRUE, INFINITE);
    printf("all of two, both abandoned: %s\n",
           result >= WAIT_ABANDONED_0 && result < WAIT_ABANDONED_0 + 2 ? "an abandoned result" : Name(result));
    ReleaseMutex(mutex);
    ReleaseMutex(second);
    CloseHandle(event);
    CloseHandle(second);
    CloseHandle(mutex);
    return 0;
}
