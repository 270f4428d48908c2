/* wmain_cxx.c - a program without C++: wmain(int, wchar_t **), without our headers. See entry.h. */
#include "shim/entry/entry.h"

int wmain_utf16(int argc, unsigned short **argv, unsigned short **envp);
WINSHIM_WHEN_MISSING(_Z5wmainiPPw, WINSHIM_CALL_UTF16(wmain_utf16))
