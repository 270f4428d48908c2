// foreign_tables.cpp - handles are put into the tables of processes that are being killed, and none is lost count of.
//
// Purpose     DuplicateHandle into another process works on a table that its rundown may be taking apart at that
//             moment. Processes come, give the parent a handle to themselves, and are killed; the parent's threads
//             insert handles to named events into them all the while; other processes come and go, so that somebody
//             runs down the dead. An insertion succeeds or fails with ERROR_INVALID_HANDLE. At the end every name must
//             be gone once the parent has closed its own handle: a reference that nobody holds would keep it.
// Use         foreign_tables [--short | --rounds N]
// Source      DupHandle-06, -17; CloseHandle-03.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <windows.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "tests/torture/private_shm.h"

namespace {

constexpr int kEvents = 16;
constexpr int kInserters = 2;

std::atomic<HANDLE> target{nullptr};  // a process that may be dying
std::atomic<bool> stop{false};
std::atomic<long> inserted{0}, refused{0}, odd{0};

std::string event_name(int index) { return "foreign-" + std::to_string(index); }

[[noreturn]] void die(const char* what) {
    fprintf(stderr, "foreign_tables: %s (last error %lu)\n", what, static_cast<unsigned long>(GetLastError()));
    exit(2);
}

void insert_handles(const HANDLE* events) {
    for (unsigned i = 0; !stop; ++i) {
        const HANDLE process = target;
        HANDLE made = nullptr;
        if (process == nullptr) continue;
        if (DuplicateHandle(GetCurrentProcess(), events[i % kEvents], process, &made, 0, FALSE, DUPLICATE_SAME_ACCESS))
            ++inserted;
        else if (GetLastError() == ERROR_INVALID_HANDLE)
            ++refused;
        else
            ++odd;
    }
}

// The child: puts a handle to itself into its parent's table, tells it, and waits to be killed.
[[noreturn]] void be_a_target(HANDLE parent, int channel) {
    HANDLE self = nullptr;
    if (!DuplicateHandle(GetCurrentProcess(), GetCurrentProcess(), parent, &self, 0, FALSE, DUPLICATE_SAME_ACCESS))
        _exit(1);
    if (write(channel, &self, sizeof self) != sizeof self) _exit(1);
    for (;;) pause();
}

// A newcomer: attaching, it runs down whoever is dead.
[[noreturn]] void be_a_newcomer() {
    CloseHandle(CreateEvent(nullptr, FALSE, FALSE, nullptr));
    exit(0);
}

pid_t start(void (*body)(HANDLE, int), HANDLE parent, int channel) {
    const pid_t pid = fork();
    if (pid < 0) die("fork");
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    body(parent, channel);
    _exit(0);
}

void round(HANDLE parent) {
    int channel[2];
    if (pipe(channel) != 0) die("pipe");
    const pid_t child = start(be_a_target, parent, channel[1]);
    HANDLE process = nullptr;
    if (read(channel[0], &process, sizeof process) != sizeof process) die("the child gave no handle to itself");
    target = process;
    usleep(200 + static_cast<useconds_t>(rand()) % 1500);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const pid_t newcomer = start([](HANDLE, int) { be_a_newcomer(); }, parent, -1);
    waitpid(newcomer, nullptr, 0);
    target = nullptr;
    close(channel[0]);
    close(channel[1]);
    if (WaitForSingleObject(process, 20'000) != WAIT_OBJECT_0) die("the killed process is not signaled");
    // An inserter may still be using the handle value: that is its affair, and gives ERROR_INVALID_HANDLE at worst.
    CloseHandle(process);
}

int check(bool good, const char* what) {
    printf("%s %s\n", good ? "ok  " : "FAIL", what);
    return good ? 0 : 1;
}

int run(int rounds) {
    HANDLE events[kEvents], parent = nullptr;
    for (int i = 0; i < kEvents; ++i) events[i] = CreateEvent(nullptr, TRUE, FALSE, event_name(i).c_str());
    if (!DuplicateHandle(GetCurrentProcess(), GetCurrentProcess(), GetCurrentProcess(), &parent, 0, TRUE,
                         DUPLICATE_SAME_ACCESS))
        die("a handle to the own process");
    std::vector<std::thread> threads;
    for (int i = 0; i < kInserters; ++i) threads.emplace_back([&events] { insert_handles(events); });
    for (int i = 0; i < rounds; ++i) round(parent);
    stop = true;
    for (std::thread& thread : threads) thread.join();
    int lost = 0;
    for (int i = 0; i < kEvents; ++i) {
        CloseHandle(events[i]);
        lost += OpenEvent(SYNCHRONIZE, FALSE, event_name(i).c_str()) != nullptr;
    }
    printf("%d processes killed, %ld handles inserted, %ld refused, %d names left\n", rounds, inserted.load(),
           refused.load(), lost);
    return check(inserted > 0 && refused > 0, "insertions succeeded, and others met a process that was gone") +
           check(odd == 0, "a refusal is ERROR_INVALID_HANDLE") +
           check(lost == 0, "every name is gone with its last handle");
}

}  // namespace

int main(int argc, char** argv) {
    int rounds = 5000;
    if (argc == 2 && strcmp(argv[1], "--short") == 0) rounds = 400;
    else if (argc == 3 && strcmp(argv[1], "--rounds") == 0) rounds = atoi(argv[2]);
    else if (argc != 1) return fprintf(stderr, "usage: foreign_tables [--short | --rounds N]\n"), 2;
    setenv("WINSHIM_PROFILE", "nt", 1);  // inheritable handles
    torture::enter_private_shm();
    return run(rounds) == 0 ? 0 : 1;
}
