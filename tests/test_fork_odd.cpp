// test_fork_odd.cpp - forks in odd places: in a handler that interrupted a wait, and without the C library's handlers.
//
// Purpose     A child takes nothing of its parent's for its own: not the wait that it comes back into, not the slot of
//             the thread that forked, not the hidden thread.
// Source      statement Life-27; architecture, section 10, "fork".
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>

#include "tests/support/segment_file.h"  // before CMocka, which takes the name `fail`

#include "tests/support/program.h"

// ---- a fork in a handler that interrupted a wait; the child comes back from the handler -----------------------------

static struct {
    HANDLE units;
    pid_t (*fork)();
    pid_t parent, child;
    std::atomic<pid_t> waiter;  // its thread id, once the next thing that it does is the wait
} interrupted;

static pid_t fork_without_handlers() { return static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }

static void fork_in_handler(int) {
    const int saved = errno;
    if (const pid_t child = interrupted.fork(); child > 0) interrupted.child = child;
    errno = saved;
}

// In the child this ends the process: by 1 if the child has got anything.
static void *takes_a_unit(void *) {
    WaitForSingleObject(interrupted.units, 0);
    interrupted.waiter = gettid();
    const DWORD result = WaitForSingleObject(interrupted.units, INFINITE);
    if (getpid() != interrupted.parent)
        _exit(result != WAIT_FAILED ? 1 : GetLastError() != ERROR_POSSIBLE_DEADLOCK ? 2 : 0);
    return handle_of(result);
}

static void await_sleep() {
    char path[64], state = 0;
    while (interrupted.waiter == 0) usleep(1000);
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", int(interrupted.waiter));
    while (state != 'S') {
        usleep(1000);
        FILE *const file = fopen(path, "re");
        REQUIRE(file != nullptr && fscanf(file, "%*d %*s %c", &state) == 1, "the waiter lives");
        fclose(file);
    }
}

static void expect_wait_stays_the_parents(pid_t (*forks)(), int flags) {
    struct sigaction action {};
    action.sa_handler = fork_in_handler;
    action.sa_flags = flags;
    assert_int_equal(sigaction(SIGUSR1, &action, nullptr), 0);
    interrupted.units = semaphore(0, 10);
    interrupted.fork = forks;
    interrupted.parent = getpid();
    for (int round = 0; round < 3; ++round) {
        pthread_t waiter;
        interrupted.waiter = 0;
        assert_int_equal(pthread_create(&waiter, nullptr, takes_a_unit, nullptr), 0);
        await_sleep();
        pthread_kill(waiter, SIGUSR1);
        usleep(20'000);  // for the child to be in it as well, mostly
        EXPECT(ReleaseSemaphore(interrupted.units, 1, nullptr), TRUE, SAME);
        void *result = nullptr;
        assert_int_equal(pthread_join(waiter, &result), 0);
        assert_int_equal(as_number(result), WAIT_OBJECT_0);
        int status = -1;
        assert_int_equal(waitpid(interrupted.child, &status, 0), interrupted.child);
        assert_int_equal(status, 0);
    }
    assert_int_equal(drain(interrupted.units), 0);
}

TEST(ce, Life_27_a_fork_in_a_waits_handler_leaves_the_wait_to_the_parent) {
    expect_wait_stays_the_parents(fork, 0);
    expect_wait_stays_the_parents(fork, SA_RESTART);
}
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
TEST(ce, Life_27_so_does_a_fork_that_runs_no_handlers) {
    expect_wait_stays_the_parents(fork_without_handlers, 0);
    expect_wait_stays_the_parents(fork_without_handlers, SA_RESTART);
}
#else
[[maybe_unused]] static const auto not_tested = fork_without_handlers;
#endif

// ---- the same after each instruction of the wait --------------------------------------------------------------------

#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
static struct {
    HANDLE both[2];
    HANDLE units;  // somebody waits for them and more: whoever releases one goes to the guard, or puts it off
    long fork_at, step;
    pid_t child;
} steps;

// In a guarded section, where what the handler releases is put off (and tells no count), it must not fork.
static void fork_on_step(int, siginfo_t *, void *context) {
    if (++steps.step != steps.fork_at) return;
    static_cast<ucontext_t *>(context)->uc_mcontext.gregs[REG_EFL] &= ~0x100;
    LONG before = 0;
    if (ReleaseSemaphore(steps.units, 1, &before) && before != 0) steps.child = fork();
}

static DWORD waits_for_units_and_more(void *) {
    const HANDLE two[] = {steps.units, auto_event(false, nullptr)};
    return WaitForMultipleObjects(2, two, TRUE, INFINITE);
}

// It stands in the queues of all it waits for.
static bool has_queued(DWORD thread) {
    const segment_file::Segment segment;
    for (unsigned i = 0; segment.is_open() && i < segment.header().threads.load(); ++i)
        if (segment.thread(i).tid.load() == thread && segment.thread(i).wait_since.get() != 0) return true;
    return false;
}

ROLE(forks_after_each_step) {
    struct sigaction action {};
    action.sa_sigaction = fork_on_step;
    action.sa_flags = SA_SIGINFO;
    if (sigaction(SIGTRAP, &action, nullptr) != 0) return 2;
    const pid_t parent = getpid();
    steps.units = CreateSemaphoreA(nullptr, 1, 1'000'000, nullptr);
    DWORD waiter = 0;
    if (CreateThread(nullptr, 0, waits_for_units_and_more, nullptr, 0, &waiter) == nullptr) return 3;
    while (!has_queued(waiter)) usleep(1000);
    for (HANDLE &one : steps.both) one = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    long forks = 0;
    for (steps.fork_at = 1;; steps.fork_at += 37) {
        steps.step = 0;
        steps.child = -1;
        asm volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "memory", "cc");
        const DWORD result = WaitForMultipleObjects(2, steps.both, argument[0] == 'a', 1);
        asm volatile("pushfq; andq $~0x100, (%%rsp); popfq" ::: "memory", "cc");
        const DWORD error = result == WAIT_FAILED ? GetLastError() : 0;
        if (getpid() != parent) _exit(result == WAIT_TIMEOUT || error == ERROR_POSSIBLE_DEADLOCK ? 0 : 1);
        int status = 0;
        if (steps.child > 0) ++forks, waitpid(steps.child, &status, 0);
        if (result != WAIT_TIMEOUT || status != 0) {
            printf("fork after step %ld: the child's status is %#x, the parent's wait gives %#x, %u\n", steps.fork_at,
                   static_cast<unsigned>(status), result, error);
            return 1;
        }
        if (steps.step < steps.fork_at) break;
    }
    return forks > 20 ? 0 : 4;
}

