/* winshim_crt.h - what Microsoft's C library has beyond the standard's, as far as Win32 sources need it.
 *
 * Where       On Windows these stand in string.h, stdio.h, stdlib.h, malloc.h, time.h and sys/timeb.h. Those headers
 *             are glibc's here, so windows.h brings them, and io.h and direct.h do.
 * Formats     printf's are glibc's: %s is char text, `l` is as wide as `long`, %lld is for 64 bits; %I64d is unknown.
 * Misuse      A function whose name ends in _s and that returns errno_t does as the C standard's Annex K says without
 *             a handler of the program's own: what does not fit empties the destination and returns an error. On
 *             Windows the parameter handler ends the program first, unless the program has set another.
 * Leave out   A source that brings one of them as a macro (-D_stricmp=strcasecmp) keeps its own.
 */
#ifndef WINSHIM_CRT_H
#define WINSHIM_CRT_H

#include "minwindef.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#ifndef _ERRNO_T_DEFINED
#define _ERRNO_T_DEFINED
typedef int errno_t;
#endif
#ifndef _RSIZE_T_DEFINED
#define _RSIZE_T_DEFINED
typedef size_t rsize_t;
#endif

#ifndef _TRUNCATE
#define _TRUNCATE ((size_t)-1)
#endif
#ifndef _countof
#define _countof(array) (sizeof(array) / sizeof((array)[0]))
#endif
#ifndef _MAX_PATH
#define _MAX_PATH 260
#define _MAX_DRIVE 3
#define _MAX_DIR 256
#define _MAX_FNAME 256
#define _MAX_EXT 256
#endif

/* Microsoft's names of stat; its 64-bit forms are what Linux always has. The types of its fields are Linux's. */
#ifndef _stat
#define _stat stat
#define _fstat fstat
#define _stat64 stat
#define _fstat64 fstat
#define _stati64 stat
#define _fstati64 fstat
#endif
#ifndef _S_IFMT
#define _S_IFMT S_IFMT
#define _S_IFDIR S_IFDIR
#define _S_IFCHR S_IFCHR
#define _S_IFREG S_IFREG
#define _S_IREAD 0400
#define _S_IWRITE 0200
#define _S_IEXEC 0100
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define WINSHIM_PRINTF(format, first) __attribute__((__format__(__printf__, format, first)))

/* ---- text ---- */

/* Compares two texts as if both were lower-case, ASCII letters only.
 * Returns   less than 0, 0, or more than 0.
 * Source    "_stricmp, _wcsicmp, _mbsicmp" */
#ifndef _stricmp
WINBASEAPI int __cdecl _stricmp(const char *string1, const char *string2);
#endif

/* _stricmp of at most `count` characters.
 * Source    "_strnicmp, _wcsnicmp, _mbsnicmp" */
#ifndef _strnicmp
WINBASEAPI int __cdecl _strnicmp(const char *string1, const char *string2, size_t count);
#endif

/* A copy of a text, from malloc, to be freed by the caller; NULL if there is no memory.
 * Source    "_strdup, _wcsdup, _mbsdup" */
#ifndef _strdup
WINBASEAPI char *__cdecl _strdup(const char *strSource);
#endif

/* Makes the ASCII letters of a text lower-case, in place. Returns the text.
 * Source    "_strlwr, _wcslwr, _mbslwr" */
#ifndef _strlwr
WINBASEAPI char *__cdecl _strlwr(char *str);
#endif

/* Makes the ASCII letters of a text upper-case, in place. Returns the text.
 * Source    "_strupr, _wcsupr, _mbsupr" */
#ifndef _strupr
WINBASEAPI char *__cdecl _strupr(char *str);
#endif

/* _stricmp of wide texts.
 * Source    "_stricmp, _wcsicmp, _mbsicmp" */
#ifndef _wcsicmp
WINBASEAPI int __cdecl _wcsicmp(const wchar_t *string1, const wchar_t *string2) WINSHIM_WIDE(_wcsicmp);
#endif

/* _strnicmp of wide texts.
 * Source    "_strnicmp, _wcsnicmp, _mbsnicmp" */
#ifndef _wcsnicmp
WINBASEAPI int __cdecl _wcsnicmp(const wchar_t *string1, const wchar_t *string2, size_t count)
    WINSHIM_WIDE(_wcsnicmp);
#endif

/* _strdup of a wide text.
 * Source    "_strdup, _wcsdup, _mbsdup" */
