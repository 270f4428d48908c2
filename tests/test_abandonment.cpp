// test_abandonment.cpp - owners that end without releasing.
//
// Purpose     However a thread or a process ends, its mutexes are abandoned; the next owner is told once, and owns.
//             In the variant with threads the owner's thread function returns, in that with processes it is killed.
// Source      statements WaitSingle-13 to -18, CreateMutex-17, -18, OpenMutex-12, ReleaseMutex-08, Life-07 to -12, -18.
#include <cstdio>

#include "tests/support/program.h"

// The owner of the named mutex, `levels` deep; by another handle than the test's.
static Actor owner_of(const char *name, int levels = 1) {
    Actor owner = another();
    const HANDLE opened = owner.made(step::open_mutex(MUTEX_ALL_ACCESS, name), SAME);
    for (int i = 0; i < levels; ++i) owner.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    return owner;
}

static Ending usual_end() { return others_are_processes() ? Ending::killed : Ending::returns; }

static Actor blocked_on(const char *name, HANDLE *handle) {
    Actor waiter = another();
    *handle = waiter.made(step::open_mutex(MUTEX_ALL_ACCESS, name), SAME);
    waiter.start(step::wait(*handle, INFINITE));
    waiter.expect_blocked();
    return waiter;
}

TEST_SHARED(all, WaitSingle_13_after_the_owner_ended_a_wait_gives_ABANDONED_and_owns) {
    const HANDLE mutex = free_mutex(NAME);
    owner_of(NAME).ends(usual_end());
    EXPECT(WaitForSingleObject(mutex, INFINITE), WAIT_ABANDONED, SAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(opened, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(drop(mutex), 1);
}

TEST_SHARED(all, WaitSingle_13_a_poll_too_gives_ABANDONED) {
    const HANDLE mutex = free_mutex(NAME);
    owner_of(NAME).ends(usual_end());
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    assert_int_equal(drop(mutex), 1);
}

TEST_SHARED(all, WaitSingle_14_the_new_owners_second_wait_gives_OBJECT_0) {
    const HANDLE mutex = free_mutex(NAME);
    owner_of(NAME).ends(usual_end());
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(drop(mutex), 2);
}

TEST_SHARED(all, WaitSingle_15_ReleaseMutex_08_after_a_release_it_is_an_ordinary_mutex) {
    const HANDLE mutex = free_mutex(NAME);
    owner_of(NAME).ends(usual_end());
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    b.does(step::release(opened), TRUE, SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, WaitSingle_16_Life_09_a_blocked_waiter_is_woken_with_ABANDONED) {
    const HANDLE mutex = free_mutex(NAME);
    Actor owner = owner_of(NAME);
    HANDLE opened = nullptr;
    Actor waiter = blocked_on(NAME, &opened);
    owner.ends(usual_end());
    waiter.expect(WAIT_ABANDONED, SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    waiter.does(step::release(opened), TRUE, SAME);
}

TEST_SHARED(all, WaitSingle_16_a_waiter_with_a_timeout_is_woken_long_before_it) {
    free_mutex(NAME);
    Actor owner = owner_of(NAME);
    Actor waiter = another();
    const HANDLE opened = waiter.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    waiter.start(step::wait(opened, 600'000));
    waiter.expect_blocked();
    owner.ends(usual_end());
    waiter.expect(WAIT_ABANDONED, SAME);
    waiter.does(step::release(opened), TRUE, SAME);
}

TEST_SHARED(all, WaitSingle_17_the_new_owner_starts_with_recursion_1) {
    const HANDLE mutex = free_mutex(NAME);
    owner_of(NAME, 5).ends(usual_end());
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    assert_int_equal(drop(mutex), 1);
}

TEST_SHARED(all, WaitSingle_18_abandoned_again_is_told_again) {
    const HANDLE mutex = free_mutex(NAME);
    owner_of(NAME).ends(usual_end());
    Actor second = another();
    const HANDLE opened = second.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    second.does(step::wait(opened, 0), WAIT_ABANDONED, SAME);
    second.ends(usual_end());
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    assert_int_equal(drop(mutex), 1);
}

TEST_SHARED(all, CreateMutex_17_create_does_not_clear_the_abandonment) {
    const HANDLE mutex = free_mutex(NAME);
    owner_of(NAME).ends(usual_end());
    const HANDLE found = MADE(CreateMutexA(nullptr, TRUE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(ReleaseMutex(found), FALSE, ERROR_NOT_OWNER);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
}

TEST_SHARED(all, OpenMutex_12_open_does_not_clear_the_abandonment) {
    const HANDLE mutex = free_mutex(NAME);
    owner_of(NAME).ends(usual_end());
    const HANDLE opened = MADE(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), SAME);
    EXPECT(ReleaseMutex(opened), FALSE, ERROR_NOT_OWNER);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
}

TEST_SHARED(all, CreateMutex_18_an_initial_owner_that_ends_abandons) {
    Actor creator = another();
    creator.made(step::create_mutex(TRUE, NAME), 0);
    const HANDLE mutex = MADE(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), SAME);
    creator.ends(usual_end());
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
}

static void expect_abandoned_by_threads_end(const char *name, Ending how) {
    const HANDLE mutex = free_mutex(name);
    const HANDLE second = free_mutex();
    Actor owner = thread_actor();
    owner.does(step::wait(mutex, 0), WAIT_OBJECT_0, SAME);
    owner.does(step::wait(second, 0), WAIT_OBJECT_0, SAME);
    owner.does(step::wait(second, 0), WAIT_OBJECT_0, SAME);
    owner.ends(how);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    EXPECT(WaitForSingleObject(second, 0), WAIT_ABANDONED, SAME);
    assert_int_equal(drop(second), 1);
}

TEST(all, Life_07_thread_function_returns) { expect_abandoned_by_threads_end(NAME, Ending::returns); }
TEST(all, Life_07_pthread_exit) { expect_abandoned_by_threads_end(NAME, Ending::thread_exit); }
TEST(all, Life_07_cancellation) { expect_abandoned_by_threads_end(NAME, Ending::cancelled); }

TEST(all, Life_07_the_first_thread_leaves_its_process_by_pthread_exit) {
    const HANDLE mutex = free_mutex(NAME);
    Actor process = process_actor();
    const HANDLE opened = process.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    process.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    Actor second = second_thread_of(process);
    second.does(step::wait(opened, 0), WAIT_TIMEOUT, SAME);
    process.ends(Ending::thread_exit);
    second.does(step::wait(opened, 0), WAIT_ABANDONED, SAME);  // the process and its handles live on
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    second.does(step::release(opened), TRUE, SAME);
    process.ends(Ending::killed);  // that it would end with its last thread is a row of its own, Life-04
}

static void expect_abandoned_by_process_end(const char *name, Ending how) {
    const HANDLE mutex = free_mutex(name);
    Actor owner = process_actor();
    const HANDLE opened = owner.made(step::open_mutex(MUTEX_ALL_ACCESS, name), SAME);
    owner.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    owner.ends(how);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    assert_int_equal(drop(mutex), 1);
}

TEST(all, Life_08_main_returns) { expect_abandoned_by_process_end(NAME, Ending::returns); }
TEST(all, Life_08_exit) { expect_abandoned_by_process_end(NAME, Ending::exits); }
TEST(all, Life_08_quick_exit) { expect_abandoned_by_process_end(NAME, Ending::quick); }
TEST(all, Life_08_abort) { expect_abandoned_by_process_end(NAME, Ending::aborts); }
TEST(all, Life_08_SIGKILL) { expect_abandoned_by_process_end(NAME, Ending::killed); }

TEST(all, Life_08_every_mutex_of_every_thread_of_the_dead_is_abandoned) {
    constexpr int kMutexes = 20;
    HANDLE mutexes[kMutexes];
    Actor process = process_actor();
    Actor second = second_thread_of(process);
    for (int i = 0; i < kMutexes; ++i) {
        char name[32];
        snprintf(name, sizeof name, "Life_08 %d", i);
        mutexes[i] = free_mutex(name);
        Actor &owner = i % 2 == 0 ? process : second;
        const HANDLE opened = owner.made(step::open_mutex(MUTEX_ALL_ACCESS, name), SAME);
        owner.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    }
    process.ends(Ending::killed);
    for (const HANDLE mutex : mutexes) EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    for (const HANDLE mutex : mutexes) assert_int_equal(drop(mutex), 1);
}

TEST_SHARED(all, Life_10_of_several_waiters_the_first_is_told_and_the_others_follow) {
    free_mutex(NAME);
    Actor owner = owner_of(NAME);
    HANDLE handles[3];
    Actor waiters[] = {blocked_on(NAME, &handles[0]), blocked_on(NAME, &handles[1]), blocked_on(NAME, &handles[2])};
    owner.ends(usual_end());
    waiters[0].expect(WAIT_ABANDONED, SAME);
    waiters[1].expect_blocked();
    waiters[2].expect_blocked();
    waiters[0].does(step::release(handles[0]), TRUE, SAME);
    waiters[1].expect(WAIT_OBJECT_0, SAME);
    waiters[1].does(step::release(handles[1]), TRUE, SAME);
    waiters[2].expect(WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, Life_10_a_chain_of_owners_that_end_is_told_to_each) {
    const HANDLE mutex = free_mutex(NAME);
    Actor owner = owner_of(NAME);
    HANDLE handles[2];
    Actor second = blocked_on(NAME, &handles[0]);
    Actor third = blocked_on(NAME, &handles[1]);
    owner.ends(usual_end());
    second.expect(WAIT_ABANDONED, SAME);
    second.ends(usual_end());
    third.expect(WAIT_ABANDONED, SAME);
    third.does(step::release(handles[1]), TRUE, SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, Life_10_waiters_killed_in_the_queue_are_passed_over) {
    free_mutex(NAME);
    Actor owner = process_actor();
    const HANDLE opened = owner.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    owner.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    Actor waiters[] = {process_actor(), process_actor()};
    HANDLE handles[2];
    for (int i = 0; i < 2; ++i) {
        handles[i] = waiters[i].made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
        waiters[i].start(step::wait(handles[i], INFINITE));
        waiters[i].expect_blocked();
    }
    waiters[0].ends(Ending::killed);
    owner.ends(Ending::killed);
    waiters[1].expect(WAIT_ABANDONED, SAME);
    waiters[1].does(step::release(handles[1]), TRUE, SAME);
}

TEST_SHARED(all, Life_11_stays_marked_until_some_wait_takes_it) {
    const HANDLE mutex = free_mutex(NAME);
    owner_of(NAME).ends(usual_end());
    EXPECT(CloseHandle(MADE(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), SAME)), TRUE, SAME);
    EXPECT(ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
    Actor b = another();
    const HANDLE opened = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.does(step::release(opened), FALSE, ERROR_NOT_OWNER);
    b.does(step::wait(opened, 0), WAIT_ABANDONED, SAME);
    b.does(step::release(opened), TRUE, SAME);
}

TEST(all, Life_12_main_returns_while_another_thread_owns) {
    const HANDLE mutex = free_mutex(NAME);
    Actor process = process_actor();
    Actor second = second_thread_of(process);
    const HANDLE opened = second.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    second.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    process.ends(Ending::returns);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
}

// Needs the privilege to choose the next process id; without it the test is skipped.
TEST(all, Life_18_a_new_process_with_the_id_of_the_dead_owner_is_not_the_owner) {
    const HANDLE mutex = free_mutex(NAME);
    Actor owner = process_actor();
    const pid_t dead = owner.pid();
    const HANDLE opened = owner.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    owner.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    owner.ends(Ending::killed);
    ProcessOptions same_id;
    same_id.wanted_pid = dead;
    for (int attempt = 0; attempt < 5; ++attempt) {
        Actor stranger = process_actor(same_id);
        if (stranger.pid() != dead) continue;
        const HANDLE its = stranger.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
        stranger.does(step::release(its), FALSE, ERROR_NOT_OWNER);
        EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
        return;
    }
    skip();
}

int main(int argc, char **argv) { return test_main(argc, argv); }
