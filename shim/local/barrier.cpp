// barrier.cpp - synchronization barriers (winshim_once.h).
//
// The last to arrive sets `missing` back and then moves `phase`, in this order: who sees the new phase finds the
// barrier ready for the next one. `inside` counts the threads that may still touch it; each counts itself out as its
// last act. Source      statements Barrier-01 to -06.
#include "shim/base/sdk.h"
#include "shim/local/futex.h"

namespace winshim::local {
namespace {

struct Barrier {
    Word missing;  // still to arrive in this phase
    Word phase;
    Word total;
    Word inside;
    std::atomic<u64> spins;
};
static_assert(sizeof(Barrier) <= sizeof(SYNCHRONIZATION_BARRIER));
constexpr LONG kUsualSpins = 2000;

Barrier& of(SYNCHRONIZATION_BARRIER& barrier) noexcept { return of_memory<Barrier>(&barrier); }

void wait_for_next_phase(Barrier& barrier, u32 phase, DWORD flags) noexcept {
    // acquire: what the others did before they entered
    const auto passed = [&] { return barrier.phase.load(std::memory_order_acquire) != phase; };
    if (several_processors() && (flags & SYNCHRONIZATION_BARRIER_FLAGS_BLOCK_ONLY) == 0)
        for (u64 left = barrier.spins.load(std::memory_order_relaxed); left > 0; --left) {
            if (passed()) return;
            relax();
        }
    while (!passed()) futex_wait(barrier.phase, phase);
}

}  // namespace
}  // namespace winshim::local

using namespace winshim;
using namespace winshim::local;

BOOL WINAPI InitializeSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER lpBarrier, LONG lTotalThreads, LONG lSpinCount) {
    if (lpBarrier == nullptr || lTotalThreads < 1 || lSpinCount < -1) return failed(ERROR_INVALID_PARAMETER);
    Barrier& barrier = of(*lpBarrier);
    const u32 total = static_cast<u32>(lTotalThreads);
    barrier.phase.store(0, std::memory_order_relaxed);
    barrier.total.store(total, std::memory_order_relaxed);
    barrier.inside.store(0, std::memory_order_relaxed);
    barrier.spins.store(static_cast<u64>(lSpinCount < 0 ? kUsualSpins : lSpinCount), std::memory_order_relaxed);
    barrier.missing.store(total, std::memory_order_release);
    return TRUE;
}

BOOL WINAPI EnterSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER lpBarrier, DWORD dwFlags) {
    Barrier& barrier = of(*lpBarrier);
    barrier.inside.fetch_add(1, std::memory_order_relaxed);  // ordered before the phase that lets anybody delete it
    const u32 phase = barrier.phase.load(std::memory_order_relaxed);  // cannot move before this thread has arrived
    const bool last = barrier.missing.fetch_sub(1, std::memory_order_acq_rel) == 1;
    if (last) {
        barrier.missing.store(barrier.total.load(std::memory_order_relaxed), std::memory_order_relaxed);
        barrier.phase.store(phase + 1, std::memory_order_release);  // release: what all did before they entered
        futex_wake(barrier.phase, kEverybody);
    } else {
        wait_for_next_phase(barrier, phase, dwFlags);
    }
    barrier.inside.fetch_sub(1, std::memory_order_release);  // the barrier may be gone from here on
    return last ? TRUE : FALSE;
}

BOOL WINAPI DeleteSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER lpBarrier) {
    // Those still inside have been released already and only have to get out.
    const KeepErrno keep;
    for (u32 looks = 0; of(*lpBarrier).inside.load(std::memory_order_acquire) != 0; ++looks) {
        const timespec nap{0, 50'000};
        looks < 64 ? static_cast<void>(sched_yield()) : static_cast<void>(nanosleep(&nap, nullptr));
    }
    return TRUE;
}
