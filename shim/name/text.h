// text.h - the text of a name: one form inside, whatever the caller's characters are.
//
// Inside, a name is UTF-8, with a lone surrogate of a 16-bit name written as the three bytes it would have (so that
// every sequence of 16-bit units is a name, and different ones stay different). Its length is counted in UTF-16 units,
// as Win32 does, whatever the form it came in: at most kMaxUnits (MAX_PATH, 260; LD-4).
#pragma once
#include "shim/shm/types.h"

namespace winshim::name {

inline constexpr u32 kMaxUnits = 260;
inline constexpr u32 kMaxBytes = 3 * kMaxUnits;

struct Text {
    u32 length = 0;          // bytes
    u8 bytes[kMaxBytes + 4];
    u32 hash() const noexcept;
    bool equals(const char* plain) const noexcept;
    bool starts_with(const char* plain) const noexcept;
    bool contains(char c) const noexcept;
    void drop_front(u32 count) noexcept;
};

// Errors: filename_exced_range (more than 260 units), no_unicode_translation (bytes that are not UTF-8; a 32-bit unit
// that is no character).
Status from_utf8(const char* name, Text& text) noexcept;
Status from_utf16(const char16_t* name, Text& text) noexcept;
Status from_utf32(const char32_t* name, Text& text) noexcept;

}  // namespace winshim::name
