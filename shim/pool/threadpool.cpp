// threadpool.cpp - pools, work objects, callbacks submitted once, cleanup groups (threadpoolapiset.h).
#include "shim/pool/export.h"

namespace winshim::pool {
namespace {

// Takes the next member out of the group, and ends what would bring new callbacks. Null: there is none.
Item* take_member(Group& group, bool cancel) noexcept {
    Item* item = nullptr;
    {
        Todo todo;
        const wait::PrivateLock guard(lock);
        item = group.list.first;
        if (item == nullptr) return nullptr;
        take_out_of_list(*item);
        item->was_open = item->open;
        ++item->sleepers;
        end_timer(*item);
        if (cancel && cancel_pending(*item)) {
            if (item->sort == Sort::simple) item->was_open = true;
            settle_item(*item, todo);  // others may wait for these callbacks, too
        }
    }
    disarm(*item);
    return item;
}

// All members of now, linked by next_closing: each is at rest before any of them is waited for.
Item* take_members(Group& group, bool cancel) noexcept {
    Item *first = nullptr, **last = &first;
    while (Item* item = take_member(group, cancel)) {
        item->next_closing = nullptr;
        *last = item;
        last = &item->next_closing;
    }
    return first;
}

void close_member(Item& item, bool cancel, void* cleanup_context) noexcept {
    await_callbacks(item, cancel);
    if (cancel && item.was_open && item.cancelled != nullptr) item.cancelled(item.context, cleanup_context);
    {
        const wait::PrivateLock guard(lock);
        item.open = false;
        end_timer(item);
    }
    // A callback may have set the timer, or the wait, anew, and that may have brought another.
    disarm(item);
    await_callbacks(item, cancel);
    Todo todo;
    const wait::PrivateLock guard(lock);
    --item.sleepers;
    settle_item(item, todo);
}

}  // namespace

bool accept(const TP_CALLBACK_ENVIRON& environment) noexcept {
    if (environment.Version != 1 && environment.Version != 3) return false;
    return environment.Version == 1 || environment.CallbackPriority < TP_CALLBACK_PRIORITY_COUNT;
}

Item* new_item_in(Sort sort, void* function, void* context, PTP_CALLBACK_ENVIRON environment) noexcept {
    if (function == nullptr || (environment != nullptr && !accept(*environment)))
        return failed(ERROR_INVALID_PARAMETER);
    HMODULE library = nullptr;
    // The library that the callback lies in stays loaded for as long as the object lives.
    if (environment != nullptr && environment->RaceDll != nullptr &&
        !GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, static_cast<LPCSTR>(function), &library))
        return nullptr;
    Todo todo;
    const wait::PrivateLock guard(lock);
    todo.library = library;
    Pool* pool = default_pool();
    Group* group = nullptr;
    if (environment != nullptr && environment->Pool != nullptr) pool = open_record<Pool>(environment->Pool, Sort::pool);
    if (environment != nullptr && environment->CleanupGroup != nullptr) {
        group = open_record<Group>(environment->CleanupGroup, Sort::group);
        if (group == nullptr) return failed(ERROR_INVALID_PARAMETER);
    }
    const bool wanted = environment != nullptr && environment->Pool != nullptr;
    if (pool == nullptr) return failed(wanted ? ERROR_INVALID_PARAMETER : ERROR_NOT_ENOUGH_MEMORY);
    Item* item = new_item(sort, pool);
    if (item == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
    item->function = function;
    item->context = context;
    item->library = library;
    todo.library = nullptr;
    if (environment == nullptr) return item;
    item->finalize = environment->FinalizationCallback;
    item->runs_long = environment->u.s.LongFunction != 0;
    if (environment->Version == 3) item->priority = static_cast<u8>(environment->CallbackPriority);
    if (group == nullptr) return item;
    item->cancelled = environment->CleanupGroupCancelCallback;
    put_into_list(*item, group->list);
    return item;
}

void close_item(void* handle, Sort sort) noexcept {
    Item* item;
    {
        const wait::PrivateLock guard(lock);
        item = open_record<Item>(handle, sort);
        if (item == nullptr) return;
        item->open = false;
        ++item->sleepers;
        end_timer(*item);
    }
    disarm(*item);
    Todo todo;
    const wait::PrivateLock guard(lock);
    --item->sleepers;
    settle_item(*item, todo);
}

void wait_for_item(void* handle, Sort sort, bool cancel) noexcept {
    Item* item;
    {
        const wait::PrivateLock guard(lock);
        item = open_record<Item>(handle, sort);
        if (item == nullptr) return;
        ++item->sleepers;
    }
    await_callbacks(*item, cancel);
    Todo todo;
    const wait::PrivateLock guard(lock);
    --item->sleepers;
    settle_item(*item, todo);
}

}  // namespace winshim::pool

using namespace winshim;
using namespace winshim::pool;

// ---- pools ---------------------------------------------------------------------------------------------------------

PTP_POOL WINAPI CreateThreadpool(PVOID reserved) {
    const KeepErrno keep;
    if (reserved != nullptr) return failed(ERROR_INVALID_PARAMETER);
    const wait::PrivateLock guard(lock);
    Pool* made = new_pool();
    return made != nullptr ? handle_of<PTP_POOL>(made) : failed(ERROR_NOT_ENOUGH_MEMORY);
}

