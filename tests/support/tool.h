// tool.h - tests of the command: running it, what it said, and processes for it to look at.
//
// Purpose     Answer a = tool("waits --json"); tell(a.status == 1 && ..., "what holds", a.text). Lines `ok` and `FAIL`,
//             as tests/run counts them. Cast has the processes of a scene: each does its part and then stands still
//             until the scene is over. until() asks again and again: nobody tells when a wait has begun.
// Invariants  What is in a Cast is killed and reaped at its end, and dies with the program.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <windows.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "tests/support/tell.h"

namespace tool_test {

constexpr int kPatienceSeconds = 30;

inline std::string tool_path() {
    char self[4096];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self);
    const std::string own(self, length > 0 ? static_cast<size_t>(length) : 0);
    return own.substr(0, own.rfind('/')) + "/../winshim";
}

struct Answer {
    int status = -1;    // 128 + N: signal N
    std::string text;   // what it said on standard output
    bool has(const std::string &part) const { return text.find(part) != std::string::npos; }
};

// Runs a line of the shell; in it $W is the command.
inline Answer shell(const std::string &line) {
    Answer answer;
    setenv("W", tool_path().c_str(), 1);
    FILE *pipe = popen(line.c_str(), "r");
    if (pipe == nullptr) return answer;
    char part[4096];
    for (size_t got; (got = fread(part, 1, sizeof part, pipe)) > 0;) answer.text.append(part, got);
    const int status = pclose(pipe);
    answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return answer;
}
inline Answer tool(const std::string &arguments) { return shell("exec \"$W\" " + arguments); }
// With what it says on standard error.
inline Answer tool_loud(const std::string &arguments) { return shell("exec \"$W\" " + arguments + " 2>&1"); }

// Asks until the answer is as it should be, or patience has an end; returns the last answer.
template <typename Good>
Answer until(const std::string &arguments, Good good) {
    const time_t end = time(nullptr) + kPatienceSeconds;
    Answer answer;
    do {
        answer = tool(arguments);
        if (good(answer)) break;
        usleep(20'000);
    } while (time(nullptr) < end);
    return answer;
}
inline size_t count(const std::string &text, const std::string &part) {
    size_t n = 0;
    for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
    return n;
}
// Until so many threads wait.
inline Answer until_waiting(size_t threads, const std::string &arguments = "waits --json") {
    return until(arguments, [&](const Answer &a) { return count(a.text, "\"waited_s\"") >= threads; });
}

class Cast {
public:
    Cast() = default;
    Cast(const Cast &) = delete;
    Cast &operator=(const Cast &) = delete;
    ~Cast() { over(); }

    // A process of this name. When it has done `part`, it waits to be killed.
    template <typename Part>
    pid_t add(const char *name, Part part) {
        fflush(nullptr);
        const pid_t pid = fork();
        if (pid != 0) return players_.push_back(pid), pid;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_NAME, name);
        part();
        for (;;) pause();
    }
    void kill_now(pid_t pid) {
        kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        for (pid_t &player : players_)
            if (player == pid) player = 0;
    }
    void stop() {
        for (const pid_t pid : players_)
            if (pid != 0) kill(pid, SIGSTOP);
    }
    void over() {
        for (const pid_t pid : players_)
            if (pid != 0) kill(pid, SIGKILL), waitpid(pid, nullptr, 0);
        players_.clear();
    }

private:
    std::vector<pid_t> players_;
};

inline HANDLE mutex(const char *name) { return CreateMutexA(nullptr, FALSE, name); }
inline HANDLE event(const char *name, BOOL manual = FALSE) { return CreateEventA(nullptr, manual, FALSE, name); }
inline void take(HANDLE h) {
    if (WaitForSingleObject(h, 20'000) != WAIT_OBJECT_0) _exit(9);
}
inline DWORD any_of(HANDLE a, HANDLE b, DWORD ms = INFINITE) {
    const HANDLE both[] = {a, b};
    return WaitForMultipleObjects(2, both, FALSE, ms);
}
inline DWORD all_of(HANDLE a, HANDLE b, DWORD ms = INFINITE) {
    const HANDLE both[] = {a, b};
    return WaitForMultipleObjects(2, both, TRUE, ms);
}

// Parties of a scene meet here: each calls meet() and goes on when all have come.
class Meeting {
public:
    explicit Meeting(LONG parties) : parties_(parties) {
        come_ = CreateSemaphoreA(nullptr, 0, parties, nullptr);
        go_ = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    }
    void meet() const {
        ReleaseSemaphore(come_, 1, nullptr);
        take(go_);
    }
    // The one who arranges it.
    void all_are_there() const {
        for (LONG i = 0; i < parties_; ++i) take(come_);
        SetEvent(go_);
    }
    void close() const {
        CloseHandle(come_);
        CloseHandle(go_);
    }

private:
    LONG parties_;
    HANDLE come_, go_;
};

}  // namespace tool_test
