// control.h - the page that the fuzzer's supervisor and its victims share, apart from the segment that is damaged.
//
// Purpose     Who is doing what since when (a thread whose count of calls stands still hangs), the sequence of damage
//             of this round, and the first crash with its stack. It lies where no index of the segment leads.
#pragma once

#include <sys/mman.h>
#include <time.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace corrupt {

constexpr std::uint32_t kVictims = 3, kThreads = 3;                     // processes, threads of each
constexpr std::uint32_t kWorkers = kVictims * (kThreads + 1);           // with the main threads
constexpr std::uint32_t kLanes = kWorkers + 64;                         // the rest is for forked children
constexpr std::uint32_t kFrames = 48;
constexpr std::uint32_t kCanaries = 8, kCanaryBytes = 4096;

inline std::uint64_t now_ns() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(t.tv_nsec);
}

// One thread that makes calls.
struct Lane {
    std::atomic<std::uint32_t> pid, tid;         // 0: nobody
    std::atomic<const char*> call;               // what it does now
    std::atomic<std::uint64_t> calls, succeeded;
};

// The first crash, or the stack of a thread that hangs.
struct Stack {
    std::atomic<std::uint32_t> taken, complete;
    int signal;
    std::uint64_t address;                       // that was accessed
    std::uint32_t pid, tid;
    const char* call;
    int count;
    std::array<void*, kFrames> frame;
};

struct Victim {
    std::atomic<std::uint64_t> segment;          // where it has mapped the segment; 0 not yet
    std::array<std::atomic<std::uint64_t>, kCanaries> canary;
};

struct Control {
    std::atomic<std::uint32_t> stop;
    std::atomic<std::uint32_t> trampled;         // canaries found changed
    std::atomic<std::uint64_t> trampled_at, trampled_with;
    std::atomic<std::uint32_t> unguarded;        // mappings without guard pages around them
    std::atomic<std::uint32_t> odd_children;     // forked children that ended as nobody may; the last one's status
    std::atomic<std::uint32_t> odd_status;
    std::array<Lane, kLanes> lane;
    std::array<Victim, kVictims> victim;
    Stack crash, hang;
};

inline Control* make_control() {
    void* at = mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) {
        perror("corrupt: mmap");
        exit(2);
    }
    return static_cast<Control*>(at);
}

// xorshift64*: the same seed gives the same choices.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15 + 0x1234567) {
        for (int i = 0; i < 4; ++i) next();
    }
    std::uint64_t next() {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return state_ * 0x2545F4914F6CDD1D;
    }
    std::uint32_t below(std::uint32_t n) { return n == 0 ? 0 : static_cast<std::uint32_t>((next() >> 32) * n >> 32); }
    bool one_in(std::uint32_t n) { return below(n) == 0; }

private:
    std::uint64_t state_;
};

}  // namespace corrupt
