// fork_lock.h - a lock over what one file of the library keeps for its process.
//
// Forks       A fork waits until nobody has the lock, and holds it meanwhile: the child finds what it guards whole, and
//             the lock free. Without that the child of one thread would never get a lock that another one had.
// Use         pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
//             using Guard = base::ForkLock<lock>;
//             __attribute__((constructor)) void watch_forks() noexcept { Guard::watch_forks(); }
// Limit       Nothing of the program's own may be called under it: that could fork.
#pragma once
#include <pthread.h>

#include "shim/shm/self.h"

namespace winshim::base {

template <pthread_mutex_t& lock>
class ForkLock {
public:
    ForkLock() noexcept { take(); }
    ~ForkLock() noexcept { drop(); }
    ForkLock(const ForkLock&) = delete;
    ForkLock& operator=(const ForkLock&) = delete;
    static void watch_forks() noexcept { pthread_atfork(take, drop, drop); }

private:
    static void take() noexcept { pthread_mutex_lock(&lock); }
    static void drop() noexcept { pthread_mutex_unlock(&lock); }

    KeepErrno keep_;
};

}  // namespace winshim::base
