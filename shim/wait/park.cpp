// park.cpp - a short spin, then the bell, never longer than a second at a time.
//
// Purpose     The floor under every promise: a parked thread wakes at least once a second and looks whether somebody
//             died with something undone (the bell not rung, a pump owed, a guard owner-dead, a mutex whose owner is
//             dead). It costs a few loads, and is not what makes waits prompt. The due times of timers are another
//             matter: who waits for one sleeps no longer than until then, and its look fires it.
#include "shim/wait/park.h"

#include <pthread.h>

#include "shim/object/kind.h"
#include "shim/shm/bell.h"
#include "shim/shm/seed.h"
#include "shim/wait/guard.h"
#include "shim/wait/spin.h"
#include "shim/wait/timers.h"
#include "shim/wait/watch.h"

namespace winshim::wait {
namespace {

constexpr u64 kLookEveryNs = kNsPerSecond;

bool needs_help(shm::Object& x) noexcept {
    const u64 s = x.state.load(std::memory_order_acquire);
    const bool owned = rule_of(x) == Rule::mutant && state::value(s) != 0 && !seeded(Pitfall::owner_not_watched);
    return x.due.get() != 0 || shm::holder_died(x.guard) || (timer::is_timer(x) && is_due(timer::due_word(x))) ||
           (owned && (state::value(s) > shm::thread_count() || !shm::alive_for_sure(shm::thread(state::value(s) - 1))));
}

// Whoever this waits for may have been killed; nobody else need have noticed.
void look_for_its_end(shm::Object& x) noexcept {
    const Kind kind = static_cast<Kind>(x.type.get());
    const watch::Sweep sweep = watch::sweep.load(std::memory_order_acquire);
    if ((kind == Kind::thread || kind == Kind::process) && sweep != nullptr) sweep();
}

// The look: entering the guard heals whatever it is.
void look(shm::Thread& me, bool thorough) noexcept {
    const u32 count = shm::block_count(me);
    for (u32 i = 0; i < count; ++i) {
        const shm::Block& block = me.block[i];
        if (block.armed.load(std::memory_order_acquire) == shm::kDisarmed) continue;
        const u32 object = block.object.get();
        Entry entry;
        if (thorough) look_for_its_end(shm::object(object));
        if (needs_help(shm::object(object)) && enter_pinned(entry, object)) leave(entry);
    }
}

bool waits_for_mutex(shm::Thread& me) noexcept {
    const u32 count = shm::block_count(me);
    for (u32 i = 0; i < count; ++i) {
        const shm::Block& block = me.block[i];
        if (block.armed.load(std::memory_order_acquire) != shm::kDisarmed &&
            rule_of(shm::object(block.object.get())) == Rule::mutant)
            return true;
    }
    return false;
}

u64 earlier_of(u64 a, u64 b) noexcept { return a < b ? a : b; }

// The earliest due time of the timers that it waits for, as a deadline. Read after its word says that it sleeps: who
// sets a timer rings those of whom it sees that they sleep (timers.cpp).
u64 earliest_due(shm::Thread& me) noexcept {
    u64 earliest = kForever;
    bool ordered = false;
    const u32 count = shm::block_count(me);
    for (u32 i = 0; i < count; ++i) {
        const shm::Block& block = me.block[i];
        if (block.armed.load(std::memory_order_acquire) == shm::kDisarmed) continue;
        const shm::Object& x = shm::object(block.object.get());
        if (WINSHIM_LIKELY(!timer::is_timer(x))) continue;
        if (!ordered) std::atomic_thread_fence(std::memory_order_seq_cst);
        ordered = true;
        earliest = earlier_of(earliest, wake_at(timer::due_word(x)));
    }
    return earliest;
}

// In an alertable wait: when the next completion routine of a timer is due; those that are due now end it.
u64 next_routine(shm::Thread& me, u32 sequence, u64 w) noexcept {
    if (WINSHIM_LIKELY(self.routines.load(std::memory_order_relaxed) == 0 || (w & wait_word::kAlertable) == 0))
        return kForever;
    const u64 due = expire_routines.load(std::memory_order_acquire)();
    if (self.apcs.load(std::memory_order_relaxed) == 0) return due;
    wait_word::decide(me, sequence, wait_word::alerted);
    return 0;
}

bool others_attached(u32 process) noexcept {
    const u32 processes = shm::process_count();
    for (u32 i = 0; i < processes; ++i)
        if (i != process && shm::process(i).slot.load(std::memory_order_relaxed) != shm::Slot::free) return true;
    return false;
}

// Nothing is held here, so this is where a thread can be unwound, even one that is cancelled asynchronously. The C form
// of the cleanup: this library has no exceptions.
[[gnu::noinline]] void sleep(u32 slot, u64 until_ns, const Leaving& leaving) noexcept {
    pthread_cleanup_push(leaving.leave, leaving.wait);
    pthread_setcancelstate(leaving.cancel_state, nullptr);
    bell::sleep(slot, until_ns);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
    pthread_cleanup_pop(0);
}

}  // namespace

void park(u32 sequence, u64 deadline_ns, const Leaving& leaving) noexcept {
    const u32 slot = self.id - 1, epoch = self.epoch;
    shm::Thread& me = shm::thread(slot);
    if (spin(me, sequence, deadline_ns)) return;
    if (WINSHIM_UNLIKELY(!is_still(epoch))) return;
    bell::prepare(slot);
    settle();  // a signal that a handler sent meanwhile may be the very one that this wait is for
    u64 w = me.word.load(std::memory_order_acquire);
    while (wait_word::is_waiting(w, sequence) &&  // W6
           !me.word.compare_exchange_weak(w, w | wait_word::kParked, std::memory_order_acq_rel,
                                          std::memory_order_acquire)) {}
    // A short first sleep only where there may be an owner to watch: a timer that is the next to fire is dear to set.
    const watch::ParkedLong parked_long = watch::parked_long.load(std::memory_order_acquire);
    bool watched = parked_long == nullptr || !waits_for_mutex(me) || seeded(Pitfall::owner_not_watched);
    const u64 begun = now_ns();
    // For who looks on (look/waits.h), who reads the first word first.
    me.wait_until.set(deadline_ns);
    me.wait_since.value.store(begun, std::memory_order_release);
    while (!decided(me, sequence)) {
        const u64 routine = next_routine(me, sequence, w);  // first: the end of its time may have come later
        const u64 now = now_ns();
        if (now >= deadline_ns) {
            wait_word::decide(me, sequence, wait_word::timed_out);  // W4; if it loses, the wait has succeeded
            return;
        }
        const bool long_enough = watched || now >= begun + watch::kWatchAfterNs;
        if (!watched && long_enough && others_attached(me.process.load(std::memory_order_relaxed))) {
            watched = true;
            parked_long(slot, sequence);
        }
        u64 until = now + (long_enough ? kLookEveryNs : watch::kWatchAfterNs);
        if (seeded(Pitfall::unbounded_sleep)) until = kForever;
        until = earlier_of(earlier_of(until, deadline_ns), earlier_of(routine, earliest_due(me)));
        sleep(slot, until, leaving);
        if (WINSHIM_UNLIKELY(!is_still(epoch))) return bell::return_to_parent(slot);
        // Asking the kernel is for those who have slept for a full second.
        if (!decided(me, sequence)) look(me, now_ns() >= now + kLookEveryNs);
    }
}

}  // namespace winshim::wait
