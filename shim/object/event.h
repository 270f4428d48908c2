// event.h - the event kind: signaled or not (state_word.h). A manual-reset event follows the rule notification, an
// auto-reset event the rule synchronization. Source: CreateEvent-01..21, SetEvent-01..10, ResetEvent-01..06,
// PulseEvent-01..08.
#pragma once
#include "shim/object/kind.h"
#include "shim/object/rule.h"
#include "shim/shm/layout.h"

namespace winshim::event {

inline constexpr u32 kQueryState = 1, kModifyState = 2, kAllAccess = 0x1F0003;

inline constexpr KindInfo kInfo{.kind = Kind::event, .label = "event",
                                .rules = bit_of(Rule::notification) | bit_of(Rule::synchronization),
                                .names = Names::common, .all_access = kAllAccess,
                                .generic_read = kReadControl | kQueryState,
                                .generic_write = kReadControl | kModifyState,
                                .generic_execute = kReadControl | kSynchronize};

// Object::body: the number that SetEventData has left (Windows CE).
enum Body : u32 { kData = 0 };

// Function objects, so that the one compare-and-swap of the fast path has them inlined.
inline constexpr auto set = [](shm::Object&, u64 s) noexcept {
    return Change{state::with_value(s, state::set(state::value(s)))};
};
inline constexpr auto reset = [](shm::Object&, u64 s) noexcept {
    return Change{state::with_value(s, state::cleared(state::value(s)))};
};

}  // namespace winshim::event

namespace winshim {
template <>
inline constexpr const KindInfo* registered<number_of(event::kInfo)> = &event::kInfo;
}  // namespace winshim
