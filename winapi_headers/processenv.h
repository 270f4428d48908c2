/* processenv.h - the environment of the process. */
#ifndef _PROCESSENV_
#define _PROCESSENV_

#include "winshim_environment.h"

#endif /* _PROCESSENV_ */
