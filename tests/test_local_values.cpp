// test_local_values.cpp - values of one process: interlocked lists, TLS and FLS, Interlocked.
//
// Source      statements Tls-01 to -09, Interlocked-01 to -07; "InterlockedPushEntrySList" and its kin.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <atomic>

#include "tests/support/program.h"
#include "tests/support/threads.h"

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
