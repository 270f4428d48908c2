/* consoleapi.h - the terminal as a console; Ctrl+C. */
#ifndef _APISETCONSOLE_
#define _APISETCONSOLE_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CTRL_C_EVENT 0
#define CTRL_BREAK_EVENT 1
#define CTRL_CLOSE_EVENT 2
#define CTRL_LOGOFF_EVENT 5
#define CTRL_SHUTDOWN_EVENT 6

#define ENABLE_PROCESSED_INPUT 0x1
#define ENABLE_LINE_INPUT 0x2
#define ENABLE_ECHO_INPUT 0x4
#define ENABLE_PROCESSED_OUTPUT 0x1
#define ENABLE_WRAP_AT_EOL_OUTPUT 0x2
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x4

typedef BOOL(WINAPI *PHANDLER_ROUTINE)(DWORD CtrlType);

/* Has a function called when the process is to be interrupted or ended: SIGINT is CTRL_C_EVENT, SIGQUIT (Ctrl+\)
 * CTRL_BREAK_EVENT, SIGTERM and SIGHUP are CTRL_CLOSE_EVENT. Signals that the process ignores already stay ignored.
 *   HandlerRoutine  called in a thread of its own, the last one registered first, until one returns nonzero. If none
 *                   does, and after CTRL_CLOSE_EVENT in any case, the process ends by the signal. NULL: ignore Ctrl+C,
 *                   or not; a child process inherits that
 *   Add             nonzero: register, or ignore; 0: take back
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER (not registered), ERROR_NOT_ENOUGH_MEMORY (also: more than 64)
 * Notes     What the program has set for these signals itself is put back with the last handler. After a fork the child
 *           has to register again.
 * Source    "SetConsoleCtrlHandler", "HandlerRoutine callback function" */
WINBASEAPI BOOL WINAPI SetConsoleCtrlHandler(_In_opt_ PHANDLER_ROUTINE HandlerRoutine, _In_ BOOL Add);

/* Sends a control event to processes: SIGINT for CTRL_C_EVENT, SIGQUIT for CTRL_BREAK_EVENT.
 *   dwProcessGroupId  0: those of the caller's process group, the caller included; or a process that was made with
 *                     CREATE_NEW_PROCESS_GROUP, and those of its group. On Windows, CTRL_C_EVENT is for 0 alone
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER (another event, no such group), ERROR_ACCESS_DENIED
 * Source    "GenerateConsoleCtrlEvent" */
WINBASEAPI BOOL WINAPI GenerateConsoleCtrlEvent(_In_ DWORD dwCtrlEvent, _In_ DWORD dwProcessGroupId);

/* Tells the mode of a terminal. What was opened for reading only, and standard input, is an input:
 * ENABLE_PROCESSED_INPUT (Ctrl+C interrupts), ENABLE_LINE_INPUT, ENABLE_ECHO_INPUT. Anything else is an output, whose
 * modes are all on.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE (not a terminal), ERROR_INVALID_PARAMETER (NULL)
 * Source    "GetConsoleMode" */
WINBASEAPI BOOL WINAPI GetConsoleMode(_In_ HANDLE hConsoleHandle, _Out_ LPDWORD lpMode);

/* Sets the mode of an input: all three, for everybody who uses the terminal. An output accepts its modes; nothing
 * changes.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE (not a terminal), ERROR_INVALID_PARAMETER (other modes; echo without lines)
 * Source    "SetConsoleMode" */
WINBASEAPI BOOL WINAPI SetConsoleMode(_In_ HANDLE hConsoleHandle, _In_ DWORD dwMode);

/* Writes text to a terminal, in UTF-8, after what has been printed to stdout.
 *   nNumberOfCharsToWrite   its length
 *   lpNumberOfCharsWritten  NULL, or where the same goes
 *   lpReserved              ignored
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE (not a terminal), ERROR_ACCESS_DENIED (not opened for writing),
 * ERROR_NOT_ENOUGH_MEMORY
 * Source    "WriteConsole" */
WINBASEAPI BOOL WINAPI WriteConsoleA(_In_ HANDLE hConsoleOutput, _In_ const VOID *lpBuffer,
                                     _In_ DWORD nNumberOfCharsToWrite, _Out_opt_ LPDWORD lpNumberOfCharsWritten,
                                     _In_opt_ LPVOID lpReserved);
WINBASEAPI BOOL WINAPI WriteConsoleW(_In_ HANDLE hConsoleOutput, _In_ const VOID *lpBuffer,
                                     _In_ DWORD nNumberOfCharsToWrite, _Out_opt_ LPDWORD lpNumberOfCharsWritten,
                                     _In_opt_ LPVOID lpReserved) WINSHIM_WIDE(WriteConsoleW);

/* Tells the code page of input from a terminal: CP_UTF8.
 * Source    "GetConsoleCP" */
WINBASEAPI UINT WINAPI GetConsoleCP(void);

/* Tells the code page of output to a terminal: CP_UTF8.
 * Source    "GetConsoleOutputCP" */
WINBASEAPI UINT WINAPI GetConsoleOutputCP(void);

/* Chooses the code page of input: CP_UTF8, which it is. Returns nonzero; 0 with ERROR_INVALID_PARAMETER for any other.
 * Source    "SetConsoleCP" */
WINBASEAPI BOOL WINAPI SetConsoleCP(_In_ UINT wCodePageID);

/* Chooses the code page of output: CP_UTF8, which it is. Returns nonzero; 0 with ERROR_INVALID_PARAMETER for any other.
 * Source    "SetConsoleOutputCP" */
WINBASEAPI BOOL WINAPI SetConsoleOutputCP(_In_ UINT wCodePageID);

#ifdef UNICODE
#define WriteConsole WriteConsoleW
#else
#define WriteConsole WriteConsoleA
#endif

#ifdef __cplusplus
}
#endif

#endif /* _APISETCONSOLE_ */
