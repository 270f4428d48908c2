// test_local_locks.cpp - critical sections, SRW locks, condition variables: exclusion, recursion, hand-over, time-outs.
//
// Purpose     The locks of one process. Another thread is an actor where it makes a single call, a pthread where the
//             point is contention.
// Source      statements CritSec-01 to -09, Srw-01 to -08, CondVar-01 to -07.
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "tests/support/program.h"
#include "tests/support/threads.h"

constexpr int kRounds = 20'000;

static Step call(std::uint64_t (*function)(void *), void *argument) { return step::call(function, argument); }

// ---- critical sections ----------------------------------------------------------------------------------------------
static std::uint64_t enter(void *s) { return EnterCriticalSection(static_cast<CRITICAL_SECTION *>(s)), 7; }
static std::uint64_t try_enter(void *s) {
    return static_cast<std::uint64_t>(TryEnterCriticalSection(static_cast<CRITICAL_SECTION *>(s)));
}
static std::uint64_t leave(void *s) { return LeaveCriticalSection(static_cast<CRITICAL_SECTION *>(s)), 8; }

struct Counted {
    CRITICAL_SECTION section;
    SRWLOCK lock;
    long count;  // not atomic: the lock is what is tested
};

static void *count_in_section(void *argument) {
    Counted &c = *static_cast<Counted *>(argument);
    for (int i = 0; i < kRounds; ++i) {
        EnterCriticalSection(&c.section);
        c.count = c.count + 1;
        LeaveCriticalSection(&c.section);
    }
    return nullptr;
}

TEST(all, CritSec_01_excludes_with_and_without_spinning) {
    for (const DWORD spins : {0u, 4000u}) {
        Counted c{};
        EXPECT(InitializeCriticalSectionAndSpinCount(&c.section, spins), TRUE, SAME);
        in_threads(count_in_section, &c);
        assert_int_equal(c.count, kThreads * kRounds);
        DeleteCriticalSection(&c.section);
    }
}

TEST(all, CritSec_02_forms_of_initialization) {
    CRITICAL_SECTION s;
    EXPECT(InitializeCriticalSectionEx(&s, 100, 0), TRUE, SAME);
    EXPECT(SetCriticalSectionSpinCount(&s, 0), 100, SAME);
    EXPECT(InitializeCriticalSectionEx(&s, 0, CRITICAL_SECTION_NO_DEBUG_INFO), TRUE, SAME);
    EXPECT(InitializeCriticalSectionEx(&s, 0, 1), FALSE, ERROR_INVALID_PARAMETER);
    CRITICAL_SECTION by_hand = {nullptr, -1, 0, nullptr, nullptr, 0};
    EXPECT(TryEnterCriticalSection(&by_hand), TRUE, SAME);
    LeaveCriticalSection(&by_hand);
}

TEST(all, CritSec_03_to_05_recursion_and_try) {
    static CRITICAL_SECTION s;
    InitializeCriticalSection(&s);
    Actor b = thread_actor();
    EnterCriticalSection(&s);
    EXPECT(TryEnterCriticalSection(&s), TRUE, SAME);
    EnterCriticalSection(&s);
    assert_int_equal(s.RecursionCount, 3);
    assert_ptr_equal(s.OwningThread, handle_of(GetCurrentThreadId()));
    b.does(call(try_enter, &s), FALSE, SAME);
    b.start(call(enter, &s));
    b.expect_blocked();
    LeaveCriticalSection(&s);
    LeaveCriticalSection(&s);
    b.expect_blocked();
    LeaveCriticalSection(&s);
    b.expect(7, SAME);
    EXPECT(TryEnterCriticalSection(&s), FALSE, SAME);
    b.does(call(leave, &s), 8, SAME);
    EXPECT(TryEnterCriticalSection(&s), TRUE, SAME);
    LeaveCriticalSection(&s);
    DeleteCriticalSection(&s);
}

