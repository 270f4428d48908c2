// environment.cpp - environment variables (winshim_environment.h).
//
// The variables are those of the C library (environ), in UTF-8.
// Locks       `lock` for the calls of this file; setenv and getenv of the C library know nothing of it.
// Source      "GetEnvironmentVariableW", "SetEnvironmentVariableW", "ExpandEnvironmentStringsW".
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "shim/base/environment.h"
#include "shim/base/fork_lock.h"
#include "shim/base/format.h"
#include "shim/base/sdk.h"
#include "shim/base/text.h"

namespace winshim::base {
namespace {

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
using Guard = base::ForkLock<lock>;
__attribute__((constructor)) void watch_forks() noexcept { Guard::watch_forks(); }

// "NAME=VALUE" of the variable, found exactly or else without regard to case.
const char* find(const char* name, std::size_t length) noexcept {
    const char* similar = nullptr;
    for (char** e = environ; length > 0 && e != nullptr && *e != nullptr; ++e) {
        if (strncasecmp(*e, name, length) != 0 || (*e)[length] != '=') continue;
        if (strncmp(*e, name, length) == 0) return *e;
        if (similar == nullptr) similar = *e;
    }
    return similar;
}

template <class C>
DWORD get(const C* name, C* out, DWORD room) noexcept {
    if (name == nullptr) return failed(ERROR_INVALID_PARAMETER);
    const Utf8 wanted{name, length_of(name)};
    if (!wanted) return failed(ERROR_NOT_ENOUGH_MEMORY);
    const Guard guard;
    const char* const entry = find(wanted.data(), wanted.size());
    if (entry == nullptr) return failed(ERROR_ENVVAR_NOT_FOUND);
    const Converted<C> value{entry + wanted.size() + 1, strlen(entry + wanted.size() + 1)};
    if (!value) return failed(ERROR_NOT_ENOUGH_MEMORY);
    if (out == nullptr || value.size() >= room) return static_cast<DWORD>(value.size() + 1);
    memcpy(out, value.data(), (value.size() + 1) * sizeof(C));
    return static_cast<DWORD>(value.size());
}

template <class C>
BOOL set(const C* name, const C* value) noexcept {
    if (name == nullptr) return failed(ERROR_INVALID_PARAMETER);
    const Utf8 wanted{name, length_of(name)}, text{value, value != nullptr ? length_of(value) : 0};
    if (!wanted || !text) return failed(ERROR_NOT_ENOUGH_MEMORY);
    if (wanted.size() == 0 || strchr(wanted.data(), '=') != nullptr) return failed(ERROR_INVALID_PARAMETER);
    const Guard guard;
    const char* const entry = find(wanted.data(), wanted.size());
    if (entry == nullptr)
        return value == nullptr                             ? failed(ERROR_ENVVAR_NOT_FOUND)
               : setenv(wanted.data(), text.data(), 1) == 0 ? BOOL{TRUE}
                                                            : failed(ERROR_NOT_ENOUGH_MEMORY);
    const Utf8 own{entry, wanted.size()};  // its name as it is written in the environment
    if (!own) return failed(ERROR_NOT_ENOUGH_MEMORY);
    const int result = value == nullptr ? unsetenv(own.data()) : setenv(own.data(), text.data(), 1);
    return result == 0 ? BOOL{TRUE} : failed(ERROR_NOT_ENOUGH_MEMORY);
}

template <class C>
void put_text(Out<C>& out, const char* text, std::size_t length) noexcept {
    convert<C>(text, length, [&](const C* units, u32 n) {
        for (u32 i = 0; i < n; ++i) out.unit(units[i]);
    });
}

template <class C>
DWORD expand(const C* source, C* to, DWORD room) noexcept {
    if (source == nullptr) return failed(ERROR_INVALID_PARAMETER);
    const Utf8 text{source, length_of(source)};
    if (!text) return failed(ERROR_NOT_ENOUGH_MEMORY);
    const Guard guard;
    Out<C> out{to, to != nullptr ? room : 0};
    const char* at = text.data();
    while (const char* const begin = strchr(at, '%')) {
        const char* const end = strchr(begin + 1, '%');
        if (end == nullptr) break;
        put_text(out, at, static_cast<std::size_t>(begin - at));
        const auto length = static_cast<std::size_t>(end - begin - 1);
        if (const char* const entry = find(begin + 1, length)) {
            put_text(out, entry + length + 1, strlen(entry + length + 1));
            at = end + 1;
        } else {  // the second % may begin a name
            put_text(out, begin, length + 1);
            at = end;
        }
    }
    put_text(out, at, strlen(at));
    out.end();
    return static_cast<DWORD>(out.count() + 1);
}

template <class C>
C* copy_all() noexcept {
    const Guard guard;
    std::size_t needed = 1;
    for (char** e = environ; e != nullptr && *e != nullptr; ++e) {
        convert<C>(*e, strlen(*e), [&](const C*, u32 n) { needed += n; });
        ++needed;
    }
    C* const block = static_cast<C*>(malloc((needed + 1) * sizeof(C)));
    if (block == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
    C* at = block;
    for (char** e = environ; e != nullptr && *e != nullptr; ++e) {
        convert<C>(*e, strlen(*e), [&](const C* units, u32 n) {
            for (u32 i = 0; i < n; ++i) *at++ = units[i];
        });
        *at++ = C{};
    }
    if (at == block) *at++ = C{};  // an empty environment is an empty text, and the end
    *at = C{};
    return block;
}

BOOL free_all(void* block) noexcept {
    const KeepErrno keep;
    free(block);
    return TRUE;
}

}  // namespace

void each_variable(void (*visit)(void* with, const char* entry), void* with) noexcept {
    const Guard guard;
    for (char** e = environ; e != nullptr && *e != nullptr; ++e) visit(with, *e);
}

}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;
using Text16 = const char16_t*;

DWORD WINAPI GetEnvironmentVariableA(LPCSTR name, LPSTR out, DWORD room) { return get(name, out, room); }
DWORD WINAPI GetEnvironmentVariableW(LPCWSTR name, LPWSTR out, DWORD room) { return get(name, out, room); }
WINSHIM_EXPORT DWORD GetEnvironmentVariable_utf16(Text16 name, char16_t* out, DWORD room)
    WINSHIM_UTF16(GetEnvironmentVariableW);
DWORD GetEnvironmentVariable_utf16(Text16 name, char16_t* out, DWORD room) { return get(name, out, room); }
WINSHIM_PLAIN(GetEnvironmentVariable);

BOOL WINAPI SetEnvironmentVariableA(LPCSTR name, LPCSTR value) { return set(name, value); }
BOOL WINAPI SetEnvironmentVariableW(LPCWSTR name, LPCWSTR value) { return set(name, value); }
WINSHIM_EXPORT BOOL SetEnvironmentVariable_utf16(Text16 name, Text16 value) WINSHIM_UTF16(SetEnvironmentVariableW);
BOOL SetEnvironmentVariable_utf16(Text16 name, Text16 value) { return set(name, value); }
WINSHIM_PLAIN(SetEnvironmentVariable);

DWORD WINAPI ExpandEnvironmentStringsA(LPCSTR source, LPSTR to, DWORD room) { return expand(source, to, room); }
DWORD WINAPI ExpandEnvironmentStringsW(LPCWSTR source, LPWSTR to, DWORD room) { return expand(source, to, room); }
WINSHIM_EXPORT DWORD ExpandEnvironmentStrings_utf16(Text16 source, char16_t* to, DWORD room)
    WINSHIM_UTF16(ExpandEnvironmentStringsW);
DWORD ExpandEnvironmentStrings_utf16(Text16 source, char16_t* to, DWORD room) { return expand(source, to, room); }
WINSHIM_PLAIN(ExpandEnvironmentStrings);

LPSTR WINAPI GetEnvironmentStringsA(void) { return copy_all<char>(); }
LPWSTR WINAPI GetEnvironmentStringsW(void) { return copy_all<wchar_t>(); }
WINSHIM_EXPORT char16_t* GetEnvironmentStrings_utf16(void) WINSHIM_UTF16(GetEnvironmentStringsW);
char16_t* GetEnvironmentStrings_utf16(void) { return copy_all<char16_t>(); }
WINSHIM_PLAIN(GetEnvironmentStrings);

BOOL WINAPI FreeEnvironmentStringsA(LPSTR block) { return free_all(block); }
BOOL WINAPI FreeEnvironmentStringsW(LPWSTR block) { return free_all(block); }
WINSHIM_EXPORT BOOL FreeEnvironmentStrings_utf16(char16_t* block) WINSHIM_UTF16(FreeEnvironmentStringsW);
BOOL FreeEnvironmentStrings_utf16(char16_t* block) { return free_all(block); }
WINSHIM_PLAIN(FreeEnvironmentStrings);
