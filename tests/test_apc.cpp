// test_apc.cpp - calls queued to a thread, and the alertable waits that run them.
//
// Source      statements Apc-01 to Apc-15; WaitSingle-30 to -36; WaitMultiple-25, -26; SignalWait alertable.
#include <unistd.h>

#include <atomic>
#include <string>

#include "tests/support/program.h"

static constexpr DWORD kSoon = 20'000;  // milliseconds; reached only by a failure

static std::string order;  // what ran, in the thread of the test

static void NTAPI notes(ULONG_PTR letter) { order += static_cast<char>(letter); }
static void NTAPI sets(ULONG_PTR event) { SetEvent(reinterpret_cast<HANDLE>(event)); }

static void queue_to_me(char letter) {
    EXPECT(QueueUserAPC(notes, GetCurrentThread(), static_cast<ULONG_PTR>(letter)), TRUE, SAME);
}

TEST(all, Apc_01_07_08_they_run_in_order_in_one_alertable_wait_and_in_no_other) {
    order.clear();
    const HANDLE event = auto_event(false, nullptr);
    for (const char letter : {'a', 'b', 'c'}) queue_to_me(letter);
    EXPECT(WaitForSingleObject(event, 20), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObjectEx(event, 0, FALSE), WAIT_TIMEOUT, SAME);
    EXPECT(SleepEx(1, FALSE), 0, SAME);
    Sleep(1);
    assert_string_equal(order.c_str(), "");
    EXPECT(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION, SAME);
    assert_string_equal(order.c_str(), "abc");
    EXPECT(SleepEx(10, TRUE), 0, SAME);
}

TEST(all, Apc_02_03_05_to_whom_none_can_be_queued) {
    const HANDLE thread = MADE(CreateThread(nullptr, 0, [](void *) -> DWORD { return 0; }, nullptr, 0, nullptr), SAME);
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(QueueUserAPC(notes, thread, 'x'), 0, ERROR_GEN_FAILURE);
    EXPECT(QueueUserAPC(notes, auto_event(false, nullptr), 'x'), 0, ERROR_INVALID_HANDLE);
    EXPECT(QueueUserAPC(notes, nullptr, 'x'), 0, ERROR_INVALID_HANDLE);
    EXPECT(QueueUserAPC(nullptr, GetCurrentThread(), 'x'), 0, ERROR_INVALID_PARAMETER);
}

