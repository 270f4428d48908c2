// explain.h - why the shared memory cannot be used, said in one line on standard error, once for each reason.
//
// Purpose     The error code alone would send its reader to the wrong place. What goes wrong is noted where it is
//             found, perhaps under locks, and said at the border of the API, when nothing of ours is held: standard
//             error may be a full pipe.
#pragma once
#include <csignal>

#include "shim/shm/types.h"

namespace winshim::shm {

enum class Why : u32 {
    planted, more_rights, permission, read_only, other_version, not_a_segment, file_size, missing, full, out_of_slots,
    address_space,
    no_descriptor, no_lock, system,
    count
};

// Notes the reason; returns the error that goes with it.
Status refuse(Why why) noexcept;
// The same, for something else that bears our name (segment.h: objection). `words` stay.
Status refuse_planted(const char* words) noexcept;
// The same, for what a system call on the segment's file answered.
Status refuse_errno(int error) noexcept;

// A second attempt found room: a lack of it that was noted is nobody's business.
void room_after_all(Status status) noexcept;

extern constinit std::atomic<u32> unexplained;
[[gnu::cold]] void explain_all() noexcept;
// Says what has been noted since. Keeps errno; for signal handlers, too.
inline void explain() noexcept {
    if (WINSHIM_UNLIKELY(unexplained.load(std::memory_order_relaxed) != 0)) explain_all();
}

// While it lives, a write of ours beyond the file-size limit or into a closed pipe is an error, not a deadly signal.
class DeadlySignalsHeld {
public:
    DeadlySignalsHeld() noexcept;
    ~DeadlySignalsHeld() noexcept;
    DeadlySignalsHeld(const DeadlySignalsHeld&) = delete;
    DeadlySignalsHeld& operator=(const DeadlySignalsHeld&) = delete;

private:
    sigset_t mask_;
    sigset_t pending_;
};

}  // namespace winshim::shm
