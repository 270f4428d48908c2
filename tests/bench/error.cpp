// error.cpp - the thread's last error: read and written, against two compare-and-swaps.

#include <atomic>
#include <cstdint>

#include "bench.h"

namespace {

void last_error(benchmark::State& state) {
    DWORD value = 0;
    for (auto _ : state) {
        value = GetLastError();
        SetLastError(value + 1);
    }
    benchmark::DoNotOptimize(value);
}

void floor_swap_pair(benchmark::State& state) {
    alignas(64) static std::atomic<std::uint64_t> word{0};
    for (auto _ : state) {
        std::uint64_t expected = 0;
        const bool taken = word.compare_exchange_strong(expected, 1, std::memory_order_acq_rel);
        expected = 1;
        const bool given = word.compare_exchange_strong(expected, 0, std::memory_order_acq_rel);
        if (!bench::expect(state, taken && given, "compare-and-swap")) break;
    }
}

BENCHMARK(last_error);
BENCHMARK(floor_swap_pair);

}  // namespace

int main(int argc, char** argv) { return bench::run(argc, argv); }
