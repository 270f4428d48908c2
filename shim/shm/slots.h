// slots.h - taking slots of the segment's arrays, and committing memory behind them.
#pragma once
#include "shim/shm/segment.h"

namespace winshim::shm {

// Commits at least one more slot of an array if `seen` is all there is. Errors: no_system_resources (array or /dev/shm
// full), not_enough_memory. Success also if somebody else was quicker.
Status grow_objects(u32 seen) noexcept;
Status grow_threads(u32 seen) noexcept;
Status grow_processes(u32 seen) noexcept;
Status grow_cells(u32 seen) noexcept;

// An object slot in phase allocating, marked with its maker (thread slot + 1): the rundown of a dead maker frees it.
Result<u32> allocate_object(u32 maker) noexcept;
// Destroys what is in the slot: one store moves the generation. Needs the guard, or that nobody else knows the slot.
void free_object(u32 index) noexcept;
// Recomputes the hint of one free slot (a death may have lost it).
void mend_hint(u32 index) noexcept;

// A zeroed chunk of handle entries that belongs to the process slot `owner`.
Result<u32> allocate_chunk(u32 owner) noexcept;

}  // namespace winshim::shm
