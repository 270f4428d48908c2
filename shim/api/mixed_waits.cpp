// mixed_waits.cpp - taking turns between our waits and another library's.
#include "shim/api/mixed_waits.h"

#include "shim/shm/clock.h"

namespace winshim::api {
namespace {

constexpr DWORD kTurnMs = 5;
constexpr DWORD kNobody = ~DWORD{0};

// The handles of one side, and where they stand in the caller's array.
struct Side {
    HANDLE handle[MAXIMUM_WAIT_OBJECTS];
    DWORD index[MAXIMUM_WAIT_OBJECTS];
    DWORD count = 0;

    void add(HANDLE h, DWORD at) noexcept {
        handle[count] = h;
        index[count++] = at;
    }
};

// What a wait for count handles gave, with the index of the caller's array; kNobody: it ran out of time.
DWORD in_callers_terms(DWORD result, DWORD count, const DWORD* index) noexcept {
    if (result == WAIT_TIMEOUT) return kNobody;
    if (result - WAIT_OBJECT_0 < count) return WAIT_OBJECT_0 + index[result - WAIT_OBJECT_0];
    if (result - WAIT_ABANDONED_0 < count) return WAIT_ABANDONED_0 + index[result - WAIT_ABANDONED_0];
    return result;
}

// Any of them, or all.
DWORD their_wait(Asked asked, DWORD count, const HANDLE* handles, BOOL all, DWORD timeout_ms) noexcept {
    using next::Call, next::Name;
    const HANDLE first = handles[0];
    if (count == 1 && asked == Asked::one_ex)
        if (const Call<decltype(&::WaitForSingleObjectEx)> wait{Name::WaitForSingleObjectEx, first})
            return wait(first, timeout_ms, FALSE);
    if (asked == Asked::many_ex)
        if (const Call<decltype(&::WaitForMultipleObjectsEx)> wait{Name::WaitForMultipleObjectsEx, first})
            return wait(count, handles, all, timeout_ms, FALSE);
    if (asked == Asked::many || count > 1)
        if (const Call<decltype(&::WaitForMultipleObjects)> wait{Name::WaitForMultipleObjects, first})
            return wait(count, handles, all, timeout_ms);
    const Call<decltype(&::WaitForSingleObject)> wait{Name::WaitForSingleObject, first};
    if (!wait) return wait_failed(Status::invalid_handle);
    if (count == 1) return wait(first, timeout_ms);
    if (all) return wait_failed(Status::not_supported);
    for (DWORD i = 0; i < count; ++i) {  // a library that knows no wait for many: each by itself, then a sleep
        const DWORD one = wait(handles[i], 0);
        if (one != WAIT_TIMEOUT) return one == WAIT_FAILED ? one : one + i;
    }
    return wait(first, timeout_ms);
}
DWORD theirs(Asked asked, const Side& side, DWORD begin, DWORD end, DWORD timeout_ms) noexcept {
    const DWORD result = their_wait(asked, end - begin, side.handle + begin, FALSE, timeout_ms);
    return in_callers_terms(result, end - begin, side.index + begin);
}
DWORD ours(const Side& side, DWORD begin, DWORD end, DWORD timeout_ms, bool alertable) noexcept {
    const DWORD result = begin == end
                             ? SleepEx(timeout_ms, alertable) == WAIT_IO_COMPLETION ? DWORD{WAIT_IO_COMPLETION}
                                                                                    : DWORD{WAIT_TIMEOUT}
                             : WaitForMultipleObjectsEx(end - begin, side.handle + begin, FALSE, timeout_ms, alertable);
    return in_callers_terms(result, end - begin, side.index + begin);
}

// Without waiting: of several that are signaled the one at the lowest index, so run by run.
DWORD first_look(Asked asked, const Side& our, const Side& their) noexcept {
    for (DWORD o = 0, t = 0; o < our.count || t < their.count;) {
        DWORD end = o, result;
        if (t == their.count || (o < our.count && our.index[o] < their.index[t])) {
            while (end < our.count && (t == their.count || our.index[end] < their.index[t])) ++end;
            result = ours(our, o, end, 0, false);
            o = end;
        } else {
            for (end = t; end < their.count && (o == our.count || their.index[end] < our.index[o]);) ++end;
            result = theirs(asked, their, t, end, 0);
            t = end;
        }
        if (result != kNobody) return result;
    }
    return kNobody;
}

DWORD take_turns(const Wait& wait, const Side& our, const Side& their) noexcept {
    if (const DWORD result = first_look(wait.asked, our, their); result != kNobody) return result;
    const u64 deadline = deadline_after(wait.timeout_ms);
    for (bool our_turn = true;; our_turn = !our_turn) {
        const u64 now = now_ns();
        const u64 left_ms = now < deadline ? (deadline - now + kNsPerMs - 1) / kNsPerMs : 0;
        const DWORD turn = left_ms < kTurnMs ? static_cast<DWORD>(left_ms) : kTurnMs;
        // The last look is at both.
        DWORD result = our_turn || turn == 0 ? ours(our, 0, our.count, turn, wait.alertable) : kNobody;
        if (result == kNobody && (!our_turn || turn == 0)) result = theirs(wait.asked, their, 0, their.count, turn);
        if (result != kNobody) return result;
        if (turn == 0) return WAIT_TIMEOUT;
    }
}

}  // namespace

bool wait_with_foreign(const Wait& wait, DWORD& result) noexcept {
    if (wait.handles == nullptr || wait.count == 0 || wait.count > MAXIMUM_WAIT_OBJECTS) return false;
    Side our, their;
    for (DWORD i = 0; i < wait.count; ++i) (is_foreign(wait.handles[i]) ? their : our).add(wait.handles[i], i);
    if (their.count == 0) return false;
    if (next::find(next::Name::WaitForSingleObject) == nullptr &&
        next::find(next::Name::WaitForMultipleObjects) == nullptr)
        return false;  // nobody: the handle is not valid, which is said where it is found
    const bool all = wait.all && wait.count > 1;
    // Our queued calls run in an alertable wait: that is ours even if all handles are theirs.
    if (our.count == 0 && !wait.alertable)
        result = their_wait(wait.asked, wait.count, wait.handles, all ? TRUE : FALSE, wait.timeout_ms);
    else result = all ? wait_failed(Status::not_supported) : take_turns(wait, our, their);
    return true;
}

}  // namespace winshim::api
