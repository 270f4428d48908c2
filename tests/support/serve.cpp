// serve.cpp - the actor's side: it makes the calls it is told to make, on one thread, until told to leave.
//
// Purpose     See actor.h. Nothing here decides anything; results go back to the test, which compares them.
// Crash       A closed channel means that the test is gone: the actor leaves.
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "tests/support/actor.h"

namespace {

bool tell(int channel, const Answer &answer) {
    return send(channel, &answer, sizeof answer, MSG_NOSIGNAL) == sizeof answer;
}

void say_hello(int channel) {
    const auto process = static_cast<std::uint64_t>(getpid());
    const auto thread = static_cast<std::int64_t>(syscall(SYS_gettid));
    tell(channel, Answer{Report::hello, 0, process, thread});
}

void *second_thread(void *channel) {
    serve_steps(static_cast<int>(reinterpret_cast<intptr_t>(channel)), -1);
    return nullptr;
}

bool start_second_thread(int channel) {
    pthread_t thread;
    if (pthread_create(&thread, nullptr, second_thread,
                       reinterpret_cast<void *>(static_cast<intptr_t>(channel))) != 0) {
        return false;
    }
    return pthread_detach(thread) == 0;
}

void exec_in_place(int channel, int second_channel) {
    char first[16];
    char second[16];
    snprintf(first, sizeof first, "%d", channel);
    snprintf(second, sizeof second, "%d", second_channel);
    execl("/proc/self/exe", program_invocation_name, "--actor", first, second, static_cast<char *>(nullptr));
}

// Steps that change who serves; the rest goes to perform(). `channel` changes hands in a fork.
Answer perform_here(const Step &step, int &channel, int &second_channel) {
    Answer answer{Report::done, SAME, 0, 0};
    if (step.op == Op::fork) {
        const pid_t child = fork();
        answer.value = child >= 0;
        if (child == 0) {
            close(channel);
            channel = second_channel;
            say_hello(channel);
        } else {
            close(second_channel);
        }
        second_channel = -1;
    } else if (step.op == Op::second_thread) {
        answer.value = start_second_thread(second_channel);
        second_channel = -1;
    } else if (step.op == Op::exec_in_place) {
        exec_in_place(channel, second_channel);
    } else {
        answer = perform(step);
    }
    return answer;
}

// Leaves in the way told, or returns false if the step is a call to be made.
bool leave(const Step &step) {
    switch (step.op) {
        case Op::leave_return: return true;
        case Op::leave_exit: exit(0);
        case Op::leave_quick: _exit(0);
        case Op::leave_abort: abort();
        case Op::leave_thread: pthread_exit(nullptr);
        default: return false;
    }
}

}  // namespace

int serve_steps(int channel, int second_channel) {
    say_hello(channel);
    for (;;) {
        Step step{};
        if (recv(channel, &step, sizeof step, 0) != sizeof step) return 1;
        if (leave(step)) return 0;
        if (!tell(channel, Answer{Report::started, 0, 0, 0})) return 1;
        const int told_by = channel;
        const Answer answer = perform_here(step, channel, second_channel);
        if (channel != told_by) continue;  // the child of a fork: its first message was its hello
        if (!tell(channel, answer)) return 1;
    }
}
