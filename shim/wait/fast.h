// fast.h - the wait for one object that needs no lock, no block and no system call.
//
// Right because flag and value share one word: whoever parks sets SLOW under the guard by a read-modify-write and
// judges the value which that returned. A signal before it is seen by the waiter; a signal after it sees SLOW and goes
// to the guard. The generation is in the same word, so that the swap misses if the handle was closed and the slot
// reused meanwhile. (A handle closed while another handle keeps the object alive: then the swap acts on the right
// object, and the call raced with the close, which is legal.)
#pragma once
#include "shim/wait/engine.h"
#include "shim/wait/guard.h"
#include "shim/wait/timers.h"

namespace winshim::wait {

// A timer whose time has come, and that nobody has fired yet. Not inline: it is off the way.
[[gnu::noinline, gnu::cold]] inline bool expired(const shm::Object& x) noexcept {
    return timer::is_timer(x) && is_due(timer::due_word(x));
}

// Needs an attached thread. undecided: the long way must be gone (engine.h).
[[gnu::always_inline]] inline Ended try_at_once(Target target, u32 timeout_ms) noexcept {
    shm::Object& x = shm::object(target.object);
    const Rule rule = rule_before_word(x);
    u64 s = x.state.load(std::memory_order_acquire);
    for (;;) {
        if (WINSHIM_UNLIKELY(!state::is_live(s, target.generation))) return Ended::undecided;
        if (rule == Rule::mutant && state::value(s) == self.id) {  // the owner again: rec is its own, SLOW or not
            const u32 rec = x.rec.get();
            if (WINSHIM_UNLIKELY(rec >= kMaxRecursion)) return Ended::undecided;
            x.rec.set(rec + 1);
            return Ended::object;
        }
        if (WINSHIM_UNLIKELY(!signaled(rule, s & ~state::kPulsing, self.id))) {
            // "No signal" is in the word, whoever holds the guard; a mutant's owner may be dead, though, or a timer's
            // time have come.
            if (timeout_ms != 0 || rule == Rule::none) return Ended::undecided;
            if (rule == Rule::mutant ? owner_dead(rule, s) : (s & state::kSlow) != 0 && expired(x))
                return Ended::undecided;
            return Ended::timeout;
        }
        if (rule == Rule::notification) return Ended::object;  // set at this instant, and nothing to consume
        if (WINSHIM_UNLIKELY((s & state::kSlow) != 0)) return Ended::undecided;
        const Consumed next = consume(rule, s, 0, self.id);
        if (rule == Rule::mutant) ++self.owned;  // first (Self::owned)
        // T1. acquire on failure: the next round judges the value it saw.
        if (WINSHIM_UNLIKELY(!x.state.compare_exchange_weak(s, next.state, std::memory_order_acq_rel,
                                                            std::memory_order_acquire))) {
            if (rule == Rule::mutant) --self.owned;
            continue;
        }
        if (rule != Rule::mutant) return Ended::object;
        x.rec.set(1);
        return next.abandoned ? Ended::abandoned : Ended::object;
    }
}

}  // namespace winshim::wait
