// handleapi.cpp - handles as such: close, duplicate, compare, flags (handleapi.h).
#include "shim/api/convert.h"
#include "shim/file/completion.h"
#include "shim/file/descriptor.h"
#include "shim/object/kinds.h"
#include "shim/process/attach.h"
#include "shim/process/identity.h"
#include "shim/process/mapped_file.h"
#include "shim/process/rundown.h"

namespace winshim::api {
namespace {

// The entry of an open handle, or of what a pseudo handle stands for (with all access, no flags).
Result<u64> entry_of(HANDLE handle) noexcept {
    if (const Status s = ensure_attached_for(handle); s != Status::success) return fail<u64>(s);
    if (process::is_pseudo_handle(handle)) {
        const Result<wait::Target> target = process::own_object(handle);
        return {target.status, handle::pack(target.value, handle::access_bits(winshim::process::kAllAccess))};
    }
    const u64 entry = handle::peek(handle);
    return handle::is_open(entry) ? Result<u64>{Status::success, entry} : fail<u64>(Status::invalid_handle);
}

// The process slot behind a process handle that allows duplicating. Errors: invalid_handle (no process, or one that has
// ended), access_denied.
Result<handle::Owner> process_of(HANDLE handle) noexcept {
    const Result<u64> entry = entry_of(handle);
    if (!entry) return fail<handle::Owner>(entry.status);
    const wait::Target target = handle::target(entry.value);
    if (static_cast<Kind>(shm::object(target.object).type.get()) != Kind::process)
        return fail<handle::Owner>(Status::invalid_handle);
    if (!handle::may(entry.value, PROCESS_DUP_HANDLE)) return fail<handle::Owner>(Status::access_denied);
    return process::process_with(target.object);
}

u64 duplicate_access(u64 source, DWORD desired, DWORD options) noexcept {
    if ((options & DUPLICATE_SAME_ACCESS) != 0 || name::rules().full_access_only) return source & handle::kAccessMask;
    const KindInfo* kind = kind_info(static_cast<Kind>(shm::object(handle::target(source).object).type.get()));
    return kind == nullptr ? 0 : handle::access_bits(granted_access(*kind, desired));
}

struct Duplication {
    handle::Owner from, to;
    HANDLE source;
    LPHANDLE target;
    DWORD desired, options;
    BOOL inherit;
};

Status duplicate(const Duplication& d) noexcept {
    const name::Rules& rules = name::rules();
    if ((d.target == nullptr && rules.target_required) || (d.inherit != FALSE && !rules.inherit_allowed))
        return Status::invalid_parameter;
    const u32 own = process::my_process();
    Result<u64> entry = d.from.process == own ? entry_of(d.source)
                                      : Result<u64>{Status::success, handle::peek_in(d.from, d.source)};
    if (!entry) return entry.status;
    if (!handle::is_open(entry.value)) return Status::invalid_handle;
    const u64 rights = duplicate_access(entry.value, d.desired, d.options) |
                       (d.inherit != FALSE ? handle::kInherit : 0);
    const Result<HANDLE> made = process::with_room_of_the_dead([&] {
        return d.to.process == own ? handle::duplicate(entry.value, rights)
                                   : handle::insert_in(d.to, entry.value, rights);
    });
    if (!made) return made.status;
    if (d.target != nullptr) *d.target = made.value;
    return Status::success;
}

// Handles above the table's: pseudo handles, descriptors, completion ports, and values that are none.
[[gnu::cold, gnu::noinline]] BOOL close_other(HANDLE handle) noexcept {
    if (process::is_pseudo_handle(handle)) return TRUE;
    WINSHIM_HAND_ON(CloseHandle, handle, handle);
    if (file::is_port(handle)) return file::close_port(handle);
    return file::is_descriptor(handle) ? file::close(handle) : finish(Status::invalid_handle);
}

// NULL, or a handle of theirs, where another library duplicates handles as well: WinPR's GetCurrentProcess is NULL.
bool is_others_process(HANDLE process) noexcept {
    return (process == nullptr || is_foreign(process)) && next::find(next::Name::DuplicateHandle) != nullptr;
}

// A descriptor is known to its process alone.
BOOL duplicate_descriptor(HANDLE from, HANDLE source, HANDLE to, HANDLE* target, BOOL inherit, DWORD options) noexcept {
    const auto own = [](HANDLE h) {
        if (h == process::current_process()) return Status::success;
        const Result<handle::Owner> owner = process_of(h);
        if (!owner) return owner.status;
        return owner.value.process == process::my_process() ? Status::success : Status::not_supported;
    };
    if (const Status s = own(from); s != Status::success) return finish(s);
    const bool close_source = (options & DUPLICATE_CLOSE_SOURCE) != 0;
    if (close_source && to == nullptr && target == nullptr) return file::close(source);
    const Status status = own(to);
    const BOOL made = status == Status::success ? file::duplicate(source, target, inherit != FALSE) : finish(status);
    const u32 error = last_error;
    if (close_source && !file::close(source) && !made) last_error = error;
    return made;
}

}  // namespace
}  // namespace winshim::api

using namespace winshim;
using namespace winshim::api;

