// waits.cpp - reading the waits: threads, objects, threads again.
#include "shim/look/waits.h"

#include "shim/object/kinds.h"
#include "shim/shm/clock.h"
#include "shim/wait/wait_word.h"

namespace winshim::look {
namespace {

// What may change in the word of a wait that goes on.
constexpr u64 settled(u64 word) noexcept { return word & ~u64{wait_word::kParked}; }

bool is_asleep(const shm::Thread& t, u64 word) noexcept {
    return wait_word::phase(word) == wait_word::waiting && t.slot.load(std::memory_order_acquire) == shm::Slot::live &&
           t.wait_since.value.load(std::memory_order_acquire) != 0;
}

// The thread whose end the object of a thread shows; kNone: it has ended, or there is no telling.
u32 thread_behind(const shm::Object& x, u32 object) noexcept {
    const u32 slot = x.body[thread::kSlot].get() - 1;
    return slot < shm::thread_count() && shm::thread(slot).object.get() == object ? slot : kNone;
}
u32 process_behind(u32 object) noexcept {
    const u32 processes = shm::process_count();
    for (u32 i = 0; i < processes; ++i)
        if (shm::process(i).object.get() == object && shm::process(i).slot.load() != shm::Slot::free) return i;
    return kNone;
}

void read_mutex(Claim& claim, u32 slot) noexcept {
    const u32 owner = state::value(claim.state);
    const bool other = owner != 0 && owner - 1 != slot && owner - 1 < shm::thread_count();
    claim.needs = other && lives(shm::thread(owner - 1)) ? Needs::thread : Needs::nobody;
    claim.holder = owner - 1;
}

void read_claim(Claim& claim, u32 slot) noexcept {
    const shm::Object& x = shm::object(claim.object);
    claim.state = x.state.load(std::memory_order_acquire);
    claim.generation = state::generation(claim.state);
    claim.kind = static_cast<Kind>(x.type.get());
    const bool there = state::phase(claim.state) == state::kLive;
    claim.needs = Needs::nobody;
    if (!there) return;  // damage: nothing can be concluded from it
    const auto rule = static_cast<Rule>(x.rule.get());
    if (rule == Rule::mutant) return read_mutex(claim, slot);
    if (signaled(rule, claim.state & ~state::kPulsing, 0)) return;
    claim.needs = claim.kind == Kind::timer && timer::pending(x) ? Needs::time : Needs::anybody;
    if (claim.kind == Kind::thread && (claim.holder = thread_behind(x, claim.object)) != kNone)
        claim.needs = lives(shm::thread(claim.holder)) ? Needs::thread : Needs::nobody;  // a death has to be noticed
    if (claim.kind == Kind::process && (claim.holder = process_behind(claim.object)) != kNone)
        claim.needs = Needs::process;
}

}  // namespace

bool Waits::read_threads() noexcept {
    const u32 threads = shm::thread_count();
    for (u32 slot = 0; slot < threads; ++slot) {
        const shm::Thread& t = shm::thread(slot);
        const u64 word = t.word.load(std::memory_order_acquire);
        if (!is_asleep(t, word) || !lives(t) || process_of(t) == shm::kMaxProcesses) continue;
        Wait wait{};
        wait.slot = slot;
        wait.incarnation = t.incarnation.load(std::memory_order_acquire);
        wait.tid = t.tid.load(std::memory_order_acquire);
        wait.process = process_of(t);
        wait.pid = shm::process(wait.process).pid.load(std::memory_order_acquire);
        wait.word = settled(word);
        wait.since_ns = t.wait_since.get();
        wait.until_ns = t.wait_until.get();
        wait.alertable = (word & wait_word::kAlertable) != 0;
        wait.first = claims_.count();
        const u32 blocks = shm::block_count(t);
        for (u32 i = 0; i < blocks; ++i) {
            const shm::Block& block = t.block[i];
            const u32 armed = block.armed.load(std::memory_order_acquire);
            if (armed == shm::kDisarmed || block.sequence.get() != wait_word::sequence(word)) continue;
            wait.all = wait.all || armed == shm::kArmedAll;
            Claim claim{};
            claim.wait = waits_.count();
            claim.object = block.object.get();
            if (!claims_.add(claim)) return false;
        }
        wait.count = claims_.count() - wait.first;
        if (!waits_.add(wait)) return false;
    }
    return true;
}

void Waits::read_objects() noexcept {
    for (Claim& claim : claims_) read_claim(claim, waits_[claim.wait].slot);
}

// Those who have gone on meanwhile leave the list; their claims become nobody's.
void Waits::confirm_threads() noexcept {
    std::atomic_thread_fence(std::memory_order_acquire);
    u32 kept = 0, kept_claims = 0;
    for (u32 i = 0; i < waits_.count(); ++i) {
        Wait wait = waits_[i];
        const shm::Thread& t = shm::thread(wait.slot);
        const u64 word = t.word.load(std::memory_order_acquire);
        if (settled(word) != wait.word || !is_asleep(t, word) || t.incarnation.load() != wait.incarnation) continue;
        const u32 first = kept_claims;
        for (u32 c = 0; c < wait.count; ++c) {
            claims_[kept_claims] = claims_[wait.first + c];
            claims_[kept_claims++].wait = kept;
        }
        wait.first = first;
        waits_[kept++] = wait;
    }
    waits_.cut(kept);
    claims_.cut(kept_claims);
}

u32 Waits::first_of(u32 process) const noexcept {
    return by_process_.first_not([&](u32 wait) { return waits_[wait].process < process; });
}

u32 Waits::behind(const Claim& claim, u32 n) const noexcept {
    if (claim.needs == Needs::thread) return n == 0 ? wait_of(claim.holder) : kNone;
    if (claim.needs != Needs::process) return kNone;
    const u32 at = first_of(claim.holder) + n;
    return at < by_process_.count() && waits_[by_process_[at]].process == claim.holder ? by_process_[at] : kNone;
}

// The number of a process slot above that of the wait: so that a plain sort orders by process.
bool Waits::index() noexcept {
    List<u64> order;
    if (!by_slot_.fill(shm::thread_count())) return false;
    for (u32 i = 0; i < waits_.count(); ++i) {
        if (waits_[i].slot < by_slot_.count()) by_slot_[waits_[i].slot] = i + 1;
        if (!order.add((u64{waits_[i].process} << 32) | i)) return false;
    }
    order.sort([](const void* a, const void* b) {
        const u64 x = *static_cast<const u64*>(a), y = *static_cast<const u64*>(b);
        return x < y ? -1 : x > y;
    });
    by_process_.clear();
    for (const u64 item : order)
        if (!by_process_.add(static_cast<u32>(item))) return false;
    return true;
}

bool Waits::look() noexcept {
    waits_.clear();
    claims_.clear();
    knots_ = 0;
    bool done = read_threads();
    if (done) {
        read_objects();
        confirm_threads();
        done = index() && judge() && find_knots();
    }
    if (done) return true;
    waits_.clear();
    claims_.clear();
    by_slot_.clear();
    by_process_.clear();
    knots_ = 0;
    return false;
}

}  // namespace winshim::look
