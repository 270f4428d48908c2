/* errhandlingapi.h - the last error of the calling thread. */
#ifndef _ERRHANDLING_H_
#define _ERRHANDLING_H_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Returns why this thread's last failing call failed: a value of winerror.h.
 * Returns   the value; 0 in a thread in which no call has failed. Reading does not clear it.
 * Notes     A failing call always sets it. A Create function that succeeds sets 0 or ERROR_ALREADY_EXISTS. Every other
 *           success leaves it as it was, a time-out too. errno is independent of it and kept by every call.
 * Profiles  alike.
 * Source    "GetLastError"; LastError-01..05, Gen-01..08, LD-18 */
WINBASEAPI DWORD WINAPI GetLastError(void);

/* Sets what GetLastError returns in this thread.
 *   dwErrCode  any 32-bit value
 * Profiles  alike.
 * Source    "SetLastError"; LastError-01, LastError-03 */
WINBASEAPI void WINAPI SetLastError(_In_ DWORD dwErrCode);

#ifdef __cplusplus
}
#endif

#endif /* _ERRHANDLING_H_ */
