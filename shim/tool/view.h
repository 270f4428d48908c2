// view.h - the segment as a tool sees it: mapped read-only, by the library's own accessors.
//
// Purpose     Looking changes nothing, takes no lock and needs no part in the segment. So what is seen may be in the
//             middle of a change; a command that judges looks twice.
#pragma once
#include "shim/shm/segment.h"

namespace winshim::tool {

enum class Found { nothing, segment, trouble };

// Maps the segment of this user and of `space` (null: WINSHIM_NAMESPACE). trouble: why is said on standard error.
// A file of another size is mapped as far as its header reaches, if it has one: then `whole` is false.
struct View {
    Found found = Found::nothing;
    bool whole = false;
    u64 file_bytes = 0;
    char path[300] = "";
};
View open_view(const char* space) noexcept;
void close_view(View& view) noexcept;

// For the commands that look: opens it and makes sure that it is a segment as this version knows it. Returns 0, or the
// exit status 2 after it has said why not. `view.found` is nothing if there is none: then nobody uses winshim.
int open_to_look(const char* space, View& view) noexcept;

// Processes other than this one that have the segment mapped, as the kernel knows it.
u32 count_users(const View& view) noexcept;

// Removes the segment, its bells, and the files of its mappings. Returns false if somebody is about to join it, or it
// cannot be removed.
bool discard(const View& view, bool force) noexcept;

}  // namespace winshim::tool
