/* WinDef.h - windef.h under the spelling that some sources use; file names on Linux have a case. */
#include "windef.h"
