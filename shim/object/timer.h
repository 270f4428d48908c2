// timer.h - the waitable timer kind: a value of 0 or 1, and a due time that makes it 1. Follows the rule notification
// (manual-reset) or synchronization. Source: Timer-01..28.
//
// No thread and no server keeps timers: whoever enters the guard and finds the due time passed fires the timer
// (wait/timers.cpp). So a pending due time implies SLOW, and a wait for a timer bounds its sleep by it.
//
// Object::wide[0], the due word, is the truth; one store of it is a SetWaitableTimer or a CancelWaitableTimer:
//
//    63        62     61     60                                               0
//   +---------+------+------+------------------------------------------------+
//   | ABSOLUTE| FRESH| WHICH| time, in units of 100 ns; 0: none is pending    |
//   +---------+------+------+------------------------------------------------+
//
// ABSOLUTE  The time is a FILETIME of CLOCK_REALTIME, and follows it when it is stepped; else CLOCK_MONOTONIC's.
// FRESH     Just set: the value has still to become 0, before anything else happens.
// WHICH     Which of wide[1] and wide[2] holds the period and the setter that count. The other one is free: a new
//           setting is written there first.
#pragma once
#include "shim/object/kind.h"
#include "shim/object/rule.h"
#include "shim/shm/layout.h"

namespace winshim::timer {

inline constexpr u32 kQueryState = 1, kModifyState = 2, kAllAccess = 0x1F0003;

inline constexpr KindInfo kInfo{.kind = Kind::timer, .label = "timer",
                                .rules = bit_of(Rule::notification) | bit_of(Rule::synchronization),
                                .names = Names::own, .all_access = kAllAccess,
                                .generic_read = kReadControl | kQueryState,
                                .generic_write = kReadControl | kModifyState,
                                .generic_execute = kReadControl | kSynchronize};

inline constexpr u64 kAbsolute = 1ull << 63, kFresh = 1ull << 62, kWhich = 1ull << 61, kTime = kWhich - 1;

// `setter` is the thread slot + 1 of whoever gave a completion routine, 0 without one: the routine is a matter of that
// thread (process/timer_routines.h), the timer ends with it (Timer-25).
struct Setting {
    u32 period_ms;
    u32 setter;
};
constexpr u64 pack(Setting s) noexcept { return (u64{s.setter} << 32) | s.period_ms; }
constexpr Setting unpack(u64 w) noexcept { return {static_cast<u32>(w), static_cast<u32>(w >> 32)}; }

inline bool is_timer(const shm::Object& x) noexcept { return static_cast<Kind>(x.type.get()) == Kind::timer; }
inline u64 due_word(const shm::Object& x) noexcept { return x.wide[0].get(); }
// release: what the word leads to (the setting, the value) was stored before it, also for whoever repairs.
inline void store_due_word(shm::Object& x, u64 w) noexcept { x.wide[0].value.store(w, std::memory_order_release); }
inline Field<u64>& setting_of(shm::Object& x, u64 due) noexcept { return x.wide[(due & kWhich) != 0 ? 2 : 1]; }
inline Setting setting(shm::Object& x) noexcept { return unpack(setting_of(x, due_word(x)).get()); }

// A timer that time will fire, or that is being set: only under the guard can it be judged.
inline bool pending(const shm::Object& x) noexcept { return is_timer(x) && (due_word(x) & (kTime | kFresh)) != 0; }

}  // namespace winshim::timer

namespace winshim {
template <>
inline constexpr const KindInfo* registered<number_of(timer::kInfo)> = &timer::kInfo;
}  // namespace winshim
