/* wmain.c - a program without wmain. See entry.h. */
#include "shim/entry/entry.h"

int _Z5wmainiPPwS0_(int argc, wchar_t **argv, wchar_t **envp);
WINSHIM_WHEN_MISSING(wmain, WINSHIM_CALL(_Z5wmainiPPwS0_))
