// stops.h - who is stopped, and the thread that lets them go on.
//
// Purpose     A process is stopped wherever it is: perhaps with a lock that the supervisor's next call needs. So
//             whoever lets it go on is a thread that makes no calls of the library.
#pragma once

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "tests/torture/storm/model.h"

namespace storm {

class Stops {
public:
    Stops() : thread_([this] { let_go_on(); }) {}
    ~Stops() {
        over_.store(true);
        thread_.join();
    }
    Stops(const Stops&) = delete;
    Stops& operator=(const Stops&) = delete;

    // Stops a process until then. False: it is stopped already.
    bool stop(pid_t pid, std::uint64_t until_ns) {
        const std::lock_guard guard(lock_);
        if (!until_.emplace(pid, until_ns).second) return false;
        kill(pid, SIGSTOP);
        return true;
    }
    void all_go_on() {
        const std::lock_guard guard(lock_);
        continue_until(~std::uint64_t{0});
    }

private:
    void let_go_on() {
        while (!over_.load()) {
            usleep(1000);
            const std::lock_guard guard(lock_);
            continue_until(now_ns());
        }
    }

    void continue_until(std::uint64_t now) {
        for (auto at = until_.begin(); at != until_.end();) {
            if (at->second > now) {
                ++at;
                continue;
            }
            kill(at->first, SIGCONT);  // to a killed one, or whoever has its number now, it does nothing
            at = until_.erase(at);
        }
    }

    std::mutex lock_;
    std::map<pid_t, std::uint64_t> until_;
    std::atomic<bool> over_{false};
    std::thread thread_;  // last: it uses the others
};

}  // namespace storm
