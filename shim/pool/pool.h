// pool.h - the thread pool, the timer queues and the registered waits of this process: what their files share.
//
// Purpose     Everything here is private to the process and a client of the exports: threads are made by CreateThread,
//             objects are waited for by WaitForMultipleObjects on duplicated handles. An *item* is whatever has a
//             callback: a work object, a timer, a wait, a callback submitted once. A pool has threads that run the
//             callbacks of its items (workers.cpp); *waiters* are threads that wait for up to 63 objects each, and a
//             timekeeper among them waits for due times (waiters.cpp, due.cpp).
// Invariants  P1 an item is freed once its handle is closed, none of its callbacks is queued or running, no waiter has
//                it and nobody sleeps for it: settle_item() alone frees.
//             P2 records are never given back to malloc, and keep their type: a stale handle is told by its sort.
//             P3 a fork's child has the records, and no callback, thread, waiter or due time.
// Locks       One lock for all of it. Under it nothing of the library is called: what that leaves to be done is noted
//             in a Todo, and done when the lock is gone. So it comes after every other lock of the library.
// Source      the documents of threadpoolapiset.h and threadpoollegacyapiset.h
#pragma once
#include "shim/base/sdk.h"
#include "shim/local/futex.h"
#include "shim/wait/private_lock.h"

namespace winshim::pool {

using local::Word;

enum class Sort : u32 {
    none,  // free
    pool, group, work, timer, wait,     // threadpoolapiset.h
    simple,                             // TrySubmitThreadpoolCallback
    function,                           // QueueUserWorkItem
    queue, queue_timer, registered,     // timer queues, RegisterWaitForSingleObject
};

struct Item;
struct Pool;

// Of every type of record, so that those of a fork's child can be found.
struct Record {
    Sort sort = Sort::none;
    bool open = false;  // its handle is not closed
    Record* next_free = nullptr;
    Record* next_made = nullptr;
};

// A due time in the heap. `at`: CLOCK_MONOTONIC.
struct Due {
    u64 at = 0;
    u32 index = 0;  // its place in the heap; 0: it is not due at all
    Item* item = nullptr;
    Pool* pool = nullptr;  // of one of the two: a timer, or a pool that may need another thread
};

// In the order in which they were made.
struct List {
    Item* first = nullptr;
    Item* last = nullptr;
};

struct Queue : Record {
    List list;
    u32 timers = 0;
    u32 sleepers = 0;
    Word changed{0};
    HANDLE completion = nullptr;
};

struct Group : Record {
    List list;
};

struct Waiter;

struct Item : Record {
    Pool* pool = nullptr;
    Item* next_queued = nullptr;
    List* list = nullptr;  // of the cleanup group, or timer queue, that it is in
    Item* next = nullptr;
    Item* previous = nullptr;
    Item* next_closing = nullptr;  // of the members that one call closes
    bool was_open = false;         // when that call began

    void* function = nullptr;
    void* context = nullptr;
    PTP_CLEANUP_GROUP_CANCEL_CALLBACK cancelled = nullptr;
    PTP_SIMPLE_CALLBACK finalize = nullptr;
    HMODULE library = nullptr;
    ULONG flags = 0;  // WT_...
    bool runs_long = false;
    u8 priority = TP_CALLBACK_PRIORITY_NORMAL;

    u32 pending = 0;   // callbacks that are queued
    u32 running = 0;   // begun, not returned, and not disassociated
    u32 active = 0;    // begun, not returned
    u32 sleepers = 0;  // who waits for its callbacks, or for its waiter; keeps it from being freed
    Word changed{0};   // whenever pending + running has become 0
    HANDLE completion = nullptr;  // to be set when it is freed

    Due due;                 // timers
    bool set = false;        // the last SetThreadpoolTimer was not the one that ends it
    bool expired = false;    // a queue's timer without a period has fired
    u64 absolute = 0;        // the due time as a FILETIME, 0 if it is relative
    u32 period_ms = 0;
    Queue* queue = nullptr;

