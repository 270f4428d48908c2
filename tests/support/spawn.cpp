// spawn.cpp - posix_spawn with a composed environment.
//
// Purpose     See spawn.h. Other threads may run in this process, so nothing here changes its own environment.
#include "tests/support/spawn.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/support/actor.h"

extern char **environ;

namespace {

constexpr int kVariables = 300;

struct Environment {
    char profile[64];
    char name_space[256];
    char *entry[kVariables + 3];
};

bool is_variable(const char *entry, const char *name) {
    const size_t length = strlen(name);
    return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

const char *or_empty(const char *text) { return text != nullptr ? text : ""; }

void compose(Environment &e, const ProcessOptions &options) {
    int used = 0;
    for (char **old = environ; *old != nullptr && used < kVariables; ++old) {
        if (options.profile != nullptr && is_variable(*old, "WINSHIM_PROFILE")) continue;
        if (options.name_space != nullptr && is_variable(*old, "WINSHIM_NAMESPACE")) continue;
        e.entry[used++] = *old;
    }
    if (options.profile != nullptr && *options.profile != 0) {
        snprintf(e.profile, sizeof e.profile, "WINSHIM_PROFILE=%s", options.profile);
        e.entry[used++] = e.profile;
    }
    if (options.name_space != nullptr) {
        snprintf(e.name_space, sizeof e.name_space, "WINSHIM_NAMESPACE=%s%s", or_empty(getenv("WINSHIM_NAMESPACE")),
                 options.name_space);
        e.entry[used++] = e.name_space;
    }
    e.entry[used] = nullptr;
}

// A child with this id, if it is free and this user may choose (Linux 5.5); else -1. Not by ns_last_pid: all processes
// made after that would get the ids that were in use a moment ago, also those of tests that run at the same time.
pid_t child_with_id(pid_t wanted, char **argv, char **environment, int first, int second) {
    std::uint64_t arguments[10] = {};  // struct clone_args
    arguments[4] = SIGCHLD;
    arguments[8] = reinterpret_cast<std::uintptr_t>(&wanted);
    arguments[9] = 1;
    const auto child = static_cast<pid_t>(syscall(SYS_clone3, arguments, sizeof arguments));
    if (child != 0) return child;
    fcntl(first, F_SETFD, 0);
    fcntl(second, F_SETFD, 0);
    execve("/proc/self/exe", argv, environment);
    _exit(127);
}

}  // namespace

pid_t spawn_self(const char *const *arguments, const ProcessOptions &options, int output) {
    static Environment environment;
    compose(environment, options);
    char *argv[12];
    int count = 0;
    argv[count++] = program_invocation_name;
    for (; *arguments != nullptr && count < 11; ++arguments) argv[count++] = const_cast<char *>(*arguments);
    argv[count] = nullptr;

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (output >= 0) {
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    }
    pid_t process = -1;
    fflush(nullptr);
    for (int i = 1; i + 2 < count; ++i) {  // "--actor A B": the same number on both sides clears close-on-exec
        if (strcmp(argv[i], "--actor") != 0) continue;
        if (options.wanted_pid != 0)
            process = child_with_id(options.wanted_pid, argv, environment.entry, atoi(argv[i + 1]), atoi(argv[i + 2]));
        posix_spawn_file_actions_adddup2(&actions, atoi(argv[i + 1]), atoi(argv[i + 1]));
        posix_spawn_file_actions_adddup2(&actions, atoi(argv[i + 2]), atoi(argv[i + 2]));
    }
    int error = 0;
    if (process < 0) error = posix_spawn(&process, "/proc/self/exe", &actions, nullptr, argv, environment.entry);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? process : -1;
}

pid_t spawn_actor(int channel, int second_channel, const ProcessOptions &options) {
    char first[16];
    char second[16];
    snprintf(first, sizeof first, "%d", channel);
    snprintf(second, sizeof second, "%d", second_channel);
    const char *const arguments[] = {"--actor", first, second, nullptr};
    return spawn_self(arguments, options, -1);
}

bool wait_for_process(pid_t process, int timeout_ms, int *status) {
    const std::uint64_t end = now_ms() + static_cast<std::uint64_t>(timeout_ms);
    while (waitpid(process, status, WNOHANG) != process) {
        if (now_ms() > end) return false;
        usleep(500);  // a look at a condition, not an order of events
    }
    return true;
}

RoleResult run_role(const char *role, const char *argument, const ProcessOptions &options, int patience_ms) {
    RoleResult result{-1, {}};
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0, "a pipe for the output of a role");
    const char *const arguments[] = {"--role", role, argument, nullptr};
    const pid_t process = spawn_self(arguments, options, ends[1]);
    close(ends[1]);
    REQUIRE(process > 0, "a process for a role");
    size_t length = 0;
    const std::uint64_t end = now_ms() + static_cast<std::uint64_t>(patience_ms);
    for (ssize_t got = 1; got > 0 && length < sizeof result.output - 1 && now_ms() < end;) {
        pollfd ready{ends[0], POLLIN, 0};
        if (poll(&ready, 1, 100) <= 0) continue;
        got = read(ends[0], result.output + length, sizeof result.output - 1 - length);
        if (got > 0) length += static_cast<size_t>(got);
    }
    close(ends[0]);
    if (!wait_for_process(process, kPatienceMs, &result.status)) {
        kill(process, SIGKILL);
        waitpid(process, &result.status, 0);
        print_error("role %s did not end; its output was:\n%s\n", role, result.output);
        _fail(__FILE__, __LINE__);
    }
    return result;
}
