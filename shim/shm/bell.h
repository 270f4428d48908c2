// bell.h - the POSIX named semaphore that a blocked thread sleeps on.
//
// Purpose     A mere doorbell. The truth is the waiter's word; a bell too many is a spurious look at the word, a bell
//             too few costs at most the bounded sleep. One per thread slot, made at the slot's first park, kept for
//             later tenants, removed with the segment. Any process opens it by name; mappings are cached by slot.
#pragma once
#include "shim/shm/segment.h"

namespace winshim::bell {

// Makes sure that the bell of the caller's own slot exists and is open. False if the system refuses: then sleep() naps.
bool prepare(u32 slot) noexcept;
// Wakes whoever sleeps on the slot's bell. Keeps errno.
void ring(u32 slot) noexcept;
// Sleeps until rung, or until `deadline_ns`. Returns early on a signal or a stale ring. A cancellation point.
void sleep(u32 slot, u64 deadline_ns) noexcept;
// In the child of a fork that interrupted sleep(), with the parent's slot: makes good what the child's return from it
// has done to the parent's bell, on which the parent still sleeps.
void return_to_parent(u32 slot) noexcept;
// Another segment is about to be mapped: the bells that are open belong to the former one.
void forget_all() noexcept;
// Removes the names of all bells of this segment. Needs the segment's file lock.
void unlink_all() noexcept;

}  // namespace winshim::bell
