// task.h - what Linux says of a thread: its program's name, what it is doing, how often it was switched.
//
// Limits      Ids mean something in one namespace of ids only: callers compare pid_space first. Without /proc nothing
//             is known.
#pragma once
#include "shim/shm/types.h"

namespace winshim::look {

struct Task {
    char name[64] = "";   // of the thread, as the kernel keeps it; empty: not known
    char state = 0;       // R runs, S sleeps, D sleeps deeply, T stopped, t traced, Z has ended; 0: not known
    u32 pid = 0;          // of its process
    u32 user = 0;
    u64 switches = 0;
};

// False: there is no such thread, or nobody tells.
bool read_task(u32 tid, Task& task) noexcept;

// How many threads a process has, without the hidden ones of this library; 0: nobody tells.
u32 count_tasks(u32 pid) noexcept;

}  // namespace winshim::look