TEST(all, CritSec_06_spin_counts_read_back) {
    CRITICAL_SECTION s;
    InitializeCriticalSectionAndSpinCount(&s, 4000);
    EXPECT(SetCriticalSectionSpinCount(&s, 100), 4000, SAME);
    EXPECT(SetCriticalSectionSpinCount(&s, 0), 100, SAME);
    EXPECT(SetCriticalSectionSpinCount(&s, 5), 0, SAME);
}

TEST(all, CritSec_08_an_owner_that_ended_leaves_it_locked) {
    static CRITICAL_SECTION s;
    InitializeCriticalSection(&s);
    Actor b = thread_actor();
    b.does(call(enter, &s), 7, SAME);
    b.ends(Ending::returns);
    EXPECT(TryEnterCriticalSection(&s), FALSE, SAME);
}

TEST(all, CritSec_09_and_10_again_after_delete_and_a_strangers_leave) {
    static CRITICAL_SECTION s;
    InitializeCriticalSection(&s);
    DeleteCriticalSection(&s);
    InitializeCriticalSection(&s);
    Actor b = thread_actor();
    EnterCriticalSection(&s);
    b.does(call(leave, &s), 8, SAME);
    b.does(call(try_enter, &s), FALSE, SAME);
    LeaveCriticalSection(&s);
    b.does(call(try_enter, &s), TRUE, SAME);
}

// ---- SRW locks ----------------------------------------------------------------------------------------------------
static SRWLOCK *lock_of(void *lock) { return static_cast<SRWLOCK *>(lock); }
static std::uint64_t shared(void *lock) { return AcquireSRWLockShared(lock_of(lock)), 7; }
static std::uint64_t exclusive(void *lock) { return AcquireSRWLockExclusive(lock_of(lock)), 7; }
static std::uint64_t try_shared(void *lock) { return TryAcquireSRWLockShared(lock_of(lock)); }
static std::uint64_t try_exclusive(void *lock) { return TryAcquireSRWLockExclusive(lock_of(lock)); }
static std::uint64_t end_shared(void *lock) { return ReleaseSRWLockShared(lock_of(lock)), 8; }
static std::uint64_t end_exclusive(void *lock) { return ReleaseSRWLockExclusive(lock_of(lock)), 8; }

TEST(all, Srw_01_to_05_and_08_who_gets_it) {
    static SRWLOCK lock = SRWLOCK_INIT;
    SRWLOCK initialized;
    InitializeSRWLock(&initialized);
    assert_memory_equal(&lock, &initialized, sizeof lock);
    Actor b = thread_actor();
    AcquireSRWLockShared(&lock);
    b.does(call(shared, &lock), 7, SAME);
    EXPECT(TryAcquireSRWLockExclusive(&lock), FALSE, SAME);
    EXPECT(TryAcquireSRWLockShared(&lock), TRUE, SAME);
    ReleaseSRWLockShared(&lock);
    ReleaseSRWLockShared(&lock);
    EXPECT(TryAcquireSRWLockExclusive(&lock), FALSE, SAME);
    b.does(call(end_shared, &lock), 8, SAME);
    EXPECT(TryAcquireSRWLockExclusive(&lock), TRUE, SAME);
    EXPECT(TryAcquireSRWLockExclusive(&lock), FALSE, SAME);
    EXPECT(TryAcquireSRWLockShared(&lock), FALSE, SAME);
    b.does(call(try_shared, &lock), FALSE, SAME);
    b.does(call(try_exclusive, &lock), FALSE, SAME);
    ReleaseSRWLockExclusive(&lock);
    assert_memory_equal(&lock, &initialized, sizeof lock);
}

TEST(all, Srw_06_a_second_exclusive_acquire_never_returns) {
    static SRWLOCK lock = SRWLOCK_INIT;
    Actor b = thread_actor();
    b.does(call(exclusive, &lock), 7, SAME);
    b.start(call(exclusive, &lock));
    b.expect_blocked();
    ReleaseSRWLockExclusive(&lock);  // an SRW lock has no owner: the deadlock is undone from outside
    b.expect(7, SAME);
    b.does(call(end_exclusive, &lock), 8, SAME);
}

