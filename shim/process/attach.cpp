// attach.cpp - threads and processes entering and leaving the segment.
#include "shim/process/attach.h"

#include <cerrno>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shim/handle/table.h"
#include "shim/process/embryo.h"
#include "shim/process/housekeeper.h"
#include "shim/process/identity.h"
#include "shim/process/lifetime.h"
#include "shim/process/own_threads.h"
#include "shim/process/rundown.h"
#include "shim/process/timer_routines.h"
#include "shim/shm/clock.h"
#include "shim/shm/explain.h"
#include "shim/shm/slots.h"
#include "shim/wait/wait_word.h"
#include "shim/wait/watch.h"

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

namespace winshim::process {
namespace {

pthread_mutex_t room = PTHREAD_MUTEX_INITIALIZER;
std::atomic<u32> own_threads{0};  // attached ones of the program, without hidden ones; changed under room
u32 tenancy = 0;  // the incarnation of our process slot; changed under REAP
u32 marks = 0;    // the last fork_mark; changed under room
u32 home = 0;     // pid of the process that all this is about; changed under room
bool exiting = false;
bool hooks_installed = false;
pthread_key_t thread_end;

// Another number than any that this memory has had before: a thread that forked without handlers still has its
// parent's, and must not count as attached in the child because another thread there has called first.
void set_fork_mark() noexcept { fork_mark.value.store(++marks, std::memory_order_release); }

class RoomLock {
public:
    RoomLock() noexcept { pthread_mutex_lock(&room); }
    ~RoomLock() noexcept { pthread_mutex_unlock(&room); }
};

template <class Count, class Take, class Grow>
Result<u32> take_slot(Count count, Take take, Grow grow) noexcept {
    for (;;) {
        const u32 seen = count();
        for (u32 i = 0; i < seen; ++i)
            if (take(i)) return {Status::success, i};
        if (const Status s = grow(seen); s != Status::success) return fail<u32>(s);
    }
}

// Holding REAP. The slot becomes live last: until then nobody believes what is in it.
Status take_thread_slot() noexcept {
    if (const Status s = make_ring(); s != Status::success) return s;
    const auto tid = static_cast<u32>(gettid());
    const Result<u32> slot = take_slot(
        shm::thread_count,
        [tid](u32 i) {
            shm::Thread& t = shm::thread(i);
            return t.slot.load(std::memory_order_acquire) == shm::Slot::free && shm::begin_life(t, tid);
        },
        shm::grow_threads);
    if (!slot) return slot.status;
    shm::Thread& t = shm::thread(slot.value);
    t.process.store(my_process(), std::memory_order_relaxed);
    t.block_count.set(0);
    t.object.set(0);
    t.exit_code.set(0);
    self.sequence = wait_word::sequence(t.word.load(std::memory_order_relaxed));
    self.owned = 0;
    self.id = slot.value + 1;
    t.slot.store(shm::Slot::live, std::memory_order_release);
    shm::Process& p = shm::process(my_process());
    if (p.witness.get() == 0) p.witness.set(self.id);
    self.epoch = fork_mark.value.load(std::memory_order_relaxed);
    note_thread(slot.value);
    adopt_primary(slot.value);
    return Status::success;
}

void on_thread_end(void*) noexcept { detach_thread(); }

// Error: no_system_resources (no key left for thread-specific data; key 0 would be somebody else's).
Status install_hooks() noexcept {
    if (hooks_installed) return Status::success;
    if (pthread_key_create(&thread_end, on_thread_end) != 0) return Status::no_system_resources;
    watch::parked_long.store(watch_for, std::memory_order_release);
    watch::sweep.store(sweep, std::memory_order_release);
    // Fails before Linux 4.14: then a fork without handlers is simply not noticed.
    madvise(&fork_mark, sizeof fork_mark, MADV_WIPEONFORK);
    note_code_at_exit();
    hooks_installed = true;
    return Status::success;
}

// The slot that somebody made for this process is left to the next attempt.
void give_up_slot(u32 slot, bool adopted) noexcept {
    shm::process(slot).slot.store(adopted ? shm::Slot::embryo : shm::Slot::free, std::memory_order_release);
}

Status take_process_slot(bool& adopted) noexcept {
    u32 slot = adopt_embryo();
    adopted = slot != kNoProcess;
    if (!adopted) {
        const Result<u32> fresh = reserve_process(shm::Slot::live);
        if (!fresh) return fresh.status;
        slot = fresh.value;
        shm::process(slot).pid.store(static_cast<u32>(getpid()), std::memory_order_relaxed);
    }
    tenancy = shm::process(slot).incarnation.get();
    const Status status = adopted ? handle::adopt(slot) : handle::begin(slot);
    if (status != Status::success) give_up_slot(slot, adopted);
    return status;
}

Status enter_segment() noexcept {
    if (const Status s = make_ring(); s != Status::success) return s;  // the sweep may have to wake somebody
    if (const Status s = install_hooks(); s != Status::success) return s;
    const ReapLock reap;
    if (!reap) return Status::file_corrupt;
    sweep_held();
    bool adopted = false;
    Status status = take_process_slot(adopted);
    if (status != Status::success) return status;
    set_fork_mark();
    own_threads.store(0, std::memory_order_relaxed);
    status = take_thread_slot();
    if (status == Status::success) return status;
    fork_mark.value.store(0, std::memory_order_release);
    give_up_slot(my_process(), adopted);
    return status;
}

// The file's lock is held until we are in: nobody retires the segment under us.
Status attach_process() noexcept {
    shm::SegmentFile file;
    if (const Status s = file.open(); s != Status::success) return s;
    const Status status = enter_segment();
    if (status != Status::success) file.give_up(alone(kNoProcess));
    return status;
}

Status attach_thread() noexcept {
    {
        const ReapLock reap;
        if (!reap) return Status::file_corrupt;
        if (slot_is_ours() && shm::process(my_process()).slot.load(std::memory_order_acquire) == shm::Slot::live) {
            Status status = take_thread_slot();
            if (status != Status::no_system_resources) return status;
            sweep_held();  // the dead may have what is missing
            status = take_thread_slot();
            shm::room_after_all(status);
            return status;
        }
    }
    // Run down meanwhile: all its attached threads had ended, and no housekeeper could be left in their place. Its slot
    // and its handles may be somebody else's by now: it begins anew, without handles. Not under the feet of others:
    // while there are attached threads, or the housekeeper, nobody runs it down, and a slot that says so is damaged.
    if (own_threads.load(std::memory_order_relaxed) != 0 || housekeeper_runs()) return Status::file_corrupt;
    fork_mark.value.store(0, std::memory_order_release);
    return attach_process();
}

// What this room knows of threads is of no use in a child: they stayed with the parent.
void forget_parent() noexcept {
    home = static_cast<u32>(getpid());
    own_threads.store(0, std::memory_order_relaxed);
    forget_reapers();
    exiting = false;
    forget_housekeeper();
    forget_all_threads();
}

Status attach_in_room(bool hidden) noexcept {
    const RoomLock lock;
    // A fork that ran no handlers has left only the wiped mark to tell.
    if (fork_mark.value.load(std::memory_order_acquire) == 0 && home != static_cast<u32>(getpid())) forget_parent();
    if (exiting) return Status::invalid_handle;
    // Its locks would be the parent's thread's, for whoever looks, and never be released.
    if (!shm::thread_is_known()) return Status::not_supported;
    shm::forget_thread();
    self.id = 0;  // after such a fork the parent's, whose slot would be written to with each lock
    const Status status = fork_mark.value.load(std::memory_order_acquire) == 0 ? attach_process() : attach_thread();
    if (status != Status::success || hidden) return status;
    own_threads.fetch_add(1, std::memory_order_relaxed);
    pthread_setspecific(thread_end, &self);
    return Status::success;
}

// Under the room's lock. False: the kernel marks the life lock, and somebody else runs us down.
bool leave_room() noexcept {
    const ReapLock reap;
    if (!reap) return false;
    static_cast<void>(end_own_thread());  // patience has no end here
    own_threads.fetch_sub(1, std::memory_order_relaxed);
    return true;
}

constexpr u64 kRingBytes = u64{shm::kMaxThreads} * sizeof(u32);

void forget_ring() noexcept {
    if (self.ring != nullptr) munmap(self.ring, kRingBytes);
    self.ring = nullptr;
}

}  // namespace

// Only what is used of it is ever touched.
Status make_ring() noexcept {
    if (self.ring != nullptr) return Status::success;
    void* at = mmap(nullptr, kRingBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) return shm::refuse_errno(ENOMEM);
    self.ring = static_cast<u32*>(at);
    self.ring[0] = 0;  // the first page is there before it is needed under a guard
    return Status::success;
}

u32 my_process() noexcept { return handle::my_process; }

// The pid tells a fork that ran no handlers, where the kernel did not wipe the mark.
bool slot_is_ours() noexcept {
    const shm::Process& own = shm::process(my_process());
    return own.incarnation.get() == tenancy && own.pid.load(std::memory_order_relaxed) == static_cast<u32>(getpid());
}

// A process that is leaving, too, has closed its own handles; what its threads do until they are gone concerns nobody.
bool alone(u32 own) noexcept {
    const u32 processes = shm::process_count();
    for (u32 i = 0; i < processes; ++i) {
        const shm::Slot slot = shm::process(i).slot.load(std::memory_order_acquire);
        if (i != own && slot != shm::Slot::free && slot != shm::Slot::dying) return false;
    }
    return true;
}

Status attach() noexcept {
    // A handler that interrupted this thread inside the library cannot attach it a second time.
    if (self.depth.load(std::memory_order_relaxed) != 0) return Status::possible_deadlock;
    const Undisturbed undisturbed;
    return attach_in_room(false);
}

Status attach_hidden_thread() noexcept { return attach_in_room(true); }

Result<u32> reserve_process(shm::Slot as) noexcept {
    const Result<u32> slot = take_slot(
        shm::process_count,
        [](u32 i) { return shm::process(i).slot.load(std::memory_order_acquire) == shm::Slot::free; },
        shm::grow_processes);
    if (!slot) return slot;
    shm::Process& p = shm::process(slot.value);
    const bool made_by_thread = as == shm::Slot::embryo && self.id != 0;
    p.pid.store(0, std::memory_order_relaxed);
    p.pid_space.store(shm::pid_space(), std::memory_order_relaxed);
    p.pid_start.set(0);
    p.witness.set(made_by_thread ? self.id : 0);
    p.maker_tenancy.set(made_by_thread ? shm::thread(self.id - 1).incarnation.load(std::memory_order_relaxed) : 0);
    p.object.set(0);
    p.primary.set(0);
    p.parent.set(0);
    p.gate.store(0, std::memory_order_relaxed);
    p.priority.set(0);
    p.exit_code.set(kCodeUnknown);
    p.code_known.store(0, std::memory_order_relaxed);
    p.watching.store(0, std::memory_order_relaxed);
    p.embryo_since.set(now_ns());
    p.slot.store(as, std::memory_order_release);
    return slot;
}

// Holding REAP.
bool end_own_thread() noexcept {
    const u32 slot = self.id - 1;
    shm::Thread& t = shm::thread(slot);
    // Blocks can only be armed if the wait was cut short (cancelled, or left by a jump), mutexes only be owned if
    // counted.
    if ((self.owned != 0 || self.waiting.load(std::memory_order_relaxed) != 0) && !leave_waits_and_mutexes(slot))
        return false;
    if (!cancel_own_timers()) return false;
    if (!signal_end(t.object, {t.exit_code.get()})) return false;
    forget_thread(slot);
    t.slot.store(shm::Slot::dying, std::memory_order_release);
    t.incarnation.fetch_add(1, std::memory_order_relaxed);
    shm::end_life(t);
    t.sections.store(0, std::memory_order_relaxed);
    t.slot.store(shm::Slot::free, std::memory_order_release);
    self.epoch = kNeverAttached;
    self.id = 0;
    self.owned = 0;
    self.waiting.store(0, std::memory_order_relaxed);
    return true;
}

void detach_thread() noexcept {
    if (!attached()) return;
    const KeepErrno keep;
    const Undisturbed undisturbed;
    // Unwound out of one of our sections (cancelled asynchronously): whatever it would do now might wait for a lock
    // that it holds itself. The kernel marks the locks, somebody else runs us down.
    if (self.depth.load(std::memory_order_relaxed) != 0) {
        own_threads.fetch_sub(1, std::memory_order_relaxed);
        self.epoch = kNeverAttached;
        return;
    }
    // A process is alive by its attached threads: the last one leaves the housekeeper in its place, unless the process
    // ends with it. Whether we are the last is known for good only under the lock that the others need to leave.
    bool last = false, kept = false;
    for (;;) {
        {
            const RoomLock lock;
            last = own_threads.load(std::memory_order_relaxed) == 1 && !exiting;
            if (!last || kept) {
                if (!leave_room()) return;
                break;
            }
        }
        if (housekeeper_runs() || reapers() != 0 || other_threads() != Others::none) start_housekeeper();
        kept = true;
    }
    forget_ring();
    if (last && housekeeper_runs()) watch::bump_process(my_process());  // it has to see when the process is over
}

void detach_hidden_thread() noexcept {
    if (attached()) {
        const RoomLock lock;
        const ReapLock reap;
        if (reap) static_cast<void>(end_own_thread());
    }
    forget_ring();
}

u32 threads_attached() noexcept { return own_threads.load(std::memory_order_relaxed); }

// Another thread of the process may be in the room, waiting for a stopped process.
bool begin_exit(u64 deadline_ns) noexcept {
    if (fork_mark.value.load(std::memory_order_acquire) == 0 || self.depth.load(std::memory_order_relaxed) != 0)
        return false;
    while (pthread_mutex_trylock(&room) != 0) {
        if (now_ns() >= deadline_ns) return false;
        const timespec nap = {0, static_cast<long>(kNsPerMs)};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, nullptr);
    }
    const bool first = !exiting;
    exiting = true;
    pthread_mutex_unlock(&room);
    return first;
}

