// semaphore.h - the semaphore kind: a count and its maximum (Object::limit). Follows the rule semaphore.
// Source: CreateSemaphore-01..12, ReleaseSemaphore-01..11.
#pragma once
#include "shim/object/kind.h"
#include "shim/object/rule.h"
#include "shim/shm/layout.h"

namespace winshim::semaphore {

inline constexpr u32 kQueryState = 1, kModifyState = 2, kAllAccess = 0x1F0003;

inline constexpr KindInfo kInfo{.kind = Kind::semaphore, .label = "semaphore",
                                .rules = bit_of(Rule::semaphore),
                                .names = Names::own, .all_access = kAllAccess,
                                .generic_read = kReadControl | kQueryState,
                                .generic_write = kReadControl | kModifyState,
                                .generic_execute = kReadControl | kSynchronize};

// Adds `units`, at least 1. `previous` receives the count before.
inline Change release(shm::Object& x, u64 s, u32 units, u32& previous) noexcept {
    const u32 count = state::value(s), limit = x.limit.get();
    if (count > limit || units > limit - count) return {s, Status::too_many_posts};
    previous = count;
    return {state::with_value(s, count + units)};
}

}  // namespace winshim::semaphore

namespace winshim {
template <>
inline constexpr const KindInfo* registered<number_of(semaphore::kInfo)> = &semaphore::kInfo;
}  // namespace winshim
