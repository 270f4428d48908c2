// waits.cpp - WaitForSingleObject, WaitForMultipleObjects, SignalObjectAndWait, Sleep (synchapi.h).
#include <time.h>

#include "shim/api/descriptor_waits.h"
#include "shim/api/mixed_waits.h"
#include "shim/handle/quick.h"
#include "shim/object/kinds.h"
#include "shim/process/attach.h"
#include "shim/process/own_threads.h"
#include "shim/process/processes.h"
#include "shim/shm/clock.h"
#include "shim/wait/fast.h"
#include "shim/wait/scan.h"

namespace winshim::api {

// The queued calls run when the wait is over, and holding nothing: they may wait themselves.
DWORD finish_wait(const wait::Outcome& outcome) noexcept {
    if (outcome.how == wait::Ended::alerted) process::run_apcs();
    return wait_result(outcome);
}

namespace {

DWORD quick_result(wait::Ended ended) noexcept {
    return ended == wait::Ended::object    ? WAIT_OBJECT_0
           : ended == wait::Ended::timeout ? DWORD{WAIT_TIMEOUT}
                                           : WAIT_ABANDONED_0;
}

Kind kind_of(const shm::Object& x) noexcept { return static_cast<Kind>(x.type.get()); }

// Processes and threads: killed, they do not say that they have ended.
bool is_mortal(const shm::Object& x) noexcept { return kind_of(x) == Kind::process || kind_of(x) == Kind::thread; }
bool any_mortal(const wait::Target* targets, DWORD count) noexcept {
    for (DWORD i = 0; i < count; ++i)
        if (is_mortal(shm::object(targets[i].object))) return true;
    return false;
}

// Before a wait: who has ended is signaled, or something else would be taken in its place.
void notice_the_dead(const wait::Target* targets, DWORD count) noexcept {
    if (WINSHIM_UNLIKELY(any_mortal(targets, count))) process::notice_the_dead(targets, count);
}

// A wait ran out of time. A process that nobody has told of may have ended: then it is done again, without patience.
[[gnu::cold, gnu::noinline]] wait::Outcome look_again(const wait::Target* targets, DWORD count, bool all) noexcept {
    if (!any_mortal(targets, count) || !process::notice_end(targets, count))
        return {wait::Ended::timeout, 0, Status::success};
    return wait::wait({targets, count, all, false, 0});
}

// There is a handle that leads to no object of ours.
[[gnu::noinline, gnu::cold]] DWORD cannot_wait(const Wait& wait, Status status) noexcept {
    DWORD result;
    return status == Status::invalid_handle && wait_with_foreign(wait, result) ? result : wait_failed(status);
}

[[gnu::noinline, gnu::cold]] DWORD wait_one(HANDLE handle, DWORD timeout_ms, bool alertable) noexcept {
    const KeepErrno keep;
    if (file::is_descriptor(handle) && !is_foreign(handle))
        return wait_with_descriptors(1, &handle, timeout_ms, alertable);
    const Result<wait::Target> target = resolve_waitable(handle);
    if (!target) return cannot_wait({1, &handle, false, timeout_ms, alertable, Asked::one}, target.status);
    notice_the_dead(&target.value, 1);
    // An object that is signaled wins over a queued call; one that is not leaves it to the engine to look for calls.
    const u32 patience = alertable ? INFINITE : timeout_ms;
    const wait::Ended ended = wait::try_at_once(target.value, patience);
    if (ended == wait::Ended::timeout) return wait_result(look_again(&target.value, 1, false));
    if (ended != wait::Ended::undecided) return quick_result(ended);
    const wait::Outcome outcome = wait::wait({&target.value, 1, false, alertable, timeout_ms});
    if (outcome.how == wait::Ended::timeout) return wait_result(look_again(&target.value, 1, false));
    return finish_wait(outcome);
}

// What the quick way does not cover, but needs no lock either: words with SLOW in them, a swap that was lost.
[[gnu::noinline]] DWORD wait_attached(HANDLE handle, DWORD timeout_ms) noexcept {
    const u64 entry = handle::peek(handle);
    if (WINSHIM_UNLIKELY(!handle::may(entry, handle::kSynchronizeBit))) return wait_one(handle, timeout_ms, false);
    const wait::Ended ended = wait::try_at_once(handle::target(entry), timeout_ms);
    if (WINSHIM_UNLIKELY(ended == wait::Ended::undecided)) return wait_one(handle, timeout_ms, false);
    if (WINSHIM_UNLIKELY(ended == wait::Ended::timeout && is_mortal(shm::object(handle::target(entry).object))))
        return wait_one(handle, timeout_ms, false);
    return quick_result(ended);
}

bool all_different(const wait::Target* targets, DWORD count) noexcept {
    wait::SeenObjects seen;
    for (DWORD i = 0; i < count; ++i)
        if (seen.before(targets, i)) return false;
    return true;
}

DWORD wait_many(DWORD count, const HANDLE* handles, bool all, DWORD timeout_ms, bool alertable,
                Asked asked) noexcept {
    const KeepErrno keep;
    if (count == 0 || count > MAXIMUM_WAIT_OBJECTS || handles == nullptr || (all && !name::rules().wait_all_allowed))
        return wait_failed(Status::invalid_parameter);
    if (any_descriptor(count, handles)) {
        DWORD result;
        if (wait_with_foreign({count, handles, all, timeout_ms, alertable, asked}, result)) return result;
        return all && count > 1 ? wait_failed(Status::not_supported)
                                : wait_with_descriptors(count, handles, timeout_ms, alertable);
    }
    wait::Target targets[MAXIMUM_WAIT_OBJECTS];
    for (DWORD i = 0; i < count; ++i) {  // resolved now: what the caller does to the array later has no effect
        const Result<wait::Target> target = resolve_waitable(handles[i]);
        if (!target) return cannot_wait({count, handles, all, timeout_ms, alertable, asked}, target.status);
        targets[i] = target.value;
    }
    if (all && !all_different(targets, count)) return wait_failed(Status::invalid_parameter);
    notice_the_dead(targets, count);
    // Index 0 first: if it is signaled, nothing else matters. A poll of one object may end there, too.
    if (count == 1 || !all) {
        const wait::Ended ended = wait::try_at_once(targets[0], count == 1 && !alertable ? timeout_ms : INFINITE);
        if (ended == wait::Ended::timeout) return wait_result(look_again(targets, 1, false));
        if (ended != wait::Ended::undecided) return quick_result(ended);
        // Something that is there, or a poll, needs no locks. One that would end by a queued call is the engine's.
        const wait::Outcome scanned = wait::scan_any(targets, count);
        if (scanned.how == wait::Ended::object) return wait_result(scanned);
        if (scanned.how == wait::Ended::timeout && timeout_ms == 0 && !alertable)
            return wait_result(look_again(targets, count, false));
    }
    const wait::Outcome outcome = wait::wait({targets, count, all, alertable, timeout_ms});
    return outcome.how == wait::Ended::timeout ? wait_result(look_again(targets, count, all)) : finish_wait(outcome);
}

Change set_event(shm::Object& x, u64 s) noexcept { return event::set(x, s); }
Change release_mutex(shm::Object&, u64 s) noexcept { return mutex::release(s, self.id); }
Change release_one(shm::Object& x, u64 s) noexcept {
    u32 previous;
    return semaphore::release(x, s, 1, previous);
}

// The object to signal, with the right that its signal needs.
Result<wait::Target> resolve_signal(HANDLE handle, wait::SignalFunction& signal) noexcept {
    const u64 entry = handle::peek(handle);
    if (!handle::is_open(entry)) return fail<wait::Target>(Status::invalid_handle);
    switch (static_cast<Kind>(shm::object(handle::target(entry).object).type.get())) {
        case Kind::event: signal = set_event; return resolve(handle, Kind::event, event::kModifyState);
        case Kind::mutex: signal = release_mutex; return resolve(handle, Kind::mutex, 0);
        case Kind::semaphore: signal = release_one; return resolve(handle, Kind::semaphore, semaphore::kModifyState);
        default: return fail<wait::Target>(Status::invalid_handle);
    }
}

}  // namespace
}  // namespace winshim::api

