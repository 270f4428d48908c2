// places.cpp - the current directory, the one for temporary files, full paths.
// Source      "GetCurrentDirectory", "SetCurrentDirectory", "GetFullPathNameW", "GetTempPathW", "GetTempFileNameW".
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/file/path.h"
#include "shim/next/next.h"

namespace winshim::file {

char* current_directory() noexcept { return getcwd(nullptr, 0); }

namespace {

template <class C>
DWORD get_directory(DWORD room, C* to) noexcept {
    const KeepErrno keep;
    char* const now = current_directory();
    if (now == nullptr) return failed_errno();
    const DWORD result = store(now, strlen(now), to, room);
    free(now);
    return result;
}

template <class C>
BOOL set_directory(const C* name) noexcept {
    const KeepErrno keep;
    const Path path{name};
    if (path.error() != 0) return failed(path.error());
    if (chdir(path.data()) == 0) return TRUE;
    struct stat s;
    const int error = errno;
    if (error == ENOTDIR && stat(path.data(), &s) == 0) return failed(ERROR_DIRECTORY);
    return failed(error_of_path(path.data(), error));
}

// The path without ".", ".." and doubled slashes, by its text alone; in `to`, which has room for `from` and a slash.
std::size_t tidy(const char* from, char* to) noexcept {
    std::size_t length = 0;
    bool open_end = false;  // whether it ends with a slash
    while (*from != '\0') {
        const std::size_t part = strcspn(from, "/");
        open_end = from[part] == '/';
        if (part == 0 || (part == 1 && from[0] == '.')) {
            // nothing to add
        } else if (part == 2 && from[0] == '.' && from[1] == '.') {
            while (length > 0 && to[--length] != '/') {}
        } else {
            to[length++] = '/';
            memcpy(to + length, from, part);
            length += part;
        }
        from += part;
        if (*from == '/') ++from;
    }
    if (length == 0 || open_end) to[length++] = '/';
    to[length] = '\0';
    return length;
}

template <class C>
DWORD full_path(const C* name, DWORD room, C* to, C** last) noexcept {
    const KeepErrno keep;
    const Path path{name};
    if (path.error() != 0) return failed(path.error() == ERROR_PATH_NOT_FOUND ? ERROR_INVALID_NAME : path.error());
    char* const base = path.data()[0] == '/' ? strdup("") : current_directory();
    if (base == nullptr) return failed_errno();
    const std::size_t all = strlen(base) + path.size() + 3;
    char* const joined = static_cast<char*>(malloc(all)), *const result = static_cast<char*>(malloc(all));
    DWORD length = 0;
    if (joined == nullptr || result == nullptr) {
        last_error = ERROR_NOT_ENOUGH_MEMORY;
    } else {
        snprintf(joined, all, "%s/%s", base, path.data());
        length = store(result, tidy(joined, result), to, room);
    }
    free(base);
    free(joined);
    free(result);
    if (last != nullptr && to != nullptr && length != 0 && length < room) {
        DWORD at = length;
        while (at > 0 && to[at - 1] != '/') --at;
        *last = at < length ? to + at : nullptr;
    }
    return length;
}

template <class C>
DWORD temporary_directory(DWORD room, C* to) noexcept {
    const KeepErrno keep;
    const char* found = nullptr;
    for (const char* const variable : {"TMP", "TEMP", "TMPDIR"})
        if (found == nullptr) {
            const char* const value = secure_getenv(variable);
            if (value != nullptr && value[0] == '/') found = value;
        }
    if (found == nullptr) found = "/tmp";
    std::size_t length = strlen(found);
    char* const text = static_cast<char*>(malloc(length + 2));
    if (text == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
    memcpy(text, found, length + 1);
    if (text[length - 1] != '/') text[length++] = '/';
    const DWORD result = store(text, length, to, room);
    free(text);
    return result;
}

// "DIRECTORY/PREuuuu.tmp" in `name`; false: it does not fit.
bool temporary_name(char (&name)[MAX_PATH * 4], const Path& directory, const char* prefix, int bytes,
    UINT number) noexcept {
    const char* const slash = directory.data()[directory.size() - 1] == '/' ? "" : "/";
    const int length = snprintf(name, sizeof name, "%s%s%.*s%X.tmp", directory.data(), slash, bytes, prefix, number);
    return length > 0 && length < static_cast<int>(sizeof name);
}

template <class C>
UINT temporary_file(const C* directory, const C* prefix, UINT unique, C* to) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    const Path path{directory};
    if (path.error() != 0) return failed(path.error() == ERROR_PATH_NOT_FOUND ? ERROR_DIRECTORY : path.error());
    if (to == nullptr) return failed(ERROR_INVALID_PARAMETER);
    std::size_t count = 0;
    while (prefix != nullptr && count < 3 && prefix[count] != C{}) ++count;
    const base::Utf8 begin{prefix, count};
    if (!begin) return failed(ERROR_NOT_ENOUGH_MEMORY);
    struct stat s;
    if (stat(path.data(), &s) != 0 || !S_ISDIR(s.st_mode)) return failed(ERROR_DIRECTORY);
    char name[MAX_PATH * 4];
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    unique &= 0xFFFF;
    UINT number = unique != 0 ? unique : static_cast<UINT>(now.tv_nsec / 1000 + getpid()) & 0xFFFF;
    for (int attempt = 0;; ++attempt, number = (number + 1) & 0xFFFF) {
        if (number == 0) number = 1;
        if (!temporary_name(name, path, begin.data(), static_cast<int>(begin.size()), number))
            return failed(ERROR_BUFFER_OVERFLOW);
        if (unique != 0) break;
        const int made = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (made >= 0) {
            ::close(made);
            break;
        }
        if (errno != EEXIST || attempt == 0xFFFF) return failed_errno();
    }
    const DWORD length = store(name, strlen(name), to, MAX_PATH);
    if (length == 0 || length >= MAX_PATH) {
        if (unique == 0) unlink(name);
        return failed(ERROR_BUFFER_OVERFLOW);
    }
    return number;
}

}  // namespace
}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;
using Text16 = const char16_t*;

