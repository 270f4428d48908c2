// descriptor_waits.h - waits among whose handles are files, pipes or terminals.
//
// Purpose     The engine of waits knows objects of the segment only. A wait for descriptors alone sleeps in poll(2);
//             one for both takes turns: a short wait for the objects, a look at the descriptors. What is taken is taken
//             by the engine in one piece, so nothing is lost or taken twice; but in the queue of an object such a
//             waiter is each time a new one, and a pulse may fall between two turns (documented in winshim_wait.h).
#pragma once
#include "shim/api/convert.h"
#include "shim/file/descriptor.h"

namespace winshim::api {

inline bool any_descriptor(DWORD count, const HANDLE* handles) noexcept {
    for (DWORD i = 0; i < count; ++i)
        if (file::is_descriptor(handles[i])) return true;
    return false;
}

// Runs the calls that are queued, if the wait was alerted; the result as Win32 says it.
DWORD finish_wait(const wait::Outcome& outcome) noexcept;

// Any of 1 to 64 handles, some of them descriptors. Needs KeepErrno.
DWORD wait_with_descriptors(DWORD count, const HANDLE* handles, DWORD timeout_ms, bool alertable) noexcept;

}  // namespace winshim::api