static void forks_anywhere(const char *how) {
    const RoleResult result = run_role("forks_after_each_step", how);
    if (result.status != 0) print_error("%s", result.output);
    assert_int_equal(result.status, 0);
}
TEST(ce, Life_27_so_does_a_fork_after_any_instruction_of_a_wait_for_any) { forks_anywhere("o"); }
TEST(ce, Life_27_so_does_a_fork_after_any_instruction_of_a_wait_for_all) { forks_anywhere("a"); }
#endif

// ---- a fork that runs no handlers -----------------------------------------------------------------------------------

// The C library's, which tells its own part of the thread that it is another one; null before glibc 2.34.
static pid_t (*bare_fork())() { return reinterpret_cast<pid_t (*)()>(dlsym(RTLD_DEFAULT, "_Fork")); }

static void *makes_event(void *handle) {
    *static_cast<HANDLE *>(handle) = CreateEventA(nullptr, TRUE, TRUE, nullptr);
    return nullptr;
}

// Its only attached thread ends; this one lives on. Then others come, and sweep away what is dead.
static HANDLE event_of_an_ended_thread() {
    HANDLE event = nullptr;
    pthread_t maker;
    if (pthread_create(&maker, nullptr, makes_event, &event) != 0 || pthread_join(maker, nullptr) != 0) _exit(2);
    const pid_t other = bare_fork()();
    if (other == 0) _exit(CreateEventA(nullptr, TRUE, TRUE, nullptr) != nullptr ? 0 : 1);
    int status = -1;
    if (waitpid(other, &status, 0) != other || status != 0) _exit(3);
    return event;
}

ROLE(keeper_in_a_bare_child) {
    HANDLE event = nullptr;  // made by a thread that ends: the hidden one is all that is attached then
    pthread_t maker;
    if (pthread_create(&maker, nullptr, makes_event, &event) != 0 || pthread_join(maker, nullptr) != 0) return 4;
    const pid_t child = bare_fork()();
    if (child == 0) _exit(WaitForSingleObject(event_of_an_ended_thread(), 0) == WAIT_OBJECT_0 ? 0 : 1);
    int status = -1;
    return waitpid(child, &status, 0) == child && status == 0 ? 0 : 6;
}

// The forking thread owns a mutex. In the child another thread calls first; then this one must not be its own parent.
static int asks_for_parents_mutex(const char *name) {
    HANDLE event = nullptr;
    pthread_t maker;
    if (pthread_create(&maker, nullptr, makes_event, &event) != 0) return 7;
    pthread_join(maker, nullptr);
    const HANDLE mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name);
    if (mutex == nullptr) return 8;
    if (WaitForSingleObject(mutex, 0) != WAIT_TIMEOUT) return 9;
    return ReleaseMutex(mutex) || GetLastError() != ERROR_NOT_OWNER ? 10 : 0;
}

