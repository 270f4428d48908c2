// create.cpp - CreateFile: a path, or one of the few devices, becomes a descriptor.
//
// Share modes are not enforced: Linux has no locks that others must heed. See fileapi.h.
// Source      "CreateFileW".
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/file/path.h"
#include "shim/next/next.h"

namespace winshim::file {
namespace {

constexpr DWORD kReads = GENERIC_READ | GENERIC_ALL | MAXIMUM_ALLOWED | FILE_READ_DATA,
                kWrites = GENERIC_WRITE | GENERIC_ALL | FILE_WRITE_DATA;

struct Wish {
    const char* path;
    int flags;
    mode_t mode;
    bool inherit;
};

int open_flags(DWORD access, DWORD attributes) noexcept {
    const bool appends = (access & FILE_APPEND_DATA) != 0 && (access & kWrites) == 0;
    const bool reads = (access & kReads) != 0, writes = appends || (access & kWrites) != 0;
    return (writes ? reads ? O_RDWR : O_WRONLY : O_RDONLY) | (appends ? O_APPEND : 0) |
           ((attributes & FILE_FLAG_WRITE_THROUGH) != 0 ? O_SYNC : 0) | O_NOCTTY;
}

int open_it(const Wish& wish, int more) noexcept {
    int made;
    do made = open(wish.path, wish.flags | more | (wish.inherit ? 0 : O_CLOEXEC), wish.mode);
    while (made < 0 && errno == EINTR);
    return keep_off_standard(made, wish.inherit);
}

// Opens or makes, and says which it was. Each attempt is one step of the system; the file may appear or vanish between
// two, or be a link that leads nowhere: hence the limit.
int open_or_make(const Wish& wish, int more, bool& existed) noexcept {
    int made = -1;
    for (int attempt = 0; attempt < 16; ++attempt) {
        existed = true;
        made = open_it(wish, more);
        if (made >= 0 || errno != ENOENT) return made;
        existed = false;
        made = open_it(wish, more | O_CREAT | O_EXCL);
        if (made >= 0 || errno != EEXIST) return made;
        errno = ENOENT;
    }
    return made;
}

HANDLE no_file(DWORD error) noexcept {
    last_error = error;
    return INVALID_HANDLE_VALUE;
}

// The device that a name stands for; null: it is an ordinary path.
const char* device(const Path& path) noexcept {
    if (path.is("NUL") || path.is("NUL:")) return "/dev/null";
    return path.is("CONIN$") || path.is("CONOUT$") || path.is("CON") ? "/dev/tty" : nullptr;
}

template <class C>
HANDLE create(const C* name, DWORD access, const SECURITY_ATTRIBUTES* security, DWORD disposition,
              DWORD attributes) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    const Path path{name};
    if (path.error() != 0) return no_file(path.error());
    Wish wish{path.data(), open_flags(access, attributes),
              static_cast<mode_t>((attributes & FILE_ATTRIBUTE_READONLY) != 0 ? 0444 : 0666),
              security != nullptr && security->bInheritHandle != FALSE};
    if (disposition < CREATE_NEW || disposition > TRUNCATE_EXISTING) return no_file(ERROR_INVALID_PARAMETER);
    if (disposition == TRUNCATE_EXISTING && (access & kWrites) == 0) return no_file(ERROR_INVALID_PARAMETER);
    if (const char* const at = device(path)) {
        wish.path = at;
        const int opened = open_it(wish, 0);
        if (opened < 0) return no_file(errno == ENXIO ? DWORD{ERROR_INVALID_HANDLE} : error_of(errno));
        last_error = 0;
        return handle_of(opened);
    }
    bool existed = false;
    int made;
    switch (disposition) {
        case CREATE_NEW: made = open_it(wish, O_CREAT | O_EXCL); break;
        case CREATE_ALWAYS: made = open_or_make(wish, O_TRUNC, existed); break;
        case OPEN_ALWAYS: made = open_or_make(wish, 0, existed); break;
        case TRUNCATE_EXISTING: made = open_it(wish, O_TRUNC); break;
        default: made = open_it(wish, 0);
    }
    if (made < 0) return no_file(error_of_path(path.data(), errno));
    struct stat status;
    if ((attributes & FILE_FLAG_BACKUP_SEMANTICS) == 0 && fstat(made, &status) == 0 && S_ISDIR(status.st_mode)) {
        ::close(made);
        return no_file(ERROR_ACCESS_DENIED);
    }
    if ((attributes & FILE_FLAG_DELETE_ON_CLOSE) != 0) unlink(path.data());
    last_error = existed && (disposition == CREATE_ALWAYS || disposition == OPEN_ALWAYS) ? ERROR_ALREADY_EXISTS : 0;
    return handle_of(made);
}

}  // namespace
}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;

HANDLE WINAPI CreateFileA(LPCSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security, DWORD disposition,
                          DWORD attributes, HANDLE pattern) {
    WINSHIM_LEAVE(CreateFileA, files, name, access, share, security, disposition, attributes, pattern);
    return create(name, access, security, disposition, attributes);
}
HANDLE WINAPI CreateFileW(LPCWSTR name, DWORD access, DWORD, LPSECURITY_ATTRIBUTES security, DWORD disposition,
                          DWORD attributes, HANDLE) {
    return create(name, access, security, disposition, attributes);
}
WINSHIM_EXPORT HANDLE CreateFile_utf16(const char16_t* name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security,
                                       DWORD disposition, DWORD attributes, HANDLE) WINSHIM_UTF16(CreateFileW);
HANDLE CreateFile_utf16(const char16_t* name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security,
                        DWORD disposition, DWORD attributes, HANDLE pattern) {
    WINSHIM_LEAVE_AS(CreateFileW, CreateFile_utf16, files, name, access, share, security, disposition, attributes,
                     pattern);
    return create(name, access, security, disposition, attributes);
}
WINSHIM_PLAIN(CreateFile);
