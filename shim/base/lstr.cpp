// lstr.cpp - the l functions on text (winshim_text.h), case and wsprintf (winuser.h).
// Source      "lstrlenW" and its kin, "CharUpperW" and its kin, "wsprintfW".
#include <locale.h>
#include <wctype.h>

#include "shim/base/format.h"
#include "shim/base/sdk.h"
#include "shim/base/text.h"

namespace winshim::base {
namespace {

// Case by Unicode, whatever locale the program has chosen. Made once and kept; without it only ASCII has case.
locale_t unicode() noexcept {
    static std::atomic<locale_t> known{nullptr};
    locale_t have = known.load(std::memory_order_acquire);
    if (have != nullptr) return have;
    const KeepErrno keep;
    locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (made == nullptr) made = newlocale(LC_CTYPE_MASK, "C", nullptr);
    if (made != nullptr && !known.compare_exchange_strong(have, made, std::memory_order_acq_rel)) {
        freelocale(made);
        return have;
    }
    return made;
}

u32 upper(u32 c) noexcept {
    if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
    const locale_t l = unicode();
    return l != nullptr ? static_cast<u32>(towupper_l(static_cast<wint_t>(c), l)) : c;
}
u32 lower(u32 c) noexcept {
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    const locale_t l = unicode();
    return l != nullptr ? static_cast<u32>(towlower_l(static_cast<wint_t>(c), l)) : c;
}

template <class C>
C* copy(C* to, const C* from) noexcept {
    if (to == nullptr || from == nullptr) return nullptr;
    for (C* at = to; (*at++ = *from++) != C{};) continue;
    return to;
}
template <class C>
C* copy_some(C* to, const C* from, int room) noexcept {
    if (to == nullptr || from == nullptr || room <= 0) return nullptr;
    int i = 0;
    for (; i < room - 1 && from[i] != C{}; ++i) to[i] = from[i];
    to[i] = C{};
    return to;
}
template <class C>
C* append(C* to, const C* from) noexcept {
    if (to == nullptr || from == nullptr) return nullptr;
    copy(to + length_of(to), from);
    return to;
}

// By letters first; of texts that differ in case only, the one with the first lower-case letter comes first.
template <class C>
int compare(const C* first, const C* second, bool ignore_case) noexcept {
    if (first == nullptr || second == nullptr)
        return static_cast<int>(first != nullptr) - static_cast<int>(second != nullptr);
    const C *const first_end = first + length_of(first), *const second_end = second + length_of(second);
    int by_case = 0;
    bool bad = false;
    while (first != first_end && second != second_end) {
        const u32 a = next(first, first_end, bad), b = next(second, second_end, bad);
        const u32 la = lower(a), lb = lower(b);
        if (la != lb) return la < lb ? -1 : 1;
        if (a != b && by_case == 0) by_case = a == la ? -1 : 1;
    }
    if (first != first_end || second != second_end) return first == first_end ? -1 : 1;
    return ignore_case ? 0 : by_case;
}

template <class C, class Change>
void change_case(C* text, std::size_t length, Change change) noexcept {
    const C *at = text, *const end = text + length;
    bool bad = false;
    while (at != end) {
        C* const begin = text + (at - text);
        bad = false;
        const u32 c = next(at, end, bad);
        C units[4];
        const u32 count = put(change(c), units);
        if (bad || static_cast<std::ptrdiff_t>(count) != at - begin) continue;
        for (u32 i = 0; i < count; ++i) begin[i] = units[i];
    }
}

// The argument of CharUpper and CharLower: a text, or a character in the place of its address.
template <class C, class Change>
C* change_text(C* text, Change change) noexcept {
    const auto value = reinterpret_cast<std::uintptr_t>(text);
    if (value < 0x10000) {
        const u32 c = static_cast<u32>(value);
        return sizeof(C) > 1 || c < 0x80 ? reinterpret_cast<C*>(static_cast<std::uintptr_t>(change(c))) : text;
    }
    change_case(text, length_of(text), change);
    return text;
}

constexpr std::size_t kMostOfWsprintf = 1024;
template <class Wide, class C>
int print(C* to, const C* text, va_list list) noexcept {
    const KeepErrno keep;
    Out<C> out{to, kMostOfWsprintf};
    format<Wide>(out, text, list);
    return static_cast<int>(out.overflow() ? kMostOfWsprintf - 1 : out.count());
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

// The names without a letter are macros of the headers; here they are functions.
#undef lstrlen
#undef lstrcpy
#undef lstrcpyn
#undef lstrcat
#undef lstrcmp
#undef lstrcmpi
#undef CharUpper
#undef CharLower
#undef CharUpperBuff
#undef CharLowerBuff

// The three forms of a function of text: `implementation` is a template for each of them.
#define WINSHIM_TEXT(Result, name, parameters8, parameters32, parameters16, arguments, implementation) \
    Result##8 WINAPI name##A parameters8 { return implementation arguments; }                          \
    Result##32 WINAPI name##W parameters32 { return implementation arguments; }                        \
    WINSHIM_EXPORT Result##16 name##_utf16 parameters16 WINSHIM_UTF16(name##W);                        \
    Result##16 name##_utf16 parameters16 { return implementation arguments; }                          \
    WINSHIM_PLAIN(name)

using int8 = int;
using int16 = int;
using int32 = int;
using text8 = LPSTR;
using text16 = char16_t*;
using text32 = LPWSTR;
using dword8 = DWORD;
using dword16 = DWORD;
using dword32 = DWORD;

#define WINSHIM_LENGTH(s) s != nullptr ? static_cast<int>(length_of(s)) : 0
WINSHIM_TEXT(int, lstrlen, (LPCSTR s), (LPCWSTR s), (const char16_t* s), (s), WINSHIM_LENGTH);
WINSHIM_TEXT(text, lstrcpy, (LPSTR to, LPCSTR from), (LPWSTR to, LPCWSTR from), (char16_t * to, const char16_t* from),
             (to, from), copy);
WINSHIM_TEXT(text, lstrcpyn, (LPSTR to, LPCSTR from, int room), (LPWSTR to, LPCWSTR from, int room),
             (char16_t * to, const char16_t* from, int room), (to, from, room), copy_some);
WINSHIM_TEXT(text, lstrcat, (LPSTR to, LPCSTR from), (LPWSTR to, LPCWSTR from), (char16_t * to, const char16_t* from),
             (to, from), append);
WINSHIM_TEXT(int, lstrcmp, (LPCSTR a, LPCSTR b), (LPCWSTR a, LPCWSTR b), (const char16_t* a, const char16_t* b),
             (a, b, false), compare);
WINSHIM_TEXT(int, lstrcmpi, (LPCSTR a, LPCSTR b), (LPCWSTR a, LPCWSTR b), (const char16_t* a, const char16_t* b),
             (a, b, true), compare);
WINSHIM_TEXT(text, CharUpper, (LPSTR s), (LPWSTR s), (char16_t * s), (s, upper), change_text);
WINSHIM_TEXT(text, CharLower, (LPSTR s), (LPWSTR s), (char16_t * s), (s, lower), change_text);
#define WINSHIM_BUFFER(s, length, change) (change_case(s, length, change), length)
WINSHIM_TEXT(dword, CharUpperBuff, (LPSTR s, DWORD n), (LPWSTR s, DWORD n), (char16_t * s, DWORD n), (s, n, upper),
             WINSHIM_BUFFER);
WINSHIM_TEXT(dword, CharLowerBuff, (LPSTR s, DWORD n), (LPWSTR s, DWORD n), (char16_t * s, DWORD n), (s, n, lower),
             WINSHIM_BUFFER);

// wsprintf: the A form exists for both widths of the wide text that %S takes.
#define WINSHIM_PRINT(name, Char, Wide)                  \
    {                                                    \
        va_list list;                                    \
        va_start(list, text);                            \
        const int length = print<Wide, Char>(to, text, list); \
        va_end(list);                                    \
        return length;                                   \
    }
int WINAPIV wsprintfA(LPSTR to, LPCSTR text, ...) WINSHIM_PRINT(wsprintfA, char, wchar_t)
int WINAPIV wsprintfW(LPWSTR to, LPCWSTR text, ...) WINSHIM_PRINT(wsprintfW, wchar_t, wchar_t)
WINSHIM_EXPORT int wsprintfA_utf16(char* to, const char* text, ...);
int wsprintfA_utf16(char* to, const char* text, ...) WINSHIM_PRINT(wsprintfA, char, char16_t)
WINSHIM_EXPORT int wsprintf_utf16(char16_t* to, const char16_t* text, ...) WINSHIM_UTF16(wsprintfW);
int wsprintf_utf16(char16_t* to, const char16_t* text, ...) WINSHIM_PRINT(wsprintfW, char16_t, char16_t)
WINSHIM_PLAIN(wsprintf);

int WINAPI wvsprintfA(LPSTR to, LPCSTR text, va_list list) { return print<wchar_t>(to, text, list); }
int WINAPI wvsprintfW(LPWSTR to, LPCWSTR text, va_list list) { return print<wchar_t>(to, text, list); }
WINSHIM_EXPORT int wvsprintfA_utf16(char* to, const char* text, va_list list);
int wvsprintfA_utf16(char* to, const char* text, va_list list) { return print<char16_t>(to, text, list); }
WINSHIM_EXPORT int wvsprintf_utf16(char16_t* to, const char16_t* text, va_list list) WINSHIM_UTF16(wvsprintfW);
int wvsprintf_utf16(char16_t* to, const char16_t* text, va_list list) { return print<char16_t>(to, text, list); }
WINSHIM_PLAIN(wvsprintf);
