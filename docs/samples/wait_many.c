/* wait_many.c - WaitForMultipleObjects on objects of every kind: any of them, and all of them at once. */
#include <windows.h>
#include <stdio.h>

enum { EVENT, MUTEX, SEMAPHORE, THREAD, KINDS };

static HANDLE objects[KINDS];
static HANDLE may_end;

static const char *Result(DWORD result)
{
    static char text[40];
    if (result == WAIT_TIMEOUT)
        return "timeout";
    if (result == WAIT_FAILED) {
        sprintf(text, "failed, error %lu", (unsigned long)GetLastError());
        return text;
    }
    sprintf(text, "object %lu", (unsigned long)(result - WAIT_OBJECT_0));
    return text;
}

static DWORD WINAPI EndsWhenTold(LPVOID parameter)
{
    UNREFERENCED_PARAMETER(parameter);
    WaitForSingleObject(may_end, INFINITE);
    return 5;
}

static DWORD WINAPI SetsTheEvent(LPVOID parameter)
{
    Sleep(10);
    SetEvent((HANDLE)parameter);
    return 0;
}

int main(void)
{
    HANDLE many[MAXIMUM_WAIT_OBJECTS + 1], helper, both[2];
    DWORD id, i;

    may_end = CreateEvent(NULL, TRUE, FALSE, NULL);
    objects[EVENT] = CreateEvent(NULL, FALSE, FALSE, NULL);
    objects[MUTEX] = CreateMutex(NULL, FALSE, NULL);
    objects[SEMAPHORE] = CreateSemaphore(NULL, 0, 10, NULL);
    objects[THREAD] = CreateThread(NULL, 0, EndsWhenTold, NULL, 0, &id);

    /* Any: the first in the array that is signaled, and only that one is taken. */
    printf("the mutex is free: %s\n", Result(WaitForMultipleObjects(KINDS, objects, FALSE, 0)));
    SetEvent(objects[EVENT]);
    ReleaseSemaphore(objects[SEMAPHORE], 2, NULL);
    printf("event and semaphore, too: %s\n", Result(WaitForMultipleObjects(KINDS, objects, FALSE, INFINITE)));
    printf("the event was taken: %s\n", Result(WaitForMultipleObjects(KINDS, objects, FALSE, INFINITE)));
    printf("from the semaphore on: %s\n", Result(WaitForMultipleObjects(2, &objects[SEMAPHORE], FALSE, INFINITE)));
    ReleaseMutex(objects[MUTEX]);
    ReleaseMutex(objects[MUTEX]);

    /* All: nothing is taken before all are there. */
    printf("all: %s\n", Result(WaitForMultipleObjects(KINDS, objects, TRUE, 10)));
    printf("the semaphore still has one: %s\n", Result(WaitForSingleObject(objects[SEMAPHORE], 0)));
    ReleaseSemaphore(objects[SEMAPHORE], 1, NULL);
    SetEvent(may_end);
    helper = CreateThread(NULL, 0, SetsTheEvent, objects[EVENT], 0, &id);
    printf("all, the event comes later: %s\n", Result(WaitForMultipleObjects(KINDS, objects, TRUE, INFINITE)));
    printf("event and semaphore were taken: %s\n", Result(WaitForMultipleObjects(1, &objects[EVENT], FALSE, 0)));
    printf("  %s\n", Result(WaitForSingleObject(objects[SEMAPHORE], 0)));
    printf("the thread has ended and stays so: %s\n", Result(WaitForSingleObject(objects[THREAD], 0)));
    printf("the mutex is ours: %s\n", ReleaseMutex(objects[MUTEX]) ? "yes" : "no");

    /* What cannot be waited for. */
    printf("no object: %s\n", Result(WaitForMultipleObjects(0, objects, FALSE, 0)));
    for (i = 0; i <= MAXIMUM_WAIT_OBJECTS; ++i)
        many[i] = CreateEvent(NULL, TRUE, i == MAXIMUM_WAIT_OBJECTS - 1, NULL);
    printf("%d objects: %s\n", MAXIMUM_WAIT_OBJECTS,
           Result(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, many, FALSE, 0)));
    printf("one more: %s\n", Result(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS + 1, many, FALSE, 0)));
    both[0] = objects[MUTEX];
    both[1] = NULL;
    printf("one of two handles is none: %s\n", Result(WaitForMultipleObjects(2, both, FALSE, 0)));

    WaitForSingleObject(helper, INFINITE);
    CloseHandle(helper);
    for (i = 0; i <= MAXIMUM_WAIT_OBJECTS; ++i)
        CloseHandle(many[i]);
    for (i = 0; i < KINDS; ++i)
        CloseHandle(objects[i]);
    CloseHandle(may_end);
    return 0;
}
