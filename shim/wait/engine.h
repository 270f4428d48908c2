// engine.h - the only code that blocks, for one object or 64. Knows rules, no kinds.
#pragma once
#include "shim/wait/guard.h"

namespace winshim::wait {

// undecided is an answer of fast.h only.
enum class Ended : u32 { object, abandoned, timeout, alerted, failed, undecided };

struct Outcome {
    Ended how;
    u32 index;      // object, abandoned: which one (0 for a wait-all)
    Status status;  // failed: why
};

// Which objects of an array came before: asked for each index in turn. Numbers that differ in their last bits, as those
// of objects made one after the other do, are told apart without a comparison.
class SeenObjects {
public:
    bool before(const Target* targets, u32 i) noexcept {
        const u32 object = targets[i].object;
        u64& word = word_[object / 64 % kWords];
        const u64 bit = 1ull << object % 64;
        const bool maybe = (word & bit) != 0;
        word |= bit;
        for (u32 j = 0; maybe && j < i; ++j)
            if (targets[j].object == object) return true;
        return false;
    }

private:
    static constexpr u32 kWords = 16;
    u64 word_[kWords] = {};
};

struct Request {
    const Target* targets;  // 0 to kMaxWait, resolved from handles by the caller; none: an alertable sleep
    u32 count;
    bool all;               // everything at once; needs different objects
    bool alertable;
    u32 timeout_ms;
};

// Waits. Consumes one object (any), every object (all) or, on time-out and errors, none.
// Errors: invalid_handle (an object vanished before the wait began on it), possible_deadlock (called from a signal
// handler that interrupted a wait of this thread), mutant_limit_exceeded, file_corrupt.
// Needs an attached thread that holds no lock of ours.
Outcome wait(const Request& request) noexcept;

// Ends the alertable wait of another thread of this process, if it is in one; counted in its Self::apcs before.
void alert(u32 slot) noexcept;

// Signals `first` by `signal` and waits on `second`: whoever is released by the signal finds the caller queued already.
using SignalFunction = Change (*)(shm::Object&, u64 state);
Outcome signal_and_wait(Target first, SignalFunction signal, Target second, u32 timeout_ms, bool alertable) noexcept;

}  // namespace winshim::wait
