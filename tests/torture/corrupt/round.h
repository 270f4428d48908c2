// round.h - one round: victims are started, their segment is damaged step by step while they run, and all is discarded.
//
// Purpose     A state counts as run on when at least one call was completed after the damage. A crash is told by the
//             end of a process, a hang by a thread whose count of calls stands still, a write outside the segment by a
//             canary. The round's choices follow from its seed; how threads interleave does not.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>

#include <string>
#include <vector>

#include "tests/torture/corrupt/aim.h"
#include "tests/torture/corrupt/victim.h"
#include "tests/torture/private_shm.h"

namespace corrupt {

constexpr std::uint32_t kStatesPerRound = 60;
constexpr std::uint64_t kMs = 1'000'000, kSecond = 1'000'000'000;

struct Limits {
    std::uint64_t hang_ns;       // a call may take this long, however damaged the segment is
};

struct Tally {
    std::atomic<std::uint64_t> rounds, states, calls, succeeded, kills, longest_call_ns;
    std::atomic<std::uint64_t> crashes, hangs, trampled, unguarded;
};

class Round {
public:
    Round(std::uint64_t seed, const Limits& limits, Tally& tally, const std::string& space)
        : seed_(seed), limits_(limits), tally_(tally), space_(space), random_(seed), control_(make_control()) {}
    ~Round() { munmap(control_, sizeof *control_); }

    // False: something failed, and was told.
    bool run() {
        the_control = control_;
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        for (std::uint32_t v = 0; v < kVictims; ++v) start(v);
        if (wait_for_segment() && failure_.empty()) damage();
        finish();
        discard();
        note_figures();
        return report();
    }

private:
    void start(std::uint32_t v) {
        for (std::uint32_t i = 0; i <= kThreads; ++i) control_->lane[v * (kThreads + 1) + i].pid.store(0);
        control_->victim[v].segment.store(0);
        const std::uint64_t seed = random_.next();
        fflush(stdout);
        pid_[v] = fork();
        if (pid_[v] != 0) return;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (base_ != nullptr) munmap(base_, shm::kSegmentBytes);  // the library maps it for itself
        VictimProcess(v, seed).live();
    }

