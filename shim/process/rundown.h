// rundown.h - doing for the dead what they would have done at their end.
//
// Order (each step looks before it acts, so that a rundown that dies is simply begun again by the next one):
//   1. thread slot: live, and its life lock says dead -> dying
//   2. its word: waiting -> timed_out; every block still armed is disarmed under its object's guard
//   3. only then every mutex that it owns: entering the guard abandons it. (In the other order a granter that still
//      found the thread alive could make it the owner behind the scan.)
//      and every timer whose completion routine it would have run is cancelled
//   4. objects that it was making are freed; everybody whose wait is decided is rung
//   5. slot -> free. No block and no owner names a free slot: so an owner number is never ambiguous
//   6. no thread of its process alive: the process's handles are closed, its slot is freed
// A process at its exit does this for itself and for the dead, but for a limited time. What it leaves undone keeps its
// slot dying (or live with a life lock that dies with it), and the next sweep begins there.
#pragma once
#include "shim/shm/explain.h"
#include "shim/wait/guard.h"

namespace winshim::process {

// Runs down every thread and process that is dead. Costs a look at each thread slot if none is: then false.
bool sweep() noexcept;
// The same, for a caller that holds REAP.
void sweep_held() noexcept;

// The orderly end of the calling thread's part: steps 2 to 4 for itself. False: out of patience, something is left.
bool leave_waits_and_mutexes(u32 slot) noexcept;

// Holding REAP: is any thread of this process slot alive?
bool process_alive(u32 process) noexcept;
// Holding REAP: closes the handles of a process and frees its slot.
void run_down_process(u32 process) noexcept;

// Holding REAP: embryos that are over, and those whose end concerns nobody.
void drop_useless_embryos() noexcept;

// Does `act`; if it finds no room, and there are dead who may hold what is missing, runs them down and does it again.
// The caller holds nothing.
template <class Act>
auto with_room_of_the_dead(Act act) noexcept {
    const auto status_of = [](const auto& result) {
        if constexpr (requires { result.status; }) return result.status;
        else return result;
    };
    auto result = act();
    if (status_of(result) != Status::no_system_resources || !sweep()) return result;
    result = act();
    shm::room_after_all(status_of(result));
    return result;
}

// REAP: serialises attach, detach and rundown.
class ReapLock {
public:
    ReapLock() noexcept;
    ~ReapLock() noexcept;
    ReapLock(const ReapLock&) = delete;
    ReapLock& operator=(const ReapLock&) = delete;
    explicit operator bool() const noexcept { return held_; }

private:
    bool held_;
};

}  // namespace winshim::process
