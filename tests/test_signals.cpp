// test_signals.cpp - POSIX signal handlers that run in the middle of calls, and that make calls themselves.
//
// Purpose     A signal never ends, shortens or lengthens a wait. A handler may call SetEvent, ResetEvent, PulseEvent
//             and ReleaseSemaphore wherever it interrupted the thread: nothing is lost, doubled or done in another
//             order. The storms here have a clock of 5 kHz on the thread that makes the calls; what is compared is a
//             balance, so that it does not matter where the handler hit.
// Source      README, "Signal handlers"; architecture, section 10.
#include <sched.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <thread>

#include "tests/support/program.h"
#include "tests/torture/private_shm.h"

using Handler = void (*)(int);

static void install(int number, Handler handler, int flags) {
    struct sigaction action{};
    action.sa_handler = handler;
    action.sa_flags = flags;
    REQUIRE(sigaction(number, &action, nullptr) == 0, "a handler can be installed");
}

static void tick(long period_us) {
    const itimerval period{{0, period_us}, {0, period_us}};
    REQUIRE(setitimer(ITIMER_REAL, &period, nullptr) == 0, "a timer can be set");
}

// Roles: each is a process with SIGALRM of its own. kRunMs of storm, then the verdict is the exit status.
constexpr std::uint64_t kRunMs = 1500, kMostRunMs = 15'000;

// The storm goes on: its time is not over, or too little has happened yet. A busy machine has more time for that.
static bool rages(std::uint64_t begun, bool enough) {
    const std::uint64_t ran = now_ms() - begun;
    return ran < kRunMs || (!enough && ran < kMostRunMs);
}

static void passes(const char *role, const char *argument, int patience_ms = kPatienceMs) {
    const RoleResult result = run_role(role, argument, {}, patience_ms);
    if (result.status != 0) print_error("%s", result.output);
    assert_int_equal(result.status, 0);
}

static bool is(const char *what, bool holds) {
    if (!holds) printf("not so: %s (last error %u)\n", what, GetLastError());
    return holds;
}

// ---- a handler that does nothing ------------------------------------------------------------------------------------

static std::atomic<int> handled{0};
constexpr int kEnoughSignals = 100;
static void count_only(int) { handled.fetch_add(1); }

// Signals the waiter all the time; its wait of 300 ms must last 300 ms and end by its time-out.
static int wait_under_signals(int flags) {
    install(SIGUSR1, count_only, flags);
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, nullptr),
                 other = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    const HANDLE mutex = CreateMutexA(nullptr, FALSE, nullptr);
    const HANDLE both[] = {event, other};
    const pthread_t waiter = pthread_self();
    std::atomic<bool> over{false};
    std::thread owner([&] {
        WaitForSingleObject(mutex, INFINITE);
        SetEvent(other);
        while (!over.load()) {
            pthread_kill(waiter, SIGUSR1);
            usleep(200);
        }
        ReleaseMutex(mutex);
    });
    bool right = is("the owner has the mutex", WaitForSingleObject(other, INFINITE) == WAIT_OBJECT_0);
    ResetEvent(other);
    // More rounds, should the other thread have had the processor too rarely.
    for (int round = 0; round < 5 || (handled.load() <= kEnoughSignals && round < 50); ++round) {
        const int kind = round % 5;
        const std::uint64_t begun = now_ms();
        errno = 4711;
        const DWORD result = kind == 0   ? WaitForSingleObject(event, 300)
                             : kind == 1 ? WaitForMultipleObjects(2, both, FALSE, 300)
                             : kind == 2 ? WaitForMultipleObjects(2, both, TRUE, 300)
                             : kind == 3 ? SignalObjectAndWait(other, mutex, 300, FALSE)
                                         : (Sleep(300), DWORD{WAIT_TIMEOUT});
        const std::uint64_t took = now_ms() - begun;
        if (result != WAIT_TIMEOUT || took < 299) printf("wait %d gave 0x%x after %d ms\n", kind, result, int(took));
        right = result == WAIT_TIMEOUT && took >= 299 && right;
        right = is("errno is left alone", errno == 4711) && right;
        if (kind == 3) ResetEvent(other);
    }
    over.store(true);
    right = is("a wait for the mutex ends with its release", WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0) &&
            right;
    owner.join();
    return is("signals came", handled.load() > kEnoughSignals) && right ? 0 : 1;
}