    HANDLE object = nullptr;    // waits: a handle of ours
    Waiter* waiter = nullptr;   // who waits for it now
    u64 registration = 0;       // counts its waits
    bool overtaken = false;     // it was taken out of its waiter, which had consumed a signal for it before that
    u64 deadline = 0;           // of this wait
    u32 timeout_ms = 0;
    u32 signals = 0;            // so many of the pending callbacks are for a signal, the others for a time-out
    u32 abandoned = 0;          // and so many of those for an abandoned mutex
};

struct Worker;

// What a callback gets as its PTP_CALLBACK_INSTANCE.
struct Instance {
    Item* item = nullptr;
    Worker* worker = nullptr;
    bool disassociated = false;
    bool runs_long = false;
    DWORD result = 0;  // of a wait
    PCRITICAL_SECTION section = nullptr;
    HANDLE mutex = nullptr, semaphore = nullptr, event = nullptr;
    DWORD units = 0;
    HMODULE library = nullptr;
};

struct Worker {
    Worker* next_idle = nullptr;
    Pool* pool = nullptr;      // of one of the two
    Waiter* waiter = nullptr;
    Word woken{0};
    bool idle = false;
    Instance instance;         // the callback that it is in, if `item` is not null
};

inline constexpr u32 kPriorities = 3;

struct Pool : Record {
    u32 most = 500, least = 0;
    u32 threads = 0;
    u32 busy = 0;         // threads in callbacks
    u32 busy_long = 0;    // and those of them that may take long
    u64 taken = 0;        // callbacks that have begun
    u64 taken_before = 0; // when it was last looked at whether any begins
    u32 items = 0;        // a closed pool goes when it has none, and no thread
    Worker* idle = nullptr;
    Item* first[kPriorities] = {};
    Item* last[kPriorities] = {};
    Due growth;
    TP_POOL_STACK_INFORMATION stack = {0, 0};
};

inline constexpr u32 kMostWaits = MAXIMUM_WAIT_OBJECTS - 1;  // and the waiter's own event

struct Waiter : Record {
    Item* item[kMostWaits] = {};
    u32 count = 0;
    HANDLE wake = nullptr;   // an event that ends its wait; made once, and kept
    HANDLE stale = nullptr;  // the one of the process that this one was forked from
    bool started = false;
    bool files = false;      // its objects are files, pipes, terminals
    bool in_wait = false;    // it has given away its list of handles, and looks at it again when `round` has changed
    Word round{0};
};

extern pthread_mutex_t lock;
extern thread_local constinit Worker* current;  // the calling thread, if it is one of ours

// What has to be done once the lock is gone. Stands before the lock's guard in each function.
class Todo {
public:
    Todo() noexcept = default;
    ~Todo() noexcept { act(); }
    Todo(const Todo&) = delete;
    Todo& operator=(const Todo&) = delete;

    // Returns false if a thread was to be made and could not be.
    bool act() noexcept;
    void forget() noexcept;

