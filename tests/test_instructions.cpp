// test_instructions.cpp - what the commonest calls cost, in instructions: an upper bound for each.
//
// Purpose     Time depends on the machine and on what else it does; the number of instructions does not. A call on a
//             free object that comes to need twice as many has lost its way: a lock, a search, a system call. The
//             bounds leave room for another compiler, not for that. They are counted as they are executed, by single
//             steps.
// Reading     Each line says what a call costs, with the call itself and its way through the PLT, but without the loop.
//             docs/performance.md shows the numbers.
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

#include "tests/support/program.h"

namespace {

struct Objects {
    HANDLE mutex, owned, automatic, semaphore, set, clear;
    std::array<HANDLE, MAXIMUM_WAIT_OBJECTS> last_set, all_set;
};

struct Operation {
    const char *name;
    unsigned bound;
    void (*run)(const Objects &);
};

const Operation kOperations[] = {
    {"nothing", 10, [](const Objects &) {}},
    {"WaitForSingleObject + ReleaseMutex", 150,
     [](const Objects &o) { WaitForSingleObject(o.mutex, INFINITE), ReleaseMutex(o.mutex); }},
    {"the same, owned already", 150,
     [](const Objects &o) { WaitForSingleObject(o.owned, INFINITE), ReleaseMutex(o.owned); }},
    {"SetEvent + WaitForSingleObject, auto-reset", 150,
     [](const Objects &o) { SetEvent(o.automatic), WaitForSingleObject(o.automatic, INFINITE); }},
    {"ReleaseSemaphore + WaitForSingleObject", 170,
     [](const Objects &o) { ReleaseSemaphore(o.semaphore, 1, nullptr), WaitForSingleObject(o.semaphore, INFINITE); }},
    {"WaitForSingleObject, set manual-reset event", 80, [](const Objects &o) { WaitForSingleObject(o.set, INFINITE); }},
    {"poll of an event that is not set", 80, [](const Objects &o) { WaitForSingleObject(o.clear, 0); }},
    {"SetEvent + ResetEvent", 150, [](const Objects &o) { SetEvent(o.automatic), ResetEvent(o.automatic); }},
    {"GetLastError + SetLastError", 40, [](const Objects &) { SetLastError(GetLastError()); }},
    {"wait for any of 64, the last one set", 12000,
     [](const Objects &o) { WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, o.last_set.data(), FALSE, INFINITE); }},
    {"wait for all of 64", 75000,
     [](const Objects &o) { WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, o.all_set.data(), TRUE, INFINITE); }},
    {"CreateEvent + CloseHandle", 2500,
     [](const Objects &) { CloseHandle(CreateEventA(nullptr, FALSE, FALSE, nullptr)); }},
    {"CreateMutex + CloseHandle, a name that exists", 4800,
     [](const Objects &) { CloseHandle(CreateMutexA(nullptr, FALSE, "instructions")); }},
};

// A long one is counted once more than another run, a short one several times: a step takes its microseconds.
constexpr unsigned kLong = 2000;
constexpr int more_runs(const Operation &operation) { return operation.bound > kLong ? 1 : 4; }

Objects make_objects() {
    Objects o{CreateMutexA(nullptr, FALSE, "instructions"), CreateMutexA(nullptr, TRUE, nullptr), auto_event(false),
              CreateSemaphoreA(nullptr, 0, 10, nullptr), manual_event(true), manual_event(false), {}, {}};
    for (std::size_t i = 0; i < MAXIMUM_WAIT_OBJECTS; ++i) {
        o.last_set[i] = manual_event(i == MAXIMUM_WAIT_OBJECTS - 1);
        o.all_set[i] = manual_event(true);
    }
    return o;
}

// The child: stops before and after `runs` runs, having done each once already. Its steps in between are counted.
[[noreturn]] void be_counted(const Operation &operation, int runs) {
    const Objects objects = make_objects();
    for (int i = 0; i < 3; ++i) operation.run(objects);
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(1);
    raise(SIGSTOP);
    for (int i = 0; i < runs; ++i) operation.run(objects);
    raise(SIGSTOP);
    _exit(0);
}

// Instructions from one stop to the other; 0: nobody may trace here.
[[maybe_unused]] unsigned long count(const Operation &operation, int runs) {
    const pid_t child = fork();
    if (child == 0) be_counted(operation, runs);
    int status = 0;
    unsigned long steps = 0;
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return 0;
    do {
        ++steps;
        if (ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) != 0 || waitpid(child, &status, 0) != child) break;
    } while (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return steps;
}

}  // namespace

#if defined(__x86_64__) && defined(__OPTIMIZE__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
TEST(nt, the_commonest_calls_need_no_more_instructions_than_this) {
    bool good = true;
    long nothing = 0;
    for (const Operation &operation : kOperations) {
        const unsigned long few = count(operation, 1);
        const unsigned long more = count(operation, 1 + more_runs(operation));
        if (few == 0 || more == 0) {
            printf("          skipped: no process may be traced here\n");
            skip();
        }
        const long each = (static_cast<long>(more) - static_cast<long>(few)) / more_runs(operation) - nothing;
        if (&operation == kOperations) nothing = each;
        else printf("          %-48s %6ld instructions, at most %u\n", operation.name, each, operation.bound);
        good = good && each >= 0 && each <= operation.bound;
    }
    assert_true(good);
}
#else
TEST(nt, the_commonest_calls_need_no_more_instructions_than_this) {
    printf("          skipped: the bounds are those of x86-64 without a sanitizer\n");
    skip();
}
#endif

int main(int argc, char **argv) { return test_main(argc, argv); }
