// entries.cpp - entries of directories: delete, move, copy, make and remove directories, attributes.
// Source      "DeleteFileW", "MoveFileExW", "CopyFileW", "CreateDirectoryW", "RemoveDirectoryW", "GetFileAttributesW",
//             "GetFileAttributesExW", "SetFileAttributesW".
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/file/facts.h"
#include "shim/file/path.h"
#include "shim/next/next.h"

namespace winshim::file {
namespace {

class Descriptor {
public:
    explicit Descriptor(int number) noexcept : number_(number) {}
    ~Descriptor() noexcept {
        const KeepErrno keep;
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    operator int() const noexcept { return number_; }

private:
    const int number_;
};

bool copy_bytes(int from, int to) noexcept {
    char buffer[16384];
    for (;;) {
        const ssize_t got = read(from, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0;
        for (ssize_t done = 0; done < got;) {
            const ssize_t put = write(to, buffer + done, static_cast<std::size_t>(got - done));
            if (put < 0 && errno != EINTR) return false;
            if (put > 0) done += put;
        }
    }
}

BOOL copy(const char* from, const char* to, bool keep_existing) noexcept {
    const Descriptor source{open(from, O_RDONLY | O_CLOEXEC)};
    struct stat status, other;
    if (source < 0 || fstat(source, &status) != 0) return failed_path(from);
    if (S_ISDIR(status.st_mode)) return failed(ERROR_ACCESS_DENIED);
    const bool existed = stat(to, &other) == 0;
    if (existed && keep_existing) return failed(ERROR_FILE_EXISTS);
    if (existed && other.st_dev == status.st_dev && other.st_ino == status.st_ino)
        return failed(ERROR_SHARING_VIOLATION);  // onto itself: it would be emptied first
    const Descriptor target{open(to, O_WRONLY | O_CREAT | O_CLOEXEC | (keep_existing ? O_EXCL : O_TRUNC),
                                 status.st_mode & 0777)};
    if (target < 0) return failed_path(to);
    if (!copy_bytes(source, target)) {
        const int error = errno;
        if (!existed) unlink(to);
        return failed(error_of(error));
    }
    const timespec times[2] = {status.st_atim, status.st_mtim};
    futimens(target, times);
    return TRUE;
}

BOOL move(const char* from, const char* to, DWORD flags) noexcept {
    if ((flags & ~DWORD{MOVEFILE_REPLACE_EXISTING | MOVEFILE_COPY_ALLOWED | MOVEFILE_WRITE_THROUGH}) != 0)
        return failed(ERROR_NOT_SUPPORTED);
    const bool replace = (flags & MOVEFILE_REPLACE_EXISTING) != 0;
    struct stat source, target;
    if (lstat(from, &source) != 0) return failed_path(from);
    const bool existed = lstat(to, &target) == 0;
    const auto kept = [](const struct stat& s) {
        return S_ISDIR(s.st_mode) || (!S_ISLNK(s.st_mode) && (attributes_of(s) & FILE_ATTRIBUTE_READONLY) != 0);
    };
    if (replace && existed && (kept(target) || S_ISDIR(source.st_mode))) return failed(ERROR_ACCESS_DENIED);
    int result = replace ? rename(from, to) : renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
    if (result != 0 && !replace && (errno == EINVAL || errno == ENOSYS)) {  // a file system without that promise
        if (existed) return failed(ERROR_ALREADY_EXISTS);
        result = rename(from, to);
    }
    if (result == 0) return TRUE;
    if (errno == EEXIST) return failed(ERROR_ALREADY_EXISTS);
    if (errno != EXDEV) return failed_path(to);
    if ((flags & MOVEFILE_COPY_ALLOWED) == 0 || !S_ISREG(source.st_mode)) return failed(ERROR_NOT_SAME_DEVICE);
    if (!copy(from, to, !replace))
        return last_error == ERROR_FILE_EXISTS ? failed(ERROR_ALREADY_EXISTS) : failed(last_error);
    unlink(from);
    return TRUE;
}

// A call on one path, or on two.
template <class C, class Call>
BOOL with_path(const C* name, Call call) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    const Path path{name};
    return path.error() != 0 ? failed(path.error()) : call(path.data());
}
template <class C, class Call>
BOOL with_paths(const C* first, const C* second, Call call) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    const Path from{first}, to{second};
    if (from.error() != 0 || to.error() != 0) return failed(from.error() != 0 ? from.error() : to.error());
    return call(from.data(), to.data());
}

template <class C>
BOOL remove_file(const C* name) noexcept {
    return with_path(name, [](const char* path) -> BOOL {
        struct stat s;
        if (lstat(path, &s) == 0 && !S_ISLNK(s.st_mode) && (attributes_of(s) & FILE_ATTRIBUTE_READONLY) != 0)
            return failed(ERROR_ACCESS_DENIED);
        return unlink(path) == 0 ? BOOL{TRUE} : failed_path(path);
    });
}
template <class C>
BOOL make_directory(const C* name) noexcept {
    return with_path(name, [](const char* path) -> BOOL {
        if (mkdir(path, 0777) == 0) return TRUE;
        return errno == EEXIST ? failed(ERROR_ALREADY_EXISTS) : failed_path(path);
    });
}
template <class C>
BOOL remove_directory(const C* name) noexcept {
    return with_path(name, [](const char* path) -> BOOL {
        if (rmdir(path) == 0) return TRUE;
        struct stat s;
        const int error = errno;
        if (error == ENOTDIR && lstat(path, &s) == 0) return failed(ERROR_DIRECTORY);
        return failed(error_of_path(path, error));
    });
}
template <class C>
BOOL move_file(const C* from, const C* to, DWORD flags) noexcept {
    return with_paths(from, to, [&](const char* source, const char* target) { return move(source, target, flags); });
}
template <class C>
BOOL copy_file(const C* from, const C* to, BOOL keep) noexcept {
    return with_paths(from, to, [&](const char* source, const char* target) {
        return copy(source, target, keep != FALSE);
    });
}
template <class C>
BOOL get_facts(const C* name, GET_FILEEX_INFO_LEVELS level, void* to) noexcept {
    return with_path(name, [&](const char* path) -> BOOL {
        if (level != GetFileExInfoStandard || to == nullptr) return failed(ERROR_INVALID_PARAMETER);
        struct stat s;
        if (stat(path, &s) != 0) return failed_path(path);
        fill(*static_cast<WIN32_FILE_ATTRIBUTE_DATA*>(to), s);
        return TRUE;
    });
}
template <class C>
DWORD get_attributes(const C* name) noexcept {
    WIN32_FILE_ATTRIBUTE_DATA facts;
    return get_facts(name, GetFileExInfoStandard, &facts) ? facts.dwFileAttributes : INVALID_FILE_ATTRIBUTES;
}
template <class C>
BOOL set_attributes(const C* name, DWORD attributes) noexcept {
    return with_path(name, [&](const char* path) -> BOOL {
        struct stat s;
        if (stat(path, &s) != 0) return failed_path(path);
        if (S_ISDIR(s.st_mode)) return TRUE;
        const bool wanted = (attributes & FILE_ATTRIBUTE_READONLY) != 0, is = (s.st_mode & 0222) == 0;
        if (wanted == is) return TRUE;
        // Whoever may read may write again: what the umask held back when it was made is not known any more.
        const mode_t mode = wanted ? s.st_mode & ~mode_t{0222} : s.st_mode | (s.st_mode & 0400) >> 1;
        return chmod(path, mode & 07777) == 0 ? BOOL{TRUE} : failed_path(path);
    });
}

}  // namespace
}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;
using Text16 = const char16_t*;

