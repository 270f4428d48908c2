// mutex.cpp - a mutex nobody else wants: wait and release, against lock and unlock.

#include "bench.h"
#include "floor.h"

namespace {

void wait_and_release(benchmark::State& state, HANDLE mutex) {
    if (!bench::expect(state, mutex != nullptr, "CreateMutex")) return;
    for (auto _ : state) {
        if (!bench::expect(state, WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0, "wait")) break;
        if (!bench::expect(state, ReleaseMutex(mutex), "ReleaseMutex")) break;
    }
}

void mutex_unnamed(benchmark::State& state) {
    const bench::Handle mutex(CreateMutexA(nullptr, FALSE, nullptr));
    wait_and_release(state, mutex.get());
}

void mutex_named(benchmark::State& state) {
    const bench::Handle mutex(CreateMutexA(nullptr, FALSE, "uncontended"));
    wait_and_release(state, mutex.get());
}

// The caller owns it already: only the recursion count moves.
void mutex_recursive(benchmark::State& state) {
    const bench::Handle mutex(CreateMutexA(nullptr, TRUE, nullptr));
    wait_and_release(state, mutex.get());
    ReleaseMutex(mutex.get());
}

void floor_robust_recursive(benchmark::State& state) {
    const bench::RobustMutex mutex(PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_lock(mutex.get());
    for (auto _ : state) {
        if (!bench::expect(state, pthread_mutex_lock(mutex.get()) == 0, "lock")) break;
        if (!bench::expect(state, pthread_mutex_unlock(mutex.get()) == 0, "unlock")) break;
    }
    pthread_mutex_unlock(mutex.get());
}

BENCHMARK(mutex_unnamed);
BENCHMARK(mutex_named);
BENCHMARK(bench::floor_robust_mutex)->Name("floor_robust_mutex");
BENCHMARK(mutex_recursive);
BENCHMARK(floor_robust_recursive);

}  // namespace

int main(int argc, char** argv) { return bench::run(argc, argv); }
