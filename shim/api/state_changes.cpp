// state_changes.cpp - SetEvent, ResetEvent, PulseEvent, ReleaseMutex, ReleaseSemaphore (synchapi.h).
#include "shim/api/convert.h"
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

}  // namespace
}  // namespace winshim::api

using namespace winshim;
using namespace winshim::api;

BOOL WINAPI SetEvent(HANDLE hEvent) {
    const Result<wait::Target> target = resolve(hEvent, Kind::event, event::kModifyState);
    return finish(target ? wait::change(target.value, event::set, {wait::Signal::set}) : target.status);
}

BOOL WINAPI ResetEvent(HANDLE hEvent) {
    const Result<wait::Target> target = resolve(hEvent, Kind::event, event::kModifyState);
    return finish(target ? wait::change(target.value, event::reset, {wait::Signal::reset}) : target.status);
}

BOOL WINAPI PulseEvent(HANDLE hEvent) {
    const Result<wait::Target> target = resolve(hEvent, Kind::event, event::kModifyState);
    if (!target) return finish(target.status);
    return finish(wait::must_defer() ? wait::defer(wait::Signal::pulse, target.value, 0) : wait::pulse(target.value));
}

BOOL WINAPI ReleaseMutex(HANDLE hMutex) {
    const Result<wait::Target> target = resolve(hMutex, Kind::mutex, 0);  // no right is needed (ReleaseMutex-07)
    return finish(target ? release_mutex(target.value) : target.status);
}

BOOL WINAPI ReleaseSemaphore(HANDLE hSemaphore, LONG lReleaseCount, LPLONG lpPreviousCount) {
    const Result<wait::Target> target = resolve(hSemaphore, Kind::semaphore, semaphore::kModifyState);
    if (!target) return finish(target.status);
    if (lReleaseCount <= 0) return finish(Status::invalid_parameter);
    const u32 units = static_cast<u32>(lReleaseCount);
    u32 previous = 0;
    const Status status = wait::change(
        target.value, [&](shm::Object& x, u64 s) { return semaphore::release(x, s, units, previous); },
        {wait::Signal::release_units, units});
    if (status == Status::success && lpPreviousCount != nullptr) *lpPreviousCount = static_cast<LONG>(previous);
    return finish(status);
}
