/* srw_table.c - an SRW lock: many readers or one writer.
 *
 * The table has two halves that a writer changes one after the other. A reader that sees them different has read while
 * a writer was writing.
 */
#define _WIN32_WINNT 0x0601
#include <windows.h>
#include <stdio.h>

#define READERS 4
#define WRITERS 2
#define ROUNDS 400
#define WIDTH 16

static SRWLOCK lock = SRWLOCK_INIT;
static LONG left[WIDTH], right[WIDTH];
static volatile LONG torn, reading, most_reading;
static HANDLE meeting;

static DWORD WINAPI Writer(LPVOID parameter)
{
    int round, i;
    UNREFERENCED_PARAMETER(parameter);
    for (round = 0; round < ROUNDS; ++round) {
        AcquireSRWLockExclusive(&lock);
        for (i = 0; i < WIDTH; ++i)
            ++left[i];
        if (round % 40 == 0)
            SwitchToThread();
        for (i = 0; i < WIDTH; ++i)
            ++right[i];
        ReleaseSRWLockExclusive(&lock);
    }
    return 0;
}

static DWORD WINAPI Reader(LPVOID parameter)
{
    int round, i;
    UNREFERENCED_PARAMETER(parameter);

    /* All readers are inside at once: the last to come opens the door. */
    AcquireSRWLockShared(&lock);
    if (InterlockedIncrement(&reading) == READERS)
        SetEvent(meeting);
    WaitForSingleObject(meeting, INFINITE);
    most_reading = READERS;
    ReleaseSRWLockShared(&lock);

    for (round = 0; round < ROUNDS; ++round) {
        AcquireSRWLockShared(&lock);
        for (i = 0; i < WIDTH; ++i)
            if (left[i] != right[i])
                InterlockedIncrement(&torn);
        ReleaseSRWLockShared(&lock);
    }
    return 0;
}

int main(void)
{
    HANDLE threads[READERS + WRITERS];
    DWORD id;
    int i;

    meeting = CreateEvent(NULL, TRUE, FALSE, NULL);
    for (i = 0; i < READERS; ++i)
        threads[i] = CreateThread(NULL, 0, Reader, NULL, 0, &id);
    WaitForSingleObject(meeting, INFINITE);
    for (; i < READERS + WRITERS; ++i)
        threads[i] = CreateThread(NULL, 0, Writer, NULL, 0, &id);
    WaitForMultipleObjects(READERS + WRITERS, threads, TRUE, INFINITE);
    printf("%ld readers were inside together\n", (long)most_reading);
    printf("after %d writers: %ld and %ld, torn reads %ld\n", WRITERS, (long)left[0],
           (long)right[WIDTH - 1], (long)torn);

    AcquireSRWLockShared(&lock);
    printf("shared: another reader %s", TryAcquireSRWLockShared(&lock) ? "may" : "may not");
    printf(", a writer %s\n", TryAcquireSRWLockExclusive(&lock) ? "may" : "may not");
    ReleaseSRWLockShared(&lock);
    ReleaseSRWLockShared(&lock);
    printf("free: a writer %s", TryAcquireSRWLockExclusive(&lock) ? "may" : "may not");
    printf(", then a reader %s\n", TryAcquireSRWLockShared(&lock) ? "may" : "may not");
    ReleaseSRWLockExclusive(&lock);

    for (i = 0; i < READERS + WRITERS; ++i)
        CloseHandle(threads[i]);
    CloseHandle(meeting);
    return 0;
}
