// legacy.cpp - timer queues, registered waits, QueueUserWorkItem (threadpoollegacyapiset.h).
#include "shim/next/next.h"
#include "shim/pool/export.h"

namespace winshim::pool {
namespace {

constexpr ULONG kKnownFlags = WT_EXECUTEINIOTHREAD | WT_EXECUTEINUITHREAD | WT_EXECUTEINWAITTHREAD |
                              WT_EXECUTEONLYONCE | WT_EXECUTELONGFUNCTION | WT_EXECUTEINTIMERTHREAD |
                              WT_EXECUTEINPERSISTENTIOTHREAD | WT_EXECUTEINPERSISTENTTHREAD | WT_TRANSFER_IMPERSONATION;

// Under the lock. NULL is the queue that every process has.
Queue* queue_behind(HANDLE handle) noexcept {
    return handle == nullptr ? default_queue() : open_record<Queue>(handle, Sort::queue);
}

u64 deadline_in(ULONG ms) noexcept { return now_ns() + ms * kNsPerMs; }

// Under the lock: a new item of the default pool with a function of these headers; null: no memory.
Item* new_legacy(Sort sort, void* function, void* context, ULONG flags) noexcept {
    Item* item = new_item(sort, default_pool());
    if (item == nullptr) return nullptr;
    item->function = function;
    item->context = context;
    item->flags = flags & 0xFFFF;
    item->runs_long = (flags & WT_EXECUTELONGFUNCTION) != 0;
    if (const ULONG most = flags >> 16; most != 0) item->pool->most = most;
    return item;
}

// Under the lock: closes a timer or a registered wait, and says what is to come of it.
enum class Left { nothing, callbacks };
Left close_legacy(Item& item, HANDLE completion, Todo& todo) noexcept {
    end_timer(item);
    item.open = false;
    item.completion = completion != INVALID_HANDLE_VALUE ? completion : nullptr;
    const Left left = item.pending + item.active != 0 ? Left::callbacks : Left::nothing;
    settle_item(item, todo);
    return left;
}

// A blocking call in a callback of the same item would wait for itself.
bool blocks(HANDLE completion, const Item& item) noexcept {
    return completion == INVALID_HANDLE_VALUE && !inside(item);
}

// The queue that a caller names with a timer only has to be one: Windows goes by the timer.
Item* timer_of(HANDLE timer) noexcept { return open_record<Item>(timer, Sort::queue_timer); }

BOOL delete_queue(HANDLE handle, HANDLE completion) noexcept {
    Queue* queue;
    bool outstanding, waits;
    {
        Todo todo;
        const wait::PrivateLock guard(lock);
        queue = open_record<Queue>(handle, Sort::queue);
        if (queue == nullptr) return failed(ERROR_INVALID_HANDLE);
        ++queue->sleepers;
        queue->open = false;
        for (Item *item = queue->list.first, *next; item != nullptr; item = next) {
            next = item->next;
            if (item->open) close_legacy(*item, nullptr, todo);
        }
        outstanding = queue->timers != 0;
        waits = outstanding && completion == INVALID_HANDLE_VALUE &&
                (current == nullptr || current->instance.item == nullptr || current->instance.item->queue != queue);
        if (completion != INVALID_HANDLE_VALUE) queue->completion = completion;
        if (!outstanding && queue->completion != nullptr) todo.set[1] = queue->completion;
    }
    while (waits) {
        u32 seen;
        {
            const wait::PrivateLock guard(lock);
            seen = queue->changed.load(std::memory_order_relaxed);
            if (queue->timers == 0) break;
        }
        local::futex_wait(queue->changed, seen);
    }
    const wait::PrivateLock guard(lock);
    const bool left = queue->timers != 0;
    if (--queue->sleepers == 0 && !left) free_queue(*queue);
    return deleted(outstanding && !waits, completion);
}

BOOL unregister(HANDLE handle, HANDLE completion) noexcept {
    Item* item;
    {
        const wait::PrivateLock guard(lock);
        item = open_record<Item>(handle, Sort::registered);
        if (item == nullptr) return failed(ERROR_INVALID_HANDLE);
        item->open = false;  // from here on it is not waited for anew
        ++item->sleepers;
    }
    disarm(*item);
    const bool waits = blocks(completion, *item);
    if (waits) await_callbacks(*item, false);
    Todo todo;
    const wait::PrivateLock guard(lock);
    --item->sleepers;
    return deleted(close_legacy(*item, completion, todo) == Left::callbacks, completion);
}

// These are addresses: whether one is ours, only the records know.
bool is_queue(HANDLE handle) noexcept {
    const wait::PrivateLock guard(lock);
    return handle == nullptr || open_record<Queue>(handle, Sort::queue) != nullptr;
}
bool is_registered(HANDLE handle) noexcept {
    const wait::PrivateLock guard(lock);
    return handle == nullptr || open_record<Item>(handle, Sort::registered) != nullptr;
}

}  // namespace
}  // namespace winshim::pool

