// wide_print.cpp - wprintf and its kin as Microsoft's C library has them (winshim_wide.h), for both widths.
//
// A stream gets UTF-8 bytes, so that wide and char output mix; one that the program has made wide gets wide characters.
// Source      "printf, wprintf", "fprintf, fwprintf", "swprintf", "fputs, fputws".
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "shim/base/format.h"
#define WINSHIM_C_LIBRARY_WIDE
#include "shim/base/sdk.h"
#include "shim/base/text.h"
#pragma GCC visibility push(default)
#include "winapi_headers/winshim_wide.h"
#pragma GCC visibility pop

namespace winshim::base {
namespace {

template <class C>
bool write_text(FILE* stream, const C* text, std::size_t length) noexcept {
    if (fwide(stream, 0) > 0) {
        const Converted<wchar_t> wide{text, length};
        return wide && fputws(wide.data(), stream) >= 0;
    }
    const Utf8 bytes{text, length};
    return bytes && fwrite(bytes.data(), 1, bytes.size(), stream) == bytes.size();
}

template <class C>
int print(FILE* stream, const C* text, va_list list) noexcept {
    Out<C> counting{nullptr, 0};
    format<C>(counting, text, list);
    const std::size_t length = counting.count();
    C* const buffer = static_cast<C*>(malloc((length + 1) * sizeof(C)));
    if (buffer == nullptr) return -1;
    Out<C> out{buffer, length + 1};
    const bool good = format<C>(out, text, list) && write_text(stream, buffer, length);
    free(buffer);
    return good ? static_cast<int>(length) : -1;
}

template <class C>
int print_into(C* buffer, std::size_t room, const C* text, va_list list) noexcept {
    if (buffer == nullptr || room == 0) return -1;
    Out<C> out{buffer, room};
    return format<C>(out, text, list) && !out.overflow() ? static_cast<int>(out.count()) : -1;
}

template <class C>
int put_line(const C* text) noexcept {
    const C end_of_line[] = {C{'\n'}, C{}};
    return write_text(stdout, text, length_of(text)) && write_text(stdout, end_of_line, 1) ? 0 : -1;
}

}  // namespace
}  // namespace winshim::base

using namespace winshim::base;

#define WINSHIM_CALL(last, call)          \
    {                                     \
        va_list list;                     \
        va_start(list, last);             \
        const int result = call;          \
        va_end(list);                     \
        return result;                    \
    }
int winshim_wprintf(const wchar_t* text, ...) WINSHIM_CALL(text, print(stdout, text, list))
int winshim_fwprintf(FILE* stream, const wchar_t* text, ...) WINSHIM_CALL(text, print(stream, text, list))
int winshim_swprintf(wchar_t* buffer, size_t room, const wchar_t* text, ...)
    WINSHIM_CALL(text, print_into(buffer, room, text, list))
int winshim_vwprintf(const wchar_t* text, va_list list) { return print(stdout, text, list); }
int winshim_vfwprintf(FILE* stream, const wchar_t* text, va_list list) { return print(stream, text, list); }
int winshim_vswprintf(wchar_t* buffer, size_t room, const wchar_t* text, va_list list) {
    return print_into(buffer, room, text, list);
}
int winshim_fputws(const wchar_t* text, FILE* stream) { return write_text(stream, text, length_of(text)) ? 0 : -1; }
int winshim_putws(const wchar_t* text) { return put_line(text); }

WINSHIM_EXPORT int wprintf_utf16(const char16_t* text, ...) WINSHIM_UTF16(winshim_wprintf);
int wprintf_utf16(const char16_t* text, ...) WINSHIM_CALL(text, print(stdout, text, list))
WINSHIM_EXPORT int fwprintf_utf16(FILE* stream, const char16_t* text, ...) WINSHIM_UTF16(winshim_fwprintf);
int fwprintf_utf16(FILE* stream, const char16_t* text, ...) WINSHIM_CALL(text, print(stream, text, list))
WINSHIM_EXPORT int swprintf_utf16(char16_t* buffer, size_t room, const char16_t* text, ...)
    WINSHIM_UTF16(winshim_swprintf);
int swprintf_utf16(char16_t* buffer, size_t room, const char16_t* text, ...)
    WINSHIM_CALL(text, print_into(buffer, room, text, list))
WINSHIM_EXPORT int vwprintf_utf16(const char16_t* text, va_list list) WINSHIM_UTF16(winshim_vwprintf);
int vwprintf_utf16(const char16_t* text, va_list list) { return print(stdout, text, list); }
WINSHIM_EXPORT int vfwprintf_utf16(FILE* stream, const char16_t* text, va_list list) WINSHIM_UTF16(winshim_vfwprintf);
int vfwprintf_utf16(FILE* stream, const char16_t* text, va_list list) { return print(stream, text, list); }
WINSHIM_EXPORT int vswprintf_utf16(char16_t* buffer, size_t room, const char16_t* text, va_list list)
    WINSHIM_UTF16(winshim_vswprintf);
int vswprintf_utf16(char16_t* buffer, size_t room, const char16_t* text, va_list list) {
    return print_into(buffer, room, text, list);
}
WINSHIM_EXPORT int fputws_utf16(const char16_t* text, FILE* stream) WINSHIM_UTF16(winshim_fputws);
int fputws_utf16(const char16_t* text, FILE* stream) { return write_text(stream, text, length_of(text)) ? 0 : -1; }
WINSHIM_EXPORT int putws_utf16(const char16_t* text) WINSHIM_UTF16(winshim_putws);
int putws_utf16(const char16_t* text) { return put_line(text); }
