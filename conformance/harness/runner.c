/* runner.c - every case in every profile, each in a process of its own with a limit.
 *
 * Invariants  Whatever the judged library does, there is a result: it runs in no process but those of the cases.
 *             Results are shown in their order, as soon as all before them are there.
 */
#include "conformance/harness/runner.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/harness/case.h"
#include "conformance/harness/suite.h"

static const struct Options *options;
static struct Result *results;
static size_t count, next_to_run, next_to_show;
static char showing; /* a lock */
static FILE *tap;
static char *known_text;

/* ---- what a case said of itself ---------------------------------------------------------------------------------- */
static char *copy_of(const char *text, size_t length) {
    char *copy = malloc(length + 1);
    memcpy(copy, text, length);
    copy[length] = 0;
    return copy;
}

static char *field(const char **next) {
    const size_t length = strcspn(*next, "\t\n");
    char *copy = copy_of(*next, length);
    *next += length + ((*next)[length] == '\t');
    return copy;
}

static const char *line_of(const char *output, const char *kind) {
    char start[40];
    snprintf(start, sizeof start, "\n#! %s\t", kind);
    const char *found = strstr(output, start);
    return found == NULL ? NULL : found + strlen(start);
}

static void failed(struct Result *result, enum Outcome outcome, const char *got) {
    result->outcome = outcome;
    result->what = "the case";
    result->expected = "to its end";
    result->got = copy_of(got, strlen(got));
    result->place = "";
}

static void judge(struct Result *result, struct Ending ending, const char *output) {
    char text[200];
    const char *said = line_of(output, "missing");
    if (said != NULL) {
        result->outcome = MISSING;
        result->got = field(&said);
    } else if (!ending.in_time) {
        snprintf(text, sizeof text, "still running after %u ms", options->limit_ms);
        failed(result, HUNG, text);
    } else if (ending.crashed) {
        snprintf(text, sizeof text, "ended by the system: 0x%X", (unsigned)ending.code);
        failed(result, CRASHED, text);
    } else if ((said = line_of(output, "failed")) != NULL) {
        result->outcome = FAILED;
        result->what = field(&said);
        result->expected = field(&said);
        result->got = field(&said);
        result->place = field(&said);
    } else if ((said = line_of(output, "skipped")) != NULL) {
        result->outcome = SKIPPED;
        result->got = field(&said);
    } else if (ending.code == CASE_PASSED && line_of(output, "passed") != NULL) {
        result->outcome = PASSED;
    } else {
        /* Also one that ended with 0 before it was through: a judged call has ended the process. */
        snprintf(text, sizeof text, "exit code %d before its end", ending.code);
        failed(result, FAILED, text);
    }
}

/* ---- known differences: "profile case  # why", a line each ------------------------------------------------------- */
static bool is_known(const struct Result *result) {
    char wanted[300];
    snprintf(wanted, sizeof wanted, "\n%s %s ", profile_name(result->profile), result->one->name);
    return known_text != NULL && strstr(known_text, wanted) != NULL;
}

static char *read_whole(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    static char text[1 << 18];
    text[0] = '\n';
    text[1 + fread(text + 1, 1, sizeof text - 2, file)] = 0;
    fclose(file);
    return text;
}

static void apply_known(struct Result *result) {
    if (!is_known(result)) return;
    if (result->outcome == FAILED || result->outcome == CRASHED || result->outcome == HUNG)
        result->outcome = KNOWN;
    else if (result->outcome == PASSED)
        failed(result, FAILED, "it passes: the list of known differences is out of date");
}

/* ---- running ----------------------------------------------------------------------------------------------------- */
static void run_one(struct Result *result) {
    static const size_t room = 65536;
    char *output = malloc(room);
    const char *const arguments[] = {"--case", result->one->name, "--profile", profile_name(result->profile),
                                     options->lenient ? "--lenient" : "--strict",
                                     options->library != NULL ? "--lib" : NULL, options->library, NULL};
    const uint64_t begin = now_ms();
    const struct Ending ending = process_run(arguments, (int)options->limit_ms, output, room);
    result->ms = now_ms() - begin;
    judge(result, ending, output);
    apply_known(result);
    free(output);
}

