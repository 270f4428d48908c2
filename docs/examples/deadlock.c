/* deadlock.c - three philosophers in three processes, each with one fork in the hand, each waiting for the next one.
 *
 *   deadlock [SECONDS]    stands still for so long (60), for `winshim objects` and `winshim waits` to look at; then it
 *                         ends the three. Prints a line when all of them wait.
 *
 * Beside the table: a waiter who waits for any of two bells, a guest who waits for a seat and for the philosophers'
 * first fork at once (wait-all: behind the deadlock), a timer, and a mutex whose owner was killed.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <windows.h>

enum { kDiners = 3, kOthers = 2 };

static HANDLE forks[kDiners], sits;

/* A process of its own, with a name that tools show. It ends with this one. */
static pid_t guest(const char *name, void (*act)(int), int number)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, name);
    act(number);
    _exit(0);
}

static void dine(int number)
{
    WaitForSingleObject(forks[number], INFINITE);
    ReleaseSemaphore(sits, 1, NULL);
    WaitForSingleObject(CreateEventA(NULL, TRUE, FALSE, "dinner is served"), INFINITE);
    WaitForSingleObject(forks[(number + 1) % kDiners], INFINITE);
    puts("this cannot be");
}

static void serve(int number)
{
    HANDLE bells[2];
    bells[0] = CreateEventA(NULL, FALSE, FALSE, "bell at the door");
    bells[1] = CreateEventA(NULL, FALSE, FALSE, "bell on the table");
    (void)number;
    WaitForMultipleObjects(2, bells, FALSE, INFINITE);
}

static void come_late(int number)
{
    HANDLE both[2];
    both[0] = CreateSemaphoreA(NULL, 1, 4, "seats");
    both[1] = forks[0];
    (void)number;
    WaitForMultipleObjects(2, both, TRUE, INFINITE);
}

static void take_the_key(int number)
{
    WaitForSingleObject(CreateMutexA(NULL, FALSE, "key of the cellar"), INFINITE);
    (void)number;
    raise(SIGKILL);
}

int main(int argc, char **argv)
{
    static const char *const names[kDiners] = {"plato", "hypatia", "kant"};
    int seconds = argc > 1 ? atoi(argv[1]) : 60, i, status;
    pid_t pids[kDiners + kOthers], thief;
    HANDLE key = CreateMutexA(NULL, FALSE, "key of the cellar"), served;
    LARGE_INTEGER in_ten_minutes;

    if (key == NULL) {
        fprintf(stderr, "deadlock: last error %u\n", (unsigned)GetLastError());
        return 1;
    }
    prctl(PR_SET_NAME, "dinner");
    sits = CreateSemaphoreA(NULL, 0, kDiners, NULL);
    served = CreateEventA(NULL, TRUE, FALSE, "dinner is served");
    for (i = 0; i < kDiners; ++i) {
        char name[20];
        snprintf(name, sizeof name, "fork %d", i + 1);
        forks[i] = CreateMutexA(NULL, FALSE, name);
    }
    in_ten_minutes.QuadPart = -6000000000LL;
    SetWaitableTimer(CreateWaitableTimerA(NULL, FALSE, "dessert"), &in_ten_minutes, 0, NULL, NULL, FALSE);
    for (i = 0; i < kDiners; ++i)
        pids[i] = guest(names[i], dine, i);
    for (i = 0; i < kDiners; ++i)
        WaitForSingleObject(sits, INFINITE);
    SetEvent(served); /* each has a fork: now each wants a second one */
    pids[kDiners] = guest("waiter", serve, 0);
    pids[kDiners + 1] = guest("latecomer", come_late, 0);
    thief = guest("thief", take_the_key, 0);
    waitpid(thief, &status, 0);
    sleep(1); /* not for correctness: nobody tells that a wait has begun */
    printf("the table stands still\n");
    fflush(stdout);
    sleep((unsigned)seconds);
    for (i = 0; i < kDiners + kOthers; ++i) {
        kill(pids[i], SIGKILL);
        waitpid(pids[i], &status, 0);
    }
    return 0;
}
