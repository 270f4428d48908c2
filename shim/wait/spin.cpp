// spin.cpp - spinning that learns.
//
// Purpose     A sleep and a wake-up cost microseconds, and tens of them where the other processor is idle. Where the
//             answer comes sooner, from a thread that runs at the same time, looking for it is better; where that
//             thread needs this very processor, each look is lost time. Nothing tells the two apart but trying.
// Invariants  A thread spins only if its last tries were worth while: then for a few times as long as those took, and
//             each failure halves that, down to nothing. A thread that does not spin tries again after kFirstPatience
//             sleeps, then after twice as many, and so on up to kMostPatience: at most kTryNs of processor time for so
//             many sleeps, each of which has cost more than a microsecond itself. Whoever finds that it was put off its
//             processor meanwhile gives up at once, for others want it.
#include "shim/wait/spin.h"

#include <unistd.h>

#include "shim/shm/clock.h"

namespace winshim::wait {
namespace {

constexpr u32 kTryNs = 50'000;             // a wake-up from an idle processor's sleep fits in
constexpr u32 kLeastNs = 1'000;            // shorter than a sleep that is ended at once
constexpr u32 kWorth = 8;                  // spins for so many times as long as the last wait took
constexpr u64 kPutOffNs = 20'000;          // nobody who runs needs so long from one look at the clock to the next
constexpr u32 kLooks = 16;                 // at the word, from one look at the clock to the next
constexpr u32 kFirstPatience = 8, kMostPatience = 4096;

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

void was_worth_while(u64 took_ns) noexcept {
    const u32 wanted = between(took_ns * kWorth, kLeastNs, kTryNs);
    // Longer at once, shorter by and by.
    self.spin_ns = wanted > self.spin_ns ? wanted : self.spin_ns - (self.spin_ns - wanted) / 4;
    self.spin_sleeps = 0;
    self.spin_patience = 0;
}

void was_in_vain(bool put_off) noexcept {
    const u32 half = self.spin_ns / 2;
    self.spin_ns = put_off || half < kLeastNs ? 0 : half;
    self.spin_sleeps = 0;
    self.spin_patience = between(u64{self.spin_patience} * 2, kFirstPatience, kMostPatience);
}

// How long this time.
u32 budget() noexcept {
    if (self.spin_ns != 0) return self.spin_ns;
    if (processors() < 2 || ++self.spin_sleeps <= self.spin_patience) return 0;
    return kTryNs;
}

}  // namespace

bool spin(shm::Thread& me, u32 sequence) noexcept {
    const u32 budget_ns = budget();
    if (budget_ns == 0) return decided(me, sequence);
    const u64 begun = now_ns();
    for (u64 seen = begun;;) {
        for (u32 i = 0; i < kLooks; ++i) {
            if (decided(me, sequence)) {
                was_worth_while(seen - begun);
                return true;
            }
            relax();
        }
        const u64 now = now_ns();
        if (now - seen > kPutOffNs || now - begun >= budget_ns) {
            was_in_vain(now - seen > kPutOffNs);
            return decided(me, sequence);
        }
        seen = now;
    }
}

}  // namespace winshim::wait
