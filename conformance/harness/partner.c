/* partner.c - threads and processes that do what a case asks them.
 *
 * Purpose     One way to talk to both: a channel each. A message names a function of this program by its distance from
 *             an anchor, which is the same in every process of one program wherever it was loaded.
 * Invariants  A partner says "I begin" before each task, and what came of it after; nothing else. It ends when told, or
 *             when the channel's other end is gone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/case.h"
#include "conformance/harness/suite.h"

enum { TEXT_ROOM = 1000 };

struct Request {
    int64_t task; /* distance from the anchor; 0: end */
    uint64_t handle, number, more;
    int32_t has_text;
    WCHAR text[TEXT_ROOM];
};

struct Reply {
    uint32_t done; /* 0: begins */
    uint32_t error;
    uint64_t value; /* of one that begins: the thread */
};

struct Partner {
    Where where;
    Channel channel, listener;
    SystemThread *thread;
    SystemProcess *process; /* NULL: of a judged CreateProcess */
    uint64_t process_id, thread_id;
    char name[100], command[1000];
    struct Reply last;
    bool busy;
    struct Partner *next;
};

static Partner *partners;

static uint64_t anchor(const Ask *ask) { return ask->number; } /* also the first task: gives back what it got */

/* ---- the partner's side ------------------------------------------------------------------------------------------ */
static void serve(Channel channel) {
    struct Request request;
    while (channel_read(channel, &request, sizeof request, FOREVER) == RECEIVED && request.task != 0) {
        struct Reply reply = {0, 0, own_thread_id()};
        if (!channel_write(channel, &reply, sizeof reply)) break;
        const Ask with = {(HANDLE)(uintptr_t)request.handle, request.number, request.more,
                          request.has_text ? request.text : NULL};
        Task *const task = (Task *)((intptr_t)anchor + (intptr_t)(request.task - 1));
        poison();
        reply.value = task(&with);
        reply.error = GetLastError();
        reply.done = 1;
        if (!channel_write(channel, &reply, sizeof reply)) break;
    }
    channel_close(channel);
}

static void thread_body(void *argument) { serve(*(Channel *)argument); }

int serve_as_partner(const char *channel_name) {
    const Channel channel = channel_connect(channel_name);
    if (channel == NO_CHANNEL) return CASE_CANNOT_RUN;
    serve(channel);
    return 0;
}

/* ---- the case's side --------------------------------------------------------------------------------------------- */
static _Noreturn void trouble(const char *what, const char *got) {
    fail_case(__FILE__, __LINE__, what, "a partner that does what it is asked", got);
}

static Partner *new_partner(Where where) {
    static unsigned count;
    Partner *who = calloc(1, sizeof *who);
    who->where = where;
    snprintf(who->name, sizeof who->name, "conformance-%llu-%u", (unsigned long long)own_process_id(), ++count);
    who->listener = channel_listen(who->name);
    who->channel = NO_CHANNEL;
    if (who->listener == NO_CHANNEL) trouble("a channel", "none");
    who->next = partners;
    partners = who;
    return who;
}

static void begin_process(Partner *who, unsigned in_profile) {
    const char *const arguments[] = {"--partner", who->name, "--profile", profile_name(in_profile),
                                     library_path() != NULL ? "--lib" : NULL, library_path(), NULL};
    who->process = process_begin(arguments);
    if (who->process == NULL) trouble("a process", "none");
}

Partner *partner_in_profile(unsigned in_profile) {
    Partner *who = new_partner(IN_A_PROCESS);
    begin_process(who, in_profile);
    meet(who);
    return who;
}

Partner *partner(Where where) {
    Partner *who = new_partner(where);
    if (where == IN_A_PROCESS) {
        begin_process(who, profile());
    } else {
        Channel *theirs = malloc(sizeof *theirs);
        *theirs = channel_connect(who->name);
        who->thread = *theirs == NO_CHANNEL ? NULL : thread_begin(thread_body, theirs);
        if (who->thread == NULL) trouble("a thread", "none");
    }
    meet(who);
    return who;
}