BOOL WINAPI CloseHandle(HANDLE hObject) {
    // One comparison: the pseudo handles are the largest values of all.
    if (WINSHIM_UNLIKELY(reinterpret_cast<std::uintptr_t>(hObject) >= file::kFirst)) return close_other(hObject);
    const KeepErrno keep;
    if (!attached())
        if (const Status s = attach_for(hObject); s != Status::success && s != Status::invalid_handle) return finish(s);
    const Status closed = handle::close(hObject);
    if (WINSHIM_UNLIKELY(closed == Status::invalid_handle)) WINSHIM_FOREIGN(CloseHandle, hObject, hObject);
    if (WINSHIM_UNLIKELY(process::files_kept.load(std::memory_order_relaxed) != 0)) process::forget_ended_files();
    return finish(closed);
}

BOOL WINAPI DuplicateHandle(HANDLE hSourceProcessHandle, HANDLE hSourceHandle, HANDLE hTargetProcessHandle,
                            LPHANDLE lpTargetHandle, DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwOptions) {
    WINSHIM_FOREIGN(DuplicateHandle, hSourceHandle, hSourceProcessHandle, hSourceHandle, hTargetProcessHandle,
                    lpTargetHandle, dwDesiredAccess, bInheritHandle, dwOptions);
    const KeepErrno keep;
    // A library of which every process is its own has its own idea of a handle that says so.
    if (is_others_process(hSourceProcessHandle)) hSourceProcessHandle = process::current_process();
    if (is_others_process(hTargetProcessHandle) && lpTargetHandle != nullptr)
        hTargetProcessHandle = process::current_process();
    if (file::is_descriptor(hSourceHandle))
        return duplicate_descriptor(hSourceProcessHandle, hSourceHandle, hTargetProcessHandle, lpTargetHandle,
                                    bInheritHandle, dwOptions);
    const bool close_source = (dwOptions & DUPLICATE_CLOSE_SOURCE) != 0;
    const Result<handle::Owner> from = process_of(hSourceProcessHandle);
    if (!from) return finish(from.status);
    const bool only_close = close_source && hTargetProcessHandle == nullptr && lpTargetHandle == nullptr;
    Status status = Status::success;
    if (!only_close) {
        const Result<handle::Owner> to = process_of(hTargetProcessHandle);
        status = to ? duplicate({from.value, to.value, hSourceHandle, lpTargetHandle, dwDesiredAccess, dwOptions,
                                 bInheritHandle})
                    : to.status;
    }
    // Whatever became of the duplicate, the source is closed (DupHandle-10).
    if (close_source && !process::is_pseudo_handle(hSourceHandle)) {
        const Status closed = from.value.process == process::my_process() ? handle::close(hSourceHandle)
                                                                  : handle::close_in(from.value, hSourceHandle);
        if (only_close) status = closed;
    }
    return finish(status);
}

BOOL WINAPI GetHandleInformation(HANDLE hObject, LPDWORD lpdwFlags) {
    WINSHIM_FOREIGN(GetHandleInformation, hObject, hObject, lpdwFlags);
    if (file::is_descriptor(hObject)) return file::information(hObject, lpdwFlags);
    const KeepErrno keep;
    const Result<u64> entry = entry_of(hObject);
    if (!entry) return finish(entry.status);
    if (lpdwFlags == nullptr) return finish(Status::invalid_parameter);
    *lpdwFlags = ((entry.value & handle::kInherit) != 0 ? DWORD{HANDLE_FLAG_INHERIT} : 0u) |
                 ((entry.value & handle::kProtect) != 0 ? DWORD{HANDLE_FLAG_PROTECT_FROM_CLOSE} : 0u);
    return TRUE;
}

BOOL WINAPI SetHandleInformation(HANDLE hObject, DWORD dwMask, DWORD dwFlags) {
    WINSHIM_FOREIGN(SetHandleInformation, hObject, hObject, dwMask, dwFlags);
    if (file::is_descriptor(hObject)) return file::set_information(hObject, dwMask, dwFlags);
    const KeepErrno keep;
    if (process::is_pseudo_handle(hObject)) return finish(Status::access_denied);
    if (const Status s = process::ensure_attached(); s != Status::success) return finish(s);
    const auto bits = [](DWORD flags) {
        return ((flags & HANDLE_FLAG_INHERIT) != 0 ? handle::kInherit : 0) |
               ((flags & HANDLE_FLAG_PROTECT_FROM_CLOSE) != 0 ? handle::kProtect : 0);
    };
    return finish(handle::set_flags(hObject, bits(dwMask), bits(dwFlags)));
}

BOOL WINAPI CompareObjectHandles(HANDLE hFirstObjectHandle, HANDLE hSecondObjectHandle) {
    WINSHIM_FOREIGN(CompareObjectHandles, hFirstObjectHandle, hFirstObjectHandle, hSecondObjectHandle);
    if (file::is_descriptor(hFirstObjectHandle) && file::is_descriptor(hSecondObjectHandle))
        return file::same(hFirstObjectHandle, hSecondObjectHandle);
    const KeepErrno keep;
    const Result<u64> first = entry_of(hFirstObjectHandle), second = entry_of(hSecondObjectHandle);
    if (!first) return finish(first.status);
    if (!second) return finish(second.status);
    const bool same = handle::target(first.value).object == handle::target(second.value).object;
    return finish(same ? Status::success : Status::not_same_object);
}
