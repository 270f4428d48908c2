/* winshim_lock.h - locks of one process: critical sections, SRW locks, condition variables; part of synchapi.h.
 *
 * Scope       They are plain memory of the process: no handle, no name, no use between processes, no waiting for them
 *             with the wait functions. A child of fork finds what was locked locked, and is the owner of nothing.
 * Last error  Left alone by all of them, but for a time-out of SleepConditionVariable.
 * Memory      A lock must not be moved or copied while it is in use. SRW locks and condition variables are free when
 *             all their bytes are 0, and need no clean-up.
 */
#ifndef WINSHIM_LOCK_H
#define WINSHIM_LOCK_H

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef RTL_CRITICAL_SECTION_DEBUG CRITICAL_SECTION_DEBUG, *PCRITICAL_SECTION_DEBUG, *LPCRITICAL_SECTION_DEBUG;
typedef RTL_CRITICAL_SECTION CRITICAL_SECTION, *PCRITICAL_SECTION, *LPCRITICAL_SECTION;
typedef RTL_SRWLOCK SRWLOCK, *PSRWLOCK;
typedef RTL_CONDITION_VARIABLE CONDITION_VARIABLE, *PCONDITION_VARIABLE;

#define CRITICAL_SECTION_NO_DEBUG_INFO 0x01000000
#define SRWLOCK_INIT RTL_SRWLOCK_INIT
#define CONDITION_VARIABLE_INIT RTL_CONDITION_VARIABLE_INIT
#define CONDITION_VARIABLE_LOCKMODE_SHARED RTL_CONDITION_VARIABLE_LOCKMODE_SHARED

/* ---- critical sections ---- */

/* Makes a critical section free, with a spin count of 0. Before its first use, and again after DeleteCriticalSection.
 *   lpCriticalSection  memory for it
 * Source    "InitializeCriticalSection"; CritSec-01, CritSec-09 */
WINBASEAPI void WINAPI InitializeCriticalSection(_Out_ LPCRITICAL_SECTION lpCriticalSection);

/* InitializeCriticalSection with a spin count.
 *   dwSpinCount  how often Enter looks again before it sleeps; 24 bits count. On one processor it is without effect
 * Returns   nonzero, always.
 * Source    "InitializeCriticalSectionAndSpinCount"; CritSec-02, CritSec-07 */
WINBASEAPI BOOL WINAPI InitializeCriticalSectionAndSpinCount(_Out_ LPCRITICAL_SECTION lpCriticalSection,
                                                             _In_ DWORD dwSpinCount);

/* InitializeCriticalSectionAndSpinCount with flags.
 *   Flags  0 or CRITICAL_SECTION_NO_DEBUG_INFO, which says nothing here: there never is debug information
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  another bit in Flags, or a spin count of more than 24 bits
 * Source    "InitializeCriticalSectionEx"; CritSec-02 */
WINBASEAPI BOOL WINAPI InitializeCriticalSectionEx(_Out_ LPCRITICAL_SECTION lpCriticalSection, _In_ DWORD dwSpinCount,
                                                   _In_ DWORD Flags);

/* Sets the spin count.
 * Returns   the one before.
 * Source    "SetCriticalSectionSpinCount"; CritSec-06 */
WINBASEAPI DWORD WINAPI SetCriticalSectionSpinCount(_Inout_ LPCRITICAL_SECTION lpCriticalSection,
                                                    _In_ DWORD dwSpinCount);

/* Waits, without a limit, until the calling thread owns the critical section. The owner may enter again; each Enter
 * needs a Leave. Who waits longest does not come first for sure. If the owner ends, it stays locked for ever.
 * Source    "EnterCriticalSection"; CritSec-01, CritSec-03, CritSec-08, CritSec-11 */
WINBASEAPI void WINAPI EnterCriticalSection(_Inout_ LPCRITICAL_SECTION lpCriticalSection);

/* Enters the critical section if that is possible at once: if it is free, or the caller owns it.
 * Returns   nonzero if the caller owns it now; 0 if another thread does.
 * Source    "TryEnterCriticalSection"; CritSec-04..05 */
WINBASEAPI BOOL WINAPI TryEnterCriticalSection(_Inout_ LPCRITICAL_SECTION lpCriticalSection);

/* Takes one Enter back; with the last one the critical section is free. A caller that does not own it changes nothing.
 * Source    "LeaveCriticalSection"; CritSec-01, CritSec-03, CritSec-10 */
WINBASEAPI void WINAPI LeaveCriticalSection(_Inout_ LPCRITICAL_SECTION lpCriticalSection);

/* Ends the use of a critical section that nobody owns. There is nothing to free; its memory may go.
 * Source    "DeleteCriticalSection"; CritSec-09 */
