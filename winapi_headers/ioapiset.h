/* ioapiset.h - results of transfers with an OVERLAPPED. */
#ifndef _IO_APISET_H_
#define _IO_APISET_H_

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Tells the result of a ReadFile or WriteFile with an OVERLAPPED. Since those are done when they return, nothing is
 * waited
 * for, whatever bWait is.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_HANDLE_EOF (the reading began at the end), ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER (NULL)
 * Source    "GetOverlappedResult" */
WINBASEAPI BOOL WINAPI GetOverlappedResult(_In_ HANDLE hFile, _In_ LPOVERLAPPED lpOverlapped,
                                           _Out_ LPDWORD lpNumberOfBytesTransferred, _In_ BOOL bWait);

#ifdef __cplusplus
}
#endif

#endif /* _IO_APISET_H_ */
