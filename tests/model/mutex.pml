/* mutex.pml - one mutex: take, hand-off, release, the owner's death, abandonment.
 *
 * Options     NT (threads), ROUNDS (take and release, each thread), DEATHS, PROMPT, TIMES_OUT (thread 1 may).
 * Always      One owner at a time. An acquisition says "abandoned" exactly if the owner before it died owning; so it is
 *             said once.
 * At rest     Nobody is left asleep: whoever owned it has released it or is dead.
 */
#ifndef SEED
#define SEED 0
#endif
#define NX 1
#define RULE(x) MUTANT
#ifndef NT
#define NT 3
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif
#ifdef TIMES_OUT
#define MAY_TIME_OUT(t) ((t) == 1)
#endif

#include "common.pml"

bit dirty;         /* since the last acquisition nobody has released */
bit expect[NT];    /* what the acquisition has to say */
byte owner;        /* as the program sees it */

#define acquired(t) expect[t] = dirty; dirty = 1
#define on_take(x) acquired(me)
#define on_grant(x, bb) acquired(THREAD(bb))
#define on_store(x, new) dirty = 0
#define on_observe(x) skip
#define on_arm(x) skip
#define on_finish(x, bb) skip

#include "guard.pml"
#include "waiter.pml"

inline says(abandoned) {
  assert((abandoned) == expect[me]);
  assert(owner == 0 || gone[owner - 1]);
  owner = me + 1
}

inline take(may_time_out) {
  if
  :: d_step { val[0] == 0 && !slow[0] ->
       ok = mark[0]; acquired(me); val[0] = me + 1; mark[0] = 0; says(ok); ok = 0 }
  :: val[0] != 0 || slow[0] ->
     begin();
     take_or_arm(0);
     park(may_time_out);
     end_wait();
     d_step {
       assert(phase[me] == GRANTED || phase[me] == TIMED_OUT);
       if
#if SEED == 81
       :: phase[me] == GRANTED -> says(mark[0])  /* P8: the mark read from the object, after the grant */
#else
       :: phase[me] == GRANTED -> says(told[me])
#endif
       :: else
       fi;
       phase[me] = IDLE; index[me] = 0; told[me] = 0 }
  fi
}

inline release() {
  d_step { assert(val[0] == me + 1); owner = 0 }
  if
  :: d_step { !slow[0] -> val[0] = 0; dirty = 0 }
  :: slow[0] -> change_guarded(0, 0, 0)
  fi
}

proctype user(byte me) {
  LOCALS;
  byte round;
  {
    do
    :: round < ROUNDS ->
       take((MAY_TIME_OUT(me)));
       if
       :: owner == me + 1 -> release()
       :: else
       fi;
       round++
    :: else -> break
    od;
    done[me] = 1
  } unless { DYING(me) }
}

#define not_asleep_(t, x) (!asleep[t])

proctype rest() {
end_rest:
  do
  :: d_step { at_rest -> assert(EACH(not_asleep_, 0, &&)); assert(guard[0] == 0) }
  od
}

init {
  atomic {
    run killer(); run rest();
    run user(0); run user(1);
#if NT > 2
    run user(2);
#endif
#if NT > 3
    run user(3);
#endif
  }
}
