/* wwinmain_utf32.c - a program without wWinMain with 4-byte characters: with 2-byte ones. See entry.h. */
#include "shim/entry/entry.h"

int wWinMain_utf16(HINSTANCE instance, HINSTANCE none, unsigned short *line, int show) __asm__("wWinMain");
unsigned short *line_utf16(void) __asm__("GetCommandLineW");

/* The command line behind the program's name. */
static unsigned short *rest(unsigned short *line)
{
    unsigned short end = ' ';
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

WINSHIM_WHEN_MISSING(wWinMain_utf32, wWinMain_utf16(GetModuleHandleA(NULL), NULL, rest(line_utf16()), SW_SHOWNORMAL))
