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

#ifdef __cplusplus
}
#endif

#endif /* _NAMEDPIPE_H_ */
