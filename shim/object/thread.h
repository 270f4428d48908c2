// thread.h - the thread kind: signaled once the thread has ended. Follows the rule notification; its object is made
// when somebody asks for a handle and is signaled by the thread's orderly end or by the rundown of the dead.
// Source: WaitSingle-21..23, DupHandle-17.
#pragma once
#include "shim/object/kind.h"
#include "shim/object/rule.h"

namespace winshim::thread {

inline constexpr u32 kTerminate = 1, kSuspendResume = 2, kSetContext = 0x10, kSetInformation = 0x20,
                     kQueryInformation = 0x40, kSetLimitedInformation = 0x400, kQueryLimitedInformation = 0x800,
                     kAllAccess = 0x1FFFFF;

// Object::body
enum Body : u32 {
    kExitCode = 0,
    kTid = 1,
    kPid = 2,
    kSlot = 3,      // thread slot + 1, meaningful while it lives
    kPriority = 4,  // as SetThreadPriority gave it; nobody acts on it
    kNoBoost = 5
};

inline constexpr KindInfo kInfo{.kind = Kind::thread, .label = "thread",
                                .rules = bit_of(Rule::notification),
                                .names = Names::none, .all_access = kAllAccess,
                                .generic_read = kReadControl | 0x48, .generic_write = kReadControl | 0x37,
                                .generic_execute = kReadControl | kSynchronize};

}  // namespace winshim::thread

namespace winshim {
template <>
inline constexpr const KindInfo* registered<number_of(thread::kInfo)> = &thread::kInfo;
}  // namespace winshim
