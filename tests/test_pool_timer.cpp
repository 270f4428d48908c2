// test_pool_timer.cpp - timers and waits of the thread pool.
//
// Source      the pages of threadpoolapiset.h: "SetThreadpoolTimer", "IsThreadpoolTimerSet", "SetThreadpoolWait", ...
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/pool.h"

// The clock on the wall as the library sees it: the machine's, and what a test adds to it.
static std::atomic<long> wall_step_seconds{0};

extern "C" int clock_gettime(clockid_t clock, timespec *now) noexcept {
    const long result = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += wall_step_seconds.load(std::memory_order_relaxed);
    return static_cast<int>(result);
}

static Counter fired;
static std::atomic<ULONGLONG> at_ms;

static void NTAPI fires(PTP_CALLBACK_INSTANCE, PVOID, PTP_TIMER) {
    at_ms = milliseconds();
    ++fired;
}
static PTP_TIMER timer(PTP_TIMER_CALLBACK callback = fires, void *context = nullptr) {
    fired.reset();
    const PTP_TIMER made = CreateThreadpoolTimer(callback, context, nullptr);
    assert_non_null(made);
    EXPECT(IsThreadpoolTimerSet(made), FALSE, SAME);
    return made;
}
static BOOL set(PTP_TIMER t, LONGLONG ms, DWORD period_ms = 0) {
    FILETIME due = in_ms(ms);
    return SetThreadpoolTimerEx(t, &due, period_ms, 0);
}
static LONGLONG wall_time() {
    FILETIME now;
    GetSystemTimePreciseAsFileTime(&now);
    return static_cast<LONGLONG>((static_cast<ULONGLONG>(now.dwHighDateTime) << 32) | now.dwLowDateTime);
}
static void close(PTP_TIMER t) {
    SetThreadpoolTimer(t, nullptr, 0, 0);
    WaitForThreadpoolTimerCallbacks(t, TRUE);
    CloseThreadpoolTimer(t);
}

// ---- timers -------------------------------------------------------------------------------------------------------

TEST(all, PoolTimer_it_calls_once_and_not_too_early) {
    const PTP_TIMER t = timer();
    const ULONGLONG begun = milliseconds();
    EXPECT(set(t, 30), FALSE, SAME);
    REQUIRE(fired.reaches(1), "it calls");
    assert_true(at_ms - begun >= 29);
    REQUIRE(fired.stays(1), "once");
    EXPECT(IsThreadpoolTimerSet(t), TRUE, SAME);  // its last setting had a due time
    EXPECT(set(t, 3'600'000), FALSE, SAME);       // it had called already
    EXPECT(set(t, 0), TRUE, SAME);
    REQUIRE(fired.reaches(2), "at once");
    close(t);
}

TEST(all, PoolTimer_with_a_period_it_goes_on_until_it_is_ended) {
    const PTP_TIMER t = timer();
    const ULONGLONG begun = milliseconds();
    set(t, 5, 5);
    REQUIRE(fired.reaches(6), "it calls again and again");
    assert_true(at_ms - begun >= 29);
    EXPECT(SetThreadpoolTimerEx(t, nullptr, 0, 0), TRUE, SAME);
    EXPECT(IsThreadpoolTimerSet(t), FALSE, SAME);
    WaitForThreadpoolTimerCallbacks(t, FALSE);
    REQUIRE(fired.stays(fired.get()), "it has ended");
    EXPECT(SetThreadpoolTimerEx(t, nullptr, 0, 0), FALSE, SAME);
    close(t);
}

TEST(all, PoolTimer_many_at_once_fire_in_the_order_of_their_times) {
    static std::atomic<long> next, late;
    const auto notes = [](PTP_CALLBACK_INSTANCE, PVOID place, PTP_TIMER) {
        if (next.exchange(static_cast<long>(as_number(place))) > static_cast<long>(as_number(place))) ++late;
        ++fired;
    };
    // One thread, so that callbacks that are queued together do not overtake one another.
    TP_CALLBACK_ENVIRON environment;
    const PTP_POOL pool = CreateThreadpool(nullptr);
    assert_non_null(pool);
    SetThreadpoolThreadMaximum(pool, 1);
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);
    PTP_TIMER timers[12];
    for (std::uintptr_t i = 0; i < 12; ++i) {
        timers[i] = CreateThreadpoolTimer(notes, reinterpret_cast<void *>(i), &environment);
        assert_non_null(timers[i]);
    }
    bool in_time = false;
    for (LONGLONG apart = 20; !in_time; apart *= 2) {  // until setting them all takes less than that
        fired.reset();
        next = late = 0;
        const ULONGLONG begun = milliseconds();
        for (LONGLONG i = 11; i >= 0; --i) set(timers[i], 40 + apart * i);
        in_time = milliseconds() - begun + 1 < static_cast<ULONGLONG>(apart);
        REQUIRE(fired.reaches(12), "all fire");
    }
    assert_int_equal(late, 0);
    for (const PTP_TIMER t : timers) close(t);
    CloseThreadpool(pool);
}

