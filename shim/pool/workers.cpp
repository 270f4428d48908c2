// workers.cpp - the threads of a pool, and what they run.
//
// Threads     Ordinary attached threads. As many as there are processors (and kAtOnce at least) are made as callbacks
//             come; beyond that one at a time, when callbacks are queued and none has begun for kStuck, so that
//             callbacks that wait for one another go on and a burst of short ones does not make hundreds. A thread that
//             had nothing to do for kIdle ends; so a pool at rest has none, unless a minimum was asked for.
// Exit        They hold nothing up: the end of the process takes them along.
#include <cstdlib>
#include <new>
#include <pthread.h>
#include <unistd.h>

#include "shim/pool/pool.h"
#include "shim/process/thread_start.h"

namespace winshim::pool {
namespace {

constexpr u64 kIdle = 10 * kNsPerSecond, kStuck = 20 * kNsPerMs;
constexpr u32 kAtOnce = 8;

u32 at_once() noexcept {
    static std::atomic<u32> known{0};
    u32 n = known.load(std::memory_order_relaxed);
    if (n != 0) return n;
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    n = processors > static_cast<long>(kAtOnce) ? static_cast<u32>(processors) : kAtOnce;
    known.store(n, std::memory_order_relaxed);
    return n;
}

bool queue_is_empty(const Pool& pool) noexcept {
    for (const Item* first : pool.first)
        if (first != nullptr) return false;
    return true;
}

void append(Item& item) noexcept {
    Pool& pool = *item.pool;
    Item*& last = pool.last[item.priority];
    item.next_queued = nullptr;
    (last != nullptr ? last->next_queued : pool.first[item.priority]) = &item;
    last = &item;
}

// The next callback to run, higher priorities first; counted as running.
Item* take(Pool& pool) noexcept {
    for (u32 p = 0; p < kPriorities; ++p) {
        Item* item = pool.first[p];
        if (item == nullptr) continue;
        pool.first[p] = item->next_queued;
        if (pool.first[p] == nullptr) pool.last[p] = nullptr;
        ++pool.taken;
        if (--item->pending != 0) append(*item);
        return item;
    }
    return nullptr;
}

void unlink_idle(Worker& worker) noexcept {
    Worker** at = &worker.pool->idle;
    while (*at != &worker) at = &(*at)->next_idle;
    *at = worker.next_idle;
    worker.idle = false;
}

void wake(Worker& worker) noexcept {
    unlink_idle(worker);
    worker.woken.store(1, std::memory_order_release);
    local::futex_wake(worker.woken, 1);
}

void call(Instance& instance) noexcept {
    const Item& item = *instance.item;
    const auto pci = reinterpret_cast<PTP_CALLBACK_INSTANCE>(&instance);
    void* self_of_item = instance.item;
    switch (item.sort) {
        case Sort::work:
            reinterpret_cast<PTP_WORK_CALLBACK>(item.function)(pci, item.context, static_cast<PTP_WORK>(self_of_item));
            break;
        case Sort::timer:
            reinterpret_cast<PTP_TIMER_CALLBACK>(item.function)(pci, item.context,
                                                                static_cast<PTP_TIMER>(self_of_item));
            break;
        case Sort::wait:
            reinterpret_cast<PTP_WAIT_CALLBACK>(item.function)(pci, item.context, static_cast<PTP_WAIT>(self_of_item),
                                                               instance.result);
            break;
        case Sort::simple: reinterpret_cast<PTP_SIMPLE_CALLBACK>(item.function)(pci, item.context); break;
        case Sort::function: reinterpret_cast<LPTHREAD_START_ROUTINE>(item.function)(item.context); break;
        case Sort::queue_timer: reinterpret_cast<WAITORTIMERCALLBACK>(item.function)(item.context, TRUE); break;
        case Sort::registered:
            reinterpret_cast<WAITORTIMERCALLBACK>(item.function)(item.context, instance.result == WAIT_TIMEOUT);
            break;
        case Sort::none:
        case Sort::pool:
        case Sort::group:
        case Sort::queue: break;
    }
    if (item.finalize != nullptr) item.finalize(pci, item.context);
}

// What ...WhenCallbackReturns has asked for, in this order.
void do_what_was_left(Instance& instance) noexcept {
    if (instance.section != nullptr) LeaveCriticalSection(instance.section);
    if (instance.mutex != nullptr) ReleaseMutex(instance.mutex);
    if (instance.semaphore != nullptr) ReleaseSemaphore(instance.semaphore, static_cast<LONG>(instance.units), nullptr);
    if (instance.event != nullptr) SetEvent(instance.event);
    if (instance.library != nullptr) FreeLibrary(instance.library);
}

// Under the lock: the callback is over.
void end_run(Worker& worker, Todo& todo) noexcept {
    Instance& instance = worker.instance;
    Item& item = *instance.item;
    if (worker.pool != nullptr) --worker.pool->busy;
    if (instance.runs_long && worker.pool != nullptr) --worker.pool->busy_long;
    --item.active;
    if (!instance.disassociated) --item.running;
    instance.item = nullptr;
    settle_item(item, todo);
}

// Under the lock: the thread is no longer one of the pool's. Others take over what it would have run.
void leave(Worker& worker, Todo& todo) noexcept {
    Pool& pool = *worker.pool;
    if (worker.idle) unlink_idle(worker);
    worker.pool = nullptr;
    --pool.threads;
    if (!queue_is_empty(pool)) grow(pool, todo);
    free_pool(pool);
}

// The next callback for this thread. False: it is to end, and has left: who decides that counts itself out before
// the next one decides, or two would go where one may.
bool next(Worker& worker) noexcept {
    Pool& pool = *worker.pool;
    for (;;) {
        {
            Todo todo;
            const wait::PrivateLock guard(lock);
            if (worker.idle) unlink_idle(worker);
            if (pool.threads > pool.most && pool.threads > 1) return leave(worker, todo), false;
            if (Item* item = take(pool); item != nullptr) {
                begin_run(worker, *item);
                // A registered wait goes on while its callback runs.
                if (item->sort == Sort::registered && item->open && item->object != nullptr && item->waiter == nullptr)
                    arm(*item, todo);
                return true;
            }
            if (!pool.open && pool.items == 0) return leave(worker, todo), false;
            worker.woken.store(0, std::memory_order_relaxed);
            worker.idle = true;
            worker.next_idle = pool.idle;
            pool.idle = &worker;
        }
        const u64 deadline = now_ns() + kIdle;
        while (worker.woken.load(std::memory_order_acquire) == 0 && local::futex_wait(worker.woken, 0, deadline)) {}
        if (worker.woken.load(std::memory_order_acquire) != 0) continue;
        Todo todo;
        const wait::PrivateLock guard(lock);
        if (worker.idle && (pool.threads > pool.least || !pool.open)) return leave(worker, todo), false;
    }
}

u32 worker_main(void* at) {
    Worker& worker = *static_cast<Worker*>(at);
    enlist(&worker);
    while (next(worker)) run(worker);
    enlist(nullptr);
    free(&worker);
    return 0;
}

// ---- a thread that ends in the middle of a callback, which the documents forbid -----------------------------------
pthread_key_t key;
pthread_once_t key_once = PTHREAD_ONCE_INIT;
bool have_key = false;

void on_end(void* at) noexcept {
    auto* worker = static_cast<Worker*>(at);
    current = nullptr;
    {
        Todo todo;
        const wait::PrivateLock guard(lock);
        if (worker->instance.item != nullptr) end_run(*worker, todo);
        if (worker->pool != nullptr) leave(*worker, todo);
    }
    {
        Todo todo;
        const wait::PrivateLock guard(lock);
        if (worker->waiter != nullptr) waiter_gone(*worker->waiter, todo);
    }
    free(worker);
}

void make_key() noexcept { have_key = pthread_key_create(&key, on_end) == 0; }

}  // namespace

void enlist(Worker* worker) noexcept {
    current = worker;
    pthread_once(&key_once, make_key);
    if (have_key) pthread_setspecific(key, worker);
}

bool start_thread(u32 (*routine)(void*), Pool* pool, Waiter* waiter, std::size_t stack_bytes) noexcept {
    void* at = calloc(1, sizeof(Worker));
    if (at == nullptr) return false;
    auto* worker = new (at) Worker;
    worker->pool = pool;
    worker->waiter = waiter;
    const Result<process::CreatedThread> made = process::create_thread(
        {.routine = routine, .argument = worker, .stack_bytes = stack_bytes, .suspended = false,
         .access_and_flags = handle::kProtect});
    if (made) close_own(made.value.handle);
    else free(at);
    return made.status == Status::success;
}

// After the first that cannot be made the others are not tried: there may be millions of them.
bool start_workers(Pool& pool, u32 count) noexcept {
    while (count != 0 && start_thread(worker_main, &pool, nullptr, pool.stack.StackReserve)) --count;
    if (count == 0) return true;
    const wait::PrivateLock guard(lock);
    pool.threads -= count;
    free_pool(pool);
    return false;
}

bool grow(Pool& pool, Todo& todo) noexcept {
    if (pool.threads >= pool.most) return false;
    ++pool.threads;
    todo.pool = &pool;
    ++todo.threads;
    return true;
}

void grow_if_stuck(Pool& pool, Todo& todo) noexcept {
    if (queue_is_empty(pool) || pool.threads >= pool.most) return;
    if (pool.taken == pool.taken_before && pool.idle == nullptr) grow(pool, todo);
    pool.taken_before = pool.taken;
    set_due(pool.growth, now_ns() + kStuck, todo);
}

void shrink(Pool& pool) noexcept {
    for (u32 surplus = pool.threads > pool.most ? pool.threads - pool.most : 0; surplus != 0 && pool.idle != nullptr;
         --surplus)
        wake(*pool.idle);
    while (!pool.open && pool.items == 0 && pool.idle != nullptr) wake(*pool.idle);
}

void submit(Item& item, Todo& todo) noexcept {
    Pool& pool = *item.pool;
    if (item.pending++ == 0) append(item);
    if (pool.idle != nullptr) return wake(*pool.idle);
    if (pool.threads >= pool.most) return;
    if (item.runs_long || pool.threads - pool.busy_long < at_once()) grow(pool, todo);
    else if (pool.growth.index == 0) pool.taken_before = pool.taken, set_due(pool.growth, now_ns() + kStuck, todo);
}

bool cancel_pending(Item& item) noexcept {
    if (item.pending == 0) return false;
    Pool& pool = *item.pool;
    Item* before = nullptr;
    for (Item* i = pool.first[item.priority]; i != &item; i = i->next_queued) before = i;
    (before != nullptr ? before->next_queued : pool.first[item.priority]) = item.next_queued;
    if (pool.last[item.priority] == &item) pool.last[item.priority] = before;
    item.pending = item.signals = item.abandoned = 0;
    return true;
}

void begin_run(Worker& worker, Item& item) noexcept {
    ++item.active;
    ++item.running;
    worker.instance = {};
    Instance& instance = worker.instance;
    instance.item = &item;
    instance.worker = &worker;
    instance.result = WAIT_TIMEOUT;
    if (item.abandoned != 0) --item.abandoned, instance.result = WAIT_ABANDONED_0;
    else if (item.signals != 0) --item.signals, instance.result = WAIT_OBJECT_0;
    instance.runs_long = item.runs_long;
    if (worker.pool != nullptr) ++worker.pool->busy;
    if (item.runs_long && worker.pool != nullptr) ++worker.pool->busy_long;
}

void run(Worker& worker) noexcept {
    call(worker.instance);
    do_what_was_left(worker.instance);
    Todo todo;
    const wait::PrivateLock guard(lock);
    end_run(worker, todo);
}

void await_callbacks(Item& item, bool cancel) noexcept {
    bool first = true;
    for (;;) {
        u32 seen;
        {
            Todo todo;
            const wait::PrivateLock guard(lock);
            if (first) ++item.sleepers;
            if (first && cancel) cancel_pending(item);
            first = false;
            if (item.pending + item.running == 0) {
                --item.sleepers;
                return settle_item(item, todo);
            }
            seen = item.changed.load(std::memory_order_relaxed);
        }
        local::futex_wait(item.changed, seen);
    }
}

}  // namespace winshim::pool