WINBASEAPI void WINAPI DeleteCriticalSection(_Inout_ LPCRITICAL_SECTION lpCriticalSection);

/* ---- slim reader/writer locks: one thread exclusively, or any number shared. Not recursive, no owner is known ---- */

/* Makes an SRW lock free, as SRWLOCK_INIT does.
 * Source    "InitializeSRWLock"; Srw-01 */
WINBASEAPI void WINAPI InitializeSRWLock(_Out_ PSRWLOCK SRWLock);

/* Waits, without a limit, until the caller holds the lock exclusively. A caller that holds it already waits for ever.
 * Source    "AcquireSRWLockExclusive"; Srw-05..07 */
WINBASEAPI void WINAPI AcquireSRWLockExclusive(_Inout_ PSRWLOCK SRWLock);

/* Waits, without a limit, until the caller holds the lock shared. Those who wait for it exclusively go first, so a
 * thread that holds it shared already must not ask again.
 * Source    "AcquireSRWLockShared"; Srw-02, Srw-07 */
WINBASEAPI void WINAPI AcquireSRWLockShared(_Inout_ PSRWLOCK SRWLock);

/* Lets go of a lock that is held exclusively.
 * Source    "ReleaseSRWLockExclusive"; Srw-07 */
WINBASEAPI void WINAPI ReleaseSRWLockExclusive(_Inout_ PSRWLOCK SRWLock);

/* Lets go of a lock that is held shared.
 * Source    "ReleaseSRWLockShared"; Srw-07 */
WINBASEAPI void WINAPI ReleaseSRWLockShared(_Inout_ PSRWLOCK SRWLock);

/* Takes the lock exclusively if nobody holds it.
 * Returns   nonzero if the caller holds it now; 0 if not.
 * Source    "TryAcquireSRWLockExclusive"; Srw-04..05, Srw-08 */
WINBASEAPI BOOLEAN WINAPI TryAcquireSRWLockExclusive(_Inout_ PSRWLOCK SRWLock);

/* Takes the lock shared if nobody holds it exclusively or waits to do so.
 * Returns   nonzero if the caller holds it now; 0 if not.
 * Source    "TryAcquireSRWLockShared"; Srw-03 */
WINBASEAPI BOOLEAN WINAPI TryAcquireSRWLockShared(_Inout_ PSRWLOCK SRWLock);

/* ---- condition variables ---- */

/* Makes a condition variable without waiters, as CONDITION_VARIABLE_INIT does.
 * Source    "InitializeConditionVariable"; CondVar-01 */
WINBASEAPI void WINAPI InitializeConditionVariable(_Out_ PCONDITION_VARIABLE ConditionVariable);

/* Leaves the critical section and sleeps in one step; owns the critical section again on return, whatever the result.
 *   ConditionVariable  where to sleep
 *   CriticalSection    owned by the caller, entered once (of several Enters only one is taken back)
 *   dwMilliseconds     how long at most; INFINITE: without a limit
 * Returns   nonzero: woken; the condition must be looked at again, it may have been wrong or be wrong again.
 *           0 on failure.
 * Error     ERROR_TIMEOUT  nobody woke it in time
 * Source    "SleepConditionVariableCS"; CondVar-02..03, CondVar-08 */
WINBASEAPI BOOL WINAPI SleepConditionVariableCS(_Inout_ PCONDITION_VARIABLE ConditionVariable,
                                                _Inout_ PCRITICAL_SECTION CriticalSection, _In_ DWORD dwMilliseconds);

/* SleepConditionVariableCS for an SRW lock.
 *   Flags  0: held exclusively. CONDITION_VARIABLE_LOCKMODE_SHARED: held shared, before and after
 * Error     ERROR_TIMEOUT            nobody woke it in time
 *           ERROR_INVALID_PARAMETER  another bit in Flags; the lock stays as it is
 * Source    "SleepConditionVariableSRW"; CondVar-02..03, CondVar-07 */
WINBASEAPI BOOL WINAPI SleepConditionVariableSRW(_Inout_ PCONDITION_VARIABLE ConditionVariable,
                                                 _Inout_ PSRWLOCK SRWLock, _In_ DWORD dwMilliseconds, _In_ ULONG Flags);

/* Wakes the thread that has slept longest on it. Nobody sleeps: nothing happens, and nothing is remembered.
 * Source    "WakeConditionVariable"; CondVar-04, CondVar-06 */
WINBASEAPI void WINAPI WakeConditionVariable(_Inout_ PCONDITION_VARIABLE ConditionVariable);

/* Wakes all who sleep on it.
 * Source    "WakeAllConditionVariable"; CondVar-05..06 */
WINBASEAPI void WINAPI WakeAllConditionVariable(_Inout_ PCONDITION_VARIABLE ConditionVariable);

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_LOCK_H */
