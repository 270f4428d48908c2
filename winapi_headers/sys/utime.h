/* sys/utime.h - utime, as glibc has it in utime.h. */
#ifndef _INC_SYS_UTIME
#define _INC_SYS_UTIME

#include <utime.h>

#define _utimbuf utimbuf
#define _utime utime

#endif /* _INC_SYS_UTIME */
