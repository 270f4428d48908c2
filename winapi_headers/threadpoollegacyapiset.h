/* threadpoollegacyapiset.h - timer queues, registered waits, QueueUserWorkItem: the older calls of the thread pool.
 *
 * Threads    Callbacks run in threads of the pool that every process has (threadpoolapiset.h), unless a flag says
 *            otherwise: WT_EXECUTEINTIMERTHREAD in the thread that keeps all due times, WT_EXECUTEINWAITTHREAD in the
 *            thread that waits for the object; until such a callback returns, others of that thread are late. The
 *            upper 16 bits of the flags (WT_SET_MAX_THREADPOOL_THREADS), if not 0, are the pool's maximum from now on.
 * Handles    of queues, timers and registered waits are no object handles: they go into these calls alone.
 * Deleting   ends what would bring new callbacks; those that are queued run. What happens to the caller meanwhile is up
 *            to CompletionEvent: NULL, the call returns, with FALSE and ERROR_IO_PENDING if callbacks are queued or
 *            running (which is no failure: everything is deleted all the same when they are over);
 *            INVALID_HANDLE_VALUE, it returns when they are over; an event, it returns, and sets the event when they
 *            are over. In a callback of the same timer, queue or wait INVALID_HANDLE_VALUE counts as NULL: it would
 *            wait for itself.
 * fork, exit as in threadpoolapiset.h: nothing is set in the child, and exit() waits for no callback.
 * Source     "Timer Queues", "Thread Pooling" and the pages of the functions
 */
#ifndef _THREADPOOLLEGACYAPISET_H_
#define _THREADPOOLLEGACYAPISET_H_

#include "minwinbase.h"
#include "processthreadsapi.h"
#include "winerror.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Called with its argument, and TRUE if a timer expired or a wait timed out, FALSE if the object was signaled. */
typedef WAITORTIMERCALLBACKFUNC WAITORTIMERCALLBACK;

/* Has a function run once in a thread of the pool.
 *   Function  its result is not used
 *   Flags     WT_EXECUTE...
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  no function, or an unknown flag
 *           ERROR_NOT_ENOUGH_MEMORY
 * Source    "QueueUserWorkItem" */
WINBASEAPI BOOL WINAPI QueueUserWorkItem(_In_ LPTHREAD_START_ROUTINE Function, _In_opt_ PVOID Context,
                                         _In_ ULONG Flags);

/* Makes a timer queue.
 * Returns   its handle; NULL on failure.
 * Error     ERROR_NOT_ENOUGH_MEMORY
 * Source    "CreateTimerQueue" */
WINBASEAPI HANDLE WINAPI CreateTimerQueue(VOID);

/* Makes a timer in a queue, and sets it.
 *   phNewTimer  where its handle goes, before the callback can be called
 *   TimerQueue  the queue; NULL: the one that every process has
 *   DueTime     milliseconds until the first callback; INFINITE: never
 *   Period      milliseconds between the callbacks; 0: there is only one. What falls into the time in which nobody
 *               could run is left out
 *   Flags       WT_EXECUTE...; with WT_EXECUTEONLYONCE the period must be 0
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  no callback, no phNewTimer, an unknown flag, a period with WT_EXECUTEONLYONCE
 *           ERROR_INVALID_HANDLE     no open queue
 *           ERROR_NOT_ENOUGH_MEMORY
 * Source    "CreateTimerQueueTimer" */
WINBASEAPI BOOL WINAPI CreateTimerQueueTimer(_Out_ PHANDLE phNewTimer, _In_opt_ HANDLE TimerQueue,
                                             _In_ WAITORTIMERCALLBACK Callback, _In_opt_ PVOID Parameter,
                                             _In_ DWORD DueTime, _In_ DWORD Period, _In_ ULONG Flags);

/* Sets the due time and the period of a timer anew. One without a period that has expired stays as it is.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE     no open queue
 *           ERROR_INVALID_PARAMETER  no open timer; of which queue it is does not matter
 * Source    "ChangeTimerQueueTimer" */
WINBASEAPI BOOL WINAPI ChangeTimerQueueTimer(_In_opt_ HANDLE TimerQueue, _Inout_ HANDLE Timer, _In_ ULONG DueTime,
                                             _In_ ULONG Period);

/* Deletes a timer.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE     no open queue
 *           ERROR_INVALID_PARAMETER  no open timer; of which queue it is does not matter
 *           ERROR_IO_PENDING         see above; also with an event, as long as callbacks run
 * Source    "DeleteTimerQueueTimer" */
WINBASEAPI BOOL WINAPI DeleteTimerQueueTimer(_In_opt_ HANDLE TimerQueue, _In_ HANDLE Timer,
                                             _In_opt_ HANDLE CompletionEvent);

/* Deletes a queue with all its timers.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  no open queue
 *           ERROR_IO_PENDING      see above
 * Source    "DeleteTimerQueueEx" */
WINBASEAPI BOOL WINAPI DeleteTimerQueueEx(_In_ HANDLE TimerQueue, _In_opt_ HANDLE CompletionEvent);

/* DeleteTimerQueueEx that does not wait, and succeeds also when callbacks are queued or running.
 * Source    "DeleteTimerQueue" */
WINBASEAPI BOOL WINAPI DeleteTimerQueue(_In_ HANDLE TimerQueue);

/* Waits for an object on the caller's behalf, and calls when it is signaled or the time is over; then waits again,
 * unless WT_EXECUTEONLYONCE says otherwise. The next wait begins when the callback does: so an event that stays set
 * calls again and again. For a mutex this makes no sense: the thread that waits would own it.
 *   phNewWaitObject  where the handle goes, before the callback can be called. It is to be given to UnregisterWait,
 *                    also when the wait was for once
 *   hObject          a handle with SYNCHRONIZE, which may be closed afterwards
 *   dwMilliseconds   time-out of each wait, INFINITE: none
 *   dwFlags          WT_EXECUTE...
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  no callback, no phNewWaitObject, an unknown flag
 *           ERROR_INVALID_HANDLE     hObject is not open
 *           ERROR_ACCESS_DENIED      hObject lacks SYNCHRONIZE
 *           ERROR_NOT_ENOUGH_MEMORY, and the other errors of making a handle
 * Source    "RegisterWaitForSingleObject" */
WINBASEAPI BOOL WINAPI RegisterWaitForSingleObject(_Out_ PHANDLE phNewWaitObject, _In_ HANDLE hObject,
                                                   _In_ WAITORTIMERCALLBACK Callback, _In_opt_ PVOID Context,
                                                   _In_ ULONG dwMilliseconds, _In_ ULONG dwFlags);

/* Ends a registered wait. When the call returns, a signal of the object is not taken for it any more.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  no open registered wait
 *           ERROR_IO_PENDING      see above
 * Source    "UnregisterWaitEx" */
WINBASEAPI BOOL WINAPI UnregisterWaitEx(_In_ HANDLE WaitHandle, _In_opt_ HANDLE CompletionEvent);

/* UnregisterWaitEx with NULL.
 * Source    "UnregisterWait" */
WINBASEAPI BOOL WINAPI UnregisterWait(_In_ HANDLE WaitHandle);

#ifdef __cplusplus
}
#endif

#endif /* _THREADPOOLLEGACYAPISET_H_ */
