// storm.cpp - 8 processes of 4 threads fight over 54 named objects while one of them is killed every 100 ms.
//             Beside the kills: processes stopped for a while, signals with handlers that make calls, threads that end
//             while they own, by return or bare system call, _exit and exec while owning, forks in the middle of it.
//
// Purpose     Anybody may die at any instruction, and the others go on correctly. What must hold is the list in
//             storm/report.h; how it is noticed is told in storm/model.h, mutex_work.h, signal_work.h and many_work.h.
//             Three roles of one program: the watcher (no library), the supervisor (kills, checks), the workers.
// Use         storm [--seconds N | --short] [--seed N] [--stay]
//             600 s by default, 8 s with --short. --stay keeps the processes when a call is overdue, for a debugger.
// Exit        0 when every invariant held and was exercised.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/torture/storm/supervisor.h"
#include "tests/torture/storm/watch.h"
#include "tests/torture/storm/worker.h"

namespace {

struct Options {
    std::uint32_t seconds = 600;
    std::uint64_t seed = 0;
    bool stay = false;
};

Options parse(int argc, char** argv) {
    Options options;
    options.seed = storm::now_ns() / 1000 % 1'000'000;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const bool has_value = i + 1 < argc;
        if (word == "--short") options.seconds = 8;
        else if (word == "--stay") options.stay = true;
        else if (word == "--seconds" && has_value) options.seconds = static_cast<std::uint32_t>(atoi(argv[++i]));
        else if (word == "--seed" && has_value) options.seed = strtoull(argv[++i], nullptr, 10);
        else {
            fprintf(stderr, "usage: storm [--seconds N | --short] [--seed N] [--stay]\n");
            exit(2);
        }
    }
    if (options.seconds == 0 || options.seconds > 1000) {
        fprintf(stderr, "storm: between 1 and 1000 seconds\n");
        exit(2);
    }
    return options;
}

pid_t start_supervisor(int fd, std::uint32_t seconds) {
    const std::string fd_text = std::to_string(fd), seconds_text = std::to_string(seconds);
    const pid_t pid = fork();
    if (pid == 0) {
        execl(torture::own_path.c_str(), "storm", "--supervisor", fd_text.c_str(), seconds_text.c_str(), nullptr);
        _exit(127);
    }
    return pid;
}

}  // namespace

// A forked child ends by exit() with the memory of threads that it does not have: the leak detector would call it lost.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

int main(int argc, char** argv) {
    if (argc == 2 && strcmp(argv[1], "--quit") == 0) return 0;            // what a worker that owns a mutex has exec'd
    const bool has_role = argc == 4;
    if (has_role && strcmp(argv[1], "--worker") == 0) {
        return storm::worker_main(storm::map_model(atoi(argv[2])), static_cast<std::uint32_t>(atoi(argv[3])));
    }
    if (has_role && strcmp(argv[1], "--supervisor") == 0) {
        const int fd = atoi(argv[2]);
        return storm::supervisor_main(storm::map_model(fd), fd, static_cast<std::uint32_t>(atoi(argv[3])));
    }
    const Options options = parse(argc, argv);
    const int fd = storm::create_model();
    storm::Model& model = storm::map_model(fd);
    model.seed.store(options.seed);
    const char* outer = getenv("WINSHIM_NAMESPACE");
    const std::string space = (outer ? outer : "") + ("storm-" + std::to_string(getpid()));
    setenv("WINSHIM_NAMESPACE", space.c_str(), 1);
    unsetenv("WINSHIM_PROFILE");
    printf("storm: 8 processes x 4 threads, 54 objects, %u s, seed %llu\n", options.seconds,
           static_cast<unsigned long long>(options.seed));
    const bool is_private = torture::enter_private_shm();
    if (!is_private) printf("  /dev/shm is shared with others: only files named after this run are looked for\n");
    fflush(stdout);
    const pid_t supervisor = start_supervisor(fd, options.seconds);
    const int failed = storm::watch(model, supervisor, options.seconds, options.stay, is_private ? "" : space);
    return failed == 0 ? 0 : 1;
}
