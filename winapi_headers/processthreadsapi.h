/* processthreadsapi.h - who is calling: pseudo handles and ids of the process and the thread. */
#ifndef _PROCESSTHREADSAPI_H_
#define _PROCESSTHREADSAPI_H_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Returns a pseudo handle that means "the process that uses it".
 * Returns   (HANDLE)-1, always. It has all rights, need not be closed (CloseHandle succeeds and does nothing) and means
 *           another process in another process. DuplicateHandle makes a real handle of it.
 * Notes     The value is that of INVALID_HANDLE_VALUE; waiting on it is waiting for oneself.
 * Profiles  alike.
 * Source    "GetCurrentProcess"; WaitSingle-23..24, CloseHandle-04, DupHandle-17, Life-25 */
WINBASEAPI HANDLE WINAPI GetCurrentProcess(void);

/* Returns the id of the calling process: its Linux process id.
 * Profiles  alike.
 * Source    "GetCurrentProcessId"; Process-12 */
WINBASEAPI DWORD WINAPI GetCurrentProcessId(void);

/* Returns a pseudo handle that means "the thread that uses it".
 * Returns   (HANDLE)-2, always; else as GetCurrentProcess.
 * Profiles  alike.
 * Source    "GetCurrentThread"; WaitSingle-23, CloseHandle-04, DupHandle-17 */
WINBASEAPI HANDLE WINAPI GetCurrentThread(void);

/* Returns the id of the calling thread: its Linux thread id, which no other living thread of the system has.
 * Profiles  alike.
 * Source    "GetCurrentThreadId"; Thread-01 */
WINBASEAPI DWORD WINAPI GetCurrentThreadId(void);

#ifdef __cplusplus
}
#endif

#endif /* _PROCESSTHREADSAPI_H_ */
