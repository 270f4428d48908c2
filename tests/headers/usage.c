/* usage.c - a source as Win32 programs are written: keywords, annotations, TEXT, every function called once.
 *
 * Compiled as C and as C++, never run. A function whose declaration were wrong or missing does not get through.
 */
#include <windows.h>
#include <tchar.h>
#include <winshim.h>

#if defined(WIN32) || defined(_WIN32)
#ifndef OWN_WIN32
#error "the headers define WIN32 or _WIN32, which is the user's choice"
#endif
#endif
#if defined(__cplusplus) || defined(NOMINMAX)
#if defined(min) || defined(max)
#error "min and max are macros"
#endif
#else
typedef char largest_is_2[max(1, 2) == 2 && min(1, 2) == 1 ? 1 : -1];
#endif

static __declspec(thread) int per_thread;
static __declspec(align(64)) char aligned_buffer[64];
struct __declspec(align(32)) aligned_struct {
    char byte;
};
typedef char struct_is_aligned[sizeof(struct aligned_struct) == 32 ? 1 : -1];
__declspec(dllexport) int exported(int value);
__declspec(dllimport) int imported(void);
__declspec(noreturn) void never_returns(void);
__declspec(deprecated("by another")) void with_text(void);
__declspec(deprecated) void without_text(void);
typedef DWORD(WINAPI *thread_routine)(LPVOID parameter);
typedef int(__stdcall *standard_call)(int);
typedef int(__cdecl *c_call)(int);

static __forceinline DWORD annotated(_In_ DWORD in, _Inout_opt_ DWORD *both, _Out_writes_opt_(count) DWORD *out,
                                     DWORD count, __in_opt const DWORD *old, __inout_opt DWORD *old_both)
{
    if (both != NULL && out != NULL && count > 0)
        *out = *both;
    return in + (old != NULL ? *old : 0) + (old_both != NULL ? *old_both : 0);
}

int exported(int value)
{
    per_thread += value;
    aligned_buffer[0] = (char)per_thread;
    return aligned_buffer[0];
}

static DWORD CALLBACK routine(LPVOID parameter)
{
    UNREFERENCED_PARAMETER(parameter);
    return annotated(1, NULL, NULL, 0, NULL, NULL);
}

static VOID APIENTRY at_expiry(LPVOID argument, DWORD low, DWORD high)
{
    *(DWORD *)argument = low + high;
}

static DWORD use_timers(LPCTSTR name)
{
    DWORD halves = 0;
    REASON_CONTEXT reason;
    PTIMERAPCROUTINE completion = at_expiry;
    LARGE_INTEGER due;
    HANDLE timer = CreateWaitableTimer(NULL, FALSE, name);

    due.QuadPart = -10000;
    reason.Version = POWER_REQUEST_CONTEXT_VERSION;
    reason.Flags = POWER_REQUEST_CONTEXT_SIMPLE_STRING;
    reason.Reason.SimpleReasonString = NULL;
    CloseHandle(CreateWaitableTimerEx(NULL, NULL, CREATE_WAITABLE_TIMER_MANUAL_RESET, TIMER_ALL_ACCESS));
    CloseHandle(OpenWaitableTimer(TIMER_MODIFY_STATE | SYNCHRONIZE, FALSE, name));
    CloseHandle(CreateWaitableTimerA(NULL, FALSE, "A"));
    CloseHandle(CreateWaitableTimerW(NULL, FALSE, L"W"));
    if (!SetWaitableTimer(timer, &due, 0, completion, &halves, FALSE))
        SetWaitableTimerEx(timer, &due, 0, NULL, NULL, &reason, 0);
    SleepEx(INFINITE, TRUE);
    CancelWaitableTimer(timer);
    return halves;
}

