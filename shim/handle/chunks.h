// chunks.h - the memory behind a process's table: whole chunks of entries, and who may give or take them.
//
// Purpose     A table is a directory of chunks. Its own process adds chunks; others add some when they insert handles;
//             the rundown takes all of them away.
// Locks       A process's table lock guards its directory, and whatever another process does in its table. Order:
//             REAP -> names -> table -> ALL -> guards; table -> GROW. A holder that dies leaves nothing half-done:
//             each change of the directory is one store, each change of an entry is its object's guard's affair.
#pragma once
#include "shim/shm/segment.h"

namespace winshim::handle {

class TableLock {
public:
    explicit TableLock(u32 process) noexcept;
    ~TableLock() noexcept;
    TableLock(const TableLock&) = delete;
    TableLock& operator=(const TableLock&) = delete;
    explicit operator bool() const noexcept { return taken_ != shm::Taken::broken; }

private:
    shm::RobustLock& lock_;
    shm::Taken taken_;
};

// Holding the table lock: gives the table one more chunk, at the first free place of its directory. Returns the place.
// Errors: too_many_open_files (directory full), no_system_resources, not_enough_memory.
Result<u32> attach_chunk_held(u32 process) noexcept;

}  // namespace winshim::handle
