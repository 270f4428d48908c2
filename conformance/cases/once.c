/* once.c - one-time initialization. */
#include "conformance/harness/suite.h"

static int calls;
static int context; /* its address is what the callbacks store */

static BOOL CALLBACK succeed(PINIT_ONCE once, PVOID parameter, PVOID *stored)
{
    (void)once;
    (void)parameter;
    ++calls;
    if (stored != NULL) *stored = &context; /* optional, as for the caller */
    return TRUE;
}

static BOOL CALLBACK fail_with(PINIT_ONCE once, PVOID parameter, PVOID *stored)
{
    (void)once;
    (void)stored;
    ++calls;
    SetLastError(*(DWORD *)parameter);
    return FALSE;
}

/* ---- InitOnceExecuteOnce ----------------------------------------------------------------------------------------- */
CASE(the_callback_runs_once, "InitOnce-01 InitOnce-02", ALL, "InitOnceExecuteOnce")
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    for (int i = 0; i < 3; ++i) {
        void *got = NULL;
        DOES(InitOnceExecuteOnce(&once, succeed, NULL, &got));
        TRUE_THAT(got == &context);
        EQUAL(calls, 1);
    }
    DOES(InitOnceExecuteOnce(&once, succeed, NULL, NULL));
}

static INIT_ONCE shared;
static HANDLE go_on;

static BOOL CALLBACK wait_and_succeed(PINIT_ONCE once, PVOID parameter, PVOID *stored)
{
    WaitForSingleObject(go_on, LONG_ENOUGH);
    return succeed(once, parameter, stored);
}

static uint64_t execute_shared(const Ask *ask)
{
    (void)ask;
    void *got = NULL;
    return InitOnceExecuteOnce(&shared, wait_and_succeed, NULL, &got) && got == &context;
}

CASE(others_wait_for_the_first, "InitOnce-02", ALL, "InitOnceExecuteOnce: remarks")
{
    go_on = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    Partner *one = partner(IN_A_THREAD), *other = partner(IN_A_THREAD);
    tell(one, execute_shared, .number = 0);
    until_blocked(one);
    tell(other, execute_shared, .number = 0);
    until_blocked(other);
    DOES(SetEvent(go_on));
    TRUE_THAT(answer(one));
    TRUE_THAT(answer(other));
    EQUAL(calls, 1);
}

CASE(a_failed_callback_leaves_it_to_the_next, "InitOnce-03", ALL, "InitOnceExecuteOnce: return value")
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    DWORD code = 4711;
    REFUSES(InitOnceExecuteOnce(&once, fail_with, &code, NULL), 4711);
    code = 4712;
    REFUSES(InitOnceExecuteOnce(&once, fail_with, &code, NULL), 4712);
    void *got = NULL;
    DOES(InitOnceExecuteOnce(&once, succeed, NULL, &got));
    TRUE_THAT(got == &context);
    EQUAL(calls, 3);
}

/* ---- Begin and Complete ------------------------------------------------------------------------------------------ */
static uint64_t begin_shared(const Ask *ask)
{
    (void)ask;
    BOOL pending = -1;
    void *got = NULL;
    if (!InitOnceBeginInitialize(&shared, 0, &pending, &got)) return 100;
    return (uint64_t)pending * 10 + (got == &context);
}

CASE(who_begins_others_wait_for, "InitOnce-04 InitOnce-05 InitOnce-11", ALL,
     "InitOnceBeginInitialize; InitOnceComplete")
{
    BOOL pending = -1;
    DOES(InitOnceBeginInitialize(&shared, 0, &pending, NULL));
    EQUAL(pending, TRUE);
    Partner *other = partner(IN_A_THREAD);
    tell(other, begin_shared, .number = 0);
    until_blocked(other);
    DOES(InitOnceComplete(&shared, 0, &context));
    EQUAL(answer(other), 1); /* not pending, and the context */
    void *got = NULL;
    DOES(InitOnceBeginInitialize(&shared, 0, &pending, &got));
    EQUAL(pending, FALSE);
    TRUE_THAT(got == &context);
}

CASE(only_looking, "InitOnce-06 InitOnce-07", ALL, "InitOnceBeginInitialize: INIT_ONCE_CHECK_ONLY")
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    BOOL pending = -1;
    void *got = NULL;
    REFUSES(InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &got), ERROR_GEN_FAILURE);
    DOES(InitOnceBeginInitialize(&once, 0, &pending, NULL)); /* nothing had begun */
    EQUAL(pending, TRUE);
    REFUSES(InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &got), ERROR_GEN_FAILURE);
    DOES(InitOnceComplete(&once, 0, &context));
    DOES(InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &got));
    TRUE_THAT(got == &context);
    EQUAL(pending, FALSE);
}

