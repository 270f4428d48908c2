// engine.cpp - one wait from beginning to end.
//
//   begin    a new sequence number; the word says "waiting"
//   arm      object by object in index order: take the signal that is there, or arm a block and queue it
//   decide   time-out 0 is decided by the same swap as everything else: exact, the lowest index first
//   park     until somebody has decided the word
//   disarm   what is still armed; a block that is disarmed is finished, and its object needs no lock
//   end      the result is read from the word alone
//
// A thread that is cancelled in its sleep decides "timed out", or finds that it has been granted something and gives
// that back, and disarms; then its own cleanup handlers run.
//
// A death at any point leaves armed blocks of a dead thread, which the next pump or the rundown takes away.
#include "shim/wait/engine.h"

#include "shim/shm/seed.h"
#include "shim/wait/all.h"
#include "shim/wait/change.h"
#include "shim/wait/park.h"
#include "shim/wait/timers.h"
#include "shim/wait/watch.h"

namespace winshim::wait {
namespace {

constexpr Outcome failed(Status status) noexcept { return {Ended::failed, 0, status}; }

shm::Thread& me() noexcept { return shm::thread(self.id - 1); }

u32 begin(u32 count, bool alertable) noexcept {
    self.waiting.store(1, std::memory_order_relaxed);
    const u32 sequence = ++self.sequence;
    // Who looks on (look/waits.cpp) reads the word, the fields, and the word again: if it has read a field of this
    // wait, it sees that the wait before it is over (W7).
    std::atomic_thread_fence(std::memory_order_release);
    me().block_count.set(count);
    me().wait_since.set(0);
    // W1, release: whoever reads this word reads the count, too.
    me().word.store(wait_word::make(sequence, wait_word::waiting) | (alertable ? wait_word::kAlertable : 0),
                    std::memory_order_release);
    return sequence;
}

void disarm(u32 index) noexcept {
    shm::Block& block = me().block[index];
    Entry entry;
    // acquire: disarmed means that the granter is done with the block.
    if (block.armed.load(std::memory_order_acquire) == shm::kDisarmed) return;
    if (!enter_pinned(entry, block.object.get())) {
        block.armed.store(shm::kDisarmed, std::memory_order_release);  // an armed block pins its object: damage
        return;
    }
    const BlockRef ref = block_ref(self.id - 1, index);
    if (block.armed.load(std::memory_order_relaxed) != shm::kDisarmed) {
        watch::predecessor_changes(entry.x(), block.next.get());
        queue::disarm(entry.x(), ref);
    }
    leave(entry);
}

// Ends the wait: nothing armed is left, the word is read. `mutexes` says which objects are mutants (bit by index).
Outcome end(u32 count, bool all, u64 mutexes) noexcept {
    bool armed = false;
    for (u32 i = 0; i < count; ++i)
        armed = armed || me().block[i].armed.load(std::memory_order_acquire) != shm::kDisarmed;
    if (seeded(Pitfall::leave_while_armed) && wait_word::phase(me().word.load()) == wait_word::granted) armed = false;
    if (armed) {
        const bool have_all = all && count > 1 && lock_all();  // once for all blocks, instead of once for each
        for (u32 i = 0; i < count; ++i) disarm(i);
        if (have_all) unlock_all();
        settle();
    }
    const u64 w = me().word.load(std::memory_order_acquire);
    me().word.store(wait_word::make(wait_word::sequence(w), wait_word::idle), std::memory_order_relaxed);  // W7
    const bool ours = wait_word::sequence(w) == self.sequence;  // a handler that waits from here on counts it up
    const u32 index = wait_word::index(w);
    // Before `waiting` says that there is nothing to look for (Self::owned).
    if (ours && wait_word::phase(w) == wait_word::granted) {
        if (index == wait_word::kIndexAll) self.owned += static_cast<u32>(__builtin_popcountll(mutexes));
        else if (index < count) self.owned += static_cast<u32>(mutexes >> index & 1);
    }
    std::atomic_signal_fence(std::memory_order_seq_cst);
    self.waiting.store(0, std::memory_order_relaxed);
    if (!ours) return failed(Status::file_corrupt);
    switch (wait_word::phase(w)) {
        case wait_word::granted: break;
        case wait_word::timed_out: return {Ended::timeout, 0, Status::success};
        case wait_word::alerted: return {Ended::alerted, 0, Status::success};
        default: return failed(Status::file_corrupt);
    }
    if (index == wait_word::kIndexAll ? !all : index >= count) return failed(Status::file_corrupt);
    const bool abandoned = (w & wait_word::kAbandoned) != 0;
    return {abandoned ? Ended::abandoned : Ended::object, index == wait_word::kIndexAll ? 0 : index, Status::success};
}

// Takes the object's signal for the caller's own wait, word first: a death between word and state leaves the signal.
// Needs the guard. Returns false if somebody else has decided the wait.
bool take_now(shm::Object& x, u32 sequence, u32 index) noexcept {
    const Consumed next = consume(rule_of(x), x.state.load(std::memory_order_relaxed), x.rec.get(), self.id);
    const u64 outcome = wait_word::granted | (u64{index} << wait_word::kIndexShift) |
                        (next.abandoned ? wait_word::kAbandoned : 0);
    if (wait_word::decide(me(), sequence, outcome) == 0) return false;
    if (rule_of(x) == Rule::mutant) x.rec.set(next.rec);
    x.state.store(next.state | state::kSlow, std::memory_order_release);
    return true;
}

// An alertable wait that nothing has satisfied is over if a call is queued. Whoever queues one counts it, then looks at
// the word; we have stored the word, then look at the count: one of the two sees the other.
void notice_apcs(u32 sequence, bool alertable) noexcept {
    if (!alertable) return;
    if (self.routines.load(std::memory_order_relaxed) != 0) expire_routines.load(std::memory_order_acquire)();
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (self.apcs.load(std::memory_order_relaxed) != 0) wait_word::decide(me(), sequence, wait_word::alerted);
}

// The caller owns this mutex, and cannot acquire it once more.
bool owned_to_the_limit(shm::Object& x) noexcept {
    return rule_of(x) == Rule::mutant && state::value(x.state.load(std::memory_order_relaxed)) == self.id &&
           x.rec.get() >= kMaxRecursion;
}

enum class Armed { going_on, decided, failed };

// One object of an any-wait: takes it or arms on it.
Armed take_or_arm(const Target& target, u32 sequence, u32 index, bool arm, Status& status) noexcept {
    Entry entry;
    const u64 early = seeded(Pitfall::look_before_flag) ? shm::object(target.object).state.load() : 0;
    status = enter(entry, target);
    if (status != Status::success) return Armed::failed;
    shm::Object& x = entry.x();
    const u64 s = seeded(Pitfall::look_before_flag) ? early : x.state.load(std::memory_order_acquire);
    Armed result = Armed::going_on;
    if (!wait_word::is_waiting(me().word.load(std::memory_order_acquire), sequence)) {
        result = Armed::decided;  // by an object armed before this one
    } else if (signaled(rule_of(x), s, self.id)) {
        if (owned_to_the_limit(x)) {
            status = Status::mutant_limit_exceeded;
            result = Armed::failed;
        } else {
            take_now(x, sequence, index);
            result = Armed::decided;
        }
    } else if (arm) {
        queue::arm(x, target.object, block_ref(self.id - 1, index), shm::kArmedAny, sequence);
        queue::append(x, block_ref(self.id - 1, index));
    }
    leave(entry);
    return result;
}

u64 unowned_mutexes(const Request& request) noexcept {
    u64 bits = 0;
    for (u32 i = 0; i < request.count; ++i) {
        shm::Object& x = shm::object(request.targets[i].object);
        if (rule_of(x) == Rule::mutant && state::value(x.state.load(std::memory_order_relaxed)) != self.id)
            bits |= 1ull << i;
    }
    return bits;
}

Status arm_any(const Request& request, u32 sequence, u32 epoch) noexcept {
    // A poll of one object needs no block: its answer is one look under the guard.
    const bool arm = request.count > 1 || request.timeout_ms != 0;
    SeenObjects seen;
    for (u32 i = 0; i < request.count && is_still(epoch); ++i) {
        if (seen.before(request.targets, i)) continue;
        Status status;
        switch (take_or_arm(request.targets[i], sequence, i, arm, status)) {
            case Armed::going_on: continue;
            case Armed::decided: return Status::success;
            case Armed::failed: return status;
        }
    }
    return Status::success;
}

// A wait that is asleep, for the case that its thread is cancelled.
struct Asleep {
    const Request& request;
    u32 sequence;
    u64 mutexes;  // as for end()
    u32 epoch;    // of its thread
};

// The wait of a cancelled thread took this, and nobody will be told. A mutex that was abandoned before stays with the
// thread: its end abandons it again, and the next owner is told.
void give_back(Target target, bool newly_owned, bool abandoned) noexcept {
    const Rule rule = rule_of(shm::object(target.object));
    if (rule == Rule::mutant && (abandoned || !newly_owned)) {
        if (!newly_owned) shm::object(target.object).rec.set(shm::object(target.object).rec.get() - 1);
        return;
    }
    const Status done = change_guarded(target, [rule](shm::Object& x, u64 s) {
        return Change{winshim::give_back(rule, s, x.limit.get(), self.id)};
    });
    if (rule == Rule::mutant && done == Status::success) --self.owned;
}

// Runs on the stack of the wait, which is cut off afterwards: the wait is left, disarmed, and has consumed nothing.
void leave_cancelled(void* argument) noexcept {
    const Asleep& asleep = *static_cast<const Asleep*>(argument);
    const Request& request = asleep.request;
    if (!is_still(asleep.epoch)) return;
    const bool all = request.all && request.count > 1;
    wait_word::decide(me(), asleep.sequence, wait_word::timed_out);
    const Outcome outcome = end(request.count, all, asleep.mutexes);
    if (outcome.how != Ended::object && outcome.how != Ended::abandoned) return;
    for (u32 i = 0; i < request.count; ++i)
        if (all || i == outcome.index)
            give_back(request.targets[i], (asleep.mutexes >> i & 1) != 0, outcome.how == Ended::abandoned);
}

// In a child that a handler has forked out of this wait. The wait, its word and its blocks are the parent's, which is
// still in it.
[[gnu::cold, gnu::noinline]] Outcome leave_to_parent() noexcept {
    self.waiting.store(0, std::memory_order_relaxed);
    return failed(Status::possible_deadlock);
}

}  // namespace

Outcome wait(const Request& request) noexcept {
    if (self.waiting.load(std::memory_order_relaxed) != 0 || self.depth.load(std::memory_order_relaxed) != 0)
        return failed(Status::possible_deadlock);
    const Uncancelled uncancelled;
    const u64 deadline = request.timeout_ms == 0 ? 0 : deadline_after(request.timeout_ms);
    const u64 mutexes = unowned_mutexes(request);
    const bool all = request.all && request.count > 1;
    const u32 epoch = self.epoch;
    const u32 sequence = begin(request.count, request.alertable);
    const Status status = all ? arm_all(sequence, request.targets, request.count, request.timeout_ms == 0)
                              : arm_any(request, sequence, epoch);
    if (WINSHIM_UNLIKELY(!is_still(epoch))) return leave_to_parent();
    if (status == Status::success) notice_apcs(sequence, request.alertable);
    Asleep asleep{request, sequence, mutexes, epoch};
    if (status != Status::success || request.timeout_ms == 0) wait_word::decide(me(), sequence, wait_word::timed_out);
    else park(sequence, deadline, {leave_cancelled, &asleep, uncancelled.before()});
    if (WINSHIM_UNLIKELY(!is_still(asleep.epoch))) return leave_to_parent();
    const Outcome outcome = end(request.count, all, mutexes);
    if (WINSHIM_UNLIKELY(!is_still(epoch))) return leave_to_parent();
    // An object that vanished makes the wait fail, unless another one had already satisfied it.
    return status != Status::success && outcome.how == Ended::timeout ? failed(status) : outcome;
}

void alert(u32 slot) noexcept {
    shm::Thread& thread = shm::thread(slot);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const u64 w = thread.word.load(std::memory_order_acquire);
    if ((w & wait_word::kAlertable) == 0) return;
    const u64 was = wait_word::decide(thread, wait_word::sequence(w), wait_word::alerted);  // W5
    if ((was & wait_word::kParked) != 0) ring_later(slot);
}

Status pulse(Target target) noexcept {
    Entry entry;
    if (const Status s = enter(entry, target); s != Status::success) return s;
    begin_pulse(entry.x());  // a death from here on: the next to enter goes on to the end
    pump(entry.x(), entry.index());
    end_pulse(entry.x());
    leave(entry);
    return Status::success;
}

namespace {

// Holding ALL: takes the guards of one or two objects with nothing owed to the dead on them.
// False: an object is gone; nothing is held then but ALL.
bool take_pair(Target first, Target second) noexcept {
    const bool two = first.object != second.object;
    for (u32 round = 0; round < kMostRounds; ++round) {
        if (!take_beside(first.object)) return false;
        if (two && !take_beside(second.object)) {
            drop_beside(first.object);
            return false;
        }
        shm::Object& x = shm::object(first.object);
        shm::Object& y = shm::object(second.object);
        const bool live = state::is_live(x.state.load(std::memory_order_acquire), first.generation) &&
                          state::is_live(y.state.load(std::memory_order_acquire), second.generation);
        const bool due = x.due.get() != 0 || y.due.get() != 0;
        if (live && !due) return true;
        if (two) drop_beside(second.object);
        drop_beside(first.object);
        if (!live) return false;
        for (const Target& t : {first, second}) {
            Entry entry;
            if (enter(entry, t) == Status::success) leave(entry);
        }
    }
    return false;
}

void take_or_queue(Target target, u32 sequence, bool queue_it) noexcept {
    shm::Object& x = shm::object(target.object);
    if (signaled(rule_of(x), x.state.load(std::memory_order_acquire), self.id)) {
        take_now(x, sequence, 0);
    } else if (queue_it) {
        queue::arm(x, target.object, block_ref(self.id - 1, 0), shm::kArmedAny, sequence);
        queue::append(x, block_ref(self.id - 1, 0));
    }
}

// Holding ALL and both guards: the signal, with the caller queued on the other object before anybody is released.
Status exchange(Target first, SignalFunction signal, Target second, u32 sequence, bool queue_it) noexcept {
    shm::Object& x = shm::object(first.object);
    const bool two = first.object != second.object;
    Change c = signal(x, x.state.load(std::memory_order_acquire));
    if (two && c.status == Status::success && owned_to_the_limit(shm::object(second.object)))
        c.status = Status::mutant_limit_exceeded;
    if (c.status == Status::success) {
        if (two) take_or_queue(second, sequence, queue_it);
        if (rule_of(x) == Rule::mutant && x.rec.get() > 1) {
            x.rec.set(x.rec.get() - 1);
        } else {
            x.state.store(c.state | state::kSlow, std::memory_order_release);
            if (rule_of(x) == Rule::mutant) --self.owned;
        }
    }
    if (two) drop_beside(second.object);
    if (c.status == Status::success) {
        pump(x, first.object);  // with the second guard released: the pump may want it
        if (!two) take_or_queue(second, sequence, queue_it);
    }
    drop_beside(first.object);
    return c.status;
}

}  // namespace

Outcome signal_and_wait(Target first, SignalFunction signal, Target second, u32 timeout_ms, bool alertable) noexcept {
    if (self.waiting.load(std::memory_order_relaxed) != 0 || self.depth.load(std::memory_order_relaxed) != 0)
        return failed(Status::possible_deadlock);
    const Uncancelled uncancelled;
    const u64 deadline = timeout_ms == 0 ? 0 : deadline_after(timeout_ms);
    const bool mutex_first = rule_of(shm::object(first.object)) == Rule::mutant;
    const Request request{&second, 1, false, alertable, timeout_ms};
    u64 mutexes = unowned_mutexes(request);
    if (first.object == second.object && mutex_first) mutexes = shm::object(first.object).rec.get() <= 1 ? 1 : 0;
    const u32 epoch = self.epoch;
    if (!lock_all()) return failed(Status::file_corrupt);
    const u32 sequence = begin(1, alertable);
    Status status = Status::invalid_handle;
    if (take_pair(first, second)) status = exchange(first, signal, second, sequence, timeout_ms != 0);
    unlock_all();
    settle();
    if (WINSHIM_UNLIKELY(!is_still(epoch))) return leave_to_parent();
    if (status == Status::success) notice_apcs(sequence, alertable);
    Asleep asleep{request, sequence, mutexes, epoch};
    if (status != Status::success || timeout_ms == 0) wait_word::decide(me(), sequence, wait_word::timed_out);
    else park(sequence, deadline, {leave_cancelled, &asleep, uncancelled.before()});
    if (WINSHIM_UNLIKELY(!is_still(asleep.epoch))) return leave_to_parent();
    const Outcome outcome = end(1, false, mutexes);
    if (WINSHIM_UNLIKELY(!is_still(epoch))) return leave_to_parent();
    return status != Status::success ? failed(status) : outcome;
}

}  // namespace winshim::wait
