/* errhandlingapi.h - the last error of the calling thread; exceptions as far as there are any. */
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

/* ---- exceptions ----
 * There is no __try (winshim_abi.h); what follows is what there is without it. An exception is either raised by
 * RaiseException or a fault of the processor: SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP become the exceptions of
 * winshim_exception.h while a handler is registered, in the thread that has the fault, unless the program has a handler
 * of its own for that signal. The vectored handlers are asked first, then the filter. If the answer of all is
 * EXCEPTION_CONTINUE_SEARCH the process ends: by the signal after a fault, else with the exception's code.
 * C++ exceptions are not among them. A stack that has overflowed has no room for a handler. */
typedef LONG(WINAPI *PTOP_LEVEL_EXCEPTION_FILTER)(struct _EXCEPTION_POINTERS *ExceptionInfo);
typedef PTOP_LEVEL_EXCEPTION_FILTER LPTOP_LEVEL_EXCEPTION_FILTER;

#define SEM_FAILCRITICALERRORS 0x0001
#define SEM_NOGPFAULTERRORBOX 0x0002
#define SEM_NOALIGNMENTFAULTEXCEPT 0x0004
#define SEM_NOOPENFILEERRORBOX 0x8000

/* Raises an exception in the calling thread. It returns if a handler or the filter says EXCEPTION_CONTINUE_EXECUTION.
 *   dwExceptionCode     any; bit 28 is cleared
 *   dwExceptionFlags    0, or EXCEPTION_NONCONTINUABLE: to continue is answered with the end of the process
 *   nNumberOfArguments  how many, at most EXCEPTION_MAXIMUM_PARAMETERS
 *   lpArguments         them, or NULL
 * Source    "RaiseException" */
WINBASEAPI VOID WINAPI RaiseException(_In_ DWORD dwExceptionCode, _In_ DWORD dwExceptionFlags,
                                      _In_ DWORD nNumberOfArguments, _In_opt_ const ULONG_PTR *lpArguments);

/* Registers a function that is called with each exception.
 *   First    nonzero: before those that are registered already; 0: after them
 *   Handler  returns EXCEPTION_CONTINUE_EXECUTION or EXCEPTION_CONTINUE_SEARCH
 * Returns   a number to take it back by; NULL if there are 64 already.
 * Source    "AddVectoredExceptionHandler" */
WINBASEAPI PVOID WINAPI AddVectoredExceptionHandler(_In_ ULONG First, _In_ PVECTORED_EXCEPTION_HANDLER Handler);

/* Takes it back. Returns nonzero; 0 if it is not registered.
 * Source    "RemoveVectoredExceptionHandler" */
WINBASEAPI ULONG WINAPI RemoveVectoredExceptionHandler(_In_ PVOID Handle);

/* Chooses the function that is asked last, for all threads.
 *   lpTopLevelExceptionFilter  returns EXCEPTION_EXECUTE_HANDLER (the process ends with the exception's code),
 *                              EXCEPTION_CONTINUE_SEARCH or EXCEPTION_CONTINUE_EXECUTION; NULL: none
 * Returns   the one there was; NULL for none.
 * Source    "SetUnhandledExceptionFilter" */
WINBASEAPI LPTOP_LEVEL_EXCEPTION_FILTER WINAPI SetUnhandledExceptionFilter(
    _In_opt_ LPTOP_LEVEL_EXCEPTION_FILTER lpTopLevelExceptionFilter);

/* Says which errors the process handles itself, by SEM_* bits. Kept and told; nothing shows a box here in any case.
 * Returns   the mode there was, 0 at first.
 * Source    "SetErrorMode" */
WINBASEAPI UINT WINAPI SetErrorMode(_In_ UINT uMode);

/* Tells what SetErrorMode has set.
 * Source    "GetErrorMode" */
WINBASEAPI UINT WINAPI GetErrorMode(VOID);

/* SetErrorMode for the calling thread. Returns nonzero; 0 with ERROR_INVALID_PARAMETER for an unknown bit.
 *   lpOldMode  NULL, or where the mode there was goes
 * Source    "SetThreadErrorMode" */
WINBASEAPI BOOL WINAPI SetThreadErrorMode(_In_ DWORD dwNewMode, _Out_opt_ LPDWORD lpOldMode);

/* Tells what SetThreadErrorMode has set.
 * Source    "GetThreadErrorMode" */
WINBASEAPI DWORD WINAPI GetThreadErrorMode(VOID);

#ifdef __cplusplus
}
#endif

#endif /* _ERRHANDLING_H_ */