#ifndef _wcsdup
WINBASEAPI wchar_t *__cdecl _wcsdup(const wchar_t *strSource) WINSHIM_WIDE(_wcsdup);
#endif

/* Copies a text into a buffer of `numberOfElements` characters, the end included.
 * Returns   0; EINVAL for no buffer, or one of 0 characters, or no source (the buffer is emptied); ERANGE if the text
 *           does not fit (the buffer is emptied).
 * Source    "strcpy_s, wcscpy_s, _mbscpy_s" */
WINBASEAPI errno_t __cdecl strcpy_s(char *dest, rsize_t dest_size, const char *src);

/* strcpy_s, behind the text that the buffer has. EINVAL also if that has no end within the buffer.
 * Source    "strcat_s, wcscat_s, _mbscat_s" */
WINBASEAPI errno_t __cdecl strcat_s(char *strDestination, rsize_t numberOfElements, const char *strSource);

/* strcpy_s of at most `count` characters.
 *   count   _TRUNCATE: what fits; the result is STRUNCATE (80) if that was not all
 * Source    "strncpy_s, _strncpy_s_l, wcsncpy_s" */
WINBASEAPI errno_t __cdecl strncpy_s(char *strDest, size_t numberOfElements, const char *strSource, size_t count);

/* strcat_s of at most `count` characters; _TRUNCATE as in strncpy_s.
 * Source    "strncat_s, _strncat_s_l, wcsncat_s" */
WINBASEAPI errno_t __cdecl strncat_s(char *strDest, size_t numberOfElements, const char *strSource, size_t count);
#define STRUNCATE 80

/* Copies `count` bytes into a buffer of `destSize`.
 * Returns   0; EINVAL for no buffer or no source (the buffer is zeroed), ERANGE for a buffer too small (the same).
 * Source    "memcpy_s, wmemcpy_s" */
WINBASEAPI errno_t __cdecl memcpy_s(void *dest, size_t destSize, const void *src, size_t count);

/* memcpy_s where source and destination may overlap.
 * Source    "memmove_s, wmemmove_s" */
WINBASEAPI errno_t __cdecl memmove_s(void *dest, size_t numberOfElements, const void *src, size_t count);

/* The text of an errno value, cut to the buffer. Returns 0, or EINVAL for no buffer.
 * Source    "strerror_s, _strerror_s, _wcserror_s" */
WINBASEAPI errno_t __cdecl strerror_s(char *buffer, size_t sizeInBytes, int errnum);

/* ---- printing ---- */

/* Prints at most `count` characters into a buffer.
 * Returns   the length; -1 if it is more than `count`. With exactly `count` characters, and when it is cut off, there
 *           is no end: that is what tells it from snprintf. Sources that rely on an end write one themselves.
 *           Without a buffer and with a `count` of 0, only the length is told.
 * Source    "_snprintf, _snwprintf" */
#ifndef _snprintf
WINBASEAPI int __cdecl _snprintf(char *buffer, size_t count, const char *format, ...) WINSHIM_PRINTF(3, 4);
#endif

/* _snprintf with a va_list.
 * Source    "vsnprintf, _vsnprintf, _vsnprintf_l" */
#ifndef _vsnprintf
WINBASEAPI int __cdecl _vsnprintf(char *buffer, size_t count, const char *format, va_list argptr) WINSHIM_PRINTF(3, 0);
#endif

/* Prints into a buffer of `sizeOfBuffer` characters.
 * Returns   the length; -1 with an empty text and errno ERANGE if it does not fit, -1 with EINVAL for no buffer.
 * Source    "sprintf_s, _sprintf_s_l, swprintf_s" */
WINBASEAPI int __cdecl sprintf_s(char *buffer, size_t sizeOfBuffer, const char *format, ...) WINSHIM_PRINTF(3, 4);

/* sprintf_s with a va_list.
 * Source    "vsprintf_s, _vsprintf_s_l, vswprintf_s" */
WINBASEAPI int __cdecl vsprintf_s(char *buffer, size_t numberOfElements, const char *format, va_list argptr)
    WINSHIM_PRINTF(3, 0);

/* Prints at most `count` characters into a buffer of `sizeOfBuffer`; always with an end.
 *   count   _TRUNCATE: what fits
 * Returns   the length; -1 if it was cut off (to `count`, or by _TRUNCATE); -1 with an empty text and errno ERANGE if
 *           `count` characters do not fit.
 * Source    "_snprintf_s, _snprintf_s_l, _snwprintf_s" */
WINBASEAPI int __cdecl _snprintf_s(char *buffer, size_t sizeOfBuffer, size_t count, const char *format, ...)
    WINSHIM_PRINTF(4, 5);

