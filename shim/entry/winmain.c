/* winmain.c - a program without wmain: wWinMain with 4-byte characters. See entry.h. */
#include "shim/entry/entry.h"

/* The command line behind the program's name. */
static wchar_t *rest(wchar_t *line)
{
    wchar_t end = L' ';
    if (*line == L'"') {
        end = L'"';
        ++line;
    }
    while (*line != 0 && *line != end && (end == L'"' || *line != L'\t'))
        ++line;
    if (*line == L'"')
        ++line;
    while (*line == L' ' || *line == L'\t')
        ++line;
    return line;
}

int winshim_winmain(void);
int winshim_winmain(void) { return wWinMain(GetModuleHandleW(NULL), NULL, rest(GetCommandLineW()), SW_SHOWNORMAL); }
