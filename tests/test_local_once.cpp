// test_local_once.cpp - who meets whom in one process: one-time initialization, barriers, WaitOnAddress.
//
// Source      statements InitOnce-01 to -17, Barrier-01 to -06, WaitAddress-01 to -07.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <atomic>

#include "tests/support/program.h"
#include "tests/support/threads.h"

static PVOID context(std::uintptr_t value) { return reinterpret_cast<PVOID>(value); }
static const PVOID kPoisonContext = poison_handle();

// ---- one-time initialization --------------------------------------------------------------------------------------
static std::atomic<int> runs;
static BOOL WINAPI once_succeeds(PINIT_ONCE, PVOID parameter, PVOID *result) {
    ++runs;
    *result = parameter;
    return TRUE;
}
static BOOL WINAPI once_fails(PINIT_ONCE, PVOID, PVOID *) {
    ++runs;
    SetLastError(4711);
    return FALSE;
}

static BOOL WINAPI once_stores_nothing(PINIT_ONCE, PVOID expected, PVOID *result) { return *result == expected; }

// Nothing says so, but Windows hands the caller's variable on: what the callback leaves in it is the context.
TEST(all, InitOnce_01_a_callback_that_stores_no_context) {
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    PVOID result = context(0xFFF0);
    EXPECT(InitOnceExecuteOnce(&once, once_stores_nothing, result, &result), TRUE, SAME);
    assert_ptr_equal(result, context(0xFFF0));
    result = nullptr;
    EXPECT(InitOnceExecuteOnce(&once, once_stores_nothing, nullptr, &result), TRUE, SAME);
    assert_ptr_equal(result, context(0xFFF0));
    INIT_ONCE other = INIT_ONCE_STATIC_INIT;
    EXPECT(InitOnceExecuteOnce(&other, once_stores_nothing, nullptr, nullptr), TRUE, SAME);
}

TEST(all, InitOnce_01_to_03_execute) {
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    PVOID result = kPoisonContext;
    runs = 0;
    EXPECT(InitOnceExecuteOnce(&once, once_fails, nullptr, &result), FALSE, 4711);
    assert_ptr_equal(result, kPoisonContext);
    EXPECT(InitOnceExecuteOnce(&once, once_succeeds, context(0x40), &result), TRUE, SAME);
    assert_ptr_equal(result, context(0x40));
    result = kPoisonContext;
    EXPECT(InitOnceExecuteOnce(&once, once_fails, context(0x80), &result), TRUE, SAME);
    assert_ptr_equal(result, context(0x40));
    EXPECT(InitOnceExecuteOnce(&once, once_fails, nullptr, nullptr), TRUE, SAME);
    assert_int_equal(runs, 2);
}

struct OnceRace {
    INIT_ONCE once;
    std::atomic<int> failures_left, wrong;
    int value;  // not atomic: written by the initializer, read by all after it
};
static BOOL WINAPI slow_once(PINIT_ONCE, PVOID parameter, PVOID *result) {
    OnceRace &race = *static_cast<OnceRace *>(parameter);
    ++runs;
    Sleep(20);  // so that the others are there before it ends; if they are not, less is tested
    if (race.failures_left-- > 0) return FALSE;
    race.value = 42;
    *result = context(0x1234);
    return TRUE;
}
static void *race_once(void *argument) {
    OnceRace &race = *static_cast<OnceRace *>(argument);
    PVOID result = nullptr;
    while (!InitOnceExecuteOnce(&race.once, slow_once, &race, &result)) continue;
    if (race.value != 42 || result != context(0x1234)) ++race.wrong;
    return nullptr;
}

TEST(all, InitOnce_02_and_03_many_at_once_wait_for_the_one) {
    OnceRace race{};
    race.failures_left = 2;
    runs = 0;
    in_threads(race_once, &race);
    assert_int_equal(runs, 3);
    assert_int_equal(race.wrong, 0);
}

static INIT_ONCE shared_once;
static std::uint64_t begin_sync(void *) {
    BOOL pending = -1;
    PVOID result = nullptr;
    const BOOL ok = InitOnceBeginInitialize(&shared_once, 0, &pending, &result);
    return static_cast<std::uint64_t>(ok * 100 + pending * 10) + (result == context(0x20) ? 1 : 0);
}

