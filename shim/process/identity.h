// identity.h - threads and processes as objects: what their handles, and the pseudo handles, stand for.
//
// The object is made when somebody first asks (most programs never do), or by CreateThread. The field `object` of the
// thread's or process's slot counts as a reference to it, set and cleared under the object's guard like a handle entry;
// the orderly end or the rundown of the dead signals the object and clears the field.
#pragma once
#include "shim/handle/foreign.h"

namespace winshim::process {

inline handle::Handle current_process() noexcept { return reinterpret_cast<handle::Handle>(~std::uintptr_t{0}); }
inline handle::Handle current_thread() noexcept { return reinterpret_cast<handle::Handle>(~std::uintptr_t{1}); }
inline bool is_pseudo_handle(handle::Handle h) noexcept { return h == current_process() || h == current_thread(); }

// The object behind a pseudo handle. Needs an attached thread. Errors: those of making an object.
Result<wait::Target> own_object(handle::Handle pseudo) noexcept;
// The object of the living thread with this id, in whatever process. Error: invalid_parameter (none attached has it).
Result<wait::Target> thread_object(u32 tid) noexcept;
// Makes an object that CreateThread has prepared the calling thread's own.
Status adopt_object(wait::Target target) noexcept;
void describe_thread(Field<u32>* body, u32 tid, u32 pid, u32 slot) noexcept;
// The live process whose object this is. Error: invalid_handle (it has ended).
Result<handle::Owner> process_with(u32 object) noexcept;

// A handle that a new object gets with its life: a reserved index of the calling process; 0: none.
struct FirstHandle {
    u32 index_and_one = 0;
    u64 access_and_flags = 0;
};
// Holding REAP: the objects of a process slot that has none yet, and of its first thread that has no slot.
Status make_process_object(u32 process, FirstHandle first) noexcept;
Status make_primary_object(u32 process, FirstHandle first) noexcept;
// Holding REAP: the object of a process slot.
Result<wait::Target> process_object(u32 process) noexcept;

// The thread or process with this field has ended so: everybody who waits for that goes on. False: out of patience.
struct Ended {
    u32 code;
    u32 lived_ticks = 0, user_ticks = 0, kernel_ticks = 0;  // of a process
};
bool signal_end(Field<u32>& object, Ended ended) noexcept;
// What GetExitCodeThread and GetExitCodeProcess say of such an object.
u32 exit_code_of(shm::Object& x) noexcept;

}  // namespace winshim::process
