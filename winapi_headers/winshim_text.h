/* winshim_text.h - the l functions on text, messages, names of the machine and the user; part of winbase.h. */
#ifndef WINSHIM_TEXT_H
#define WINSHIM_TEXT_H

#include "minwinbase.h"
#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- text ---- */

/* Returns the length of a text in characters of its type, without its end; 0 for NULL.
 * Source    "lstrlenW" */
WINBASEAPI int WINAPI lstrlenA(_In_opt_ LPCSTR lpString);
WINBASEAPI int WINAPI lstrlenW(_In_opt_ LPCWSTR lpString) WINSHIM_WIDE(lstrlenW);

/* Copies a text with its end; there must be room enough.
 * Returns   lpString1; NULL if a pointer is NULL, and nothing is copied.
 * Source    "lstrcpyW" */
WINBASEAPI LPSTR WINAPI lstrcpyA(_Out_ LPSTR lpString1, _In_ LPCSTR lpString2);
WINBASEAPI LPWSTR WINAPI lstrcpyW(_Out_ LPWSTR lpString1, _In_ LPCWSTR lpString2) WINSHIM_WIDE(lstrcpyW);

/* Copies a text, or as much of it as there is room for, and an end.
 *   iMaxLength  room in characters, the end included
 * Returns   lpString1; NULL if a pointer is NULL or there is no room at all, and nothing is copied.
 * Source    "lstrcpynW" */
WINBASEAPI LPSTR WINAPI lstrcpynA(_Out_writes_(iMaxLength) LPSTR lpString1, _In_ LPCSTR lpString2, _In_ int iMaxLength);
WINBASEAPI LPWSTR WINAPI lstrcpynW(_Out_writes_(iMaxLength) LPWSTR lpString1, _In_ LPCWSTR lpString2,
                                   _In_ int iMaxLength) WINSHIM_WIDE(lstrcpynW);

/* Appends a text with its end; there must be room enough.
 * Returns   lpString1; NULL if a pointer is NULL, and nothing is copied.
 * Source    "lstrcatW" */
WINBASEAPI LPSTR WINAPI lstrcatA(_Inout_ LPSTR lpString1, _In_ LPCSTR lpString2);
WINBASEAPI LPWSTR WINAPI lstrcatW(_Inout_ LPWSTR lpString1, _In_ LPCWSTR lpString2) WINSHIM_WIDE(lstrcatW);

/* Compares two texts as a dictionary does: by letters first, a lower-case letter before its capital where nothing else
 * differs. The order of letters is that of their code points, the same in every locale. NULL comes before all texts.
 * Returns   -1: the first comes before the second; 0: they are equal; 1: it comes after.
 * Source    "lstrcmpW" */
WINBASEAPI int WINAPI lstrcmpA(_In_opt_ LPCSTR lpString1, _In_opt_ LPCSTR lpString2);
WINBASEAPI int WINAPI lstrcmpW(_In_opt_ LPCWSTR lpString1, _In_opt_ LPCWSTR lpString2) WINSHIM_WIDE(lstrcmpW);

/* lstrcmp without regard to case.
 * Source    "lstrcmpiW" */
WINBASEAPI int WINAPI lstrcmpiA(_In_opt_ LPCSTR lpString1, _In_opt_ LPCSTR lpString2);
WINBASEAPI int WINAPI lstrcmpiW(_In_opt_ LPCWSTR lpString1, _In_opt_ LPCWSTR lpString2) WINSHIM_WIDE(lstrcmpiW);

/* ---- messages ---- */

#define FORMAT_MESSAGE_ALLOCATE_BUFFER 0x00000100
#define FORMAT_MESSAGE_IGNORE_INSERTS 0x00000200
#define FORMAT_MESSAGE_FROM_STRING 0x00000400
#define FORMAT_MESSAGE_FROM_HMODULE 0x00000800
#define FORMAT_MESSAGE_FROM_SYSTEM 0x00001000
#define FORMAT_MESSAGE_ARGUMENT_ARRAY 0x00002000
#define FORMAT_MESSAGE_MAX_WIDTH_MASK 0x000000ff