ROLE(interrupted_waits) { return wait_under_signals(argument[0] == 'r' ? SA_RESTART : 0); }

TEST(ce, Sig_01_signals_without_SA_RESTART_do_not_end_a_wait) { passes("interrupted_waits", "n"); }
TEST(ce, Sig_01_signals_with_SA_RESTART_do_not_end_a_wait) { passes("interrupted_waits", "r"); }

// ---- a handler that makes calls -------------------------------------------------------------------------------------

static struct {
    HANDLE units, wake, noise, level, mutex;
    std::atomic<long> released, consumed, refused, deadlocks, wrong;
    std::atomic<bool> over;
} sea;

// Everything that a handler may do, and a wait that the README says fails or is answered at once.
static void make_waves(int) {
    const int saved_errno = errno;
    const DWORD saved = GetLastError();
    static int round = 0;
    if (ReleaseSemaphore(sea.units, 1, nullptr)) sea.released.fetch_add(1);
    else if (GetLastError() == ERROR_NO_SYSTEM_RESOURCES) sea.refused.fetch_add(1);
    else sea.wrong.fetch_add(1);
    SetEvent(sea.wake);
    PulseEvent(sea.noise);
    ResetEvent(sea.noise);
    if (++round % 20 == 0) {
        const DWORD result = WaitForSingleObject(sea.noise, 1);
        if (result == WAIT_FAILED && GetLastError() == ERROR_POSSIBLE_DEADLOCK) sea.deadlocks.fetch_add(1);
        else if (result != WAIT_TIMEOUT) sea.wrong.fetch_add(1);
    }
    SetLastError(saved);
    errno = saved_errno;
}

static void block_alarm(int how) {
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    pthread_sigmask(how, &alarm, nullptr);
}

static void make_sea() {
    sea.units = CreateSemaphoreA(nullptr, 0, 0x7FFFFFFF, nullptr);
    sea.wake = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    sea.noise = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    sea.level = CreateEventA(nullptr, TRUE, TRUE, nullptr);
    sea.mutex = CreateMutexA(nullptr, FALSE, nullptr);
}

static void consume_units() {
    while (!sea.over.load()) {
        if (WaitForSingleObject(sea.units, 20) == WAIT_OBJECT_0) sea.consumed.fetch_add(1);
    }
}

static void disturb() {
    while (!sea.over.load()) {
        SetEvent(sea.wake);
        WaitForSingleObject(sea.mutex, INFINITE);
        ReleaseMutex(sea.mutex);
    }
}

// One call after another of all sorts, guarded sections in all of them.
static bool sail(int step) {
    const HANDLE two[] = {sea.wake, sea.units};
    DWORD result = 0;
    switch (step % 4) {
        case 0: return WaitForSingleObject(sea.wake, 2) != WAIT_FAILED;
        case 1:
            result = WaitForMultipleObjects(2, two, FALSE, 1);
            if (result == WAIT_OBJECT_0 + 1) sea.consumed.fetch_add(1);
            return result != WAIT_FAILED;
        case 2:
            result = WaitForMultipleObjects(2, two, TRUE, 1);
            if (result == WAIT_OBJECT_0) sea.consumed.fetch_add(1);
            return result != WAIT_FAILED;
        default: {
            const HANDLE named = CreateEventA(nullptr, FALSE, FALSE, "Sig_02 comes and goes");
            return WaitForSingleObject(sea.mutex, INFINITE) == WAIT_OBJECT_0 && ReleaseMutex(sea.mutex) &&
                   CloseHandle(named);
        }
    }
}

