/* barrier.c - synchronization barriers. */
#include "conformance/harness/suite.h"

CASE(numbers_that_make_a_barrier, "Barrier-01", ALL, "InitializeSynchronizationBarrier")
{
    SYNCHRONIZATION_BARRIER barrier;
    DOES(InitializeSynchronizationBarrier(&barrier, 1, -1));
    EQUAL(EnterSynchronizationBarrier(&barrier, 0), TRUE);
    DOES(DeleteSynchronizationBarrier(&barrier));
    DOES(InitializeSynchronizationBarrier(&barrier, 5, 0));
    DOES(DeleteSynchronizationBarrier(&barrier));
}

CASE(numbers_that_do_not, "Barrier-02", ALL, "InitializeSynchronizationBarrier: lTotalThreads, lSpinCount")
{
    SYNCHRONIZATION_BARRIER barrier;
    REFUSES(InitializeSynchronizationBarrier(&barrier, 0, -1), ERROR_INVALID_PARAMETER);
    REFUSES(InitializeSynchronizationBarrier(&barrier, -3, -1), ERROR_INVALID_PARAMETER);
    REFUSES(InitializeSynchronizationBarrier(&barrier, 2, -2), ERROR_INVALID_PARAMETER);
}

static SYNCHRONIZATION_BARRIER shared;

static uint64_t enter(const Ask *ask) { return (uint64_t)EnterSynchronizationBarrier(&shared, (DWORD)ask->number); }

static void all_pass_with_the_last(DWORD flags)
{
    enum { MANY = 3 };
    Partner *all[MANY];
    DOES(InitializeSynchronizationBarrier(&shared, MANY + 1, -1));
    for (int i = 0; i < MANY; ++i) all[i] = partner(IN_A_THREAD);
    for (int phase = 0; phase < 4; ++phase) {
        int last = 0;
        for (int i = 0; i < MANY; ++i) tell(all[i], enter, .number = flags);
        if (phase == 0) {
            pause_ms(A_WHILE);
            for (int i = 0; i < MANY; ++i) TRUE_THAT(!answers_within(all[i], 0));
        }
        last += EnterSynchronizationBarrier(&shared, flags) != 0;
        for (int i = 0; i < MANY; ++i) last += answer(all[i]) != 0;
        EQUAL(last, 1);
    }
}

CASE(all_pass_when_the_last_has_come_again_and_again, "Barrier-03 Barrier-04", ALL, "EnterSynchronizationBarrier")
{
    all_pass_with_the_last(0);
}

CASE(flags_change_nothing_but_speed, "Barrier-05", ALL, "EnterSynchronizationBarrier: dwFlags")
{
    all_pass_with_the_last(SYNCHRONIZATION_BARRIER_FLAGS_BLOCK_ONLY);
    all_pass_with_the_last(SYNCHRONIZATION_BARRIER_FLAGS_NO_DELETE);
}

CASE(spinning_only_it_works_as_well, "Barrier-05", ALL, "EnterSynchronizationBarrier: dwFlags")
{
    DOES(InitializeSynchronizationBarrier(&shared, 2, -1));
    Partner *other = partner(IN_A_THREAD);
    tell(other, enter, .number = SYNCHRONIZATION_BARRIER_FLAGS_SPIN_ONLY);
    const BOOL mine = EnterSynchronizationBarrier(&shared, SYNCHRONIZATION_BARRIER_FLAGS_SPIN_ONLY);
    EQUAL((mine != 0) + (answer(other) != 0), 1);
}

CASE(it_may_be_deleted_by_who_returns_first, "Barrier-06", ALL, "DeleteSynchronizationBarrier")
{
    Partner *other = partner(IN_A_THREAD);
    for (int round = 0; round < 50; ++round) {
        DOES(InitializeSynchronizationBarrier(&shared, 2, -1));
        tell(other, enter, .number = 0);
        EnterSynchronizationBarrier(&shared, 0);
        DOES(DeleteSynchronizationBarrier(&shared));
        answer(other);
    }
}
