// supervisor.h - starts the processes, kills one every 100 ms, puts another in its place, and brings all to rest.
//
// Purpose     It takes part itself: it holds the anchored objects and is never killed. Four times a second it lets the
//             lanes come to rest and compares the accounts (rest.h). At the end it shows that nothing was left locked
//             or named.
// Stopping    Now and then a process is stopped, wherever it is, for up to 60 ms; at rest all go on. Signals are sent
//             to its threads all the time.
// Forks       A killed worker's forked children die with it; they become children of the supervisor, which waits for
//             them, too, before the worker is buried. A worker killed inside fork may leave an embryo, which keeps
//             copies of all handles for a minute (README): so long, names of floating objects need not be free.
// Killing     A process is marked doomed before the signal is sent, so that whoever inherits its mutex finds it dead in
//             the model; it is waited for before its windows are read. Half of the new processes are made by fork and
//             exec out of this process, which holds handles, half by posix_spawn, which runs no fork handlers.
#pragma once

#include "tests/torture/private_shm.h"

#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <string>

#include "tests/torture/storm/rest.h"
#include "tests/torture/storm/stops.h"

namespace storm {

class Supervisor {
public:
    Supervisor(Model& model, int fd) : model_(model), fd_(fd), self_{model, new_thread(model, 0, kMainLane),
                                       handles_.data(), Random(model.seed.load())} {}

    int run(std::uint32_t seconds) {
        if (!create_all()) return 1;
        for (std::uint32_t slot = 0; slot < kSlots; ++slot) spawn(slot);
        const std::uint64_t end = now_ns() + std::uint64_t{seconds} * 1'000'000'000u;
        while (now_ns() < end && !is_hopeless()) {
            storm_until(std::min(end, now_ns() + kRestEvery));
            if (!is_hopeless() && !come_to_rest()) return 1;
        }
        return stop_all() ? 0 : 1;
    }

private:
    static constexpr std::uint64_t kKillEvery = 100'000'000;
    static constexpr std::uint64_t kRestEvery = 250'000'000;
    static constexpr std::uint64_t kEmbryoLives = 61'000'000'000;
    static constexpr std::uint32_t kSignalsAtOnce = 16;
    static constexpr std::uint64_t kRestBound = 90'000'000'000;       // far above what an overdue call is told by

    bool create_all() {
        bool all = true;
        for (std::uint32_t object = 0; object < kObjects; ++object) {
            if (!is_anchored(object)) continue;
            handles_[object] = publish(self_, Call::create, bit(object), 0, [&] { return create_object(object); });
            const DWORD error = GetLastError();
            all = look(model_.report, Check::result, handles_[object] && error == ERROR_SUCCESS,
                       "%s: the first Create gave %p, error %u", name_of(object).text, handles_[object], error) && all;
        }
        return all;
    }

    void spawn(std::uint32_t slot) {
        const std::uint32_t process = model_.processes_used.fetch_add(1) + 1;
        if (process >= kMaxProcesses) return;
        slots_[slot] = process;
        ProcessRecord& record = model_.processes[process];
        record.state.store(State::starting);
        std::string fd = std::to_string(fd_), index = std::to_string(process);
        char name[] = "storm", role[] = "--worker";
        char* arguments[] = {name, role, fd.data(), index.data(), nullptr};
        pid_t pid = -1;
        if (self_.random.chance(50)) {
            pid = fork();
            if (pid == 0) {
                execv(torture::own_path.c_str(), arguments);
                _exit(127);
            }
        } else if (posix_spawn(&pid, torture::own_path.c_str(), nullptr, nullptr, arguments, environ) != 0) {
            pid = -1;
        }
        if (pid < 0) {
            perror("storm: new process");
            _exit(2);
        }
        record.pid.store(pid);
    }

    // Ends the forked children of a process that is gone.
    void end_children(ProcessRecord& record) {
        for (std::atomic<std::int32_t>& child : record.child) {
            const pid_t pid = child.exchange(0);
            if (pid == 0 || waitpid(pid, nullptr, WNOHANG) != 0) continue;   // it has been waited for by its parent
            kill(pid, SIGKILL);
            while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
        }
        if (record.forking.load() != 0) names_doubtful_until_ = now_ns() + kEmbryoLives;
    }

