/* calls.c - Win32 code in Microsoft's convention: what a Winelib object, or one made with -mabi=ms, looks like.
 *
 * Compiled twice: with WINAPI and its kin as __attribute__((ms_abi)) (attributes: main is here), and with -mabi=ms,
 * where every function without a word is in that convention (BY_OPTION: nothing of the C library is called, and main is
 * in main.c). Returns how many of its checks failed, and notes the first one. */
#include <windows.h>
#include <process.h>
#include <strsafe.h>
#include <winshim_crt.h>

#ifdef BY_OPTION
#define OURS
#else
#define OURS __attribute__((ms_abi))
#endif

const char *first_failure;
static int failures;

static void check(int holds, const char *what)
{
    if (holds) return;
    if (failures++ == 0) first_failure = what;
}
#define CHECK(condition) check((condition) != 0, #condition)

static HANDLE event;
static volatile LONG sum;
static DWORD start_id;

static DWORD WINAPI routine(LPVOID parameter)
{
    sum += (LONG)(LONG_PTR)parameter;
    start_id = GetCurrentThreadId();
    return 0xFEDCBA98;
}
static DWORD WINAPI ends_itself(LPVOID parameter)
{
    sum += 1;
    ExitThread((DWORD)(ULONG_PTR)parameter);
}
static unsigned __stdcall plain_ex(void *parameter)
{
    sum += (LONG)(LONG_PTR)parameter;
    return 77;
}
static VOID NTAPI apc(ULONG_PTR parameter) { sum += (LONG)parameter; }
static ULONGLONG due_seen;
static VOID CALLBACK timer(LPVOID parameter, DWORD low, DWORD high)
{
    sum += (LONG)(LONG_PTR)parameter;
    due_seen = ((ULONGLONG)high << 32) | low;
}
static VOID CALLBACK queue_timer(PVOID parameter, BOOLEAN fired)
{
    sum += fired ? (LONG)(LONG_PTR)parameter : 1000000;
    SetEvent(event);
}
static VOID CALLBACK work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK item)
{
    sum += instance != NULL && item != NULL ? (LONG)(LONG_PTR)context : 1000000;
}
static VOID CALLBACK pool_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER item)
{
    sum += instance != NULL && item != NULL ? (LONG)(LONG_PTR)context : 1000000;
    SetEventWhenCallbackReturns(instance, event);
}
static VOID CALLBACK pool_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT item, TP_WAIT_RESULT result)
{
    sum += instance != NULL && item != NULL && result == WAIT_OBJECT_0 ? (LONG)(LONG_PTR)context : 1000000;
    SetEventWhenCallbackReturns(instance, event);
}
static VOID CALLBACK finalized(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    sum += instance != NULL ? (LONG)(LONG_PTR)context * 10 : 1000000;
}
static VOID CALLBACK group_cancelled(PVOID context, PVOID cleanup)
{
    sum += (LONG)(LONG_PTR)context + (LONG)(LONG_PTR)cleanup;
}
static BOOL CALLBACK once(PINIT_ONCE init, PVOID parameter, PVOID *context)
{
    sum += init != NULL ? (LONG)(LONG_PTR)parameter : 1000000;
    *context = (PVOID)(LONG_PTR)64;
    return TRUE;
}
static LONG NTAPI top_filter(struct _EXCEPTION_POINTERS *info) { return info != NULL; }
static VOID WINAPI fls_ended(PVOID data) { sum += (LONG)(LONG_PTR)data; }
static BOOL WINAPI control(DWORD type) { return type == 12345; }

static void threads(void)
{
    DWORD id = 0, code = 0;
    HANDLE thread;
    unsigned plain_id = 0;
    sum = 0;
    thread = CreateThread(NULL, 0, routine, (LPVOID)21, 0, &id);
    CHECK(thread != NULL && WaitForSingleObject(thread, 10000) == WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code) && code == 0xFEDCBA98);
    CHECK(sum == 21 && start_id == id && id != GetCurrentThreadId());
    CloseHandle(thread);
    thread = CreateThread(NULL, 65536, ends_itself, (LPVOID)4711, 0, NULL);
    CHECK(WaitForSingleObject(thread, 10000) == WAIT_OBJECT_0 && GetExitCodeThread(thread, &code) && code == 4711);
    CloseHandle(thread);
    thread = (HANDLE)_beginthreadex(NULL, 0, plain_ex, (void *)9, CREATE_SUSPENDED, &plain_id); /* six arguments */
    CHECK(thread != NULL && plain_id != 0 && ResumeThread(thread) == 1);
    CHECK(WaitForSingleObject(thread, 10000) == WAIT_OBJECT_0 && GetExitCodeThread(thread, &code) && code == 77);
    CloseHandle(thread);
    CHECK(sum == 21 + 1 + 9);
}

