/* io.h - descriptors of Microsoft's C library. They are Linux's, and a HANDLE of a file is one under another number.
 *
 * The names without an underscore (open, read, close, dup, ...) are glibc's, from unistd.h and fcntl.h. There is no
 * text mode: what is written is what the file gets.
 */
#ifndef _INC_IO
#define _INC_IO

#include "minwindef.h"
#include "winshim_crt.h"
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

#define _O_RDONLY O_RDONLY
#define _O_WRONLY O_WRONLY
#define _O_RDWR O_RDWR
#define _O_APPEND O_APPEND
#define _O_CREAT O_CREAT
#define _O_TRUNC O_TRUNC
#define _O_EXCL O_EXCL
#define _O_TEXT 0
#define _O_BINARY 0
#ifndef O_TEXT
#define O_TEXT _O_TEXT
#endif
#ifndef O_BINARY
#define O_BINARY _O_BINARY
#endif

/* The HANDLE of a descriptor. It is the same open file, so it must not be closed by itself: either _close or
 * CloseHandle, not both.
 * Returns   the handle as a number; -1 with errno EBADF for what is no open descriptor.
 * Source    "_get_osfhandle" */
WINBASEAPI intptr_t __cdecl _get_osfhandle(int fd);

/* The descriptor of a handle of a file, a pipe or a terminal; the handle belongs to it from now on.
 *   flags   none has a meaning here
 * Returns   the descriptor; -1 with errno EBADF for what is no such handle.
 * Source    "_open_osfhandle" */
WINBASEAPI int __cdecl _open_osfhandle(intptr_t osfhandle, int flags);

#ifdef __cplusplus
}
#endif

static __forceinline int _close(int fd) { return close(fd); }
static __forceinline int _read(int fd, void *buffer, unsigned count) { return (int)read(fd, buffer, count); }
static __forceinline int _write(int fd, const void *buffer, unsigned count) { return (int)write(fd, buffer, count); }
static __forceinline int _dup(int fd) { return dup(fd); }
/* 0, and not the new descriptor as dup2 of POSIX. */
static __forceinline int _dup2(int fd1, int fd2) { return dup2(fd1, fd2) < 0 ? -1 : 0; }
static __forceinline int _isatty(int fd) { return isatty(fd); }
static __forceinline int _access(const char *path, int mode) { return access(path, mode); }
static __forceinline int _unlink(const char *path) { return unlink(path); }
static __forceinline LONGLONG _lseeki64(int fd, LONGLONG offset, int origin) { return lseek(fd, offset, origin); }
/* Accepted: there are no modes. */
static __forceinline int _setmode(int fd, int mode) { return (void)fd, (void)mode, _O_BINARY; }
#ifndef _open
#define _open open
#endif
#ifndef _lseek
#define _lseek lseek
#endif

#endif /* _INC_IO */
