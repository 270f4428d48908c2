/* winshim_event.h - event objects; part of synchapi.h, where names, rights and the order of service are explained. */
#ifndef WINSHIM_EVENT_H
#define WINSHIM_EVENT_H

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CREATE_EVENT_MANUAL_RESET 0x00000001
#define CREATE_EVENT_INITIAL_SET 0x00000002

/* Creates an event, or opens the one that has the name already.
 *   lpEventAttributes  NULL, or whether the handle is inheritable
 *   bManualReset       nonzero: stays signaled until ResetEvent; 0: goes back when one wait has been satisfied
 *   bInitialState      nonzero: begins signaled
 *   lpName             name, or NULL for an event without one
 * Returns   a handle with EVENT_ALL_ACCESS; NULL on failure.
 * Success   ERROR_SUCCESS         the event is new
 *           ERROR_ALREADY_EXISTS  it existed: bManualReset and bInitialState are ignored, its state stays
 * Error     ERROR_INVALID_HANDLE  nt: an object of another type has the name
 *           name errors and exhaustion as in synchapi.h
 * Profiles  ce: if a mutex has the name, the call succeeds with ERROR_ALREADY_EXISTS and the handle is to that mutex:
 *           SetEvent on it fails, ReleaseMutex works. ce5: lpEventAttributes is ignored.
 * Source    "CreateEventW", "CreateEvent (Windows CE 5.0)", "Interprocess Synchronization"; CreateEvent-01..21,
 *           Ce-01..12 */
WINBASEAPI HANDLE WINAPI CreateEventA(_In_opt_ LPSECURITY_ATTRIBUTES lpEventAttributes, _In_ BOOL bManualReset,
                                      _In_ BOOL bInitialState, _In_opt_ LPCSTR lpName);
WINBASEAPI HANDLE WINAPI CreateEventW(_In_opt_ LPSECURITY_ATTRIBUTES lpEventAttributes, _In_ BOOL bManualReset,
                                      _In_ BOOL bInitialState, _In_opt_ LPCWSTR lpName) WINSHIM_WIDE(CreateEventW);

/* Creates or opens an event as CreateEvent does, with chosen rights.
 *   dwFlags          CREATE_EVENT_MANUAL_RESET, CREATE_EVENT_INITIAL_SET, both or 0
 *   dwDesiredAccess  rights of the handle, for the creator too: SYNCHRONIZE to wait, EVENT_MODIFY_STATE to set
 * Returns   a handle with just these rights; NULL on failure.
 * Success   as CreateEvent
 * Error     ERROR_INVALID_PARAMETER  another bit in dwFlags
 *           else as CreateEvent
 * Profiles  ce5: dwDesiredAccess is ignored. CE has no such call; it works in every profile.
 * Source    "CreateEventExW"; CreateEventEx-01..09, LD-11 */
WINBASEAPI HANDLE WINAPI CreateEventExA(_In_opt_ LPSECURITY_ATTRIBUTES lpEventAttributes, _In_opt_ LPCSTR lpName,
                                        _In_ DWORD dwFlags, _In_ DWORD dwDesiredAccess);
WINBASEAPI HANDLE WINAPI CreateEventExW(_In_opt_ LPSECURITY_ATTRIBUTES lpEventAttributes, _In_opt_ LPCWSTR lpName,
                                        _In_ DWORD dwFlags, _In_ DWORD dwDesiredAccess) WINSHIM_WIDE(CreateEventExW);

/* Opens an event that exists.
 *   dwDesiredAccess  rights of the handle; 0 is allowed and good for CloseHandle and CompareObjectHandles only
 *   bInheritHandle   nonzero: the handle is inheritable
 *   lpName           name
 * Returns   a new handle; NULL on failure. The event is unchanged.
 * Error     ERROR_FILE_NOT_FOUND     no object has the name (ce5: no event has it)
 *           ERROR_INVALID_HANDLE     an object of another type has it (ce: a mutex; nt: any); nt: the name is ""
 *           ERROR_INVALID_PARAMETER  lpName is NULL
 *           name errors and exhaustion as in synchapi.h
 * Profiles  ce5: dwDesiredAccess must be EVENT_ALL_ACCESS and bInheritHandle FALSE, else ERROR_INVALID_PARAMETER.
 * Source    "OpenEventW", "OpenEvent (Windows CE 5.0)"; OpenEvent-01..20 */
WINBASEAPI HANDLE WINAPI OpenEventA(_In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle, _In_ LPCSTR lpName);
WINBASEAPI HANDLE WINAPI OpenEventW(_In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle, _In_ LPCWSTR lpName)
    WINSHIM_WIDE(OpenEventW);

/* Signals an event.
 *   hEvent  a handle with EVENT_MODIFY_STATE
 * Manual-reset: every waiter goes on, and the event stays signaled. Auto-reset: the first waiter goes on and the event
 * is not signaled; without a waiter it is signaled until a wait takes it. Signaling twice is signaling once. A waiter
 * that waits for all of several objects and cannot go on does not use the signal up.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  hEvent is not open, or not an event
 *           ERROR_ACCESS_DENIED   it lacks EVENT_MODIFY_STATE
 * Profiles  alike; ce5: every handle has the right.
 * Source    "SetEvent"; SetEvent-01..10, Ce-04..05 */
WINBASEAPI BOOL WINAPI SetEvent(_In_ HANDLE hEvent);

/* Makes an event not signaled. Threads that a SetEvent before it has released stay released.
 *   hEvent  a handle with EVENT_MODIFY_STATE
 * Returns   nonzero, also if it was not signaled; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  hEvent is not open, or not an event
 *           ERROR_ACCESS_DENIED   it lacks EVENT_MODIFY_STATE
 * Profiles  alike; ce5: every handle has the right.
 * Source    "ResetEvent"; ResetEvent-01..06, Ce-04..05 */
WINBASEAPI BOOL WINAPI ResetEvent(_In_ HANDLE hEvent);

/* Releases those who wait at this moment, and leaves the event not signaled.
 *   hEvent  a handle with EVENT_MODIFY_STATE
 * Manual-reset: all who are blocked on it go on; auto-reset: the first one. Nobody who comes later notices anything. A
 * waiter for all of several objects goes on only if the others are signaled now; the pulse is not remembered. Whether
 * another thread is blocked already is hard to know: prefer SetEvent.
 * Returns   nonzero, also if nobody waited; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  hEvent is not open, or not an event
 *           ERROR_ACCESS_DENIED   it lacks EVENT_MODIFY_STATE
 * Profiles  alike; ce5: every handle has the right.
 * Source    "PulseEvent"; PulseEvent-01..08, Ce-04..05 */
WINBASEAPI BOOL WINAPI PulseEvent(_In_ HANDLE hEvent);

#ifdef UNICODE
#define CreateEvent CreateEventW
#define CreateEventEx CreateEventExW
#define OpenEvent OpenEventW
#else
#define CreateEvent CreateEventA
#define CreateEventEx CreateEventExA
#define OpenEvent OpenEventA
#endif

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_EVENT_H */
