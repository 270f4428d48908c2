/* winshim_environment.h - environment variables; part of processenv.h.
 *
 * Names       A variable is found under the name as it is written; if there is none, without regard to case.
 * Threads     These calls exclude each other, but not the C library's getenv and setenv.
 */
#ifndef WINSHIM_ENVIRONMENT_H
#define WINSHIM_ENVIRONMENT_H

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Stores the value of an environment variable.
 *   lpName    its name
 *   lpBuffer  where to store it
 *   nSize     room there in characters, the end included
 * Returns   the length without the end; if there is not room enough, the room needed, the end included, and nothing is
 *           stored; 0 on failure, or for an empty value (the last error is then left alone).
 * Error     ERROR_ENVVAR_NOT_FOUND   there is no such variable
 *           ERROR_INVALID_PARAMETER  lpName is NULL
 *           ERROR_NOT_ENOUGH_MEMORY
 * Source    "GetEnvironmentVariableW" */
WINBASEAPI DWORD WINAPI GetEnvironmentVariableA(_In_opt_ LPCSTR lpName, _Out_writes_to_opt_(nSize, return + 1)
                                                LPSTR lpBuffer, _In_ DWORD nSize);
WINBASEAPI DWORD WINAPI GetEnvironmentVariableW(_In_opt_ LPCWSTR lpName, _Out_writes_to_opt_(nSize, return + 1)
                                                LPWSTR lpBuffer, _In_ DWORD nSize)
    WINSHIM_WIDE(GetEnvironmentVariableW);

/* Sets or removes an environment variable of this process and of those that it starts from now on.
 *   lpName   its name, without =
 *   lpValue  its value; NULL removes it
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  lpName is NULL, empty or has a =
 *           ERROR_ENVVAR_NOT_FOUND   nothing to remove
 *           ERROR_NOT_ENOUGH_MEMORY
 * Source    "SetEnvironmentVariableW" */
WINBASEAPI BOOL WINAPI SetEnvironmentVariableA(_In_ LPCSTR lpName, _In_opt_ LPCSTR lpValue);
WINBASEAPI BOOL WINAPI SetEnvironmentVariableW(_In_ LPCWSTR lpName, _In_opt_ LPCWSTR lpValue)
    WINSHIM_WIDE(SetEnvironmentVariableW);

/* Replaces each %NAME% in a text by the value of the variable NAME, if there is one.
 *   lpSrc  the text
 *   lpDst  where to store the result
 *   nSize  room there in characters, the end included
 * Returns   the characters stored or needed, the end included; 0 on failure.
 * Error     ERROR_NOT_ENOUGH_MEMORY
 *           ERROR_INVALID_PARAMETER  lpSrc is NULL
 * Source    "ExpandEnvironmentStringsW" */
WINBASEAPI DWORD WINAPI ExpandEnvironmentStringsA(_In_ LPCSTR lpSrc, _Out_writes_to_opt_(nSize, return) LPSTR lpDst,
                                                  _In_ DWORD nSize);
WINBASEAPI DWORD WINAPI ExpandEnvironmentStringsW(_In_ LPCWSTR lpSrc, _Out_writes_to_opt_(nSize, return) LPWSTR lpDst,
                                                  _In_ DWORD nSize) WINSHIM_WIDE(ExpandEnvironmentStringsW);

/* Returns a copy of the environment: NAME=VALUE with its end, one after the other, and an empty one at last; NULL on
 * failure. To be freed by FreeEnvironmentStrings.
 * Error     ERROR_NOT_ENOUGH_MEMORY
 * Source    "GetEnvironmentStringsW" */
WINBASEAPI LPSTR WINAPI GetEnvironmentStringsA(void);
WINBASEAPI LPWSTR WINAPI GetEnvironmentStringsW(void) WINSHIM_WIDE(GetEnvironmentStringsW);

/* Frees what GetEnvironmentStrings returned.
 * Returns   nonzero, always.
 * Source    "FreeEnvironmentStringsW" */
WINBASEAPI BOOL WINAPI FreeEnvironmentStringsA(_In_ LPSTR penv);
WINBASEAPI BOOL WINAPI FreeEnvironmentStringsW(_In_ LPWSTR penv) WINSHIM_WIDE(FreeEnvironmentStringsW);

#ifdef UNICODE
#define GetEnvironmentVariable GetEnvironmentVariableW
#define SetEnvironmentVariable SetEnvironmentVariableW
#define ExpandEnvironmentStrings ExpandEnvironmentStringsW
#define GetEnvironmentStrings GetEnvironmentStringsW
#define FreeEnvironmentStrings FreeEnvironmentStringsW
#else
#define GetEnvironmentVariable GetEnvironmentVariableA
#define SetEnvironmentVariable SetEnvironmentVariableA
#define ExpandEnvironmentStrings ExpandEnvironmentStringsA
#define GetEnvironmentStrings GetEnvironmentStringsA
#define FreeEnvironmentStrings FreeEnvironmentStringsA
#endif

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_ENVIRONMENT_H */