static bool is_failure(const struct Result *result) {
    return result->outcome == FAILED || result->outcome == CRASHED || result->outcome == HUNG ||
           (options->strict && result->outcome == MISSING);
}

static void show_ready(void) {
    while (__atomic_test_and_set(&showing, __ATOMIC_ACQUIRE)) pause_ms(1);
    for (; next_to_show < count && __atomic_load_n(&results[next_to_show].ready, __ATOMIC_ACQUIRE); ++next_to_show) {
        const struct Result *result = &results[next_to_show];
        if (tap != NULL) tap_result(tap, next_to_show + 1, result);
        if (tap != stdout && (!options->quiet || is_failure(result))) tap_result(stdout, next_to_show + 1, result);
        fflush(stdout);
    }
    __atomic_clear(&showing, __ATOMIC_RELEASE);
}

static void work(void *unused) {
    (void)unused;
    for (;;) {
        const size_t mine = __atomic_fetch_add(&next_to_run, 1, __ATOMIC_RELAXED);
        if (mine >= count) return;
        run_one(&results[mine]);
        __atomic_store_n(&results[mine].ready, true, __ATOMIC_RELEASE);
        show_ready();
    }
}

static bool is_chosen(const Case *one) {
    if (options->only_count == 0) return true;
    for (unsigned i = 0; i < options->only_count; ++i) {
        const char *word = options->only[i];
        if (strstr(one->name, word) != NULL || strstr(one->statements, word) != NULL) return true;
    }
    return false;
}

static void choose(void) {
    for (unsigned profile = CE; profile <= NT; profile <<= 1)
        for (Case *one = all_cases(); one != NULL; one = one->next) {
            if (!(options->profiles & one->profiles & profile) || !is_chosen(one)) continue;
            results = realloc(results, (count + 1) * sizeof *results);
            results[count++] = (struct Result){.one = one, .profile = profile};
        }
}

static FILE *opened(const char *path) {
    if (path == NULL) return NULL;
    if (strcmp(path, "-") == 0) return stdout;
    FILE *file = fopen(path, "w");
    if (file == NULL) fprintf(stderr, "winshim-conformance: cannot write %s\n", path);
    return file;
}

int run_all(const struct Options *chosen_options) {
    options = chosen_options;
    choose();
    if (count == 0) {
        fprintf(stderr, "winshim-conformance: no case of that name in these profiles\n");
        return CASE_CANNOT_RUN;
    }
    tap = opened(options->tap);
    FILE *junit = opened(options->junit);
    if ((options->tap != NULL && tap == NULL) || (options->junit != NULL && junit == NULL)) return CASE_CANNOT_RUN;
    if (options->known != NULL && (known_text = read_whole(options->known)) == NULL) {
        fprintf(stderr, "winshim-conformance: cannot read %s\n", options->known);
        return CASE_CANNOT_RUN;
    }
    if (tap != NULL) tap_plan(tap, count);
    if (tap != stdout && !options->quiet) tap_plan(stdout, count);

    SystemThread *workers[64];
    unsigned working = 0;
    while (working + 1 < options->jobs && (workers[working] = thread_begin(work, NULL)) != NULL) ++working;
    work(NULL);
    for (unsigned i = 0; i < working; ++i) thread_join(workers[i]);
    show_ready();

    write_table(stdout, results, count, "# ");
    if (tap != NULL && tap != stdout) write_table(tap, results, count, "# ");
    if (junit != NULL) write_junit(junit, results, count);
    if (tap != NULL && tap != stdout) fclose(tap);
    if (junit != NULL && junit != stdout) fclose(junit);
    for (size_t i = 0; i < count; ++i)
        if (is_failure(&results[i])) return 1;
    return 0;
}
