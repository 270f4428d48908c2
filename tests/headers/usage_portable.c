/* usage_portable.c - a source as the Win32 halves of portable libraries are written: their types, casts and idioms.
 *
 * Compiled as C and as C++ in every mode, never run. What stands here was chosen by reading which types, constants and
 * macros such libraries use for threads, locks and process-wide locks; the code is not theirs.
 */
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0600
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>
#include <process.h>
#include <stddef.h>
#include <string.h>

#if !defined(_WIN32_WINNT) || _WIN32_WINNT < 0x0600
#error "_WIN32_WINNT is the source's"
#endif

/* ---- functions that an older system may lack: found at run time, called by a type of their own ---- */
typedef VOID(WINAPI *initialize_srw)(PSRWLOCK);
typedef BOOL(WINAPI *sleep_on_condition)(PCONDITION_VARIABLE, PSRWLOCK, DWORD, ULONG);
typedef HRESULT(WINAPI *set_description)(HANDLE, PCWSTR);
typedef ULONGLONG(WINAPI *tick_count)(void);

static struct {
    initialize_srw initialize;
    sleep_on_condition sleep;
    set_description describe;
    tick_count ticks;
} found;

static FARPROC look_up(const char *name)
{
    HMODULE kernel = GetModuleHandle(TEXT("kernel32.dll"));
    if (kernel == NULL)
        kernel = LoadLibraryA("kernel32");
    return kernel == NULL ? NULL : GetProcAddress(kernel, name);
}

static void find_functions(void)
{
    FARPROC function = look_up("InitializeSRWLock");
    memcpy(&found.initialize, &function, sizeof(function));
    function = look_up("SleepConditionVariableSRW");
    memcpy(&found.sleep, &function, sizeof(function));
    function = look_up("SetThreadDescription");
    memcpy(&found.describe, &function, sizeof(function));
    function = look_up("GetTickCount64");
    memcpy(&found.ticks, &function, sizeof(function));
}

/* ---- once, by an event that is made in a race ---- */
typedef struct {
    LONG volatile state;
    HANDLE event;
    PVOID volatile published;
} once_t;

static void run_once(once_t *once, void (*routine)(void))
{
    HANDLE own = CreateEvent(NULL, 1, 0, NULL), other;
    other = InterlockedCompareExchangePointer(&once->event, own, NULL);
    if (other == NULL) {
        routine();
        SetEvent(own);
        InterlockedExchange(&once->state, 1L);
    } else {
        CloseHandle(own);
        if (WaitForSingleObject(other, INFINITE) != WAIT_OBJECT_0)
            return;
    }
    (void)InterlockedExchangePointer(&once->published, once);
}

/* ---- threads: a trampoline with a context, errors by errno and by GetLastError ---- */
typedef struct {
    void *(*routine)(void *);
    void *argument, *result;
    HANDLE handle;
    unsigned id;
} thread_t;

static unsigned __stdcall trampoline(void *parameter)
{
    thread_t *thread = (thread_t *)parameter;
    thread->result = thread->routine(thread->argument);
    _endthreadex(0);
    return 0;
}

static int start(thread_t *thread, size_t stack)
{
    SYSTEM_INFO info;
    uintptr_t handle;
    int priority;
    GetNativeSystemInfo(&info);
    stack = (stack + info.dwPageSize - 1) & ~(size_t)(info.dwPageSize - 1);
    handle = _beginthreadex(NULL, (unsigned)stack, trampoline, thread,
                            CREATE_SUSPENDED | STACK_SIZE_PARAM_IS_A_RESERVATION, &thread->id);
    thread->handle = (HANDLE)handle;
    if (handle == 0)
        return (int)GetLastError();
    /* A new thread has its maker's priority. */
    priority = GetThreadPriority(GetCurrentThread());
    if (priority == THREAD_PRIORITY_ERROR_RETURN || !SetThreadPriority(thread->handle, priority) ||
        ResumeThread(thread->handle) == (DWORD)-1)
        return (int)GetLastError();
    return 0;
}

static HANDLE self_as_handle(void)
{
    HANDLE self = NULL;
    if (!DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &self, 0, FALSE,
                         DUPLICATE_SAME_ACCESS))
        return INVALID_HANDLE_VALUE;
    return self;
}

C_ASSERT(sizeof(SRWLOCK) == sizeof(void *));
C_ASSERT(sizeof(CONDITION_VARIABLE) == sizeof(void *));

/* ---- locks: static, lazily made, recursive ---- */
typedef struct DECLSPEC_CACHEALIGN {
    volatile LONG word;
} alone_in_its_line;

static DECLSPEC_NOINLINE LONG peek(const LONG UNALIGNED *word)
{
    return *word;
}

static CRITICAL_SECTION *lazily(PVOID volatile *place)
{
    CRITICAL_SECTION *section = (CRITICAL_SECTION *)*place, *before;
    if (section != NULL)
        return section;
    section = (CRITICAL_SECTION *)HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(CRITICAL_SECTION));
    if (section == NULL || !InitializeCriticalSectionAndSpinCount(section, 0x400))
        return NULL;
    before = (CRITICAL_SECTION *)InterlockedCompareExchangePointer(place, section, NULL);
    if (before == NULL)
        return section;
    DeleteCriticalSection(section);
    HeapFree(GetProcessHeap(), 0, section);
    return before;
}

