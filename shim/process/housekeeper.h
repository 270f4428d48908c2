// housekeeper.h - the one hidden thread of a process, started only when it is needed.
//
// Purpose     Keeper: a process is alive by its attached threads; when the last of them ends while the process lives,
//             this one stays in its place; and since a process is over when its last thread ends, it ends the process
//             when only itself is left. Watcher: it sleeps on the lives of those who stand before the process's own
//             blocked threads in a mutex's queue, and runs the dead down at once, instead of within a second.
#pragma once
#include "shim/shm/types.h"

namespace winshim::process {

// Starts it and waits until it is attached; harmless if it runs already. On failure (no memory for a thread) blocked
// threads still look once a second, but a process whose last thread ends loses its handles.
void start_housekeeper() noexcept;
bool housekeeper_runs() noexcept;
void forget_housekeeper() noexcept;  // in a fork's child
// The wait `sequence` of the caller's thread slot has been parked for a while on a mutex of another process.
void watch_for(u32 slot, u32 sequence) noexcept;

}  // namespace winshim::process
