// robust.cpp - robust process-shared pthread mutexes.
//
// A wait that takes long asks judge.cpp whether what the lock word says can be true.
#include "shim/shm/robust.h"

#include <cerrno>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/shm/clock.h"
#include "shim/shm/judge.h"
#include "shim/shm/robust_list.h"
#include "shim/shm/segment.h"

namespace winshim::shm {
namespace {

constexpr u64 kFirstSliceNs = 100 * kNsPerMs;
constexpr u32 kMostMends = 16;

// Depth is raised before the lock can be held and lowered after it cannot: a signal handler in between sees "held".
// Relaxed with signal fences: only this thread and its own handlers look.
void deeper() noexcept {
    self.depth.store(self.depth.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);
}
void shallower() noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    self.depth.store(self.depth.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
}

// Before the first lock and after the last one. A judge who reads an even count, the lock's word, and the same count
// must not find a lock that is held: so the odd count must be seen before the word that the C library then stores, and
// the even one after the word is free. release does the second by itself. The first is the processor's: on x86 stores
// keep their order; on ARMv8 a store of release is seen before a later load of acquire is done, which the lock's
// compare-and-swap begins with. On another processor a fence has to stand between the two.
void next_section() noexcept {
    ++self.sections;
    if (self.id != 0) thread(self.id - 1).sections.store(sealed(self.sections, self.tid), std::memory_order_release);
}

// The kind and the recorded owner steer the C library. They never change while the lock exists, or mean nothing to us.
#if defined(__GLIBC__)
constinit std::atomic<int> sound_kind{-1};  // -1: not known yet
[[gnu::noinline, gnu::cold]] void set_kind(RobustLock& lock) noexcept {
    RobustLock pattern{};
    init(pattern);
    sound_kind.store(pattern.mutex.__data.__kind, std::memory_order_relaxed);
    std::atomic_ref<int>(lock.mutex.__data.__kind).store(pattern.mutex.__data.__kind, std::memory_order_relaxed);
}
[[gnu::always_inline]] inline void mend_kind(RobustLock& lock) noexcept {
    const std::atomic_ref<int> kind(lock.mutex.__data.__kind);
    if (WINSHIM_UNLIKELY(kind.load(std::memory_order_relaxed) != sound_kind.load(std::memory_order_relaxed)))
        set_kind(lock);
}
void forget_owner(RobustLock& lock) noexcept {
    std::atomic_ref(lock.mutex.__data.__owner).store(0, std::memory_order_relaxed);
}
#else
void mend_kind(RobustLock&) noexcept {}
void forget_owner(RobustLock&) noexcept {}
#endif

#if defined(WINSHIM_THREAD_SANITIZER)
// ThreadSanitizer knows trylock, and not clocklock: it would take every unlock after one for an error.
int lock_until(pthread_mutex_t& mutex, u64) noexcept {
    const timespec nap = {0, 50'000};
    clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, nullptr);
    return pthread_mutex_trylock(&mutex);
}
#else
int lock_until(pthread_mutex_t& mutex, u64 deadline_ns) noexcept {
    const timespec until = to_timespec(deadline_ns);
    return pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &until);
}
#endif

void know_thread() noexcept {
    self.tid = static_cast<u32>(gettid());
    self.robust = robust_list::head_of_this_thread();
}

// The C library refused the lock (not recoverable, deadlock, ...): damage. It may have left our id in the word.
void mend(RobustLock& lock) noexcept {
    forget_owner(lock);
    const u32 word = lock_word(lock).load(std::memory_order_acquire);
    if ((word & kTidMask) == self.tid && !holds(lock)) disown(lock, word);
}

// It has gone into the list, and not another way because its kind was changed at this very moment.
bool was_linked([[maybe_unused]] RobustLock& lock) noexcept {
#if defined(__GLIBC__)
    return self.robust == nullptr || self.robust->first == robust_list::node_of(lock);
#else
    return true;
#endif
}

// Sleeps in slices: a contender that is killed between the kernel's wake-up and its own lock takes the wake-up with it,
// and the next slice heals that. So does a judgement, what damage has done. `error`: the first attempt's. Returns 0,
// EOWNERDEAD, or another error.
[[gnu::noinline]] int lock_in_slices(RobustLock& lock, int error, u64 deadline_ns) noexcept {
    const Uncancelled uncancelled;  // a judgement naps and reads files; unwound here, the thread would count as inside
    u64 slice_ends = now_ns() + kFirstSliceNs;
    u32 slices = 0, mends = 0, seen = 0;
    for (;;) {
        if ((error == 0 || error == EOWNERDEAD) && was_linked(lock)) return error;
        const u64 now = now_ns();
        if (now >= deadline_ns) return ETIMEDOUT;
        if (error != EBUSY && error != ETIMEDOUT) {
            if (++mends > kMostMends) return ENOTRECOVERABLE;
            mend(lock);
        } else if (now >= slice_ends) {
            const u32 word = lock_word(lock).load(std::memory_order_acquire);
            slices = (word & kTidMask) == (seen & kTidMask) ? slices + 1 : 1;
            seen = word;
            if (self.id != 0) thread(self.id - 1).blocked_on.store(number_of(lock), std::memory_order_release);
            if (word != 0 && (word & kOwnerDied) == 0) {
                const Verdict verdict = judge(lock, word, slices);
                if (verdict == Verdict::deadlock) return EDEADLK;
                if (verdict == Verdict::damage) disown(lock, word);
            }
            slice_ends = now_ns() + kNsPerSecond;
        } else if ((lock_word(lock).load(std::memory_order_acquire) & kTidMask) == self.tid && holds(lock)) {
            return EDEADLK;  // it would wait for itself
        }
        mend_kind(lock);
        error = lock_until(lock.mutex, slice_ends < deadline_ns ? slice_ends : deadline_ns);
    }
}

}  // namespace

