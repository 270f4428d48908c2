// test_cancel.cpp - pthread_cancel of threads that are blocked in a wait.
//
// Purpose     A wait that blocks is a cancellation point, and so is Sleep; nothing else is. A cancelled wait is left
//             before the thread's cleanup handlers run: it consumes nothing, and the handlers, destructors of
//             thread-local objects and of thread-specific data may call everything. What the thread owns is abandoned
//             when it has ended.
// Source      README, "Limits"; architecture, section 10.
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <new>

#include "tests/support/segment_file.h"  // before CMocka, which takes the name `fail`

#include "tests/support/program.h"

enum class Kind { mutex, auto_event, manual_event, semaphore, any, all, signal_and_wait, sleep };

// What the thread that is to be cancelled has, and what it found on its way out.
struct Victim {
    Kind kind;
    int type;                 // PTHREAD_CANCEL_DEFERRED or _ASYNCHRONOUS
    HANDLE object, second, signal;
    HANDLE own;               // a mutex that it owns while it waits, or null
    pthread_t thread;
    std::atomic<pid_t> tid;
    std::atomic<DWORD> result;
    std::atomic<int> cleaned, destroyed, keyed;  // 1: everything worked
};

// Calls of every sort, blocking ones among them.
static int everything_works() {
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, nullptr),
                 other = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    const HANDLE mutex = CreateMutexA(nullptr, FALSE, nullptr);
    const HANDLE both[] = {event, mutex};
    bool right = event != nullptr && other != nullptr && mutex != nullptr;
    right = WaitForSingleObject(event, 5) == WAIT_TIMEOUT && right;
    right = SetEvent(event) && WaitForMultipleObjects(2, both, TRUE, 1000) == WAIT_OBJECT_0 && right;
    right = SignalObjectAndWait(mutex, event, 5, FALSE) == WAIT_TIMEOUT && right;
    right = WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex) && right;
    return CloseHandle(event) && CloseHandle(other) && CloseHandle(mutex) && right ? 1 : -1;
}

static pthread_key_t key;  // its destructor runs after the library's own: the key is younger
static void key_destructor(void *victim) { static_cast<Victim *>(victim)->keyed.store(everything_works()); }

struct LocalObject {
    Victim *victim = nullptr;
    ~LocalObject() {
        if (victim != nullptr) victim->destroyed.store(everything_works());
    }
};
static thread_local LocalObject local;

static void cleanup(void *victim) { static_cast<Victim *>(victim)->cleaned.store(everything_works()); }

static DWORD blocked_call(Victim &v) {
    const HANDLE two[] = {v.object, v.second};
    switch (v.kind) {
        case Kind::any: return WaitForMultipleObjects(2, two, FALSE, INFINITE);
        case Kind::all: return WaitForMultipleObjects(2, two, TRUE, INFINITE);
        case Kind::signal_and_wait: return SignalObjectAndWait(v.signal, v.object, INFINITE, FALSE);
        case Kind::sleep: Sleep(INFINITE); return 0;
        default: return WaitForSingleObject(v.object, INFINITE);
    }
}

static void *life_of(void *argument) {
    Victim &v = *static_cast<Victim *>(argument);
    int before;
    if (v.own != nullptr) WaitForSingleObject(v.own, INFINITE);
    local.victim = &v;
    pthread_setspecific(key, &v);
    pthread_cleanup_push(cleanup, &v);
    v.tid.store(gettid());
    pthread_setcanceltype(v.type, &before);
    v.result.store(blocked_call(v));
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &before);
    pthread_cleanup_pop(0);
    return nullptr;
}

// Seen asleep in the kernel twenty times in a row.
static void wait_until_asleep(const Victim &v) {
    const std::uint64_t end = now_ms() + kPatienceMs;
    for (int asleep = 0; asleep < 20;) {
        REQUIRE(now_ms() < end, "the thread blocks");
        char path[64], state = 0;
        snprintf(path, sizeof path, "/proc/self/task/%d/stat", v.tid.load());
        if (FILE *file = v.tid.load() != 0 ? fopen(path, "r") : nullptr; file != nullptr) {
            if (fscanf(file, "%*d %*[^)]) %c", &state) != 1) state = 0;
            fclose(file);
        }
        asleep = state == 'S' ? asleep + 1 : 0;
        usleep(1000);  // looks, not an order of events
    }
}

static void join_cancelled(const Victim &v) {
    timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += kPatienceMs / 1000;
    void *result = nullptr;
    REQUIRE(pthread_timedjoin_np(v.thread, &result, &until) == 0, "a cancelled thread ends");
    REQUIRE(result == PTHREAD_CANCELED, "it ends by the cancellation");
}

