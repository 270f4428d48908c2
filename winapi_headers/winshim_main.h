/* winshim_main.h - where a program begins, if not at main; part of winbase.h and tchar.h.
 *
 * A program with wmain, wWinMain or WinMain, and no main, is linked with -lwinshim-main before -lwinshim: that has a
 * main which calls it. A program with main may be linked with it, too; then it does nothing.
 * UNDER_CE     defined: WinMain has a wide command line, as on Windows CE.
 * wmain        may have no parameters, two, or a third, the environment.
 */
#ifndef WINSHIM_MAIN_H
#define WINSHIM_MAIN_H

#include "minwindef.h"

/* The form with 2-byte characters has a name of its own, in every language. */
#if __SIZEOF_WCHAR_T__ == 2
#define wmain wmain_utf16
#endif

#ifdef __cplusplus
extern "C" {
int wmain(int argc, wchar_t **argv);
#endif

/* Defined by the program.
 *   hInstance      the handle of the program (GetModuleHandle(NULL))
 *   hPrevInstance  NULL
 *   lpCmdLine      the command line behind the program's name
 *   nShowCmd       SW_SHOWNORMAL
 * Returns   the exit code of the process.
 * Source    "WinMain", "WinMain (Windows CE 5.0)" */
#ifdef UNDER_CE
#if __SIZEOF_WCHAR_T__ == 2
int WINAPI WinMain(_In_ HINSTANCE hInstance, _In_opt_ HINSTANCE hPrevInstance, _In_ LPWSTR lpCmdLine, _In_ int nShowCmd)
    __asm__("wWinMain");
#else
int WINAPI WinMain(_In_ HINSTANCE hInstance, _In_opt_ HINSTANCE hPrevInstance, _In_ LPWSTR lpCmdLine, _In_ int nShowCmd)
    __asm__("wWinMain_utf32");
#endif
#else
int WINAPI WinMain(_In_ HINSTANCE hInstance, _In_opt_ HINSTANCE hPrevInstance, _In_ LPSTR lpCmdLine, _In_ int nShowCmd);
int WINAPI wWinMain(_In_ HINSTANCE hInstance, _In_opt_ HINSTANCE hPrevInstance, _In_ LPWSTR lpCmdLine,
                    _In_ int nShowCmd) WINSHIM_WIDE(wWinMain);
#endif

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_MAIN_H */