void init(RobustLock& lock) noexcept {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&lock.mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

u32 pid_space() noexcept {
    static std::atomic<u32> space{0};
    if (space.load(std::memory_order_relaxed) != 0) return space.load(std::memory_order_relaxed);
    struct stat st;
    const u32 number = stat("/proc/self/ns/pid", &st) == 0 ? static_cast<u32>(st.st_ino) : 0;
    space.store(number != 0 ? number : 1, std::memory_order_relaxed);
    return space.load(std::memory_order_relaxed);
}

void forget_thread() noexcept {
    self.tid = 0;
    self.robust = nullptr;
    self.held_count = 0;
    if (self.sections % 2 != 0) ++self.sections;
}

bool thread_is_known() noexcept {
#if defined(__GLIBC__)
    pthread_mutex_t own = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
    pthread_mutex_lock(&own);
    const bool right = own.__data.__owner == gettid();
    pthread_mutex_unlock(&own);
    return right;
#else
    return true;
#endif
}

Taken take(RobustLock& lock) noexcept {
    if (WINSHIM_UNLIKELY(self.tid == 0)) know_thread();
    if (self.held_count == kMaxHeld) return Taken::broken;
    deeper();
    if (self.held_count == 0) {
        self.base = base;
        next_section();
        if (self.robust != nullptr) self.below = self.robust->first;
    }
    mend_kind(lock);
    int error = pthread_mutex_trylock(&lock.mutex);
    if (WINSHIM_UNLIKELY(error != 0 || !was_linked(lock))) {
        error = lock_in_slices(lock, error, self.patience);
        if (self.id != 0) thread(self.id - 1).blocked_on.store(0, std::memory_order_relaxed);
    }
    if (error == 0 || error == EOWNERDEAD) {
        self.held[self.held_count++] = number_of(lock);
        return error == 0 ? Taken::plain : Taken::owner_died;
    }
    if (self.held_count == 0) next_section();
    shallower();
    return Taken::broken;
}

bool out_of_patience() noexcept { return self.patience != kForever && now_ns() >= self.patience; }

void made_consistent(RobustLock& lock) noexcept { pthread_mutex_consistent(&lock.mutex); }

namespace {

// The word, if it is still ours: damage may have given the lock to somebody else meanwhile.
void free_word(RobustLock& lock) noexcept {
    std::atomic<u32>& word = lock_word(lock);
    u32 w = word.load(std::memory_order_relaxed);
    while ((w & kTidMask) == self.tid) {
        if (!word.compare_exchange_weak(w, 0, std::memory_order_release, std::memory_order_relaxed)) continue;
        if ((w & kWaiters) != 0) wake(lock, 1);
        return;
    }
}

// As the C library unlocks, but with the neighbours that the thread knows.
void unlock(RobustLock& lock, [[maybe_unused]] RobustLock* before, [[maybe_unused]] void* after) noexcept {
#if defined(__GLIBC__)
    if (self.robust != nullptr) {
        self.robust->pending = robust_list::node_of(lock);  // a death from here on: the kernel looks at it all the same
        std::atomic_signal_fence(std::memory_order_seq_cst);
        robust_list::leave(*self.robust, lock, before, after);
        forget_owner(lock);
        free_word(lock);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        self.robust->pending = nullptr;
        return;
    }
#endif
    pthread_mutex_unlock(&lock.mutex);
}

}  // namespace

void release(RobustLock& lock) noexcept {
    const u32 number = number_of(lock);
    u32 i = self.held_count;
    while (i != 0 && self.held[i - 1] != number) --i;
    if (i-- == 0) return;  // never: what is released was taken
    RobustLock* const before = i + 1 < self.held_count ? &lock_at(self.held[i + 1]) : nullptr;
#if defined(__GLIBC__)
    void* const after = i == 0 ? self.below : robust_list::node_of(lock_at(self.held[i - 1]));
#else
    void* const after = nullptr;
#endif
    unlock(lock, before, after);
    for (--self.held_count; i < self.held_count; ++i) self.held[i] = self.held[i + 1];
    if (self.held_count == 0) next_section();
    shallower();
}

// The word is read before all else, and must not have changed at the end: a thread that ends in order has freed its
// lock, and one that is killed has had it marked, before its id is gone. In another order the slot's next tenant would
// be looked for in the process of the one before, and be found missing.
bool alive_for_sure(Thread& thread) noexcept {
    const u32 word = lock_word(thread.life).load(std::memory_order_acquire);
    if (!alive(thread)) return false;
    if ((word & kTidMask) != thread.tid.load(std::memory_order_relaxed)) return true;  // it has just begun
    const Process& its = process(thread.process.load(std::memory_order_acquire));
    const u32 pid = its.pid.load(std::memory_order_acquire);
    if (pid == 0 || its.pid_space.load(std::memory_order_relaxed) != pid_space()) return true;
    const KeepErrno keep;
    if (syscall(SYS_tgkill, pid, word & kTidMask, 0) == 0 || errno != ESRCH) return true;
    return !disown(thread.life, word);
}

namespace {

// In the list, the life lock goes behind what the thread holds now (REAP), so that this is released as ever.
void put_life_below([[maybe_unused]] RobustLock& life, void* first) noexcept {
    self.below_life = self.held_count == 0 ? first : self.below;
#if defined(__GLIBC__)
    if (self.robust == nullptr || self.held_count == 0) return;
    self.robust->pending = robust_list::node_of(life);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    robust_list::leave(*self.robust, life, nullptr, first);
    robust_list::enter(life, lock_at(self.held[0]), self.below);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    self.robust->pending = nullptr;
    self.below = robust_list::node_of(life);
#endif
}

}  // namespace

bool begin_life(Thread& thread, u32 tid) noexcept {
    if (self.tid == 0) know_thread();
    void* const below = self.robust != nullptr ? self.robust->first : nullptr;
    int error = EBUSY;
    for (u32 tries = 0; tries < 3; ++tries) {
        mend_kind(thread.life);
        error = pthread_mutex_trylock(&thread.life.mutex);
        if (error == 0 || error == EOWNERDEAD) break;
        const u32 word = lock_word(thread.life).load(std::memory_order_acquire);
        if (error != EBUSY) mend(thread.life);
        else if ((word & kTidMask) == 0) disown(thread.life, word);
        else return false;  // its last tenant still runs
    }
    if (error == EOWNERDEAD) pthread_mutex_consistent(&thread.life.mutex);
    else if (error != 0) return false;
    // Self-test of what alive() reads: a C library that keeps something else there must not be believed.
    if ((lock_word(thread.life).load(std::memory_order_relaxed) & kTidMask) != tid) {
        if (was_linked(thread.life)) unlock(thread.life, nullptr, below);
        return false;
    }
    put_life_below(thread.life, below);
    thread.sections.store(sealed(self.sections, tid), std::memory_order_relaxed);
    thread.blocked_on.store(0, std::memory_order_relaxed);
    thread.pid_space.store(pid_space(), std::memory_order_relaxed);
    thread.tid.store(tid, std::memory_order_relaxed);
    return true;
}

// What stands beside the life lock in the list may be the program's own mutexes, taken later or released meanwhile. If
// anything differs from what was seen when it was taken, the lock is left to the kernel, which marks it as the thread
// ends.
void end_life(Thread& thread) noexcept {
    thread.tid.store(0, std::memory_order_relaxed);
    RobustLock* before = nullptr;
#if defined(__GLIBC__)
    if (self.robust != nullptr) {
        void* const first = self.held_count == 0 ? self.robust->first : self.below;
        if (first != robust_list::node_of(thread.life) || robust_list::next_of(thread.life) != self.below_life) return;
        if (self.held_count != 0) {
            before = &lock_at(self.held[0]);
            self.below = self.below_life;
        }
    }
#endif
    unlock(thread.life, before, self.below_life);
}

}  // namespace winshim::shm
