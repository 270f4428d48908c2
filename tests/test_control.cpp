// test_control.cpp - SetConsoleCtrlHandler: signals as control events.
//
// Source      "SetConsoleCtrlHandler", "HandlerRoutine callback function".
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/program.h"
#include "tests/support/spawn.h"

static HANDLE seen;
static volatile LONG order = 0;
static volatile DWORD last_event = kPoison, handler_thread = 0;

static BOOL WINAPI takes(DWORD event) {
    last_event = event;
    handler_thread = GetCurrentThreadId();
    InterlockedExchange(&order, order * 10 + 1);
    SetEvent(seen);
    return TRUE;
}
static BOOL WINAPI passes(DWORD) {
    InterlockedExchange(&order, order * 10 + 2);
    return FALSE;
}

TEST(all, Control_events_run_in_a_thread_last_handler_first) {
    seen = auto_event(false);
    EXPECT(SetConsoleCtrlHandler(takes, FALSE), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(SetConsoleCtrlHandler(takes, TRUE), TRUE, SAME);
    EXPECT(SetConsoleCtrlHandler(passes, TRUE), TRUE, SAME);
    raise(SIGINT);
    assert_int_equal(WaitForSingleObject(seen, 20000), WAIT_OBJECT_0);
    assert_int_equal(last_event, CTRL_C_EVENT);
    assert_int_equal(order, 21);
    REQUIRE(handler_thread != GetCurrentThreadId(), "a thread of its own");
    EXPECT(SetConsoleCtrlHandler(passes, FALSE), TRUE, SAME);
    raise(SIGQUIT);
    assert_int_equal(WaitForSingleObject(seen, 20000), WAIT_OBJECT_0);
    assert_int_equal(last_event, CTRL_BREAK_EVENT);
    assert_int_equal(order, 211);
    EXPECT(SetConsoleCtrlHandler(nullptr, TRUE), TRUE, SAME);
    raise(SIGINT);  // ignored
    struct sigaction now;
    sigaction(SIGINT, nullptr, &now);
    REQUIRE(now.sa_handler == SIG_IGN, "Ctrl+C is ignored, also by children");
    EXPECT(SetConsoleCtrlHandler(nullptr, FALSE), TRUE, SAME);
    raise(SIGINT);
    assert_int_equal(WaitForSingleObject(seen, 20000), WAIT_OBJECT_0);
    assert_int_equal(order, 2111);
    EXPECT(SetConsoleCtrlHandler(takes, FALSE), TRUE, SAME);
    sigaction(SIGINT, nullptr, &now);
    REQUIRE(now.sa_handler == SIG_DFL, "as it was before");
    CloseHandle(seen);
}

static struct sigaction of_interrupt() {
    struct sigaction now;
    sigaction(SIGINT, nullptr, &now);
    return now;
}

// Whether Ctrl+C is ignored, and who handles it, are two things, in whatever order they are asked for and given up.
TEST(all, Control_ignoring_and_handling_do_not_disturb_each_other) {
    const auto own = [](int) {};
    signal(SIGINT, own);
    EXPECT(SetConsoleCtrlHandler(nullptr, TRUE), TRUE, SAME);
    EXPECT(SetConsoleCtrlHandler(takes, TRUE), TRUE, SAME);
    REQUIRE(of_interrupt().sa_handler == SIG_IGN, "ignored");
    EXPECT(SetConsoleCtrlHandler(nullptr, FALSE), TRUE, SAME);
    EXPECT(SetConsoleCtrlHandler(takes, FALSE), TRUE, SAME);
    REQUIRE(of_interrupt().sa_handler == own, "neither ignored nor handled any more");
    EXPECT(SetConsoleCtrlHandler(nullptr, TRUE), TRUE, SAME);
    EXPECT(SetConsoleCtrlHandler(nullptr, FALSE), TRUE, SAME);
    REQUIRE(of_interrupt().sa_handler == own, "the program's own handler is back");
    EXPECT(SetConsoleCtrlHandler(takes, TRUE), TRUE, SAME);
    EXPECT(SetConsoleCtrlHandler(nullptr, TRUE), TRUE, SAME);
    EXPECT(SetConsoleCtrlHandler(takes, FALSE), TRUE, SAME);
    REQUIRE(of_interrupt().sa_handler == SIG_IGN, "still ignored");
    EXPECT(SetConsoleCtrlHandler(nullptr, FALSE), TRUE, SAME);
    REQUIRE(of_interrupt().sa_handler == own, "as before");
    signal(SIGINT, SIG_IGN);  // as a parent may leave it
    EXPECT(SetConsoleCtrlHandler(takes, TRUE), TRUE, SAME);
    REQUIRE(of_interrupt().sa_handler == SIG_IGN, "what was ignored stays so");
    EXPECT(SetConsoleCtrlHandler(nullptr, FALSE), TRUE, SAME);
    EXPECT(SetConsoleCtrlHandler(takes, FALSE), TRUE, SAME);
    REQUIRE(of_interrupt().sa_handler == SIG_DFL, "until it is asked for");
}

// Ends by a signal although, or because, a handler was there.
ROLE(is_closed) {
    seen = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    SetConsoleCtrlHandler(argument[0] == 't' ? takes : passes, TRUE);
    raise(argument[1] == 'c' ? SIGINT : SIGTERM);
    Sleep(20000);
    return 0;
}

TEST(all, Control_events_that_end_the_process) {
    struct Case { const char *argument; int signal; };
    for (const Case &c : {Case{"pc", SIGINT}, Case{"pt", SIGTERM}, Case{"tt", SIGTERM}}) {
        const char *const arguments[] = {"--role", "is_closed", c.argument, nullptr};
        const pid_t child = spawn_self(arguments, {}, -1);
        int status = 0;
        REQUIRE(child > 0 && wait_for_process(child, 19000, &status), "the child ends");
        REQUIRE(WIFSIGNALED(status) && WTERMSIG(status) == c.signal, c.argument);
    }
}

// Another thread is nearly always in the middle of a call when the child is made.
TEST(all, Control_handlers_can_be_set_in_a_forks_child) {
    static volatile LONG stop;
    stop = 0;
    const HANDLE other = CreateThread(nullptr, 0, [](PVOID) -> DWORD {
        while (InterlockedOr(&stop, 0) == 0) SetConsoleCtrlHandler(nullptr, FALSE);
        return 0;
    }, nullptr, 0, nullptr);
    REQUIRE(other != nullptr, "a thread");
    for (int i = 0; i < 20; ++i) {
        const pid_t child = fork();
        if (child == 0) _exit(SetConsoleCtrlHandler(nullptr, TRUE) ? 0 : 1);
        int status = -1;
        REQUIRE(child > 0 && wait_for_process(child, 20000, &status) && status == 0, "the child goes on");
    }
    InterlockedExchange(&stop, 1);
    EXPECT(WaitForSingleObject(other, 20000), WAIT_OBJECT_0, SAME);
    CloseHandle(other);
}

TEST(all, Control_events_in_a_forks_child) {
#if defined(__SANITIZE_THREAD__)
    skip();  // under it, in a child of a process with threads, a handler's raise() of its own signal is lost
#endif
    seen = auto_event(false);
    SetConsoleCtrlHandler(takes, TRUE);
    const pid_t child = fork();
    if (child == 0) {
        raise(SIGTERM);
        _exit(1);
    }
    int status = 0;
    REQUIRE(child > 0 && wait_for_process(child, 20000, &status), "the child ends");
    REQUIRE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "by the signal: nobody is there to call the handler");
    SetConsoleCtrlHandler(takes, FALSE);
    CloseHandle(seen);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
