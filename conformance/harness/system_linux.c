/* system_linux.c - system.h on Linux.
 *
 * Invariants  Children are made by posix_spawn, which runs no fork handlers of the judged library. The descriptors of
 *             the harness are closed at exec. A case and its children form a process group, which ends as a whole.
 */
#include "conformance/harness/system.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* ---- clock ------------------------------------------------------------------------------------------------------- */
uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void pause_ms(unsigned ms) {
    struct timespec rest = {ms / 1000, (long)(ms % 1000) * 1000000};
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR) continue;
}

unsigned processors(void) {
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (unsigned)count : 1;
}

/* ---- threads ----------------------------------------------------------------------------------------------------- */
struct SystemThread {
    pthread_t thread;
    void (*function)(void *);
    void *argument;
};

static void *run_thread(void *argument) {
    SystemThread *thread = argument;
    thread->function(thread->argument);
    return NULL;
}

SystemThread *thread_begin(void (*function)(void *), void *argument) {
    SystemThread *thread = calloc(1, sizeof *thread);
    if (thread == NULL) return NULL;
    thread->function = function;
    thread->argument = argument;
    if (pthread_create(&thread->thread, NULL, run_thread, thread) == 0) return thread;
    free(thread);
    return NULL;
}

void thread_join(SystemThread *thread) {
    pthread_join(thread->thread, NULL);
    free(thread);
}

uint64_t own_thread_id(void) { return (uint64_t)syscall(SYS_gettid); }
uint64_t own_process_id(void) { return (uint64_t)getpid(); }

static bool sleeps(uint64_t process, uint64_t thread) {
    char path[80], line[400];
    snprintf(path, sizeof path, "/proc/%llu/task/%llu/stat", (unsigned long long)process, (unsigned long long)thread);
    FILE *file = fopen(path, "r");
    if (file == NULL) return true; /* it has ended, which is as still as can be */
    const char *after_name = fgets(line, sizeof line, file) == NULL ? NULL : strrchr(line, ')');
    fclose(file);
    return after_name == NULL || after_name[2] == 'S' || after_name[2] == 'Z' || after_name[2] == 'X';
}

void until_asleep(uint64_t process, uint64_t thread) {
    /* A short lock inside the library is sleep as well: so it has to be seen asleep several times in a row. */
    for (int seen = 0; seen < 4; seen = sleeps(process, thread) ? seen + 1 : 0) pause_ms(4);
}

/* ---- channels ---------------------------------------------------------------------------------------------------- */
static socklen_t address_of(const char *name, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    /* The first byte 0: a name that is no file. */
    snprintf(address->sun_path + 1, sizeof address->sun_path - 1, "%s", name);
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(address->sun_path + 1));
}

static Channel socket_at(const char *name, int (*attach)(int, const struct sockaddr *, socklen_t)) {
    struct sockaddr_un address;
    const socklen_t length = address_of(name, &address);
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return NO_CHANNEL;
    if (attach(descriptor, (struct sockaddr *)&address, length) == 0) return descriptor;
    close(descriptor);
    return NO_CHANNEL;
}

Channel channel_listen(const char *name) {
    const Channel listener = socket_at(name, bind);
    if (listener == NO_CHANNEL || listen((int)listener, 1) == 0) return listener;
    close((int)listener);
    return NO_CHANNEL;
}

Channel channel_connect(const char *name) { return socket_at(name, connect); }

static bool readable(Channel channel, int limit_ms) {
    struct pollfd wanted = {(int)channel, POLLIN, 0};
    int found;
    while ((found = poll(&wanted, 1, limit_ms)) < 0 && errno == EINTR) continue;
    return found > 0;
}

Channel channel_accept(Channel listener, int limit_ms) {
    const int accepted = readable(listener, limit_ms) ? accept4((int)listener, NULL, NULL, SOCK_CLOEXEC) : -1;
    close((int)listener);
    return accepted < 0 ? NO_CHANNEL : accepted;
}

enum Received channel_read(Channel channel, void *bytes, size_t count, int limit_ms) {
    char *next = bytes;
    while (count > 0) {
        if (!readable(channel, limit_ms)) return NOTHING_YET; /* both ends write whole messages in one piece */
        const ssize_t got = read((int)channel, next, count);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return OTHER_END_GONE;
        next += got;
        count -= (size_t)got;
    }
    return RECEIVED;
}

