// other_threads.cpp - does this process have other threads, and how many of them are only there to reap children?
//
// Source      proc(5), /proc/PID/stat; get_robust_list(2).
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/process/lifetime.h"

namespace winshim::process {
namespace {

std::atomic<u32> reaper_count{0};

// The first thread, asked without /proc: the kernel forgets the list of robust locks, which the C library has given it,
// when the thread ends.
bool first_thread_lives() noexcept {
    void* list = nullptr;
    size_t bytes = 0;
    return syscall(SYS_get_robust_list, getpid(), &list, &bytes) != 0 || list != nullptr;
}

}  // namespace

void count_reaper(int more) noexcept { reaper_count.fetch_add(static_cast<u32>(more), std::memory_order_relaxed); }
u32 reapers() noexcept { return reaper_count.load(std::memory_order_relaxed); }
void forget_reapers() noexcept { reaper_count.store(0, std::memory_order_relaxed); }

// "pid (name) state ... num_threads ...": the state is the first thread's; as a zombie it is counted still.
Others other_threads() noexcept {
    char text[1024];
    const int fd = ::open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    const bool no_proc = fd < 0 && errno != EMFILE && errno != ENFILE && errno != ENOMEM && errno != EINTR;
    const ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    if (no_proc) return gettid() != getpid() && first_thread_lives() ? Others::live : Others::unknown;
    if (got <= 0) return Others::live;  // for the moment: it will be asked again
    text[got] = 0;
    const char* at = strrchr(text, ')');
    char state = 0;
    unsigned threads = 0;
    if (at == nullptr || sscanf(at, ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %u", &state,
                                &threads) != 2)
        return Others::live;
    return threads > 1u + (state == 'Z' ? 1 : 0) + reapers() ? Others::live : Others::none;
}

}  // namespace winshim::process
