// pump.cpp - the granter: hands an object's signal to its queue.
//
//   G1  block.next_state, next_rec = the object after this waiter's wait
//   G2  the waiter's word: waiting -> granted                              <- the grant: the one commit point
//   G3  object.rec, object.state = next_rec, next_state                    (finish)
//   G4  the block is disarmed: the waiter may leave                        (finish)
//   G5  the bell, after the guard is released
//
// A death after  leaves                                          and is repaired by
//   G1           a block with a meaningless next_state           nobody: it is read only behind "granted"
//   G2, G3       an armed block, "granted by it", a dead guard   the next enter (often the waiter's own): finish()
//   G4           a waiter granted and asleep                     its bounded sleep; or a rundown's bell
//
// A wait-all is committed the same way with one swap for all its blocks, under ALL and all guards: before G2 no state
// has changed; after it each object that was not yet stored has SLOW set and a dead guard, so that nobody can see it
// unhealed.
#include "shim/shm/seed.h"
#include "shim/wait/all.h"
#include "shim/wait/guard.h"
#include "shim/wait/wait_word.h"
#include "shim/wait/watch.h"

namespace winshim::wait {
namespace {

// Could anybody at all take something? (A mutant's owner never queues for it alone; its wait-alls are tried when their
// other objects are signaled.)
bool has_signal(Rule rule, u64 s) noexcept {
    return rule == Rule::mutant ? state::value(s) == 0 : signaled(rule, s, 0);
}

// The block leaves the queue without a grant: whoever stood behind it now follows somebody else.
void drop(shm::Object& x, BlockRef ref) noexcept {
    watch::predecessor_changes(x, at(ref).block.next.get());
    queue::disarm(x, ref);
}

bool grant(shm::Object& x, BlockRef ref) noexcept {
    BlockAt b = at(ref);
    const Consumed next = consume(rule_of(x), x.state.load(std::memory_order_relaxed), x.rec.get(), b.slot + 1);
    b.block.next_state.set(next.state | state::kSlow);  // G1
    b.block.next_rec.set(next.rec);
    const u64 outcome = wait_word::granted | (u64{b.index} << wait_word::kIndexShift) |
                        (next.abandoned ? wait_word::kAbandoned : 0);
    if (seeded(Pitfall::state_before_word)) x.state.store(next.state | state::kSlow);
    const u64 was = wait_word::decide(b.thread, b.block.sequence.get(), outcome);  // G2
    if (was == 0) return false;
    if (ref != x.head.get()) watch::predecessor_changes(x, x.head.get());
    finish(x, ref);                                            // G3, G4
    if ((was & wait_word::kParked) != 0) ring_later(b.slot);   // G5
    return true;
}

}  // namespace

void pump(shm::Object& x, u32 object) noexcept {
    const Rule rule = rule_of(x);
    BlockRef ref = x.head.get();
    // The bound is for a corrupted queue only: it has at most every block there is.
    for (u64 steps = u64{shm::thread_count()} * shm::kMaxWait; valid(ref) && steps != 0; --steps) {
        if (!has_signal(rule, x.state.load(std::memory_order_relaxed))) return;
        BlockAt b = at(ref);
        const BlockRef next = b.block.next.get();
        if (valid(next)) {  // a crowd lies scattered, and was last written by other processors
            const BlockAt ahead = at(next);
            __builtin_prefetch(&ahead.thread, 1);
            __builtin_prefetch(&ahead.block, 1);
        }
        const u64 w = b.thread.word.load(std::memory_order_acquire);
        if (!wait_word::is_waiting(w, b.block.sequence.get()) ||
            (!seeded(Pitfall::grant_to_the_dead) && !shm::alive(b.thread)))
            drop(x, ref);
        else if (b.block.armed.load(std::memory_order_relaxed) == shm::kArmedAll) try_all(b.slot, object);
        else if (!grant(x, ref)) drop(x, ref);
        ref = next;
    }
}

}  // namespace winshim::wait
