// scene_stage.h - the play itself: the one part of the scene that uses the library.
//
// Purpose     Makes the events, starts the workers, kills the victim in the middle of its update, waits for the others,
//             prints the table and has everything checked. Runs in a process of its own (scene.cpp).
// Units       ms for the library, Clock for everything else.
#pragma once
#include <sys/stat.h>
#include <unistd.h>
#include <windows.h>
#include <winshim.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "scene_ledger.h"
#include "scene_workers.h"

namespace scene {

using Clock = std::chrono::steady_clock;

inline constexpr std::chrono::seconds kPlayLimit{60};
inline constexpr DWORD kSlice = 50;   // ms between two looks at the workers
inline constexpr DWORD kPause = 300;  // ms in which the others queue up behind the victim

struct Settings {
    Plan plan;
    std::string sabotage, folder, ledger, shared_list;
    bool keep = false;
};

inline double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// Shows how far the ledger has grown: one line that is rewritten on a terminal, elsewhere a line for each quarter.
class Progress {
public:
    Progress(std::string ledger, long lines) : ledger_(std::move(ledger)), lines_(lines) {}

    void show() {
        struct stat file {};
        if (stat(ledger_.c_str(), &file) != 0) return;
        const long done = std::max(0L, long(file.st_size / kLine) - 1 - kAccounts);
        const int quarter = int(4 * done / lines_);
        if (terminal_) {
            const int bar = std::min(30, int(30 * done / lines_));
            std::printf("\r  [%-30.*s] %ld of %ld journal lines, %.1f s ", bar, "##############################", done,
                        lines_, seconds_since(start_));
            open_ = true;
        } else if (quarter > quarter_) {
            std::printf("  %3d %%  %ld of %ld journal lines, %.1f s\n", 25 * quarter, done, lines_,
                        seconds_since(start_));
        }
        quarter_ = std::max(quarter, quarter_);
        std::fflush(stdout);
    }

    void end_line() {
        if (open_) std::printf("\n");
        open_ = false;
    }

private:
    const std::string ledger_;
    const long lines_;
    const bool terminal_ = isatty(STDOUT_FILENO);
    const Clock::time_point start_ = Clock::now();
    int quarter_ = 0;
    bool open_ = false;
};

// The library's files in /dev/shm that a process has mapped: the segment, and semaphores of those that it has woken.
// All semaphores of one segment differ in the number after the last dot only, so the names end there: "sem.winshim-ID."
inline std::set<std::string> mapped_shared_files(pid_t pid) {
    std::set<std::string> names;
    std::ifstream maps("/proc/" + std::to_string(pid) + "/maps");
    for (std::string line; std::getline(maps, line);) {
        const std::size_t at = line.find("/dev/shm/");
        if (at == std::string::npos || line.find("winshim", at) == std::string::npos) continue;
        std::string name = line.substr(at + 9);
        name.resize(std::min(name.size(), name.find(' ')));
        if (name.starts_with("sem.")) name.resize(name.rfind('.') + 1);
        names.insert(name);
    }
    return names;
}

class Stage {
public:
    explicit Stage(const Settings& settings)
        : settings_(settings), plan_(settings.plan), workers_(plan_.workers),
          progress_(settings.ledger, plan_.journal_lines()) {}

    // Returns the exit status.
    int play() {
        if (make_objects() && raise_curtain() && kill_the_victim()) watch_to_the_end();
        progress_.end_line();
        for (Worker& worker : workers_) kill_hard(worker);
        if (!troubles_.empty()) {
            for (const std::string& trouble : troubles_) std::printf("TROUBLE: %s\n", trouble.c_str());
            return 2;
        }
        const Verdict verdict = check_ledger(settings_.ledger, plan_);
        print_table(verdict);
        std::vector<std::string> problems = verdict.problems;
        check_workers(problems);
        check_mutex(problems);
        for (HANDLE object : objects_) CloseHandle(object);
        return report(problems, verdict);
    }

private:
    Worker& victim() { return workers_[plan_.victim - 1]; }
    bool trouble(std::string what) {
        troubles_.push_back(std::move(what));
        return false;
    }

    // Create means open where a worker was faster. The workers use the char forms of the names, this the wide ones.
    HANDLE event(const std::wstring& name, BOOL manual_reset) {
        HANDLE made = CreateEventW(nullptr, manual_reset, FALSE, name.c_str());
        if (made) objects_.push_back(made);
        else trouble(text("cannot create an event (last error %u)", unsigned(GetLastError())));
        return made;
    }

