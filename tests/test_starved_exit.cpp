// test_starved_exit.cpp - a process ends although a stopped one holds what it would need for that.
//
// Purpose     exit() waits for the segment's file, for REAP, for the guards of its objects, and for its own threads
//             that wait for these: all of it for a limited time. What it leaves undone is done by whoever comes next.
// Method      Both processes stop themselves (SIGSTOP) when they are ready: the leaver with handles and an owned mutex,
//             the holder with a lock of the segment taken by hand.
// Source      Life-17, Life-33; shim/process/exit.cpp.
#include "tests/support/segment_file.h"  // first: what is included after it has a macro fail()

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "tests/support/program.h"
#include "tests/support/spawn.h"
#include "tests/support/starve.h"

namespace {

constexpr int kExitMs = 10'000;  // promised are two seconds

struct Names {
    char event[100], mutex[100];
    explicit Names(const char *name) {
        snprintf(event, sizeof event, "%s, event", name);
        snprintf(mutex, sizeof mutex, "%s, mutex", name);
    }
};

pid_t started(const char *role, const char *argument) {
    const char *const arguments[] = {"--role", role, argument, nullptr};
    const pid_t process = spawn_self(arguments, {}, -1);
    int status = -1;
    REQUIRE(process > 0 && waitpid(process, &status, WUNTRACED) == process && WIFSTOPPED(status),
            "a role that is ready");
    return process;
}

// One thread that has never called before, and now does.
void *first_call(void *) {
    CloseHandle(CreateEventA(nullptr, FALSE, FALSE, nullptr));
    return nullptr;
}

// The holder has `role`, the leaver leaves; then the holder goes on or is killed. Nothing of the leaver is left.
void leaves_while(const char *holder_role, const char *leaver_role, int then, const char *name) {
    const Names names(name);
    const HANDLE mutex = free_mutex(names.mutex);
    const pid_t leaver = started(leaver_role, name);
    const pid_t holder = started(holder_role, name);
    REQUIRE(kill(leaver, SIGCONT) == 0, "the leaver goes on");
    int status = -1;
    const bool left = wait_for_process(leaver, kExitMs, &status);
    if (!left) kill(leaver, SIGKILL);
    kill(holder, then);
    int holder_status = -1;
    REQUIRE(wait_for_process(holder, kPatienceMs, &holder_status), "the holder ends");
    REQUIRE(left, "a process exits although a stopped one holds a lock");
    assert_int_equal(status, 0);
    REQUIRE(then == SIGKILL ? WIFSIGNALED(holder_status) : holder_status == 0, "the holder ends as it is told");
    // The mutex of the leaver is abandoned, once, whoever found out; its event went with it.
    Actor next = process_actor();
    const HANDLE theirs = next.made(step::create_mutex(FALSE, names.mutex), ERROR_ALREADY_EXISTS);
    next.does(step::wait(theirs, 20'000), WAIT_ABANDONED, SAME);
    next.does(step::release(theirs), TRUE, SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    next.does(step::open_event(EVENT_ALL_ACCESS, names.event), nullptr, ERROR_FILE_NOT_FOUND);
    next.made(step::create_event(TRUE, TRUE, names.event), 0);
}

}  // namespace

// ---- the leavers --------------------------------------------------------------------------------------------------

ROLE(leave) {
    const Names names(argument);
    const HANDLE event = CreateEventA(nullptr, TRUE, FALSE, names.event);
    const HANDLE mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, names.mutex);
    if (event == nullptr || WaitForSingleObject(mutex, 0) != WAIT_OBJECT_0) return 1;
    raise(SIGSTOP);
    return 0;
}

ROLE(leave_with_a_thread_in_attach) {
    if (leave_role(argument) != 0) return 1;
    pthread_t thread;
    if (pthread_create(&thread, nullptr, first_call, nullptr) != 0) return 1;
    usleep(200'000);  // it has the time to get stuck; if it has not, the test shows less, not something wrong
    return 0;
}

// ---- the holders --------------------------------------------------------------------------------------------------

template <class Lock, class Unlock>
static int hold(Lock lock, Unlock unlock) {
    const segment_file::Segment segment;
    if (!segment.is_open() || lock(segment) != 0) return 1;
    raise(SIGSTOP);
    return unlock(segment);
}

ROLE(hold_the_file) {
    return hold(
        [](const segment_file::Segment &s) {
            struct flock whole{};
            whole.l_type = F_WRLCK;
            return fcntl(s.fd(), F_SETLK, &whole);
        },
        [](const segment_file::Segment &) { return 0; });  // closing the file drops it
}

ROLE(hold_REAP) {
    return hold([](const segment_file::Segment &s) { return pthread_mutex_lock(&s.header().rundown.mutex); },
                [](const segment_file::Segment &s) { return pthread_mutex_unlock(&s.header().rundown.mutex); });
}

static int hold_guard_of(HANDLE handle) {
    if (handle == nullptr) return 1;
    return hold(
        [handle](const segment_file::Segment &s) {
            s.next_section();
            return pthread_mutex_lock(&s.object(s.object_of(handle)).guard.mutex);
        },
        [handle](const segment_file::Segment &s) {
            const int error = pthread_mutex_unlock(&s.object(s.object_of(handle)).guard.mutex);
            s.next_section();
            return error;
        });
}

ROLE(hold_the_events_guard) { return hold_guard_of(OpenEventA(EVENT_ALL_ACCESS, FALSE, Names(argument).event)); }
ROLE(hold_the_mutexs_guard) { return hold_guard_of(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, Names(argument).mutex)); }

// ---- the tests ----------------------------------------------------------------------------------------------------

TEST(ce, Exit_while_a_stopped_process_holds_the_file) { leaves_while("hold_the_file", "leave", SIGCONT, NAME); }
TEST(ce, Exit_while_a_process_that_is_killed_held_the_file) { leaves_while("hold_the_file", "leave", SIGKILL, NAME); }
TEST(ce, Exit_while_a_stopped_process_holds_REAP) { leaves_while("hold_REAP", "leave", SIGCONT, NAME); }
TEST(ce, Exit_while_a_process_that_is_killed_held_REAP) { leaves_while("hold_REAP", "leave", SIGKILL, NAME); }
TEST(ce, Exit_while_a_stopped_process_holds_a_guard) { leaves_while("hold_the_events_guard", "leave", SIGCONT, NAME); }
TEST(ce, Exit_while_a_process_that_is_killed_held_a_guard) {
    leaves_while("hold_the_events_guard", "leave", SIGKILL, NAME);
}
TEST(ce, Exit_while_a_stopped_process_holds_an_owned_mutexs_guard) {
    leaves_while("hold_the_mutexs_guard", "leave", SIGCONT, NAME);
}
TEST(ce, Exit_while_a_process_that_is_killed_held_an_owned_mutexs_guard) {
    leaves_while("hold_the_mutexs_guard", "leave", SIGKILL, NAME);
}
TEST(ce, Exit_while_an_own_thread_waits_for_a_stopped_process) {
    leaves_while("hold_REAP", "leave_with_a_thread_in_attach", SIGCONT, NAME);
}

// The record lock: the kernel takes this for a deadlock and says EDEADLK, where there is none.
ROLE(attach_with_a_lock_of_its_own) {
    struct flock whole{};
    whole.l_type = F_WRLCK;
    const int own = open(argument, O_RDWR | O_CLOEXEC);
    if (own < 0 || fcntl(own, F_SETLKW, &whole) != 0) return 1;
    raise(SIGSTOP);
    return CreateEventA(nullptr, FALSE, FALSE, nullptr) != nullptr && unlink(argument) == 0 ? 0 : 2;
}

TEST(ce, Attaching_waits_for_the_file_although_the_kernel_sees_a_deadlock) {
    const HANDLE event = auto_event(false);
    const segment_file::Segment segment;
    REQUIRE(segment.is_open(), "the segment");
    char path[] = "/tmp/winshim-test-XXXXXX";
    const int other = mkstemp(path);
    const pid_t process = started("attach_with_a_lock_of_its_own", path);
    struct flock whole{};
    whole.l_type = F_WRLCK;
    REQUIRE(fcntl(segment.fd(), F_SETLK, &whole) == 0, "the segment's file lock");
    pthread_t waiter;
    static int file;
    file = other;
    const auto wait = [](void *) -> void * {
        struct flock all{};
        all.l_type = F_WRLCK;
        return reinterpret_cast<void *>(fcntl(file, F_SETLKW, &all));
    };
    REQUIRE(pthread_create(&waiter, nullptr, wait, nullptr) == 0, "a thread");
    usleep(100'000);  // it waits for the other's lock now
    REQUIRE(kill(process, SIGCONT) == 0, "the other goes on");
    int status = -1;
    const bool too_early = wait_for_process(process, 300, &status);
    whole.l_type = F_UNLCK;
    REQUIRE(fcntl(segment.fd(), F_SETLK, &whole) == 0, "the segment's file lock is given back");
    if (!too_early) REQUIRE(wait_for_process(process, kPatienceMs, &status), "it attaches now");
    pthread_join(waiter, nullptr);
    close(other);
    unlink(path);
    REQUIRE(!too_early, "nobody attaches while another process has the file's lock");
    assert_int_equal(status, 0);
    EXPECT(SetEvent(event), TRUE, SAME);
}

// A fork while another thread is making the process's first call, here long because the file is locked: the child must
// not wait for a thread that it does not have.
ROLE(fork_during_the_first_call) {
    pthread_t thread;
    if (pthread_create(&thread, nullptr, first_call, nullptr) != 0) return 1;
    usleep(200'000);  // it is waiting by then, most of the time; otherwise the fork shows nothing
    const pid_t child = fork();
    if (child == 0) _exit(CreateEventA(nullptr, FALSE, FALSE, nullptr) != nullptr ? 0 : 1);
    int status = -1;
    if (!wait_for_process(child, kPatienceMs, &status)) kill(child, SIGKILL);
    pthread_join(thread, nullptr);
    return status == 0 ? 0 : 2;
}

TEST(ce, Forking_while_the_first_call_waits_for_the_file) {
    const HANDLE event = auto_event(false);
    const segment_file::Segment segment;
    REQUIRE(segment.is_open(), "the segment");
    struct flock whole{};
    whole.l_type = F_WRLCK;
    REQUIRE(fcntl(segment.fd(), F_SETLK, &whole) == 0, "the segment's file lock");
    static int fd;
    fd = segment.fd();
    pthread_t giver;
    const auto gives_back = [](void *) -> void * {
        usleep(600'000);
        struct flock none{};
        none.l_type = F_UNLCK;
        fcntl(fd, F_SETLK, &none);
        return nullptr;
    };
    REQUIRE(pthread_create(&giver, nullptr, gives_back, nullptr) == 0, "a thread");
    const RoleResult result = run_role("fork_during_the_first_call", "");
    pthread_join(giver, nullptr);
    if (result.status != 0) print_error("%s", result.output);
    assert_int_equal(result.status, 0);
    EXPECT(SetEvent(event), TRUE, SAME);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
