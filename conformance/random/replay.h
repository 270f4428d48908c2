/* replay.h - makes a program of a sequence that was found: included last, with PROFILE and SEQUENCE defined.
 *
 * Purpose     SEQUENCE is a list of steps, in order: START(process), KILL(process);
 *             RETURNS(actor, value, error, stored, apcs, call)   the actor makes the call, which returns that
 *             BORN(new actor, ...)       as RETURNS; the call makes a thread or a process
 *             PASSES(...)                as RETURNS; what a timer was set to comes to pass before the next step
 *             ENDS_THREAD(actor, ...), ENDS_PROCESS(process, ...)   as RETURNS; somebody else has ended when it has
 *             BLOCKS(actor, call)        the call must block; WOKEN(actor, value, error, stored, apcs) it returns now
 *             THREAD_ENDS(actor, call), PROCESS_ENDS(actor, call)
 *             In a call h[] are the handles of its process. `stored` is what the call stored at STORED, or NOTHING.
 *             A value is compared as 32 bits; of a call that makes a handle it is 1.
 * Use         gcc -std=gnu11 -D_GNU_SOURCE -Iwinapi_headers -I. SEQUENCE.c conformance/random/stage.c -Lbuild -lwinshim
 * Exit        0 if everything was as it says.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conformance/random/stage.h"

enum { PATIENCE_MS = 20000, SHORT_MS = 5, ERRNO_BEFORE = 4711 };

#define ACTOR(process, thread) ((process) * STAGE_THREADS + (thread))
#define NOTHING STAGE_POISON
#define STORED (&now->extra)
#define GARBAGE ((HANDLE)(uintptr_t)0x3FFFC)
#define INHERITABLE (&inheritable)
#define NOT_INHERITABLE (&not_inheritable)

enum kind { kStart, kKill, kReturns, kBlocks, kWoken, kThreadEnds, kProcessEnds };
struct step {
    enum kind kind;
    int actor, born, passes, thread, process; /* -1: none */
    uint32_t value, error, stored;
    const char *apcs, *text;
};

static __thread struct answer *now;
static SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};
static SECURITY_ATTRIBUTES not_inheritable = {sizeof not_inheritable, NULL, FALSE};

/* ---- what calls are made of ------------------------------------------------------------------------------------- */
enum what { NOTE, SET_LAST_ERROR, SET_EVENT, QUEUE_ANOTHER };
struct apc {
    enum what what;
    int number;
    HANDLE event, thread;
};

static inline ULONG_PTR made(HANDLE *slot, HANDLE handle) {
    if (handle != NULL) *slot = handle;
    return handle != NULL;
}

static inline ULONG_PTR set_timer(HANDLE timer, int due_ms, LONG period, BOOL resume) {
    LARGE_INTEGER due;
    due.QuadPart = due_ms < 0 ? 1 : -10000LL * due_ms;
    return SetWaitableTimer(timer, &due, period, NULL, NULL, resume);
}

static inline ULONG_PTR duplicate_between(HANDLE from, HANDLE source, HANDLE to, HANDLE *slots, int slot, DWORD access,
                                          BOOL inherit, DWORD options) {
    if (slot < 0) return DuplicateHandle(from, source, NULL, NULL, access, inherit, options);
    return DuplicateHandle(from, source, to, slots + slot, access, inherit, options);
}
static inline ULONG_PTR duplicate(HANDLE *h, HANDLE source, int slot, DWORD access, BOOL inherit, DWORD options) {
    return duplicate_between(GetCurrentProcess(), source, GetCurrentProcess(), h, slot, access, inherit, options);
}
static inline ULONG_PTR duplicate_to(int process, HANDLE source, int slot, DWORD access, BOOL inherit, DWORD options) {
    HANDLE other = OpenProcess(PROCESS_DUP_HANDLE, FALSE, (DWORD)stage_pid(process));
    const ULONG_PTR done = duplicate_between(GetCurrentProcess(), source, other, stage_handles(process), slot, access,
                                             inherit, options);
    return CloseHandle(other) ? done : 2;
}
static inline ULONG_PTR duplicate_from(int process, int source, HANDLE *h, int slot, DWORD access, BOOL inherit,
                                       DWORD options) {
    HANDLE other = OpenProcess(PROCESS_DUP_HANDLE, FALSE, (DWORD)stage_pid(process));
    HANDLE it = source < 0 ? NULL : stage_handles(process)[source];
    const ULONG_PTR done = duplicate_between(other, it, GetCurrentProcess(), h, slot, access, inherit, options);
    return CloseHandle(other) ? done : 2;
}

