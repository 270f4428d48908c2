// text.cpp - conversions of names.
#include "shim/name/text.h"

#include <cstring>

namespace winshim::name {
namespace {

constexpr bool is_high(u32 c) { return c >= 0xD800 && c < 0xDC00; }
constexpr bool is_low(u32 c) { return c >= 0xDC00 && c < 0xE000; }
constexpr bool is_surrogate(u32 c) { return c >= 0xD800 && c < 0xE000; }

// Collects characters, counting the UTF-16 units that they take.
class Writer {
public:
    explicit Writer(Text& text) noexcept : text_(text) { text.length = 0; }

    Status add(u32 c) noexcept {
        if (c > 0x10FFFF) return Status::no_unicode_translation;
        units_ += c >= 0x10000 ? 2 : 1;
        if (units_ > kMaxUnits) return Status::filename_exced_range;
        if (c < 0x80) {
            put(c);
        } else if (c < 0x800) {
            put(0xC0 | c >> 6);
            put(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            put(0xE0 | c >> 12);
            put(0x80 | (c >> 6 & 0x3F));
            put(0x80 | (c & 0x3F));
        } else {
            put(0xF0 | c >> 18);
            put(0x80 | (c >> 12 & 0x3F));
            put(0x80 | (c >> 6 & 0x3F));
            put(0x80 | (c & 0x3F));
        }
        return Status::success;
    }

private:
    void put(u32 byte) noexcept { text_.bytes[text_.length++] = static_cast<u8>(byte); }
    Text& text_;
    u32 units_ = 0;
};

// A name in units of 16 or 32 bits: surrogate pairs are one character in either.
template <class Unit>
Status from_units(const Unit* name, Text& text) noexcept {
    Writer writer(text);
    for (; *name != 0; ++name) {
        u32 c = *name;
        if (is_high(c) && is_low(name[1])) {
            c = 0x10000 + ((c - 0xD800) << 10) + (static_cast<u32>(name[1]) - 0xDC00);
            ++name;
        }
        if (const Status s = writer.add(c); s != Status::success) return s;
    }
    return Status::success;
}

// One UTF-8 character; its bytes, or 0 if they are none (too long a form, a surrogate, cut short).
u32 decode(const unsigned char* at, u32& c) noexcept {
    static constexpr u32 kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (at[0] < 0x80) {
        c = at[0];
        return 1;
    }
    const u32 bytes = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
    if (at[0] < 0xC2 || at[0] > 0xF4) return 0;
    c = at[0] & (0x7Fu >> bytes);
    for (u32 i = 1; i < bytes; ++i) {
        if ((at[i] & 0xC0) != 0x80) return 0;
        c = c << 6 | (at[i] & 0x3Fu);
    }
    return c < kLeast[bytes] || is_surrogate(c) || c > 0x10FFFF ? 0 : bytes;
}

}  // namespace

Status from_utf8(const char* name, Text& text) noexcept {
    Writer writer(text);
    for (auto at = reinterpret_cast<const unsigned char*>(name); *at != 0;) {
        u32 c = 0;
        const u32 bytes = decode(at, c);
        if (bytes == 0) return Status::no_unicode_translation;
        if (const Status s = writer.add(c); s != Status::success) return s;
        at += bytes;
    }
    return Status::success;
}

Status from_utf16(const char16_t* name, Text& text) noexcept { return from_units(name, text); }
Status from_utf32(const char32_t* name, Text& text) noexcept { return from_units(name, text); }

u32 Text::hash() const noexcept {
    u32 h = 2166136261u;
    for (u32 i = 0; i < length; ++i) h = (h ^ bytes[i]) * 16777619u;
    h ^= h >> 15;  // FNV's low bits are its weak ones, and they choose the bucket
    h *= 0x2C1B3C6Du;
    return h ^ h >> 12;
}

bool Text::equals(const char* plain) const noexcept { return length == strlen(plain) && starts_with(plain); }
bool Text::starts_with(const char* plain) const noexcept {
    const size_t n = strlen(plain);
    return length >= n && memcmp(bytes, plain, n) == 0;
}
bool Text::contains(char c) const noexcept { return memchr(bytes, c, length) != nullptr; }
void Text::drop_front(u32 count) noexcept {
    length -= count;
    memmove(bytes, bytes + count, length);
}

}  // namespace winshim::name
