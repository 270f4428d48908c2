// line.h - one line of the trace under construction: text or JSON, in a buffer of the caller's.
//
// Invariants  A line has at most kLineBytes with its newline, so that one write to a pipe is never mixed with
//             another's. What does not fit is left out value by value (mark, overflowed, back_to), never in the middle:
//             a line of JSON stays JSON.
#pragma once
#include <cstddef>
#include <cstdint>

namespace winshim::trace {

inline constexpr unsigned kLineBytes = 4096;
// Held back for what comes after the arguments, and after the results: the names of arguments that did not fit; the
// tail.
inline constexpr unsigned kForResults = 1536, kForTail = 256;

class Line {
public:
    explicit Line(bool json) noexcept : json_(json) {}

    bool json() const noexcept { return json_; }
    const char* data() const noexcept { return bytes_; }
    unsigned size() const noexcept { return length_; }

    void limit(unsigned keep_free) noexcept { limit_ = kLineBytes - keep_free; }
    bool overflowed() const noexcept { return overflowed_; }
    unsigned mark() const noexcept { return length_; }
    void back_to(unsigned mark) noexcept { length_ = mark, overflowed_ = false; }

    void put(char c) noexcept {
        if (length_ < limit_) bytes_[length_++] = c;
        else overflowed_ = true;
    }
    void put(const char* text) noexcept {
        for (; *text != '\0'; ++text) put(*text);
    }
    // A word that is a word in text, and a string in JSON.
    void word(const char* text) noexcept {
        if (json_) put('"');
        put(text);
        if (json_) put('"');
    }
    void number(std::uint64_t value) noexcept;
    void signed_number(std::int64_t value) noexcept;
    void digits(std::uint64_t value, unsigned count) noexcept;  // with leading zeros
    void hex(std::uint64_t value) noexcept;                     // 0x...; a string in JSON
    // UTF-8 in quotes. Control characters, quotes, backslashes and what is not UTF-8 are escaped.
    void quoted(const char* text, unsigned length, bool cut_off) noexcept;
    // 2026-11-23T17:58:07.123456Z
    void moment(std::int64_t seconds, unsigned nanoseconds) noexcept;

private:
    void escape(unsigned char byte) noexcept;

    unsigned length_ = 0, limit_ = kLineBytes;
    bool json_, overflowed_ = false;
    char bytes_[kLineBytes];
};

}  // namespace winshim::trace
