// robust.cpp - robust process-shared pthread mutexes.
#include "shim/shm/robust.h"

#include <cerrno>

#include "shim/shm/clock.h"

namespace winshim::shm {
namespace {

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

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1  // clang's way to say it
#endif
#endif
#if defined(__SANITIZE_THREAD__)
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

// Sleeps in slices: a contender that is killed between the kernel's wake-up and its own lock takes the wake-up with it,
// and the next slice heals that.
int lock_in_slices(pthread_mutex_t& mutex, u64 deadline_ns) noexcept {
    int error = pthread_mutex_trylock(&mutex);
    while (error == EBUSY || error == ETIMEDOUT) {
        const u64 now = now_ns();
        if (now >= deadline_ns) return ETIMEDOUT;
        const u64 slice = now + kNsPerSecond;
        error = lock_until(mutex, slice < deadline_ns ? slice : deadline_ns);
    }
    return error;
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

Taken take_until(RobustLock& lock, u64 deadline_ns) noexcept {
    deeper();
    switch (lock_in_slices(lock.mutex, deadline_ns)) {
        case 0: return Taken::plain;
        case EOWNERDEAD: return Taken::owner_died;
        default: shallower(); return Taken::broken;
    }
}

Taken take(RobustLock& lock) noexcept { return take_until(lock, kForever); }

void made_consistent(RobustLock& lock) noexcept { pthread_mutex_consistent(&lock.mutex); }

void release(RobustLock& lock) noexcept {
    pthread_mutex_unlock(&lock.mutex);
    shallower();
}

bool begin_life(Thread& thread, u32 tid) noexcept {
    const int error = pthread_mutex_trylock(&thread.life.mutex);
    if (error == EOWNERDEAD) pthread_mutex_consistent(&thread.life.mutex);
    else if (error != 0) return false;
    // Self-test of what alive() reads: a C library that keeps something else there must not be believed.
    if ((lock_word(thread.life).load(std::memory_order_relaxed) & kTidMask) != tid) {
        pthread_mutex_unlock(&thread.life.mutex);
        return false;
    }
    thread.tid.store(tid, std::memory_order_relaxed);
    return true;
}

void end_life(Thread& thread) noexcept {
    thread.tid.store(0, std::memory_order_relaxed);
    pthread_mutex_unlock(&thread.life.mutex);
}

}  // namespace winshim::shm
