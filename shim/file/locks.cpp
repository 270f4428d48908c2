// locks.cpp - locks on parts of a file: record locks of the open file (F_OFD_SETLK).
//
// Two handles of one open file (DuplicateHandle, inheritance) share their locks, as on Windows. Unlike there, nobody is
// kept from reading and writing who does not lock, and Linux does not say whether what is unlocked was locked.
// Source      "LockFileEx", "LockFile", "UnlockFileEx", "UnlockFile".
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "shim/file/descriptor.h"

namespace winshim::file {
namespace {

struct Range {
    off_t begin;
    off_t length;  // 0: to the end of all files
};
// Linux counts in signed numbers: what begins beyond is refused, what ends beyond goes to the end.
bool range_of(DWORD low, DWORD high, DWORD length_low, DWORD length_high, Range& range) noexcept {
    const u64 begin = u64{high} << 32 | low, length = u64{length_high} << 32 | length_low;
    if (begin > LLONG_MAX) return false;
    range.begin = static_cast<off_t>(begin);
    range.length = length > static_cast<u64>(LLONG_MAX) - begin ? 0 : static_cast<off_t>(length);
    return true;
}

BOOL set(HANDLE file, short kind, bool wait, const Range& range) noexcept {
    const int descriptor = descriptor_of(file), mode = fcntl(descriptor, F_GETFL);
    if (mode < 0) return failed(ERROR_INVALID_HANDLE);
    struct flock lock {};
    lock.l_type = kind;
    lock.l_whence = SEEK_SET;
    lock.l_start = range.begin;
    lock.l_len = range.length;
    int result;
    do result = fcntl(descriptor, wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock);
    while (result != 0 && errno == EINTR);
    if (result == 0) return TRUE;
    if (errno == EAGAIN || errno == EACCES) return failed(ERROR_LOCK_VIOLATION);
    // Linux wants a handle for writing for an exclusive lock, and one for reading for a shared one.
    if (errno == EBADF) return failed(ERROR_ACCESS_DENIED);
    return failed_errno();
}

// A range of no bytes is granted and held by nobody.
BOOL lock(HANDLE file, DWORD flags, const Range& range, bool empty) noexcept {
    if (empty) return fcntl(descriptor_of(file), F_GETFD) >= 0 ? BOOL{TRUE} : failed(ERROR_INVALID_HANDLE);
    const short kind = (flags & LOCKFILE_EXCLUSIVE_LOCK) != 0 ? F_WRLCK : F_RDLCK;
    return set(file, kind, (flags & LOCKFILE_FAIL_IMMEDIATELY) == 0, range);
}

BOOL unlock(HANDLE file, const Range& range, bool empty) noexcept {
    if (empty) return fcntl(descriptor_of(file), F_GETFD) >= 0 ? BOOL{TRUE} : failed(ERROR_INVALID_HANDLE);
    return set(file, F_UNLCK, false, range);
}

}  // namespace
}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;

BOOL WINAPI LockFileEx(HANDLE hFile, DWORD dwFlags, DWORD dwReserved, DWORD nNumberOfBytesToLockLow,
                       DWORD nNumberOfBytesToLockHigh, LPOVERLAPPED lpOverlapped) {
    WINSHIM_HAND_ON(LockFileEx, hFile, hFile, dwFlags, dwReserved, nNumberOfBytesToLockLow, nNumberOfBytesToLockHigh,
                    lpOverlapped);
    const KeepErrno keep;
    Range range;
    if (lpOverlapped == nullptr || dwReserved != 0 ||
        !range_of(lpOverlapped->Offset, lpOverlapped->OffsetHigh, nNumberOfBytesToLockLow, nNumberOfBytesToLockHigh,
                  range))
        return failed(ERROR_INVALID_PARAMETER);
    if (lpOverlapped->hEvent != nullptr) ResetEvent(lpOverlapped->hEvent);
    const bool empty = nNumberOfBytesToLockLow == 0 && nNumberOfBytesToLockHigh == 0;
    if (lock(hFile, dwFlags, range, empty) == FALSE) return FALSE;
    lpOverlapped->Internal = 0;
    lpOverlapped->InternalHigh = 0;
    if (lpOverlapped->hEvent != nullptr) SetEvent(lpOverlapped->hEvent);
    return TRUE;
}

BOOL WINAPI LockFile(HANDLE hFile, DWORD dwFileOffsetLow, DWORD dwFileOffsetHigh, DWORD nNumberOfBytesToLockLow,
                     DWORD nNumberOfBytesToLockHigh) {
    WINSHIM_HAND_ON(LockFile, hFile, hFile, dwFileOffsetLow, dwFileOffsetHigh, nNumberOfBytesToLockLow,
                    nNumberOfBytesToLockHigh);
    const KeepErrno keep;
    Range range;
    if (!range_of(dwFileOffsetLow, dwFileOffsetHigh, nNumberOfBytesToLockLow, nNumberOfBytesToLockHigh, range))
        return failed(ERROR_INVALID_PARAMETER);
    const bool empty = nNumberOfBytesToLockLow == 0 && nNumberOfBytesToLockHigh == 0;
    return lock(hFile, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, range, empty);
}

BOOL WINAPI UnlockFileEx(HANDLE hFile, DWORD dwReserved, DWORD nNumberOfBytesToUnlockLow,
                         DWORD nNumberOfBytesToUnlockHigh, LPOVERLAPPED lpOverlapped) {
    WINSHIM_HAND_ON(UnlockFileEx, hFile, hFile, dwReserved, nNumberOfBytesToUnlockLow, nNumberOfBytesToUnlockHigh,
                    lpOverlapped);
    const KeepErrno keep;
    Range range;
    if (lpOverlapped == nullptr || dwReserved != 0 ||
        !range_of(lpOverlapped->Offset, lpOverlapped->OffsetHigh, nNumberOfBytesToUnlockLow,
                  nNumberOfBytesToUnlockHigh, range))
        return failed(ERROR_INVALID_PARAMETER);
    return unlock(hFile, range, nNumberOfBytesToUnlockLow == 0 && nNumberOfBytesToUnlockHigh == 0);
}

BOOL WINAPI UnlockFile(HANDLE hFile, DWORD dwFileOffsetLow, DWORD dwFileOffsetHigh, DWORD nNumberOfBytesToUnlockLow,
                       DWORD nNumberOfBytesToUnlockHigh) {
    WINSHIM_HAND_ON(UnlockFile, hFile, hFile, dwFileOffsetLow, dwFileOffsetHigh, nNumberOfBytesToUnlockLow,
                    nNumberOfBytesToUnlockHigh);
    const KeepErrno keep;
    Range range;
    if (!range_of(dwFileOffsetLow, dwFileOffsetHigh, nNumberOfBytesToUnlockLow, nNumberOfBytesToUnlockHigh, range))
        return failed(ERROR_INVALID_PARAMETER);
    return unlock(hFile, range, nNumberOfBytesToUnlockLow == 0 && nNumberOfBytesToUnlockHigh == 0);
}
