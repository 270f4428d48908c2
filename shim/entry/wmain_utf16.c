/* wmain_utf16.c - a program without wmain with a 2-byte wchar_t. See entry.h. */
#include "shim/entry/entry.h"

int _Z11wmain_utf16iPPwS0_(int argc, unsigned short **argv, unsigned short **envp);
WINSHIM_WHEN_MISSING(wmain_utf16, WINSHIM_CALL_UTF16(_Z11wmain_utf16iPPwS0_))
