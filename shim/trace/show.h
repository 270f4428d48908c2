// show.h - a value as a line says it, by its kind.
#pragma once
#include "shim/relay/inside.h"
#include "shim/relay/signatures.h"
#include "shim/trace/line.h"

namespace winshim::trace {

// What libwinshim has told; set before anything else here is used.
extern const relay::Inside* inside;

// The named objects that a call concerns, as far as the filter asks for them.
struct Seen {
    bool named = false, wanted = false;
    void note(const char* name, unsigned length) noexcept;
    bool passes() const noexcept;
};

// Bytes of this process, or false if they cannot be read: a caller's bad pointer is its own affair.
bool read_memory(const void* from, void* to, std::size_t bytes) noexcept;

// The value at `at`, as passed. `before` is the argument before it: how many handles there are.
void show(Line& line, relay::Kind kind, unsigned width, const void* at, const void* before, Seen& seen) noexcept;

// What a call has stored where an argument points to; false: this kind stores nothing that is shown, or the argument
// is null.
bool stores(relay::Kind kind, const void* at) noexcept;
void show_stored(Line& line, relay::Kind kind, const void* at, Seen& seen) noexcept;

}  // namespace winshim::trace
