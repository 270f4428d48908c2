/* winshim_wait.h - waiting for one object, for any or all of several; Sleep. Part of synchapi.h.
 *
 * Signaled    An event that is set. A mutex that is free or the caller's. A semaphore whose count is above 0.
 * Taking      A wait that succeeds resets an auto-reset event, makes the caller owner of a mutex (count + 1), takes one
 *             from a semaphore, and leaves a manual-reset event as it is. A wait that does not succeed changes nothing.
 * Time        Milliseconds: 0 never blocks, INFINITE never times out. The clock is monotonic; time in which the machine
 *             is suspended does not count (WaitSingle-38, LD-24). A signal whose handler returns goes unnoticed.
 * Files       The handle of a file, pipe or terminal is signaled while a read from it, or a write to one that can only
 *             be written, would not block; at the end of the input, too; an ordinary file always. Nothing is taken.
 *             Beside other objects they are looked at in turns of 10 ms: such a wait may be overtaken by others who
 *             wait for the same object, a PulseEvent may miss it, and closing an object's last handle meanwhile is
 *             ERROR_INVALID_HANDLE. A wait for all of several, and SignalObjectAndWait, do not take them.
 * Alertable   With bAlertable nonzero a wait that has to block, or to report a time-out, first runs the calls that are
 *             queued to the thread (QueueUserAPC), and then returns WAIT_IO_COMPLETION; nothing was taken. An object
 *             that is signaled wins: then the calls stay queued for the next alertable wait.
 */
#ifndef WINSHIM_WAIT_H
#define WINSHIM_WAIT_H

#include "minwinbase.h"
#include "winerror.h" /* WAIT_TIMEOUT */