CASE(the_ways_are_not_mixed, "InitOnce-08", ALL, "One-Time Initialization")
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    BOOL pending = -1;
    DOES(InitOnceBeginInitialize(&once, 0, &pending, NULL));
    REFUSES(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, NULL), ERROR_INVALID_PARAMETER);
    DOES(InitOnceComplete(&once, 0, NULL));
}

CASE(several_may_begin_and_the_first_completes, "InitOnce-09 InitOnce-11 InitOnce-12", ALL, "One-Time Initialization")
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    static int second;
    for (int i = 0; i < 2; ++i) {
        BOOL pending = -1;
        DOES(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, NULL));
        EQUAL(pending, TRUE);
    }
    DOES(InitOnceComplete(&once, INIT_ONCE_ASYNC, &context));
    REFUSES(InitOnceComplete(&once, INIT_ONCE_ASYNC, &second), ERROR_GEN_FAILURE);
    BOOL pending = -1;
    void *got = NULL;
    DOES(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, &got));
    EQUAL(pending, FALSE);
    TRUE_THAT(got == &context);
}

CASE(looking_is_not_beginning, "InitOnce-10", ALL, "InitOnceBeginInitialize: dwFlags; seen on Wine 8.0")
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    BOOL pending = -1;
    REFUSES(InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY | INIT_ONCE_ASYNC, &pending, NULL),
            ERROR_INVALID_PARAMETER);
}

CASE(a_failed_attempt_begins_anew, "InitOnce-13", ALL, "InitOnceComplete: INIT_ONCE_INIT_FAILED")
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    for (int i = 0; i < 2; ++i) {
        BOOL pending = -1;
        DOES(InitOnceBeginInitialize(&once, 0, &pending, NULL));
        EQUAL(pending, TRUE);
        DOES(InitOnceComplete(&once, INIT_ONCE_INIT_FAILED, NULL));
    }
    DOES(InitOnceExecuteOnce(&once, succeed, NULL, NULL));
    EQUAL(calls, 1);
}

CASE(nothing_to_complete, "InitOnce-14", ALL, "seen on Wine 8.0")
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    BOOL pending;
    REFUSES(InitOnceComplete(&once, 0, NULL), ERROR_GEN_FAILURE);
    DOES(InitOnceBeginInitialize(&once, 0, &pending, NULL));
    DOES(InitOnceComplete(&once, 0, NULL));
    REFUSES(InitOnceComplete(&once, 0, NULL), ERROR_GEN_FAILURE);
}

CASE(two_bits_of_the_context_are_not_the_callers, "InitOnce-15", ALL, "One-Time Initialization")
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    BOOL pending;
    DOES(InitOnceBeginInitialize(&once, 0, &pending, NULL));
    for (uintptr_t low = 1; low < 4; ++low)
        REFUSES(InitOnceComplete(&once, 0, (void *)(0x1000 | low)), ERROR_INVALID_PARAMETER);
    DOES(InitOnceComplete(&once, 0, (void *)0x1000));
}

CASE(an_async_attempt_cannot_be_told_to_have_failed, "InitOnce-16", ALL, "InitOnceComplete: dwFlags")
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    BOOL pending;
    DOES(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, NULL));
    REFUSES(InitOnceComplete(&once, INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED, NULL), ERROR_INVALID_PARAMETER);
}

CASE(the_end_must_be_as_the_beginning, "InitOnce-17", ALL, "InitOnceComplete: dwFlags")
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT, other = INIT_ONCE_STATIC_INIT;
    BOOL pending;
    DOES(InitOnceBeginInitialize(&once, 0, &pending, NULL));
    REFUSES(InitOnceComplete(&once, INIT_ONCE_ASYNC, NULL), ERROR_INVALID_PARAMETER);
    DOES(InitOnceComplete(&once, 0, NULL));
    DOES(InitOnceBeginInitialize(&other, INIT_ONCE_ASYNC, &pending, NULL));
    REFUSES(InitOnceComplete(&other, 0, NULL), ERROR_INVALID_PARAMETER);
    DOES(InitOnceComplete(&other, INIT_ONCE_ASYNC, NULL));
}
