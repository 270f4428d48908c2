// commit_hook.h - how VirtualAlloc gives reserved pages of a view memory. It stands in the lowest room because base/,
// where VirtualAlloc is, knows nothing of views.
#pragma once
#include "shim/shm/types.h"

namespace winshim::shm {

// Set by the room that maps views when it maps one; null before. Errors: invalid_address (not in a view),
// not_enough_memory, and those of opening its file.
extern constinit std::atomic<Status (*)(const void* at, u64 bytes) noexcept> commit_in_view;

}  // namespace winshim::shm
