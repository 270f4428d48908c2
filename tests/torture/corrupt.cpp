// corrupt.cpp - damages the segment in every field while programs run all the calls on it.
//
// Purpose     Whatever stands in the segment is input: calls on a damaged one may fail, but nobody crashes, loops for
//             ever or writes outside it. What is damaged and how: corrupt/aim.h, corrupt/fields.h. What runs:
//             corrupt/calls.h. How failures are seen: corrupt/round.h, corrupt/canary.h.
// Use         corrupt [--states N | --short] [--seed N] [--rounds N] [--hands N]
//             120,000 states by default, 1,500 with --short. Each round has a seed of its own, which a failure names:
//             --seed N --rounds 1 runs the same choices again. --hands: rounds at the same time (16: most of the
//             time somebody waits for a lock whose word is damaged).
// Exit        0 when nothing crashed, hung, or was written outside the segment.

#include <cstring>

#include "tests/torture/corrupt/round.h"

namespace {

struct Options {
    std::uint64_t states = 120'000, seed = 0, rounds = ~0ull;
    std::uint32_t hands = 16;
};

Options parse(int argc, char** argv) {
    Options options;
    options.seed = corrupt::now_ns() / 1000 % 1'000'000 * 1000;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const bool has_value = i + 1 < argc;
        if (word == "--short") options.states = 1500;
        else if (word == "--states" && has_value) options.states = strtoull(argv[++i], nullptr, 10);
        else if (word == "--seed" && has_value) options.seed = strtoull(argv[++i], nullptr, 10);
        else if (word == "--rounds" && has_value) options.rounds = strtoull(argv[++i], nullptr, 10);
        else if (word == "--hands" && has_value) options.hands = static_cast<std::uint32_t>(atoi(argv[++i]));
        else {
            fprintf(stderr, "usage: corrupt [--states N | --short] [--seed N] [--rounds N] [--hands N]\n");
            exit(2);
        }
    }
    if (options.hands == 0 || options.hands > 64) options.hands = 1;
    if (options.rounds < options.hands) options.hands = static_cast<std::uint32_t>(options.rounds);
    return options;
}

struct Shared {
    corrupt::Tally tally;
    std::atomic<std::uint64_t> next, failed;
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kHangNs = 120 * corrupt::kSecond;
#else
constexpr std::uint64_t kHangNs = 60 * corrupt::kSecond;
#endif

constexpr std::uint64_t kGiveUpAfter = 20;  // failures: the rest would say the same

// One hand: rounds one after the other, in a /dev/shm of its own.
[[noreturn]] void work_through(Shared& shared, const Options& options, std::uint32_t hand) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::string space = "corrupt-" + std::to_string(getpid()) + "-" + std::to_string(hand);
    setenv("WINSHIM_NAMESPACE", space.c_str(), 1);
    const bool is_private = torture::enter_private_shm();
    // The library says on standard error why it refuses a segment: here it is meant to. Sanitizers' reports are kept.
    FILE* said = tmpfile();
    if (said != nullptr) dup2(fileno(said), 2);
    while (shared.tally.states.load() < options.states && shared.failed.load() < kGiveUpAfter) {
        const std::uint64_t round = shared.next.fetch_add(1);
        if (round >= options.rounds) break;
        corrupt::Round one(options.seed + round, {kHangNs}, shared.tally, is_private ? "" : space);
        if (one.run()) continue;
        shared.failed.fetch_add(1);
        char line[400];
        bool shown = false;
        for (rewind(said); fgets(line, sizeof line, said) != nullptr;) {
            shown = shown || strstr(line, "==") != nullptr || strstr(line, "runtime error") != nullptr;
            if (shown) printf("    | %s", line);
        }
        fflush(stdout);
        if (ftruncate(fileno(said), 0) != 0) break;
        rewind(said);
    }
    _exit(0);
}

}  // namespace

// Victims' forked children end by exit() with memory of the harness and of threads that they do not have.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    void* at = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) return 2;
    Shared& shared = *static_cast<Shared*>(at);
    unsetenv("WINSHIM_PROFILE");
    printf("corrupt: %llu states, %u rounds at a time of %u processes with %u threads, seed %llu\n",
           static_cast<unsigned long long>(options.states), options.hands, corrupt::kVictims, corrupt::kThreads,
           static_cast<unsigned long long>(options.seed));
    fflush(stdout);
    const std::uint64_t begun = corrupt::now_ns();
    for (std::uint32_t hand = 0; hand < options.hands; ++hand)
        if (fork() == 0) work_through(shared, options, hand);
    bool broken = false;
    for (int status = 0; waitpid(-1, &status, 0) > 0;) {
        if (status != 0) printf("  a hand of ours ended with status 0x%x\n", status);
        broken = broken || status != 0;
    }
    const corrupt::Tally& t = shared.tally;
    const auto figure = [](const std::atomic<std::uint64_t>& a) { return static_cast<unsigned long long>(a.load()); };
    printf("  %llu corrupted states in %llu rounds, %.0f s; %llu calls on them, %llu of them succeeded; %llu processes "
           "killed\n",
           figure(t.states), figure(t.rounds), static_cast<double>(corrupt::now_ns() - begun) / 1e9, figure(t.calls),
           figure(t.succeeded), figure(t.kills));
    printf("  longest call %.1f s; %llu mappings without guard pages\n",
           static_cast<double>(t.longest_call_ns.load()) / 1e9, figure(t.unguarded));
    struct Line { const char* text; bool holds; } lines[] = {
        {"nobody crashes on a damaged segment", t.crashes.load() == 0},
        {"nobody hangs on a damaged segment", t.hangs.load() == 0},
        {"nobody writes outside the segment", t.trampled.load() == 0 && t.unguarded.load() == 0},
        {"the damaged states were run on",
         !broken && (t.states.load() >= options.states || (options.rounds != ~0ull && t.states.load() != 0))}};
    int failed = 0;
    for (const Line& line : lines) {
        printf("  %-6s %s\n", line.holds ? "ok" : "FAILED", line.text);
        failed += !line.holds;
    }
    if (shared.failed.load() != 0 && failed == 0) ++failed;
    printf("%d passed, %d failed\n", 4 - failed, failed);
    return failed == 0 ? 0 : 1;
}
