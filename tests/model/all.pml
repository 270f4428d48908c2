/* all.pml - two auto-reset events, a wait for both, and others that want one of them.
 *
 * Threads     0 waits for all (POLL: with time-out 0; TIMES_OUT: may time out). 1 waits for any of the two (POLLER:
 *             polls object 1 by the fast path or the guard). 2.. set event 0, then event 1; the second setter the other
 *             way.
 * Options     SETTERS, PRESET (both events are set at the beginning), DEATHS, PROMPT.
 * Always      Whoever holds a guard or takes a fast path sees a wait-all done whole or not at all.
 * At rest     The wait-all does not sleep while both are set, nor the wait-any while one is; of each event, signals
 *             made = signals left + waits that returned with it, except for those that died in their wait.
 */
#ifndef SEED
#define SEED 0
#endif
#define NX 2
#define WITH_ALL
#define RULE(x) SYNCHRONIZATION
#ifndef SETTERS
#define SETTERS 1
#endif
#define NT (2 + SETTERS)
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef POLL
#define POLL 0
#endif
#ifdef TIMES_OUT
#define MAY_TIME_OUT(t) ((t) == 0)
#endif

#include "common.pml"

byte made[2], back[2];
bit took_all[2];   /* what the wait-all has taken */

#define on_take(x) skip
#define on_arm(x) skip
#define on_grant(x, bb) skip
#define on_store(x, new) made[x] = made[x] + (new) - val[x]
#define on_direct(x) took_all[x] = 1
#define on_observe(x) assert(!(took_all[1 - (x)] && !took_all[x]))
inline on_finish(x, bb) {
  if
  :: index[THREAD(bb)] == BY_ALL -> took_all[x] = 1
  :: else
  fi
}

#include "guard.pml"
#include "waiter.pml"

inline returned() {
  d_step {
    assert(phase[me] == GRANTED || phase[me] == TIMED_OUT);
    if
    :: phase[me] == GRANTED && index[me] == BY_ALL -> back[0]++; back[1]++
    :: phase[me] == GRANTED && index[me] != BY_ALL -> back[index[me]]++
    :: else
    fi;
    phase[me] = IDLE; index[me] = 0 }
}

inline end_wait_all() {
  if
  :: armed[B(me, 0)] != 0 || armed[B(me, 1)] != 0 -> lock_all(); disarm_held(0); disarm_held(1); unlock_all()
  :: armed[B(me, 0)] == 0 && armed[B(me, 1)] == 0
  fi
}
inline disarm_held(x) {
  if
  :: armed[B(me, x)] == 0
  :: armed[B(me, x)] != 0 -> enter(x); d_step { disarm_block(B(me, x)) } leave_held(x)
  fi
}

proctype waits_for_all(byte me) {
  LOCALS;
  {
    begin();
    arm_all(POLL);
#if POLL
    d_step {
      if
      :: phase[me] == WAITING -> phase[me] = TIMED_OUT
      :: else
      fi }
#else
    park((MAY_TIME_OUT(me)));
#endif
    end_wait_all();
    returned();
    done[me] = 1
  } unless { DYING(me) }
}

/* index 0 by the fast path, else both armed in order */
proctype waits_for_any(byte me) {
  LOCALS;
  {
#ifdef POLLER
    if
    :: d_step { !slow[1] && val[1] != 0 -> observe(1); val[1] = 0; back[1]++ }
    :: val[1] == 0
    :: slow[1] && val[1] != 0 ->
       begin();
       enter(1);
       if
       :: signaled(1, me) -> take_now(1)
       :: else -> phase[me] = TIMED_OUT
       fi;
       leave(1);
       returned()
    fi;
#else
    if
    :: d_step { !slow[0] && val[0] != 0 -> observe(0); val[0] = 0; back[0]++ }
    :: slow[0] || val[0] == 0 ->
       begin();
       take_or_arm(0);
       if
       :: phase[me] == WAITING -> take_or_arm(1)
       :: else
       fi;
       park(0);
       end_wait();
       returned()
    fi;
#endif
    done[me] = 1
  } unless { DYING(me) }
}

inline set(x) {
  if
  :: d_step { !slow[x] -> observe(x); on_store(x, 1); val[x] = 1 }
  :: slow[x] -> change_guarded(x, 1, 0)
  fi
}

proctype setter(byte me) {
  LOCALS;
  {
    if
    :: me == 2 -> set(0); set(1)
    :: else -> set(1); set(0)
    fi;
    done[me] = 1
  } unless { DYING(me) }
}

#define waits_right_(t, x) (!asleep[t] || (phase[t] == WAITING && \
  !(armed[B(t, 0)] == 2 && signaled(0, t) && signaled(1, t)) && \
  !(armed[B(t, 0)] == 1 && signaled(0, t)) && !(armed[B(t, 1)] == 1 && signaled(1, t))))
#define lost(x) (made[x] - val[x] - back[x])

proctype rest() {
end_rest:
  do
  :: d_step { at_rest ->
       assert(EACH(waits_right_, 0, &&));
       assert(made[0] >= val[0] + back[0] && made[1] >= val[1] + back[1]);
       assert(lost(0) <= gone[0] + gone[1] && lost(1) <= gone[0] + gone[1]);
       assert(guard[0] == 0 && guard[1] == 0 && all == 0) }
  od
}

init {
  atomic {
#ifdef PRESET
    val[0] = 1; val[1] = 1; made[0] = 1; made[1] = 1;
#endif
    run killer(); run rest();
    run waits_for_all(0);
    run waits_for_any(1);
    run setter(2);
#if SETTERS > 1
    run setter(3);
#endif
  }
}
