// mapping.h - the file mapping kind: memory under a name. It is never signaled, and no handle to it may be waited for:
// SYNCHRONIZE is not among its rights. Source: Mapping-01..16, WaitSingle-27.
//
// What the segment knows of it are its size and what its pages may be mapped for. The pages themselves, or the path of
// the file that they are of, lie in a file of their own beside the segment (shm/files.h).
#pragma once
#include "shim/object/kind.h"
#include "shim/object/rule.h"
#include "shim/shm/layout.h"

namespace winshim::mapping {

inline constexpr u32 kQuery = 0x1, kMapWrite = 0x2, kMapRead = 0x4, kMapExecute = 0x8, kAllAccess = 0xF001F;

inline constexpr KindInfo kInfo{.kind = Kind::mapping, .label = "file mapping", .word = "mapping",
                                .rules = bit_of(Rule::none),
                                .names = Names::own, .all_access = kAllAccess,
                                .generic_read = kReadControl | kQuery | kMapRead,
                                .generic_write = kReadControl | kMapWrite,
                                .generic_execute = kReadControl | kMapExecute};

// Object::wide. Written by the maker alone, before anybody can reach the object.
enum Wide : u32 { kSize = 0, kTraits = 1 };

// What is in wide[kTraits]: how the pages may be mapped, and where they are.
enum Traits : u64 { kWritable = 1, kExecutable = 2, kOnFile = 4, kReserved = 8 };

}  // namespace winshim::mapping

namespace winshim {
template <>
inline constexpr const KindInfo* registered<number_of(mapping::kInfo)> = &mapping::kInfo;
}  // namespace winshim
