// all.h - waiting for all: everything at once, or nothing.
#pragma once
#include "shim/wait/guard.h"

namespace winshim::wait {

// Completes the queued wait-all of thread `slot` if all its objects are signaled for it. Needs ALL and the guard of
// `held`, one of the objects.
void try_all(u32 slot, u32 held) noexcept;

// For the caller's own new wait `sequence` over `count` different objects: arms all blocks at one instant; completes
// the wait at once if everything is signaled; else queues the blocks, or, with `poll`, arms nothing.
// Errors: invalid_handle (an object is gone), mutant_limit_exceeded, file_corrupt. On error nothing is armed.
[[nodiscard]] Status arm_all(u32 sequence, const Target* targets, u32 count, bool poll) noexcept;

}  // namespace winshim::wait
