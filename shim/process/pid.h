// pid.h - what Linux says of a process by its id: whether it is still the one that was meant, and how it ended.
//
// Purpose     A pid is used again; with its start time it is one process for ever. A process that has ended and that
//             nobody has reaped tells how it ended, and what it has used, to whoever may look (/proc/PID/stat).
// Limits      Without /proc nothing is known but whether some process has the id. Ids mean something in one namespace
//             of ids only: callers compare Process::pid_space first.
#pragma once
#include "shim/shm/types.h"

namespace winshim::process {

struct PidFacts {
    u64 start = 0;         // in ticks after boot; 0 not known
    u32 code = 0;          // how it ended: the exit code that it has for others
    bool code_there = false;
    u32 user_ticks = 0, kernel_ticks = 0;
};

enum class PidState {
    gone,   // nobody has the id, or somebody else
    ended,  // it waits to be reaped
    runs
};

// `start`: of the process that is meant; 0: not known, whoever has the id.
PidState look_at_pid(u32 pid, u64 start, PidFacts& facts) noexcept;

// The start time of the calling process; 0 if nobody tells. By bare system calls: also for a child that shares its
// parent's memory.
u64 own_start() noexcept;

// Ticks since boot, now, and the ticks of a second.
u64 ticks_now() noexcept;
u32 ticks_per_second() noexcept;

// The exit code that a wait status stands for: 8 bits of exit, or 128 + signal (LD-26).
constexpr u32 code_of_wait_status(u32 status) noexcept {
    return (status & 0x7F) == 0 ? (status >> 8 & 0xFF) : 128 + (status & 0x7F);
}

}  // namespace winshim::process
