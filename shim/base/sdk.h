// sdk.h - the SDK's declarations for the exports of base/ and local/, and how an export reports.
//
// Every function with text exists as FA (UTF-8), FW (UTF-16), FW_utf32 (4-byte wchar_t; what the headers call FW where
// wchar_t has 4 bytes) and F (as FA). Inside the library wchar_t has 4 bytes, so the declaration FW is FW_utf32 here,
// and the UTF-16 form is declared by hand with WINSHIM_UTF16.
#pragma once
#include <type_traits>

#include "shim/shm/last_error.h"
#include "shim/shm/self.h"

#pragma GCC visibility push(default)
#include "winapi_headers/windows.h"
#pragma GCC visibility pop

#define WINSHIM_EXPORT extern "C" __attribute__((visibility("default")))
#define WINSHIM_UTF16(function) __asm__(#function)
// Exports F as another name of FA; stands in the file that defines FA.
#define WINSHIM_PLAIN(function) __asm__(".globl " #function "\n.set " #function ", " #function "A")

namespace winshim {

using Char8 = char;
using Char16 = char16_t;
using Char32 = wchar_t;
static_assert(sizeof(Char32) == 4);

// For results in which 0 or NULL means failure.
struct Failure {
    template <class T>
        requires std::is_integral_v<T> || std::is_pointer_v<T>
    operator T() const noexcept {
        return T{};
    }
};
inline Failure failed(DWORD error) noexcept {
    last_error = error;
    return {};
}

}  // namespace winshim
