// test_daemon_place.cpp - processes that change their root or their user after their first call.
//
// Purpose     They keep the segment that they have mapped, as they keep open files: named objects, waits, signals and
//             new threads work on between them and those who did not move. What they cannot do (make a bell where the
//             others look for it) is done without, and nothing is left where they went.
// Source      docs/security.md, "Programs with raised rights" and "fork, exec, containers"; README, "Limits".
#include <dirent.h>
#include <grp.h>
#include <pthread.h>
#include <sys/stat.h>

#include <string>
#include <thread>

#include "tests/support/family.h"

using namespace family;

// The leak detector is a tracer, and reads /proc: it works neither in another root nor after a change of the user.
// Nothing here is about leaks.
extern "C" const char *__asan_default_options() { return "detect_leaks=0"; }

namespace {

constexpr uid_t kNobody = 65534;

HANDLE event(const char *name) { return CreateEventA(nullptr, FALSE, FALSE, name); }

// Counted: two answers may come before the first has been taken.
HANDLE answers() { return CreateSemaphoreA(nullptr, 0, 100, "back"); }
BOOL answer(HANDLE back) { return ReleaseSemaphore(back, 1, nullptr); }

// Before the first call: a user namespace in which this user has the same number, and may chroot.
bool may_chroot() {
    char users[64];
    snprintf(users, sizeof users, "%u %u 1", geteuid(), geteuid());
    return geteuid() == 0 || (unshare(CLONE_NEWUSER) == 0 && starve::write_text("/proc/self/uid_map", users));
}

bool somebody_may_chroot() {
    return ended_well(child_that([] { return may_chroot() && chroot("/") == 0; }));
}

// A directory to become a root; with a /dev/shm of its own, or with nothing in it.
struct Root {
    char path[64] = "/tmp/winshim-root-XXXXXX";
    bool made;
    bool with_shm;
    explicit Root(bool shm) : made(mkdtemp(path) != nullptr), with_shm(shm) {
        if (!made || !with_shm) return;
        made = mkdir(inside("/dev").c_str(), 0755) == 0 && mkdir(inside("/dev/shm").c_str(), 0755) == 0 &&
               chmod(inside("/dev/shm").c_str(), 01777) == 0;
    }
    // False: somebody has left something there.
    bool removed() {
        return (!with_shm || (rmdir(inside("/dev/shm").c_str()) == 0 && rmdir(inside("/dev").c_str()) == 0)) &&
               rmdir(path) == 0;
    }
    std::string inside(const char *name) const { return std::string(path) + name; }
};

bool enters(const Root &root) { return chroot(root.path) == 0 && chdir("/") == 0; }

bool has_hidden_thread() {
    bool found = false;
    DIR *const threads = opendir("/proc/self/task");
    while (const dirent *entry = threads != nullptr && !found ? readdir(threads) : nullptr) {
        char name[32] = {};
        FILE *const file = fopen((std::string("/proc/self/task/") + entry->d_name + "/comm").c_str(), "r");
        found = file != nullptr && fgets(name, sizeof name, file) != nullptr && strcmp(name, "winshim-keeper\n") == 0;
        if (file != nullptr) fclose(file);
    }
    if (threads != nullptr) closedir(threads);
    return found;
}

// Waits so long for a mutex of another process that the hidden thread is started.
bool is_watching() {
    const HANDLE kept = CreateMutexA(nullptr, FALSE, "kept");
    for (const std::uint64_t end = now_ms() + kPatience; !has_hidden_thread() && now_ms() < end; usleep(1000))
        if (WaitForSingleObject(kept, 200) == WAIT_OBJECT_0) ReleaseMutex(kept);  // its owner is not there yet
    return has_hidden_thread();
}

HANDLE of_the_handler;
void signals(int) { answer(of_the_handler); }

// One process that moves while a thread of it is blocked, and then does everything with a partner who has not moved.
template <typename Move>
bool moves_and_works(Move move) {
    const HANDLE go = event("go"), back = answers(), first = event("first");
    const HANDLE mutex = CreateMutexA(nullptr, FALSE, "owned");
    SURE(go != nullptr && back != nullptr && first != nullptr && mutex != nullptr && is_watching());
    std::atomic<pid_t> tid{0};
    bool woken = false;
    std::thread blocked([&] {
        tid = gettid();
        woken = waits(go, WAIT_OBJECT_0) && answer(back);
    });
    while (tid == 0) usleep(1000);
    SURE(falls_asleep(getpid(), tid));
    SURE(move());
    dies_in_time();  // who changes his user no longer dies with his parent
    of_the_handler = back;
    signal(SIGUSR1, signals);
    SURE(answer(back));
    SURE(waits(first, WAIT_OBJECT_0));  // interrupted by SIGUSR1
    bool works = false;
    std::thread([&] { works = answer(back) && waits(first, WAIT_OBJECT_0); }).join();  // in a slot never used before
    SURE(works && answer(back));
    blocked.join();
    SURE(woken);
    const HANDLE old = OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, "back"), made = event("made there");
    SURE(old != nullptr && made != nullptr && CloseHandle(old));
    const pid_t child = fork();
    if (child == 0) _exit(answer(back) && waits(made, WAIT_OBJECT_0) ? 0 : 1);
    int status = -1;
    SURE(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    SURE(waits(mutex, WAIT_OBJECT_0) && answer(back));
    SURE(waits(first, WAIT_OBJECT_0));
    return true;  // as the owner of the mutex
}

// The other side: sleeps, and is woken by the one that moved, each time.
bool partner_of(pid_t mover) {
    const HANDLE kept = CreateMutexA(nullptr, FALSE, "kept");
    const HANDLE go = event("go"), back = answers(), first = event("first");
    const HANDLE mutex = CreateMutexA(nullptr, FALSE, "owned");
    bool right = waits(kept, WAIT_OBJECT_0) && waits(back, WAIT_OBJECT_0);
    right = right && kill(mover, SIGUSR1) == 0 && waits(back, WAIT_OBJECT_0) && SetEvent(first);
    right = right && waits(back, WAIT_OBJECT_0) && SetEvent(first) && waits(back, WAIT_OBJECT_0);  // the new thread
    right = right && SetEvent(go) && waits(back, WAIT_OBJECT_0);  // the thread that was blocked
    right = right && waits(back, WAIT_OBJECT_0);                  // the child
    const HANDLE made = OpenEventA(EVENT_ALL_ACCESS, FALSE, "made there");
    right = right && made != nullptr && SetEvent(made);
    right = right && waits(back, WAIT_OBJECT_0) && WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT && SetEvent(first);
    if (!right) printf("the partner was not answered (last error %u)\n", GetLastError());
    return ended_well(mover) && right && waits(mutex, WAIT_ABANDONED);
}

}  // namespace

