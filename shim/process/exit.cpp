// exit.cpp - the orderly end of a process: handles closed, mutexes abandoned, and the last one out removes the segment.
//
// Runs as the library's destructor, after the program's own exit handlers and destructors: those may still use
// everything.
// Other threads may still be running and calling; they find their handles closed, and what they reserved remains
// theirs: the slot and the chunks of the process are given back when none of its threads is left, by us or, later, by
// the rundown. What is not done here (a stopped process holds a lock, no descriptor is free) is done by the next
// process to attach: exit never hangs and never needs to work.
#include "shim/handle/foreign.h"
#include "shim/process/attach.h"
#include "shim/process/identity.h"
#include "shim/process/lifetime.h"
#include "shim/process/rundown.h"
#include "shim/shm/clock.h"

namespace winshim::process {
namespace {

constexpr u64 kPatienceNs = kNsPerSecond;  // for the segment's file, and again for all locks together

// Other threads may still run and use the table: its chunks go to nobody else before they are gone.
void leave_slot() noexcept {
    shm::Process& own = shm::process(my_process());
    own.slot.store(shm::Slot::dying, std::memory_order_seq_cst);
    const bool ended = signal_end(own.object, own.exit_code.get());
    const bool closed = handle::close_all_of(my_process());
    const bool left = !attached() || end_own_thread();
    if (ended && closed && left && !process_alive(my_process()) && handle::release_chunks_of(my_process())) {
        own.incarnation.set(own.incarnation.get() + 1);
        own.slot.store(shm::Slot::free, std::memory_order_release);
    }
}

__attribute__((destructor)) void leave_for_good() noexcept {
    const KeepErrno keep;
    const Undisturbed undisturbed;
    const u64 begun = now_ns();
    if (!begin_exit(begun + kPatienceNs) || make_ring() != Status::success) return;
    shm::SegmentFile file;
    const bool have_file = file.open_existing(begun + kPatienceNs) == Status::success;
    const shm::Patience patience(now_ns() + kPatienceNs);
    const ReapLock reap;
    if (!reap) return;
    sweep_held();
    // The last thread may have ended before the exit handlers began (pthread_exit): meanwhile we were dead to others.
    const bool ours = slot_is_ours();
    if (ours) leave_slot();
    if (have_file && alone(ours ? my_process() : kNoProcess)) file.retire();
}

}  // namespace
}  // namespace winshim::process
