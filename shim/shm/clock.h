// clock.h - deadlines: CLOCK_MONOTONIC nanoseconds, fixed once at entry. A step of the wall clock changes nothing, and
// time that the machine sleeps does not count (LD-24).
#pragma once
#include <time.h>

#include "shim/shm/types.h"

namespace winshim {

inline constexpr u64 kForever = ~0ull;
inline constexpr u64 kNsPerMs = 1'000'000, kNsPerSecond = 1'000'000'000;
inline constexpr u32 kInfiniteMs = 0xFFFFFFFF;  // INFINITE

inline u64 now_ns() noexcept {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<u64>(t.tv_sec) * kNsPerSecond + static_cast<u64>(t.tv_nsec);
}

inline timespec to_timespec(u64 ns) noexcept {
    return {static_cast<time_t>(ns / kNsPerSecond), static_cast<long>(ns % kNsPerSecond)};
}

// The deadline of a wait of `timeout_ms` milliseconds that begins now; kForever for INFINITE.
inline u64 deadline_after(u32 timeout_ms) noexcept {
    return timeout_ms == kInfiniteMs ? kForever : now_ns() + timeout_ms * kNsPerMs;
}

}  // namespace winshim
