// rule.h - the four ways in which a satisfied wait changes an object.
//
// NT's dispatcher knows object types only by these, and so does ours: a kind (event, mutex, semaphore, timer, thread,
// process, whatever comes) picks a rule and says in its own file what signals it. Pure functions of the state word, so
// that a granter can compute the next state before it commits to it.
//
//   rule             signaled for thread t      a satisfied wait
//   notification     value odd                  changes nothing
//   synchronization  value odd                  value + 1
//   semaphore        value != 0                 value - 1
//   mutant           value == 0 or value == t   value = t; recursion + 1; ABANDONED leaves the word and is reported
//
// PULSING counts as an odd value for the first two: only a guard's holder ever sees it.
#pragma once
#include "shim/object/state_word.h"

namespace winshim {

enum class Rule : u8 { none = 0, notification = 1, synchronization = 2, semaphore = 3, mutant = 4 };

constexpr u32 bit_of(Rule rule) noexcept { return 1u << static_cast<u32>(rule); }

inline constexpr u32 kMaxRecursion = 0x7FFFFFFF;

// `me` is the waiter's thread slot + 1.
constexpr bool signaled(Rule rule, u64 s, u32 me) noexcept {
    const u32 v = state::value(s);
    if (rule == Rule::mutant) return v == 0 || v == me;
    if (rule == Rule::none) return false;
    if (rule == Rule::semaphore) return v != 0;
    return state::is_set(v) || (s & state::kPulsing) != 0;
}

struct Consumed {
    u64 state;
    u32 rec;
    bool abandoned;
};

// Needs signaled(rule, s, me). `rec` matters for a mutant that `me` owns.
constexpr Consumed consume(Rule rule, u64 s, u32 rec, u32 me) noexcept {
    switch (rule) {
        case Rule::synchronization:
            return {state::with_value(s, state::cleared(state::value(s))) & ~state::kPulsing, 0, false};
        case Rule::semaphore: return {state::with_value(s, state::value(s) - 1), 0, false};
        case Rule::mutant:
            if (state::value(s) == me) return {s, rec + 1, false};
            return {state::with_value(s, me) & ~state::kAbandoned, 1, (s & state::kAbandoned) != 0};
        default: return {s, 0, false};
    }
}

// Undoes consume() for a wait that will not be reported: the word as a signal for one taker would leave it. A semaphore
// that has been filled up meanwhile stays as it is.
constexpr u64 give_back(Rule rule, u64 s, u32 limit, u32 me) noexcept {
    switch (rule) {
        case Rule::synchronization: return state::with_value(s, state::set(state::value(s)));
        case Rule::semaphore: return state::value(s) < limit ? state::with_value(s, state::value(s) + 1) : s;
        case Rule::mutant: return state::value(s) == me ? state::with_value(s, 0) : s;
        default: return s;
    }
}

// What a signal makes of the state word, or why it may not.
struct Change {
    u64 state;
    Status status = Status::success;
};

}  // namespace winshim
