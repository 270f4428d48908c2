// pid.cpp - reading /proc/PID/stat.
//
// Format      "PID (NAME) STATE PPID ...", numbers from the fourth field on. NAME may hold anything, brackets too: the
//             last one counts. Used: 14 and 15, time computing; 20, threads; 22, start time; 52, the wait status.
// Zombies     A first thread that has ended while others run is shown as a zombie: then there is more than one thread.
// Source      proc_pid_stat(5).
#include "shim/process/pid.h"

#include <cerrno>
#include <climits>
#include <csignal>
#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "shim/shm/clock.h"

namespace winshim::process {
namespace {

constexpr u32 kUserField = 14, kKernelField = 15, kThreadsField = 20, kStartField = 22, kStatusField = 52;

struct Stat {
    char state = 0;
    u32 threads = 0;
    PidFacts facts;
};

// "/proc/PID/stat"; 0: one's own.
struct Path {
    char text[32];
    explicit Path(u32 pid) noexcept {
        char* at = text;
        const auto put = [&at](const char* s) {
            while (*s != '\0') *at++ = *s++;
        };
        put("/proc/");
        if (pid == 0) put("self");
        char digits[10];
        u32 count = 0;
        for (; pid != 0; pid /= 10) digits[count++] = static_cast<char>('0' + pid % 10);
        while (count != 0) *at++ = digits[--count];
        put("/stat");
        *at = '\0';
    }
};

bool parse(const char* text, ssize_t length, Stat& stat) noexcept {
    ssize_t at = length;
    while (at > 0 && text[at - 1] != ')') --at;
    if (at == 0 || at + 1 >= length) return false;
    stat.state = text[at + 1];
    at += 2;
    for (u32 field = 4; at < length; ++field) {
        while (at < length && (text[at] < '0' || text[at] > '9')) ++at;
        if (at == length) break;
        u64 number = 0;
        for (; at < length && text[at] >= '0' && text[at] <= '9'; ++at)
            number = number * 10 + static_cast<u64>(text[at] - '0');
        const u32 small = static_cast<u32>(number);
        if (field == kUserField) stat.facts.user_ticks = small;
        if (field == kKernelField) stat.facts.kernel_ticks = small;
        if (field == kThreadsField) stat.threads = small;
        if (field == kStartField) stat.facts.start = number;
        if (field == kStatusField) {
            stat.facts.code = code_of_wait_status(small);
            stat.facts.code_there = true;
        }
    }
    return stat.facts.start != 0;
}

// The errno of what failed; 0: `stat` is filled in.
int read_stat(u32 pid, Stat& stat) noexcept {
    const Path path(pid);
    char text[1024];
    const long fd = syscall(SYS_openat, AT_FDCWD, path.text, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) return errno;
    const long got = syscall(SYS_read, fd, text, sizeof text);
    const int error = errno;
    syscall(SYS_close, fd);
    if (got < 0) return error;
    return parse(text, got, stat) ? 0 : EIO;
}

bool has_proc() noexcept {
    static std::atomic<int> known{0};
    if (known.load(std::memory_order_relaxed) == 0) {
        Stat own;
        known.store(read_stat(0, own) == 0 ? 1 : -1, std::memory_order_relaxed);
    }
    return known.load(std::memory_order_relaxed) > 0;
}

}  // namespace

PidState look_at_pid(u32 pid, u64 start, PidFacts& facts) noexcept {
    facts = {};
    if (pid == 0 || pid > INT_MAX) return PidState::gone;  // damaged: to kill(2) these mean many processes
    Stat stat;
    const int error = read_stat(pid, stat);
    if (error != 0) {
        const bool not_there = error == ENOENT || error == ESRCH;
        if (not_there && has_proc()) return PidState::gone;
        const bool nobody = kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH;
        return nobody ? PidState::gone : PidState::runs;
    }
    facts = stat.facts;
    if (start != 0 && stat.facts.start != start) return PidState::gone;
    // While it runs, the status tells of stops at most.
    const bool ended = (stat.state == 'Z' || stat.state == 'X') && stat.threads <= 1;
    facts.code_there = facts.code_there && ended;
    return ended ? PidState::ended : PidState::runs;
}

u64 own_start() noexcept {
    Stat stat;
    return read_stat(0, stat) == 0 ? stat.facts.start : 0;
}

u32 ticks_per_second() noexcept {
    static std::atomic<u32> known{0};
    if (known.load(std::memory_order_relaxed) == 0)
        known.store(static_cast<u32>(sysconf(_SC_CLK_TCK)), std::memory_order_relaxed);
    return known.load(std::memory_order_relaxed);
}

u64 ticks_now() noexcept {
    timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return static_cast<u64>(t.tv_sec) * ticks_per_second() +
           static_cast<u64>(t.tv_nsec) / (kNsPerSecond / ticks_per_second());
}

}  // namespace winshim::process
