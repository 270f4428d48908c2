// naming.h - what every CreateXxx and OpenXxx does with its name, its rights and its security attributes.
#pragma once
#include "shim/api/convert.h"
#include "shim/name/create.h"
#include "shim/object/kinds.h"

namespace winshim::api {

inline u64 full_access(Kind kind) noexcept { return handle::access_bits(kind_info(kind)->all_access); }

inline u64 access_of(Kind kind, u32 desired) noexcept {
    return name::rules().full_access_only ? full_access(kind)
                                          : handle::access_bits(granted_access(*kind_info(kind), desired));
}

inline u64 inherit_flag(const SECURITY_ATTRIBUTES* security) noexcept {
    const bool inherit = security != nullptr && name::rules().security_honoured && security->bInheritHandle != FALSE;
    return inherit ? handle::kInherit : 0;
}

// The text of a name for a Create call, and whether it means "no name".
inline Status text_of(AnyName given, name::Text& text, bool& unnamed) noexcept {
    unnamed = given.is_null();
    if (unnamed) return Status::success;
    const Status status = given.text(text);
    return status == Status::success ? name::check(text, name::Purpose::create, unnamed) : status;
}

// What an object begins as.
struct Wanted {
    Kind kind;
    Rule rule;
    u32 value;
    u32 limit = 0;
    u32 access;
};
HANDLE create(const SECURITY_ATTRIBUTES* security, AnyName given, const Wanted& wanted) noexcept;
HANDLE open(Kind kind, DWORD access, BOOL inherit, AnyName given) noexcept;

}  // namespace winshim::api
