/* winshim_once.h - one-time initialization, barriers, waiting on an address; part of synchapi.h.
 *
 * Scope       One process, as in winshim_lock.h. Last error is left alone by all that succeed.
 */
#ifndef WINSHIM_ONCE_H
#define WINSHIM_ONCE_H

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef RTL_RUN_ONCE INIT_ONCE, *PINIT_ONCE, *LPINIT_ONCE;

#define INIT_ONCE_STATIC_INIT RTL_RUN_ONCE_INIT
#define INIT_ONCE_CHECK_ONLY RTL_RUN_ONCE_CHECK_ONLY
#define INIT_ONCE_ASYNC RTL_RUN_ONCE_ASYNC
#define INIT_ONCE_INIT_FAILED RTL_RUN_ONCE_INIT_FAILED
#define INIT_ONCE_CTX_RESERVED_BITS RTL_RUN_ONCE_CTX_RESERVED_BITS

/* Called by InitOnceExecuteOnce to initialize. Returns nonzero if it is done; 0 and a last error of its choice if not.
 * *Context, if not NULL, is what later callers get; its two lowest bits must be 0. */
typedef BOOL(WINAPI *PINIT_ONCE_FN)(_Inout_ PINIT_ONCE InitOnce, _Inout_opt_ PVOID Parameter,
                                    _Outptr_opt_result_maybenull_ PVOID *Context);

/* Makes a one-time initialization not begun, as INIT_ONCE_STATIC_INIT does.
 * Source    "InitOnceInitialize"; InitOnce-01 */
WINBASEAPI void WINAPI InitOnceInitialize(_Out_ PINIT_ONCE InitOnce);

/* Runs InitFn unless it has run with success before. Only one thread runs it at a time; others wait for the outcome.
 *   InitOnce   the initialization
 *   InitFn     does it; must not ask for the same one again
 *   Parameter  handed to InitFn
 *   Context    NULL, or where to store what InitFn stored in *Context
 * Returns   nonzero: it is done; 0: InitFn, run by this call, returned 0, and the next caller tries again.
 * Error     what InitFn has set
 * Source    "InitOnceExecuteOnce"; InitOnce-01..03 */
WINBASEAPI BOOL WINAPI InitOnceExecuteOnce(_Inout_ PINIT_ONCE InitOnce, _In_ PINIT_ONCE_FN InitFn,
                                           _Inout_opt_ PVOID Parameter, _Outptr_opt_result_maybenull_ LPVOID *Context);

/* Begins an initialization, or says that it is done.
 *   lpInitOnce  the initialization
 *   dwFlags     0: the only one to initialize; others wait until InitOnceComplete
 *               INIT_ONCE_ASYNC: one of several that may try at the same time; the first to complete wins
 *               INIT_ONCE_CHECK_ONLY: begin nothing
 *   fPending    where to store TRUE: the caller has to initialize and to call InitOnceComplete; FALSE: it is done
 *   lpContext   NULL, or where to store the context if it is done
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_GEN_FAILURE        INIT_ONCE_CHECK_ONLY, and it is not done
 *           ERROR_INVALID_PARAMETER  other or both flags; fPending NULL; an attempt of the other mode (with or without
 *                                    INIT_ONCE_ASYNC) is under way
 * Source    "InitOnceBeginInitialize"; InitOnce-04..10 */
WINBASEAPI BOOL WINAPI InitOnceBeginInitialize(_Inout_ LPINIT_ONCE lpInitOnce, _In_ DWORD dwFlags, _Out_ PBOOL fPending,
                                               _Outptr_opt_result_maybenull_ LPVOID *lpContext);

/* Ends what InitOnceBeginInitialize has begun.
 *   lpInitOnce  the initialization
 *   dwFlags     0 or INIT_ONCE_ASYNC, as in the beginning: it is done. INIT_ONCE_INIT_FAILED: it failed, and can be
 *               begun again (not with INIT_ONCE_ASYNC: there a failed attempt is just not completed)
 *   lpContext   what later callers get; its two lowest bits must be 0. With INIT_ONCE_INIT_FAILED: NULL
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_GEN_FAILURE        not begun, or done already (with INIT_ONCE_ASYNC: another thread was first)
 *           ERROR_INVALID_PARAMETER  flags that do not go together or do not fit the beginning; a context with low bits
 * Source    "InitOnceComplete"; InitOnce-11..17 */
