/* service.c - a service with a queue of jobs, and a shutdown that cuts none of them off.
 *
 * Purpose   One wait for everything that may happen: the order to stop, a job, the time for a report. Of several things
 *           that have happened a wait for any takes the one with the lowest index, so the order of the array is the
 *           order of importance, and stop comes first. Then one wait for all: for the threads, each of which finishes
 *           the job in its hands.
 * Use       service                           runs until it is told to stop, or Ctrl-C
 *           service submit MILLISECONDS...    jobs: so long pieces of work
 *           service stop
 * Deaths    The queue is the truth, the count of the semaphore a hint: a client that is killed between its job and its
 *           ReleaseSemaphore leaves a job that no count stands for. So threads take jobs until there is none, and a
 *           count without a job is nothing.
 * Build     cc -Iwinapi_headers docs/examples/service.c -Lbuild -lwinshim -Wl,-rpath,build
 */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 2, ROOM = 64, REPORT_MS = 1000 };

typedef struct {
    LONG put, taken;    /* how many ever; only the owner of `lock` changes them, after the job itself */
    LONG job[ROOM];
} QUEUE;

static HANDLE running, stop, jobs, lock, memory;
static QUEUE *queue;
static volatile LONG done;

static BOOL connect_objects(void)
{
    running = CreateMutex(NULL, FALSE, TEXT("ServiceRuns"));
    stop = CreateEvent(NULL, TRUE, FALSE, TEXT("ServiceStop"));
    jobs = CreateSemaphore(NULL, 0, 0x7FFFFFFF, TEXT("ServiceJobs"));
    lock = CreateMutex(NULL, FALSE, TEXT("ServiceLock"));
    memory = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(QUEUE), TEXT("ServiceQueue"));
    queue = memory ? (QUEUE *)MapViewOfFile(memory, FILE_MAP_WRITE, 0, 0, 0) : NULL;
    return running != NULL && stop != NULL && jobs != NULL && lock != NULL && queue != NULL;
}

static BOOL put(LONG job)
{
    BOOL room;

    WaitForSingleObject(lock, INFINITE);    /* abandoned or not: what was not counted was not put */
    room = queue->put - queue->taken < ROOM;
    if (room) {
        queue->job[queue->put % ROOM] = job;
        ++queue->put;
    }
    ReleaseMutex(lock);
    return room && ReleaseSemaphore(jobs, 1, NULL);
}

static BOOL take(LONG *job)
{
    BOOL any;

    WaitForSingleObject(lock, INFINITE);
    any = queue->taken != queue->put;
    if (any) {
        *job = queue->job[queue->taken % ROOM];
        ++queue->taken;
    }
    ReleaseMutex(lock);
    return any;
}

static DWORD WINAPI work(void *number)
{
    HANDLE either[2];
    LONG job;

    either[0] = stop;
    either[1] = jobs;
    while (WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0 + 1) {
        while (WaitForSingleObject(stop, 0) == WAIT_TIMEOUT && take(&job)) {
            printf("thread %s begins a job of %ld ms\n", (const char *)number, (long)job);
            fflush(stdout);
            Sleep((DWORD)job);    /* the job itself */
            InterlockedIncrement(&done);
            printf("thread %s has done it\n", (const char *)number);
            fflush(stdout);
        }
    }
    return 0;
}

static void report(void)
{
    WaitForSingleObject(lock, INFINITE);
    printf("%ld done, %ld wait\n", (long)done, (long)(queue->put - queue->taken));
    ReleaseMutex(lock);
    fflush(stdout);
}

static BOOL WINAPI on_control(DWORD event)
{
    (void)event;    /* Ctrl-C, Ctrl-Break, the end of the session: all of them are an order to stop */
    return SetEvent(stop);
}

static int serve(void)
{
    static char name[THREADS][2] = {"1", "2"};
    HANDLE threads[THREADS], either[2];
    LARGE_INTEGER first;
    int i;

    if (WaitForSingleObject(running, 0) == WAIT_TIMEOUT) {
        puts("the service runs already");
        return 1;
    }
    SetConsoleCtrlHandler(on_control, TRUE);
    for (i = 0; i < THREADS; ++i)
        threads[i] = CreateThread(NULL, 0, work, name[i], 0, NULL);
    either[0] = stop;
    either[1] = CreateWaitableTimer(NULL, FALSE, NULL);
    first.QuadPart = -10000LL * REPORT_MS;
    SetWaitableTimer(either[1], &first, REPORT_MS, NULL, NULL, FALSE);
    puts("ready");
    fflush(stdout);
    while (WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0 + 1)
        report();

    puts("stops");
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    report();
    ReleaseMutex(running);
    return 0;
}

int main(int argc, char *argv[])
{
    int i;

    if (!connect_objects()) {
        printf("no objects: error %lu\n", (unsigned long)GetLastError());
        return 1;
    }
    if (argc == 1)
        return serve();
    if (WaitForSingleObject(running, 0) != WAIT_TIMEOUT) {
        puts("the service does not run");
        return 1;
    }
    if (strcmp(argv[1], "stop") == 0)
        return !SetEvent(stop);
    for (i = 2; i < argc; ++i) {
        if (!put(atoi(argv[i]))) {
            puts("the queue is full");
            return 1;
        }
    }
    return 0;
}
