// self.h - what a thread knows about itself: private, thread-local, reached by one instruction.
#pragma once
#include "shim/shm/layout.h"

namespace winshim {

// Signals that arrived in a signal handler while this thread held a guard; run when it holds none (wait/deferred.cpp).
struct DeferredSignal {
    u32 object;
    u32 generation;
    u32 what;    // wait/deferred.h
    u32 amount;
};
inline constexpr u32 kMaxDeferred = 16;
// The guards of a wait-all and one more, REAP, NAMES, a table, ALL, GROW.
inline constexpr u32 kMaxHeld = shm::kMaxWait + 8;

// An object that has ended, and whose file has still to go.
struct GoneObject {
    u32 object;
    u32 generation;
};
inline constexpr u32 kMaxGone = 8;

namespace shm::robust_list {
struct Head;
}

// What a thread has learned about waiting awake (wait/spin.cpp).
struct Looking {
    u32 ns;        // for how long; 0: not at all, for it has not been worth while
    u32 waits;     // since it was last tried
    u32 patience;  // waits until it is tried again
};
struct Yielding {
    bool on;       // the last try was worth while
    u32 waits;     // since it was last tried; while on, successes
    u32 patience;  // waits until it is tried again; while on, successes until that is halved
};

struct Self {
    u32 epoch;         // == fork_mark while attached; a fork without handlers wipes the mark, so that it differs
    u32 id;            // thread slot + 1: what a mutant's word holds; 0 = not attached
    u32 sequence;      // of the last wait
    // Mutants that this thread owns, or more: its exit looks for them if this is not 0. Counted before one is taken,
    // and uncounted after it is given up, since the thread may be ended between any two instructions.
    u32 owned;
    std::atomic<u32> depth;     // robust locks held (the life lock apart): signals are deferred while it is not 0
    std::atomic<u32> waiting;   // 1 while the wait word and the blocks are in use
    u32 holds_all;     // 1 while this thread holds ALL
    u32 owed_count;    // objects met with a pump owed while a second guard was held; pumped before ALL is released
    u32 owed[shm::kMaxWait];
    u32 ring_count;    // threads to wake once no lock is held
    u32* ring;         // room for every thread slot; never grown under a lock
    u32 pump_missed;   // 1: a wait-all could not be tried in time; its object is left with a pump due
    u64 patience;      // until when this thread waits for shared locks: kForever, but for a process at its exit
    Looking looking;
    Yielding yielding;
    std::atomic<u32> deferred_count;
    u32 bump_count;
    u32 gone_count;    // files to remove once no lock is held (shm/files.h); more than kMaxGone: not all are noted
    GoneObject gone[kMaxGone];
    u32 bump[8];       // processes whose watcher has to look again (wait/watch.h)
    DeferredSignal deferred[kMaxDeferred];
    std::atomic<u32> apcs;         // asynchronous procedure calls queued to this thread (process/own_threads.h)
    std::atomic<u32> routines;     // completion routines of timers that it has set (process/timer_routines.h)
    std::atomic<u32> interrupted;  // 1: suspended or terminated while it held something; obeyed by settle()
    // What the thread knows about its robust mutexes: the segment, where they lie, is not asked (shm/robust.cpp).
    u32 tid;                         // 0: not known yet
    unsigned char* base;             // of the segment in which its locks lie
    u32 sections;                    // as Thread::sections
    shm::robust_list::Head* robust;  // null: the C library unlocks
    void* below;                     // what was first in the list before the first lock held
    void* below_life;                // and before the life lock
    u32 held_count;
    u32 held[kMaxHeld];              // by number, in the order in which they were taken
};

inline constexpr u32 kNeverAttached = 0xFFFFFFFF;
extern thread_local constinit Self self;

// In an attached process a number that is not 0, and another one than its parents had. The page is wiped in a child
// made by a fork that ran no handlers, so that such a child does not take its parent's slots for its own.
struct alignas(4096) ForkMark {
    std::atomic<u32> value;
};
extern constinit ForkMark fork_mark;

inline bool attached() noexcept {
    return WINSHIM_LIKELY(self.epoch == fork_mark.value.load(std::memory_order_relaxed));
}

// While it lives, a cancellation of this thread (pthread_cancel) stays pending.
class Uncancelled {
public:
    Uncancelled() noexcept;
    ~Uncancelled() noexcept;
    Uncancelled(const Uncancelled&) = delete;
    Uncancelled& operator=(const Uncancelled&) = delete;
    int before() const noexcept { return before_; }

private:
    int before_;
};

// Win32 calls leave errno alone (LD-18).
class KeepErrno {
public:
    KeepErrno() noexcept;
    ~KeepErrno() noexcept;
    KeepErrno(const KeepErrno&) = delete;
    KeepErrno& operator=(const KeepErrno&) = delete;

private:
    int saved_;
};

}  // namespace winshim
