// descriptor.cpp - errors of system calls, and what handleapi.h does with descriptors; pipes; standard handles.
// Source      "CloseHandle", "DuplicateHandle", "SetHandleInformation", "CreatePipe", "GetStdHandle", "SetStdHandle".
#include "shim/file/descriptor.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace winshim::file {
namespace {

// What SetStdHandle has put in the place of descriptors 0, 1 and 2; null: nothing.
std::atomic<HANDLE> replaced[3];
std::atomic<bool> is_replaced[3];

// 0, 1, 2 for input, output, error; -1 for no such handle.
int standard_index(DWORD number) noexcept {
    const DWORD index = STD_INPUT_HANDLE - number;
    return index < 3 ? static_cast<int>(index) : -1;
}

}  // namespace

DWORD error_of(int error) noexcept {
    switch (error) {
        case ENOENT: return ERROR_FILE_NOT_FOUND;
        case ENOTDIR: return ERROR_PATH_NOT_FOUND;
        case EMFILE:
        case ENFILE: return ERROR_TOO_MANY_OPEN_FILES;
        case EACCES:
        case EPERM:
        case EISDIR: return ERROR_ACCESS_DENIED;
        case EBADF: return ERROR_INVALID_HANDLE;
        case ENOMEM: return ERROR_NOT_ENOUGH_MEMORY;
        case EXDEV: return ERROR_NOT_SAME_DEVICE;
        case EROFS: return ERROR_WRITE_PROTECT;
        case EBUSY:
        case ETXTBSY: return ERROR_SHARING_VIOLATION;
        case EEXIST: return ERROR_FILE_EXISTS;
        case EINVAL: return ERROR_INVALID_PARAMETER;
        case EPIPE: return ERROR_BROKEN_PIPE;
        case ENOSPC:
        case EDQUOT: return ERROR_DISK_FULL;
        case ENOTEMPTY: return ERROR_DIR_NOT_EMPTY;
        case ENAMETOOLONG: return ERROR_FILENAME_EXCED_RANGE;
        case EFBIG: return ERROR_FILE_TOO_LARGE;
        case ELOOP: return ERROR_CANT_RESOLVE_FILENAME;
        case EIO: return ERROR_IO_DEVICE;
        case EOPNOTSUPP:
        case ENOSYS: return ERROR_NOT_SUPPORTED;
        default: return ERROR_GEN_FAILURE;
    }
}

// ENOENT does not say whether the file or its directory is missing.
DWORD error_of_path(const char* path, int error) noexcept {
    if (error != ENOENT) return error_of(error);
    std::size_t end = strlen(path);
    while (end > 0 && path[end - 1] == '/') --end;
    while (end > 0 && path[end - 1] != '/') --end;
    if (end == 0) return ERROR_FILE_NOT_FOUND;
    char directory[PATH_MAX];
    if (end >= sizeof directory) return ERROR_PATH_NOT_FOUND;
    memcpy(directory, path, end);
    directory[end] = '\0';
    return access(directory, F_OK) == 0 ? ERROR_FILE_NOT_FOUND : ERROR_PATH_NOT_FOUND;
}

int keep_off_standard(int descriptor, bool inheritable) noexcept {
    if (descriptor > 2 && static_cast<std::uintptr_t>(descriptor) < kCount) return descriptor;
    if (descriptor < 0) return descriptor;
    const int other = descriptor > 2 ? -1 : fcntl(descriptor, inheritable ? F_DUPFD : F_DUPFD_CLOEXEC, 3);
    const int error = descriptor > 2 ? EMFILE : errno;
    ::close(descriptor);
    errno = error;
    return other;
}

BOOL close(HANDLE handle) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    // Linux closes the descriptor even when it reports something of an earlier write.
    if (::close(descriptor_of(handle)) == 0 || errno != EBADF) return TRUE;
    return failed(ERROR_INVALID_HANDLE);
}

BOOL duplicate(HANDLE source, HANDLE* target, bool inherit) noexcept {
    const KeepErrno keep;
    const int made = keep_off_standard(fcntl(descriptor_of(source), inherit ? F_DUPFD : F_DUPFD_CLOEXEC, 3), inherit);
    if (made < 0) return errno == EINVAL ? failed(ERROR_TOO_MANY_OPEN_FILES) : failed_errno();
    if (target != nullptr) *target = handle_of(made);
    return TRUE;
}

