// crt_text.cpp - Microsoft's additions to the C library: texts and printing (winshim_crt.h).
// Source      "_stricmp, _wcsicmp", "_strdup, _wcsdup", "strcpy_s", "strncpy_s", "strcat_s", "memcpy_s", "_snprintf",
//             "_snprintf_s", "sprintf_s".
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/base/format.h"
#include "shim/base/sdk.h"
#include "shim/base/text.h"

namespace winshim::base {
namespace {

template <class C>
C lower(C c) noexcept {
    return c >= C{'A'} && c <= C{'Z'} ? static_cast<C>(c + ('a' - 'A')) : c;
}
template <class C>
C upper(C c) noexcept {
    return c >= C{'a'} && c <= C{'z'} ? static_cast<C>(c - ('a' - 'A')) : c;
}
// Characters of a text are compared as numbers without a sign.
u32 number(char c) noexcept { return static_cast<unsigned char>(c); }
u32 number(wchar_t c) noexcept { return static_cast<u32>(c); }
u32 number(char16_t c) noexcept { return c; }

template <class C>
int compare(const C* first, const C* second, std::size_t most) noexcept {
    for (std::size_t i = 0; i < most; ++i) {
        const u32 a = number(lower(first[i])), b = number(lower(second[i]));
        if (a != b) return a < b ? -1 : 1;
        if (a == 0) break;
    }
    return 0;
}
constexpr std::size_t kAll = static_cast<std::size_t>(-1);

template <class C>
C* duplicate(const C* text) noexcept {
    if (text == nullptr) return nullptr;
    const std::size_t bytes = (length_of(text) + 1) * sizeof(C);
    C* const copy = static_cast<C*>(malloc(bytes));
    if (copy != nullptr) memcpy(copy, text, bytes);
    return copy;
}

// Puts up to `most` characters of `from` at to[at]; what does not fit empties the buffer, or is left out if `cut`.
errno_t append(char* to, std::size_t room, std::size_t at, const char* from, std::size_t most) noexcept {
    const bool cut = most == _TRUNCATE;
    const std::size_t length = strnlen(from, most);
    if (length < room - at) {
        memcpy(to + at, from, length);
        to[at + length] = '\0';
        return 0;
    }
    if (!cut) return to[0] = '\0', ERANGE;
    memcpy(to + at, from, room - at - 1);
    to[room - 1] = '\0';
    return STRUNCATE;
}

// strcpy_s and strncpy_s.
errno_t copy(char* to, std::size_t room, const char* from, std::size_t most) noexcept {
    if (to == nullptr || room == 0) return EINVAL;
    if (from == nullptr) return to[0] = '\0', most == 0 ? 0 : EINVAL;
    return append(to, room, 0, from, most);
}

// strcat_s and strncat_s.
errno_t concatenate(char* to, std::size_t room, const char* from, std::size_t most) noexcept {
    if (to == nullptr || room == 0) return EINVAL;
    const std::size_t at = strnlen(to, room);
    if (at == room || from == nullptr) return to[0] = '\0', most == 0 ? 0 : EINVAL;
    return append(to, room, at, from, most);
}

// The longest text there can be: what does not fit is an error, not a cut. One less than _TRUNCATE.
constexpr std::size_t kWhole = _TRUNCATE - 1;

int print_cut(char* buffer, std::size_t count, const char* format, va_list list) noexcept {
    va_list again;
    va_copy(again, list);
    const int length = vsnprintf(nullptr, 0, format, list);
    const std::size_t wanted = static_cast<std::size_t>(length);
    int result = -1;
    if (length >= 0 && buffer == nullptr) {
        result = count == 0 ? length : -1;
    } else if (length >= 0 && wanted < count) {
        result = vsnprintf(buffer, count, format, again);
    } else if (length >= 0 && count > 0) {  // no room for an end: print beside, and copy what there is room for
        char* const all = static_cast<char*>(malloc(wanted + 1));
        if (all != nullptr && vsnprintf(all, wanted + 1, format, again) == length) {
            memcpy(buffer, all, count);
            if (wanted == count) result = length;
        }
        free(all);
    } else if (length == 0) {
        result = 0;
    }
    va_end(again);
    return result;
}

int print_safe(char* buffer, std::size_t room, std::size_t count, const char* format, va_list list) noexcept {
    if (buffer == nullptr && room == 0 && count == 0) return 0;
    if (buffer == nullptr || room == 0 || format == nullptr) return errno = EINVAL, -1;
    const bool cut = count != _TRUNCATE && count < room;
    const std::size_t limit = cut ? count + 1 : room;
    const int length = vsnprintf(buffer, limit, format, list);
    if (length < 0) return buffer[0] = '\0', -1;
    if (static_cast<std::size_t>(length) < limit) return length;
    if (cut || count == _TRUNCATE) return -1;
    buffer[0] = '\0';
    errno = ERANGE;
    return -1;
}

template <class C>
int print_wide(C* buffer, std::size_t count, const C* text, va_list list) noexcept {
    Out<C> measured{nullptr, 0};
    const bool good = format<C>(measured, text, list);
    const std::size_t length = measured.count();
    const int result = good && length <= INT_MAX ? static_cast<int>(length) : -1;
    if (buffer == nullptr) return count == 0 ? result : -1;
    if (length < count) {
        Out<C> out{buffer, length + 1};
        format<C>(out, text, list);
        return result;
    }
    // Beside, because Out keeps a place for an end, and a text that just fits has none here.
    C* const beside = static_cast<C*>(malloc((length + 1) * sizeof(C)));
    if (beside == nullptr) return -1;
    Out<C> whole{beside, length + 1};
    format<C>(whole, text, list);
    memcpy(buffer, beside, count * sizeof(C));
    free(beside);
    return length == count ? result : -1;
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

int _stricmp(const char* first, const char* second) { return compare(first, second, kAll); }
int _strnicmp(const char* first, const char* second, size_t most) { return compare(first, second, most); }
char* _strdup(const char* text) { return duplicate(text); }
char* _strlwr(char* text) {
    for (char* at = text; *at != '\0'; ++at) *at = lower(*at);
    return text;
}
char* _strupr(char* text) {
    for (char* at = text; *at != '\0'; ++at) *at = upper(*at);
    return text;
}
int _wcsicmp(const wchar_t* first, const wchar_t* second) { return compare(first, second, kAll); }
int _wcsnicmp(const wchar_t* first, const wchar_t* second, size_t most) { return compare(first, second, most); }
wchar_t* _wcsdup(const wchar_t* text) { return duplicate(text); }

WINSHIM_EXPORT int wcsicmp_utf16(const char16_t* first, const char16_t* second) WINSHIM_UTF16(_wcsicmp);
int wcsicmp_utf16(const char16_t* first, const char16_t* second) { return compare(first, second, kAll); }
WINSHIM_EXPORT int wcsnicmp_utf16(const char16_t* first, const char16_t* second, size_t most) WINSHIM_UTF16(_wcsnicmp);
int wcsnicmp_utf16(const char16_t* first, const char16_t* second, size_t most) { return compare(first, second, most); }
WINSHIM_EXPORT char16_t* wcsdup_utf16(const char16_t* text) WINSHIM_UTF16(_wcsdup);
char16_t* wcsdup_utf16(const char16_t* text) { return duplicate(text); }

errno_t strcpy_s(char* to, rsize_t room, const char* from) { return copy(to, room, from, kWhole); }
errno_t strcat_s(char* to, rsize_t room, const char* from) { return concatenate(to, room, from, kWhole); }
errno_t strncpy_s(char* to, size_t room, const char* from, size_t most) {
    if (to == nullptr && room == 0 && most == 0) return 0;
    return copy(to, room, from, most);
}
errno_t strncat_s(char* to, size_t room, const char* from, size_t most) {
    if (to == nullptr && room == 0 && most == 0) return 0;
    return concatenate(to, room, from, most);
}

errno_t memmove_s(void* to, size_t room, const void* from, size_t bytes) {
    if (bytes == 0) return 0;
    if (to == nullptr) return EINVAL;
    if (from == nullptr || bytes > room) {
        memset(to, 0, room);
        return from == nullptr ? EINVAL : ERANGE;
    }
    memmove(to, from, bytes);
    return 0;
}
errno_t memcpy_s(void* to, size_t room, const void* from, size_t bytes) { return memmove_s(to, room, from, bytes); }

errno_t strerror_s(char* buffer, size_t room, int error) {
    if (buffer == nullptr || room == 0) return EINVAL;
    char text[128];
    const int result = snprintf(buffer, room, "%s", strerror_r(error, text, sizeof text));
    return result < 0 ? EINVAL : 0;
}

#define WINSHIM_CALL(call)           \
    {                                \
        va_list list;                \
        va_start(list, text);        \
        const int result = call;     \
        va_end(list);                \
        return result;               \
    }
int _snprintf(char* buffer, size_t count, const char* text, ...) WINSHIM_CALL(print_cut(buffer, count, text, list))
int _vsnprintf(char* buffer, size_t count, const char* text, va_list list) {
    return print_cut(buffer, count, text, list);
}
int sprintf_s(char* buffer, size_t room, const char* text, ...)
    WINSHIM_CALL(print_safe(buffer, room, kWhole, text, list))
int vsprintf_s(char* buffer, size_t room, const char* text, va_list list) {
    return print_safe(buffer, room, kWhole, text, list);
}
int _snprintf_s(char* buffer, size_t room, size_t count, const char* text, ...)
    WINSHIM_CALL(print_safe(buffer, room, count, text, list))
int _vsnprintf_s(char* buffer, size_t room, size_t count, const char* text, va_list list) {
    return print_safe(buffer, room, count, text, list);
}
int _snwprintf(wchar_t* buffer, size_t count, const wchar_t* text, ...)
    WINSHIM_CALL(print_wide(buffer, count, text, list))
int _vsnwprintf(wchar_t* buffer, size_t count, const wchar_t* text, va_list list) {
    return print_wide(buffer, count, text, list);
}
WINSHIM_EXPORT int vsnwprintf_utf16(char16_t* buffer, size_t count, const char16_t* text, va_list list)
    WINSHIM_UTF16(_vsnwprintf);
int vsnwprintf_utf16(char16_t* buffer, size_t count, const char16_t* text, va_list list) {
    return print_wide(buffer, count, text, list);
}
WINSHIM_EXPORT int snwprintf_utf16(char16_t* buffer, size_t count, const char16_t* text, ...)
    WINSHIM_UTF16(_snwprintf);
int snwprintf_utf16(char16_t* buffer, size_t count, const char16_t* text, ...)
    WINSHIM_CALL(print_wide(buffer, count, text, list))
