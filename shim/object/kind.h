// kind.h - what all kinds of objects have in common, and the access rights that apply to all.
//
// A kind is one file: what is to be known of it (KindInfo), and the pure functions that say what its signals make of
// the state word. What a satisfied wait changes is not the kind's business but its rule's (rule.h). The table of all
// kinds is in kinds.h; docs/architecture.md, section 13, tells how one is added.
#pragma once
#include "shim/shm/types.h"

namespace winshim {

// The number of a kind is part of the layout. Named here are those that other files ask for; the number of any other is
// in its own file alone: Kind{8}.
enum class Kind : u8 { none = 0, event = 1, mutex = 2, semaphore = 3, timer = 4, mapping = 5, thread = 6, process = 7 };
inline constexpr u32 kMostKinds = 32;  // numbers are below: a set of kinds is a word of bits

inline constexpr u32 kReadControl = 0x20000, kSynchronize = 0x100000, kMaximumAllowed = 0x2000000;
inline constexpr u32 kGenericRead = 0x80000000, kGenericWrite = 0x40000000, kGenericExecute = 0x20000000,
                     kGenericAll = 0x10000000;

// The exit code of a thread or process that has not ended, and of one whose end told nobody.
inline constexpr u32 kStillActive = 259, kCodeUnknown = 0xFFFFFFFF;

// With whom a kind shares its name space, where the profile lets kinds share one (name/profile.h).
enum class Names : u8 {
    none,   // its objects have no names
    own,    // nt: with every kind that has names
    common  // nt: the same; ce: with the other kinds of this class
};

// A number that the value stands for, beside being signaled or not.
struct Count {
    const char* label;  // null: there is none
    u32 (*of)(u64 state) noexcept;
};

struct KindInfo {
    Kind kind;
    const char* label;
    const char* word = label;  // the same in one word
    u32 rules;                 // the rules that its objects may follow: bits, by bit_of
    Names names;
    u32 all_access;
    u32 generic_read, generic_write, generic_execute;
    Count count = {};
};

constexpr u32 number_of(const KindInfo& info) noexcept { return static_cast<u32>(info.kind); }

// What is known of the kind with this number. Each kind's file says so of its own; kinds.h gathers them.
// (That there is none is told by the type: under gcc's -fsanitize=undefined no constant compares an address with null.)
template <u32 number>
inline constexpr auto registered = nullptr;

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
