// actor.cpp - the test's side of actors: starting them, talking to them, seeing them gone.
//
// Purpose     See actor.h. A slot for each actor, emptied by the teardown of each test.
// Invariants  A slot is `busy` from start() until its answer was fetched. `process` is the process that waitpid is
//             called for, or 0: threads, and children of an actor, which the actor reaps.
#include "tests/support/actor.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/support/spawn.h"

namespace {

constexpr int kSlots = 160;
constexpr int kGraceSamples = 4;       // consecutive looks that must find the thread asleep
constexpr int kSampleMs = 8;

struct Slot {
    int channel;         // -1: the slot is free
    int second_channel;  // for a second thread or a forked child; -1 when given away
    bool busy;
    bool gone;
    pid_t pid;
    pid_t tid;
    pid_t process;       // to be waited for, else 0
    bool has_thread;
    pthread_t thread;
    int peer;            // the thread's end of the channel, closed when it is gone
    Op last;
};

Slot slots[kSlots];
int used_slots = 0;

const char *name_of(Op op) {
    switch (op) {
        case Op::wait: return "the wait of an actor";
        case Op::wait_any: return "the any-wait of an actor";
        case Op::wait_all: return "the all-wait of an actor";
        case Op::signal_and_wait: return "the SignalObjectAndWait of an actor";
        case Op::create_event:
        case Op::create_mutex:
        case Op::create_semaphore: return "the create of an actor";
        case Op::open_event:
        case Op::open_mutex:
        case Op::open_semaphore: return "the open of an actor";
        default: return "the call of an actor";
    }
}

[[noreturn]] void give_up(const char *sentence, Op op, const char *file, int line) {
    print_error("%s: %s\n", name_of(op), sentence);
    _fail(file, line);
    abort();
}

int new_slot(int channel, int second_channel) {
    REQUIRE(used_slots < kSlots, "a test has a slot for each actor");
    slots[used_slots] = Slot{channel, second_channel, false, false, 0, 0, 0, false, pthread_t{}, -1, Op::nothing};
    return used_slots++;
}

bool readable(int channel, int timeout_ms) {
    pollfd ready{channel, POLLIN, 0};
    const std::uint64_t end = now_ms() + static_cast<std::uint64_t>(timeout_ms);
    for (;;) {
        const std::uint64_t now = now_ms();
        const int rest = now < end ? static_cast<int>(end - now) : 0;
        if (poll(&ready, 1, rest) > 0) return true;
        if (rest == 0) return false;
    }
}

Answer receive(Slot &slot, Report wanted, const char *file, int line) {
    Answer got{};
    if (!readable(slot.channel, kPatienceMs)) give_up("no answer: it hangs", slot.last, file, line);
    if (recv(slot.channel, &got, sizeof got, 0) != sizeof got) give_up("the actor has died", slot.last, file, line);
    if (got.report != wanted) give_up("an answer out of turn", slot.last, file, line);
    return got;
}

void expect_hello(Slot &slot, const char *file, int line) {
    const Answer hello = receive(slot, Report::hello, file, line);
    slot.pid = static_cast<pid_t>(hello.value);
    slot.tid = static_cast<pid_t>(hello.extra);
}

// The scheduler's letter for a thread: S is asleep, R is running or wants to.
char state_of(const Slot &slot) {
    char path[64];
    char text[512];
    snprintf(path, sizeof path, "/proc/%d/task/%d/stat", slot.pid, slot.tid);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return '?';
    const ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    if (length <= 0) return '?';
    text[length] = 0;
    const char *after_name = strrchr(text, ')');
    return after_name != nullptr && after_name[1] == ' ' ? after_name[2] : '?';
}

void *thread_main(void *channel) {
    const int fd = static_cast<int>(reinterpret_cast<intptr_t>(channel));
    serve_steps(fd, -1);
    return nullptr;
}

// Waits until the thread is no more, or only a process entry that somebody has to reap: what it held is released then.
bool has_vanished(const Slot &slot) {
    const std::uint64_t end = now_ms() + kPatienceMs;
    while (strchr("?ZX", state_of(slot)) == nullptr) {
        if (now_ms() > end) return false;
        usleep(500);  // a look at a condition, not an order of events
    }
    return true;
}

bool is_expected(int status, Ending how) {
    if (how == Ending::killed) return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    if (how == Ending::aborts) return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void send_step(Slot &slot, const Step &step) {
    slot.last = step.op;
    send(slot.channel, &step, sizeof step, MSG_NOSIGNAL);  // to the dead: receive() will say so
}

void close_slot(Slot &slot) {
    if (slot.channel >= 0) close(slot.channel);
    if (slot.peer >= 0) close(slot.peer);
    if (slot.second_channel >= 0) close(slot.second_channel);
    slot.channel = slot.second_channel = slot.peer = -1;
    slot.gone = true;
}

// Waits for what was told to end; says so if it ended in another way.
bool is_gone(Slot &slot, Ending how) {
    if (slot.process == 0) return has_vanished(slot) && (!slot.has_thread || pthread_join(slot.thread, nullptr) == 0);
    int status = -1;
    const bool ended = wait_for_process(slot.process, kPatienceMs, &status);
    if (ended && is_expected(status, how)) return true;
    print_error("a process ended with wait status 0x%x, or not at all\n", static_cast<unsigned>(status));
    return false;
}

}  // namespace

void Actor::start(const Step &step, const char *file, int line) {
    Slot &slot = slots[slot_];
    if (slot.busy) give_up("told to make a call inside a call", slot.last, file, line);
    send_step(slot, step);
    slot.busy = true;
    receive(slot, Report::started, file, line);
}

void Actor::expect_blocked(const char *file, int line) {
    Slot &slot = slots[slot_];
    if (!slot.busy) give_up("asked to be blocked without a call", slot.last, file, line);
    const std::uint64_t end = now_ms() + kPatienceMs;
    for (int asleep = 0; asleep < kGraceSamples;) {
        if (readable(slot.channel, kSampleMs)) {
            const Answer got = receive(slot, Report::done, file, line);
            print_error("it gave 0x%llx and last error %u\n", static_cast<unsigned long long>(got.value), got.error);
            give_up("should block, but returned", slot.last, file, line);
        }
        asleep = state_of(slot) == 'S' ? asleep + 1 : 0;
        if (now_ms() > end) give_up("neither returns nor sleeps", slot.last, file, line);
    }
}

Answer Actor::answer(const char *file, int line) {
    Slot &slot = slots[slot_];
    if (!slot.busy) give_up("asked for an answer without a call", slot.last, file, line);
    const Answer got = receive(slot, Report::done, file, line);
    slot.busy = false;
    return got;
}

Answer Actor::ask(const Step &step, const char *file, int line) {
    start(step, file, line);
    return answer(file, line);
}

HANDLE Actor::made(const Step &step, DWORD error, const char *file, int line) {
    const Answer got = ask(step, file, line);
    SetLastError(got.error);
    return usable(handle_of(got.value), what(), error, file, line);
}

bool Actor::has_answered(int timeout_ms) const { return readable(slots[slot_].channel, timeout_ms); }

void Actor::ends(Ending how, const char *file, int line) {
    Slot &slot = slots[slot_];
    switch (how) {
        case Ending::killed: kill(slot.pid, SIGKILL); break;
        case Ending::cancelled: pthread_cancel(slot.thread); break;
        case Ending::returns: send_step(slot, step::simple(Op::leave_return)); break;
        case Ending::exits: send_step(slot, step::simple(Op::leave_exit)); break;
        case Ending::quick: send_step(slot, step::simple(Op::leave_quick)); break;
        case Ending::aborts: send_step(slot, step::simple(Op::leave_abort)); break;
        case Ending::thread_exit: send_step(slot, step::simple(Op::leave_thread)); break;
    }
    const bool goes_on = how == Ending::thread_exit && slot.process != 0;  // without its first thread
    const bool ended = goes_on ? has_vanished(slot) : is_gone(slot, how);
    if (!ended) give_up("did not end as it was told to", slot.last, file, line);
    slot.busy = false;
    if (!goes_on) close_slot(slot);
}

void Actor::execs_in_place(const char *file, int line) {
    start(step::simple(Op::exec_in_place), file, line);
    expect_hello(slots[slot_], file, line);
    slots[slot_].busy = false;
}

void Actor::signal(int number) const {
    const Slot &slot = slots[slot_];
    if (slot.has_thread) pthread_kill(slot.thread, number);
    else kill(slot.pid, number);
}

pid_t Actor::pid() const { return slots[slot_].pid; }
const char *Actor::what() const { return name_of(slots[slot_].last); }

Actor thread_actor() {
    int pair[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0, "a channel to the actor");
    const int index = new_slot(pair[0], -1);
    Slot &slot = slots[index];
    slot.peer = pair[1];
    slot.has_thread = true;
    REQUIRE(pthread_create(&slot.thread, nullptr, thread_main,
                           reinterpret_cast<void *>(static_cast<intptr_t>(pair[1]))) == 0,
            "a thread for the actor");
    expect_hello(slot, __FILE__, __LINE__);
    return Actor{index};
}

Actor process_actor(const ProcessOptions &options) {
    int first[2];
    int second[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, first) == 0, "a channel to the actor");
    REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, second) == 0, "a second channel to the actor");
    const int index = new_slot(first[0], second[0]);
    slots[index].process = spawn_actor(first[1], second[1], options);
    close(first[1]);
    close(second[1]);
    REQUIRE(slots[index].process > 0, "a process for the actor");
    slots[index].pid = slots[index].process;
    expect_hello(slots[index], __FILE__, __LINE__);
    return Actor{index};
}

Actor Actor::split(Op op) {
    const int channel = slots[slot_].second_channel;
    REQUIRE(channel >= 0, "a process actor has one second channel");
    slots[slot_].second_channel = -1;
    does(step::simple(op), 1, SAME);
    const int index = new_slot(channel, -1);
    expect_hello(slots[index], __FILE__, __LINE__);
    return Actor{index};
}

Actor second_thread_of(Actor process) { return process.split(Op::second_thread); }
Actor forked_from(Actor process) { return process.split(Op::fork); }

int end_all_actors() {
    int left_busy = 0;
    for (int i = used_slots - 1; i >= 0; --i) {
        Slot &slot = slots[i];
        if (slot.gone) continue;
        if (slot.busy) {
            print_error("%s was still going on when the test ended\n", name_of(slot.last));
            ++left_busy;
            if (!slot.has_thread) kill(slot.pid, SIGKILL);
            if (slot.process != 0) waitpid(slot.process, nullptr, 0);
            continue;  // a blocked thread cannot be ended; its channel stays open so that it finds no stranger there
        }
        send_step(slot, step::simple(Op::leave_return));
        if (!is_gone(slot, Ending::returns)) ++left_busy;
        close_slot(slot);
    }
    used_slots = 0;
    return left_busy;
}