static inline void run_apc(ULONG_PTR data) {
    const struct apc *apc = (const struct apc *)data;
    if (now->notes < STAGE_NOTES) now->note[now->notes] = (uint8_t)apc->number;
    ++now->notes;
    if (apc->what == SET_LAST_ERROR) SetLastError(1000 + (DWORD)apc->number);
    if (apc->what == SET_EVENT) SetEvent(apc->event);
    if (apc->what == QUEUE_ANOTHER) {
        struct apc *next = malloc(sizeof *next);
        *next = (struct apc){NOTE, apc->number + 100, NULL, NULL};
        QueueUserAPC(run_apc, apc->thread, (ULONG_PTR)next);
    }
    free((void *)data);
}
static inline ULONG_PTR queue_apc(int actor, enum what what, int number, HANDLE event) {
    struct apc *apc = malloc(sizeof *apc);
    *apc = (struct apc){what, number, event, stage_thread_handle(actor)};
    return QueueUserAPC(run_apc, apc->thread, (ULONG_PTR)apc);
}

static inline ULONG_PTR terminate_process(int process) {
    HANDLE other = OpenProcess(PROCESS_TERMINATE, FALSE, (DWORD)stage_pid(process));
    const ULONG_PTR done = TerminateProcess(other, 7);
    return CloseHandle(other) ? done : 2;
}

static inline ULONG_PTR end_thread(int how) {
    stage_end_thread(how);
    return 0;
}

/* ---- the steps, once as calls and once as what is expected ------------------------------------------------------- */
#define START(process) MARK
#define KILL(process) MARK
#define WOKEN(...) MARK
#define MARK \
    case __COUNTER__ - kFirstCall: \
        break;
#define CALL(...) \
    case __COUNTER__ - kFirstCall: \
        return (ULONG_PTR)(__VA_ARGS__);
#define RETURNS(actor, value, error, stored, apcs, ...) CALL(__VA_ARGS__)
#define PASSES(actor, value, error, stored, apcs, ...) CALL(__VA_ARGS__)
#define BORN(born, actor, value, error, stored, apcs, ...) CALL(__VA_ARGS__)
#define ENDS_THREAD(thread, actor, value, error, stored, apcs, ...) CALL(__VA_ARGS__)
#define ENDS_PROCESS(process, actor, value, error, stored, apcs, ...) CALL(__VA_ARGS__)
#define BLOCKS(actor, ...) CALL(__VA_ARGS__)
#define THREAD_ENDS(actor, ...) CALL(__VA_ARGS__)
#define PROCESS_ENDS(actor, ...) CALL(__VA_ARGS__)

enum { kFirstCall = __COUNTER__ + 1 };
static ULONG_PTR call(int step, HANDLE *h) {
    (void)h;
    switch (step) { SEQUENCE }
    return 0;
}

#undef START
#undef KILL
#undef WOKEN
#undef RETURNS
#undef PASSES
#undef BORN
#undef ENDS_THREAD
#undef ENDS_PROCESS
#undef BLOCKS
#undef THREAD_ENDS
#undef PROCESS_ENDS
#define STEP(kind, actor, born, passes, thread, process, value, error, stored, apcs, text) \
    {kind, actor, born, passes, thread, process, value, error, stored, apcs, text},
#define START(process) STEP(kStart, ACTOR(process, 0), -1, 0, -1, -1, 0, 0, 0, "", "START")
#define KILL(process) STEP(kKill, ACTOR(process, 0), -1, 0, -1, -1, 0, 0, 0, "", "KILL")
#define WOKEN(actor, value, error, stored, apcs) \
    STEP(kWoken, actor, -1, 0, -1, -1, value, error, stored, apcs, "WOKEN")
