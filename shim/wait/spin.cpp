// spin.cpp - waiting awake for a while before a sleep, as far as that has been worth while lately.
//
// Purpose     A sleep and a wake-up cost microseconds, and tens of them where the other processor is idle. Where the
//             answer comes sooner, from a thread that runs at the same time, looking for it is better. Where it comes
//             from a thread that needs this very processor, each look is lost time, but giving the processor up and
//             staying ready (sched_yield) hands it over for half of what a sleep and a wake-up cost. Where somebody
//             computes beside us, that would give him his whole time slice, and only sleep is right. Nothing tells the
//             three apart but trying.
// Invariants  A thread looks only if its last tries were worth while: then for a few times as long as those took, and
//             each failure halves that, down to nothing. A thread that does not look tries again after kFirstPatience
//             waits, then after twice as many, and so on up to kMostPatience: at most kTryNs of processor time for so
//             many waits, each of which has cost more than a microsecond itself. Whoever finds that it was put off its
//             processor meanwhile gives up at once, for others want it.
//             A thread yields only where looking has failed for long, and not in waits that end soon: a yield may last
//             as long as the others please. Yields that change nothing put the next try off as failed looks do; one
//             that has lasted too long, for kCost times as many waits, up to kMostPatienceToYield. As many successes
//             take half of that back, so that one of them between two long ones does not.
#include "shim/wait/spin.h"

#include <sched.h>
#include <unistd.h>

#include "shim/shm/clock.h"

namespace winshim::wait {
namespace {

constexpr u32 kTryNs = 50'000;             // a wake-up from an idle processor's sleep fits in
constexpr u32 kLeastNs = 1'000;            // shorter than a sleep that is ended at once
constexpr u32 kWorth = 8;                  // looks for so many times as long as the last wait took
constexpr u64 kPutOffNs = 20'000;          // nobody who runs needs so long from one look at the clock to the next
constexpr u32 kLooks = 16;                 // at the word, from one look at the clock to the next
constexpr u32 kFirstPatience = 8, kMostPatience = 4096;

constexpr u32 kHopeless = 64;              // patience with looking, from which on yields are tried
constexpr u32 kYields = 4;                 // dearer, all together, than a sleep
constexpr u64 kTooLongNs = 1'000'000;      // others compute, instead of handing over
constexpr u32 kCost = 16, kFirstPatienceAfterThat = 256, kMostPatienceToYield = 65536;
constexpr u64 kSoonNs = 10'000'000;        // a few time slices

void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#else
    std::atomic_signal_fence(std::memory_order_seq_cst);
#endif
}

u32 processors() noexcept {
    static std::atomic<u32> known{0};
    if (known.load(std::memory_order_relaxed) == 0)
        known.store(static_cast<u32>(sysconf(_SC_NPROCESSORS_ONLN)), std::memory_order_relaxed);
    return known.load(std::memory_order_relaxed);
}

u32 between(u64 n, u32 least, u32 most) noexcept {
    return n < least ? least : n > most ? most : static_cast<u32>(n);
}

void looking_was_worth_while(u64 took_ns) noexcept {
    Looking& habit = self.looking;
    const u32 wanted = between(took_ns * kWorth, kLeastNs, kTryNs);
    // Longer at once, shorter by and by.
    habit.ns = wanted > habit.ns ? wanted : habit.ns - (habit.ns - wanted) / 4;
    habit.waits = 0;
    habit.patience = 0;
}

void looking_was_in_vain(bool put_off) noexcept {
    Looking& habit = self.looking;
    const u32 half = habit.ns / 2;
    habit.ns = put_off || half < kLeastNs ? 0 : half;
    habit.waits = 0;
    habit.patience = between(u64{habit.patience} * 2, kFirstPatience, kMostPatience);
}

// How long this time.
u32 budget() noexcept {
    Looking& habit = self.looking;
    if (habit.ns != 0) return habit.ns;
    if (processors() < 2 || ++habit.waits <= habit.patience) return 0;
    return kTryNs;
}

bool look(shm::Thread& me, u32 sequence) noexcept {
    const u32 budget_ns = budget();
    if (budget_ns == 0) return decided(me, sequence);
    const u64 begun = now_ns();
    for (u64 seen = begun;;) {
        for (u32 i = 0; i < kLooks; ++i) {
            if (decided(me, sequence)) {
                looking_was_worth_while(seen - begun);
                return true;
            }
            relax();
        }
        const u64 now = now_ns();
        if (now - seen > kPutOffNs || now - begun >= budget_ns) {
            looking_was_in_vain(now - seen > kPutOffNs);
            return decided(me, sequence);
        }
        seen = now;
    }
}

void yielding_was_worth_while() noexcept {
    Yielding& habit = self.yielding;
    if (!habit.on) habit = {.on = true, .waits = 0, .patience = habit.patience};
    if (++habit.waits < habit.patience) return;
    habit.waits = 0;
    habit.patience /= 2;
}

void yielding_was_in_vain(bool too_long) noexcept {
    Yielding& habit = self.yielding;
    habit.on = false;
    habit.waits = 0;
    habit.patience = too_long ? between(u64{habit.patience} * kCost, kFirstPatienceAfterThat, kMostPatienceToYield)
                              : between(u64{habit.patience} * 2, kFirstPatience, kMostPatience);
}

bool may_yield() noexcept {
    const bool hopeless = processors() < 2 || (self.looking.ns == 0 && self.looking.patience >= kHopeless);
    return hopeless && (self.yielding.on || ++self.yielding.waits > self.yielding.patience);
}

bool yield(shm::Thread& me, u32 sequence, u64 deadline_ns) noexcept {
    if (!may_yield()) return false;
    u64 seen = now_ns();
    if (deadline_ns < seen + kSoonNs) return false;
    for (u32 i = 0; i < kYields; ++i) {
        sched_yield();
        const bool done = decided(me, sequence);
        const u64 now = now_ns();
        if (now - seen >= kTooLongNs) {
            yielding_was_in_vain(true);
            return done;
        }
        if (done) {
            yielding_was_worth_while();
            return true;
        }
        seen = now;
    }
    yielding_was_in_vain(false);
    return false;
}

}  // namespace

bool spin(shm::Thread& me, u32 sequence, u64 deadline_ns) noexcept {
    return look(me, sequence) || yield(me, sequence, deadline_ns);
}

}  // namespace winshim::wait
