// test_thread_locals.cpp - a program with much thread-local data, which the C library takes out of every thread's
// stack.
//
// Purpose     The library's own threads have small stacks. They have to begin all the same.
// Source      "CreateProcessW"; pthread_attr_setstacksize(3).
#include "tests/support/program.h"

static thread_local volatile char much[512 * 1024];

TEST(ce, Thread_locals_children_are_started_beside_them) {
    much[sizeof much - 1] = 1;
    STARTUPINFOA startup = {};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION made = {};
    char line[] = "/bin/true";
    EXPECT(CreateProcessA(nullptr, line, nullptr, nullptr, FALSE, 0, nullptr, nullptr, &startup, &made), TRUE, SAME);
    EXPECT(WaitForSingleObject(made.hProcess, 20'000), WAIT_OBJECT_0, SAME);
    DWORD code = 1;
    EXPECT(GetExitCodeProcess(made.hProcess, &code), TRUE, SAME);
    REQUIRE(code == 0, "its exit code");
    EXPECT(CloseHandle(made.hThread), TRUE, SAME);
    EXPECT(CloseHandle(made.hProcess), TRUE, SAME);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
