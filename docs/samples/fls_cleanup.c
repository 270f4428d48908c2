/* fls_cleanup.c - fiber local storage in threads: TLS whose values are cleaned up by a callback.
 *
 * The callback runs in each thread that ends with a value in the slot, and for the values that are left when the slot
 * is freed.
 */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <stdio.h>

#define THREADS 3

typedef struct {
    int number;
    DWORD thread;
} RESOURCE;

static DWORD slot;
static HANDLE turn[THREADS + 1]; /* for an output in order */
static volatile LONG cleaned;

static VOID NTAPI CleanUp(PVOID data)
{
    RESOURCE *resource = (RESOURCE *)data;
    InterlockedIncrement(&cleaned);
    printf("cleaned up: resource %d, %s\n", resource->number,
           resource->thread == GetCurrentThreadId() ? "by its own thread" : "by another thread");
    HeapFree(GetProcessHeap(), 0, resource);
}

static BOOL Acquire(int number)
{
    RESOURCE *resource = (RESOURCE *)HeapAlloc(GetProcessHeap(), 0, sizeof(RESOURCE));
    if (resource == NULL)
        return FALSE;
    resource->number = number;
    resource->thread = GetCurrentThreadId();
    return FlsSetValue(slot, resource);
}

static DWORD WINAPI Worker(LPVOID parameter)
{
    int number = (int)(INT_PTR)parameter;
    WaitForSingleObject(turn[number], INFINITE);
    if (FlsGetValue(slot) != NULL)
        puts("a new thread has somebody's value");
    if (number != 1) /* this one takes nothing, so there is nothing to clean up */
        Acquire(number);
    printf("thread %d ends with %s\n", number, FlsGetValue(slot) != NULL ? "a value" : "nothing");
    return 0;
}

int main(void)
{
    HANDLE threads[THREADS];
    DWORD id, other;
    int i;

    slot = FlsAlloc(CleanUp);
    other = FlsAlloc(NULL);
    if (slot == FLS_OUT_OF_INDEXES || other == FLS_OUT_OF_INDEXES)
        return 1;
    for (i = 0; i < THREADS; ++i) {
        turn[i] = CreateEvent(NULL, FALSE, FALSE, NULL);
        threads[i] = CreateThread(NULL, 0, Worker, (LPVOID)(INT_PTR)i, 0, &id);
    }
    for (i = 0; i < THREADS; ++i) {
        SetEvent(turn[i]);
        WaitForSingleObject(threads[i], INFINITE);
    }
    printf("%ld of %d threads had something\n", (long)cleaned, THREADS);

    Acquire(10);
    FlsSetValue(other, &id); /* no callback: it is just forgotten */
    printf("freed with a value in it:\n");
    FlsFree(slot);
    FlsFree(other);
    printf("in all: %ld\n", (long)cleaned);
    if (!FlsFree(slot))
        printf("a slot is freed once: error %lu\n", (unsigned long)GetLastError());
    for (i = 0; i < THREADS; ++i) {
        CloseHandle(threads[i]);
        CloseHandle(turn[i]);
    }
    return 0;
}
