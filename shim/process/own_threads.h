// own_threads.h - what a process knows of its own threads beside the segment: their queued calls, and who is stopped.
//
// Purpose     QueueUserAPC, SuspendThread and TerminateThread work on threads of the caller's own process: addresses
//             mean nothing elsewhere, and nobody stops a stranger's thread (LD-25, LD-26). A thread is found by its
//             object.
// Locks       One private lock, under REAP when a thread ends, else under nothing. No shared lock is taken under it.
#pragma once
#include "shim/wait/guard.h"

namespace winshim::process {

// An asynchronous procedure call: `run` is called with it, in the thread it was queued to.
struct Apc {
    Apc* next = nullptr;
    void (*run)(const Apc&) = nullptr;
    void* function = nullptr;
    u64 argument[3] = {};
};

// Queues `apc` (taken over; made by new_apc) to the thread with this object. It runs when that thread waits alertably.
// Errors: gen_failure (the thread has ended), not_supported (a thread of another process).
Status queue_apc(wait::Target target, Apc* apc) noexcept;
Apc* new_apc() noexcept;  // null: no memory
void drop_apc(Apc* apc) noexcept;
// The same, to the calling thread itself, for those who are in the middle of its wait: nobody is woken. False: it is
// not known (no memory when it attached), the call is the caller's still.
bool queue_own_apc(Apc* apc) noexcept;
// Takes those out of the calling thread's queue that `run` is called with and whose last argument is `key`.
void drop_own_apcs(void (*run)(const Apc&), u64 key) noexcept;
// Runs what is queued to the calling thread, in order, and what that queues; returns whether anything ran.
bool run_apcs() noexcept;

inline constexpr u32 kMostSuspends = 127;  // MAXIMUM_SUSPEND_COUNT

// What stopping a thread needs. `run` is a futex: the thread goes on while it is 1.
struct Stop {
    std::atomic<u32> run{1};
    std::atomic<u32> ending{0};
    u32 end_code = 0;
    u32 suspends = 0;  // guarded by the private lock
};
// The calling thread's own. Null only if there was no memory when it attached.
Stop* own_stop() noexcept;

// Calls visit(Stop&, tid) under the private lock for the thread with this object. Errors: access_denied (it has ended),
// not_supported (another process's thread).
Status visit_thread(wait::Target target, void (*visit)(Stop&, u32 tid, void* with), void* with) noexcept;

// ---- for the room --------------------------------------------------------------------------------------------------
void note_thread(u32 slot) noexcept;    // the calling thread has got this slot
void forget_thread(u32 slot) noexcept;  // it gives it back; calls still queued are dropped
void forget_all_threads() noexcept;     // in a fork's child
void lock_threads_for_fork() noexcept;
void unlock_threads_after_fork() noexcept;
void renew_threads_lock_after_fork() noexcept;

}  // namespace winshim::process
