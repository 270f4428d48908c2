/* shellapi.h - the command line in its parts. */
#ifndef _INC_SHELLAPI
#define _INC_SHELLAPI

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Parts a command line into arguments: blanks and tabs part them, except between quotes; a quote after 2n backslashes
 * is a delimiter and leaves n, after 2n+1 it is a character and leaves n; other backslashes stay. The first argument
 * ends at the next quote if it begins with one, else at a blank, and knows no escapes.
 *   lpCmdLine  the line; empty: the path of the program is the only argument
 *   pNumArgs   where their number goes
 * Returns   the arguments, and NULL behind them, in one block to be freed by LocalFree; NULL on failure.
 * Error     ERROR_INVALID_PARAMETER (NULL), ERROR_NOT_ENOUGH_MEMORY
 * Source    "CommandLineToArgvW" */
WINBASEAPI LPWSTR *WINAPI CommandLineToArgvW(_In_ LPCWSTR lpCmdLine, _Out_ int *pNumArgs)
    WINSHIM_WIDE(CommandLineToArgvW);

#ifdef __cplusplus
}
#endif

#endif /* _INC_SHELLAPI */
