/* winsock.h - as winsock2.h. */
#ifndef _WINSOCKAPI_
#include "winsock2.h"
#endif
