// processes.h - what can be done with, and asked of, processes: one's own, children, others.
#pragma once
#include "shim/handle/table.h"

namespace winshim::process {

// A handle to a process. Errors: invalid_parameter (there is none with that id, now or as an object), access_denied
// (another user's), exhaustion.
Result<handle::Handle> open_process(u32 pid, u64 access_and_flags) noexcept;

// Ends another process. Errors: access_denied (it has ended, or may not be signaled).
Status terminate_process(wait::Target target, u32 code) noexcept;
// Ends the calling process at once: nothing of it is cleaned up.
[[noreturn]] void terminate_self(u32 code) noexcept;
[[noreturn]] void exit_process(u32 code) noexcept;

// A process or thread that has ended without anybody's saying so is noticed here. True: it was one of these. Asks the
// kernel about processes.
bool notice_end(const wait::Target* targets, u32 count) noexcept;
// The same before a wait for them: a few loads, unless one of them has no living thread.
void notice_the_dead(const wait::Target* targets, u32 count) noexcept;

struct ProcessTimes {  // in ticks of ticks_per_second()
    u64 start, end;    // after boot; end 0: it runs
    u64 user, kernel;
};
ProcessTimes times_of(wait::Target target) noexcept;

// Both: invalid_handle (it has ended).
Result<u32> handle_count(u32 object) noexcept;
Result<u32> priority_of(u32 object) noexcept;  // what set_priority has stored; 0: nothing
// Sets the nice value of every thread of the process that is known, and stores the class.
Status set_priority(u32 object, u32 priority_class, int nice) noexcept;
// The nice value of its first thread. Error: access_denied.
Result<int> nice_of(u32 pid) noexcept;

}  // namespace winshim::process
