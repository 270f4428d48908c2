/* mmsystem.h - of multimedia, the clock. windows.h does not bring it: it must be included by its name. */
#ifndef _INC_MMSYSTEM
#define _INC_MMSYSTEM

#include "timeapi.h"

#endif /* _INC_MMSYSTEM */
