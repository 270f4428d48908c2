// fork.cpp - fork: the child holds duplicates of all handles and owns nothing (LD-21).
//
// The child's process slot (embryo) and its handles are made before the fork, by the parent, while it still holds its
// own: made afterwards, they would race with the parent's next CloseHandle. The child adopts them. A fork that failed,
// or a child killed before it adopted, leaves an embryo that is run down after a minute.
// Locks of other threads are no problem: they lie in shared memory, and their holders go on in the parent.
#include <pthread.h>

#include "shim/handle/table.h"
#include "shim/process/attach.h"
#include "shim/process/descriptions.h"
#include "shim/process/lifetime.h"
#include "shim/process/mapped_file.h"
#include "shim/process/own_threads.h"
#include "shim/process/rundown.h"
#include "shim/process/views.h"

namespace winshim::process {
namespace {

// Of the thread that forks: two may be at it at once, and the C library does not keep their handlers apart. (The child
// has the values of the thread that forked.)
constinit thread_local u32 embryo = kNoProcess;
constinit thread_local u64 embryo_since = 0;   // tells it from a later embryo in the same slot
constinit thread_local bool prepared = false;  // whether the locks were taken

u32 make_embryo() noexcept {
    const ReapLock reap;
    if (!reap) return kNoProcess;
    sweep_held();  // a fork + exec leaves a dead process slot behind: the next fork takes it away
    const Result<u32> slot = reserve_process(shm::Slot::embryo);
    if (!slot) return kNoProcess;
    shm::process(slot.value).witness.set(0);  // its life is not its maker's: it has its minute
    if (handle::copy_to(slot.value, 0) == Status::success) return slot.value;
    run_down_process(slot.value);  // no room for the copies: the child begins without handles
    return kNoProcess;
}

void prepare() noexcept {
    const KeepErrno keep;
    prepared = false;
    embryo = kNoProcess;
    // A handler that forks inside the library, or a process that never attached: the child begins anew.
    if (self.depth.load(std::memory_order_relaxed) != 0 || fork_mark.value.load(std::memory_order_acquire) == 0) return;
    const bool may_copy = ensure_attached() == Status::success;
    lock_room_for_fork();
    lock_threads_for_fork();
    lock_views_for_fork();
    lock_files_for_fork();
    lock_descriptions_for_fork();
    handle::lock_for_fork();
    prepared = true;
    if (may_copy) embryo = make_embryo();
    if (embryo != kNoProcess) embryo_since = shm::process(embryo).embryo_since.get();
}

void unlock() noexcept {
    if (!prepared) return;
    handle::unlock_after_fork();
    unlock_descriptions_after_fork();
    unlock_files_after_fork();
    unlock_views_after_fork();
    unlock_threads_after_fork();
    unlock_room_after_fork();
    prepared = false;
}

void parent() noexcept { unlock(); }

// Locks that the fork did not take may be held by threads that the child does not have: by one that was just attaching
// the process for the first time, say.
void child() noexcept {
    const KeepErrno keep;
    if (!prepared) {
        handle::renew_lock_after_fork();
        renew_threads_lock_after_fork();
        renew_views_lock_after_fork();
        renew_files_lock_after_fork();
        renew_descriptions_lock_after_fork();
        renew_room_after_fork();
    }
    unlock();
    begin_child(embryo, embryo_since);
}

// From the beginning: a fork may come while the first call is still under way in another thread.
__attribute__((constructor)) void install_hooks() noexcept { pthread_atfork(prepare, parent, child); }

}  // namespace

}  // namespace winshim::process
