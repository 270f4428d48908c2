// srw_lock.cpp - slim reader/writer locks (winshim_lock.h).
//
// One word of four bytes, zero when free; what SRWLOCK has beyond it on a 64-bit processor is not used.
//   bits 29..0   how many hold it shared; kExclusive: one holds it exclusively
//   bit 30       readers may sleep on it
//   bit 31       writers may sleep on it: the kernel keeps the two kinds of sleepers apart
// A writer sleeps only on a word that says that it is held and that writers may sleep. Whoever releases it sees that,
// and wakes one: so it does not matter who has changed the word meanwhile, if it is the same when the writer goes to
// sleep.
// A reader waits while somebody holds the lock exclusively or a writer waits, so a stream of readers does not starve
// the writers. The bits may be set for nobody (a wake-up for nothing). While somebody sleeps, its bit is set or a
// thread is on its way that will set it, or clear it and wake all: a woken writer takes the lock with the bit set,
// because it cannot know whether it was the last.
// A release that finds both kinds asleep wakes one writer, and the readers if the kernel found no writer after all.
// Source      statements Srw-01 to -08.
#include "shim/base/sdk.h"
#include "shim/local/futex.h"

namespace winshim::local {
namespace {

constexpr u32 kHolders = 0x3FFFFFFF, kExclusive = kHolders, kMostReaders = kHolders - 1;
constexpr u32 kReadersWait = 0x40000000, kWritersWait = 0x80000000;
constexpr int kSpins = 100;

struct Lock {
    Word state;
};
static_assert(sizeof(Lock) <= sizeof(SRWLOCK));
constexpr u32 kReaders = 1, kWriters = 2;  // kinds of sleepers

Lock& of(SRWLOCK& lock) noexcept { return of_memory<Lock>(&lock); }

bool is_free(u32 state) noexcept { return (state & kHolders) == 0; }
bool may_read(u32 state) noexcept { return (state & kHolders) < kMostReaders && (state & kWritersWait) == 0; }

// All changes of `state`: acquire on the way in - what was written under the lock; release on the way out.
bool take(Word& state, u32& seen, u32 wanted) noexcept {
    return state.compare_exchange_weak(seen, wanted, std::memory_order_acquire, std::memory_order_relaxed);
}

// A reader that gets in takes all sleeping readers with it: they may be what it is going to wait for. `state` allows
// it.
bool take_shared(Word& state, u32& seen) noexcept {
    const u32 before = seen;
    if (!take(state, seen, (before + 1) & ~kReadersWait)) return false;
    if (WINSHIM_UNLIKELY((before & kReadersWait) != 0)) futex_wake(state, kEverybody, kReaders);
    return true;
}

// Whether a writer was there to be woken.
bool wake_writer(Lock& lock) noexcept { return futex_wake(lock.state, 1, kWriters); }

// Nobody holds the lock, and somebody may sleep: hands the chance on. Whoever takes the lock meanwhile does this again
// at its own release, since the bits stay set until they are cleared here.
void wake(Lock& lock, u32 state) noexcept {
    if (state == kWritersWait) {
        if (lock.state.compare_exchange_strong(state, 0, std::memory_order_relaxed)) {
            wake_writer(lock);
            return;
        }
    }
    if (state == (kWritersWait | kReadersWait)) {
        if (!lock.state.compare_exchange_strong(state, kReadersWait, std::memory_order_relaxed)) return;
        if (wake_writer(lock)) return;  // it sets kWritersWait again as it takes the lock: others may sleep, too
        state = kReadersWait;
    }
    if (state == kReadersWait && lock.state.compare_exchange_strong(state, 0, std::memory_order_relaxed))
        futex_wake(lock.state, kEverybody, kReaders);
}

[[gnu::noinline]] void acquire_exclusive_slowly(Lock& lock) noexcept {
    u32 others = 0;  // kWritersWait once this thread has slept: it cannot know whether another writer still does
    u32 state = lock.state.load(std::memory_order_relaxed);
    int spins = several_processors() ? kSpins : 0;
    for (;;) {
        if (is_free(state)) {
            if (take(lock.state, state, state | kExclusive | others)) return;
            continue;
        }
        if ((state & kWritersWait) == 0) {
            if (spins-- > 0 && (state & kReadersWait) == 0) {
                relax();
                state = lock.state.load(std::memory_order_relaxed);
                continue;
            }
            if (!lock.state.compare_exchange_weak(state, state | kWritersWait, std::memory_order_relaxed)) continue;
        }
        others = kWritersWait;
        futex_wait(lock.state, state | kWritersWait, kForever, kWriters);
        state = lock.state.load(std::memory_order_relaxed);
    }
}

[[gnu::noinline]] void acquire_shared_slowly(Lock& lock) noexcept {
    int spins = several_processors() ? kSpins : 0;
    u32 state = lock.state.load(std::memory_order_relaxed);
    for (;;) {
        if (may_read(state)) {
            if (take_shared(lock.state, state)) return;
            continue;
        }
        if (spins-- > 0 && (state & (kReadersWait | kWritersWait)) == 0) {
            relax();
            state = lock.state.load(std::memory_order_relaxed);
            continue;
        }
        if ((state & kReadersWait) == 0 &&
            !lock.state.compare_exchange_weak(state, state | kReadersWait, std::memory_order_relaxed))
            continue;
        futex_wait(lock.state, state | kReadersWait, kForever, kReaders);
        state = lock.state.load(std::memory_order_relaxed);
    }
}

}  // namespace
}  // namespace winshim::local

using namespace winshim;
using namespace winshim::local;

void WINAPI InitializeSRWLock(PSRWLOCK SRWLock) {
    *SRWLock = SRWLOCK_INIT;
    of(*SRWLock).state.store(0, std::memory_order_release);
}

void WINAPI AcquireSRWLockExclusive(PSRWLOCK SRWLock) {
    Lock& lock = of(*SRWLock);
    u32 state = 0;
    if (WINSHIM_UNLIKELY(!lock.state.compare_exchange_strong(state, kExclusive, std::memory_order_acquire,
                                                             std::memory_order_relaxed)))
        acquire_exclusive_slowly(lock);
}

void WINAPI AcquireSRWLockShared(PSRWLOCK SRWLock) {
    Lock& lock = of(*SRWLock);
    u32 state = lock.state.load(std::memory_order_relaxed);
    if (WINSHIM_UNLIKELY(!may_read(state) || !take_shared(lock.state, state))) acquire_shared_slowly(lock);
}

void WINAPI ReleaseSRWLockExclusive(PSRWLOCK SRWLock) {
    Lock& lock = of(*SRWLock);
    const u32 left = lock.state.fetch_sub(kExclusive, std::memory_order_release) - kExclusive;
    if (WINSHIM_UNLIKELY(left != 0)) wake(lock, left);
}

void WINAPI ReleaseSRWLockShared(PSRWLOCK SRWLock) {
    Lock& lock = of(*SRWLock);
    const u32 left = lock.state.fetch_sub(1, std::memory_order_release) - 1;
    if (WINSHIM_UNLIKELY(left != 0 && is_free(left))) wake(lock, left);
}

BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK SRWLock) {
    Lock& lock = of(*SRWLock);
    u32 state = lock.state.load(std::memory_order_relaxed);
    while (is_free(state))
        if (take(lock.state, state, state | kExclusive)) return TRUE;
    return FALSE;
}

BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK SRWLock) {
    Lock& lock = of(*SRWLock);
    u32 state = lock.state.load(std::memory_order_relaxed);
    while (may_read(state))
        if (take_shared(lock.state, state)) return TRUE;
    return FALSE;
}
