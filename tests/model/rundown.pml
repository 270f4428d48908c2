/* rundown.pml - a waiter dies while a mutex is handed to it; two rundowns under REAP; its slot is freed and let again.
 *
 * Parties     0 waits for the mutex; 1 owns it and releases it; 2 and 3 sweep (shim/process/rundown.cpp: dying, wait
 *             word, blocks, only then the mutexes owned, slot free) and then take the mutex; any of them may die.
 * Always      A free slot has no armed block and owns nothing: the next tenant of slot 0 finds itself owner of nothing.
 * At rest     Nobody is left asleep; the mutex is not owned by a free slot.
 * Seeds       P15 (the mutexes are looked at before the blocks are disarmed).
 */
#ifndef SEED
#define SEED 0
#endif
#define NX 1
#define NT 4
#define RULE(x) MUTANT
#ifndef DEATHS
#define DEATHS 2
#endif
#define LIVE 0
#define SLOT_DYING 1
#define FREE 2
byte slot[4];
#define alive(t) (!life_dead[t] && slot[t] == LIVE)

#include "common.pml"

#define on_take(x) skip
#define on_grant(x, bb) skip
#define on_store(x, new) skip
#define on_observe(x) skip
#define on_arm(x) skip
#define on_finish(x, bb) skip

#include "guard.pml"
#include "waiter.pml"

byte reap;

inline take() {
  if
  :: d_step { val[0] == 0 && !slow[0] -> val[0] = me + 1; mark[0] = 0 }
  :: val[0] != 0 || slow[0] ->
     begin();
     take_or_arm(0);
     park(0);
     end_wait();
     phase[me] = IDLE
  fi
}
inline release() {
  assert(val[0] == me + 1);
  if
  :: d_step { !slow[0] -> val[0] = 0 }
  :: slow[0] -> change_guarded(0, 0, 0)
  fi
}

/* run_down_thread(d) */
inline disarm_dead(d) {
  if
  :: armed[B(d, 0)] != 0 -> enter(0); d_step { disarm_block(B(d, 0)) } leave(0)
  :: armed[B(d, 0)] == 0
  fi
}
inline scan_mutexes(d) {
  if
  :: val[0] == d + 1 || guard_dead[0] -> enter(0); leave(0)   /* entering abandons it */
  :: val[0] != d + 1 && !guard_dead[0]
  fi
}
inline run_down(d) {
  slot[d] = SLOT_DYING;
#if SEED == 15
  scan_mutexes(d);   /* P15: owners before blocks, and before the word is decided */
#endif
  atomic {
    if
    :: phase[d] == WAITING -> phase[d] = TIMED_OUT
    :: else
    fi }
  disarm_dead(d);
#if SEED != 15
  scan_mutexes(d);
#endif
  phase[d] = IDLE;
  atomic { slot[d] = FREE; assert(armed[B(d, 0)] == 0); assert(val[0] != d + 1) }
}

inline sweep() {
  if
  :: (life_dead[0] && slot[0] != FREE) || (life_dead[1] && slot[1] != FREE) ->
     atomic { reap == 0 -> reap = me + 1 }
     if
     :: life_dead[0] && slot[0] != FREE -> run_down(0)
     :: else
     fi;
     if
     :: life_dead[1] && slot[1] != FREE -> run_down(1)
     :: else
     fi;
     reap = 0
  :: !(life_dead[0] && slot[0] != FREE) && !(life_dead[1] && slot[1] != FREE)
  fi
}

proctype waiter(byte me) {
  LOCALS;
  {
    take();
    release();
    done[me] = 1
  } unless { DYING(me) }
}
proctype owner_(byte me) {
  LOCALS;
  {
    release();
    done[me] = 1
  } unless { DYING(me) }
}
proctype reaper(byte me) {
  LOCALS;
  {
    sweep();
#ifdef TAKES
    take();
    release();
#endif
    done[me] = 1
  } unless { d_step { gone[me] -> life_dead[me] = 1; b = NONE; k = 0; pos = 0; ok = 0; ab = 0; due_now = 0;
                      if
                      :: reap == me + 1 -> reap = 0   /* REAP: made consistent by the next, who begins anew */
                      :: else
                      fi } }
}

#define rests_(t, x) (!asleep[t] && (slot[t] != FREE || (armed[B(t, x)] == 0 && val[x] != t + 1)))

proctype rest() {
end_rest:
  do
  :: d_step { at_rest -> assert(EACH(rests_, 0, &&)) }
  od
}

init {
  atomic {
    val[0] = 2;
    run killer(); run rest();
    run waiter(0); run owner_(1); run reaper(2); run reaper(3)
  }
}
