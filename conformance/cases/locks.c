/* locks.c - locks within a process: critical sections, slim reader/writer locks, condition variables. */
#include "conformance/harness/suite.h"

static CRITICAL_SECTION section;
static SRWLOCK slim = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static int state;

/* ---- critical sections ------------------------------------------------------------------------------------------- */
static uint64_t enter(const Ask *ask)
{
    (void)ask;
    EnterCriticalSection(&section);
    return 0;
}

static uint64_t try_enter(const Ask *ask)
{
    (void)ask;
    return (uint64_t)TryEnterCriticalSection(&section);
}

static uint64_t leave(const Ask *ask)
{
    (void)ask;
    LeaveCriticalSection(&section);
    return 0;
}

/* A void function leaves last error as it was. */
#define LEAVES_ALONE(call) \
    (poison(), (call), expect_equal(__FILE__, __LINE__, #call ": last error", GetLastError(), UNTOUCHED))

CASE(one_at_a_time_is_inside, "CritSec-01 CritSec-11", ALL, "Critical Section Objects")
{
    LEAVES_ALONE(InitializeCriticalSection(&section));
    LEAVES_ALONE(EnterCriticalSection(&section));
    Partner *one = partner(IN_A_THREAD), *two = partner(IN_A_THREAD);
    tell(one, enter, .number = 0);
    tell(two, enter, .number = 0);
    until_blocked(one);
    until_blocked(two);
    LEAVES_ALONE(LeaveCriticalSection(&section));
    Partner *both[] = {one, two};
    const int first = first_to_answer(both, 2);
    TRUE_THAT(!answers_within(both[!first], A_WHILE));
    ask(both[first], leave, .number = 0);
    answer(both[!first]);
    EQUAL(error_of(both[!first]), SAME);
    ask(both[!first], leave, .number = 0);
    LEAVES_ALONE(DeleteCriticalSection(&section));
}

CASE(with_a_spin_count_it_is_made_as_well, "CritSec-02", ALL, "InitializeCriticalSectionAndSpinCount")
{
    CRITICAL_SECTION other;
    DOES(InitializeCriticalSectionAndSpinCount(&section, 4000));
    DOES(InitializeCriticalSectionEx(&other, 100, 0));
    EnterCriticalSection(&section);
    EnterCriticalSection(&other);
    LeaveCriticalSection(&other);
    LeaveCriticalSection(&section);
}

CASE(the_owner_enters_again, "CritSec-03 CritSec-04", ALL, "EnterCriticalSection: remarks")
{
    InitializeCriticalSection(&section);
    Partner *other = partner(IN_A_THREAD);
    DOES(TryEnterCriticalSection(&section));
    EnterCriticalSection(&section);
    DOES(TryEnterCriticalSection(&section));
    for (int left = 3; left > 0; --left) {
        EQUAL(ask(other, try_enter, .number = 0), 0);
        LeaveCriticalSection(&section);
    }
    TRUE_THAT(ask(other, try_enter, .number = 0));
}

CASE(trying_does_not_block, "CritSec-05", ALL, "TryEnterCriticalSection: return value")
{
    InitializeCriticalSection(&section);
    Partner *other = partner(IN_A_THREAD);
    ask(other, enter, .number = 0);
    GIVES(TryEnterCriticalSection(&section), 0, SAME);
    ask(other, leave, .number = 0);
    DOES(TryEnterCriticalSection(&section));
}

CASE(the_spin_count_is_read_back, "CritSec-06", ALL, "SetCriticalSectionSpinCount; seen on Wine 8.0")
{
    if (processors() < 2) skip_case("on one processor the spin count is 0");
    DOES(InitializeCriticalSectionAndSpinCount(&section, 4000));
    EQUAL(SetCriticalSectionSpinCount(&section, 100) & 0xFFFFFF, 4000);
    EQUAL(SetCriticalSectionSpinCount(&section, 0) & 0xFFFFFF, 100);
    EQUAL(SetCriticalSectionSpinCount(&section, 0) & 0xFFFFFF, 0);
}

CASE(the_end_of_its_owner_does_not_free_it, "CritSec-08", ALL, "Critical Section Objects")
{
    InitializeCriticalSection(&section);
    Partner *owner = partner(IN_A_THREAD);
    ask(owner, enter, .number = 0);
    let_go(owner);
    GIVES(TryEnterCriticalSection(&section), 0, SAME);
}

CASE(deleted_it_may_be_made_anew, "CritSec-09", ALL, "DeleteCriticalSection: remarks")
{
    for (int i = 0; i < 3; ++i) {
        InitializeCriticalSection(&section);
        EnterCriticalSection(&section);
        LeaveCriticalSection(&section);
        DeleteCriticalSection(&section);
    }
}

/* ---- slim reader/writer locks ------------------------------------------------------------------------------------ */
static uint64_t share(const Ask *ask)
{
    (void)ask;
    AcquireSRWLockShared(&slim);
    return 0;
}

static uint64_t unshare_it(const Ask *ask)
{
    (void)ask;
    ReleaseSRWLockShared(&slim);
    return 0;
}

static uint64_t exclude(const Ask *ask)
{
    (void)ask;
    AcquireSRWLockExclusive(&slim);
    return 0;
}

static uint64_t try_exclude(const Ask *ask)
{
    (void)ask;
    return TryAcquireSRWLockExclusive(&slim);
}

CASE(all_zero_is_free, "Srw-01", ALL, "Slim Reader/Writer (SRW) Locks")
{
    SRWLOCK zero = {0}, made;
    InitializeSRWLock(&made);
    EQUAL(sizeof(SRWLOCK), sizeof(void *));
    TRUE_THAT(zero.Ptr == made.Ptr);
    TRUE_THAT(TryAcquireSRWLockExclusive(&zero));
    ReleaseSRWLockExclusive(&zero);
    TRUE_THAT(TryAcquireSRWLockExclusive(&made));
    ReleaseSRWLockExclusive(&made);
}

CASE(several_share, "Srw-02", ALL, "Slim Reader/Writer (SRW) Locks")
{
    Partner *one = partner(IN_A_THREAD), *two = partner(IN_A_THREAD);
    AcquireSRWLockShared(&slim);
    ask(one, share, .number = 0);
    ask(two, share, .number = 0);
    DOES(TryAcquireSRWLockShared(&slim));
}

CASE(a_writer_is_alone, "Srw-03 Srw-05", ALL, "Slim Reader/Writer (SRW) Locks")
{
    Partner *other = partner(IN_A_THREAD);
    AcquireSRWLockExclusive(&slim);
    GIVES(TryAcquireSRWLockShared(&slim), 0, SAME);
    GIVES(TryAcquireSRWLockExclusive(&slim), 0, SAME); /* not by its holder either */
    EQUAL(ask(other, try_exclude, .number = 0), 0);
    ReleaseSRWLockExclusive(&slim);
    TRUE_THAT(ask(other, try_exclude, .number = 0));
}

CASE(readers_keep_writers_out, "Srw-04 Srw-08", ALL, "Slim Reader/Writer (SRW) Locks")
{
    Partner *other = partner(IN_A_THREAD);
    AcquireSRWLockShared(&slim);
    EQUAL(ask(other, try_exclude, .number = 0), 0);
    GIVES(TryAcquireSRWLockExclusive(&slim), 0, SAME); /* no way up for the reader itself */
    ReleaseSRWLockShared(&slim);
    TRUE_THAT(ask(other, try_exclude, .number = 0));
}

CASE(the_holder_blocks_itself, "Srw-06", ALL, "Slim Reader/Writer (SRW) Locks")
{
    Partner *other = partner(IN_A_THREAD);
    ask(other, exclude, .number = 0);
    tell(other, exclude, .number = 0);
    until_blocked(other);
    TRUE_THAT(!answers_within(other, A_WHILE));
}

CASE(after_a_writer_somebody_goes_on, "Srw-07", ALL, "Slim Reader/Writer (SRW) Locks")
{
    Partner *reader = partner(IN_A_THREAD), *writer = partner(IN_A_THREAD);
    AcquireSRWLockExclusive(&slim);
    tell(reader, share, .number = 0);
    tell(writer, exclude, .number = 0);
    until_blocked(reader);
    until_blocked(writer);
    ReleaseSRWLockExclusive(&slim);
    Partner *both[] = {reader, writer};
    if (first_to_answer(both, 2) == 0) {
        TRUE_THAT(!answers_within(writer, A_WHILE));
        ask(reader, unshare_it, .number = 0);
        answer(writer);
    } else {
        TRUE_THAT(!answers_within(reader, A_WHILE));
    }
}

/* ---- condition variables ----------------------------------------------------------------------------------------- */
/* Waits until the state is not 0, or for `number` milliseconds; gives 0, or the error. Not for spurious returns. */
static uint64_t sleep_in_section(const Ask *ask)
{
    uint64_t error = 0;
    EnterCriticalSection(&section);
    while (state == 0 && error == 0)
        if (!SleepConditionVariableCS(&changed, &section, (DWORD)ask->number)) error = GetLastError();
    if (state > 0) --state;
    LeaveCriticalSection(&section);
    return error;
}

static uint64_t sleep_in_slim(const Ask *ask)
{
    uint64_t error = 0;
    AcquireSRWLockExclusive(&slim);
    while (state == 0 && error == 0)
        if (!SleepConditionVariableSRW(&changed, &slim, (DWORD)ask->number, 0)) error = GetLastError();
    if (state > 0) --state;
    ReleaseSRWLockExclusive(&slim);
    return error;
}

static uint64_t sleep_shared(const Ask *ask)
{
    AcquireSRWLockShared(&slim);
    while (__atomic_load_n(&state, __ATOMIC_RELAXED) == 0)
        if (!SleepConditionVariableSRW(&changed, &slim, (DWORD)ask->number, CONDITION_VARIABLE_LOCKMODE_SHARED)) break;
    const bool shared = TryAcquireSRWLockShared(&slim) && !TryAcquireSRWLockExclusive(&slim);
    ReleaseSRWLockShared(&slim);
    ReleaseSRWLockShared(&slim);
    return shared;
}

static void set_state(int value)
{
    EnterCriticalSection(&section);
    AcquireSRWLockExclusive(&slim);
    state = value;
    ReleaseSRWLockExclusive(&slim);
    LeaveCriticalSection(&section);
}

CASE(all_zero_is_a_condition_variable, "CondVar-01", ALL, "Condition Variables")
{
    CONDITION_VARIABLE zero = {0}, made;
    InitializeConditionVariable(&made);
    TRUE_THAT(zero.Ptr == made.Ptr);
    WakeConditionVariable(&zero);
    WakeAllConditionVariable(&made);
}

CASE(asleep_it_holds_no_lock_and_awake_it_does, "CondVar-02 CondVar-04", ALL, "SleepConditionVariableCS")
{
    InitializeCriticalSection(&section);
    Partner *other = partner(IN_A_THREAD);
    Task *const ways[] = {sleep_in_section, sleep_in_slim};
    for (int i = 0; i < 2; ++i) {
        tell(other, ways[i], .number = INFINITE);
        until_blocked(other);
        DOES(TryEnterCriticalSection(&section)); /* it is free */
        DOES(TryAcquireSRWLockExclusive(&slim));
        state = 1;
        LEAVES_ALONE(WakeConditionVariable(&changed));
        TRUE_THAT(!answers_within(other, A_WHILE)); /* awake, it waits for the lock */
        ReleaseSRWLockExclusive(&slim);
        LeaveCriticalSection(&section);
        EQUAL(answer(other), 0);
        EQUAL(state, 0);
    }
}

CASE(the_time_runs_out_and_the_lock_is_held, "CondVar-03", ALL, "SleepConditionVariableSRW: return value")
{
    InitializeCriticalSection(&section);
    Partner *other = partner(IN_A_THREAD);
    const uint64_t begin = now_ms();
    EnterCriticalSection(&section);
    while (SleepConditionVariableCS(&changed, &section, 60)) continue; /* spurious */
    EQUAL(GetLastError(), ERROR_TIMEOUT);
    BETWEEN(now_ms() - begin, 60 - 16, LONG_ENOUGH);
    EQUAL(ask(other, try_enter, .number = 0), 0);
    LeaveCriticalSection(&section);
    AcquireSRWLockExclusive(&slim);
    while (SleepConditionVariableSRW(&changed, &slim, 0, 0)) continue;
    EQUAL(GetLastError(), ERROR_TIMEOUT);
    EQUAL(ask(other, try_exclude, .number = 0), 0);
    ReleaseSRWLockExclusive(&slim);
}

CASE(one_wake_wakes_one_all_wakes_all, "CondVar-04 CondVar-05", ALL, "WakeConditionVariable; WakeAllConditionVariable")
{
    enum { MANY = 3 };
    Partner *all[MANY];
    InitializeCriticalSection(&section);
    for (int i = 0; i < MANY; ++i) {
        all[i] = partner(IN_A_THREAD);
        tell(all[i], sleep_in_section, .number = INFINITE);
        until_blocked(all[i]);
    }
    set_state(1);
    WakeConditionVariable(&changed);
    const int woken = first_to_answer(all, MANY);
    EQUAL(answer(all[woken]), 0);
    all[woken] = all[MANY - 1];
    set_state(MANY - 1);
    LEAVES_ALONE(WakeAllConditionVariable(&changed));
    for (int i = 0; i < MANY - 1; ++i) EQUAL(answer(all[i]), 0);
}

CASE(a_wake_for_nobody_is_not_kept, "CondVar-06", ALL, "known")
{
    InitializeCriticalSection(&section);
    LEAVES_ALONE(WakeConditionVariable(&changed));
    LEAVES_ALONE(WakeAllConditionVariable(&changed));
    const uint64_t begin = now_ms();
    EnterCriticalSection(&section);
    while (SleepConditionVariableCS(&changed, &section, 50)) continue;
    EQUAL(GetLastError(), ERROR_TIMEOUT);
    BETWEEN(now_ms() - begin, 50 - 16, LONG_ENOUGH);
}

CASE(a_shared_lock_is_shared_again, "CondVar-07", ALL, "SleepConditionVariableSRW: Flags")
{
    InitializeCriticalSection(&section);
    Partner *other = partner(IN_A_THREAD);
    tell(other, sleep_shared, .number = INFINITE);
    until_blocked(other);
    DOES(TryAcquireSRWLockExclusive(&slim));
    __atomic_store_n(&state, 1, __ATOMIC_RELAXED);
    ReleaseSRWLockExclusive(&slim);
    WakeAllConditionVariable(&changed);
    TRUE_THAT(answer(other));
}
