/* system.h - what the suite needs of the system itself: threads, processes, channels, a clock.
 *
 * Purpose     The same few calls on Linux (system_linux.c) and Windows (system_windows.c). None of them goes through
 *             the judged library, so that a defect of it cannot reach the harness.
 * Units       Times are milliseconds; a limit of FOREVER never runs out.
 */
#ifndef CONFORMANCE_SYSTEM_H
#define CONFORMANCE_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FOREVER = -1 };

/* ---- clock ------------------------------------------------------------------------------------------------------- */
uint64_t now_ms(void); /* monotonic */
void pause_ms(unsigned ms);
unsigned processors(void);

/* ---- threads of the harness -------------------------------------------------------------------------------------- */
typedef struct SystemThread SystemThread;
SystemThread *thread_begin(void (*function)(void *), void *argument); /* NULL if the system refuses */
void thread_join(SystemThread *thread);

/* The system's numbers for the calling thread and its process. */
uint64_t own_thread_id(void);
uint64_t own_process_id(void);

/* Waits until the thread sleeps in a call. Where the system does not say, it is given a generous moment. */
void until_asleep(uint64_t process, uint64_t thread);

/* ---- channels: both ways, between two threads or two processes --------------------------------------------------- */
typedef intptr_t Channel;
enum { NO_CHANNEL = -1 };

/* `name` is new in the system. A listener becomes a channel by channel_accept, once. */
Channel channel_listen(const char *name);
Channel channel_connect(const char *name);
Channel channel_accept(Channel listener, int limit_ms);

enum Received { RECEIVED, NOTHING_YET, OTHER_END_GONE };
enum Received channel_read(Channel channel, void *bytes, size_t count, int limit_ms);
bool channel_write(Channel channel, const void *bytes, size_t count);
void channel_close(Channel channel);

/* ---- processes --------------------------------------------------------------------------------------------------- */
typedef struct SystemProcess SystemProcess;

/* The suite's own program with other arguments (NULL ends them). It ends with its parent. */
SystemProcess *process_begin(const char *const *arguments);
bool process_ended(SystemProcess *process, int limit_ms); /* false: not within the limit */
void process_kill(SystemProcess *process);                /* as the system does it, without a word to the process */
int process_code(SystemProcess *process);                 /* of one that has ended: exit code; killed: not 0 */
void process_forget(SystemProcess *process);              /* of one that has ended */

/* Runs the suite's own program to its end, or to the limit; then it and its children are killed.
 * What it wrote is put into output, cut off at size - 1 bytes, and ended with 0. */
struct Ending {
    bool in_time;
    bool crashed;  /* ended by the system: a signal, an exception */
    int code;      /* its exit code, or what ended it */
};
struct Ending process_run(const char *const *arguments, int limit_ms, char *output, size_t size);

/* Sets a variable in the environment of this process, which its children get. */
void set_environment(const char *name, const char *value);

/* From here on this process does not outlive the thread that started it. */
void end_with_parent(void);

/* Path of this program. */
const char *own_program(void);

/* ---- the judged library ------------------------------------------------------------------------------------------ */
/* path NULL: the library that belongs to the system or, on Linux, winshim. Returns NULL, or what went wrong. */
const char *library_open(const char *path);
void *library_find(const char *function); /* NULL: not there */

/* Writes to the standard output at once and in one piece. */
void write_out(const char *text);
_Noreturn void end_process(int code); /* without any handlers */

#endif
