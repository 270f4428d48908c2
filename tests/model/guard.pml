/* guard.pml - entering and leaving a guard, repair, and the granter, as shim/wait/guard.cpp, pump.cpp and all.cpp have
 * them.
 *
 * Each inline is named after the function that it models; the labels G1 to G4 are pump.cpp's.
 * Merged into one step: taking the guard with setting SLOW and abandoning a dead owner's mutex. In between nobody can
 * see more than a fast path that runs before; the owner-dead guard beside a clear SLOW comes up where leave() dies.
 * Ghosts (not in the code): on_store(), on_grant() are defined by each model to count signals and grants.
 */

/* ---- G3, G4: finish() ---- */
#define armed_beside_(t, x) (armed[B(t, x)] != 0 && B(t, x) != b)

inline finish(x, bb) {
  d_step {  /* G3. SLOW stays */
    val[x] = next_val[bb]; mark[x] = next_mark[bb];
#if SEED == 2
    slow[x] = EACH(armed_beside_, x, ||);  /* P2: SLOW cleared with the state, before the block is disarmed */
#endif
    on_finish(x, bb)
  }
  d_step { disarm_block(bb) }  /* G4 */
}

inline disarm_block(bb) {
  armed[bb] = 0; ticket[bb] = 0; of_wait[bb] = 0; next_val[bb] = 0; next_mark[bb] = 0
}

/* ---- repair() ---- */
inline find_unfinished(x) {
  b = NONE; k = 0;
  do
  :: k < NT ->
     if
     :: unfinished(B(k, x), x) && b == NONE -> b = B(k, x)
     :: else
     fi;
     k++
  :: else -> break
  od;
  k = 0
}

inline repair(x) {
  do
  :: d_step { any_unfinished(x) -> find_unfinished(x) }
     finish(x, b); b = NONE
  :: d_step { !any_unfinished(x) ->
#if SEED != 10
       due[x] = 1;
#else
       ab = 1;  /* P10: that a pump is owed is known to the repairer only */
#endif
       guard_dead[x] = 0 }
     break
  od
}

inline take_guard(x) {
  if
  :: d_step { guard[x] == 0 && !guard_dead[x] -> guard[x] = me + 1 }
  :: d_step { guard[x] == 0 && guard_dead[x] -> guard[x] = me + 1; slow[x] = 1 }
     repair(x)
  fi
}

/* ---- abandon_if_owner_dead(): one store ---- */
inline abandon_if_owner_dead(x) {
#if SEED != 8
  if
  :: owner_dead(x) -> val[x] = 0; mark[x] = 1; ab = 1
  :: else
  fi
#else
  if
  :: owner_dead(x) -> val[x] = 0; ab = 1  /* P8: free and abandoned in two stores */
  :: else
  fi
#endif
}

