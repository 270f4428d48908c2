/* winuser.h - what stands there of text: case, and printf into a buffer. There are no windows. */
#ifndef _WINUSER_
#define _WINUSER_

#include "minwindef.h"
#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a text, or one character, upper-case.
 *   lpsz  a text, changed in place; or one character in the place of a pointer (below 0x10000)
 * Returns   the text; the character changed.
 * Notes     char text: characters whose capital takes another number of bytes stay as they are, and so do single
 *           characters beyond ASCII.
 * Source    "CharUpperW" */
WINBASEAPI LPSTR WINAPI CharUpperA(_Inout_ LPSTR lpsz);
WINBASEAPI LPWSTR WINAPI CharUpperW(_Inout_ LPWSTR lpsz) WINSHIM_WIDE(CharUpperW);

/* CharUpper, to lower case.
 * Source    "CharLowerW" */
WINBASEAPI LPSTR WINAPI CharLowerA(_Inout_ LPSTR lpsz);
WINBASEAPI LPWSTR WINAPI CharLowerW(_Inout_ LPWSTR lpsz) WINSHIM_WIDE(CharLowerW);

/* Makes the characters in a buffer upper-case.
 *   lpsz       the buffer
 *   cchLength  how many characters of its type; an end among them does not count as one
 * Returns   cchLength.
 * Source    "CharUpperBuffW" */
WINBASEAPI DWORD WINAPI CharUpperBuffA(_Inout_updates_(cchLength) LPSTR lpsz, _In_ DWORD cchLength);
WINBASEAPI DWORD WINAPI CharUpperBuffW(_Inout_updates_(cchLength) LPWSTR lpsz, _In_ DWORD cchLength)
    WINSHIM_WIDE(CharUpperBuffW);

/* CharUpperBuff, to lower case.
 * Source    "CharLowerBuffW" */
WINBASEAPI DWORD WINAPI CharLowerBuffA(_Inout_updates_(cchLength) LPSTR lpsz, _In_ DWORD cchLength);
WINBASEAPI DWORD WINAPI CharLowerBuffW(_Inout_updates_(cchLength) LPWSTR lpsz, _In_ DWORD cchLength)
    WINSHIM_WIDE(CharLowerBuffW);

/* Formats a text; the conversions are those of StringCchPrintf (strsafe.h), which is the safer one.
 *   (1)  where to store it: room for 1024 characters, the end included; what is longer is cut off
 *   (2)  the format
 * Returns   the length in characters, without the end.
 * Source    "wsprintfW" */
WINBASEAPI int WINAPIV wsprintfA(_Out_ LPSTR, _In_ _Printf_format_string_ LPCSTR, ...)
    WINSHIM_WIDE_ARGUMENTS(wsprintfA);
WINBASEAPI int WINAPIV wsprintfW(_Out_ LPWSTR, _In_ _Printf_format_string_ LPCWSTR, ...) WINSHIM_WIDE(wsprintfW);

/* wsprintf with a va_list.
 * Source    "wvsprintfW" */
WINBASEAPI int WINAPI wvsprintfA(_Out_ LPSTR, _In_ _Printf_format_string_ LPCSTR, va_list arglist)
    WINSHIM_WIDE_ARGUMENTS(wvsprintfA);
WINBASEAPI int WINAPI wvsprintfW(_Out_ LPWSTR, _In_ _Printf_format_string_ LPCWSTR, va_list arglist)
    WINSHIM_WIDE(wvsprintfW);

#ifdef UNICODE
#define CharUpper CharUpperW
#define CharLower CharLowerW
#define CharUpperBuff CharUpperBuffW
#define CharLowerBuff CharLowerBuffW
#define wsprintf wsprintfW
#define wvsprintf wvsprintfW
#else
#define CharUpper CharUpperA
#define CharLower CharLowerA
#define CharUpperBuff CharUpperBuffA
#define CharLowerBuff CharLowerBuffA
#define wsprintf wsprintfA
#define wvsprintf wvsprintfA
#endif

#ifdef __cplusplus
}
#endif

#endif /* _WINUSER_ */
