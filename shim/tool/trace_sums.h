// trace_sums.h - what the lines of a trace add up to, by function and by object.
#pragma once
#include "shim/look/list.h"
#include "shim/tool/output.h"
#include "shim/tool/trace_line.h"

namespace winshim::tool {

struct Sum {
    char* what;      // a function; an object: type and name, or type, number and process
    u64 calls = 0;
    u64 waits = 0;   // calls that may block; of an object: for it
    u64 timeouts = 0;
    u64 total_ns = 0;
    u64 blocked_ns = 0;  // of the waits
    u64 longest_ns = 0;  // of the waits; of a function that does not wait: of all calls
};

// Sums by what they are of.
class Sums {
public:
    Sums() noexcept = default;
    ~Sums() noexcept;
    Sums(const Sums&) = delete;
    Sums& operator=(const Sums&) = delete;
    Sum* of(const char* what) noexcept;  // null: no memory
    u32 count() const noexcept { return list_.count(); }
    const Sum& operator[](u32 i) const noexcept { return list_[i]; }
    // By the time blocked, then by total time, then by calls. Afterwards nothing is added.
    void sort() noexcept;

private:
    bool rehash() noexcept;
    look::List<Sum> list_;
    look::List<u32> table_;  // index + 1; a power of two
};

struct Summary {
    Sums functions, objects;
    u64 lines = 0, unreadable = 0, begun = 0;
    bool whole = true;  // false: the memory did not suffice

    void add(const TraceLine& line) noexcept;
};

// "1.5 us", "20.1 ms", "3.20 s": calls take less than what Text::add_time tells apart.
const char* duration(u64 ns, Text& text) noexcept;

// trace_plot.cpp: two charts of bars, as SVG. False: it cannot be written, and why was said.
bool write_plot(const char* path, const Summary& summary, u32 most) noexcept;

}  // namespace winshim::tool
