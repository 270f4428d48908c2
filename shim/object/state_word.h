// state_word.h - the word that is the truth about an object.
//
//   63                      36 35   34  33      32   31                               0
//  +---------------------------+-------+-------+------+----------------------------------+
//  | generation (28)           | phase | MARK  | SLOW | value (32)                       |
//  +---------------------------+-------+-------+------+----------------------------------+
//
// generation  Counts the objects that this slot has held. A handle carries the generation it was made for, and each
//             compare-and-swap of a fast path contains it: a stale handle misses, it never hits a stranger. It moves in
//             the one store that destroys the object.
// phase       free (0), allocating (1; value = thread slot + 1 of the maker), live (2).
// SLOW        Set: the word changes only under the guard. Set by the guard's holder, before it looks at the value;
//             cleared by the guard's holder when no block is armed and no pump is due. Set for nothing costs time
//             only; missing while a block is armed would lose a wake-up.
// MARK        Mutant: ABANDONED (the last owner died; the next owner is told). Others: PULSING (a PulseEvent is under
//             way; only ever beside SLOW, and finished by whoever next enters the guard if the pulser dies).
// value       event, timer, thread, process: odd while signaled, even while not. It is counted up by every change, and
//             by a signal that changes nothing: two equal readings say that nothing happened to the object in between
//             (wait/scan.h), for it takes 2^32 changes to come round. Semaphore: count. Mutant: owner's thread slot +
//             1, 0 = free.
//
// Fast-path transitions (SLOW clear, generation as in the handle; failure orders are relaxed because a loser looks
// again):
//   T1 consume  value -> value after the wait   CAS acq_rel  acquire: what the signaller wrote; release: a mutant's
//                                               next owner must see what all owners before it wrote
//   T2 signal   value -> value after the signal CAS acq_rel  also when nothing changes: an event that is set must be
//                                               written again, or the caller's earlier stores may pass the consumer
// Everything else happens under the guard with SLOW set, by plain release stores.
#pragma once
#include "shim/shm/types.h"

namespace winshim::state {

inline constexpr u64 kSlow = 1ull << 32;
inline constexpr u64 kMark = 1ull << 33;
inline constexpr u64 kAbandoned = kMark;
inline constexpr u64 kPulsing = kMark;
inline constexpr u64 kPhaseMask = 3ull << 34;
inline constexpr u64 kFree = 0ull << 34;
inline constexpr u64 kAllocating = 1ull << 34;
inline constexpr u64 kLive = 2ull << 34;
inline constexpr unsigned kGenerationShift = 36;
inline constexpr u32 kGenerationMask = (1u << 28) - 1;

constexpr u32 generation(u64 s) { return static_cast<u32>(s >> kGenerationShift); }
constexpr u32 value(u64 s) { return static_cast<u32>(s); }
constexpr u64 phase(u64 s) { return s & kPhaseMask; }
// The value of a word that is signaled or not: set anew, cleared (which leaves a clear one alone).
constexpr bool is_set(u32 v) { return (v & 1) != 0; }
constexpr u32 set(u32 v) { return v + 1 + (v & 1); }
constexpr u32 cleared(u32 v) { return v + (v & 1); }
constexpr u64 with_value(u64 s, u32 v) { return (s & ~0xFFFFFFFFull) | v; }
constexpr u64 live(u32 gen, u32 v) { return (u64{gen} << kGenerationShift) | kLive | v; }
constexpr u64 allocating(u32 gen, u32 maker) { return (u64{gen} << kGenerationShift) | kAllocating | maker; }
constexpr u64 freed(u32 gen) { return (u64{(gen + 1) & kGenerationMask} << kGenerationShift) | kFree; }

// True when `s` is the live object of generation `gen`, whatever its flags and value.
constexpr bool is_live(u64 s, u32 gen) { return (s >> 34) == ((u64{gen} << 2) | (kLive >> 34)); }

}  // namespace winshim::state
