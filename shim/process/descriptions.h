// descriptions.h - names that a process has given its threads: private texts, as UTF-8.
//
// Purpose     The kernel keeps 15 bytes of a thread's name; Win32 programs expect the whole, and to be asked for it
//             after the thread has ended. Kept by the thread's object and generation; what belongs to none any more is
//             dropped when the next name is set.
// Locks       One private lock. No shared lock is taken under it.
#pragma once
#include "shim/wait/guard.h"

namespace winshim::process {

// Errors: not_supported (another process's thread), not_enough_memory.
Status describe(wait::Target thread, const char* text) noexcept;
// A copy of it, to be freed; "" if there is none. Errors: as describe().
Result<char*> description_of(wait::Target thread) noexcept;

void lock_descriptions_for_fork() noexcept;
void unlock_descriptions_after_fork() noexcept;
void renew_descriptions_lock_after_fork() noexcept;

}  // namespace winshim::process