    bool wait_for_segment() {
        const std::uint64_t until = now_ns() + limits_.hang_ns;
        while (control_->victim[0].segment.load() == 0 || sum(&Lane::calls) < 50) {
            if (now_ns() > until) failure_ = "hang: the victims do not begin";
            if (!failure_.empty() || !watch()) return false;
            usleep(1000);
        }
        for (const std::string& name : torture::names_in_shm(space_)) {
            if (!name.starts_with("winshim-")) continue;
            const int fd = open(("/dev/shm/" + name).c_str(), O_RDWR | O_CLOEXEC);
            void* at = mmap(nullptr, shm::kSegmentBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
            close(fd);
            base_ = at == MAP_FAILED ? nullptr : static_cast<unsigned char*>(at);
        }
        if (base_ == nullptr) failure_ = "there is no segment to damage";
        return base_ != nullptr;
    }

    void damage() {
        Aim aim(base_, *control_, random_);
        for (std::uint32_t i = 0; i < kStatesPerRound && watch(); ++i) {
            const std::uint64_t before = sum(&Lane::calls);
            const Damage d = aim.shoot();
            damages_.push_back(d);
            const bool run_on = let_run(before);
            if (run_on) tally_.states.fetch_add(1);
            if (d.put_back) aim.put_back(d);
            if (random_.one_in(25)) kill_one();
        }
    }

    // A few calls of each thread, if they get that far in time.
    bool let_run(std::uint64_t before) {
        const std::uint64_t begun = now_ns();
        for (;;) {
            const std::uint64_t done = sum(&Lane::calls) - before;
            const std::uint64_t took = now_ns() - begun;
            if (done >= 20 || (done > 0 && took > 3 * kMs) || took > 50 * kMs) return done > 0;
            usleep(150);
        }
    }

    void kill_one() {
        const std::uint32_t v = random_.below(kVictims);
        kill(pid_[v], SIGKILL);
        waitpid(pid_[v], nullptr, 0);
        tally_.kills.fetch_add(1);
        start(v);
    }

    // Looks at the ends of processes and at the progress of threads. False: the round has failed.
    bool watch() {
        int status = 0;
        for (pid_t pid = 0; failure_.empty() && (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
            for (Lane& lane : control_->lane)  // also of a child whose parent was killed
                if (lane.pid.load() == static_cast<std::uint32_t>(pid)) lane.pid.store(0);
            for (pid_t& victim : pid_) {
                if (victim != pid) continue;
                victim = -1;
                if (!(control_->stop.load() != 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)) fail_by(status);
            }
        }
        if (control_->crash.complete.load() != 0) fail_by(99 << 8);
        if (control_->odd_children.load() != 0) fail_by(static_cast<int>(control_->odd_status.load()));
        if (control_->trampled.load() != 0) {
            tally_.trampled.fetch_add(1);
            char text[120];
            snprintf(text, sizeof text, "write outside the segment: canary +%llu holds 0x%llx",
                     static_cast<unsigned long long>(control_->trampled_at.load()),
                     static_cast<unsigned long long>(control_->trampled_with.load()));
            failure_ = text;
        }
        if (failure_.empty()) look_for_hangs();
        return failure_.empty();
    }
    void fail_by(int status) {
        if (!failure_.empty()) return;
        tally_.crashes.fetch_add(1);
        const bool own = WIFEXITED(status) && WEXITSTATUS(status) == 99;
        const std::uint64_t until = now_ns() + kSecond;
        while (own && control_->crash.complete.load() == 0 && now_ns() < until) usleep(1000);
        failure_ = own ? "crash: signal " + std::to_string(control_->crash.signal) + " (" +
                             strsignal(control_->crash.signal) + ")"
                   : WIFSIGNALED(status) ? "crash: ended by signal " + std::to_string(WTERMSIG(status))
                                         : "ended with status " + std::to_string(WEXITSTATUS(status));
    }
    void look_for_hangs() {
        const std::uint64_t now = now_ns();
        for (std::uint32_t i = 0; i < kLanes; ++i) {
            const Lane& lane = control_->lane[i];
            Seen& seen = seen_[i];
            const std::uint64_t mark = lane.calls.load() * 31 + lane.pid.load() +
                                       reinterpret_cast<std::uint64_t>(lane.call.load());
            if (lane.pid.load() <= 1 || mark != seen.mark) {
                seen = {mark, now};
                continue;
            }
            const std::uint64_t stood = now - seen.since;
            if (stood > tally_.longest_call_ns.load()) tally_.longest_call_ns.store(stood);
            if (stood < limits_.hang_ns) continue;
            tally_.hangs.fetch_add(1);
            failure_ = std::string("hang in ") + lane.call.load();
            syscall(SYS_tgkill, lane.pid.load(), lane.tid.load(), SIGUSR2);
            for (int n = 0; n < 1000 && control_->hang.complete.load() == 0; ++n) usleep(1000);
            show_locks();
            for (const pid_t pid : pid_)
                if (pid > 0) show_threads(static_cast<std::uint32_t>(pid));
            return;
        }
    }

    // Who each slot says that its tenant is (tid, life lock, seal of sections), whether it is inside a lock, and which
    // lock it says that it waits for, and whom that lock names.
    void show_locks() const {
        const auto* threads = reinterpret_cast<const shm::Thread*>(base_ + shm::kThreadsAt);
        for (std::uint32_t i = 0; base_ != nullptr && i < 64; ++i) {
            const shm::Thread& t = threads[i];
            const std::uint64_t at = std::uint64_t{t.blocked_on.load()} * 8, sections = t.sections.load();
            const auto count = static_cast<std::uint32_t>(sections),
                       life = *reinterpret_cast<const std::uint32_t*>(&t.life);
            if (t.slot.load() == shm::Slot::free && t.tid.load() == 0 && sections == 0) continue;
            printf("  slot %u: state %u, thread %u, life 0x%x (%u), sections %u sealed by %u", i,
                   static_cast<unsigned>(t.slot.load()), t.tid.load(), life, life & 0x3FFFFFFF, count,
                   static_cast<std::uint32_t>(sections >> 32) ^ ~count);
            if (at != 0 && at + 4 <= shm::kSegmentBytes) {
                const auto word = *reinterpret_cast<const std::uint32_t*>(base_ + at);
                printf(", waits for the lock at 0x%llx: 0x%x (%u)", static_cast<unsigned long long>(at), word,
                       word & 0x3FFFFFFF);
            }
            printf("\n");
        }
    }

    // All stacks of the process, where a debugger is installed: who waits says little without who is waited for.
    static void show_threads(std::uint32_t pid) {
        const std::string command = "command -v gdb >/dev/null && timeout 60 gdb -p " + std::to_string(pid) +
                                    " -batch -ex 'thread apply all -q -s p winshim::self.held_count'"
                                    " -ex 'thread apply all bt 14' 2>/dev/null | grep '^[#T$]'";
        fflush(stdout);
        if (system(command.c_str()) != 0) printf("  (no debugger here to show all threads)\n");
    }

    // Tells all to stop; they must come to their end by themselves, on whatever is left of the segment.
    void finish() {
        control_->stop.store(1);
        while (failure_.empty() && watch() && (pid_[0] > 0 || pid_[1] > 0 || pid_[2] > 0)) usleep(300);
        for (std::uint32_t v = 0; v < kVictims; ++v) {
            if (pid_[v] > 0) kill(pid_[v], SIGKILL);
            if (pid_[v] > 0) waitpid(pid_[v], nullptr, 0);
        }
        tally_.unguarded.fetch_add(control_->unguarded.load());
        for (std::uint32_t i = kWorkers; i < kLanes; ++i)  // children of those that were killed
            if (const auto pid = static_cast<pid_t>(control_->lane[i].pid.load()); pid > 1) kill(pid, SIGKILL);
        while (waitpid(-1, nullptr, 0) > 0) {}
        tally_.rounds.fetch_add(1);
    }
    void discard() const {
        if (base_ != nullptr) munmap(base_, shm::kSegmentBytes);
        for (const std::string& name : torture::names_in_shm(space_)) shm_unlink(("/" + name).c_str());
    }

    std::uint64_t sum(std::atomic<std::uint64_t> Lane::* figure) const {
        std::uint64_t total = 0;
        for (const Lane& lane : control_->lane) total += (lane.*figure).load(std::memory_order_relaxed);
        return total;
    }
    void note_figures() {
        tally_.calls.fetch_add(sum(&Lane::calls));
        tally_.succeeded.fetch_add(sum(&Lane::succeeded));
    }

    bool report() {
        if (failure_.empty()) return true;
        printf("FAILED seed %llu: %s\n", static_cast<unsigned long long>(seed_), failure_.c_str());
        const std::size_t from = damages_.size() > 25 ? damages_.size() - 25 : 0;
        for (std::size_t i = from; i < damages_.size(); ++i) {
            const Damage& d = damages_[i];
            printf("  damage %zu: %s [%u] at 0x%llx, %u bytes: 0x%llx -> 0x%llx\n", i, d.what, d.index,
                   static_cast<unsigned long long>(d.offset), d.size, static_cast<unsigned long long>(d.before),
                   static_cast<unsigned long long>(d.after));
        }
        if (control_->crash.complete.load() != 0) print_stack(control_->crash);
        if (control_->hang.complete.load() != 0) print_stack(control_->hang);
        fflush(stdout);
        return false;
    }
    // The victims are forks of this very program: their addresses are ours.
    static void print_stack(const Stack& stack) {
        printf("  in %s, process %u thread %u, address 0x%llx\n", stack.call, stack.pid, stack.tid,
               static_cast<unsigned long long>(stack.address));
        char** lines = backtrace_symbols(stack.frame.data(), stack.count);
        for (int i = 0; i < stack.count && lines != nullptr; ++i) {
            const std::string line = lines[i];  // file(+0xoffset) [address]
            const std::size_t open = line.find("("), plus = line.find("+0x", open), end = line.find(")", plus);
            printf("    %s\n", line.c_str());
            fflush(stdout);
            if (end == std::string::npos || line[open + 1] != '+') continue;
            const std::string command = "addr2line -Cfpi -e '" + line.substr(0, open) + "' " +
                                        line.substr(plus + 1, end - plus - 1);
            if (system((command + " 2>/dev/null | sed 's/^/      /'").c_str()) != 0) continue;
        }
        free(lines);
    }

    struct Seen {
        std::uint64_t mark = 0, since = 0;
    };

    std::uint64_t seed_;
    Limits limits_;
    Tally& tally_;
    std::string space_, failure_;
    Random random_;
    Control* control_;
    std::array<pid_t, kVictims> pid_{};
    unsigned char* base_ = nullptr;
    std::vector<Damage> damages_;
    std::array<Seen, kLanes> seen_{};
};

}  // namespace corrupt
