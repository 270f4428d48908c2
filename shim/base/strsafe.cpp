// strsafe.cpp - the functions of strsafe.h: three widths, room in characters and in bytes, one implementation.
// Source      "StringCchCopyW", "StringCchCatW", "StringCchLengthW", "StringCchPrintfW" and their kin.
#include "shim/base/format.h"
#include "shim/base/sdk.h"
#include "shim/base/text.h"
#pragma GCC visibility push(default)
#include "winapi_headers/strsafe.h"
#pragma GCC visibility pop

namespace winshim::base {
namespace {

constexpr std::size_t kAll = STRSAFE_MAX_CCH;

bool possible(std::size_t room) noexcept { return room > 0 && room <= kAll; }

template <class C>
HRESULT copy(C* to, std::size_t room, const C* from, std::size_t most) noexcept {
    if (!possible(room) || most > kAll) return STRSAFE_E_INVALID_PARAMETER;
    std::size_t i = 0;
    for (; i < room - 1 && i < most && from[i] != C{}; ++i) to[i] = from[i];
    to[i] = C{};
    return i == most || from[i] == C{} ? S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;
}

template <class C>
HRESULT append(C* to, std::size_t room, const C* from, std::size_t most) noexcept {
    if (!possible(room)) return STRSAFE_E_INVALID_PARAMETER;
    std::size_t length = 0;
    while (length < room && to[length] != C{}) ++length;
    return length == room ? STRSAFE_E_INVALID_PARAMETER : copy(to + length, room - length, from, most);
}

template <class C>
HRESULT measure(const C* text, std::size_t most, std::size_t* length, std::size_t unit) noexcept {
    std::size_t n = 0;
    if (text != nullptr && most <= kAll)
        while (n < most && text[n] != C{}) ++n;
    const bool good = text != nullptr && most <= kAll && n < most;
    if (length != nullptr) *length = good ? n * unit : 0;
    return good ? S_OK : STRSAFE_E_INVALID_PARAMETER;
}

template <class Wide, class C>
HRESULT print(C* to, std::size_t room, const C* text, va_list list) noexcept {
    const KeepErrno keep;
    if (!possible(room)) return STRSAFE_E_INVALID_PARAMETER;
    Out<C> out{to, room};
    if (!format<Wide>(out, text, list)) {
        to[0] = C{};
        return STRSAFE_E_INVALID_PARAMETER;
    }
    return out.overflow() ? STRSAFE_E_INSUFFICIENT_BUFFER : S_OK;
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

// The names without a letter are macros of the header; here they are functions.
#undef StringCchCopy
#undef StringCchCopyN
#undef StringCchCat
#undef StringCchCatN
#undef StringCchLength
#undef StringCchPrintf
#undef StringCchVPrintf
#undef StringCbCopy
#undef StringCbCopyN
#undef StringCbCat
#undef StringCbCatN
#undef StringCbLength
#undef StringCbPrintf
#undef StringCbVPrintf

// One function in its three forms. kUnit is how many of its units a character has: 1 for Cch, the size for Cb.
#define WINSHIM_FORMS(name, parameters8, parameters32, parameters16, body)                     \
    HRESULT WINAPI name##A parameters8 { using C = char; body }                                \
    HRESULT WINAPI name##W parameters32 { using C = wchar_t; body }                            \
    WINSHIM_EXPORT HRESULT name##_utf16 parameters16 WINSHIM_UTF16(name##W);                   \
    HRESULT name##_utf16 parameters16 { using C = char16_t; body }                             \
    WINSHIM_PLAIN(name)
#define WINSHIM_BOTH(name, unit)                                                                                      \
    WINSHIM_FORMS(name##Copy, (LPSTR to, size_t room, LPCSTR from), (LPWSTR to, size_t room, LPCWSTR from),           \
                  (char16_t * to, size_t room, const char16_t* from), return copy<C>(to, room / (unit), from, kAll);); \
    WINSHIM_FORMS(name##CopyN, (LPSTR to, size_t room, LPCSTR from, size_t most),                                     \
                  (LPWSTR to, size_t room, LPCWSTR from, size_t most),                                                \
                  (char16_t * to, size_t room, const char16_t* from, size_t most),                                    \
                  return copy<C>(to, room / (unit), from, most / (unit)););                                           \
    WINSHIM_FORMS(name##Cat, (LPSTR to, size_t room, LPCSTR from), (LPWSTR to, size_t room, LPCWSTR from),            \
                  (char16_t * to, size_t room, const char16_t* from),                                                 \
                  return append<C>(to, room / (unit), from, kAll););                                                  \
    WINSHIM_FORMS(name##CatN, (LPSTR to, size_t room, LPCSTR from, size_t most),                                      \
                  (LPWSTR to, size_t room, LPCWSTR from, size_t most),                                                \
                  (char16_t * to, size_t room, const char16_t* from, size_t most),                                    \
                  return append<C>(to, room / (unit), from, most / (unit)););                                         \
    WINSHIM_FORMS(name##Length, (LPCSTR text, size_t most, size_t* length),                                           \
                  (LPCWSTR text, size_t most, size_t* length), (const char16_t* text, size_t most, size_t* length),   \
                  return measure<C>(text, most / (unit), length, unit);)
WINSHIM_BOTH(StringCch, 1);
WINSHIM_BOTH(StringCb, sizeof(C));

#define WINSHIM_PRINT_BODY(Wide, unit)                                    \
    {                                                                     \
        va_list list;                                                     \
        va_start(list, text);                                             \
        const HRESULT result = print<Wide>(to, room / (unit), text, list); \
        va_end(list);                                                     \
        return result;                                                    \
    }
#define WINSHIM_PRINTS(name, unit8, unit16, unit32)                                                                  \
    HRESULT WINAPIV name##PrintfA(LPSTR to, size_t room, LPCSTR text, ...) WINSHIM_PRINT_BODY(wchar_t, unit8)        \
    HRESULT WINAPIV name##PrintfW(LPWSTR to, size_t room, LPCWSTR text, ...) WINSHIM_PRINT_BODY(wchar_t, unit32)     \
    WINSHIM_EXPORT HRESULT name##PrintfA_utf16(char* to, size_t room, const char* text, ...);                        \
    HRESULT name##PrintfA_utf16(char* to, size_t room, const char* text, ...) WINSHIM_PRINT_BODY(char16_t, unit8)    \
    WINSHIM_EXPORT HRESULT name##Printf_utf16(char16_t* to, size_t room, const char16_t* text, ...)                  \
        WINSHIM_UTF16(name##PrintfW);                                                                                \
    HRESULT name##Printf_utf16(char16_t* to, size_t room, const char16_t* text, ...)                                 \
        WINSHIM_PRINT_BODY(char16_t, unit16)                                                                         \
    WINSHIM_PLAIN(name##Printf);                                                                                     \
    HRESULT WINAPI name##VPrintfA(LPSTR to, size_t room, LPCSTR text, va_list list) {                                \
        return print<wchar_t>(to, room / (unit8), text, list);                                                       \
    }                                                                                                                \
    HRESULT WINAPI name##VPrintfW(LPWSTR to, size_t room, LPCWSTR text, va_list list) {                              \
        return print<wchar_t>(to, room / (unit32), text, list);                                                      \
    }                                                                                                                \
    WINSHIM_EXPORT HRESULT name##VPrintfA_utf16(char* to, size_t room, const char* text, va_list list);              \
    HRESULT name##VPrintfA_utf16(char* to, size_t room, const char* text, va_list list) {                            \
        return print<char16_t>(to, room / (unit8), text, list);                                                      \
    }                                                                                                                \
    WINSHIM_EXPORT HRESULT name##VPrintf_utf16(char16_t* to, size_t room, const char16_t* text, va_list list)        \
        WINSHIM_UTF16(name##VPrintfW);                                                                               \
    HRESULT name##VPrintf_utf16(char16_t* to, size_t room, const char16_t* text, va_list list) {                     \
        return print<char16_t>(to, room / (unit16), text, list);                                                     \
    }                                                                                                                \
    WINSHIM_PLAIN(name##VPrintf)
WINSHIM_PRINTS(StringCch, 1, 1, 1);
WINSHIM_PRINTS(StringCb, 1, 2, 4);
