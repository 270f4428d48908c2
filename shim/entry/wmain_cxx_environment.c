/* wmain_cxx_environment.c - a program without C++: wmain(int, wchar_t **, wchar_t **). See entry.h. */
#include "shim/entry/entry.h"

int _Z5wmainv(int argc, wchar_t **argv, wchar_t **envp);
WINSHIM_WHEN_MISSING(_Z5wmainiPPwS0_, WINSHIM_CALL(_Z5wmainv))
