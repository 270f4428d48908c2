// process.h - the process kind: signaled once the process has ended, however it came. Follows the rule notification;
// its object is made when somebody asks for a handle and is signaled by the orderly end or by the rundown of the dead.
// Source: WaitSingle-21..23, DupHandle-17, Process-01..17.
#pragma once
#include "shim/object/kind.h"
#include "shim/object/rule.h"

namespace winshim::process {

inline constexpr u32 kTerminate = 1, kSetInformation = 0x200, kQueryInformation = 0x400,
                     kQueryLimitedInformation = 0x1000, kAllAccess = 0x1FFFFF;

// Object::body. How long it lived, and how much of that it spent computing, is there once it has ended, in clock ticks.
// (The ticks in the kernel are in Object::limit.)
enum Body : u32 { kExitCode = 0, kPid = 1, kLived = 4, kUser = 5 };
inline constexpr u32 kStart = 1;  // Object::wide: start time of the pid, in ticks after boot; 0 not known

inline constexpr KindInfo kInfo{.kind = Kind::process, .label = "process",
                                .rules = bit_of(Rule::notification),
                                .names = Names::none, .all_access = kAllAccess,
                                .generic_read = kReadControl | 0x410, .generic_write = kReadControl | 0xBEA,
                                .generic_execute = kReadControl | kSynchronize};

}  // namespace winshim::process

namespace winshim {
template <>
inline constexpr const KindInfo* registered<number_of(process::kInfo)> = &process::kInfo;
}  // namespace winshim
