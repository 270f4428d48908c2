/* tchar.h - text that is wide when _UNICODE is defined and char otherwise.
 *
 * Wide        The functions are the C library's, where those do what Microsoft's do, and else those of winshim_wide.h:
 *             %s in _tprintf is wide text. With -fshort-wchar the names for which there is no 2-byte form are missing:
 *             such a source does not build, rather than print nonsense.
 *             _tmain is wmain in a wide build, _tWinMain is wWinMain: see winshim_main.h, which says how to link them.
 */
#ifndef _INC_TCHAR
#define _INC_TCHAR

#include <stddef.h>

#ifdef _UNICODE
#include "winshim_main.h"
#include "winshim_wide.h"
#include <wctype.h>
#define __T(text) L##text
#define _tmain wmain
#ifdef UNDER_CE
#define _tWinMain WinMain
#else
#define _tWinMain wWinMain
#endif
#ifndef __TCHAR_DEFINED
#define __TCHAR_DEFINED
typedef wchar_t _TCHAR;
typedef wchar_t _TSCHAR, _TUCHAR, _TXCHAR;
typedef wint_t _TINT;
#endif
#ifndef _TCHAR_DEFINED
#define _TCHAR_DEFINED
typedef wchar_t TCHAR, *PTCHAR;
typedef wchar_t TBYTE, *PTBYTE;
#endif
#define _TEOF WEOF
#else
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#define __T(text) text
#define _tmain main
#define _tWinMain WinMain
#ifndef __TCHAR_DEFINED
#define __TCHAR_DEFINED
typedef char _TCHAR;
typedef signed char _TSCHAR;
typedef unsigned char _TUCHAR;
typedef char _TXCHAR;
typedef int _TINT;
#endif
#ifndef _TCHAR_DEFINED
#define _TCHAR_DEFINED
typedef char TCHAR, *PTCHAR;
typedef unsigned char TBYTE, *PTBYTE;
#endif
#define _TEOF EOF
#endif

#define _T(text) __T(text)
#define _TEXT(text) __T(text)

#ifndef _UNICODE
#define _tcslen strlen
#define _tcscpy strcpy
#define _tcsncpy strncpy
#define _tcscat strcat
#define _tcsncat strncat
#define _tcscmp strcmp
#define _tcsncmp strncmp
#define _tcschr strchr
#define _tcsrchr strrchr
#define _tcsstr strstr
#define _tcsspn strspn
#define _tcscspn strcspn
#define _tcspbrk strpbrk
#define _tcstol strtol
#define _tcstoul strtoul
#define _tcstod strtod
#define _ttoi atoi
#define _ttol atol
#define _tprintf printf
#define _ftprintf fprintf
#define _stprintf sprintf
#define _vtprintf vprintf
#define _vftprintf vfprintf
#define _puttchar putchar
#define _putts puts
#define _fputts fputs
#define _fgetts fgets
#define _tfopen fopen
#define _tgetenv getenv
#define _tremove remove
#define _tsystem system
#define _tcsicmp strcasecmp
#define _tcsnicmp strncasecmp
#define _tcsdup strdup
#if !defined(__STRICT_ANSI__) || defined(__cplusplus) || __STDC_VERSION__ >= 199901L /* else stdio.h has them not */
#define _sntprintf snprintf
#define _vsntprintf vsnprintf
#endif
#define _tcstok strtok
#define _istalpha isalpha
#define _istdigit isdigit
#define _istspace isspace
#define _totupper toupper
#define _totlower tolower
#define _fgettc fgetc
#define _gettchar getchar
#else
#define _tcslen wcslen
#define _tcscpy wcscpy
#define _tcsncpy wcsncpy
#define _tcscat wcscat
#define _tcsncat wcsncat
#define _tcscmp wcscmp
#define _tcsncmp wcsncmp
#define _tcschr wcschr
#define _tcsrchr wcsrchr
#define _tcsstr wcsstr
#define _tprintf winshim_wprintf
#define _ftprintf winshim_fwprintf
#define _sntprintf winshim_swprintf
#define _vtprintf winshim_vwprintf
#define _vftprintf winshim_vfwprintf
#define _vsntprintf winshim_vswprintf
#define _fputts winshim_fputws
#define _putts winshim_putws
#if __SIZEOF_WCHAR_T__ == 4
#define _tcsspn wcsspn
#define _tcscspn wcscspn
#define _tcspbrk wcspbrk
#define _tcstol wcstol
#define _tcstoul wcstoul
#define _tcstod wcstod
#define _tcsicmp wcscasecmp
#define _tcsnicmp wcsncasecmp
#define _tcsdup wcsdup
#define _istalpha iswalpha
#define _istdigit iswdigit
#define _istspace iswspace
#define _totupper towupper
#define _totlower towlower
#endif
#endif

#endif /* _INC_TCHAR */