WINBASEAPI BOOL WINAPI InitOnceComplete(_Inout_ LPINIT_ONCE lpInitOnce, _In_ DWORD dwFlags, _In_opt_ LPVOID lpContext);

/* ---- barriers ---- */

typedef RTL_BARRIER SYNCHRONIZATION_BARRIER, *PSYNCHRONIZATION_BARRIER, *LPSYNCHRONIZATION_BARRIER;

#define SYNCHRONIZATION_BARRIER_FLAGS_SPIN_ONLY 0x01
#define SYNCHRONIZATION_BARRIER_FLAGS_BLOCK_ONLY 0x02
#define SYNCHRONIZATION_BARRIER_FLAGS_NO_DELETE 0x04

/* Prepares a barrier for a number of threads.
 *   lpBarrier      memory for it
 *   lTotalThreads  how many threads meet, 1 or more
 *   lSpinCount     how often a thread looks again before it sleeps; -1: 2000
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  lTotalThreads below 1, lSpinCount below -1, lpBarrier NULL
 * Source    "InitializeSynchronizationBarrier"; Barrier-01..02 */
WINBASEAPI BOOL WINAPI InitializeSynchronizationBarrier(_Out_ LPSYNCHRONIZATION_BARRIER lpBarrier,
                                                        _In_ LONG lTotalThreads, _In_ LONG lSpinCount);

/* Waits until as many threads as were stated have entered; then the barrier is ready for the next time.
 *   lpBarrier  the barrier
 *   dwFlags    SYNCHRONIZATION_BARRIER_FLAGS_SPIN_ONLY or _BLOCK_ONLY: how to wait; _NO_DELETE: nobody will delete the
 *              barrier, which may save time elsewhere and is without effect here
 * Returns   nonzero for the thread that came last; 0 for all others. It cannot fail.
 * Source    "EnterSynchronizationBarrier"; Barrier-03..05 */
WINBASEAPI BOOL WINAPI EnterSynchronizationBarrier(_Inout_ LPSYNCHRONIZATION_BARRIER lpBarrier, _In_ DWORD dwFlags);

/* Ends the use of a barrier. It may be called as soon as one's own EnterSynchronizationBarrier has returned: it waits
 * until the other threads of that meeting are out.
 * Returns   nonzero, always.
 * Source    "DeleteSynchronizationBarrier"; Barrier-06 */
WINBASEAPI BOOL WINAPI DeleteSynchronizationBarrier(_Inout_ LPSYNCHRONIZATION_BARRIER lpBarrier);

/* ---- waiting on an address ---- */

/* Sleeps as long as a variable has a value: until somebody has changed it and calls WakeByAddress.
 *   Address         the variable
 *   CompareAddress  the value; if the variable has another, the call returns at once
 *   AddressSize     size of both in bytes: 1, 2, 4 or 8
 *   dwMilliseconds  how long at most; INFINITE: without a limit
 * Returns   nonzero: it has another value, or was woken; the variable must be looked at again. 0 on failure.
 * Error     ERROR_TIMEOUT            nobody woke it in time
 *           ERROR_INVALID_PARAMETER  another AddressSize, a pointer is NULL
 * Source    "WaitOnAddress"; WaitAddress-01..08 */
WINBASEAPI BOOL WINAPI WaitOnAddress(_In_reads_bytes_(AddressSize) volatile VOID *Address,
                                     _In_reads_bytes_(AddressSize) PVOID CompareAddress, _In_ SIZE_T AddressSize,
                                     _In_opt_ DWORD dwMilliseconds);

/* Wakes the thread of this process that has slept longest on an address. Nobody sleeps: nothing is remembered.
 * Source    "WakeByAddressSingle"; WaitAddress-05, WaitAddress-07 */
WINBASEAPI void WINAPI WakeByAddressSingle(_In_ PVOID Address);

/* Wakes all threads of this process that sleep on an address.
 * Source    "WakeByAddressAll"; WaitAddress-06..07 */
WINBASEAPI void WINAPI WakeByAddressAll(_In_ PVOID Address);

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_ONCE_H */
