// kind.h - what all kinds of objects have in common, and the access rights that apply to all.
//
// A kind is one file: its rights, and the pure functions that say what its signals make of the state word. What a
// satisfied wait changes is not the kind's business but its rule's (rule.h). The table of all kinds is in kinds.h.
#pragma once
#include "shim/shm/types.h"

namespace winshim {

enum class Kind : u8 { none = 0, event = 1, mutex = 2, semaphore = 3, timer = 4, mapping = 5, thread = 6, process = 7 };
inline constexpr u32 kKinds = 8;

inline constexpr u32 kReadControl = 0x20000, kSynchronize = 0x100000, kMaximumAllowed = 0x2000000;
inline constexpr u32 kGenericRead = 0x80000000, kGenericWrite = 0x40000000, kGenericExecute = 0x20000000,
                     kGenericAll = 0x10000000;

// The exit code of a thread or process that has not ended, and of one whose end told nobody.
inline constexpr u32 kStillActive = 259, kCodeUnknown = 0xFFFFFFFF;

struct KindInfo {
    Kind kind;
    const char* label;
    u32 all_access;
    u32 generic_read, generic_write, generic_execute;
};

// The rights that a handle of this kind gets for `desired`: generic rights and MAXIMUM_ALLOWED resolved.
constexpr u32 granted_access(const KindInfo& kind, u32 desired) noexcept {
    u32 access = desired & kind.all_access;
    if ((desired & kGenericRead) != 0) access |= kind.generic_read;
    if ((desired & kGenericWrite) != 0) access |= kind.generic_write;
    if ((desired & kGenericExecute) != 0) access |= kind.generic_execute;
    if ((desired & (kGenericAll | kMaximumAllowed)) != 0) access |= kind.all_access;
    return access;
}

}  // namespace winshim
