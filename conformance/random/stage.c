/* stage.c - actors: starting them, telling them what to do, seeing them asleep or gone. */
#include "conformance/random/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434 /* Linux 5.3 */
#endif

struct actor {
    _Atomic uint32_t told, begun, done;
    _Atomic pid_t pid, tid;
    HANDLE thread;
    unsigned char request[STAGE_REQUEST];
    struct answer answer;
};

struct shared {
    _Atomic uint32_t bell; /* rung with every answer */
    pid_t director;
    struct actor actor[STAGE_ACTORS];
    HANDLE handle[STAGE_PROCESSES][STAGE_SLOTS];
};

static struct shared *shared;
static stage_perform performer;
static char program[PATH_MAX]; /* read at once: a process whose first thread has ended cannot ask any more */
static int memory = -1;
static int watch[STAGE_PROCESSES] = {-1, -1, -1, -1}; /* the director's pidfds */
static int looks[STAGE_ACTORS];                       /* the director's /proc/PID/task/TID/stat, + 1 */
static __thread jmp_buf end_of_thread;

static long futex(_Atomic uint32_t *word, int operation, uint32_t value, const struct timespec *patience) {
    return syscall(SYS_futex, word, operation, value, patience, NULL, 0);
}

static void ring(void) {
    atomic_fetch_add(&shared->bell, 1);
    futex(&shared->bell, FUTEX_WAKE, INT_MAX, NULL);
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * (int64_t)1000 + now.tv_nsec / 1000000;
}

static void nap_us(long microseconds) {
    const struct timespec nap = {0, microseconds * 1000};
    nanosleep(&nap, NULL);
}

/* ---- the actors' part ------------------------------------------------------------------------------------------- */
HANDLE *stage_handles(int process) { return shared->handle[process]; }
HANDLE stage_thread_handle(int actor) { return shared->actor[actor].thread; }
pid_t stage_tid(int actor) { return atomic_load(&shared->actor[actor].tid); }
pid_t stage_pid(int process) { return atomic_load(&shared->actor[process * STAGE_THREADS].pid); }

/* Sleeps until told; a director that is gone tells nothing any more. */
static void await_request(struct actor *me) {
    const struct timespec second = {1, 0};
    for (;;) {
        const uint32_t told = atomic_load(&me->told);
        if (told != atomic_load(&me->done)) return;
        futex(&me->told, FUTEX_WAIT, told, &second);
        if (kill(shared->director, 0) != 0 && errno == ESRCH) _exit(99);
    }
}

static void serve(int actor) {
    struct actor *me = &shared->actor[actor];
    if (setjmp(end_of_thread) != 0) return;
    if (!DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &me->thread, 0, FALSE,
                         DUPLICATE_SAME_ACCESS))
        _exit(98);
    atomic_store(&me->tid, (pid_t)syscall(SYS_gettid));
    atomic_store(&me->pid, getpid());
    for (;;) {
        atomic_store(&me->done, atomic_load(&me->told));
        ring();
        await_request(me);
        memset(&me->answer, 0, sizeof me->answer);
        me->answer.extra = STAGE_POISON;
        atomic_store(&me->begun, atomic_load(&me->told));
        performer(actor, me->request, &me->answer);
    }
}

/* The first thread of a process: what ends it is pthread_exit, so that the process goes on without it. */
static void serve_process(int actor) {
    serve(actor);
    pthread_exit(NULL);
}

static void *pthread_main(void *actor) {
    serve((int)(intptr_t)actor);
    return NULL;
}

static DWORD WINAPI thread_main(void *actor) {
    serve((int)(intptr_t)actor);
    return 0;
}

int stage_thread(int actor, int by_create_thread) {
    if (by_create_thread) {
        HANDLE made = CreateThread(NULL, 0, thread_main, (void *)(intptr_t)actor, 0, NULL);
        return made != NULL && CloseHandle(made);
    }
    pthread_t made;
    return pthread_create(&made, NULL, pthread_main, (void *)(intptr_t)actor) == 0 && pthread_detach(made) == 0;
}

void stage_end_thread(int how) {
    if (how == 1) pthread_exit(NULL);
    if (how == 2) ExitThread(0);
    longjmp(end_of_thread, 1);
}

