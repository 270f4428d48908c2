// test_event_state.cpp - SetEvent, ResetEvent, PulseEvent: what they do to the event and to those who wait.
//
// Purpose     The order of service is test_fifo.cpp; wait-all is test_wait_many.cpp and, for SetEvent-09 and
//             PulseEvent-05, here. PulseEvent-08 promises nothing that could be tested.
// Source      statements SetEvent-01 to -10, ResetEvent-01 to -06, PulseEvent-01 to -07, WaitSingle-06 to -08.
#include "tests/support/program.h"

static void spin_us(std::uint64_t duration) {
    const std::uint64_t end = now_us() + duration;
    while (now_us() < end) {
    }
}

static void expect_clear(HANDLE event) { EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME); }

// A waiter that is shown to be blocked on the named event, without a time-out.
static Actor blocked_on(const char *name, HANDLE *handle = nullptr) {
    Actor waiter = another();
    const HANDLE opened = waiter.made(step::open_event(EVENT_ALL_ACCESS, name), SAME);
    waiter.start(step::wait(opened, INFINITE));
    waiter.expect_blocked();
    if (handle != nullptr) *handle = opened;
    return waiter;
}

TEST(all, SetEvent_01_without_waiters_stays_set_until_a_wait_or_a_reset) {
    const HANDLE once = auto_event(false);
    EXPECT(SetEvent(once), TRUE, SAME);
    EXPECT(WaitForSingleObject(once, 0), WAIT_OBJECT_0, SAME);
    expect_clear(once);
    const HANDLE stays = manual_event(false);
    EXPECT(SetEvent(stays), TRUE, SAME);
    EXPECT(WaitForSingleObject(stays, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ResetEvent(stays), TRUE, SAME);
    expect_clear(stays);
}

TEST(all, SetEvent_02_sets_do_not_add_up) {
    const HANDLE event = auto_event(false);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    expect_clear(event);
}

TEST_SHARED(all, SetEvent_03_WaitSingle_07_auto_reset_releases_exactly_one) {
    const HANDLE event = auto_event(false, NAME);
    Actor b = blocked_on(NAME);
    Actor c = blocked_on(NAME);
    Actor d = blocked_on(NAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
    c.expect_blocked();
    d.expect_blocked();
    expect_clear(event);
    EXPECT(SetEvent(event), TRUE, SAME);
    c.expect(WAIT_OBJECT_0, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    d.expect(WAIT_OBJECT_0, SAME);
    expect_clear(event);
}

TEST_SHARED(all, SetEvent_04_WaitSingle_08_manual_reset_releases_all_and_stays_set) {
    const HANDLE event = manual_event(false, NAME);
    Actor b = blocked_on(NAME);
    Actor c = blocked_on(NAME);
    Actor d = blocked_on(NAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
    c.expect(WAIT_OBJECT_0, SAME);
    d.expect(WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0, SAME);
}

TEST(all, SetEvent_05_a_set_in_one_process_releases_a_waiter_in_another) {
    const HANDLE event = auto_event(false, NAME);
    Actor setter = process_actor();
    Actor waiter = process_actor();
    const HANDLE to_set = setter.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    const HANDLE to_wait = waiter.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    waiter.start(step::wait(to_wait, INFINITE));
    waiter.expect_blocked();
    setter.does(step::set(to_set), TRUE, SAME);
    waiter.expect(WAIT_OBJECT_0, SAME);
    expect_clear(event);
}

TEST(all, SetEvent_06_ResetEvent_04_PulseEvent_06_a_bad_handle_gives_INVALID_HANDLE) {
    const HANDLE closed = manual_event(false);
    EXPECT(CloseHandle(closed), TRUE, SAME);
    for (const HANDLE bad :
         {HANDLE{nullptr}, closed, handle_of(0xDEADBEEC), handle_of(7), handle_of(UINTPTR_MAX / 2 - 3)}) {
        EXPECT(SetEvent(bad), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(ResetEvent(bad), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(PulseEvent(bad), FALSE, ERROR_INVALID_HANDLE);
    }
}

TEST(all, SetEvent_07_ResetEvent_04_PulseEvent_06_the_wrong_type_gives_INVALID_HANDLE) {
    const HANDLE mutex = owned_mutex();
    const HANDLE units = semaphore(0, 4);
    for (const HANDLE wrong : {mutex, units}) {
        EXPECT(SetEvent(wrong), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(ResetEvent(wrong), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(PulseEvent(wrong), FALSE, ERROR_INVALID_HANDLE);
    }
    assert_int_equal(drain(units), 0);
    assert_int_equal(drop(mutex), 1);
}

TEST(ce | nt, SetEvent_08_ResetEvent_05_PulseEvent_07_without_the_right_give_ACCESS_DENIED) {
    const HANDLE clear = manual_event(false);
    const HANDLE set = manual_event(true);
    EXPECT(SetEvent(with_access(clear, SYNCHRONIZE)), FALSE, ERROR_ACCESS_DENIED);
    expect_clear(clear);
    EXPECT(ResetEvent(with_access(set, SYNCHRONIZE)), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(PulseEvent(with_access(set, SYNCHRONIZE)), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(WaitForSingleObject(set, 0), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(ce | nt, SetEvent_09_an_unsatisfied_wait_for_all_leaves_the_event_set) {
    const HANDLE event = auto_event(false, NAME);
    auto_event(false, "SetEvent_09 other");
    Actor b = another();
    const HANDLE first = b.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    const HANDLE second = b.made(step::open_event(EVENT_ALL_ACCESS, "SetEvent_09 other"), SAME);
    b.start(step::wait_all({first, second}, INFINITE));
    b.expect_blocked();
    EXPECT(SetEvent(event), TRUE, SAME);
    b.expect_blocked();
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    const HANDLE other = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, "SetEvent_09 other"), SAME);
    EXPECT(SetEvent(other), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
}

// The waiter's time runs out at about the moment of the set, on either side of it as the rounds go: each signal must
// be found in exactly one place.
TEST_SHARED(all, SetEvent_10_a_signal_that_meets_a_timeout_is_never_lost) {
    const HANDLE event = auto_event(false, NAME);
    Actor b = another();
    const HANDLE opened = b.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    for (int round = 0; round < 120; ++round) {
        b.start(step::wait(opened, 1));
        spin_us(static_cast<std::uint64_t>(round) * 17);  // 0 to 2 ms: before, at and after the end of the wait
        EXPECT(SetEvent(event), TRUE, SAME);
        const Answer got = b.answer();
        assert_true(got.value == WAIT_OBJECT_0 || got.value == WAIT_TIMEOUT);
        assert_int_equal(got.error, SAME);
        EXPECT(WaitForSingleObject(event, 0), got.value == WAIT_OBJECT_0 ? WAIT_TIMEOUT : WAIT_OBJECT_0, SAME);
    }
}

// ---- ResetEvent -----------------------------------------------------------------------------------------------------

TEST(all, ResetEvent_01_makes_a_set_event_clear) {
    const HANDLE event = manual_event(true);
    EXPECT(ResetEvent(event), TRUE, SAME);
    expect_clear(event);
}

TEST(all, ResetEvent_02_has_no_effect_on_a_clear_event) {
    const HANDLE event = manual_event(false);
    EXPECT(ResetEvent(event), TRUE, SAME);
    expect_clear(event);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, ResetEvent_03_works_on_an_auto_reset_event) {
    const HANDLE event = auto_event(true);
    EXPECT(ResetEvent(event), TRUE, SAME);
    expect_clear(event);
}

TEST_SHARED(all, ResetEvent_01_leaves_the_blocked_blocked) {
    const HANDLE event = manual_event(false, NAME);
    Actor b = blocked_on(NAME);
    EXPECT(ResetEvent(event), TRUE, SAME);
    b.expect_blocked();
    EXPECT(SetEvent(event), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, ResetEvent_06_right_after_a_set_releases_all_that_were_blocked) {
    const HANDLE event = manual_event(false, NAME);
    Actor b = blocked_on(NAME);
    Actor c = blocked_on(NAME);
    Actor d = blocked_on(NAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(ResetEvent(event), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
    c.expect(WAIT_OBJECT_0, SAME);
    d.expect(WAIT_OBJECT_0, SAME);
    expect_clear(event);
}

// ---- PulseEvent -----------------------------------------------------------------------------------------------------

TEST_SHARED(all, PulseEvent_01_manual_reset_releases_all_blocked_and_ends_clear) {
    const HANDLE event = manual_event(false, NAME);
    Actor b = blocked_on(NAME);
    Actor c = blocked_on(NAME);
    Actor d = blocked_on(NAME);
    EXPECT(PulseEvent(event), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
    c.expect(WAIT_OBJECT_0, SAME);
    d.expect(WAIT_OBJECT_0, SAME);
    expect_clear(event);
}

TEST_SHARED(all, PulseEvent_02_auto_reset_releases_exactly_one_and_ends_clear) {
    const HANDLE event = auto_event(false, NAME);
    Actor b = blocked_on(NAME);
    Actor c = blocked_on(NAME);
    EXPECT(PulseEvent(event), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
    c.expect_blocked();
    expect_clear(event);
    EXPECT(PulseEvent(event), TRUE, SAME);
    c.expect(WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, PulseEvent_03_with_nobody_blocked_is_not_remembered) {
    for (const BOOL manual : {FALSE, TRUE}) {
        const char *name = manual ? "PulseEvent_03 manual" : "PulseEvent_03 auto";
        const HANDLE event = MADE(CreateEventA(nullptr, manual, FALSE, name), 0);
        EXPECT(PulseEvent(event), TRUE, SAME);
        expect_clear(event);
        Actor late = blocked_on(name);
        EXPECT(SetEvent(event), TRUE, SAME);
        late.expect(WAIT_OBJECT_0, SAME);
    }
}

TEST(all, PulseEvent_04_an_event_that_was_set_ends_clear) {
    for (const BOOL manual : {FALSE, TRUE}) {
        const HANDLE event = MADE(CreateEventA(nullptr, manual, TRUE, nullptr), 0);
        EXPECT(PulseEvent(event), TRUE, SAME);
        expect_clear(event);
    }
}

TEST_SHARED(ce | nt, PulseEvent_05_an_unsatisfied_wait_for_all_is_not_released_nor_the_pulse_remembered) {
    const HANDLE event = manual_event(false, NAME);
    const HANDLE other = manual_event(false, "PulseEvent_05 other");
    Actor b = another();
    const HANDLE first = b.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    const HANDLE second = b.made(step::open_event(EVENT_ALL_ACCESS, "PulseEvent_05 other"), SAME);
    b.start(step::wait_all({first, second}, INFINITE));
    b.expect_blocked();
    EXPECT(PulseEvent(event), TRUE, SAME);
    b.expect_blocked();
    EXPECT(SetEvent(other), TRUE, SAME);
    b.expect_blocked();
    EXPECT(PulseEvent(event), TRUE, SAME);  // now the other one is set: this pulse completes it
    b.expect(WAIT_OBJECT_0, SAME);
    expect_clear(event);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