BOOL WINAPI DeleteFileA(LPCSTR name) {
    WINSHIM_LEAVE(DeleteFileA, files, name);
    return remove_file(name);
}
BOOL WINAPI DeleteFileW(LPCWSTR name) { return remove_file(name); }
WINSHIM_EXPORT BOOL DeleteFile_utf16(Text16 name) WINSHIM_UTF16(DeleteFileW);
BOOL DeleteFile_utf16(Text16 name) {
    WINSHIM_LEAVE_AS(DeleteFileW, DeleteFile_utf16, files, name);
    return remove_file(name);
}
WINSHIM_PLAIN(DeleteFile);

BOOL WINAPI MoveFileA(LPCSTR from, LPCSTR to) {
    WINSHIM_LEAVE(MoveFileA, files, from, to);
    return move_file(from, to, MOVEFILE_COPY_ALLOWED);
}
BOOL WINAPI MoveFileW(LPCWSTR from, LPCWSTR to) { return move_file(from, to, MOVEFILE_COPY_ALLOWED); }
WINSHIM_EXPORT BOOL MoveFile_utf16(Text16 from, Text16 to) WINSHIM_UTF16(MoveFileW);
BOOL MoveFile_utf16(Text16 from, Text16 to) {
    WINSHIM_LEAVE_AS(MoveFileW, MoveFile_utf16, files, from, to);
    return move_file(from, to, MOVEFILE_COPY_ALLOWED);
}
WINSHIM_PLAIN(MoveFile);

BOOL WINAPI MoveFileExA(LPCSTR from, LPCSTR to, DWORD flags) {
    WINSHIM_LEAVE(MoveFileExA, files, from, to, flags);
    return move_file(from, to, flags);
}
BOOL WINAPI MoveFileExW(LPCWSTR from, LPCWSTR to, DWORD flags) { return move_file(from, to, flags); }
WINSHIM_EXPORT BOOL MoveFileEx_utf16(Text16 from, Text16 to, DWORD flags) WINSHIM_UTF16(MoveFileExW);
BOOL MoveFileEx_utf16(Text16 from, Text16 to, DWORD flags) {
    WINSHIM_LEAVE_AS(MoveFileExW, MoveFileEx_utf16, files, from, to, flags);
    return move_file(from, to, flags);
}
WINSHIM_PLAIN(MoveFileEx);

