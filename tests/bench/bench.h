// bench.h - what the benchmark programs share: their main function, and how they stop on a wrong result.
//
// Purpose     Every program measures winshim and its floor in one run, so that the ratio of the two means something
//             whatever the machine's mood. A loop that got a wrong result once has measured nothing: it ends the
//             benchmark with an error instead of printing the speed of a failure.
// Source      The goals are the table in tests/bench/goals.
#pragma once

#include <benchmark/benchmark.h>
#include <stdlib.h>
#include <unistd.h>
#include <windows.h>

#include <string>

namespace bench {

// Ends the benchmark unless `right`. Returns whether it was, so that a loop can say: if (!expect(...)) break;
inline bool expect(benchmark::State& state, bool right, const char* what) {
    if (right) [[likely]] return true;
    state.SkipWithError((std::string(what) + ", last error " + std::to_string(GetLastError())).c_str());
    return false;
}

// A handle that closes itself: benchmarks are set up and torn down once per repetition.
class Handle {
public:
    explicit Handle(HANDLE handle) : handle_(handle) {}
    ~Handle() { if (handle_) CloseHandle(handle_); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    HANDLE get() const { return handle_; }

private:
    HANDLE handle_;
};

// Runs what the command line selects, in a world of objects that no other program uses.
inline int run(int argc, char** argv) {
    setenv("WINSHIM_NAMESPACE", ("bench-" + std::to_string(getpid())).c_str(), 1);
    unsetenv("WINSHIM_PROFILE");
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}

}  // namespace bench
