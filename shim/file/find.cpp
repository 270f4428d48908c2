// find.cpp - FindFirstFile and its kin: the entries of a directory that fit a pattern.
//
// The names are read when the search begins, and told in alphabetical order, as Windows' file system does; what each is
// is looked at when it is told. An entry that has vanished meanwhile is left out.
// Locks       `lock` guards the list of searches; a search is used by one thread at a time, as on Windows.
// Source      "FindFirstFileW", "FindNextFileW", "FindClose", "WIN32_FIND_DATAW".
#include <dirent.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "shim/base/fork_lock.h"
#include "shim/file/facts.h"
#include "shim/file/path.h"
#include "shim/next/next.h"

namespace winshim::file {
namespace {

// WIN32_FIND_DATA in a given width; that of wchar_t is the declared one.
template <class C>
struct FindData {
    DWORD dwFileAttributes;
    FILETIME ftCreationTime, ftLastAccessTime, ftLastWriteTime;
    DWORD nFileSizeHigh, nFileSizeLow, dwReserved0, dwReserved1;
    C cFileName[MAX_PATH], cAlternateFileName[14];
};
static_assert(sizeof(FindData<char>) == sizeof(WIN32_FIND_DATAA) && sizeof(FindData<wchar_t>) ==
    sizeof(WIN32_FIND_DATAW));

struct Search {
    Search* next;
    char* directory;  // with a slash at its end, or empty
    char** names;
    std::size_t count, at;
};
Search* searches = nullptr;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
using Guard = base::ForkLock<lock>;
__attribute__((constructor)) void watch_forks() noexcept { Guard::watch_forks(); }

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// * any characters, ? one or, at the end, none; letters in either case. Where it does not fit, only the last * takes
// one more character: what an earlier one could take instead, that one can take, too.
bool fits(const char* name, const char* pattern) noexcept {
    const char *after_star = nullptr, *begin = nullptr;  // the name from `begin` on is to fit what follows the star
    for (;;) {
        if (*pattern == '*') {
            after_star = ++pattern;
            begin = name;
        } else if (*name == '\0') {
            return pattern[strspn(pattern, "*?")] == '\0';
        } else if (*pattern == '?') {
            while ((name[1] & 0xC0) == 0x80) ++name;  // the rest of a character of several bytes
            ++name;
            ++pattern;
        } else if (lower(*pattern) == lower(*name)) {
            ++name;
            ++pattern;
        } else if (after_star != nullptr) {
            name = ++begin;
            pattern = after_star;
        } else {
            return false;
        }
    }
}

void destroy(Search* s) noexcept {
    if (s == nullptr) return;
    for (std::size_t i = 0; i < s->count; ++i) free(s->names[i]);
    free(s->names);
    free(s->directory);
    free(s);
}

bool add(Search& s, const char* name) noexcept {
    if (s.count % 64 == 0) {
        void* const more = realloc(s.names, (s.count + 64) * sizeof *s.names);
        if (more == nullptr) return false;
        s.names = static_cast<char**>(more);
    }
    s.names[s.count] = strdup(name);
    return s.names[s.count] != nullptr && ++s.count != 0;
}

int by_name(const void* a, const void* b) noexcept {
    const char *const first = *static_cast<char* const*>(a), *const second = *static_cast<char* const*>(b);
    const int order = strcasecmp(first, second);
    return order != 0 ? order : strcmp(first, second);
}

// Fills the list of names; the error, or 0.
DWORD look(Search& s, const char* pattern) noexcept {
    if (strpbrk(pattern, "*?") == nullptr) return add(s, pattern) ? 0 : DWORD{ERROR_NOT_ENOUGH_MEMORY};
    if (strcmp(pattern, "*.*") == 0) pattern = "*";
    DIR* const directory = opendir(*s.directory == '\0' ? "." : s.directory);
    if (directory == nullptr) return errno == ENOENT ? DWORD{ERROR_PATH_NOT_FOUND} : error_of(errno);
    bool room = true;
    while (const dirent* const entry = readdir(directory))
        if (fits(entry->d_name, pattern)) room = room && add(s, entry->d_name);
    closedir(directory);
    if (s.count > 1) qsort(s.names, s.count, sizeof *s.names, by_name);
    return room ? 0 : DWORD{ERROR_NOT_ENOUGH_MEMORY};
}

// Tells the next entry that is there and whose name fits into the structure; false: there is none.
template <class C>
bool tell(Search& s, FindData<C>& to) noexcept {
    while (s.at < s.count) {
        const char* const name = s.names[s.at++];
        char path[PATH_MAX];
        struct stat status;
        if (snprintf(path, sizeof path, "%s%s", s.directory, name) >= static_cast<int>(sizeof path)) continue;
        if (stat(path, &status) != 0 && lstat(path, &status) != 0) continue;
        const DWORD length = store(name, strlen(name), to.cFileName, MAX_PATH);
        if (length == 0 || length >= MAX_PATH) continue;
        fill(to, status);
        to.dwReserved0 = to.dwReserved1 = 0;
        to.cAlternateFileName[0] = C{};
        return true;
    }
    return false;
}

HANDLE nothing(Search* s, DWORD error) noexcept {
    destroy(s);
    last_error = error;
    return INVALID_HANDLE_VALUE;
}

template <class C>
HANDLE find_first(const C* name, void* data) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    const Path path{name};
    if (path.error() != 0) return nothing(nullptr, path.error());
    if (data == nullptr) return nothing(nullptr, ERROR_INVALID_PARAMETER);
    const char* const slash = strrchr(path.data(), '/');
    const char* const pattern = slash != nullptr ? slash + 1 : path.data();
    if (*pattern == '\0') return nothing(nullptr, ERROR_FILE_NOT_FOUND);
    Search* const s = static_cast<Search*>(calloc(1, sizeof(Search)));
    if (s == nullptr) return nothing(s, ERROR_NOT_ENOUGH_MEMORY);
    s->directory = strndup(path.data(), static_cast<std::size_t>(pattern - path.data()));
    if (s->directory == nullptr) return nothing(s, ERROR_NOT_ENOUGH_MEMORY);
    if (const DWORD error = look(*s, pattern); error != 0) return nothing(s, error);
    if (!tell(*s, *static_cast<FindData<C>*>(data))) return nothing(s, error_of_path(path.data(), ENOENT));
    const Guard guard;
    s->next = searches;
    return searches = s;
}

// The place in the list that leads to an open search; null: not one.
Search** find(HANDLE handle) noexcept {
    for (Search** s = &searches; *s != nullptr; s = &(*s)->next)
        if (*s == handle) return s;
    return nullptr;
}

// A search is an address: whether it is one of ours only the list knows.
bool is_search(HANDLE handle) noexcept {
    const Guard guard;
    return find(handle) != nullptr;
}

template <class C>
BOOL find_next(HANDLE handle, void* data) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    Search* s = nullptr;
    {
        const Guard guard;
        if (Search** const at = find(handle)) s = *at;
    }
    if (s == nullptr) return failed(ERROR_INVALID_HANDLE);
    if (data == nullptr) return failed(ERROR_INVALID_PARAMETER);
    return tell(*s, *static_cast<FindData<C>*>(data)) ? BOOL{TRUE} : failed(ERROR_NO_MORE_FILES);
}

}  // namespace
}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;

