// trial.h - one kill: the victim is stepped to an instruction of its call and killed there; then the survivors judge.
#pragma once

#include "tests/torture/killstep/lock_watch.h"
#include "tests/torture/killstep/stepper.h"
#include "tests/torture/killstep/world.h"

namespace killstep {

constexpr std::uint64_t kToTheEnd = ~0ull;

struct Kill {
    std::uint64_t after;        // instructions of the call that the victim still makes
    std::uint64_t then = 0;     // not 0: a repairer is killed after so many instructions of its repair
    std::uint64_t rival_at = 0; // not 0: the rival stands there until the victim is blocked or dead
    bool when_blocked = false;  // it is killed at the first system call that does not come back by itself
    bool patient = false;       // the survivors get no help from a sweep
    bool unmeasured = false;    // the locks of whole calls are not looked at (it takes as long as the stepping)
};

struct Outcome {
    std::string failure;        // empty: everything held
    std::string place, then_place;
    std::uint64_t steps = 0;    // instructions that the first victim made
    std::uint64_t then_steps = 0;
    bool finished = false;      // it had made the whole call
    bool then_finished = false;
    bool blocked = false;
    bool dead_lock = false;     // it died with a lock of the shared state
    std::uintptr_t address = 0;  // where
    Sections sections, then_sections;       // of whole calls
    std::vector<std::uint64_t> then_holds;  // after which instructions the repairer, or rival, held a lock
};

struct Paths {
    Path first, repairer;
};

class Trial {
public:
    Trial(World& world, const Operation& operation, std::uint32_t index, const LibraryMap& library, Paths& paths)
        : world_(world), operation_(operation), index_(index), library_(library), paths_(paths) {}

    Outcome run(const Kill& how, std::uint32_t number) {
        Outcome outcome;
        outcome.failure = attempt(how, number, outcome);
        for (pid_t& pid : pid_) {
            end_process(pid);
            pid = 0;
        }
        rival_stands_ = false;
        if (outcome.failure.empty()) outcome.failure = world_.end_newcomer();
        if (operation_.forks || operation_.starts || operation_.of_referee) world_.end_strangers();
        return outcome;
    }

private:
    std::string attempt(const Kill& how, std::uint32_t number, Outcome& outcome) {
        Page& page = world_.page();
        for (VictimPost& post : page.victim) new (&post) VictimPost{};
        page.operation = index_;
        page.trial = number;
        page.fate = {};
        page.patient = how.patient;
        page.embryos = operation_.forks;
        page.told.store(kNothingTold);
        page.sweep_wanted.store(0);
        if (std::string failure = prepare(how); !failure.empty()) return failure;
        if (how.rival_at != 0)
            if (std::string failure = step_second(how.rival_at, how, outcome); !failure.empty()) return failure;
        if (std::string failure = step_first(how, outcome); !failure.empty()) return failure;
        world_.note_fate(page.victim[kFirst].tid.load());
        outcome.dead_lock = world_.view().holds_lock(page.victim[kFirst].tid.load());
        if (operation_.meanwhile)
            if (std::string failure = world_.duty(Duty::meanwhile); !failure.empty()) return "meanwhile: " + failure;
        if (operation_.late_corpse) end_late_corpse();
        if (operation_.goes_on && number % 2 == 0 && !outcome.finished)
            if (std::string failure = end_call(outcome); !failure.empty()) return failure;
        if (operation_.execs && outcome.finished)
            if (std::string failure = world_.duty(Duty::judge); !failure.empty()) return "exec'd: " + failure;
        if (std::string failure = die(kFirst); !failure.empty()) return failure;
        if (operation_.execs && outcome.finished) return "";
        if (how.rival_at != 0)
            if (std::string failure = end_rival(); !failure.empty()) return failure;
        if (how.then != 0) {
            if (std::string failure = step_second(how.then, how, outcome); !failure.empty()) return failure;
            if (std::string failure = die(kRepairer); !failure.empty()) return failure;
        }
        // Every other time a newcomer has run down the dead before the survivors look.
        if (number % 2 == 0 && !how.patient)
            if (std::string failure = world_.sweep(); !failure.empty()) return failure;
        return world_.duty(Duty::judge);
    }

