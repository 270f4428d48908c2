/* supervisor.c - starts a worker process and starts it again when it dies or hangs; nothing that it did is lost.
 *
 * Purpose   The worker says that it lives by an event, the heartbeat. Its process handle tells that it is gone, the
 *           time-out of the heartbeat that it hangs, and the mutex that it owns while it is at a task, by
 *           WAIT_ABANDONED, that it died in the middle of one, which has to be done again.
 * Use       supervisor [LIMIT]    LIMIT: milliseconds without a heartbeat after which the worker is ended (5000)
 *           supervisor stop       ends the one that runs
 *           Kill the worker with -9, or -STOP: its process id is said.
 * Build     cc -Iwinapi_headers docs/examples/supervisor.c -Lbuild -lwinshim -Wl,-rpath,build
 */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TASK_MS = 100, PATIENCE_MS = 60000 };

typedef struct {
    LONG begun, done;    /* numbers of tasks; only the owner of `at_work` writes them */
} PROGRESS;

static HANDLE only, stop, heartbeat, at_work, memory;
static PROGRESS *progress;

static BOOL connect_objects(void)
{
    only = CreateMutex(NULL, FALSE, TEXT("Supervisor"));
    stop = CreateEvent(NULL, TRUE, FALSE, TEXT("SupervisorStop"));
    heartbeat = CreateEvent(NULL, FALSE, FALSE, TEXT("SupervisorHeartbeat"));
    at_work = CreateMutex(NULL, FALSE, TEXT("SupervisorAtWork"));
    memory = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(PROGRESS),
                               TEXT("SupervisorProgress"));
    progress = memory ? (PROGRESS *)MapViewOfFile(memory, FILE_MAP_WRITE, 0, 0, 0) : NULL;
    return only != NULL && stop != NULL && heartbeat != NULL && at_work != NULL && progress != NULL;
}

/* ---- the worker ------------------------------------------------------------------------------------------------ */

/* Works until it is told to stop, or is alone: nobody would start it again, and the next supervisor starts another. */
static int work(DWORD supervisor)
{
    HANDLE end[2];

    end[0] = stop;
    end[1] = OpenProcess(SYNCHRONIZE, FALSE, supervisor);
    while (end[1] != NULL && WaitForMultipleObjects(2, end, FALSE, 0) == WAIT_TIMEOUT) {
        if (WaitForSingleObject(at_work, PATIENCE_MS) != WAIT_OBJECT_0)
            return 1;
        progress->begun = progress->done + 1;
        Sleep(TASK_MS);    /* the task itself */
        progress->done = progress->begun;
        ReleaseMutex(at_work);
        SetEvent(heartbeat);
    }
    return 0;
}

/* ---- the supervisor -------------------------------------------------------------------------------------------- */

static HANDLE start_worker(void)
{
    char program[MAX_PATH], line[MAX_PATH + 30];
    STARTUPINFOA startup;
    PROCESS_INFORMATION worker;

    GetModuleFileNameA(NULL, program, MAX_PATH);
    snprintf(line, sizeof line, "\"%s\" work %lu", program, (unsigned long)GetCurrentProcessId());
    ZeroMemory(&startup, sizeof startup);
    startup.cb = sizeof startup;
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &worker))
        return NULL;
    printf("worker %lu started\n", (unsigned long)worker.dwProcessId);
    fflush(stdout);
    CloseHandle(worker.hThread);
    return worker.hProcess;
}

/* The worker's process has ended: what of its work? */
static void look_at_the_remains(HANDLE worker)
{
    DWORD code = 0;

    GetExitCodeProcess(worker, &code);
    switch (WaitForSingleObject(at_work, PATIENCE_MS)) {
    case WAIT_ABANDONED:
        printf("ended with %lu in the middle of task %ld: it is done again\n", (unsigned long)code,
               (long)progress->done + 1);
        break;
    case WAIT_OBJECT_0:
        printf("ended with %lu between two tasks\n", (unsigned long)code);
        break;
    default:
        printf("no word about its task: error %lu\n", (unsigned long)GetLastError());
        return;
    }
    ReleaseMutex(at_work);
    fflush(stdout);
}

/* Watches one worker. Returns TRUE if another one is to be started. */
static BOOL watch(HANDLE worker, DWORD limit)
{
    HANDLE signs[3];
    BOOL alive = FALSE;

    signs[0] = stop;    /* the first that is signaled counts */
    signs[1] = worker;
    signs[2] = heartbeat;

    for (;;) {
        switch (WaitForMultipleObjects(3, signs, FALSE, limit)) {
        case WAIT_OBJECT_0:
            WaitForSingleObject(worker, limit);     /* it has seen the same event, and ends after its task */
            TerminateProcess(worker, 1);            /* nothing, if it has */
            return FALSE;
        case WAIT_OBJECT_0 + 1:
            look_at_the_remains(worker);
            return alive;                           /* who dies at once would do so again */
        case WAIT_OBJECT_0 + 2:
            if (!alive)
                puts("it lives");
            fflush(stdout);
            alive = TRUE;
            break;
        case WAIT_TIMEOUT:
            printf("no heartbeat for %lu ms\n", (unsigned long)limit);
            TerminateProcess(worker, 99);
            WaitForSingleObject(worker, PATIENCE_MS);
            look_at_the_remains(worker);
            return alive;
        default:
            return FALSE;
        }
    }
}

int main(int argc, char *argv[])
{
    DWORD limit = argc > 1 ? (DWORD)atoi(argv[1]) : 5000;
    HANDLE worker;
    BOOL again = TRUE;

    if (!connect_objects()) {
        printf("no objects: error %lu\n", (unsigned long)GetLastError());
        return 1;
    }
    if (argc > 2 && strcmp(argv[1], "work") == 0)
        return work((DWORD)atoi(argv[2]));
    if (argc > 1 && strcmp(argv[1], "stop") == 0)
        return !SetEvent(stop);
    if (WaitForSingleObject(only, 0) == WAIT_TIMEOUT) {
        printf("another supervisor runs\n");
        return 1;
    }
    while (again && (worker = start_worker()) != NULL) {
        again = watch(worker, limit);
        CloseHandle(worker);
    }
    printf("%ld tasks done\n", (long)progress->done);
    ReleaseMutex(only);
    return again;    /* TRUE: a worker could not be started */
}
