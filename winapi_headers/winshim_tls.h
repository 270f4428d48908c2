/* winshim_tls.h - values of which each thread has its own, by index; part of processthreadsapi.h. */
#ifndef WINSHIM_TLS_H
#define WINSHIM_TLS_H

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TLS_OUT_OF_INDEXES ((DWORD)0xFFFFFFFF)

/* Reserves an index under which every thread has a value, NULL at first.
 * Returns   the index, below 1088; TLS_OUT_OF_INDEXES on failure.
 * Error     ERROR_NO_MORE_ITEMS  1088 are in use
 * Source    "TlsAlloc"; Tls-01..02, Tls-07 */
WINBASEAPI DWORD WINAPI TlsAlloc(void);

/* Returns the calling thread's value.
 *   dwTlsIndex  an index of TlsAlloc
 * Returns   the value; NULL on failure. Success sets the last error to ERROR_SUCCESS, since NULL may be a value.
 * Error     ERROR_INVALID_PARAMETER  no index can have this value. One that is not in use is not noticed
 * Source    "TlsGetValue"; Tls-03..06 */
WINBASEAPI LPVOID WINAPI TlsGetValue(_In_ DWORD dwTlsIndex);

/* Sets the calling thread's value.
 *   dwTlsIndex  an index of TlsAlloc
 *   lpTlsValue  any value; what it points to is the program's to free
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER   no index can have this value. One that is not in use is not noticed
 *           ERROR_NOT_ENOUGH_MEMORY   the thread's first value, and no room for its table
 * Source    "TlsSetValue"; Tls-04, Tls-06 */
WINBASEAPI BOOL WINAPI TlsSetValue(_In_ DWORD dwTlsIndex, _In_opt_ LPVOID lpTlsValue);

/* Gives an index back. The values are forgotten; what they point to is the program's to free.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  not an index in use
 * Source    "TlsFree"; Tls-06..07 */
WINBASEAPI BOOL WINAPI TlsFree(_In_ DWORD dwTlsIndex);

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_TLS_H */
