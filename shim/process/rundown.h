// rundown.h - doing for the dead what they would have done at their end.
//
// Order (each step looks before it acts, so that a rundown that dies is simply begun again by the next one):
//   1. thread slot: live, and its life lock says dead -> dying
//   2. its word: waiting -> timed_out; every block still armed is disarmed under its object's guard
//   3. only then every mutex that it owns: entering the guard abandons it. (In the other order a granter that still
//      found the thread alive could make it the owner behind the scan.)
//   4. objects that it was making are freed; everybody whose wait is decided is rung
//   5. slot -> free. No block and no owner names a free slot: so an owner number is never ambiguous
//   6. no thread of its process alive: the process's handles are closed, its slot is freed
#pragma once
#include "shim/wait/guard.h"

namespace winshim::process {

// Runs down every thread and process that is dead. Costs a look at each thread slot if none is.
void sweep() noexcept;
// The same, for a caller that holds REAP.
void sweep_held() noexcept;

// The orderly end of the calling thread's part: steps 2 to 4 for itself.
void leave_waits_and_mutexes(u32 slot) noexcept;

// Holding REAP: is any thread of this process slot alive?
bool process_alive(u32 process) noexcept;
// Holding REAP: closes the handles of a process and frees its slot.
void run_down_process(u32 process) noexcept;

// REAP: serialises attach, detach and rundown. `wait_ns` bounds the wait for it (an exiting process must not hang
// behind a stopped one).
class ReapLock {
public:
    explicit ReapLock(u64 deadline_ns = ~0ull) noexcept;
    ~ReapLock() noexcept;
    ReapLock(const ReapLock&) = delete;
    ReapLock& operator=(const ReapLock&) = delete;
    explicit operator bool() const noexcept { return held_; }

private:
    bool held_;
};

}  // namespace winshim::process