DWORD WINAPI GetCurrentDirectoryA(DWORD room, LPSTR to) {
    WINSHIM_LEAVE(GetCurrentDirectoryA, files, room, to);
    return get_directory(room, to);
}
DWORD WINAPI GetCurrentDirectoryW(DWORD room, LPWSTR to) { return get_directory(room, to); }
WINSHIM_EXPORT DWORD GetCurrentDirectory_utf16(DWORD room, char16_t* to) WINSHIM_UTF16(GetCurrentDirectoryW);
DWORD GetCurrentDirectory_utf16(DWORD room, char16_t* to) {
    WINSHIM_LEAVE_AS(GetCurrentDirectoryW, GetCurrentDirectory_utf16, files, room, to);
    return get_directory(room, to);
}
WINSHIM_PLAIN(GetCurrentDirectory);

BOOL WINAPI SetCurrentDirectoryA(LPCSTR name) {
    WINSHIM_LEAVE(SetCurrentDirectoryA, files, name);
    return set_directory(name);
}
BOOL WINAPI SetCurrentDirectoryW(LPCWSTR name) { return set_directory(name); }
WINSHIM_EXPORT BOOL SetCurrentDirectory_utf16(Text16 name) WINSHIM_UTF16(SetCurrentDirectoryW);
BOOL SetCurrentDirectory_utf16(Text16 name) {
    WINSHIM_LEAVE_AS(SetCurrentDirectoryW, SetCurrentDirectory_utf16, files, name);
    return set_directory(name);
}
WINSHIM_PLAIN(SetCurrentDirectory);

DWORD WINAPI GetFullPathNameA(LPCSTR name, DWORD room, LPSTR to, LPSTR* last) {
    WINSHIM_LEAVE(GetFullPathNameA, files, name, room, to, last);
    return full_path(name, room, to, last);
}
DWORD WINAPI GetFullPathNameW(LPCWSTR name, DWORD room, LPWSTR to, LPWSTR* last) {
    return full_path(name, room, to, last);
}
WINSHIM_EXPORT DWORD GetFullPathName_utf16(Text16 name, DWORD room, char16_t* to, char16_t** last)
    WINSHIM_UTF16(GetFullPathNameW);
DWORD GetFullPathName_utf16(Text16 name, DWORD room, char16_t* to, char16_t** last) {
    WINSHIM_LEAVE_AS(GetFullPathNameW, GetFullPathName_utf16, files, name, room, to, last);
    return full_path(name, room, to, last);
}
WINSHIM_PLAIN(GetFullPathName);

DWORD WINAPI GetTempPathA(DWORD room, LPSTR to) {
    WINSHIM_LEAVE(GetTempPathA, files, room, to);
    return temporary_directory(room, to);
}
DWORD WINAPI GetTempPathW(DWORD room, LPWSTR to) { return temporary_directory(room, to); }
WINSHIM_EXPORT DWORD GetTempPath_utf16(DWORD room, char16_t* to) WINSHIM_UTF16(GetTempPathW);
DWORD GetTempPath_utf16(DWORD room, char16_t* to) {
    WINSHIM_LEAVE_AS(GetTempPathW, GetTempPath_utf16, files, room, to);
    return temporary_directory(room, to);
}
WINSHIM_PLAIN(GetTempPath);

UINT WINAPI GetTempFileNameA(LPCSTR directory, LPCSTR prefix, UINT unique, LPSTR to) {
    WINSHIM_LEAVE(GetTempFileNameA, files, directory, prefix, unique, to);
    return temporary_file(directory, prefix, unique, to);
}
UINT WINAPI GetTempFileNameW(LPCWSTR directory, LPCWSTR prefix, UINT unique, LPWSTR to) {
    return temporary_file(directory, prefix, unique, to);
}
WINSHIM_EXPORT UINT GetTempFileName_utf16(Text16 directory, Text16 prefix, UINT unique, char16_t* to)
    WINSHIM_UTF16(GetTempFileNameW);
UINT GetTempFileName_utf16(Text16 directory, Text16 prefix, UINT unique, char16_t* to) {
    WINSHIM_LEAVE_AS(GetTempFileNameW, GetTempFileName_utf16, files, directory, prefix, unique, to);
    return temporary_file(directory, prefix, unique, to);
}
WINSHIM_PLAIN(GetTempFileName);
