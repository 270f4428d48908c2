/* namedpipeapi.h - pipes without a name. */
#ifndef _NAMEDPIPE_H_
#define _NAMEDPIPE_H_

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a pipe. Handles and transfers: see fileapi.h.
 *   hReadPipe         where the handle of its end to read from goes
 *   hWritePipe        where that of its end to write to goes
 *   lpPipeAttributes  NULL, or whether both handles are inheritable
 *   nSize             how many bytes it should hold; 0: the system's choice. More than 1 MiB is not given
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_TOO_MANY_OPEN_FILES, ERROR_INVALID_PARAMETER (NULL)
 * Profiles  alike.
 * Source    "CreatePipe" */
WINBASEAPI BOOL WINAPI CreatePipe(_Out_ PHANDLE hReadPipe, _Out_ PHANDLE hWritePipe,
                                  _In_opt_ LPSECURITY_ATTRIBUTES lpPipeAttributes, _In_ DWORD nSize);

/* Tells what is in a pipe, and reads it without taking it.
 *   hNamedPipe              its end to read from
 *   lpBuffer                NULL, or where up to nBufferSize bytes go
 *   lpBytesRead             NULL, or where their number goes
 *   lpTotalBytesAvail       NULL, or where it goes how many bytes there are
 *   lpBytesLeftThisMessage  NULL, or where 0 goes: these pipes have no messages
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_BROKEN_PIPE (empty, and nobody can write into it any more), ERROR_INVALID_HANDLE,
 *           ERROR_ACCESS_DENIED (the end to write to), ERROR_INVALID_FUNCTION (not a pipe), ERROR_NOT_SUPPORTED (a
 *           buffer, in a sandbox that forbids tee)
 * Notes     With a buffer the bytes are copied by the kernel to a second pipe: at most what that holds, 64 KiB.
 * Source    "PeekNamedPipe" */
WINBASEAPI BOOL WINAPI PeekNamedPipe(_In_ HANDLE hNamedPipe, _Out_writes_bytes_opt_(nBufferSize) LPVOID lpBuffer,
                                     _In_ DWORD nBufferSize, _Out_opt_ LPDWORD lpBytesRead,
                                     _Out_opt_ LPDWORD lpTotalBytesAvail, _Out_opt_ LPDWORD lpBytesLeftThisMessage);

#ifdef __cplusplus
}
#endif

#endif /* _NAMEDPIPE_H_ */
