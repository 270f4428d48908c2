// robust.h - the only code that locks a robust mutex, and the only code that tells the living from the dead.
//
// Purpose     A guard whose holder died comes back with Taken::owner_died: the caller repairs what it guards and calls
//             made_consistent(). A thread's life is a robust mutex, too: it holds it for as long as it lives, and the
//             kernel marks it at death, exec and thread end alike; unlike a pid it is never reused.
// Damage      Every word of a lock is input. Its list pointers are written (for the kernel) and never read; what the
//             thread holds, and in which order, it knows in private memory (Self::held). A lock word that names a
//             thread which cannot hold the lock is found out after a while and treated as a death; two threads that
//             wait for each other, which only damage can bring about, get Taken::broken.
// Locks       `self.depth` counts what the thread holds, so that a signal handler knows whether it interrupted one.
#pragma once
#include "shim/shm/self.h"

namespace winshim::shm {

enum class Taken { plain, owner_died, broken };

void init(RobustLock& lock) noexcept;

// Blocks. Returns broken for a lock that damage has made useless, or that the caller holds, and when the thread is out
// of patience.
[[nodiscard]] Taken take(RobustLock& lock) noexcept;
void made_consistent(RobustLock& lock) noexcept;
void release(RobustLock& lock) noexcept;

// A thread that attaches, or a fork's child: what it knew of itself may be its parent's.
void forget_thread() noexcept;
// The C library has the calling thread's id right, and writes it into the locks that the thread takes. In the child of
// a bare clone() it has the parent's.
bool thread_is_known() noexcept;
// A number for the namespace in which thread ids are to be understood; never 0.
u32 pid_space() noexcept;
// A process that exits waits for shared locks for a limited time: a stopped process may hold them. What then fails was
// perhaps not broken, and must be left as it is, for whoever runs the process down.
[[nodiscard]] bool out_of_patience() noexcept;
class Patience {
public:
    explicit Patience(u64 deadline_ns) noexcept { self.patience = deadline_ns; }
    ~Patience() noexcept { self.patience = ~0ull; }
    Patience(const Patience&) = delete;
    Patience& operator=(const Patience&) = delete;
};

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
// The kernel marks a dead thread's locks by a list, and does not always get there: the list lies in the segment, and
// may be damaged; and exec by a thread that is not its process's first gives it the first one's id before the list is
// walked, so that every lock on it looks like somebody else's. Asks the kernel for the thread (a system call), and
// marks its life as the kernel should have done. Returns whether it lives.
bool alive_for_sure(Thread& thread) noexcept;

// Takes a free slot's life lock for the calling thread (repairing what a dead tenant left) / gives it back.
[[nodiscard]] bool begin_life(Thread& thread, u32 tid) noexcept;
void end_life(Thread& thread) noexcept;

}  // namespace winshim::shm