using namespace winshim;
using namespace winshim::api;

DWORD WINAPI WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds) {
    const handle::Quick quick = handle::quick(hHandle, handle::kSynchronizeBit);
    if (WINSHIM_UNLIKELY(quick.x == nullptr)) return wait_one(hHandle, dwMilliseconds, false);
    const Rule rule = wait::rule_before_word(*quick.x);
    const u64 s = quick.look(), value = quick.value(s);
    if (rule == Rule::mutant) {
        if (WINSHIM_LIKELY(value == 0)) {
            const Consumed next = consume(Rule::mutant, s, 0, self.id);
            ++self.owned;  // first (Self::owned)
            if (WINSHIM_UNLIKELY(!quick.swap(s, next.state))) {
                --self.owned;
                return wait_attached(hHandle, dwMilliseconds);
            }
            quick.x->rec.set(1);
            return WAIT_OBJECT_0;
        }
        const u32 rec = quick.x->rec.get();
        if (value != self.id || WINSHIM_UNLIKELY(rec >= kMaxRecursion)) return wait_attached(hHandle, dwMilliseconds);
        quick.x->rec.set(rec + 1);
        return WAIT_OBJECT_0;
    }
    if (WINSHIM_UNLIKELY(rule == Rule::none || value >= handle::kNoValue))
        return wait_attached(hHandle, dwMilliseconds);
    if (signaled(rule, s, 0)) {
        if (rule == Rule::notification) return WAIT_OBJECT_0;
        if (WINSHIM_UNLIKELY(!quick.swap(s, consume(rule, s, 0, 0).state)))
            return wait_attached(hHandle, dwMilliseconds);
        return WAIT_OBJECT_0;
    }
    // A process or thread that says that it runs may have ended; whoever asks has to look.
    if (dwMilliseconds != 0 || is_mortal(*quick.x)) return wait_attached(hHandle, dwMilliseconds);
    return WAIT_TIMEOUT;
}

