// mutex.h - the mutex kind: owner (a thread), recursion, abandonment. Follows the rule mutant.
// Source: CreateMutex-01..21, ReleaseMutex-01..11.
//
// Recursion   Object::rec is touched by the owner alone (or by a granter on behalf of an owner-to-be that is parked),
//             so an inner acquisition or release needs no atomic step and no guard.
// Death       of the owner is found by whoever enters the guard (wait/guard.cpp): free and ABANDONED in one store.
#pragma once
#include "shim/object/kind.h"
#include "shim/object/rule.h"
#include "shim/shm/layout.h"

namespace winshim::mutex {

inline constexpr u32 kModifyState = 1, kAllAccess = 0x1F0001;

inline constexpr KindInfo kInfo{.kind = Kind::mutex, .label = "mutex",
                                .rules = bit_of(Rule::mutant),
                                .names = Names::common, .all_access = kAllAccess,
                                .generic_read = kReadControl,
                                .generic_write = kReadControl | kModifyState,
                                .generic_execute = kReadControl | kSynchronize};

// The owner's last release. Needs rec == 1.
inline Change release(u64 s, u32 me) noexcept {
    if (state::value(s) != me) return {s, Status::not_owner};
    return {state::with_value(s, 0)};
}

}  // namespace winshim::mutex

namespace winshim {
template <>
inline constexpr const KindInfo* registered<number_of(mutex::kInfo)> = &mutex::kInfo;
}  // namespace winshim
