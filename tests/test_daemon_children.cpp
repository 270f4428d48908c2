// test_daemon_children.cpp - children by double fork, vfork + exec, posix_spawn, system and popen.
//
// Purpose     A grandchild whose parent ends at once has the handles. A program started by exec has none, whichever way
//             it was started; and the parent does not notice: what its threads own stays owned, who waits goes on
//             waiting, also while other threads are in the middle of calls.
// Source      README, "Limits"; statements Life-27 and -28.
#include <spawn.h>

#include <string>
#include <thread>

#include "tests/support/family.h"

extern char **environ;

using namespace family;

namespace {

constexpr int kRounds = 12;

std::string this_program() {
    char path[1000] = {};
    return readlink("/proc/self/exe", path, sizeof path - 1) > 0 ? path : "";
}

// Threads in the middle of everything: one owns a mutex, one waits, one makes and closes names without end.
class Household {
public:
    bool begin() {
        owner_ = std::thread([this] {
            want(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && SetEvent(ready_) && waits(over_, WAIT_OBJECT_0) &&
                 ReleaseMutex(mutex));
        });
        waiter_ = std::thread([this] {
            waiter_tid_ = gettid();
            want(waits(signal_, WAIT_OBJECT_0));
            woken_ = true;
        });
        opener_ = std::thread([this] {
            while (!enough_) {
                const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, "comes and goes");
                want(event != nullptr && CloseHandle(event));
            }
        });
        while (waiter_tid_ == 0) usleep(1000);
        return waits(ready_, WAIT_OBJECT_0) && falls_asleep(getpid(), waiter_tid_);
    }

    // Nothing has happened to them so far; now they come to their end.
    bool end() {
        const bool undisturbed = !woken_ && WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT;
        enough_ = true;
        const bool told = SetEvent(signal_) && SetEvent(over_);
        owner_.join();
        waiter_.join();
        opener_.join();
        return undisturbed && told && right_ && waits(mutex, WAIT_OBJECT_0) && ReleaseMutex(mutex);
    }

    const HANDLE mutex = CreateMutexA(nullptr, FALSE, "of a thread");

private:
    void want(bool right) {
        if (!right) right_ = false;
    }

    const HANDLE ready_ = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    const HANDLE over_ = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    const HANDLE signal_ = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    std::atomic<pid_t> waiter_tid_{0};
    std::atomic<bool> right_{true}, woken_{false}, enough_{false};
    std::thread owner_, waiter_, opener_;
};

// What the started program is: --role starts_empty HANDLE.
struct Command {
    std::string program = this_program();
    std::string handle;
    std::string line;
    char *words[5];

    explicit Command(HANDLE known) : handle(std::to_string(reinterpret_cast<std::uintptr_t>(known))) {
        line = "'" + program + "' --role starts_empty " + handle;
        static char mode[] = "--role";
        static char role[] = "starts_empty";
        char *const all_words[] = {program.data(), mode, role, handle.data(), nullptr};
        memcpy(words, all_words, sizeof words);
    }
};

bool by_vfork(const Command &command) {
    const pid_t failing = vfork();
    if (failing == 0) {
        execl("/nonexistent/program", "program", nullptr);
        _exit(3);
    }
    int status = -1;
    if (waitpid(failing, &status, 0) != failing || WEXITSTATUS(status) != 3) return false;
    const pid_t child = vfork();
    if (child == 0) {
        execv(command.words[0], command.words);
        _exit(4);
    }
    return ended_well(child);
}

bool by_spawn(const Command &command) {
    pid_t child = -1;
    return posix_spawn(&child, command.words[0], nullptr, nullptr, command.words, environ) == 0 && ended_well(child);
}

bool by_system(const Command &command) { return system(command.line.c_str()) == 0; }

bool by_popen(const Command &command) {
    FILE *const output = popen(command.line.c_str(), "r");
    char text[64] = {};
    const bool read = output != nullptr && fgets(text, sizeof text, output) != nullptr;
    return output != nullptr && pclose(output) == 0 && read && strcmp(text, "empty\n") == 0;
}

