// wait_word.h - the word that decides a wait.
//
//   63             32 31        13 12       6 5      4      3      2      0
//  +-----------------+------------+----------+------+------+------+--------+
//  | sequence (32)   | 0          | index (7)| park | alrt | abnd | phase  |
//  +-----------------+------------+----------+------+------+------+--------+
//
// phase     idle, waiting, granted, timed_out, alerted
// index     meaningful when granted: the block whose object satisfied the wait; kIndexAll = all of them at once
// abnd      meaningful when granted: a mutant that came with it had been abandoned
// alrt      the wait is alertable
// park      the waiter may be asleep on its bell: whoever decides the wait rings it
//
//   #   from -> to                      by                              order      what else
//   W1  idle -> waiting, sequence + 1   the waiter                      release    publishes block_count, sequence
//   W2  waiting -> granted(i)           granter, guard of block i's     acq_rel    block i holds next_state: the object
//                                       object                                     follows, then the disarming
//   W3  waiting -> granted(all)         granter, ALL and all guards     acq_rel    every block holds its next_state
//   W4  waiting -> timed_out            the waiter; rundown (dead one)  acq_rel    nobody can grant any more
//   W5  waiting -> alerted              QueueUserAPC, with the sequence acq_rel
//   W6  waiting -> waiting | park       the waiter                      acq_rel    its bell is open
//   W7  decided -> idle                 the waiter, all blocks disarmed relaxed    the next W1 carries the order
//
// W2, W3 and W4 exclude one another: one compare-and-swap wins. release in W2/W3 hands the signaller's writes to the
// waiter; acquire reads what W1 published. The sequence keeps a late granter away from the thread's next wait.
#pragma once
#include "shim/shm/segment.h"

namespace winshim::wait_word {

enum Phase : u64 { idle = 0, waiting = 1, granted = 2, timed_out = 3, alerted = 4 };

inline constexpr u64 kPhaseMask = 7, kAbandoned = 1 << 3, kAlertable = 1 << 4, kParked = 1 << 5;
inline constexpr unsigned kIndexShift = 6;
inline constexpr u32 kIndexAll = shm::kMaxWait;

constexpr u32 sequence(u64 w) { return static_cast<u32>(w >> 32); }
constexpr Phase phase(u64 w) { return static_cast<Phase>(w & kPhaseMask); }
constexpr u32 index(u64 w) { return static_cast<u32>(w >> kIndexShift) & 0x7F; }
constexpr u64 make(u32 sequence, Phase phase) { return (u64{sequence} << 32) | phase; }

// True when the wait `sequence` was decided by block `i` (or by all blocks, of which i is one): with the block still
// armed, the grant is unfinished.
constexpr bool granted_by(u64 w, u32 seq, u32 i) {
    return phase(w) == granted && sequence(w) == seq && (index(w) == i || index(w) == kIndexAll);
}
constexpr bool is_waiting(u64 w, u32 seq) { return phase(w) == waiting && sequence(w) == seq; }

// Decides the wait `seq` of `thread` if nobody has: W2, W3, W4 or W5 by `outcome` (phase, index, abandoned). Returns
// the word as it was when that succeeded, 0 if it lost.
inline u64 decide(shm::Thread& thread, u32 seq, u64 outcome) noexcept {
    u64 w = thread.word.load(std::memory_order_acquire);
    while (is_waiting(w, seq)) {
        const u64 next = (w & ~kPhaseMask) | outcome;
        if (thread.word.compare_exchange_weak(w, next, std::memory_order_acq_rel, std::memory_order_acquire)) return w;
    }
    return 0;
}

}  // namespace winshim::wait_word
