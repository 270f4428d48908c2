// startup.cpp - what it costs a program that never calls to have the library preloaded: /bin/true, from spawn to end.
#include <dlfcn.h>
#include <spawn.h>
#include <sys/wait.h>

#include "bench.h"

namespace {

void spawn_true(benchmark::State& state, bool preloaded) {
    Dl_info library{};
    dladdr(reinterpret_cast<void*>(&GetLastError), &library);
    std::string preload = std::string("LD_PRELOAD=") + library.dli_fname, path = "PATH=/bin:/usr/bin";
    char* alone[] = {path.data(), nullptr};
    char* with[] = {path.data(), preload.data(), nullptr};
    std::string program = "/bin/true";
    char* arguments[] = {program.data(), nullptr};
    for (auto _ : state) {
        pid_t child = 0;
        int status = -1;
        if (posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, preloaded ? with : alone) == 0)
            waitpid(child, &status, 0);
        if (!bench::expect(state, status == 0, "/bin/true")) break;
    }
}

void true_preloaded(benchmark::State& state) { spawn_true(state, true); }
void floor_true(benchmark::State& state) { spawn_true(state, false); }

BENCHMARK(true_preloaded)->UseRealTime();
BENCHMARK(floor_true)->UseRealTime();

}  // namespace

int main(int argc, char** argv) { return bench::run(argc, argv); }
