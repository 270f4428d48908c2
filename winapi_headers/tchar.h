/* tchar.h - text that is wide when _UNICODE is defined and char otherwise.
 *
 * Limits      Wide: the functions are the C library's own wcs* functions, which work on its 4-byte wchar_t only. With
 *             -fshort-wchar their names are therefore missing here, and so are, in any wide build, the printing and
 *             reading functions, because %s means another thing in glibc's wprintf than in Microsoft's. Such a source
 *             does not build, rather than print nonsense.
 *             _tmain is wmain in a wide build. Nothing calls that yet: the program links only with a main beside it.
 */
#ifndef _INC_TCHAR
#define _INC_TCHAR

#include <stddef.h>

#ifdef _UNICODE
#include <wchar.h>
#define __T(text) L##text
#define _tmain wmain
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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define __T(text) text
#define _tmain main
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
#elif __SIZEOF_WCHAR_T__ == 4
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
#define _tcsspn wcsspn
#define _tcscspn wcscspn
#define _tcspbrk wcspbrk
#define _tcstol wcstol
#define _tcstoul wcstoul
#define _tcstod wcstod
#endif

#endif /* _INC_TCHAR */
