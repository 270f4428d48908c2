// world.h - the 54 named objects that the storm fights over, and what each is there to show.
//
// Purpose     One table, the same in every process. An *anchored* object is held open by the supervisor for the whole
//             run, so its state survives every worker and can be compared with the model. A *floating* object lives
//             only while some worker holds it: its name comes and goes.
#pragma once

#include <windows.h>

#include <array>
#include <cstdint>
#include <cstdio>

namespace storm {

enum class Role : std::uint32_t {
    mutex,           // the model knows its owner
    floating_mutex,
    token_event,     // auto-reset; set only by whoever holds its token: every signal is accounted for
    wild_auto,       // auto-reset; anybody sets, resets and pulses
    wild_manual,     // manual-reset; the same
    open_event,      // manual-reset, always set: a wait that includes it for "any" cannot time out
    shut_event,      // manual-reset, never set: a wait that includes it for "all" cannot succeed
    semaphore,       // the model knows its units
    floating_event,
    floating_semaphore,
    token_timer,     // synchronization timer; set only by whoever holds its token: every expiry is accounted for
    wild_timer,      // manual-reset, with a period; anybody sets and cancels
};

struct Span { std::uint32_t first; std::uint32_t count; };

constexpr Span kMutexes{0, 16}, kFloatingMutexes{16, 4}, kTokens{20, 8}, kWildAutos{28, 4}, kWildManuals{32, 3},
    kOpenEvents{35, 1}, kShutEvents{36, 1}, kSemaphores{37, 8}, kFloatingEvents{45, 3}, kFloatingSemaphores{48, 2},
    kTokenTimers{50, 3}, kWildTimers{53, 1};
constexpr std::uint32_t kObjects = 54;

// From a count that is mostly exhausted to one that never is.
constexpr std::array<LONG, kSemaphores.count> kMaximum{1, 1, 2, 3, 5, 8, 50, 1000};

constexpr bool within(Span span, std::uint32_t object) { return object - span.first < span.count; }

constexpr Role role_of(std::uint32_t object) {
    if (within(kMutexes, object)) return Role::mutex;
    if (within(kFloatingMutexes, object)) return Role::floating_mutex;
    if (within(kTokens, object)) return Role::token_event;
    if (within(kWildAutos, object)) return Role::wild_auto;
    if (within(kWildManuals, object)) return Role::wild_manual;
    if (within(kOpenEvents, object)) return Role::open_event;
    if (within(kShutEvents, object)) return Role::shut_event;
    if (within(kSemaphores, object)) return Role::semaphore;
    if (within(kFloatingEvents, object)) return Role::floating_event;
    if (within(kTokenTimers, object)) return Role::token_timer;
    if (within(kWildTimers, object)) return Role::wild_timer;
    return Role::floating_semaphore;
}

constexpr bool is_anchored(std::uint32_t object) {
    return !within(kFloatingMutexes, object) && !within(kFloatingEvents, object) &&
           !within(kFloatingSemaphores, object);
}
constexpr bool is_mutex(std::uint32_t object) { return within(kMutexes, object) || within(kFloatingMutexes, object); }
constexpr bool is_semaphore(std::uint32_t object) {
    return within(kSemaphores, object) || within(kFloatingSemaphores, object);
}
constexpr bool is_timer(std::uint32_t object) { return within(kTokenTimers, object) || within(kWildTimers, object); }
constexpr std::uint64_t bit(std::uint32_t object) { return std::uint64_t{1} << object; }
constexpr LONG maximum_of(std::uint32_t object) {
    return within(kSemaphores, object) ? kMaximum[object - kSemaphores.first] : 4;
}
constexpr LONG initial_of(std::uint32_t object) { return (maximum_of(object) + 1) / 2; }
static_assert(kWildTimers.first + kWildTimers.count == kObjects && kObjects <= 64);

struct Name { char text[32]; };

inline Name name_of(std::uint32_t object) {
    static constexpr const char* kStem[] = {"mutex", "floating-mutex", "token", "wild-auto", "wild-manual", "open",
                                            "shut", "semaphore", "floating-event", "floating-semaphore", "token-timer",
                                            "wild-timer"};
    Name name{};
    snprintf(name.text, sizeof name.text, "%s-%02u", kStem[static_cast<std::uint32_t>(role_of(object))], object);
    return name;
}

// Creates or opens an object of the table as its role says; the last error is that of the create call.
inline HANDLE create_object(std::uint32_t object, bool own_mutex = false) {
    const Name name = name_of(object);
    if (is_mutex(object)) return CreateMutexA(nullptr, own_mutex, name.text);
    if (is_semaphore(object)) return CreateSemaphoreA(nullptr, initial_of(object), maximum_of(object), name.text);
    if (is_timer(object)) return CreateWaitableTimerA(nullptr, within(kWildTimers, object), name.text);
    const Role role = role_of(object);
    const bool manual = role == Role::wild_manual || role == Role::open_event || role == Role::shut_event;
    return CreateEventA(nullptr, manual, role == Role::open_event, name.text);
}

inline HANDLE open_object(std::uint32_t object) {
    const Name name = name_of(object);
    if (is_mutex(object)) return OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name.text);
    if (is_semaphore(object)) return OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, name.text);
    if (is_timer(object)) return OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, name.text);
    return OpenEventA(EVENT_ALL_ACCESS, FALSE, name.text);
}

}  // namespace storm
