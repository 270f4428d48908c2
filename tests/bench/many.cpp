// many.cpp - 64 objects in one call: wait for any against poll, wait for all against 64 semaphores.

#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <memory>

#include "bench.h"
#include "floor.h"

namespace {

constexpr DWORD kMany = MAXIMUM_WAIT_OBJECTS;

// 64 unnamed events; closed with it.
class Events {
public:
    Events(BOOL manual, BOOL set) {
        for (HANDLE& handle : handles_) handle = CreateEventA(nullptr, manual, set, nullptr);
    }
    ~Events() { for (HANDLE handle : handles_) CloseHandle(handle); }
    const HANDLE* get() const { return handles_.data(); }
    HANDLE last() const { return handles_.back(); }

private:
    std::array<HANDLE, kMany> handles_{};
};

// All but the last are clear: the call has to look at every one of them.
void wait_any_last_set(benchmark::State& state) {
    const Events events(TRUE, FALSE);
    SetEvent(events.last());
    for (auto _ : state) {
        const DWORD result = WaitForMultipleObjects(kMany, events.get(), FALSE, INFINITE);
        if (!bench::expect(state, result == WAIT_OBJECT_0 + kMany - 1, "wait-any")) break;
    }
}

void floor_poll_eventfds(benchmark::State& state) {
    std::array<pollfd, kMany> files{};
    for (pollfd& file : files) file = {.fd = eventfd(0, EFD_CLOEXEC), .events = POLLIN, .revents = 0};
    eventfd_write(files.back().fd, 1);
    for (auto _ : state) {
        if (!bench::expect(state, poll(files.data(), files.size(), -1) == 1, "poll")) break;
    }
    for (const pollfd& file : files) close(file.fd);
}

void wait_all_set(benchmark::State& state) {
    const Events events(FALSE, FALSE);
    for (auto _ : state) {
        bool set = true;
        for (DWORD i = 0; i < kMany; ++i) set = SetEvent(events.get()[i]) && set;
        if (!bench::expect(state, set, "SetEvent")) break;
        const DWORD result = WaitForMultipleObjects(kMany, events.get(), TRUE, INFINITE);
        if (!bench::expect(state, result == WAIT_OBJECT_0, "wait-all")) break;
    }
}

void floor_semaphores(benchmark::State& state) {
    const auto semaphores = std::make_unique<std::array<bench::SharedSemaphore, kMany>>();
    for (auto _ : state) {
        bool done = true;
        for (const bench::SharedSemaphore& semaphore : *semaphores) done = sem_post(semaphore.get()) == 0 && done;
        for (const bench::SharedSemaphore& semaphore : *semaphores) done = sem_wait(semaphore.get()) == 0 && done;
        if (!bench::expect(state, done, "64 semaphores")) break;
    }
}

BENCHMARK(wait_any_last_set);
BENCHMARK(floor_poll_eventfds);
BENCHMARK(wait_all_set);
BENCHMARK(floor_semaphores)->Name("floor_64_semaphores");

}  // namespace

int main(int argc, char** argv) { return bench::run(argc, argv); }
