/* winshim_semaphore.h - semaphore objects; part of synchapi.h, where names, rights and the order of service are
 * explained.
 *
 * Count       A semaphore is signaled while its count is above 0; a wait takes one. Nobody owns what was taken: any
 *             thread may release, and units that a dead process had taken do not come back.
 */
#ifndef WINSHIM_SEMAPHORE_H
#define WINSHIM_SEMAPHORE_H

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Creates a semaphore, or opens the one that has the name already.
 *   lpSemaphoreAttributes  NULL, or whether the handle is inheritable
 *   lInitialCount          count to begin with, 0 to lMaximumCount
 *   lMaximumCount          largest count, 1 to 0x7FFFFFFF
 *   lpName                 name, or NULL for a semaphore without one
 * Returns   a handle with SEMAPHORE_ALL_ACCESS; NULL on failure.
 * Success   ERROR_SUCCESS         the semaphore is new
 *           ERROR_ALREADY_EXISTS  it existed: both counts are ignored
 * Error     ERROR_INVALID_PARAMETER  a count is out of range; checked before the name
 *           ERROR_INVALID_HANDLE     nt: an object of another type has the name
 *           name errors and exhaustion as in synchapi.h
 * Profiles  ce, ce5: semaphores have names of their own; an event of the same name is another object. ce5:
 *           lpSemaphoreAttributes is ignored.
 * Source    "CreateSemaphoreW", "CreateSemaphore (CE .NET)"; CreateSemaphore-01..10, LD-1 */
WINBASEAPI HANDLE WINAPI CreateSemaphoreA(_In_opt_ LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
                                          _In_ LONG lInitialCount, _In_ LONG lMaximumCount, _In_opt_ LPCSTR lpName);
WINBASEAPI HANDLE WINAPI CreateSemaphoreW(_In_opt_ LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
                                          _In_ LONG lInitialCount, _In_ LONG lMaximumCount, _In_opt_ LPCWSTR lpName)
    WINSHIM_WIDE(CreateSemaphoreW);

/* Creates or opens a semaphore as CreateSemaphore does, with chosen rights.
 *   dwFlags          0
 *   dwDesiredAccess  rights of the handle, for the creator too: SYNCHRONIZE to wait, SEMAPHORE_MODIFY_STATE to release
 * Returns   a handle with just these rights; NULL on failure.
 * Success   as CreateSemaphore
 * Error     ERROR_INVALID_PARAMETER  dwFlags is not 0
 *           else as CreateSemaphore
 * Profiles  ce5: dwDesiredAccess is ignored. CE has no such call; it works in every profile.
 * Source    "CreateSemaphoreExW"; CreateSemaphore-11..12, LD-11 */
WINBASEAPI HANDLE WINAPI CreateSemaphoreExA(_In_opt_ LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
                                            _In_ LONG lInitialCount, _In_ LONG lMaximumCount, _In_opt_ LPCSTR lpName,
                                            _Reserved_ DWORD dwFlags, _In_ DWORD dwDesiredAccess);
WINBASEAPI HANDLE WINAPI CreateSemaphoreExW(_In_opt_ LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
                                            _In_ LONG lInitialCount, _In_ LONG lMaximumCount, _In_opt_ LPCWSTR lpName,
                                            _Reserved_ DWORD dwFlags, _In_ DWORD dwDesiredAccess)
    WINSHIM_WIDE(CreateSemaphoreExW);

/* Opens a semaphore that exists. Its count is unchanged.
 *   dwDesiredAccess  rights of the handle: SYNCHRONIZE to wait, SEMAPHORE_MODIFY_STATE to release
 *   bInheritHandle   nonzero: the handle is inheritable
 *   lpName           name
 * Returns   a new handle; NULL on failure.
 * Error     ERROR_FILE_NOT_FOUND     no semaphore has the name (nt: no object has it)
 *           ERROR_INVALID_HANDLE     nt: an object of another type has it; nt: the name is ""
 *           ERROR_INVALID_PARAMETER  lpName is NULL
 *           name errors and exhaustion as in synchapi.h
 * Profiles  CE has no such call; it works in every profile. ce5: bInheritHandle must be FALSE, else
 *           ERROR_INVALID_PARAMETER; the handle has all rights.
 * Source    "OpenSemaphoreW"; OpenSemaphore-01..05, LD-7, LD-11 */
WINBASEAPI HANDLE WINAPI OpenSemaphoreA(_In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle, _In_ LPCSTR lpName);
WINBASEAPI HANDLE WINAPI OpenSemaphoreW(_In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle, _In_ LPCWSTR lpName)
    WINSHIM_WIDE(OpenSemaphoreW);

/* Raises a semaphore's count and lets as many waiters go on as it then allows.
 *   hSemaphore       a handle with SEMAPHORE_MODIFY_STATE
 *   lReleaseCount    by how much, 1 or more
 *   lpPreviousCount  NULL, or where the count before the call is stored; not written on failure
 * Returns   nonzero; 0 on failure, and the count is unchanged.
 * Error     ERROR_TOO_MANY_POSTS     the count would exceed the maximum
 *           ERROR_INVALID_PARAMETER  lReleaseCount is 0 or negative
 *           ERROR_INVALID_HANDLE     hSemaphore is not open, or not a semaphore
 *           ERROR_ACCESS_DENIED      it lacks SEMAPHORE_MODIFY_STATE
 * Profiles  alike; ce5: every handle has the right.
 * Source    "ReleaseSemaphore"; ReleaseSemaphore-01..11 */
WINBASEAPI BOOL WINAPI ReleaseSemaphore(_In_ HANDLE hSemaphore, _In_ LONG lReleaseCount,
                                        _Out_opt_ LPLONG lpPreviousCount);

#ifdef UNICODE
#define CreateSemaphore CreateSemaphoreW
#define CreateSemaphoreEx CreateSemaphoreExW
#define OpenSemaphore OpenSemaphoreW
#else
#define CreateSemaphore CreateSemaphoreA
#define CreateSemaphoreEx CreateSemaphoreExA
#define OpenSemaphore OpenSemaphoreA
#endif

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_SEMAPHORE_H */
