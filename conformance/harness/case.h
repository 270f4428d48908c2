/* case.h - cases as the runner sees them. */
#ifndef CONFORMANCE_CASE_H
#define CONFORMANCE_CASE_H

#include <stdbool.h>

struct Case;

struct Case *all_cases(void); /* by file and line */
struct Case *case_named(const char *name);

unsigned profile_of(const char *name); /* 0: no such profile */
const char *profile_name(unsigned one);

/* lenient: after a call that succeeded, 0 or "as it was" in last error is not insisted on. */
void case_begins(unsigned in_profile, bool lenient);

/* From here on children, and this process if it has made no call, have storage that no other case of the run uses. */
void use_space_alone(unsigned in_profile);

/* Exit codes of the process of a case. */
enum { CASE_PASSED = 0, CASE_FAILED = 1, CASE_CANNOT_RUN = 2, CASE_MISSING = 3, CASE_SKIPPED = 4 };

/* Runs it; returns an exit code. On Linux CMocka does (run_cmocka.c), elsewhere run_plain.c. */
int run_case(const struct Case *one);
_Noreturn void end_case_failed(const char *file, int line);

void partners_end(void);              /* those that the case did not let go */
int serve_as_partner(const char *channel_name);

const char *library_path(void);       /* NULL: the default */

#endif
