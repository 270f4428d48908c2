// crt_handles.cpp - descriptors of the C library and handles (io.h): they are the same under two numbers.
// Source      "_get_osfhandle", "_open_osfhandle".
#include <fcntl.h>

#include "shim/file/descriptor.h"
#pragma GCC visibility push(default)
#include "winapi_headers/io.h"
#pragma GCC visibility pop

using namespace winshim;
using namespace winshim::file;

intptr_t _get_osfhandle(int fd) {
    if (fcntl(fd, F_GETFD) < 0) return errno = EBADF, -1;
    return reinterpret_cast<intptr_t>(handle_of(fd));
}

int _open_osfhandle(intptr_t osfhandle, int) {
    const int descriptor = descriptor_of(reinterpret_cast<HANDLE>(osfhandle));
    if (fcntl(descriptor, F_GETFD) < 0) return errno = EBADF, -1;
    return descriptor;
}