ROLE(calls_in_handlers) {
    make_sea();
    block_alarm(SIG_BLOCK);
    std::thread consumer(consume_units), disturber(disturb);
    block_alarm(SIG_UNBLOCK);
    install(SIGALRM, make_waves, argument[0] == 'r' ? SA_RESTART : 0);
    tick(200);
    const std::uint64_t begun = now_ms();
    constexpr long kEnough = 500;
    bool right = true;
    int steps = 0;
    for (; rages(begun, sea.released.load() > kEnough) && right; ++steps) right = is("no call fails", sail(steps));
    block_alarm(SIG_BLOCK);
    sea.over.store(true);
    consumer.join();
    disturber.join();
    while (WaitForSingleObject(sea.units, 0) == WAIT_OBJECT_0) sea.consumed.fetch_add(1);
    printf("%d calls, %ld units released, %ld consumed, %ld refused, %ld waits refused\n", steps, sea.released.load(),
           sea.consumed.load(), sea.refused.load(), sea.deadlocks.load());
    right = is("no call in a handler gives anything else", sea.wrong.load() == 0) && right;
    right = is("handlers ran", sea.released.load() > kEnough) && right;
    return is("no unit is lost or made", sea.released.load() == sea.consumed.load()) && right ? 0 : 1;
}

TEST(ce, Sig_02_nothing_that_a_handler_signals_is_lost_or_doubled) { passes("calls_in_handlers", "n"); }
TEST(ce, Sig_02_nothing_is_lost_or_doubled_with_SA_RESTART) { passes("calls_in_handlers", "r"); }

// ---- order ----------------------------------------------------------------------------------------------------------

// Leaves the event set, whatever came before. If the pulse is put off and the set is not, it ends clear.
static void end_with_set(int) {
    const DWORD saved = GetLastError();
    PulseEvent(sea.level);
    SetEvent(sea.level);
    handled.fetch_add(1);
    SetLastError(saved);
}

ROLE(order_of_a_handlers_calls) {
    make_sea();
    install(SIGALRM, end_with_set, 0);
    tick(100);
    const HANDLE two[] = {sea.mutex, sea.noise};
    constexpr int kEnough = 500;
    long clear = 0;
    for (const std::uint64_t begun = now_ms(); rages(begun, handled.load() > kEnough);) {
        WaitForMultipleObjects(2, two, TRUE, 0);  // guards, mostly
        if (WaitForSingleObject(sea.level, 0) != WAIT_OBJECT_0) ++clear;
    }
    block_alarm(SIG_BLOCK);
    printf("%d handlers, the event was found clear %ld times\n", handled.load(), clear);
    return is("handlers ran", handled.load() > kEnough) && is("the last call of a handler holds", clear == 0) ? 0 : 1;
}

TEST(ce, Sig_03_calls_of_a_handler_take_effect_in_their_order) { passes("order_of_a_handlers_calls", nullptr); }

// ---- growth that fails ----------------------------------------------------------------------------------------------

static std::atomic<int> woken{0};
static std::atomic<int> sent{0};

// One signal at a time: the next only after somebody has woken by the last.
static void set_when_taken(int) {
    if (sent.load() != woken.load()) return;
    sent.fetch_add(1);
    SetEvent(sea.wake);
}

ROLE(growth_that_fails) {
    if (!torture::enter_private_shm() || mount("tmpfs", "/dev/shm", "tmpfs", 0, "mode=1777,size=1m") != 0) return 77;
    make_sea();
    std::thread sleeper([] {
        block_alarm(SIG_BLOCK);
        while (!sea.over.load()) {
            if (WaitForSingleObject(sea.wake, INFINITE) == WAIT_OBJECT_0) woken.fetch_add(1);
        }
    });
    while (CreateEventA(nullptr, FALSE, FALSE, nullptr) != nullptr) {}
    bool right = is("/dev/shm is full", GetLastError() == ERROR_NO_SYSTEM_RESOURCES);
    install(SIGALRM, set_when_taken, 0);
    tick(100);
    constexpr int kEnough = 100;
    for (const std::uint64_t begun = now_ms(); rages(begun, sent.load() > kEnough) && right;) {
        right = is("nothing can be created", CreateEventA(nullptr, FALSE, FALSE, nullptr) == nullptr);
        // Nothing but this create has been called since: what the handler sent meanwhile is on its way.
        block_alarm(SIG_BLOCK);
        const std::uint64_t patience = now_ms() + 10'000;
        while (woken.load() != sent.load() && now_ms() < patience) sched_yield();
        right = is("who waits for a handler's signal is woken", woken.load() == sent.load()) && right;
        block_alarm(SIG_UNBLOCK);
    }
    block_alarm(SIG_BLOCK);
    printf("%d signals sent while /dev/shm was full\n", sent.load());
    sea.over.store(true);
    SetEvent(sea.wake);
    sleeper.join();
    return is("handlers ran", sent.load() > kEnough) && right ? 0 : 1;
}

