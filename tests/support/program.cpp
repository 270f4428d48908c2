// program.cpp - from main to the right tests in the right process.
//
// Purpose     PROGRAM runs itself once for each profile that has tests; --run P runs the tests of one profile with
//             CMocka; --role and --actor are what processes started by a test do. The default profile is run without
//             WINSHIM_PROFILE, so that it is the default that is tested.
// Invariants  Only processes of --run, --role and --actor call the library.
#include "tests/support/program.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/support/spawn.h"

namespace {

constexpr unsigned kHangSeconds = 60;  // for one test: several times kPatienceMs
constexpr size_t kMostTests = 400;

struct Profile {
    unsigned bit;
    const char *name;
    const char *variable;  // value of WINSHIM_PROFILE; empty: not set
    const char *suffix;    // of the namespace
};
constexpr Profile kProfiles[] = {{ce, "ce", "", "-ce"}, {ce5, "ce5", "ce5", "-ce5"}, {nt, "nt", "nt", "-nt"}};

TestCase *first_test = nullptr;
TestCase **next_test = &first_test;
RoleCase *first_role = nullptr;
const TestCase *running = nullptr;
unsigned profile = ce;

// Closes what the test left open. Handle values are small multiples of four; a bad one is refused and harmless. What a
// test protects from being closed it must unprotect itself.
void close_what_is_open() {
    for (std::uintptr_t value = 4; value <= 4 * 1024; value += 4) CloseHandle(handle_of(value));
}

extern "C" void report_hang(int) {
    const char text[] = "\nhang: this test did not end: ";
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(4);
    if (write(STDERR_FILENO, running->name, strlen(running->name)) < 0) _exit(4);
    if (write(STDERR_FILENO, "\n", 1) < 0) _exit(4);
    _exit(3);
}

int set_up(void **state) {
    running = static_cast<const TestCase *>(*state);
    alarm(kHangSeconds);
    return 0;
}

int tear_down(void **) {
    const int wrong = end_all_actors();
    close_what_is_open();
    alarm(0);
    return wrong;
}

void run_body(void **state) {
    const auto *test = static_cast<const TestCase *>(*state);
    test->body(test->object_name);
}

int run_profile(const char *program, const char *name, const char *pattern) {
    static CMUnitTest chosen[kMostTests];
    size_t count = 0;
    for (const Profile &p : kProfiles) {
        if (strcmp(p.name, name) == 0) profile = p.bit;
    }
    for (TestCase *test = first_test; test != nullptr; test = test->next) {
        if ((test->profiles & profile) == 0) continue;
        if (count == kMostTests) return fprintf(stderr, "more than %zu tests in one program\n", kMostTests), 2;
        chosen[count++] = CMUnitTest{test->name, run_body, set_up, tear_down, test};
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGALRM, report_hang);
    if (pattern != nullptr) cmocka_set_test_filter(pattern);
    char group[256];
    snprintf(group, sizeof group, "%s (%s)", program, name);
    return _cmocka_run_group_tests(group, chosen, count, nullptr, nullptr) == 0 ? 0 : 1;
}

bool has_tests(unsigned bit) {
    for (const TestCase *test = first_test; test != nullptr; test = test->next) {
        if ((test->profiles & bit) != 0) return true;
    }
    return false;
}

int run_all_profiles(const char *only, const char *pattern) {
    int result = 0;
    for (const Profile &p : kProfiles) {
        if (!has_tests(p.bit) || (only != nullptr && strcmp(only, p.name) != 0)) continue;
        const char *const arguments[] = {"--run", p.name, pattern, nullptr};
        ProcessOptions options;
        options.profile = p.variable;
        options.name_space = p.suffix;
        const pid_t process = spawn_self(arguments, options, -1);
        int status = -1;
        if (process < 0 || waitpid(process, &status, 0) != process || status != 0) {
            fprintf(stderr, "profile %s: failed, wait status 0x%x\n", p.name, static_cast<unsigned>(status));
            result = 1;
        }
    }
    return result;
}

int run_as_role(const char *name, const char *argument) {
    for (const RoleCase *role = first_role; role != nullptr; role = role->next) {
        if (strcmp(role->name, name) == 0) return role->body(argument);
    }
    fprintf(stderr, "no role %s\n", name);
    return 2;
}

void prepare_child() {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
}

}  // namespace

TestCase::TestCase(unsigned in_profiles, const char *test_name, const char *test_object, bool with_processes,
                   TestBody test_body)
    : profiles(in_profiles), name(test_name), object_name(test_object), processes(with_processes), body(test_body) {
    *next_test = this;
    next_test = &next;
}

RoleCase::RoleCase(const char *role_name, RoleBody role_body) : name(role_name), body(role_body), next(first_role) {
    first_role = this;
}

unsigned current_profile() { return profile; }
bool others_are_processes() { return running->processes; }

Actor another() { return others_are_processes() ? process_actor() : thread_actor(); }

int test_main(int argc, char **argv) {
    const char *const mode = argc > 1 ? argv[1] : "";
    if (strcmp(mode, "--actor") == 0 && argc == 4) {
        prepare_child();
        return serve_steps(atoi(argv[2]), atoi(argv[3]));
    }
    if (strcmp(mode, "--role") == 0 && argc >= 3) {
        prepare_child();
        return run_as_role(argv[2], argc > 3 ? argv[3] : nullptr);
    }
    if (strcmp(mode, "--run") == 0 && argc >= 3) {
        return run_profile(program_invocation_short_name, argv[2], argc > 3 ? argv[3] : nullptr);
    }

    char name_space[32];
    snprintf(name_space, sizeof name_space, "test-%d", getpid());
    setenv("WINSHIM_NAMESPACE", name_space, 0);
    if (strcmp(mode, "--profile") == 0 && argc >= 3) return run_all_profiles(argv[2], argc > 3 ? argv[3] : nullptr);
    return run_all_profiles(nullptr, argc > 1 ? argv[1] : nullptr);
}