// ---- another root ---------------------------------------------------------------------------------------------------

ROLE(changes_its_root) {
    NEED(somebody_may_chroot(), "may not chroot");
    Root root(argument[0] == 's');
    WANT(root.made);
    const pid_t child = child_that([&] {
        SURE(may_chroot());
        return moves_and_works([&] { return enters(root); });
    });
    const bool right = partner_of(child);
    WANT(root.removed());
    WANT(right);
    return 0;
}

// The last to leave cannot reach the file any more; the next one finds that nobody is in it.
ROLE(leaves_last_from_another_root) {
    NEED(somebody_may_chroot(), "may not chroot");
    Root root(false);
    WANT(root.made);
    const pid_t child = child_that([&] {
        SURE(may_chroot() && event("left behind") != nullptr && enters(root));
        exit(0);
        return false;
    });
    WANT(ended_well(child) && root.removed());
    WANT(starve::files_in_shm() > 0);
    FAILS(OpenEventA(EVENT_ALL_ACCESS, FALSE, "left behind"), nullptr, ERROR_FILE_NOT_FOUND);
    return 0;
}

// Without /proc nobody counts the threads; the process ends all the same when the last one has ended.
void *waits_and_ends(void *) {
    WaitForSingleObject(event("the last thread"), 20);
    return nullptr;
}

