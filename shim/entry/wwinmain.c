/* wwinmain.c - a program without wWinMain: WinMain, which no file of the archive has. See entry.h. */
#include "shim/entry/entry.h"

/* The command line behind the program's name. */
static char *rest(char *line)
{
    char end = ' ';
    if (*line == '"') {
        end = '"';
        ++line;
    }
    while (*line != 0 && *line != end && (end == '"' || *line != '\t'))
        ++line;
    if (*line == '"')
        ++line;
    while (*line == ' ' || *line == '\t')
        ++line;
    return line;
}

int missing_wWinMain(void) __asm__("wWinMain");
int missing_wWinMain(void) { return WinMain(GetModuleHandleA(NULL), NULL, rest(GetCommandLineA()), SW_SHOWNORMAL); }
