/* threadpoolapiset.h - thread pools: callbacks that run in threads of the library.
 *
 * Objects      A pool has threads; work objects, timers and waits have a callback each, which a thread of their pool
 *              runs. All of them are private to the process, and none is a handle: nobody can wait for them.
 * Threads      are made as callbacks come, and end when they have had nothing to do for 10 s. A pool gets as many
 *              as there are processors (8 at least) as it needs them; when callbacks are queued and none has begun for
 *              20 ms, it gets another one, up to its maximum: 500, if nobody says otherwise. They are ordinary
 *              threads: a callback may use everything, but must leave the thread as it was (nothing owned, no
 *              ExitThread).
 * Order        Callbacks of a higher priority begin first; those of one priority begin in the order of submission. They
 *              may run at the same time, also those of one object.
 * Environment  pcbe, the callback environment (winshim_threadpool.h), may be NULL: the pool that every process has, no
 *              cleanup group.
 * Closing      A closed object gets no new callbacks; those that are queued run, and then it is gone. It must not be
 *              used any more. Calls with NULL, or with an object that is closed, do nothing or fail.
 * fork         The child has the objects; no callback is queued or running in it, no timer or wait is set, and threads
 *              are made anew. exit() waits for no callback.
 * Limits       No CreateThreadpoolIo. A timer's window is accepted, and not used: it is as exact as it can be. A wait's
 *              absolute time-out is turned into a relative one when it is set. A wait for a
 *              file or pipe looks at it every 10 ms at most.
 * Source       "Thread Pools", "Thread Pool API" and the pages of the functions
 */
#ifndef _THREADPOOLAPISET_H_
#define _THREADPOOLAPISET_H_

#include "minwinbase.h"
#include "winerror.h"
#include "winshim_lock.h" /* PCRITICAL_SECTION */