void lock_room_for_fork() noexcept { pthread_mutex_lock(&room); }
void unlock_room_after_fork() noexcept { pthread_mutex_unlock(&room); }
void renew_room_after_fork() noexcept { pthread_mutex_init(&room, nullptr); }

// In a fork's child: everything that the thread knew of itself was its parent's. `embryo`: the slot prepared for it,
// at that time. (A child that was stopped for a minute finds it run down, and perhaps made anew for somebody else.)
void begin_child(u32 embryo, u64 embryo_since) noexcept {
    self.epoch = kNeverAttached;
    self.id = 0;
    self.owned = 0;
    self.waiting.store(0, std::memory_order_relaxed);
    self.depth.store(0, std::memory_order_relaxed);
    self.holds_all = 0;
    self.owed_count = 0;
    self.ring_count = 0;
    self.bump_count = 0;
    self.gone_count = 0;
    self.deferred_count.store(0, std::memory_order_relaxed);
    shm::forget_thread();
    forget_parent();
    fork_mark.value.store(0, std::memory_order_release);
    if (embryo == kNoProcess) return;  // attaches as a stranger when it first calls
    const ReapLock reap;
    if (!reap) return;
    shm::Process& p = shm::process(embryo);
    if (p.embryo_since.get() != embryo_since) return;
    shm::Slot expected = shm::Slot::embryo;
    if (!p.slot.compare_exchange_strong(expected, shm::Slot::live, std::memory_order_acq_rel)) return;
    p.pid.store(static_cast<u32>(getpid()), std::memory_order_relaxed);
    p.pid_space.store(shm::pid_space(), std::memory_order_relaxed);
    tenancy = p.incarnation.get();
    if (handle::adopt(embryo) != Status::success) return;
    set_fork_mark();
    if (take_thread_slot() != Status::success) {
        fork_mark.value.store(0, std::memory_order_release);
        return;
    }
    own_threads.fetch_add(1, std::memory_order_relaxed);
    pthread_setspecific(thread_end, &self);
    take_over_opened();
}

}  // namespace winshim::process
