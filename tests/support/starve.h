// starve.h - roles that take something away from themselves and look what the library says.
//
// Purpose     A starved process is a role of its own (see ROLE), in a mount namespace of its own where /dev/shm is part
//             of the hunger. It says what is wrong with WANT and ends with 0, or with kCannot if this user may not do
//             what the test needs: then the test is skipped, with the reason.
// Invariants  A role that is killed by a signal (SIGBUS, SIGSEGV, SIGXFSZ) fails the test.
#pragma once

#include <dirent.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/support/program.h"

constexpr int kCannot = 77;

// In a role: goes on only if `condition` holds.
#define WANT(condition)                                                                                  \
    do {                                                                                                 \
        if (!(condition)) {                                                                              \
            printf("line %d: not so: %s (last error %u, errno %d)\n", __LINE__, #condition,              \
                   static_cast<unsigned>(GetLastError()), errno);                                        \
            fflush(nullptr);                                                                             \
            return 1;                                                                                    \
        }                                                                                                \
    } while (false)

// In a role: `call` must fail with this code, and give `failure`.
#define FAILS(call, failure, code)                                                                       \
    do {                                                                                                 \
        SetLastError(kPoison);                                                                           \
        WANT((call) == (failure));                                                                       \
        WANT(GetLastError() == static_cast<DWORD>(code));                                                \
    } while (false)

// In a role: needs a right that this user does not have.
#define NEED(condition, what)                                                                            \
    do {                                                                                                 \
        if (!(condition)) {                                                                              \
            printf("skipped: %s (%s)\n", (what), strerror(errno));                                       \
            return kCannot;                                                                              \
        }                                                                                                \
    } while (false)

namespace starve {

inline bool write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    if (file == nullptr) return false;
    const bool written = fputs(text, file) >= 0;
    return fclose(file) == 0 && written;
}

// A mount namespace of this process's own, of which nobody else sees anything.
inline bool apart() {
    char users[64];
    char groups[64];
    snprintf(users, sizeof users, "%u %u 1", geteuid(), geteuid());
    snprintf(groups, sizeof groups, "%u %u 1", getegid(), getegid());
    if (unshare(CLONE_NEWNS) != 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
        write_text("/proc/self/setgroups", "deny");
        if (!write_text("/proc/self/uid_map", users) || !write_text("/proc/self/gid_map", groups)) return false;
    }
    return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 ||
           mount("none", "/dev/shm", nullptr, MS_PRIVATE, nullptr) == 0;
}

// A new, empty /dev/shm for this process and its children: `options` as for mounting a tmpfs.
inline bool own_shm(const char *options) {
    return apart() && mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
}

inline bool resize_shm(const char *options) { return mount("tmpfs", "/dev/shm", "tmpfs", MS_REMOUNT, options) == 0; }

inline int files_in_shm() {
    DIR *directory = opendir("/dev/shm");
    if (directory == nullptr) return -1;
    int count = -2;  // . and ..
    while (readdir(directory) != nullptr) ++count;
    closedir(directory);
    return count;
}

inline bool limit(__rlimit_resource what, rlim_t value) {
    rlimit now{};
    if (getrlimit(what, &now) != 0) return false;
    now.rlim_cur = value;
    return setrlimit(what, &now) == 0;
}

// Runs a role, in a namespace of its own, that must come to a good end; `lines` is how often the library explains
// itself on standard error (-1: not counted). Returns the output.
inline RoleResult thrives(const char *role, const char *argument, int lines, const char *said = nullptr,
                          const char *name_space = "-starved") {
    ProcessOptions options;
    options.name_space = name_space;
    const RoleResult result = run_role(role, argument, options, 50'000);  // less than the limit of a test
    if (WIFEXITED(result.status) && WEXITSTATUS(result.status) == kCannot) {
        print_message("%s", result.output);
        skip();
    }
    int seen = 0;
    for (const char *at = result.output; (at = strstr(at, "winshim: ")) != nullptr; ++at) ++seen;
    const bool told = said == nullptr || strstr(result.output, said) != nullptr;
    if (result.status == 0 && (lines < 0 || seen == lines) && told) return result;
    print_error("role %s: wait status 0x%x, %d explanations (wanted %d%s%s); it said:\n%s\n", role,
                static_cast<unsigned>(result.status), seen, lines, said != nullptr ? ", with: " : "",
                said != nullptr ? said : "", result.output);
    _fail(__FILE__, __LINE__);
    return result;
}

}  // namespace starve
