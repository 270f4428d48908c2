// test_terminate.cpp - TerminateThread and SuspendThread, at each instruction of a call of the thread that they stop.
//
// Purpose     A thread that is ended between two instructions leaves nothing that the next thread in its place would
//             have for its own, and one that is stopped there keeps nobody from anything. The processor's trap flag
//             raises SIGTRAP after each instruction; the stop, sent before and held back by the thread's mask, is let
//             through after the n-th.
// Source      statements Thread-10, Thread-15; architecture, section 10, "Stopping threads", "Signal handlers".
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <ucontext.h>

#include <atomic>
#include <cstdio>

#include "tests/support/program.h"

static constexpr DWORD kSoon = 20'000;  // milliseconds; reached only by a failure

#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)

static struct {
    HANDLE mutex, units, never;
    HANDLE through;  // event: the last step has been made
    bool release;  // a unit as well, by the handler
    long stop_at, step;
    std::atomic<int> ready, sent;
} steps;

static void trap_on() { asm volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "memory", "cc"); }
static void trap_off() { asm volatile("pushfq; andq $~0x100, (%%rsp); popfq" ::: "memory", "cc"); }

static void on_step(int, siginfo_t *, void *context) {
    if (++steps.step != steps.stop_at) return;
    if (steps.release) ReleaseSemaphore(steps.units, 1, nullptr);
    auto *const interrupted = static_cast<ucontext_t *>(context);
    sigdelset(&interrupted->uc_sigmask, SIGRTMAX - 1);
    interrupted->uc_mcontext.gregs[REG_EFL] &= ~0x100;  // no more steps: where it ends, SIGTRAP is held back
}

static void await(const std::atomic<int> &flag) {
    while (flag == 0) usleep(100);
}

// Held back until on_step lets it through; at the end at the latest.
static void hold_stop(int how) {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGRTMAX - 1);
    pthread_sigmask(how, &stop, nullptr);
}

static DWORD takes_and_releases(void *) {
    hold_stop(SIG_BLOCK);
    steps.ready = 1;
    await(steps.sent);
    trap_on();
    WaitForSingleObject(steps.mutex, 0);
    ReleaseMutex(steps.mutex);
    trap_off();
    hold_stop(SIG_UNBLOCK);
    return 0;
}

static DWORD polls_both(void *) {
    const HANDLE both[] = {steps.units, steps.never};
    hold_stop(SIG_BLOCK);
    steps.ready = 1;
    await(steps.sent);
    trap_on();
    WaitForMultipleObjects(2, both, TRUE, 0);
    trap_off();
    SetEvent(steps.through);
    hold_stop(SIG_UNBLOCK);
    return 0;
}

static DWORD owns_nothing(void *) { return ReleaseMutex(steps.mutex) ? 1 : 0; }

static HANDLE thread_of(LPTHREAD_START_ROUTINE routine) {
    return MADE(CreateThread(nullptr, 0, routine, nullptr, 0, nullptr), SAME);
}

static void install_on_step() {
    struct sigaction action {};
    action.sa_sigaction = on_step;
    action.sa_flags = SA_SIGINFO;
    REQUIRE(sigaction(SIGTRAP, &action, nullptr) == 0, "a handler can be installed");
}

TEST(ce, Thread_10_a_mutex_that_a_terminated_thread_has_just_taken_is_abandoned) {
    install_on_step();
    steps.release = false;
    steps.mutex = free_mutex(nullptr);
    int abandoned = 0;
    for (steps.stop_at = 1; steps.stop_at < 1000; ++steps.stop_at) {
        steps.ready = steps.sent = 0;
        steps.step = 0;
        const HANDLE ended = thread_of(takes_and_releases);
        await(steps.ready);
        EXPECT(TerminateThread(ended, 7), TRUE, SAME);
        steps.sent = 1;
        EXPECT(WaitForSingleObject(ended, kSoon), WAIT_OBJECT_0, SAME);
        const bool before_the_end = steps.step >= steps.stop_at;
        const HANDLE next = thread_of(owns_nothing);
        EXPECT(WaitForSingleObject(next, kSoon), WAIT_OBJECT_0, SAME);
        DWORD code = 2;
        EXPECT(GetExitCodeThread(next, &code), TRUE, SAME);
        const DWORD got = WaitForSingleObject(steps.mutex, 0);
        if (code != 0 || (got != WAIT_OBJECT_0 && got != WAIT_ABANDONED))
            print_error("terminated after step %ld: the next thread %s, the mutex gives %#x\n", steps.stop_at,
                        code != 0 ? "owns the mutex" : "owns nothing", got);
        assert_int_equal(code, 0);
        assert_true(got == WAIT_OBJECT_0 || got == WAIT_ABANDONED);
        if (got == WAIT_ABANDONED) ++abandoned;
        EXPECT(ReleaseMutex(steps.mutex), TRUE, SAME);
        EXPECT(CloseHandle(ended), TRUE, SAME);
        EXPECT(CloseHandle(next), TRUE, SAME);
        if (!before_the_end) break;
    }
    assert_true(abandoned > 3);
}

