/* suite.h - all that a case needs: how to declare it, how to say what is expected, others who act in it.
 *
 * Purpose     A case shows a statement of conformance/statements on the judged library. README.md tells how to add one.
 * Source      conformance/statements
 */
#ifndef CONFORMANCE_SUITE_H
#define CONFORMANCE_SUITE_H

#include <windows.h>

#include "conformance/harness/functions.h"
#include "conformance/harness/system.h"

/* ---- a case ------------------------------------------------------------------------------------------------------ */
enum { CE = 1, CE5 = 2, NT = 4, ALL = CE | CE5 | NT };
typedef enum { IN_A_THREAD, IN_A_PROCESS } Where;

typedef struct Case {
    const char *name;       /* unique: the file's stem and the function's name */
    const char *statements; /* "CreateEvent-04 Gen-06" */
    unsigned profiles;
    const char *source;     /* the documentation that says so */
    void (*run)(Where where);
    Where where;
    const char *file;
    int line;
    struct Case *next;
} Case;

void register_case(Case *one, const char *suffix);

/* CASE(what_is_seen, "Statement-01 Statement-02", profiles, "source") { ... } */
#define CASE(title, statement_ids, in_profiles, from)                                                                \
    static void title(Where);                                                                                        \
    __attribute__((constructor)) static void register_##title(void) {                                                \
        static Case one = {#title, statement_ids, in_profiles, from, title, IN_A_THREAD, __FILE__, __LINE__, 0};     \
        register_case(&one, "");                                                                                     \
    }                                                                                                                \
    static void title(__attribute__((unused)) Where where)

