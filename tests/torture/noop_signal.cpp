// noop_signal.cpp - SetEvent on an event that is set already still publishes what its caller wrote before.
//
// Purpose     Whoever takes the signal of an auto-reset event must see what was written before the SetEvent, or find
//             another signal afterwards. A SetEvent that finds the event set and therefore only reads it breaks this:
//             the read may pass the caller's earlier store in the processor's store buffer, the taker sees neither the
//             data nor a second signal, and an application waits for ever. Two threads meet in that window: one writes
//             the round's number and calls SetEvent, the other takes the signal that is there and reads the number.
// Use         noop_signal [--short | --rounds N]        1,000,000 rounds by default, 100,000 with --short; 20 s at most
// Exit        1 if a round's data and its signal were both missing.
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <windows.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr std::uint64_t kMostNs = 20'000'000'000;
constexpr unsigned kStaggers = 6000;  // the writer begins later by so many idle turns at most

struct alignas(128) Line {
    std::atomic<std::uint32_t> value{0};
};
Line data, begun, taken, stop;
HANDLE event;
std::uint32_t seen;

std::uint64_t now_ns() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(now.tv_nsec);
}

void idle(unsigned turns) {
    for (unsigned i = 0; i < turns; ++i) std::atomic_signal_fence(std::memory_order_seq_cst);
}

// Spins, but not for long: with one processor, or a busy one, the other thread needs it.
void await(const Line& line, std::uint32_t value) {
    for (unsigned i = 0; line.value.load(std::memory_order_acquire) < value; ++i)
        if (i > 2000) sched_yield();
}

void use_processor(unsigned wanted) {
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed) || wanted-- != 0) continue;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        pthread_setaffinity_np(pthread_self(), sizeof one, &one);
        return;
    }
}

void* take_signals(void*) {
    use_processor(1);
    for (std::uint32_t round = 1;; ++round) {
        // Ours until the round begins: the other thread's store has to fetch the line, and stays in its buffer.
        data.value.store(round - 1, std::memory_order_relaxed);
        taken.value.store(round * 2 - 1, std::memory_order_release);
        await(begun, round);
        if (stop.value.load(std::memory_order_relaxed) != 0) return nullptr;
        const DWORD got = WaitForSingleObject(event, 0);
        seen = got == WAIT_OBJECT_0 ? data.value.load(std::memory_order_relaxed) : ~0u;
        taken.value.store(round * 2, std::memory_order_release);
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::uint32_t rounds = 1'000'000;
    if (argc == 2 && strcmp(argv[1], "--short") == 0) rounds = 100'000;
    else if (argc == 3 && strcmp(argv[1], "--rounds") == 0)
        rounds = static_cast<std::uint32_t>(strtoul(argv[2], nullptr, 10));
    else if (argc != 1) return fprintf(stderr, "usage: noop_signal [--short | --rounds N]\n"), 2;
    event = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    pthread_t taker;
    if (event == nullptr || pthread_create(&taker, nullptr, take_signals, nullptr) != 0) return 2;
    use_processor(0);
    const std::uint64_t until = now_ns() + kMostNs;
    std::uint32_t round = 1, early = 0, lost = 0;
    for (; round <= rounds && now_ns() < until; ++round) {
        await(taken, round * 2 - 1);
        SetEvent(event);
        begun.value.store(round, std::memory_order_release);
        idle(round % kStaggers);
        data.value.store(round, std::memory_order_relaxed);
        SetEvent(event);
        await(taken, round * 2);
        const bool signaled = WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
        early += seen != round;
        if (seen == round || signaled) continue;
        if (++lost > 5) continue;
        printf("  FAILED round %u: the signal was taken without the data, and there is no other\n", round);
    }
    await(taken, round * 2 - 1);
    stop.value.store(1);
    begun.value.store(round, std::memory_order_release);
    pthread_join(taker, nullptr);
    printf("noop_signal: %u rounds; in %u the signal was taken before the data was there; lost %u times\n", round - 1,
           early, lost);
    printf("%u passed, %u failed\n", lost == 0, lost != 0);
    return lost == 0 ? 0 : 1;
}
