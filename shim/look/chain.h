// chain.h - the wait chain of one thread: thread, what it waits for, who holds that, and so on.
#pragma once
#include "shim/look/waits.h"

namespace winshim::look {

struct Node {
    bool is_thread;
    u32 slot;     // thread: its slot; kNone: some thread of `process`
    u32 process;  // thread: its process slot
    u32 claim;    // object: the claim that leads to it
};

// From thread slot `slot`. Where a wait is for several objects, the one is followed that keeps it from going on; a wait
// for any that may go on ends the chain at its first object: nobody is to blame for it. `cycle`: the chain leads back
// to one of its threads, which is not named again. At most one node for each thread and object that there is, and one
// more. `stop_at_process`: the chain ends with the first thread that is of another process than this slot (kNone: it
// does not). False: no memory.
bool chain_of(const Waits& waits, u32 slot, u32 stop_at_process, List<Node>& nodes, bool& cycle) noexcept;

}  // namespace winshim::look