    // Everybody in place, up to the victim's call.
    std::string prepare(const Kill& how) {
        if (operation_.cold || operation_.of_referee)
            if (std::string failure = world_.sweep(); !failure.empty()) return failure;
        if (!operation_.of_referee)
            if (std::string failure = spawn(kFirst); !failure.empty()) return failure;
        if (const std::string left = world_.census(pid_[kFirst]); !left.empty()) return "from the kill before: " + left;
        if (operation_.of_referee)
            if (std::string failure = spawn(kFirst); !failure.empty()) return failure;
        if (std::string failure = world_.duty(Duty::arrange); !failure.empty()) return "arranging: " + failure;
        const bool last = operation_.late_corpse || operation_.corpse_last;
        if (operation_.corpse && !last)
            if (std::string failure = make_corpse(); !failure.empty()) return failure;
        if (std::string failure = make_ready(kFirst); !failure.empty()) return failure;
        if (last)
            if (std::string failure = make_corpse(); !failure.empty()) return failure;
        if (how.then != 0 || how.rival_at != 0) {
            if (std::string failure = spawn(kRepairer); !failure.empty()) return failure;
            if (std::string failure = make_ready(kRepairer); !failure.empty()) return failure;
        }
        const std::string failure = world_.duty(Duty::queue);
        return failure.empty() ? "" : "queueing: " + failure;
    }

    std::string make_corpse() {
        if (std::string failure = spawn(kCorpse); !failure.empty()) return failure;
        if (std::string failure = make_ready(kCorpse); !failure.empty()) return failure;
        world_.page().victim[kCorpse].go.store(1);
        wake(world_.page().victim[kCorpse].go);
        const std::string failure = world_.duty(Duty::corpse_blocked);
        if (operation_.late_corpse) return failure;
        end_process(pid_[kCorpse]);
        pid_[kCorpse] = 0;
        return failure;
    }

    // The victim stands at its instruction. The waiter before all others dies, a newcomer runs it down (as far as it
    // gets: perhaps the victim holds what it needs) and takes its slot.
    void end_late_corpse() {
        end_process(pid_[kCorpse]);
        pid_[kCorpse] = 0;
        world_.begin_newcomer();
        for (const std::uint64_t until = now_ns() + 2 * kMs; now_ns() < until;)
            if (world_.page().newcomer.load() == Newcomer::attached) break;
    }

    std::string end_call(Outcome& outcome) {
        first_.let_go();
        const std::atomic<Stage>& stage = world_.page().victim[kFirst].stage;
        for (const std::uint64_t until = now_ns() + kPatience; stage.load() != Stage::finished; usleep(50))
            if (now_ns() > until) return "the victim hangs";
        world_.page().fate.finished = outcome.finished = true;
        return "";
    }

    void let_rival_go() {
        if (rival_stands_) second_.let_go();
        rival_stands_ = false;
    }

    std::string end_rival() {
        let_rival_go();
        const std::atomic<Stage>& stage = world_.page().victim[kRepairer].stage;
        for (const std::uint64_t until = now_ns() + kPatience; stage.load() != Stage::finished; usleep(50))
            if (now_ns() > until) return "the rival hangs";
        return die(kRepairer);
    }

    std::string spawn(Role role) {
        if (role == kFirst && operation_.of_referee) {
            if (std::string failure = world_.duty(Duty::fork_victim); !failure.empty()) return failure;
        } else if ((pid_[role] = fork()) == 0) {
            victim_main(world_.page(), operation_, role);
        }
        std::string failure = await(role, "attach");
        pid_[role] = static_cast<pid_t>(world_.page().victim[role].pid.load());
        return failure;
    }
    std::string make_ready(Role role) { return await(role, "get ready"); }

