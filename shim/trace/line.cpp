// line.cpp - numbers, moments and quoted text of a line.
#include "shim/trace/line.h"

namespace winshim::trace {
namespace {

constexpr char kHex[] = "0123456789abcdef";

// Length of the UTF-8 sequence at `text`; 0 if it is none.
unsigned sequence(const char* text, unsigned room) noexcept {
    const auto byte = [&](unsigned i) { return static_cast<unsigned char>(text[i]); };
    const auto more = [&](unsigned n) {
        if (n > room) return 0u;
        for (unsigned i = 1; i < n; ++i)
            if ((byte(i) & 0xC0) != 0x80) return 0u;
        return n;
    };
    if (byte(0) < 0x80) return 1;
    if (byte(0) >= 0xC2 && byte(0) < 0xE0) return more(2);
    if (byte(0) >= 0xE0 && byte(0) < 0xF0) return byte(0) == 0xE0 && room > 1 && byte(1) < 0xA0 ? 0 : more(3);
    if (byte(0) >= 0xF0 && byte(0) < 0xF5) return more(4);
    return 0;
}

}  // namespace

void Line::number(std::uint64_t value) noexcept { digits(value, 1); }

void Line::signed_number(std::int64_t value) noexcept {
    if (value < 0) put('-');
    number(value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
}

void Line::digits(std::uint64_t value, unsigned count) noexcept {
    char reversed[24];
    unsigned n = 0;
    do {
        reversed[n++] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0 || n < count);
    while (n > 0) put(reversed[--n]);
}

void Line::hex(std::uint64_t value) noexcept {
    if (json_) put('"');
    put("0x");
    unsigned shift = 60;
    while (shift > 0 && (value >> shift) == 0) shift -= 4;
    for (;; shift -= 4) {
        put(kHex[value >> shift & 15]);
        if (shift == 0) break;
    }
    if (json_) put('"');
}

// \x in text; JSON has no such thing: the character of that number.
void Line::escape(unsigned char byte) noexcept {
    put(json_ ? "\\u00" : "\\x");
    put(kHex[byte >> 4]);
    put(kHex[byte & 15]);
}

void Line::quoted(const char* text, unsigned length, bool cut_off) noexcept {
    put('"');
    for (unsigned i = 0; i < length;) {
        const auto c = static_cast<unsigned char>(text[i]);
        const unsigned bytes = sequence(text + i, length - i);
        if (c == '"' || c == '\\') put('\\'), put(static_cast<char>(c));
        else if (c == '\n') put("\\n");
        else if (c == '\t') put("\\t");
        else if (c == '\r') put("\\r");
        else if (c < 0x20 || c == 0x7F || bytes == 0) escape(c);
        else for (unsigned k = 0; k < bytes; ++k) put(text[i + k]);
        i += bytes == 0 ? 1 : bytes;
    }
    if (cut_off && json_) put("...");
    put('"');
    if (cut_off && !json_) put("...");
}

// The calendar by arithmetic: gmtime may take locks.
void Line::moment(std::int64_t seconds, unsigned nanoseconds) noexcept {
    const std::int64_t day = seconds / 86400, second = seconds % 86400;
    // Days since 1 March of the year 0; an era has 400 years.
    const std::int64_t since = day + 719468, era = since / 146097;
    const std::int64_t of_era = since % 146097;
    const std::int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month = (5 * of_year + 2) / 153;  // from March
    const bool next_year = month >= 10;
    digits(static_cast<std::uint64_t>(year_of_era + era * 400 + (next_year ? 1 : 0)), 4);
    put('-');
    digits(static_cast<std::uint64_t>(next_year ? month - 9 : month + 3), 2);
    put('-');
    digits(static_cast<std::uint64_t>(of_year - (153 * month + 2) / 5 + 1), 2);
    put('T');
    digits(static_cast<std::uint64_t>(second / 3600), 2);
    put(':');
    digits(static_cast<std::uint64_t>(second / 60 % 60), 2);
    put(':');
    digits(static_cast<std::uint64_t>(second % 60), 2);
    put('.');
    digits(nanoseconds / 1000, 6);
    put('Z');
}

}  // namespace winshim::trace
