// private_lock.h - locks of the process itself, which no signal handler and no suspension may fall into.
//
// Purpose     While a thread holds one, its depth is not 0: a handler that interrupts it defers its signals, and a
//             SuspendThread or TerminateThread that hits it takes effect once it holds nothing. What was put off
//             meanwhile is done when the lock is gone.
// Locks       Before any shared lock but REAP; never under a guard.
#pragma once
#include <pthread.h>

#include "shim/wait/guard.h"

namespace winshim::wait {

class PrivateLock {
public:
    explicit PrivateLock(pthread_mutex_t& lock) noexcept : lock_(lock) {
        self.depth.store(self.depth.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        pthread_mutex_lock(&lock_);
    }
    ~PrivateLock() noexcept {
        pthread_mutex_unlock(&lock_);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        self.depth.store(self.depth.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
        settle();
    }
    PrivateLock(const PrivateLock&) = delete;
    PrivateLock& operator=(const PrivateLock&) = delete;

private:
    pthread_mutex_t& lock_;
};

// A stretch that belongs together although no lock is held: no suspension and no termination falls into it.
class Uninterrupted {
public:
    Uninterrupted() noexcept {
        self.depth.store(self.depth.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    ~Uninterrupted() noexcept {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        self.depth.store(self.depth.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
        settle();
    }
    Uninterrupted(const Uninterrupted&) = delete;
    Uninterrupted& operator=(const Uninterrupted&) = delete;
};

}  // namespace winshim::wait
