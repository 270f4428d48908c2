// test_pool_churn.cpp - threads that make, set, cancel and close everything that the pool has, all at the same time.
//
// Purpose     Each object has a context of its own, which is gone as soon as a blocking call has said that no callback
//             runs any more: a callback after that is found by its contents, and by the sanitizers. What was submitted
//             and not cancelled has run by then, each signal has called once or is still there.
#include <stdlib.h>

#include "tests/support/pool.h"

constexpr std::uint32_t kAlive = 0x11FE, kGone = 0xDEAD;
constexpr int kThreads = 6, kRounds = 250;

static std::atomic<long> after_the_end, wrong;
static std::atomic<long> done[5];

struct Context {
    std::atomic<std::uint32_t> state{kAlive};
    std::atomic<long> ran{0};
};

static void note(PVOID at) {
    Context &context = *static_cast<Context *>(at);
    if (context.state != kAlive) ++after_the_end;
    ++context.ran;
}
static void retire(Context *context) {
    context->state = kGone;
    delete context;
}

struct Dice {
    std::uint32_t state;
    std::uint32_t below(std::uint32_t limit) {
        state = state * 1'664'525u + 1'013'904'223u;
        return (state >> 8) % limit;
    }
};

static void works(Dice &dice, PTP_CALLBACK_ENVIRON environment) {
    auto *context = new Context;
    const PTP_WORK work = CreateThreadpoolWork([](PTP_CALLBACK_INSTANCE, PVOID c, PTP_WORK) { note(c); }, context,
                                               environment);
    if (work == nullptr) return static_cast<void>(++wrong), retire(context);
    const long submitted = dice.below(20);
    for (long i = 0; i < submitted; ++i) SubmitThreadpoolWork(work);
    const bool cancels = dice.below(3) == 0;
    WaitForThreadpoolWorkCallbacks(work, cancels);
    if (cancels ? context->ran > submitted : context->ran != submitted) ++wrong;
    CloseThreadpoolWork(work);
    retire(context);
}

static void sets_timers(Dice &dice, PTP_CALLBACK_ENVIRON environment) {
    auto *context = new Context;
    const PTP_TIMER timer = CreateThreadpoolTimer([](PTP_CALLBACK_INSTANCE, PVOID c, PTP_TIMER) { note(c); }, context,
                                                  environment);
    if (timer == nullptr) return static_cast<void>(++wrong), retire(context);
    for (std::uint32_t i = dice.below(4); i != 0; --i) {
        FILETIME due = in_ms(dice.below(3));
        SetThreadpoolTimer(timer, &due, dice.below(3), 0);
        if (dice.below(2) == 0) Sleep(dice.below(3));
    }
    SetThreadpoolTimer(timer, nullptr, 0, 0);
    WaitForThreadpoolTimerCallbacks(timer, dice.below(2) == 0);
    CloseThreadpoolTimer(timer);
    retire(context);
}

static void sets_waits(Dice &dice, PTP_CALLBACK_ENVIRON environment) {
    auto *context = new Context;
    const HANDLE object = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    const PTP_WAIT wait = CreateThreadpoolWait(
        [](PTP_CALLBACK_INSTANCE, PVOID c, PTP_WAIT, TP_WAIT_RESULT r) { if (r == WAIT_OBJECT_0) note(c); }, context,
        environment);
    if (wait == nullptr) return static_cast<void>(++wrong), retire(context);
    long sent = 0;
    for (std::uint32_t i = 1 + dice.below(4); i != 0; --i) {
        FILETIME soon = in_ms(1 + dice.below(2));
        SetThreadpoolWait(wait, object, dice.below(2) == 0 ? &soon : nullptr);
        // One signal at a time: a second SetEvent would be one with the first.
        if (dice.below(2) == 0 && context->ran == sent) ++sent, SetEvent(object);
        if (dice.below(2) == 0) Sleep(dice.below(3));
    }
    SetThreadpoolWait(wait, nullptr, nullptr);
    WaitForThreadpoolWaitCallbacks(wait, FALSE);
    const long left = WaitForSingleObject(object, 0) == WAIT_OBJECT_0;
    if (context->ran + left != sent) ++wrong;
    CloseThreadpoolWait(wait);
    CloseHandle(object);
    retire(context);
}

