// text.h - characters in three widths: UTF-8, UTF-16, and one 32-bit unit each.
//
// What is no character (bytes that are not UTF-8, a lone surrogate, a unit above 0x10FFFF) reads as U+FFFD, one for
// each unit or, in UTF-8, for each longest beginning of a sequence; `bad` says so.
#pragma once
#include <stdlib.h>

#include <type_traits>

#include "shim/shm/types.h"

namespace winshim::base {

inline constexpr u32 kReplacement = 0xFFFD;

template <class C>
inline std::size_t length_of(const C* text) noexcept {
    std::size_t n = 0;
    while (text[n] != C{}) ++n;
    return n;
}

inline bool is_surrogate(u32 c) noexcept { return (c & 0xFFFFF800) == 0xD800; }
inline bool is_character(u32 c) noexcept { return c <= 0x10FFFF && !is_surrogate(c); }

// Reads one character at `at` (< end) and moves `at` behind it.
inline u32 next(const char*& at, const char* end, bool& bad) noexcept {
    const auto byte = [](char c) { return static_cast<unsigned char>(c); };
    const u32 first = byte(*at++);
    if (first < 0x80) return first;
    // The range of the second byte is what excludes overlong forms and surrogates.
    u32 more, low = 0x80, high = 0xBF, c;
    if (first >= 0xC2 && first <= 0xDF) {
        more = 1, c = first & 0x1F;
    } else if (first >= 0xE0 && first <= 0xEF) {
        more = 2, c = first & 0x0F;
        if (first == 0xE0) low = 0xA0;
        if (first == 0xED) high = 0x9F;
    } else if (first >= 0xF0 && first <= 0xF4) {
        more = 3, c = first & 0x07;
        if (first == 0xF0) low = 0x90;
        if (first == 0xF4) high = 0x8F;
    } else {
        bad = true;
        return kReplacement;
    }
    for (; more > 0; --more, low = 0x80, high = 0xBF) {
        if (at == end || byte(*at) < low || byte(*at) > high) {
            bad = true;
            return kReplacement;
        }
        c = c << 6 | (byte(*at++) & 0x3Fu);
    }
    return c;
}
inline u32 next(const char16_t*& at, const char16_t* end, bool& bad) noexcept {
    const u32 unit = *at++;
    if (!is_surrogate(unit)) return unit;
    if (unit < 0xDC00 && at != end && (*at & 0xFC00) == 0xDC00)
        return 0x10000 + ((unit - 0xD800) << 10) + (*at++ - 0xDC00u);
    bad = true;
    return kReplacement;
}
inline u32 next(const wchar_t*& at, const wchar_t*, bool& bad) noexcept {
    // wchar_t has 32 bits: NOLINTNEXTLINE(bugprone-signed-char-misuse,cert-str34-c)
    const u32 unit = static_cast<u32>(*at++);
    if (is_character(unit)) return unit;
    bad = true;
    return kReplacement;
}

// Writes a character into `units` (room for 4) and returns how many units it takes.
inline u32 put(u32 c, char* units) noexcept {
    if (c < 0x80) return units[0] = static_cast<char>(c), 1;
    if (c < 0x800) {
        units[0] = static_cast<char>(0xC0 | c >> 6);
        units[1] = static_cast<char>(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        units[0] = static_cast<char>(0xE0 | c >> 12);
        units[1] = static_cast<char>(0x80 | (c >> 6 & 0x3F));
        units[2] = static_cast<char>(0x80 | (c & 0x3F));
        return 3;
    }
    units[0] = static_cast<char>(0xF0 | c >> 18);
    units[1] = static_cast<char>(0x80 | (c >> 12 & 0x3F));
    units[2] = static_cast<char>(0x80 | (c >> 6 & 0x3F));
    units[3] = static_cast<char>(0x80 | (c & 0x3F));
    return 4;
}
inline u32 put(u32 c, char16_t* units) noexcept {
    if (c < 0x10000) return units[0] = static_cast<char16_t>(c), 1;
    units[0] = static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
    units[1] = static_cast<char16_t>(0xDC00 + (c & 0x3FF));
    return 2;
}
inline u32 put(u32 c, wchar_t* units) noexcept { return units[0] = static_cast<wchar_t>(c), 1; }

// The text converted: calls `sink(units, count)` for each character.
template <class To, class From, class Sink>
inline bool convert(const From* text, std::size_t length, Sink sink) noexcept {
    bool bad = false;
    for (const From *at = text, *const end = text + length; at != end;) {
        To units[4];
        const u32 count = put(next(at, end, bad), units);
        sink(units, count);
    }
    return !bad;
}

// A text of any width as another one, with an end, in memory that goes with it. False: no memory.
template <class To>
class Converted {
public:
    template <class From>
    Converted(const From* text, std::size_t length) noexcept {
        std::size_t needed = 1;
        valid_ = convert<To>(text, length, [&](const To*, u32 count) { needed += count; });
        data_ = needed <= sizeof(own_) / sizeof(To) ? own_ : static_cast<To*>(malloc(needed * sizeof(To)));
        if (data_ == nullptr) return;
        convert<To>(text, length, [&](const To* units, u32 count) {
            for (u32 i = 0; i < count; ++i) data_[size_++] = units[i];
        });
        data_[size_] = To{};
    }
    ~Converted() noexcept {
        if (data_ != own_) free(data_);
    }
    Converted(const Converted&) = delete;
    Converted& operator=(const Converted&) = delete;

    explicit operator bool() const noexcept { return data_ != nullptr; }
    const To* data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    bool valid() const noexcept { return valid_; }  // nothing had to be replaced

private:
    To* data_ = nullptr;
    std::size_t size_ = 0;
    bool valid_ = true;
    To own_[256 / sizeof(To)];
};
using Utf8 = Converted<char>;

}  // namespace winshim::base