TEST(ce | nt, Apc_04_the_handle_needs_the_right) {
    const HANDLE limited = MADE(OpenThread(SYNCHRONIZE, FALSE, GetCurrentThreadId()), SAME);
    EXPECT(QueueUserAPC(notes, limited, 'x'), 0, ERROR_ACCESS_DENIED);
    const HANDLE enough = MADE(OpenThread(THREAD_SET_CONTEXT, FALSE, GetCurrentThreadId()), SAME);
    EXPECT(QueueUserAPC(notes, enough, 'x'), TRUE, SAME);
    EXPECT(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
}

TEST(all, Apc_09_calls_queued_before_it_first_runs_run_first) {
    static std::atomic<int> steps, seen;
    steps = seen = 0;
    const auto routine = [](void *) -> DWORD { return static_cast<DWORD>(seen = ++steps); };
    const HANDLE thread = MADE(CreateThread(nullptr, 0, routine, nullptr, CREATE_SUSPENDED, nullptr), SAME);
    for (int i = 0; i < 3; ++i) EXPECT(QueueUserAPC([](ULONG_PTR) { ++steps; }, thread, 0), TRUE, SAME);
    EXPECT(ResumeThread(thread), 1, SAME);
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
    assert_int_equal(seen, 4);
}

TEST(all, Apc_10_a_call_may_queue_another_and_it_runs_too) {
    order.clear();
    EXPECT(QueueUserAPC([](ULONG_PTR) { order += '1'; QueueUserAPC(notes, GetCurrentThread(), '2'); },
                        GetCurrentThread(), 0), TRUE, SAME);
    EXPECT(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
    assert_string_equal(order.c_str(), "12");
}

TEST(all, Apc_11_a_thread_that_ends_drops_them) {
    static std::atomic<int> ran;
    ran = 0;
    const HANDLE event = auto_event(false, nullptr), runs = auto_event(false, nullptr);
    const HANDLE both[] = {runs, event};
    const auto waits = [](void *on) -> DWORD {
        const auto *events = static_cast<const HANDLE *>(on);
        return SignalObjectAndWait(events[0], events[1], INFINITE, FALSE);
    };
    const HANDLE thread = MADE(CreateThread(nullptr, 0, waits, const_cast<HANDLE *>(both), 0, nullptr), SAME);
    EXPECT(WaitForSingleObject(runs, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(QueueUserAPC([](ULONG_PTR) { ++ran; }, thread, 0), TRUE, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
    assert_int_equal(ran, 0);
    queue_to_me('z');  // frees what was dropped
    EXPECT(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
}

TEST(all, Apc_13_14_SleepEx_without_time_and_without_calls) {
    EXPECT(SleepEx(0, TRUE), 0, SAME);
    queue_to_me('a');
    EXPECT(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
    EXPECT(SleepEx(0, TRUE), 0, SAME);
}

TEST(all, Apc_15_what_a_call_makes_of_the_last_error_stays) {
    EXPECT(QueueUserAPC([](ULONG_PTR) { SetLastError(4711); }, GetCurrentThread(), 0), TRUE, SAME);
    EXPECT(SleepEx(0, TRUE), WAIT_IO_COMPLETION, 4711);
}

TEST(all, WaitSingle_31_35_an_object_that_is_not_signaled) {
    order.clear();
    const HANDLE event = auto_event(false, nullptr);
    EXPECT(WaitForSingleObjectEx(event, 10, TRUE), WAIT_TIMEOUT, SAME);
    queue_to_me('a');
    EXPECT(WaitForSingleObjectEx(event, 0, TRUE), WAIT_IO_COMPLETION, SAME);
    queue_to_me('b');
    EXPECT(WaitForSingleObjectEx(event, INFINITE, TRUE), WAIT_IO_COMPLETION, SAME);
    assert_string_equal(order.c_str(), "ab");
}

TEST(all, WaitSingle_33_an_object_that_is_signaled_wins) {
    order.clear();
    const HANDLE event = auto_event(true, nullptr);
    queue_to_me('a');
    EXPECT(WaitForSingleObjectEx(event, INFINITE, TRUE), WAIT_OBJECT_0, SAME);
    assert_string_equal(order.c_str(), "");
    EXPECT(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
}

TEST(all, WaitSingle_34_a_call_that_sets_the_event_does_not_satisfy_the_wait) {
    const HANDLE event = auto_event(false, nullptr);
    EXPECT(QueueUserAPC(sets, GetCurrentThread(), reinterpret_cast<ULONG_PTR>(event)), TRUE, SAME);
    EXPECT(WaitForSingleObjectEx(event, INFINITE, TRUE), WAIT_IO_COMPLETION, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, WaitSingle_36_the_handle_is_checked_first) {
    queue_to_me('a');
    EXPECT(WaitForSingleObjectEx(nullptr, 0, TRUE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
}

// Ways to block alertably.
using Block = DWORD (*)(HANDLE, HANDLE);
static DWORD block_one(HANDLE event, HANDLE) { return WaitForSingleObjectEx(event, INFINITE, TRUE); }
static DWORD block_any(HANDLE event, HANDLE other) {
    const HANDLE both[] = {event, other};
    return WaitForMultipleObjectsEx(2, both, FALSE, INFINITE, TRUE);
}
static DWORD block_all(HANDLE event, HANDLE other) {
    const HANDLE both[] = {event, other};
    return WaitForMultipleObjectsEx(2, both, TRUE, INFINITE, TRUE);
}
static DWORD block_exchange(HANDLE event, HANDLE other) { return SignalObjectAndWait(other, event, INFINITE, TRUE); }
static DWORD block_sleep(HANDLE, HANDLE) { return SleepEx(INFINITE, TRUE); }

struct Blocked {
    Block block;
    HANDLE event, other;
    std::atomic<DWORD> ran_in{0};
};

static void blocked_ends(Block block) {
    Blocked b{block, auto_event(false, nullptr), auto_event(false, nullptr)};
    const auto routine = [](void *argument) -> DWORD {
        auto &mine = *static_cast<Blocked *>(argument);
        return mine.block(mine.event, mine.other);
    };
    DWORD id = 0, code = 0;
    const HANDLE thread = MADE(CreateThread(nullptr, 0, routine, &b, 0, &id), SAME);
    usleep(20'000);  // most of the time it is blocked by then; the result is the same if not
    const auto call = [](ULONG_PTR at) { reinterpret_cast<Blocked *>(at)->ran_in = GetCurrentThreadId(); };
    EXPECT(QueueUserAPC(call, thread, reinterpret_cast<ULONG_PTR>(&b)), TRUE, SAME);
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(GetExitCodeThread(thread, &code), TRUE, SAME);
    assert_int_equal(code, WAIT_IO_COMPLETION);
    assert_int_equal(b.ran_in, id);
    EXPECT(SetEvent(b.event), TRUE, SAME);  // nothing was taken, and nobody waits any more
    EXPECT(WaitForSingleObject(b.event, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, WaitSingle_32_a_call_ends_the_wait_for_one) { blocked_ends(block_one); }
TEST(all, WaitMultiple_26_a_call_ends_the_wait_for_any) { blocked_ends(block_any); }
TEST(ce | nt, WaitMultiple_26_a_call_ends_the_wait_for_all) { blocked_ends(block_all); }
TEST(all, SignalWait_13_a_call_ends_the_wait_after_the_signal) { blocked_ends(block_exchange); }
TEST(all, Apc_13_a_call_ends_a_sleep) { blocked_ends(block_sleep); }

// Calls from several threads against waits that begin and end all the time: each runs exactly once.
TEST(all, Apc_07_none_is_lost_or_doubled) {
    static std::atomic<long> ran;
    static std::atomic<bool> stop;
    ran = 0;
    stop = false;
    constexpr long kEach = 20'000;
    struct Party {
        HANDLE event, waiter;
    } party{auto_event(false, nullptr), nullptr};
    const auto waits = [](void *argument) -> DWORD {
        const Party &p = *static_cast<Party *>(argument);
        for (unsigned i = 0; !stop; ++i) WaitForSingleObjectEx(p.event, i % 3, TRUE);
        while (SleepEx(0, TRUE) == WAIT_IO_COMPLETION) {}
        return 0;
    };
    const auto queues = [](void *argument) -> DWORD {
        const Party &p = *static_cast<Party *>(argument);
        long queued = 0;
        for (long i = 0; i < kEach; ++i) {
            queued += QueueUserAPC([](ULONG_PTR) { ++ran; }, p.waiter, 0) != 0;
            if (i % 16 == 0) SetEvent(p.event);
        }
        return static_cast<DWORD>(queued);
    };
    party.waiter = MADE(CreateThread(nullptr, 0, waits, &party, 0, nullptr), SAME);
    const HANDLE queuers[] = {MADE(CreateThread(nullptr, 0, queues, &party, 0, nullptr), SAME),
                              MADE(CreateThread(nullptr, 0, queues, &party, 0, nullptr), SAME)};
    for (const HANDLE queuer : queuers) EXPECT(WaitForSingleObject(queuer, 4 * kSoon), WAIT_OBJECT_0, SAME);
    stop = true;
    EXPECT(WaitForSingleObject(party.waiter, kSoon), WAIT_OBJECT_0, SAME);
    assert_int_equal(ran, 2 * kEach);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
