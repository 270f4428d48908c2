/* duplicate_handle.c - DuplicateHandle: fewer rights, a real handle for a pseudo handle, moving instead of copying. */
#include <windows.h>
#include <stdio.h>

static HANDLE caller; /* a real handle to the first thread */

static DWORD WINAPI WaitsForItsCaller(LPVOID parameter)
{
    UNREFERENCED_PARAMETER(parameter);
    /* GetCurrentThread() of the first thread would mean this thread here: that is why a real handle is needed. */
    return WaitForSingleObject(caller, 20) == WAIT_TIMEOUT ? 1 : 0;
}

static BOOL Duplicate(HANDLE from, HANDLE *to, DWORD access, DWORD options)
{
    *to = NULL;
    return DuplicateHandle(GetCurrentProcess(), from, GetCurrentProcess(), to, access, FALSE, options);
}

static void Try(const char *title, BOOL done)
{
    DWORD error = GetLastError();
    if (done)
        printf("%-36s yes\n", title);
    else
        printf("%-36s no, error %lu\n", title, (unsigned long)error);
}

int main(void)
{
    HANDLE event = CreateEvent(NULL, TRUE, FALSE, NULL), copy, waits_only, sets_only, moved, thread;
    DWORD id, code, flags;

    if (event == NULL)
        return 1;
    Try("a copy with the same access", Duplicate(event, &copy, 0, DUPLICATE_SAME_ACCESS));
    SetEvent(copy);
    Try("  a signal is seen by both", WaitForSingleObject(event, 0) == WAIT_OBJECT_0);

    Try("a copy for waiting", Duplicate(event, &waits_only, SYNCHRONIZE, 0));
    Try("  it can wait", WaitForSingleObject(waits_only, 0) == WAIT_OBJECT_0);
    Try("  it can reset", ResetEvent(waits_only));
    Try("a copy for setting", Duplicate(event, &sets_only, EVENT_MODIFY_STATE, 0));
    Try("  it can reset", ResetEvent(sets_only));
    Try("  it can wait", WaitForSingleObject(sets_only, 0) != WAIT_FAILED);

    CloseHandle(event);
    Try("the object is there without the first", SetEvent(copy) && WaitForSingleObject(waits_only, 0) == WAIT_OBJECT_0);
    Try("moved: the source is closed", Duplicate(copy, &moved, 0, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    Try("  the new one works", ResetEvent(moved));

    Try("nothing is duplicated from nothing", Duplicate(NULL, &copy, 0, DUPLICATE_SAME_ACCESS));

    flags = 99;
    Try("flags of a handle", GetHandleInformation(moved, &flags) && flags == 0);
    Try("  made inheritable", SetHandleInformation(moved, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT) &&
        GetHandleInformation(moved, &flags) && flags == HANDLE_FLAG_INHERIT);

    Try("a real handle of this thread", Duplicate(GetCurrentThread(), &caller, 0, DUPLICATE_SAME_ACCESS));
    Try("  it is not the pseudo handle", caller != GetCurrentThread());
    thread = CreateThread(NULL, 0, WaitsForItsCaller, NULL, 0, &id);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    Try("  another thread can wait for it", code == 1);
    CloseHandle(thread);
    CloseHandle(caller);
    CloseHandle(sets_only);
    CloseHandle(waits_only);
    Try("the last handle is closed", CloseHandle(moved));
    return 0;
}
