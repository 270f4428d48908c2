// many_work.h - waits for any and for all of several objects, and signals that end in a wait.
//
// Invariants  A1 a wait for any that includes the open event does not time out and takes no index above it.
//             A2 a wait for all that includes the shut event times out, and what it leaves is seen by the accounts of
//                the other objects: had it consumed a part, a signal or a unit would be missing.
//             A3 a wait for all that says WAIT_ABANDONED_0 has a mutex whose owner died.
#pragma once

#include <optional>

#include "tests/torture/storm/signal_work.h"

namespace storm {

constexpr std::uint32_t kMost = 12;

// Several different anchored objects, reached in various ways.
struct Crowd {
    Crowd(Self& self, std::uint32_t wanted) {
        for (std::uint32_t tries = 0; count < wanted && tries < 3 * wanted; ++tries) add(self, pick(self));
    }
    void add(Self& self, std::uint32_t candidate) {
        if (count == kMost || (objects & bit(candidate))) return;
        reach[count].emplace(self, candidate);
        if (!reach[count]->is_open()) return;
        objects |= bit(candidate);
        object[count] = candidate;
        handle[count] = reach[count]->get();
        ++count;
    }
    bool has(Span span) const { return (objects & (((std::uint64_t{1} << span.count) - 1) << span.first)) != 0; }
    static std::uint32_t pick(Self& self) {
        const std::uint32_t dice = self.random.below(100);
        if (dice < 40) return self.random.of(kMutexes);
        if (dice < 56) return self.random.of(kTokens);
        if (dice < 60) return self.random.of({kTokenTimers.first, kTokenTimers.count + kWildTimers.count});
        if (dice < 75) return self.random.of(kSemaphores);
        if (dice < 95) return self.random.of({kWildAutos.first, kWildAutos.count + kWildManuals.count});
        return self.random.of({kOpenEvents.first, kOpenEvents.count + kShutEvents.count});
    }

