// waiters.cpp - threads that wait for objects on behalf of items, and for the earliest due time.
//
// Waiting     A waiter makes a list of handles under the lock, its own event last, and waits for any of them without
//             the lock. Who adds an item sets the event. Who takes one out sets it, too, and goes on when the waiter
//             has come back (`round`): from then on nobody consumes the object's signal for that item. A signal that
//             was consumed before that still counts: the callback runs.
// Due times   One waiter, the timekeeper, gets no objects but its event, and bounds its wait by the earliest of them: a
//             callback in a waiter may wait for a timer. A due time by the clock on the wall is looked at once a
//             second, for that clock may be stepped.
// Fairness    The list begins with another item each time, since a wait takes the lowest signaled index. The event is
//             last: who adds items without end would otherwise keep it from ever seeing the objects. It suffers nothing
//             by that, for whatever ends the wait makes a new list.
#include <cstdlib>

#include "shim/handle/table.h"
#include "shim/pool/pool.h"
#include "shim/process/attach.h"

namespace winshim::pool {
namespace {

constexpr u64 kIdle = 10 * kNsPerSecond;

Waiter* timekeeper = nullptr;

// The list that a waiter waits for. An item may be taken out meanwhile, and put into another waiter.
struct List {
    HANDLE handle[MAXIMUM_WAIT_OBJECTS];
    Item* item[MAXIMUM_WAIT_OBJECTS];
    u64 registration[MAXIMUM_WAIT_OBJECTS];
    DWORD count = 0;