    // Reads what the threads of a process that has been waited for left open.
    void bury(std::uint32_t process) {
        ProcessRecord& record = model_.processes[process];
        end_children(record);
        record.state.store(State::gone);
        for (const std::atomic<std::uint32_t>& thread : record.thread) {
            if (thread.load() != 0) doubt_.add(model_.thread(thread.load()));
        }
    }

    // Kills one that has begun to run, whatever it is doing. Nothing happens if all are still being started.
    void kill_one() {
        const std::uint32_t from = self_.random.below(kSlots);
        for (std::uint32_t i = 0; i < kSlots; ++i) {
            const std::uint32_t slot = (from + i) % kSlots;
            if (model_.processes[slots_[slot]].forking.load() != 0 && !self_.random.chance(2)) continue;  // see Forks
            State running = State::running;
            if (model_.processes[slots_[slot]].state.compare_exchange_strong(running, State::doomed)) {
                kill_in(slot);
                return;
            }
        }
    }

    void kill_in(std::uint32_t slot) {
        const std::uint32_t process = slots_[slot];
        ProcessRecord& record = model_.processes[process];
        kill(record.pid.load(), SIGKILL);
        int status = 0;
        while (waitpid(record.pid.load(), &status, 0) < 0 && errno == EINTR) {}
        const bool orderly = WIFEXITED(status) && WEXITSTATUS(status) == 0 && record.leave.load() != 0;
        const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        note_end(process, status, killed || orderly);
        if (killed) model_.kills.fetch_add(1);
        bury(process);
        spawn(slot);
    }

