// main.cpp - random sequences of calls, each compared with the model.
//
// Use         random [--seed N] [--steps N] [--profile ce|ce5|nt|all] [--length N] [--keep FOLDER] [--print N]
//                    [--patience MS] [--brief yes]
//             Sequences of `length` calls until `steps` have been made, by the profiles in turn. The same numbers give
//             the same sequences. A sequence that fails is shortened and printed as a C program (and kept in FOLDER).
//             --print N only prints sequence N. --patience is how long a call may take that must return (20000).
//             --brief stops at the first failure and says it in one line.
// Exit        0 all was as the model says; 1 some sequence was not; 2 it could not be tried.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

#include "conformance/random/generate.h"
#include "conformance/random/perform.h"
#include "conformance/random/play.h"
#include "conformance/random/shrink.h"
#include "conformance/random/write.h"

namespace {

using namespace sequence;

constexpr int kShrinkPatienceMs = 3'000;  // more than the second within which a blocked thread looks by itself
constexpr int kMostFailures = 3;

struct Options {
    std::uint64_t seed = 1, steps = 30'000;
    std::string profile = "all", folder;
    unsigned length = 400;
    std::int64_t print = -1;
    int patience_ms = 20'000;  // long enough for a loaded machine; reached only by a failure
    bool brief = false;
};

double now() {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

[[noreturn]] void usage() {
    fputs("use: random [--seed N] [--steps N] [--profile ce|ce5|nt|all] [--length N] [--keep FOLDER] [--print N]\n"
          "           [--patience MS] [--brief yes]\n", stderr);
    exit(2);
}

Options options(int argc, char **argv) {
    Options o;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        char *end = argv[i + 1];
        if (option == "--profile") o.profile = argv[i + 1];
        else if (option == "--keep") o.folder = argv[i + 1];
        else if (option == "--seed") o.seed = strtoull(argv[i + 1], &end, 10);
        else if (option == "--steps") o.steps = strtoull(argv[i + 1], &end, 10);
        else if (option == "--length") o.length = static_cast<unsigned>(strtoul(argv[i + 1], &end, 10));
        else if (option == "--print") o.print = strtoll(argv[i + 1], &end, 10);
        else if (option == "--patience") o.patience_ms = static_cast<int>(strtol(argv[i + 1], &end, 10));
        else if (option == "--brief") o.brief = strcmp(argv[i + 1], "yes") == 0;
        else usage();
        if (end != argv[i + 1] && *end != 0) usage();
    }
    const bool known = o.profile == "all" || o.profile == "ce" || o.profile == "ce5" || o.profile == "nt";
    if (argc % 2 == 0 || !known || o.length == 0) usage();
    return o;
}

// Sequence `number`, call by call.
Source sequence_of(const Options &o, std::uint64_t number) {
    Random random(o.seed * 0x9E3779B97F4A7C15u + number);
    return [random, left = o.length](const Model &model) mutable -> std::optional<Call> {
        if (left-- == 0) return std::nullopt;
        return next_call(model, random);
    };
}

Profile profile_of(const Options &o, std::uint64_t number) {
    if (o.profile == "all") return static_cast<Profile>(number % 3);
    return o.profile == "ce" ? Profile::ce : o.profile == "ce5" ? Profile::ce5 : Profile::nt;
}

int print_sequence(const Options &o) {
    const auto number = static_cast<std::uint64_t>(o.print);
    const Profile profile = profile_of(o, number);
    const Source next = sequence_of(o, number);
    Model model(profile);
    std::vector<Call> calls;
    while (const std::optional<Call> call = next(model)) {
        model.play(*call);
        calls.push_back(*call);
    }
    fputs(program(profile, calls, "As it was generated.").c_str(), stdout);
    return 0;
}

void show_failure(const Options &o, Profile profile, std::uint64_t number, const Played &failed) {
    printf("sequence %llu of seed %llu, profile %s: call %zu, %s\n", static_cast<unsigned long long>(number),
           static_cast<unsigned long long>(o.seed), label(profile), failed.calls.size(), failed.failure.c_str());
    if (o.brief) return;
    std::string why = failed.failure;
    unsigned tries = 0, failures = 0;
    const std::vector<Call> calls = shrink(failed.calls, [&](std::vector<Call> &some) {
        ++tries;
        Played again = play(profile, some, kShrinkPatienceMs);
        if (again.failure.empty()) return false;
        ++failures;
        why = again.failure;
        some = std::move(again.calls);
        return true;
    });
    if (failures == 0) printf("(it was not seen again in %u tries, so it is as long as it was)\n", tries);
    const std::string text = program(profile, calls, why);
    printf("----\n%s----\n", text.c_str());
    if (o.folder.empty()) return;
    const std::string path = o.folder + "/seed-" + std::to_string(o.seed) + "-" + std::to_string(number) + ".c";
    FILE *const file = fopen(path.c_str(), "w");
    if (file == nullptr || fputs(text.c_str(), file) < 0 || fclose(file) != 0) perror(path.c_str());
}

}  // namespace

int main(int argc, char **argv) {
    stage_actor(argc, argv, perform);
    const Options o = options(argc, argv);
    if (o.print >= 0) return print_sequence(o);
    setvbuf(stdout, nullptr, _IOLBF, 0);
    const double begin = now();
    std::uint64_t steps = 0, number = 0;
    int failures = 0;
    while (steps < o.steps && failures < (o.brief ? 1 : kMostFailures)) {
        const Profile profile = profile_of(o, number);
        const Played played = play(profile, sequence_of(o, number), o.patience_ms);
        steps += played.calls.size();
        if (!played.failure.empty()) {
            ++failures;
            show_failure(o, profile, number, played);
        }
        ++number;
    }
    const double seconds = now() - begin;
    printf("%llu calls in %llu sequences, %.0f in a second\n", static_cast<unsigned long long>(steps),
           static_cast<unsigned long long>(number), static_cast<double>(steps) / seconds);
    printf("%llu passed, %d failed\n", static_cast<unsigned long long>(number) - static_cast<unsigned>(failures),
           failures);
    return failures == 0 ? 0 : 1;
}
