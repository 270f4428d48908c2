// foreign.h - the tables of other processes: DuplicateHandle across processes, and the rundown of a table.
//
// Purpose     What one process does in the table of another happens under that table's lock, after a look whether the
//             process is still the one that was meant: a process slot, and a chunk, may have changed hands since its
//             number was read. The rundown holds the same lock while it closes and takes away: neither sees the other
//             half-way.
#pragma once
#include "shim/handle/table.h"

namespace winshim::handle {

// A process: its slot, and the object that stands for it there. The caller holds a handle to that object, so no other
// process can have the same one.
struct Owner {
    u32 process;
    u32 object;
};

// As peek(), close() and duplicate(). Error, besides theirs: invalid_handle (the process has ended).
u64 peek_in(Owner owner, Handle h) noexcept;
Status close_in(Owner owner, Handle h) noexcept;
Result<Handle> insert_in(Owner owner, u64 entry, u64 access_and_flags) noexcept;

// Closes every handle of a process that is dead (or is the caller's own, at its exit). Entries that threads of it have
// reserved stay reserved. False: not everything, the caller ran out of patience.
[[nodiscard]] bool close_all_of(u32 process) noexcept;
// Gives the chunks back. No thread of the process may be alive: it could still write what it had reserved. False: as
// above.
[[nodiscard]] bool release_chunks_of(u32 process) noexcept;

}  // namespace winshim::handle