TEST(all, Srw_07_a_release_lets_all_readers_or_a_writer_go_on) {
    static SRWLOCK lock = SRWLOCK_INIT;
    Actor readers[] = {thread_actor(), thread_actor(), thread_actor()};
    Actor writer = thread_actor();
    AcquireSRWLockExclusive(&lock);
    for (Actor &r : readers) {
        r.start(call(shared, &lock));
        r.expect_blocked();
    }
    ReleaseSRWLockExclusive(&lock);
    for (Actor &r : readers) r.expect(7, SAME);  // all of them hold it
    writer.start(call(exclusive, &lock));
    writer.expect_blocked();
    readers[0].does(call(end_shared, &lock), 8, SAME);
    readers[1].does(call(end_shared, &lock), 8, SAME);
    writer.expect_blocked();
    readers[0].start(call(shared, &lock));  // behind the writer
    readers[0].expect_blocked();
    readers[2].does(call(end_shared, &lock), 8, SAME);
    writer.expect(7, SAME);
    writer.does(call(end_exclusive, &lock), 8, SAME);
    readers[0].expect(7, SAME);
    readers[0].does(call(end_shared, &lock), 8, SAME);
}

static void *count_in_lock(void *argument) {
    Counted &c = *static_cast<Counted *>(argument);
    for (int i = 0; i < kRounds; ++i) {
        if (i % 4 == 0) {
            AcquireSRWLockExclusive(&c.lock);
            c.count = c.count + 1;
            ReleaseSRWLockExclusive(&c.lock);
        } else {
            AcquireSRWLockShared(&c.lock);
            const long before = c.count;
            if (i % 64 == 1) sched_yield();
            if (c.count != before) abort();
            ReleaseSRWLockShared(&c.lock);
        }
    }
    return nullptr;
}

TEST(all, Srw_02_and_07_under_contention) {
    Counted c{};
    in_threads(count_in_lock, &c);
    assert_int_equal(c.count, kThreads * kRounds / 4);
    REQUIRE(TryAcquireSRWLockExclusive(&c.lock), "free at the end");
    ReleaseSRWLockExclusive(&c.lock);
}

// ---- condition variables ------------------------------------------------------------------------------------------
struct Box {
    CRITICAL_SECTION section;
    SRWLOCK lock;
    CONDITION_VARIABLE not_empty, not_full;
    int items, taken;
    ULONG flags;
};

static std::uint64_t sleep_in_section(void *argument) {
    Box &box = *static_cast<Box *>(argument);
    EnterCriticalSection(&box.section);
    const BOOL result = SleepConditionVariableCS(&box.not_empty, &box.section, INFINITE);
    const bool owned = box.section.OwningThread == handle_of(GetCurrentThreadId()) && box.section.RecursionCount == 1;
    LeaveCriticalSection(&box.section);
    return owned ? static_cast<std::uint64_t>(result) : 99;
}
static std::uint64_t sleep_in_lock(void *argument) {
    Box &box = *static_cast<Box *>(argument);
    const bool many = box.flags == CONDITION_VARIABLE_LOCKMODE_SHARED;
    many ? AcquireSRWLockShared(&box.lock) : AcquireSRWLockExclusive(&box.lock);
    const BOOL result = SleepConditionVariableSRW(&box.not_empty, &box.lock, INFINITE, box.flags);
    many ? ReleaseSRWLockShared(&box.lock) : ReleaseSRWLockExclusive(&box.lock);
    return static_cast<std::uint64_t>(result);
}

