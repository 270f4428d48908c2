// directory.h - from names to objects.
//
// Purpose     A hash table of name cells in the segment. An entry counts only while its object is live in the
//             generation the entry was made for; CloseHandle and the rundown of the dead therefore never touch it: what
//             is stale is dropped by whoever meets it, and collected before it outnumbers what is live.
// Locks       NAMES, held through NamesLock; before object guards, after REAP.
// Crash       A holder of NAMES that dies leaves anything half-linked: rebuild() makes buckets, chains and the free
//             list anew from the head cells whose objects live.
#pragma once
#include "shim/name/text.h"
#include "shim/object/kind.h"
#include "shim/wait/guard.h"

namespace winshim::name {

class NamesLock {
public:
    NamesLock() noexcept;
    ~NamesLock() noexcept;
    NamesLock(const NamesLock&) = delete;
    NamesLock& operator=(const NamesLock&) = delete;
    explicit operator bool() const noexcept { return held_; }

private:
    bool held_;
};

struct Found {
    u32 cell = 0;           // 0: nothing
    wait::Target target{};
    Kind kind = Kind::none;
};

// The object of `kind` with this name; else, among `kinds` (bits), any other. Needs NAMES.
Found find(const Text& text, Kind kind, u32 kinds) noexcept;
// Names the object; its number goes into the cell, the cell's into Object::name. Needs NAMES, and that the object is
// not live yet.
// Errors: no_system_resources, not_enough_memory.
Status insert(const Text& text, wait::Target target) noexcept;
// Forgets a name. Needs NAMES.
void remove(const Text& text, u32 index) noexcept;

}  // namespace winshim::name