VOID WINAPI SetThreadpoolThreadMaximum(PTP_POOL ptpp, DWORD cthrdMost) {
    const KeepErrno keep;
    Todo todo;
    const wait::PrivateLock guard(lock);
    Pool* p = open_record<Pool>(ptpp, Sort::pool);
    if (p == nullptr) return;
    p->most = cthrdMost == 0 ? 1 : cthrdMost;
    if (p->least > p->most) p->least = p->most;
    shrink(*p);
    p->taken_before = p->taken;  // those that are queued need not wait for another look
    grow_if_stuck(*p, todo);
}

BOOL WINAPI SetThreadpoolThreadMinimum(PTP_POOL ptpp, DWORD cthrdMic) {
    const KeepErrno keep;
    Todo todo;
    DWORD least, most;
    {
        const wait::PrivateLock guard(lock);
        Pool* p = open_record<Pool>(ptpp, Sort::pool);
        if (p == nullptr) return failed(ERROR_INVALID_PARAMETER);
        least = p->least;
        most = p->most;
        if (p->most < cthrdMic) p->most = cthrdMic;
        p->least = cthrdMic;
        while (p->threads < p->least && grow(*p, todo)) {}
    }
    if (todo.act()) return TRUE;
    // As it was before: the threads that could be made end when they have been idle.
    const wait::PrivateLock guard(lock);
    if (Pool* p = open_record<Pool>(ptpp, Sort::pool); p != nullptr && p->least == cthrdMic) {
        p->least = least;
        p->most = most;
        shrink(*p);
    }
    return failed(ERROR_NOT_ENOUGH_MEMORY);
}

BOOL WINAPI SetThreadpoolStackInformation(PTP_POOL ptpp, PTP_POOL_STACK_INFORMATION ptpsi) {
    const wait::PrivateLock guard(lock);
    Pool* p = open_record<Pool>(ptpp, Sort::pool);
    if (p == nullptr || ptpsi == nullptr) return failed(ERROR_INVALID_PARAMETER);
    p->stack = *ptpsi;
    return TRUE;
}

BOOL WINAPI QueryThreadpoolStackInformation(PTP_POOL ptpp, PTP_POOL_STACK_INFORMATION ptpsi) {
    const wait::PrivateLock guard(lock);
    const Pool* p = open_record<Pool>(ptpp, Sort::pool);
    if (p == nullptr || ptpsi == nullptr) return failed(ERROR_INVALID_PARAMETER);
    *ptpsi = p->stack;
    return TRUE;
}

VOID WINAPI CloseThreadpool(PTP_POOL ptpp) {
    const KeepErrno keep;
    const wait::PrivateLock guard(lock);
    Pool* p = open_record<Pool>(ptpp, Sort::pool);
    if (p == nullptr) return;
    p->open = false;
    p->least = 0;
    shrink(*p);
    free_pool(*p);
}

// ---- work ----------------------------------------------------------------------------------------------------------

PTP_WORK WINAPI CreateThreadpoolWork(PTP_WORK_CALLBACK pfnwk, PVOID pv, PTP_CALLBACK_ENVIRON pcbe) {
    const KeepErrno keep;
    return handle_of<PTP_WORK>(new_item_in(Sort::work, reinterpret_cast<void*>(pfnwk), pv, pcbe));
}

VOID WINAPI SubmitThreadpoolWork(PTP_WORK pwk) {
    const KeepErrno keep;
    Todo todo;
    const wait::PrivateLock guard(lock);
    if (Item* item = open_record<Item>(pwk, Sort::work); item != nullptr) submit(*item, todo);
}

VOID WINAPI WaitForThreadpoolWorkCallbacks(PTP_WORK pwk, BOOL fCancelPendingCallbacks) {
    const KeepErrno keep;
    wait_for_item(pwk, Sort::work, fCancelPendingCallbacks != FALSE);
}

VOID WINAPI CloseThreadpoolWork(PTP_WORK pwk) {
    const KeepErrno keep;
    close_item(pwk, Sort::work);
}

BOOL WINAPI TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK pfns, PVOID pv, PTP_CALLBACK_ENVIRON pcbe) {
    const KeepErrno keep;
    Item* item = new_item_in(Sort::simple, reinterpret_cast<void*>(pfns), pv, pcbe);
    return item != nullptr && submit_once(*item);
}

// ---- cleanup groups -----------------------------------------------------------------------------------------------

PTP_CLEANUP_GROUP WINAPI CreateThreadpoolCleanupGroup(VOID) {
    const KeepErrno keep;
    const wait::PrivateLock guard(lock);
    Group* made = new_group();
    return made != nullptr ? handle_of<PTP_CLEANUP_GROUP>(made) : failed(ERROR_NOT_ENOUGH_MEMORY);
}

VOID WINAPI CloseThreadpoolCleanupGroupMembers(PTP_CLEANUP_GROUP ptpcg, BOOL fCancelPendingCallbacks,
                                               PVOID pvCleanupContext) {
    const KeepErrno keep;
    const bool cancel = fCancelPendingCallbacks != FALSE;
    Group* group;
    {
        const wait::PrivateLock guard(lock);
        group = open_record<Group>(ptpcg, Sort::group);
    }
    if (group == nullptr) return;
    // Callbacks that are waited for may have added members.
    while (Item* item = take_members(*group, cancel))
        for (Item* next; item != nullptr; item = next) {
            next = item->next_closing;
            close_member(*item, cancel, pvCleanupContext);
        }
}

VOID WINAPI CloseThreadpoolCleanupGroup(PTP_CLEANUP_GROUP ptpcg) {
    const KeepErrno keep;
    const wait::PrivateLock guard(lock);
    if (Group* group = open_record<Group>(ptpcg, Sort::group); group != nullptr) free_group(*group);
}
