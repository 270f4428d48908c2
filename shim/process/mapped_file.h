// mapped_file.h - the file that a file mapping is of: how it is found again.
//
// Purpose     A mapping of a file keeps a record beside the segment (shm/files.h): the file's device and inode, and the
//             path that it had. Whoever maps a view opens the path, and goes on only if it leads to that very file.
//             The process that made the mapping keeps a descriptor of its own besides, for as long as the mapping
//             lives: there a file may be renamed or deleted, be a memfd, or have lost its permissions, as on Windows
//             nothing of that concerns who has the mapping.
// Refused     In another process, a file that has no path any more, or another one: file_invalid. There is no server
//             that could hand a descriptor over, /proc/PID/fd would end with its process, and a hard link is not
//             possible on every file system and would change what others see of the file.
// Locks       One private lock. No shared lock is taken under it.
#pragma once
#include <limits.h>

#include "shim/wait/guard.h"

namespace winshim::process {

struct FileRecord {
    u64 magic, device, inode;
    u64 length;           // of the path; 0: it has none
    char path[PATH_MAX];
    u64 bytes() const noexcept { return offsetof(FileRecord, path) + length; }
};

// What is written beside a mapping of the file behind `descriptor`.
FileRecord record_of(int descriptor) noexcept;

// The caller has just made `mapping`: keeps a duplicate of the file's descriptor.
void keep_file(wait::Target mapping, int descriptor) noexcept;
// The file of `mapping`, opened for reading or for both; the caller closes it. Errors: file_invalid (its path does not
// lead to it any more), access_denied, too_many_open_files.
Result<int> open_file(wait::Target mapping, bool writable) noexcept;

// How many descriptors are kept; those of mappings that have ended are closed by forget_ended_files().
extern constinit std::atomic<u32> files_kept;
[[gnu::cold]] void forget_ended_files() noexcept;

void lock_files_for_fork() noexcept;
void unlock_files_after_fork() noexcept;
void renew_files_lock_after_fork() noexcept;

}  // namespace winshim::process
