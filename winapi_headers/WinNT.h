/* WinNT.h - winnt.h under the spelling that some sources use; file names on Linux have a case. */
#include "winnt.h"