BOOL WINAPI CopyFileA(LPCSTR from, LPCSTR to, BOOL keep) {
    WINSHIM_LEAVE(CopyFileA, files, from, to, keep);
    return copy_file(from, to, keep);
}
BOOL WINAPI CopyFileW(LPCWSTR from, LPCWSTR to, BOOL keep) { return copy_file(from, to, keep); }
WINSHIM_EXPORT BOOL CopyFile_utf16(Text16 from, Text16 to, BOOL keep) WINSHIM_UTF16(CopyFileW);
BOOL CopyFile_utf16(Text16 from, Text16 to, BOOL keep) {
    WINSHIM_LEAVE_AS(CopyFileW, CopyFile_utf16, files, from, to, keep);
    return copy_file(from, to, keep);
}
WINSHIM_PLAIN(CopyFile);

BOOL WINAPI CreateDirectoryA(LPCSTR name, LPSECURITY_ATTRIBUTES security) {
    WINSHIM_LEAVE(CreateDirectoryA, files, name, security);
    return make_directory(name);
}
BOOL WINAPI CreateDirectoryW(LPCWSTR name, LPSECURITY_ATTRIBUTES) { return make_directory(name); }
WINSHIM_EXPORT BOOL CreateDirectory_utf16(Text16 name, LPSECURITY_ATTRIBUTES) WINSHIM_UTF16(CreateDirectoryW);
BOOL CreateDirectory_utf16(Text16 name, LPSECURITY_ATTRIBUTES security) {
    WINSHIM_LEAVE_AS(CreateDirectoryW, CreateDirectory_utf16, files, name, security);
    return make_directory(name);
}
WINSHIM_PLAIN(CreateDirectory);

BOOL WINAPI RemoveDirectoryA(LPCSTR name) {
    WINSHIM_LEAVE(RemoveDirectoryA, files, name);
    return remove_directory(name);
}
BOOL WINAPI RemoveDirectoryW(LPCWSTR name) { return remove_directory(name); }
WINSHIM_EXPORT BOOL RemoveDirectory_utf16(Text16 name) WINSHIM_UTF16(RemoveDirectoryW);
BOOL RemoveDirectory_utf16(Text16 name) {
    WINSHIM_LEAVE_AS(RemoveDirectoryW, RemoveDirectory_utf16, files, name);
    return remove_directory(name);
}
WINSHIM_PLAIN(RemoveDirectory);

DWORD WINAPI GetFileAttributesA(LPCSTR name) {
    WINSHIM_LEAVE(GetFileAttributesA, files, name);
    return get_attributes(name);
}
DWORD WINAPI GetFileAttributesW(LPCWSTR name) { return get_attributes(name); }
WINSHIM_EXPORT DWORD GetFileAttributes_utf16(Text16 name) WINSHIM_UTF16(GetFileAttributesW);
DWORD GetFileAttributes_utf16(Text16 name) {
    WINSHIM_LEAVE_AS(GetFileAttributesW, GetFileAttributes_utf16, files, name);
    return get_attributes(name);
}
WINSHIM_PLAIN(GetFileAttributes);

BOOL WINAPI GetFileAttributesExA(LPCSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID to) {
    WINSHIM_LEAVE(GetFileAttributesExA, files, name, level, to);
    return get_facts(name, level, to);
}
BOOL WINAPI GetFileAttributesExW(LPCWSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID to) {
    return get_facts(name, level, to);
}
WINSHIM_EXPORT BOOL GetFileAttributesEx_utf16(Text16 name, GET_FILEEX_INFO_LEVELS level, LPVOID to)
    WINSHIM_UTF16(GetFileAttributesExW);
BOOL GetFileAttributesEx_utf16(Text16 name, GET_FILEEX_INFO_LEVELS level, LPVOID to) {
    WINSHIM_LEAVE_AS(GetFileAttributesExW, GetFileAttributesEx_utf16, files, name, level, to);
    return get_facts(name, level, to);
}
WINSHIM_PLAIN(GetFileAttributesEx);

BOOL WINAPI SetFileAttributesA(LPCSTR name, DWORD attributes) {
    WINSHIM_LEAVE(SetFileAttributesA, files, name, attributes);
    return set_attributes(name, attributes);
}
BOOL WINAPI SetFileAttributesW(LPCWSTR name, DWORD attributes) { return set_attributes(name, attributes); }
WINSHIM_EXPORT BOOL SetFileAttributes_utf16(Text16 name, DWORD attributes) WINSHIM_UTF16(SetFileAttributesW);
BOOL SetFileAttributes_utf16(Text16 name, DWORD attributes) {
    WINSHIM_LEAVE_AS(SetFileAttributesW, SetFileAttributes_utf16, files, name, attributes);
    return set_attributes(name, attributes);
}
WINSHIM_PLAIN(SetFileAttributes);
