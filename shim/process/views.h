// views.h - what this process has mapped: MapViewOfFile, UnmapViewOfFile, FlushViewOfFile.
//
// Purpose     A view is memory of the process, and a handle that nobody knows: an entry of the table that counts as a
//             reference to the mapping, so that its pages stay as long as somebody sees them, and go when the last
//             process that did is gone, however it ended.
// Invariants  The hidden entry has the right kView and no other, and is protected from being closed.
//             No access to a view is answered with SIGBUS, unless the mapped file has been cut short meanwhile, or the
//             pages were only reserved (SEC_RESERVE) and /dev/shm is full.
// fork        The child has the views, and a copy of each hidden entry at the same index. exec has neither.
// Locks       One private lock for the list. No shared lock is taken under it.
#pragma once
#include "shim/handle/table.h"

namespace winshim::process {

inline constexpr u64 kView = 0x1000;  // among the specific rights of an entry (handle/entry.h): no kind has it

struct View {
    u64 offset, bytes;  // bytes 0: to the end
    void* at;           // null: anywhere
    int protection;     // of mmap
    bool copy;          // what is written is the process's own
};

// Errors: access_denied (beyond the end; the pages may not be mapped so), invalid_address (`at` is not free),
// file_invalid (the file has gone, or is shorter than the mapping), not_enough_memory, and those of a new handle.
Result<void*> map_view(u64 entry, const View& wanted) noexcept;
// Error: invalid_address (no view begins there).
Status unmap_view(const void* base) noexcept;
// Errors: invalid_address (not in a view), gen_failure (the file cannot be written).
Status flush_view(const void* at, u64 bytes) noexcept;
// Gives pages that were only reserved memory. Errors: invalid_address (not in a view), not_enough_memory.
Status commit_in_view(const void* at, u64 bytes) noexcept;

// Whether a view of this process lies there.
bool is_in_view(const void* at) noexcept;

void lock_views_for_fork() noexcept;
void unlock_views_after_fork() noexcept;
void renew_views_lock_after_fork() noexcept;

}  // namespace winshim::process