    void add(HANDLE h, Item* i) noexcept {
        handle[count] = h;
        item[count] = i;
        registration[count] = i != nullptr ? i->registration : 0;
        ++count;
    }
};

void take_out(Waiter& waiter, Item& item) noexcept {
    for (u32 i = 0; i < waiter.count; ++i) {
        if (waiter.item[i] != &item) continue;
        waiter.item[i] = waiter.item[--waiter.count];
        break;
    }
    item.waiter = nullptr;
}

enum Why : u32 { got_item = 0, got_due_time = 1 };

// It has something new to wait for.
void tell(Waiter& waiter, Why why, Todo& todo) noexcept {
    if (waiter.started) {
        if (waiter.in_wait) todo.poke[why] = waiter.wake;
        return;
    }
    waiter.started = true;
    todo.start[why] = &waiter;
}

// ---- what has happened, under the lock ----------------------------------------------------------------------------
// True: the callback is for this thread to run, and has begun in it.
bool dispatch(Worker& worker, Item& item, DWORD result, Todo& todo) noexcept {
    const bool once = item.sort == Sort::wait || (item.flags & WT_EXECUTEONLYONCE) != 0;
    if (item.waiter != nullptr) {
        take_out(*item.waiter, item);
        if (once) todo.close = item.object, item.object = nullptr;
    }
    if (result == WAIT_OBJECT_0) ++item.signals;
    else if (result != WAIT_TIMEOUT) ++item.abandoned;
    if (item.sort != Sort::registered || (item.flags & WT_EXECUTEINWAITTHREAD) == 0) {
        submit(item, todo);
        return false;
    }
    begin_run(worker, item);
    if (!once && item.open) arm(item, todo);
    return true;
}

bool fire(Worker& worker, Due& due, u64 now, Todo& todo) noexcept {
    if (due.pool != nullptr) {
        clear_due(due);
        grow_if_stuck(*due.pool, todo);
        return false;
    }
    Item& item = *due.item;
    if (item.absolute != 0) item.absolute = 0, --absolute_timers;
    if (item.period_ms != 0) {
        const u64 period = item.period_ms * kNsPerMs;
        set_due(due, due.at + period > now ? due.at + period : now + period - (now - due.at) % period, todo);
    } else {
        clear_due(due);
        item.expired = true;
    }
    if (item.sort != Sort::queue_timer || (item.flags & WT_EXECUTEINTIMERTHREAD) == 0) {
        submit(item, todo);
        return false;
    }
    begin_run(worker, item);
    return true;
}

// Whatever is due: one thing at a time, for each may leave something to be done. Returns whether there was any.
bool do_one_due(Worker& worker, Waiter& me) noexcept {
    bool mine = false;
    {
        Todo todo;
        const wait::PrivateLock guard(lock);
        if (&me != timekeeper) return false;
        renew_absolute();
        Due* due = earliest_due();
        const u64 now = now_ns();
        if (due == nullptr || due->at > now) return false;
        mine = fire(worker, *due, now, todo);
    }
    if (mine) run(worker);
    return true;
}

// What happened to place `index` of the list.
void note_result(Worker& worker, Waiter& me, const List& list, DWORD index, DWORD result) noexcept {
    bool mine = false;
    {
        Todo todo;
        const wait::PrivateLock guard(lock);
        me.in_wait = false;
        me.round.fetch_add(1, std::memory_order_release);
        local::futex_wake(me.round, local::kEverybody);
        if (index < list.count && list.item[index] != nullptr) {
            // Taken out meanwhile, it lives still: who did that sleeps until now. A time-out does not count then.
            Item& item = *list.item[index];
            const bool still = item.waiter == &me && item.registration == list.registration[index];
            if (!still) item.overtaken = result != WAIT_TIMEOUT;
            if (still || item.overtaken) mine = dispatch(worker, item, result, todo);
        }
    }
    if (mine) run(worker);
}

// A time-out that has passed: one more look at the object, and if it is not signaled, it is a time-out.
bool do_one_timeout(Worker& worker, Waiter& me) noexcept {
    List list;
    {
        const wait::PrivateLock guard(lock);
        const u64 now = now_ns();
        for (u32 i = 0; i < me.count && list.count == 0; ++i)
            if (me.item[i]->deadline <= now) list.add(me.item[i]->object, me.item[i]);
        if (list.count == 0) return false;
        me.in_wait = true;
    }
    const DWORD result = WaitForSingleObject(list.handle[0], 0);
    note_result(worker, me, list, 0, result == WAIT_FAILED ? WAIT_TIMEOUT : result);
    return true;
}

DWORD ms_until(u64 deadline) noexcept {
    if (deadline == kForever) return INFINITE;
    const u64 now = now_ns();
    if (deadline <= now) return 0;
    const u64 ms = (deadline - now + kNsPerMs - 1) / kNsPerMs;
    return ms < INFINITE ? static_cast<DWORD>(ms) : INFINITE - 1;
}

// The list for the next wait, and until when. False: there was nothing to wait for since `idle_since`.
bool make_list(Waiter& me, List& list, u64& deadline, u64& idle_since) noexcept {
    const wait::PrivateLock guard(lock);
    const Due* due = &me == timekeeper ? earliest_due() : nullptr;
    const u64 now = now_ns();
    if (me.count != 0 || due != nullptr) idle_since = now;
    if (now >= idle_since + kIdle) {
        me.started = false;
        return false;
    }
    deadline = me.count == 0 && due == nullptr ? idle_since + kIdle : kForever;
    if (due != nullptr) deadline = due->at;
    if (due != nullptr && absolute_timers != 0 && deadline > now + kNsPerSecond) deadline = now + kNsPerSecond;
    const u32 first = me.count == 0 ? 0 : me.round.load(std::memory_order_relaxed) % me.count;
    for (u32 n = 0; n < me.count; ++n) {
        Item* item = me.item[(first + n) % me.count];
        list.add(item->object, item);
        if (item->deadline < deadline) deadline = item->deadline;
    }
    if (me.wake != nullptr) list.add(me.wake, nullptr);
    me.in_wait = true;
    return true;
}

// An object cannot be waited for: its item is forgotten. False: our own event is gone, for the process ends.
bool drop_bad(Worker& worker, Waiter& me, const List& list) noexcept {
    DWORD flags, bad = list.count;
    for (DWORD i = 0; i < list.count && bad == list.count; ++i)
        if (!GetHandleInformation(list.handle[i], &flags)) bad = i;
    const bool ends = bad < list.count && list.item[bad] == nullptr;
    if (bad == list.count) Sleep(10);
    if (bad < list.count && !ends) {
        const wait::PrivateLock guard(lock);
        Item& item = *list.item[bad];
        if (item.waiter == &me && item.registration == list.registration[bad]) {
            take_out(me, item);
            item.object = nullptr;
        }
    }
    note_result(worker, me, list, list.count, WAIT_FAILED);
    return !ends;
}

// Files, pipes and terminals are not: their handles are descriptors.
bool in_table(HANDLE handle) noexcept { return handle::find(handle) != nullptr; }

// Who closes handles that are not its own shall not close ours: the number would soon be somebody else's.
HANDLE protect(HANDLE handle) noexcept {
    if (in_table(handle)) SetHandleInformation(handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    return handle;
}

void make_event(Waiter& me) noexcept {
    HANDLE stale = nullptr;
    HANDLE made = protect(CreateEventA(nullptr, FALSE, FALSE, nullptr));
    {
        const wait::PrivateLock guard(lock);
        stale = me.stale;
        me.stale = nullptr;
        me.wake = made;
    }
    if (stale != nullptr) close_own(stale);
}

u32 waiter_main(void* at) {
    Worker& worker = *static_cast<Worker*>(at);
    Waiter& me = *worker.waiter;
    enlist(&worker);
    u64 deadline = 0, idle_since = now_ns();
    for (;;) {
        if (me.wake == nullptr) make_event(me);  // also in the child of a fork in a callback
        if (do_one_due(worker, me) || do_one_timeout(worker, me)) continue;
        List list;
        if (!make_list(me, list, deadline, idle_since)) break;
        // Without an event of its own (no memory for one) it looks again and again.
        const DWORD ms = me.wake != nullptr ? ms_until(deadline) : ms_until(deadline) < 10 ? ms_until(deadline) : 10;
        if (list.count == 0) {
            Sleep(ms);
            note_result(worker, me, list, 0, WAIT_TIMEOUT);
            continue;
        }
        const DWORD result = WaitForMultipleObjects(list.count, list.handle, FALSE, ms);
        if (result == WAIT_FAILED) {
            if (!drop_bad(worker, me, list)) break;
        } else if (result == WAIT_TIMEOUT) {
            note_result(worker, me, list, list.count, WAIT_TIMEOUT);
        } else if (result >= WAIT_ABANDONED_0 && result < WAIT_ABANDONED_0 + list.count) {
            note_result(worker, me, list, result - WAIT_ABANDONED_0, WAIT_ABANDONED_0);
        } else {
            note_result(worker, me, list, result, WAIT_OBJECT_0);
        }
    }
    enlist(nullptr);
    free(&worker);
    return 0;
}

// A wait with a file among its objects looks at them in turns: so files have waiters of their own.
bool may_wait(const Waiter& waiter, bool files) noexcept {
    return &waiter != timekeeper && waiter.count < kMostWaits && (waiter.files == files || waiter.count == 0);
}

}  // namespace

bool arm(Item& item, Todo& todo) noexcept {
    const bool files = !in_table(item.object);
    Waiter* waiter = nullptr;
    for (Record* r = first_waiter(); r != nullptr && waiter == nullptr; r = r->next_made)
        if (may_wait(*static_cast<Waiter*>(r), files)) waiter = static_cast<Waiter*>(r);
    if (waiter == nullptr && (waiter = new_waiter()) == nullptr) return false;
    waiter->files = files;
    waiter->item[waiter->count++] = &item;
    item.waiter = waiter;
    ++item.registration;
    item.deadline = item.timeout_ms == INFINITE ? item.deadline : deadline_after(item.timeout_ms);
    tell(*waiter, got_item, todo);
    return true;
}

bool disarm(Item& item) noexcept {
    HANDLE poke = nullptr, close = nullptr;
    Waiter* waiter = nullptr;
    u32 seen = 0;
    bool waits = false;
    {
        const wait::PrivateLock guard(lock);
        waiter = item.waiter;
        close = item.object;
        item.object = nullptr;
        if (waiter != nullptr) {
            take_out(*waiter, item);
            item.overtaken = false;
            waits = waiter->in_wait;
            poke = waiter->wake;
            seen = waiter->round.load(std::memory_order_relaxed);
        }
        ++item.sleepers;
    }
    if (waits) {
        if (poke != nullptr) SetEvent(poke);
        while (waiter->round.load(std::memory_order_acquire) == seen) local::futex_wait(waiter->round, seen);
    }
    if (close != nullptr) close_own(close);
    const wait::PrivateLock guard(lock);
    --item.sleepers;
    return waiter != nullptr && !item.overtaken;
}

void wake_timekeeper(Todo& todo) noexcept {
    if (timekeeper == nullptr) timekeeper = new_waiter();
    if (timekeeper != nullptr) tell(*timekeeper, got_due_time, todo);
}

bool start_waiter(Waiter& waiter) noexcept {
    if (start_thread(waiter_main, nullptr, &waiter, 0)) return true;
    const wait::PrivateLock guard(lock);
    waiter.started = false;
    return false;
}

void waiter_gone(Waiter& waiter, Todo& todo) noexcept {
    waiter.started = waiter.in_wait = false;
    waiter.round.fetch_add(1, std::memory_order_release);
    local::futex_wake(waiter.round, local::kEverybody);
    if (waiter.count != 0 || (&waiter == timekeeper && earliest_due() != nullptr)) tell(waiter, got_item, todo);
}

void forget_waiters() noexcept {
    for (Record* r = first_waiter(); r != nullptr; r = r->next_made) {
        auto& waiter = *static_cast<Waiter*>(r);
        waiter.count = 0;
        waiter.in_wait = false;
        waiter.started = current != nullptr && current->waiter == &waiter;  // it forks in a callback
        if (waiter.wake != nullptr) waiter.stale = waiter.wake;
        waiter.wake = nullptr;
    }
}

HANDLE own_handle(HANDLE object) noexcept {
    if (process::ensure_attached() == Status::success && in_table(object)) {
        const u64 entry = handle::peek(object);
        if (!handle::is_open(entry)) return failed(ERROR_INVALID_HANDLE);
        if (!handle::may(entry, handle::kSynchronizeBit)) return failed(ERROR_ACCESS_DENIED);
    }
    HANDLE made = nullptr;  // for a pseudo handle a real one, for a file another descriptor
    const BOOL done = DuplicateHandle(GetCurrentProcess(), object, GetCurrentProcess(), &made, 0, FALSE,
                                      DUPLICATE_SAME_ACCESS);
    return done ? protect(made) : nullptr;
}

void close_own(HANDLE handle) noexcept {
    if (in_table(handle)) SetHandleInformation(handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0);
    CloseHandle(handle);
}

}  // namespace winshim::pool