/* The same body twice: others (partner(where)) are threads of this process, and other processes. */
#define CASE_SHARED(title, statement_ids, in_profiles, from)                                                         \
    static void title(Where);                                                                                        \
    __attribute__((constructor)) static void register_##title(void) {                                                \
        static Case one = {#title, statement_ids, in_profiles, from, title, IN_A_THREAD, __FILE__, __LINE__, 0};     \
        static Case two = {#title, statement_ids, in_profiles, from, title, IN_A_PROCESS, __FILE__, __LINE__, 0};    \
        register_case(&one, "_by_thread");                                                                           \
        register_case(&two, "_by_process");                                                                          \
    }                                                                                                                \
    static void title(Where where)

unsigned profile(void); /* CE, CE5 or NT: in which this case runs just now */

/* Before the first judged call: storage of this case alone, if the library knows of such a thing. One case only. */
void be_alone(void);

/* ---- what is expected -------------------------------------------------------------------------------------------- */
/* Last error before each call below. SAME: the call must leave it so. ANY: it is not looked at. */
enum { UNTOUCHED = 0x5EA1DEAD, SAME = UNTOUCHED, ANY = 0x5EA1ABCD, NEW_OBJECT = 0 };

/* Each evaluates the call once, compares, and gives back what the call returned. */
#define GIVES(call, result, error) expect_number(__FILE__, __LINE__, #call, (poison(), (uint64_t)(call)), result, error)
/* nonzero, error as it was */
#define DOES(call) expect_truth(__FILE__, __LINE__, #call, (poison(), (uint64_t)(call)), SAME)
#define REFUSES(call, error) expect_number(__FILE__, __LINE__, #call, (poison(), (uint64_t)(uintptr_t)(call)), 0, error)
/* a handle, NEW_OBJECT or ERROR_ALREADY_EXISTS */
#define MAKES(call, error) expect_handle(__FILE__, __LINE__, #call, (poison(), (call)), error)
#define OPENS(call) expect_handle(__FILE__, __LINE__, #call, (poison(), (call)), SAME)

/* Plain comparisons, without a look at last error. */
#define EQUAL(got, expected) expect_equal(__FILE__, __LINE__, #got, (uint64_t)(got), (uint64_t)(expected))
#define TRUE_THAT(condition) expect_equal(__FILE__, __LINE__, #condition, !!(condition), 1)
#define BETWEEN(got, lowest, highest) expect_between(__FILE__, __LINE__, #got, (uint64_t)(got), lowest, highest)

void poison(void);
uint64_t expect_number(const char *file, int line, const char *call, uint64_t got, uint64_t expected, DWORD error);
uint64_t expect_truth(const char *file, int line, const char *call, uint64_t got, DWORD error);
HANDLE expect_handle(const char *file, int line, const char *call, HANDLE got, DWORD error);
void expect_equal(const char *file, int line, const char *what, uint64_t got, uint64_t expected);
void expect_between(const char *file, int line, const char *what, uint64_t got, uint64_t lowest, uint64_t highest);

/* Ends the case: as failed, or as one that this system cannot run. */
_Noreturn void fail_case(const char *file, int line, const char *what, const char *expected, const char *got);
_Noreturn void skip_case(const char *reason);

/* ---- names: of this case alone; kept to its end ------------------------------------------------------------------ */
const WCHAR *own_name(const char *word);     /* the same word, the same name; letters, digits, '-' */
const WCHAR *own_name_of(unsigned length);   /* exactly so many characters */
const WCHAR *joined(const char *front, const WCHAR *name); /* "Global\\" before a name */
const char *ansi(const WCHAR *name);         /* the same text for the A functions, as UTF-8 */

/* ---- time, in milliseconds --------------------------------------------------------------------------------------- */
enum {
    A_WHILE = 60,      /* something that does not happen is seen not to happen for so long */
    LONG_ENOUGH = 20000 /* something that happens does so before that, however busy the machine is */
};

/* ---- others: a thread, or a process, that does what it is asked -------------------------------------------------- */
typedef struct Partner Partner;

typedef struct Ask {
    HANDLE handle;          /* of the partner's process */
    uint64_t number, more;
    const WCHAR *text;      /* NULL, or up to 999 characters */
} Ask;
typedef uint64_t Task(const Ask *ask); /* runs there; must not use the macros above, which belong to the case */

Partner *partner(Where where);
Partner *partner_in_profile(unsigned in_profile); /* a process of another profile than this case's */

#define ask(who, task, ...) ask_partner(who, task, &(Ask){__VA_ARGS__})    /* and waits for what it returns */
#define tell(who, task, ...) tell_partner(who, task, &(Ask){__VA_ARGS__})  /* and does not wait */
uint64_t ask_partner(Partner *who, Task *task, const Ask *with);
void tell_partner(Partner *who, Task *task, const Ask *with);
uint64_t answer(Partner *who);                     /* of what was told; the case fails if none comes */
bool answers_within(Partner *who, int limit_ms);   /* false: still at it */
int first_to_answer(Partner *const *all, int count); /* which; the case fails if none does */
void until_blocked(Partner *who);                  /* it was told to do something, and sleeps in it */
DWORD error_of(Partner *who);                      /* its last error after the last answer; SAME if it was left alone */
uint64_t id_of(Partner *who);                      /* process id */

void let_go(Partner *who);      /* it ends in order: the thread's function returns, or the process' main; waited for */
void kill_partner(Partner *who); /* a process only: killed by the system, and waited for */
int until_ended(Partner *who);   /* it was told to do what ends its thread or process; gives the process' exit code */

/* Command line of the suite that makes a process a partner, for the judged CreateProcess; then met by meet(). */
const char *partner_command(Partner **who);
void meet(Partner *who);

/* ---- what partners are asked most: each is a Task ---------------------------------------------------------------- */
uint64_t make_event(const Ask *ask);  /* text, number: manual reset, more: initial state -> handle */
uint64_t make_mutex(const Ask *ask);  /* text, number: initial owner -> handle */
uint64_t open_event(const Ask *ask);  /* text, number: access -> handle */
uint64_t open_mutex(const Ask *ask);  /* text, number: access -> handle */
uint64_t wait_for(const Ask *ask);    /* handle, number: milliseconds -> result of WaitForSingleObject */
uint64_t release_mutex(const Ask *ask);
uint64_t set_event(const Ask *ask);
uint64_t reset_event(const Ask *ask);
uint64_t pulse_event(const Ask *ask);
uint64_t close_handle(const Ask *ask);

/* ... and with a list of handles that each process has: for one partner in a case. */
uint64_t list_event(const Ask *ask);     /* text -> handle: an auto-reset event, now the last of the list */
uint64_t list_mutex(const Ask *ask);     /* text -> handle */
uint64_t list_semaphore(const Ask *ask); /* text -> handle: 0 of 1000 */
uint64_t wait_for_any(const Ask *ask);   /* number: milliseconds -> result of WaitForMultipleObjects */
uint64_t wait_for_all(const Ask *ask);

/* A handle in the partner's process, as ask(..) gave it. */
static inline HANDLE as_handle(uint64_t value) { return (HANDLE)(uintptr_t)value; }

/* A new partner with a handle of its own to the mutex or event of this name; the case fails if it gets none. */
Partner *partner_with_mutex(Where where, const WCHAR *name, HANDLE *theirs);
Partner *partner_with_event(Where where, const WCHAR *name, HANDLE *theirs);
/* ... which owns the mutex, `levels` deep; ... which sleeps in a wait without end. */
Partner *owner_of(Where where, const WCHAR *name, unsigned levels, HANDLE *theirs);
Partner *waiter_for_mutex(Where where, const WCHAR *name, HANDLE *theirs);
Partner *waiter_for_event(Where where, const WCHAR *name, HANDLE *theirs);

/* Result of a wait without time by somebody else: WAIT_OBJECT_0 and the like; a mutex it got is released again. */
DWORD poll_elsewhere(Where where, const WCHAR *mutex_name);

#endif
