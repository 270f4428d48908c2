// test_pool_threads.cpp - how many threads a pool has: its minimum, and what becomes of those beyond it.
//
// Source      "SetThreadpoolThreadMinimum"; shim/pool/workers.cpp for how long an idle thread stays.
#include "tests/support/pool.h"
#include "tests/support/starve.h"

static std::atomic<long> present;
static HANDLE go;
static Counter ran;

// A callback that waits until as many as wanted are there at the same time.
static void NTAPI meets(PTP_CALLBACK_INSTANCE, PVOID wanted, PTP_WORK) {
    if (++present == static_cast<long>(reinterpret_cast<std::uintptr_t>(wanted))) SetEvent(go);
    if (WaitForSingleObject(go, kSoon) == WAIT_OBJECT_0) ++ran;
}

// True if so many callbacks of the pool have run at the same time.
static bool meet(PTP_POOL pool, std::uintptr_t wanted) {
    go = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    ran.reset();
    present = 0;
    TP_CALLBACK_ENVIRON environment;
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);
    const PTP_WORK w = CreateThreadpoolWork(meets, reinterpret_cast<void *>(wanted), &environment);
    for (std::uintptr_t i = 0; i < wanted; ++i) SubmitThreadpoolWork(w);
    WaitForThreadpoolWorkCallbacks(w, FALSE);
    CloseThreadpoolWork(w);
    CloseHandle(go);
    return ran.get() == static_cast<long>(wanted);
}

TEST(all, Pool_the_minimum_is_there_at_once) {
    const PTP_POOL pool = CreateThreadpool(nullptr);
    EXPECT(SetThreadpoolThreadMinimum(pool, 3), TRUE, SAME);
    REQUIRE(meet(pool, 3), "three threads");
    CloseThreadpool(pool);
}

// All of them have been idle for the same time: each looks whether one more may go. (A process of its own: the threads
// of another test's pool may take a while to end.)
ROLE(many_threads_go) {
    constexpr int kMinimum = 3, kMany = 24;
    const PTP_POOL pool = CreateThreadpool(nullptr);
    WANT(argument != nullptr && meet(pool, 1));  // whatever hidden threads there are, are there now
    const long others = threads_of_process() - 1;
    WANT(SetThreadpoolThreadMinimum(pool, kMinimum));
    WANT(meet(pool, kMany));
    const ULONGLONG until = milliseconds() + 40'000;
    while (threads_of_process() - others > kMinimum && milliseconds() < until) Sleep(50);
    // Those that have decided to end are gone by now, or will be in a moment.
    Sleep(500);
    const long left = threads_of_process() - others;
    printf("%ld threads are left\n", left);
    CloseThreadpool(pool);
    return left == kMinimum ? 0 : 1;
}

TEST(ce, Pool_the_minimum_stays_when_many_go_at_the_same_moment) { starve::thrives("many_threads_go", NAME, 0); }

// No room for so many stacks: it says so, soon, and all is as it was before.
ROLE(wants_a_million_threads) {
    const PTP_POOL pool = CreateThreadpool(nullptr);
    WANT(SetThreadpoolThreadMinimum(pool, 2));
    WANT(meet(pool, 2));
    WANT(starve::limit(RLIMIT_AS, 1u << 30));
    FAILS(SetThreadpoolThreadMinimum(pool, 1'000'000), FALSE, ERROR_NOT_ENOUGH_MEMORY);
    FAILS(SetThreadpoolThreadMinimum(pool, 0xFFFF'FFFF), FALSE, ERROR_NOT_ENOUGH_MEMORY);
    WANT(starve::limit(RLIMIT_AS, RLIM_INFINITY));
    WANT(meet(pool, 2));
    WANT(SetThreadpoolThreadMinimum(pool, 5));
    WANT(meet(pool, 5));
    CloseThreadpool(pool);
    WANT(argument != nullptr);
    return 0;
}

TEST(ce, Pool_a_minimum_that_cannot_be_had_changes_nothing) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    print_message("skipped: the sanitizers need more address space than the test leaves\n");
    skip();
#endif
    starve::thrives("wants_a_million_threads", NAME, 0);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
