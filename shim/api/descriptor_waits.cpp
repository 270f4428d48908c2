// descriptor_waits.cpp - taking turns between poll(2) and the engine.
#include "shim/api/descriptor_waits.h"

#include <cerrno>

#include "shim/file/readiness.h"
#include "shim/process/processes.h"
#include "shim/shm/clock.h"

namespace winshim::api {
namespace {

constexpr u64 kTurnNs = 10 * kNsPerMs;  // what a change of the one may be late while the other is waited for

struct Mixed {
    pollfd poll[MAXIMUM_WAIT_OBJECTS];
    DWORD poll_index[MAXIMUM_WAIT_OBJECTS];  // where it stands in the caller's array
    nfds_t polls = 0;
    wait::Target target[MAXIMUM_WAIT_OBJECTS];
    DWORD target_index[MAXIMUM_WAIT_OBJECTS];
    u32 targets = 0;
    bool alertable = false;
};

Status resolve_all(DWORD count, const HANDLE* handles, Mixed& mixed) noexcept {
    for (DWORD i = 0; i < count; ++i) {
        if (file::is_descriptor(handles[i])) {
            if (!file::poll_entry(handles[i], mixed.poll[mixed.polls])) return Status::invalid_handle;
            mixed.poll_index[mixed.polls++] = i;
            continue;
        }
        const Result<wait::Target> target = resolve_waitable(handles[i]);
        if (!target) return target.status;
        mixed.target[mixed.targets] = target.value;
        mixed.target_index[mixed.targets++] = i;
    }
    return Status::success;
}

enum class Found { nothing, ready, closed };

// The descriptor at the lowest index that is ready now, or within that time.
Found look(Mixed& mixed, int timeout_ms, DWORD& index) noexcept {
    if (poll(mixed.poll, mixed.polls, timeout_ms) <= 0) return Found::nothing;  // a signal: look again
    for (nfds_t i = 0; i < mixed.polls; ++i)
        if (file::is_closed(mixed.poll[i])) return Found::closed;
    for (nfds_t i = 0; i < mixed.polls; ++i) {
        if (!file::is_ready(mixed.poll[i])) continue;
        index = mixed.poll_index[i];
        return Found::ready;
    }
    return Found::nothing;
}

// Waits for the objects that stand before `end`. True: that was it.
bool objects_before(const Mixed& mixed, DWORD end, bool alertable, DWORD timeout_ms, DWORD& result) noexcept {
    u32 count = 0;
    while (count < mixed.targets && mixed.target_index[count] < end) ++count;
    if (count == 0 && !alertable) return false;
    wait::Outcome outcome = wait::wait({mixed.target, count, false, alertable, timeout_ms});
    if (outcome.how == wait::Ended::timeout) return false;
    if (outcome.how == wait::Ended::object || outcome.how == wait::Ended::abandoned)
        outcome.index = mixed.target_index[outcome.index];
    result = finish_wait(outcome);
    return true;
}

// Milliseconds until then, rounded up, and not more than `most_ns`.
int left_ms(u64 deadline, u64 most_ns) noexcept {
    const u64 now = now_ns(), left = deadline > now ? deadline - now : 0;
    return static_cast<int>(((left < most_ns ? left : most_ns) + kNsPerMs - 1) / kNsPerMs);
}

}  // namespace

DWORD wait_with_descriptors(DWORD count, const HANDLE* handles, DWORD timeout_ms, bool alertable) noexcept {
    Mixed mixed;
    if (const Status s = resolve_all(count, handles, mixed); s != Status::success) return wait_failed(s);
    mixed.alertable = alertable && process::ensure_attached() == Status::success;
    const u64 deadline = deadline_after(timeout_ms);
    const bool turns = mixed.targets != 0 || mixed.alertable;
    u64 next_look = now_ns() + kNsPerSecond;
    process::notice_the_dead(mixed.target, mixed.targets);
    for (int patience = 0;;) {
        DWORD index = MAXIMUM_WAIT_OBJECTS, result;
        const Found found = look(mixed, patience, index);
        if (found == Found::closed) return wait_failed(Status::invalid_handle);
        if (objects_before(mixed, index, mixed.alertable && found == Found::nothing, 0, result)) return result;
        if (found == Found::ready) return WAIT_OBJECT_0 + index;
        const u64 now = now_ns();
        if (mixed.targets != 0 && (now >= next_look || now >= deadline)) {  // a turn is too short for the engine's look
            next_look = now + kNsPerSecond;
            if (process::notice_end(mixed.target, mixed.targets) && objects_before(mixed, index, false, 0, result))
                return result;
        }
        if (now >= deadline) return WAIT_TIMEOUT;
        const int turn = left_ms(deadline, turns ? kTurnNs : 3600 * kNsPerSecond);
        patience = mixed.targets != 0 ? 0 : turn;
        if (mixed.targets != 0 &&
            objects_before(mixed, index, mixed.alertable, static_cast<DWORD>(turn), result))
            return result;
    }
}

}  // namespace winshim::api
