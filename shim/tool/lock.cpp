// lock.cpp - winshim lock: runs a command while it owns a named mutex, as flock(1) does with a file.
//
// The mutex is this process's: it lets it go when the command has ended. Is this process killed, the mutex is
// abandoned, and the next owner is told, while the command may go on.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/tool/library.h"
#include "shim/tool/options.h"
#include "shim/tool/output.h"

int lock_command(int argc, char** argv);

namespace {

using namespace winshim;
using namespace winshim::tool;

struct Options {
    Joining joining;
    const char* timeout = nullptr;
    bool refuse = false, json = false;
    u64 timeout_ms = INFINITE;
    look::List<const char*> names;
    char** command = nullptr;
};

void show_help(FILE* to) {
    fprintf(
        to,
        "usage: winshim lock [--timeout MS] [--refuse-abandoned] [--profile ce|ce5|nt] [--namespace NAME] [--json]\n"
        "                    MUTEX -- COMMAND...\n"
        "Runs COMMAND while it owns the named mutex, which it makes if it is not there, and lets it go afterwards.\n"
        "SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1 and SIGUSR2 are handed on to COMMAND. If the mutex had been\n"
        "abandoned by its last owner, COMMAND finds WINSHIM_ABANDONED=1 in its environment.\n"
        "  --timeout MS        gives up after so many milliseconds; 0: only tries\n"
        "  --refuse-abandoned  does not run COMMAND if the mutex had been abandoned; it stays so\n"
        "  --json              says in JSON why COMMAND was not run\n"
        "Exit status: that of COMMAND, 128 + N if signal N has ended it; 124 time-out; 123 abandoned and refused;\n"
        "125 it failed; 126 COMMAND cannot be run; 127 there is no COMMAND; 128 + N signal N ended the wait.\n");
}

int not_run(const Options& options, int status, const char* why) {
    if (options.json) {
        Json json;
        json.begin().text("result", why).text("name", options.names[0]).end().done();
    } else if (status < kSignal) {
        fprintf(stderr, "winshim lock: %s: %s\n", options.names[0], why);
    }
    return status;
}

// ---- the command ----------------------------------------------------------------------------------------------------

constexpr int kHandedOn[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
volatile pid_t child;

// From the terminal a signal has come to the command as well: it is of our process group.
void hand_on(int number, siginfo_t* info, void*) {
    if (child > 0 && info->si_code != SI_KERNEL) kill(child, number);
}

int run(const Options& options) {
    sigset_t handed_on, mask;
    sigemptyset(&handed_on);
    for (const int number : kHandedOn) sigaddset(&handed_on, number);
    sigprocmask(SIG_BLOCK, &handed_on, &mask);  // until the command is there to get them
    struct sigaction action{}, before{};
    action.sa_sigaction = hand_on;
    action.sa_flags = SA_RESTART | SA_SIGINFO;
    sigset_t to_default;
    sigemptyset(&to_default);
    for (const int number : kHandedOn) {
        if (sigaction(number, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
        sigaction(number, &action, nullptr);
        sigaddset(&to_default, number);
    }
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&how, &mask);
    posix_spawnattr_setsigdefault(&how, &to_default);
    pid_t pid = 0;
    const int error = posix_spawnp(&pid, options.command[0], nullptr, &how, options.command, environ);
    posix_spawnattr_destroy(&how);
    if (error == 0) child = pid;
    sigprocmask(SIG_SETMASK, &mask, nullptr);
    if (error != 0) {
        fprintf(stderr, "winshim lock: %s: %s\n", options.command[0], strerror(error));
        return error == ENOENT ? kNoCommand : kNotExecutable;
    }
    // Seen first, reaped after the last signal can have been handed on: its pid is not somebody else's meanwhile.
    siginfo_t ended{};
    while (waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOWAIT) != 0 && errno == EINTR) {}
    child = 0;
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    return WIFSIGNALED(status) ? kSignal + WTERMSIG(status) : WEXITSTATUS(status);
}

int lock(const Options& options, const Library& w) {
    const char* name = options.names[0];
    HANDLE mutex = w.OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name);
    if (mutex == nullptr && w.GetLastError() == ERROR_FILE_NOT_FOUND) mutex = w.CreateMutexA(nullptr, FALSE, name);
    if (mutex == nullptr) {
        complain("lock", "mutex", name, w.GetLastError());
        return kLockFailed;
    }
    const HANDLE handles[] = {mutex, signals_as_event(w)};
    const DWORD result = w.WaitForMultipleObjects(handles[1] != nullptr ? 2 : 1, handles, FALSE,
                                                  static_cast<DWORD>(options.timeout_ms));
    int status = kLockFailed;
    bool release = false;
    if (result == WAIT_TIMEOUT) {
        status = not_run(options, kTimeout, "timeout");
    } else if (result == WAIT_OBJECT_0 + 1) {
        status = not_run(options, kSignal + signal_that_came(), "signal");
    } else if (result == WAIT_ABANDONED_0 && options.refuse) {
        status = not_run(options, kAbandoned, "abandoned");  // our end abandons it again
    } else if (result == WAIT_OBJECT_0 || result == WAIT_ABANDONED_0) {
        if (result == WAIT_ABANDONED_0) setenv("WINSHIM_ABANDONED", "1", 1);
        else unsetenv("WINSHIM_ABANDONED");
        status = run(options);
        release = true;
    } else {
        complain("lock", "mutex", name, w.GetLastError());
    }
    if (release && !w.ReleaseMutex(mutex)) complain("lock", "mutex", name, w.GetLastError());
    w.CloseHandle(mutex);
    return status;
}

}  // namespace

int lock_command(int argc, char** argv) {
    Options options;
    const Option table[] = {{"namespace", nullptr, &options.joining.space},
                            {"profile", nullptr, &options.joining.profile},
                            {"timeout", nullptr, &options.timeout},
                            {"refuse-abandoned", &options.refuse},
                            {"json", &options.json}};
    const Asked asked = parse(argc, argv, table, options.names, &options.command);
    if (asked == Asked::help) return show_help(stdout), 0;
    if (asked == Asked::wrong) return kLockFailed;
    if (options.names.count() != 1 || options.command == nullptr || options.command[0] == nullptr)
        return show_help(stderr), kLockFailed;
    if (options.timeout != nullptr && !parse_number("timeout", options.timeout, 0, INFINITE - 1, options.timeout_ms))
        return kLockFailed;
    const Library* w = prepare(options.joining) ? load_library() : nullptr;
    return w != nullptr ? lock(options, *w) : kLockFailed;
}
