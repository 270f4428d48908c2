// world.h - the survivors of one namespace, as the controller sees them.
//
// Purpose     Starts the referee and the waiters, has duties done with a time limit, and sweeps when the referee asks
//             for it. After a failure the whole world is thrown away: what is damaged there must not blame the next
//             kill.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <fstream>
#include <string>

#include "tests/torture/killstep/victim.h"
#include "tests/torture/killstep/waiters.h"

namespace killstep {

// What the referee does when asked; page.failure tells what did not hold.
inline void do_duty(Referee& referee, SegmentView& view, Page& page, const std::vector<Operation>& table,
                    const std::string& space) {
    const Operation& operation = table[page.operation];
    switch (page.duty) {
        case Duty::begin:
            attach_now();
            signal(SIGCHLD, SIG_IGN);  // victims may be children of ours
            referee.expect(view.open(space), "there is no segment");
            return;
        case Duty::arrange: return operation.arrange(referee);
        case Duty::queue: return operation.queue(referee);
        case Duty::help:
            if (!view.is_blocked(page.victim[kFirst].tid.load())) return;  // a slow step, not a wait: not yet
            page.fate.helped = true;
            return operation.help(referee);
        case Duty::judge:
            operation.judge(referee);
            return referee.end_trial();
        case Duty::corpse_blocked: {
            const VictimPost& corpse = page.victim[kCorpse];
            const std::uint64_t deadline = now_ns() + kPatience;
            while (corpse.stage.load() != Stage::finished && !view.is_blocked(corpse.tid.load())) {
                if (now_ns() > deadline) referee.fail("the third process does not get into its state");
                usleep(50);
            }
            return;
        }
        case Duty::meanwhile: return operation.meanwhile(referee);
        case Duty::fork_victim: {
            referee.expect(DuplicateHandle(GetCurrentProcess(), GetCurrentProcess(), GetCurrentProcess(),
                                           &page.process_handle, 0, FALSE, DUPLICATE_SAME_ACCESS), "no process handle");
            const pid_t pid = fork();
            if (pid == 0) victim_main(page, table[page.operation], kFirst);
            return referee.expect(pid > 0, "fork failed");
        }
    }
}

[[noreturn]] inline void referee_main(Page& page, const std::vector<Operation>& table, const std::string& space) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    SegmentView view;
    Referee referee(page, view);
    for (;;) {
        await_wish(page.referee);
        page.failure[0] = 0;
        try {
            do_duty(referee, view, page, table, space);
        } catch (const Failure& failure) {
            snprintf(page.failure, sizeof page.failure, "%s", failure.text.c_str());
        }
        answer(page.referee);
    }
}

inline void end_process(pid_t pid) {
    if (pid <= 0) return;
    kill(pid, SIGKILL);
    while (waitpid(pid, nullptr, __WALL) < 0 && errno == EINTR) {}
}

class World {
public:
    explicit World(const std::vector<Operation>& table) : table_(table) {}
    ~World() { stop(); }

    Page& page() { return *page_; }
    bool is_running() const { return page_ != nullptr; }

    // Returns what went wrong; empty = fine.
    std::string start() {
        page_ = make_page();
        space_ = "kill-" + std::to_string(getpid()) + "-" + std::to_string(++worlds_);
        setenv("WINSHIM_NAMESPACE", space_.c_str(), 1);
        if ((referee_ = fork()) == 0) referee_main(*page_, table_, space_);
        if (const std::string failure = duty(Duty::begin); !failure.empty()) return failure;
        if ((waiters_ = fork()) == 0) waiters_main(*page_);
        const std::uint64_t deadline = now_ns() + kPatience;
        for (const WaiterPost& waiter : page_->waiter)
            while (waiter.tid.load() == 0) {
                if (now_ns() > deadline) return "the waiters do not begin";
                usleep(100);
            }
        return view_.open(space_) ? "" : "there is no segment";
    }

    void stop() {
        if (page_ == nullptr) return;
        view_.close();
        end_strangers();
        end_process(newcomer_);
        end_process(waiters_);
        end_process(referee_);
        newcomer_ = 0;
        munmap(page_, sizeof(Page));
        page_ = nullptr;
        for (const std::string& name : torture::names_in_shm("")) {
            const bool segment = name.find(space_) != std::string::npos;
            if (segment || torture_shm_is_private) unlink(("/dev/shm/" + name).c_str());
        }
    }