const char *partner_command(Partner **who) {
    Partner *made = *who = new_partner(IN_A_PROCESS);
    snprintf(made->command, sizeof made->command, "\"%s\" --adopted %s --profile %s%s%s", own_program(), made->name,
             profile_name(profile()), library_path() != NULL ? " --lib " : "",
             library_path() != NULL ? library_path() : "");
    return made->command;
}

static uint64_t tell_process_id(const Ask *ask) {
    (void)ask;
    return own_process_id();
}

void meet(Partner *who) {
    who->channel = channel_accept(who->listener, LONG_ENOUGH);
    if (who->channel == NO_CHANNEL) trouble("a partner's first word", "nothing");
    who->process_id = ask(who, tell_process_id, .number = 0);
}

void tell_partner(Partner *who, Task *task, const Ask *with) {
    if (who->busy) trouble("a task", "it was still at the last one");
    struct Request request = {(int64_t)((intptr_t)task - (intptr_t)anchor) + 1, (uint64_t)(uintptr_t)with->handle,
                              with->number, with->more, with->text != NULL, {0}};
    for (size_t i = 0; with->text != NULL && i < TEXT_ROOM - 1 && with->text[i] != 0; ++i)
        request.text[i] = with->text[i];
    struct Reply begins;
    if (!channel_write(who->channel, &request, sizeof request) ||
        channel_read(who->channel, &begins, sizeof begins, LONG_ENOUGH) != RECEIVED)
        trouble("a task", "it is gone");
    who->thread_id = begins.value;
    who->busy = true;
}

bool answers_within(Partner *who, int limit_ms) {
    if (!who->busy) return true;
    const enum Received received = channel_read(who->channel, &who->last, sizeof who->last, limit_ms);
    if (received == OTHER_END_GONE) trouble("an answer", "it has ended");
    who->busy = received == NOTHING_YET;
    return !who->busy;
}

uint64_t answer(Partner *who) {
    if (!answers_within(who, LONG_ENOUGH)) trouble("an answer", "none: it is still in the call");
    return who->last.value;
}

int first_to_answer(Partner *const *all, int count) {
    const uint64_t begin = now_ms();
    while (now_ms() - begin < LONG_ENOUGH)
        for (int i = 0; i < count; ++i)
            if (answers_within(all[i], 2)) return i;
    trouble("an answer of one of several", "none: they are all still in the call");
}

uint64_t ask_partner(Partner *who, Task *task, const Ask *with) {
    tell_partner(who, task, with);
    return answer(who);
}

void until_blocked(Partner *who) {
    until_asleep(who->process_id, who->thread_id);
    if (answers_within(who, 0)) trouble("a call that blocks", "it returned");
}

DWORD error_of(Partner *who) { return who->last.error; }
uint64_t id_of(Partner *who) { return who->process_id; }

static void drop(Partner *who) {
    Partner **place = &partners;
    while (*place != who) place = &(*place)->next;
    *place = who->next;
    if (who->process != NULL) process_forget(who->process);
    channel_close(who->channel);
    free(who);
}

int until_ended(Partner *who) {
    int code = 0;
    if (who->thread != NULL) thread_join(who->thread);
    if (who->process != NULL) {
        if (!process_ended(who->process, LONG_ENOUGH)) trouble("its end", "it goes on");
        code = process_code(who->process);
    }
    drop(who);
    return code;
}

void let_go(Partner *who) {
    const struct Request end = {0};
    channel_write(who->channel, &end, sizeof end);
    if (until_ended(who) != 0) trouble("its end in order", "it crashed");
}

void kill_partner(Partner *who) {
    if (who->process == NULL) trouble("kill_partner", "a partner that is no process of the harness");
    process_kill(who->process);
    if (!process_ended(who->process, LONG_ENOUGH)) trouble("its end", "it goes on");
    drop(who);
}

/* Processes are killed; threads end with the process of the case. */
void partners_end(void) {
    for (Partner *who = partners; who != NULL; who = who->next)
        if (who->process != NULL) {
            process_kill(who->process);
            process_ended(who->process, LONG_ENOUGH);
        }
}