#ifdef __cplusplus
extern "C" {
#endif

#define INFINITE 0xFFFFFFFF
#define WAIT_OBJECT_0 ((DWORD)0x00000000)
#define WAIT_ABANDONED ((DWORD)0x00000080)
#define WAIT_ABANDONED_0 ((DWORD)0x00000080)
#define WAIT_IO_COMPLETION ((DWORD)0x000000C0)
#define WAIT_FAILED ((DWORD)0xFFFFFFFF)

/* Waits until an object is signaled, and takes it.
 *   hHandle         a handle with SYNCHRONIZE
 *   dwMilliseconds  how long at most; 0: do not block; INFINITE: without end
 * Returns   WAIT_OBJECT_0   taken
 *           WAIT_ABANDONED  taken: a mutex whose owner ended without release. The caller owns it (count 1) and must
 *                           release it; what it protects may be half changed
 *           WAIT_TIMEOUT    not signaled in that time; last error stays
 *           WAIT_FAILED     see GetLastError; returned at once, whatever the time
 * Error     ERROR_INVALID_HANDLE  hHandle is not open
 *           ERROR_ACCESS_DENIED   it lacks SYNCHRONIZE
 * Notes     The pseudo handle of the process, which is also INVALID_HANDLE_VALUE, is not an error: the wait for oneself
 *           times out. Closing the handle meanwhile does not end the wait.
 * Profiles  alike; ce5: every handle has the right.
 * Source    "WaitForSingleObject", "Wait Functions", "Mutex Objects"; WaitSingle-01..29, WaitSingle-38..41 */
WINBASEAPI DWORD WINAPI WaitForSingleObject(_In_ HANDLE hHandle, _In_ DWORD dwMilliseconds);

/* WaitForSingleObject with a choice to be alertable.
 *   bAlertable  see the head of this file
 * Source    "WaitForSingleObjectEx"; WaitSingle-30..37 */
WINBASEAPI DWORD WINAPI WaitForSingleObjectEx(_In_ HANDLE hHandle, _In_ DWORD dwMilliseconds, _In_ BOOL bAlertable);

/* Waits until any, or all, of several objects are signaled, and takes that one, or all of them.
 *   nCount          number of handles, 1 to MAXIMUM_WAIT_OBJECTS (64)
 *   lpHandles       the handles, each with SYNCHRONIZE; types may be mixed. Read once, at the beginning
 *   bWaitAll        0: any; nonzero: all
 *   dwMilliseconds  how long at most; 0: do not block; INFINITE: without end
 * Any: the lowest signaled index is taken, and no other object is touched. All: nothing is taken before all are
 * signaled at one instant; then all are, in one step that nobody can observe half done.
 * Returns   WAIT_OBJECT_0 + i     any: object i was taken. All: WAIT_OBJECT_0
 *           WAIT_ABANDONED_0 + i  any: object i was taken, and it is an abandoned mutex. All: WAIT_ABANDONED_0, at
 *                                 least one of those taken was an abandoned mutex
 *           WAIT_TIMEOUT          not in that time; nothing was taken; last error stays
 *           WAIT_FAILED           see GetLastError; nothing was taken
 * Error     ERROR_INVALID_PARAMETER  nCount is 0 or above 64; lpHandles is NULL; all: an object stands twice
 *           ERROR_INVALID_HANDLE     one of the handles is not open, even if another is signaled
 *           ERROR_ACCESS_DENIED      one of them lacks SYNCHRONIZE, even if another is signaled
 *           ERROR_NOT_SUPPORTED      all: a handle of a file, pipe or terminal is among them
 * Notes     Any: an object may stand twice; it is taken once, at the lower index.
 * Profiles  ce5: bWaitAll fails with ERROR_INVALID_PARAMETER; every handle has the right.
 * Source    "WaitForMultipleObjects", "Wait Functions", "WaitForMultipleObjects (Windows CE 5.0)";
 *           WaitMultiple-01..24, WaitMultiple-27..28, LD-9, LD-14, LD-17 */
WINBASEAPI DWORD WINAPI WaitForMultipleObjects(_In_ DWORD nCount, _In_reads_(nCount) const HANDLE *lpHandles,
                                               _In_ BOOL bWaitAll, _In_ DWORD dwMilliseconds);

/* WaitForMultipleObjects with a choice to be alertable.
 *   bAlertable  see the head of this file
 * Source    "WaitForMultipleObjectsEx"; WaitMultiple-25..26 */
WINBASEAPI DWORD WINAPI WaitForMultipleObjectsEx(_In_ DWORD nCount, _In_reads_(nCount) const HANDLE *lpHandles,
                                                 _In_ BOOL bWaitAll, _In_ DWORD dwMilliseconds, _In_ BOOL bAlertable);

/* Signals one object and waits for another.
 *   hObjectToSignal  an event (is set; needs EVENT_MODIFY_STATE), a mutex of the caller (is released once) or a
 *                    semaphore (count + 1; needs SEMAPHORE_MODIFY_STATE)
 *   hObjectToWaitOn  a handle with SYNCHRONIZE
 *   dwMilliseconds   how long at most; 0: do not block; INFINITE: without end
 *   bAlertable       see the head of this file
 * Returns   as WaitForSingleObject, for the second object. At WAIT_TIMEOUT the first one has been signaled.
 * Error     with WAIT_FAILED, and there was no wait:
 *           ERROR_INVALID_HANDLE  either handle is not open; the first is not of these three types
 *           ERROR_ACCESS_DENIED   a handle lacks the right it needs
 *           ERROR_NOT_OWNER       the mutex is not the caller's
 *           ERROR_TOO_MANY_POSTS  the semaphore is at its maximum
 *           Both handles are checked before anything is signaled.
 * Notes     Two steps to others: a PulseEvent on the second object in between may be missed.
 * Profiles  CE has no such call; it works in every profile. ce5: every handle has the rights.
 * Source    "SignalObjectAndWait"; SignalWait-01..13, LD-11 */
WINBASEAPI DWORD WINAPI SignalObjectAndWait(_In_ HANDLE hObjectToSignal, _In_ HANDLE hObjectToWaitOn,
                                            _In_ DWORD dwMilliseconds, _In_ BOOL bAlertable);

/* Suspends the calling thread.
 *   dwMilliseconds  how long at least; 0 lets another ready thread run; INFINITE never returns
 * Profiles  alike.
 * Source    "Sleep"; Apc-12 */
WINBASEAPI void WINAPI Sleep(_In_ DWORD dwMilliseconds);

/* Sleep with a choice to be alertable.
 *   dwMilliseconds  as Sleep
 *   bAlertable      see the head of this file
 * Returns   0, the time is over; WAIT_IO_COMPLETION, calls have run.
 * Profiles  alike.
 * Source    "SleepEx"; Apc-12..14 */
WINBASEAPI DWORD WINAPI SleepEx(_In_ DWORD dwMilliseconds, _In_ BOOL bAlertable);

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_WAIT_H */