static DWORD use_names_of_threads(void)
{
    BOOL none = FALSE;
    PWSTR name = NULL;

    if (SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_ABOVE_NORMAL))
        SetThreadPriorityBoost(GetCurrentThread(), TRUE);
    if (SUCCEEDED(SetThreadDescription(GetCurrentThread(), L"worker")))
        GetThreadDescription(GetCurrentThread(), &name);
    LocalFree(name);
    GetThreadPriorityBoost(GetCurrentThread(), &none);
    return GetThreadPriority(GetCurrentThread()) == THREAD_PRIORITY_ERROR_RETURN || none;
}

#ifdef UNDER_CE
static DWORD use_event_data(HANDLE event)
{
    if (SetEventData(event, 5))
        EventModify(event, EVENT_SET);
    return GetEventData(event);
}
#else
#define use_event_data(event) 0
#endif

DWORD use(thread_routine *set);
DWORD use(thread_routine *set)
{
    SECURITY_ATTRIBUTES attributes = {sizeof(SECURITY_ATTRIBUTES), NULL, TRUE};
    static const TCHAR name[] = _T("Name");
    HANDLE handles[6], copy = NULL;
    DWORD flags = 0, result = 0;
    LONG previous = 0;

    *set = routine;
    handles[0] = CreateEvent(&attributes, TRUE, FALSE, name);
    handles[1] = CreateEventEx(NULL, TEXT("Ex"), CREATE_EVENT_MANUAL_RESET, EVENT_ALL_ACCESS);
    handles[2] = CreateMutex(NULL, FALSE, TEXT("MutexToProtectDatabase"));
    handles[3] = CreateMutexEx(NULL, NULL, CREATE_MUTEX_INITIAL_OWNER, SYNCHRONIZE);
    handles[4] = CreateSemaphore(NULL, 0, 5, _TEXT("Count"));
    handles[5] = CreateSemaphoreEx(NULL, 0, 5, NULL, 0, SEMAPHORE_ALL_ACCESS);
    if (handles[2] == NULL || GetLastError() == ERROR_ALREADY_EXISTS)
        SetLastError(ERROR_SUCCESS);
    CloseHandle(OpenEvent(EVENT_MODIFY_STATE | SYNCHRONIZE, FALSE, name));
    CloseHandle(OpenMutex(MUTEX_ALL_ACCESS, FALSE, name));
    CloseHandle(OpenSemaphore(SEMAPHORE_MODIFY_STATE, FALSE, name));
    CloseHandle(CreateEventA(NULL, FALSE, FALSE, "A"));
    CloseHandle(CreateEventW(NULL, FALSE, FALSE, L"W"));
    CloseHandle(CreateMutexW(NULL, FALSE, L"W"));
    CloseHandle(CreateSemaphoreW(NULL, 0, 1, L"W"));

    switch (WaitForSingleObject(handles[2], INFINITE)) {
    case WAIT_OBJECT_0:
    case WAIT_ABANDONED:
        ReleaseMutex(handles[2]);
        break;
    case WAIT_TIMEOUT:
        break;
    case WAIT_FAILED:
        result = GetLastError();
        break;
    default:
        break;
    }
    result += WaitForSingleObjectEx(handles[0], 10, FALSE);
    result += WaitForMultipleObjects(6, handles, FALSE, 0);
    result += WaitForMultipleObjectsEx(2, handles, TRUE, 0, FALSE);
    result += SignalObjectAndWait(handles[0], handles[1], 0, FALSE);
    SetEvent(handles[0]);
    ResetEvent(handles[0]);
    PulseEvent(handles[0]);
    ReleaseSemaphore(handles[4], 1, &previous);
    result += use_timers(name) + use_names_of_threads() + use_event_data(handles[0]);
    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &copy, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    if (copy != INVALID_HANDLE_VALUE && CompareObjectHandles(handles[0], copy))
        SetHandleInformation(copy, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    GetHandleInformation(copy, &flags);
    Sleep(0);
    if (WinshimSetProfile("nt"))
        result += (DWORD)WinshimGetProfile()[0] + (DWORD)WinshimVersion()[0] +
                  (WinshimGetMsAbiProc("SetEvent") != NULL);
    return result + flags + GetCurrentProcessId() + GetCurrentThreadId() + (DWORD)previous;
}