static void apcs_and_timers(void)
{
    LARGE_INTEGER due;
    HANDLE handle = CreateWaitableTimerW(NULL, TRUE, NULL), queued = NULL;
    sum = 0;
    CHECK(QueueUserAPC(apc, GetCurrentThread(), 5) && SleepEx(10000, TRUE) == WAIT_IO_COMPLETION && sum == 5);
    due.QuadPart = -10000;
    CHECK(SetWaitableTimer(handle, &due, 0, timer, (LPVOID)30, FALSE)); /* six arguments */
    CHECK(SleepEx(10000, TRUE) == WAIT_IO_COMPLETION && sum == 35 && due_seen > 130000000000000000ULL);
    CloseHandle(handle);
    event = CreateEventW(NULL, FALSE, FALSE, NULL);
    CHECK(CreateTimerQueueTimer(&queued, NULL, queue_timer, (PVOID)100, 1, 0, WT_EXECUTEDEFAULT)); /* seven */
    CHECK(WaitForSingleObject(event, 10000) == WAIT_OBJECT_0);
    CHECK(DeleteTimerQueueTimer(NULL, queued, INVALID_HANDLE_VALUE) && sum == 135);
    CloseHandle(event);
}

static void waits(void)
{
    HANDLE all[3], target = NULL;
    LONG previous = -1;
    int i;
    for (i = 0; i < 3; ++i) all[i] = CreateSemaphoreW(NULL, i == 1, 3, NULL);
    CHECK(WaitForMultipleObjectsEx(3, all, FALSE, 0, FALSE) == WAIT_OBJECT_0 + 1); /* five arguments */
    CHECK(WaitForMultipleObjectsEx(3, all, FALSE, 5, TRUE) == WAIT_TIMEOUT);
    CHECK(ReleaseSemaphore(all[2], 2, &previous) && previous == 0);
    CHECK(SignalObjectAndWait(all[0], all[2], INFINITE, FALSE) == WAIT_OBJECT_0);
    CHECK(DuplicateHandle(GetCurrentProcess(), all[0], GetCurrentProcess(), &target, SYNCHRONIZE, FALSE, 0));
    CHECK(WaitForSingleObject(target, 0) == WAIT_OBJECT_0 && !ReleaseSemaphore(target, 1, NULL));
    CHECK(GetLastError() == ERROR_ACCESS_DENIED);
    CloseHandle(target);
    for (i = 0; i < 3; ++i) CHECK(CloseHandle(all[i]));
    CHECK(!CloseHandle(all[0]) && GetLastError() == ERROR_INVALID_HANDLE);
}

static void names(void)
{
    HANDLE wide = CreateEventW(NULL, TRUE, TRUE, L"ms_abi \u00e4"),
           narrow = OpenEventA(SYNCHRONIZE, FALSE, "ms_abi \xc3\xa4");
    CHECK(wide != NULL && narrow != NULL && WaitForSingleObject(narrow, 0) == WAIT_OBJECT_0);
    CHECK(CreateEventA(NULL, TRUE, TRUE, "ms_abi \xc3\xa4") != NULL && GetLastError() == ERROR_ALREADY_EXISTS);
}

static void pools(void)
{
    TP_CALLBACK_ENVIRON environment;
    PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
    FILETIME due;
    PTP_WORK item;
    PTP_TIMER late;
    PTP_WAIT waiting;
    HANDLE signal = CreateEventW(NULL, TRUE, TRUE, NULL);
    sum = 0;
    event = CreateEventW(NULL, FALSE, FALSE, NULL);
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackCleanupGroup(&environment, group, group_cancelled);
    TpSetCallbackFinalizationCallback(&environment, finalized);
    item = CreateThreadpoolWork(work, (PVOID)3, &environment);
    SubmitThreadpoolWork(item);
    WaitForThreadpoolWorkCallbacks(item, FALSE);
    CloseThreadpoolCleanupGroupMembers(group, TRUE, (PVOID)500); /* group_cancelled: 3 + 500; finalized: 30 */
    CloseThreadpoolCleanupGroup(group);
    CHECK(sum == 3 + 503 + 30);
    CHECK(environment.FinalizationCallback == finalized); /* the caller's own is as it was */
    late = CreateThreadpoolTimer(pool_timer, (PVOID)7, NULL);
    due.dwLowDateTime = (DWORD)-10000;
    due.dwHighDateTime = (DWORD)-1;
    SetThreadpoolTimer(late, &due, 0, 0);
    CHECK(WaitForSingleObject(event, 10000) == WAIT_OBJECT_0);
    WaitForThreadpoolTimerCallbacks(late, FALSE);
    CloseThreadpoolTimer(late);
    waiting = CreateThreadpoolWait(pool_wait, (PVOID)2000, NULL);
    SetThreadpoolWait(waiting, signal, NULL);
    CHECK(WaitForSingleObject(event, 10000) == WAIT_OBJECT_0);
    WaitForThreadpoolWaitCallbacks(waiting, FALSE);
    CloseThreadpoolWait(waiting);
    CHECK(sum == 3 + 503 + 30 + 7 + 2000);
}

