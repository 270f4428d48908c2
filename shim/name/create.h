// create.h - making and opening objects: the profile's rules, the name, the handle, in one indivisible step.
#pragma once
#include "shim/handle/birth.h"
#include "shim/name/profile.h"

namespace winshim::name {

struct NamedObject {
    handle::NewObject object;
    const Text* text;     // null: unnamed
    u64 other_access;     // access and flags of a handle to an object of another kind (profile ce)
};

struct Created {
    handle::Handle handle;
    bool existed;
};

// Makes the object, or opens the one that has the name. Of processes that race for a name exactly one makes it.
// Errors: invalid_handle (the name belongs to another kind, and the profile does not allow that), too_many_open_files,
// no_system_resources, not_enough_memory, and those of attaching. On error nothing is left behind.
Result<Created> create(const NamedObject& wanted) noexcept;

// Errors: file_not_found, invalid_handle (another kind has the name), and those above.
Result<handle::Handle> open(Kind kind, const Text& text, u64 access_and_flags) noexcept;

}  // namespace winshim::name
