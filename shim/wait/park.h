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

// The thread is the one that had this epoch, and not its child: that has none if the fork ran no handlers, else one of
// its own. (A slot of its own, too; but that may have the parent's number, once the parent's thread has ended.)
inline bool is_still(u32 epoch) noexcept { return attached() && self.epoch == epoch; }

// Returns once the word of the caller's wait `sequence` is decided; decides it as timed_out itself at `deadline_ns`.
// Returns also in a child that a handler has forked out of the sleep (is_still()), which must touch nothing of it.
// Only its sleep is a cancellation point; the caller is Uncancelled.
void park(u32 sequence, u64 deadline_ns, const Leaving& leaving) noexcept;

}  // namespace winshim::wait
