// process.h - the process kind: signaled once the process has ended, however it came. Follows the rule notification;
// its object is made when somebody asks for a handle and is signaled by the orderly end or by the rundown of the dead.
// Source: WaitSingle-21..23, DupHandle-17.
#pragma once
#include "shim/object/kind.h"

namespace winshim::process {

inline constexpr u32 kAllAccess = 0x1FFFFF;

// Object::body
enum Body : u32 { kExitCode = 0, kPid = 1 };

inline constexpr KindInfo kInfo{.kind = Kind::process, .label = "process", .all_access = kAllAccess,
                                .generic_read = kReadControl | 0x410, .generic_write = kReadControl | 0xBEA,
                                .generic_execute = kReadControl | kSynchronize};

}  // namespace winshim::process
