// test_pool.cpp - thread pools: work objects, callbacks submitted once, what callbacks may ask for.
//
// Source      the pages of threadpoolapiset.h; "QueueUserWorkItem". Cleanup groups: test_pool_cleanup.cpp.
#include <string>

#include "tests/support/pool_work.h"

static std::string order;  // by callbacks that run one at a time

static void NTAPI notes(PTP_CALLBACK_INSTANCE, PVOID letter) { order += *static_cast<char *>(letter); }
static DWORD WINAPI adds(PVOID by) {
    ran.count += static_cast<long>(as_number(by));
    return 0;
}

TEST(all, Pool_work_runs_as_often_as_it_is_submitted_in_another_thread) {
    begin();
    const PTP_WORK w = work(counts);
    for (int i = 0; i < 1000; ++i) SubmitThreadpoolWork(w);
    WaitForThreadpoolWorkCallbacks(w, FALSE);
    assert_int_equal(ran.get(), 1000);
    assert_int_not_equal(thread_id, GetCurrentThreadId());
    SubmitThreadpoolWork(w);
    WaitForThreadpoolWorkCallbacks(w, FALSE);
    assert_int_equal(ran.get(), 1001);
    CloseThreadpoolWork(w);
}

TEST(all, Pool_what_is_submitted_once_runs_once_with_its_argument) {
    begin();
    EXPECT(TrySubmitThreadpoolCallback(counts_once, number(3), nullptr), TRUE, SAME);
    EXPECT(QueueUserWorkItem(adds, number(5), WT_EXECUTEDEFAULT), TRUE, SAME);
    EXPECT(QueueUserWorkItem(adds, number(7), WT_EXECUTELONGFUNCTION), TRUE, SAME);
    REQUIRE(ran.reaches(15) && ran.stays(15), "each runs once");
}

