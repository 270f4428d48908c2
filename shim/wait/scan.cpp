// scan.cpp - see scan.h.
#include "shim/wait/scan.h"

#include "shim/object/kind.h"
#include "shim/object/timer.h"

namespace winshim::wait {
namespace {

constexpr u32 kMostScans = 4;  // of words that change all the time: then the locks are the shorter way

constexpr Outcome kUndecided{Ended::undecided, 0, Status::success};

struct Seen {
    shm::Object* x[shm::kMaxWait];
    u64 word[shm::kMaxWait];
};

// Reads one word into `seen`. False: not for us to judge.
bool read(const Target& target, u32 i, Seen& seen) noexcept {
    shm::Object& x = shm::object(target.object);
    const u64 s = x.state.load(std::memory_order_acquire);
    const Rule rule = rule_of(x);  // after the word: this tenant's, or a later one's, as take() will notice
    seen.x[i] = &x;
    seen.word[i] = s;
    if (WINSHIM_UNLIKELY(!state::is_live(s, target.generation) || (s & state::kPulsing) != 0)) return false;
    if (rule != Rule::notification && rule != Rule::synchronization) return false;
    return (s & state::kSlow) == 0 || !timer::is_timer(x);
}

// Consumes what `seen` says of object k, as it was when that was read.
bool take(const Seen& seen, u32 k) noexcept {
    shm::Object& x = *seen.x[k];
    u64 s = seen.word[k];
    if (rule_of(x) == Rule::notification) return x.state.load(std::memory_order_acquire) == s;
    const u64 next = consume(Rule::synchronization, s, 0, self.id).state;  // T1
    return x.state.compare_exchange_strong(s, next, std::memory_order_acq_rel, std::memory_order_relaxed);
}

}  // namespace

Outcome scan_any(const Target* targets, u32 count) noexcept {
    Seen seen;
    for (u32 scan = 0; scan < kMostScans; ++scan) {
        u32 k = 0;
        for (; k < count; ++k) {
            if (!read(targets[k], k, seen)) return kUndecided;
            if (state::is_set(state::value(seen.word[k]))) break;
        }
        // The loads above are of acquire: none of these comes before any of them. (That both passes have a moment
        // between them takes a store that all see at one time: true of x86 and of ARMv8.)
        bool same = true;
        for (u32 i = 0; i < k; ++i) same = same && seen.x[i]->state.load(std::memory_order_acquire) == seen.word[i];
        if (!same) continue;
        if (k == count) return {Ended::timeout, 0, Status::success};
        if ((seen.word[k] & state::kSlow) != 0) return kUndecided;
        if (take(seen, k)) return {Ended::object, k, Status::success};
    }
    return kUndecided;
}

}  // namespace winshim::wait