// How often the calling thread has entered and left the locks in the segment, as others read it.
static winshim::u64 own_sections() {
    const segment_file::Segment segment;
    for (unsigned i = 0; segment.is_open() && i < segment.header().threads.load(); ++i)
        if (segment.thread(i).tid.load() == static_cast<unsigned>(gettid())) return segment.thread(i).sections.load();
    return 0;
}

ROLE(mutex_before_a_bare_fork) {
    const HANDLE mutex = CreateMutexA(nullptr, TRUE, argument);
    const winshim::u64 sections = own_sections();
    const pid_t child = bare_fork()();
    if (child == 0) _exit(asks_for_parents_mutex(argument));
    int status = -1;
    if (waitpid(child, &status, 0) != child || status != 0) return 6;
    if (sections == 0 || own_sections() != sections) return 11;  // written by the child
    return ReleaseMutex(mutex) && !ReleaseMutex(mutex) ? 0 : 5;
}

static void bare_fork_passes(const char *role, const char *argument) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    skip();
#endif
    if (bare_fork() == nullptr) skip();
    assert_int_equal(run_role(role, argument).status, 0);
}

TEST(ce, Life_27_a_child_of_a_bare_fork_has_a_hidden_thread_of_its_own) {
    bare_fork_passes("keeper_in_a_bare_child", nullptr);
}
TEST(ce, Life_27_a_child_of_a_bare_fork_owns_no_mutex_whichever_thread_calls_first) {
    bare_fork_passes("mutex_before_a_bare_fork", NAME);
}

// A child by a bare system call: what the C library knows of its thread, the id among it, is the parent's, and so no
// lock says that this thread has it. Its calls fail, and cost the others nothing.
ROLE(calls_in_a_child_of_a_system_call) {
    const HANDLE event = CreateEventA(nullptr, TRUE, TRUE, nullptr);
    const auto slots = [] {
        const segment_file::Segment segment;
        return segment.is_open() ? segment.header().threads.load() : 0;
    };
    const unsigned before = slots();
    const pid_t child = fork_without_handlers();
    if (child == 0) {
        const bool made = CreateEventA(nullptr, TRUE, TRUE, nullptr) != nullptr;
        _exit(made ? 1 : GetLastError() != ERROR_NOT_SUPPORTED ? 2 : 0);
    }
    int status = -1;
    if (event == nullptr || waitpid(child, &status, 0) != child || before == 0) return 6;
    printf("the child's status is %#x; %u thread slots, then %u\n", static_cast<unsigned>(status), before, slots());
    return status == 0 && slots() == before ? 0 : 1;
}
TEST(ce, Life_27_a_child_of_a_bare_system_call_cannot_call) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__) || !defined(__GLIBC__)
    skip();
#endif
    const RoleResult result = run_role("calls_in_a_child_of_a_system_call", nullptr);
    if (result.status != 0) print_error("%s", result.output);
    assert_int_equal(result.status, 0);
}

// ---- a child that is opened by its id before it has begun -----------------------------------------------------------

// Its parent is back from fork() first, nearly always. What it has opened must be the child itself, whose exit code has
// 32 bits, and not some process of which only the kernel knows an end. (The child ends when it is told that it has been
// opened: of one that has ended before, there is nothing to open.)
ROLE(opens_children_at_once) {
    const DWORD code = 0x1234567;
    int opened[2];
    if (pipe(opened) != 0) return 2;
    for (int round = 0; round < 100; ++round) {
        char told = 1;
        const pid_t child = fork();
        if (child == 0) ExitProcess(read(opened[0], &told, 1) == 1 ? code : 3);
        const HANDLE process = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_INFORMATION, FALSE, static_cast<DWORD>(child));
        DWORD said = 0;
        const bool right = write(opened[1], &told, 1) == 1 && process != nullptr &&
                           WaitForSingleObject(process, 20'000) == WAIT_OBJECT_0 &&
                           GetExitCodeProcess(process, &said) && said == code && CloseHandle(process);
        waitpid(child, nullptr, 0);
        if (right) continue;
        printf("round %d: exit code %#x, last error %u\n", round, said, GetLastError());
        return 1;
    }
    return 0;
}

TEST(ce, Life_27_a_child_that_is_opened_before_it_begins_is_that_child) {
    const RoleResult result = run_role("opens_children_at_once", nullptr);
    if (result.status != 0) print_error("%s", result.output);
    assert_int_equal(result.status, 0);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
