// witness.h - who vouches that an object is held by somebody alive.
//
// Purpose     A name leads to an object as long as somebody holds a handle. Handles of the dead are closed by their
//             rundown, which may not have come yet: so an object notes one process that holds a handle. Is that one
//             alive, nobody needs to look for the dead; is it not, or does nobody vouch, they are swept away first.
//
//   31                    16 15                   0
//  +------------------------+----------------------+
//  | incarnation of the slot| process slot + 1     |   0 = nobody
//  +------------------------+----------------------+
//
// The incarnation keeps the next tenant of a process slot from vouching for what its predecessor held.
#pragma once
#include "shim/shm/robust.h"
#include "shim/shm/segment.h"

namespace winshim::handle {

inline u32 witness_of(u32 process) noexcept {
    return shm::process(process).incarnation.get() << 16 | (process + 1);
}

// Is that process alive? May say no when only the thread is gone that used to show it: then the sweep finds another.
inline bool vouches(u32 witness) noexcept {
    const u32 process = (witness & 0xFFFF) - 1;
    if (witness == 0 || process >= shm::process_count() || witness != witness_of(process)) return false;
    shm::Process& p = shm::process(process);
    const u32 thread = p.witness.get() - 1;
    return p.slot.load(std::memory_order_acquire) == shm::Slot::live && thread < shm::thread_count() &&
           shm::thread(thread).process.load(std::memory_order_acquire) == process && shm::alive(shm::thread(thread));
}

// Under the guard: `process` has closed a handle to x. Whether it has another one nobody knows.
inline void dismiss_witness(shm::Object& x, u32 process) noexcept {
    if (x.witness.get() == witness_of(process)) x.witness.set(0);
}

}  // namespace winshim::handle
