// housekeeper.cpp - keeper and watcher.
//
// The watcher sleeps in futex_waitv on its epoch word and up to kMostWatched life words: no descriptors (daemons close
// them), no pids (they are reused). The kernel wakes one sleeper of a life word at its owner's death, exec or thread
// end; whoever wakes runs the dead down, interested or not, and wakes the others on that word. If it dies over that,
// the bounded sleep of the blocked threads finds the same.
#include "shim/process/housekeeper.h"

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/process/attach.h"
#include "shim/process/hidden_thread.h"
#include "shim/process/lifetime.h"
#include "shim/process/rundown.h"
#include "shim/shm/clock.h"
#include "shim/wait/private_lock.h"
#include "shim/wait/wait_word.h"
#include "shim/wait/watch.h"

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449  // Linux 5.16
#endif

namespace winshim::process {
namespace {

// As the kernel has it (linux/futex.h names it struct futex_waitv, in headers new enough).
struct WaitV {
    u64 value;
    u64 address;
    u32 flags;
    u32 reserved;
};
struct KernelTime {  // 64 bits also where timespec has 32
    i64 seconds, nanoseconds;
};
constexpr u32 kFutex32 = 2;
constexpr u32 kMostWatched = 127;
constexpr u32 kMostWaits = 1024;  // more blocked threads than that rely on their own look
constexpr u64 kFirstPatienceNs = 5 * kNsPerMs;
constexpr size_t kStackBytes = size_t{128} * 1024;

struct Wait {
    u32 slot;
    u32 sequence;
};

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
enum class State { none, starting, running, failed } state = State::none;  // guarded by lock
Wait waits[kMostWaits];                                                     // guarded by lock
u32 wait_count = 0;

class Lock {
public:
    Lock() noexcept { pthread_mutex_lock(&lock); }
    ~Lock() noexcept { pthread_mutex_unlock(&lock); }
};

struct Lives {
    u32 slot[kMostWatched];
    u32 count = 0;
    void add(u32 thread) noexcept {
        for (u32 i = 0; i < count; ++i)
            if (slot[i] == thread) return;
        if (count < kMostWatched) slot[count++] = thread;
    }
};

// Who stands before this wait: for each mutex, the thread before it in the queue, or the owner. The links are read
// without the guard: what is torn or stale is caught by the bump that every change brings, or by the look.
void add_predecessors(const Wait& wait, Lives& lives) noexcept {
    shm::Thread& thread = shm::thread(wait.slot);
    const u32 count = shm::block_count(thread);
    for (u32 i = 0; i < count; ++i) {
        shm::Block& block = thread.block[i];
        if (block.armed.load(std::memory_order_acquire) == shm::kDisarmed) continue;
        shm::Object& x = shm::object(block.object.get());
        if (static_cast<Rule>(x.rule.get()) != Rule::mutant) continue;
        const BlockRef before = queue::predecessor(block);
        const u32 owner = state::value(x.state.load(std::memory_order_acquire));
        const u32 slot = valid(before) ? at(before).slot : owner - 1;
        if ((!valid(before) && owner == 0) || slot >= shm::thread_count()) continue;
        if (shm::thread(slot).process.load(std::memory_order_relaxed) != my_process()) lives.add(slot);
    }
}

void collect(Lives& lives) noexcept {
    const Lock guard;
    u32 kept = 0;
    for (u32 i = 0; i < wait_count; ++i) {
        if (!wait_word::is_waiting(shm::thread(waits[i].slot).word.load(std::memory_order_acquire), waits[i].sequence))
            continue;
        waits[kept++] = waits[i];
        add_predecessors(waits[i], lives);
    }
    wait_count = kept;
}

// Arms the wake-up: the kernel wakes sleepers of a dead owner's word only if its waiters bit is set.
// False: the thread is dead (or was never there).
bool watchable(u32 slot, u32& value) noexcept {
    shm::Thread& thread = shm::thread(slot);
    std::atomic<u32>& word = shm::lock_word(thread.life);
    value = word.load(std::memory_order_acquire);
    while ((value & shm::kWaiters) == 0) {
        if (!shm::alive(thread)) return false;
        if (word.compare_exchange_weak(value, value | shm::kWaiters, std::memory_order_acq_rel,
                                       std::memory_order_acquire))
            value |= shm::kWaiters;
    }
    return shm::alive(thread);
}

void run_down_and_tell(const Lives& lives) noexcept {
    sweep();
    for (u32 i = 0; i < lives.count; ++i)
        if (std::atomic<u32>& word = shm::lock_word(shm::thread(lives.slot[i]).life);
            !shm::alive(shm::thread(lives.slot[i])))
            syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

// Sleeps until somebody watched dies, the epoch moves on from `epoch`, or `deadline_ns`.
void sleep(u32 epoch, const Lives& lives, u64 deadline_ns) noexcept {
    WaitV on[kMostWatched + 1];
    std::atomic<u32>& own = shm::process(my_process()).epoch;
    on[0] = {epoch, reinterpret_cast<std::uintptr_t>(&own), kFutex32, 0};
    for (u32 i = 0; i < lives.count; ++i) {
        u32 value = 0;
        if (!watchable(lives.slot[i], value)) {
            run_down_and_tell(lives);
            // Should its end not show yet, do not turn in circles.
            const timespec soon = {0, static_cast<long>(kNsPerMs)};
            syscall(SYS_futex, &own, FUTEX_WAIT, epoch, &soon, nullptr, 0);
            return;
        }
        const auto word = reinterpret_cast<std::uintptr_t>(&shm::lock_word(shm::thread(lives.slot[i]).life));
        on[i + 1] = {value, word, kFutex32, 0};
    }
    const timespec end = to_timespec(deadline_ns);
    const KernelTime until{end.tv_sec, end.tv_nsec};
    const KernelTime* timeout = deadline_ns == kForever ? nullptr : &until;
    if (syscall(SYS_futex_waitv, on, lives.count + 1, 0, timeout, CLOCK_MONOTONIC) >= 0) return;
    if (errno != ENOSYS && errno != EPERM) return;  // EAGAIN: one of the words has changed already; ETIMEDOUT; EINTR
    // No futex_waitv (an old kernel, a seccomp filter): look every 5 ms while somebody is watched.
    const timespec nap = {0, 5 * static_cast<long>(kNsPerMs)};
    const timespec long_nap = {1, 0};
    const bool soon = lives.count != 0 || deadline_ns != kForever;
    syscall(SYS_futex, &own, FUTEX_WAIT, epoch, soon ? &nap : &long_nap, nullptr, 0);
}

void set_state(State now) noexcept {
    const Lock guard;
    state = now;
    pthread_cond_broadcast(&changed);
}

// No thread of the program is attached, and none lives, or nobody can tell. Then this thread must not be the one that
// keeps the process from ending: if it is the last, the C library ends the process, and if not, the program's other
// threads begin anew, without handles, when they call.
void* resign(Others others) noexcept {
    // As the C library does when the last thread ends: no other is there to race with.
    if (others == Others::none) exit(0);  // NOLINT(concurrency-mt-unsafe)
    shm::process(my_process()).watching.store(0, std::memory_order_release);
    set_state(State::none);
    return nullptr;
}

void* main_of_housekeeper(void*) noexcept {
    pthread_setname_np(pthread_self(), "winshim-keeper");
    const bool attached_now = attach_hidden_thread() == Status::success;
    set_state(attached_now ? State::running : State::failed);
    if (!attached_now) return nullptr;
    shm::Process& own = shm::process(my_process());
    own.watching.store(1, std::memory_order_release);
    u64 patience = kFirstPatienceNs;
    for (;;) {
        const u32 epoch = own.epoch.load(std::memory_order_acquire);  // before the collecting: a bump during it is seen
        Lives lives;
        collect(lives);
        // Without threads of the program attached, others may still live; when they are gone, so is the process.
        if (threads_attached() != 0) patience = kFirstPatienceNs;
        else if (const Others others = other_threads(); others != Others::live) return resign(others);
        else if (patience < kNsPerSecond) patience *= 2;
        sleep(epoch, lives, threads_attached() != 0 ? kForever : now_ns() + patience);
        for (u32 i = 0; i < lives.count; ++i) {
            if (shm::alive(shm::thread(lives.slot[i]))) continue;
            run_down_and_tell(lives);
            break;
        }
    }
}

}  // namespace

void start_housekeeper() noexcept {
    const Undisturbed undisturbed;  // the new thread inherits the mask: a program's signals are not for it
    const Lock guard;
    if (state == State::none || state == State::failed) {
        state = start_hidden_thread(main_of_housekeeper, nullptr, kStackBytes) ? State::starting : State::failed;
    }
    while (state == State::starting) pthread_cond_wait(&changed, &lock);
}

bool housekeeper_runs() noexcept {
    const Lock guard;
    return state == State::running;
}

void forget_housekeeper() noexcept {
    pthread_mutex_init(&lock, nullptr);
    pthread_cond_init(&changed, nullptr);
    state = State::none;
    wait_count = 0;
}

void watch_for(u32 slot, u32 sequence) noexcept {
    start_housekeeper();
    {
        const wait::Uninterrupted whole;  // stopped with the lock, it would hold up every other
        const Lock guard;
        if (wait_count == kMostWaits) return;
        waits[wait_count++] = {slot, sequence};
    }
    watch::bump_process(my_process());
}

}  // namespace winshim::process
