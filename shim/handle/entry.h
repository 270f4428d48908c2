// entry.h - one handle in one word.
//
//   63        44 43                    16 15      14     13     12               0
//  +------------+------------------------+-------+------+------+------------------+
//  | object (20)| generation (28)        | prot  | inh  | sync | specific rights  |
//  +------------+------------------------+-------+------+------+------------------+
//
// 0 = free, kReserved = about to be used by a thread of the process (object 0 is never used). The generation makes a
// handle that outlived its object miss.
// Of the standard rights only SYNCHRONIZE means anything to this library; the others are accepted and forgotten.
#pragma once
#include "shim/object/kind.h"
#include "shim/wait/guard.h"

namespace winshim::handle {

inline constexpr u64 kSpecific = 0x1FFF, kSynchronizeBit = 1 << 13, kInherit = 1 << 14, kProtect = 1 << 15;
inline constexpr u64 kAccessMask = kSpecific | kSynchronizeBit;

inline constexpr unsigned kGenerationShift = 16, kObjectShift = 44;
static_assert(kObjectShift - kGenerationShift + state::kGenerationShift == 64);  // quick.h

inline constexpr u64 kReserved = 1;
constexpr bool is_open(u64 entry) noexcept { return (entry >> kObjectShift) != 0; }

constexpr u64 access_bits(u32 access) noexcept {
    return (access & kSpecific) | ((access & kSynchronize) != 0 ? kSynchronizeBit : 0);
}
constexpr u64 pack(wait::Target target, u64 access_and_flags) noexcept {
    return (u64{target.object} << kObjectShift) | (u64{target.generation} << kGenerationShift) | access_and_flags;
}
constexpr wait::Target target(u64 entry) noexcept {
    return {static_cast<u32>(entry >> kObjectShift),
            static_cast<u32>(entry >> kGenerationShift) & state::kGenerationMask};
}
constexpr bool may(u64 entry, u64 rights) noexcept { return (entry & rights) == rights; }

}  // namespace winshim::handle
