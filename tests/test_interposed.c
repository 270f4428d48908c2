/* test_interposed.c - a program that has functions of its own under the names of ours: the library must not call them.
 *
 * The dynamic linker prefers the program's definitions wherever a name is looked up. What the library calls of itself
 * (a pool waits, sets events, closes handles) has to mean the library. Lines `ok` and `FAIL`, as tests/run counts them.
 * */
#include <stdio.h>
#include <string.h>
#include <windows.h>

static volatile long strangers;

#define OWN(result, name, arguments, value) \
    result WINAPI name arguments            \
    {                                       \
        __sync_fetch_and_add(&strangers, 1); \
        return value;                       \
    }
OWN(BOOL, CloseHandle, (HANDLE h), h == NULL)
OWN(BOOL, SetEvent, (HANDLE h), h == NULL)
OWN(BOOL, ResetEvent, (HANDLE h), h == NULL)
OWN(BOOL, ReleaseMutex, (HANDLE h), h == NULL)
OWN(BOOL, GetHandleInformation, (HANDLE h, LPDWORD flags), h == NULL && flags == NULL)
OWN(BOOL, SetHandleInformation, (HANDLE h, DWORD mask, DWORD flags), h == NULL && mask == flags)
OWN(DWORD, WaitForSingleObject, (HANDLE h, DWORD ms), h == NULL ? ms : WAIT_FAILED)
OWN(DWORD, WaitForMultipleObjects, (DWORD n, const HANDLE *h, BOOL all, DWORD ms),
    h == NULL && all ? n + ms : WAIT_FAILED)
OWN(HANDLE, GetCurrentProcess, (void), NULL)
OWN(HANDLE, CreateEventA, (LPSECURITY_ATTRIBUTES s, BOOL m, BOOL i, LPCSTR n),
    s != NULL && m && i && n != NULL ? (HANDLE)s : NULL)
OWN(FARPROC, GetProcAddress, (HMODULE m, LPCSTR name), m == NULL && name == NULL ? (FARPROC)m : NULL)

static HANDLE done;
static volatile long called;

static VOID CALLBACK work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK w)
{
    (void)context, (void)w;
    __sync_fetch_and_add(&called, 1);
    SetEventWhenCallbackReturns(instance, done);
}
static VOID CALLBACK waited(PVOID context, BOOLEAN timed_out)
{
    (void)context, (void)timed_out;
    __sync_fetch_and_add(&called, 1);
}

static int failures;
static void tell(int holds, const char *what)
{
    printf("%s %s\n", holds ? "ok  " : "FAIL", what);
    failures += !holds;
}

int main(void)
{
    PTP_WORK item;
    HANDLE wait = NULL;
    HMODULE library;
    char name[MAX_PATH] = "";

    done = CreateEventEx(NULL, NULL, CREATE_EVENT_MANUAL_RESET, EVENT_ALL_ACCESS);
    item = CreateThreadpoolWork(work, NULL, NULL);
    SubmitThreadpoolWork(item);
    WaitForThreadpoolWorkCallbacks(item, FALSE);
    CloseThreadpoolWork(item);
    tell(WaitForSingleObjectEx(done, 10000, FALSE) == WAIT_OBJECT_0 && called == 1, "a pool's callback, and its event");
    tell(RegisterWaitForSingleObject(&wait, done, waited, NULL, INFINITE, WT_EXECUTEONLYONCE) &&
             UnregisterWaitEx(wait, INVALID_HANDLE_VALUE),
         "a registered wait");
    library = GetModuleHandleA("kernel32");
    tell(library != NULL && GetModuleFileNameA(library, name, sizeof name) > 0 && strstr(name, "libwinshim.so") != NULL,
         "kernel32 is the library");
    tell(strangers == 0, "nothing of the program's was called");
    return failures != 0;
}
