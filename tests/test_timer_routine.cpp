// test_timer_routine.cpp - completion routines of waitable timers, and what the end of their thread does to the timer.
//
// Source      statements Timer-23 to -26.
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "tests/support/program.h"
#include "tests/support/timers.h"

// The clocks as the library sees them: whoever reads the calendar's may be put off before that.
static std::atomic<int> put_off{0};

extern "C" int clock_gettime(clockid_t clock, timespec *now) noexcept {
    if (clock == CLOCK_REALTIME && put_off.exchange(0) != 0) usleep(300'000);
    return static_cast<int>(syscall(SYS_clock_gettime, clock, now));
}

struct Calls {
    int count = 0;
    DWORD thread = 0;
    LONGLONG time = 0;
};

static void APIENTRY notes(LPVOID argument, DWORD low, DWORD high) {
    Calls &calls = *static_cast<Calls *>(argument);
    ++calls.count;
    calls.thread = GetCurrentThreadId();
    calls.time = static_cast<LONGLONG>((static_cast<ULONGLONG>(high) << 32) | low);
}

static void set_with(HANDLE timer, LONGLONG due, LONG period_ms, Calls &calls) {
    const LARGE_INTEGER at = due_of(due);
    EXPECT(SetWaitableTimer(timer, &at, period_ms, notes, &calls, FALSE), TRUE, SAME);
}

TEST(all, Timer_23_it_runs_in_an_alertable_wait_and_in_no_other) {
    Calls calls;
    const HANDLE t = timer(TRUE), other = auto_event(false);
    const LONGLONG begun = wall_time();
    set_with(t, -30 * kMs, 0, calls);
    EXPECT(WaitForSingleObject(t, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(other, 10), WAIT_TIMEOUT, SAME);
    Sleep(1);
    assert_int_equal(calls.count, 0);
    EXPECT(SleepEx(kSoon, TRUE), WAIT_IO_COMPLETION, SAME);
    assert_int_equal(calls.count, 1);
    assert_int_equal(calls.thread, GetCurrentThreadId());
    assert_true(calls.time >= begun + 29 * kMs && calls.time <= wall_time());  // two clocks
    EXPECT(SleepEx(10, TRUE), 0, SAME);
    assert_int_equal(calls.count, 1);
}

TEST(all, Timer_23_its_time_is_when_it_expired_however_late_it_runs) {
    Calls calls;
    const HANDLE t = timer(TRUE);
    set_with(t, -10 * kMs, 0, calls);
    EXPECT(WaitForSingleObject(t, kSoon), WAIT_OBJECT_0, SAME);
    const LONGLONG seen = wall_time();
    put_off = 1;
    EXPECT(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
    assert_int_equal(put_off, 0);
    assert_true(calls.time <= seen + 10 * kMs);  // two clocks
}

TEST(all, Timer_23_it_ends_each_kind_of_wait) {
    Calls calls;
    const HANDLE t = timer(TRUE), event = auto_event(false), second = auto_event(false);
    const HANDLE both[] = {event, second};
    set_with(t, -20 * kMs, 0, calls);
    EXPECT(WaitForSingleObjectEx(event, kSoon, TRUE), WAIT_IO_COMPLETION, SAME);
    set_with(t, -20 * kMs, 0, calls);
    EXPECT(WaitForMultipleObjectsEx(2, both, FALSE, kSoon, TRUE), WAIT_IO_COMPLETION, SAME);
    set_with(t, -20 * kMs, 0, calls);
    EXPECT(SignalObjectAndWait(second, event, kSoon, TRUE), WAIT_IO_COMPLETION, SAME);
    set_with(t, wall_time() + 20 * kMs, 0, calls);
    EXPECT(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION, SAME);
    assert_int_equal(calls.count, 4);
    set_with(t, 0, 0, calls);
    EXPECT(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
    assert_int_equal(calls.count, 5);
    assert_true(calls.time > wall_time() - kHour);  // when it expired, not what it was set to
    EXPECT(WaitForSingleObject(second, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, Timer_23_a_signal_wins) {
    Calls calls;
    const HANDLE t = timer(TRUE);
    set_with(t, -20 * kMs, 0, calls);
    EXPECT(WaitForSingleObjectEx(t, kSoon, TRUE), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObjectEx(t, 0, TRUE), WAIT_OBJECT_0, SAME);
    assert_int_equal(calls.count, 0);
    EXPECT(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
    assert_int_equal(calls.count, 1);
}

TEST(all, Timer_13_23_period) {
    Calls calls;
    const HANDLE t = timer(FALSE);
    const std::uint64_t begun = now_us();
    set_with(t, -20 * kMs, 10, calls);
    for (int tick = 1; tick <= 5; ++tick) {
        EXPECT(SleepEx(kSoon, TRUE), WAIT_IO_COMPLETION, SAME);
        assert_int_equal(calls.count, tick);
        assert_true(now_us() - begun >= 10'000 + 10'000ull * static_cast<unsigned>(tick));
    }
    usleep(60'000);  // ticks that it does not see are one call
    EXPECT(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
    assert_int_equal(calls.count, 6);
    EXPECT(CancelWaitableTimer(t), TRUE, SAME);
    EXPECT(SleepEx(40, TRUE), 0, SAME);
}

TEST(all, Timer_23_a_time_out_comes_first_if_it_is_first) {
    Calls calls;
    const HANDLE t = timer(TRUE), event = auto_event(false);
    set_with(t, -kHour, 0, calls);
    EXPECT(WaitForSingleObjectEx(event, 20, TRUE), WAIT_TIMEOUT, SAME);
    EXPECT(SleepEx(10, TRUE), 0, SAME);
    assert_int_equal(calls.count, 0);
}

TEST(all, Timer_23_several_timers_each_by_its_time) {
    static std::string order;
    order.clear();
    const auto adds = [](LPVOID letter, DWORD, DWORD) { order += *static_cast<const char *>(letter); };
    static char letters[] = "abc";
    const LONGLONG due[] = {-60 * kMs, -20 * kMs, -40 * kMs};
    for (int i = 0; i < 3; ++i) {
        const LARGE_INTEGER at = due_of(due[i]);
        EXPECT(SetWaitableTimer(timer(FALSE), &at, 0, adds, letters + i, FALSE), TRUE, SAME);
    }
    for (const std::uint64_t begun = now_us(); order.size() < 3 && now_us() < begun + kSoon * 1000ull;)
        SleepEx(kSoon, TRUE);
    assert_int_equal(order.size(), 3);  // each once, and nothing else
    SleepEx(20, TRUE);
    assert_int_equal(order.size(), 3);
    for (const char letter : {'a', 'b', 'c'}) assert_true(order.find(letter) != std::string::npos);
}

TEST(all, Timer_24_set_and_cancel_take_the_call_back) {
    Calls calls, others;
    const HANDLE t = timer(TRUE);
    set_with(t, 0, 0, calls);
    EXPECT(CancelWaitableTimer(t), TRUE, SAME);
    EXPECT(SleepEx(10, TRUE), 0, SAME);
    set_with(t, 0, 0, calls);
    set(t, 0);
    EXPECT(SleepEx(10, TRUE), 0, SAME);
    set_with(t, 0, 0, calls);
    set_with(t, -20 * kMs, 0, others);
    EXPECT(SleepEx(kSoon, TRUE), WAIT_IO_COMPLETION, SAME);
    assert_int_equal(others.count, 1);
    set_with(t, 0, 0, calls);
    EXPECT(CloseHandle(t), TRUE, SAME);  // the timer is gone
    EXPECT(SleepEx(10, TRUE), 0, SAME);
    assert_int_equal(calls.count, 0);
}

TEST(all, Timer_24_a_call_that_is_queued_already_is_taken_back) {
    static Calls first, second;
    static HANDLE timers[2];
    first = second = {};
    for (HANDLE &t : timers) t = timer(FALSE);
    // Both have expired when the wait begins; the one that runs first cancels the other.
    const auto cancels = [](LPVOID mine, DWORD, DWORD) {
        ++static_cast<Calls *>(mine)->count;
        CancelWaitableTimer(timers[mine == &first ? 1 : 0]);
    };
    const LARGE_INTEGER now = due_of(0);
    EXPECT(SetWaitableTimer(timers[0], &now, 0, cancels, &first, FALSE), TRUE, SAME);
    EXPECT(SetWaitableTimer(timers[1], &now, 0, cancels, &second, FALSE), TRUE, SAME);
    EXPECT(SleepEx(0, TRUE), WAIT_IO_COMPLETION, SAME);
    assert_int_equal(first.count + second.count, 1);
    EXPECT(SleepEx(10, TRUE), 0, SAME);
}

TEST_SHARED(all, Timer_24_others_take_it_back) {
    Calls calls;
    const HANDLE t = timer(TRUE, NAME);
    Actor b = another();
    const HANDLE its = b.made(step::open_timer(TIMER_ALL_ACCESS, NAME), SAME);
    set_with(t, 0, 10, calls);
    b.does(step::cancel_timer(its), TRUE, SAME);
    EXPECT(SleepEx(30, TRUE), 0, SAME);
    set_with(t, 0, 10, calls);
    b.does(step::set_timer(its, 0, 10), TRUE, SAME);
    EXPECT(SleepEx(30, TRUE), 0, SAME);
    assert_int_equal(calls.count, 0);
}

TEST(all, Timer_23_a_routine_may_set_its_timer_and_wait) {
    static int count;
    static HANDLE t;
    count = 0;
    t = timer(TRUE);
    struct Chain {
        static void APIENTRY next(LPVOID, DWORD, DWORD) {
            const LARGE_INTEGER at = due_of(-kMs);
            if (++count < 4) SetWaitableTimer(t, &at, 0, next, nullptr, FALSE);
            if (count == 2) SleepEx(kSoon, TRUE);
        }
    };
    const LARGE_INTEGER at = due_of(-kMs);
    EXPECT(SetWaitableTimer(t, &at, 0, Chain::next, nullptr, FALSE), TRUE, SAME);
    for (const std::uint64_t begun = now_us(); count < 4 && now_us() < begun + kSoon * 1000ull;) SleepEx(kSoon, TRUE);
    assert_int_equal(count, 4);
}

// A party that sets a timer with a routine, and ends.
static void setter_ends(const char *name, Ending how) {
    const HANDLE t = timer(FALSE, name);
    Actor b = another();
    const HANDLE its = b.made(step::open_timer(TIMER_ALL_ACCESS, name), SAME);
    b.does(step::set_timer(its, -kHour, 0, true), TRUE, SAME);
    set(t, -30 * kMs);  // by somebody else, without a routine: that one counts
    b.ends(how);
    EXPECT(WaitForSingleObject(t, kSoon), WAIT_OBJECT_0, SAME);
    Actor c = another();
    const HANDLE third = c.made(step::open_timer(TIMER_ALL_ACCESS, name), SAME);
    c.does(step::set_timer(third, 0, 60'000, true), TRUE, SAME);  // signaled now, and again in a minute
    c.ends(how);
    EXPECT(WaitForSingleObject(t, 0), WAIT_OBJECT_0, SAME);  // the signal stays
    for (const bool run_down : {false, true}) {
        bool in_time = false;
        for (LONGLONG soon = 400; !in_time; soon *= 2) {  // until all of it has happened before the due time
            Actor d = another(), e = process_actor();
            const HANDLE fourth = d.made(step::open_timer(TIMER_ALL_ACCESS, name), SAME);
            const std::uint64_t begun = now_us();
            d.does(step::set_timer(fourth, -soon * kMs, 200, true), TRUE, SAME);
            d.ends(how);
            if (run_down) e.made(step::create_event(FALSE, FALSE, nullptr), 0);  // attaches, and runs the dead down
            in_time = now_us() - begun < static_cast<std::uint64_t>(soon) * 1000;
            e.ends(Ending::returns);
            const DWORD result = WaitForSingleObject(t, static_cast<DWORD>(soon) + 300);
            if (in_time) assert_int_equal(result, WAIT_TIMEOUT);
        }
    }
}

TEST_SHARED(all, Timer_25_with_a_routine_it_ends_with_its_thread) { setter_ends(NAME, Ending::returns); }
TEST_SHARED(all, Timer_25_killed_or_cancelled) {
    setter_ends(NAME, others_are_processes() ? Ending::killed : Ending::cancelled);
}

TEST(all, Timer_25_a_terminated_thread) {
    const HANDLE t = timer(FALSE), ready = auto_event(false);
    static HANDLE shared[2];
    static LONGLONG soon;
    shared[0] = t, shared[1] = ready;
    const auto sets = [](void *) -> DWORD {
        const LARGE_INTEGER at = due_of(-soon * kMs);
        static Calls none;
        SetWaitableTimer(shared[0], &at, 50, notes, &none, FALSE);
        SetEvent(shared[1]);
        Sleep(INFINITE);
        return 0;
    };
    bool in_time = false;
    for (soon = 200; !in_time; soon *= 2) {  // until it has ended before the due time
        const std::uint64_t begun = now_us();
        const HANDLE thread = MADE(CreateThread(nullptr, 0, sets, nullptr, 0, nullptr), SAME);
        EXPECT(WaitForSingleObject(ready, kSoon), WAIT_OBJECT_0, SAME);
        EXPECT(TerminateThread(thread, 1), TRUE, SAME);
        EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
        in_time = now_us() - begun < static_cast<std::uint64_t>(soon) * 1000;
        const DWORD result = WaitForSingleObject(t, static_cast<DWORD>(soon) + 200);
        if (in_time) assert_int_equal(result, WAIT_TIMEOUT);
    }
}

int main(int argc, char **argv) { return test_main(argc, argv); }
