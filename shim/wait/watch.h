// watch.h - what the waits tell the watchers of owners (process/housekeeper.cpp), so that a blocked thread learns of an
// owner's death at once.
//
// Purpose     A thread that has been parked for a while on a mutex of another process asks its own process's
//             housekeeper to watch the life of the thread just before it in the queue (the owner, if it is first). A
//             hand-off to that thread changes nothing: it is watched already. Any other change of who stands before
//             whom bumps the waiter's process, whose housekeeper looks again. All of this is about promptness only:
//             without it, the waiter's own look once a second finds the same.
#pragma once
#include "shim/wait/queue.h"

namespace winshim::watch {

inline constexpr u64 kWatchAfterNs = 2'000'000;  // parked this long: worth watching

// Under the guard of x: the thread of `who` (a queued block, or none) gets another one before it.
void predecessor_changes(shm::Object& x, BlockRef who) noexcept;
// Holding nothing: wakes the housekeeper of `process` if it sleeps.
void bump_process(u32 process) noexcept;

// Called once by a wait that has been parked for kWatchAfterNs on a mutex, with other processes attached. The room
// above sets it when it attaches: the one arrow that points up, and it is a pointer.
using ParkedLong = void (*)(u32 slot, u32 sequence);
extern constinit std::atomic<ParkedLong> parked_long;

// Runs down the dead. Called, holding nothing, by a wait for a thread or process that has slept for a full second: a
// killed one does not say so itself. Set by the same room.
using Sweep = bool (*)() noexcept;
extern constinit std::atomic<Sweep> sweep;

}  // namespace winshim::watch
