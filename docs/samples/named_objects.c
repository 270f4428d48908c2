/* named_objects.c - names: who makes an object, who finds it, and what is found under the wrong type.
 *
 * Everything happens in one process, with several handles: for another process that uses the names it is the same.
 */
#include <windows.h>
#include <stdio.h>

static const char *Error(void)
{
    static char other[32];
    DWORD error = GetLastError();
    switch (error) {
    case ERROR_SUCCESS: return "ERROR_SUCCESS";
    case ERROR_FILE_NOT_FOUND: return "ERROR_FILE_NOT_FOUND";
    case ERROR_ACCESS_DENIED: return "ERROR_ACCESS_DENIED";
    case ERROR_INVALID_HANDLE: return "ERROR_INVALID_HANDLE";
    case ERROR_ALREADY_EXISTS: return "ERROR_ALREADY_EXISTS";
    case ERROR_TOO_MANY_POSTS: return "ERROR_TOO_MANY_POSTS";
    }
    sprintf(other, "error %lu", (unsigned long)error);
    return other;
}

static void Report(const char *what, HANDLE handle)
{
    const char *error = Error();
    printf("%-44s %-6s %s\n", what, handle != NULL ? "handle" : "NULL", handle == NULL ? error :
           GetLastError() == ERROR_ALREADY_EXISTS ? "it existed" : "");
}

int main(void)
{
    HANDLE first, second, opened, wrong, limited;

    SetLastError(0);
    opened = OpenEventA(EVENT_ALL_ACCESS, FALSE, "sample-name");
    Report("OpenEvent before it exists", opened);

    first = CreateEventA(NULL, TRUE, FALSE, "sample-name");
    Report("CreateEvent, manual reset", first);
    second = CreateEventA(NULL, FALSE, TRUE, "sample-name");
    Report("CreateEvent again, other arguments", second);
    printf("  it is still not signaled: %d\n", WaitForSingleObject(second, 0) == WAIT_TIMEOUT);
    SetEvent(second);
    printf("  the other handle sees the signal: %d\n", WaitForSingleObject(first, 0) == WAIT_OBJECT_0);
    printf("  and it is still manual reset: %d\n", WaitForSingleObject(first, 0) == WAIT_OBJECT_0);

    SetLastError(0);
    wrong = CreateSemaphoreA(NULL, 1, 1, "sample-name");
    Report("CreateSemaphore with the event's name", wrong);
    wrong = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, "sample-name");
    Report("OpenMutex with the event's name", wrong);
    opened = OpenEventA(EVENT_ALL_ACCESS, FALSE, "Sample-Name");
    Report("OpenEvent with capitals", opened);
    SetLastError(0);
    opened = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"sample-name");
    Report("OpenEventW", opened);
    CloseHandle(opened);
    SetLastError(0);
    opened = OpenEventA(EVENT_ALL_ACCESS, FALSE, "Local\\sample-name");
    Report("OpenEvent, Local\\ in front", opened);
    CloseHandle(opened);

    SetLastError(0);
    limited = OpenEventA(SYNCHRONIZE, FALSE, "sample-name");
    Report("OpenEvent for SYNCHRONIZE only", limited);
    printf("  a wait: %lu\n", (unsigned long)WaitForSingleObject(limited, 0));
    if (!ResetEvent(limited))
        printf("  ResetEvent: %s\n", Error());
    CloseHandle(limited);

    /* The object lives as long as a handle to it. */
    CloseHandle(first);
    SetLastError(0);
    opened = OpenEventA(EVENT_ALL_ACCESS, FALSE, "sample-name");
    Report("OpenEvent, one of two handles closed", opened);
    CloseHandle(opened);
    CloseHandle(second);
    opened = OpenEventA(EVENT_ALL_ACCESS, FALSE, "sample-name");
    Report("OpenEvent, all handles closed", opened);
    return 0;
}
