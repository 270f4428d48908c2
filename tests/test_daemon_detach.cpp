// test_daemon_detach.cpp - programs that cut their ties: all descriptors closed, a session of their own, daemon(3).
//
// Purpose     The library keeps no descriptor and knows its threads by locks, not by what a program closes or leaves:
//             a process goes on with its handles, blocked threads go on waiting, and others see the same objects.
// Source      README, "Limits"; architecture, section 10; statement Life-27.
#include <thread>

#include "tests/support/family.h"

using namespace family;

namespace {

// ---- closefrom ------------------------------------------------------------------------------------------------------

// The library has none open, and puts nothing where the program's next descriptor belongs.
bool descriptors_are_the_programs() {
    SURE(open_descriptors() == 0);
    SURE(open("/dev/null", O_RDWR) == 0);
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, "with one descriptor");
    SURE(event != nullptr && WaitForSingleObject(event, 20) == WAIT_TIMEOUT && CloseHandle(event));
    SURE(open_descriptors() == 1 && fcntl(0, F_GETFD) >= 0);
    return true;
}

bool closes_all_and_begins() {
    SURE(close_all_from(0));
    const HANDLE go = CreateEventA(nullptr, FALSE, FALSE, "go"), back = CreateEventA(nullptr, FALSE, FALSE, "back");
    SURE(go != nullptr && back != nullptr);
    SURE(waits(go, WAIT_OBJECT_0));
    SURE(descriptors_are_the_programs());
    SURE(SetEvent(back));
    return true;
}

// A thread is blocked, another attaches afterwards, and the first thread's first wait comes afterwards, too.
bool closes_all_in_the_middle() {
    const HANDLE go = CreateEventA(nullptr, FALSE, FALSE, "go"), back = CreateEventA(nullptr, FALSE, FALSE, "back");
    const HANDLE mutex = CreateMutexA(nullptr, TRUE, "owned");
    std::atomic<pid_t> tid{0};
    bool woken = false;
    bool late = false;
    std::thread blocked([&] {
        tid = gettid();
        woken = waits(go, WAIT_OBJECT_0) && SetEvent(back);
    });
    while (tid == 0) usleep(1000);
    SURE(falls_asleep(getpid(), tid));
    SURE(close_all_from(0));
    const HANDLE first = CreateEventA(nullptr, FALSE, FALSE, "first wait");
    SURE(first != nullptr && SetEvent(back));
    SURE(waits(first, WAIT_OBJECT_0));
    std::thread([&] { late = WaitForSingleObject(mutex, 20) == WAIT_TIMEOUT && SetEvent(back); }).join();
    SURE(late);
    blocked.join();
    SURE(woken);
    SURE(descriptors_are_the_programs());
    SURE(ReleaseMutex(mutex));
    return true;
}

// ---- sessions -------------------------------------------------------------------------------------------------------

bool leads_a_session() {
    const HANDLE go = CreateEventA(nullptr, FALSE, FALSE, "go"), back = CreateEventA(nullptr, FALSE, FALSE, "back");
    const HANDLE mutex = CreateMutexA(nullptr, TRUE, "owned");
    std::atomic<pid_t> tid{0};
    bool woken = false;
    std::thread blocked([&] {
        tid = gettid();
        woken = waits(go, WAIT_OBJECT_0);
    });
    while (tid == 0) usleep(1000);
    SURE(falls_asleep(getpid(), tid));
    SURE(setsid() == getpid());
    SURE(SetEvent(back));
    blocked.join();
    SURE(woken);
    SURE(ReleaseMutex(mutex) && WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && SetEvent(back));
    SURE(waits(go, WAIT_OBJECT_0));  // still its owner while the other looks
    return true;
}