TEST(all, PoolTimer_an_absolute_time_follows_the_clock_on_the_wall) {
    const PTP_TIMER t = timer();
    FILETIME past = filetime(wall_time() - 10'000'000), in_an_hour = filetime(wall_time() + 36'000'000'000);
    SetThreadpoolTimer(t, &past, 0, 0);
    REQUIRE(fired.reaches(1), "a time that has passed is now");
    SetThreadpoolTimer(t, &in_an_hour, 0, 0);
    REQUIRE(fired.stays(1), "not yet");
    wall_step_seconds = 3600;
    const bool heard = fired.reaches(2);
    wall_step_seconds = 0;
    REQUIRE(heard, "the clock was stepped to it");
    close(t);
}

TEST(all, PoolTimer_closed_it_calls_no_more) {
    PTP_TIMER t = nullptr;
    bool in_time = false;
    for (DWORD soon = 30; !in_time; soon *= 2) {  // until it is closed before it is due
        t = timer();
        const ULONGLONG begun = milliseconds();
        set(t, soon, 10);
        CloseThreadpoolTimer(t);
        in_time = milliseconds() - begun + 1 < soon;
        if (in_time) REQUIRE(fired.stays(0, soon + 70), "it is closed");
    }
    EXPECT(IsThreadpoolTimerSet(t), FALSE, SAME);
    SetThreadpoolTimer(t, nullptr, 0, 0);
}

static void NTAPI sets_itself(PTP_CALLBACK_INSTANCE, PVOID, PTP_TIMER t) {
    if (++fired < 5) set(t, 1);
}

TEST(all, PoolTimer_a_callback_may_set_its_timer) {
    const PTP_TIMER t = timer(sets_itself);
    set(t, 1);
    REQUIRE(fired.reaches(5) && fired.stays(5), "each callback sets it for one more");
    close(t);
}

// ---- waits --------------------------------------------------------------------------------------------------------

static Counter called;
static std::atomic<DWORD> last_result;

static void NTAPI notes_result(PTP_CALLBACK_INSTANCE, PVOID, PTP_WAIT, TP_WAIT_RESULT result) {
    last_result = result;
    ++called;
}
static PTP_WAIT wait_object(PTP_WAIT_CALLBACK callback = notes_result, void *context = nullptr) {
    const PTP_WAIT made = CreateThreadpoolWait(callback, context, nullptr);
    assert_non_null(made);
    return made;
}
static void close(PTP_WAIT w) {
    SetThreadpoolWait(w, nullptr, nullptr);
    WaitForThreadpoolWaitCallbacks(w, TRUE);
    CloseThreadpoolWait(w);
}

TEST(all, PoolWait_it_calls_once_for_a_signal_and_takes_it) {
    called.reset();
    const HANDLE e = event();
    const PTP_WAIT w = wait_object();
    EXPECT(SetThreadpoolWaitEx(w, e, nullptr, nullptr), FALSE, SAME);
    REQUIRE(called.stays(0), "nothing is signaled");
    EXPECT(SetEvent(e), TRUE, SAME);
    REQUIRE(called.reaches(1), "it is signaled");
    assert_int_equal(last_result, WAIT_OBJECT_0);
    EXPECT(WaitForSingleObject(e, 0), WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(e), TRUE, SAME);
    REQUIRE(called.stays(1), "it was for once");
    EXPECT(WaitForSingleObject(e, 0), WAIT_OBJECT_0, SAME);
    close(w);
}

TEST(all, PoolWait_a_time_out_calls_too) {
    called.reset();
    const HANDLE e = event();
    const PTP_WAIT w = wait_object();
    FILETIME soon = in_ms(30), now = filetime(0);
    const ULONGLONG begun = milliseconds();
    SetThreadpoolWait(w, e, &soon);
    REQUIRE(called.reaches(1), "the time is over");
    assert_true(milliseconds() - begun >= 29);
    assert_int_equal(last_result, WAIT_TIMEOUT);
    SetThreadpoolWait(w, e, &now);
    REQUIRE(called.reaches(2), "a poll");
    assert_int_equal(last_result, WAIT_TIMEOUT);
    SetEvent(e);
    SetThreadpoolWait(w, e, &now);
    REQUIRE(called.reaches(3), "a poll of what is signaled");
    assert_int_equal(last_result, WAIT_OBJECT_0);
    close(w);
}

TEST(all, PoolWait_what_it_no_longer_waits_for_keeps_its_signal) {
    called.reset();
    const PTP_WAIT w = wait_object();
    for (int i = 0; i < 200; ++i) {
        const HANDLE e = event();
        SetThreadpoolWait(w, e, nullptr);
        EXPECT(SetThreadpoolWaitEx(w, nullptr, nullptr, nullptr), TRUE, SAME);
        EXPECT(SetEvent(e), TRUE, SAME);
        EXPECT(WaitForSingleObject(e, 0), WAIT_OBJECT_0, SAME);
        EXPECT(CloseHandle(e), TRUE, SAME);
    }
    assert_int_equal(called.get(), 0);
    close(w);
}

// Each setting ends in a callback or in a TRUE, never in both: by that a program knows who lets go of what it needs.
TEST(all, PoolWait_what_was_cancelled_does_not_call) {
    called.reset();
    const HANDLE e = event();
    const PTP_WAIT w = wait_object();
    long cancelled = 0;
    constexpr long settings = 40;
    for (long i = 0; i < settings; ++i) {
        SetThreadpoolWait(w, e, nullptr);
        if (i % 2 == 0) Sleep(5);  // so that the thread that waits has fallen asleep, mostly
        EXPECT(SetEvent(e), TRUE, SAME);
        if (SetThreadpoolWaitEx(w, nullptr, nullptr, nullptr)) ++cancelled;
        WaitForThreadpoolWaitCallbacks(w, FALSE);
        assert_int_equal(called.get() + cancelled, i + 1);
        EXPECT(ResetEvent(e), TRUE, SAME);
    }
    CloseHandle(e);
    close(w);
}

TEST(all, PoolWait_the_handle_may_be_closed_and_what_cannot_be_waited_for) {
    called.reset();
    const HANDLE e = event(FALSE, TRUE), gone = event();
    const PTP_WAIT w = wait_object();
    EXPECT(CloseHandle(gone), TRUE, SAME);
    EXPECT(SetThreadpoolWaitEx(w, gone, nullptr, nullptr), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(SetThreadpoolWaitEx(w, e, nullptr, nullptr), FALSE, SAME);
    EXPECT(CloseHandle(e), TRUE, SAME);
    REQUIRE(called.reaches(1), "it was signaled");
    close(w);
}

static std::atomic<long> from[200];

TEST(all, PoolWait_more_than_one_thread_can_wait_for_and_each_hears_of_its_own) {
    called.reset();
    static HANDLE events[200];
    static PTP_WAIT waits[200];
    const auto counts = [](PTP_CALLBACK_INSTANCE, PVOID place, PTP_WAIT, TP_WAIT_RESULT) {
        ++from[as_number(place)];
        ++called;
    };
    for (std::uintptr_t i = 0; i < 200; ++i) {
        from[i] = 0;
        events[i] = event();
        waits[i] = wait_object(counts, reinterpret_cast<void *>(i));
        SetThreadpoolWait(waits[i], events[i], nullptr);
    }
    for (int i = 199; i >= 0; --i) SetEvent(events[i]);
    REQUIRE(called.reaches(200), "all are called");
    for (const std::atomic<long> &n : from) assert_int_equal(n, 1);
    for (const PTP_WAIT w : waits) close(w);
    for (const HANDLE e : events) EXPECT(CloseHandle(e), TRUE, SAME);
}

static HANDLE ping;
static void NTAPI waits_again(PTP_CALLBACK_INSTANCE, PVOID, PTP_WAIT w, TP_WAIT_RESULT) {
    SetThreadpoolWait(w, ping, nullptr);
    ++called;
}

TEST(all, PoolWait_a_callback_may_set_its_wait_again) {
    called.reset();
    ping = event();
    const PTP_WAIT w = wait_object(waits_again);
    SetThreadpoolWait(w, ping, nullptr);
    for (long i = 1; i <= 50; ++i) {
        EXPECT(SetEvent(ping), TRUE, SAME);
        REQUIRE(called.reaches(i), "each signal is heard");
    }
    close(w);
}

TEST(all, PoolWait_a_mutex_whose_owner_has_ended) {
    called.reset();
    const HANDLE mutex = MADE(CreateMutexA(nullptr, FALSE, nullptr), ERROR_SUCCESS);
    const auto takes = [](void *m) -> DWORD { return WaitForSingleObject(m, INFINITE); };
    const HANDLE owner = MADE(CreateThread(nullptr, 0, takes, mutex, 0, nullptr), SAME);
    EXPECT(WaitForSingleObject(owner, kSoon), WAIT_OBJECT_0, SAME);
    const PTP_WAIT w = wait_object();
    SetThreadpoolWait(w, mutex, nullptr);
    REQUIRE(called.reaches(1), "it is free");
    assert_int_equal(last_result, WAIT_ABANDONED_0);
    close(w);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