// A handler's signal that is put off until its thread holds nothing is not put off until that is resumed, nor lost with
// it.
static void expect_signals_before_the_stop(bool ends) {
    install_on_step();
    steps.release = true;
    steps.units = semaphore(0, 10);
    steps.never = auto_event(false, nullptr);
    steps.through = auto_event(false, nullptr);
    for (steps.stop_at = 1; steps.stop_at < 10'000; steps.stop_at += 19) {
        steps.ready = steps.sent = 0;
        steps.step = 0;
        EXPECT(ResetEvent(steps.through), TRUE, SAME);
        const HANDLE thread = thread_of(polls_both);
        await(steps.ready);
        if (ends) EXPECT(TerminateThread(thread, 7), TRUE, SAME);
        else EXPECT(SuspendThread(thread), 0, SAME);
        steps.sent = 1;
        if (ends) EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
        const HANDLE either[] = {steps.units, steps.through};
        const DWORD got = WaitForMultipleObjects(2, either, FALSE, kSoon);
        if (!ends) EXPECT(ResumeThread(thread), 1, SAME);
        EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
        EXPECT(CloseHandle(thread), TRUE, SAME);
        if (steps.step < steps.stop_at) break;
        if (got != WAIT_OBJECT_0) print_error("stopped after step %ld, no unit is there\n", steps.stop_at);
        assert_int_equal(got, WAIT_OBJECT_0);
    }
    assert_true(steps.stop_at > 100);
}

TEST(ce, Sig_04_what_a_handler_has_signaled_is_done_before_its_thread_stands_still) {
    expect_signals_before_the_stop(false);
}
TEST(ce, Sig_04_what_a_handler_has_signaled_is_done_before_its_thread_is_terminated) {
    expect_signals_before_the_stop(true);
}

// ---- under a private lock of the library ----------------------------------------------------------------------------

static thread_local bool stop_under_lock = false;
static std::atomic<int> stopped_under_lock;

// The library's calls of this come here. Lets the stop through while the caller still has the lock, unless it has other
// signals held back, too.
extern "C" int pthread_mutex_unlock(pthread_mutex_t *mutex) noexcept {
    static const auto next = reinterpret_cast<int (*)(pthread_mutex_t *)>(dlsym(RTLD_NEXT, "pthread_mutex_unlock"));
    sigset_t held;
    if (stop_under_lock && pthread_sigmask(SIG_BLOCK, nullptr, &held) == 0 && sigismember(&held, SIGTERM) == 0) {
        stop_under_lock = false;
        stopped_under_lock = 1;
        hold_stop(SIG_UNBLOCK);
    }
    return next(mutex);
}

static DWORD waits_for_a_while(void *) {
    hold_stop(SIG_BLOCK);
    steps.ready = 1;
    await(steps.sent);
    stop_under_lock = true;
    while (stop_under_lock) WaitForSingleObject(steps.mutex, 50);  // once more, should it have been too late to block
    hold_stop(SIG_UNBLOCK);
    return 0;
}
static DWORD waits_for_less(void *) { return WaitForSingleObject(steps.mutex, 30); }

// Its wait for a mutex of another process tells the hidden thread whom to watch.
TEST(ce, Thread_15_a_thread_stopped_while_it_tells_the_hidden_thread_holds_nobody_up) {
    Actor owner = process_actor();
    owner.made(step::create_mutex(TRUE, NAME), 0);
    steps.mutex = MADE(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), SAME);
    steps.ready = steps.sent = 0;
    const HANDLE stopped = thread_of(waits_for_a_while);
    await(steps.ready);
    EXPECT(SuspendThread(stopped), 0, SAME);
    steps.sent = 1;
    await(stopped_under_lock);
    const HANDLE other = thread_of(waits_for_less);
    EXPECT(WaitForSingleObject(other, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(ResumeThread(stopped), 1, SAME);
    EXPECT(WaitForSingleObject(stopped, kSoon), WAIT_OBJECT_0, SAME);
}

#endif

int main(int argc, char **argv) { return test_main(argc, argv); }