TEST(all, CondVar_02_04_05_wake_one_and_all) {
    static Box box{};
    InitializeCriticalSection(&box.section);
    InitializeConditionVariable(&box.not_empty);
    WakeConditionVariable(&box.not_empty);  // CondVar-06: not remembered
    WakeAllConditionVariable(&box.not_empty);
    Actor sleepers[] = {thread_actor(), thread_actor(), thread_actor()};
    for (Actor &s : sleepers) {
        s.start(call(sleep_in_section, &box));
        s.expect_blocked();
    }
    WakeConditionVariable(&box.not_empty);
    sleepers[0].expect(TRUE, SAME);  // in the order of arrival
    sleepers[1].expect_blocked();
    WakeAllConditionVariable(&box.not_empty);
    sleepers[1].expect(TRUE, SAME);
    sleepers[2].expect(TRUE, SAME);
    assert_null(box.not_empty.Ptr);
}

TEST(all, CondVar_02_and_07_srw_locks_of_both_modes) {
    static Box box{};
    for (const ULONG flags : {0u, ULONG{CONDITION_VARIABLE_LOCKMODE_SHARED}}) {
        box.flags = flags;
        Actor a = thread_actor(), b = thread_actor();
        a.start(call(sleep_in_lock, &box));
        b.start(call(sleep_in_lock, &box));
        a.expect_blocked();
        b.expect_blocked();
        AcquireSRWLockExclusive(&box.lock);  // the sleepers do not hold it
        WakeAllConditionVariable(&box.not_empty);
        a.expect_blocked();  // but they do before they return
        ReleaseSRWLockExclusive(&box.lock);
        a.expect(TRUE, SAME);
        b.expect(TRUE, SAME);
    }
}

TEST(all, CondVar_03_time_outs_give_1460_with_the_lock_held) {
    Box box{};
    InitializeCriticalSection(&box.section);
    EnterCriticalSection(&box.section);
    EXPECT(SleepConditionVariableCS(&box.not_empty, &box.section, 0), FALSE, ERROR_TIMEOUT);
    const std::uint64_t begin = now_ms();
    EXPECT(SleepConditionVariableCS(&box.not_empty, &box.section, 50), FALSE, ERROR_TIMEOUT);
    REQUIRE(now_ms() - begin >= 49, "not before its time");
    assert_int_equal(box.section.RecursionCount, 1);
    LeaveCriticalSection(&box.section);
    AcquireSRWLockExclusive(&box.lock);
    EXPECT(SleepConditionVariableSRW(&box.not_empty, &box.lock, 10, 0), FALSE, ERROR_TIMEOUT);
    EXPECT(SleepConditionVariableSRW(&box.not_empty, &box.lock, 10, 2), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(TryAcquireSRWLockShared(&box.lock), FALSE, SAME);
    ReleaseSRWLockExclusive(&box.lock);
    assert_null(box.not_empty.Ptr);
}

// Half of the threads put, half of them take, with short time-outs that are meant to collide with wake-ups.
constexpr int kItems = 5'000;
static void *put_or_take(void *argument) {
    Box &box = *static_cast<Box *>(argument);
    EnterCriticalSection(&box.section);
    const bool puts = box.taken++ % 2 == 0;
    for (int i = 0; i < kItems; ++i) {
        CONDITION_VARIABLE &mine = puts ? box.not_full : box.not_empty;
        while (puts ? box.items == 2 : box.items == 0)
            SleepConditionVariableCS(&mine, &box.section, i % 3 == 0 ? 1 : INFINITE);
        box.items += puts ? 1 : -1;
        WakeConditionVariable(puts ? &box.not_empty : &box.not_full);
    }
    LeaveCriticalSection(&box.section);
    return nullptr;
}

TEST(all, CondVar_02_to_04_no_wake_up_is_lost_beside_time_outs) {
    static Box box{};
    InitializeCriticalSection(&box.section);
    in_threads(put_or_take, &box);
    assert_int_equal(box.items, 0);
    assert_null(box.not_empty.Ptr);
    assert_null(box.not_full.Ptr);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
