/* Windows.h - windows.h under the spelling that many sources use; file names on Linux have a case. */
#include "windows.h"
