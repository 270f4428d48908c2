// table.h - this process's handles.
//
// Purpose     HANDLE h is entry h / 4 - 1 of the process's table. The entries lie in the segment, so that survivors can
//             close what a dead process had open, and a fork's child can be given its parent's; which of them are free
//             is the process's own affair.
// Locks       An entry comes to name an object, or ceases to, only under that object's guard, together with the
//             object's reference count: the count can always be recomputed from the entries. The list of free indices
//             has a private lock of its own: taken before GROW and the table lock, never under them.
//             Tables of other processes: foreign.h.
#pragma once
#include <bit>

#include "shim/handle/chunks.h"
#include "shim/handle/entry.h"

namespace winshim::handle {

using Handle = void*;

// The caller's process slot: whose table this is. Set by attach.
extern constinit u32 my_process;

extern constinit std::atomic<shm::HandleChunk*> chunks[shm::kChunksPerProcess];
[[gnu::cold]] std::atomic<u64>* find_slow(u32 index) noexcept;

inline Handle to_handle(u32 index) noexcept { return reinterpret_cast<Handle>((u64{index} + 1) * 4); }

// The index of a handle value. One that is no multiple of 4, or 0, comes out above all indices: what is rotated off
// below comes in above.
inline std::uintptr_t index_of(Handle h) noexcept { return std::rotr(reinterpret_cast<std::uintptr_t>(h) - 4, 2); }

// The entry that a handle value leads to; null for a value that cannot be one. One or two loads.
inline std::atomic<u64>* find(Handle h) noexcept {
    const std::uintptr_t index = index_of(h);
    if (WINSHIM_UNLIKELY(index >= shm::kMaxObjects)) return nullptr;
    shm::HandleChunk* chunk = chunks[index / shm::kHandlesPerChunk].load(std::memory_order_acquire);
    if (WINSHIM_UNLIKELY(chunk == nullptr)) return find_slow(static_cast<u32>(index));
    return &chunk->entry[index % shm::kHandlesPerChunk];
}
// What it holds; is_open() tells whether that is a handle.
inline u64 peek(Handle h) noexcept {
    const std::atomic<u64>* entry = find(h);
    return entry == nullptr ? 0 : entry->load(std::memory_order_acquire);
}

// A free index with memory behind it, for the caller alone. Errors: too_many_open_files (table full),
// no_system_resources, not_enough_memory.
Result<u32> reserve() noexcept;
void unreserve(u32 index) noexcept;
// What opening the object is going to touch, far apart in memory when there are many.
void will_use(u32 object) noexcept;
// Under the guard of the object: makes the reserved index name it and counts the reference.
void publish(u32 index, u64 entry, shm::Object& x) noexcept;

// Closes a handle. Errors: invalid_handle (not open, or protected from close).
Status close(Handle h) noexcept;

// A new handle in this process to the object that `entry` names, with other rights. Error: invalid_handle (gone
// meanwhile).
Result<Handle> duplicate(u64 entry, u64 access_and_flags) noexcept;

// Changes the flags kInherit and kProtect. Error: invalid_handle.
Status set_flags(Handle h, u64 mask, u64 flags) noexcept;

// ---- whole tables (attach, fork, rundown) ------------------------------------------------------------------------

// Private memory for this process's table; called once per process, and again in a fork's child.
Status begin(u32 process) noexcept;
void lock_for_fork() noexcept;
void unlock_after_fork() noexcept;
void renew_lock_after_fork() noexcept;
// In the parent, with the table locked: gives the process slot `child` a copy of every entry that has these flags, at
// the same index.
Status copy_to(u32 child, u64 flags) noexcept;
// In the child: takes the copies that were made for it as its own table.
Status adopt(u32 process) noexcept;

// An entry in the table of `process` stops naming its object, under the object's guard. `leave_as`: 0 or kReserved.
// Errors: invalid_handle (not open, or protected), out_of_time (it still names its object).
Status close_entry(std::atomic<u64>& slot, u32 process, u64 leave_as) noexcept;

}  // namespace winshim::handle
