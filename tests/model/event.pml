/* event.pml - one event or semaphore: waiters, signalers, time-out, pulse, hand-off, look, repair.
 *
 * Options     RULES (SYNCHRONIZATION, NOTIFICATION, SEMAPHORE), WAITERS (threads 0..), ROUNDS of waiter 0,
 *             SIGNALS of each signaler, UNITS of a release, PULSER (signalers pulse), RESETTER (the last signaler
 *             resets), TIMES_OUT (waiter 1 may time out), DEATHS, PROMPT.
 * At rest     Nobody sleeps beside a signal; signals made = signals left + waits that returned with one, except for at
 *             most one for each waiter that died (granted, and killed before it returned).
 *             Manual-reset event: who was queued when it was set has been released, whatever became of the setter and
 *             although a reset followed.
 *             Pulse: at most one waiter each (auto-reset), exactly those who were queued (manual-reset).
 */
#ifndef SEED
#define SEED 0
#endif
#define NX 1
#ifndef RULES
#define RULES SYNCHRONIZATION
#endif
#define RULE(x) RULES
#ifndef WAITERS
#define WAITERS 2
#endif
#ifndef SIGNALERS
#define SIGNALERS 1
#endif
#define NT (WAITERS + SIGNALERS)
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef ROUNDS
#define ROUNDS 2
#endif
#ifndef SIGNALS
#define SIGNALS 2
#endif
#ifndef UNITS
#define UNITS 1
#endif
#ifdef TIMES_OUT
#define MAY_TIME_OUT(t) ((t) == 1)
#endif
#ifdef PULSER
#define WITH_PULSE
#endif

#include "common.pml"

byte made, back;
bit promised[NT];   /* queued when the event was set or pulsed */
bit late[NT];       /* dead before the signal was made */
bit pulse_given;

inline each_waiter_late() {
  k = 0;
  do
  :: k < WAITERS -> late[k] = life_dead[k]; k++
  :: else -> break
  od;
  k = 0
}
inline each_queued_promised(x) {
  k = 0;
  do
  :: k < WAITERS -> promised[k] = (armed[B(k, x)] != 0 && phase[k] == WAITING); k++
  :: else -> break
  od;
  k = 0
}

#define on_take(x) skip
#define on_observe(x) skip
#define on_arm(x) skip
#define on_finish(x, bb) skip
inline on_store(x, new) {
  made = made + (new) - val[x];
  if
  :: (new) > val[x] && RULE(x) == NOTIFICATION -> each_queued_promised(x)
  :: else
  fi;
#ifdef LATE
  if
  :: (new) > val[x] -> each_waiter_late()
  :: else
  fi
#endif
}
inline on_pulse(x) {
  made = made - val[x];
  if
  :: RULE(x) == NOTIFICATION -> each_queued_promised(x)
  :: else
  fi;
  pulse_given = 0
}
inline on_grant(x, bb) {
  assert(!late[THREAD(bb)]);
  if
  :: RULE(x) == NOTIFICATION && mark[x] -> assert(promised[THREAD(bb)])
  :: RULE(x) == SYNCHRONIZATION && mark[x] -> assert(!pulse_given); pulse_given = 1; made++
  :: else
  fi
}

#include "guard.pml"
#include "waiter.pml"

inline returned() {
  d_step {
    assert(phase[me] == GRANTED || phase[me] == TIMED_OUT);
    if
    :: phase[me] == GRANTED && RULE(0) != NOTIFICATION -> back++
    :: else
    fi;
    promised[me] = 0;
    phase[me] = IDLE; index[me] = 0 }
}

/* WaitForSingleObject: the fast path takes a signal by one swap if SLOW is clear; "set" of a manual-reset event is
 * read. */
inline wait_for(x, may_time_out) {
  if
  :: d_step { val[x] != 0 && (!slow[x] || RULE(x) == NOTIFICATION) ->
       if
       :: RULE(x) != NOTIFICATION -> val[x] = val_after(x, me); back++
       :: else
       fi }
  :: val[x] == 0 || slow[x] ->
     begin();
     take_or_arm(x);
     park(may_time_out);
     end_wait();
     returned()
  fi
}

#if RULES == SEMAPHORE
#define RAISED(x) (val[x] + UNITS)
#else
#define RAISED(x) 1
#endif

inline signal(x, resets) {
  if
  :: d_step { !slow[x] -> on_store(x, (resets -> 0 : RAISED(x))); val[x] = (resets -> 0 : RAISED(x)) }
  :: slow[x] -> change_guarded(x, (resets -> 0 : RAISED(x)), 0)
  fi
}

proctype waiter(byte me) {
  LOCALS;
  byte round;
  {
    do
    :: round < (me == 0 -> ROUNDS : 1) -> wait_for(0, (MAY_TIME_OUT(me))); round++
    :: else -> break
    od;
    done[me] = 1
  } unless { DYING(me) }
}

proctype signaler(byte me) {
  LOCALS;
  byte round;
  {
    do
    :: round < SIGNALS ->
#ifdef PULSER
       pulse(0);
#else
#ifdef RESETTER
       signal(0, (me == NT - 1));
#else
       signal(0, 0);
#endif
#endif
       round++
    :: else -> break
    od;
    done[me] = 1
  } unless { DYING(me) }
}

#define rests_right_(t, x) \
    (!asleep[t] || (phase[t] == WAITING && armed[B(t, x)] != 0 && !has_signal(x) && !promised[t]))
#define waiter_died_(t, x) (t < WAITERS && gone[t])

proctype rest() {
end_rest:
  do
  :: d_step { at_rest ->
       assert(EACH(rests_right_, 0, &&));
       assert(RULE(0) == NOTIFICATION || (made >= val[0] + back && made <= val[0] + back + EACH(waiter_died_, 0, +)));
       assert(guard[0] == 0);
     }
  od
}

init {
  atomic {
    run killer(); run rest();
    run waiter(0);
#if WAITERS > 1
    run waiter(1);
#endif
#if WAITERS > 2
    run waiter(2);
#endif
    run signaler(WAITERS);
#if SIGNALERS > 1
    run signaler(WAITERS + 1);
#endif
  }
}
