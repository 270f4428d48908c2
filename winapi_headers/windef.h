/* windef.h - the basic types (minwindef.h), as windows.h offers them. */
#ifndef _WINDEF_
#define _WINDEF_

#include "minwindef.h"

#endif /* _WINDEF_ */