using namespace winshim;
using namespace winshim::pool;

BOOL WINAPI QueueUserWorkItem(LPTHREAD_START_ROUTINE Function, PVOID Context, ULONG Flags) {
    const KeepErrno keep;
    if (Function == nullptr || (Flags & 0xFFFF & ~kKnownFlags) != 0) return failed(ERROR_INVALID_PARAMETER);
    Item* item;
    {
        const wait::PrivateLock guard(lock);
        item = new_legacy(Sort::function, reinterpret_cast<void*>(Function), Context, Flags);
    }
    if (item == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
    return submit_once(*item);
}

// ---- timer queues -------------------------------------------------------------------------------------------------

HANDLE WINAPI CreateTimerQueue(VOID) {
    const KeepErrno keep;
    const wait::PrivateLock guard(lock);
    Queue* queue = new_queue();
    return queue != nullptr ? static_cast<HANDLE>(queue) : failed(ERROR_NOT_ENOUGH_MEMORY);
}

BOOL WINAPI CreateTimerQueueTimer(PHANDLE phNewTimer, HANDLE TimerQueue, WAITORTIMERCALLBACK Callback, PVOID Parameter,
                                  DWORD DueTime, DWORD Period, ULONG Flags) {
    WINSHIM_HAND_ON_AS(CreateTimerQueueTimer, CreateTimerQueueTimer, !is_queue(TimerQueue), TimerQueue, phNewTimer,
                       TimerQueue, Callback, Parameter, DueTime, Period, Flags);
    const KeepErrno keep;
    const bool once_and_again = (Flags & WT_EXECUTEONLYONCE) != 0 && Period != 0;
    if (phNewTimer == nullptr || Callback == nullptr || once_and_again || (Flags & 0xFFFF & ~kKnownFlags) != 0)
        return failed(ERROR_INVALID_PARAMETER);
    Item* item;
    Todo todo;
    {
        const wait::PrivateLock guard(lock);
        Queue* queue = queue_behind(TimerQueue);
        if (queue == nullptr) return failed(ERROR_INVALID_HANDLE);
        item = new_legacy(Sort::queue_timer, reinterpret_cast<void*>(Callback), Parameter, Flags);
        if (item == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
        item->queue = queue;
        ++queue->timers;
        put_into_list(*item, queue->list);
        item->period_ms = Period;
        *phNewTimer = item;  // before the callback can use it
        if (DueTime != INFINITE) set_due(item->due, deadline_in(DueTime), todo);
    }
    if (todo.act()) return TRUE;
    DeleteTimerQueueTimer(TimerQueue, item, nullptr);
    *phNewTimer = nullptr;
    return failed(ERROR_NOT_ENOUGH_MEMORY);
}

BOOL WINAPI ChangeTimerQueueTimer(HANDLE TimerQueue, HANDLE Timer, ULONG DueTime, ULONG Period) {
    WINSHIM_HAND_ON_AS(ChangeTimerQueueTimer, ChangeTimerQueueTimer, !is_queue(TimerQueue), TimerQueue, TimerQueue,
                       Timer, DueTime, Period);
    const KeepErrno keep;
    Todo todo;
    const wait::PrivateLock guard(lock);
    Queue* queue = queue_behind(TimerQueue);
    if (queue == nullptr) return failed(ERROR_INVALID_HANDLE);
    Item* item = timer_of(Timer);
    if (item == nullptr) return failed(ERROR_INVALID_PARAMETER);
    if (item->expired) return TRUE;
    end_timer(*item);
    item->period_ms = Period;
    if (DueTime != INFINITE) set_due(item->due, deadline_in(DueTime), todo);
    return TRUE;
}

BOOL WINAPI DeleteTimerQueueTimer(HANDLE TimerQueue, HANDLE Timer, HANDLE CompletionEvent) {
    WINSHIM_HAND_ON_AS(DeleteTimerQueueTimer, DeleteTimerQueueTimer, !is_queue(TimerQueue), TimerQueue, TimerQueue,
                       Timer, CompletionEvent);
    const KeepErrno keep;
    Item* item;
    bool waits;
    {
        Todo todo;
        const wait::PrivateLock guard(lock);
        Queue* queue = queue_behind(TimerQueue);
        if (queue == nullptr) return failed(ERROR_INVALID_HANDLE);
        item = timer_of(Timer);
        if (item == nullptr) return failed(ERROR_INVALID_PARAMETER);
        waits = blocks(CompletionEvent, *item);
        // Also with an event: the event says when they are over, the result that they are not yet.
        if (!waits) return deleted(close_legacy(*item, CompletionEvent, todo) == Left::callbacks, nullptr);
        end_timer(*item);
        item->open = false;
        ++item->sleepers;
    }
    await_callbacks(*item, false);
    Todo todo;
    const wait::PrivateLock guard(lock);
    --item->sleepers;
    settle_item(*item, todo);
    return TRUE;
}

BOOL WINAPI DeleteTimerQueueEx(HANDLE TimerQueue, HANDLE CompletionEvent) {
    WINSHIM_HAND_ON_AS(DeleteTimerQueueEx, DeleteTimerQueueEx, !is_queue(TimerQueue), TimerQueue, TimerQueue,
                       CompletionEvent);
    const KeepErrno keep;
    return delete_queue(TimerQueue, CompletionEvent);
}

BOOL WINAPI DeleteTimerQueue(HANDLE TimerQueue) {
    WINSHIM_HAND_ON_AS(DeleteTimerQueue, DeleteTimerQueue, !is_queue(TimerQueue), TimerQueue, TimerQueue);
    const KeepErrno keep;
    const DWORD before = last_error;
    if (delete_queue(TimerQueue, nullptr)) return TRUE;
    if (last_error != ERROR_IO_PENDING) return FALSE;
    last_error = before;
    return TRUE;
}

// ---- registered waits ---------------------------------------------------------------------------------------------

BOOL WINAPI RegisterWaitForSingleObject(PHANDLE phNewWaitObject, HANDLE hObject, WAITORTIMERCALLBACK Callback,
                                        PVOID Context, ULONG dwMilliseconds, ULONG dwFlags) {
    WINSHIM_HAND_ON(RegisterWaitForSingleObject, hObject, phNewWaitObject, hObject, Callback, Context, dwMilliseconds,
                    dwFlags);
    const KeepErrno keep;
    if (phNewWaitObject == nullptr || Callback == nullptr || (dwFlags & 0xFFFF & ~kKnownFlags) != 0)
        return failed(ERROR_INVALID_PARAMETER);
    HANDLE mine = own_handle(hObject);
    if (mine == nullptr) return FALSE;
    Item* item = nullptr;
    bool good = false;
    {
        Todo todo;
        {
            const wait::PrivateLock guard(lock);
            item = new_legacy(Sort::registered, reinterpret_cast<void*>(Callback), Context, dwFlags);
            if (item == nullptr) {
                todo.close = mine;
            } else {
                item->object = mine;
                item->timeout_ms = dwMilliseconds;
                item->deadline = kForever;
                *phNewWaitObject = item;  // before the callback can use it
                good = arm(*item, todo);
            }
        }
        good = todo.act() && good;
    }
    if (good) return TRUE;
    if (item != nullptr) unregister(item, nullptr);
    *phNewWaitObject = nullptr;
    return failed(ERROR_NOT_ENOUGH_MEMORY);
}

BOOL WINAPI UnregisterWaitEx(HANDLE WaitHandle, HANDLE CompletionEvent) {
    WINSHIM_HAND_ON_AS(UnregisterWaitEx, UnregisterWaitEx, !is_registered(WaitHandle), WaitHandle, WaitHandle,
                       CompletionEvent);
    const KeepErrno keep;
    return unregister(WaitHandle, CompletionEvent);
}

BOOL WINAPI UnregisterWait(HANDLE WaitHandle) {
    WINSHIM_HAND_ON_AS(UnregisterWait, UnregisterWait, !is_registered(WaitHandle), WaitHandle, WaitHandle);
    const KeepErrno keep;
    return unregister(WaitHandle, nullptr);
}