/* _snprintf_s with a va_list.
 * Source    "vsnprintf_s, _vsnprintf_s, _vsnprintf_s_l" */
WINBASEAPI int __cdecl _vsnprintf_s(char *buffer, size_t sizeOfBuffer, size_t count, const char *format, va_list argptr)
    WINSHIM_PRINTF(4, 0);

/* _snprintf of wide text; %s in the format is wide, as in wprintf (winshim_wide.h).
 * Source    "_snprintf, _snwprintf" */
#ifndef _snwprintf
WINBASEAPI int __cdecl _snwprintf(wchar_t *buffer, size_t count, const wchar_t *format, ...) WINSHIM_WIDE(_snwprintf);
#endif

/* _snwprintf with a va_list.
 * Source    "vsnprintf, _vsnprintf, _vsnwprintf" */
#ifndef _vsnwprintf
WINBASEAPI int __cdecl _vsnwprintf(wchar_t *buffer, size_t count, const wchar_t *format, va_list argptr)
    WINSHIM_WIDE(_vsnwprintf);
#endif

/* ---- files, time, memory ---- */

/* fopen with the stream in an argument. Returns 0 or the errno value; EINVAL for a missing argument.
 * Source    "fopen_s, _wfopen_s" */
WINBASEAPI errno_t __cdecl fopen_s(FILE **pFile, const char *filename, const char *mode);

/* localtime into a structure of the caller. Returns 0; EINVAL for a missing argument or a time that has no date.
 * The arguments stand the other way round in the C standard's localtime_s.
 * Source    "localtime_s, _localtime32_s, _localtime64_s" */
WINBASEAPI errno_t __cdecl localtime_s(struct tm *tmDest, const time_t *sourceTime);

/* localtime_s in UTC.
 * Source    "gmtime_s, _gmtime32_s, _gmtime64_s" */
WINBASEAPI errno_t __cdecl gmtime_s(struct tm *tmDest, const time_t *sourceTime);

/* The descriptor of a stream.
 * Source    "_fileno" */
#ifndef _fileno
WINBASEAPI int __cdecl _fileno(FILE *stream);
#endif

struct _timeb {
    time_t time;            /* seconds since 1970, UTC */
    unsigned short millitm; /* milliseconds */
    short timezone;         /* minutes west of UTC, without daylight saving */
    short dstflag;          /* not 0: daylight saving is on */
};

/* The time of day.
 * Source    "_ftime, _ftime32, _ftime64" */
WINBASEAPI void __cdecl _ftime(struct _timeb *timeptr);
#define _ftime64 _ftime
#define __timeb64 _timeb

/* Memory whose address is a multiple of `alignment`, a power of two.
 * Returns   the memory, for _aligned_free alone; NULL with errno ENOMEM, or EINVAL for another alignment.
 * Source    "_aligned_malloc" */
WINBASEAPI void *__cdecl _aligned_malloc(size_t size, size_t alignment);

/* Another size for memory of _aligned_malloc; what it held is kept. As realloc for NULL and for a size of 0.
 * Source    "_aligned_realloc" */
WINBASEAPI void *__cdecl _aligned_realloc(void *memblock, size_t size, size_t alignment);

/* Frees memory of _aligned_malloc; NULL is allowed.
 * Source    "_aligned_free" */
WINBASEAPI void __cdecl _aligned_free(void *memblock);

#ifdef __cplusplus
} /* extern "C" */

/* An array as the buffer brings its size along. */
template <size_t size>
inline errno_t strcpy_s(char (&destination)[size], const char *source)
{
    return strcpy_s(destination, size, source);
}
template <size_t size>
inline errno_t strcat_s(char (&destination)[size], const char *source)
{
    return strcat_s(destination, size, source);
}
template <size_t size>
inline errno_t strncpy_s(char (&destination)[size], const char *source, size_t count)
{
    return strncpy_s(destination, size, source, count);
}
template <size_t size>
inline errno_t strncat_s(char (&destination)[size], const char *source, size_t count)
{
    return strncat_s(destination, size, source, count);
}
template <size_t size>
inline int vsprintf_s(char (&buffer)[size], const char *format, va_list list)
{
    return vsprintf_s(buffer, size, format, list);
}
template <size_t size>
inline int sprintf_s(char (&buffer)[size], const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const int length = vsprintf_s(buffer, size, format, list);
    va_end(list);
    return length;
}
#endif

#endif /* WINSHIM_CRT_H */