DWORD WINAPI WaitForSingleObjectEx(HANDLE hHandle, DWORD dwMilliseconds, BOOL bAlertable) {
    DWORD result;
    if (is_foreign(hHandle) &&
        wait_with_foreign({1, &hHandle, false, dwMilliseconds, bAlertable != FALSE, Asked::one_ex}, result))
        return result;
    return wait_one(hHandle, dwMilliseconds, bAlertable != FALSE);
}

DWORD WINAPI WaitForMultipleObjects(DWORD nCount, const HANDLE* lpHandles, BOOL bWaitAll, DWORD dwMilliseconds) {
    return wait_many(nCount, lpHandles, bWaitAll != FALSE, dwMilliseconds, false, Asked::many);
}

DWORD WINAPI WaitForMultipleObjectsEx(DWORD nCount, const HANDLE* lpHandles, BOOL bWaitAll, DWORD dwMilliseconds,
                                      BOOL bAlertable) {
    return wait_many(nCount, lpHandles, bWaitAll != FALSE, dwMilliseconds, bAlertable != FALSE, Asked::many_ex);
}

DWORD WINAPI SignalObjectAndWait(HANDLE hObjectToSignal, HANDLE hObjectToWaitOn, DWORD dwMilliseconds,
                                 BOOL bAlertable) {
    if (is_foreign(hObjectToSignal) || is_foreign(hObjectToWaitOn)) {
        // One step on objects of both, nobody can do.
        WINSHIM_HAND_ON_AS(SignalObjectAndWait, SignalObjectAndWait,
                           is_foreign(hObjectToSignal) && is_foreign(hObjectToWaitOn), hObjectToSignal,
                           hObjectToSignal, hObjectToWaitOn, dwMilliseconds, bAlertable);
        return wait_failed(next::find(next::Name::SignalObjectAndWait) != nullptr ? Status::not_supported
                                                                                  : Status::invalid_handle);
    }
    const KeepErrno keep;
    if (const Status s = process::ensure_attached(); s != Status::success) return wait_failed(s);
    wait::SignalFunction signal = nullptr;
    const Result<wait::Target> first = resolve_signal(hObjectToSignal, signal);
    if (!first) return wait_failed(first.status);
    const Result<wait::Target> second = resolve_waitable(hObjectToWaitOn);
    if (!second) return wait_failed(second.status);
    notice_the_dead(&second.value, 1);
    return finish_wait(wait::signal_and_wait(first.value, signal, second.value, dwMilliseconds, bAlertable != FALSE));
}

DWORD WINAPI SleepEx(DWORD dwMilliseconds, BOOL bAlertable) {
    if (bAlertable == FALSE || process::ensure_attached() != Status::success) {
        Sleep(dwMilliseconds);
        return 0;
    }
    const KeepErrno keep;
    const wait::Outcome outcome = wait::wait({nullptr, 0, false, true, dwMilliseconds});
    if (outcome.how == wait::Ended::alerted) return finish_wait(outcome);
    if (outcome.how == wait::Ended::failed) Sleep(dwMilliseconds);  // in a handler that interrupted a wait
    return 0;
}

void WINAPI Sleep(DWORD dwMilliseconds) {
    const KeepErrno keep;
    if (dwMilliseconds == 0) {
        const timespec none{};
        nanosleep(&none, nullptr);
        return;
    }
    const u64 deadline = deadline_after(dwMilliseconds);
    do {
        const timespec until = to_timespec(deadline == kForever ? now_ns() + 3600 * kNsPerSecond : deadline);
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
    } while (now_ns() < deadline);
}
