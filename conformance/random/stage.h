/* stage.h - actors: threads in several processes that make one call each when they are told to.
 *
 * Purpose     A director (the program's own process, which never calls the library) tells an actor to perform a
 *             request and learns that it has answered, or that it sleeps inside the call. Requests and answers lie in
 *             memory that all share; it is a file of the director, so that a child made by CreateProcess finds it, too.
 * Invariants  One actor performs at a time, and those that sleep inside a call. `told` counts the requests of an actor,
 *             `begun` says that its thread is at the call, `done` that it has answered.
 * Use         main() begins with stage_actor(); the director with stage_open(). In C, because the sequences that are
 *             kept are C programs.
 */
#ifndef WINSHIM_CONFORMANCE_RANDOM_STAGE_H
#define WINSHIM_CONFORMANCE_RANDOM_STAGE_H

#include <stdint.h>
#include <sys/types.h>
#include <windows.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    STAGE_PROCESSES = 4,
    STAGE_THREADS = 4, /* of each process */
    STAGE_ACTORS = STAGE_PROCESSES * STAGE_THREADS,
    STAGE_SLOTS = 20, /* handles that each process has room for */
    STAGE_REQUEST = 64,
    STAGE_NOTES = 16
};
#define STAGE_POISON 0xCDCDCDCDu

struct answer {
    uint64_t value;
    uint32_t error;  /* GetLastError after the call */
    uint32_t extra;  /* what the call stored, STAGE_POISON if nothing */
    uint32_t errno_kept;
    uint32_t notes;  /* APCs that ran during the call, in order */
    uint8_t note[STAGE_NOTES];
};

/* Performs a request on the calling actor. */
typedef void (*stage_perform)(int actor, const void *request, struct answer *answer);

/* ---- main's part ------------------------------------------------------------------------------------------------ */
/* Serves and never returns, if this process was made by stage_create; else returns. */
void stage_actor(int argc, char **argv, stage_perform perform);

/* ---- the director's part ---------------------------------------------------------------------------------------- */
/* 0, or an errno. `name_space` and `profile` go into the environment. */
int stage_open(const char *name_space, const char *profile);
/* Ends every process and reaps it. */
void stage_close(void);
/* After that: a process that begins and ends in order, and finds nothing to clean up but what the dead have left.
 * Nonzero if it did. */
int stage_leave(void);

enum stage_state { STAGE_ANSWERED, STAGE_ASLEEP, STAGE_DIED, STAGE_SILENT };

/* A fresh process, whose first thread is actor process * STAGE_THREADS. */
enum stage_state stage_start_process(int process, int patience_ms);
void stage_tell(int actor, const void *request, size_t bytes);
/* A new actor is going to say hello: before the request that makes it is told. */
void stage_announce(int actor);
enum stage_state stage_await(int actor, int patience_ms);
/* Waits until the actor has answered, or sleeps inside its call. */
enum stage_state stage_await_sleep(int actor, int patience_ms);
int stage_answered(int actor);
const struct answer *stage_answer(int actor);
/* STAGE_DIED once a thread or process is gone, and the kernel has let go what it held; else STAGE_SILENT. */
enum stage_state stage_await_thread_end(int actor, int patience_ms);
enum stage_state stage_await_process_end(int process, int patience_ms);
void stage_kill(int process);
/* Copies the handle values of one process to another: it has forked, or made a child. */
void stage_copy_handles(int from, int to);

/* ---- the actors' part ------------------------------------------------------------------------------------------- */
HANDLE *stage_handles(int process);
HANDLE stage_thread_handle(int actor);
pid_t stage_pid(int process);
pid_t stage_tid(int actor);
/* A further thread of the caller's process; nonzero if it was made. */
int stage_thread(int actor, int by_create_thread);
/* The calling thread ends: by returning, by pthread_exit, by ExitThread. The first thread never returns. */
void stage_end_thread(int how);
/* A child of the caller; nonzero if it was made. */
int stage_fork(int actor);
int stage_create(int actor, int inherit);

#ifdef __cplusplus
}
#endif
#endif
