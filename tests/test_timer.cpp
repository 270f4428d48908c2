// test_timer.cpp - waitable timers: making, setting, cancelling, waiting; names across processes; a clock that is
// stepped.
//
// Purpose     No due time is ever early; that a waiter hears of one, with limits that only a failure reaches. That it
//             hears of it by the due time, and not by the look that a blocked thread takes once a second, is shown by
//             the best of several rounds.
// Source      statements Timer-01 to -22 and -26 to -28; Ce-11. (Completion routines: test_timer_routine.cpp.)
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

#include "tests/support/program.h"
#include "tests/support/timers.h"

// The clock on the wall as the library sees it: the machine's, and what a test adds to it.
static std::atomic<long> wall_step_seconds{0};

extern "C" int clock_gettime(clockid_t clock, timespec *now) noexcept {
    const long result = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += wall_step_seconds.load(std::memory_order_relaxed);
    return static_cast<int>(result);
}

TEST(all, Timer_01_a_new_one_is_inactive_and_not_signaled) {
    const HANDLE both[] = {timer(TRUE), timer(FALSE, NAME)};
    for (const HANDLE t : both) EXPECT(WaitForSingleObject(t, 20), WAIT_TIMEOUT, SAME);
}

TEST_SHARED(all, Timer_02_the_name_is_a_timers) {
    const HANDLE manual = timer(TRUE, NAME);
    set(manual, 0);
    const HANDLE same = MADE(CreateWaitableTimerA(nullptr, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(WaitForSingleObject(same, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(same, 0), WAIT_OBJECT_0, SAME);  // manual-reset as it was
    Actor b = another();
    const HANDLE its = b.made(step::create_timer(FALSE, NAME), ERROR_ALREADY_EXISTS);
    b.does(step::wait(its, 0), WAIT_OBJECT_0, SAME);
    b.does(step::wait(its, 0), WAIT_OBJECT_0, SAME);
}

TEST(ce | ce5, Timer_03_Ce_11_timers_have_names_of_their_own) {
    auto_event(false, NAME);
    const HANDLE t = timer(FALSE, NAME);
    semaphore(0, 1, NAME);
    set(t, 0);
    EXPECT(WaitForSingleObject(t, kSoon), WAIT_OBJECT_0, SAME);
}

TEST(nt, Timer_03_a_name_has_one_object) {
    auto_event(false, NAME);
    EXPECT(CreateWaitableTimerA(nullptr, FALSE, NAME), nullptr, ERROR_INVALID_HANDLE);
    EXPECT(OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_INVALID_HANDLE);
}

TEST(all, Timer_04_open) {
    EXPECT(OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    EXPECT(OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, nullptr), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(OpenWaitableTimerW(TIMER_ALL_ACCESS, FALSE, nullptr), nullptr, ERROR_INVALID_PARAMETER);
    const HANDLE made = MADE(CreateWaitableTimerW(nullptr, TRUE, L"Timer_04"), ERROR_SUCCESS);
    const HANDLE opened = MADE(OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, "Timer_04"), SAME);
    set(made, 0);
    EXPECT(WaitForSingleObject(opened, 0), WAIT_OBJECT_0, SAME);
    EXPECT(CloseHandle(made), TRUE, SAME);
    EXPECT(CloseHandle(opened), TRUE, SAME);
    EXPECT(OpenWaitableTimerW(TIMER_ALL_ACCESS, FALSE, L"Timer_04"), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(all, Timer_05_flags) {
    const DWORD manual = CREATE_WAITABLE_TIMER_MANUAL_RESET, fine = CREATE_WAITABLE_TIMER_HIGH_RESOLUTION;
    const HANDLE stays = MADE(CreateWaitableTimerExA(nullptr, nullptr, manual | fine, TIMER_ALL_ACCESS), 0);
    const HANDLE once = MADE(CreateWaitableTimerExW(nullptr, nullptr, fine, TIMER_ALL_ACCESS), 0);
    for (const HANDLE t : {stays, once}) set(t, 0);
    for (const HANDLE t : {stays, once}) EXPECT(WaitForSingleObject(t, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(stays, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(once, 0), WAIT_TIMEOUT, SAME);
    for (const DWORD wrong : {4u, 8u, 0x80000000u}) {
        EXPECT(CreateWaitableTimerExA(nullptr, nullptr, wrong, TIMER_ALL_ACCESS), nullptr, ERROR_INVALID_PARAMETER);
        EXPECT(CreateWaitableTimerExW(nullptr, nullptr, wrong, TIMER_ALL_ACCESS), nullptr, ERROR_INVALID_PARAMETER);
    }
}

TEST(all, Timer_06_relative_never_early_and_by_the_due_time) {
    const HANDLE t = timer(FALSE);
    std::uint64_t best = ~0ull;
    for (int round = 0; round < 5; ++round) {
        const std::uint64_t begun = now_us();
        set(t, -60 * kMs);
        EXPECT(WaitForSingleObject(t, kSoon), WAIT_OBJECT_0, SAME);
        const std::uint64_t took = now_us() - begun;
        assert_true(took >= 60'000);
        if (took < best) best = took;
    }
    assert_true(best < 600'000);  // the look would come after a second
}

TEST(all, Timer_06_a_poll_finds_out_too) {
    const HANDLE t = timer(TRUE);
    const std::uint64_t begun = now_us();
    set(t, -30 * kMs);
    DWORD result = WAIT_TIMEOUT;
    while (result == WAIT_TIMEOUT && now_us() < begun + kSoon * 1000ull) result = WaitForSingleObject(t, 0);
    assert_int_equal(result, WAIT_OBJECT_0);
    assert_true(now_us() - begun >= 30'000);
    const HANDLE both[] = {timer(FALSE), t};
    set(both[0], -1);
    EXPECT(WaitForMultipleObjects(2, both, FALSE, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_OBJECT_0 + 1, SAME);
}

TEST(all, Timer_07_absolute) {
    const HANDLE t = timer(FALSE);
    const std::uint64_t begun = now_us();
    set(t, wall_time() + 60 * kMs);
    EXPECT(WaitForSingleObject(t, kSoon), WAIT_OBJECT_0, SAME);
    assert_true(now_us() - begun >= 59'000);  // two clocks
    set(t, wall_time() + kHour);
    EXPECT(WaitForSingleObject(t, 20), WAIT_TIMEOUT, SAME);
    for (const LONGLONG far : {LONGLONG{0x7FFFFFFFFFFFFFFF}, LONGLONG{0x2000000000000000}, LONGLONG{INT64_MIN}}) {
        set(t, far);
        EXPECT(WaitForSingleObject(t, 10), WAIT_TIMEOUT, SAME);
    }
}

TEST(all, Timer_08_the_past_is_now) {
    const HANDLE t = timer(FALSE);
    for (const LONGLONG past : {LONGLONG{0}, LONGLONG{1}, wall_time() - kHour}) {
        set(t, past);
        EXPECT(WaitForSingleObject(t, 0), WAIT_OBJECT_0, SAME);
        EXPECT(WaitForSingleObject(t, 10), WAIT_TIMEOUT, SAME);
    }
}

TEST(all, Timer_09_set_makes_it_nonsignaled) {
    for (const HANDLE t : {timer(TRUE), timer(FALSE)}) {
        set(t, 0);
        set(t, -kHour);
        EXPECT(WaitForSingleObject(t, 10), WAIT_TIMEOUT, SAME);
    }
}

TEST_SHARED(all, Timer_10_the_old_due_time_is_forgotten_and_who_waits_goes_on_waiting) {
    const HANDLE t = timer(FALSE, NAME);
    Actor b = another();
    const HANDLE its = b.made(step::open_timer(TIMER_ALL_ACCESS, NAME), SAME);
    std::uint64_t best = ~0ull;
    for (int round = 0; round < 4; ++round) {
        set(t, -kHour);
        b.start(step::wait(its, INFINITE));
        b.expect_blocked();
        set(t, -2 * kHour);
        b.expect_blocked();
        const std::uint64_t begun = now_us();
        set(t, -20 * kMs);
        b.expect(WAIT_OBJECT_0, SAME);
        const std::uint64_t took = now_us() - begun;
        assert_true(took >= 20'000);
        if (took < best) best = took;
    }
    assert_true(best < 500'000);  // told of the new due time, not found by the look, about 900 ms later
    bool in_time = false;
    for (LONGLONG soon = 20; !in_time; soon *= 2) {  // until it is set anew before it has expired
        const std::uint64_t begun = now_us();
        set(t, -soon * kMs);
        b.start(step::wait(its, INFINITE));
        set(t, -kHour);
        in_time = now_us() - begun < static_cast<std::uint64_t>(soon) * 1000;
        if (in_time) b.expect_blocked();
        set(t, 0);
        b.expect(WAIT_OBJECT_0, SAME);
    }
}

TEST(all, Timer_11_manual_reset_stays) {
    const HANDLE t = timer(TRUE);
    set(t, -10 * kMs);
    for (int i = 0; i < 5; ++i) EXPECT(WaitForSingleObject(t, kSoon), WAIT_OBJECT_0, SAME);
    Actor b = thread_actor();
    b.does(step::wait(t, kSoon), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, Timer_11_12_how_many_are_released) {
    for (const BOOL manual : {TRUE, FALSE}) {
        const HANDLE t = timer(manual, manual ? NAME : "Timer_12");
        Actor waiting[] = {another(), another(), another()};
        for (Actor &b : waiting) {
            const HANDLE its = b.made(step::open_timer(SYNCHRONIZE, manual ? NAME : "Timer_12"), SAME);
            b.start(step::wait(its, INFINITE));
            b.expect_blocked();
        }
        set(t, -20 * kMs);
        waiting[0].expect(WAIT_OBJECT_0, SAME);  // who waits longest
        if (!manual) EXPECT(WaitForSingleObject(t, 0), WAIT_TIMEOUT, SAME);
        for (Actor &b : {std::ref(waiting[1]), std::ref(waiting[2])}) {
            if (!manual) {
                b.expect_blocked();
                set(t, 0);
            }
            b.expect(WAIT_OBJECT_0, SAME);
        }
        EXPECT(WaitForSingleObject(t, 0), manual ? WAIT_OBJECT_0 : WAIT_TIMEOUT, SAME);
    }
}

TEST(all, Timer_13_period) {
    const HANDLE t = timer(FALSE);
    const std::uint64_t begun = now_us();
    set(t, -40 * kMs, 10);
    for (unsigned tick = 0; tick < 6; ++tick) {
        EXPECT(WaitForSingleObject(t, kSoon), WAIT_OBJECT_0, SAME);
        assert_true(now_us() - begun >= 40'000 + 10'000ull * tick);
    }
    EXPECT(CancelWaitableTimer(t), TRUE, SAME);
    WaitForSingleObject(t, 0);  // a tick that came before the cancelling
    EXPECT(WaitForSingleObject(t, 40), WAIT_TIMEOUT, SAME);
    set(t, 0, 10);
    for (int tick = 0; tick < 3; ++tick) EXPECT(WaitForSingleObject(t, kSoon), WAIT_OBJECT_0, SAME);
    set(t, -kHour);
    EXPECT(WaitForSingleObject(t, 40), WAIT_TIMEOUT, SAME);
}

TEST(all, Timer_14_ticks_do_not_add_up) {
    const HANDLE t = timer(FALSE);
    bool in_time = false;
    for (LONG period = 250; !in_time; period *= 2) {  // until both polls come before the third tick
        const std::uint64_t begun = now_us();
        set(t, 0, period);
        usleep(static_cast<useconds_t>(period) * 2200);
        EXPECT(WaitForSingleObject(t, 0), WAIT_OBJECT_0, SAME);
        const DWORD second = WaitForSingleObject(t, 0);
        in_time = now_us() - begun < static_cast<std::uint64_t>(period) * 3000;
        if (in_time) assert_int_equal(second, WAIT_TIMEOUT);
    }
}

TEST(all, Timer_15_20_22_arguments) {
    const HANDLE t = timer(TRUE), event = auto_event(false);
    const LARGE_INTEGER now = due_of(0), later = due_of(-kHour);
    set(t, 0);
    EXPECT(SetWaitableTimer(t, &later, -1, nullptr, nullptr, FALSE), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(SetWaitableTimer(t, nullptr, 0, nullptr, nullptr, FALSE), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(WaitForSingleObject(t, 0), WAIT_OBJECT_0, SAME);  // unchanged
    for (const HANDLE wrong : {HANDLE{nullptr}, event, INVALID_HANDLE_VALUE}) {
        EXPECT(SetWaitableTimer(wrong, &now, 0, nullptr, nullptr, FALSE), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(SetWaitableTimerEx(wrong, &now, 0, nullptr, nullptr, nullptr, 0), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(CancelWaitableTimer(wrong), FALSE, ERROR_INVALID_HANDLE);
    }
    EXPECT(SetEvent(t), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(PulseEvent(t), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(ReleaseMutex(t), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(SignalObjectAndWait(t, event, 0, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
}

TEST(all, Timer_16_no_resuming) {
    const HANDLE t = timer(FALSE);
    const LARGE_INTEGER now = due_of(0);
    REASON_CONTEXT reason = {};
    EXPECT(SetWaitableTimer(t, &now, 0, nullptr, nullptr, TRUE), TRUE, ERROR_NOT_SUPPORTED);
    EXPECT(WaitForSingleObject(t, 0), WAIT_OBJECT_0, SAME);
    EXPECT(SetWaitableTimerEx(t, &now, 0, nullptr, nullptr, &reason, 0), TRUE, ERROR_NOT_SUPPORTED);
    EXPECT(WaitForSingleObject(t, 0), WAIT_OBJECT_0, SAME);
    EXPECT(SetWaitableTimerEx(t, &now, 0, nullptr, nullptr, nullptr, 5), TRUE, SAME);
    EXPECT(WaitForSingleObject(t, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, Timer_17_a_cancelled_one_never_fires) {
    const HANDLE t = timer(FALSE);
    bool in_time = false;
    for (int attempt = 0; attempt < 20 && !in_time; ++attempt) {
        const std::uint64_t begun = now_us();
        set(t, -50 * kMs, 10);
        EXPECT(CancelWaitableTimer(t), TRUE, SAME);
        in_time = now_us() - begun < 50'000;
        if (in_time) EXPECT(WaitForSingleObject(t, 120), WAIT_TIMEOUT, SAME);
    }
    assert_true(in_time);
}

TEST(all, Timer_18_19_cancel_changes_no_signal) {
    for (const BOOL manual : {TRUE, FALSE}) {
        const HANDLE t = timer(manual);
        EXPECT(CancelWaitableTimer(t), TRUE, SAME);
        EXPECT(WaitForSingleObject(t, 0), WAIT_TIMEOUT, SAME);
        set(t, 0);
        EXPECT(CancelWaitableTimer(t), TRUE, SAME);
        EXPECT(CancelWaitableTimer(t), TRUE, SAME);
        EXPECT(WaitForSingleObject(t, 0), WAIT_OBJECT_0, SAME);
        set(t, -10 * kMs);
        usleep(20'000);
        EXPECT(CancelWaitableTimer(t), TRUE, SAME);  // it has expired, though nobody has looked
        EXPECT(WaitForSingleObject(t, 0), WAIT_OBJECT_0, SAME);
    }
}

TEST(ce | nt, Timer_21_rights) {
    const HANDLE t = timer(TRUE, NAME);
    const LARGE_INTEGER now = due_of(0);
    const HANDLE waits = MADE(OpenWaitableTimerA(SYNCHRONIZE, FALSE, NAME), SAME);
    const HANDLE sets = MADE(CreateWaitableTimerExA(nullptr, NAME, 0, TIMER_MODIFY_STATE), ERROR_ALREADY_EXISTS);
    EXPECT(SetWaitableTimer(waits, &now, 0, nullptr, nullptr, FALSE), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(CancelWaitableTimer(waits), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(SetWaitableTimer(sets, &now, 0, nullptr, nullptr, FALSE), TRUE, SAME);
    EXPECT(CancelWaitableTimer(sets), TRUE, SAME);
    EXPECT(WaitForSingleObject(sets, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(WaitForSingleObject(waits, 0), WAIT_OBJECT_0, SAME);
    EXPECT(CloseHandle(t), TRUE, SAME);
}

TEST(ce | nt, Timer_in_a_wait_for_all) {
    const HANDLE objects[] = {timer(FALSE), auto_event(false), timer(TRUE)};
    Actor b = thread_actor();
    b.start(step::wait_all({objects[0], objects[1], objects[2]}, INFINITE));
    b.expect_blocked();
    set(objects[0], -10 * kMs);
    set(objects[2], -20 * kMs);
    b.expect_blocked();  // both expire meanwhile
    EXPECT(SetEvent(objects[1]), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(objects[0], 0), WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(objects[1]), TRUE, SAME);
    set(objects[0], -20 * kMs);
    EXPECT(WaitForMultipleObjects(3, objects, TRUE, kSoon), WAIT_OBJECT_0, SAME);
    set(objects[0], -1);
    EXPECT(SetEvent(objects[1]), TRUE, SAME);
    usleep(1000);
    EXPECT(WaitForMultipleObjects(3, objects, TRUE, 0), WAIT_OBJECT_0, SAME);
    set(objects[0], -10 * kMs);
    EXPECT(SignalObjectAndWait(objects[1], objects[0], kSoon, FALSE), WAIT_OBJECT_0, SAME);
}

TEST_SHARED(all, Timer_26_27_without_a_routine_it_goes_on_without_its_setter) {
    const HANDLE t = timer(FALSE, NAME);
    const Ending ends[] = {Ending::returns, others_are_processes() ? Ending::killed : Ending::cancelled};
    for (const Ending how : ends) {
        Actor b = another();
        const HANDLE its = b.made(step::open_timer(TIMER_ALL_ACCESS, NAME), SAME);
        b.does(step::set_timer(its, -100 * kMs, 0), TRUE, SAME);
        b.ends(how);
        EXPECT(WaitForSingleObject(t, kSoon), WAIT_OBJECT_0, SAME);
        EXPECT(WaitForSingleObject(t, 10), WAIT_TIMEOUT, SAME);
    }
}

TEST(all, Timer_28_absolute_times_follow_the_clock_on_the_wall_and_relative_ones_do_not) {
    const HANDLE absolute = timer(FALSE), relative = timer(FALSE);
    set(absolute, wall_time() + kHour);
    set(relative, -kHour);
    Actor b = thread_actor();
    b.start(step::wait(absolute, INFINITE));
    b.expect_blocked();
    wall_step_seconds = 3700;
    b.expect(WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(relative, 10), WAIT_TIMEOUT, SAME);
    bool in_time = false;
    for (LONGLONG soon = 10; !in_time; soon *= 2) {  // until the clock is stepped before the time has come
        wall_step_seconds = 3700;
        const std::uint64_t begun = now_us();
        set(absolute, wall_time() + soon * kMs);
        wall_step_seconds = 0;  // back by more than an hour
        in_time = now_us() - begun < static_cast<std::uint64_t>(soon) * 1000;
        if (in_time) EXPECT(WaitForSingleObject(absolute, static_cast<DWORD>(soon) + 50), WAIT_TIMEOUT, SAME);
    }
    set(relative, -10 * kMs, 10);
    set(absolute, wall_time(), 10);  // its period does not follow the clock
    wall_step_seconds = -3700;
    for (int tick = 0; tick < 3; ++tick)
        for (const HANDLE t : {absolute, relative}) EXPECT(WaitForSingleObject(t, kSoon), WAIT_OBJECT_0, SAME);
    wall_step_seconds = 0;
}

int main(int argc, char **argv) { return test_main(argc, argv); }
