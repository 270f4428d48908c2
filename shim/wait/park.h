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

// The thread is the one that had this id. In a child that a handler of it has forked it is not, whether the fork ran its
// handlers (another slot) or not (none).
inline bool is_still(u32 id) noexcept { return attached() && self.id == id; }

// Returns once the word of the caller's wait `sequence` is decided; decides it as timed_out itself at `deadline_ns`.
// Returns also in a child that a handler has forked out of the sleep (is_still()), which must touch nothing of it.
// Only its sleep is a cancellation point; the caller is Uncancelled.
void park(u32 sequence, u64 deadline_ns, const Leaving& leaving) noexcept;

}  // namespace winshim::wait
