// report.h - the invariants, how often each was looked at, and the sentences of those that did not hold.
//
// Purpose     Workers die at any moment, so counts and sentences lie in the shared page of the harness. An invariant
//             that was never looked at counts as failed: a storm that does not reach it has shown nothing.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdarg>
#include <cstdint>
#include <cstdio>

namespace storm {

enum class Check : std::uint32_t {
    mutual_exclusion, abandonment, recursion, semaphore_maximum, semaphore_units, signal_once, signal_kept, sleeper,
    wait_choice, handlers, children, result, on_time, alive, usable, names_free, nothing_left, count
};
constexpr std::uint32_t kChecks = static_cast<std::uint32_t>(Check::count);

constexpr std::array<const char*, kChecks> kCheckText{
    "a mutex has one owner at a time",
    "WAIT_ABANDONED exactly when the owner before died owning",
    "an owner enters again at once and leaves as often as it entered",
    "a semaphore stays between 0 and its maximum",
    "no unit of a semaphore is lost or made, but for those of the dead",
    "each signal of an auto-reset event is consumed at most once",
    "no signal of an auto-reset event is lost",
    "nobody sleeps beside a signal that is for him",
    "a wait chooses the lowest signaled object, or all, or none",
    "a signal handler's calls succeed, or are refused when 16 are waiting",
    "a forked child goes on with the handles, and ends as it should",
    "every call returns what is documented",
    "no call is overdue",
    "no process ends by itself",
    "every mutex can be taken and released afterwards",
    "every name is free after the last handle is closed",
    "nothing is left in /dev/shm",
};

constexpr std::uint32_t kSentences = 256;
constexpr std::uint32_t kSentenceBytes = 240;

struct Report {
    struct Tally { std::atomic<std::uint64_t> looked; std::atomic<std::uint64_t> broken; };
    std::array<Tally, kChecks> tally;
    std::atomic<std::uint32_t> sentences;                                // taken; may exceed kSentences
    std::array<std::atomic<std::uint32_t>, kSentences> ready;            // 1 when the sentence is complete
    std::array<std::array<char, kSentenceBytes>, kSentences> sentence;
};

// Counts one look at `which`; says what was seen if it did not hold. Returns `holds`.
__attribute__((format(printf, 4, 5)))
inline bool look(Report& report, Check which, bool holds, const char* format, ...) {
    Report::Tally& tally = report.tally[static_cast<std::uint32_t>(which)];
    tally.looked.fetch_add(1, std::memory_order_relaxed);
    if (holds) return true;
    tally.broken.fetch_add(1, std::memory_order_relaxed);
    const std::uint32_t index = report.sentences.fetch_add(1, std::memory_order_relaxed);
    if (index >= kSentences) return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(report.sentence[index].data(), kSentenceBytes, format, arguments);
    va_end(arguments);
    report.ready[index].store(1, std::memory_order_release);
    return false;
}

inline std::uint64_t broken_looks(const Report& report) {
    std::uint64_t sum = 0;
    for (const Report::Tally& tally : report.tally) sum += tally.broken.load(std::memory_order_relaxed);
    return sum;
}

// Prints the sentences that came in since the last call; `printed` is the caller's bookmark.
inline void print_sentences(const Report& report, std::uint32_t& printed) {
    constexpr std::uint32_t kShown = 40;
    const std::uint32_t taken = std::min(report.sentences.load(std::memory_order_relaxed), kSentences);
    for (; printed < taken && report.ready[printed].load(std::memory_order_acquire); ++printed) {
        if (printed < kShown) printf("  BROKEN %s\n", report.sentence[printed].data());
        if (printed == kShown) printf("  (further ones are only counted)\n");
    }
    fflush(stdout);
}

// Prints the table and the closing line. Returns the number of invariants that failed.
inline int print_table(const Report& report) {
    int failed = 0;
    for (std::uint32_t i = 0; i < kChecks; ++i) {
        const std::uint64_t looked = report.tally[i].looked.load(std::memory_order_relaxed);
        const std::uint64_t broken = report.tally[i].broken.load(std::memory_order_relaxed);
        const bool holds = looked > 0 && broken == 0;
        failed += !holds;
        printf("  %-6s %-66s %10llu looks", holds ? "ok" : "FAILED", kCheckText[i],
               static_cast<unsigned long long>(looked));
        if (broken > 0) printf(", %llu broken", static_cast<unsigned long long>(broken));
        if (looked == 0) printf(": not exercised");
        printf("\n");
    }
    printf("%d passed, %d failed\n", static_cast<int>(kChecks) - failed, failed);
    return failed;
}

}  // namespace storm