    bool make_objects() {
        if (WinshimGetProfile() == std::string("ce5")) {
            return trouble("profile ce5 has no wait-all, and the workers take their turns by it: use ce or nt");
        }
        mutex_ = CreateMutexW(nullptr, FALSE, L"MutexToProtectDatabase");
        if (!mutex_) return trouble(text("cannot create the mutex (last error %u)", unsigned(GetLastError())));
        if (GetLastError() == ERROR_ALREADY_EXISTS) {
            return trouble("the mutex exists already: is another scene in this namespace?");
        }
        objects_.push_back(mutex_);
        gate_ = event(L"LedgerGate", TRUE);
        owner_died_ = event(L"LedgerOwnerDied", FALSE);
        half_done_ = event(L"LedgerHalfDone", FALSE);
        first_turn_ = event(L"LedgerTurn-1", FALSE);
        for (int number = 1; number <= plan_.workers; ++number) {
            ready_.push_back(event(L"LedgerReady-" + std::to_wstring(number), FALSE));
        }
        std::printf("winshim %s, profile %s, namespace %s\n", WinshimVersion(), WinshimGetProfile(),
                    getenv("WINSHIM_NAMESPACE"));
        std::printf("%d processes, %ld transfers each, one ledger: %s%s\n", plan_.workers, plan_.transfers,
                    settings_.ledger.c_str(), settings_.sabotage.empty() ? "" : " (sabotaged)");
        std::fflush(stdout);
        return troubles_.empty();
    }

    bool raise_curtain() {
        for (int number = 1; number <= plan_.workers; ++number) {
            std::vector<std::string> arguments{beside_myself("ledger"), settings_.ledger, std::to_string(number),
                                               std::to_string(plan_.workers), std::to_string(plan_.transfers),
                                               std::to_string(plan_.round)};
            if (number == plan_.victim) arguments.insert(arguments.end(), {"halt-at", std::to_string(plan_.halt_at)});
            else if (settings_.sabotage == "mutex" && number == 1) arguments.push_back("without-mutex");
            else if (settings_.sabotage == "repair") arguments.push_back("without-repair");
            workers_[number - 1].number = number;
            if (!start(workers_[number - 1], arguments)) return trouble(text("cannot start worker %d", number));
        }
        if (!await("for all workers to be ready", [&] {
                return WaitForMultipleObjects(DWORD(ready_.size()), ready_.data(), TRUE, kSlice);
            })) return false;
        SetEvent(first_turn_);
        SetEvent(gate_);
        return true;
    }

    bool kill_the_victim() {
        if (!await("for the victim in the middle of its update", [&] {
                return WaitForSingleObject(half_done_, kSlice);
            })) return false;
        // For the eye, and so that the others are blocked already when the death comes: then the time to the next
        // owner is the time of a wake-up. Nothing but that figure depends on this pause.
        Sleep(kPause);
        progress_.end_line();
        list_shared_files();
        std::printf("  worker %d (pid %d) has written half of transfer %ld and owns the mutex: kill -9\n", plan_.victim,
                    int(victim().pid), plan_.halt_at);
        if (WaitForSingleObject(mutex_, 0) != WAIT_TIMEOUT) return trouble("the victim does not own the mutex");
        double after = 0;
        const Clock::time_point killed = Clock::now();
        kill(victim().pid, SIGKILL);
        if (!await("for the next owner to be told of the death", [&] {
                const DWORD result = WaitForSingleObject(owner_died_, kSlice);
                after = seconds_since(killed);
                return result;
            })) return false;
        progress_.end_line();
        std::printf("  the next owner had WAIT_ABANDONED %.2f ms after the kill\n", 1e3 * after);
        return true;
    }

    // For the supervisor: what must be gone from /dev/shm when all is over.
    void list_shared_files() {
        std::set<std::string> names = mapped_shared_files(getpid());
        for (const Worker& worker : workers_) names.merge(mapped_shared_files(worker.pid));
        std::ofstream list(settings_.shared_list);
        for (const std::string& name : names) list << name << '\n';
    }

    void watch_to_the_end() {
        await("for all workers to end", [&] {
            bool running = false;
            for (Worker& worker : workers_) running |= look_after(worker);
            if (running) Sleep(kSlice);
            return DWORD(running ? WAIT_TIMEOUT : WAIT_OBJECT_0);
        });
    }

