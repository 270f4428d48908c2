/* handleapi.h - handles as such: close, duplicate, compare, their flags.
 *
 * Handles     A handle is a process's own number for an object: never NULL, never INVALID_HANDLE_VALUE, good in that
 *             process only. Two handles to one object differ; each is closed for itself. A closed value may be given
 *             out again later.
 */
#ifndef _APISETHANDLE_
#define _APISETHANDLE_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)
#define HANDLE_FLAG_INHERIT 0x1
#define HANDLE_FLAG_PROTECT_FROM_CLOSE 0x2

/* Closes a handle. With the last handle in all processes the object and its name are gone.
 *   hObject  an open handle, or a pseudo handle (no effect)
 * A mutex is not released by it as long as other handles exist; the count of a semaphore stays.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  not open; or HANDLE_FLAG_PROTECT_FROM_CLOSE is set, and it stays open
 * Profiles  alike.
 * Source    "CloseHandle"; CloseHandle-01..15, Life-01..06 */
WINBASEAPI BOOL WINAPI CloseHandle(_In_ HANDLE hObject);

/* Makes another handle to the object of a handle.
 *   hSourceProcessHandle  the process that hSourceHandle belongs to: GetCurrentProcess(), or a handle with
 *                         PROCESS_DUP_HANDLE
 *   hSourceHandle         the handle; a pseudo handle gives a real one
 *   hTargetProcessHandle  the process that the new handle is for; likewise
 *   lpTargetHandle        where it is stored; NULL loses it
 *   dwDesiredAccess       its rights, also more than the source has; ignored with DUPLICATE_SAME_ACCESS
 *   bInheritHandle        nonzero: it is inheritable. The source's flags are not copied
 *   dwOptions             DUPLICATE_SAME_ACCESS: the source's rights
 *                         DUPLICATE_CLOSE_SOURCE: close the source, even if the duplicate cannot be made. With
 *                         lpTargetHandle and hTargetProcessHandle NULL nothing else is done
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  the source is not open; a process handle is not open, or not a process
 *           ERROR_ACCESS_DENIED   a process handle lacks PROCESS_DUP_HANDLE
 *           ERROR_INVALID_HANDLE  also: the process of a process handle has ended
 *           exhaustion as in synchapi.h
 * Notes     Ownership of a mutex belongs to the thread: it may release through either handle.
 * Profiles  ce5: dwDesiredAccess is ignored; bInheritHandle TRUE or lpTargetHandle NULL is ERROR_INVALID_PARAMETER.
 * Source    "DuplicateHandle", "DuplicateHandle (Windows CE 5.0)"; DupHandle-01..20 */
WINBASEAPI BOOL WINAPI DuplicateHandle(_In_ HANDLE hSourceProcessHandle, _In_ HANDLE hSourceHandle,
                                       _In_ HANDLE hTargetProcessHandle, _Out_opt_ LPHANDLE lpTargetHandle,
                                       _In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle, _In_ DWORD dwOptions);

/* Reads the flags of a handle; they belong to this handle, not to the object.
 *   hObject    an open handle or a pseudo handle
 *   lpdwFlags  where they are stored: HANDLE_FLAG_INHERIT, HANDLE_FLAG_PROTECT_FROM_CLOSE
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE     hObject is not open
 *           ERROR_INVALID_PARAMETER  lpdwFlags is NULL
 * Profiles  alike.
 * Source    "GetHandleInformation"; HandleInfo-01..10, LD-14 */
WINBASEAPI BOOL WINAPI GetHandleInformation(_In_ HANDLE hObject, _Out_ LPDWORD lpdwFlags);

/* Changes flags of a handle.
 *   hObject  an open handle
 *   dwMask   which flags to change; unknown bits are ignored
 *   dwFlags  their new values; bits outside dwMask are ignored
 * HANDLE_FLAG_INHERIT makes it inheritable; with HANDLE_FLAG_PROTECT_FROM_CLOSE CloseHandle fails until the flag is
 * cleared.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  hObject is not open
 *           ERROR_ACCESS_DENIED   hObject is a pseudo handle
 * Profiles  alike; in ce5, whose documents do not have the call, this is the only way to make a handle inheritable.
 * Source    "SetHandleInformation"; HandleInfo-02..10, CloseHandle-12 */
WINBASEAPI BOOL WINAPI SetHandleInformation(_In_ HANDLE hObject, _In_ DWORD dwMask, _In_ DWORD dwFlags);

/* Asks whether two handles lead to the same object. Their rights do not matter.
 *   hFirstObjectHandle, hSecondObjectHandle  open handles or pseudo handles
 * Returns   nonzero if they do; 0 if not, or on failure.
 * Error     ERROR_NOT_SAME_OBJECT  two objects
 *           ERROR_INVALID_HANDLE   one of them is not open, even if both values are equal
 * Profiles  CE has no such call; it works in every profile.
 * Source    "CompareObjectHandles"; CompareHandles-01..04, LD-11 */
WINBASEAPI BOOL WINAPI CompareObjectHandles(_In_ HANDLE hFirstObjectHandle, _In_ HANDLE hSecondObjectHandle);

#ifdef __cplusplus
}
#endif

#endif /* _APISETHANDLE_ */
