// deferred.h - signals sent from a signal handler that interrupted this thread while it held a lock of ours.
//
// The handler must not wait for a guard that its own thread holds. SetEvent, ResetEvent, PulseEvent and
// ReleaseSemaphore are noted instead, answered with success, and done as soon as the thread holds nothing. The list
// holds kMaxDeferred; one more is refused (no_system_resources). A deferred ReleaseSemaphore that would pass the
// maximum does nothing.
#pragma once
#include "shim/wait/guard.h"

namespace winshim::wait {

enum class Signal : u32 { none, set, reset, pulse, release_units };

// True while this thread must not take a guard.
inline bool must_defer() noexcept { return self.depth.load(std::memory_order_relaxed) != 0; }
[[nodiscard]] Status defer(Signal what, Target target, u32 amount) noexcept;
void run_deferred() noexcept;

}  // namespace winshim::wait
