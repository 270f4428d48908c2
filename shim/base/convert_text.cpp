// convert_text.cpp - MultiByteToWideChar, WideCharToMultiByte (stringapiset.h), code pages (winnls.h).
// Source      "MultiByteToWideChar", "WideCharToMultiByte"; LD-13.
#include "shim/base/sdk.h"
#include "shim/base/text.h"

namespace winshim::base {
namespace {

bool known(UINT page) noexcept {
    return page == CP_ACP || page == CP_OEMCP || page == CP_THREAD_ACP || page == CP_UTF8;
}

template <class To, class From>
int convert_text(const From* text, int length, To* out, int room, bool strict) noexcept {
    if (text == nullptr || length == 0 || length < -1 || room < 0 || (out == nullptr && room > 0) ||
        static_cast<const void*>(text) == static_cast<const void*>(out)) {
        last_error = ERROR_INVALID_PARAMETER;
        return 0;
    }
    const std::size_t all = length == -1 ? length_of(text) + 1 : static_cast<std::size_t>(length);
    std::size_t count = 0;
    const auto limit = static_cast<std::size_t>(room);
    bool fits = true;
    const bool valid = convert<To>(text, all, [&](const To* units, u32 n) {
        if (limit == 0) {
            count += n;
        } else if (fits && n <= limit - count) {
            for (u32 i = 0; i < n; ++i) out[count++] = units[i];
        } else {
            fits = false;
        }
    });
    if (strict && !valid)
        last_error = ERROR_NO_UNICODE_TRANSLATION;
    else if (!fits || count > 0x7FFFFFFF)
        last_error = ERROR_INSUFFICIENT_BUFFER;
    else
        return static_cast<int>(count);
    return 0;
}

template <class C>
int to_wide(UINT page, DWORD flags, const char* text, int length, C* out, int room) noexcept {
    const DWORD allowed = MB_ERR_INVALID_CHARS | (page == CP_UTF8 ? 0u : DWORD{MB_PRECOMPOSED});
    if (!known(page)) return failed(ERROR_INVALID_PARAMETER);
    if ((flags & ~allowed) != 0) return failed(ERROR_INVALID_FLAGS);
    return convert_text(text, length, out, room, (flags & MB_ERR_INVALID_CHARS) != 0);
}

template <class C>
int to_bytes(UINT page, DWORD flags, const C* text, int length, char* out, int room, const char* fallback,
             BOOL* used) noexcept {
    constexpr DWORD kWithoutEffect = WC_DISCARDNS | WC_SEPCHARS | WC_DEFAULTCHAR | WC_COMPOSITECHECK |
                                     WC_NO_BEST_FIT_CHARS;
    const bool utf8 = page == CP_UTF8;
    if (!known(page) || (utf8 && (fallback != nullptr || used != nullptr))) return failed(ERROR_INVALID_PARAMETER);
    if ((flags & ~(WC_ERR_INVALID_CHARS | (utf8 ? 0u : kWithoutEffect))) != 0) return failed(ERROR_INVALID_FLAGS);
    if (used != nullptr) *used = FALSE;
    return convert_text(text, length, out, room, (flags & WC_ERR_INVALID_CHARS) != 0);
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

int WINAPI MultiByteToWideChar(UINT page, DWORD flags, LPCCH text, int length, LPWSTR out, int room) {
    return to_wide(page, flags, text, length, out, room);
}
WINSHIM_EXPORT int MultiByteToWideChar_utf16(UINT page, DWORD flags, const char* text, int length, char16_t* out,
                                             int room) WINSHIM_UTF16(MultiByteToWideChar);
int MultiByteToWideChar_utf16(UINT page, DWORD flags, const char* text, int length, char16_t* out, int room) {
    return to_wide(page, flags, text, length, out, room);
}

int WINAPI WideCharToMultiByte(UINT page, DWORD flags, LPCWCH text, int length, LPSTR out, int room, LPCCH fallback,
                               LPBOOL used) {
    return to_bytes(page, flags, text, length, out, room, fallback, used);
}
WINSHIM_EXPORT int WideCharToMultiByte_utf16(UINT page, DWORD flags, const char16_t* text, int length, char* out,
                                             int room, const char* fallback, BOOL* used)
    WINSHIM_UTF16(WideCharToMultiByte);
int WideCharToMultiByte_utf16(UINT page, DWORD flags, const char16_t* text, int length, char* out, int room,
                              const char* fallback, BOOL* used) {
    return to_bytes(page, flags, text, length, out, room, fallback, used);
}

UINT WINAPI GetACP(void) { return CP_UTF8; }
UINT WINAPI GetOEMCP(void) { return CP_UTF8; }
