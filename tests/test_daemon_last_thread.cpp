// test_daemon_last_thread.cpp - a process whose last thread ends by pthread_exit, with exit handlers that take long.
//
// Purpose     While the handlers run, no thread of the process is attached any more: it may be run down, and its place
//             be given to another process. What the library does at the end must not touch the newcomer.
// Source      architecture, section 10, "Exit".
#include <pthread.h>

#include <cstdlib>

#include "tests/support/family.h"

using namespace family;

namespace {

int said[2], told[2];  // pipes: the ending process has come to its handlers; it may go on

void takes_long() {
    char byte = 'h';
    if (write(said[1], &byte, 1) != 1 || read(told[0], &byte, 1) != 1) _exit(5);
}

bool ends_by_its_last_thread() {
    SURE(CreateEventA(nullptr, FALSE, FALSE, "of the one that ends") != nullptr);
    SURE(atexit(takes_long) == 0);
    pthread_exit(nullptr);
}

bool takes_its_place() {
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, "of the newcomer");
    const HANDLE mutex = CreateMutexA(nullptr, TRUE, nullptr), ended = CreateEventA(nullptr, FALSE, FALSE, "ended");
    const HANDLE attached = OpenEventA(EVENT_ALL_ACCESS, FALSE, "attached");
    SURE(event != nullptr && mutex != nullptr && SetEvent(attached));
    SURE(waits(ended, WAIT_OBJECT_0));
    SURE(SetEvent(event) && waits(event, WAIT_OBJECT_0) && ReleaseMutex(mutex) && CloseHandle(event));
    return true;
}

}  // namespace

ROLE(long_exit_handlers) {
    NEED(!kSanitizerHasAThread, "the sanitizer's own thread keeps a process from ending with its last thread");
    WANT(pipe2(said, O_CLOEXEC) == 0 && pipe2(told, O_CLOEXEC) == 0);
    const HANDLE attached = CreateEventA(nullptr, FALSE, FALSE, "attached");
    const HANDLE ended = CreateEventA(nullptr, FALSE, FALSE, "ended");
    const pid_t ending = child_that(ends_by_its_last_thread);
    char byte = 0;
    WANT(read(said[0], &byte, 1) == 1);
    const pid_t newcomer = child_that(takes_its_place);
    WANT(waits(attached, WAIT_OBJECT_0));
    WANT(write(told[1], &byte, 1) == 1);
    WANT(ended_well(ending));
    WANT(SetEvent(ended));
    WANT(ended_well(newcomer));
    return 0;
}

TEST(ce, Life_27_exit_handlers_after_the_last_thread) { starve::thrives("long_exit_handlers", nullptr, 0); }

int main(int argc, char **argv) { return test_main(argc, argv); }
