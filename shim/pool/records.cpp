// records.cpp - the memory of items, pools, groups, queues and waiters; and what a fork's child makes of it.
#include <cstdlib>
#include <new>

#include "shim/pool/pool.h"

namespace winshim::pool {

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
thread_local constinit Worker* current = nullptr;

namespace {

// Records of one type.
template <class T>
struct Store {
    Record* free = nullptr;
    Record* made = nullptr;

    T* take(Sort sort) noexcept {
        Record* old = free;
        Record* next_made = nullptr;
        void* at = old;
        if (old != nullptr) {
            free = old->next_free;
            next_made = old->next_made;
        } else if ((at = malloc(sizeof(T))) == nullptr) {
            return nullptr;
        }
        T* record = new (at) T;
        record->sort = sort;
        record->open = true;
        record->next_made = next_made;
        if (old == nullptr) {
            record->next_made = made;
            made = record;
        }
        return record;
    }
    void give(T& record) noexcept {
        record.sort = Sort::none;
        record.open = false;
        record.next_free = free;
        free = &record;
    }
    template <class Visit>
    void each(Visit visit) noexcept {
        for (Record *r = made, *next; r != nullptr; r = next) {
            next = r->next_made;
            if (r->sort != Sort::none) visit(*static_cast<T*>(r));
        }
    }
};

Store<Item> items;
Store<Pool> pools;
Store<Group> groups;
Store<Queue> queues;
Store<Waiter> waiters;
Pool* the_pool = nullptr;
Queue* the_queue = nullptr;

void free_item(Item& item, Todo& todo) noexcept {
    if (item.absolute != 0 && item.due.index != 0) --absolute_timers;
    clear_due(item.due);
    if (item.sort == Sort::timer || item.sort == Sort::queue_timer) unreserve_due();
    if (item.completion != nullptr) todo.set[0] = item.completion;
    if (item.object != nullptr) todo.close = item.object;
    if (item.library != nullptr) todo.library = item.library;
    take_out_of_list(item);
    if (Queue* queue = item.queue; queue != nullptr && --queue->timers == 0 && !queue->open) {
        if (queue->completion != nullptr) todo.set[1] = queue->completion;
        queue->changed.fetch_add(1, std::memory_order_release);
        if (queue->sleepers != 0) local::futex_wake(queue->changed, local::kEverybody);
        else queues.give(*queue);
    }
    Pool& pool = *item.pool;
    items.give(item);
    --pool.items;
    shrink(pool);
    free_pool(pool);
}

// ---- fork ---------------------------------------------------------------------------------------------------------
thread_local constinit bool locked_for_fork = false;

// A handler that forks inside the library does not take the lock, which the interrupted code may hold.
void prepare() noexcept {
    locked_for_fork = self.depth.load(std::memory_order_relaxed) == 0;
    if (locked_for_fork) pthread_mutex_lock(&lock);
}

void parent() noexcept {
    if (locked_for_fork) pthread_mutex_unlock(&lock);
    locked_for_fork = false;
}

// The child has the thread that forked, and nothing else. If that one is in a callback, it is still in it.
void child() noexcept {
    if (locked_for_fork) pthread_mutex_unlock(&lock);
    else pthread_mutex_init(&lock, nullptr);  // whoever has it is not here
    locked_for_fork = false;
    forget_all_due();
    forget_waiters();
    pools.each([](Pool& pool) {
        pool.threads = pool.busy = pool.busy_long = 0;
        pool.idle = nullptr;
        for (u32 p = 0; p < kPriorities; ++p) pool.first[p] = pool.last[p] = nullptr;
    });
    const Worker* me = current;
    if (me != nullptr && me->pool != nullptr) {
        me->pool->threads = 1;
        me->pool->busy = me->instance.item != nullptr ? 1 : 0;
        me->pool->busy_long = me->instance.item != nullptr && me->instance.runs_long ? 1 : 0;
    }
    queues.each([](Queue& queue) { queue.sleepers = 0; });
    items.each([me](Item& item) {
        const bool mine = me != nullptr && me->instance.item == &item;
        item.pending = item.signals = item.abandoned = item.sleepers = 0;
        item.active = mine ? 1 : 0;
        item.running = mine && !me->instance.disassociated ? 1 : 0;
        item.next_queued = nullptr;
        item.waiter = nullptr;
        item.set = false;
        item.completion = nullptr;
        // What nobody can close any more, and no callback will end. (A handle that it had stays open in the child.)
        Todo none;
        settle_item(item, none);
        none.forget();
    });
}

// From the beginning: a fork may come while the first call is still under way in another thread.
__attribute__((constructor)) void install_hooks() noexcept { pthread_atfork(prepare, parent, child); }

}  // namespace

Pool* new_pool() noexcept {
    if (!reserve_due()) return nullptr;
    Pool* pool = pools.take(Sort::pool);
    if (pool == nullptr) unreserve_due();
    else pool->growth.pool = pool;
    return pool;
}

Item* new_item(Sort sort, Pool* pool) noexcept {
    const bool timer = sort == Sort::timer || sort == Sort::queue_timer;
    if (pool == nullptr || (timer && !reserve_due())) return nullptr;
    Item* item = items.take(sort);
    if (item == nullptr) {
        if (timer) unreserve_due();
        return nullptr;
    }
    item->pool = pool;
    item->due.item = item;
    ++pool->items;
    return item;
}

Group* new_group() noexcept { return groups.take(Sort::group); }
Queue* new_queue() noexcept { return queues.take(Sort::queue); }
Waiter* new_waiter() noexcept { return waiters.take(Sort::wait); }
Waiter* first_waiter() noexcept { return static_cast<Waiter*>(waiters.made); }

Pool* default_pool() noexcept {
    if (the_pool == nullptr) the_pool = new_pool();
    return the_pool;
}

Queue* default_queue() noexcept {
    if (the_queue == nullptr) the_queue = new_queue();
    return the_queue;
}

void free_pool(Pool& pool) noexcept {
    if (pool.open || pool.items != 0 || pool.threads != 0) return;
    clear_due(pool.growth);
    unreserve_due();
    pools.give(pool);
}

void free_group(Group& group) noexcept {
    while (group.list.first != nullptr) take_out_of_list(*group.list.first);
    groups.give(group);
}

void free_queue(Queue& queue) noexcept { queues.give(queue); }

void put_into_list(Item& item, List& list) noexcept {
    item.list = &list;
    item.previous = list.last;
    (list.last != nullptr ? list.last->next : list.first) = &item;
    list.last = &item;
}

void take_out_of_list(Item& item) noexcept {
    if (item.list == nullptr) return;
    (item.previous != nullptr ? item.previous->next : item.list->first) = item.next;
    (item.next != nullptr ? item.next->previous : item.list->last) = item.previous;
    item.list = nullptr;
    item.next = item.previous = nullptr;
}

void settle_item(Item& item, Todo& todo) noexcept {
    if (item.pending + item.running == 0) {
        item.changed.fetch_add(1, std::memory_order_release);
        if (item.sleepers != 0) local::futex_wake(item.changed, local::kEverybody);
    }
    if (item.open || item.pending != 0 || item.active != 0 || item.sleepers != 0 || item.waiter != nullptr) return;
    free_item(item, todo);
}

void Todo::forget() noexcept {
    threads = 0;
    start[0] = start[1] = nullptr;
    poke[0] = poke[1] = close = set[0] = set[1] = nullptr;
    library = nullptr;
}

bool Todo::act() noexcept {
    bool good = true;
    if (threads != 0) good = start_workers(*pool, threads);
    threads = 0;
    for (Waiter*& waiter : start) {
        if (waiter != nullptr) good = start_waiter(*waiter) && good;
        waiter = nullptr;
    }
    for (HANDLE& event : poke) {
        if (event != nullptr) SetEvent(event);
        event = nullptr;
    }
    if (close != nullptr) close_own(close);
    close = nullptr;
    for (HANDLE& event : set) {
        if (event != nullptr) SetEvent(event);
        event = nullptr;
    }
    if (library != nullptr) FreeLibrary(library);
    library = nullptr;
    return good;
}

}  // namespace winshim::pool
