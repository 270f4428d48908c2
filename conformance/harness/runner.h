/* runner.h - results, and how they are shown. */
#ifndef CONFORMANCE_RUNNER_H
#define CONFORMANCE_RUNNER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct Case;

enum Outcome { PASSED, FAILED, CRASHED, HUNG, MISSING, SKIPPED, KNOWN, OUTCOMES };

struct Result {
    const struct Case *one;
    unsigned profile;
    enum Outcome outcome;
    uint64_t ms;
    char *what, *expected, *got, *place; /* of a failure; of the others `got` says the rest */
    bool ready;
};

struct Options {
    const char *library, *tap, *junit, *known;
    char **only; /* words: the cases with one of them */
    unsigned profiles, jobs, limit_ms;
    unsigned only_count;
    bool strict, lenient, quiet;
};

/* Runs all that is chosen; returns the process' exit code. */
int run_all(const struct Options *options);

/* output.c */
void tap_plan(FILE *out, size_t count);
void tap_result(FILE *out, size_t number, const struct Result *result);
void write_junit(FILE *out, const struct Result *results, size_t count);
void write_table(FILE *out, const struct Result *results, size_t count, const char *prefix);
const char *outcome_name(enum Outcome outcome);

/* "ce.CreateEvent-04" has the family "CreateEvent": up to the last '-'. */
size_t family_length(const char *statement);

#endif
