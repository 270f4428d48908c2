// convert.h - what every export does at the border: names in three widths, status to last error, results to Win32's.
#pragma once
#include "shim/handle/table.h"
#include "shim/name/profile.h"
#include "shim/next/next.h"
#include "shim/process/attach.h"
#include "shim/shm/explain.h"
#include "shim/shm/last_error.h"
#include "shim/wait/engine.h"

// The SDK's declarations, exported. Their unsuffixed names are macros; here they are functions.
#pragma GCC visibility push(default)
#include "winapi_headers/windows.h"
#include "winapi_headers/winshim.h"
#pragma GCC visibility pop
#undef CreateEvent
#undef CreateEventEx
#undef OpenEvent
#undef CreateMutex
#undef CreateMutexEx
#undef OpenMutex
#undef CreateSemaphore
#undef CreateSemaphoreEx
#undef OpenSemaphore
#undef CreateWaitableTimer
#undef CreateWaitableTimerEx
#undef OpenWaitableTimer
#undef CreateProcess

#define WINSHIM_EXPORT extern "C" __attribute__((visibility("default")))
// Defines the UTF-16 form of a wide function: the headers give its name to the form that fits this compiler's wchar_t.
#define WINSHIM_UTF16(function) __asm__(#function)

namespace winshim::api {

using winshim::last_error;

inline void failed(Status status) noexcept {
    shm::explain();
    last_error = static_cast<DWORD>(status);
}
inline BOOL finish(Status status) noexcept {
    if (WINSHIM_LIKELY(status == Status::success)) return TRUE;
    return failed(status), FALSE;
}
inline HANDLE no_handle(Status status) noexcept {
    return failed(status), nullptr;
}
inline DWORD wait_failed(Status status) noexcept {
    return failed(status), WAIT_FAILED;
}

// A name as the caller passed it, in whatever width.
class AnyName {
public:
    AnyName(const char* name) noexcept : name_(name), width_(1) {}
    AnyName(const char16_t* name) noexcept : name_(name), width_(2) {}
    AnyName(const wchar_t* name) noexcept : name_(name), width_(sizeof(wchar_t)) {}
    bool is_null() const noexcept { return name_ == nullptr; }
    Status text(name::Text& text) const noexcept {
        if (width_ == 1) return name::from_utf8(static_cast<const char*>(name_), text);
        if (width_ == 2) return name::from_utf16(static_cast<const char16_t*>(name_), text);
        return name::from_utf32(static_cast<const char32_t*>(name_), text);
    }

private:
    const void* name_;
    unsigned width_;
};

// Attaches the thread for a call with this handle, if there is a point: a value that no handle of ours has is
// invalid_handle at once, so that a program that only has another library's handles leaves no trace in /dev/shm.
[[gnu::cold, gnu::noinline]] Status attach_for(HANDLE handle) noexcept;
inline Status ensure_attached_for(HANDLE handle) noexcept {
    return WINSHIM_LIKELY(attached()) ? Status::success : attach_for(handle);
}

// No handle of ours, open or closed: the next definition's affair (next/next.h). Attaches if it must, to know.
inline bool is_foreign(HANDLE handle) noexcept {
    return WINSHIM_UNLIKELY(next::is_foreign(handle)) &&
           (next::is_foreign_value(handle) ||
            (process::ensure_attached() == Status::success && next::is_foreign(handle) && handle::peek(handle) == 0));
}
#define WINSHIM_FOREIGN(function, handle, ...) \
    WINSHIM_HAND_ON_AS(function, function, ::winshim::api::is_foreign(handle), handle, __VA_ARGS__)

// The open handle of the wanted kind with the wanted rights, resolved. Errors: invalid_handle (not open, or of another
// kind), access_denied, and those of attaching.
[[gnu::always_inline]] inline Result<wait::Target> resolve(HANDLE handle, Kind kind, u64 rights) noexcept {
    if (const Status s = ensure_attached_for(handle); WINSHIM_UNLIKELY(s != Status::success))
        return fail<wait::Target>(s);
    const u64 entry = handle::peek(handle);
    const wait::Target target = handle::target(entry);
    if (WINSHIM_UNLIKELY(static_cast<Kind>(shm::object(target.object).type.get()) != kind))
        return fail<wait::Target>(Status::invalid_handle);
    if (WINSHIM_UNLIKELY(!handle::may(entry, rights))) return fail<wait::Target>(Status::access_denied);
    return {Status::success, target};
}
// As resolve(), for a thread or process: what a pseudo handle stands for has every right.
Result<wait::Target> resolve_thread(HANDLE handle, u64 rights) noexcept;
// Any waitable object, with SYNCHRONIZE.
Result<wait::Target> resolve_waitable(HANDLE handle) noexcept;

inline DWORD wait_result(const wait::Outcome& outcome) noexcept {
    switch (outcome.how) {
        case wait::Ended::object: return WAIT_OBJECT_0 + outcome.index;
        case wait::Ended::abandoned: return WAIT_ABANDONED_0 + outcome.index;
        case wait::Ended::timeout: return WAIT_TIMEOUT;
        case wait::Ended::alerted: return WAIT_IO_COMPLETION;
        case wait::Ended::failed:
        case wait::Ended::undecided: break;
    }
    return wait_failed(outcome.status);
}

}  // namespace winshim::api
