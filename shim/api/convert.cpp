// convert.cpp - handles to objects.
#include "shim/api/convert.h"

#include "shim/process/attach.h"
#include "shim/process/identity.h"

namespace winshim::api {

Status attach_for(HANDLE handle) noexcept {
    return next::is_foreign_value(handle) ? Status::invalid_handle : process::attach();
}

Result<wait::Target> resolve_thread(HANDLE h, u64 rights) noexcept {
    if (h != process::current_thread()) return resolve(h, Kind::thread, rights);
    const Status s = process::ensure_attached();
    return s == Status::success ? process::own_object(h) : fail<wait::Target>(s);
}

Result<wait::Target> resolve_waitable(HANDLE h) noexcept {
    if (const Status s = ensure_attached_for(h); s != Status::success) return fail<wait::Target>(s);
    if (process::is_pseudo_handle(h)) return process::own_object(h);
    const u64 entry = handle::peek(h);
    if (!handle::is_open(entry)) return fail<wait::Target>(Status::invalid_handle);
    const wait::Target target = handle::target(entry);
    const bool waitable = shm::object(target.object).rule.get() != static_cast<u8>(Rule::none);
    if (!waitable || !handle::may(entry, handle::kSynchronizeBit)) return fail<wait::Target>(Status::access_denied);
    return {Status::success, target};
}

}  // namespace winshim::api
