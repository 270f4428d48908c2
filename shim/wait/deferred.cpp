// deferred.cpp - the list of signals that a signal handler could not do at once.
#include "shim/wait/deferred.h"

#include "shim/object/event.h"
#include "shim/object/semaphore.h"
#include "shim/shm/signals_held.h"
#include "shim/wait/change.h"

namespace winshim::wait {

// Runs in a handler on top of the very thread that will run the list: a plain sequence of stores, the count last. No
// other handler comes in meanwhile: it would add at the same place, or run the list from under this one.
Status defer(Signal what, Target target, u32 amount) noexcept {
    {
        const shm::SignalsHeld held(shm::Hold::sent);
        const u32 now = self.deferred_count.load(std::memory_order_relaxed), count = now & ~kRunning;
        if (count >= kMaxDeferred) return Status::no_system_resources;
        self.deferred[count] = {target.object, target.generation, static_cast<u32>(what), amount};
        std::atomic_signal_fence(std::memory_order_release);
        self.deferred_count.store(now + 1, std::memory_order_relaxed);
    }
    settle();  // at once, if nothing is held after all
    return Status::success;
}

namespace {

// change() without a Deferral: this is where what was put off is done.
void send(const DeferredSignal& signal) noexcept {
    const Target target{signal.object, signal.generation};
    Status done = Status::success;  // the handler was told so when it sent it
    switch (static_cast<Signal>(signal.what)) {
        case Signal::none: break;
        case Signal::set: done = change(target, event::set); break;
        case Signal::reset: done = change(target, event::reset); break;
        case Signal::pulse: done = pulse(target); break;
        case Signal::release_units:
            done = change(target, [units = signal.amount](shm::Object& x, u64 s) {
                u32 previous;
                return semaphore::release(x, s, units, previous);
            });
            break;
    }
    static_cast<void>(done);
}

}  // namespace

// Takes the list over before it runs it: running takes guards, and handlers go on adding meanwhile, to a list that has
// room again. The swap fails if a handler added one since; then that one is copied, too. Claimed before anything is
// read: settle(), which each signal ends with, sees kRunning, so a handler that comes now only adds. (Without the claim
// it would run the whole list between our copy and our swap, and we would run the copy once more.)
void run_deferred() noexcept {
    DeferredSignal list[kMaxDeferred];
    if ((self.deferred_count.fetch_or(kRunning, std::memory_order_relaxed) & kRunning) != 0) return;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    for (;;) {
        u32 count = 0, seen = self.deferred_count.load(std::memory_order_relaxed);
        do {
            std::atomic_signal_fence(std::memory_order_acquire);
            for (; count < (seen & ~kRunning); ++count) list[count] = self.deferred[count];
        } while (!self.deferred_count.compare_exchange_strong(seen, count != 0 ? kRunning : 0,
                                                               std::memory_order_relaxed));
        if (count == 0) return;
        for (u32 i = 0; i < count; ++i) send(list[i]);
    }
}

}  // namespace winshim::wait
