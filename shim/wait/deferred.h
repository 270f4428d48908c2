// deferred.h - signals sent from a signal handler that interrupted this thread while it held a lock of ours.
//
// The handler must not wait for a guard that its own thread holds. SetEvent, ResetEvent, PulseEvent and
// ReleaseSemaphore are noted instead, answered with success, and done as soon as the thread holds nothing. The list
// holds kMaxDeferred; one more is refused (no_system_resources). A deferred ReleaseSemaphore that would pass the
// maximum does nothing.
//
// Invariant   The signals of one thread take effect in the order in which it sent them: while one is noted, or the
//             list runs, whatever a handler sends joins the list, even where it could be done at once. (A PulseEvent
//             that is noted, and a SetEvent that is not, would leave the event clear.)
#pragma once
#include "shim/wait/guard.h"

namespace winshim::wait {

enum class Signal : u32 { none, set, reset, pulse, release_units };

// In self.deferred_count, beside the count: the list taken over is being run.
inline constexpr u32 kRunning = 1u << 31;

// True while this thread must not take a guard, or has sent signals that come first.
inline bool must_defer() noexcept {
    return self.depth.load(std::memory_order_relaxed) != 0 || self.deferred_count.load(std::memory_order_relaxed) != 0;
}
[[nodiscard]] Status defer(Signal what, Target target, u32 amount) noexcept;
void run_deferred() noexcept;

}  // namespace winshim::wait
