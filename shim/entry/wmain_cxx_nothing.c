/* wmain_cxx_nothing.c - a program without C++: wmain(). See entry.h. */
#include "shim/entry/entry.h"

int _Z5wmainiPPw(int argc, wchar_t **argv, wchar_t **envp);
WINSHIM_WHEN_MISSING(_Z5wmainv, WINSHIM_CALL(_Z5wmainiPPw))
