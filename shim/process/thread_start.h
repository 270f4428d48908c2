// thread_start.h - threads made by CreateThread and its like.
//
// Order       The creator makes the thread's object and its handle, then the thread; the thread attaches, makes the
//             object its own (from here on its end signals it, however it comes), and says so; only then the creator
//             returns. A creator that dies in between takes the thread with it, and the object has no reference but the
//             handle that the rundown closes.
#pragma once
#include "shim/handle/table.h"

namespace winshim::process {

struct NewThread {
    u32 (*routine)(void* argument) = nullptr;
    void* argument = nullptr;
    std::size_t stack_bytes = 0;  // 0: the system's default
    bool suspended = false;
    u64 access_and_flags = 0;     // of the handle
};
struct CreatedThread {
    handle::Handle handle;
    u32 tid;
};
// Errors: not_enough_memory (no room for a thread, or too many of them), those of making an object and of attaching.
Result<CreatedThread> create_thread(const NewThread& wanted) noexcept;

// What the calling thread's object will say when it has ended.
void set_exit_code(u32 code) noexcept;

}  // namespace winshim::process
