// create.cpp - objects that come and go: unnamed, under a fresh name, under a name that exists.
//
// Purpose     sem_open is what a program would use for a name. The fresh names rotate, so that neither side can live
//             on the leftovers of its last round; the existing POSIX semaphore is not mapped when it is opened,
//             because a process that meets a name for the first time has no mapping of it.

#include <fcntl.h>
#include <semaphore.h>

#include <vector>

#include "bench.h"
#include "floor.h"

namespace {

constexpr std::size_t kNames = 256;

std::vector<std::string> fresh_names(const std::string& stem) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < kNames; ++i) names.push_back(stem + std::to_string(getpid()) + "-" + std::to_string(i));
    return names;
}

void event_unnamed(benchmark::State& state) {
    for (auto _ : state) {
        const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, nullptr);
        if (!bench::expect(state, event != nullptr, "CreateEvent")) break;
        if (!bench::expect(state, CloseHandle(event), "CloseHandle")) break;
    }
}

void mutex_fresh_name(benchmark::State& state) {
    const std::vector<std::string> names = fresh_names("fresh-");
    std::size_t next = 0;
    for (auto _ : state) {
        const HANDLE mutex = CreateMutexA(nullptr, FALSE, names[next++ % kNames].c_str());
        if (!bench::expect(state, mutex && GetLastError() == ERROR_SUCCESS, "CreateMutex of a fresh name")) break;
        if (!bench::expect(state, CloseHandle(mutex), "CloseHandle")) break;
    }
}

void floor_semaphore_fresh_name(benchmark::State& state) {
    const std::vector<std::string> names = fresh_names("/bench-fresh-");
    std::size_t next = 0;
    for (auto _ : state) {
        const char* name = names[next++ % kNames].c_str();
        sem_t* semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
        if (!bench::expect(state, semaphore != SEM_FAILED, "sem_open")) break;
        if (!bench::expect(state, sem_close(semaphore) == 0 && sem_unlink(name) == 0, "sem_close, sem_unlink")) break;
    }
}

void mutex_existing_name(benchmark::State& state) {
    const bench::Handle holder(CreateMutexA(nullptr, FALSE, "existing"));
    for (auto _ : state) {
        const HANDLE mutex = CreateMutexA(nullptr, FALSE, "existing");
        if (!bench::expect(state, mutex && GetLastError() == ERROR_ALREADY_EXISTS, "CreateMutex of a name")) break;
        if (!bench::expect(state, CloseHandle(mutex), "CloseHandle")) break;
    }
}

void floor_semaphore_existing_name(benchmark::State& state) {
    const std::string name = "/bench-existing-" + std::to_string(getpid());
    sem_t* made = sem_open(name.c_str(), O_CREAT | O_EXCL, 0600, 0);
    if (!bench::expect(state, made != SEM_FAILED && sem_close(made) == 0, "sem_open")) return;
    for (auto _ : state) {
        sem_t* semaphore = sem_open(name.c_str(), 0);
        if (!bench::expect(state, semaphore != SEM_FAILED, "sem_open of an existing name")) break;
        if (!bench::expect(state, sem_close(semaphore) == 0, "sem_close")) break;
    }
    sem_unlink(name.c_str());
}

BENCHMARK(event_unnamed);
BENCHMARK(bench::floor_robust_mutex)->Name("floor_robust_mutex");
BENCHMARK(mutex_fresh_name);
BENCHMARK(floor_semaphore_fresh_name);
BENCHMARK(mutex_existing_name);
BENCHMARK(floor_semaphore_existing_name);

}  // namespace

int main(int argc, char** argv) { return bench::run(argc, argv); }
