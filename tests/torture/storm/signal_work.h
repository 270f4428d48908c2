// signal_work.h - what threads do with events, timers and semaphores, and the accounts that must balance.
//
// Invariants  S1 a token event is set only by who moved its token from 0 to 1, and whoever consumes the signal moves it
//                back: a consumer that finds 0 was given a signal that nobody had left, or one that was given twice.
//             S2 at rest a token of 1 means a set event (unless a window on it was left open by the dead), and a token
//                of 0 a clear one. The supervisor compares them in every round.
//             S3 a wild auto-reset event has been waited for successfully at most as often as a signal was begun.
//             S4 a semaphore's units: initial + released - taken, give or take the open windows of the dead.
//             S5 S1 and S2 hold of a token timer, too: it is set to expire once, within kLatest. So at rest it may take
//                so long until it is signaled.
#pragma once

#include "tests/torture/storm/mutex_work.h"

namespace storm {

// Notes that a wait consumed this object's signal; for a mutex, that it was given. Needs an open window on it.
// Returns whether a dead owner was found.
inline bool consumed(Self& self, std::uint32_t object, Told told) {
    Report& report = self.model.report;
    ObjectModel& model = self.object(object);
    const Name name = name_of(object);
    switch (role_of(object)) {
    case Role::mutex:
        return enter(self, object, told);
    case Role::token_event:
    case Role::token_timer:
        look(report, Check::signal_once, model.token.exchange(0) == 1 || (self.model.muddled.load() & bit(object)) != 0,
             "%s: thread %u consumed a signal that nobody gave", name.text, self.id);
        break;
    case Role::semaphore:
        model.taken.fetch_add(1);
        break;
    case Role::wild_auto: {
        const std::uint64_t waits = model.waits.fetch_add(1) + 1;
        look(report, Check::signal_once, waits <= model.sets.load(), "%s: %llu waits succeeded on fewer signals",
             name.text, static_cast<unsigned long long>(waits));
        break;
    }
    case Role::wild_manual:
    case Role::wild_timer:
        look(report, Check::wait_choice, model.sets.load() > 0, "%s: a wait succeeded on what was never set",
             name.text);
        break;
    case Role::shut_event:
        look(report, Check::wait_choice, false, "%s: a wait succeeded on an event that is never set", name.text);
        break;
    default:
        break;
    }
    return false;
}

// A single wait on anything but a mutex. Returns whether it succeeded.
inline bool wait_and_note(Self& self, std::uint32_t object, HANDLE handle, DWORD timeout_ms) {
    const Window window(self, bit(object), 0);
    const DWORD result = wait_one(self, object, handle, timeout_ms);
    const DWORD error = result == WAIT_FAILED ? GetLastError() : 0;
    const bool known = result == WAIT_OBJECT_0 || (result == WAIT_TIMEOUT && timeout_ms != INFINITE);
    look(self.model.report, Check::result, known, "%s: WaitForSingleObject(%d) gave 0x%x, error %u",
         name_of(object).text, static_cast<int>(timeout_ms), result, error);
    if (result == WAIT_OBJECT_0) consumed(self, object, Told::plain);
    return result == WAIT_OBJECT_0;
}

inline bool set_event(Self& self, std::uint32_t object, HANDLE handle) {
    const bool set = publish(self, Call::set, bit(object), 0, [&] { return SetEvent(handle) != FALSE; });
    return look(self.model.report, Check::result, set, "%s: SetEvent gave error %u", name_of(object).text,
                GetLastError());
}

// Takes the right to set a token event. Needs an open window (giving) on it.
inline bool take_token(Self& self, std::uint32_t object) {
    std::uint32_t free = 0;
    return self.object(object).token.compare_exchange_strong(free, 1);
}

inline void set_token(Self& self, std::uint32_t object, HANDLE handle) {
    const Window window(self, 0, bit(object));
    if (take_token(self, object)) set_event(self, object, handle);
}

inline void work_on_token(Self& self) {
    const std::uint32_t object = self.random.of(kTokens);
    const Reach reach(self, object);
    if (!reach.is_open()) return;
    if (self.random.chance(55)) set_token(self, object, reach.get());
    else wait_and_note(self, object, reach.get(), self.random.chance(8) ? INFINITE : some_timeout(self, false));
}

constexpr DWORD kLatest = 20;  // ms

inline bool set_timer(Self& self, std::uint32_t object, HANDLE handle, DWORD due_ms, LONG period_ms,
                      PTIMERAPCROUTINE routine) {
    LARGE_INTEGER due;
    due.QuadPart = -10'000ll * due_ms;
    const bool set = publish(self, Call::set_timer, bit(object), 0, [&] {
        return SetWaitableTimer(handle, &due, period_ms, routine, &self, FALSE) != FALSE;
    });
    return look(self.model.report, Check::result, set, "%s: SetWaitableTimer gave error %u", name_of(object).text,
                GetLastError());
}

inline void work_on_token_timer(Self& self) {
    const std::uint32_t object = self.random.of(kTokenTimers);
    const Reach reach(self, object);
    if (!reach.is_open()) return;
    if (self.random.chance(50)) {
        const Window window(self, 0, bit(object));
        if (take_token(self, object))
            set_timer(self, object, reach.get(), self.random.chance(30) ? 0 : self.random.below(kLatest), 0, nullptr);
    } else {
        wait_and_note(self, object, reach.get(), some_timeout(self, false));
    }
}

// Its routine runs in the thread that has set it, and takes nothing.
inline void WINAPI note_expiry(LPVOID self, DWORD low, DWORD high) {
    const bool dated = (low | high) != 0;
    look(static_cast<Self*>(self)->model.report, Check::result, dated, "a completion routine was told no time");
}

inline void work_on_wild_timer(Self& self) {
    const std::uint32_t object = self.random.of(kWildTimers);
    const Reach reach(self, object);
    if (!reach.is_open()) return;
    const std::uint32_t dice = self.random.below(100);
    if (dice < 40) {
        wait_and_note(self, object, reach.get(), some_timeout(self, false));
    } else if (dice < 90) {
        const bool routine = dice < 55;
        self.object(object).sets.fetch_add(1);
        set_timer(self, object, reach.get(), self.random.below(kLatest), static_cast<LONG>(self.random.below(10)),
                  routine ? note_expiry : nullptr);
        if (!routine) return;
        publish(self, Call::sleep, 0, 5, [] { return SleepEx(5, TRUE); });
        // Not the next thread's `self`: the routine ends here.
        publish(self, Call::cancel_timer, bit(object), 0, [&] { return CancelWaitableTimer(reach.get()); });
    } else {
        const bool cancelled = publish(self, Call::cancel_timer, bit(object), 0,
                                       [&] { return CancelWaitableTimer(reach.get()) != FALSE; });
        look(self.model.report, Check::result, cancelled, "%s: CancelWaitableTimer gave error %u", name_of(object).text,
             GetLastError());
    }
}

inline void work_on_timer(Self& self) {
    if (self.random.chance(70)) work_on_token_timer(self);
    else work_on_wild_timer(self);
}

inline void work_on_wild_event(Self& self) {
    const std::uint32_t object = self.random.of({kWildAutos.first, kWildAutos.count + kWildManuals.count});
    const Reach reach(self, object);
    if (!reach.is_open()) return;
    const HANDLE handle = reach.get();
    const std::uint32_t dice = self.random.below(100);
    if (dice < 45) {
        wait_and_note(self, object, handle, some_timeout(self, false));
        return;
    }
    if (dice < 75) self.object(object).sets.fetch_add(1);
    if (dice < 60) {
        set_event(self, object, handle);
        return;
    }
    const bool pulses = dice < 75;
    const bool done = publish(self, pulses ? Call::pulse : Call::reset, bit(object), 0,
                              [&] { return (pulses ? PulseEvent(handle) : ResetEvent(handle)) != FALSE; });
    look(self.model.report, Check::result, done, "%s: %s gave error %u", name_of(object).text,
         pulses ? "PulseEvent" : "ResetEvent", GetLastError());
}

// Releases `units` and checks the count before it.
inline void release_units(Self& self, std::uint32_t object, HANDLE handle, LONG units) {
    const LONG maximum = maximum_of(object);
    const Window window(self, 0, bit(object), static_cast<std::uint32_t>(units));
    LONG before = -1;
    const bool released = publish(self, Call::release_semaphore, bit(object), 0,
                                  [&] { return ReleaseSemaphore(handle, units, &before) != FALSE; });
    const DWORD error = released ? 0 : GetLastError();
    if (released) self.object(object).released.fetch_add(units);
    const bool fitted = before >= 0 && before + units <= maximum;
    const bool refused = error == ERROR_TOO_MANY_POSTS && before == -1;
    look(self.model.report, Check::semaphore_maximum, released ? fitted : refused,
         "%s: ReleaseSemaphore(%d) gave %d, error %u, count before %d, maximum %d", name_of(object).text, units,
         released, error, before, maximum);
}

inline void work_on_semaphore(Self& self) {
    const std::uint32_t object = self.random.of(kSemaphores);
    const LONG maximum = maximum_of(object);
    const Reach reach(self, object);
    if (!reach.is_open()) return;
    const std::uint32_t dice = self.random.below(100);
    if (dice < 50) wait_and_note(self, object, reach.get(), some_timeout(self, false));
    else if (dice < 95) release_units(self, object, reach.get(), 1 + static_cast<LONG>(self.random.below(
        static_cast<std::uint32_t>(std::min<LONG>(maximum, 3)))));
    else {
        const bool released = publish(self, Call::release_semaphore, bit(object), 0,
                                      [&] { return ReleaseSemaphore(reach.get(), maximum + 1, nullptr) != FALSE; });
        look(self.model.report, Check::semaphore_maximum, !released && GetLastError() == ERROR_TOO_MANY_POSTS,
             "%s: one unit more than the maximum was let in, or error %u", name_of(object).text, GetLastError());
    }
}

// Names of events and semaphores that come and go: created, used once, closed.
inline void work_on_floating_signal(Self& self) {
    const std::uint32_t object =
        self.random.chance(60) ? self.random.of(kFloatingEvents) : self.random.of(kFloatingSemaphores);
    const Reach reach(self, object);
    if (!reach.is_open()) return;
    const HANDLE handle = reach.get();
    if (is_semaphore(object)) {
        publish(self, Call::release_semaphore, bit(object), 0,
                [&] { return ReleaseSemaphore(handle, 1, nullptr) != FALSE; });
    } else {
        set_event(self, object, handle);
    }
    const DWORD result = wait_one(self, object, handle, some_timeout(self, false));
    look(self.model.report, Check::result, result == WAIT_OBJECT_0 || result == WAIT_TIMEOUT,
         "%s: WaitForSingleObject gave 0x%x, error %u", name_of(object).text, result, GetLastError());
}

}  // namespace storm
