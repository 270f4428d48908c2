// utf8.h - reading UTF-8 that may be anything: a character at a time.
#pragma once
#include <cstring>

#include "shim/shm/types.h"

namespace winshim::look {

struct Character {
    u32 code;    // if sound; a lone surrogate, as names may hold it, is one
    u32 length;  // bytes; at least 1
    bool sound;
};

inline Character next_character(const u8* bytes, u32 length, u32 at) noexcept {
    const u8 first = bytes[at];
    if (first < 0x80) return {first, 1, true};
    const u32 size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + size > length) return {0, 1, false};
    u32 code = first & (0x7Fu >> size);
    for (u32 i = 1; i < size; ++i) {
        if ((bytes[at + i] & 0xC0) != 0x80) return {0, 1, false};
        code = code << 6 | (bytes[at + i] & 0x3F);
    }
    const bool shortest = code >= (size == 2 ? 0x80u : size == 3 ? 0x800u : 0x10000u);
    return shortest && code <= 0x10FFFF ? Character{code, size, true} : Character{0, 1, false};
}

inline u32 count_characters(const char* text) noexcept {
    u32 count = 0;
    for (; *text != 0; ++text) count += (static_cast<u8>(*text) & 0xC0) != 0x80;
    return count;
}

// How many bytes the first `characters` of a text take.
inline u32 bytes_of(const char* text, u32 characters) noexcept {
    u32 at = 0;
    for (; text[at] != 0; ++at)
        if ((static_cast<u8>(text[at]) & 0xC0) != 0x80 && characters-- == 0) break;
    return at;
}

}  // namespace winshim::look