// What goes on after daemon(3) is a child by fork: it has the handles and owns nothing. Its parent ends by _exit.
bool becomes_a_daemon() {
    const HANDLE go = CreateEventA(nullptr, FALSE, FALSE, "go"), back = CreateEventA(nullptr, FALSE, FALSE, "back");
    const HANDLE unnamed = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    const HANDLE mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, "owned");
    const pid_t before = getpid();
    SURE(unnamed != nullptr && WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    SURE(daemon(0, 0) == 0);
    dies_in_time();
    SURE(getpid() != before && getsid(0) != getsid(getppid()));
    SURE(!ReleaseMutex(mutex) && GetLastError() == ERROR_NOT_OWNER);
    SURE(WaitForSingleObject(unnamed, 0) == WAIT_TIMEOUT && SetEvent(unnamed) && waits(unnamed, WAIT_OBJECT_0));
    SURE(SetEvent(back));
    SURE(waits(go, WAIT_OBJECT_0));
    bool threads_work = false;
    std::thread([&] { threads_work = SetEvent(back) && waits(go, WAIT_OBJECT_0); }).join();
    SURE(threads_work);
    return true;
}

}  // namespace

ROLE(closed_before) {
    const pid_t child = child_that(closes_all_and_begins);
    const HANDLE go = CreateEventA(nullptr, FALSE, FALSE, "go"), back = CreateEventA(nullptr, FALSE, FALSE, "back");
    WANT(falls_asleep(child, child) && SetEvent(go));
    WANT(ended_well(child));
    WANT(waits(back, WAIT_OBJECT_0));
    return 0;
}

ROLE(closed_in_the_middle) {
    const pid_t child = child_that(closes_all_in_the_middle);
    const HANDLE go = CreateEventA(nullptr, FALSE, FALSE, "go"), back = CreateEventA(nullptr, FALSE, FALSE, "back");
    const HANDLE first = CreateEventA(nullptr, FALSE, FALSE, "first wait");
    WANT(waits(back, WAIT_OBJECT_0));  // closed
    WANT(falls_asleep(child, child) && SetEvent(first));
    WANT(waits(back, WAIT_OBJECT_0));  // the late thread
    const HANDLE mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, "owned");
    WANT(WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT);
    WANT(SetEvent(go) && waits(back, WAIT_OBJECT_0));
    WANT(ended_well(child));
    WANT(waits(mutex, WAIT_OBJECT_0));  // released, not abandoned
    return 0;
}

ROLE(session) {
    const pid_t child = child_that(leads_a_session);
    const HANDLE go = CreateEventA(nullptr, FALSE, FALSE, "go"), back = CreateEventA(nullptr, FALSE, FALSE, "back");
    WANT(waits(back, WAIT_OBJECT_0));
    const HANDLE mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, "owned");
    WANT(WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT && SetEvent(go));
    WANT(waits(back, WAIT_OBJECT_0) && WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT && SetEvent(go));
    WANT(ended_well(child));
    WANT(waits(mutex, WAIT_ABANDONED));
    return 0;
}

ROLE(daemon_goes_on) {
    WANT(adopts_orphans());
    const HANDLE mutex = CreateMutexA(nullptr, FALSE, "owned");
    const HANDLE go = CreateEventA(nullptr, FALSE, FALSE, "go"), back = CreateEventA(nullptr, FALSE, FALSE, "back");
    const pid_t child = child_that(becomes_a_daemon);
    WANT(ended_well(child));
    WANT(waits(mutex, WAIT_ABANDONED));  // its owner was the process that has ended
    WANT(waits(back, WAIT_OBJECT_0) && SetEvent(go));
    WANT(waits(back, WAIT_OBJECT_0) && SetEvent(go));
    WANT(ended_well(-1));
    return 0;
}

TEST(ce, Life_27_all_descriptors_closed_before_the_first_call) { starve::thrives("closed_before", nullptr, 0); }
TEST(ce, Life_27_all_descriptors_closed_while_a_thread_is_blocked) {
    starve::thrives("closed_in_the_middle", nullptr, 0);
}
TEST(ce, Life_27_a_session_of_its_own) { starve::thrives("session", nullptr, 0); }
TEST(ce, Life_27_a_daemon_has_the_handles_and_owns_nothing) { starve::thrives("daemon_goes_on", nullptr, 0); }

int main(int argc, char **argv) { return test_main(argc, argv); }
