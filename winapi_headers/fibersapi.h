/* fibersapi.h - fiber-local values. There are no fibers here, so each thread has its own value, and a callback that
 * sees it when the thread ends.
 */
#ifndef _FIBERS_H_
#define _FIBERS_H_

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FLS_OUT_OF_INDEXES ((DWORD)0xFFFFFFFF)

/* Called with a value that is not NULL when its thread ends, in that thread, and when the index is given back. */
typedef void(WINAPI *PFLS_CALLBACK_FUNCTION)(_In_ PVOID lpFlsData);

/* Reserves an index under which every thread has a value, NULL at first.
 *   lpCallback  NULL, or who sees a thread's value at its end. exit() ends the calling thread, not the others
 * Returns   the index, 1 or more; FLS_OUT_OF_INDEXES on failure.
 * Error     ERROR_NOT_ENOUGH_MEMORY  FLS_MAXIMUM_AVAILABLE - 1 are in use
 * Source    "FlsAlloc"; Tls-08 */
WINBASEAPI DWORD WINAPI FlsAlloc(_In_opt_ PFLS_CALLBACK_FUNCTION lpCallback);

/* Returns the calling thread's value.
 *   dwFlsIndex  an index of FlsAlloc
 * Returns   the value; NULL on failure. Success sets the last error to ERROR_SUCCESS, since NULL may be a value.
 * Error     ERROR_INVALID_PARAMETER  not an index in use
 * Source    "FlsGetValue"; Tls-09 */
WINBASEAPI PVOID WINAPI FlsGetValue(_In_ DWORD dwFlsIndex);

/* Sets the calling thread's value.
 *   dwFlsIndex  an index of FlsAlloc
 *   lpFlsData   any value
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  not an index in use
 *           ERROR_NOT_ENOUGH_MEMORY  the thread's first value, and no room for its table
 * Source    "FlsSetValue"; Tls-09 */
WINBASEAPI BOOL WINAPI FlsSetValue(_In_ DWORD dwFlsIndex, _In_opt_ PVOID lpFlsData);

/* Gives an index back. The callback is called, in the calling thread, for the value of every thread.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  not an index in use
 * Source    "FlsFree"; Tls-08..09 */
WINBASEAPI BOOL WINAPI FlsFree(_In_ DWORD dwFlsIndex);

#ifdef __cplusplus
}
#endif

#endif /* _FIBERS_H_ */
