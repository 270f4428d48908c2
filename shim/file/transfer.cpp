// transfer.cpp - ReadFile, WriteFile: bytes between memory and a descriptor.
//
// Every transfer is done when the call returns, also with an OVERLAPPED: its event is set by then.
// Source      "ReadFile", "WriteFile", "FlushFileBuffers", "GetOverlappedResult", "OVERLAPPED".
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/file/descriptor.h"
#include "shim/shm/explain.h"

namespace winshim::file {
namespace {

constexpr off_t kNowhere = -1, kAtEnd = -2;
constexpr DWORD kStatusSuccess = 0, kStatusEndOfFile = 0xC0000011;
constexpr std::size_t kMost = 0x40000000;  // in one system call

// Where an OVERLAPPED wants the transfer to begin; kNowhere: at the file's own position.
off_t place(const OVERLAPPED* overlapped) noexcept {
    if (overlapped == nullptr) return kNowhere;
    const u64 offset = u64{overlapped->OffsetHigh} << 32 | overlapped->Offset;
    return offset == ~u64{0} ? kAtEnd : static_cast<off_t>(offset);
}

// A descriptor that does not block was made so by somebody else: Win32 programs expect to wait.
bool again(int descriptor, short events) noexcept {
    if (errno == EINTR) return true;
    if (errno != EAGAIN) return false;
    pollfd one{descriptor, events, 0};
    return poll(&one, 1, -1) >= 0 || errno == EINTR;
}

// EBADF may also mean: open, but not for this.
DWORD transfer_error(int descriptor, int error) noexcept {
    if (error == EBADF) return fcntl(descriptor, F_GETFD) >= 0 ? ERROR_ACCESS_DENIED : ERROR_INVALID_HANDLE;
    if (error == EISDIR) return ERROR_INVALID_FUNCTION;
    return error == EFAULT ? DWORD{ERROR_NOACCESS} : error_of(error);
}

BOOL ended(OVERLAPPED* overlapped, DWORD* told, DWORD done, DWORD error) noexcept {
    if (told != nullptr) *told = done;
    if (overlapped != nullptr) {
        overlapped->InternalHigh = done;
        overlapped->Internal = error == 0 ? kStatusSuccess : kStatusEndOfFile;
        if (error == 0 && overlapped->hEvent != nullptr) SetEvent(overlapped->hEvent);
    }
    return error == 0 ? BOOL{TRUE} : failed(error);
}

// The bytes read; -1 with errno. An ordinary file is read to the wanted count or to its end, all else once.
ssize_t read_some(int descriptor, char* to, std::size_t count, off_t at, bool ordinary) noexcept {
    std::size_t done = 0;
    while (done < count) {
        const std::size_t now = count - done < kMost ? count - done : kMost;
        const ssize_t got = at >= 0 ? pread(descriptor, to + done, now, at + static_cast<off_t>(done))
                                    : read(descriptor, to + done, now);
        if (got < 0 && again(descriptor, POLLIN)) continue;
        if (got < 0) return done > 0 ? static_cast<ssize_t>(done) : -1;
        done += static_cast<std::size_t>(got);
        if (got == 0 || !ordinary) break;
    }
    return static_cast<ssize_t>(done);
}

}  // namespace

std::size_t write_all(int descriptor, const char* from, std::size_t count, off_t at) noexcept {
    const shm::DeadlySignalsHeld held;
    std::size_t done = 0;
    errno = 0;
    while (done < count) {
        const std::size_t now = count - done < kMost ? count - done : kMost;
        const ssize_t put = at >= 0 ? pwrite(descriptor, from + done, now, at + static_cast<off_t>(done))
                                    : write(descriptor, from + done, now);
        if (put < 0 && again(descriptor, POLLOUT)) continue;
        if (put < 0) break;
        done += static_cast<std::size_t>(put);
        errno = 0;
    }
    return done;
}

}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;

