// condition_variable.cpp - condition variables (winshim_lock.h).
//
// The eight bytes are the address of the first sleeper, which keeps the address of the last; bit 0 is a lock, held for
// a few instructions, never while sleeping. 0: nobody sleeps. Exact instead of cheap: a wake-up goes to somebody who
// slept before it, in the order of arrival, and is never lost to a later one.
// Source      statements CondVar-01 to -08.
#include "shim/base/sdk.h"
#include "shim/local/queue.h"

namespace winshim::local {
namespace {

using Root = std::atomic<std::uintptr_t>;
static_assert(sizeof(Root) == sizeof(CONDITION_VARIABLE));
constexpr std::uintptr_t kLocked = 1;

struct Node : Sleeper {
    Sleeper* last_of_queue = nullptr;  // valid in the first node
};

Root& root_of(CONDITION_VARIABLE& variable) noexcept { return of_memory<Root>(&variable); }

// The queue, unpacked while its lock is held.
class Locked {
public:
    explicit Locked(Root& root) noexcept : root_(root) {
        std::uintptr_t seen = root_.load(std::memory_order_relaxed);
        for (u32 spins = 1;; ++spins) {
            // acquire: the links that the last holder wrote
            if ((seen & kLocked) == 0 && root_.compare_exchange_weak(seen, seen | kLocked, std::memory_order_acquire,
                                                                     std::memory_order_relaxed))
                break;
            if (spins % 64 == 0) sched_yield();  // the holder may wait for this processor
            relax();
            seen = root_.load(std::memory_order_relaxed);
        }
        if (Node* const first = reinterpret_cast<Node*>(seen)) queue.first = first, queue.last = first->last_of_queue;
    }
    ~Locked() noexcept {
        if (queue.first != nullptr) static_cast<Node*>(queue.first)->last_of_queue = queue.last;
        root_.store(reinterpret_cast<std::uintptr_t>(queue.first), std::memory_order_release);
    }
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;

    Queue queue;

private:
    Root& root_;
};

// Queues, lets go of the lock, sleeps, takes the lock again: `release` and `acquire` are the two forms of lock.
template <class Release, class Acquire>
BOOL sleep_on(CONDITION_VARIABLE& variable, DWORD timeout_ms, Release release, Acquire acquire) noexcept {
    const u64 deadline = deadline_after(timeout_ms);
    Root& root = root_of(variable);
    Node node;
    Locked{root}.queue.append(node);
    release();
    bool woken = node.sleep(deadline);
    if (!woken) {
        Locked locked{root};
        woken = !node.queued;
        if (!woken) locked.queue.remove(node);
    }
    if (woken) node.sleep(kForever);  // who took it out may not have told us yet, and will touch the node
    acquire();
    return woken ? BOOL{TRUE} : failed(ERROR_TIMEOUT);
}

void wake(CONDITION_VARIABLE& variable, u32 count) noexcept {
    Root& root = root_of(variable);
    // Whoever the caller knows to sleep was queued before the caller got the lock that protects the condition.
    if (root.load(std::memory_order_relaxed) == 0) return;
    Sleeper* chain;
    {
        Locked locked{root};
        chain = take_out(locked.queue, count, [](const Sleeper&) { return true; });
    }
    wake_chain(chain);
}

}  // namespace
}  // namespace winshim::local

using namespace winshim;
using namespace winshim::local;

void WINAPI InitializeConditionVariable(PCONDITION_VARIABLE ConditionVariable) {
    root_of(*ConditionVariable).store(0, std::memory_order_release);
}

BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE ConditionVariable, PCRITICAL_SECTION CriticalSection,
                                     DWORD dwMilliseconds) {
    return sleep_on(
        *ConditionVariable, dwMilliseconds, [=] { LeaveCriticalSection(CriticalSection); },
        [=] { EnterCriticalSection(CriticalSection); });
}

BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE ConditionVariable, PSRWLOCK SRWLock, DWORD dwMilliseconds,
                                      ULONG Flags) {
    if ((Flags & ~ULONG{CONDITION_VARIABLE_LOCKMODE_SHARED}) != 0) return failed(ERROR_INVALID_PARAMETER);
    const bool shared = Flags != 0;
    return sleep_on(
        *ConditionVariable, dwMilliseconds,
        [=] { shared ? ReleaseSRWLockShared(SRWLock) : ReleaseSRWLockExclusive(SRWLock); },
        [=] { shared ? AcquireSRWLockShared(SRWLock) : AcquireSRWLockExclusive(SRWLock); });
}

void WINAPI WakeConditionVariable(PCONDITION_VARIABLE ConditionVariable) {
    wake(*ConditionVariable, 1);
}

void WINAPI WakeAllConditionVariable(PCONDITION_VARIABLE ConditionVariable) {
    wake(*ConditionVariable, kEverybody);
}