static void make_key() {
    static bool made = false;
    EXPECT(CloseHandle(auto_event(false)), TRUE, SAME);  // attached: the library has its key
    if (!made) REQUIRE(pthread_key_create(&key, key_destructor) == 0, "a key");
    made = true;
}

static void cancel(Victim &v) {
    make_key();
    REQUIRE(pthread_create(&v.thread, nullptr, life_of, &v) == 0, "a thread");
    wait_until_asleep(v);
    REQUIRE(pthread_cancel(v.thread) == 0, "a cancellation");
    join_cancelled(v);
    assert_int_equal(v.cleaned.load(), 1);
    assert_int_equal(v.destroyed.load(), 1);
    assert_int_equal(v.keyed.load(), 1);
}

static void cancel_in(Kind kind, int type) {
    static Victim v;
    new (&v) Victim{};
    v.kind = kind;
    v.type = type;
    v.signal = manual_event(false);
    v.object = kind == Kind::mutex ? owned_mutex() : kind == Kind::semaphore ? semaphore(0, 9)
               : kind == Kind::manual_event ? manual_event(false) : auto_event(false);
    v.second = kind == Kind::all ? semaphore(1, 9) : auto_event(false);
    cancel(v);
    if (kind == Kind::signal_and_wait) EXPECT(WaitForSingleObject(v.signal, 0), WAIT_OBJECT_0, SAME);
    if (kind == Kind::all) assert_int_equal(drain(v.second), 1);  // nothing was taken
    if (kind == Kind::mutex) {
        EXPECT(ReleaseMutex(v.object), TRUE, SAME);
        EXPECT(WaitForSingleObject(v.object, 0), WAIT_OBJECT_0, SAME);
        return;
    }
    if (kind == Kind::semaphore) {
        EXPECT(ReleaseSemaphore(v.object, 1, nullptr), TRUE, SAME);
    } else {
        EXPECT(SetEvent(v.object), TRUE, SAME);
    }
    EXPECT(WaitForSingleObject(v.object, 0), WAIT_OBJECT_0, SAME);  // the signal was not for the cancelled
}

