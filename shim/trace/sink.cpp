// sink.cpp - one write(2) in O_APPEND for each line.
//
// Purpose     Processes share the file; nobody needs a lock. A call must not notice the trace: a full disk, a broken
//             pipe or a limit on the file's size loses lines and does no more (SIGPIPE and SIGXFSZ are held back);
//             nothing here is a point of cancellation, allocates or takes a lock, for calls are made in signal handlers
//             and in the children of a fork as well.
// Descriptor  Programs close descriptors that they do not know, and open others under the same numbers. So ours has a
//             high number, and before each line it is asked whether it is still the file; if not, the file is opened
//             again.
#include "shim/trace/sink.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <atomic>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace winshim::trace {
namespace {

constexpr int kHighNumber = 700;

char path[PATH_MAX];
bool to_stderr = false;
std::atomic<int> descriptor{-1};
std::atomic<dev_t> device{0};
std::atomic<ino_t> inode{0};
std::atomic<bool> torn{false};  // the last line of this process was not written to its end

// By bare system calls: those of the C library are points of cancellation. What the kernel takes as a long is passed as
// one.
int open_file() noexcept {
    const auto fd = static_cast<int>(
        syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666));
    if (fd < 0) return -1;
    const auto high = static_cast<int>(syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, long{kHighNumber}));
    if (high < 0) return fd;  // a low limit: then a low number
    syscall(SYS_close, fd);
    return high;
}

bool is_ours(int fd) noexcept {
    struct stat st;
    return fd >= 0 && fstat(fd, &st) == 0 && st.st_ino == inode.load(std::memory_order_relaxed) &&
           st.st_dev == device.load(std::memory_order_relaxed);
}

int renew(int seen) noexcept {
    const int fd = open_file();
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) return -1;
    inode.store(st.st_ino, std::memory_order_relaxed);
    device.store(st.st_dev, std::memory_order_relaxed);
    // Several threads may notice at once: one descriptor stays.
    if (!descriptor.compare_exchange_strong(seen, fd, std::memory_order_acq_rel)) {
        syscall(SYS_close, fd);
        return seen;
    }
    return fd;
}

int current() noexcept {
    if (to_stderr) return STDERR_FILENO;
    const int fd = descriptor.load(std::memory_order_acquire);
    return is_ours(fd) ? fd : renew(fd);
}

// While it lives, the signals that a write may raise are held back; what the writes have raised goes with it.
class HeldSignals {
public:
    HeldSignals() noexcept {
        sigemptyset(&held_);
        sigaddset(&held_, SIGPIPE);
        sigaddset(&held_, SIGXFSZ);
        sigset_t pending;
        sigpending(&pending);
        pipe_before_ = sigismember(&pending, SIGPIPE) == 1;
        size_before_ = sigismember(&pending, SIGXFSZ) == 1;
        pthread_sigmask(SIG_BLOCK, &held_, &before_);
    }
    ~HeldSignals() noexcept { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;

    void forget(int error) noexcept {
        if (error == EPIPE && !pipe_before_) take(SIGPIPE);
        if (error == EFBIG && !size_before_) take(SIGXFSZ);
    }

private:
    static void take(int signal) noexcept {
        sigset_t one;
        sigemptyset(&one);
        sigaddset(&one, signal);
        const timespec none{};
        syscall(SYS_rt_sigtimedwait, &one, nullptr, &none, std::size_t{8});
    }

    sigset_t held_, before_;
    bool pipe_before_, size_before_;
};

}  // namespace

const char* open_sink(const char* target) noexcept {
    to_stderr = strcmp(target, "stderr") == 0 || strcmp(target, "-") == 0;
    if (to_stderr) return nullptr;
    // Children may begin in another directory: they are told the whole path.
    if (target[0] != '/') {
        if (getcwd(path, sizeof path) == nullptr || strlen(path) + strlen(target) + 2 > sizeof path)
            return "the path of the trace is too long";
        strcat(path, "/");
        strcat(path, target);
        setenv("WINSHIM_TRACE", path, 1);
    } else if (snprintf(path, sizeof path, "%s", target) >= static_cast<int>(sizeof path)) {
        return "the path of the trace is too long";
    }
    return renew(-1) < 0 ? strerror(errno) : nullptr;
}

void write_line(const char* line, unsigned length) noexcept {
    HeldSignals held;
    const int fd = current();
    if (fd < 0) return;
    // After a torn line, one that nobody else has ended: a new line of its own keeps this one readable.
    if (torn.exchange(false, std::memory_order_relaxed)) syscall(SYS_write, fd, "\n", std::size_t{1});
    long written;
    do written = syscall(SYS_write, fd, line, std::size_t{length});
    while (written < 0 && errno == EINTR);
    if (written < 0) held.forget(errno);
    else if (static_cast<unsigned>(written) < length) torn.store(true, std::memory_order_relaxed);
}

}  // namespace winshim::trace