    // Has the referee do something. Returns what did not hold; a hang is a failure, too.
    std::string duty(Duty what) {
        page_->duty = what;
        page_->doing.store("nothing yet");
        ask(page_->referee);
        const std::uint64_t deadline = now_ns() + 4 * kPatience;  // the referee's own limits come first
        while (!await_answer(page_->referee, now_ns() + 5 * kMs)) {
            if (page_->sweep_wanted.exchange(0) != 0) {
                ++sweeps_wanted;
                if (const std::string failure = sweep(); !failure.empty()) return failure;
            }
            if (now_ns() > deadline) return std::string("the referee hangs in ") + page_->doing.load();
            if (waitpid(referee_, nullptr, WNOHANG) == referee_) return referee_ = 0, "the referee has died";
        }
        return page_->failure;
    }

    // A newcomer attaches and leaves in an orderly way: it runs down the dead.
    std::string sweep() {
        if (newcomer_ > 0) return "";  // there is one already
        begin_newcomer();
        return end_newcomer();
    }

    // It stays in the thread slot that it got.
    void begin_newcomer() {
        page_->newcomer.store(Newcomer::none);
        if ((newcomer_ = fork()) != 0) return;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        attach_now();
        Newcomer none = Newcomer::none;
        page_->newcomer.compare_exchange_strong(none, Newcomer::attached);
        while (page_->newcomer.load() != Newcomer::leave) usleep(200);
        exit(0);
    }

    std::string end_newcomer() {
        if (newcomer_ <= 0) return "";
        page_->newcomer.store(Newcomer::leave);
        const pid_t pid = newcomer_;
        newcomer_ = 0;
        const std::uint64_t deadline = now_ns() + kPatience;
        int status = 0;
        pid_t got;
        while ((got = waitpid(pid, &status, WNOHANG)) != pid) {
            if (now_ns() > deadline) {
                end_process(pid);
                return "a newcomer hangs in its first call or its exit";
            }
            usleep(50);
        }
        return status == 0 ? "" : "a newcomer ends with status " + std::to_string(status);
    }

    // What the shared state says at this moment, the victim (thread `tid`) being stopped.
    void note_fate(std::uint32_t tid) {
        Fate& fate = page_->fate;
        for (unsigned i = 0; i < 26; ++i) {
            const std::uint64_t state = view_.state_of(static_cast<std::uint32_t>(referee_), page_->handle[i]);
            const bool mutex = i == 'm' - 'a' || i == 'n' - 'a';
            fate.owned[i] = mutex && view_.owns(tid, state);
            const auto referee = static_cast<std::uint32_t>(referee_);
            fate.due[i] = i == 't' - 'a' ? view_.due_word_of(referee, page_->handle[i]) : 0;
            fate.signaled[i] = !mutex && view_.signaled(referee, page_->handle[i]);
        }
        for (unsigned i = 0; i < kWaiters; ++i) fate.undecided[i] = view_.is_blocked(page_->waiter[i].tid.load());
    }

    // Call when the survivors are at rest, and nobody else lives but `victim`.
    std::string census(pid_t victim) {
        const std::string left = view_.leftovers(static_cast<std::uint32_t>(referee_),
                                                 static_cast<std::uint32_t>(waiters_),
                                                 static_cast<std::uint32_t>(victim), page_->embryos);
        return left.empty() ? view_.hidden_slots() : "left behind: " + left;
    }

    // Ends every child that is not a survivor: what victims have forked comes to us, the subreaper.
    void end_strangers() {
        DIR* processes = opendir("/proc");
        for (const dirent* entry; processes != nullptr && (entry = readdir(processes)) != nullptr;) {
            const pid_t pid = atoi(entry->d_name);
            if (pid <= 0 || pid == referee_ || pid == waiters_ || pid == newcomer_) continue;
            std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
            std::string text;
            std::getline(stat, text);  // "pid (name) state parent ..."
            const std::size_t at = text.rfind(')');
            int parent = 0;
            if (at != std::string::npos && sscanf(text.c_str() + at, ") %*c %d", &parent) == 1 && parent == getpid())
                end_process(pid);
        }
        if (processes != nullptr) closedir(processes);
    }

    const SegmentView& view() const { return view_; }
    static inline bool torture_shm_is_private = false;
    unsigned sweeps_wanted = 0;

private:
    const std::vector<Operation>& table_;
    Page* page_ = nullptr;
    SegmentView view_;
    std::string space_;
    pid_t referee_ = 0, waiters_ = 0, newcomer_ = 0;
    unsigned worlds_ = 0;
};

}  // namespace killstep
