/* winshim_mutex.h - mutex objects; part of synchapi.h, where names, rights and the order of service are explained.
 *
 * Ownership   A thread owns a mutex, not a process and not a handle. The owner's own waits succeed at once and count;
 *             as many ReleaseMutex calls free it.
 * Abandoned   If the owner ends without release, however it ends (return, exit, a signal, kill -9), the mutex is free
 *             and marked: the next wait gives WAIT_ABANDONED and ownership, count 1. What the mutex protects may be
 *             half changed: check it. Creating or opening neither sees nor clears the mark.
 */
#ifndef WINSHIM_MUTEX_H
#define WINSHIM_MUTEX_H

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CREATE_MUTEX_INITIAL_OWNER 0x00000001
#define MUTEX_MODIFY_STATE MUTANT_QUERY_STATE /* no call here needs it: SYNCHRONIZE is enough to release */
#define MUTEX_ALL_ACCESS MUTANT_ALL_ACCESS

/* Creates a mutex, or opens the one that has the name already. Never blocks.
 *   lpMutexAttributes  NULL, or whether the handle is inheritable
 *   bInitialOwner      nonzero: if the mutex is new, the caller owns it (count 1)
 *   lpName             name, or NULL for a mutex without one
 * Returns   a handle with MUTEX_ALL_ACCESS; NULL on failure.
 * Success   ERROR_SUCCESS         the mutex is new
 *           ERROR_ALREADY_EXISTS  it existed: bInitialOwner is ignored, the caller owns no more than before
 * Error     ERROR_INVALID_HANDLE  nt: an object of another type has the name
 *           name errors and exhaustion as in synchapi.h
 * Notes     Who asks for ownership of a shared mutex must look at GetLastError, or create without ownership and wait.
 * Profiles  ce: if an event has the name, the call succeeds with ERROR_ALREADY_EXISTS and the handle is to that event:
 *           ReleaseMutex on it fails, SetEvent works. ce5: lpMutexAttributes is ignored.
 * Source    "CreateMutexW", "CreateMutex (Windows CE 5.0)", "Interprocess Synchronization"; CreateMutex-01..21,
 *           Ce-01..12 */
WINBASEAPI HANDLE WINAPI CreateMutexA(_In_opt_ LPSECURITY_ATTRIBUTES lpMutexAttributes, _In_ BOOL bInitialOwner,
                                      _In_opt_ LPCSTR lpName);
WINBASEAPI HANDLE WINAPI CreateMutexW(_In_opt_ LPSECURITY_ATTRIBUTES lpMutexAttributes, _In_ BOOL bInitialOwner,
                                      _In_opt_ LPCWSTR lpName) WINSHIM_WIDE(CreateMutexW);

/* Creates or opens a mutex as CreateMutex does, with chosen rights.
 *   dwFlags          CREATE_MUTEX_INITIAL_OWNER or 0
 *   dwDesiredAccess  rights of the handle, for the creator too: SYNCHRONIZE to wait and to release
 * Returns   a handle with just these rights; NULL on failure.
 * Success   as CreateMutex
 * Error     ERROR_INVALID_PARAMETER  another bit in dwFlags
 *           else as CreateMutex
 * Profiles  ce5: dwDesiredAccess is ignored. CE has no such call; it works in every profile.
 * Source    "CreateMutexExW"; CreateMutexEx-01..07, LD-11 */
WINBASEAPI HANDLE WINAPI CreateMutexExA(_In_opt_ LPSECURITY_ATTRIBUTES lpMutexAttributes, _In_opt_ LPCSTR lpName,
                                        _In_ DWORD dwFlags, _In_ DWORD dwDesiredAccess);
WINBASEAPI HANDLE WINAPI CreateMutexExW(_In_opt_ LPSECURITY_ATTRIBUTES lpMutexAttributes, _In_opt_ LPCWSTR lpName,
                                        _In_ DWORD dwFlags, _In_ DWORD dwDesiredAccess) WINSHIM_WIDE(CreateMutexExW);

/* Opens a mutex that exists. Takes no ownership and never blocks.
 *   dwDesiredAccess  rights of the handle: SYNCHRONIZE to wait and to release
 *   bInheritHandle   nonzero: the handle is inheritable
 *   lpName           name
 * Returns   a new handle; NULL on failure.
 * Error     ERROR_FILE_NOT_FOUND     no object has the name (ce5: no mutex has it)
 *           ERROR_INVALID_HANDLE     an object of another type has it (ce: an event; nt: any); nt: the name is ""
 *           ERROR_INVALID_PARAMETER  lpName is NULL
 *           name errors and exhaustion as in synchapi.h
 * Profiles  CE has no such call; it works in every profile. ce5: bInheritHandle must be FALSE, else
 *           ERROR_INVALID_PARAMETER; the handle has all rights.
 * Source    "OpenMutexW"; OpenMutex-01..12, LD-7, LD-11 */
WINBASEAPI HANDLE WINAPI OpenMutexA(_In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle, _In_ LPCSTR lpName);
WINBASEAPI HANDLE WINAPI OpenMutexW(_In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle, _In_ LPCWSTR lpName)
    WINSHIM_WIDE(OpenMutexW);

/* Gives a mutex back once. At the last time it becomes the first waiter's, or free.
 *   hMutex  any handle to the mutex, whatever its rights
 * Returns   nonzero; 0 on failure, and nothing is changed.
 * Error     ERROR_NOT_OWNER       the calling thread does not own it
 *           ERROR_INVALID_HANDLE  hMutex is not open, or not a mutex
 * Profiles  alike.
 * Source    "ReleaseMutex"; ReleaseMutex-01..11, Ce-03, Ce-06 */
WINBASEAPI BOOL WINAPI ReleaseMutex(_In_ HANDLE hMutex);

#ifdef UNICODE
#define CreateMutex CreateMutexW
#define CreateMutexEx CreateMutexExW
#define OpenMutex OpenMutexW
#else
#define CreateMutex CreateMutexA
#define CreateMutexEx CreateMutexExA
#define OpenMutex OpenMutexA
#endif

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_MUTEX_H */
