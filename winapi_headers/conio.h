/* conio.h - keys and characters at the terminal, without waiting for an end of line. */
#ifndef _INC_CONIO
#define _INC_CONIO

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Waits for a key and returns its character (a byte; keys that send several bytes need several calls), without showing
 * it. Where standard input is no terminal: its next byte.
 * Returns   the byte; -1 at the end of input.
 * Source    "_getch" */
WINBASEAPI int __cdecl _getch(void);

/* _getch that shows the character.
 * Source    "_getche" */
WINBASEAPI int __cdecl _getche(void);

/* Looks whether _getch would return at once.
 * Returns   nonzero if so.
 * Source    "_kbhit" */
WINBASEAPI int __cdecl _kbhit(void);

/* Writes a character to standard output at once.
 * Returns   the character; -1 on failure.
 * Source    "_putch" */
WINBASEAPI int __cdecl _putch(int _Ch);

/* Writes a text to standard output at once, without an end of line.
 * Returns   0; -1 on failure.
 * Source    "_cputs" */
WINBASEAPI int __cdecl _cputs(const char *_Str);

#ifdef __cplusplus
}
#endif

#endif /* _INC_CONIO */
