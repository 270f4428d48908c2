// readiness.h - when the handle of a descriptor counts as signaled: a read or a write on it would not block.
#pragma once
#include <poll.h>

#include "shim/file/descriptor.h"

namespace winshim::file {

// What poll(2) has to look for: room for a handle that can only be written, else input, or an end of it. Files are
// always ready. False: the handle is not open.
bool poll_entry(HANDLE handle, pollfd& entry) noexcept;

// After poll(2).
inline bool is_ready(const pollfd& entry) noexcept { return (entry.revents & ~POLLNVAL) != 0; }
inline bool is_closed(const pollfd& entry) noexcept { return (entry.revents & POLLNVAL) != 0; }

}  // namespace winshim::file