#define RETURNS(actor, value, error, stored, apcs, ...) \
    STEP(kReturns, actor, -1, 0, -1, -1, value, error, stored, apcs, #__VA_ARGS__)
#define PASSES(actor, value, error, stored, apcs, ...) \
    STEP(kReturns, actor, -1, 1, -1, -1, value, error, stored, apcs, #__VA_ARGS__)
#define BORN(born, actor, value, error, stored, apcs, ...) \
    STEP(kReturns, actor, born, 0, -1, -1, value, error, stored, apcs, #__VA_ARGS__)
#define ENDS_THREAD(thread, actor, value, error, stored, apcs, ...) \
    STEP(kReturns, actor, -1, 0, thread, -1, value, error, stored, apcs, #__VA_ARGS__)
#define ENDS_PROCESS(process, actor, value, error, stored, apcs, ...) \
    STEP(kReturns, actor, -1, 0, -1, process, value, error, stored, apcs, #__VA_ARGS__)
#define BLOCKS(actor, ...) STEP(kBlocks, actor, -1, 0, -1, -1, 0, 0, 0, "", #__VA_ARGS__)
#define THREAD_ENDS(actor, ...) STEP(kThreadEnds, actor, -1, 0, -1, -1, 0, 0, 0, "", #__VA_ARGS__)
#define PROCESS_ENDS(actor, ...) STEP(kProcessEnds, actor, -1, 0, -1, -1, 0, 0, 0, "", #__VA_ARGS__)
static const struct step steps[] = {SEQUENCE};
enum { kSteps = sizeof steps / sizeof *steps };

/* ---- actors and director ----------------------------------------------------------------------------------------- */
static void perform(int actor, const void *request, struct answer *answer) {
    int step;
    memcpy(&step, request, sizeof step);
    now = answer;
    errno = ERRNO_BEFORE;
    answer->value = (uint32_t)call(step, stage_handles(actor / STAGE_THREADS));
    answer->error = GetLastError();
    answer->errno_kept = errno == ERRNO_BEFORE || steps[step].born >= 0;
}

static int failed(int step, const char *what) {
    fprintf(stderr, "step %d, actor %d, %s: %s\n", step, steps[step].actor, steps[step].text, what);
    return 0;
}

static int is_as_expected(int step) {
    const struct step *it = &steps[step];
    if (stage_await(it->actor, PATIENCE_MS) != STAGE_ANSWERED) return failed(step, "does not return");
    const struct answer *got = stage_answer(it->actor);
    char apcs[STAGE_NOTES * 4 + 1] = "";
    for (uint32_t i = 0; i < got->notes && i < STAGE_NOTES; ++i)
        sprintf(apcs + strlen(apcs), i == 0 ? "%u" : " %u", got->note[i]);
    if (got->value == it->value && got->error == it->error && got->extra == it->stored && got->errno_kept &&
        strcmp(apcs, it->apcs) == 0)
        return 1;
    char text[400];
    snprintf(text, sizeof text, "expected 0x%x, last error %u, stored 0x%x, APCs [%s]; got 0x%x, %u, 0x%x, [%s]%s",
             it->value, it->error, it->stored, it->apcs, (unsigned)got->value, got->error, got->extra, apcs,
             got->errno_kept ? "" : ", and errno was changed");
    return failed(step, text);
}

static int carry_out(int i, int *asleep) {
    const struct step *step = &steps[i];
    const int process = step->actor / STAGE_THREADS;
    if (step->kind == kStart)
        return stage_start_process(process, PATIENCE_MS) == STAGE_ANSWERED || failed(i, "does not begin");
    if (step->kind == kWoken) {
        *asleep &= ~(1 << step->actor);
        return is_as_expected(i);
    }
    if (step->kind == kKill) {
        stage_kill(process);
    } else {
        if (step->born >= 0) stage_announce(step->born);
        stage_tell(step->actor, &i, sizeof i);
    }
    if (step->kind == kKill || step->kind == kProcessEnds) {
        *asleep &= ~(((1 << STAGE_THREADS) - 1) << process * STAGE_THREADS);
        return stage_await_process_end(process, PATIENCE_MS) == STAGE_DIED || failed(i, "does not end");
    }
    if (step->kind == kThreadEnds)
        return stage_await_thread_end(step->actor, PATIENCE_MS) == STAGE_DIED || failed(i, "does not end");
    if (step->kind == kBlocks) {
        *asleep |= 1 << step->actor;
        return stage_await_sleep(step->actor, PATIENCE_MS) == STAGE_ASLEEP || failed(i, "does not block");
    }
    if (!is_as_expected(i)) return 0;
    if (step->born >= 0 && stage_await(step->born, PATIENCE_MS) != STAGE_ANSWERED) return failed(i, "bears nothing");
    if (step->born >= 0 && step->born % STAGE_THREADS == 0) stage_copy_handles(process, step->born / STAGE_THREADS);
    if (step->thread >= 0) {
        *asleep &= ~(1 << step->thread);
        if (stage_await_thread_end(step->thread, PATIENCE_MS) != STAGE_DIED) return failed(i, "ends nobody");
    }
    if (step->process >= 0) {
        *asleep &= ~(((1 << STAGE_THREADS) - 1) << step->process * STAGE_THREADS);
        if (stage_await_process_end(step->process, PATIENCE_MS) != STAGE_DIED) return failed(i, "ends nobody");
    }
    if (step->passes) nanosleep(&(struct timespec){0, SHORT_MS * 1000000}, NULL);
    return 1;
}

/* Whoever is blocked sleeps on: after each step with whom it woke, no answer has come; at the end all are asleep. */
static int all_asleep(int step, int asleep, int surely) {
    for (int i = 0; i < STAGE_ACTORS; ++i) {
        if (!(asleep >> i & 1)) continue;
        if (stage_answered(i) || (surely && stage_await_sleep(i, PATIENCE_MS) != STAGE_ASLEEP)) {
            fprintf(stderr, "actor %d has returned, ", i);
            return failed(step, "which should not have made it return");
        }
    }
    return 1;
}

static int play(void) {
    int asleep = 0;
    for (int i = 0; i < kSteps; ++i) {
        if (!carry_out(i, &asleep)) return 0;
        const int wakes_more = i + 1 < kSteps && steps[i + 1].kind == kWoken;
        if (!wakes_more && !all_asleep(i, asleep, i + 1 == kSteps)) return 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    char name_space[100];
    const char *outer = getenv("WINSHIM_NAMESPACE");
    stage_actor(argc, argv, perform);
    snprintf(name_space, sizeof name_space, "%sreplay-%d-", outer != NULL ? outer : "", (int)getpid());
    if (stage_open(name_space, PROFILE) != 0) return 2;
    const int good = play();
    stage_close();
    stage_leave(); /* those of the sequence were killed: the last one to go cleans up, also after a failure */
    puts(good ? "1 passed, 0 failed" : "0 passed, 1 failed");
    return good ? 0 : 1;
}
