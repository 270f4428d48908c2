/* processenv.h - what a process is given: environment, command line, current directory, standard handles. */
#ifndef _PROCESSENV_
#define _PROCESSENV_

#include "winshim_environment.h"

#ifdef __cplusplus
extern "C" {
#endif

#define STD_INPUT_HANDLE ((DWORD)-10)
#define STD_OUTPUT_HANDLE ((DWORD)-11)
#define STD_ERROR_HANDLE ((DWORD)-12)

/* Tells one of the standard handles: that of descriptor 0, 1 or 2, unless SetStdHandle has replaced it.
 *   nStdHandle  STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE
 * Returns   the handle (fileapi.h); NULL if that descriptor is closed; INVALID_HANDLE_VALUE on failure.
 * Error     ERROR_INVALID_HANDLE  another number
 * Source    "GetStdHandle" */
WINBASEAPI HANDLE WINAPI GetStdHandle(_In_ DWORD nStdHandle);

/* Replaces what GetStdHandle tells. Descriptors 0, 1 and 2, and the C library's streams, stay as they are.
 *   hHandle  any value
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  another number
 * Source    "SetStdHandle" */
WINBASEAPI BOOL WINAPI SetStdHandle(_In_ DWORD nStdHandle, _In_ HANDLE hHandle);

/* Returns the command line: the arguments of the process, quoted where necessary so that CommandLineToArgvW gives
 * them back.
 * The text stays where it is; it is empty if there is no memory.
 * Source    "GetCommandLineW" */
WINBASEAPI LPSTR WINAPI GetCommandLineA(void);
WINBASEAPI LPWSTR WINAPI GetCommandLineW(void) WINSHIM_WIDE(GetCommandLineW);

/* Tells the current directory, without a slash at its end.
 *   nBufferLength  room in lpBuffer in characters, the end included
 *   lpBuffer       where it goes
 * Returns   the length without the end; if there is not room enough, the room needed, the end included; 0 on failure.
 * Error     ERROR_FILE_NOT_FOUND (it has been removed), ERROR_ACCESS_DENIED, ERROR_NOT_ENOUGH_MEMORY
 * Source    "GetCurrentDirectory" */
WINBASEAPI DWORD WINAPI GetCurrentDirectoryA(_In_ DWORD nBufferLength, _Out_writes_to_opt_(nBufferLength, return + 1)
                                             LPSTR lpBuffer);
WINBASEAPI DWORD WINAPI GetCurrentDirectoryW(_In_ DWORD nBufferLength, _Out_writes_to_opt_(nBufferLength, return + 1)
                                             LPWSTR lpBuffer) WINSHIM_WIDE(GetCurrentDirectoryW);

/* Changes the current directory of the process.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_DIRECTORY (not a directory) and the path errors of fileapi.h
 * Source    "SetCurrentDirectory" */
WINBASEAPI BOOL WINAPI SetCurrentDirectoryA(_In_ LPCSTR lpPathName);
WINBASEAPI BOOL WINAPI SetCurrentDirectoryW(_In_ LPCWSTR lpPathName) WINSHIM_WIDE(SetCurrentDirectoryW);

#ifdef UNICODE
#define GetCommandLine GetCommandLineW
#define GetCurrentDirectory GetCurrentDirectoryW
#define SetCurrentDirectory SetCurrentDirectoryW
#else
#define GetCommandLine GetCommandLineA
#define GetCurrentDirectory GetCurrentDirectoryA
#define SetCurrentDirectory SetCurrentDirectoryA
#endif

#ifdef __cplusplus
}
#endif

#endif /* _PROCESSENV_ */