struct Way {
    const char *name;
    bool (*start)(const Command &);
};
constexpr Way kWays[] = {{"vfork", by_vfork},
                         {"posix_spawn", by_spawn},
                         {"system", by_system},
                         {"popen", by_popen}};

}  // namespace

// The started program: a handle of its starter's is none of its own; the names lead to the same objects.
ROLE(starts_empty) {
    const auto theirs = handle_of(strtoull(argument, nullptr, 10));
    FAILS(SetEvent(theirs), FALSE, ERROR_INVALID_HANDLE);
    FAILS(CloseHandle(theirs), FALSE, ERROR_INVALID_HANDLE);
    for (const char *name : {"of a thread", "of the starter"}) {
        const HANDLE mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name);
        WANT(mutex != nullptr && WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT);
    }
    const HANDLE units = OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, "started");
    WANT(units != nullptr && ReleaseSemaphore(units, 1, nullptr));
    puts("empty");
    return 0;
}

ROLE(starts_programs) {
    const Way *way = kWays;
    while (strcmp(way->name, argument) != 0) ++way;
    Household household;
    const HANDLE mine = CreateMutexA(nullptr, TRUE, "of the starter");
    const HANDLE units = CreateSemaphoreA(nullptr, 0, 2 * kRounds, "started");
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    WANT(household.begin());
    const Command command(event);
    bool right = true;
    for (int i = 0; i < kRounds && right; ++i) right = way->start(command);
    const bool undisturbed = household.end();
    WANT(right && undisturbed);
    for (int i = 0; i < kRounds; ++i) WANT(WaitForSingleObject(units, 0) == WAIT_OBJECT_0);
    WANT(WaitForSingleObject(units, 0) == WAIT_TIMEOUT && WaitForSingleObject(event, 0) == WAIT_TIMEOUT);
    WANT(ReleaseMutex(mine) && !ReleaseMutex(mine));  // owned once, all the time
    return 0;
}

// The parent in the middle ends at once, before or after its child has begun; the grandchild has everything.
ROLE(double_forks) {
    constexpr int kGrandchildren = 30;
    WANT(adopts_orphans());
    const HANDLE units = CreateSemaphoreA(nullptr, 0, kGrandchildren, nullptr);
    const HANDLE go = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    const HANDLE mutex = CreateMutexA(nullptr, TRUE, "of the starter");
    for (int i = 0; i < kGrandchildren; ++i) {
        const pid_t middle = child_that([=] {
            if (i % 3 == 1) SURE(WaitForSingleObject(go, 0) == WAIT_TIMEOUT);  // it may have called, or not
            if (i % 2 == 1) SURE(setsid() == getpid());
            const pid_t grandchild = fork();
            if (grandchild != 0) return grandchild > 0;
            dies_in_time();
            SURE(ReleaseSemaphore(units, 1, nullptr));
            SURE(!ReleaseMutex(mutex) && GetLastError() == ERROR_NOT_OWNER);
            SURE(waits(go, WAIT_OBJECT_0));
            return true;
        });
        int status = -1;
        WANT(waitpid(middle, &status, 0) == middle && status == 0);
    }
    for (int i = 0; i < kGrandchildren; ++i) WANT(waits(units, WAIT_OBJECT_0));
    WANT(SetEvent(go));
    for (int i = 0; i < kGrandchildren; ++i) WANT(ended_well(-1));
    WANT(WaitForSingleObject(units, 0) == WAIT_TIMEOUT && ReleaseMutex(mutex));
    return 0;
}

TEST(ce, Life_27_a_grandchild_by_double_fork_has_the_handles) { starve::thrives("double_forks", nullptr, 0); }
TEST(ce, Life_28_vfork_and_exec) { starve::thrives("starts_programs", "vfork", 0); }
TEST(ce, Life_28_posix_spawn) { starve::thrives("starts_programs", "posix_spawn", 0); }
TEST(ce, Life_28_system_while_owning_a_mutex) { starve::thrives("starts_programs", "system", 0); }
TEST(ce, Life_28_popen_while_owning_a_mutex) { starve::thrives("starts_programs", "popen", 0); }

int main(int argc, char **argv) { return test_main(argc, argv); }
