/* winshim_thread.h - priorities and names of threads; part of processthreadsapi.h. */
#ifndef WINSHIM_THREAD_H
#define WINSHIM_THREAD_H

#include "minwinbase.h"
#include "winnt.h"

#ifdef __cplusplus
extern "C" {
#endif

#define THREAD_BASE_PRIORITY_LOWRT 15
#define THREAD_BASE_PRIORITY_MAX 2
#define THREAD_BASE_PRIORITY_MIN (-2)
#define THREAD_BASE_PRIORITY_IDLE (-15)
#define THREAD_PRIORITY_LOWEST THREAD_BASE_PRIORITY_MIN
#define THREAD_PRIORITY_BELOW_NORMAL (THREAD_PRIORITY_LOWEST + 1)
#define THREAD_PRIORITY_NORMAL 0
#define THREAD_PRIORITY_HIGHEST THREAD_BASE_PRIORITY_MAX
#define THREAD_PRIORITY_ABOVE_NORMAL (THREAD_PRIORITY_HIGHEST - 1)
#define THREAD_PRIORITY_ERROR_RETURN (MAXLONG)
#define THREAD_PRIORITY_TIME_CRITICAL THREAD_BASE_PRIORITY_LOWRT
#define THREAD_PRIORITY_IDLE THREAD_BASE_PRIORITY_IDLE

/* Notes the priority of a thread, in any process. The scheduler is not told: on Linux a thread that has lowered its
 * priority may not raise it again without privileges, so a program that moves it to and fro would get stuck below.
 *   hThread    a handle with THREAD_SET_INFORMATION or THREAD_SET_LIMITED_INFORMATION
 *   nPriority  THREAD_PRIORITY_IDLE, LOWEST, BELOW_NORMAL, NORMAL, ABOVE_NORMAL, HIGHEST or TIME_CRITICAL
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE     not an open thread handle
 *           ERROR_ACCESS_DENIED      it has neither right
 *           ERROR_INVALID_PARAMETER  another priority
 * Profiles  ce5: every handle has the right.
 * Source    "SetThreadPriority" */
WINBASEAPI BOOL WINAPI SetThreadPriority(_In_ HANDLE hThread, _In_ int nPriority);

/* Tells the priority that SetThreadPriority has noted.
 *   hThread  a handle with THREAD_QUERY_INFORMATION or THREAD_QUERY_LIMITED_INFORMATION
 * Returns   the priority, THREAD_PRIORITY_NORMAL at first; THREAD_PRIORITY_ERROR_RETURN on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED  as SetThreadPriority
 * Profiles  ce5: every handle has the right.
 * Source    "GetThreadPriority" */
WINBASEAPI int WINAPI GetThreadPriority(_In_ HANDLE hThread);

/* Notes whether a thread is to get no boost. There is none on Linux.
 *   hThread                as SetThreadPriority
 *   bDisablePriorityBoost  nonzero: none
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED  as SetThreadPriority
 * Profiles  ce5: every handle has the right.
 * Source    "SetThreadPriorityBoost" */
WINBASEAPI BOOL WINAPI SetThreadPriorityBoost(_In_ HANDLE hThread, _In_ BOOL bDisablePriorityBoost);

/* Tells what SetThreadPriorityBoost has noted.
 *   hThread                as GetThreadPriority
 *   pDisablePriorityBoost  where to store it; FALSE at first
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  pDisablePriorityBoost is NULL
 *           else as GetThreadPriority
 * Profiles  ce5: every handle has the right.
 * Source    "GetThreadPriorityBoost" */
WINBASEAPI BOOL WINAPI GetThreadPriorityBoost(_In_ HANDLE hThread, _Out_ PBOOL pDisablePriorityBoost);

/* Gives a thread of the caller's process a name. What debuggers and ps show is the beginning of it: 15 bytes.
 *   hThread              a handle with THREAD_SET_INFORMATION or THREAD_SET_LIMITED_INFORMATION
 *   lpThreadDescription  the name; "" takes it away
 * Returns   S_OK; on failure an HRESULT of ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER (it is
 *           NULL), ERROR_NOT_SUPPORTED (a thread of another process) or ERROR_NOT_ENOUGH_MEMORY. Last error stays.
 * Profiles  ce5: every handle has the right.
 * Source    "SetThreadDescription" */
WINBASEAPI HRESULT WINAPI SetThreadDescription(_In_ HANDLE hThread, _In_ PCWSTR lpThreadDescription)
    WINSHIM_WIDE(SetThreadDescription);

/* Tells the name of a thread of the caller's process, as long as a handle to it is open also after it has ended.
 *   hThread               a handle with THREAD_QUERY_INFORMATION or THREAD_QUERY_LIMITED_INFORMATION
 *   ppszThreadDescription  where to store it: the caller frees it by LocalFree. "" if it has none
 * Returns   as SetThreadDescription
 * Profiles  ce5: every handle has the right.
 * Source    "GetThreadDescription" */
WINBASEAPI HRESULT WINAPI GetThreadDescription(_In_ HANDLE hThread, _Outptr_result_z_ PWSTR *ppszThreadDescription)
    WINSHIM_WIDE(GetThreadDescription);

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_THREAD_H */
