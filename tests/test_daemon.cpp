// test_daemon.cpp - exec from a second thread; threads that fork at the same time.
//
// Purpose     Each test runs in a role, a process of its own, and looks on from a second process. What else programs do
//             with themselves is in test_daemon_*.cpp.
// Source      README, "Limits"; architecture, section 10; statements Life-27 and -29.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "tests/support/program.h"

constexpr DWORD kPatience = 20'000;
constexpr int kSkipped = 77;

static bool is(const char *what, bool holds) {
    if (!holds) printf("not so: %s (last error %u, errno %d)\n", what, GetLastError(), errno), fflush(stdout);
    return holds;
}

static void passes(const char *role, const char *argument = nullptr) {
    const RoleResult result = run_role(role, argument);
    if (WIFEXITED(result.status) && WEXITSTATUS(result.status) == kSkipped) skip();
    if (result.status != 0) print_error("%s", result.output);
    assert_int_equal(result.status, 0);
}

// A child by fork that runs `body` and ends with its result; it dies with its parent.
template <typename Body>
static pid_t child_that(Body body) {
    fflush(nullptr);
    const pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    _exit(body() ? 0 : 1);
}

static bool ended_well(pid_t pid) {
    int status = -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    return is("the process ended well", status == 0);
}

static bool waits(HANDLE handle, DWORD wanted) {
    const DWORD got = WaitForSingleObject(handle, kPatience);
    if (got != wanted) printf("a wait gave 0x%x, wanted 0x%x\n", got, wanted);
    return is("the wait ends as it should", got == wanted);
}

// ---- exec -----------------------------------------------------------------------------------------------------------

// A second thread takes the mutex and execs. The kernel gives it the first thread's id before it looks at its locks,
// and does not find that they are its own.
static pid_t exec_from_a_second_thread(const char *mutex, HANDLE owned, const char *program, const char *argument) {
    return child_that([=] {
        std::thread([=] {
            const HANDLE mine = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, mutex);
            WaitForSingleObject(mine, INFINITE);
            SetEvent(owned);
            execlp(program, program, argument, nullptr);
        }).join();
        return false;
    });
}

ROLE(exec_from_a_thread) {
    const bool stays = argument[0] == 's';
    const HANDLE mutex = CreateMutexA(nullptr, FALSE, "execs"), owned = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    const pid_t pid = exec_from_a_second_thread("execs", owned, stays ? "sleep" : "true", stays ? "100" : nullptr);
    bool right = waits(owned, WAIT_OBJECT_0) && waits(mutex, WAIT_ABANDONED);
    right = is("it is an ordinary mutex again", ReleaseMutex(mutex)) && waits(mutex, WAIT_OBJECT_0) && right;
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return right ? 0 : 1;
}

TEST(ce, Life_29_exec_from_a_second_thread_abandons_mutexes) { passes("exec_from_a_thread", "stays"); }
TEST(ce, Life_29_exec_from_a_second_thread_of_a_program_that_ends) { passes("exec_from_a_thread", "ends"); }

// ---- fork -----------------------------------------------------------------------------------------------------------

// Several threads fork at the same time while others open and close. Each child counts itself in and calls everything.
ROLE(forks_at_once) {
    constexpr int kForkers = 3, kForks = 100;
    const HANDLE units = CreateSemaphoreA(nullptr, 0, kForkers * kForks, nullptr);
    std::atomic<bool> over{false};
    std::atomic<int> right{0};
    std::thread opener([&] {
        while (!over.load()) CloseHandle(CreateEventA(nullptr, FALSE, FALSE, "forks at once"));
    });
    std::thread forkers[kForkers];
    for (std::thread &forker : forkers) {
        forker = std::thread([&] {
            for (int i = 0; i < kForks; ++i) {
                const pid_t pid = child_that([=] {
                    const HANDLE event = CreateEventA(nullptr, FALSE, TRUE, nullptr);
                    return WaitForSingleObject(event, 0) == WAIT_OBJECT_0 && ReleaseSemaphore(units, 1, nullptr);
                });
                if (ended_well(pid)) right.fetch_add(1);
            }
        });
    }
    for (std::thread &forker : forkers) forker.join();
    over.store(true);
    opener.join();
    int counted = 0;
    while (WaitForSingleObject(units, 0) == WAIT_OBJECT_0) ++counted;
    return is("every child ended well", right == kForkers * kForks) &&
                   is("every child was counted", counted == kForkers * kForks)
               ? 0
               : 1;
}

TEST(ce, Life_27_threads_that_fork_at_the_same_time) { passes("forks_at_once"); }

int main(int argc, char **argv) { return test_main(argc, argv); }
