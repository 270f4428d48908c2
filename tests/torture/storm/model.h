// model.h - what the harness itself knows about every process, thread and object, in memory of its own.
//
// Purpose     The storm must notice a wrong library, so nothing here uses winshim: a plain page (memfd) that every
//             process maps. It survives the dead: the record of a killed thread says for ever what it was doing.
// Windows     Between the library's step and the model's note of it a thread can be killed. So before each call it
//             publishes a *window*: `taking`, the objects the call may acquire or consume, and `giving`, those it may
//             signal or release; both are cleared after the note. A dead record with an open window is an uncertainty
//             of exactly one step on exactly those objects, and the invariants allow for that and no more.
// Orders      All accesses use the default (sequentially consistent) order: the harness must not be the weak part. The
//             two counts that a critical section guards are relaxed, because it is the library that must order those.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>

#include "tests/torture/storm/report.h"
#include "tests/torture/storm/world.h"

namespace storm {

constexpr std::uint32_t kSlots = 8;                // processes at a time
constexpr std::uint32_t kLanes = 4;                // threads of each
constexpr std::uint32_t kMainLane = kLanes;        // the lane of a process's first thread, which opens and closes
constexpr std::uint32_t kHandlerLane = kMainLane + 1;            // of the signal handler in lane 0, 1, ...
constexpr std::uint32_t kChildLane = kHandlerLane + kLanes;      // of the child that lane 0, 1, ... has forked
constexpr std::uint32_t kRecords = kChildLane + kLanes;
constexpr std::uint32_t kMaxThreads = 1 << 18;     // all threads of a run; the supervisor is process 0
constexpr std::uint32_t kMaxProcesses = 1 << 14;

enum class Life : std::uint32_t { unused, alive, ended };                        // of a thread; ended: by itself
enum class State : std::uint32_t { unused, starting, running, doomed, gone };    // of a process
enum class Phase : std::uint32_t { run, pause, stop };

enum class Call : std::uint32_t {
    none, create, open, duplicate, close, wait_one, wait_any, wait_all, signal_and_wait, set, reset, pulse,
    release_mutex, release_semaphore, set_timer, cancel_timer, sleep, count
};
constexpr std::array<const char*, static_cast<std::size_t>(Call::count)> kCallText{
    "nothing", "Create", "Open", "DuplicateHandle", "CloseHandle", "WaitForSingleObject",
    "WaitForMultipleObjects (any)", "WaitForMultipleObjects (all)", "SignalObjectAndWait", "SetEvent", "ResetEvent",
    "PulseEvent", "ReleaseMutex", "ReleaseSemaphore", "SetWaitableTimer", "CancelWaitableTimer", "SleepEx"};

struct alignas(128) ThreadRecord {
    std::atomic<Life> life;
    std::atomic<std::uint32_t> process;            // index into Model::processes
    std::atomic<std::uint32_t> tid;
    std::atomic<std::uint32_t> units;              // of the semaphore in `giving`
    std::atomic<std::uint64_t> taking;
    std::atomic<std::uint64_t> giving;
    std::atomic<std::uint64_t> charged;            // mutexes whose abandonment this dead record has already explained
    std::atomic<std::uint64_t> since_ns;           // 0: in no call
    std::atomic<std::uint64_t> objects;            // of that call
    std::atomic<Call> call;
    std::atomic<std::uint32_t> timeout_ms;
    std::atomic<std::uint64_t> operations;
};

struct alignas(64) ProcessRecord {
    std::atomic<State> state;
    std::atomic<std::int32_t> pid;
    std::atomic<std::uint32_t> leave;              // 1: close everything and exit
    std::atomic<std::uint32_t> quits;              // 1: one of its lanes ends it, by _exit or exec
    std::atomic<std::uint32_t> forking;            // lanes that are in fork, until the child has said who it is
    std::array<std::atomic<std::uint32_t>, kRecords> thread;     // the record that runs in each lane now
    std::array<std::atomic<std::int32_t>, kLanes> child;         // process id of the lane's child, 0 none
    std::array<std::atomic<std::uint32_t>, kLanes> parked;       // the round in which the lane came to rest
};

struct alignas(64) ObjectModel {
    std::atomic<std::uint32_t> owner;              // mutex: the record inside its critical section, 0 = nobody
    std::atomic<std::uint32_t> token;              // token event or timer: 1 from before SetEvent until after the wait
    std::atomic<std::uint64_t> first, second;      // equal outside every critical section
    std::atomic<std::int64_t> taken, released;     // semaphore: units, in this round
    std::atomic<std::uint64_t> sets, waits;        // wild event or timer: signals begun, waits done, in this round
};

struct Model {
    Report report;
    std::atomic<Phase> phase;
    std::atomic<std::uint32_t> round;
    std::atomic<std::uint32_t> threads_used, processes_used;
    std::atomic<std::uint64_t> kills, left, retired, abandoned, rounds, exact_tokens, worst_overrun_us;
    std::atomic<std::uint64_t> seed;
    std::atomic<std::uint64_t> stops, signals, handled, put_off, raw_ends, forks;
    std::atomic<std::uint64_t> muddled;            // token events whose account is void until the end of this rest
    std::array<ObjectModel, kObjects> objects;
    std::array<ProcessRecord, kMaxProcesses> processes;
    std::array<ThreadRecord, kMaxThreads> threads;

    ThreadRecord& thread(std::uint32_t id) { return threads[id]; }
    ProcessRecord& process_of(std::uint32_t id) { return processes[threads[id].process.load()]; }
    // True from just before its SIGKILL is sent, or from just before it returns from its thread function.
    bool is_dead(std::uint32_t id) {
        if (threads[id].life.load() == Life::ended) return true;
        const State state = process_of(id).state.load();
        return state == State::doomed || state == State::gone;
    }
};

inline std::uint64_t now_ns() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(now.tv_nsec);
}

inline int create_model() {
    const int fd = memfd_create("storm", 0);       // no CLOEXEC: workers get it by number
    if (fd < 0 || ftruncate(fd, sizeof(Model)) != 0) { perror("storm: memfd"); exit(2); }
    return fd;
}

inline Model& map_model(int fd) {
    void* memory = mmap(nullptr, sizeof(Model), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) { perror("storm: mmap"); exit(2); }
    return *static_cast<Model*>(memory);
}

// A new thread's record, or 0 when the run has used them all.
inline std::uint32_t new_thread(Model& model, std::uint32_t process, std::uint32_t lane) {
    const std::uint32_t id = model.threads_used.fetch_add(1) + 1;
    if (id >= kMaxThreads) return 0;
    ThreadRecord& record = model.thread(id);
    record.process.store(process);
    record.tid.store(static_cast<std::uint32_t>(gettid()));
    record.life.store(Life::alive);
    model.processes[process].thread[lane].store(id);
    return id;
}

}  // namespace storm
