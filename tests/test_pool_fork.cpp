// test_pool_fork.cpp - the pool across fork and exit, and at rest.
//
// Source      fork(2); "Thread Pools": what is queued when a process ends is not said.
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/pool_timers.h"

static DWORD WINAPI opens(PVOID gate) { return static_cast<DWORD>(SetEvent(gate)); }

static int child_of_fork(HANDLE q, HANDLE old_timer) {
    const long before = called.get();
    Sleep(30);
    if (called.get() != before) return 1;  // nothing runs on its own
    if (!DeleteTimerQueueTimer(q, old_timer, INVALID_HANDLE_VALUE)) return 2;
    HANDLE t = nullptr, w = nullptr;
    const HANDLE e = CreateEventA(nullptr, FALSE, FALSE, nullptr), gate = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    if (!CreateTimerQueueTimer(&t, q, counts, nullptr, 1, 0, 0) || !called.reaches(before + 1)) return 3;
    if (!RegisterWaitForSingleObject(&w, e, counts, nullptr, INFINITE, 0)) return 4;
    SetEvent(e);
    if (!called.reaches(before + 2)) return 5;
    if (!QueueUserWorkItem(opens, gate, 0) || WaitForSingleObject(gate, kSoon) != WAIT_OBJECT_0) return 6;
    if (!UnregisterWaitEx(w, INVALID_HANDLE_VALUE) || !DeleteTimerQueueEx(q, INVALID_HANDLE_VALUE)) return 7;
    return 0;
}

TEST(all, Pool_a_child_of_fork_begins_with_an_empty_pool) {
    begin();
    const HANDLE q = queue(), e = event();
    const HANDLE t = timer(q, counts, 0, 2);
    const HANDLE w = registered(e, counts);
    timer(q, blocks, 0);  // a callback of the parent runs while it forks
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    REQUIRE(called.reaches(3), "the parent's timer runs");
    for (int round = 0; round < 5; ++round) {
        const pid_t child = fork();
        if (child == 0) _exit(child_of_fork(q, t));
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        const long so_far = called.get();
        REQUIRE(called.reaches(so_far + 3), "the parent goes on");
    }
    SetEvent(go);
    const long so_far = called.get();
    EXPECT(SetEvent(e), TRUE, SAME);
    REQUIRE(called.reaches(so_far + 1), "and so does its wait");
    EXPECT(UnregisterWaitEx(w, INVALID_HANDLE_VALUE), TRUE, SAME);
    EXPECT(DeleteTimerQueueEx(q, INVALID_HANDLE_VALUE), TRUE, SAME);
}

static std::atomic<int> forked_status{-1};
static void NTAPI forks(PVOID, BOOLEAN) {
    const pid_t child = fork();
    if (child == 0) {
        HANDLE gate = CreateEventA(nullptr, FALSE, FALSE, nullptr);
        const bool runs = QueueUserWorkItem(opens, gate, 0) && WaitForSingleObject(gate, kSoon) == WAIT_OBJECT_0;
        _exit(runs ? 0 : 1);
    }
    int status = -1;
    if (child > 0) waitpid(child, &status, 0);
    forked_status = status;
    ++called;
}

TEST(all, Pool_a_callback_may_fork) {
    for (const ULONG flags : {ULONG{WT_EXECUTEDEFAULT}, ULONG{WT_EXECUTEINTIMERTHREAD}}) {
        begin();
        const HANDLE q = queue();
        timer(q, forks, 0, 0, flags);  // the child has the thread that runs this, and no other
        REQUIRE(called.reaches(1), "it forks");
        assert_int_equal(forked_status, 0);
        EXPECT(DeleteTimerQueueEx(q, INVALID_HANDLE_VALUE), TRUE, SAME);
    }
}

ROLE(ends_in_the_middle) {
    begin();
    const HANDLE q = queue(), e = event();
    timer(q, blocks, 0);
    timer(q, counts, 0, 1);
    registered(e, counts, 1);
    WaitForSingleObject(begun, kSoon);
    for (int i = 0; i < 100; ++i) QueueUserWorkItem(opens, e, 0);
    return 42;  // from main: exit(), with callbacks running, queued and due
}

TEST(all, Pool_exit_waits_for_no_callback) {
    const ULONGLONG started = milliseconds();
    const RoleResult result = run_role("ends_in_the_middle", "");
    assert_int_equal(result.status, 42 << 8);
    assert_true(milliseconds() - started < kSoon);
}

ROLE(rests) {
    // A sanitizer may have a thread of its own, from the first thread that is made.
    DWORD id = 0;
    const HANDLE first = CreateThread(nullptr, 0, opens, nullptr, 0, &id);
    WaitForSingleObject(first, kSoon);
    const auto is_there = [](DWORD thread) { return syscall(SYS_tgkill, getpid(), thread, 0) == 0; };
    for (const ULONGLONG until = milliseconds() + kSoon; is_there(id) && milliseconds() < until;) Sleep(1);
    const long before = threads_of_process();
    begin();
    const HANDLE q = queue(), e = event();
    const HANDLE t = timer(q, counts, 0), w = registered(e, counts, INFINITE, WT_EXECUTEONLYONCE);
    SetEvent(e);
    for (int i = 0; i < 20; ++i) QueueUserWorkItem(opens, e, 0);
    if (!called.reaches(2) || threads_of_process() < before + 2) return 1;
    DeleteTimerQueueTimer(q, t, INVALID_HANDLE_VALUE);
    UnregisterWaitEx(w, INVALID_HANDLE_VALUE);
    for (const ULONGLONG until = milliseconds() + 2 * kSoon; threads_of_process() > before; Sleep(50))
        if (milliseconds() > until) return 2;
    const HANDLE gate = event();
    return QueueUserWorkItem(opens, gate, 0) && WaitForSingleObject(gate, kSoon) == WAIT_OBJECT_0 ? 0 : 3;
}

TEST(nt, Pool_at_rest_it_has_no_threads_and_gets_new_ones) {
    const RoleResult result = run_role("rests", "", {}, 80'000);
    assert_int_equal(result.status, 0);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
