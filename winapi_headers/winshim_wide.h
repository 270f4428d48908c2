/* winshim_wide.h - wide text as Microsoft's C library prints it; part of windows.h and tchar.h.
 *
 * wprintf     In Microsoft's wprintf family %s is wide text and %S char text; in glibc's it is the other way round. The
 *             names wprintf, fwprintf, swprintf and their v forms therefore mean the library's own functions here,
 *             whose formats are those of strsafe.h. They write UTF-8, in every locale, and work with both widths of
 * wchar_t. wcs...      With -fshort-wchar the C library's functions on wide text, which know 4-byte characters only,
 *             are replaced, too: those that stand below. Others must not be used then.
 * Leave out   #define WINSHIM_C_LIBRARY_WIDE before the first header, and the names keep the C library's meaning.
 */
#ifndef WINSHIM_WIDE_H
#define WINSHIM_WIDE_H

#include "minwindef.h"
#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>
#ifdef __cplusplus
#include <cwchar>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* wprintf: to standard output. Returns the characters written; -1 on failure.
 * Source    "printf, wprintf" */
WINBASEAPI int __cdecl winshim_wprintf(const wchar_t *format, ...) WINSHIM_WIDE(winshim_wprintf);

/* fwprintf: to a stream. Returns the characters written; -1 on failure.
 * Source    "fprintf, fwprintf" */
WINBASEAPI int __cdecl winshim_fwprintf(FILE *stream, const wchar_t *format, ...) WINSHIM_WIDE(winshim_fwprintf);

/* swprintf: to a buffer of `count` characters, the end included. Returns the length; -1 if it was cut off.
 * Source    "sprintf, swprintf" */
WINBASEAPI int __cdecl winshim_swprintf(wchar_t *buffer, size_t count, const wchar_t *format, ...)
    WINSHIM_WIDE(winshim_swprintf);

/* vwprintf: wprintf with a va_list.
 * Source    "vprintf, vwprintf" */
WINBASEAPI int __cdecl winshim_vwprintf(const wchar_t *format, va_list list) WINSHIM_WIDE(winshim_vwprintf);

/* vfwprintf: fwprintf with a va_list.
 * Source    "vfprintf, vfwprintf" */
WINBASEAPI int __cdecl winshim_vfwprintf(FILE *stream, const wchar_t *format, va_list list)
    WINSHIM_WIDE(winshim_vfwprintf);

/* vswprintf: swprintf with a va_list.
 * Source    "vsprintf, vswprintf" */
WINBASEAPI int __cdecl winshim_vswprintf(wchar_t *buffer, size_t count, const wchar_t *format, va_list list)
    WINSHIM_WIDE(winshim_vswprintf);

/* fputws: a text to a stream. Returns a value that is not negative; -1 on failure.
 * Source    "fputs, fputws" */
WINBASEAPI int __cdecl winshim_fputws(const wchar_t *text, FILE *stream) WINSHIM_WIDE(winshim_fputws);

/* _putws: a text and an end of line to standard output. Returns a value that is not negative; -1 on failure.
 * Source    "puts, _putws" */
WINBASEAPI int __cdecl winshim_putws(const wchar_t *text) WINSHIM_WIDE(winshim_putws);

#ifdef __cplusplus
}
namespace std {
using ::winshim_wprintf;
using ::winshim_fwprintf;
using ::winshim_swprintf;
using ::winshim_vwprintf;
using ::winshim_vfwprintf;
using ::winshim_vswprintf;
using ::winshim_fputws;
}
#endif

#ifndef WINSHIM_C_LIBRARY_WIDE
#undef wprintf
#undef fwprintf
#undef swprintf
#undef vwprintf
#undef vfwprintf
#undef vswprintf
#undef fputws
#define wprintf winshim_wprintf
#define fwprintf winshim_fwprintf
#define swprintf winshim_swprintf
#define vwprintf winshim_vwprintf
#define vfwprintf winshim_vfwprintf
#define vswprintf winshim_vswprintf
#define fputws winshim_fputws
#define _putws winshim_putws
#endif

#if __SIZEOF_WCHAR_T__ == 2 && !defined(WINSHIM_C_LIBRARY_WIDE)
static __inline__ size_t winshim_wcslen(const wchar_t *text)
{
    size_t length = 0;
    while (text[length] != 0)
        ++length;
    return length;
}
static __inline__ wchar_t *winshim_wcscpy(wchar_t *to, const wchar_t *from)
{
    size_t i = 0;
    do
        to[i] = from[i];
    while (from[i++] != 0);
    return to;
}
static __inline__ wchar_t *winshim_wcsncpy(wchar_t *to, const wchar_t *from, size_t count)
{
    size_t i;
    for (i = 0; i < count && from[i] != 0; ++i)
        to[i] = from[i];
    for (; i < count; ++i)
        to[i] = 0;
    return to;
}
static __inline__ wchar_t *winshim_wcscat(wchar_t *to, const wchar_t *from)
{
    winshim_wcscpy(to + winshim_wcslen(to), from);
    return to;
}
static __inline__ wchar_t *winshim_wcsncat(wchar_t *to, const wchar_t *from, size_t count)
{
    size_t at = winshim_wcslen(to), i;
    for (i = 0; i < count && from[i] != 0; ++i)
        to[at + i] = from[i];
    to[at + i] = 0;
    return to;
}
static __inline__ int winshim_wcsncmp(const wchar_t *first, const wchar_t *second, size_t count)
{
    size_t i;
    for (i = 0; i < count; ++i)
        if (first[i] != second[i] || first[i] == 0)
            return (int)first[i] - (int)second[i];
    return 0;
}
static __inline__ int winshim_wcscmp(const wchar_t *first, const wchar_t *second)
{
    return winshim_wcsncmp(first, second, (size_t)-1);
}
static __inline__ wchar_t *winshim_wcschr(const wchar_t *text, wchar_t wanted)
{
    for (; *text != wanted; ++text)
        if (*text == 0)
            return NULL;
    return (wchar_t *)text;
}
static __inline__ wchar_t *winshim_wcsrchr(const wchar_t *text, wchar_t wanted)
{
    const wchar_t *found = NULL;
    do
        if (*text == wanted)
            found = text;
    while (*text++ != 0);
    return (wchar_t *)found;
}
static __inline__ wchar_t *winshim_wcsstr(const wchar_t *text, const wchar_t *wanted)
{
    const size_t length = winshim_wcslen(wanted);
    for (; winshim_wcsncmp(text, wanted, length) != 0; ++text)
        if (*text == 0)
            return NULL;
    return (wchar_t *)text;
}
#define wcslen winshim_wcslen
#define wcscpy winshim_wcscpy
#define wcsncpy winshim_wcsncpy
#define wcscat winshim_wcscat
#define wcsncat winshim_wcsncat
#define wcscmp winshim_wcscmp
#define wcsncmp winshim_wcsncmp
#define wcschr winshim_wcschr
#define wcsrchr winshim_wcsrchr
#define wcsstr winshim_wcsstr
#endif

#endif /* WINSHIM_WIDE_H */