    Pool* pool = nullptr;  // to get so many more threads, which it counts already
    u32 threads = 0;
    Waiter* start[2] = {};  // a waiter that got an item, the timekeeper; so below: their events
    HANDLE poke[2] = {};
    HANDLE close = nullptr;
    HANDLE set[2] = {};
    HMODULE library = nullptr;
};

// ---- records.cpp, under the lock -----------------------------------------------------------------------------------
Item* new_item(Sort sort, Pool* pool) noexcept;  // null: no memory
Pool* new_pool() noexcept;
Group* new_group() noexcept;
Queue* new_queue() noexcept;
Waiter* new_waiter() noexcept;
void free_pool(Pool& pool) noexcept;
void free_group(Group& group) noexcept;
void free_queue(Queue& queue) noexcept;
Pool* default_pool() noexcept;  // null: no memory
Queue* default_queue() noexcept;
Waiter* first_waiter() noexcept;

// The open record behind a handle, if it is of this sort; else null.
template <class T>
T* open_record(void* handle, Sort sort) noexcept {
    T* record = static_cast<T*>(handle);
    return record != nullptr && record->sort == sort && record->open ? record : nullptr;
}

void put_into_list(Item& item, List& list) noexcept;
void take_out_of_list(Item& item) noexcept;

// Its callbacks may be over, or its handle closed: tells those who wait for that, and frees it if nothing holds it.
void settle_item(Item& item, Todo& todo) noexcept;

// ---- workers.cpp --------------------------------------------------------------------------------------------------
// Under the lock: one more callback of the item.
void submit(Item& item, Todo& todo) noexcept;
// Under the lock: takes back the callbacks that have not begun. Returns whether there were any.
bool cancel_pending(Item& item) noexcept;
// Under the lock: one thread more, if the pool may have it. Returns whether it may.
bool grow(Pool& pool, Todo& todo) noexcept;
// Under the lock: callbacks wait, and since the last look none has begun: one thread more, and another look later.
void grow_if_stuck(Pool& pool, Todo& todo) noexcept;
// Under the lock: idle threads beyond what the pool shall keep may end now.
void shrink(Pool& pool) noexcept;
// Without the lock: so many threads, which the pool counts already. False: not all could be made.
bool start_workers(Pool& pool, u32 count) noexcept;
// A thread of ours, which gets a new Worker for that pool or waiter. False: none could be made.
bool start_thread(u32 (*routine)(void* worker), Pool* pool, Waiter* waiter, std::size_t stack_bytes) noexcept;
// Without the lock: runs the callback of an item that counts as running, in this thread.
void run(Worker& worker) noexcept;
// Under the lock: begins a callback of the item in this thread.
void begin_run(Worker& worker, Item& item) noexcept;
// Without the lock: waits until no callback of the item is queued or running; `cancel`: those queued are taken back.
void await_callbacks(Item& item, bool cancel) noexcept;
// The calling thread is in a callback of this item.
inline bool inside(const Item& item) noexcept { return current != nullptr && current->instance.item == &item; }
// The calling thread is one of ours from now on: its end, by ExitThread in a callback, gives back what it holds.
void enlist(Worker* worker) noexcept;

// ---- due.cpp, under the lock --------------------------------------------------------------------------------------
bool reserve_due() noexcept;  // room for one more; each record that may be due has reserved it
void unreserve_due() noexcept;
void set_due(Due& due, u64 at, Todo& todo) noexcept;
void clear_due(Due& due) noexcept;
Due* earliest_due() noexcept;
void forget_all_due() noexcept;
// When `units`, a FILETIME, will be, by the clock of today.
u64 when(u64 units) noexcept;
// Due times by the clock on the wall, which may have been stepped, are looked at again. Returns whether there are any.
bool renew_absolute() noexcept;
extern u32 absolute_timers;

// ---- waiters.cpp --------------------------------------------------------------------------------------------------
// Under the lock: from now on somebody waits for item.object until item.deadline. False: no memory.
bool arm(Item& item, Todo& todo) noexcept;
// Without the lock: nobody waits for it any more, and the handle is closed. Returns whether somebody did, and will not
// call.
bool disarm(Item& item) noexcept;
// Under the lock: who keeps the due times shall look again.
void wake_timekeeper(Todo& todo) noexcept;
bool start_waiter(Waiter& waiter) noexcept;
// Under the lock: its thread has ended in the middle.
void waiter_gone(Waiter& waiter, Todo& todo) noexcept;
void forget_waiters() noexcept;  // in a fork's child

// A handle of ours to a waitable object, protected from close; null, with the last error, if there is none.
HANDLE own_handle(HANDLE object) noexcept;
void close_own(HANDLE handle) noexcept;

}  // namespace winshim::pool
