// test_wait_any_exact.cpp - WaitForMultipleObjects for any of several answers for one moment, though it takes no lock.
//
// Purpose     A thread changes events step by step, so that something holds at every moment: one of the two is set; the
//             second only while the first is. A poll that looks at the objects one after the other and believes what it
//             saw would sooner or later answer otherwise. The loops end after a fixed number of polls; a mistake is a
//             matter of probability, and is met within the first thousands of them if the second look is left out.
// Source      statements WaitMultiple-01 to -03; the argument is in shim/wait/scan.h, and searched
//             completely by tests/model/scan.pml.
#include <atomic>
#include <thread>

#include "tests/support/program.h"

namespace {

#if defined(__SANITIZE_THREAD__)
constexpr int kPolls = 20000;  // each of them takes ten times as long
#else
constexpr int kPolls = 200000;
#endif

// Runs `steps` again and again in another thread while it lives.
class Other {
public:
    template <class Steps>
    explicit Other(Steps steps) : thread_([this, steps] {
        while (!stop_.load(std::memory_order_relaxed)) steps();
    }) {}
    ~Other() {
        stop_.store(true);
        thread_.join();
    }

private:
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

// Two events far apart in one array: between them stand others that are never set, so that a look takes its time.
class Wide {
public:
    Wide(HANDLE first, HANDLE second) {
        for (HANDLE &handle : handles_) handle = manual_event(false);
        handles_[0] = first;
        handles_[kLast] = second;
    }
    DWORD poll() const { return WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, handles_, FALSE, 0); }
    static constexpr DWORD kLast = MAXIMUM_WAIT_OBJECTS - 1;

private:
    HANDLE handles_[MAXIMUM_WAIT_OBJECTS];
};

}  // namespace

TEST(all, WaitMultiple_01_one_of_two_is_always_set_and_always_found) {
    const HANDLE a = manual_event(false);
    const HANDLE b = manual_event(true);
    const Wide both(a, b);
    int missed = 0;
    {
        const Other other([=] {
            SetEvent(a);
            ResetEvent(b);
            SetEvent(b);
            ResetEvent(a);
        });
        for (int i = 0; i < kPolls; ++i) missed += both.poll() == WAIT_TIMEOUT;
    }
    assert_int_equal(missed, 0);
}

TEST(all, WaitMultiple_02_the_second_is_never_set_without_the_first) {
    const HANDLE a = manual_event(false);
    const HANDLE b = manual_event(false);
    const Wide both(a, b);
    int wrong = 0;
    {
        const Other other([=] {
            SetEvent(a);
            SetEvent(b);
            ResetEvent(b);
            ResetEvent(a);
        });
        for (int i = 0; i < kPolls; ++i) wrong += both.poll() == WAIT_OBJECT_0 + Wide::kLast;
    }
    assert_int_equal(wrong, 0);
}

// Each signal of the second, an auto-reset event, is taken once: by this thread, or by the one that gave it.
TEST(all, WaitMultiple_01_a_signal_is_taken_once) {
    const HANDLE a = manual_event(false);
    const HANDLE b = auto_event(false);
    std::atomic<int> given{0}, taken_back{0};
    const Wide both(a, b);
    int taken = 0;
    {
        const Other other([&] {
            SetEvent(b);
            given.fetch_add(1);
            // Not before it has been taken by either: a second signal would be lost in the first.
            while (WaitForSingleObject(b, 0) == WAIT_OBJECT_0) taken_back.fetch_add(1);
        });
        for (int i = 0; i < kPolls; ++i) taken += both.poll() == WAIT_OBJECT_0 + Wide::kLast;
    }
    taken += WaitForSingleObject(b, 0) == WAIT_OBJECT_0;
    assert_int_equal(taken + taken_back.load(), given.load());
}

int main(int argc, char **argv) { return test_main(argc, argv); }
