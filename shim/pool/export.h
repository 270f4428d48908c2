// export.h - what the exports of this room share.
#pragma once
#include "shim/pool/pool.h"

namespace winshim::pool {

template <class Handle>
Handle handle_of(void* record) noexcept {
    return static_cast<Handle>(record);
}

// A new open item as an environment says; null, with the last error, on failure.
Item* new_item_in(Sort sort, void* function, void* context, PTP_CALLBACK_ENVIRON environment) noexcept;

// Closes the handle of a work object, timer or wait: no new callbacks; those that are queued run.
void close_item(void* handle, Sort sort) noexcept;
void wait_for_item(void* handle, Sort sort, bool cancel) noexcept;

// Submits an item that has no handle and goes when its callback is over. False, with the last error: there is no thread
// for it and none can be made.
bool submit_once(Item& item) noexcept;

// Under the lock: it will not become due any more. Returns whether it was to.
inline bool end_timer(Item& item) noexcept {
    const bool was = item.due.index != 0;
    if (was && item.absolute != 0) --absolute_timers;
    item.absolute = 0;
    clear_due(item.due);
    return was;
}

// A due time as FILETIMEs say it: negative, so many units from now; else a time on the wall. Sets item.absolute.
u64 deadline_of(const FILETIME& due, u64& absolute) noexcept;

// What deleting gives: FALSE and ERROR_IO_PENDING if callbacks are still to come or running, and nobody will tell.
inline BOOL deleted(bool outstanding, HANDLE completion) noexcept {
    const bool told = completion != nullptr && completion != INVALID_HANDLE_VALUE;
    return outstanding && !told ? failed(ERROR_IO_PENDING) : BOOL{TRUE};
}

}  // namespace winshim::pool