TEST(all, InitOnce_04_to_08_and_11_synchronous_begin) {
    BOOL pending = -1;
    PVOID result = kPoisonContext;
    InitOnceInitialize(&shared_once);
    pending = 7;
    EXPECT(InitOnceBeginInitialize(&shared_once, INIT_ONCE_CHECK_ONLY, &pending, &result), FALSE, ERROR_GEN_FAILURE);
    assert_int_equal(pending, 7);  // a refusal stores nothing
    EXPECT(InitOnceBeginInitialize(&shared_once, 0, &pending, &result), TRUE, SAME);
    assert_int_equal(pending, TRUE);
    EXPECT(InitOnceBeginInitialize(&shared_once, INIT_ONCE_CHECK_ONLY, &pending, &result), FALSE, ERROR_GEN_FAILURE);
    EXPECT(InitOnceBeginInitialize(&shared_once, INIT_ONCE_ASYNC, &pending, &result), FALSE, ERROR_INVALID_PARAMETER);
    Actor b = thread_actor();
    b.start(step::call(begin_sync, nullptr));
    b.expect_blocked();
    EXPECT(InitOnceComplete(&shared_once, INIT_ONCE_ASYNC, context(0x20)), FALSE, ERROR_INVALID_PARAMETER);
    b.expect_blocked();
    EXPECT(InitOnceComplete(&shared_once, 0, context(0x20)), TRUE, SAME);
    b.expect(101, SAME);
    EXPECT(InitOnceBeginInitialize(&shared_once, INIT_ONCE_CHECK_ONLY, &pending, &result), TRUE, SAME);
    assert_int_equal(pending, FALSE);
    assert_ptr_equal(result, context(0x20));
    EXPECT(InitOnceBeginInitialize(&shared_once, 0, &pending, nullptr), TRUE, SAME);
    assert_int_equal(pending, FALSE);
}

TEST(all, InitOnce_09_10_12_asynchronous_begin) {
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    BOOL pending = -1;
    PVOID result = kPoisonContext;
    EXPECT(InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY | INIT_ONCE_ASYNC, &pending, &result), FALSE,
           ERROR_INVALID_PARAMETER);
    for (int i = 0; i < 3; ++i) {
        EXPECT(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, &result), TRUE, SAME);
        assert_int_equal(pending, TRUE);
    }
    EXPECT(InitOnceBeginInitialize(&once, 0, &pending, &result), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(InitOnceComplete(&once, 0, context(4)), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(InitOnceComplete(&once, INIT_ONCE_ASYNC, context(8)), TRUE, SAME);
    EXPECT(InitOnceComplete(&once, INIT_ONCE_ASYNC, context(16)), FALSE, ERROR_GEN_FAILURE);
    EXPECT(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, &result), TRUE, SAME);
    assert_int_equal(pending, FALSE);
    assert_ptr_equal(result, context(8));
}

