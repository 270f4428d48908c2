// peek.cpp - PeekNamedPipe: what is in a pipe, by FIONREAD, and a copy of it, by tee into a second pipe.
// Source      "PeekNamedPipe".
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/file/descriptor.h"

namespace winshim::file {
namespace {

// -1 with errno.
ssize_t copy_of_pipe(int descriptor, void* buffer, std::size_t room) noexcept {
    int beside[2];
    if (pipe2(beside, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    ssize_t got = tee(descriptor, beside[1], room, SPLICE_F_NONBLOCK);
    if (got > 0) got = read(beside[0], buffer, static_cast<std::size_t>(got));
    else if (got < 0 && errno == EAGAIN) got = 0;
    const int error = errno;
    ::close(beside[0]);
    ::close(beside[1]);
    errno = error;
    return got;
}
ssize_t copy_of_socket(int descriptor, void* buffer, std::size_t room) noexcept {
    const ssize_t got = recv(descriptor, buffer, room, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && errno == EAGAIN ? 0 : got;
}

bool others_are_gone(int descriptor) noexcept {
    struct pollfd one = {.fd = descriptor, .events = POLLIN, .revents = 0};
    return poll(&one, 1, 0) > 0 && (one.revents & POLLHUP) != 0;
}

}  // namespace
}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;

BOOL WINAPI PeekNamedPipe(HANDLE hNamedPipe, LPVOID lpBuffer, DWORD nBufferSize, LPDWORD lpBytesRead,
                          LPDWORD lpTotalBytesAvail, LPDWORD lpBytesLeftThisMessage) {
    WINSHIM_HAND_ON(PeekNamedPipe, hNamedPipe, hNamedPipe, lpBuffer, nBufferSize, lpBytesRead, lpTotalBytesAvail,
                    lpBytesLeftThisMessage);
    const KeepErrno keep;
    const int descriptor = descriptor_of(hNamedPipe);
    struct stat status;
    if (fstat(descriptor, &status) != 0) return failed(ERROR_INVALID_HANDLE);
    const bool pipe = S_ISFIFO(status.st_mode);
    if (!pipe && !S_ISSOCK(status.st_mode)) return failed(ERROR_INVALID_FUNCTION);
    if ((fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_WRONLY) return failed(ERROR_ACCESS_DENIED);
    int available = 0;
    if (ioctl(descriptor, FIONREAD, &available) != 0) return failed_errno();
    if (available == 0 && others_are_gone(descriptor)) return failed(ERROR_BROKEN_PIPE);
    ssize_t got = 0;
    if (lpBuffer != nullptr && nBufferSize > 0 && available > 0)
        got = pipe ? copy_of_pipe(descriptor, lpBuffer, nBufferSize)
                   : copy_of_socket(descriptor, lpBuffer, nBufferSize);
    if (got < 0) return failed_errno();
    if (lpBytesRead != nullptr) *lpBytesRead = static_cast<DWORD>(got);
    if (lpTotalBytesAvail != nullptr) *lpTotalBytesAvail = static_cast<DWORD>(available);
    if (lpBytesLeftThisMessage != nullptr) *lpBytesLeftThisMessage = 0;
    return TRUE;
}
