// actor.h - somebody else: another thread or another process that makes one call at a time, when it is told to.
//
// Purpose     Scenarios with several parties are written as a sequence of steps; the order comes from questions and
//             answers over a socket, never from a sleep:
//                 Actor b = thread_actor();
//                 b.start(step::wait(event, INFINITE));
//                 b.expect_blocked();
//                 EXPECT(SetEvent(event), TRUE, SAME);
//                 b.expect(WAIT_OBJECT_0, SAME);
//             A process actor is a fresh exec of the test program: it shares nothing with the test but names.
// Invariants  An answer that does not come within kPatienceMs fails the test; so does an actor that ends with a wrong
//             status. The test's teardown ends every actor, and fails if one was left in the middle of a call.
// Locks       Only on the thread that runs the test. An Actor is a small number, without a destructor.
#pragma once

#include <sys/types.h>

#include "tests/support/check.h"
#include "tests/support/step.h"

constexpr int kPatienceMs = 20'000;  // long enough for a loaded machine; reached only by a failure

enum class Ending {
    returns,      // main or the thread function returns
    exits,        // exit(0); processes only
    quick,        // _exit(0); processes only
    aborts,       // SIGABRT; processes only
    killed,       // SIGKILL; processes only
    thread_exit,  // pthread_exit; of a process: its first thread ends, others go on
    cancelled,    // pthread_cancel; threads only
};

class Actor {
public:
    explicit Actor(int slot) : slot_(slot) {}

    // Tells the actor to make a call; returns when it is about to make it.
    void start(const Step &step, const char *file = __builtin_FILE(), int line = __builtin_LINE());

    // Shows that the call just started is blocked: its thread sleeps in the kernel and went on sleeping for a grace
    // time of about 30 ms. A thread that has not come that far, on a loaded machine, is waited for.
    void expect_blocked(const char *file = __builtin_FILE(), int line = __builtin_LINE());

    // Waits for the answer to the call started last, and compares result and last error.
    template <typename T>
    void expect(T wanted, DWORD error, const char *file = __builtin_FILE(), int line = __builtin_LINE()) {
        const Answer got = answer(file, line);
        compare(what(), got.value, got.error, as_number(wanted), error, file, line);
    }

    // start and expect in one.
    template <typename T>
    void does(const Step &step, T wanted, DWORD error, const char *file = __builtin_FILE(),
              int line = __builtin_LINE()) {
        start(step, file, line);
        expect(wanted, error, file, line);
    }

    // A call that must make a handle; the handle is the actor's own.
    HANDLE made(const Step &step, DWORD error, const char *file = __builtin_FILE(), int line = __builtin_LINE());

    // The answer as it is.
    Answer answer(const char *file = __builtin_FILE(), int line = __builtin_LINE());
    Answer ask(const Step &step, const char *file = __builtin_FILE(), int line = __builtin_LINE());

    // Is the answer there within `timeout_ms`? It stays to be fetched.
    bool has_answered(int timeout_ms) const;

    // Ends the actor and waits until it is gone: what the kernel releases at death has been released on return.
    void ends(Ending how, const char *file = __builtin_FILE(), int line = __builtin_LINE());

    // The process replaces itself by a new image of the test program, which goes on as the same actor.
    void execs_in_place(const char *file = __builtin_FILE(), int line = __builtin_LINE());

    // Sends a POSIX signal to the actor's thread (thread actors) or process.
    void signal(int number) const;

    pid_t pid() const;

    // Puts another actor on the second channel; second_thread_of and forked_from say it better.
    Actor split(Op op);

private:
    const char *what() const;

    int slot_;
};

struct ProcessOptions {
    const char *profile = nullptr;     // else that of the test
    const char *name_space = nullptr;  // appended to the test's; else the test's own
    pid_t wanted_pid = 0;              // this process id, if the kernel allows it and it is free
};

Actor thread_actor();
Actor process_actor(const ProcessOptions &options = {});

// A second thread of a process actor, or a child that it forks (at most one of these for each process actor).
Actor second_thread_of(Actor process);
Actor forked_from(Actor process);

// A thread or a process actor, by the variant of the test that runs (see TEST_SHARED).
Actor another();

// Starts this test program in a role of its own (see ROLE), with its output kept. On return it is gone.
struct RoleResult {
    int status;         // as of waitpid
    char output[4000];  // standard output and standard error, in the order written
};
RoleResult run_role(const char *role, const char *argument, const ProcessOptions &options = {},
                    int patience_ms = kPatienceMs);

// The part of an actor's life inside its own process: makes steps from `channel` until told to leave.
int serve_steps(int channel, int second_channel);

// Ends all actors of a test; nonzero if one was found in a state in which no test should leave it.
int end_all_actors();
