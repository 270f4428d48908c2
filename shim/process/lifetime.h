// lifetime.h - what the files of this room share about a process's own beginning and end. Not for other rooms.
#pragma once
#include <pthread.h>

#include "shim/shm/segment.h"
#include "shim/shm/signals_held.h"

namespace winshim::process {

inline constexpr u32 kNoProcess = 0xFFFFFFFF;

// While it lives, no signal handler runs in this thread and no cancellation unwinds it.
class Undisturbed {
public:
    Undisturbed() noexcept { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_); }
    ~Undisturbed() noexcept { pthread_setcancelstate(cancel_, &cancel_); }
    Undisturbed(const Undisturbed&) = delete;
    Undisturbed& operator=(const Undisturbed&) = delete;

private:
    shm::SignalsHeld held_{shm::Hold::all};
    int cancel_;
};

// Gives the calling thread room to note every thread there is as "to be rung". Needed before it enters any guard.
// Error: not_enough_memory.
Status make_ring() noexcept;

// Holding REAP: a free process slot, now `as` (live, or embryo for a child to be).
Result<u32> reserve_process(shm::Slot as) noexcept;

// No process but this one (if it has a slot) has, or may get, a handle. Needs the segment's file lock.
bool alone(u32 own) noexcept;

// Holding REAP. False: run down while none of its threads was attached; the slot may be somebody else's by now.
bool slot_is_ours() noexcept;

void detach_thread() noexcept;
u32 threads_attached() noexcept;  // the program's own, without the housekeeper

// Does the process have threads besides the caller? Unknown: there is no /proc (another root) to count them, and the
// first thread, which can be asked otherwise, has ended or is the caller. What may be otherwise soon counts as live.
enum class Others { none, live, unknown };
Others other_threads() noexcept;
bool end_own_thread() noexcept;  // holding REAP. False: out of patience, the thread stays

// From now on the exit code is told to whoever may ask for it.
void note_code_at_exit() noexcept;

// Hidden threads that wait for the children of CreateProcess: they do not keep the process from ending.
void count_reaper(int more) noexcept;
u32 reapers() noexcept;
void forget_reapers() noexcept;  // in a fork's child
// A hidden thread that has attached leaves again.
void detach_hidden_thread() noexcept;

// True for the first call in an attached process, if it succeeds until `deadline_ns`: from then on nobody attaches.
bool begin_exit(u64 deadline_ns) noexcept;

void lock_room_for_fork() noexcept;
void unlock_room_after_fork() noexcept;
void renew_room_after_fork() noexcept;
void begin_child(u32 embryo, u64 embryo_since) noexcept;

}  // namespace winshim::process
