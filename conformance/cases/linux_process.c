/* linux_process.c - processes that end by signals, and processes that know nothing of the library. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/harness/suite.h"

static DWORD exit_code(HANDLE process)
{
    DWORD code = 0xCDCDCDCD;
    GIVES(GetExitCodeProcess(process, &code), TRUE, SAME);
    return code;
}

CASE(a_signal_that_killed_it_is_the_exit_code, "Process-16", ALL, "LD-26")
{
    const int signals[] = {SIGKILL, SIGTERM, SIGABRT};
    for (int i = 0; i < 3; ++i) {
        Partner *who;
        STARTUPINFOA startup;
        PROCESS_INFORMATION made;
        memset(&startup, 0, sizeof startup);
        startup.cb = sizeof startup;
        char *line = strdup(partner_command(&who));
        GIVES(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made), TRUE, ANY);
        meet(who);
        EQUAL(kill((pid_t)made.dwProcessId, signals[i]), 0);
        GIVES(WaitForSingleObject(made.hProcess, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
        EQUAL(exit_code(made.hProcess), 128 + signals[i]);
        GIVES(WaitForSingleObject(made.hThread, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    }
}

CASE(a_process_without_the_library_is_waited_for, "Process-17", ALL, "LD-26")
{
    const pid_t child = fork();
    if (child == 0) {
        execl("/bin/sleep", "sleep", "60", (char *)NULL);
        _exit(127);
    }
    TRUE_THAT(child > 0);
    const HANDLE process = OPENS(OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)child));
    GIVES(WaitForSingleObject(process, 30), WAIT_TIMEOUT, SAME);
    EQUAL(exit_code(process), STILL_ACTIVE);
    EQUAL(kill(child, SIGKILL), 0);
    GIVES(WaitForSingleObject(process, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    const DWORD code = exit_code(process);
    TRUE_THAT(code == 128 + SIGKILL || code == 0xFFFFFFFF); /* or not known */
    int status;
    EQUAL(waitpid(child, &status, 0), child); /* the library has not taken it away */
    TRUE_THAT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}