    void note_end(std::uint32_t process, int status, bool expected) {
        look(model_.report, Check::alive, expected, "process %u (pid %d) ended by itself: %s %d", process,
             model_.processes[process].pid.load(), WIFSIGNALED(status) ? "signal" : "exit code",
             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }

    // Buries those that have ended without being killed. Returns how many are still there.
    std::uint32_t collect(bool refill) {
        std::uint32_t there = 0;
        for (std::uint32_t slot = 0; slot < kSlots; ++slot) {
            const std::uint32_t process = slots_[slot];
            ProcessRecord& record = model_.processes[process];
            int status = 0;
            if (record.state.load() == State::gone) continue;
            if (waitpid(record.pid.load(), &status, WNOHANG) != record.pid.load()) {
                ++there;
                continue;
            }
            const bool told = record.leave.load() != 0 || record.quits.load() != 0 ||
                              model_.phase.load() == Phase::stop;
            note_end(process, status, told && WIFEXITED(status) && WEXITSTATUS(status) == 0);
            if (told) model_.left.fetch_add(1);
            bury(process);
            if (!refill) continue;
            spawn(slot);
            ++there;
        }
        return there;
    }

    void stop_one() {
        const std::uint32_t slot = self_.random.below(kSlots);
        ProcessRecord& record = model_.processes[slots_[slot]];
        if (record.state.load() != State::running) return;
        if (stops_.stop(record.pid.load(), now_ns() + self_.random.below(60'000) * std::uint64_t{1000}))
            model_.stops.fetch_add(1);
    }

    void send_signals() {
        for (std::uint32_t i = 0; i < kSignalsAtOnce; ++i) {
            ProcessRecord& record = model_.processes[slots_[self_.random.below(kSlots)]];
            const std::uint32_t id = record.thread[self_.random.below(kLanes)].load();
            if (id == 0 || record.state.load() != State::running) continue;
            const int number = self_.random.chance(50) ? SIGALRM : SIGUSR1;
            if (syscall(SYS_tgkill, record.pid.load(), model_.thread(id).tid.load(), number) == 0)
                model_.signals.fetch_add(1);
        }
    }

    void storm_until(std::uint64_t end) {
        model_.phase.store(Phase::run);
        while (now_ns() < end && !is_hopeless()) {
            usleep(5000);
            send_signals();
            if (self_.random.chance(20)) stop_one();
            const std::uint32_t token = self_.random.of(kTokens);
            set_token(self_, token, handles_[token]);
            collect(true);
            if (self_.random.below(200) == 0) model_.processes[slots_[self_.random.below(kSlots)]].leave.store(1);
            if (now_ns() < next_kill_) continue;
            kill_one();
            next_kill_ = std::max(next_kill_, now_ns() - kKillEvery) + kKillEvery;
        }
    }

    // Tells all lanes to pause, wakes those who sleep without end, and checks everything once all are parked.
    bool come_to_rest() {
        const std::uint32_t round = model_.round.fetch_add(1) + 1;
        model_.phase.store(Phase::pause);
        stops_.all_go_on();
        const std::uint64_t bound = now_ns() + kRestBound;
        Waker waker;
        std::uint64_t woken = 0;
        while (!all_parked(round)) {
            if (is_hopeless()) return true;
            collect(true);
            woken |= wake_sleepers(waker, round);
            usleep(500);
            if (now_ns() < bound) continue;
            look(model_.report, Check::on_time, false, "round %u: not every thread came to rest", round);
            return false;
        }
        waker.note_awake(self_, woken);
        check_all_at_rest(self_, doubt_, now_ns() >= names_doubtful_until_);
        doubt_ = Doubt{};
        model_.muddled.store(0);
        model_.rounds.fetch_add(1);
        return true;
    }

    bool is_parked(std::uint32_t process, std::uint32_t lane, std::uint32_t round) const {
        return model_.processes[process].parked[lane].load() == round;
    }

    bool all_parked(std::uint32_t round) const {
        for (const std::uint32_t process : slots_) {
            if (model_.processes[process].leave.load() != 0) return false;     // its successor is waited for instead
            for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
                if (!is_parked(process, lane, round)) return false;
            }
        }
        return true;
    }

    std::uint64_t wake_sleepers(Waker& waker, std::uint32_t round) {
        std::uint64_t sleeping = 0;
        for (const std::uint32_t process : slots_) {
            for (std::uint32_t i = 0; i < 2 * kLanes; ++i) {
                const std::uint32_t lane = i % kLanes;                         // its thread, then its forked child
                const ThreadRecord& record =
                    model_.thread(model_.processes[process].thread[i < kLanes ? lane : kChildLane + lane].load());
                if (is_parked(process, lane, round) || record.since_ns.load() == 0) continue;
                if (record.call.load() == Call::wait_one && record.timeout_ms.load() == INFINITE) {
                    sleeping |= record.objects.load();
                }
            }
        }
        sleeping &= ((std::uint64_t{1} << kTokens.count) - 1) << kTokens.first;
        for (std::uint32_t object = 0; object < kObjects; ++object) {
            if ((sleeping & bit(object)) != 0) waker.wake(self_, object, doubt_);
        }
        return sleeping;
    }

    // A library that crashes every process has been seen through; the run need not go on.
    bool is_hopeless() const {
        return model_.report.tally[static_cast<std::uint32_t>(Check::alive)].broken.load() > 20;
    }

    bool stop_all() {
        model_.phase.store(Phase::stop);
        stops_.all_go_on();
        const std::uint64_t bound = now_ns() + kRestBound;
        while (collect(false) > 0) {
            usleep(1000);
            if (now_ns() < bound) continue;
            look(model_.report, Check::on_time, false, "at the end not every process stopped");
            return false;
        }
        for (std::uint32_t object = 0; object < kMutexes.count; ++object) check_mutex(self_, object);
        for (std::uint32_t object = 0; object < kObjects; ++object) {
            if (handles_[object]) close_noted(self_, object, handles_[object]);
        }
        for (std::uint32_t object = 0; object < kObjects; ++object) {
            if (is_anchored(object) || now_ns() >= names_doubtful_until_) check_name_is_free(self_, object);
        }
        return true;
    }

    Model& model_;
    int fd_;
    std::array<HANDLE, kObjects> handles_{};
    Self self_;
    std::array<std::uint32_t, kSlots> slots_{};
    std::uint64_t next_kill_ = 0;
    std::uint64_t names_doubtful_until_ = 0;
    Stops stops_;
    Doubt doubt_;
};

inline int supervisor_main(Model& model, int fd, std::uint32_t seconds) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    model.processes[0].pid.store(getpid());
    model.processes[0].state.store(State::running);
    Supervisor supervisor(model, fd);
    return supervisor.run(seconds);
}

}  // namespace storm
