// guard.cpp - guards: entering, repair after a death, leaving.
#include "shim/wait/guard.h"

#include <pthread.h>

#include "shim/shm/bell.h"
#include "shim/shm/files.h"
#include "shim/shm/seed.h"
#include "shim/shm/slots.h"
#include "shim/wait/deferred.h"
#include "shim/wait/timers.h"
#include "shim/wait/wait_word.h"
#include "shim/wait/watch.h"

namespace winshim::wait {
namespace {

u32 count_slots(u32 object) noexcept {
    u32 found = 0;
    for (u32 i = shm::thread_count(); i-- != 0;)
        if (const shm::Thread& t = shm::thread(i);
            t.object.get() == object && t.slot.load(std::memory_order_acquire) != shm::Slot::free)
            ++found;
    for (u32 i = shm::process_count(); i-- != 0;)
        if (const shm::Process& p = shm::process(i); p.slot.load(std::memory_order_acquire) != shm::Slot::free)
            found += (p.object.get() == object ? 1u : 0u) + (p.primary.get() == object ? 1u : 0u);
    return found;
}

// Counts what refers to this object: references are derived from the handle entries of all tables, and from the thread
// and process slots (a thread's or process's own object).
u32 count_references(u32 object, u32 generation) noexcept {
    const u32 chunks = shm::chunk_count();
    const u64 wanted = (u64{object} << 44) | (u64{generation} << 16);
    u32 found = count_slots(object);
    for (u32 c = 0; c < chunks; ++c) {
        if (shm::header().chunk_owner[c].load(std::memory_order_acquire) == 0) continue;
        for (auto& entry : shm::chunk(c).entry)
            if ((entry.load(std::memory_order_acquire) & ~0xFFFFull) == wanted) ++found;
    }
    return found;
}

// The last holder died, anywhere in its section. What it may have left, and what mends it:
//   a grant between word and disarming       -> finished from the block
//   half-changed links or counts             -> rebuilt from the armed blocks, in ticket order
//   an entry written without its count       -> references counted anew
//   a signal stored without its pump         -> due = 1
// It does not ask whether the dead thread's life lock is marked yet: its guards come free first.
void repair(shm::Object& x, u32 object) noexcept {
    x.head.set(0);
    x.tail.set(0);
    x.pins.set(0);
    x.all_waits.set(0);
    const u64 s = x.state.load(std::memory_order_acquire);
    if (state::phase(s) != state::kLive) return;  // died making or destroying it: nothing refers to it
    x.state.fetch_or(state::kSlow, std::memory_order_acq_rel);
    const u32 threads = shm::thread_count();
    for (u32 slot = 0; slot < threads; ++slot) {
        shm::Thread& thread = shm::thread(slot);
        if (thread.slot.load(std::memory_order_acquire) == shm::Slot::free) continue;
        const u32 blocks = shm::block_count(thread);
        for (u32 i = 0; i < blocks; ++i) {
            shm::Block& block = thread.block[i];
            if (block.armed.load(std::memory_order_acquire) == shm::kDisarmed || block.object.get() != object) continue;
            block.prev.set(0);
            queue::insert_by_ticket(x, block_ref(slot, i));
            if (wait_word::granted_by(thread.word.load(std::memory_order_acquire), block.sequence.get(), i))
                finish(x, block_ref(slot, i));
        }
    }
    x.refs.set(count_references(object, state::generation(s)));
    if (!seeded(Pitfall::repair_owes_nothing)) x.due.set(1);
}

bool take_guard(shm::Object& x, u32 object) noexcept {
    switch (shm::take(x.guard)) {
        case shm::Taken::plain: return true;
        case shm::Taken::broken: return false;
        case shm::Taken::owner_died: break;
    }
    repair(x, object);
    shm::made_consistent(x.guard);
    return true;
}

// A mutant whose owner is dead becomes free and abandoned in one store: with two, a death in between would lose the
// report. Returns true if it did that: a pump is owed then.
bool abandon_if_owner_dead(shm::Object& x) noexcept {
    const u64 s = x.state.load(std::memory_order_acquire);
    if (!owner_dead(rule_of(x), s)) return false;
    if (seeded(Pitfall::abandon_in_two_stores)) x.state.store(state::with_value(s, 0) | state::kSlow);
    x.state.store(state::with_value(s, 0) | state::kAbandoned | state::kSlow, std::memory_order_release);
    return true;
}

bool pulsing(shm::Object& x) noexcept {
    return rule_of(x) != Rule::mutant && (x.state.load(std::memory_order_relaxed) & state::kPulsing) != 0;
}

// With the guard held and SLOW set: everything that those before owe.
void catch_up(shm::Object& x, u32 object) noexcept {
    const bool signaled_now = abandon_if_owner_dead(x) || catch_up_timer(x);
    if (!signaled_now && x.due.get() == 0 && !pulsing(x)) return;
    pump(x, object);
    end_pulse(x);
    x.due.set(0);
}

// Before the guard is released: SLOW goes when nobody waits and no time is going to fire it (its last store, so that
// from here on the fast paths may), and the object when nobody refers to it.
bool tidy(shm::Object& x, u32 object) noexcept {
    if (x.pins.get() != 0) return false;
    // acquire: whoever brought it to life without the guard (handle/birth.cpp) has counted its handle before.
    const u64 s = x.state.load(std::memory_order_acquire);
    if (state::phase(s) != state::kLive) return false;
    if (x.refs.get() == 0) {
        if (x.name.get() != 0) shm::header().stale_names.fetch_add(1, std::memory_order_relaxed);
        shm::free_object(object);
        if (WINSHIM_UNLIKELY(x.file.get() != 0)) shm::files::remove_later(object, state::generation(s));
        return true;
    }
    // Without SLOW the word is not ours to store: whoever came here with a handle to the slot's last tenant has not set
    // it, and a signal of the present one by the fast path would be wiped out.
    if ((s & state::kSlow) != 0 && x.due.get() == 0 && !timer::pending(x))
        x.state.store(s & ~state::kSlow, std::memory_order_release);
    return false;
}

enum class Expect { generation, nothing };

Status enter_guard(u32 object, u32 generation, Expect expect, bool& took_all) noexcept {
    shm::Object& x = shm::object(object);
    if (object == 0 || object >= shm::object_count()) return Status::invalid_handle;
    for (;;) {
        if (!take_guard(x, object)) {
            if (took_all) unlock_all();
            return Status::file_corrupt;
        }
        if (x.all_waits.get() == 0 || self.holds_all != 0) break;
        shm::release(x.guard);
        if (!lock_all()) return Status::file_corrupt;
        took_all = true;
    }
    const u64 s = x.state.load(std::memory_order_acquire);
    if (expect == Expect::generation ? !state::is_live(s, generation) : state::phase(s) != state::kLive) {
        tidy(x, object);  // what is there now may have been left without a reference by the dead
        shm::release(x.guard);
        if (took_all) unlock_all();
        settle();
        return Status::invalid_handle;
    }
    // The value that this operation returns decides: a fast-path signal before it is seen, one after it sees SLOW.
    x.state.fetch_or(state::kSlow, std::memory_order_acq_rel);
    catch_up(x, object);
    return Status::success;
}

}  // namespace

Status enter(Entry& entry, Target target) noexcept {
    entry.index_ = target.object;
    return enter_guard(target.object, target.generation, Expect::generation, entry.took_all_);
}

bool enter_new(Entry& entry, u32 object) noexcept {
    entry.index_ = object;
    return take_guard(shm::object(object), object);
}

bool enter_pinned(Entry& entry, u32 object) noexcept {
    entry.index_ = object;
    return enter_guard(object, 0, Expect::nothing, entry.took_all_) == Status::success;
}

bool leave(Entry& entry) noexcept {
    shm::Object& x = entry.x();
    if (self.pump_missed != 0) x.due.set(1);
    self.pump_missed = 0;
    const bool destroyed = tidy(x, entry.index_);
    shm::release(x.guard);
    if (entry.took_all_) unlock_all();
    entry.took_all_ = false;
    settle();
    return destroyed;
}

// ALL protects no data: a dead holder's guards tell the rest.
bool lock_all() noexcept {
    switch (shm::take(shm::header().all)) {
        case shm::Taken::broken: return false;
        case shm::Taken::owner_died: shm::made_consistent(shm::header().all); break;
        case shm::Taken::plain: break;
    }
    self.holds_all = 1;
    return true;
}

void unlock_all() noexcept {
    while (self.owed_count != 0) {
        Entry entry;
        if (enter_pinned(entry, self.owed[--self.owed_count])) leave(entry);
    }
    self.holds_all = 0;
    shm::release(shm::header().all);
}

bool take_beside(u32 object) noexcept {
    shm::Object& x = shm::object(object);
    if (object == 0 || object >= shm::object_count() || !take_guard(x, object)) return false;
    if (state::phase(x.state.load(std::memory_order_acquire)) == state::kLive) {
        x.state.fetch_or(state::kSlow, std::memory_order_acq_rel);
        if (seeded(Pitfall::pump_beside_guards)) catch_up(x, object);
        if (abandon_if_owner_dead(x) || catch_up_timer(x)) x.due.set(1);
    }
    return true;
}

void drop_beside(u32 object) noexcept {
    shm::Object& x = shm::object(object);
    // A list that is full forgets: `due` stays, and the waiters' own look does it.
    if (x.due.get() != 0 && x.pins.get() != 0 && self.owed_count < shm::kMaxWait) self.owed[self.owed_count++] = object;
    tidy(x, object);
    shm::release(x.guard);
}

void finish(shm::Object& x, BlockRef ref) noexcept {
    const shm::Block& block = at(ref).block;
    const u64 next = block.next_state.get();
    // A block of another generation cannot be (its armed block pins the object): then it is not ours to believe.
    if (state::is_live(next, state::generation(x.state.load(std::memory_order_relaxed)))) {
        if (rule_of(x) == Rule::mutant) x.rec.set(block.next_rec.get());
        // SLOW stays until the block is disarmed: a fast-path signal in between would be wiped out if this store had to
        // be repeated after a death.
        x.state.store(seeded(Pitfall::slow_off_too_early) ? next & ~state::kSlow : next | state::kSlow,
                      std::memory_order_release);
    }
    queue::disarm(x, ref);
}

void begin_pulse(shm::Object& x) noexcept {
    const u64 s = x.state.load(std::memory_order_relaxed);
    x.state.store(state::with_value(s, state::cleared(state::value(s))) | state::kPulsing | state::kSlow,
                  std::memory_order_release);
}

void end_pulse(shm::Object& x) noexcept {
    if (pulsing(x))
        x.state.store(x.state.load(std::memory_order_relaxed) & ~state::kPulsing, std::memory_order_release);
}

constinit std::atomic<void (*)() noexcept> obey{nullptr};

void ring_later(u32 slot) noexcept {
    if (self.ring_count < shm::kMaxThreads) self.ring[self.ring_count++] = slot;
}

void settle_now() noexcept {
    while (self.depth.load(std::memory_order_relaxed) == 0) {
        if (self.ring_count == 0 && self.bump_count == 0 && self.gone_count == 0) {
            const u32 deferred = self.deferred_count.load(std::memory_order_relaxed);
            if ((deferred & kRunning) != 0) return;
            if (deferred != 0) {
                run_deferred();
                continue;
            }
            // Last: it may stand still for ever.
            if (self.interrupted.load(std::memory_order_relaxed) == 0) return;
            obey.load()();
            continue;
        }
        // Counts as holding something: a handler that comes now defers its signal, and does not touch these lists. And
        // ringing opens files: cancelled there, the thread would count so for ever.
        int cancel = 0;
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
        self.depth.store(1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        for (u32 i = 0; i < self.ring_count; ++i) bell::ring(self.ring[i]);  // in the order of the queue
        self.ring_count = 0;
        while (self.bump_count != 0) watch::bump_process(self.bump[--self.bump_count]);
        if (WINSHIM_UNLIKELY(self.gone_count != 0)) shm::files::remove_noted();
        std::atomic_signal_fence(std::memory_order_seq_cst);
        self.depth.store(0, std::memory_order_relaxed);
        pthread_setcancelstate(cancel, &cancel);
    }
}

}  // namespace winshim::wait
