/* wmain_utf16_cxx_nothing.c - a program without C++: wmain() with a 2-byte wchar_t. See entry.h. */
#include "shim/entry/entry.h"

int winshim_winmain(void);
WINSHIM_WHEN_MISSING(_Z11wmain_utf16v, winshim_winmain())
