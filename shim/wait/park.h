// park.h - sleeping until a wait is decided.
#pragma once
#include "shim/shm/clock.h"
#include "shim/wait/wait_word.h"

namespace winshim::wait {

// What a cancelled thread does before its own cleanup handlers run: leaves the wait.
struct Leaving {
    void (*leave)(void* wait);
    void* wait;
    int cancel_state;  // of the thread before the wait
};

// Returns once the word of the caller's wait `sequence` is decided; decides it as timed_out itself at `deadline_ns`.
// Only its sleep is a cancellation point; the caller is Uncancelled.
void park(u32 sequence, u64 deadline_ns, const Leaving& leaving) noexcept;

}  // namespace winshim::wait
