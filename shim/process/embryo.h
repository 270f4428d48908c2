// embryo.h - process slots of processes that have no thread of their own in the segment: children that are being made,
// or have not called yet, programs that never will, and what is left of a process until its pid is over.
//
// Purpose     CreateProcess makes the child's slot, its two objects and copies of the inheritable handles before there
//             is a child. A child that uses this library finds the slot by its pid, at its first call, and adopts it;
//             one that never calls has it for as long as it lives. OpenProcess makes one for a process that has none.
// Life        pid == 0, made by fork: 60 s (fork's handlers cannot know the pid).
//             pid == 0, made by CreateProcess: as long as the making thread. The kernel stores the pid here before the
//             child can run and before the maker can die (CLONE_PARENT_SETTID).
//             pid != 0: as long as the process with that pid and start time; but one that nobody refers to any more
//             (no handle to it, none in it) goes at once, if its child has finished with it. Where ids are another
//             namespace's: as long as the process that made it, at least.
//   gate      how often the child is suspended; the child opens it with its last access to the slot, before it execs
// Ends        The object of a process that has a pid is signaled when the pid is over, not when its threads are gone:
//             a killed process has its exit code only then, one that execs goes on, and one that exits writes what is
//             in its buffers after this library has left. `code_known`: the code was said before (exit, ExitProcess,
//             TerminateProcess, who has reaped it); else it is what the kernel says of a process not yet reaped.
// Locks       REAP, but where stated.
#pragma once
#include "shim/handle/foreign.h"
#include "shim/process/pid.h"

namespace winshim::process {

inline constexpr u32 kGateOpen = 0xFFFFFFFF;

struct ChildSlot {
    u32 process = 0, incarnation = 0;
    handle::Handle process_handle = nullptr, thread_handle = nullptr;
};
struct ChildWanted {
    u64 process_access_and_flags, thread_access_and_flags;  // of the handles
    bool inherit, suspended;
};
// An embryo of the calling thread with both objects, handles to them, and copies of the inheritable handles. Takes
// REAP; the caller holds nothing, and cannot be interrupted. Errors: exhaustion, those of making an object.
Result<ChildSlot> make_child_slot(const ChildWanted& wanted) noexcept;
// Nothing was started. Takes REAP.
void drop_child_slot(const ChildSlot& child) noexcept;
// The child runs: what its objects say of it, who may have ended already. Takes REAP.
void name_child(const ChildSlot& child, u32 pid) noexcept;

// The slot of the process with this object, unless it has ended. No lock: it may be otherwise the moment after.
Result<u32> slot_of(u32 object) noexcept;

// An embryo of the calling process, if somebody made one: it becomes live. kNoProcess: none.
u32 adopt_embryo() noexcept;
// For a fork's child, in the slot that its parent made: whoever opened the process by its id before that slot said it
// has got another one (OpenProcess). Its object becomes this slot's, and it goes.
void take_over_opened() noexcept;
// The calling thread's slot takes over the object of the process's first thread, if it is that one.
void adopt_primary(u32 thread_slot) noexcept;
// A dead thread's object becomes its process's again, which ends with it. False: it has to be signaled now.
bool return_primary(u32 thread_slot) noexcept;

// Is the embryo over? No lock needed for a first look.
bool embryo_over(u32 process) noexcept;
// The process has no threads any more. True: its pid goes on, its object must not be signaled yet: somebody has a
// handle to it.
bool pid_goes_on(u32 process) noexcept;
// Its slot, which has no handles any more, waits for the end of its pid.
void leave_to_pid(u32 process) noexcept;
// The objects of a process that has ended are signaled, with what is known. False: out of patience.
bool signal_process_end(u32 process) noexcept;

// An embryo for a process that has no slot. Errors: invalid_parameter (no such process), access_denied (another
// user's), exhaustion.
Result<u32> embryo_for(u32 pid) noexcept;

// It ends with this code, unless somebody has said another one. Needs that the slot stays that process's.
void say_code(u32 process, u32 code, bool anew) noexcept;

// Suspends or resumes a child before its first instruction: adds -1 or 1 to its gate. Returns the count before; 0 if it
// runs. Errors: not_supported (no such child), signal_refused (suspended too often).
Result<u32> change_gate(wait::Target target, int by) noexcept;

}  // namespace winshim::process
