/* entry.h - main for programs that have wmain, wWinMain or WinMain instead: libwinshim-main.a.
 *
 * Purpose     The linker takes a file out of an archive only for a name that the program lacks. So main.c is used
 *             only by a program without main; it calls wmain. A program without wmain gets the next file, which calls
 *             the next form, and so on. The last is WinMain, which no file has: a program without any of them does not
 *             link.
 *
 *             main -> wmain -> three C++ forms of wmain -> wmain_utf16 -> three -> wWinMain_utf32 -> wWinMain ->
 *             WinMain
 *
 * Names       wmain has 4-byte characters, wmain_utf16 (what the headers call wmain with -fshort-wchar) 2-byte ones.
 *             In C++ only the form with two parameters, which the headers declare, has its plain name.
 * Invariants  Each file defines one function of the chain, and nothing but the chain.
 */
#ifndef WINSHIM_ENTRY_H
#define WINSHIM_ENTRY_H

#include <windows.h>
#undef wmain

extern int winshim_argc;
/* The arguments and the environment of main, converted; they stay for good. */
wchar_t **winshim_arguments(void);
wchar_t **winshim_environment(void);
unsigned short **winshim_arguments_utf16(void);
unsigned short **winshim_environment_utf16(void);

/* Defines `name`, for a program that lacks it, to do `what` instead. */
#define WINSHIM_WHEN_MISSING(name, what) \
    int name(void);                      \
    int name(void) { return what; }

#define WINSHIM_CALL(next) next(winshim_argc, winshim_arguments(), winshim_environment())
#define WINSHIM_CALL_UTF16(next) next(winshim_argc, winshim_arguments_utf16(), winshim_environment_utf16())

#endif
