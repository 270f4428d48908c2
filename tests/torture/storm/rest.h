// rest.h - the storm at rest: every lane parked between two pieces of work, the model compared with the objects.
//
// Purpose     While threads run, an account can only be bounded. At rest it must balance exactly, but for the windows
//             that the dead left open, and those last from one rest to the next only: about a quarter of a second.
//             At rest nobody holds a floating object either, so their names must be free.
#pragma once

#include "tests/torture/storm/signal_work.h"

namespace storm {

// What the threads that died since the last rest may have done without noting it.
struct Doubt {
    std::uint64_t objects = 0;
    std::array<std::int64_t, kObjects> taken{};
    std::array<std::int64_t, kObjects> released{};

    void add(const ThreadRecord& record) {
        const std::uint64_t taking = record.taking.load(), giving = record.giving.load();
        objects |= taking | giving;
        for (std::uint32_t object = kSemaphores.first; object < kSemaphores.first + kSemaphores.count; ++object) {
            if (taking & bit(object)) taken[object] += 1;
            if (giving & bit(object)) released[object] += record.units.load();
        }
    }
};

inline bool is_signaled(Self& self, std::uint32_t object) {
    return wait_one(self, object, self.shared[object], 0) == WAIT_OBJECT_0;
}

// S2, S5. Leaves the event or timer clear and the token 0.
inline void check_token(Self& self, std::uint32_t object, const Doubt& doubt) {
    Report& report = self.model.report;
    const bool owed = self.object(object).token.exchange(0) == 1;
    const bool certain = (doubt.objects & bit(object)) == 0;
    const DWORD soon = !owed || !is_timer(object) ? 0 : certain ? 3'000 : 2 * kLatest;
    const bool set = wait_one(self, object, self.shared[object], soon) == WAIT_OBJECT_0;
    if ((self.model.muddled.load() & bit(object)) != 0) return;
    look(report, Check::signal_once, owed || !set, "%s: at rest it is set, but nobody left a signal",
         name_of(object).text);
    if (!certain) return;
    self.model.exact_tokens.fetch_add(1);
    look(report, Check::signal_kept, set || !owed, "%s: a signal was given, nobody consumed it, and at rest it is gone",
         name_of(object).text);
}

// S4. Leaves the semaphore at its initial count.
inline void check_semaphore(Self& self, std::uint32_t object, const Doubt& doubt) {
    Report& report = self.model.report;
    ObjectModel& model = self.object(object);
    LONG count = 0;
    while (count <= maximum_of(object) && is_signaled(self, object)) ++count;
    const std::int64_t exact = initial_of(object) + model.released.exchange(0) - model.taken.exchange(0);
    look(report, Check::semaphore_maximum, count <= maximum_of(object), "%s: at rest it holds more than its maximum %d",
         name_of(object).text, maximum_of(object));
    const bool balanced = count >= exact - doubt.taken[object] && count <= exact + doubt.released[object];
    look(report, Check::semaphore_units, balanced,
         "%s: at rest it holds %d units; %lld are accounted for, the dead may have taken %lld and released %lld",
         name_of(object).text, count, static_cast<long long>(exact), static_cast<long long>(doubt.taken[object]),
         static_cast<long long>(doubt.released[object]));
    const bool refilled = publish(self, Call::release_semaphore, bit(object), 0, [&] {
        return ReleaseSemaphore(self.shared[object], initial_of(object), nullptr) != FALSE;
    });
    look(report, Check::result, refilled, "%s: ReleaseSemaphore on an empty one gave error %u", name_of(object).text,
         GetLastError());
}

// Takes and releases it; the model checks whether an abandonment is due (M1 to M4). No owner is left, and the dead have
// been waited for, so it must be free at once.
inline void check_mutex(Self& self, std::uint32_t object) {
    const bool taken = acquire(self, object, self.shared[object], 0);
    look(self.model.report, Check::usable, taken,
         "%s: nobody is left to own it, but it cannot be taken (owner in the model: %u)",
         name_of(object).text, self.object(object).owner.load());
    if (!taken) return;
    self.object(object).first.fetch_add(1, std::memory_order_relaxed);
    leave(self, object, self.shared[object]);
}

// Nobody has a handle: the living are parked with none, and the dead have been waited for.
inline void check_name_is_free(Self& self, std::uint32_t object) {
    SetLastError(0);
    const HANDLE again = publish(self, Call::open, bit(object), 0, [&] { return open_object(object); });
    look(self.model.report, Check::names_free, !again && GetLastError() == ERROR_FILE_NOT_FOUND,
         "%s: no handle is left, but Open gave %p, error %u", name_of(object).text, again, GetLastError());
    if (again) CloseHandle(again);
}

inline void check_all_at_rest(Self& self, const Doubt& doubt, bool names_are_certain) {
    for (std::uint32_t object = 0; object < kObjects; ++object) {
        ObjectModel& model = self.object(object);
        switch (role_of(object)) {
        case Role::mutex:
            check_mutex(self, object);
            break;
        case Role::token_event:
        case Role::token_timer:
            check_token(self, object, doubt);
            break;
        case Role::wild_auto:
        case Role::wild_manual:
            publish(self, Call::reset, bit(object), 0, [&] { return ResetEvent(self.shared[object]); });
            model.sets.store(0);
            model.waits.store(0);
            break;
        case Role::wild_timer:
            set_timer(self, object, self.shared[object], 3'600'000, 0, nullptr);
            publish(self, Call::cancel_timer, bit(object), 0, [&] { return CancelWaitableTimer(self.shared[object]); });
            look(self.model.report, Check::signal_once, !is_signaled(self, object), "%s: cancelled, and yet signaled",
                 name_of(object).text);
            model.sets.store(0);
            break;
        case Role::semaphore:
            check_semaphore(self, object, doubt);
            break;
        case Role::floating_mutex:
        case Role::floating_event:
        case Role::floating_semaphore:
            if (names_are_certain) check_name_is_free(self, object);
            break;
        default:
            break;
        }
    }
}

// Wakes those who sleep without a time-out on a token event. A signal that has been owed for long, and that nobody who
// died can have taken, is one that a sleeper has missed. Where somebody may have taken it with him into death, the
// event is set without a token: its account is muddled until the end of this rest.
class Waker {
public:
    // Looks at one sleeper's event; called again and again until nobody sleeps on it.
    void wake(Self& self, std::uint32_t object, const Doubt& doubt) {
        constexpr std::uint64_t kSoon = 20'000'000;
        constexpr std::uint64_t kPatience = 3'000'000'000;    // a bell that a dying granter never rang costs a second
        const bool doubtful = (doubt.objects & bit(object)) != 0;
        if (self.object(object).token.load() == 0) {
            set_token(self, object, self.shared[object]);
            since_[object] = now_ns();
            return;
        }
        if (since_[object] == 0) since_[object] = now_ns();
        if (now_ns() - since_[object] < (doubtful ? kSoon : kPatience)) return;
        since_[object] = 0;
        if (!doubtful) {
            look(self.model.report, Check::sleeper, false, "%s: a thread sleeps on it, and for 3 s its signal was %s",
                 name_of(object).text, is_signaled(self, object) ? "there" : "gone");
        }
        self.model.muddled.fetch_or(bit(object));
        set_event(self, object, self.shared[object]);
    }
    // All are awake again.
    void note_awake(Self& self, std::uint64_t objects) {
        for (std::uint32_t object = 0; object < kObjects; ++object) {
            const bool exact = (objects & ~self.model.muddled.load() & bit(object)) != 0;
            if (exact) look(self.model.report, Check::sleeper, true, "%s", "");
        }
        since_.fill(0);
    }

private:
    std::array<std::uint64_t, kObjects> since_{};
};

}  // namespace storm