HANDLE WINAPI FindFirstFileA(LPCSTR name, LPWIN32_FIND_DATAA data) {
    WINSHIM_LEAVE(FindFirstFileA, files, name, data);
    return find_first(name, data);
}
HANDLE WINAPI FindFirstFileW(LPCWSTR name, LPWIN32_FIND_DATAW data) { return find_first(name, data); }
WINSHIM_EXPORT HANDLE FindFirstFile_utf16(const char16_t* name, void* data) WINSHIM_UTF16(FindFirstFileW);
HANDLE FindFirstFile_utf16(const char16_t* name, void* data) {
    WINSHIM_LEAVE_AS(FindFirstFileW, FindFirstFile_utf16, files, name, data);
    return find_first(name, data);
}
WINSHIM_PLAIN(FindFirstFile);

BOOL WINAPI FindNextFileA(HANDLE search, LPWIN32_FIND_DATAA data) {
    WINSHIM_HAND_ON_AS(FindNextFileA, FindNextFileA, !is_search(search), search, search, data);
    return find_next<char>(search, data);
}
BOOL WINAPI FindNextFileW(HANDLE search, LPWIN32_FIND_DATAW data) { return find_next<wchar_t>(search, data); }
WINSHIM_EXPORT BOOL FindNextFile_utf16(HANDLE search, void* data) WINSHIM_UTF16(FindNextFileW);
BOOL FindNextFile_utf16(HANDLE search, void* data) {
    WINSHIM_HAND_ON_AS(FindNextFileW, FindNextFile_utf16, !is_search(search), search, search, data);
    return find_next<char16_t>(search, data);
}
WINSHIM_PLAIN(FindNextFile);

BOOL WINAPI FindClose(HANDLE hFindFile) {
    WINSHIM_HAND_ON_AS(FindClose, FindClose, !is_search(hFindFile), hFindFile, hFindFile);
    const KeepErrno keep;
    const Uncancelled uncancelled;
    Search* s = nullptr;
    {
        const Guard guard;
        if (Search** const at = find(hFindFile)) s = *at, *at = s->next;
    }
    if (s == nullptr) return failed(ERROR_INVALID_HANDLE);
    destroy(s);
    return TRUE;
}
