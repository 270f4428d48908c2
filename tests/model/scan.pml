/* scan.pml - the wait for any of several that reads all words twice and takes no lock (shim/wait/scan.h).
 *
 * Parties     A scanner, which polls manual-reset event 0 and auto-reset event 1, and WRITERS others, each of which
 *             sets or resets one of the two STEPS times. Nobody dies (nothing is held), nobody parks (SLOW is off; with
 *             SLOW in the first set word the scanner goes another way).
 * Always      The answer is one that a wait in one indivisible step could have given during the call: `nothing` only if
 *             there was a moment with nothing signaled; event 1 only if there was a moment when it was the first that
 *             was signaled, and nothing, not even a signal that changed nothing, has happened to it from then to its
 *             swap.
 * Seeds       105 (reads once), 106 (words without a count), 107 (a signal that changes nothing is not counted).
 */
#ifndef SEED
#define SEED 0
#endif
#ifndef WRITERS
#define WRITERS 2
#endif
#ifndef STEPS
#define STEPS 3
#endif

/* words: odd while signaled; a byte does not come round within WRITERS * STEPS changes */
byte word[2];
#define is_set(w) ((w) & 1)
#if SEED == 106
#define after_set(w) 1
#define after_reset(w) 0
#elif SEED == 107
#define after_set(w) ((w) | 1)
#define after_reset(w) ((w) + ((w) & 1))
#else
#define after_set(w) ((w) + 1 + ((w) & 1))
#define after_reset(w) ((w) + ((w) & 1))
#endif

/* what the scanner may answer, seen by nobody else: since its call began */
bit nothing_then, first_then, asking;
inline note() {
  if
  :: asking && !is_set(word[0]) && !is_set(word[1]) -> nothing_then = 1
  :: else
  fi;
  if
  :: asking && !is_set(word[0]) && is_set(word[1]) -> first_then = 1
  :: else
  fi
}

active [WRITERS] proctype writer() {
  byte n;
  do
  :: n < STEPS ->
     n++;
     if
     :: atomic { word[0] = after_set(word[0]); note() }
     :: atomic { word[0] = after_reset(word[0]); note() }
     :: atomic { first_then = 0; word[1] = after_set(word[1]); note() }
     :: atomic { first_then = 0; word[1] = after_reset(word[1]); note() }
     fi
  :: else -> break
  od
}

active proctype scanner() {
  byte a, b, again;
  atomic { asking = 1; note() }
scan:
  a = word[0];
  if
  :: is_set(a) -> goto done      /* event 0, at the moment of its reading */
  :: else
  fi;
  b = word[1];
#if SEED != 105
  again = word[0];
  if
  :: again != a -> goto scan
  :: else
  fi;
#endif
  if
  :: !is_set(b) -> assert(nothing_then)
  :: else ->
     atomic {
       if
       :: word[1] != b -> goto scan
       :: else -> assert(first_then); word[1] = after_reset(b)
       fi }
  fi;
done:
  asking = 0
}