    std::uint32_t count = 0;
    std::uint64_t objects = 0;
    std::array<std::uint32_t, kMost> object{};
    std::array<HANDLE, kMost> handle{};
    std::array<std::optional<Reach>, kMost> reach;
};

inline void work_and_leave(Self& self, std::uint32_t object, HANDLE handle) {
    stay_inside(self, object, handle);
    leave(self, object, handle);
}

// Notes a wait for any that was satisfied by `index`.
inline void note_any(Self& self, const Crowd& crowd, std::uint32_t index, bool abandoned) {
    const std::uint32_t object = crowd.object[index];
    if (abandoned) {
        self.model.abandoned.fetch_add(1);
        look(self.model.report, Check::result, is_mutex(object), "%s: a wait for any says that it was abandoned",
             name_of(object).text);
    }
    consumed(self, object, abandoned ? Told::abandoned : Told::plain);
    for (std::uint32_t i = 0; i < index; ++i) {
        look(self.model.report, Check::wait_choice, !within(kOpenEvents, crowd.object[i]),
             "a wait for any took index %u although index %u is always set", index, i);
    }
}

inline void wait_for_any(Self& self) {
    const Crowd crowd(self, 2 + self.random.below(kMost - 2));
    const DWORD timeout_ms = some_timeout(self, false);
    std::optional<std::uint32_t> taken;
    {
        const Window window(self, crowd.objects, 0);
        const DWORD result = publish(self, Call::wait_any, crowd.objects, timeout_ms, [&] {
            return WaitForMultipleObjects(crowd.count, crowd.handle.data(), FALSE, timeout_ms);
        });
        const bool abandoned = result >= WAIT_ABANDONED_0 && result < WAIT_ABANDONED_0 + crowd.count;
        if (result < WAIT_OBJECT_0 + crowd.count || abandoned) {
            taken = abandoned ? result - WAIT_ABANDONED_0 : result - WAIT_OBJECT_0;
            note_any(self, crowd, *taken, abandoned);
        } else if (look(self.model.report, Check::result, result == WAIT_TIMEOUT,
                        "WaitForMultipleObjects(%u, any) gave 0x%x, error %u", crowd.count, result, GetLastError())) {
            look(self.model.report, Check::wait_choice, !crowd.has(kOpenEvents),
                 "a wait for any of %u, one of which is always set, timed out after %u ms", crowd.count, timeout_ms);
        }
    }
    if (taken && is_mutex(crowd.object[*taken])) work_and_leave(self, crowd.object[*taken], crowd.handle[*taken]);
}

// Notes a wait for all that succeeded.
inline void note_all(Self& self, const Crowd& crowd, bool abandoned) {
    bool death = false;
    for (std::uint32_t i = 0; i < crowd.count; ++i) {
        death |= consumed(self, crowd.object[i], abandoned ? Told::one_of_several : Told::plain);
    }
    if (!abandoned) return;
    self.model.abandoned.fetch_add(1);
    for (std::uint32_t i = 0; i < crowd.count && !death; ++i) {
        death = is_mutex(crowd.object[i]) && explained_by_window(self, crowd.object[i]);
    }
    look(self.model.report, Check::abandonment, death, "thread %u: a wait for all says abandoned, but no owner died",
         self.id);
}

inline void wait_for_all(Self& self) {
    Crowd crowd(self, 2 + self.random.below(3));
    const DWORD timeout_ms = some_timeout(self, false);
    bool taken = false;
    {
        const Window window(self, crowd.objects, 0);
        const DWORD result = publish(self, Call::wait_all, crowd.objects, timeout_ms, [&] {
            return WaitForMultipleObjects(crowd.count, crowd.handle.data(), TRUE, timeout_ms);
        });
        taken = result == WAIT_OBJECT_0 || result == WAIT_ABANDONED_0;
        if (taken) note_all(self, crowd, result == WAIT_ABANDONED_0);
        else look(self.model.report, Check::result, result == WAIT_TIMEOUT,
                  "WaitForMultipleObjects(%u, all) gave 0x%x, error %u", crowd.count, result, GetLastError());
        if (crowd.has(kShutEvents)) {
            look(self.model.report, Check::wait_choice, result == WAIT_TIMEOUT,
                 "a wait for all of %u, one of which is never set, gave 0x%x", crowd.count, result);
        }
    }
    for (std::uint32_t i = 0; taken && i < crowd.count; ++i) {
        if (is_mutex(crowd.object[i])) work_and_leave(self, crowd.object[i], crowd.handle[i]);
    }
}

// What SignalObjectAndWait gave, noted. Returns whether the object waited for was taken.
inline bool note_signal_and_wait(Self& self, std::uint32_t given, std::uint32_t wanted, DWORD result, DWORD error) {
    const bool refused = result == WAIT_FAILED && is_semaphore(given) && error == ERROR_TOO_MANY_POSTS;
    if (is_semaphore(given) && result != WAIT_FAILED) self.object(given).released.fetch_add(1);
    const bool abandoned = result == WAIT_ABANDONED && is_mutex(wanted);
    look(self.model.report, Check::result, refused || abandoned || result == WAIT_OBJECT_0 || result == WAIT_TIMEOUT,
         "SignalObjectAndWait(%s, %s) gave 0x%x, error %u", name_of(given).text, name_of(wanted).text, result, error);
    if (abandoned) self.model.abandoned.fetch_add(1);
    if (!abandoned && result != WAIT_OBJECT_0) return false;
    consumed(self, wanted, abandoned ? Told::abandoned : Told::plain);
    return true;
}

// Gives a mutex, a token or a unit, and waits for something else in the same call.
inline void signal_and_wait(Self& self) {
    Crowd pair(self, 2);
    const std::uint32_t given = pair.object[0], wanted = pair.object[1];
    if (pair.count < 2 || !(is_mutex(given) || is_semaphore(given) || within(kTokens, given))) return;
    if (is_mutex(given)) {
        if (!acquire(self, given, pair.handle[0], some_timeout(self, false))) return;
        stay_inside(self, given, pair.handle[0]);
    }
    const DWORD timeout_ms = some_timeout(self, false);
    bool taken = false;
    {
        const Window window(self, bit(wanted), bit(given), 1);
        if (is_mutex(given)) note_leaving(self, given);
        if (within(kTokens, given) && !take_token(self, given)) return;
        const DWORD result = publish(self, Call::signal_and_wait, pair.objects, timeout_ms, [&] {
            return SignalObjectAndWait(pair.handle[0], pair.handle[1], timeout_ms, FALSE);
        });
        taken = note_signal_and_wait(self, given, wanted, result, GetLastError());
    }
    if (taken && is_mutex(wanted)) work_and_leave(self, wanted, pair.handle[1]);
}

}  // namespace storm
