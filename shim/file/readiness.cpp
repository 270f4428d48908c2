// readiness.cpp - what a wait for a descriptor waits for.
#include "shim/file/readiness.h"

#include <fcntl.h>

namespace winshim::file {

bool poll_entry(HANDLE handle, pollfd& entry) noexcept {
    const int descriptor = descriptor_of(handle);
    const int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return false;
    const short wanted = (flags & O_ACCMODE) == O_WRONLY ? POLLOUT : POLLIN;
    entry = {descriptor, wanted, 0};
    return true;
}

}  // namespace winshim::file
