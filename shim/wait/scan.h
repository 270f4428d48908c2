// scan.h - a wait for any of several objects that looks at their words twice, and takes no lock.
//
// Purpose     WaitForMultipleObjects with something there, or with time-out 0: the answer of the long way (engine.h),
//             which arms a block on each object, without its locks.
// Right       The words of events, timers, threads and processes count their changes (object/state_word.h): two equal
//             readings of one say that nothing has happened to its object in between.
//               1. every word is read, by index, up to the first one, k, that is signaled
//               2. the words before k are read again
//               3. k is consumed by a swap from the word that step 1 read (or, manual-reset, read again)
//             If step 2 finds what step 1 found, no object before k was signaled at the moment between the two steps:
//             each of them stayed as it was from its first reading, which lies before that moment, to its second one,
//             which lies behind it. If the swap succeeds, nothing has happened to k from its reading, before that
//             moment, until the swap: not even a signal that changed nothing, since that counts, too. So the wait could
//             as well have consumed k at that moment, when it was the first that was signaled: nobody could tell the
//             difference. Without a k (time-out 0) that moment is one at which nothing was signaled.
//             With one reading it would not be so: Set(0); Reset(1) by another thread lets a single pass find neither,
//             though at every moment one of the two was set.
// Not here    Mutexes and semaphores, whose words have no room for a count; timers with a due time, which somebody may
//             have to fire; k with SLOW in its word, which changes under its guard alone; a time to wait. For them,
//             undecided. SLOW in a word before k does no harm: under the guard it counts its changes as well.
#pragma once
#include "shim/wait/engine.h"

namespace winshim::wait {

// Ends as object, timeout (nothing was signaled; the caller may wait on) or undecided. Needs an attached thread.
Outcome scan_any(const Target* targets, u32 count) noexcept;

}  // namespace winshim::wait