static LONG spin(LONG volatile *word)
{
    LONG rounds = 0;
    while (InterlockedCompareExchange(word, 1, 0) != 0) {
        YieldProcessor();
        if (++rounds % 32 == 0)
            Sleep(rounds % 256 == 0);
        else
            SwitchToThread();
    }
    MemoryBarrier();
    return rounds;
}

/* ---- a lock between processes, with a security descriptor that lets everybody in ---- */
static int named_lock(const char *name, HANDLE *mutex)
{
    SECURITY_DESCRIPTOR everybody;
    SECURITY_ATTRIBUTES security;
    DWORD result;

    if (!InitializeSecurityDescriptor(&everybody, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorDacl(&everybody, TRUE, (PACL)NULL, FALSE))
        return -1;
    security.nLength = sizeof(security);
    security.lpSecurityDescriptor = &everybody;
    security.bInheritHandle = TRUE;
    *mutex = CreateMutexA(&security, FALSE, name);
    if (*mutex == NULL && GetLastError() == ERROR_ACCESS_DENIED)
        *mutex = OpenMutexA(MUTEX_ALL_ACCESS, TRUE, name);
    if (*mutex == NULL)
        return -1;
    result = WaitForSingleObject(*mutex, INFINITE);
    return result == WAIT_OBJECT_0 ? 0 : result == WAIT_ABANDONED ? 1 : -1;
}

/* ---- time: 100 ns since 1601 to seconds since 1970, and a deadline to milliseconds ---- */
static LONGLONG unix_seconds(void)
{
    SYSTEMTIME system_time;
    FILETIME file_time;
    ULARGE_INTEGER ticks;
    GetSystemTime(&system_time);
    SystemTimeToFileTime(&system_time, &file_time);
    ticks.LowPart = file_time.dwLowDateTime;
    ticks.HighPart = file_time.dwHighDateTime;
    return (LONGLONG)(ticks.QuadPart / 10000000) - (LONGLONG)134774 * 24 * 60 * 60;
}

static DWORD remaining(DWORD begin, DWORD wanted)
{
    DWORD passed = GetTickCount() - begin;
    return passed >= wanted ? 0 : wanted - passed;
}

/* ---- errors of the system to errors of a library ---- */
static int translate(DWORD error)
{
    switch (error) {
    case ERROR_SUCCESS: return 0;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_BAD_PATHNAME:
    case ERROR_INVALID_DRIVE:
    case ERROR_BAD_NETPATH: return 2;
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_CURRENT_DIRECTORY:
    case ERROR_LOCK_FAILED: return 13;
    case ERROR_ARENA_TRASHED:
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_INVALID_BLOCK:
    case ERROR_NOT_ENOUGH_QUOTA:
    case ERROR_OUTOFMEMORY: return 12;
    case ERROR_NO_PROC_SLOTS:
    case ERROR_MAX_THRDS_REACHED:
    case ERROR_NESTING_NOT_ALLOWED: return 11;
    case ERROR_WAIT_NO_CHILDREN:
    case ERROR_CHILD_NOT_COMPLETE: return 10;
    case ERROR_BROKEN_PIPE:
    case ERROR_NO_DATA:
    case ERROR_BAD_PIPE:
    case ERROR_PIPE_BUSY:
    case ERROR_PIPE_NOT_CONNECTED: return 32;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL: return 28;
    case ERROR_SEM_TIMEOUT:
    case ERROR_TIMEOUT:
    case WAIT_TIMEOUT: return 110;
    case ERROR_OPERATION_ABORTED:
    case ERROR_CANCELLED: return 125;
    case ERROR_BUSY:
    case ERROR_PATH_BUSY:
    case ERROR_SEM_IS_SET: return 16;
    default: return 22;
    }
}

/* ---- text of an error, in the user's language ---- */
static LPSTR describe(DWORD error)
{
    LPSTR text = NULL;
    if (FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                       NULL, error, MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), (LPSTR)&text, 0, NULL) == 0)
        return NULL;
    return text;
}

static void *routine(void *argument)
{
    return argument;
}

int use_all(void);
int use_all(void)
{
    static once_t once;
    static PVOID volatile place;
    static LONG volatile word;
    static alone_in_its_line line;
    thread_t thread;
    HANDLE mutex, self = self_as_handle();
    CRITICAL_SECTION *section = lazily(&place);
    LONG64 wide = 0;
    LONG count = 0;
    int result;

    run_once(&once, find_functions);
    thread.routine = routine;
    thread.argument = &once;
    result = start(&thread, 65536);
    if (section != NULL && TryEnterCriticalSection(section))
        LeaveCriticalSection(section);
    result += (int)spin(&word) + named_lock("Global\\usage_portable", &mutex) + translate(GetLastError());
    InterlockedExchangeAdd64(&wide, 1);
    InterlockedOr64(&wide, 2);
    LocalFree(describe(GetLastError()));
    return result + (int)unix_seconds() + (int)remaining(GetTickCount(), 5) + (self == INVALID_HANDLE_VALUE) +
           (MEMORY_ALLOCATION_ALIGNMENT > 8) + (found.ticks != NULL) +
           (int)peek(&count) + (int)line.word + (sizeof(line) < 64);
}
