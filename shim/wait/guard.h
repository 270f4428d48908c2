// guard.h - entering and leaving an object's guard; what whoever enters owes to the dead before it.
//
// Purpose     enter() returns with the guard held and the object in order: unfinished grants finished, links rebuilt, a
//             dead owner's mutant abandoned, a timer fired, a pulse ended, an owed pump done. The caller then reads and
//             changes the state; leave() clears SLOW when nobody waits any more, destroys what nobody refers to,
//             releases the guard and wakes whoever was granted something.
// Locks       ALL before guards. A holder of one guard waits for nothing else; only ALL's holder takes a second guard.
//             With all_waits > 0 the pump may need other guards, so enter() takes ALL first.
// Invariants  (while the guard is free and its last holder did not die)
//             I1 an armed block's thread is in the wait with that sequence.
//             I2 no armed block has a word that says "granted by this block".
//             I3 without `due`, the object has no signal that a living, waiting, armed any-waiter could take.
//             I4 an armed block, a pulse, `due` or a timer's due time imply SLOW. The reverse may fail and costs time
//                only.
//             I5 more than one guard is held only by the holder of ALL.
// Crash       A holder that dies leaves the guard owner-dead: take_guard() is the only place that sees it, and repair()
//             the only code that mends it.
#pragma once
#include "shim/object/rule.h"
#include "shim/wait/queue.h"

namespace winshim::wait {

inline constexpr u32 kMostRounds = 1000;  // of "somebody died here, look again": more is damage

struct Target {
    u32 object;
    u32 generation;
};

class Entry {
public:
    shm::Object& x() const noexcept { return shm::object(index_); }
    u32 index() const noexcept { return index_; }

private:
    friend Status enter(Entry&, Target) noexcept;
    friend bool enter_pinned(Entry&, u32) noexcept;
    friend bool enter_new(Entry&, u32) noexcept;
    friend bool leave(Entry&) noexcept;
    u32 index_ = 0;
    bool took_all_ = false;
};

// Errors: invalid_handle (the object of that generation is gone; nothing is held), file_corrupt (the guard cannot be
// locked at all).
[[nodiscard]] Status enter(Entry& entry, Target target) noexcept;
// For an object that an armed block of the caller's pins (or that the caller otherwise knows to live).
[[nodiscard]] bool enter_pinned(Entry& entry, u32 object) noexcept;
// For an object that the caller is just making: the guard, and nothing else.
[[nodiscard]] bool enter_new(Entry& entry, u32 object) noexcept;
// Returns true if the object was destroyed.
bool leave(Entry& entry) noexcept;

// ALL: the right to hold more than one guard.
[[nodiscard]] bool lock_all() noexcept;
void unlock_all() noexcept;

// A guard beside others, under ALL: repairs structure but never pumps (the pump may want a guard that this very thread
// holds); what is owed is noted and done before ALL is released.
[[nodiscard]] bool take_beside(u32 object) noexcept;
void drop_beside(u32 object) noexcept;

// Hands the object's signal to queued waiters, first come first served, until there is no signal or no taker.
// Needs the guard, and ALL if all_waits > 0.
void pump(shm::Object& x, u32 object) noexcept;

// Under the guard: `block` was granted; stores what its grant owes to the object and disarms it. Idempotent.
void finish(shm::Object& x, BlockRef ref) noexcept;

// Under the guard: begins / ends a pulse. Between the two a pump hands out the pulse as if it were a signal.
void begin_pulse(shm::Object& x) noexcept;
void end_pulse(shm::Object& x) noexcept;

inline Rule rule_of(shm::Object& x) noexcept { return static_cast<Rule>(x.rule.get()); }
// For whoever goes on without the guard, and by what he reads alone. acquire: read before the state word. If that is of
// the object's generation, then the rule was its, too, and not the slot's next tenant's.
inline Rule rule_before_word(shm::Object& x) noexcept {
    return static_cast<Rule>(x.rule.value.load(std::memory_order_acquire));
}

// A mutant's owner (thread slot + 1) whose thread is dead, seen from the state word `s`.
inline bool owner_dead(Rule rule, u64 s) noexcept {
    if (rule != Rule::mutant || state::value(s) == 0) return false;
    const u32 owner = state::value(s) - 1;
    return owner >= shm::thread_count() || !shm::alive(shm::thread(owner));
}

// Wakes everybody that was granted something by this thread, once it holds no lock; then runs deferred signals.
void settle_now() noexcept;
// What settle() does for others: a thread that owes it is going to call it.
[[gnu::always_inline]] inline bool owes() noexcept {
    return (self.ring_count | self.bump_count | self.gone_count |
            self.deferred_count.load(std::memory_order_relaxed)) != 0;
}
[[gnu::always_inline]] inline void settle() noexcept {
    if (WINSHIM_UNLIKELY(owes() || self.interrupted.load(std::memory_order_relaxed) != 0)) settle_now();
}
void ring_later(u32 slot) noexcept;
// What settle() calls in a thread that was told to stop while it held something. Set by the room that tells
// (process/interrupt.cpp), before it tells.
extern constinit std::atomic<void (*)() noexcept> obey;

}  // namespace winshim::wait
