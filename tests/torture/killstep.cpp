// killstep.cpp - a process is killed after instruction 1, 2, 3, ... of every operation; the survivors must not notice.
//
// Purpose     Anybody may die at any instruction. One participant is stepped under ptrace through one call and killed;
//             then others, already attached and partly blocked, check what is left: nobody hangs, one owner at a time,
//             a dead owner is reported exactly once, signals and units add up, a pulse or a wait-all is whole or
//             nothing, names come back as documented, and nothing of the dead remains. The roles are told in
//             killstep/page.h, the operations are the tables killstep/operations_*.h.
// Use         killstep [--short] [--operation NAME] [--stride N] [--from N] [--to N] [--then N] [--patient]
//                      [--failures N] [--list]
//             By default each operation is killed wherever it comes to an instruction of the library for the first
//             time, and at about 400 more places (all, if it is short); --stride 1 is everything. --short is a sample
//             for make test. --from N --to N repeats one kill, --then M with a repairer killed after M instructions of
//             its repair. --patient: nobody sweeps after any kill, the survivors' own looks must do.
//             --failures N: an operation ends at its Nth failure (20).
// Limits      x86-64 (its registers and breakpoints), and a system that permits ptrace; elsewhere, and in a sanitizer's
//             build, whose instructions are mostly not the library's, it says so and is skipped.
// Exit        0 when every kill of every operation was survived.

#include <cstdio>

#if !defined(__x86_64__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

int main() {
    printf("killstep: it reads the registers of x86-64, and steps through the library's own instructions only\n");
    printf("[  SKIPPED ] 1 test, listed below:\n[  SKIPPED ] killstep\n0 passed, 0 failed\n");
    return 0;
}

#else

#include <sys/prctl.h>

#include <cstring>

#include "tests/torture/killstep/campaign.h"
#include "tests/torture/killstep/operations_event.h"
#include "tests/torture/killstep/operations_exports.h"
#include "tests/torture/killstep/operations_facts.h"
#include "tests/torture/killstep/operations_life.h"
#include "tests/torture/killstep/operations_many.h"
#include "tests/torture/killstep/operations_mapping.h"
#include "tests/torture/killstep/operations_meet.h"
#include "tests/torture/killstep/operations_more.h"
#include "tests/torture/killstep/operations_mutex.h"
#include "tests/torture/killstep/operations_name.h"
#include "tests/torture/killstep/operations_other.h"
#include "tests/torture/killstep/operations_process.h"
#include "tests/torture/killstep/operations_thread.h"
#include "tests/torture/killstep/operations_timer.h"

namespace killstep {

std::vector<Operation> operations() {
    std::vector<Operation> table;
    add_mutex_operations(table);
    add_event_operations(table);
    add_many_operations(table);
    add_name_operations(table);
    add_life_operations(table);
    add_other_process_operations(table);
    add_more_operations(table);
    add_meeting_operations(table);
    add_export_operations(table);
    add_thread_operations(table);
    add_process_operations(table);
    add_timer_operations(table);
    add_mapping_operations(table);
    add_fact_operations(table);
    for (Operation& operation : table)
        for (const char* name : {"mutex-release-2-queued", "set-auto-1-queued", "pulse-auto-2-queued",
                                 "set-all-complete",
                                 "timer-set-now-1-queued",
                                 "semaphore-release-all-queued", "all-3-complete", "signal-and-wait-at-once",
                                 "create-event-new",
                                 "close-not-last", "duplicate-into-other", "create-sweeps-the-dead", "fork-owning"})
            operation.every_repair = operation.every_repair || strcmp(operation.name, name) == 0;
    return table;
}

namespace {

[[noreturn]] void usage() {
    fprintf(stderr, "usage: killstep [--short] [--operation NAME] [--stride N] [--from N] [--to N] [--then N]"
                    " [--patient] [--failures N] [--list]\n");
    exit(2);
}

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--short") {
            options.is_short = true;
        } else if (word == "--patient") {
            options.patient = true;
        } else if (word == "--list") {
            for (const Operation& operation : operations()) printf("%s\n", operation.name);
            exit(0);
        } else if (i + 1 == argc) {
            usage();
        } else if (word == "--operation") {
            options.operation = argv[++i];
        } else {
            const std::uint64_t number = strtoull(argv[++i], nullptr, 10);
            if (number == 0) usage();
            if (word == "--stride") options.stride = number;
            else if (word == "--from") options.from = number;
            else if (word == "--to") options.to = number;
            else if (word == "--then") options.then = number;
            else if (word == "--failures") options.failures = number;
            else usage();
        }
    }
    return options;
}

struct Section {
    std::uint64_t instructions = 0;
    const char* operation = "none";
    void keep(std::uint64_t others, const char* name) {
        if (others > instructions) instructions = others, operation = name;
    }
};

