// output.cpp - texts, names, times, tables.
#include "shim/tool/output.h"

#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

#include "shim/shm/clock.h"
#include "shim/look/utf8.h"

namespace winshim::tool {

using look::Character, look::next_character, look::count_characters, look::bytes_of;
namespace {

bool colours() noexcept {
    static int known = -1;
    if (known >= 0) return known != 0;
    const char* none = getenv("NO_COLOR");
    const char* terminal = getenv("TERM");
    known = isatty(STDOUT_FILENO) == 1 && (none == nullptr || *none == 0) && terminal != nullptr &&
            strcmp(terminal, "dumb") != 0;
    return known != 0;
}

}  // namespace

const char* begin_tone(Tone tone) noexcept {
    if (!colours()) return "";
    switch (tone) {
        case Tone::bold: return "\033[1m";
        case Tone::dim: return "\033[2m";
        case Tone::red: return "\033[1;31m";
        case Tone::green: return "\033[32m";
        case Tone::yellow: return "\033[33m";
        case Tone::blue: return "\033[36m";
        case Tone::plain: break;
    }
    return "";
}
const char* end_tone(Tone tone) noexcept { return colours() && tone != Tone::plain ? "\033[0m" : ""; }

Text& Text::add(const char* format, ...) noexcept {
    va_list arguments;
    va_start(arguments, format);
    const int more = vsnprintf(text_ + length_, kBytes - length_, format, arguments);
    va_end(arguments);
    if (more > 0) length_ += static_cast<u32>(more) < kBytes - length_ ? static_cast<u32>(more) : kBytes - 1 - length_;
    return *this;
}

Text& Text::add_name(const look::Name& name) noexcept {
    add("\"");
    for (u32 at = 0; at < name.length;) {
        const Character c = next_character(name.bytes, name.length, at);
        if (!c.sound || c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0))
            for (u32 i = 0; i < c.length; ++i) add("\\x%02x", name.bytes[at + i]);
        else if (c.code == '"' || c.code == '\\') add("\\%c", static_cast<char>(c.code));
        else add("%.*s", static_cast<int>(c.length), reinterpret_cast<const char*>(name.bytes + at));
        at += c.length;
    }
    return add("\"");
}

Text& Text::add_time(u64 ns) noexcept {
    const u64 seconds = ns / kNsPerSecond;
    if (seconds == 0) return add("%llu ms", static_cast<unsigned long long>(ns / kNsPerMs));
    if (seconds < 60) return add("%llu.%llu s", static_cast<unsigned long long>(seconds),
                                 static_cast<unsigned long long>(ns / (kNsPerSecond / 10) % 10));
    const char* large = seconds < 3600 ? "min" : seconds < 86400 ? "h" : "d";
    const char* small = seconds < 3600 ? "s" : seconds < 86400 ? "min" : "h";
    const u64 unit = seconds < 3600 ? 1 : seconds < 86400 ? 60 : 3600, per = seconds < 86400 ? 60 : 24;
    return add("%llu %s %llu %s", static_cast<unsigned long long>(seconds / unit / per), large,
               static_cast<unsigned long long>(seconds / unit % per), small);
}

u32 Text::columns() const noexcept { return count_characters(text_); }

Table::Table(const char* const* headings, u32 columns) noexcept
    : headings_(headings), columns_(columns < kMostColumns ? columns : kMostColumns) {}
Table::~Table() noexcept {
    for (const Cell& cell : cells_) free(cell.text);
}

void Table::cell(const char* text, Tone tone) noexcept {
    const Cell cell{strdup(text), tone};
    if (cell.text != nullptr && !cells_.add(cell)) free(cell.text);
}

namespace {

// Prints a cell within what is left of the line; returns how many characters it took.
u32 print_cell(const char* text, Tone tone, u32 width, u32 left) noexcept {
    const u32 columns = count_characters(text);
    const u32 shown = columns < left ? columns : left;
    printf("%s%.*s%s", begin_tone(tone), static_cast<int>(bytes_of(text, shown)), text, end_tone(tone));
    u32 used = shown;
    for (; used < width && used < left; ++used) putchar(' ');
    return used;
}

}  // namespace

void Table::print(u32 most_rows, u32 most_columns) const noexcept {
    u32 width[kMostColumns] = {};
    for (u32 c = 0; c < columns_; ++c) width[c] = count_characters(headings_[c]);
    for (u32 i = 0; i < cells_.count(); ++i) {
        const u32 columns = count_characters(cells_[i].text);
        if (columns > width[i % columns_]) width[i % columns_] = columns;
    }
    const u32 rows = cells_.count() / columns_;
    const u32 shown = most_rows != 0 && rows > most_rows ? most_rows : rows;
    for (u32 row = 0; row <= shown; ++row) {
        u32 left = most_columns != 0 ? most_columns : ~0u;
        for (u32 c = 0; c < columns_; ++c) {
            const bool last = c + 1 == columns_;
            const Cell& cell = row == 0 ? Cell{const_cast<char*>(headings_[c]), Tone::bold}
                                        : cells_[(row - 1) * columns_ + c];
            left -= print_cell(cell.text, cell.tone, last ? 0 : width[c] + 2, left);
        }
        putchar('\n');
    }
    if (shown < rows) printf("%sand %u more%s\n", begin_tone(Tone::dim), rows - shown, end_tone(Tone::dim));
}

}  // namespace winshim::tool