static void uses_queues(Dice &dice, PTP_CALLBACK_ENVIRON) {
    auto *context = new Context;
    const HANDLE queue = dice.below(2) == 0 ? CreateTimerQueue() : nullptr;
    HANDLE timers[3] = {};
    const auto fires = [](PVOID c, BOOLEAN) { note(c); };
    for (HANDLE &timer : timers)
        if (!CreateTimerQueueTimer(&timer, queue, fires, context, dice.below(3), dice.below(3),
                                   dice.below(3) == 0 ? WT_EXECUTEINTIMERTHREAD : WT_EXECUTEDEFAULT))
            ++wrong;
    ChangeTimerQueueTimer(queue, timers[0], dice.below(2), 1);
    if (dice.below(2) == 0) Sleep(dice.below(3));
    for (const HANDLE timer : timers)
        if (queue == nullptr || dice.below(2) == 0)
            if (!DeleteTimerQueueTimer(queue, timer, INVALID_HANDLE_VALUE)) ++wrong;
    if (queue != nullptr && !DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE)) ++wrong;
    retire(context);
}

static void registers(Dice &dice, PTP_CALLBACK_ENVIRON) {
    auto *context = new Context;
    const HANDLE object = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    HANDLE wait = nullptr;
    const auto hears = [](PVOID c, BOOLEAN timed_out) { if (!timed_out) note(c); };
    const ULONG once = dice.below(2) == 0 ? WT_EXECUTEONLYONCE : 0;
    const ULONG where = dice.below(2) == 0 ? WT_EXECUTEINWAITTHREAD : 0;
    if (!RegisterWaitForSingleObject(&wait, object, hears, context, dice.below(2) == 0 ? INFINITE : 2, once | where))
        return static_cast<void>(++wrong), retire(context);
    long sent = 0;
    for (std::uint32_t i = dice.below(5); i != 0; --i) {
        for (int n = 0; n < 50 && context->ran + 1 <= sent; ++n) Sleep(1);
        if (context->ran == sent) ++sent, SetEvent(object);
    }
    if (!UnregisterWaitEx(wait, INVALID_HANDLE_VALUE)) ++wrong;
    const long left = WaitForSingleObject(object, 0) == WAIT_OBJECT_0;
    if (context->ran + left != sent) ++wrong;
    CloseHandle(object);
    retire(context);
}

static DWORD WINAPI churns(PVOID seed) {
    Dice dice{static_cast<std::uint32_t>(as_number(seed)) * 2'654'435'761u};
    static constexpr void (*kinds[])(Dice &, PTP_CALLBACK_ENVIRON) = {works, sets_timers, sets_waits, uses_queues,
                                                                      registers};
    TP_CALLBACK_ENVIRON environment;
    PTP_POOL pool = nullptr;
    for (int round = 0; round < kRounds; ++round) {
        if (round % 50 == 0) {
            if (pool != nullptr) CloseThreadpool(pool);
            pool = CreateThreadpool(nullptr);
            SetThreadpoolThreadMaximum(pool, 1 + dice.below(4));
            InitializeThreadpoolEnvironment(&environment);
            SetThreadpoolCallbackPool(&environment, pool);
        }
        const std::uint32_t kind = dice.below(5);
        kinds[kind](dice, dice.below(2) == 0 ? &environment : nullptr);
        ++done[kind];
    }
    CloseThreadpool(pool);
    return 0;
}

TEST(nt, Pool_many_threads_make_set_cancel_and_close_everything) {
    HANDLE threads[kThreads];
    for (std::uintptr_t i = 0; i < kThreads; ++i)
        threads[i] = MADE(CreateThread(nullptr, 0, churns, reinterpret_cast<void *>(i + 1), 0, nullptr), SAME);
    EXPECT(WaitForMultipleObjects(kThreads, threads, TRUE, 300'000), WAIT_OBJECT_0, SAME);
    for (const std::atomic<long> &n : done) assert_true(n > kThreads * kRounds / 10);
    assert_int_equal(after_the_end, 0);
    assert_int_equal(wrong, 0);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
