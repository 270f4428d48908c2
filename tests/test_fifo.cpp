// test_fifo.cpp - order of service: first in, first out, and the signal is handed over inside the call.
//
// Purpose     SetEvent, ReleaseSemaphore and ReleaseMutex give to the first waiter that can take, before they return:
//             the signaler's own poll finds nothing left. Waiters are queued one after the other, each shown to be
//             blocked.
// Source      decision LD-28; statements Life-21, Life-22, SetEvent-03, ReleaseMutex-01, ReleaseSemaphore-07,
//             PulseEvent-01, -02, ResetEvent-06.
#include "tests/support/program.h"

constexpr int kWaiters = 4;

// Waiters queued on one named object in the order of the array.
struct Queue {
    Actor waiter[kWaiters];
    HANDLE handle[kWaiters];
};

static Queue queue_on(const Step &open) {
    Queue queue{{another(), another(), another(), another()}, {}};
    for (int i = 0; i < kWaiters; ++i) {
        queue.handle[i] = queue.waiter[i].made(open, SAME);
        queue.waiter[i].start(step::wait(queue.handle[i], INFINITE));
        queue.waiter[i].expect_blocked();
    }
    return queue;
}

static void expect_still_blocked(Queue &queue, int from) {
    for (int i = from; i < kWaiters; ++i) assert_false(queue.waiter[i].has_answered(0));
    if (from < kWaiters) queue.waiter[kWaiters - 1].expect_blocked();
    for (int i = from; i < kWaiters; ++i) assert_false(queue.waiter[i].has_answered(0));
}

