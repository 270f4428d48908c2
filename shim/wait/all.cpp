// all.cpp - wait-all: the commit, and its two callers.
//
// Purpose     A wait-all takes nothing until everything is there, then everything by one swap of the waiter's word
//             (pump.cpp tells why a death cannot show a part). For this the immediate check arms its blocks, too.
// Locks       ALL, then the guards of all its objects, in any order: only ALL's holder takes a second guard, and
//             holders of one guard wait for nothing.
#include "shim/wait/all.h"

#include "shim/shm/seed.h"
#include "shim/wait/wait_word.h"

namespace winshim::wait {
namespace {

bool ready(shm::Object& y, u32 me) noexcept {
    return signaled(rule_of(y), y.state.load(std::memory_order_acquire), me);
}

// Needs ALL and the guards of all objects of the wait, its blocks armed, everything signaled for it.
void commit(u32 slot, u32 sequence) noexcept {
    shm::Thread& thread = shm::thread(slot);
    const u32 count = shm::block_count(thread);
    bool abandoned = false;
    for (u32 i = 0; i < count; ++i) {  // G1
        shm::Block& block = thread.block[i];
        shm::Object& y = shm::object(block.object.get());
        const Consumed next = consume(rule_of(y), y.state.load(std::memory_order_relaxed), y.rec.get(), slot + 1);
        block.next_state.set(next.state | state::kSlow);
        block.next_rec.set(next.rec);
        abandoned = abandoned || next.abandoned;
    }
    const u64 outcome = wait_word::granted | (u64{wait_word::kIndexAll} << wait_word::kIndexShift) |
                        (abandoned ? wait_word::kAbandoned : 0);
    const u64 was = wait_word::decide(thread, sequence, outcome);  // G2
    if (was == 0) return;
    for (u32 i = 0; i < count; ++i) {  // G3, G4, object by object
        const u32 object = thread.block[i].object.get();
        finish(shm::object(object), block_ref(slot, i));
    }
    if ((was & wait_word::kParked) != 0) ring_later(slot);  // G5
}

}  // namespace

void try_all(u32 slot, u32 held) noexcept {
    shm::Thread& thread = shm::thread(slot);
    const u32 sequence = wait_word::sequence(thread.word.load(std::memory_order_acquire));
    const u32 count = shm::block_count(thread);
    // A look without the other guards: their objects cannot become signaled while we hold ALL (their setters need it,
    // since all_waits > 0), so "not signaled" is an answer. Only a dead owner's mutant can be better than it looks.
    for (u32 i = 0; i < count; ++i) {
        const shm::Block& block = thread.block[i];
        if (block.armed.load(std::memory_order_acquire) != shm::kArmedAll) return;
        shm::Object& y = shm::object(block.object.get());
        if (!ready(y, slot + 1) && !owner_dead(rule_of(y), y.state.load(std::memory_order_acquire))) return;
    }
    u32 taken = 0;
    bool complete = true;
    for (; taken < count; ++taken) {
        const u32 object = thread.block[taken].object.get();
        if (object != held && !take_beside(object)) {
            complete = false;
            self.pump_missed = shm::out_of_patience() ? 1 : 0;
            break;
        }
        complete = complete && (seeded(Pitfall::all_without_guards) || ready(shm::object(object), slot + 1));
    }
    u32 objects[shm::kMaxWait];  // the waiter may leave, and reuse its blocks, as soon as the last one is disarmed
    for (u32 i = 0; i < taken; ++i) objects[i] = thread.block[i].object.get();
    if (complete) commit(slot, sequence);
    while (taken-- != 0)  // the last first: that is the shortest way out of the list of what is held
        if (objects[taken] != held) drop_beside(objects[taken]);
}

Status arm_all(u32 sequence, const Target* targets, u32 count, bool poll) noexcept {
    const u32 slot = self.id - 1;
    if (!lock_all()) return Status::file_corrupt;
    for (u32 round = 0;; ++round) {
        Status status = round < kMostRounds ? Status::success : Status::file_corrupt;
        u32 taken = 0;
        bool complete = true, due = false;
        for (; taken < count; ++taken) {
            if (!take_beside(targets[taken].object)) {
                status = Status::file_corrupt;
                break;
            }
            shm::Object& x = shm::object(targets[taken].object);
            const u64 s = x.state.load(std::memory_order_acquire);
            if (!state::is_live(s, targets[taken].generation)) status = Status::invalid_handle;
            else if (rule_of(x) == Rule::mutant && state::value(s) == self.id && x.rec.get() >= kMaxRecursion)
                status = Status::mutant_limit_exceeded;
            complete = complete && ready(x, self.id);
            due = due || x.due.get() != 0;
        }
        if (status == Status::success && !due && (complete || !poll)) {
            for (u32 i = 0; i < count; ++i) {
                shm::Object& x = shm::object(targets[i].object);
                queue::arm(x, targets[i].object, block_ref(slot, i), shm::kArmedAll, sequence);
                if (seeded(Pitfall::unarmed_wait_all) && complete) queue::disarm(x, block_ref(slot, i));
                if (!complete) queue::append(x, block_ref(slot, i));
            }
            if (complete) commit(slot, sequence);
        }
        while (taken != 0) drop_beside(targets[--taken].object);
        if (status == Status::success && due) {  // somebody died here: pump what is owed, one by one, and look again
            for (u32 i = 0; i < count; ++i) {
                Entry entry;
                if (enter(entry, targets[i]) == Status::success) leave(entry);
            }
            continue;
        }
        unlock_all();
        settle();
        return status;
    }
}

}  // namespace winshim::wait
