/* wincon.h - the console (consoleapi.h). */
#ifndef _WINCON_
#define _WINCON_

#include "consoleapi.h"

#endif /* _WINCON_ */
