/* process.h - the C library's functions for threads. */
#ifndef _INC_PROCESS
#define _INC_PROCESS

#include <stdint.h>

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef void(__cdecl *_beginthread_proc_type)(void *);
typedef unsigned(__stdcall *_beginthreadex_proc_type)(void *);

/* Makes a thread; as CreateThread, with the types of C.
 * Returns   its handle as a number, to be closed by the caller; 0 on failure, with errno EAGAIN (no room, too many
 *           threads) or EINVAL (no start routine, unknown flag), and the last error of CreateThread.
 * Source    "_beginthread, _beginthreadex" */
WINBASEAPI uintptr_t __cdecl _beginthreadex(void *_Security, unsigned _StackSize,
                                            _beginthreadex_proc_type _StartAddress, void *_ArgList,
                                            unsigned _InitFlag, unsigned *_ThrdAddr);

/* Ends the calling thread with that exit code; as ExitThread.
 * Source    "_endthread, _endthreadex" */
WINBASEAPI void __cdecl _endthreadex(unsigned _Retval) __attribute__((__noreturn__));

/* Makes a thread whose handle closes itself.
 * Returns   a number that is neither 0 nor -1; it must not be used as a handle, since the thread may have ended. -1 on
 *           failure, with errno EAGAIN, ENOMEM or EINVAL. */
WINBASEAPI uintptr_t __cdecl _beginthread(_beginthread_proc_type _StartAddress, unsigned _StackSize, void *_ArgList);

/* Ends the calling thread; as ExitThread(0).
 * Source    "_endthread, _endthreadex" */
WINBASEAPI void __cdecl _endthread(void) __attribute__((__noreturn__));

#ifdef __cplusplus
}
#endif

#endif /* _INC_PROCESS */
