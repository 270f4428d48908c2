// futex.cpp - what a thread remembers about itself and the machine.
#include "shim/local/futex.h"

#include <pthread.h>

namespace winshim::local {

thread_local constinit u32 my_thread_id = 0;

namespace {

// The child of a fork is another thread: it owns nothing (LD-21).
void forget() noexcept { my_thread_id = 0; }
__attribute__((constructor)) void watch_forks() noexcept { pthread_atfork(nullptr, nullptr, forget); }

}  // namespace

u32 ask_thread_id() noexcept { return my_thread_id = static_cast<u32>(syscall(SYS_gettid)); }

bool several_processors() noexcept {
    static std::atomic<u32> known{0};
    u32 count = known.load(std::memory_order_relaxed);
    if (count == 0) {
        const KeepErrno keep;
        const long online = sysconf(_SC_NPROCESSORS_ONLN);
        count = online > 1 ? 2 : 1;
        known.store(count, std::memory_order_relaxed);  // relaxed: everybody finds the same
    }
    return count > 1;
}

}  // namespace winshim::local
