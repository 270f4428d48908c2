// rundown.cpp - the rundown of the dead.
#include "shim/process/rundown.h"

#include "shim/handle/foreign.h"
#include "shim/process/embryo.h"
#include "shim/process/identity.h"
#include "shim/shm/bell.h"
#include "shim/shm/clock.h"
#include "shim/shm/files.h"
#include "shim/shm/seed.h"
#include "shim/shm/slots.h"
#include "shim/wait/change.h"
#include "shim/wait/timers.h"
#include "shim/wait/wait_word.h"

namespace winshim::process {
namespace {

bool disarm_all(u32 slot) noexcept {
    bool complete = true;
    shm::Thread& thread = shm::thread(slot);
    for (u32 i = 0; i < shm::kMaxWait; ++i) {
        shm::Block& block = thread.block[i];
        wait::Entry entry;
        if (block.armed.load(std::memory_order_acquire) == shm::kDisarmed) continue;
        if (!wait::enter_pinned(entry, block.object.get())) {
            if (shm::out_of_patience()) {
                complete = false;
                continue;
            }
            block.armed.store(shm::kDisarmed, std::memory_order_release);  // its object cannot exist: damage
            continue;
        }
        queue::disarm(entry.x(), block_ref(slot, i));
        wait::leave(entry);
    }
    return complete;
}

// Mutexes that `slot` owns become abandoned, timers whose routine was to run in it cancelled, objects that it was
// making free; lost hints are mended, and what is left of ended objects is removed, by the way.
bool scan_objects(u32 slot) noexcept {
    bool complete = true;
    const u32 objects = shm::object_count();
    for (u32 i = 1; i < objects; ++i) {
        shm::Object& x = shm::object(i);
        u64 s = x.state.load(std::memory_order_acquire);
        // Somebody died in its guard, perhaps between its last reference and its end: nobody else may ever enter it
        // again.
        if (wait::Entry entry; state::phase(s) == state::kLive && shm::holder_died(x.guard) &&
                               wait::enter_pinned(entry, i))
            wait::leave(entry);
        s = x.state.load(std::memory_order_acquire);
        if (state::phase(s) == state::kFree) {
            shm::mend_hint(i);
            if (x.file.get() != 0) shm::files::remove_left(i);
        } else if (timer::is_timer(x) && state::phase(s) == state::kLive) {
            if (timer::setting(x).setter == slot + 1 &&
                wait::cancel_timer_of({i, state::generation(s)}, slot + 1) == Status::file_corrupt)
                complete = complete && !shm::out_of_patience();
        } else if (state::value(s) != slot + 1) {
            continue;
        } else if (state::phase(s) == state::kAllocating) {
            wait::Entry entry;  // its maker died: under the guard nobody else can be freeing it
            if (!wait::enter_new(entry, i)) {
                complete = complete && !shm::out_of_patience();
                continue;
            }
            s = x.state.load(std::memory_order_acquire);
            if (state::phase(s) == state::kAllocating && state::value(s) == slot + 1) shm::free_object(i);
            wait::leave(entry);
            if (x.file.get() != 0) shm::files::remove_left(i);
        } else if (static_cast<Rule>(x.rule.get()) == Rule::mutant) {
            const Status done = wait::change_guarded({i, state::generation(s)}, [slot](shm::Object&, u64 now) {
                const bool owns = state::value(now) == slot + 1;
                return Change{owns ? state::with_value(now, 0) | state::kAbandoned : now};
            });
            // Otherwise it is gone meanwhile, or broken: nothing to abandon.
            if (done == Status::file_corrupt && shm::out_of_patience()) complete = false;
        }
    }
    return complete;
}

// Somebody may have been granted by the dead and not rung.
void ring_decided() noexcept {
    const u32 threads = shm::thread_count();
    for (u32 i = 0; i < threads; ++i) {
        const u64 w = shm::thread(i).word.load(std::memory_order_acquire);
        const auto phase = wait_word::phase(w);
        if ((w & wait_word::kParked) != 0 && phase != wait_word::waiting && phase != wait_word::idle) bell::ring(i);
    }
}

// Dead, or half run down. (A slot in no known state is damage, and is treated alike.)
bool is_over(shm::Thread& thread) noexcept {
    const shm::Slot slot = thread.slot.load(std::memory_order_acquire);
    return slot == shm::Slot::live ? !shm::alive_for_sure(thread) : slot != shm::Slot::free;
}

void run_down_thread(u32 slot) noexcept {
    shm::Thread& thread = shm::thread(slot);
    thread.slot.store(shm::Slot::dying, std::memory_order_release);
    const u32 code = shm::process(thread.process.load(std::memory_order_relaxed)).exit_code.get();
    if (!leave_waits_and_mutexes(slot)) return;  // stays dying
    if (!return_primary(slot) && !signal_end(thread.object, {code})) return;
    ring_decided();
    thread.tid.store(0, std::memory_order_relaxed);
    thread.sections.store(0, std::memory_order_relaxed);
    thread.incarnation.fetch_add(1, std::memory_order_relaxed);
    thread.slot.store(shm::Slot::free, std::memory_order_release);
}

}  // namespace

ReapLock::ReapLock() noexcept {
    const shm::Taken taken = shm::take(shm::header().rundown);
    held_ = taken != shm::Taken::broken;
    if (taken != shm::Taken::owner_died) return;
    // The holder died, perhaps while it attached and had no thread slot: then nobody will run it down and mend the hint
    // of a slot that it was freeing, or remove the file of what was in it.
    for (u32 i = shm::object_count(); i-- > 1;) {
        shm::mend_hint(i);
        if (shm::object(i).file.get() != 0) shm::files::remove_left(i);
    }
    shm::made_consistent(shm::header().rundown);
}

// What has ended meanwhile loses its file still under the lock: a process that dies over its exit, or its attach, may
// have no slot by which anybody would look for what it left.
ReapLock::~ReapLock() noexcept {
    if (!held_) return;
    if (self.gone_count != 0) shm::files::remove_noted();
    shm::release(shm::header().rundown);
    wait::settle();
}

bool leave_waits_and_mutexes(u32 slot) noexcept {
    shm::Thread& thread = shm::thread(slot);
    const u64 w = thread.word.load(std::memory_order_acquire);
    if (seeded(Pitfall::scan_before_disarm) && !scan_objects(slot)) return false;
    if (wait_word::phase(w) == wait_word::waiting)
        wait_word::decide(thread, wait_word::sequence(w), wait_word::timed_out);
    if (!disarm_all(slot) || (!seeded(Pitfall::scan_before_disarm) && !scan_objects(slot))) return false;
    thread.block_count.set(0);
    const u32 last = wait_word::sequence(thread.word.load(std::memory_order_relaxed));
    thread.word.store(wait_word::make(last, wait_word::idle), std::memory_order_release);
    return true;
}

bool process_alive(u32 process) noexcept {
    shm::Process& p = shm::process(process);
    const u32 witness = p.witness.get();
    const auto lives = [&](u32 slot) {
        shm::Thread& t = shm::thread(slot);
        return t.process.load(std::memory_order_acquire) == process && shm::alive(t);
    };
    const u32 threads = shm::thread_count();
    if (witness != 0 && witness <= threads && lives(witness - 1)) return true;
    for (u32 i = 0; i < threads; ++i) {
        if (!lives(i)) continue;
        p.witness.set(i + 1);
        return true;
    }
    return false;
}

void run_down_process(u32 process) noexcept {
    shm::Process& p = shm::process(process);
    p.slot.store(shm::Slot::dying, std::memory_order_seq_cst);
    const bool goes_on = pid_goes_on(process);
    // Otherwise it stays dying.
    if ((!goes_on && !signal_process_end(process)) || !handle::close_all_of(process) ||
        !handle::release_chunks_of(process))
        return;
    p.witness.set(0);
    if (goes_on) return leave_to_pid(process);
    p.pid.store(0, std::memory_order_relaxed);
    p.incarnation.set(p.incarnation.get() + 1);
    p.slot.store(shm::Slot::free, std::memory_order_release);
}

namespace {

bool is_over(shm::Process& p, u32 process) noexcept {
    const shm::Slot slot = p.slot.load(std::memory_order_acquire);
    return slot == shm::Slot::embryo ? embryo_over(process)
                                     : slot != shm::Slot::free && !process_alive(process);
}

}  // namespace

void sweep_held() noexcept {
    const u32 threads = shm::thread_count();
    for (u32 i = 0; i < threads; ++i)
        if (is_over(shm::thread(i))) run_down_thread(i);
    const u32 processes = shm::process_count();
    for (u32 i = 0; i < processes; ++i) {
        if (is_over(shm::process(i), i)) run_down_process(i);
    }
}

void drop_useless_embryos() noexcept {
    const u32 processes = shm::process_count();
    for (u32 i = 0; i < processes; ++i)
        if (shm::process(i).slot.load(std::memory_order_acquire) == shm::Slot::embryo && embryo_over(i))
            run_down_process(i);
}

bool sweep() noexcept {
    const u32 threads = shm::thread_count();
    bool any = false;
    for (u32 i = 0; i < threads && !any; ++i) any = is_over(shm::thread(i));
    // A process that attached may have died over a rundown, without a thread slot to tell of it: its work is undone.
    const u32 processes = shm::process_count();
    for (u32 i = 0; i < processes && !any; ++i) any = is_over(shm::process(i), i);
    if (!any) return false;
    const ReapLock reap;
    if (reap) sweep_held();
    return static_cast<bool>(reap);
}

}  // namespace winshim::process
