// scene_workers.h - the worker processes of the scene: started by fork and exec, watched, and read out.
//
// Purpose     What Linux knows about a worker: its process and what it printed. Knows nothing of mutexes or ledgers.
// Crash       A worker dies with the stage (PR_SET_PDEATHSIG), so that no run leaves processes behind.
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

namespace scene {

struct Worker {
    int number = 0;
    pid_t pid = -1;
    int output = -1;               // the read end of its standard output
    bool running = false;
    int status = 0;                // as waitpid gives it, once it is not running
    bool has_result = false;       // it printed its result line: the fields below hold
    long transfers = 0, waits = 0, abandoned = 0, free_ns = 0;
    long long lock_ns = 0;
};

// The program that lies beside the running one.
inline std::string beside_myself(const std::string& name) {
    char self[4096];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self);
    if (length <= 0) return name;
    const std::string path(self, length);
    return path.substr(0, path.rfind('/') + 1) + name;
}

inline bool start(Worker& worker, std::vector<std::string> arguments) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const pid_t stage = getpid();
    worker.pid = fork();
    if (worker.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != stage) _exit(127);  // it died before the line above
        dup2(ends[1], STDOUT_FILENO);
        execv(argv[0], argv.data());
        std::perror(argv[0]);
        _exit(127);
    }
    close(ends[1]);
    worker.output = ends[0];
    worker.running = worker.pid > 0;
    return worker.running;
}

inline void read_result(Worker& worker) {
    char buffer[512];
    std::string said;
    for (ssize_t got; (got = read(worker.output, buffer, sizeof buffer)) > 0;) said.append(buffer, got);
    close(worker.output);
    worker.has_result = std::sscanf(said.c_str(), "result worker %*d transfers %ld waits %ld abandoned %ld "
                                    "lock_ns %lld free_ns %ld", &worker.transfers, &worker.waits, &worker.abandoned,
                                    &worker.lock_ns, &worker.free_ns) == 5;
}

// Looks whether it has ended, without waiting. Returns whether it is still running.
inline bool look_after(Worker& worker) {
    if (worker.running && waitpid(worker.pid, &worker.status, WNOHANG) == worker.pid) {
        worker.running = false;
        read_result(worker);
    }
    return worker.running;
}

inline void kill_hard(Worker& worker) {
    if (!worker.running) return;
    kill(worker.pid, SIGKILL);
    waitpid(worker.pid, &worker.status, 0);
    worker.running = false;
    read_result(worker);
}

inline bool ended_well(const Worker& worker) {
    return !worker.running && WIFEXITED(worker.status) && WEXITSTATUS(worker.status) == 0 && worker.has_result;
}

inline std::string how_it_ended(const Worker& worker) {
    if (WIFSIGNALED(worker.status)) return std::string("killed by signal ") + std::to_string(WTERMSIG(worker.status));
    if (WEXITSTATUS(worker.status) != 0) return "failed with " + std::to_string(WEXITSTATUS(worker.status));
    return worker.has_result ? "finished" : "finished without a result";
}

}  // namespace scene