    // Repeats `wait`, which waits for a slice of time, until it succeeds. Gives up at the time limit, and as soon as a
    // worker has failed: the others would wait for it.
    bool await(const char* what, auto wait) {
        for (;;) {
            const DWORD result = wait();
            progress_.show();
            if (result == WAIT_OBJECT_0) return true;
            if (result != WAIT_TIMEOUT) {
                return trouble(text("waiting %s: result %u, last error %u", what, unsigned(result),
                                    unsigned(GetLastError())));
            }
            for (Worker& worker : workers_) {
                look_after(worker);
                if (worker.pid > 0 && !worker.running && !ended_well(worker) && &worker != &victim()) {
                    trouble(text("worker %d (pid %d) %s", worker.number, int(worker.pid),
                                 how_it_ended(worker).c_str()));
                }
            }
            if (!troubles_.empty()) return trouble(text("waiting %s: given up", what));
            if (Clock::now() - start_ > kPlayLimit) return say_who_hangs(what);
        }
    }

    bool say_who_hangs(const char* what) {
        for (const Worker& worker : workers_) {
            if (worker.running) trouble(text("worker %d (pid %d) still runs", worker.number, int(worker.pid)));
        }
        return trouble(text("waiting %s: not within %d s", what, int(kPlayLimit.count())));
    }

    void print_table(const Verdict& verdict) {
        std::printf("\n  process      pid  transfers    waits  abandoned  ns per lock  ns, no queue  ended\n");
        for (const Worker& worker : workers_) {
            std::printf("  %7d %8d  %9ld ", worker.number, int(worker.pid), verdict.completed[worker.number]);
            if (worker.has_result) {
                std::printf("%8ld  %9ld  %11lld  %12ld  ", worker.waits, worker.abandoned, worker.lock_ns,
                            worker.free_ns);
            } else {
                std::printf("%8s  %9s  %11s  %12s  ", "-", "-", "-", "-");
            }
            std::printf("%s\n", how_it_ended(worker).c_str());
        }
        std::printf("  (ns per lock: WaitForSingleObject + ReleaseMutex of a transfer, median, queue included;\n"
                    "   no queue: the same pair on a mutex that nobody else wants)\n\n");
    }

    void check_workers(std::vector<std::string>& problems) {
        long abandoned = 0;
        for (const Worker& worker : workers_) {
            abandoned += worker.abandoned;
            if (&worker == &victim()) {
                if (!WIFSIGNALED(worker.status) || WTERMSIG(worker.status) != SIGKILL) {
                    problems.push_back("the victim was not ended by the kill");
                }
            } else if (!ended_well(worker) || worker.transfers != plan_.transfers) {
                problems.push_back(text("worker %d %s", worker.number, how_it_ended(worker).c_str()));
            }
        }
        if (abandoned != 1) problems.push_back(text("WAIT_ABANDONED was seen %ld times instead of once", abandoned));
    }

    void check_mutex(std::vector<std::string>& problems) {
        const DWORD result = WaitForSingleObject(mutex_, 0);
        if (result != WAIT_OBJECT_0 || !ReleaseMutex(mutex_)) {
            problems.push_back(text("the mutex is not free at the end: a wait gives %u", unsigned(result)));
        }
    }

    int report(const std::vector<std::string>& problems, const Verdict& verdict) {
        constexpr std::size_t kShown = 10;
        for (std::size_t i = 0; i < problems.size() && i < kShown; ++i) std::printf("WRONG: %s\n", problems[i].c_str());
        if (problems.size() > kShown) std::printf("WRONG: ... and %zu more\n", problems.size() - kShown);
        if (!problems.empty()) return 1;
        long completed = 0;
        for (const long count : verdict.completed) completed += count;
        std::printf("ledger verified: %ld transfers, none lost, none doubled; sum %ld as before; %ld audits in turn;\n"
                    "transfer %ld of worker %d, cut in half by the kill, was %s\n", completed, kTotal, verdict.audits,
                    plan_.halt_at, plan_.victim, verdict.rolled_back ? "rolled back" : "completed");
        return 0;
    }

    const Settings& settings_;
    const Plan& plan_;
    const Clock::time_point start_ = Clock::now();
    std::vector<Worker> workers_;
    Progress progress_;
    std::vector<std::string> troubles_;          // why the scene could not be played to its end
    std::vector<HANDLE> objects_, ready_;
    HANDLE mutex_ = nullptr, gate_ = nullptr, owner_died_ = nullptr, half_done_ = nullptr, first_turn_ = nullptr;
};

}  // namespace scene
