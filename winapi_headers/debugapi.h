/* debugapi.h - for and about debuggers. */
#ifndef _DEBUGAPI_H_
#define _DEBUGAPI_H_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Returns nonzero if a debugger (a tracer) is attached to this process.
 * Source    "IsDebuggerPresent" */
WINBASEAPI BOOL WINAPI IsDebuggerPresent(void);

/* Stops in the debugger; without one the signal SIGTRAP ends the process, or is handled by the program.
 * Source    "DebugBreak" */
WINBASEAPI void WINAPI DebugBreak(void);

/* Writes a text to standard error if the environment variable WINSHIM_DEBUG_OUTPUT is set (not in a program that runs
 * with more rights than its user); otherwise to nowhere. No end of line is added. The last error is left alone.
 *   lpOutputString  the text; NULL is the empty text
 * Source    "OutputDebugStringW" */
WINBASEAPI void WINAPI OutputDebugStringA(_In_opt_ LPCSTR lpOutputString);
WINBASEAPI void WINAPI OutputDebugStringW(_In_opt_ LPCWSTR lpOutputString) WINSHIM_WIDE(OutputDebugStringW);

#ifdef UNICODE
#define OutputDebugString OutputDebugStringW
#else
#define OutputDebugString OutputDebugStringA
#endif

#ifdef __cplusplus
}
#endif

#endif /* _DEBUGAPI_H_ */