TEST(ce, Sig_04_signals_sent_while_the_segment_could_not_grow_are_sent) {
    const RoleResult result = run_role("growth_that_fails", nullptr);
    if (WIFEXITED(result.status) && WEXITSTATUS(result.status) == 77) skip();
    if (result.status != 0) print_error("%s", result.output);
    assert_int_equal(result.status, 0);
}

// ---- handlers in handlers -------------------------------------------------------------------------------------------

// After each instruction of a handler's call another signal comes, whose handler makes the same call: the processor's
// trap flag raises SIGTRAP after each instruction, and on_step() that signal. The first handler runs in a guarded
// section, so that both calls are put off.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
constexpr long kStepsOfACall = 1000;  // more than it has
constexpr int kPairs = 7;            // so many fit into the list of calls put off

static struct {
    HANDLE units;
    long begin_at, outer, first, inner_at, inner, longest, released;
    bool done, second_done;
    enum { off, outside, inside } where;
} steps;

static void trap_on() { asm volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "memory", "cc"); }
static void trap_off() { asm volatile("pushfq; andq $~0x100, (%%rsp); popfq" ::: "memory", "cc"); }

static void release_in_pairs() {
    steps.where = steps.inside;
    for (int pair = 0; pair < kPairs; ++pair) {
        steps.inner = 0;
        steps.inner_at = steps.first + pair;
        steps.second_done = false;
        trap_on();
        const BOOL released = ReleaseSemaphore(steps.units, 1, nullptr);
        trap_off();
        if (released) ++steps.released;
        if (steps.inner > steps.longest) steps.longest = steps.inner;
    }
    steps.where = steps.off;
}

static void on_step(int) {
    if (steps.where == steps.outside && !steps.done && ++steps.outer >= steps.begin_at) {
        // Put off, it does not show at once: then this is the place.
        steps.where = steps.off;
        if (ReleaseSemaphore(steps.units, 1, nullptr)) ++steps.released;
        if (WaitForSingleObject(steps.units, 0) == WAIT_OBJECT_0) {
            --steps.released;
            steps.begin_at = steps.outer + 20;
            steps.where = steps.outside;
            return;
        }
        steps.done = true;
        release_in_pairs();
    } else if (steps.where == steps.inside && !steps.second_done && ++steps.inner == steps.inner_at) {
        steps.second_done = true;
        raise(SIGUSR1);
    }
}

static void release_one(int) {
    if (ReleaseSemaphore(steps.units, 1, nullptr)) ++steps.released;
}

ROLE(handlers_in_handlers) {
    steps.units = CreateSemaphoreA(nullptr, 0, 1000, nullptr);
    const HANDLE both[] = {steps.units, CreateEventA(nullptr, FALSE, FALSE, nullptr)};
    WaitForMultipleObjects(2, both, TRUE, 0);
    install(SIGTRAP, on_step, SA_NODEFER);
    install(SIGUSR1, release_one, 0);
    bool right = true;
    for (steps.first = 1; steps.first < kStepsOfACall && right; steps.first += kPairs) {
        steps.done = false;
        steps.outer = steps.released = 0;
        steps.where = steps.outside;
        trap_on();
        WaitForMultipleObjects(2, both, TRUE, 0);
        trap_off();
        steps.where = steps.off;
        long found = 0;
        while (WaitForSingleObject(steps.units, 0) == WAIT_OBJECT_0) ++found;
        if (found != steps.released)
            printf("from step %ld: %ld released, %ld found\n", steps.first, steps.released, found);
        right = is("a guarded section was hit", steps.done) && is("no unit is lost or made", found == steps.released);
        if (steps.first > steps.longest) break;
    }
    printf("a call put off has %ld steps\n", steps.longest);
    return right && is("calls were interrupted", steps.longest > 20) ? 0 : 1;
}

// 200,000 signals, seconds on an idle machine; a bit less than the limit of a test.
TEST(ce, Sig_05_a_handler_that_interrupts_a_handlers_call_loses_nothing) {
    passes("handlers_in_handlers", nullptr, 50'000);
}
#endif

int main(int argc, char **argv) { return test_main(argc, argv); }