/* Makes a text of a message and inserts.
 *   dwFlags       FORMAT_MESSAGE_FROM_SYSTEM: the message of the error code dwMessageId, in the library's own words,
 *                 with an end of line. FORMAT_MESSAGE_FROM_STRING: the message is lpSource.
 *                 FORMAT_MESSAGE_FROM_HMODULE: modules have no messages here; FORMAT_MESSAGE_FROM_SYSTEM beside it is
 *                 looked at next. FORMAT_MESSAGE_ALLOCATE_BUFFER: lpBuffer is the address of a pointer, where that of
 *                 the text is stored; to be freed by LocalFree. FORMAT_MESSAGE_IGNORE_INSERTS: %1 stays %1.
 *                 FORMAT_MESSAGE_ARGUMENT_ARRAY: Arguments is the address of an array of DWORD_PTR.
 *                 FORMAT_MESSAGE_MAX_WIDTH_MASK, or a smaller number in its bits: ends of line in the message become
 *                 blanks; with a smaller number lines are broken before they are longer
 *   lpSource      see above
 *   dwMessageId   error code; an HRESULT made of one is taken for it
 *   dwLanguageId  without effect: there is one language
 *   lpBuffer      where to store the text
 *   nSize         room there in characters; with FORMAT_MESSAGE_ALLOCATE_BUFFER the least size of the buffer
 *   Arguments     the inserts
 * Inserts   %1 to %99, text of the function's type; %1!format! as in printf: %1!d!, %1!08x!, %1!-20s!, %1!*.*s! (the
 *           stars take %1 and %2, the text is %3). No floating point. %n end of line, %t tab, %r carriage return,
 *           %b blank, %0 end of the text, %% %. %! the character itself
 * Returns   the length in characters, without the end; 0 on failure.
 * Error     ERROR_MR_MID_NOT_FOUND     no message of that number
 *           ERROR_INSUFFICIENT_BUFFER  not room enough
 *           ERROR_NOT_ENOUGH_MEMORY
 *           ERROR_INVALID_PARAMETER    no source, lpBuffer NULL, an insert without Arguments, a format that is none
 * Source    "FormatMessageW" */
WINBASEAPI DWORD WINAPI FormatMessageA(_In_ DWORD dwFlags, _In_opt_ LPCVOID lpSource, _In_ DWORD dwMessageId,
                                       _In_ DWORD dwLanguageId, _Out_ LPSTR lpBuffer, _In_ DWORD nSize,
                                       _In_opt_ va_list *Arguments) WINSHIM_WIDE_ARGUMENTS(FormatMessageA);
WINBASEAPI DWORD WINAPI FormatMessageW(_In_ DWORD dwFlags, _In_opt_ LPCVOID lpSource, _In_ DWORD dwMessageId,
                                       _In_ DWORD dwLanguageId, _Out_ LPWSTR lpBuffer, _In_ DWORD nSize,
                                       _In_opt_ va_list *Arguments) WINSHIM_WIDE(FormatMessageW);

/* ---- names ---- */

#define MAX_COMPUTERNAME_LENGTH 15

/* Stores the name of the machine: the first part of its host name, in capitals, cut off after 15 characters.
 *   lpBuffer  where to store it
 *   nSize     in: room there in characters, the end included; out: the length without the end, or the room needed
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_BUFFER_OVERFLOW    not room enough
 *           ERROR_INVALID_PARAMETER  nSize is NULL
 * Source    "GetComputerNameW" */
WINBASEAPI BOOL WINAPI GetComputerNameA(_Out_writes_to_opt_(*nSize, *nSize + 1) LPSTR lpBuffer, _Inout_ LPDWORD nSize);
WINBASEAPI BOOL WINAPI GetComputerNameW(_Out_writes_to_opt_(*nSize, *nSize + 1) LPWSTR lpBuffer, _Inout_ LPDWORD nSize)
    WINSHIM_WIDE(GetComputerNameW);

/* Stores the name of the user whose rights this thread has; a number if the system knows no name.
 *   lpBuffer   where to store it
 *   pcbBuffer  in: room there in characters, the end included; out: the characters stored or needed, the end included
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INSUFFICIENT_BUFFER  not room enough
 *           ERROR_INVALID_PARAMETER    pcbBuffer is NULL
 * Source    "GetUserNameW" */
WINBASEAPI BOOL WINAPI GetUserNameA(_Out_writes_to_opt_(*pcbBuffer, *pcbBuffer) LPSTR lpBuffer,
                                    _Inout_ LPDWORD pcbBuffer);
WINBASEAPI BOOL WINAPI GetUserNameW(_Out_writes_to_opt_(*pcbBuffer, *pcbBuffer) LPWSTR lpBuffer,
                                    _Inout_ LPDWORD pcbBuffer) WINSHIM_WIDE(GetUserNameW);

#ifdef UNICODE
#define lstrlen lstrlenW
#define lstrcpy lstrcpyW
#define lstrcpyn lstrcpynW
#define lstrcat lstrcatW
#define lstrcmp lstrcmpW
#define lstrcmpi lstrcmpiW
#define FormatMessage FormatMessageW
#define GetComputerName GetComputerNameW
#define GetUserName GetUserNameW
#else
#define lstrlen lstrlenA
#define lstrcpy lstrcpyA
#define lstrcpyn lstrcpynA
#define lstrcat lstrcatA
#define lstrcmp lstrcmpA
#define lstrcmpi lstrcmpiA
#define FormatMessage FormatMessageA
#define GetComputerName GetComputerNameA
#define GetUserName GetUserNameA
#endif

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_TEXT_H */