int stage_fork(int actor) {
    const pid_t child = fork();
    if (child != 0) return child > 0;
    serve_process(actor);
    return 0;
}

int stage_create(int actor, int inherit) {
    char line[PATH_MAX + 100];
    STARTUPINFOA start = {0};
    PROCESS_INFORMATION made;
    start.cb = sizeof start;
    snprintf(line, sizeof line, "\"%s\" --actor %d %d %d", program, (int)shared->director, memory, actor);
    if (!CreateProcessA(NULL, line, NULL, NULL, inherit, 0, NULL, NULL, &start, &made)) return 0;
    return CloseHandle(made.hProcess) && CloseHandle(made.hThread);
}

/* ---- main's part ------------------------------------------------------------------------------------------------ */
static int map_shared(void) {
    void *at = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (at == MAP_FAILED) return errno;
    shared = at;
    return 0;
}

void stage_actor(int argc, char **argv, stage_perform perform) {
    if (readlink("/proc/self/exe", program, sizeof program - 1) < 0) _exit(96);
    if (argc != 5 || strcmp(argv[1], "--actor") != 0) return;
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/fd/%s", argv[2], argv[3]);
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    memory = fd;
    if (fd < 0 || map_shared() != 0) _exit(97);
    memory = atoi(argv[3]); /* the number that the director knows it by */
    close(fd);
    performer = perform;
    if (atoi(argv[4]) < 0) exit(CloseHandle(NULL)); /* a call, so that it takes part */
    serve_process(atoi(argv[4]));
}

/* ---- the director's part ---------------------------------------------------------------------------------------- */
int stage_open(const char *name_space, const char *profile) {
    setenv("WINSHIM_NAMESPACE", name_space, 1);
    setenv("WINSHIM_PROFILE", profile, 1);
    if (shared == NULL) {
        prctl(PR_SET_CHILD_SUBREAPER, 1); /* whatever its actors leave behind is ours to reap */
        memory = memfd_create("stage", MFD_CLOEXEC);
        if (memory < 0 || ftruncate(memory, sizeof *shared) != 0) return errno;
        const int error = map_shared();
        if (error != 0) return error;
    }
    memset(shared, 0, sizeof *shared);
    shared->director = getpid();
    return 0;
}

static void forget_look(int actor) {
    if (looks[actor] != 0) close(looks[actor] - 1);
    looks[actor] = 0;
}

static void forget(int process) {
    if (watch[process] >= 0) close(watch[process]);
    watch[process] = -1;
    for (int i = 0; i < STAGE_THREADS; ++i) forget_look(process * STAGE_THREADS + i);
}

void stage_announce(int actor) {
    struct actor *it = &shared->actor[actor];
    forget_look(actor);
    if (actor % STAGE_THREADS == 0) {
        forget(actor / STAGE_THREADS);
        memset(shared->handle[actor / STAGE_THREADS], 0, sizeof shared->handle[0]);
    }
    atomic_store(&it->pid, 0);
    atomic_store(&it->tid, 0);
    atomic_store(&it->told, atomic_load(&it->done) + 1);
}

/* The process id, or -1. */
static pid_t spawn(int actor) {
    char numbers[3][16];
    char option[] = "--actor";
    char *arguments[] = {program_invocation_name, option, numbers[0], numbers[1], numbers[2], NULL};
    snprintf(numbers[0], sizeof numbers[0], "%d", (int)shared->director);
    snprintf(numbers[1], sizeof numbers[1], "%d", memory);
    snprintf(numbers[2], sizeof numbers[2], "%d", actor);
    pid_t child = -1;
    return posix_spawn(&child, program, NULL, NULL, arguments, environ) == 0 ? child : -1;
}

enum stage_state stage_start_process(int process, int patience_ms) {
    const int actor = process * STAGE_THREADS;
    stage_announce(actor);
    return spawn(actor) < 0 ? STAGE_DIED : stage_await(actor, patience_ms);
}

static int has_died(int process, int timeout_ms) {
    const pid_t pid = stage_pid(process);
    if (watch[process] < 0 && pid != 0) watch[process] = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd ready = {watch[process], POLLIN, 0};
    if (watch[process] < 0) return pid != 0 && errno == ESRCH;
    return poll(&ready, 1, timeout_ms) > 0;
}

