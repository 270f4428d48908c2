/* fast.pml - the fast paths as a load and a compare-and-swap on the whole state word, generation included; the handle
 * closed meanwhile and the slot used again.
 *
 * Parties     A waiter that takes or parks; two signalers; a thread that closes the last handle, then makes another
 *             event in the slot. Nobody dies (event.pml is about that). All of shim/wait/fast.h, change.h, the path
 *             through enter(), arm, pump and leave() for one waiter, close_entry(), free_object() and claim().
 * Always      A swap, and whoever enters the guard, acts on the event that its handle was made for.
 * At rest     The waiter does not sleep beside a signal.
 * Seeds       P1 (looks, then flags), P13 (no generation in the swap).
 */
#ifndef SEED
#define SEED 0
#endif
#define OLD 0   /* the generation of the handles */

/* the state word */
byte value, generation;
bit slow, live = 1;
/* under the guard */
byte guard;
bit armed, refs = 1;
/* the waiter's word, and who is done */
bit granted, asleep;
byte signalers_done;
bit closer_done;

#define LOAD v = value; s = slow; l = live; g = generation
#if SEED == 13
#define unchanged (value == v && slow == s && live == l)   /* P13 */
#else
#define unchanged (value == v && slow == s && live == l && generation == g)
#endif
#define valid (l && g == OLD)

inline enter() { atomic { guard == 0 -> guard = 1 } }
inline tidy() {  /* the last reference and the last armed block: the slot is free. Nobody queued: SLOW goes */
  atomic {
    if
    :: live && !armed && !refs -> live = 0; generation++; value = 0; slow = 0
    :: live && !armed && refs -> slow = 0
    :: else
    fi }
}
inline leave() { tidy(); guard = 0 }

proctype waiter() {
  byte v, g; bit s, l;
  do
  :: atomic { LOAD }
     if
     :: !valid -> goto out
     :: valid && (s || v == 0) -> break
     :: valid && !s && v == 1 ->
        if
        :: atomic { unchanged -> assert(generation == OLD); value = 0; goto out }
        :: atomic { !unchanged -> skip }
        fi
     fi
  od;
  enter();
  if
  :: !(live && generation == OLD) -> guard = 0; goto out
  :: else
  fi;
#if SEED == 1
  v = value;   /* P1: looks, then flags */
  slow = 1;
#else
  atomic { slow = 1; v = value }
#endif
  if
  :: v == 1 -> value = 0; leave(); goto out
  :: else -> armed = 1; leave()
  fi;
  asleep = 1;
end_sleep:
  granted;
  asleep = 0;
out:
  skip
}

proctype signaler() {
  byte v, g; bit s, l;
  do
  :: atomic { LOAD }
     if
     :: !valid -> break
     :: valid && !s ->
        if
        :: atomic { unchanged -> assert(generation == OLD); value = 1; break }
        :: atomic { !unchanged -> skip }
        fi
     :: valid && s ->
        enter();
        if
        :: !(live && generation == OLD) -> guard = 0
        :: else ->
           slow = 1;
           value = 1;
           if
           :: armed -> granted = 1; value = 0; armed = 0
           :: else
           fi;
           leave()
        fi;
        break
     fi
  od;
  signalers_done++
}

proctype closer() {
  enter();
  refs = 0;
  leave();
  /* another event, should the slot be free: it is made unset, and nobody else knows it */
  if
  :: atomic { !live -> live = 1; refs = 1 }
  :: live
  fi;
  closer_done = 1
}

proctype rest() {
end_rest:
  do
  :: atomic { signalers_done == 2 && closer_done && guard == 0 && (!asleep || !granted) ->
       assert(!(asleep && armed && value == 1));
       assert(generation == OLD || value == 0) }
  od
}

init { atomic { run rest(); run waiter(); run signaler(); run signaler(); run closer() } }
