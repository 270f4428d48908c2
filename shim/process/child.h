// child.h - CreateProcess: a child process, and hearing of its end.
//
// Order       The caller makes the child's slot (embryo.h) and a hidden thread; that thread makes the child, which
//             shares the memory of its parent until it execs and stops the hidden thread for so long, as with vfork:
//             so the caller learns what went wrong in it. Then the thread waits for the child's end (the reaper).
// Child       From its making to its exec it makes bare system calls only, with all signals blocked. A suspended one
//             waits at its gate for longer than the call lasts: what it needs is kept by the reaper. It ends when its
//             maker does: nobody else could resume it before it was named.
// Reaper      One thread for each running child: it blocks on that pid alone, so the children that the program itself
//             has made are no affair of it, and it needs no descriptor (daemons close them) and no signal. It leaves
//             the dead child unreaped until the exit code is in the shared state. If the program reaps it itself
//             (wait, SIGCHLD ignored), the code is what a winshim program has said of itself, else unknown.
// Death       of the parent at any point leaves an embryo without pid (its maker is dead: the next sweep), or a child
//             that goes on; whoever waits for that finds its end by a look once a second.
#pragma once
#include <signal.h>

#include "shim/process/embryo.h"

namespace winshim::process {

// Texts and arrays that the child needs; owned by this room once it has been handed over.
struct Program {
    const char* path;
    char* const* arguments;
    char* const* environment;
    const char* directory;  // null: the parent's
    void* memory;           // all of the above, from malloc
};
struct NewProcess {
    Program program;
    int standard[3];              // descriptors for 0, 1, 2; -1: nothing is behind it
    bool inherit = false;         // descriptors and handles that are inheritable
    bool suspended = false;
    bool own_session = false, own_group = false;
    u32 priority_class = 0;       // 0: the parent's
    int nice = 0;                 // that goes with it
    u64 process_access_and_flags = 0, thread_access_and_flags = 0;
    u32 (*error_of)(int error) = nullptr;  // the Win32 error of a system call
};
enum class Failed : u32 { nothing, making, directory, exec };
struct NewChild {
    ChildSlot slot;
    u32 pid = 0;
    Failed failed = Failed::nothing;
    int error = 0;  // errno of what failed
};
// Errors: not_enough_memory (no thread), those of make_child_slot; or success with `failed`. Takes the program over in
// any case.
Result<NewChild> create_process(const NewProcess& wanted) noexcept;

}  // namespace winshim::process