ROLE(ends_by_its_last_thread_without_proc) {
    NEED(!kSanitizerHasAThread, "the sanitizer's own thread keeps a process from ending with its last thread");
    NEED(somebody_may_chroot(), "may not chroot");
    Root root(false);
    WANT(root.made);
    const pid_t child = child_that([&] {
        SURE(may_chroot() && event("somebody") != nullptr);
        if (argument[0] == 'w') SURE(is_watching());
        SURE(enters(root));
        pthread_t thread;
        SURE(pthread_create(&thread, nullptr, waits_and_ends, nullptr) == 0);
        pthread_exit(nullptr);
        return false;
    });
    const bool kept = waits(CreateMutexA(nullptr, FALSE, "kept"), WAIT_OBJECT_0);
    const bool ended = ended_well(child);
    WANT(root.removed());
    WANT(ended && kept);
    return 0;
}

// The other way round: while the first thread lives, the process keeps its handles although no attached thread is left.
ROLE(stays_by_its_first_thread_without_proc) {
    NEED(somebody_may_chroot(), "may not chroot");
    Root root(false);
    WANT(root.made);
    const pid_t child = child_that([&] {
        SURE(may_chroot());
        HANDLE kept = nullptr;
        std::thread([&] { kept = event("kept by nobody attached"); }).join();
        SURE(kept != nullptr && enters(root));
        std::thread([&] { SetEvent(kept); }).join();  // leaves the hidden thread in its place, in the new root
        raise(SIGSTOP);
        bool works = false;
        std::thread([&] { works = waits(kept, WAIT_OBJECT_0) && CloseHandle(kept); }).join();
        SURE(works);
        return true;
    });
    int status = 0;
    WANT(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
    // Who comes and goes takes the dead away: were it taken for dead, the name would be gone.
    WANT(ended_well(child_that([] { return event("passes by") != nullptr; })));
    const HANDLE theirs = OpenEventA(EVENT_ALL_ACCESS, FALSE, "kept by nobody attached");
    kill(child, SIGCONT);
    const bool ended = ended_well(child);
    WANT(root.removed());
    WANT(ended && theirs != nullptr);
    return 0;
}

// ---- another user ---------------------------------------------------------------------------------------------------

bool drops_its_rights() {
    return setgroups(0, nullptr) == 0 && setresgid(kNobody, kNobody, kNobody) == 0 &&
           setresuid(kNobody, kNobody, kNobody) == 0 && geteuid() == kNobody;
}

ROLE(drops_its_rights) {
    NEED(geteuid() == 0, "only root can become somebody else");
    return partner_of(child_that([] { return moves_and_works(drops_its_rights); })) ? 0 : 1;
}

TEST(ce, Life_27_in_a_root_without_shared_memory) { starve::thrives("changes_its_root", "none", 0); }
TEST(ce, Life_27_in_a_root_with_another_shared_memory) { starve::thrives("changes_its_root", "shm", 0); }
TEST(ce, Life_27_the_last_one_ends_in_another_root) { starve::thrives("leaves_last_from_another_root", nullptr, 0); }
TEST(ce, Life_27_the_last_thread_ends_the_process_without_proc) {
    starve::thrives("ends_by_its_last_thread_without_proc", "alone", 0);
}
TEST(ce, Life_27_the_last_thread_ends_the_watching_process_without_proc) {
    starve::thrives("ends_by_its_last_thread_without_proc", "watching", 0);
}
TEST(ce, Life_27_the_first_thread_keeps_the_process_without_proc) {
    starve::thrives("stays_by_its_first_thread_without_proc", nullptr, 0);
}
TEST(ce, Life_27_a_process_that_has_dropped_its_rights) { starve::thrives("drops_its_rights", nullptr, 0); }

int main(int argc, char **argv) { return test_main(argc, argv); }