TEST(all, InitOnce_13_to_16_failures_and_wrong_flags) {
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    BOOL pending = -1;
    EXPECT(InitOnceComplete(&once, 0, nullptr), FALSE, ERROR_GEN_FAILURE);
    EXPECT(InitOnceBeginInitialize(&once, 0, &pending, nullptr), TRUE, SAME);
    EXPECT(InitOnceComplete(&once, 0, context(2)), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(InitOnceComplete(&once, INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED, nullptr), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(InitOnceComplete(&once, INIT_ONCE_INIT_FAILED, nullptr), TRUE, SAME);
    EXPECT(InitOnceBeginInitialize(&once, 0, &pending, nullptr), TRUE, SAME);
    assert_int_equal(pending, TRUE);
    EXPECT(InitOnceComplete(&once, 0, nullptr), TRUE, SAME);
    EXPECT(InitOnceComplete(&once, 0, nullptr), FALSE, ERROR_GEN_FAILURE);
}

// ---- barriers -----------------------------------------------------------------------------------------------------
struct Meeting {
    SYNCHRONIZATION_BARRIER barrier;
    DWORD flags;
    std::atomic<int> arrived, last, wrong;
};
constexpr int kPhases = 500;
static void *meet(void *argument) {
    Meeting &m = *static_cast<Meeting *>(argument);
    for (int phase = 1; phase <= kPhases; ++phase) {
        ++m.arrived;
        if (EnterSynchronizationBarrier(&m.barrier, m.flags)) ++m.last;
        // Nobody can be more than one phase ahead, and all have arrived in this one.
        const int arrived = m.arrived;
        if (arrived < phase * kThreads || arrived > (phase + 1) * kThreads) ++m.wrong;
    }
    return nullptr;
}

TEST(all, Barrier_02_impossible_arguments) {
    SYNCHRONIZATION_BARRIER barrier;
    for (const LONG count : {0, -1})
        EXPECT(InitializeSynchronizationBarrier(&barrier, count, 0), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(InitializeSynchronizationBarrier(&barrier, 1, -2), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(InitializeSynchronizationBarrier(&barrier, 1, -1), TRUE, SAME);
    EXPECT(EnterSynchronizationBarrier(&barrier, 0), TRUE, SAME);
    EXPECT(DeleteSynchronizationBarrier(&barrier), TRUE, SAME);
}

TEST(all, Barrier_03_to_05_phases) {
    for (const DWORD flags : {0u, DWORD{SYNCHRONIZATION_BARRIER_FLAGS_SPIN_ONLY},
                              DWORD{SYNCHRONIZATION_BARRIER_FLAGS_BLOCK_ONLY},
                              DWORD{SYNCHRONIZATION_BARRIER_FLAGS_NO_DELETE}}) {
        Meeting m{};
        m.flags = flags;
        EXPECT(InitializeSynchronizationBarrier(&m.barrier, kThreads, -1), TRUE, SAME);
        in_threads(meet, &m);
        assert_int_equal(m.last, kPhases);
        assert_int_equal(m.wrong, 0);
        EXPECT(DeleteSynchronizationBarrier(&m.barrier), TRUE, SAME);
    }
}

// Whoever was last deletes the barrier at once and overwrites its memory, while others are still returning.
static void *meet_and_delete(void *argument) {
    auto *barrier = static_cast<SYNCHRONIZATION_BARRIER *>(argument);
    if (EnterSynchronizationBarrier(barrier, 0)) {
        DeleteSynchronizationBarrier(barrier);
        memset(static_cast<void *>(barrier), 0xCD, sizeof *barrier);
    }
    return nullptr;
}
TEST(all, Barrier_06_delete_right_after_the_meeting) {
    for (int i = 0; i < 50; ++i) {
        SYNCHRONIZATION_BARRIER barrier;
        EXPECT(InitializeSynchronizationBarrier(&barrier, kThreads, 0), TRUE, SAME);
        in_threads(meet_and_delete, &barrier);
    }
}

// ---- addresses ----------------------------------------------------------------------------------------------------
static volatile LONG variable;
static std::uint64_t wait_while_5(void *) {
    LONG five = 5;
    return static_cast<std::uint64_t>(WaitOnAddress(&variable, &five, sizeof five, INFINITE));
}

TEST(all, WaitAddress_01_03_04_and_07_what_returns_at_once) {
    std::uint64_t value = 0x1122334455667788, other = value;
    WakeByAddressAll(&value);
    for (const SIZE_T bytes : {1, 2, 4, 8}) {
        EXPECT(WaitOnAddress(&value, &other, bytes, 0), FALSE, ERROR_TIMEOUT);
        EXPECT(WaitOnAddress(&value, &other, bytes, 10), FALSE, ERROR_TIMEOUT);
    }
    other = 0x1122334455667789;
    for (const SIZE_T bytes : {1, 2, 4, 8}) EXPECT(WaitOnAddress(&value, &other, bytes, INFINITE), TRUE, SAME);
    other = 0x0122334455667788;  // differs in the last byte only
    EXPECT(WaitOnAddress(&value, &other, 4, 0), FALSE, ERROR_TIMEOUT);
    EXPECT(WaitOnAddress(&value, &other, 8, 0), TRUE, SAME);
    for (const SIZE_T bytes : {0, 3, 16})
        EXPECT(WaitOnAddress(&value, &other, bytes, 0), FALSE, ERROR_INVALID_PARAMETER);
}

TEST(all, WaitAddress_02_05_06_wakes_one_or_all) {
    Actor sleepers[] = {thread_actor(), thread_actor(), thread_actor()};
    variable = 5;
    for (Actor &s : sleepers) {
        s.start(step::call(wait_while_5, nullptr));
        s.expect_blocked();
    }
    WakeByAddressSingle(const_cast<LONG *>(&variable));  // though the value is the same
    sleepers[0].expect(TRUE, SAME);
    sleepers[1].expect_blocked();
    InterlockedExchange(&variable, 6);
    sleepers[1].expect_blocked();
    WakeByAddressAll(const_cast<LONG *>(&variable));
    sleepers[1].expect(TRUE, SAME);
    sleepers[2].expect(TRUE, SAME);
}

// A lock made of nothing else: threads count under it, with time-outs that collide with wake-ups.
static long counted;
static void *count_by_address(void *argument) {
    auto *word = static_cast<volatile LONG *>(argument);
    for (int i = 0; i < 5'000; ++i) {
        while (InterlockedExchange(word, 1) != 0) {
            LONG held = 1;
            WaitOnAddress(word, &held, sizeof held, i % 5 == 0 ? 1 : INFINITE);
        }
        counted = counted + 1;
        InterlockedExchange(word, 0);
        WakeByAddressSingle(const_cast<LONG *>(word));
    }
    return nullptr;
}
TEST(all, WaitAddress_02_no_wake_up_is_lost) {
    volatile LONG word = 0;
    counted = 0;
    in_threads(count_by_address, const_cast<LONG *>(&word));
    assert_int_equal(counted, 5'000 * kThreads);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