// What a process that is stopped (SIGSTOP) at the worst moment holds, and for how long it would have held it.
void report_sections(const Section (&longest)[kLockKinds], const Section& repair, std::uint64_t calls) {
    printf("longest stretch with a lock held, in instructions:");
    for (unsigned k = 0; k < kLockKinds; ++k)
        printf("%s %s %llu (%s)", k == 0 ? "" : ",", kLockNames[k],
               static_cast<unsigned long long>(longest[k].instructions),
               longest[k].operation);
    printf("\nwhile repairing after a death: guards %llu (%s); system calls made with a guard held: %llu\n",
           static_cast<unsigned long long>(repair.instructions), repair.operation,
           static_cast<unsigned long long>(calls));
}

// Every exported function must have been on the way of some operation.
unsigned report_exports(const Campaign& campaign, const LibraryMap& library) {
    const std::vector<std::string> missing = library.exports_outside(campaign.passed());
    printf("exported functions: %zu, stepped through: %zu\n", library.exports(), library.exports() - missing.size());
    for (const std::string& name : missing) printf("  FAILED: no operation calls %s\n", name.c_str());
    return missing.empty() ? 0 : 1;
}

int run(const Options& options) {
    const std::vector<Operation> table = operations();
    const LibraryMap library;
    Campaign campaign(table, library, options);
    Account total;
    unsigned passed = 0, failed = 0;
    const std::uint64_t begun = now_ns();
    Section longest[kLockKinds], repair_longest;
    std::uint64_t calls_under_guard = 0;
    printf("%-32s %12s %7s %7s %9s %9s %8s %8s %7s\n", "operation", "instructions", "stride", "kills", "of repair",
           "failures",
           "guarded", "repair", "s");
    fflush(stdout);  // before the forks
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        if (!options.operation.empty() && options.operation != table[i].name) continue;
        const std::uint64_t before = now_ns();
        const Account account = campaign.run(i);
        printf("%-32s %12llu %7llu %7llu %9llu %9llu %8llu %8llu %7.1f\n", table[i].name,
               static_cast<unsigned long long>(account.length), static_cast<unsigned long long>(account.stride),
               static_cast<unsigned long long>(account.kills), static_cast<unsigned long long>(account.repair_kills),
               static_cast<unsigned long long>(account.failures),
               static_cast<unsigned long long>(account.sections.longest[kGuard]),
               static_cast<unsigned long long>(account.repair_sections.longest[kGuard]),
               static_cast<double>(now_ns() - before) / 1e9);
        fflush(stdout);
        total.length += account.length;
        total.kills += account.kills;
        total.repair_kills += account.repair_kills;
        total.failures += account.failures;
        for (unsigned k = 0; k < kLockKinds; ++k) longest[k].keep(account.sections.longest[k], table[i].name);
        repair_longest.keep(account.repair_sections.longest[kGuard], table[i].name);
        calls_under_guard += account.sections.calls_under_guard;
        ++(account.failures == 0 ? passed : failed);
    }
    if (passed + failed == 0) {
        fprintf(stderr, "killstep: no operation %s; --list names them\n", options.operation.c_str());
        return 2;
    }
    if (!options.is_short) report_sections(longest, repair_longest, calls_under_guard);
    if (options.operation.empty()) failed += report_exports(campaign, library);
    std::size_t killed_at = 0;
    for (const std::uintptr_t address : campaign.passed()) killed_at += campaign.killed_at().contains(address);
    printf("%zu instructions of the library lay on these ways (each counted once); somebody was killed at %zu of "
           "them\n", campaign.passed().size(), killed_at);
    printf("%u operations, %llu instructions, %llu kills (%llu of them during a repair), %llu failures, %.1f s; bells "
           "left to a sweep: %u\n", passed + failed, static_cast<unsigned long long>(total.length),
           static_cast<unsigned long long>(total.kills), static_cast<unsigned long long>(total.repair_kills),
           static_cast<unsigned long long>(total.failures), static_cast<double>(now_ns() - begun) / 1e9,
           campaign.sweeps_wanted());
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace killstep

// Whether a child can be stopped, stepped and given breakpoints here (containers and some systems forbid it).
static bool may_trace() {
    const pid_t child = fork();
    if (child == 0)
        for (;;) asm volatile("");  // not in a system call, which a step would begin again and not come back from
    killstep::Stepper stepper;
    using killstep::Step;
    bool works = stepper.seize(child) && stepper.set_breakpoint(0x1000);
    if (works) {
        const Step step = stepper.step();
        works = step == Step::done || (step == Step::blocked && stepper.resume(killstep::kPatience) == Step::done);
    }
    killstep::end_process(child);
    return works;
}

int main(int argc, char** argv) {
    const killstep::Options options = killstep::parse(argc, argv);
    unsetenv("WINSHIM_PROFILE");
    if (getenv("LD_BIND_NOW") == nullptr) {  // the dynamic linker's lazy work is not part of the calls
        setenv("LD_BIND_NOW", "1", 1);
        execv("/proc/self/exe", argv);
    }
    killstep::start_ticks();
    if (!may_trace()) {
        printf("killstep: this system does not permit ptrace, or gives no breakpoint registers\n");
        printf("[  SKIPPED ] 1 test, listed below:\n[  SKIPPED ] killstep\n0 passed, 0 failed\n");
        return 0;
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    killstep::World::torture_shm_is_private = torture::enter_private_shm();
    return killstep::run(options);
}

#endif