/* ---- enter_guard() ---- */
#define pulsing(x) (RULE(x) != MUTANT && mark[x])
inline enter(x) {
  do
  :: take_guard(x);
     if
#ifdef WITH_ALL
     :: d_step { all_waits(x) && !holds -> guard[x] = 0; ab = 0 }
        atomic { all == 0 -> all = me + 1; holds = 1; took = 1 }
     :: atomic { !all_waits(x) || holds ->
#else
     :: atomic { 1 ->
#endif
#if SEED != 1
          slow[x] = 1;
#endif
          abandon_if_owner_dead(x);
          if
          :: ab || due[x] || pulsing(x) -> due_now = 1
          :: else -> observe(x)
          fi;
          break }
     fi
  od;
  /* catch_up() */
  if
  :: due_now ->
#if SEED == 8
     if
     :: ab && RULE(x) == MUTANT && val[x] == 0 -> mark[x] = 1
     :: else
     fi;
#endif
     pump(x);
#ifdef WITH_PULSE
     end_pulse(x);
#endif
     atomic { due[x] = 0; ab = 0; due_now = 0; observe(x) }
  :: else
  fi
}

#ifdef WITH_PULSE
inline end_pulse(x) {
  if
  :: pulsing(x) -> mark[x] = 0
  :: else
  fi
}
#endif

/* What everybody may rely on who holds a guard, or takes a fast path: no grant is half visible (I2). */
inline observe(x) {
  assert(!any_unfinished(x));
  on_observe(x)
}

/* ---- leave(): tidy(), release, settle() ---- */
inline tidy(x) {
  if
  :: d_step { !pins(x) && !due[x] && slow[x] -> slow[x] = 0 }
  :: pins(x) || due[x] || !slow[x]
  fi
}

inline leave(x) {
  tidy(x);
#ifdef WITH_ALL
  if
  :: atomic { !took -> guard[x] = 0 }
  :: atomic { took -> guard[x] = 0 }
     unlock_all()
  fi
#else
  guard[x] = 0
#endif
}

/* ---- pump(): the granter ---- */
inline find_next(x) {
  b = NONE; k = 0;
  do
  :: k < NT ->
     if
     :: armed[B(k, x)] != 0 && ticket[B(k, x)] > pos && (b == NONE || ticket[B(k, x)] < ticket[b]) -> b = B(k, x)
     :: else
     fi;
     k++
  :: else -> break
  od;
  k = 0
}

#if SEED == 9
#define takes_no_grant(bb) (!is_waiting(bb))   /* P9: no life test before the grant */
#else
#define takes_no_grant(bb) (!is_waiting(bb) || !alive(THREAD(bb)))
#endif

/* G5. The bell rings after the guard is released; here right after the grant, in a step of its own: whom it wakes
 * cannot get past the guard, and a death before it is a step of its own, too. */
#ifdef PROMPT
inline settle(t) {
  d_step {
    if
    :: parked[t] -> bell[t] = 1
    :: else
    fi }
}
#else
#define settle(t) skip
#endif

inline pump(x) {
  do
  :: atomic {  /* the next in the queue */
       has_signal(x) -> d_step { find_next(x) }
       if
       :: b == NONE -> pos = 0; break
       :: else -> pos = ticket[b]
       fi;
       if
       :: takes_no_grant(b) -> d_step { disarm_block(b); b = NONE }  /* drop() */
       :: else ->
#ifdef WITH_ALL
          if
          :: armed[b] == 2 -> all_next = 1
          :: else -> d_step { g1(x) }
          fi
#else
          d_step { g1(x) }
#endif
       fi }
     if
     :: b == NONE
#ifdef WITH_ALL
     :: b != NONE && all_next -> all_next = 0; try_all(x); b = NONE
     :: b != NONE && !all_next ->
#else
     :: b != NONE ->
#endif
#if SEED == 3
        d_step { val[x] = next_val[b]; mark[x] = next_mark[b] }  /* P3: the state before the word */
#endif
        atomic {  /* G2: the grant */
          if
          :: is_waiting(b) -> d_step { on_grant(x, b); phase[THREAD(b)] = GRANTED; index[THREAD(b)] = x;
                                       told[THREAD(b)] = (RULE(x) == MUTANT && mark[x]); ok = 1 }
          :: else -> d_step { disarm_block(b) }
          fi }
        if
        :: ok -> ok = 0; finish(x, b); settle(THREAD(b))
        :: else
        fi;
        b = NONE
     fi
  :: atomic { !has_signal(x) -> pos = 0; b = NONE; break }
  od
}

inline g1(x) { next_val[b] = val_after(x, THREAD(b)); next_mark[b] = mark_after(x, THREAD(b)) }

#ifdef WITH_ALL
/* ---- ALL (guard.cpp) and wait-all (all.cpp), for two objects ---- */
#define ready(x, t) signaled(x, t)

inline take_beside(x) {
  assert(guard[x] != me + 1);
  take_guard(x);
  atomic {
    slow[x] = 1;
    if
    :: owner_dead(x) -> val[x] = 0; mark[x] = 1; due[x] = 1
    :: else
    fi }
#if SEED == 6
  /* P6: the repair pumps here, although a second guard is held: a queued wait-all needs that one */
  if
  :: due[x] && has_signal(x) && all_waits(x) -> guard[1 - x] == 0
  :: else
  fi
#endif
}

inline drop_beside(x) {
  atomic {
    if
    :: due[x] && pins(x) && x == 0 -> owed0 = 1
    :: due[x] && pins(x) && x == 1 -> owed1 = 1
    :: else
    fi;
    if
    :: !pins(x) && !due[x] -> slow[x] = 0
    :: else
    fi }
  guard[x] = 0
}

/* Needs ALL, both guards, both blocks armed, everything signaled. t: whose wait. */
inline commit(t) {
  d_step {  /* G1 */
    next_val[B(t, 0)] = val_after(0, t); next_mark[B(t, 0)] = mark_after(0, t);
    next_val[B(t, 1)] = val_after(1, t); next_mark[B(t, 1)] = mark_after(1, t) }
  d_step {  /* G2: everything or nothing */
    if
    :: phase[t] == WAITING && sequence[t] == of_wait[B(t, 0)] ->
       on_grant(0, B(t, 0)); on_grant(1, B(t, 1));
       phase[t] = GRANTED; index[t] = BY_ALL; ok = 1;
       told[t] = (RULE(0) == MUTANT && mark[0] && val[0] == 0) || (RULE(1) == MUTANT && mark[1] && val[1] == 0)
    :: else -> ok = 0
    fi }
  if
  :: ok -> finish(0, B(t, 0)); finish(1, B(t, 1)); settle(t)
  :: else
  fi;
  ok = 0
}

/* The wait-all of block b's thread, tried by the holder of guard x and ALL. */
inline try_all(x) {
  o_ = THREAD(b);
  if
  :: d_step { !(armed[B(o_, 1 - x)] == 2 && (ready(1 - x, o_) || owner_dead(1 - x))) -> skip }
  :: d_step { armed[B(o_, 1 - x)] == 2 && (ready(1 - x, o_) || owner_dead(1 - x)) -> skip }
#if SEED == 11
     commit(o_)  /* P11: without the other guard */
#else
     take_beside(1 - x);
     if
     :: ready(x, o_) && ready(1 - x, o_) -> commit(o_)
     :: else
     fi;
     drop_beside(1 - x)
#endif
  fi;
  o_ = 0
}

inline lock_all() { atomic { all == 0 -> all = me + 1; holds = 1 } }

/* What was owed to objects met beside another guard is pumped, one by one, before ALL goes. */
inline unlock_all() {
  do
  :: atomic { owed0 || owed1 -> x_ = (owed0 -> 0 : 1);
       if
       :: owed0 -> owed0 = 0
       :: else -> owed1 = 0
       fi }
     take_guard(x_);
     atomic { slow[x_] = 1; abandon_if_owner_dead(x_);
       if
       :: ab || due[x_] -> due_now = 1
       :: else
       fi }
     if
     :: due_now -> pump(x_); atomic { due[x_] = 0; ab = 0; due_now = 0 }
     :: else
     fi;
     tidy(x_);
     atomic { guard[x_] = 0; x_ = 0 }
  :: atomic { !owed0 && !owed1 -> all = 0; holds = 0; took = 0; break }
  od;
  skip  /* (spin does not want a jump to lead into a d_step) */
}

/* arm_all(): for the caller's new wait; poll: arms nothing unless it completes at once. */
inline arm_all(poll) {
  lock_all();
  do
  :: take_beside(0);
     take_beside(1);
     on_observe(0); on_observe(1);
     if
     :: due[0] || due[1] ->
        drop_beside(0); drop_beside(1);
        d_step { owed0 = 0; owed1 = 0 }  /* pumped here at once, not again at the end */
        enter(0); leave_held(0);
        enter(1); leave_held(1)
     :: else ->
        if
        :: ready(0, me) && ready(1, me) ->
#if SEED == 5
           /* P5: at once, without armed blocks */
           d_step { phase[me] = GRANTED; index[me] = BY_ALL }
           d_step { on_direct(0); val[0] = val_after(0, me) }
           d_step { on_direct(1); val[1] = val_after(1, me) }
#else
           arm_block(0, 2); arm_block(1, 2);
           commit(me)
#endif
        :: !(ready(0, me) && ready(1, me)) && !(poll) -> arm_block(0, 2); arm_block(1, 2)
        :: !(ready(0, me) && ready(1, me)) && (poll)
        fi;
        drop_beside(0); drop_beside(1);
        break
     fi
  od;
  unlock_all()
}

inline leave_held(x) { tidy(x); guard[x] = 0 }
#endif

/* ---- queue::arm() and append(): a ticket behind all others; that of the code only grows ---- */
inline arm_block(x, how) {
  d_step {
    k = 0; pos = 0;
    do
    :: k < NT ->
       if
       :: ticket[B(k, x)] > pos -> pos = ticket[B(k, x)]
       :: else
       fi;
       k++
    :: else -> break
    od;
    ticket[B(me, x)] = pos + 1; of_wait[B(me, x)] = sequence[me]; armed[B(me, x)] = how;
    on_arm(x);
    k = 0; pos = 0 }
}

/* ---- change(): the fast path is one compare-and-swap; fast.pml has it as load and swap ---- */
inline change_guarded(x, new_val, new_mark) {
  enter(x);
  d_step { on_store(x, new_val); val[x] = new_val; mark[x] = new_mark }
  pump(x);
  leave(x)
}

#ifdef WITH_PULSE
inline pulse(x) {
  enter(x);
  d_step { on_pulse(x); val[x] = 0; mark[x] = 1 }
  pump(x);
  end_pulse(x);
  leave(x)
}
#endif