TEST(all, Pool_what_cannot_be_submitted) {
    TP_CALLBACK_ENVIRON environment;
    InitializeThreadpoolEnvironment(&environment);
    EXPECT(TrySubmitThreadpoolCallback(nullptr, nullptr, nullptr), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(QueueUserWorkItem(nullptr, nullptr, 0), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(QueueUserWorkItem(adds, nullptr, 0x8000), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(CreateThreadpoolWork(nullptr, nullptr, &environment), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(CreateThreadpool(&environment), nullptr, ERROR_INVALID_PARAMETER);
    environment.Version = 2;
    EXPECT(CreateThreadpoolWork(counts, nullptr, &environment), nullptr, ERROR_INVALID_PARAMETER);
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPriority(&environment, TP_CALLBACK_PRIORITY_INVALID);
    EXPECT(CreateThreadpoolWork(counts, nullptr, &environment), nullptr, ERROR_INVALID_PARAMETER);
    const PTP_POOL pool = single(&environment);
    CloseThreadpool(pool);
    EXPECT(CreateThreadpoolWork(counts, nullptr, &environment), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(SetThreadpoolThreadMinimum(pool, 1), FALSE, ERROR_INVALID_PARAMETER);
    SubmitThreadpoolWork(nullptr);
    CloseThreadpoolWork(nullptr);
}

static std::atomic<long> present;
static void NTAPI meets(PTP_CALLBACK_INSTANCE, PVOID wanted, PTP_WORK) {
    if (++present == static_cast<long>(as_number(wanted))) SetEvent(go);
    if (WaitForSingleObject(go, kSoon) == WAIT_OBJECT_0) ++ran;
}

TEST(all, Pool_callbacks_that_wait_for_one_another_all_get_a_thread) {
    begin();
    present = 0;
    const PTP_WORK w = work(meets, nullptr, number(40));
    for (int i = 0; i < 40; ++i) SubmitThreadpoolWork(w);
    WaitForThreadpoolWorkCallbacks(w, FALSE);
    assert_int_equal(ran.get(), 40);
    CloseThreadpoolWork(w);
}

TEST(all, Pool_no_more_threads_than_the_maximum) {
    begin();
    TP_CALLBACK_ENVIRON environment;
    const PTP_POOL pool = single(&environment);
    present = 0;
    const PTP_WORK w = work(meets, &environment, number(2));
    SubmitThreadpoolWork(w);
    SubmitThreadpoolWork(w);
    for (const ULONGLONG until = milliseconds() + kSoon; present == 0 && milliseconds() < until;) Sleep(1);
    Sleep(100);  // shows that no second one comes
    assert_int_equal(present, 1);
    SetThreadpoolThreadMaximum(pool, 2);
    WaitForThreadpoolWorkCallbacks(w, FALSE);
    assert_int_equal(ran.get(), 2);
    CloseThreadpoolWork(w);
    CloseThreadpool(pool);
}

TEST(all, Pool_those_of_higher_priority_first_then_in_order) {
    begin();
    order.clear();
    TP_CALLBACK_ENVIRON environment;
    const PTP_POOL pool = single(&environment);
    const PTP_WORK first = work(blocks, &environment);
    SubmitThreadpoolWork(first);
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    static char letters[] = "nNlhH";
    const TP_CALLBACK_PRIORITY priorities[] = {TP_CALLBACK_PRIORITY_NORMAL, TP_CALLBACK_PRIORITY_NORMAL,
                                               TP_CALLBACK_PRIORITY_LOW, TP_CALLBACK_PRIORITY_HIGH,
                                               TP_CALLBACK_PRIORITY_HIGH};
    for (int i = 0; i < 5; ++i) {
        SetThreadpoolCallbackPriority(&environment, priorities[i]);
        EXPECT(TrySubmitThreadpoolCallback(notes, &letters[i], &environment), TRUE, SAME);
    }
    SetThreadpoolCallbackPriority(&environment, TP_CALLBACK_PRIORITY_LOW);
    const PTP_WORK last = work(counts, &environment);
    SubmitThreadpoolWork(last);
    SetEvent(go);
    WaitForThreadpoolWorkCallbacks(last, FALSE);
    assert_string_equal(order.c_str(), "hHnNl");
    CloseThreadpoolWork(first);
    CloseThreadpoolWork(last);
    CloseThreadpool(pool);
}

TEST(all, Pool_callbacks_that_have_not_begun_can_be_cancelled) {
    begin();
    TP_CALLBACK_ENVIRON environment;
    const PTP_POOL pool = single(&environment);
    const PTP_WORK blocking = work(blocks, &environment), other = work(counts, &environment);
    SubmitThreadpoolWork(blocking);
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    for (int i = 0; i < 10; ++i) SubmitThreadpoolWork(other);
    WaitForThreadpoolWorkCallbacks(other, TRUE);  // none of them runs: there is nothing to wait for
    SetEvent(go);
    WaitForThreadpoolWorkCallbacks(blocking, TRUE);
    assert_int_equal(ran.get(), 1);
    SubmitThreadpoolWork(other);
    WaitForThreadpoolWorkCallbacks(other, FALSE);
    assert_int_equal(ran.get(), 2);
    CloseThreadpoolWork(blocking);
    CloseThreadpoolWork(other);
    CloseThreadpool(pool);
}

TEST(all, Pool_what_is_closed_still_runs_what_is_queued) {
    begin();
    TP_CALLBACK_ENVIRON environment;
    const PTP_POOL pool = single(&environment);
    const PTP_WORK blocking = work(blocks, &environment), other = work(counts, &environment);
    SubmitThreadpoolWork(blocking);
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    SubmitThreadpoolWork(other);
    SubmitThreadpoolWork(other);
    CloseThreadpoolWork(other);
    CloseThreadpoolWork(blocking);
    CloseThreadpool(pool);
    SetEvent(go);
    REQUIRE(ran.reaches(3), "what was queued runs after everything has been closed");
}

// ---- what a callback may ask for ----------------------------------------------------------------------------------

static HANDLE mutex_of_test, semaphore_of_test, event_of_test;
static CRITICAL_SECTION section;
static HMODULE library;

static void NTAPI asks_for_all(PTP_CALLBACK_INSTANCE instance, PVOID, PTP_WORK) {
    WaitForSingleObject(mutex_of_test, INFINITE);
    EnterCriticalSection(&section);
    LeaveCriticalSectionWhenCallbackReturns(instance, &section);
    ReleaseMutexWhenCallbackReturns(instance, mutex_of_test);
    ReleaseSemaphoreWhenCallbackReturns(instance, semaphore_of_test, 2);
    SetEventWhenCallbackReturns(instance, event_of_test);
    FreeLibraryWhenCallbackReturns(instance, library);
    // Nothing of it happens before it returns.
    const bool early = WaitForSingleObject(event_of_test, 20) != WAIT_TIMEOUT ||
                       WaitForSingleObject(semaphore_of_test, 0) != WAIT_TIMEOUT;
    if (!early) ++ran;
}

TEST(all, Pool_what_happens_when_a_callback_has_returned) {
    begin();
    mutex_of_test = MADE(CreateMutexA(nullptr, FALSE, nullptr), ERROR_SUCCESS);
    semaphore_of_test = MADE(CreateSemaphoreA(nullptr, 0, 5, nullptr), ERROR_SUCCESS);
    event_of_test = event();
    InitializeCriticalSection(&section);
    assert_int_not_equal(GetModuleHandleExA(0, "kernel32", &library), 0);
    const PTP_WORK w = work(asks_for_all);
    SubmitThreadpoolWork(w);
    EXPECT(WaitForSingleObject(event_of_test, kSoon), WAIT_OBJECT_0, SAME);
    LONG before = -1;
    EXPECT(ReleaseSemaphore(semaphore_of_test, 1, &before), TRUE, SAME);
    assert_int_equal(before, 2);
    EXPECT(WaitForSingleObject(mutex_of_test, 0), WAIT_OBJECT_0, SAME);
    assert_int_not_equal(TryEnterCriticalSection(&section), 0);
    LeaveCriticalSection(&section);
    EXPECT(ReleaseMutex(mutex_of_test), TRUE, SAME);
    WaitForThreadpoolWorkCallbacks(w, FALSE);
    assert_int_equal(ran.get(), 1);
    CloseThreadpoolWork(w);
}

static std::atomic<long> may;
static void NTAPI may_run_long(PTP_CALLBACK_INSTANCE instance, PVOID, PTP_WORK) { may = CallbackMayRunLong(instance); }

TEST(all, Pool_a_callback_may_run_long_if_another_thread_is_there) {
    TP_CALLBACK_ENVIRON environment;
    const PTP_POOL pool = single(&environment);
    const PTP_WORK w = work(may_run_long, &environment);
    may = 7;
    SubmitThreadpoolWork(w);
    WaitForThreadpoolWorkCallbacks(w, FALSE);
    assert_int_equal(may, FALSE);
    SetThreadpoolThreadMaximum(pool, 2);
    SubmitThreadpoolWork(w);
    WaitForThreadpoolWorkCallbacks(w, FALSE);
    assert_int_equal(may, TRUE);
    CloseThreadpoolWork(w);
    CloseThreadpool(pool);
}

static void NTAPI leaves_then_blocks(PTP_CALLBACK_INSTANCE instance, PVOID, PTP_WORK w) {
    DisassociateCurrentThreadFromCallback(instance);
    WaitForThreadpoolWorkCallbacks(w, FALSE);  // not for itself
    SetEvent(begun);
    WaitForSingleObject(go, kSoon);
    ++ran;
}

TEST(all, Pool_nobody_waits_for_a_callback_that_has_disassociated_itself) {
    begin();
    const PTP_WORK w = work(leaves_then_blocks);
    SubmitThreadpoolWork(w);
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    WaitForThreadpoolWorkCallbacks(w, FALSE);
    assert_int_equal(ran.get(), 0);
    CloseThreadpoolWork(w);
    SetEvent(go);
    REQUIRE(ran.reaches(1), "it ends in the end");
}

static void NTAPI ends_its_thread(PTP_CALLBACK_INSTANCE, PVOID, PTP_WORK) { ExitThread(1); }

TEST(all, Pool_a_callback_that_ends_its_thread_is_over_and_the_pool_goes_on) {
    begin();
    TP_CALLBACK_ENVIRON environment;
    const PTP_POOL pool = single(&environment);
    const PTP_WORK bad = work(ends_its_thread, &environment), good = work(counts, &environment);
    SubmitThreadpoolWork(bad);
    SubmitThreadpoolWork(good);
    WaitForThreadpoolWorkCallbacks(bad, FALSE);
    WaitForThreadpoolWorkCallbacks(good, FALSE);
    assert_int_equal(ran.get(), 1);
    CloseThreadpoolWork(bad);
    CloseThreadpoolWork(good);
    CloseThreadpool(pool);
}

// ---- pools and environments ----------------------------------------------------------------------------------------

static void NTAPI uses_much_stack(PTP_CALLBACK_INSTANCE, PVOID, PTP_WORK) {
    volatile char much[12u << 20];
    much[0] = 1;
    much[sizeof much - 1] = 1;
    ran.count += much[0];
}

TEST(all, Pool_its_threads_have_the_stack_that_was_asked_for) {
    begin();
    TP_CALLBACK_ENVIRON environment;
    const PTP_POOL pool = single(&environment);
    TP_POOL_STACK_INFORMATION stack = {32u << 20, 1u << 16}, told = {};
    EXPECT(SetThreadpoolStackInformation(pool, &stack), TRUE, SAME);
    EXPECT(QueryThreadpoolStackInformation(pool, &told), TRUE, SAME);
    assert_int_equal(told.StackReserve, stack.StackReserve);
    assert_int_equal(told.StackCommit, stack.StackCommit);
    EXPECT(SetThreadpoolStackInformation(pool, nullptr), FALSE, ERROR_INVALID_PARAMETER);
    const PTP_WORK w = work(uses_much_stack, &environment);
    SubmitThreadpoolWork(w);
    WaitForThreadpoolWorkCallbacks(w, FALSE);
    assert_int_equal(ran.get(), 1);
    CloseThreadpoolWork(w);
    CloseThreadpool(pool);
}

static void NTAPI finalizes(PTP_CALLBACK_INSTANCE, PVOID context) { *static_cast<long *>(context) = ran.get(); }

TEST(all, Pool_the_finalization_callback_comes_after_the_callback) {
    begin();
    TP_CALLBACK_ENVIRON environment;
    InitializeThreadpoolEnvironment(&environment);
    TpSetCallbackFinalizationCallback(&environment, finalizes);
    SetThreadpoolCallbackLibrary(&environment, GetModuleHandleA(nullptr));
    long seen = -1;
    const PTP_WORK w = work(counts, &environment, &seen);
    DestroyThreadpoolEnvironment(&environment);
    SubmitThreadpoolWork(w);
    WaitForThreadpoolWorkCallbacks(w, FALSE);
    assert_int_equal(seen, 1);
    CloseThreadpoolWork(w);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
