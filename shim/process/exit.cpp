// exit.cpp - the orderly end of a process: handles closed, mutexes abandoned, and the last one out removes the segment.
//
// Runs as the library's destructor, after the program's own exit handlers and destructors: those may still use
// everything.
// Other threads may still be running and calling; they find their handles closed, and what they reserved remains
// theirs: the slot and the chunks of the process are given back when none of its threads is left, by us or, later, by
// the rundown. What is not done here (a stopped process holds a lock, no descriptor is free) is done by the next
// process to attach: exit never hangs and never needs to work.
#include <cstdlib>
#include <unistd.h>

#include "shim/handle/foreign.h"
#include "shim/process/attach.h"
#include "shim/process/embryo.h"
#include "shim/process/identity.h"
#include "shim/process/lifetime.h"
#include "shim/process/rundown.h"
#include "shim/shm/clock.h"

namespace winshim::process {
namespace {

constexpr u64 kPatienceNs = kNsPerSecond;  // for the segment's file, and again for all locks together

// Who made this process by CreateProcess waits for its pid, and tells of its end when it has come: what is still in the
// buffers of the C library is written then, and no handle is open any more.
bool parent_tells() noexcept {
    const u32 parent = shm::process(my_process()).parent.get();
    return parent != 0 && parent == static_cast<u32>(getppid()) && pid_goes_on(my_process());
}

// Other threads may still run and use the table: its chunks go to nobody else before they are gone.
void leave_slot() noexcept {
    shm::Process& own = shm::process(my_process());
    own.slot.store(shm::Slot::dying, std::memory_order_seq_cst);
    const bool told = parent_tells();
    if (attached()) {
        if (own.code_known.load(std::memory_order_relaxed) != 0)
            shm::thread(self.id - 1).exit_code.set(own.exit_code.get());
        if (told) static_cast<void>(return_primary(self.id - 1));
    }
    const bool ended = told || signal_process_end(my_process());
    const bool closed = handle::close_all_of(my_process());
    const bool left = !attached() || end_own_thread();
    if (ended && closed && left && !process_alive(my_process()) && handle::release_chunks_of(my_process())) {
        if (told) return leave_to_pid(my_process());
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
    drop_useless_embryos();  // children that have no handle of ours, and whose end concerns nobody now
    if (have_file && alone(ours ? my_process() : kNoProcess)) file.retire();
}

// ---- the exit code, of which the kernel keeps 8 bits ----------------------------------------------------------------

void note_code(int status, void*) noexcept {
    const KeepErrno keep;
    if (fork_mark.value.load(std::memory_order_acquire) != 0 && slot_is_ours())
        say_code(my_process(), static_cast<u32>(status), true);
}

// A process that has never called this library, but may have been made by CreateProcess: if its code has more than the
// kernel keeps, it attaches for the sake of it. Runs last of all, after the library's destructor.
void note_code_of_stranger(int status, void*) noexcept {
    const KeepErrno keep;
    if ((status & ~0xFF) == 0 || fork_mark.value.load(std::memory_order_acquire) != 0 || !shm::segment_exists()) return;
    if (attach() != Status::success) return;
    note_code(status, nullptr);
    leave_for_good();
}

__attribute__((constructor)) void expect_exit() noexcept { on_exit(note_code_of_stranger, nullptr); }

}  // namespace

// Registered by the first attach, so that it runs before the library's destructor.
void note_code_at_exit() noexcept { on_exit(note_code, nullptr); }

}  // namespace winshim::process
