// position.cpp - an open file's size, position, end, kind and times.
// Source      "GetFileSizeEx", "GetFileSize", "SetFilePointerEx", "SetFilePointer", "SetEndOfFile", "GetFileType",
//             "GetFileInformationByHandle".
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/file/facts.h"

namespace winshim::file {
namespace {

constexpr DWORD kInvalid = 0xFFFFFFFF;

// The size of an ordinary file; -1 with the last error.
off_t size_of(HANDLE handle) noexcept {
    struct stat status;
    if (fstat(descriptor_of(handle), &status) != 0) return last_error = error_of(errno), -1;
    if (S_ISREG(status.st_mode)) return status.st_size;
    if (S_ISBLK(status.st_mode) || S_ISDIR(status.st_mode)) return 0;
    return last_error = ERROR_INVALID_FUNCTION, -1;
}

// The new position; -1 with the last error.
off_t move(HANDLE handle, off_t distance, DWORD method) noexcept {
    static_assert(FILE_BEGIN == SEEK_SET && FILE_CURRENT == SEEK_CUR && FILE_END == SEEK_END);
    const int descriptor = descriptor_of(handle);
    if (fcntl(descriptor, F_GETFD) < 0) return last_error = ERROR_INVALID_HANDLE, -1;
    if (method > FILE_END) return last_error = ERROR_INVALID_PARAMETER, -1;
    const off_t at = lseek(descriptor, distance, static_cast<int>(method));
    if (at < 0) {
        const bool before = errno == EINVAL || errno == EOVERFLOW;
        last_error = errno == ESPIPE ? ERROR_INVALID_FUNCTION : before ? ERROR_NEGATIVE_SEEK : error_of(errno);
    }
    return at;
}

}  // namespace
}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;

BOOL WINAPI GetFileSizeEx(HANDLE hFile, PLARGE_INTEGER lpFileSize) {
    WINSHIM_HAND_ON(GetFileSizeEx, hFile, hFile, lpFileSize);
    const KeepErrno keep;
    if (lpFileSize == nullptr) return failed(ERROR_INVALID_PARAMETER);
    const off_t size = size_of(hFile);
    if (size < 0) return FALSE;
    lpFileSize->QuadPart = size;
    return TRUE;
}

DWORD WINAPI GetFileSize(HANDLE hFile, LPDWORD lpFileSizeHigh) {
    WINSHIM_HAND_ON(GetFileSize, hFile, hFile, lpFileSizeHigh);
    const KeepErrno keep;
    const off_t size = size_of(hFile);
    if (size < 0) return kInvalid;
    if (lpFileSizeHigh != nullptr) *lpFileSizeHigh = static_cast<DWORD>(i64{size} >> 32);
    if (static_cast<DWORD>(size) == kInvalid) last_error = 0;  // so that it can be told from a failure
    return static_cast<DWORD>(size);
}

BOOL WINAPI SetFilePointerEx(HANDLE hFile, LARGE_INTEGER liDistanceToMove, PLARGE_INTEGER lpNewFilePointer,
                             DWORD dwMoveMethod) {
    WINSHIM_HAND_ON(SetFilePointerEx, hFile, hFile, liDistanceToMove, lpNewFilePointer, dwMoveMethod);
    const KeepErrno keep;
    const off_t at = move(hFile, liDistanceToMove.QuadPart, dwMoveMethod);
    if (at < 0) return FALSE;
    if (lpNewFilePointer != nullptr) lpNewFilePointer->QuadPart = at;
    return TRUE;
}

DWORD WINAPI SetFilePointer(HANDLE hFile, LONG lDistanceToMove, PLONG lpDistanceToMoveHigh, DWORD dwMoveMethod) {
    WINSHIM_HAND_ON(SetFilePointer, hFile, hFile, lDistanceToMove, lpDistanceToMoveHigh, dwMoveMethod);
    const KeepErrno keep;
    const off_t distance = lpDistanceToMoveHigh == nullptr
                               ? off_t{lDistanceToMove}
                               : static_cast<off_t>(static_cast<u64>(static_cast<u32>(*lpDistanceToMoveHigh)) << 32 |
                                                    static_cast<u32>(lDistanceToMove));
    const off_t before = lpDistanceToMoveHigh == nullptr ? lseek(descriptor_of(hFile), 0, SEEK_CUR) : 0;
    const off_t at = move(hFile, distance, dwMoveMethod);
    if (at < 0) return kInvalid;
    if (lpDistanceToMoveHigh != nullptr) {
        *lpDistanceToMoveHigh = static_cast<LONG>(i64{at} >> 32);
    } else if (at > off_t{kInvalid} - 1) {  // a position that the result cannot tell: nothing has happened
        lseek(descriptor_of(hFile), before, SEEK_SET);
        return last_error = ERROR_INVALID_PARAMETER, kInvalid;
    }
    if (static_cast<DWORD>(at) == kInvalid) last_error = 0;
    return static_cast<DWORD>(at);
}

BOOL WINAPI SetEndOfFile(HANDLE hFile) {
    WINSHIM_HAND_ON(SetEndOfFile, hFile, hFile);
    const KeepErrno keep;
    const int descriptor = descriptor_of(hFile), mode = fcntl(descriptor, F_GETFL);
    if (mode < 0) return failed_errno();
    const off_t at = lseek(descriptor, 0, SEEK_CUR);
    if (at < 0) return errno == ESPIPE ? failed(ERROR_INVALID_FUNCTION) : failed_errno();
    if ((mode & O_ACCMODE) == O_RDONLY) return failed(ERROR_ACCESS_DENIED);
    return ftruncate(descriptor, at) == 0 ? BOOL{TRUE} : failed_errno();
}

DWORD WINAPI GetFileType(HANDLE hFile) {
    WINSHIM_HAND_ON(GetFileType, hFile, hFile);
    const KeepErrno keep;
    struct stat status;
    if (fstat(descriptor_of(hFile), &status) != 0) {
        last_error = ERROR_INVALID_HANDLE;
        return FILE_TYPE_UNKNOWN;
    }
    last_error = 0;
    switch (status.st_mode & S_IFMT) {
        case S_IFCHR: return FILE_TYPE_CHAR;
        case S_IFIFO:
        case S_IFSOCK: return FILE_TYPE_PIPE;
        default: return FILE_TYPE_DISK;
    }
}

BOOL WINAPI GetFileInformationByHandle(HANDLE hFile, LPBY_HANDLE_FILE_INFORMATION lpFileInformation) {
    WINSHIM_HAND_ON(GetFileInformationByHandle, hFile, hFile, lpFileInformation);
    const KeepErrno keep;
    struct stat status;
    if (fstat(descriptor_of(hFile), &status) != 0) return failed_errno();
    if (lpFileInformation == nullptr) return failed(ERROR_INVALID_PARAMETER);
    const u64 index = status.st_ino;
    fill(*lpFileInformation, status);
    lpFileInformation->dwVolumeSerialNumber = static_cast<DWORD>(status.st_dev);
    lpFileInformation->nNumberOfLinks = static_cast<DWORD>(status.st_nlink);
    lpFileInformation->nFileIndexHigh = static_cast<DWORD>(index >> 32);
    lpFileInformation->nFileIndexLow = static_cast<DWORD>(index);
    return TRUE;
}
