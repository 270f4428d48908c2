// waits.h - who waits for whom, at one instant, and who of them can never go on.
//
// Purpose     One finder of chains and deadlocks, for `winshim waits` and for GetThreadWaitChain.
// Reading     No lock is taken, nothing is written, nobody is stopped. Threads are read, then the objects that they
//             wait for, then the threads once more. A thread counts as waiting only if it was in the same wait, asleep,
//             both times: so at the instant between the last of the first and the first of the second readings all
//             these waits were going on. Who waits can neither take a mutex nor let one go, so what an object said of
//             an owner that waits was true at that instant. Of those who do not wait nothing is concluded but that they
//             may go on.
// Stuck       A thread may go on if it does not wait; if anybody may signal what it waits for (events, semaphores,
//             timers), or has; if the owner of the mutex, the thread, or some thread of the process that it waits for
//             may go on. A wait for any needs one such object, a wait for all needs that of each. Who is left is stuck:
//             for ever, or until some wait among them runs out or is alerted (Wait::until_ns, alertable).
// Knot        Stuck threads that all wait for one another, round about: a deadlock. Other stuck ones wait behind it.
// Limits      Locks that are private to a process (critical sections, SRW locks) are not in the segment: who holds one
//             is not seen. A process counts as stuck only if all its threads, as the kernel counts them, are.
#pragma once
#include "shim/look/list.h"
#include "shim/look/objects.h"

namespace winshim::look {

enum class Needs : u8 {
    nobody,   // it is signaled for this waiter, or its owner is dead: it will be handed over
    time,     // a timer that is set
    anybody,  // whoever signals it
    thread,   // a thread: the owner of a mutex, or whose end is waited for
    process   // the end of a process
};

// "This wait is for this object": an armed block.
struct Claim {
    u32 wait;        // index of the wait
    u32 object, generation;
    u64 state;       // the object's
    Kind kind;
    Needs needs;
    u32 holder;      // needs thread: its slot; process: its slot
    bool possible;   // it may become signaled
};

struct Wait {
    u32 slot, incarnation, tid;
    u32 process, pid;        // slot, and what the kernel calls it
    u64 word;
    u64 since_ns, until_ns;  // CLOCK_MONOTONIC; until: kForever without a time-out
    bool all, alertable;
    u32 first, count;        // its claims
    u32 impossible;          // how many of them are not possible
    bool stuck;
    u32 knot;                // 0: none, else the number of its deadlock, from 1
};

inline constexpr u32 kNone = ~0u;

class Waits {
public:
    // Needs a mapped segment. False: no memory for it; then there is nothing in it.
    bool look() noexcept;

    const List<Wait>& waits() const noexcept { return waits_; }
    const List<Claim>& claims() const noexcept { return claims_; }
    u32 knots() const noexcept { return knots_; }

    // The wait of a thread slot, kNone: it does not wait.
    u32 wait_of(u32 slot) const noexcept { return slot < by_slot_.count() ? by_slot_[slot] - 1 : kNone; }
    // The n-th of the waits that a claim waits for (one for a thread, those of a process); kNone: there are no more.
    u32 behind(const Claim& claim, u32 n) const noexcept;

    // One way round a knot: claims, each of whose waits holds what the one before wants; the last leads to the first.
    bool cycle(u32 knot, List<u32>& claims) const noexcept;
    // When the first of the stuck waits in a knot runs out; kForever: none does.
    u64 ends_by_itself(u32 knot) const noexcept;

private:
    bool read_threads() noexcept;
    void read_objects() noexcept;
    void confirm_threads() noexcept;
    bool index() noexcept;
    u32 first_of(u32 process) const noexcept;

    // deadlock.cpp
    bool judge() noexcept;
    bool find_knots() noexcept;
    bool may_end(u32 process) const noexcept;

    List<Wait> waits_;
    List<Claim> claims_;
    List<u32> by_slot_;     // wait + 1
    List<u32> by_process_;  // waits, ordered by process
    u32 knots_ = 0;
};

}  // namespace winshim::look