static DWORD WINAPI uses_fls(LPVOID index) { return FlsSetValue((DWORD)(ULONG_PTR)index, (PVOID)40); }
static void other_callbacks(void)
{
    static INIT_ONCE init = INIT_ONCE_STATIC_INIT;
    PVOID context = NULL;
    HANDLE thread;
    DWORD index;
    sum = 0;
    CHECK(InitOnceExecuteOnce(&init, once, (PVOID)8, &context) && sum == 8 && context == (PVOID)64);
    index = FlsAlloc(fls_ended);
    thread = CreateThread(NULL, 0, uses_fls, (LPVOID)(ULONG_PTR)index, 0, NULL);
    CHECK(WaitForSingleObject(thread, 10000) == WAIT_OBJECT_0 && sum == 48);
    FlsFree(index);
    CHECK(SetConsoleCtrlHandler(control, TRUE) && SetConsoleCtrlHandler(control, FALSE)); /* found again */
    CHECK(!SetConsoleCtrlHandler(control, FALSE));
    CHECK(SetUnhandledExceptionFilter(top_filter) != top_filter); /* handed back as it was given */
    CHECK(SetUnhandledExceptionFilter(NULL) == top_filter);
}

#ifdef BY_OPTION /* with attributes alone, va_list stays Linux' */
static HRESULT to_list(char *to, size_t room, const char *format, ...)
{
    HRESULT result;
    va_list list;
    va_start(list, format);
    result = StringCchVPrintfA(to, room, format, list);
    va_end(list);
    return result;
}
#endif
static int same(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) ++a, ++b;
    return *a == *b;
}
static void variadic(void)
{
    char text[100];
    WCHAR wide[100];
    DWORD_PTR arguments[2] = {(DWORD_PTR)"x", 42};
    CHECK(StringCchPrintfA(text, 100, "%s %d %.3f %c %I64d %u %x %s", "one", 2, 3.5, 'c', -5000000000LL, 6u, 0x77,
                           "end") == S_OK);
    CHECK(same(text, "one 2 3.500 c -5000000000 6 77 end"));
    CHECK(wsprintfA(text, "%d-%d-%d-%d-%d-%d %s", 1, 2, 3, 4, 5, 6, "seven") == 17 && same(text, "1-2-3-4-5-6 seven"));
    CHECK(StringCchPrintfW(wide, 100, L"%d %.1f", 12, 0.5) == S_OK && lstrcmpW(wide, L"12 0.5") == 0);
    CHECK(_snprintf_s(text, 100, 99, "%d %s %d %.1f", 1, "two", 3, 4.5) == 11 && same(text, "1 two 3 4.5"));
    CHECK(_snwprintf(wide, 100, L"%d %d %d %.1f", 1, 2, 3, 4.5) == 9 && lstrcmpW(wide, L"1 2 3 4.5") == 0);
#ifdef BY_OPTION
    CHECK(to_list(text, 100, "%s %.2f %d %d %d", "list", 1.25, 1, 2, 3) == S_OK && same(text, "list 1.25 1 2 3"));
#endif
    CHECK(FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, "%1 %2!d!", 0, 0, text, 100,
                         (va_list *)arguments) == 4);
    CHECK(same(text, "x 42"));
}

typedef BOOL(WINAPI *SetEventFunction)(HANDLE);
typedef HANDLE(WINAPI *CreateEventWFunction)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCWSTR);
static void looked_up(void)
{
    HMODULE module = GetModuleHandleA("kernel32.dll");
    SetEventFunction set = (SetEventFunction)GetProcAddress(module, "SetEvent");
    CreateEventWFunction create = (CreateEventWFunction)GetProcAddress(module, "CreateEventW");
    HANDLE made = create == NULL ? NULL : create(NULL, TRUE, FALSE, L"found by name");
    CHECK(made != NULL && OpenEventA(SYNCHRONIZE, FALSE, "found by name") != NULL);
    CHECK(set != NULL && set(made) && WaitForSingleObject(made, 0) == WAIT_OBJECT_0);
    CHECK(GetProcAddress(module, "NoSuchFunction") == NULL && GetLastError() == ERROR_PROC_NOT_FOUND);
}

int OURS all_calls(void)
{
    threads();
    apcs_and_timers();
    waits();
    names();
    pools();
    other_callbacks();
    variadic();
    looked_up();
    return failures;
}
