// campaign.h - all kills of one operation, and the account of them.
//
// Purpose     First the whole call is stepped once, to know its length. Then the victim is killed after every
//             `stride`-th instruction, once more where it blocks, a few times without any help to the survivors; and
//             for a sample of the places where it died with a lock, a repairer is killed in the middle of its repair.
//             Where there is a rival, it stands at three places at which it holds a lock, and the victim is killed all
//             along its call.
#pragma once

#include "tests/torture/killstep/trial.h"

namespace killstep {

struct Options {
    std::string operation;       // empty: all
    std::uint64_t stride = 0;    // 0: chosen, so that an operation takes about kKills kills
    std::uint64_t from = 1, to = kToTheEnd;
    std::uint64_t then = 0;      // with from = to: the repairer's instruction
    std::uint64_t failures = 20;  // of an operation: then the rest of it is left
    bool is_short = false;
    bool patient = false;        // every kill so: nobody sweeps, nobody is asked for help
};

struct Account {
    std::uint64_t length = 0, stride = 0, kills = 0, repair_kills = 0, failures = 0;
    Sections sections, repair_sections;
};

constexpr std::uint64_t kKills = 400;      // by stride, of an operation, unless --stride says otherwise
constexpr std::uint64_t kShortKills = 5;
constexpr std::uint64_t kShown = 6;        // failures of an operation that are printed

class Campaign {
public:
    Campaign(const std::vector<Operation>& table, const LibraryMap& library, const Options& options)
        : world_(table), table_(table), library_(library), options_(options) {}

    Account run(std::uint32_t index) {
        operation_ = &table_[index];
        index_ = index;
        account_ = {};
        holding_.clear();
        paths_.first.clear();
        paths_.repairer.clear();
        const bool one = options_.from == options_.to;
        if (one && !operation_->rival) {
            look(one_kill(options_.from, options_.then));
        } else if (operation_->rival) {
            rival_kills();
        } else {
            single_kills();
            if (!options_.is_short && !options_.patient) patient_kills();
            if (!options_.patient) repair_kills();
        }
        finish();
        return account_;
    }

    // Addresses in the library: where calls came by, and where somebody was killed.
    const std::unordered_set<std::uintptr_t>& passed() const { return passed_; }
    const std::unordered_set<std::uintptr_t>& killed_at() const { return killed_at_; }
    unsigned sweeps_wanted() const { return world_.sweeps_wanted; }

private:
    Kill one_kill(std::uint64_t after, std::uint64_t then = 0) const {
        Kill kill{after};
        kill.then = then;
        kill.patient = options_.patient;
        return kill;
    }

    // One trial with its account. False: it failed.
    Outcome look(Kill kill) {
        kill.unmeasured = kill.unmeasured || (options_.is_short && kill.rival_at != kToTheEnd);
        if (!world_.is_running())
            if (const std::string failure = world_.start(); !failure.empty()) {
                printf("  FAILED to begin: %s\n", failure.c_str());
                exit(2);
            }
        Trial trial(world_, *operation_, index_, library_, paths_);
        const Outcome outcome = trial.run(kill, ++trials_);
        ++account_.kills;
        if (kill.then != 0 || kill.rival_at != 0) ++account_.kills;
        if (kill.then != 0) ++account_.repair_kills;
        if (library_.has(outcome.address)) killed_at_.insert(outcome.address);
        account_.sections.add(outcome.sections);
        account_.repair_sections.add(outcome.then_sections);
        if (!outcome.failure.empty()) {
            report(kill, outcome);
            world_.stop();
        }
        return outcome;
    }

    void report(const Kill& kill, const Outcome& outcome) {
        if (++account_.failures > kShown) return;
        printf("  FAILED %s: %s\n", operation_->name, outcome.failure.c_str());
        printf("         killed after instruction %llu%s at %s; %s the dead, %s\n",
               static_cast<unsigned long long>(outcome.steps),
               outcome.finished ? " (the whole call)" : outcome.blocked ? " (blocked)" : "", outcome.place.c_str(),
               trials_ % 2 == 0 && !kill.patient ? "a newcomer ran down" : "nobody ran down",
               outcome.dead_lock ? "who held a lock" : "who held no lock");
        if (kill.then != 0)
            printf("         then a repairer after instruction %llu at %s\n",
                   static_cast<unsigned long long>(outcome.then_steps), outcome.then_place.c_str());
        if (kill.rival_at != 0)
            printf("         while its rival stood after instruction %llu at %s\n",
                   static_cast<unsigned long long>(kill.rival_at), outcome.then_place.c_str());
        printf("         again: --operation %s --from %llu --to %llu%s\n", operation_->name,
               static_cast<unsigned long long>(outcome.steps), static_cast<unsigned long long>(outcome.steps),
               (std::string(kill.patient ? " --patient" : "") +
                (kill.then != 0 ? " --then " + std::to_string(kill.then) : "")).c_str());
        fflush(stdout);
    }

    void single_kills() {
        const Outcome whole = look(one_kill(kToTheEnd));
        account_.length = whole.steps;
        note_passed();
        for (const std::uint64_t n : points(whole.steps)) {
            if (account_.failures >= options_.failures) break;
            const Outcome outcome = look(one_kill(n));
            if (outcome.dead_lock) holding_.push_back(n);
        }
        if (operation_->help) {
            Kill kill{kToTheEnd};
            kill.when_blocked = true;
            look(kill);
        }
    }

