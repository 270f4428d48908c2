// robust.h - the only code that locks a robust mutex, and the only code that tells the living from the dead.
//
// Purpose     A guard whose holder died comes back with Taken::owner_died: the caller repairs what it guards and calls
//             made_consistent(). A thread's life is a robust mutex, too: it holds it for as long as it lives, and the
//             kernel marks it at death, exec and thread end alike; unlike a pid it is never reused.
// Locks       `self.depth` counts what the thread holds, so that a signal handler knows whether it interrupted one.
#pragma once
#include "shim/shm/self.h"

namespace winshim::shm {

enum class Taken { plain, owner_died, broken };

void init(RobustLock& lock) noexcept;

// Blocks. Returns broken only for a lock word that no participant can have written.
[[nodiscard]] Taken take(RobustLock& lock) noexcept;
// As take(), but gives up at `deadline_ns` (CLOCK_MONOTONIC) with broken.
[[nodiscard]] Taken take_until(RobustLock& lock, u64 deadline_ns) noexcept;
void made_consistent(RobustLock& lock) noexcept;
void release(RobustLock& lock) noexcept;

// The kernel and the C library keep the holder's thread id and two flags in the first word of the mutex (begin_life()
// checks that). Loading it has no side effect; a trylock would take a dead thread's lock, and a
// second tester would believe in life.
inline constexpr u32 kTidMask = 0x3FFFFFFF, kOwnerDied = 0x40000000, kWaiters = 0x80000000;

inline std::atomic<u32>& lock_word(RobustLock& lock) noexcept {
    return *reinterpret_cast<std::atomic<u32>*>(&lock.mutex);
}
inline bool holder_died(RobustLock& lock) noexcept {
    return (lock_word(lock).load(std::memory_order_acquire) & kOwnerDied) != 0;
}

// acquire: what the dead thread wrote before its death is seen by whoever finds it dead.
inline bool alive(Thread& thread) noexcept {
    const u32 word = lock_word(thread.life).load(std::memory_order_acquire);
    const u32 tid = thread.tid.load(std::memory_order_relaxed);
    return tid != 0 && (word & kTidMask) == tid && (word & kOwnerDied) == 0 &&
           thread.slot.load(std::memory_order_acquire) == Slot::live;
}

// Takes a free slot's life lock for the calling thread (repairing what a dead tenant left) / gives it back.
[[nodiscard]] bool begin_life(Thread& thread, u32 tid) noexcept;
void end_life(Thread& thread) noexcept;

}  // namespace winshim::shm
