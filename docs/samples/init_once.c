/* init_once.c - one-time initialization, by a function that runs once, and by racing where the first one wins. */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <stdio.h>

#define THREADS 6

typedef struct {
    DWORD magic;
} SETTINGS;

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static INIT_ONCE race = INIT_ONCE_STATIC_INIT;
static INIT_ONCE stubborn = INIT_ONCE_STATIC_INIT;
static volatile LONG calls, built, dropped, wrong;
static HANDLE start;

static BOOL CALLBACK Load(PINIT_ONCE init, PVOID parameter, PVOID *context)
{
    static SETTINGS settings;
    UNREFERENCED_PARAMETER(init);
    InterlockedIncrement(&calls);
    Sleep(10); /* the others come while this runs, and have to wait */
    settings.magic = *(DWORD *)parameter;
    *context = &settings;
    return TRUE;
}

static BOOL CALLBACK LoadOnThirdCall(PINIT_ONCE init, PVOID parameter, PVOID *context)
{
    int *attempts = (int *)parameter;
    UNREFERENCED_PARAMETER(init);
    UNREFERENCED_PARAMETER(context);
    return ++*attempts == 3;
}

/* Everybody may build; the first to finish publishes, the others drop what they have built. */
static SETTINGS *Race(void)
{
    PVOID context = NULL;
    BOOL pending = FALSE;
    SETTINGS *own;

    if (!InitOnceBeginInitialize(&race, INIT_ONCE_ASYNC, &pending, &context))
        return NULL;
    if (!pending)
        return (SETTINGS *)context;
    own = (SETTINGS *)HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(SETTINGS));
    own->magic = 7;
    InterlockedIncrement(&built);
    if (InitOnceComplete(&race, INIT_ONCE_ASYNC, own))
        return own;
    HeapFree(GetProcessHeap(), 0, own);
    InterlockedIncrement(&dropped);
    InitOnceBeginInitialize(&race, INIT_ONCE_CHECK_ONLY, &pending, &context);
    return (SETTINGS *)context;
}

static DWORD WINAPI Worker(LPVOID parameter)
{
    DWORD magic = 42;
    PVOID context = NULL;
    SETTINGS *raced;
    UNREFERENCED_PARAMETER(parameter);

    WaitForSingleObject(start, INFINITE);
    if (!InitOnceExecuteOnce(&once, Load, &magic, &context) || ((SETTINGS *)context)->magic != 42)
        InterlockedIncrement(&wrong);
    raced = Race();
    if (raced == NULL || raced->magic != 7 || raced != Race())
        InterlockedIncrement(&wrong);
    return 0;
}

int main(void)
{
    HANDLE threads[THREADS];
    PVOID context = NULL;
    BOOL pending = FALSE;
    DWORD id;
    int i, attempts = 0;

    printf("before: %s\n", !InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &context) ? "nothing there"
                                                                                                     : "?");
    start = CreateEvent(NULL, TRUE, FALSE, NULL);
    for (i = 0; i < THREADS; ++i)
        threads[i] = CreateThread(NULL, 0, Worker, NULL, 0, &id);
    SetEvent(start);
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    printf("%d threads, the function was called %ld time\n", THREADS, (long)calls);
    printf("the race: one was kept (%d), none got another's, wrong %ld\n", built - dropped == 1, (long)wrong);

    /* A function that returns FALSE has not initialized anything: the next caller tries again. */
    for (i = 1; !InitOnceExecuteOnce(&stubborn, LoadOnThirdCall, &attempts, NULL); ++i)
        printf("attempt %d failed\n", i);
    printf("attempt %d succeeded\n", i);
    InitOnceExecuteOnce(&stubborn, LoadOnThirdCall, &attempts, NULL);
    printf("%d calls in all\n", attempts);

    HeapFree(GetProcessHeap(), 0, Race());
    for (i = 0; i < THREADS; ++i)
        CloseHandle(threads[i]);
    CloseHandle(start);
    return 0;
}
