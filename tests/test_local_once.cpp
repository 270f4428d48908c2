// test_local_once.cpp - one-time initialization, barriers, WaitOnAddress, interlocked lists, TLS and FLS, Interlocked.
//
// Source      statements InitOnce-01 to -17, Barrier-01 to -06, WaitAddress-01 to -07, Tls-01 to -09, Interlocked-01 to
//             -07; "InterlockedPushEntrySList" and its kin.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <atomic>

#include "tests/support/program.h"

constexpr int kThreads = 4;

static void in_threads(void *(*body)(void *), void *argument) {
    pthread_t threads[kThreads];
    for (pthread_t &t : threads) assert_int_equal(pthread_create(&t, nullptr, body, argument), 0);
    for (pthread_t &t : threads) assert_int_equal(pthread_join(t, nullptr), 0);
}
static void in_another_thread(void *(*body)(void *), void *argument = nullptr) {
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, nullptr, body, argument), 0);
    assert_int_equal(pthread_join(thread, nullptr), 0);
}
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

// ---- interlocked lists --------------------------------------------------------------------------------------------
struct Item {
    SLIST_ENTRY entry;  // first, so that an entry is its item
    int value;
};

TEST(all, Slist_push_pop_flush_depth) {
    SLIST_HEADER list;
    Item items[4]{};
    InitializeSListHead(&list);
    EXPECT(InterlockedPopEntrySList(&list), nullptr, SAME);
    EXPECT(InterlockedFlushSList(&list), nullptr, SAME);
    EXPECT(InterlockedPushEntrySList(&list, &items[0].entry), nullptr, SAME);
    EXPECT(InterlockedPushEntrySList(&list, &items[1].entry), &items[0].entry, SAME);
    assert_int_equal(QueryDepthSList(&list), 2);
    EXPECT(InterlockedPopEntrySList(&list), &items[1].entry, SAME);
    items[2].entry.Next = &items[3].entry;
    EXPECT(InterlockedPushListSListEx(&list, &items[2].entry, &items[3].entry, 2), &items[0].entry, SAME);
    assert_int_equal(QueryDepthSList(&list), 3);
    PSLIST_ENTRY all_of_them = InterlockedFlushSList(&list);
    assert_ptr_equal(all_of_them, &items[2].entry);
    assert_ptr_equal(all_of_them->Next->Next, &items[0].entry);
    assert_null(all_of_them->Next->Next->Next);
    assert_int_equal(QueryDepthSList(&list), 0);
    assert_null(InterlockedPopEntrySList(&list));
}