BOOL information(HANDLE handle, DWORD* flags) noexcept {
    const KeepErrno keep;
    const int now = fcntl(descriptor_of(handle), F_GETFD);
    if (now < 0) return failed_errno();
    if (flags == nullptr) return failed(ERROR_INVALID_PARAMETER);
    *flags = (now & FD_CLOEXEC) != 0 ? 0 : DWORD{HANDLE_FLAG_INHERIT};
    return TRUE;
}

BOOL set_information(HANDLE handle, DWORD mask, DWORD flags) noexcept {
    const KeepErrno keep;
    const int now = fcntl(descriptor_of(handle), F_GETFD);
    if (now < 0) return failed_errno();
    if ((mask & flags & HANDLE_FLAG_PROTECT_FROM_CLOSE) != 0) return failed(ERROR_NOT_SUPPORTED);
    if ((mask & HANDLE_FLAG_INHERIT) == 0) return TRUE;
    const int wanted = (flags & HANDLE_FLAG_INHERIT) != 0 ? now & ~FD_CLOEXEC : now | FD_CLOEXEC;
    return fcntl(descriptor_of(handle), F_SETFD, wanted) == 0 ? BOOL{TRUE} : failed_errno();
}

BOOL same(HANDLE first, HANDLE second) noexcept {
    const KeepErrno keep;
    const pid_t self_pid = getpid();
    if (fcntl(descriptor_of(first), F_GETFD) < 0 || fcntl(descriptor_of(second), F_GETFD) < 0) return failed_errno();
    const long order = syscall(SYS_kcmp, self_pid, self_pid, KCMP_FILE, descriptor_of(first), descriptor_of(second));
    if (order == 0) return TRUE;
    return order > 0 ? failed(ERROR_NOT_SAME_OBJECT) : failed(ERROR_NOT_SUPPORTED);
}

}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;

HANDLE WINAPI GetStdHandle(DWORD nStdHandle) {
    WINSHIM_LEAVE(GetStdHandle, files, nStdHandle);
    const KeepErrno keep;
    const int index = standard_index(nStdHandle);
    if (index < 0) return last_error = ERROR_INVALID_HANDLE, INVALID_HANDLE_VALUE;
    if (is_replaced[index].load(std::memory_order_acquire)) return replaced[index].load(std::memory_order_relaxed);
    return fcntl(index, F_GETFD) >= 0 ? handle_of(index) : nullptr;
}

BOOL WINAPI SetStdHandle(DWORD nStdHandle, HANDLE hHandle) {
    WINSHIM_LEAVE(SetStdHandle, files, nStdHandle, hHandle);
    const int index = standard_index(nStdHandle);
    if (index < 0) return failed(ERROR_INVALID_HANDLE);
    replaced[index].store(hHandle, std::memory_order_relaxed);
    is_replaced[index].store(true, std::memory_order_release);
    return TRUE;
}

BOOL WINAPI CreatePipe(PHANDLE hReadPipe, PHANDLE hWritePipe, LPSECURITY_ATTRIBUTES lpPipeAttributes, DWORD nSize) {
    WINSHIM_LEAVE(CreatePipe, files, hReadPipe, hWritePipe, lpPipeAttributes, nSize);
    const KeepErrno keep;
    if (hReadPipe == nullptr || hWritePipe == nullptr) return failed(ERROR_INVALID_PARAMETER);
    const bool inherit = lpPipeAttributes != nullptr && lpPipeAttributes->bInheritHandle != FALSE;
    int ends[2];
    if (pipe2(ends, inherit ? 0 : O_CLOEXEC) != 0) return failed_errno();
    const int from = keep_off_standard(ends[0], inherit), error = errno, to = keep_off_standard(ends[1], inherit);
    if (from < 0 || to < 0) {
        if (from >= 0) ::close(from);
        if (to >= 0) ::close(to);
        return failed(error_of(from < 0 ? error : errno));
    }
    // A suggestion, on Windows as here; what the system allows at most is not exceeded.
    if (nSize > 65536) fcntl(to, F_SETPIPE_SZ, static_cast<int>(nSize < 1048576 ? nSize : 1048576));
    *hReadPipe = handle_of(from);
    *hWritePipe = handle_of(to);
    return TRUE;
}
