// trace_line.h - a line of a trace, in text or JSON, read back (docs/tracing.md describes both).
#pragma once
#include "shim/relay/signatures.h"
#include "shim/shm/types.h"

namespace winshim::tool {

// A piece of the line that was read.
struct Piece {
    const char* at = nullptr;
    u32 length = 0;
    bool is(const char* text) const noexcept;
    bool begins(const char* text) const noexcept;
};

// An object that a call concerns: a handle's, or a lock of the process by its address.
struct Concerned {
    Piece argument, type, name, value;
    bool in_array = false, is_result = false, local = false;
};

struct TraceLine {
    static constexpr u32 kMostObjects = 80;
    Piece function, result;
    u32 pid = 0;
    u64 ns = 0;
    bool begun_only = false;  // written when the call began: no result, no duration
    bool wait_all = false;
    Concerned objects[kMostObjects];
    u32 object_count = 0;

    void add(const Concerned& object) noexcept {
        if (object_count < kMostObjects) objects[object_count++] = object;
    }
};

// False: it is no such line. The pieces lie in `line`, which ends with a null.
bool read_trace_line(const char* line, TraceLine& to) noexcept;

// The row of the table for a function as traces call it; null if there is none.
const relay::Function* traced_function(Piece name) noexcept;
// "critical section" and its like; null for arguments that are no lock.
const char* local_type(const relay::Function* f, Piece argument) noexcept;

}  // namespace winshim::tool