void stage_tell(int actor, const void *request, size_t bytes) {
    struct actor *it = &shared->actor[actor];
    memcpy(it->request, request, bytes);
    atomic_store(&it->told, atomic_load(&it->done) + 1);
    futex(&it->told, FUTEX_WAKE, INT_MAX, NULL);
}

int stage_answered(int actor) {
    struct actor *it = &shared->actor[actor];
    return atomic_load(&it->done) == atomic_load(&it->told);
}

const struct answer *stage_answer(int actor) { return &shared->actor[actor].answer; }

enum stage_state stage_await(int actor, int patience_ms) {
    const struct timespec slice = {0, 100000000};
    const int64_t end = now_ms() + patience_ms;
    for (;;) {
        const uint32_t rung = atomic_load(&shared->bell);
        if (stage_answered(actor)) return STAGE_ANSWERED;
        if (futex(&shared->bell, FUTEX_WAIT, rung, &slice) == 0 || errno != ETIMEDOUT) continue;
        if (has_died(actor / STAGE_THREADS, 0) && !stage_answered(actor)) return STAGE_DIED;
        if (now_ms() > end) return STAGE_SILENT;
    }
}

/* The scheduler's letter: S is asleep, R is running or wants to, ? is gone. */
static char letter_of(int actor) {
    struct actor *it = &shared->actor[actor];
    char text[512];
    if (looks[actor] == 0) {
        snprintf(text, sizeof text, "/proc/%d/task/%d/stat", (int)it->pid, (int)it->tid);
        const int fd = open(text, O_RDONLY | O_CLOEXEC);
        if (fd < 0) return '?';
        looks[actor] = fd + 1;
    }
    const ssize_t length = pread(looks[actor] - 1, text, sizeof text - 1, 0);
    if (length <= 0) return '?';
    text[length] = 0;
    const char *after_name = strrchr(text, ')');
    return after_name != NULL && after_name[1] == ' ' ? after_name[2] : '?';
}

/* Asleep in two looks in a row: a thread may also sleep for an instant because another one (the library's own, which
 * looks after the dead) holds a lock. */
enum stage_state stage_await_sleep(int actor, int patience_ms) {
    struct actor *it = &shared->actor[actor];
    const int64_t end = now_ms() + patience_ms;
    for (int asleep = 0; asleep < 2;) {
        if (stage_answered(actor)) return STAGE_ANSWERED;
        const int at_call = atomic_load(&it->begun) == atomic_load(&it->told);
        const char letter = at_call ? letter_of(actor) : 'R';
        if (letter == '?') return STAGE_DIED;
        asleep = letter == 'S' ? asleep + 1 : 0;
        if (now_ms() > end) return STAGE_SILENT;
        if (asleep < 2) nap_us(30);
    }
    return STAGE_ASLEEP;
}

enum stage_state stage_await_thread_end(int actor, int patience_ms) {
    const int64_t end = now_ms() + patience_ms;
    while (strchr("?ZX", letter_of(actor)) == NULL) {
        if (now_ms() > end) return STAGE_SILENT;
        nap_us(50);
    }
    forget_look(actor);
    return STAGE_DIED;
}

enum stage_state stage_await_process_end(int process, int patience_ms) {
    if (!has_died(process, patience_ms)) return STAGE_SILENT;
    waitpid(stage_pid(process), NULL, WNOHANG); /* if it is ours; else its parent's */
    atomic_store(&shared->actor[process * STAGE_THREADS].pid, 0); /* the number may soon be somebody else's */
    forget(process);
    return STAGE_DIED;
}

void stage_kill(int process) {
    if (stage_pid(process) > 0) kill(stage_pid(process), SIGKILL);
}

void stage_copy_handles(int from, int to) {
    memcpy(shared->handle[to], shared->handle[from], sizeof shared->handle[0]);
}

int stage_leave(void) {
    int status = -1;
    const pid_t last = spawn(-1);
    return last > 0 && waitpid(last, &status, 0) == last && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void stage_close(void) {
    for (int i = 0; i < STAGE_PROCESSES; ++i) {
        if (stage_pid(i) == 0) continue;
        stage_kill(i);
        stage_await_process_end(i, 5000);
    }
    while (waitpid(-1, NULL, 0) > 0) {}
}
