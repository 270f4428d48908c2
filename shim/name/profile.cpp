// profile.cpp - the table of profiles, and their rules for names.
#include "shim/name/profile.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "shim/object/kinds.h"

namespace winshim::name {
namespace {

constexpr Rules kRules[] = {
    {.label = "ce", .other_type_opens = true, .security_honoured = true, .inherit_allowed = true,
     .full_access_only = false, .wait_all_allowed = true, .target_required = false},
    {.label = "ce5", .other_type_opens = false, .security_honoured = false, .inherit_allowed = false,
     .full_access_only = true, .wait_all_allowed = false, .target_required = true},
    {.label = "nt", .other_type_opens = false, .security_honoured = true, .inherit_allowed = true,
     .full_access_only = false, .wait_all_allowed = true, .target_required = false},
};
constexpr u32 kUndecided = 0xFF, kUsed = 0x100;  // the choice, and whether anything has depended on it

std::atomic<u32> choice{kUndecided};

u32 find(const char* label) noexcept {
    for (u32 i = 0; i < sizeof kRules / sizeof kRules[0]; ++i)
        if (strcmp(kRules[i].label, label) == 0) return i;
    return kUndecided;
}

u32 from_environment() noexcept {
    const char* wanted = secure_getenv("WINSHIM_PROFILE");
    if (wanted == nullptr || *wanted == 0) return 0;
    const u32 found = find(wanted);
    if (found != kUndecided) return found;
    fprintf(stderr, "winshim: WINSHIM_PROFILE=%s: no such profile (ce, ce5, nt); ce holds\n", wanted);
    return 0;
}

constexpr u32 bit(Kind kind) { return 1u << static_cast<u32>(kind); }

template <class Condition>
constexpr u32 kinds_that(Condition condition) {
    u32 kinds = 0;
    for (u32 number = 0; number < kMostKinds; ++number)
        if ((kKinds >> number & 1) != 0 && condition(*kKindTable[number])) kinds |= 1u << number;
    return kinds;
}

Status check_nt(Text& text, Purpose purpose, bool& unnamed) noexcept {
    if (text.length == 0) {
        unnamed = true;
        return purpose == Purpose::create ? Status::success : Status::invalid_handle;
    }
    if (text.bytes[0] == '\\') return Status::bad_pathname;
    if (text.equals("Global") || text.equals("Local")) return Status::invalid_handle;
    const bool global = text.starts_with("Global\\");
    if (text.starts_with("Local\\")) text.drop_front(6);
    Text rest = text;
    if (global) rest.drop_front(7);
    if (rest.length == 0) return Status::invalid_name;
    return rest.contains('\\') ? Status::path_not_found : Status::success;
}

}  // namespace

Profile profile() noexcept {
    u32 now = choice.load(std::memory_order_acquire);
    while ((now & kUsed) == 0) {
        const u32 next = (now == kUndecided ? from_environment() : now) | kUsed;
        if (choice.compare_exchange_strong(now, next, std::memory_order_acq_rel)) now = next;
    }
    return static_cast<Profile>(now & ~kUsed);
}

const Rules& rules() noexcept { return kRules[static_cast<u32>(profile())]; }

const char* label_in_force() noexcept {
    u32 now = choice.load(std::memory_order_acquire);
    if (now == kUndecided) {
        const u32 next = from_environment();
        if (choice.compare_exchange_strong(now, next, std::memory_order_acq_rel)) now = next;
    }
    return kRules[now & ~kUsed].label;
}

Status set_profile(const char* label) noexcept {
    const u32 found = label == nullptr ? kUndecided : find(label);
    if (found == kUndecided) return Status::invalid_parameter;
    u32 now = choice.load(std::memory_order_acquire);
    do {
        if ((now & kUsed) != 0) return (now & ~kUsed) == found ? Status::success : Status::already_initialized;
    } while (!choice.compare_exchange_weak(now, found, std::memory_order_acq_rel));
    return Status::success;
}

u32 sharing_kinds(Kind kind) noexcept {
    constexpr u32 kCommon = kinds_that([](const KindInfo& info) { return info.names == Names::common; });
    constexpr u32 kNameable = kinds_that([](const KindInfo& info) { return info.names != Names::none; });
    static_assert(kCommon == (bit(Kind::event) | bit(Kind::mutex)), "profile ce: the page says so of these two");
    switch (profile()) {
        case Profile::ce: return (kCommon & bit(kind)) != 0 ? kCommon : bit(kind);
        case Profile::ce5: return bit(kind);
        case Profile::nt: return kNameable;
    }
    return bit(kind);
}

Status check(Text& text, Purpose purpose, bool& unnamed) noexcept {
    unnamed = false;
    if (profile() == Profile::nt) return check_nt(text, purpose, unnamed);
    return text.contains('\\') ? Status::invalid_name : Status::success;
}

}  // namespace winshim::name
