/* inherited_handles.c - a child gets an event, a mutex and a semaphore without a name: their handles are inherited.
 *
 * Only handles that are made inheritable come over, with the same values; the command line tells the child which.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 20

static HANDLE FromArgument(const char *text)
{
    return (HANDLE)(ULONG_PTR)strtoul(text, NULL, 10);
}

static unsigned long Value(HANDLE handle)
{
    return (unsigned long)(ULONG_PTR)handle;
}

/* The exit code is a mask of what was as it should be. */
static int Child(char *argv[])
{
    HANDLE go = FromArgument(argv[1]), counter = FromArgument(argv[2]), mutex = FromArgument(argv[3]);
    HANDLE hidden = FromArgument(argv[4]);
    DWORD flags = 0;
    int right = 0, i;

    if (WaitForSingleObject(go, 60000) == WAIT_OBJECT_0)
        right |= 1;
    for (i = 0; i < ROUNDS; ++i)
        if (!ReleaseSemaphore(counter, 1, NULL))
            return right;
    right |= 2;
    if (WaitForSingleObject(mutex, 60000) == WAIT_OBJECT_0)
        right |= 4; /* and is abandoned */
    if (!SetEvent(hidden) && GetLastError() == ERROR_INVALID_HANDLE)
        right |= 8;
    if (GetHandleInformation(go, &flags) && (flags & HANDLE_FLAG_INHERIT) != 0)
        right |= 16;
    return right;
}

int main(int argc, char *argv[])
{
    SECURITY_ATTRIBUTES inheritable;
    HANDLE go, counter, mutex, hidden, temporary;
    STARTUPINFOA startup;
    PROCESS_INFORMATION child;
    char program[MAX_PATH], line[MAX_PATH + 100];
    DWORD code = 0, result;
    int count = 0;

    if (argc == 5)
        return Child(argv);

    inheritable.nLength = sizeof(inheritable);
    inheritable.lpSecurityDescriptor = NULL;
    inheritable.bInheritHandle = TRUE;
    go = CreateEvent(&inheritable, TRUE, FALSE, NULL);
    counter = CreateSemaphore(&inheritable, 0, 1000, NULL);
    temporary = CreateMutex(NULL, FALSE, NULL); /* made inheritable by duplicating */
    DuplicateHandle(GetCurrentProcess(), temporary, GetCurrentProcess(), &mutex, 0, TRUE, DUPLICATE_SAME_ACCESS);
    CloseHandle(temporary);
    hidden = CreateEvent(NULL, TRUE, FALSE, NULL);

    GetModuleFileNameA(NULL, program, MAX_PATH);
    sprintf(line, "\"%s\" %lu %lu %lu %lu", program, Value(go), Value(counter), Value(mutex), Value(hidden));
    ZeroMemory(&startup, sizeof(startup));
    startup.cb = sizeof(startup);
    if (!CreateProcessA(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &child)) {
        printf("CreateProcess: error %lu\n", (unsigned long)GetLastError());
        return 1;
    }
    printf("the child waits: %s\n", WaitForSingleObject(counter, 50) == WAIT_TIMEOUT ? "yes" : "no");
    SetEvent(go);
    while (count < ROUNDS && WaitForSingleObject(counter, 60000) == WAIT_OBJECT_0)
        ++count;
    printf("the child has counted to %d\n", count);
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &code);
    printf("it could wait for the event: %s\n", code & 1 ? "yes" : "no");
    printf("it could release the semaphore: %s\n", code & 2 ? "yes" : "no");
    printf("it could own the mutex: %s\n", code & 4 ? "yes" : "no");
    printf("the handle that is not inheritable was not there: %s\n", code & 8 ? "yes" : "no");
    printf("what it got is inheritable in turn: %s\n", code & 16 ? "yes" : "no");
    result = WaitForSingleObject(mutex, 60000);
    printf("it ended as the owner: %s\n", result == WAIT_ABANDONED ? "WAIT_ABANDONED" : "?");
    printf("the hidden event was not set: %s\n", WaitForSingleObject(hidden, 0) == WAIT_TIMEOUT ? "right" : "wrong");
    ReleaseMutex(mutex);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
    CloseHandle(hidden);
    CloseHandle(mutex);
    CloseHandle(counter);
    CloseHandle(go);
    return 0;
}
