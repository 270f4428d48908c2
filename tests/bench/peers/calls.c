/* calls.c - the same calls on winshim, on WinPR and on Wine: one source, three builds.
 *
 * Purpose     What a program gains by one of them or the other: uncontended calls, and one mutex that 2 to 16 threads
 *             or processes fight over. Prints `figure NAME NANOSECONDS`: the median over repetitions, for contention
 *             the time of the whole run divided by all rounds (wait, release) of all parties.
 * Usage       calls [SECONDS-PER-CONTENTION]        calls --fight MILLISECONDS   is one of its own processes
 */
#if defined(BENCH_WINPR)
#include <winpr/error.h>
#include <winpr/handle.h>
#include <winpr/interlocked.h>
#include <winpr/synch.h>
#include <winpr/thread.h>
#include <winpr/wtypes.h>
#else
#include <windows.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if !defined(_WIN32)
#include <time.h>
#endif

enum { REPETITIONS = 21, PARTIES = 16 };

static double now_ns(void) {
#if defined(_WIN32)
    LARGE_INTEGER count, frequency;
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (double)count.QuadPart * 1e9 / (double)frequency.QuadPart;
#else
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
#endif
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static HANDLE first, second;

static void mutex_pair(void) { WaitForSingleObject(first, INFINITE); ReleaseMutex(first); }
#if !defined(BENCH_WINPR)
static void event_pair(void) { SetEvent(first); WaitForSingleObject(first, INFINITE); }
#endif
static void semaphore_pair(void) { ReleaseSemaphore(first, 1, NULL); WaitForSingleObject(first, INFINITE); }
static void one_wait(void) { WaitForSingleObject(first, INFINITE); }
static void one_poll(void) { WaitForSingleObject(second, 0); }
static void create_close(void) { CloseHandle(CreateEventA(NULL, TRUE, FALSE, NULL)); }

/* Ten times as many rounds until a repetition takes 2 ms, so that slow and fast ones are measured alike. */
static void measure(const char *name, void (*run)(void)) {
    double each[REPETITIONS], took = 0;
    long rounds = 10, i;
    int repetition;
    for (;; rounds *= 10) {
        const double begun = now_ns();
        for (i = 0; i < rounds; ++i) run();
        took = now_ns() - begun;
        if (took > 2e6 || rounds >= 1000000) break;
    }
    for (repetition = 0; repetition < REPETITIONS; ++repetition) {
        const double begun = now_ns();
        for (i = 0; i < rounds; ++i) run();
        each[repetition] = (now_ns() - begun) / (double)rounds;
    }
    qsort(each, REPETITIONS, sizeof each[0], by_value);
    printf("figure %s %.2f\n", name, each[REPETITIONS / 2]);
    fflush(stdout);
}

static HANDLE arena, go;
static double fight_ms = 300;

/* Rounds that one party gets through. */
static unsigned fight(void) {
    unsigned rounds = 0;
    double end;
    WaitForSingleObject(go, INFINITE);
    end = now_ns() + fight_ms * 1e6;
    while (now_ns() < end) {
        WaitForSingleObject(arena, INFINITE);
        ++rounds;
        ReleaseMutex(arena);
    }
    return rounds;
}

static DWORD WINAPI fighter(LPVOID unused) {
    (void)unused;
    return fight();
}

static HANDLE start_party(int process, const char *program) {
#if !defined(BENCH_WINPR)
    if (process) {
        char line[1024];
        STARTUPINFOA startup;
        PROCESS_INFORMATION made;
        memset(&startup, 0, sizeof startup);
        startup.cb = sizeof startup;
        snprintf(line, sizeof line, "\"%s\" --fight %.0f", program, fight_ms);
        if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made)) return NULL;
        CloseHandle(made.hThread);
        return made.hProcess;
    }
#else
    (void)process, (void)program;
#endif
    return CreateThread(NULL, 0, fighter, NULL, 0, NULL);
}

static void contend(int process, const char *program) {
    int parties, i;
    for (parties = 2; parties <= PARTIES; parties *= 2) {
        HANDLE party[PARTIES];
        double rounds = 0;
        ResetEvent(go);
        for (i = 0; i < parties; ++i) {
            party[i] = start_party(process, program);
            if (party[i] == NULL) {
                fprintf(stderr, "calls: one of %d does not start, error %lu\n", parties, (unsigned long)GetLastError());
                exit(1);
            }
        }
        Sleep(process ? 700 : 50); /* all of them wait for `go` by then */
        SetEvent(go);
        for (i = 0; i < parties; ++i) {
            DWORD code = 0;
            WaitForSingleObject(party[i], INFINITE);
#if !defined(BENCH_WINPR)
            if (process) GetExitCodeProcess(party[i], &code);
            else
#endif
                GetExitCodeThread(party[i], &code);
            rounds += code;
            CloseHandle(party[i]);
        }
        printf("figure contend_%s_%d %.2f\n", process ? "processes" : "threads", parties,
               rounds == 0 ? 0 : fight_ms * 1e6 / rounds);
        fflush(stdout);
    }
}

int main(int argc, char **argv) {
    const int is_party = argc == 3 && strcmp(argv[1], "--fight") == 0;
    if (is_party) fight_ms = atof(argv[2]);
    else if (argc > 1) fight_ms = atof(argv[1]) * 1000;
#if defined(BENCH_WINPR)
    arena = CreateMutexA(NULL, FALSE, NULL);
    go = CreateEventA(NULL, TRUE, FALSE, NULL);
#else
    arena = CreateMutexA(NULL, FALSE, "bench arena");
    go = CreateEventA(NULL, TRUE, FALSE, "bench go");
#endif
    if (is_party) return (int)fight();

    first = CreateMutexA(NULL, FALSE, NULL);
    measure("mutex_pair", mutex_pair);
#if !defined(BENCH_WINPR) /* it has no auto-reset events, and says so at each call */
    first = CreateEventA(NULL, FALSE, FALSE, NULL);
    measure("event_pair", event_pair);
#endif
    first = CreateSemaphoreA(NULL, 0, 10, NULL);
    measure("semaphore_pair", semaphore_pair);
    first = CreateEventA(NULL, TRUE, TRUE, NULL);
    second = CreateEventA(NULL, TRUE, FALSE, NULL);
    measure("wait_set_event", one_wait);
    measure("poll_clear_event", one_poll);
    measure("create_close_event", create_close);
    contend(0, argv[0]);
#if !defined(BENCH_WINPR)
    contend(1, argv[0]);
#endif
    return 0;
}
