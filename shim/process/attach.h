// attach.h - who takes part: threads and processes entering and leaving the segment.
//
// Purpose     A thread attaches on its first call that needs the shared state, and leaves when it ends; the process
//             with its first thread. A program that never calls creates nothing.
// Locks       a private lock of this room -> the segment's file lock -> REAP.
#pragma once
#include "shim/shm/segment.h"

namespace winshim::process {

// Errors: those of SegmentFile::open, no_system_resources (no thread or process slot left), not_enough_memory, and
// invalid_handle once the process is exiting.
[[nodiscard]] Status attach() noexcept;

[[nodiscard]] inline Status ensure_attached() noexcept { return attached() ? Status::success : attach(); }

// Gives a hidden thread of ours (the housekeeper) a slot, without the hooks of ordinary threads.
[[nodiscard]] Status attach_hidden_thread() noexcept;

u32 my_process() noexcept;

}  // namespace winshim::process
