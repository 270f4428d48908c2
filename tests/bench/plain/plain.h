// plain.h - what the benchmark programs share that are no loops: they build a world and measure in it.
//
// Purpose     They print lines that tests/bench/run collects: `figure NAME VALUE` (nanoseconds, unless the name says
//             otherwise; a goal may name it) and `curve NAME X VALUE` (a point of a plot).
#pragma once

#include <time.h>
#include <unistd.h>
#include <windows.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace plain {

inline double now_ns(clockid_t clock = CLOCK_MONOTONIC) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

[[noreturn]] inline void fail(const char* what) {
    fprintf(stderr, "%s, last error %lu\n", what, static_cast<unsigned long>(GetLastError()));
    exit(1);
}
inline void expect(bool right, const char* what) {
    if (!right) fail(what);
}

inline double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

// Median of repetitions: processor time of this thread for each of `rounds` calls of `run`.
template <class Run>
double cost(int rounds, Run run, int repetitions = 15) {
    std::vector<double> each;
    for (int r = 0; r < repetitions; ++r) {
        const double begun = now_ns(CLOCK_THREAD_CPUTIME_ID);
        for (int i = 0; i < rounds; ++i) run(i);
        each.push_back((now_ns(CLOCK_THREAD_CPUTIME_ID) - begun) / rounds);
    }
    return median(each);
}

inline void figure(const std::string& name, double value) {
    printf("figure %s %.2f\n", name.c_str(), value);
    fflush(stdout);
}
inline void curve(const std::string& name, double x, double value) {
    printf("curve %s %.0f %.2f\n", name.c_str(), x, value);
    fflush(stdout);
}

inline void use_own_world() {
    setenv("WINSHIM_NAMESPACE", ("bench-" + std::to_string(getpid())).c_str(), 1);
    unsetenv("WINSHIM_PROFILE");
}

}  // namespace plain