#define CANCEL_TESTS(kind)                                                                                          \
    TEST(ce, Cancel_01_##kind) { cancel_in(Kind::kind, PTHREAD_CANCEL_DEFERRED); }                                  \
    TEST(ce, Cancel_02_##kind##_asynchronous) { cancel_in(Kind::kind, PTHREAD_CANCEL_ASYNCHRONOUS); }
CANCEL_TESTS(mutex)
CANCEL_TESTS(auto_event)
CANCEL_TESTS(manual_event)
CANCEL_TESTS(semaphore)
CANCEL_TESTS(any)
CANCEL_TESTS(all)
CANCEL_TESTS(signal_and_wait)
CANCEL_TESTS(sleep)

TEST(ce, Cancel_03_mutexes_of_a_cancelled_thread_are_abandoned) {
    static Victim v;
    new (&v) Victim{};
    v.kind = Kind::auto_event;
    v.type = PTHREAD_CANCEL_DEFERRED;
    v.object = auto_event(false);
    v.own = free_mutex(NAME);
    cancel(v);
    EXPECT(WaitForSingleObject(v.own, 0), WAIT_ABANDONED, SAME);
    EXPECT(ReleaseMutex(v.own), TRUE, SAME);
}

// Calls that do not block do not look for a cancellation that is pending.
static void *signal_while_cancelled(void *argument) {
    Victim &v = *static_cast<Victim *>(argument);
    pthread_cancel(pthread_self());
    const HANDLE fresh = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    const HANDLE both[] = {v.object, fresh};
    const bool right = fresh != nullptr && SetEvent(fresh) && SetEvent(v.object) &&
                       WaitForMultipleObjects(2, both, TRUE, INFINITE) == WAIT_OBJECT_0 &&
                       WaitForSingleObject(v.object, 0) == WAIT_TIMEOUT && CloseHandle(fresh);
    v.result.store(right ? 1 : 0);
    pthread_testcancel();
    return nullptr;
}

TEST(ce, Cancel_05_calls_that_do_not_block_are_no_cancellation_points) {
    static Victim v;
    new (&v) Victim{};
    v.object = auto_event(false);
    REQUIRE(pthread_create(&v.thread, nullptr, signal_while_cancelled, &v) == 0, "a thread");
    join_cancelled(v);
    assert_int_equal(v.result.load(), 1);
}

// A call that has waited for a lock for so long that it looks who holds it is no cancellation point either.
static void *pulse_while_cancelled(void *argument) {
    Victim &v = *static_cast<Victim *>(argument);
    v.tid.store(gettid());
    v.result.store(PulseEvent(v.object) ? 1 : 0);
    pthread_testcancel();
    return nullptr;
}

static bool waits_for_a_lock(const segment_file::Segment &s, pid_t tid) {
    for (unsigned i = 0; i < s.header().threads.load(); ++i)
        if (s.thread(i).tid.load() == static_cast<unsigned>(tid) && s.thread(i).blocked_on.load() != 0) return true;
    return false;
}

TEST(ce, Cancel_06_a_call_that_waits_for_a_lock_is_no_cancellation_point) {
    static Victim v;
    new (&v) Victim{};
    v.object = auto_event(false);
    auto *const segment = new segment_file::Segment;
    REQUIRE(segment->is_open(), "the segment");
    pthread_mutex_t &guard = segment->object(segment->object_of(v.object)).guard.mutex;
    segment->next_section();
    REQUIRE(pthread_mutex_lock(&guard) == 0, "the guard is taken by hand");
    REQUIRE(pthread_create(&v.thread, nullptr, pulse_while_cancelled, &v) == 0, "a thread");
    const std::uint64_t end = now_ms() + kPatienceMs;
    while ((v.tid == 0 || !waits_for_a_lock(*segment, v.tid)) && now_ms() < end) usleep(1000);
    const bool waited = now_ms() < end;
    pthread_cancel(v.thread);
    usleep(1'500'000);  // so that it looks once more; a shorter time would only not show the fault
    pthread_mutex_unlock(&guard);
    segment->next_section();
    join_cancelled(v);
    delete segment;
    assert_true(waited);
    assert_int_equal(v.result.load(), 1);
    EXPECT(SetEvent(v.object), TRUE, SAME);
}

// ---- cancelled at any moment ----------------------------------------------------------------------------------------

static struct {
    HANDLE units, mutex;
    std::atomic<long> taken, abandoned, inside, wrong;
} pool;

static void *take_for_ever(void *) {
    const HANDLE both[] = {pool.units, pool.mutex};
    for (unsigned round = 0;; ++round) {
        switch (round % 3) {
            case 0:
                if (WaitForSingleObject(pool.units, 2) == WAIT_OBJECT_0) pool.taken.fetch_add(1);
                break;
            default: {
                const bool all = round % 3 == 1;
                const DWORD got = all ? WaitForMultipleObjects(2, both, TRUE, 2) : WaitForSingleObject(pool.mutex, 2);
                if (got == WAIT_ABANDONED) pool.abandoned.fetch_add(1);
                else if (got != WAIT_OBJECT_0 && got != WAIT_TIMEOUT) pool.wrong.fetch_add(1);
                if (got == WAIT_TIMEOUT || got == WAIT_FAILED) break;
                if (all) pool.taken.fetch_add(1);
                if (pool.inside.fetch_add(1) != 0) pool.wrong.fetch_add(1);
                pool.inside.fetch_sub(1);
                if (!ReleaseMutex(pool.mutex)) pool.wrong.fetch_add(1);
            }
        }
    }
    return nullptr;
}

// A grant and a cancellation may meet: what was granted to a thread that is being cancelled goes back.
TEST(ce, Cancel_04_nothing_is_lost_when_grant_and_cancellation_meet) {
    constexpr int kThreads = 4;
    pool.units = semaphore(0, 1'000'000);
    pool.mutex = free_mutex();
    pthread_t threads[kThreads];
    for (pthread_t &thread : threads)
        REQUIRE(pthread_create(&thread, nullptr, take_for_ever, nullptr) == 0, "a thread");
    constexpr long kEnough = 50;
    long released = 0, cancelled = 0;
    for (const std::uint64_t end = now_ms() + 2500; now_ms() < end || cancelled <= kEnough; ++cancelled) {
        for (int i = 0; i < 3; ++i) released += ReleaseSemaphore(pool.units, 1, nullptr) ? 1 : 0;
        pthread_t &thread = threads[cancelled % kThreads];
        pthread_cancel(thread);
        for (int i = 0; i < 3; ++i) released += ReleaseSemaphore(pool.units, 1, nullptr) ? 1 : 0;
        pthread_join(thread, nullptr);
        REQUIRE(pthread_create(&thread, nullptr, take_for_ever, nullptr) == 0, "a thread");
    }
    for (pthread_t thread : threads) pthread_cancel(thread);
    for (pthread_t thread : threads) pthread_join(thread, nullptr);
    const long left = drain(pool.units);
    print_message("%ld threads cancelled, %ld units released, %ld taken, %ld left\n", cancelled, released,
                  pool.taken.load(), left);
    assert_int_equal(pool.taken.load() + left, released);
    assert_int_equal(pool.abandoned.load(), 0);
    assert_int_equal(pool.wrong.load(), 0);
    EXPECT(WaitForSingleObject(pool.mutex, 0), WAIT_OBJECT_0, SAME);
    EXPECT(ReleaseMutex(pool.mutex), TRUE, SAME);
    REQUIRE(cancelled > kEnough, "threads were cancelled");
}

int main(int argc, char **argv) { return test_main(argc, argv); }