    std::uint64_t stride(std::uint64_t length) const {
        if (options_.stride != 0) return options_.stride;
        std::uint64_t kills = options_.is_short ? kShortKills : kKills;
        if (operation_->most_kills != 0 && operation_->most_kills < kills) kills = operation_->most_kills;
        return length / kills + 1;
    }

    // Where to kill: after each `stride`-th instruction, and the first time that the call comes to an instruction of
    // the library at which nobody was killed yet, in no operation of this run. (What the C library does between two
    // system calls changes nothing that is shared.)
    std::vector<std::uint64_t> points(std::uint64_t length) {
        account_.stride = stride(length);
        std::vector<std::uint64_t> all;
        for (std::uint64_t n = options_.from; n <= length && n <= options_.to; n += account_.stride) all.push_back(n);
        const bool every = !options_.is_short && options_.stride == 0 && operation_->most_kills == 0;
        for (const Path::First& first : paths_.first.firsts())
            if (every && library_.has(first.address) && !killed_at_.contains(first.address) &&
                first.steps >= options_.from && first.steps <= options_.to)
                all.push_back(first.steps);
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
        return all;
    }

    void note_passed() {
        for (const std::uintptr_t address : paths_.first.seen())
            if (library_.has(address)) passed_.insert(address);
    }

    // The rival stands with a lock while the victim goes on until it is blocked behind it, is killed there or before;
    // or the rival then goes on, and the victim is killed afterwards.
    void rival_kills() {
        Kill kill{kToTheEnd};
        kill.rival_at = kToTheEnd;
        const Outcome alone = look(kill);
        if (alone.then_holds.empty()) {
            ++account_.failures;
            printf("  FAILED %s: the rival holds no lock at any instruction\n", operation_->name);
            return;
        }
        const std::size_t places = options_.is_short ? 1 : 3, count = alone.then_holds.size();
        for (std::size_t i = 0; i < places && account_.failures < options_.failures; ++i) {
            kill = Kill{kToTheEnd};
            kill.rival_at = alone.then_holds[places == 1 ? count / 2 : (count - 1) * i / (places - 1)];
            paths_.first.clear();
            const Outcome whole = look(kill);
            note_passed();
            account_.length = whole.steps;
            account_.stride = stride(whole.steps * places);
            for (kill.after = options_.from; kill.after <= whole.steps && account_.failures < options_.failures;
                 kill.after += account_.stride)
                look(kill);
            kill.after = kToTheEnd;
            kill.when_blocked = true;
            look(kill);
        }
    }

    // Nobody sweeps, nobody is asked for help: the survivors' own looks must do.
    void patient_kills() {
        constexpr std::uint64_t kPatientKills = 10;
        const std::uint64_t most = std::min(kShown, options_.failures);  // each may take kPatience
        for (std::uint64_t i = 1; i <= kPatientKills && account_.failures < most; ++i) {
            Kill kill{account_.length * i / (kPatientKills + 1) + 1};
            kill.patient = true;
            look(kill);
        }
    }

    void repair_kills() {
        const std::size_t places = options_.is_short ? 1 : 6, kills = options_.is_short ? 2 : 24;
        if (options_.is_short && index_ % 6 != 0) return;
        if (operation_->thread || operation_->most_kills != 0)
            return;  // the marks of a repairer are those of a call that returns
        for (std::size_t i = 0; i < places && i < holding_.size() && account_.failures < options_.failures; ++i) {
            const std::uint64_t first = holding_[holding_.size() * (2 * i + 1) / (2 * places)];
            paths_.repairer.clear();
            Kill repaired = one_kill(first, kToTheEnd);
            repaired.unmeasured = i != 0;
            const Outcome whole = look(repaired);
            // Where the repair comes to an instruction of the library for the first time (it is full of loops): to
            // every one, or to a sample, shifted from place to place, so that together they cover more of it.
            std::vector<std::uint64_t> ways;
            for (const Path::First& way : paths_.repairer.firsts())
                if (library_.has(way.address)) ways.push_back(way.steps);
            const bool every = operation_->every_repair && !options_.is_short && i == places / 2;
            const std::size_t count = every ? ways.size() : ways.empty() || !whole.failure.empty() ? 0 : kills;
            for (std::size_t k = 0; k < count && account_.failures < options_.failures; ++k)
                look(one_kill(first, ways[every ? k : ways.size() * (k * places + i) / (kills * places)]));
        }
    }

    // What the last kill left, and what the handles of children that never began keep: gone after their minute.
    void finish() {
        if (!world_.is_running()) return;
        std::string failure;
        if (operation_->forks && !options_.is_short && options_.from != options_.to) {
            printf("  %s: waiting a minute for the children that never began\n", operation_->name);
            fflush(stdout);
            for (const std::uint64_t until = now_ns() + 61'000 * kMs; now_ns() < until;) usleep(100'000);
            world_.page().embryos = false;
        }
        failure = world_.sweep();
        if (failure.empty()) failure = world_.census(0);
        if (!failure.empty()) {
            ++account_.failures;
            printf("  FAILED %s: after the last kill: %s\n", operation_->name, failure.c_str());
        }
        if (!failure.empty() || operation_->forks || operation_->of_referee) world_.stop();
    }

    World world_;
    const std::vector<Operation>& table_;
    const LibraryMap& library_;
    const Options& options_;
    const Operation* operation_ = nullptr;
    std::uint32_t index_ = 0, trials_ = 0;
    Account account_;
    Paths paths_;                          // of this operation; of the repair after the present place of death
    std::unordered_set<std::uintptr_t> passed_, killed_at_;
    std::vector<std::uint64_t> holding_;  // instructions after which the victim died with a lock
};

}  // namespace killstep
