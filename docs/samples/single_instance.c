/* single_instance.c - a program of which only one instance runs: the others hand their request over and end.
 *
 * The first process makes the mutex; another finds it, writes what it was asked for into shared memory, sets an event,
 * and waits until the first has taken it. The sample starts its other instances itself.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    char text[64];
} REQUEST;

static HANDLE asked, answered, turn, memory; /* the name of the memory lasts as long as a handle to it */
static REQUEST *request;

static BOOL Connect(void)
{
    asked = CreateEventA(NULL, FALSE, FALSE, "single_instance.asked");
    answered = CreateEventA(NULL, FALSE, FALSE, "single_instance.answered");
    turn = CreateMutexA(NULL, FALSE, "single_instance.turn");
    memory = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(REQUEST),
                                "single_instance.memory");
    if (asked == NULL || answered == NULL || turn == NULL || memory == NULL)
        return FALSE;
    request = (REQUEST *)MapViewOfFile(memory, FILE_MAP_WRITE, 0, 0, 0);
    return request != NULL;
}

/* Another instance: only one of them talks to the first at a time. */
static int HandOver(const char *text)
{
    if (WaitForSingleObject(turn, 60000) != WAIT_OBJECT_0)
        return 1;
    strncpy(request->text, text, sizeof(request->text) - 1);
    SetEvent(asked);
    if (WaitForSingleObject(answered, 60000) != WAIT_OBJECT_0)
        return 2;
    ReleaseMutex(turn);
    return 10;
}

static HANDLE Start(const char *argument)
{
    char program[MAX_PATH], line[MAX_PATH + 80];
    STARTUPINFOA startup;
    PROCESS_INFORMATION child;

    GetModuleFileNameA(NULL, program, MAX_PATH);
    sprintf(line, "\"%s\" \"%s\"", program, argument);
    ZeroMemory(&startup, sizeof(startup));
    startup.cb = sizeof(startup);
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child))
        return NULL;
    CloseHandle(child.hThread);
    return child.hProcess;
}

int main(int argc, char *argv[])
{
    static const char *const arguments[] = {"open a file", "open another file", "print", "quit"};
    HANDLE only = CreateMutexA(NULL, TRUE, "single_instance"), other;
    BOOL first = GetLastError() != ERROR_ALREADY_EXISTS;
    DWORD code;
    unsigned i;

    if (only == NULL || !Connect())
        return 1;
    if (!first)
        return argc == 2 ? HandOver(argv[1]) : 3;
    if (argc != 1)
        return 4; /* started as another instance, but there was no first one */

    puts("the first instance");
    for (i = 0; i < sizeof(arguments) / sizeof(arguments[0]); ++i) {
        other = Start(arguments[i]);
        if (other == NULL) {
            printf("CreateProcess: error %lu\n", (unsigned long)GetLastError());
            return 1;
        }
        if (WaitForSingleObject(asked, 60000) != WAIT_OBJECT_0)
            return 1;
        printf("asked to: %s\n", request->text);
        ZeroMemory(request, sizeof(*request));
        SetEvent(answered);
        WaitForSingleObject(other, INFINITE);
        GetExitCodeProcess(other, &code);
        printf("the other instance ended with %lu\n", (unsigned long)code);
        CloseHandle(other);
    }

    /* Without a first one, the next to come is it. */
    ReleaseMutex(only);
    CloseHandle(only);
    other = Start("nothing");
    WaitForSingleObject(other, INFINITE);
    GetExitCodeProcess(other, &code);
    printf("after the first has gone: %lu\n", (unsigned long)code);
    CloseHandle(other);
    UnmapViewOfFile(request);
    CloseHandle(memory);
    CloseHandle(turn);
    CloseHandle(answered);
    CloseHandle(asked);
    return 0;
}
