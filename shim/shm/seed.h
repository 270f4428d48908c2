// seed.h - the known pitfalls of the wait protocol, one of which a build can have on purpose.
//
// Purpose     Whoever wants to know that the crash tests see a defect needs the defect. `make lib SEED=4` builds the
//             library with pitfall 4 in a folder of its own; `make seeds` does so for each pitfall and expects the test
//             that is named for it to fail (tests/torture/seeds). Elsewhere seeded() is false at compile time, and
//             nothing of this is in the machine code.
// Numbers     Those of the models (tests/model), where each pitfall is seeded, too.
// Form        seeded() stands in front of what the pitfall leaves out, or after what it does too early: one line where
//             one line can say it, and no other code than the pitfall's.
#pragma once

#ifndef WINSHIM_SEED
#define WINSHIM_SEED 0
#endif

namespace winshim {

enum class Pitfall {
    none = 0,
    look_before_flag = 1,       // a wait judges the value that it read before it set SLOW: it sleeps beside a signal
    slow_off_too_early = 2,     // a grant's store clears SLOW: a fast-path signal comes in, and a repair wipes it out
    state_before_word = 3,      // the object's state is stored before the waiter's word: a death between loses it
    leave_while_armed = 4,      // a granted waiter leaves its block armed: its grant is finished again, later
    unarmed_wait_all = 5,       // an immediate wait-all arms no blocks: a death in its commit leaves a half
    pump_beside_guards = 6,     // who holds several guards pumps: the pump wants a guard that its own thread holds
    unbounded_sleep = 7,        // a parked thread never looks by itself: a bell that the dead did not ring is lost
    abandon_in_two_stores = 8,  // free first, abandoned then: a death between loses the report
    grant_to_the_dead = 9,      // no test of life before a grant: the signal goes to a block that the dead left
    repair_owes_nothing = 10,   // a repair forgets that a pump may be owed: a signal lies beside a queue
    all_without_guards = 11,    // a wait-all takes its first look for the truth, and consumes what is not there
    owner_not_watched = 12,     // a parked waiter, and its housekeeper, do not ask whether the owner lives
    no_generation = 13,         // a fast path's swap, once it failed, takes another object's word for its own
    set_is_a_load = 14,         // SetEvent on a set event writes nothing: the caller's earlier stores may pass it
    scan_before_disarm = 15     // a rundown looks for the dead thread's mutexes while it can still be given one
};

static_assert(WINSHIM_SEED >= 0 && WINSHIM_SEED <= 15, "SEED is the number of a pitfall, 1 to 15");

constexpr bool seeded(Pitfall pitfall) { return WINSHIM_SEED != 0 && static_cast<int>(pitfall) == WINSHIM_SEED; }

}  // namespace winshim
