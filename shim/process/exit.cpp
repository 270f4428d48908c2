// exit.cpp - the orderly end of a process: handles closed, mutexes abandoned, and the last one out removes the segment.
//
// Runs as the library's destructor, after the program's own exit handlers and destructors: those may still use
// everything.
// Other threads may still be running and calling; they find their handles closed, and what they reserved remains
// theirs: the slot and the chunks of the process are given back when none of its threads is left, by us or, later, by
// the rundown. What is not done here (a stopped
// process holds the lock, no descriptor is free) is done by the next process to attach: exit never hangs and never
// needs to work.
#include "shim/handle/foreign.h"
#include "shim/process/attach.h"
#include "shim/process/identity.h"
#include "shim/process/lifetime.h"
#include "shim/process/rundown.h"
#include "shim/shm/clock.h"

namespace winshim::process {
namespace {

constexpr u64 kPatienceNs = kNsPerSecond;

// Nobody else has, or may get, a handle. (A process that is leaving, too, has closed its own; what its threads do until
// they are gone concerns nobody.)
bool alone() noexcept {
    const u32 processes = shm::process_count();
    for (u32 i = 0; i < processes; ++i) {
        const shm::Slot slot = shm::process(i).slot.load(std::memory_order_acquire);
        if (i != my_process() && slot != shm::Slot::free && slot != shm::Slot::dying) return false;
    }
    return true;
}

__attribute__((destructor)) void leave_for_good() noexcept {
    const KeepErrno keep;
    const Undisturbed undisturbed;
    if (!begin_exit() || make_ring() != Status::success) return;
    shm::SegmentFile file;
    const bool have_file = file.open_existing() == Status::success;
    const ReapLock reap(now_ns() + kPatienceNs);
    if (!reap) return;
    sweep_held();
    shm::Process& own = shm::process(my_process());
    own.slot.store(shm::Slot::dying, std::memory_order_seq_cst);
    signal_end(own.object, own.exit_code.get());
    handle::close_all_of(my_process());
    if (attached()) end_own_thread();
    if (!process_alive(my_process())) {
        handle::release_chunks_of(my_process());
        own.incarnation.set(own.incarnation.get() + 1);
        own.slot.store(shm::Slot::free, std::memory_order_release);
    }
    if (have_file && alone()) file.retire();
}

}  // namespace
}  // namespace winshim::process