// Entries are popped, freed and allocated anew all the time: the sanitizers see a use after that.
static std::atomic<long> popped;
static void *push_and_pop(void *argument) {
    auto *list = static_cast<SLIST_HEADER *>(argument);
    for (int i = 0; i < 5'000; ++i) {
        Item *const item = static_cast<Item *>(aligned_alloc(16, sizeof(Item)));
        item->value = 1;
        InterlockedPushEntrySList(list, &item->entry);
        if (PSLIST_ENTRY got = InterlockedPopEntrySList(list)) {
            popped += reinterpret_cast<Item *>(got)->value;
            free(got);
        }
    }
    return nullptr;
}
TEST(all, Slist_under_contention) {
    SLIST_HEADER list;
    InitializeSListHead(&list);
    popped = 0;
    in_threads(push_and_pop, &list);
    assert_int_equal(popped, 5'000 * kThreads);  // a pop follows each push, so none of them can have come up empty
    assert_int_equal(QueryDepthSList(&list), 0);
}

// ---- thread-local values ------------------------------------------------------------------------------------------
static DWORD tls_index;
static void *expect_no_value(void *wrong) {
    SetLastError(kPoison);
    if (TlsGetValue(tls_index) != nullptr || GetLastError() != 0) *static_cast<int *>(wrong) = 1;
    TlsSetValue(tls_index, wrong);
    if (TlsGetValue(tls_index) != wrong) *static_cast<int *>(wrong) = 2;
    return nullptr;
}

TEST(all, Tls_03_to_07_values_belong_to_threads_and_indices) {
    int wrong = 0;
    tls_index = TlsAlloc();
    EXPECT(TlsGetValue(tls_index), nullptr, 0);
    EXPECT(TlsSetValue(tls_index, &tls_index), TRUE, SAME);
    EXPECT(TlsGetValue(tls_index), &tls_index, 0);
    in_another_thread(expect_no_value, &wrong);
    assert_int_equal(wrong, 0);
    EXPECT(TlsGetValue(tls_index), &tls_index, 0);
    EXPECT(TlsFree(tls_index), TRUE, SAME);
    EXPECT(TlsFree(tls_index), FALSE, ERROR_INVALID_PARAMETER);
    assert_int_equal(TlsAlloc(), tls_index);
    EXPECT(TlsGetValue(tls_index), nullptr, 0);
    EXPECT(TlsFree(tls_index), TRUE, SAME);
    for (const DWORD bad : {1088u, TLS_OUT_OF_INDEXES}) {
        EXPECT(TlsGetValue(bad), nullptr, ERROR_INVALID_PARAMETER);
        EXPECT(TlsSetValue(bad, nullptr), FALSE, ERROR_INVALID_PARAMETER);
        EXPECT(TlsFree(bad), FALSE, ERROR_INVALID_PARAMETER);
    }
}

TEST(all, Tls_01_and_02_there_are_1088) {
    static DWORD indices[1200];
    DWORD count = 0;
    while (count < 1200 && (indices[count] = TlsAlloc()) != TLS_OUT_OF_INDEXES) ++count;
    assert_int_equal(count, 1088);
    EXPECT(TlsAlloc(), TLS_OUT_OF_INDEXES, ERROR_NO_MORE_ITEMS);
    for (DWORD i = 0; i < count; ++i) EXPECT(TlsFree(indices[i]), TRUE, SAME);
}

static std::atomic<int> seen_count;
static std::atomic<PVOID> seen_value;
static std::atomic<pthread_t> seen_in;
static void WINAPI on_end(PVOID value) {
    ++seen_count;
    seen_value = value;
    seen_in = pthread_self();
}
static DWORD fls_index;
static std::atomic<pthread_t> fls_thread;
static void *set_and_end(void *value) {
    fls_thread = pthread_self();
    FlsSetValue(fls_index, value);
    return nullptr;
}

TEST(all, Tls_08_the_callback_sees_the_value_at_the_threads_end) {
    int value = 0;
    seen_count = 0;
    fls_index = FlsAlloc(on_end);
    REQUIRE(fls_index != FLS_OUT_OF_INDEXES, "an index");
    in_another_thread(set_and_end, &value);
    assert_int_equal(seen_count, 1);
    assert_ptr_equal(seen_value.load(), &value);
    REQUIRE(pthread_equal(seen_in, fls_thread), "in the thread that ended");
    in_another_thread(set_and_end, nullptr);
    assert_int_equal(seen_count, 1);
    EXPECT(FlsSetValue(fls_index, &seen_count), TRUE, SAME);
    EXPECT(FlsFree(fls_index), TRUE, SAME);  // sees the values that are left
    assert_int_equal(seen_count, 2);
    EXPECT(FlsFree(fls_index), FALSE, ERROR_INVALID_PARAMETER);
}

TEST(all, Tls_09_fls_values_and_bad_indices) {
    const DWORD index = FlsAlloc(nullptr);
    EXPECT(FlsGetValue(index), nullptr, 0);
    EXPECT(FlsSetValue(index, &seen_count), TRUE, SAME);
    EXPECT(FlsGetValue(index), &seen_count, 0);
    EXPECT(FlsFree(index), TRUE, SAME);
    const DWORD again = FlsAlloc(nullptr);
    EXPECT(FlsGetValue(again), nullptr, 0);
    EXPECT(FlsFree(again), TRUE, SAME);
    for (const DWORD bad : {0u, 128u, FLS_OUT_OF_INDEXES, again}) {
        EXPECT(FlsGetValue(bad), nullptr, ERROR_INVALID_PARAMETER);
        EXPECT(FlsSetValue(bad, nullptr), FALSE, ERROR_INVALID_PARAMETER);
        EXPECT(FlsFree(bad), FALSE, ERROR_INVALID_PARAMETER);
    }
}

// ---- Interlocked --------------------------------------------------------------------------------------------------
TEST(all, Interlocked_01_to_07_results) {
    LONG volatile a = 5;
    assert_int_equal(InterlockedIncrement(&a), 6);
    assert_int_equal(InterlockedDecrement(&a), 5);
    assert_int_equal(InterlockedExchange(&a, 9), 5);
    assert_int_equal(InterlockedExchangeAdd(&a, 2), 9);
    assert_int_equal(InterlockedAdd(&a, 4), 15);
    assert_int_equal(InterlockedCompareExchange(&a, 1, 14), 15);
    assert_int_equal(a, 15);
    assert_int_equal(InterlockedCompareExchangeAcquire(&a, 12, 15), 15);
    assert_int_equal(InterlockedAnd(&a, 6), 12);
    assert_int_equal(InterlockedOr(&a, 3), 4);
    assert_int_equal(InterlockedXor(&a, 1), 7);
    assert_int_equal(InterlockedIncrementNoFence(&a), 7);
    assert_int_equal(_InterlockedExchange(&a, 0x7FFFFFFF), 7);
    assert_int_equal(InterlockedIncrement(&a), static_cast<LONG>(0x80000000));

    SHORT volatile s = 1;
    assert_int_equal(InterlockedIncrement16(&s), 2);
    assert_int_equal(InterlockedCompareExchange16(&s, 7, 2), 2);
    assert_int_equal(InterlockedOr16(&s, 8), 7);
    char volatile c = 1;
    assert_int_equal(InterlockedExchange8(&c, 2), 1);
    assert_int_equal(InterlockedAnd8(&c, 3), 2);
    LONG64 volatile w = 0xFFFFFFFF;
    REQUIRE(InterlockedIncrement64(&w) == 0x100000000, "carries into the upper half");
    REQUIRE(InterlockedExchangeAdd64(&w, 1) == 0x100000000, "the old value");
    REQUIRE(InterlockedCompareExchangeRelease64(&w, 5, 0x100000001) == 0x100000001 && w == 5, "swapped");
    REQUIRE(InterlockedAnd64Acquire(&w, 4) == 5 && w == 4, "and");
    int target = 0;
    PVOID volatile p = nullptr;
    assert_ptr_equal(InterlockedCompareExchangePointer(&p, &target, nullptr), nullptr);
    assert_ptr_equal(InterlockedExchangePointer(&p, nullptr), &target);

    LONG volatile bits[2] = {0, 0};
    assert_int_equal(InterlockedBitTestAndSet(bits, 31), 0);
    assert_int_equal(InterlockedBitTestAndSet(bits, 31), 1);
    assert_int_equal(InterlockedBitTestAndSet(bits, 35), 0);
    assert_int_equal(bits[1], 8);
    assert_int_equal(InterlockedBitTestAndReset(bits, 35), 1);
    assert_int_equal(bits[1], 0);
    assert_int_equal(InterlockedBitTestAndComplement(bits, 0), 0);
    assert_int_equal(static_cast<ULONG>(bits[0]), 0x80000001u);

#if defined(__SIZEOF_INT128__)
    alignas(16) LONG64 volatile both[2] = {1, 2};
    LONG64 expected[2] = {1, 3};
    assert_int_equal(InterlockedCompareExchange128(both, 9, 8, expected), 0);
    REQUIRE(expected[0] == 1 && expected[1] == 2 && both[0] == 1, "told, not stored");
    assert_int_equal(InterlockedCompareExchange128(both, 9, 8, expected), 1);
    REQUIRE(both[0] == 8 && both[1] == 9, "stored");
#endif

    long volatile native = -1;  // `long` of Linux, for sources that write it for LONG
    REQUIRE(InterlockedIncrement(&native) == 0 && native == 0, "all 64 bits");
    ULONG volatile u = 0;
    assert_int_equal(InterlockedDecrement(&u), 0xFFFFFFFF);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