bool channel_write(Channel channel, const void *bytes, size_t count) {
    const char *next = bytes;
    while (count > 0) {
        const ssize_t sent = send((int)channel, next, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        next += sent;
        count -= (size_t)sent;
    }
    return true;
}

void channel_close(Channel channel) { close((int)channel); }

/* ---- processes --------------------------------------------------------------------------------------------------- */
struct SystemProcess {
    pid_t pid;
    bool reaped;
    int status;
};

const char *own_program(void) {
    static char path[4096];
    if (path[0] == 0) {
        const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
        path[length < 0 ? 0 : length] = 0;
    }
    return path;
}

static pid_t spawn(const char *const *arguments, posix_spawn_file_actions_t *actions, bool own_group) {
    const char *whole[24] = {own_program()};
    size_t count = 1;
    while (*arguments != NULL && count < 23) whole[count++] = *arguments++;
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    if (own_group) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    pid_t pid;
    const int refused = posix_spawn(&pid, whole[0], actions, &attributes, (char *const *)whole, environ);
    posix_spawnattr_destroy(&attributes);
    return refused ? -1 : pid;
}

SystemProcess *process_begin(const char *const *arguments) {
    SystemProcess *process = calloc(1, sizeof *process);
    if (process == NULL) return NULL;
    process->pid = spawn(arguments, NULL, false);
    if (process->pid > 0) return process;
    free(process);
    return NULL;
}

/* False if the process has not ended within the limit. */
static bool reap(pid_t pid, int limit_ms, int *status) {
    const uint64_t end = now_ms() + (uint64_t)(limit_ms < 0 ? 0 : limit_ms);
    for (unsigned rest = 0;; rest = rest < 10 ? rest + 1 : rest) {
        const pid_t ended = waitpid(pid, status, limit_ms < 0 ? 0 : WNOHANG);
        if (ended == pid || (ended < 0 && errno != EINTR)) return true;
        if (ended == 0 && now_ms() >= end) return false;
        pause_ms(rest);
    }
}

bool process_ended(SystemProcess *process, int limit_ms) {
    if (!process->reaped) process->reaped = reap(process->pid, limit_ms, &process->status);
    return process->reaped;
}

void process_kill(SystemProcess *process) {
    if (!process->reaped) kill(process->pid, SIGKILL);
}

int process_code(SystemProcess *process) {
    return WIFEXITED(process->status) ? WEXITSTATUS(process->status) : 128 + WTERMSIG(process->status);
}

void process_forget(SystemProcess *process) { free(process); }

struct Ending process_run(const char *const *arguments, int limit_ms, char *output, size_t size) {
    struct Ending ending = {false, false, 0};
    int ends[2];
    output[0] = 0;
    if (pipe2(ends, O_CLOEXEC) != 0) return ending;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    const pid_t pid = spawn(arguments, &actions, true);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return ending;
    }
    /* Reads to the end of the output, or until the process is over although somebody still holds the other end. */
    const uint64_t end = now_ms() + (uint64_t)limit_ms;
    size_t length = 0;
    int status = 0;
    bool over = false;
    while (now_ms() < end) {
        struct pollfd wanted = {ends[0], POLLIN, 0};
        if (poll(&wanted, 1, 20) > 0) {
            char piece[4096];
            const ssize_t got = read(ends[0], piece, sizeof piece);
            if (got <= 0) break;
            const size_t kept = (size_t)got < size - 1 - length ? (size_t)got : size - 1 - length;
            memcpy(output + length, piece, kept);
            length += kept;
        } else if (over) {
            break;
        } else {
            over = waitpid(pid, &status, WNOHANG) == pid;
        }
    }
    output[length] = 0;
    const uint64_t now = now_ms();
    ending.in_time = over || reap(pid, now < end ? (int)(end - now) : 0, &status);
    kill(-pid, SIGKILL); /* what it left behind, too */
    close(ends[0]);
    if (!ending.in_time) {
        waitpid(pid, &status, 0);
        return ending;
    }
    ending.crashed = WIFSIGNALED(status);
    ending.code = ending.crashed ? WTERMSIG(status) : WEXITSTATUS(status);
    return ending;
}

void set_environment(const char *name, const char *value) { setenv(name, value, 1); }

void end_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL); }

/* ---- the judged library ------------------------------------------------------------------------------------------ */
static void *library;

const char *library_open(const char *path) {
    library = dlopen(path != NULL ? path : "libwinshim.so.0", RTLD_NOW | RTLD_LOCAL);
    return library != NULL ? NULL : dlerror();
}

void *library_find(const char *function) { return dlsym(library, function); }

void write_out(const char *text) {
    if (write(1, text, strlen(text)) < 0) return; /* nobody is there to be told */
}

void end_process(int code) { _exit(code); }
