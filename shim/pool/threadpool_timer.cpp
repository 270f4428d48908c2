// threadpool_timer.cpp - timers and waits of the thread pool, and QueueUserWorkItem.
#include "shim/pool/export.h"

namespace winshim::pool {

u64 deadline_of(const FILETIME& due, u64& absolute) noexcept {
    const u64 units = (u64{due.dwHighDateTime} << 32) | due.dwLowDateTime;
    const bool relative = static_cast<i64>(units) < 0;
    absolute = relative ? 0 : units;
    if (!relative) return units == 0 ? now_ns() : when(units);
    const u64 still = 0 - units;
    return still > kForever / 100 / 2 ? kForever - 1 : now_ns() + still * 100;
}

bool submit_once(Item& item) noexcept {
    Todo todo;
    {
        const wait::PrivateLock guard(lock);
        item.open = false;
        submit(item, todo);
    }
    if (todo.act()) return true;
    // There is no memory for a thread. With others there, or on their way, it will run all the same.
    Todo rest;
    const wait::PrivateLock guard(lock);
    if (item.pool->threads != 0 || !cancel_pending(item)) return true;
    settle_item(item, rest);
    last_error = ERROR_NOT_ENOUGH_MEMORY;
    return false;
}

namespace {

bool set_timer(PTP_TIMER pti, const FILETIME* due, DWORD period_ms) noexcept {
    const KeepErrno keep;
    Todo todo;
    const wait::PrivateLock guard(lock);
    Item* item = open_record<Item>(pti, Sort::timer);
    if (item == nullptr) return false;
    // What is queued already counts as begun.
    const bool cancelled = end_timer(*item);
    item->set = due != nullptr;
    if (due == nullptr) return cancelled;
    item->period_ms = period_ms;
    const u64 at = deadline_of(*due, item->absolute);
    if (item->absolute != 0) ++absolute_timers;
    set_due(item->due, at, todo);
    return cancelled;
}

bool set_wait(PTP_WAIT pwa, HANDLE object, const FILETIME* timeout) noexcept {
    const KeepErrno keep;
    Item* item;
    {
        const wait::PrivateLock guard(lock);
        item = open_record<Item>(pwa, Sort::wait);
        if (item == nullptr) return false;
        ++item->sleepers;
    }
    const bool cancelled = disarm(*item);
    HANDLE mine = object != nullptr ? own_handle(object) : nullptr;
    Todo todo;
    const wait::PrivateLock guard(lock);
    --item->sleepers;
    todo.close = mine;
    if (mine != nullptr && item->open && item->object == nullptr) {
        u64 absolute = 0;
        item->timeout_ms = INFINITE;
        item->deadline = timeout != nullptr ? deadline_of(*timeout, absolute) : kForever;
        item->object = mine;
        if (arm(*item, todo)) todo.close = nullptr;
        else item->object = nullptr;
    }
    if (!item->open && item->pending + item->active == 0) settle_item(*item, todo);
    return cancelled;
}

}  // namespace
}  // namespace winshim::pool

using namespace winshim;
using namespace winshim::pool;

// ---- timers -------------------------------------------------------------------------------------------------------

PTP_TIMER WINAPI CreateThreadpoolTimer(PTP_TIMER_CALLBACK pfnti, PVOID pv, PTP_CALLBACK_ENVIRON pcbe) {
    const KeepErrno keep;
    return handle_of<PTP_TIMER>(new_item_in(Sort::timer, reinterpret_cast<void*>(pfnti), pv, pcbe));
}

VOID WINAPI SetThreadpoolTimer(PTP_TIMER pti, PFILETIME pftDueTime, DWORD msPeriod, DWORD) {
    set_timer(pti, pftDueTime, msPeriod);
}

BOOL WINAPI SetThreadpoolTimerEx(PTP_TIMER pti, PFILETIME pftDueTime, DWORD msPeriod, DWORD) {
    return set_timer(pti, pftDueTime, msPeriod);
}

BOOL WINAPI IsThreadpoolTimerSet(PTP_TIMER pti) {
    const wait::PrivateLock guard(lock);
    const Item* item = open_record<Item>(pti, Sort::timer);
    return item != nullptr && item->set;
}

VOID WINAPI WaitForThreadpoolTimerCallbacks(PTP_TIMER pti, BOOL fCancelPendingCallbacks) {
    const KeepErrno keep;
    wait_for_item(pti, Sort::timer, fCancelPendingCallbacks != FALSE);
}

VOID WINAPI CloseThreadpoolTimer(PTP_TIMER pti) {
    const KeepErrno keep;
    close_item(pti, Sort::timer);
}

// ---- waits --------------------------------------------------------------------------------------------------------

PTP_WAIT WINAPI CreateThreadpoolWait(PTP_WAIT_CALLBACK pfnwa, PVOID pv, PTP_CALLBACK_ENVIRON pcbe) {
    const KeepErrno keep;
    return handle_of<PTP_WAIT>(new_item_in(Sort::wait, reinterpret_cast<void*>(pfnwa), pv, pcbe));
}

VOID WINAPI SetThreadpoolWait(PTP_WAIT pwa, HANDLE h, PFILETIME pftTimeout) { set_wait(pwa, h, pftTimeout); }

BOOL WINAPI SetThreadpoolWaitEx(PTP_WAIT pwa, HANDLE h, PFILETIME pftTimeout, PVOID) {
    return set_wait(pwa, h, pftTimeout);
}

VOID WINAPI WaitForThreadpoolWaitCallbacks(PTP_WAIT pwa, BOOL fCancelPendingCallbacks) {
    const KeepErrno keep;
    wait_for_item(pwa, Sort::wait, fCancelPendingCallbacks != FALSE);
}

VOID WINAPI CloseThreadpoolWait(PTP_WAIT pwa) {
    const KeepErrno keep;
    close_item(pwa, Sort::wait);
}