    std::string await(Role role, const char* what) {
        VictimPost& post = world_.page().victim[role];
        ask(post.post);
        if (await_answer(post.post, now_ns() + kPatience)) return "";
        return std::string("victim ") + std::to_string(role) + " does not " + what;
    }

    enum class End { there, whole_call, blocked, failed };

    struct Walk {
        std::uint64_t count;   // instructions to make, from the mark on
        const Kill& how;
        Path* path;            // known: run along it. empty and to the end: note it
        bool first;            // the first victim: the referee may help it
        std::uint64_t& steps;
        std::string& place;
        std::string& failure;
        std::uintptr_t* address;
        Sections& sections;
        std::vector<std::uint64_t>* holds;
    };

    // Makes `count` instructions of the call. A thread or process that ends has made the whole call.
    End walk(Stepper& stepper, const Walk& w) {
        const auto begin = reinterpret_cast<std::uintptr_t>(&killstep_begin_mark);
        const auto end = reinterpret_cast<std::uintptr_t>(&killstep_end_mark);
        const bool returns = !(w.first && operation_.thread);
        if (settle(stepper, w, stepper.run_to(begin, begin)) != Step::done || stepper.address() != begin) {
            w.failure = "the victim does not come to its call";
            return End::failed;
        }
        w.steps = 0;
        std::uintptr_t last_inside = 0, at = begin;
        Step step = Step::done;
        LockWatch watch(stepper.tid());
        const Path::First far = w.how.when_blocked ? Path::First{1, end}
                                                   : w.path->before(w.count == kToTheEnd ? 0 : w.count);
        if (far.steps != 0) {
            step = settle(stepper, w, stepper.run_to(far.address, returns ? end : far.address));
            w.steps = far.steps;
            if (step == Step::done) last_inside = at = stepper.address();
        }
        while (step == Step::done && w.steps < w.count && !(at == end && returns)) {
            step = settle(stepper, w, stepper.step());
            if (step != Step::done) break;
            at = stepper.address();
            ++w.steps;
            if (library_.has(at)) last_inside = at;
            if (w.count != kToTheEnd || w.how.when_blocked) continue;
            w.path->add(w.steps, at);
            if (w.how.unmeasured) continue;
            watch.look(stepper.at_call());
            if (w.holds != nullptr && watch.holds()) w.holds->push_back(w.steps);
        }
        w.sections = watch.sections();
        if (w.address != nullptr) *w.address = at;
        w.place = library_.place(last_inside);
        if (at != last_inside) w.place += ", in a call from there";
        if (step == Step::gone || (at == end && returns)) return End::whole_call;
        return step == Step::done ? End::there : w.failure.empty() ? End::blocked : End::failed;
    }

    Step settle(Stepper& stepper, const Walk& w, Step step) {
        return step == Step::blocked ? wait_for_blocked(stepper, w.how, w.first, w.failure) : step;
    }

    // A system call that does not come back. done: it did after all; blocked: kill it here, or give up (`failure`).
    Step wait_for_blocked(Stepper& stepper, const Kill& how, bool may_help, std::string& failure) {
        const std::uint64_t deadline = now_ns() + kPatience;
        Fate& fate = world_.page().fate;
        while (now_ns() < deadline) {
            const bool parked = may_help && operation_.help && world_.view().is_blocked(
                                    static_cast<std::uint32_t>(stepper.tid()));
            if (how.when_blocked && (parked ? !fate.helped : rival_stands_)) return Step::blocked;
            let_rival_go();
            if (parked && !fate.helped)
                if (failure = world_.duty(Duty::help); !failure.empty()) {
                    failure = "while it was blocked: " + failure;
                    return Step::blocked;
                }
            if (const Step step = stepper.resume(20 * kMs); step != Step::blocked) return step;
        }
        failure = "the victim itself hangs";
        return Step::blocked;
    }

