/* thread_ends.c - threads: suspended start, identifiers, exit codes, and the ways to end. */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <process.h>
#include <stdio.h>

static HANDLE forever;

static DWORD WINAPI Returns(LPVOID parameter)
{
    return *(DWORD *)parameter;
}

static int LeavesFromHere(int code)
{
    if (code != 0)
        ExitThread((DWORD)code);
    return 1;
}

static DWORD WINAPI Exits(LPVOID parameter)
{
    UNREFERENCED_PARAMETER(parameter);
    return (DWORD)LeavesFromHere(77);
}

static DWORD WINAPI Waits(LPVOID parameter)
{
    SetEvent((HANDLE)parameter);
    WaitForSingleObject(forever, INFINITE);
    return 2;
}

static unsigned __stdcall OfTheCLibrary(void *argument)
{
    _endthreadex(*(unsigned *)argument + 1);
    return 0;
}

static void Report(const char *title, HANDLE thread)
{
    DWORD code = 0;
    if (WaitForSingleObject(thread, 0) == WAIT_TIMEOUT) {
        GetExitCodeThread(thread, &code);
        printf("%-26s still there, code %s\n", title, code == STILL_ACTIVE ? "STILL_ACTIVE" : "?");
        return;
    }
    GetExitCodeThread(thread, &code);
    printf("%-26s ended with %lu\n", title, (unsigned long)code);
}

int main(void)
{
    DWORD id = 0, number = 5;
    HANDLE begun = CreateEvent(NULL, FALSE, FALSE, NULL), thread, opened;
    unsigned argument = 41, thread_id = 0;

    forever = CreateEvent(NULL, TRUE, FALSE, NULL);

    thread = CreateThread(NULL, 0, Returns, &number, CREATE_SUSPENDED, &id);
    if (thread == NULL)
        return 1;
    printf("its identifier: %s\n",
           id != 0 && id == GetThreadId(thread) && id != GetCurrentThreadId() ? "right" : "wrong");
    Report("created suspended:", thread);
    number = 6; /* it has not run yet */
    printf("suspended once more, before: %lu\n", (unsigned long)SuspendThread(thread));
    printf("resumed, before: %lu\n", (unsigned long)ResumeThread(thread));
    Report("still suspended:", thread);
    printf("resumed, before: %lu\n", (unsigned long)ResumeThread(thread));
    WaitForSingleObject(thread, INFINITE);
    Report("returned:", thread);
    CloseHandle(thread);

    thread = CreateThread(NULL, 64 * 1024, Exits, NULL, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    Report("ExitThread deep inside:", thread);
    CloseHandle(thread);

    thread = CreateThread(NULL, 0, Waits, begun, 0, &id);
    WaitForSingleObject(begun, INFINITE);
    opened = OpenThread(SYNCHRONIZE | THREAD_QUERY_INFORMATION, FALSE, id);
    Report("opened by its identifier:", opened);
    TerminateThread(thread, 99);
    WaitForSingleObject(opened, INFINITE);
    Report("terminated:", opened);
    CloseHandle(opened);
    CloseHandle(thread);

    thread = (HANDLE)_beginthreadex(NULL, 0, OfTheCLibrary, &argument, 0, &thread_id);
    WaitForSingleObject(thread, INFINITE);
    Report("_endthreadex:", thread);
    CloseHandle(thread);

    thread = CreateThread(NULL, 0, Waits, begun, 0, &id);
    WaitForSingleObject(begun, INFINITE);
    SetEvent(forever);
    WaitForSingleObject(thread, INFINITE);
    Report("woken by an event:", thread);
    CloseHandle(thread);
    printf("an identifier of nobody: %s\n",
           OpenThread(SYNCHRONIZE, FALSE, 0) == NULL ? "no handle" : "?");
    CloseHandle(begun);
    CloseHandle(forever);
    return 0;
}
