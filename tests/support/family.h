// family.h - children, orphans and onlookers for roles that change what they are (daemons, other roots, other users).
//
// Purpose     A role forks a child that does something to itself; the role looks on from outside and says how it went.
//             What the child finds wrong is noted in a page that both share, for it may have no descriptor left to say
//             so: SURE in the child, WANT(ended_well(child)) in the role.
// Invariants  No child outlives its test: it dies with its parent, or, as an orphan, by its alarm.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "tests/support/starve.h"

namespace family {

constexpr DWORD kPatience = 20'000;
constexpr unsigned kPatienceSeconds = 20;

#if defined(__SANITIZE_THREAD__)
constexpr bool kSanitizerHasAThread = true;
#else
constexpr bool kSanitizerHasAThread = false;
#endif

struct Note {
    std::atomic<bool> written;
    char text[300];
};

// The page is made before the first fork of the role, so all its children share it.
inline Note &note() {
    static Note *const page = static_cast<Note *>(
        mmap(nullptr, sizeof(Note), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    return *page;
}

inline bool sure(bool holds, const char *what, int line) {
    if (holds || note().written.exchange(true)) return holds;
    snprintf(note().text, sizeof note().text, "line %d: not so: %s (last error %u, errno %d)", line, what,
             static_cast<unsigned>(GetLastError()), errno);
    return false;
}

// In the body of a child or a thread that returns bool.
#define SURE(condition)                                                       \
    do {                                                                      \
        if (!family::sure((condition), #condition, __LINE__)) return false;   \
    } while (false)

// A child by fork that runs `body` and ends by _exit with its result.
template <typename Body>
pid_t child_that(Body body) {
    note();
    fflush(nullptr);
    const pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    _exit(body() ? 0 : 1);
}

// For one whose parent ends on purpose.
inline void dies_in_time() { alarm(2 * kPatienceSeconds); }

// Orphans become children of the calling role.
inline bool adopts_orphans() { return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0; }

// Waits for a process (-1: any child) and says what it had noted; one that does not end is killed and named.
inline bool ended_well(pid_t pid) {
    int status = -1;
    const std::uint64_t end = now_ms() + 2 * kPatience;
    pid_t got = 0;
    while ((got = waitpid(pid, &status, WNOHANG)) == 0 && now_ms() < end) usleep(1000);
    if (got == 0) {
        printf("process %d does not end\n", pid);
        if (pid > 0) kill(pid, SIGKILL), waitpid(pid, &status, 0);
    } else if (got < 0 || status != 0) {
        printf("process %d ended with wait status 0x%x (errno %d)\n", got, static_cast<unsigned>(status), errno);
    }
    if (note().written) printf("a child says: %s\n", note().text);
    fflush(stdout);
    return got > 0 && status == 0;
}

inline bool waits(HANDLE handle, DWORD wanted) { return WaitForSingleObject(handle, kPatience) == wanted; }

// The state of a thread as of /proc, or 0.
inline char state_of(pid_t process, pid_t thread) {
    char path[64];
    char text[512] = {};
    snprintf(path, sizeof path, "/proc/%d/task/%d/stat", process, thread);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    const ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    const char *const at = got > 0 ? strrchr(text, ')') : nullptr;
    return at != nullptr ? at[2] : '\0';
}

// True once the thread sleeps in the kernel and goes on sleeping for a grace time of 30 ms.
inline bool falls_asleep(pid_t process, pid_t thread) {
    const std::uint64_t end = now_ms() + kPatience;
    for (int asleep = 0; asleep < 30; usleep(1000)) {
        if (now_ms() > end) return false;
        asleep = state_of(process, thread) == 'S' ? asleep + 1 : 0;
    }
    return true;
}

inline bool close_all_from(unsigned first) {
    if (syscall(SYS_close_range, first, ~0u, 0) == 0) return true;
    for (int fd = static_cast<int>(first); fd < 4096; ++fd) close(fd);  // before Linux 5.9
    return true;
}

inline int open_descriptors() {
    int count = 0;
    for (int fd = 0; fd < 4096; ++fd) count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

}  // namespace family
