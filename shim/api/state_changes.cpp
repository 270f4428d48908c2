// state_changes.cpp - SetEvent, ResetEvent, PulseEvent, ReleaseMutex, ReleaseSemaphore (synchapi.h).
#include "shim/api/convert.h"
#include "shim/handle/quick.h"
#include "shim/object/kinds.h"
#include "shim/wait/change.h"

namespace winshim::api {
namespace {

Status release_mutex(wait::Target target) noexcept {
    shm::Object& x = shm::object(target.object);
    const u64 s = x.state.load(std::memory_order_acquire);
    if (!state::is_live(s, target.generation)) return Status::invalid_handle;
    if (state::value(s) != self.id) return Status::not_owner;
    if (const u32 rec = x.rec.get(); rec > 1) {  // the owner's alone
        x.rec.set(rec - 1);
        return Status::success;
    }
    const Status status = wait::change(target, [](shm::Object&, u64 now) { return mutex::release(now, self.id); });
    if (status == Status::success) --self.owned;
    return status;
}

// The whole way of each call; what the quick way does not cover.
[[gnu::noinline]] BOOL set_whole_way(HANDLE handle) noexcept {
    const Result<wait::Target> target = resolve(handle, Kind::event, event::kModifyState);
    if (WINSHIM_UNLIKELY(!target)) WINSHIM_FOREIGN(SetEvent, handle, handle);
    return finish(target ? wait::change(target.value, event::set, {wait::Signal::set}) : target.status);
}

[[gnu::noinline]] BOOL reset_whole_way(HANDLE handle) noexcept {
    const Result<wait::Target> target = resolve(handle, Kind::event, event::kModifyState);
    if (WINSHIM_UNLIKELY(!target)) WINSHIM_FOREIGN(ResetEvent, handle, handle);
    return finish(target ? wait::change(target.value, event::reset, {wait::Signal::reset}) : target.status);
}

[[gnu::noinline]] BOOL release_whole_way(HANDLE handle) noexcept {
    const Result<wait::Target> target = resolve(handle, Kind::mutex, 0);  // no right is needed (ReleaseMutex-07)
    if (WINSHIM_UNLIKELY(!target)) WINSHIM_FOREIGN(ReleaseMutex, handle, handle);
    return finish(target ? release_mutex(target.value) : target.status);
}

[[gnu::noinline]] BOOL release_units_whole_way(HANDLE handle, LONG count, LPLONG previous_count) noexcept {
    const Result<wait::Target> target = resolve(handle, Kind::semaphore, semaphore::kModifyState);
    if (WINSHIM_UNLIKELY(!target)) WINSHIM_FOREIGN(ReleaseSemaphore, handle, handle, count, previous_count);
    if (!target) return finish(target.status);
    if (count <= 0) return finish(Status::invalid_parameter);
    const u32 units = static_cast<u32>(count);
    u32 previous = 0;
    const Status status = wait::change(
        target.value, [&](shm::Object& x, u64 s) { return semaphore::release(x, s, units, previous); },
        {wait::Signal::release_units, units});
    if (status == Status::success && previous_count != nullptr) *previous_count = static_cast<LONG>(previous);
    return finish(status);
}

bool is_kind(const handle::Quick& quick, Kind kind) noexcept {
    return WINSHIM_LIKELY(quick.x != nullptr) && WINSHIM_LIKELY(quick.x->type.get() == static_cast<u8>(kind));
}

// Signals that handlers have put off come first (wait/deferred.h).
bool nothing_put_off() noexcept { return WINSHIM_LIKELY(self.deferred_count.load(std::memory_order_relaxed) == 0); }

// An event that already says what it is to say is written, too (T2).
template <class Next>
[[gnu::always_inline]] inline bool write_event(HANDLE handle, Next next) noexcept {
    const handle::Quick quick = handle::quick(handle, event::kModifyState);
    if (!is_kind(quick, Kind::event) || !nothing_put_off()) return false;
    const u64 s = quick.look();
    return WINSHIM_LIKELY(quick.value(s) < handle::kNoValue) && quick.swap(s, next(*quick.x, s).state);
}

}  // namespace
}  // namespace winshim::api

using namespace winshim;
using namespace winshim::api;

BOOL WINAPI SetEvent(HANDLE hEvent) { return write_event(hEvent, event::set) ? TRUE : set_whole_way(hEvent); }

BOOL WINAPI ResetEvent(HANDLE hEvent) { return write_event(hEvent, event::reset) ? TRUE : reset_whole_way(hEvent); }

BOOL WINAPI PulseEvent(HANDLE hEvent) {
    const Result<wait::Target> target = resolve(hEvent, Kind::event, event::kModifyState);
    if (WINSHIM_UNLIKELY(!target)) WINSHIM_FOREIGN(PulseEvent, hEvent, hEvent);
    if (!target) return finish(target.status);
    return finish(wait::must_defer() ? wait::defer(wait::Signal::pulse, target.value, 0) : wait::pulse(target.value));
}

BOOL WINAPI ReleaseMutex(HANDLE hMutex) {
    const handle::Quick quick = handle::quick(hMutex, 0);
    if (!is_kind(quick, Kind::mutex)) return release_whole_way(hMutex);
    const u64 s = quick.look();
    if (WINSHIM_UNLIKELY(quick.value(s) != self.id)) return release_whole_way(hMutex);
    if (const u32 rec = quick.x->rec.get(); rec > 1) {  // the owner's alone
        quick.x->rec.set(rec - 1);
        return TRUE;
    }
    if (WINSHIM_UNLIKELY(!quick.swap(s, mutex::release(s, self.id).state))) return release_whole_way(hMutex);
    --self.owned;
    return TRUE;
}

BOOL WINAPI ReleaseSemaphore(HANDLE hSemaphore, LONG lReleaseCount, LPLONG lpPreviousCount) {
    const handle::Quick quick = handle::quick(hSemaphore, semaphore::kModifyState);
    if (!is_kind(quick, Kind::semaphore) || !nothing_put_off())
        return release_units_whole_way(hSemaphore, lReleaseCount, lpPreviousCount);
    const u64 s = quick.look();
    u32 previous = 0;
    const Change next = semaphore::release(*quick.x, s, static_cast<u32>(lReleaseCount), previous);
    if (WINSHIM_UNLIKELY(lReleaseCount <= 0 || quick.value(s) >= handle::kNoValue || next.status != Status::success ||
                         !quick.swap(s, next.state)))
        return release_units_whole_way(hSemaphore, lReleaseCount, lpPreviousCount);
    if (lpPreviousCount != nullptr) *lpPreviousCount = static_cast<LONG>(previous);
    return TRUE;
}
