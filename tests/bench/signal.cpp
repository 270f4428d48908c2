// signal.cpp - a signal given and taken by the same thread: events and semaphores, against sem_post and sem_wait.

#include "bench.h"
#include "floor.h"

namespace {

void event_auto_set_wait(benchmark::State& state) {
    const bench::Handle event(CreateEventA(nullptr, FALSE, FALSE, nullptr));
    for (auto _ : state) {
        if (!bench::expect(state, SetEvent(event.get()), "SetEvent")) break;
        if (!bench::expect(state, WaitForSingleObject(event.get(), INFINITE) == WAIT_OBJECT_0, "wait")) break;
    }
}

void event_manual_wait(benchmark::State& state) {
    const bench::Handle event(CreateEventA(nullptr, TRUE, TRUE, nullptr));
    for (auto _ : state) {
        if (!bench::expect(state, WaitForSingleObject(event.get(), INFINITE) == WAIT_OBJECT_0, "wait")) break;
    }
}

void event_manual_poll(benchmark::State& state) {
    const bench::Handle event(CreateEventA(nullptr, TRUE, FALSE, nullptr));
    for (auto _ : state) {
        if (!bench::expect(state, WaitForSingleObject(event.get(), 0) == WAIT_TIMEOUT, "poll")) break;
    }
}

void semaphore_release_wait(benchmark::State& state) {
    const bench::Handle semaphore(CreateSemaphoreA(nullptr, 0, 10, nullptr));
    for (auto _ : state) {
        if (!bench::expect(state, ReleaseSemaphore(semaphore.get(), 1, nullptr), "ReleaseSemaphore")) break;
        if (!bench::expect(state, WaitForSingleObject(semaphore.get(), INFINITE) == WAIT_OBJECT_0, "wait")) break;
    }
}

BENCHMARK(event_auto_set_wait);
BENCHMARK(event_manual_wait);
BENCHMARK(event_manual_poll);
BENCHMARK(semaphore_release_wait);
BENCHMARK(bench::floor_semaphore)->Name("floor_semaphore");

}  // namespace

int main(int argc, char** argv) { return bench::run(argc, argv); }
