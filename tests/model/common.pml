/* common.pml - what all models of the wait protocol share: the state of objects, waits and guards; death; rest.
 *
 * Purpose     A model that uses this file sets NT (threads), NX (objects, 1 or 2), DEATHS (how many may be killed) and
 *             RULE(x) (what a satisfied wait consumes), includes guard.pml and waiter.pml, and says who does what.
 * Steps       One atomic or d_step is one access to shared memory that others can see, together with what only the
 *             caller, or only the holder of the guard it holds, can see. Between any two steps another thread may run,
 *             or the thread may be killed. Queue links and counts are derived: they are read off the armed blocks
 *             (blocks.pml is about rebuilding the links).
 * Death       kill() comes at any time. In one step the victim's guards and ALL become owner-dead; in a later one its
 *             life lock does: until then others take it for alive (shim/shm/robust.h).
 * Rest        Whenever every thread is done, dead, or asleep with nothing that would wake it, rest() asserts what must
 *             hold then. Sleeping (label end_sleep) and idling are the only valid ends: anything else is a deadlock.
 * Source      shim/shm/layout.h, shim/object/state_word.h, shim/object/rule.h, shim/wait/wait_word.h
 */
#define NONE 255

/* ---- rules (object/rule.h) and wait phases (wait_word.h) ---- */
#define NOTIFICATION 0
#define SYNCHRONIZATION 1
#define SEMAPHORE 2
#define MUTANT 3

#define IDLE 0
#define WAITING 1
#define GRANTED 2
#define TIMED_OUT 3
#define BY_ALL NX   /* index of a wait-all */

/* ---- objects: the state word, in parts that always change in one step; the guard; due ---- */
byte val[NX];       /* event 0, 1; semaphore: count; mutex: owner + 1 */
bit slow[NX];
bit mark[NX];       /* ABANDONED of a mutex, else PULSING */
bit due[NX];
byte guard[NX];     /* holder + 1 */
bit guard_dead[NX]; /* its last holder died in it */
byte all;           /* ALL: holder + 1. It protects no data, so that its owner's death needs no mark */

/* ---- threads: the wait word, and a block for each object ---- */
byte phase[NT];
byte index[NT];
bit told[NT];       /* the word's abandoned bit */
byte sequence[NT];
bit parked[NT];
bit bell[NT];
bit asleep[NT];     /* (not shared: the thread sleeps) */

#define B(t, x) ((t) * NX + (x))
#define THREAD(b) ((b) / NX)
byte armed[NT * NX];       /* 0, 1 any, 2 all */
byte ticket[NT * NX];
byte of_wait[NT * NX];     /* the wait that it belongs to */
byte next_val[NT * NX];
bit next_mark[NT * NX];

/* ---- life ---- */
byte deaths;
bit gone[NT];        /* killed: takes no step any more */
bit life_dead[NT];   /* and its life lock says so */
bit done[NT];

#ifndef alive
#define alive(t) (!life_dead[t])
#endif

/* ---- rules ---- */
#define signaled(x, t) ((RULE(x) == MUTANT && (val[x] == 0 || val[x] == (t) + 1)) || \
                        (RULE(x) != MUTANT && (val[x] != 0 || mark[x])))
#define has_signal(x) ((RULE(x) == MUTANT && val[x] == 0) || (RULE(x) != MUTANT && (val[x] != 0 || mark[x])))
#define owner_dead(x) (RULE(x) == MUTANT && val[x] != 0 && !alive(val[x] - 1))

#define val_after(x, t) (RULE(x) == SYNCHRONIZATION -> 0 : (RULE(x) == SEMAPHORE -> val[x] - 1 : \
                        (RULE(x) == MUTANT -> (t) + 1 : val[x])))
#define mark_after(x, t) (RULE(x) == SYNCHRONIZATION || RULE(x) == MUTANT -> 0 : mark[x])

/* ---- blocks ---- */
#define is_waiting(b) (phase[THREAD(b)] == WAITING && sequence[THREAD(b)] == of_wait[b])
#define granted_by(b, x) (phase[THREAD(b)] == GRANTED && sequence[THREAD(b)] == of_wait[b] && \
                          (index[THREAD(b)] == (x) || index[THREAD(b)] == BY_ALL))
