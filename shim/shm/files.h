// files.h - files that belong to one object each: the pages of a file mapping, or the path of the file that it is of.
//
// Purpose     They lie beside the segment: /dev/shm/map.winshim-UID-ID.SLOT.GENERATION, mode 0600. Whoever has a handle
//             to the object finds its file by that name; no descriptor is kept open.
// Crash       Object::file says that a file named after the slot may exist, and by seven bits which generation's. It is
//             set before the file is made, and cleared when the file is gone. So what a death leaves is found: by the
//             rundown of the dead, by the slot's next tenant before it does anything else, by the removal of the
//             segment. The generation in the name keeps each of these away from a later tenant's file.
// Security    As for the segment: owner, type, mode and link count are checked on the open descriptor.
#pragma once
#include "shim/shm/segment.h"

namespace winshim::shm::files {

// What a new object wants beside it.
struct Contents {
    u64 bytes;           // pages: how many bytes of zeros
    bool commit;         // with memory behind them, so that no access to them ever fails
    const void* record;  // not null: these `bytes` bytes instead of pages
};

// Holding the claimed slot (phase allocating): makes the file of its object. On error nothing is left.
// Errors: not_enough_memory (/dev/shm is full), too_many_open_files, access_denied (something else bears the name; the
// caller has left the segment's user or its /dev/shm), no_system_resources.
[[nodiscard]] Status make(u32 object, const Contents& contents) noexcept;

// Opens the file of an object that lives in `generation`: the caller holds a reference. -1: not there, or not to be
// trusted.
int open(u32 object, u32 generation, int flags) noexcept;

// Bytes [from, to) of an open file get memory behind them. Error: not_enough_memory.
[[nodiscard]] Status fill(int descriptor, u64 from, u64 to) noexcept;

// Under the guard: the object of `generation` has just ended. Its file is removed by remove_noted(), once the caller
// holds no guard.
void remove_later(u32 object, u32 generation) noexcept;
void remove_noted() noexcept;

// Removes what an earlier tenant of the slot has left. Not under a guard. The slot is free, or claimed by the caller.
void remove_left(u32 object) noexcept;

// Every slot's: the segment itself is going.
void remove_all() noexcept;

// Whose file the mark of slot `object` speaks of, if it is set: a generation that is not later than `now`.
inline u32 generation_of(u8 mark, u32 now) noexcept { return now - ((now - mark) & 0x7F); }

// The name of a file as it stands in /dev/shm, after a slash.
struct Name {
    char text[80];
    Name(u32 user, u64 segment, u32 object, u32 generation) noexcept;
};

}  // namespace winshim::shm::files