BOOL WINAPI ReadFile(HANDLE hFile, LPVOID lpBuffer, DWORD nNumberOfBytesToRead, LPDWORD lpNumberOfBytesRead,
                     LPOVERLAPPED lpOverlapped) {
    WINSHIM_HAND_ON(ReadFile, hFile, hFile, lpBuffer, nNumberOfBytesToRead, lpNumberOfBytesRead, lpOverlapped);
    const KeepErrno keep;
    const int descriptor = descriptor_of(hFile);
    if (lpNumberOfBytesRead != nullptr) *lpNumberOfBytesRead = 0;
    struct stat status;
    if (fstat(descriptor, &status) != 0) return failed_errno();
    const bool ordinary = S_ISREG(status.st_mode), pipe = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
    const off_t at = ordinary || S_ISBLK(status.st_mode) ? place(lpOverlapped) : kNowhere;
    if (at < kNowhere) return failed(ERROR_INVALID_PARAMETER);
    if (lpOverlapped != nullptr && lpOverlapped->hEvent != nullptr) ResetEvent(lpOverlapped->hEvent);
    const ssize_t got = read_some(descriptor, static_cast<char*>(lpBuffer), nNumberOfBytesToRead, at, ordinary);
    if (got < 0) return failed(transfer_error(descriptor, errno));
    if (at >= 0 && got > 0) lseek(descriptor, at + got, SEEK_SET);
    DWORD error = 0;
    if (got == 0 && nNumberOfBytesToRead > 0)
        error = pipe ? ERROR_BROKEN_PIPE : ordinary && lpOverlapped != nullptr ? ERROR_HANDLE_EOF : 0;
    return ended(lpOverlapped, lpNumberOfBytesRead, static_cast<DWORD>(got), error);
}

BOOL WINAPI WriteFile(HANDLE hFile, LPCVOID lpBuffer, DWORD nNumberOfBytesToWrite, LPDWORD lpNumberOfBytesWritten,
                      LPOVERLAPPED lpOverlapped) {
    WINSHIM_HAND_ON(WriteFile, hFile, hFile, lpBuffer, nNumberOfBytesToWrite, lpNumberOfBytesWritten, lpOverlapped);
    const KeepErrno keep;
    const int descriptor = descriptor_of(hFile);
    if (lpNumberOfBytesWritten != nullptr) *lpNumberOfBytesWritten = 0;
    struct stat status;
    if (fstat(descriptor, &status) != 0) return failed_errno();
    off_t at = S_ISREG(status.st_mode) || S_ISBLK(status.st_mode) ? place(lpOverlapped) : kNowhere;
    if (at == kAtEnd) at = status.st_size;
    if (at < kNowhere) return failed(ERROR_INVALID_PARAMETER);
    if (lpOverlapped != nullptr && lpOverlapped->hEvent != nullptr) ResetEvent(lpOverlapped->hEvent);
    const std::size_t done =
        write_all(descriptor, static_cast<const char*>(lpBuffer), nNumberOfBytesToWrite, at);
    const int error = errno;
    if (at >= 0 && done > 0) lseek(descriptor, at + static_cast<off_t>(done), SEEK_SET);
    if (done < nNumberOfBytesToWrite) {
        if (lpNumberOfBytesWritten != nullptr) *lpNumberOfBytesWritten = static_cast<DWORD>(done);
        return failed(transfer_error(descriptor, error));
    }
    return ended(lpOverlapped, lpNumberOfBytesWritten, static_cast<DWORD>(done), 0);
}

BOOL WINAPI FlushFileBuffers(HANDLE hFile) {
    WINSHIM_HAND_ON(FlushFileBuffers, hFile, hFile);
    const KeepErrno keep;
    const int descriptor = descriptor_of(hFile);
    const int mode = fcntl(descriptor, F_GETFL);
    if (mode < 0) return failed_errno();
    if ((mode & O_ACCMODE) == O_RDONLY) return failed(ERROR_ACCESS_DENIED);
    int result;
    do result = fsync(descriptor);
    while (result != 0 && errno == EINTR);
    // A pipe or a terminal keeps nothing back.
    return result == 0 || errno == EINVAL || errno == EROFS ? BOOL{TRUE} : failed_errno();
}

BOOL WINAPI GetOverlappedResult(HANDLE hFile, LPOVERLAPPED lpOverlapped, LPDWORD lpNumberOfBytesTransferred,
                                BOOL bWait) {
    WINSHIM_HAND_ON(GetOverlappedResult, hFile, hFile, lpOverlapped, lpNumberOfBytesTransferred, bWait);
    const KeepErrno keep;
    if (fcntl(descriptor_of(hFile), F_GETFD) < 0) return failed_errno();
    if (lpOverlapped == nullptr || lpNumberOfBytesTransferred == nullptr) return failed(ERROR_INVALID_PARAMETER);
    *lpNumberOfBytesTransferred = static_cast<DWORD>(lpOverlapped->InternalHigh);
    return lpOverlapped->Internal == kStatusSuccess ? BOOL{TRUE} : failed(ERROR_HANDLE_EOF);
}