#define unfinished(b, x) (armed[b] != 0 && granted_by(b, x))

#if NT == 2
#define EACH(F, x, op) (F(0, x) op F(1, x))
#elif NT == 3
#define EACH(F, x, op) (F(0, x) op F(1, x) op F(2, x))
#elif NT == 4
#define EACH(F, x, op) (F(0, x) op F(1, x) op F(2, x) op F(3, x))
#elif NT == 5
#define EACH(F, x, op) (F(0, x) op F(1, x) op F(2, x) op F(3, x) op F(4, x))
#endif
#define is_armed_(t, x) (armed[B(t, x)] != 0)
#define is_all_(t, x) (armed[B(t, x)] == 2)
#define is_unfinished_(t, x) unfinished(B(t, x), x)
#define pins(x) EACH(is_armed_, x, ||)
#define all_waits(x) EACH(is_all_, x, ||)
#define any_unfinished(x) EACH(is_unfinished_, x, ||)

/* ---- what a model may leave out ---- */
#ifndef MORTAL
#define MORTAL(t) 1   /* may be killed */
#endif
#ifndef MAY_TIME_OUT
#define MAY_TIME_OUT(t) 0
#endif
#ifndef ON_DEATH
#define ON_DEATH(t) skip
#endif

/* ---- kill: any thread that is neither done nor dead ---- */
inline release_of_dead(t, x) {
  if
  :: guard[x] == (t) + 1 -> guard[x] = 0; guard_dead[x] = 1
  :: else
  fi
}

inline kill(t) {
  d_step {
    deaths < DEATHS && !gone[t] && !done[t] && MORTAL(t) ->
    deaths++; gone[t] = 1; asleep[t] = 0;
    ON_DEATH(t);
    release_of_dead(t, 0);
#if NX == 2
    release_of_dead(t, 1);
#endif
    if
    :: all == (t) + 1 -> all = 0
    :: else
    fi
  }
}

proctype killer() {
end_killer:
  do
  :: kill(0)
  :: kill(1)
#if NT > 2
  :: kill(2)
#endif
#if NT > 3
  :: kill(3)
#endif
#if NT > 4
  :: kill(4)
#endif
  od
}

/* A thread's locals, and its body with its death: the second step of dying. */
#define LOCALS byte b = NONE, k, pos, x_, o_; bit ab, took, holds, owed0, owed1, ok, due_now, all_next
#define DYING(me) d_step { gone[me] -> life_dead[me] = 1; b = NONE; k = 0; pos = 0; x_ = 0; o_ = 0; ab = 0; took = 0; \
                           holds = 0; owed0 = 0; owed1 = 0; ok = 0; \
                           due_now = 0; all_next = 0 }

/* ---- rest ---- */
#define needs_help(x) (due[x] || guard_dead[x] || LOOKS_AT_OWNER(x))
#if SEED == 12
#define LOOKS_AT_OWNER(x) 0   /* P12: the owner's life is not looked at again */
#else
#define LOOKS_AT_OWNER(x) owner_dead(x)
#endif
#if NX == 2
#define help_wanted(t) ((armed[B(t, 0)] != 0 && needs_help(0)) || (armed[B(t, 1)] != 0 && needs_help(1)))
#else
#define help_wanted(t) (armed[B(t, 0)] != 0 && needs_help(0))
#endif
/* Without PROMPT the bounded sleep wakes whenever its look would find something. With it only the bell wakes: nobody
 * may have to wait for the look if nobody dies. P7 is PROMPT with deaths. */
#ifdef PROMPT
#define would_wake(t) bell[t]
#else
#define would_wake(t) (phase[t] != WAITING || help_wanted(t))
#endif
#define resting_(t, x) (done[t] || life_dead[t] || (asleep[t] && !would_wake(t) && !MAY_TIME_OUT(t)))
#define at_rest EACH(resting_, 0, &&)
