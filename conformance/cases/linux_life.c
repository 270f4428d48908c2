/* linux_life.c - ends and beginnings that only Linux has: fork, exec, signals, POSIX threads; other profiles.
 *
 * A child made by fork here speaks by its exit code only: expectations belong to the case's own process.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/harness/kinds.h"

/* ---- every way to end -------------------------------------------------------------------------------------------- */
static uint64_t end_at_once(const Ask *ask)
{
    (void)ask;
    _exit(0);
}

static uint64_t end_by_signal(const Ask *ask)
{
    signal((int)ask->number, SIG_DFL);
    raise((int)ask->number);
    return 0;
}

static void is_as_closed(Task *end, uint64_t number)
{
    const WCHAR *name = own_name("event"), *owned = own_name("owned");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, owned), NEW_OBJECT);
    Partner *other = owner_of(IN_A_PROCESS, owned, 1, NULL);
    ask(other, make_event, .text = name);
    tell(other, end, .number = number);
    until_ended(other);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
    DOES(CloseHandle(mutex));
}

CASE(however_a_process_ends_its_handles_are_closed, "Life-05 Life-08", ALL, "Terminating a Process; LD-20")
{
    is_as_closed(end_at_once, 0);
    const int fatal[] = {SIGABRT, SIGSEGV, SIGTERM, SIGKILL};
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; ++i) is_as_closed(end_by_signal, (uint64_t)fatal[i]);
}

static uint64_t end_posix_thread(const Ask *ask)
{
    (void)ask;
    pthread_exit(NULL);
}

CASE(pthread_exit_abandons, "Life-07", ALL, "Mutex Objects; LD-25")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    Partner *owner = owner_of(IN_A_THREAD, name, 2, NULL);
    tell(owner, end_posix_thread, .number = 0);
    until_ended(owner);
    GIVES(WaitForSingleObject(mutex, LONG_ENOUGH), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}

static void *take_and_pause(void *mutex)
{
    WaitForSingleObject(mutex, INFINITE);
    for (;;) pause();
    return NULL;
}

CASE(a_cancelled_thread_abandons, "Life-07", ALL, "Mutex Objects; LD-25")
{
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, NULL), NEW_OBJECT);
    pthread_t owner;
    EQUAL(pthread_create(&owner, NULL, take_and_pause, mutex), 0);
    for (const uint64_t begin = now_ms(); now_ms() - begin < LONG_ENOUGH; pause_ms(1)) {
        if (WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT) break;
        DOES(ReleaseMutex(mutex));
    }
    pthread_cancel(owner);
    pthread_join(owner, NULL);
    GIVES(WaitForSingleObject(mutex, LONG_ENOUGH), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}

/* ---- order of service: this project's promise -------------------------------------------------------------------- */
CASE_SHARED(who_came_first_is_served_first, "Life-21", ALL, "LD-28")
{
    enum { MANY = 3 };
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    Partner *all[MANY];
    for (int i = 0; i < MANY; ++i) all[i] = waiter_for_event(where, name, NULL);
    for (int i = 0; i < MANY; ++i) {
        DOES(SetEvent(event));
        EQUAL(answer(all[i]), WAIT_OBJECT_0);
    }
}

CASE_SHARED(a_mutex_is_handed_over_in_the_release, "Life-22", ALL, "LD-28")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *waiter = partner_with_mutex(where, name, &theirs);
    for (int round = 0; round < 10; ++round) {
        tell(waiter, wait_for, .handle = theirs, .number = INFINITE);
        until_blocked(waiter);
        DOES(ReleaseMutex(mutex));
        GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
        EQUAL(answer(waiter), WAIT_OBJECT_0);
        TRUE_THAT(ask(waiter, release_mutex, .handle = theirs));
        GIVES(WaitForSingleObject(mutex, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    }
}

/* ---- fork and exec ----------------------------------------------------------------------------------------------- */
static int code_of(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

CASE(a_forked_child_has_duplicates_and_owns_nothing, "Life-27", ALL, "LD-21")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, NULL), NEW_OBJECT);
    const pid_t child = fork();
    if (child == 0) {
        int wrong = 0;
        wrong |= WaitForSingleObject(event, LONG_ENOUGH) != WAIT_OBJECT_0;
        wrong |= (WaitForSingleObject(mutex, 0) != WAIT_TIMEOUT) << 1;
        wrong |= (ReleaseMutex(mutex) != 0 || GetLastError() != ERROR_NOT_OWNER) << 2;
        wrong |= (CloseHandle(event) == 0) << 3;
        exit(wrong);
    }
    DOES(SetEvent(event));
    EQUAL(code_of(child), 0);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE(a_forked_childs_handles_keep_the_object, "Life-27", ALL, "LD-21")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    const HANDLE end = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    const pid_t child = fork();
    if (child == 0) {
        WaitForSingleObject(end, LONG_ENOUGH);
        exit(0);
    }
    DOES(CloseHandle(event));
    const HANDLE again = OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name));
    DOES(CloseHandle(again));
    DOES(SetEvent(end));
    EQUAL(code_of(child), 0);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
}

