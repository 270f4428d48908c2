// judge.h - whether what a lock word says can be true. Only for robust.cpp.
//
// Purpose     A wait that takes long judges the lock now and then. A word that names a thread which cannot hold the
//             lock is made to say "owner died", and whoever takes the lock repairs what it guards.
// Locks       Takes none.
#pragma once
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/shm/robust.h"
#include "shim/shm/segment.h"

namespace winshim::shm {

// The word: unless it has changed meanwhile, it says from now on that its owner died.
bool disown(RobustLock& lock, u32 word) noexcept;

enum class Verdict { believe, damage, deadlock };
// The wait for `lock` has taken `slices` slices: is what its word says possible?
Verdict judge(RobustLock& lock, u32 word, u32 slices) noexcept;

// A lock by its place in the segment: how threads note what they hold, and what they are blocked on.
inline u32 number_of(RobustLock& lock) noexcept {
    return static_cast<u32>((reinterpret_cast<unsigned char*>(&lock) - self.base) / 8);
}
inline RobustLock& lock_at(u32 number) noexcept { return *reinterpret_cast<RobustLock*>(self.base + u64{number} * 8); }

// Does this thread? From its private memory.
inline bool holds(RobustLock& lock) noexcept {
    for (u32 i = 0; i < self.held_count; ++i)
        if (self.held[i] == number_of(lock)) return true;
    return false;
}

inline void wake(RobustLock& lock, int sleepers) noexcept {
    syscall(SYS_futex, &lock_word(lock), FUTEX_WAKE, sleepers, nullptr, nullptr, 0);
}

}  // namespace winshim::shm
