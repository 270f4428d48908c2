// profile.h - what the three documented generations of Win32 decide differently.
//
// ce    the page this project starts from: events and mutexes share one name space, and creating over the other type's
//       name gives a handle to the existing object (the default)
// ce5   later Windows CE: every type has its own name space, some arguments must have fixed values
// nt    desktop: all types share one name space, another type's name is an error, prefixes Global\ and Local\ .
// Chosen once per process: by the environment variable WINSHIM_PROFILE, or by WinshimSetProfile before the first
// object.
#pragma once
#include "shim/name/text.h"
#include "shim/object/kind.h"

namespace winshim::name {

enum class Profile : u32 { ce = 0, ce5 = 1, nt = 2 };

struct Rules {
    const char* label;
    bool other_type_opens;         // create over another type's name: a handle to that object (else: invalid_handle)
    bool security_honoured;        // bInheritHandle of SECURITY_ATTRIBUTES
    bool inherit_allowed;          // bInheritHandle of Open*, DuplicateHandle may be TRUE
    bool full_access_only;         // OpenEvent takes EVENT_ALL_ACCESS alone; every handle may do everything
    bool wait_all_allowed;
    bool target_required;          // DuplicateHandle's lpTargetHandle must not be NULL
};

// The profile of this process; the first call fixes it.
const Rules& rules() noexcept;
Profile profile() noexcept;
// The name of the profile that is, or would be, in force; fixes nothing.
const char* label_in_force() noexcept;
// Errors: invalid_parameter (no such profile), already_initialized (the profile has been used).
Status set_profile(const char* label) noexcept;

// Bit set (1 << Kind) of the kinds that share a name space with `kind`, itself included.
u32 sharing_kinds(Kind kind) noexcept;

enum class Purpose { create, open };
// Applies the profile's rules for names; sets `unnamed` where the text means "no name".
// Errors: invalid_name, path_not_found, bad_pathname, invalid_handle.
Status check(Text& text, Purpose purpose, bool& unnamed) noexcept;

}  // namespace winshim::name