#ifdef __cplusplus
extern "C" {
#endif

/* ---- pools ---- */

/* Makes a pool.
 *   reserved  NULL
 * Returns   the pool; NULL on failure.
 * Error     ERROR_INVALID_PARAMETER (reserved), ERROR_NOT_ENOUGH_MEMORY
 * Source    "CreateThreadpool" */
WINBASEAPI PTP_POOL WINAPI CreateThreadpool(_Reserved_ PVOID reserved);

/* How many threads the pool may have; 0 counts as 1. The minimum becomes no larger. A thread too many ends after the
 * callback it is in.
 * Source    "SetThreadpoolThreadMaximum" */
WINBASEAPI VOID WINAPI SetThreadpoolThreadMaximum(_Inout_ PTP_POOL ptpp, _In_ DWORD cthrdMost);

/* How many threads the pool has at least, also when they have nothing to do. They are made at once. A maximum below
 * becomes the same number.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER (no open pool), ERROR_NOT_ENOUGH_MEMORY (a thread could not be made)
 * Source    "SetThreadpoolThreadMinimum" */
WINBASEAPI BOOL WINAPI SetThreadpoolThreadMinimum(_Inout_ PTP_POOL ptpp, _In_ DWORD cthrdMic);

/* The stacks of threads that the pool makes from now on: StackReserve bytes, 0 for the default. StackCommit is kept,
 * and not used.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  no open pool, or NULL
 * Source    "SetThreadpoolStackInformation" */
WINBASEAPI BOOL WINAPI SetThreadpoolStackInformation(_Inout_ PTP_POOL ptpp, _In_ PTP_POOL_STACK_INFORMATION ptpsi);

/* Tells what SetThreadpoolStackInformation has set; zeros before.
 * Returns, Error  as SetThreadpoolStackInformation
 * Source    "QueryThreadpoolStackInformation" */
WINBASEAPI BOOL WINAPI QueryThreadpoolStackInformation(_In_ PTP_POOL ptpp, _Out_ PTP_POOL_STACK_INFORMATION ptpsi);

/* Closes the pool. It is gone when its last object is.
 * Source    "CloseThreadpool" */
WINBASEAPI VOID WINAPI CloseThreadpool(_Inout_ PTP_POOL ptpp);

/* ---- cleanup groups ---- */

/* Makes a cleanup group: objects that are made in an environment with it are its members, until they are closed.
 * Returns   the group; NULL on failure.
 * Error     ERROR_NOT_ENOUGH_MEMORY
 * Source    "CreateThreadpoolCleanupGroup" */
WINBASEAPI PTP_CLEANUP_GROUP WINAPI CreateThreadpoolCleanupGroup(VOID);

/* Closes every member, and waits until no callback of them is queued or running. Not to be called in one of those.
 *   fCancelPendingCallbacks  nonzero: callbacks that have not begun do not run; and the group's cancel callback is
 *                            called, in this thread, for each member that was not closed before, and for each callback
 *                            of TrySubmitThreadpoolCallback that was taken back
 *   pvCleanupContext         for that callback
 * Source    "CloseThreadpoolCleanupGroupMembers", "SetThreadpoolCallbackCleanupGroup" */
WINBASEAPI VOID WINAPI CloseThreadpoolCleanupGroupMembers(_Inout_ PTP_CLEANUP_GROUP ptpcg,
                                                          _In_ BOOL fCancelPendingCallbacks,
                                                          _Inout_opt_ PVOID pvCleanupContext);

/* Closes the group. Members that it still has go on without one.
 * Source    "CloseThreadpoolCleanupGroup" */
WINBASEAPI VOID WINAPI CloseThreadpoolCleanupGroup(_Inout_ PTP_CLEANUP_GROUP ptpcg);

/* ---- what a callback may ask for ---- */

/* The five that follow: when the callback has returned, its thread leaves the critical section, releases the mutex,
 * releases the semaphore, sets the event, frees the library, in this order. Each can be asked for once in a callback;
 * pci is what the callback got. Nobody hears of an error. */

/* Source    "SetEventWhenCallbackReturns" */
WINBASEAPI VOID WINAPI SetEventWhenCallbackReturns(_Inout_ PTP_CALLBACK_INSTANCE pci, _In_ HANDLE evt);

/*   crel  units that are released
 * Source    "ReleaseSemaphoreWhenCallbackReturns" */
WINBASEAPI VOID WINAPI ReleaseSemaphoreWhenCallbackReturns(_Inout_ PTP_CALLBACK_INSTANCE pci, _In_ HANDLE sem,
                                                           _In_ DWORD crel);

/* Source    "ReleaseMutexWhenCallbackReturns" */
WINBASEAPI VOID WINAPI ReleaseMutexWhenCallbackReturns(_Inout_ PTP_CALLBACK_INSTANCE pci, _In_ HANDLE mut);

/* Source    "LeaveCriticalSectionWhenCallbackReturns" */
WINBASEAPI VOID WINAPI LeaveCriticalSectionWhenCallbackReturns(_Inout_ PTP_CALLBACK_INSTANCE pci,
                                                               _Inout_ PCRITICAL_SECTION pcs);

/* Source    "FreeLibraryWhenCallbackReturns" */
WINBASEAPI VOID WINAPI FreeLibraryWhenCallbackReturns(_Inout_ PTP_CALLBACK_INSTANCE pci, _In_ HMODULE mod);

/* Says that the callback may take long: its thread is not counted among the busy ones any more.
 * Returns   nonzero if another thread is there for other callbacks, or was made; 0 if not: the callback is served
 *           better by giving its work away.
 * Source    "CallbackMayRunLong" */
WINBASEAPI BOOL WINAPI CallbackMayRunLong(_Inout_ PTP_CALLBACK_INSTANCE pci);

/* The rest of the callback counts as over for those who wait for the object's callbacks.
 * Source    "DisassociateCurrentThreadFromCallback" */
WINBASEAPI VOID WINAPI DisassociateCurrentThreadFromCallback(_Inout_ PTP_CALLBACK_INSTANCE pci);

/* ---- work ---- */

/* Has a callback run once, without an object for it.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  no callback, or the environment is not one
 *           ERROR_NOT_ENOUGH_MEMORY
 * Source    "TrySubmitThreadpoolCallback" */
WINBASEAPI BOOL WINAPI TrySubmitThreadpoolCallback(_In_ PTP_SIMPLE_CALLBACK pfns, _Inout_opt_ PVOID pv,
                                                   _In_opt_ PTP_CALLBACK_ENVIRON pcbe);

/* Makes a work object.
 * Returns   the object; NULL on failure.
 * Error     as TrySubmitThreadpoolCallback
 * Source    "CreateThreadpoolWork" */
WINBASEAPI PTP_WORK WINAPI CreateThreadpoolWork(_In_ PTP_WORK_CALLBACK pfnwk, _Inout_opt_ PVOID pv,
                                                _In_opt_ PTP_CALLBACK_ENVIRON pcbe);

/* Has the callback run once more, whether or not it is running.
 * Source    "SubmitThreadpoolWork" */
WINBASEAPI VOID WINAPI SubmitThreadpoolWork(_Inout_ PTP_WORK pwk);

/* Waits until no callback of the object is queued or running. Not to be called in one of them.
 *   fCancelPendingCallbacks  nonzero: those that have not begun do not run
 * Source    "WaitForThreadpoolWorkCallbacks" */
WINBASEAPI VOID WINAPI WaitForThreadpoolWorkCallbacks(_Inout_ PTP_WORK pwk, _In_ BOOL fCancelPendingCallbacks);

/* Closes the object.
 * Source    "CloseThreadpoolWork" */
WINBASEAPI VOID WINAPI CloseThreadpoolWork(_Inout_ PTP_WORK pwk);

/* ---- timers ---- */

/* Makes a timer, which is not set.
 * Returns, Error  as CreateThreadpoolWork
 * Source    "CreateThreadpoolTimer" */
WINBASEAPI PTP_TIMER WINAPI CreateThreadpoolTimer(_In_ PTP_TIMER_CALLBACK pfnti, _Inout_opt_ PVOID pv,
                                                  _In_opt_ PTP_CALLBACK_ENVIRON pcbe);

/* Sets the timer, in place of what it was set to before; callbacks that are queued run all the same.
 *   pftDueTime      in units of 100 ns: negative, from now on; positive, a FILETIME (UTC), which follows the clock on
 *                   the wall; 0, at once. NULL: it is not set any more
 *   msPeriod        milliseconds between the callbacks after the first; 0: there is only one. What falls into the time
 *                   in which nobody could run is left out
 *   msWindowLength  is not used
 * Returns   (Ex) nonzero if the timer was going to call, and will not for that setting; 0 if it was not set, or had
 *           called already.
 * Source    "SetThreadpoolTimer" */
WINBASEAPI VOID WINAPI SetThreadpoolTimer(_Inout_ PTP_TIMER pti, _In_opt_ PFILETIME pftDueTime, _In_ DWORD msPeriod,
                                          _In_ DWORD msWindowLength);

/* Source    "SetThreadpoolTimerEx" */
WINBASEAPI BOOL WINAPI SetThreadpoolTimerEx(_Inout_ PTP_TIMER pti, _In_opt_ PFILETIME pftDueTime, _In_ DWORD msPeriod,
                                            _In_ DWORD msWindowLength);

/* Whether the last SetThreadpoolTimer had a due time; also when that is past.
 * Source    "IsThreadpoolTimerSet" */
WINBASEAPI BOOL WINAPI IsThreadpoolTimerSet(_Inout_ PTP_TIMER pti);

/* As WaitForThreadpoolWorkCallbacks. The timer stays set: whoever wants no more callbacks ends that first.
 * Source    "WaitForThreadpoolTimerCallbacks" */
WINBASEAPI VOID WINAPI WaitForThreadpoolTimerCallbacks(_Inout_ PTP_TIMER pti, _In_ BOOL fCancelPendingCallbacks);

/* Closes the timer: it calls no more.
 * Source    "CloseThreadpoolTimer" */
WINBASEAPI VOID WINAPI CloseThreadpoolTimer(_Inout_ PTP_TIMER pti);

/* ---- waits ---- */

/* Makes a wait object, which waits for nothing.
 * Returns, Error  as CreateThreadpoolWork
 * Source    "CreateThreadpoolWait" */
WINBASEAPI PTP_WAIT WINAPI CreateThreadpoolWait(_In_ PTP_WAIT_CALLBACK pfnwa, _Inout_opt_ PVOID pv,
                                                _In_opt_ PTP_CALLBACK_ENVIRON pcbe);

/* Waits for an object, in place of what it waited for before, and calls once: when the object is signaled (the wait
 * changes it as any wait does), or when the time is over. For the next time it has to be set again. When the call
 * returns, a signal of the former object is not taken for this wait any more.
 *   h           a handle with SYNCHRONIZE, which may be closed afterwards; NULL: it waits for nothing
 *   pftTimeout  as pftDueTime of SetThreadpoolTimer; NULL: without end; 0: called at once, with what the object says
 * Returns   (Ex) nonzero if it was waiting, and does not any more; 0 if it was not, or had called already.
 * Error     (in the last error) ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED: of h, it waits for nothing then
 * Source    "SetThreadpoolWait" */
WINBASEAPI VOID WINAPI SetThreadpoolWait(_Inout_ PTP_WAIT pwa, _In_opt_ HANDLE h, _In_opt_ PFILETIME pftTimeout);

/* Source    "SetThreadpoolWaitEx" */
WINBASEAPI BOOL WINAPI SetThreadpoolWaitEx(_Inout_ PTP_WAIT pwa, _In_opt_ HANDLE h, _In_opt_ PFILETIME pftTimeout,
                                           _Reserved_ PVOID Reserved);

/* As WaitForThreadpoolWorkCallbacks. A wait that is set goes on.
 * Source    "WaitForThreadpoolWaitCallbacks" */
WINBASEAPI VOID WINAPI WaitForThreadpoolWaitCallbacks(_Inout_ PTP_WAIT pwa, _In_ BOOL fCancelPendingCallbacks);

/* Closes the object: it waits for nothing any more.
 * Source    "CloseThreadpoolWait" */
WINBASEAPI VOID WINAPI CloseThreadpoolWait(_Inout_ PTP_WAIT pwa);

/* ---- callback environments: the names that winbase.h has for them ---- */

static FORCEINLINE VOID InitializeThreadpoolEnvironment(PTP_CALLBACK_ENVIRON pcbe)
{
    TpInitializeCallbackEnviron(pcbe);
}
static FORCEINLINE VOID SetThreadpoolCallbackPool(PTP_CALLBACK_ENVIRON pcbe, PTP_POOL ptpp)
{
    TpSetCallbackThreadpool(pcbe, ptpp);
}
static FORCEINLINE VOID SetThreadpoolCallbackCleanupGroup(PTP_CALLBACK_ENVIRON pcbe, PTP_CLEANUP_GROUP ptpcg,
                                                          PTP_CLEANUP_GROUP_CANCEL_CALLBACK pfng)
{
    TpSetCallbackCleanupGroup(pcbe, ptpcg, pfng);
}
static FORCEINLINE VOID SetThreadpoolCallbackRunsLong(PTP_CALLBACK_ENVIRON pcbe)
{
    TpSetCallbackLongFunction(pcbe);
}
static FORCEINLINE VOID SetThreadpoolCallbackLibrary(PTP_CALLBACK_ENVIRON pcbe, PVOID mod)
{
    TpSetCallbackRaceWithDll(pcbe, mod);
}
static FORCEINLINE VOID SetThreadpoolCallbackPriority(PTP_CALLBACK_ENVIRON pcbe, TP_CALLBACK_PRIORITY Priority)
{
    TpSetCallbackPriority(pcbe, Priority);
}
static FORCEINLINE VOID SetThreadpoolCallbackPersistent(PTP_CALLBACK_ENVIRON pcbe)
{
    TpSetCallbackPersistent(pcbe);
}
static FORCEINLINE VOID DestroyThreadpoolEnvironment(PTP_CALLBACK_ENVIRON pcbe)
{
    TpDestroyCallbackEnviron(pcbe);
}

#ifdef __cplusplus
}
#endif

#endif /* _THREADPOOLAPISET_H_ */
