/* linux_errno.c - last error and the C library's errno, signals of the system. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "conformance/harness/suite.h"

CASE(errno_and_last_error_are_two_things, "LastError-05", ALL, "LD-18")
{
    errno = 4711;
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, own_name("event")), NEW_OBJECT);
    EQUAL(errno, 4711);
    REFUSES(SetEvent(NULL), ERROR_INVALID_HANDLE);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, own_name("nothing")), ERROR_FILE_NOT_FOUND);
    GIVES(WaitForSingleObject(event, 1), WAIT_TIMEOUT, SAME);
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    DOES(CloseHandle(event));
    EQUAL(errno, 4711);
    SetLastError(5);
    errno = 6;
    EQUAL(GetLastError(), 5);
    EQUAL(errno, 6);
}

static volatile int signals;

static void count_signal(int number)
{
    (void)number;
    ++signals;
}

static pthread_t waiting;

static uint64_t wait_as_known(const Ask *ask)
{
    waiting = pthread_self();
    return WaitForSingleObject(ask->handle, (DWORD)ask->number);
}

CASE(a_signal_does_not_end_a_wait, "WaitSingle-29", ALL, "LD-18")
{
    const struct sigaction action = {.sa_handler = count_signal}; /* without SA_RESTART */
    sigaction(SIGUSR1, &action, NULL);
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    Partner *waiter = partner(IN_A_THREAD);
    const DWORD times[] = {INFINITE, 60000};
    for (int i = 0; i < 2; ++i) {
        tell(waiter, wait_as_known, .handle = event, .number = times[i]);
        until_blocked(waiter);
        for (int j = 1; j <= 3; ++j) {
            const int before = signals;
            pthread_kill(waiting, SIGUSR1);
            for (const uint64_t begin = now_ms(); signals == before && now_ms() - begin < LONG_ENOUGH;) pause_ms(1);
            EQUAL(signals, before + 1);
            until_blocked(waiter);
        }
        DOES(SetEvent(event));
        EQUAL(answer(waiter), WAIT_OBJECT_0);
    }
}

CASE(the_remaining_time_is_what_is_waited_after_a_signal, "WaitSingle-29", ALL, "LD-18")
{
    const struct sigaction action = {.sa_handler = count_signal};
    sigaction(SIGUSR1, &action, NULL);
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    Partner *waiter = partner(IN_A_THREAD);
    const uint64_t begin = now_ms();
    tell(waiter, wait_as_known, .handle = event, .number = 300);
    until_blocked(waiter);
    pthread_kill(waiting, SIGUSR1);
    EQUAL(answer(waiter), WAIT_TIMEOUT);
    BETWEEN(now_ms() - begin, 300 - 16, LONG_ENOUGH);
}
