// mutex_work.h - what threads do with mutexes, and what the model must find when they do it.
//
// Invariants  M1 whoever is given a mutex finds no living owner in the model.
//             M2 if the owner before died inside, the wait says WAIT_ABANDONED. (A floating mutex may have vanished
//                with its last handle and come back new, so for those only the reverse, M3, is asked.)
//             M3 a wait says WAIT_ABANDONED only if a dead owner, or a dead thread's open window on this mutex,
//                explains it, and each window explains one.
//             M4 the two counts that a critical section moves are equal when it is entered after an orderly leave.
#pragma once

#include <sched.h>

#include "tests/torture/storm/self.h"

namespace storm {

enum class Told { plain, abandoned, one_of_several };   // the last: a wait-all says 0x80 for all its mutexes together

// Charges one abandonment of `object` to a dead thread whose window on it was still open.
inline bool explained_by_window(Self& self, std::uint32_t object) {
    for (std::uint32_t id = std::min(self.model.threads_used.load(), kMaxThreads - 1); id > 0; --id) {
        ThreadRecord& record = self.model.thread(id);
        if (((record.taking.load() | record.giving.load()) & bit(object)) == 0) continue;
        if (self.model.is_dead(id) && (record.charged.fetch_or(bit(object)) & bit(object)) == 0) return true;
    }
    return false;
}

// Notes that this thread was given the mutex. Needs an open window on it. Returns whether a dead owner was found.
inline bool enter(Self& self, std::uint32_t object, Told told) {
    Report& report = self.model.report;
    ObjectModel& mutex = self.object(object);
    const Name name = name_of(object);
    const std::uint32_t before = mutex.owner.exchange(self.id);
    if (before != 0) {
        look(report, Check::mutual_exclusion, before != self.id && self.model.is_dead(before),
             "%s: thread %u was given it while thread %u is inside", name.text, self.id, before);
        if (is_anchored(object)) {
            look(report, Check::abandonment, told != Told::plain,
                 "%s: thread %u died inside, but thread %u was not told WAIT_ABANDONED", name.text, before, self.id);
        }
        mutex.second.store(mutex.first.load(std::memory_order_relaxed), std::memory_order_relaxed);
        return true;
    }
    const std::uint64_t first = mutex.first.load(std::memory_order_relaxed);
    const std::uint64_t second = mutex.second.load(std::memory_order_relaxed);
    look(report, Check::mutual_exclusion, first == second, "%s: thread %u sees a half-done change: %llu and %llu",
         name.text, self.id, static_cast<unsigned long long>(first), static_cast<unsigned long long>(second));
    if (told == Told::abandoned) {
        look(report, Check::abandonment, explained_by_window(self, object),
             "%s: thread %u was told WAIT_ABANDONED, but no owner died", name.text, self.id);
    }
    return false;
}

// Waits for a mutex that this thread does not own. Returns whether it owns it now.
inline bool acquire(Self& self, std::uint32_t object, HANDLE handle, DWORD timeout_ms) {
    const Window window(self, bit(object), 0);
    const DWORD result = wait_one(self, object, handle, timeout_ms);
    const DWORD error = result == WAIT_FAILED ? GetLastError() : 0;
    const bool known = result == WAIT_OBJECT_0 || result == WAIT_ABANDONED ||
                       (result == WAIT_TIMEOUT && timeout_ms != INFINITE);
    look(self.model.report, Check::result, known, "%s: WaitForSingleObject(%d) gave 0x%x, error %u",
         name_of(object).text, static_cast<int>(timeout_ms), result, error);
    if (result == WAIT_ABANDONED) self.model.abandoned.fetch_add(1);
    if (result != WAIT_OBJECT_0 && result != WAIT_ABANDONED) return false;
    enter(self, object, result == WAIT_ABANDONED ? Told::abandoned : Told::plain);
    return true;
}

inline bool release_mutex(Self& self, std::uint32_t object, HANDLE handle) {
    return publish(self, Call::release_mutex, bit(object), 0, [&] { return ReleaseMutex(handle) != FALSE; });
}

// Notes that this thread is about to give the mutex up. Needs an open window (giving) on it.
inline void note_leaving(Self& self, std::uint32_t object) {
    ObjectModel& mutex = self.object(object);
    mutex.second.store(mutex.second.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    const std::uint32_t before = mutex.owner.exchange(0);
    look(self.model.report, Check::mutual_exclusion, before == self.id, "%s: thread %u leaves, but thread %u is inside",
         name_of(object).text, self.id, before);
}

inline void leave(Self& self, std::uint32_t object, HANDLE handle) {
    const Window window(self, 0, bit(object));
    note_leaving(self, object);
    const bool released = release_mutex(self, object, handle);
    look(self.model.report, Check::recursion, released, "%s: thread %u owns it, but ReleaseMutex gave error %u",
         name_of(object).text, self.id, GetLastError());
}

inline void dwell(Self& self) {
    const std::uint32_t dice = self.random.below(100);
    if (dice < 30) sched_yield();
    else if (dice < 45) usleep(self.random.below(200));
    else if (dice < 48) usleep(2000);
}

// The critical section: moves the first count, perhaps enters again a few times, stays a while. leave() does the rest.
inline void stay_inside(Self& self, std::uint32_t object, HANDLE handle) {
    Report& report = self.model.report;
    ObjectModel& mutex = self.object(object);
    mutex.first.store(mutex.first.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    const std::uint32_t deeper = self.random.chance(30) ? 1 + self.random.below(3) : 0;
    for (std::uint32_t i = 0; i < deeper; ++i) {
        const DWORD result = wait_one(self, object, handle, some_timeout(self, true));
        look(report, Check::recursion, result == WAIT_OBJECT_0, "%s: its owner, thread %u, waits again and gets 0x%x",
             name_of(object).text, self.id, result);
    }
    dwell(self);
    for (std::uint32_t i = 0; i < deeper; ++i) {
        const bool released = release_mutex(self, object, handle);
        look(report, Check::recursion, released, "%s: release %u of %u by its owner, thread %u, gave error %u",
             name_of(object).text, i + 1, deeper + 1, self.id, GetLastError());
    }
    const std::uint32_t inside = mutex.owner.load();
    look(report, Check::mutual_exclusion, inside == self.id, "%s: thread %u came in while thread %u is inside",
         name_of(object).text, inside, self.id);
}

// Take, stay, perhaps take a second one inside, release. True: the thread is to end now, still owning.
inline bool work_on_mutex(Self& self) {
    const std::uint32_t object = self.random.of(kMutexes);
    const Reach reach(self, object);
    if (!reach.is_open() || !acquire(self, object, reach.get(), some_timeout(self, true))) return false;
    stay_inside(self, object, reach.get());
    const std::uint32_t other = self.random.of(kMutexes);
    if (other != object && self.random.chance(15)) {
        const Reach second(self, other);
        if (second.is_open() && acquire(self, other, second.get(), some_timeout(self, false))) {
            stay_inside(self, other, second.get());
            leave(self, other, second.get());
        }
    }
    if (self.random.below(1000) == 0 && self.model.threads_used.load() < kMaxThreads - 4096) return true;
    leave(self, object, reach.get());
    return false;
}

// A name that comes and goes. Who creates it with bInitialOwner and sees error 0 owns it without a wait.
inline void work_on_floating_mutex(Self& self) {
    const std::uint32_t object = self.random.of(kFloatingMutexes);
    const bool own = self.random.chance(50);
    HANDLE handle = nullptr;
    bool inside = false;
    {
        const Window window(self, own ? bit(object) : 0, 0);
        handle = publish(self, Call::create, bit(object), 0, [&] { return create_object(object, own); });
        const DWORD error = GetLastError();
        if (!look(self.model.report, Check::result, handle && (error == ERROR_SUCCESS || error == ERROR_ALREADY_EXISTS),
                  "%s: CreateMutex gave %p, error %u", name_of(object).text, handle, error)) return;
        inside = own && error == ERROR_SUCCESS;
        if (inside) enter(self, object, Told::plain);
    }
    if (!inside) inside = acquire(self, object, handle, some_timeout(self, false));
    if (inside) {
        stay_inside(self, object, handle);
        leave(self, object, handle);
    }
    close_noted(self, object, handle);
}

// Who does not own it may not release it, whoever does own it.
inline void release_what_is_not_owned(Self& self) {
    const std::uint32_t object = self.random.of(kMutexes);
    SetLastError(0);
    const bool released = release_mutex(self, object, self.shared[object]);
    look(self.model.report, Check::recursion, !released && GetLastError() == ERROR_NOT_OWNER,
         "%s: ReleaseMutex by thread %u, which does not own it, gave %d, error %u", name_of(object).text, self.id,
         released, GetLastError());
}

}  // namespace storm
