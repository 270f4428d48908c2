/* run_cmocka.c - a case as a test of CMocka. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "conformance/harness/case.h"
#include "conformance/harness/suite.h"

static const Case *chosen;
static uint64_t runs_in;

static void body(void **state) {
    (void)state;
    /* CMocka would turn a crash into a failed test and go on in a process that is no more what it was. */
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGABRT};
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; ++i) signal(crashes[i], SIG_DFL);
    chosen->run(chosen->where);
}

static int after(void **state) {
    (void)state;
    partners_end();
    return 0;
}

int run_case(const Case *one) {
    chosen = one;
    runs_in = own_thread_id();
    const struct CMUnitTest tests[] = {{one->name, body, NULL, after, NULL}};
    return cmocka_run_group_tests_name(one->statements, tests, NULL, NULL) == 0 ? CASE_PASSED : CASE_FAILED;
}

void end_case_failed(const char *file, int line) {
    if (runs_in == own_thread_id()) _fail(file, line); /* a long jump, which only the test's own thread can make */
    end_process(CASE_FAILED);
}
