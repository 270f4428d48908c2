// output.h - how the tool prints: colours, tables, JSON, times. Every subcommand prints through this.
//
// Invariants  Colours only on a terminal, and not with NO_COLOR set or TERM=dumb. Names are input: control characters
//             and bytes that are no UTF-8 reach neither a terminal nor JSON as they are.
#pragma once
#include <cstdio>

#include "shim/look/list.h"
#include "shim/look/objects.h"

namespace winshim::tool {

enum class Tone { plain, bold, dim, red, green, yellow, blue };
// The escape sequence for standard output; empty where there are no colours.
const char* begin_tone(Tone tone) noexcept;
const char* end_tone(Tone tone) noexcept;

// A text of limited length, put together piece by piece; what does not fit is left out.
class Text {
public:
    static constexpr u32 kBytes = 4000;
    __attribute__((format(printf, 2, 3))) Text& add(const char* format, ...) noexcept;
    // A name in quotation marks, made harmless for a terminal.
    Text& add_name(const look::Name& name) noexcept;
    // "45 ms", "3.2 s", "2 min 5 s", "3 h 12 min".
    Text& add_time(u64 ns) noexcept;
    void clear() noexcept { text_[length_ = 0] = 0; }
    const char* text() const noexcept { return text_; }
    u32 length() const noexcept { return length_; }
    u32 columns() const noexcept;  // characters

private:
    u32 length_ = 0;
    char text_[kBytes] = "";
};

// Rows of cells, printed as aligned columns. The last column is as wide as it is.
class Table {
public:
    static constexpr u32 kMostColumns = 8;
    explicit Table(const char* const* headings, u32 columns) noexcept;
    ~Table() noexcept;
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;
    void cell(const char* text, Tone tone = Tone::plain) noexcept;  // row by row, left to right
    // At most `most_rows` lines and `most_columns` characters in each (0: as they are); says how many are left out.
    void print(u32 most_rows = 0, u32 most_columns = 0) const noexcept;

private:
    struct Cell {
        char* text;
        Tone tone;
    };
    const char* const* headings_;
    u32 columns_;
    look::List<Cell> cells_;
};

// JSON on standard output, in one line; commas and quotation marks are its business.
class Json {
public:
    Json& begin(const char* key = nullptr) noexcept;       // an object
    Json& end() noexcept;
    Json& begin_list(const char* key = nullptr) noexcept;
    Json& end_list() noexcept;
    Json& text(const char* key, const char* value) noexcept;  // null: null
    Json& name(const char* key, const look::Name& name) noexcept;
    Json& number(const char* key, u64 value) noexcept;
    Json& seconds(const char* key, u64 ns) noexcept;
    Json& truth(const char* key, bool value) noexcept;
    Json& nothing(const char* key) noexcept;
    void done() noexcept;  // ends the line

private:
    void before(const char* key) noexcept;
    bool first_ = true;
};

// Bytes as a string in quotation marks, as JSON and Graphviz both read it.
void print_quoted(const u8* bytes, u32 length, bool escape_unicode) noexcept;

}  // namespace winshim::tool
