/* wmain_utf16_cxx_environment.c - a program without C++: wmain(int, wchar_t **, wchar_t **) with a 2-byte wchar_t.
 * See entry.h. */
#include "shim/entry/entry.h"

int _Z11wmain_utf16v(int argc, unsigned short **argv, unsigned short **envp);
WINSHIM_WHEN_MISSING(_Z11wmain_utf16iPPwS0_, WINSHIM_CALL_UTF16(_Z11wmain_utf16v))
