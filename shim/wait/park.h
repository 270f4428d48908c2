// park.h - sleeping until a wait is decided.
#pragma once
#include "shim/shm/clock.h"
#include "shim/wait/wait_word.h"

namespace winshim::wait {

// Returns once the word of the caller's wait `sequence` is decided; decides it as timed_out itself at `deadline_ns`.
void park(u32 sequence, u64 deadline_ns) noexcept;

}  // namespace winshim::wait
