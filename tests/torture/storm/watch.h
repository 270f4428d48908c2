// watch.h - the outermost process: it never uses the library, so nothing that is wrong there can stop it.
//
// Purpose     Prints what goes on, looks for calls that are overdue (a finite call 30 s past its time-out; without a
//             time-out, 30 s at all, because everything here is signaled or released sooner), and after the last exit
//             looks into /dev/shm.
#pragma once

#include <signal.h>
#include <sys/wait.h>

#include <string>
#include <vector>

#include "tests/torture/private_shm.h"
#include "tests/torture/storm/model.h"

namespace storm {

constexpr std::uint64_t kPatience = 30'000'000'000;

inline std::string names_of(std::uint64_t objects) {
    std::string names;
    for (std::uint32_t object = 0; object < kObjects; ++object) {
        if ((objects & bit(object)) != 0) names += (names.empty() ? "" : " ") + std::string(name_of(object).text);
    }
    return names;
}

// Reports the calls of one process that are overdue. Returns how many.
inline int look_at_calls(Model& model, std::uint32_t process) {
    int overdue = 0;
    const ProcessRecord& record = model.processes[process];
    for (const std::atomic<std::uint32_t>& thread : record.thread) {
        const ThreadRecord& running = model.thread(thread.load());
        const std::uint64_t since = running.since_ns.load();
        const std::uint32_t timeout_ms = running.timeout_ms.load();
        const std::uint64_t allowed = (timeout_ms == INFINITE ? 0 : std::uint64_t{timeout_ms} * 1'000'000u) + kPatience;
        const bool on_time = since == 0 || now_ns() < since + allowed || running.since_ns.load() != since;
        if (look(model.report, Check::on_time, on_time, "process %u (pid %d, tid %u): %s on %s, time-out %d ms, has"
                 " been running for %llu s", process, record.pid.load(), running.tid.load(),
                 kCallText[static_cast<std::uint32_t>(running.call.load())],
                 on_time ? "" : names_of(running.objects.load()).c_str(), static_cast<int>(timeout_ms),
                 static_cast<unsigned long long>((now_ns() - since) / 1'000'000'000u))) continue;
        ++overdue;
    }
    return overdue;
}

inline int look_at_all_calls(Model& model) {
    int overdue = 0;
    const std::uint32_t used = std::min(model.processes_used.load(), kMaxProcesses - 1);
    for (std::uint32_t process = 0; process <= used; ++process) {
        const State state = model.processes[process].state.load();
        if (state == State::starting || state == State::running) overdue += look_at_calls(model, process);
    }
    return overdue;
}

inline std::uint64_t operations(Model& model) {
    std::uint64_t sum = 0;
    const std::uint32_t used = std::min(model.threads_used.load(), kMaxThreads - 1);
    for (std::uint32_t id = 1; id <= used; ++id) sum += model.thread(id).operations.load();
    return sum;
}

inline void print_state(Model& model, std::uint64_t begun) {
    printf("  %3llu s: %llu calls, %llu kills, %llu orderly exits, %llu threads ended owning, %llu abandoned seen\n",
           static_cast<unsigned long long>((now_ns() - begun) / 1'000'000'000u),
           static_cast<unsigned long long>(operations(model)), static_cast<unsigned long long>(model.kills.load()),
           static_cast<unsigned long long>(model.left.load()), static_cast<unsigned long long>(model.retired.load()),
           static_cast<unsigned long long>(model.abandoned.load()));
    printf(
        "         %llu stops, %llu signals (%llu handled, %llu calls refused there), %llu forks, %llu _exit or exec\n",
        static_cast<unsigned long long>(model.stops.load()), static_cast<unsigned long long>(model.signals.load()),
        static_cast<unsigned long long>(model.handled.load()), static_cast<unsigned long long>(model.put_off.load()),
        static_cast<unsigned long long>(model.forks.load()), static_cast<unsigned long long>(model.raw_ends.load()));
    fflush(stdout);
}

// What is left in /dev/shm; `ending` as for names_in_shm. Removed after the look, so that a failed run does not disturb
// the next.
inline void look_for_leftovers(Model& model, const std::string& ending) {
    const std::vector<std::string> left = torture::names_in_shm(ending);
    look(model.report, Check::nothing_left, left.empty(), "%zu files are left in /dev/shm, such as %s", left.size(),
         left.empty() ? "" : left.front().c_str());
    for (const std::string& name : left) unlink(("/dev/shm/" + name).c_str());
}

// Watches until the supervisor has ended or something is overdue. `ending`: of the files that are ours in /dev/shm.
// Returns the number of failed invariants.
inline int watch(Model& model, pid_t supervisor, std::uint32_t seconds, bool stay, const std::string& ending) {
    const std::uint64_t begun = now_ns();
    std::uint64_t next_print = begun + 5'000'000'000u;
    std::uint32_t printed = 0;
    int status = 0;
    while (waitpid(supervisor, &status, WNOHANG) == 0) {
        usleep(200'000);
        print_sentences(model.report, printed);
        if (now_ns() > next_print) {
            print_state(model, begun);
            next_print += 5'000'000'000u;
        }
        const bool far_too_late = now_ns() > begun + (std::uint64_t{seconds} + 300) * 1'000'000'000u;
        if (far_too_late) look(model.report, Check::on_time, false, "the run does not end");
        if (look_at_all_calls(model) == 0 && !far_too_late) continue;
        print_sentences(model.report, printed);
        if (stay) {
            printf("  staying for a debugger; end with Ctrl-C\n");
            pause();
        }
        kill(supervisor, SIGKILL);                            // the workers follow by their parent-death signal
        waitpid(supervisor, &status, 0);
        break;
    }
    look(model.report, Check::alive, WIFEXITED(status) && WEXITSTATUS(status) == 0,
         "the supervisor ended with status 0x%x", status);
    usleep(100'000);
    look_for_leftovers(model, ending);
    print_sentences(model.report, printed);
    print_state(model, begun);
    printf("  at rest %llu times, %llu token events compared exactly; longest call beyond its time-out: %.1f ms\n",
           static_cast<unsigned long long>(model.rounds.load()),
           static_cast<unsigned long long>(model.exact_tokens.load()),
           static_cast<double>(model.worst_overrun_us.load()) / 1000);
    return print_table(model.report);
}

}  // namespace storm