static _Noreturn void become(const char *command)
{
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

CASE(an_exec_after_a_fork_begins_without_handles, "Life-28", ALL, "LD-21")
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(&inherit, TRUE, TRUE, name), NEW_OBJECT);
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, NULL), NEW_OBJECT);
    Partner *who;
    const char *command = partner_command(&who);
    const pid_t child = fork();
    if (child == 0) become(command);
    meet(who);
    EQUAL(ask(who, wait_for, .handle = event, .number = 0), WAIT_FAILED);
    EQUAL(error_of(who), ERROR_INVALID_HANDLE);
    let_go(who);
    EQUAL(code_of(child), 0);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
    DOES(CloseHandle(event));
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
}

static uint64_t exec_in_place(const Ask *ask)
{
    (void)ask;
    execl("/bin/sleep", "sleep", "60", (char *)NULL);
    return 0;
}

CASE(an_exec_in_place_is_an_end, "Life-29", ALL, "LD-21")
{
    const WCHAR *name = own_name("event"), *owned = own_name("owned");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, owned), NEW_OBJECT);
    Partner *other = owner_of(IN_A_PROCESS, owned, 2, NULL);
    ask(other, make_event, .text = name);
    tell(other, exec_in_place, .number = 0);
    GIVES(WaitForSingleObject(mutex, LONG_ENOUGH), WAIT_ABANDONED, SAME); /* while the process goes on as another */
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
    kill_partner(other);
    DOES(ReleaseMutex(mutex));
}

/* ---- processes of other profiles --------------------------------------------------------------------------------- */
CASE(profiles_share_their_names, "Life-32", ALL, "LD-19")
{
    for (unsigned in_profile = CE; in_profile <= NT; in_profile <<= 1) {
        const char word[] = {'p', (char)('0' + in_profile), 0};
        const WCHAR *name = own_name(word);
        const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
        Partner *other = partner_in_profile(in_profile);
        const HANDLE theirs = as_handle(ask(other, make_event, .text = name));
        EQUAL(error_of(other), ERROR_ALREADY_EXISTS);
        DOES(SetEvent(event));
        EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
        /* A mutex over the event's name: each by the rule of its own profile. */
        const HANDLE mutex = as_handle(ask(other, make_mutex, .text = name));
        TRUE_THAT(in_profile == NT ? mutex == NULL : mutex != NULL);
        EQUAL(error_of(other), in_profile == CE ? ERROR_ALREADY_EXISTS : in_profile == CE5 ? 0 : ERROR_INVALID_HANDLE);
        let_go(other);
    }
}

/* ---- calls during the end of the process ------------------------------------------------------------------------- */
static HANDLE used_at_the_end;

static void call_in_vain(void)
{
    SetEvent(used_at_the_end);
    WaitForSingleObject(used_at_the_end, 1);
    CloseHandle(CreateEventW(NULL, FALSE, FALSE, NULL));
}

static void call_without_end(void *unused)
{
    (void)unused;
    for (;;) call_in_vain();
}

/* Runs after the handlers of atexit: a destructor of the program. */
__attribute__((destructor)) static void at_the_very_end(void)
{
    if (used_at_the_end != NULL) call_in_vain();
}

static uint64_t call_to_the_end(const Ask *ask)
{
    used_at_the_end = CreateEventW(NULL, TRUE, FALSE, NULL);
    atexit(call_in_vain);
    return ask->number == 0 || thread_begin(call_without_end, NULL) != NULL;
}

CASE(calls_at_the_end_of_a_process_do_no_harm, "Life-33", ALL, "LD-20")
{
    for (uint64_t with_thread = 0; with_thread < 6; ++with_thread) {
        Partner *other = partner(IN_A_PROCESS);
        TRUE_THAT(ask(other, call_to_the_end, .number = with_thread));
        let_go(other); /* the case fails if it ends by a crash */
    }
}

/* ---- exhaustion -------------------------------------------------------------------------------------------------- */
CASE(when_nothing_is_left_a_create_fails_and_works_again_when_something_is, "Gen-30", ALL, "LD-15")
{
    enum { MANY = 1 << 21 };
    be_alone(); /* or others would find nothing left, too */
    HANDLE *all = malloc(MANY * sizeof *all);
    unsigned made = 0;
    while (made < MANY && (all[made] = CreateEventW(NULL, FALSE, FALSE, NULL)) != NULL) ++made;
    const DWORD error = GetLastError();
    if (made == MANY) skip_case("this library has room for more than two million events");
    TRUE_THAT(error == ERROR_NOT_ENOUGH_MEMORY || error == ERROR_TOO_MANY_OPEN_FILES ||
              error == ERROR_NO_SYSTEM_RESOURCES);
    REFUSES(CreateEventW(NULL, FALSE, FALSE, own_name("one-more")), error);
    for (unsigned i = 0; i < made; i += made / 100) TRUE_THAT(CloseHandle(all[i]));
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, TRUE, own_name("one-more")), NEW_OBJECT);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}
