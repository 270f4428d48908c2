// own_threads.cpp - the table of the process's own threads.
//
// Memory      A record is made once for each thread slot and used again by its next tenant: a thread that is terminated
//             in the middle of malloc must be able to end without calling free. Calls that were still queued to it go
//             to a heap of dropped ones, which the next to queue a call frees.
#include "shim/process/own_threads.h"

#include <cstdlib>
#include <new>
#include <pthread.h>

#include "shim/object/thread.h"
#include "shim/process/attach.h"
#include "shim/wait/engine.h"
#include "shim/wait/private_lock.h"

namespace winshim::process {
namespace {

struct OwnThread {
    Self* self = nullptr;  // while the thread is attached
    Apc* first = nullptr;
    Apc* last = nullptr;
    Stop stop;
};

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
constinit std::atomic<OwnThread*> threads[shm::kMaxThreads] = {};
u32 used = 0;              // records at and above this slot were never made
Apc* dropped = nullptr;

// Under the lock: the living thread of this process with that object, or why there is none.
Status find_thread(wait::Target target, u32& slot) noexcept {
    shm::Object& x = shm::object(target.object);
    slot = x.body[thread::kSlot].get() - 1;
    if (x.body[thread::kPid].get() != shm::process(my_process()).pid.load(std::memory_order_relaxed))
        return Status::not_supported;
    if (slot >= shm::thread_count()) return Status::gen_failure;
    shm::Thread& t = shm::thread(slot);
    OwnThread* own = threads[slot].load(std::memory_order_acquire);
    const bool there = t.object.get() == target.object && own != nullptr && own->self != nullptr && shm::alive(t) &&
                       state::value(x.state.load(std::memory_order_acquire)) == 0;
    return there ? Status::success : Status::gen_failure;
}

void free_all(Apc* apc) noexcept {
    while (apc != nullptr) {
        Apc* next = apc->next;
        free(apc);
        apc = next;
    }
}

Apc* take_dropped() noexcept {
    const wait::PrivateLock guard(lock);
    Apc* all = dropped;
    dropped = nullptr;
    return all;
}

// Takes the oldest call out of the calling thread's queue.
Apc* next_apc() noexcept {
    const wait::PrivateLock guard(lock);
    OwnThread* own = threads[self.id - 1].load(std::memory_order_relaxed);
    if (own == nullptr || own->first == nullptr) return nullptr;
    Apc* apc = own->first;
    own->first = apc->next;
    if (own->first == nullptr) own->last = nullptr;
    self.apcs.fetch_sub(1, std::memory_order_relaxed);
    return apc;
}

}  // namespace

Apc* new_apc() noexcept {
    free_all(take_dropped());
    void* at = malloc(sizeof(Apc));
    return at == nullptr ? nullptr : new (at) Apc;
}

void drop_apc(Apc* apc) noexcept { free(apc); }

Status queue_apc(wait::Target target, Apc* apc) noexcept {
    const wait::PrivateLock guard(lock);
    u32 slot = 0;
    if (const Status s = find_thread(target, slot); s != Status::success) return s;
    OwnThread& own = *threads[slot].load(std::memory_order_relaxed);
    (own.last != nullptr ? own.last->next : own.first) = apc;
    own.last = apc;
    own.self->apcs.fetch_add(1, std::memory_order_seq_cst);
    wait::alert(slot);
    return Status::success;
}

bool queue_own_apc(Apc* apc) noexcept {
    const wait::PrivateLock guard(lock);
    OwnThread* own = threads[self.id - 1].load(std::memory_order_relaxed);
    if (own == nullptr) return false;
    (own->last != nullptr ? own->last->next : own->first) = apc;
    own->last = apc;
    self.apcs.fetch_add(1, std::memory_order_seq_cst);
    return true;
}

void drop_own_apcs(void (*run)(const Apc&), u64 key) noexcept {
    const wait::PrivateLock guard(lock);
    OwnThread* own = threads[self.id - 1].load(std::memory_order_relaxed);
    if (own == nullptr) return;
    Apc* before = nullptr;
    for (Apc *apc = own->first, *next; apc != nullptr; apc = next) {
        next = apc->next;
        if (apc->run != run || apc->argument[2] != key) {
            before = apc;
            continue;
        }
        (before != nullptr ? before->next : own->first) = next;
        if (own->last == apc) own->last = before;
        self.apcs.fetch_sub(1, std::memory_order_relaxed);
        apc->next = dropped;
        dropped = apc;
    }
}

bool run_apcs() noexcept {
    bool any = false;
    while (Apc* apc = next_apc()) {
        const Apc call = *apc;  // freed first: the function may not return (ExitThread)
        free(apc);
        call.run(call);
        any = true;
    }
    return any;
}

Stop* own_stop() noexcept {
    OwnThread* own = threads[self.id - 1].load(std::memory_order_relaxed);
    return own == nullptr ? nullptr : &own->stop;
}

Status visit_thread(wait::Target target, void (*visit)(Stop&, u32, void*), void* with) noexcept {
    const wait::PrivateLock guard(lock);
    u32 slot = 0;
    const Status s = find_thread(target, slot);
    if (s != Status::success) return s == Status::gen_failure ? Status::access_denied : s;
    visit(threads[slot].load(std::memory_order_relaxed)->stop, shm::thread(slot).tid.load(std::memory_order_relaxed),
          with);
    return Status::success;
}

void note_thread(u32 slot) noexcept {
    const wait::PrivateLock guard(lock);
    OwnThread* own = threads[slot].load(std::memory_order_relaxed);
    if (own == nullptr) {
        void* at = calloc(1, sizeof(OwnThread));
        if (at == nullptr) return;  // then it cannot be stopped, nor be sent calls
        own = new (at) OwnThread;
        threads[slot].store(own, std::memory_order_release);
        if (slot >= used) used = slot + 1;
    }
    self.apcs.store(0, std::memory_order_relaxed);
    self.interrupted.store(0, std::memory_order_relaxed);
    own->stop.run.store(1, std::memory_order_relaxed);
    own->stop.ending.store(0, std::memory_order_relaxed);
    own->stop.suspends = 0;
    own->self = &self;
}

void forget_thread(u32 slot) noexcept {
    const wait::PrivateLock guard(lock);
    OwnThread* own = threads[slot].load(std::memory_order_relaxed);
    if (own == nullptr) return;
    own->self = nullptr;
    if (own->first != nullptr) {
        own->last->next = dropped;
        dropped = own->first;
    }
    own->first = own->last = nullptr;
    self.apcs.store(0, std::memory_order_relaxed);
}

void forget_all_threads() noexcept {
    for (u32 slot = 0; slot < used; ++slot) {
        OwnThread* own = threads[slot].load(std::memory_order_relaxed);
        if (own != nullptr) own->self = nullptr, own->first = own->last = nullptr;
    }
    self.apcs.store(0, std::memory_order_relaxed);
    self.interrupted.store(0, std::memory_order_relaxed);  // the parent's thread was told to stop, not this one
}

void lock_threads_for_fork() noexcept { pthread_mutex_lock(&lock); }
void unlock_threads_after_fork() noexcept { pthread_mutex_unlock(&lock); }
void renew_threads_lock_after_fork() noexcept { pthread_mutex_init(&lock, nullptr); }

}  // namespace winshim::process
