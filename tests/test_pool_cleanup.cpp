// test_pool_cleanup.cpp - cleanup groups: what they wait for, cancel and close.
//
// Source      "CloseThreadpoolCleanupGroupMembers", "SetThreadpoolCallbackCleanupGroup".
#include "tests/support/pool_work.h"

static std::atomic<std::uintptr_t> cancelled_contexts, cleanup_contexts;
static void NTAPI cancels(PVOID object, PVOID cleanup) {
    cancelled_contexts += as_number(object);
    cleanup_contexts += as_number(cleanup);
}

static PTP_CLEANUP_GROUP group_in(TP_CALLBACK_ENVIRON *environment) {
    const PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
    assert_non_null(group);
    SetThreadpoolCallbackCleanupGroup(environment, group, cancels);
    cancelled_contexts = cleanup_contexts = 0;
    return group;
}

TEST(all, Pool_a_cleanup_group_waits_for_all_and_closes_them) {
    begin();
    TP_CALLBACK_ENVIRON environment;
    InitializeThreadpoolEnvironment(&environment);
    const PTP_CLEANUP_GROUP group = group_in(&environment);
    const PTP_WORK w = work(counts, &environment), closed = work(counts, &environment);
    const PTP_TIMER timer = CreateThreadpoolTimer(
        [](PTP_CALLBACK_INSTANCE, PVOID, PTP_TIMER) { ++ran; }, nullptr, &environment);
    FILETIME hour = in_ms(3'600'000);
    SetThreadpoolTimer(timer, &hour, 0, 0);
    for (int i = 0; i < 50; ++i) SubmitThreadpoolWork(w);
    SubmitThreadpoolWork(closed);
    CloseThreadpoolWork(closed);
    EXPECT(TrySubmitThreadpoolCallback(counts_once, number(1), &environment), TRUE, SAME);
    CloseThreadpoolCleanupGroupMembers(group, FALSE, number(9));
    assert_int_equal(ran.get(), 52);
    assert_int_equal(cancelled_contexts, 0);
    CloseThreadpoolCleanupGroupMembers(group, TRUE, number(9));  // it has none any more
    assert_int_equal(cancelled_contexts, 0);
    CloseThreadpoolCleanupGroup(group);
}

TEST(all, Pool_a_cleanup_group_that_cancels_tells_of_each_object_that_was_open) {
    begin();
    TP_CALLBACK_ENVIRON environment;
    const PTP_POOL pool = single(&environment);
    const PTP_WORK blocking = work(blocks, &environment);
    const PTP_CLEANUP_GROUP group = group_in(&environment);
    const PTP_WORK queued = work(counts, &environment, number(1));
    work(counts, &environment, number(10));
    const PTP_WORK closed = work(counts, &environment, number(100));
    SubmitThreadpoolWork(blocking);
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    SubmitThreadpoolWork(queued);
    SubmitThreadpoolWork(queued);
    CloseThreadpoolWork(closed);
    EXPECT(TrySubmitThreadpoolCallback(counts_once, number(1000), &environment), TRUE, SAME);
    CloseThreadpoolCleanupGroupMembers(group, TRUE, number(2));
    assert_int_equal(cancelled_contexts, 1011);
    assert_int_equal(cleanup_contexts, 6);
    CloseThreadpoolCleanupGroup(group);
    SetEvent(go);
    WaitForThreadpoolWorkCallbacks(blocking, FALSE);
    assert_int_equal(ran.get(), 1);
    CloseThreadpoolWork(blocking);
    CloseThreadpool(pool);
}

// What has not begun when the members are closed never begins, although another member is waited for first: it goes on
// only when there is nothing left of the queued callbacks to wait for.
TEST(all, Pool_a_cleanup_group_cancels_before_it_waits) {
    begin();
    TP_CALLBACK_ENVIRON environment;
    const PTP_POOL pool = single(&environment);
    const PTP_CLEANUP_GROUP group = group_in(&environment);
    PTP_WORK queued[2];
    queued[0] = work(counts, &environment, number(1));
    const PTP_WORK blocking = work(blocks, &environment, number(10));
    queued[1] = work(counts, &environment, number(100));
    SubmitThreadpoolWork(blocking);
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    for (const PTP_WORK w : queued) SubmitThreadpoolWork(w);
    const auto releases = [](PVOID works) -> DWORD {
        for (int i = 0; i < 2; ++i) WaitForThreadpoolWorkCallbacks(static_cast<PTP_WORK *>(works)[i], FALSE);
        SetEvent(go);
        return 0;
    };
    const HANDLE thread = CreateThread(nullptr, 0, releases, queued, 0, nullptr);
    assert_non_null(thread);
    CloseThreadpoolCleanupGroupMembers(group, TRUE, nullptr);
    assert_int_equal(ran.get(), 1);
    assert_int_equal(cancelled_contexts, 111);
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
    CloseHandle(thread);
    CloseThreadpoolCleanupGroup(group);
    CloseThreadpool(pool);
}

// Its callback is running when the members are closed, and sets it anew afterwards: that is ended, too.
TEST(all, Pool_a_cleanup_group_ends_what_a_callback_sets_anew) {
    begin();
    static HANDLE object;
    object = event();
    TP_CALLBACK_ENVIRON environment;
    const PTP_POOL pool = single(&environment);
    const PTP_CLEANUP_GROUP group = group_in(&environment);
    const auto sets_anew = [](PTP_CALLBACK_INSTANCE, PVOID, PTP_WAIT w, TP_WAIT_RESULT) {
        SetEvent(begun);
        WaitForSingleObject(go, kSoon);
        SetThreadpoolWait(w, object, nullptr);
        ++ran;
    };
    const PTP_WAIT wait = CreateThreadpoolWait(sets_anew, nullptr, &environment);
    assert_non_null(wait);
    PTP_WORK queued = work(counts, &environment);
    SetThreadpoolWait(wait, object, nullptr);
    SetEvent(object);
    EXPECT(WaitForSingleObject(begun, kSoon), WAIT_OBJECT_0, SAME);
    SubmitThreadpoolWork(queued);
    const auto releases = [](PVOID w) -> DWORD {  // once the group's members are being closed
        WaitForThreadpoolWorkCallbacks(static_cast<PTP_WORK>(w), FALSE);
        SetEvent(go);
        return 0;
    };
    const HANDLE thread = CreateThread(nullptr, 0, releases, queued, 0, nullptr);
    assert_non_null(thread);
    CloseThreadpoolCleanupGroupMembers(group, TRUE, nullptr);
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
    assert_int_equal(ran.get(), 1);
    SetEvent(object);
    REQUIRE(ran.stays(1), "nobody waits for it any more");
    EXPECT(WaitForSingleObject(object, 0), WAIT_OBJECT_0, SAME);
    CloseHandle(thread);
    CloseHandle(object);
    CloseThreadpoolCleanupGroup(group);
    CloseThreadpool(pool);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
