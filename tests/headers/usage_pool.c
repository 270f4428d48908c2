/* usage_pool.c - usage.c for thread pools, timer queues, registered waits and wait chains: every function called once.
 *
 * Compiled as C and as C++, never run. A function whose declaration were wrong or missing does not get through.
 */
#include <windows.h>
#include <wct.h>

static CRITICAL_SECTION section;

static VOID CALLBACK on_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
    HANDLE *objects = (HANDLE *)context;

    UNREFERENCED_PARAMETER(work);
    LeaveCriticalSectionWhenCallbackReturns(instance, &section);
    SetEventWhenCallbackReturns(instance, objects[0]);
    ReleaseMutexWhenCallbackReturns(instance, objects[1]);
    ReleaseSemaphoreWhenCallbackReturns(instance, objects[2], 1);
    FreeLibraryWhenCallbackReturns(instance, GetModuleHandle(NULL));
    if (!CallbackMayRunLong(instance))
        DisassociateCurrentThreadFromCallback(instance);
}
static VOID CALLBACK on_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
    UNREFERENCED_PARAMETER(instance);
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(timer);
}
static VOID CALLBACK on_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait, TP_WAIT_RESULT result)
{
    UNREFERENCED_PARAMETER(instance);
    UNREFERENCED_PARAMETER(context);
    if (result == WAIT_OBJECT_0)
        SetThreadpoolWait(wait, NULL, NULL);
}
static VOID CALLBACK on_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    UNREFERENCED_PARAMETER(instance);
    UNREFERENCED_PARAMETER(context);
}
static VOID NTAPI on_cancel(PVOID object, PVOID cleanup)
{
    UNREFERENCED_PARAMETER(object);
    UNREFERENCED_PARAMETER(cleanup);
}
static VOID CALLBACK on_expiry(PVOID parameter, BOOLEAN fired)
{
    UNREFERENCED_PARAMETER(parameter);
    UNREFERENCED_PARAMETER(fired);
}
static DWORD WINAPI on_item(LPVOID parameter)
{
    UNREFERENCED_PARAMETER(parameter);
    return 0;
}

BOOL use_pool(HANDLE *objects);
BOOL use_pool(HANDLE *objects)
{
    TP_CALLBACK_ENVIRON environment;
    TP_POOL_STACK_INFORMATION stack;
    PTP_POOL pool = CreateThreadpool(NULL);
    PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
    PTP_WORK work;
    PTP_TIMER timer;
    PTP_WAIT wait;
    FILETIME due = {0, 0};
    BOOL all;

    SetThreadpoolThreadMaximum(pool, 4);
    all = SetThreadpoolThreadMinimum(pool, 1);
    all &= QueryThreadpoolStackInformation(pool, &stack);
    all &= SetThreadpoolStackInformation(pool, &stack);
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);
    SetThreadpoolCallbackCleanupGroup(&environment, group, on_cancel);
    SetThreadpoolCallbackRunsLong(&environment);
    SetThreadpoolCallbackLibrary(&environment, GetModuleHandle(NULL));
    SetThreadpoolCallbackPriority(&environment, TP_CALLBACK_PRIORITY_HIGH);
    SetThreadpoolCallbackPersistent(&environment);
    TpSetCallbackFinalizationCallback(&environment, on_simple);
    all &= TrySubmitThreadpoolCallback(on_simple, NULL, &environment);
    work = CreateThreadpoolWork(on_work, objects, &environment);
    SubmitThreadpoolWork(work);
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    CloseThreadpoolWork(work);
    timer = CreateThreadpoolTimer(on_timer, NULL, NULL);
    SetThreadpoolTimer(timer, &due, 10, 0);
    all &= IsThreadpoolTimerSet(timer) & SetThreadpoolTimerEx(timer, NULL, 0, 0);
    WaitForThreadpoolTimerCallbacks(timer, TRUE);
    CloseThreadpoolTimer(timer);
    wait = CreateThreadpoolWait(on_wait, NULL, NULL);
    SetThreadpoolWait(wait, objects[0], &due);
    all &= SetThreadpoolWaitEx(wait, NULL, NULL, NULL);
    WaitForThreadpoolWaitCallbacks(wait, TRUE);
    CloseThreadpoolWait(wait);
    CloseThreadpoolCleanupGroupMembers(group, TRUE, NULL);
    CloseThreadpoolCleanupGroup(group);
    DestroyThreadpoolEnvironment(&environment);
    CloseThreadpool(pool);
    return all;
}

BOOL use_timer_queue(HANDLE event);
BOOL use_timer_queue(HANDLE event)
{
    HANDLE queue = CreateTimerQueue(), timer = NULL, wait = NULL;
    ULONG flags = WT_EXECUTELONGFUNCTION;
    BOOL all = CreateTimerQueueTimer(&timer, queue, on_expiry, NULL, 10, 10, WT_EXECUTEINTIMERTHREAD);

    WT_SET_MAX_THREADPOOL_THREADS(flags, 30);
    all &= ChangeTimerQueueTimer(queue, timer, 20, 0);
    all &= DeleteTimerQueueTimer(queue, timer, INVALID_HANDLE_VALUE);
    all &= DeleteTimerQueueEx(queue, NULL);
    all &= DeleteTimerQueue(CreateTimerQueue());
    all &= QueueUserWorkItem(on_item, NULL, flags);
    all &= RegisterWaitForSingleObject(&wait, event, on_expiry, NULL, INFINITE, WT_EXECUTEONLYONCE);
    all &= UnregisterWait(wait);
    all &= UnregisterWaitEx(wait, INVALID_HANDLE_VALUE);
    return all;
}

static VOID CALLBACK on_chain(HWCT session, DWORD_PTR context, DWORD status, LPDWORD count, PWAITCHAIN_NODE_INFO nodes,
                              LPBOOL cycle)
{
    UNREFERENCED_PARAMETER(session);
    *(DWORD *)context = status == ERROR_SUCCESS && !*cycle && *count == 1 ? nodes[0].ThreadObject.ThreadId : 0;
}

BOOL use_wait_chain(DWORD_PTR context);
BOOL use_wait_chain(DWORD_PTR context)
{
    WAITCHAIN_NODE_INFO nodes[WCT_MAX_NODE_COUNT];
    DWORD count = WCT_MAX_NODE_COUNT;
    BOOL cycle = FALSE;
    HWCT session = OpenThreadWaitChainSession(WCT_ASYNC_OPEN_FLAG, on_chain);
    BOOL got = GetThreadWaitChain(session, context, WCT_OUT_OF_PROC_FLAG, GetCurrentThreadId(), &count, nodes, &cycle);

    CloseThreadWaitChainSession(session);
    return got && nodes[0].ObjectType == WctThreadType && nodes[0].LockObject.ObjectName[0] == 0;
}