TEST_SHARED(all, LD_28_an_auto_reset_event_serves_in_order_and_the_setters_poll_times_out) {
    const HANDLE event = auto_event(false, NAME);
    Queue queue = queue_on(step::open_event(EVENT_ALL_ACCESS, NAME));
    for (int i = 0; i < kWaiters; ++i) {
        EXPECT(SetEvent(event), TRUE, SAME);
        EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
        queue.waiter[i].expect(WAIT_OBJECT_0, SAME);
        expect_still_blocked(queue, i + 1);
    }
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, LD_28_sets_in_a_row_serve_as_many) {
    const HANDLE event = auto_event(false, NAME);
    Queue queue = queue_on(step::open_event(EVENT_ALL_ACCESS, NAME));
    for (int i = 0; i < kWaiters; ++i) EXPECT(SetEvent(event), TRUE, SAME);  // none meets a set event
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    for (Actor &waiter : queue.waiter) waiter.expect(WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, LD_28_Life_22_a_mutex_is_handed_over_in_order_and_the_releasers_poll_times_out) {
    const HANDLE mutex = owned_mutex(NAME);
    Queue queue = queue_on(step::open_mutex(MUTEX_ALL_ACCESS, NAME));
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    for (int i = 0; i < kWaiters; ++i) {
        queue.waiter[i].expect(WAIT_OBJECT_0, SAME);
        expect_still_blocked(queue, i + 1);
        queue.waiter[i].does(step::release(queue.handle[i]), TRUE, SAME);
        if (i + 1 < kWaiters) queue.waiter[i].does(step::wait(queue.handle[i], 0), WAIT_TIMEOUT, SAME);
    }
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, Life_22_two_that_release_and_wait_again_at_once_take_turns) {
    free_mutex(NAME);
    Actor b = another();
    Actor c = another();
    const HANDLE in_b = b.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    const HANDLE in_c = c.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    b.does(step::wait(in_b, 0), WAIT_OBJECT_0, SAME);
    c.start(step::wait(in_c, INFINITE));
    c.expect_blocked();
    for (int i = 0; i < 4; ++i) {
        b.does(step::release(in_b), TRUE, SAME);
        b.start(step::wait(in_b, INFINITE));
        c.expect(WAIT_OBJECT_0, SAME);
        b.expect_blocked();
        c.does(step::release(in_c), TRUE, SAME);
        c.start(step::wait(in_c, INFINITE));
        b.expect(WAIT_OBJECT_0, SAME);
        c.expect_blocked();
    }
    b.does(step::release(in_b), TRUE, SAME);
    c.expect(WAIT_OBJECT_0, SAME);
    c.does(step::release(in_c), TRUE, SAME);
}

TEST_SHARED(all, LD_28_a_semaphore_serves_in_order_and_the_releasers_poll_times_out) {
    const HANDLE units = semaphore(0, 100, NAME);
    Queue queue = queue_on(step::open_semaphore(SEMAPHORE_ALL_ACCESS, NAME));
    EXPECT(ReleaseSemaphore(units, 1, nullptr), TRUE, SAME);
    EXPECT(WaitForSingleObject(units, 0), WAIT_TIMEOUT, SAME);
    queue.waiter[0].expect(WAIT_OBJECT_0, SAME);
    expect_still_blocked(queue, 1);
    EXPECT(ReleaseSemaphore(units, 2, nullptr), TRUE, SAME);
    EXPECT(WaitForSingleObject(units, 0), WAIT_TIMEOUT, SAME);
    queue.waiter[1].expect(WAIT_OBJECT_0, SAME);
    queue.waiter[2].expect(WAIT_OBJECT_0, SAME);
    expect_still_blocked(queue, 3);
    EXPECT(ReleaseSemaphore(units, 2, nullptr), TRUE, SAME);
    queue.waiter[3].expect(WAIT_OBJECT_0, SAME);
    assert_int_equal(drain(units), 1);
}

TEST_SHARED(all, LD_28_a_pulse_of_an_auto_reset_event_serves_the_first) {
    const HANDLE event = auto_event(false, NAME);
    Queue queue = queue_on(step::open_event(EVENT_ALL_ACCESS, NAME));
    for (int i = 0; i < kWaiters; ++i) {
        EXPECT(PulseEvent(event), TRUE, SAME);
        queue.waiter[i].expect(WAIT_OBJECT_0, SAME);
        expect_still_blocked(queue, i + 1);
    }
    EXPECT(PulseEvent(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

TEST_SHARED(all, PulseEvent_01_releases_exactly_those_that_were_blocked_again_and_again) {
    const HANDLE event = manual_event(false, NAME);
    Queue queue = queue_on(step::open_event(EVENT_ALL_ACCESS, NAME));
    for (int round = 0; round < 3; ++round) {
        EXPECT(PulseEvent(event), TRUE, SAME);
        EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
        for (int i = 0; i < kWaiters; ++i) queue.waiter[i].expect(WAIT_OBJECT_0, SAME);
        for (int i = 0; i < kWaiters; ++i) queue.waiter[i].start(step::wait(queue.handle[i], INFINITE));
        for (int i = 0; i < kWaiters; ++i) queue.waiter[i].expect_blocked();  // the pulse is over
    }
    EXPECT(SetEvent(event), TRUE, SAME);
    for (int i = 0; i < kWaiters; ++i) queue.waiter[i].expect(WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, ResetEvent_06_a_reset_right_after_the_set_takes_nothing_from_those_that_were_blocked) {
    const HANDLE event = manual_event(false, NAME);
    Queue queue = queue_on(step::open_event(EVENT_ALL_ACCESS, NAME));
    for (int round = 0; round < 5; ++round) {
        EXPECT(SetEvent(event), TRUE, SAME);
        EXPECT(ResetEvent(event), TRUE, SAME);
        for (int i = 0; i < kWaiters; ++i) queue.waiter[i].expect(WAIT_OBJECT_0, SAME);
        EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
        for (int i = 0; i < kWaiters; ++i) queue.waiter[i].start(step::wait(queue.handle[i], INFINITE));
        for (int i = 0; i < kWaiters; ++i) queue.waiter[i].expect_blocked();
    }
    EXPECT(SetEvent(event), TRUE, SAME);
    for (int i = 0; i < kWaiters; ++i) queue.waiter[i].expect(WAIT_OBJECT_0, SAME);
}

// ---- who may be passed over -----------------------------------------------------------------------------------------

TEST_SHARED(all, LD_28_one_that_timed_out_is_not_served) {
    const HANDLE event = auto_event(false, NAME);
    Actor first = another();
    Actor second = another();
    const HANDLE in_first = first.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    const HANDLE in_second = second.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    first.start(step::wait(in_first, 150));
    second.start(step::wait(in_second, INFINITE));
    second.expect_blocked();
    first.expect(WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    second.expect(WAIT_OBJECT_0, SAME);
}

TEST(all, LD_28_one_that_was_killed_is_not_served) {
    const HANDLE mutex = owned_mutex(NAME);
    Actor waiters[] = {process_actor(), process_actor(), process_actor()};
    HANDLE handles[3];
    for (int i = 0; i < 3; ++i) {
        handles[i] = waiters[i].made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
        waiters[i].start(step::wait(handles[i], INFINITE));
        waiters[i].expect_blocked();
    }
    waiters[0].ends(Ending::killed);
    waiters[1].ends(Ending::killed);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    waiters[2].expect(WAIT_OBJECT_0, SAME);
    waiters[2].does(step::release(handles[2]), TRUE, SAME);
}

TEST_SHARED(ce | nt, LD_28_a_wait_for_all_that_lacks_another_object_is_passed_over) {
    const HANDLE event = auto_event(false, NAME);
    const HANDLE other = auto_event(false, "LD_28 other");
    Actor all_waiter = another();
    Actor single = another();
    const HANDLE one = all_waiter.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    const HANDLE two = all_waiter.made(step::open_event(EVENT_ALL_ACCESS, "LD_28 other"), SAME);
    all_waiter.start(step::wait_all({one, two}, INFINITE));
    all_waiter.expect_blocked();
    single.start(step::wait(single.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME), INFINITE));
    single.expect_blocked();
    EXPECT(SetEvent(event), TRUE, SAME);
    single.expect(WAIT_OBJECT_0, SAME);
    all_waiter.expect_blocked();
    EXPECT(SetEvent(other), TRUE, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    all_waiter.expect(WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, LD_28_a_wait_for_any_keeps_its_place_in_each_queue) {
    const HANDLE event = auto_event(false, NAME);
    const HANDLE units = semaphore(0, 5, "LD_28 units");
    Actor any_waiter = another();
    Actor single = another();
    const HANDLE one = any_waiter.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    const HANDLE two = any_waiter.made(step::open_semaphore(SEMAPHORE_ALL_ACCESS, "LD_28 units"), SAME);
    const HANDLE its_event = single.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    const HANDLE its_units = single.made(step::open_semaphore(SEMAPHORE_ALL_ACCESS, "LD_28 units"), SAME);
    any_waiter.start(step::wait_any({one, two}, INFINITE));
    any_waiter.expect_blocked();
    single.start(step::wait_any({its_units, its_event}, INFINITE));
    single.expect_blocked();
    EXPECT(ReleaseSemaphore(units, 1, nullptr), TRUE, SAME);
    any_waiter.expect(WAIT_OBJECT_0 + 1, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);  // the first one has left this queue too
    single.expect(WAIT_OBJECT_0 + 1, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(drain(units), 0);
}

TEST(all, Life_21_threads_and_processes_stand_in_one_queue) {
    const HANDLE event = auto_event(false, NAME);
    Actor waiters[] = {thread_actor(), process_actor(), thread_actor(), process_actor()};
    for (Actor &waiter : waiters) {
        waiter.start(step::wait(waiter.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME), INFINITE));
        waiter.expect_blocked();
    }
    for (Actor &waiter : waiters) {
        EXPECT(SetEvent(event), TRUE, SAME);
        waiter.expect(WAIT_OBJECT_0, SAME);
    }
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