    std::string step_first(const Kill& how, Outcome& outcome) {
        first_ = Stepper();
        VictimPost& post = world_.page().victim[kFirst];
        if (!first_.seize(static_cast<pid_t>(post.tid.load()))) return "the victim cannot be traced";
        post.go.store(1);
        std::string failure;
        const End end = walk(first_, {how.after, how, &paths_.first, true, outcome.steps, outcome.place, failure,
                                      &outcome.address, outcome.sections, nullptr});
        outcome.finished = end == End::whole_call;
        outcome.blocked = end == End::blocked;
        world_.page().fate.finished = outcome.finished;
        world_.page().fate.blocked = outcome.blocked;
        return failure;
    }

    // The repairer, which is killed where it stops; or the rival, which stays there.
    std::string step_second(std::uint64_t count, const Kill& how, Outcome& outcome) {
        second_ = Stepper();
        VictimPost& post = world_.page().victim[kRepairer];
        if (!second_.seize(static_cast<pid_t>(post.tid.load()))) return "the repairer cannot be traced";
        post.go.store(1);
        std::string failure;
        Kill plain = how;
        plain.when_blocked = false;
        const End end = walk(second_, {count, plain, &paths_.repairer, false, outcome.then_steps, outcome.then_place,
                                       failure, nullptr, outcome.then_sections, &outcome.then_holds});
        outcome.then_finished = end == End::whole_call;
        rival_stands_ = how.rival_at != 0 && failure.empty();
        return failure.empty() ? "" : "repairer: " + failure;
    }

    // SIGKILL, and until the kernel is done with it. The traced thread is ours to reap, too.
    std::string die(Role role) {
        const auto tid = static_cast<pid_t>(world_.page().victim[role].tid.load());
        kill(pid_[role], SIGKILL);
        if (tid != pid_[role])
            while (waitpid(tid, nullptr, __WALL) >= 0 || errno == EINTR) {}
        int status = 0;
        pid_t got;
        while ((got = waitpid(pid_[role], &status, __WALL)) >= 0 || errno == EINTR)
            if (got >= 0 && !WIFSTOPPED(status)) break;
        if (got < 0) wait_for_end_of_stranger(pid_[role]);
        pid_[role] = 0;
        const bool prepared = !WIFEXITED(status) || WEXITSTATUS(status) < 90;
        return prepared ? "" : "the victim's preparation failed, status " + std::to_string(WEXITSTATUS(status));
    }

    // A child of the referee's of which only a second thread was traced: it is over when its threads are gone, and it
    // is gone itself or a zombie. A sweep before that would find it alive.
    static void wait_for_end_of_stranger(pid_t pid) {
        const std::string folder = "/proc/" + std::to_string(pid) + "/task";
        const std::uint64_t deadline = now_ns() + kPatience;
        for (; now_ns() < deadline; usleep(50)) {
            unsigned threads = 0;
            DIR* const tasks = opendir(folder.c_str());
            while (const dirent* const task = tasks != nullptr ? readdir(tasks) : nullptr)
                threads += task->d_name[0] != '.';
            if (tasks != nullptr) closedir(tasks);
            if (threads == 0 || (threads == 1 && state_letter(pid) == 'Z')) return;
        }
    }
    static char state_letter(pid_t pid) {
        char text[300] = "";
        FILE* const file = fopen(("/proc/" + std::to_string(pid) + "/stat").c_str(), "re");
        if (file == nullptr) return 'Z';
        const bool got = fgets(text, sizeof text, file) != nullptr;
        fclose(file);
        const char* const end = got ? strrchr(text, ')') : nullptr;
        return end != nullptr && end[1] != 0 ? end[2] : '?';
    }

    World& world_;
    const Operation& operation_;
    std::uint32_t index_;
    const LibraryMap& library_;
    Paths& paths_;
    pid_t pid_[kVictims] = {};
    Stepper first_, second_;
    bool rival_stands_ = false;
};

}  // namespace killstep
