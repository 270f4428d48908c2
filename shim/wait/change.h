// change.h - changing an object's state: set, reset, release. One road for all kinds.
//
// A kind gives a pure function `next(x, state) -> Change`. The fast path is one compare-and-swap; with SLOW set, or
// somebody queued, the change is stored under the guard and handed out there (hand-off: waiters queued at that moment
// are served inside the call, so the caller's own immediate poll finds nothing left).
#pragma once
#include "shim/shm/seed.h"
#include "shim/wait/deferred.h"
#include "shim/wait/guard.h"

namespace winshim::wait {

template <class Next>
[[nodiscard, gnu::noinline, gnu::cold]] Status change_guarded(Target target, Next next) noexcept {
    Entry entry;
    if (const Status s = enter(entry, target); s != Status::success) return s;
    shm::Object& x = entry.x();
    const Change c = next(x, x.state.load(std::memory_order_acquire));
    if (c.status == Status::success) {
        // The change's place in the order of all changes. A death from here on is repaired by a pump (due).
        x.state.store(c.state | state::kSlow, std::memory_order_release);
        pump(x, entry.index());
    }
    leave(entry);
    return c.status;
}

// How to say the same change to the list of deferred signals; none: it is never sent from a signal handler.
struct Deferral {
    Signal what = Signal::none;
    u32 amount = 0;
};

template <class Next>
[[nodiscard, gnu::always_inline]] inline Status change(Target target, Next next, Deferral deferral = {}) noexcept {
    // Sent by a handler after others that are not done yet (deferred.h).
    if (deferral.what != Signal::none && WINSHIM_UNLIKELY(self.deferred_count.load(std::memory_order_relaxed) != 0))
        return defer(deferral.what, target, deferral.amount);
    shm::Object& x = shm::object(target.object);
    u64 s = x.state.load(std::memory_order_acquire);
    for (;;) {
        if (WINSHIM_UNLIKELY(!state::is_live(s, target.generation))) return Status::invalid_handle;
        if (WINSHIM_UNLIKELY((s & state::kSlow) != 0))
            return deferral.what != Signal::none && must_defer() ? defer(deferral.what, target, deferral.amount)
                                                                 : change_guarded(target, next);
        const Change c = next(x, s);
        if (WINSHIM_UNLIKELY(c.status != Status::success)) return c.status;
        if (seeded(Pitfall::set_is_a_load) && rule_of(x) == Rule::synchronization &&
            state::is_set(state::value(s)) && state::is_set(state::value(c.state)))
            return Status::success;
        // T2: also when nothing changes. A mere load could pass the caller's earlier stores: whoever consumes the
        // signal would not see them. acquire on failure: the next round judges the value it saw.
        if (WINSHIM_LIKELY(x.state.compare_exchange_weak(s, c.state, std::memory_order_acq_rel,
                                                          std::memory_order_acquire)))
            return Status::success;
        if (seeded(Pitfall::no_generation)) target.generation = state::generation(s);
    }
}

// PulseEvent: who is queued now is served (all, or the first), nobody later; ends nonsignaled.
[[nodiscard]] Status pulse(Target target) noexcept;

}  // namespace winshim::wait
