/* waiter.pml - one wait from beginning to end, as shim/wait/engine.cpp and park.cpp have it.
 *
 * A wait for object x uses block x. The result is left in the word (phase, index, told); ended() makes it idle (W7).
 */

inline begin() {
  d_step { sequence[me]++; phase[me] = WAITING; index[me] = 0; told[me] = 0; parked[me] = 0 }  /* W1 */
}

/* take_or_arm(): one object of an any-wait. */
inline take_or_arm(x) {
  enter(x);
#if SEED == 1
  /* P1: looks first, flags then */
  if
  :: signaled(x, me) -> slow[x] = 1; ok = 1
  :: !signaled(x, me) -> slow[x] = 1
  fi;
  if
  :: phase[me] != WAITING
  :: phase[me] == WAITING && ok -> take_now(x)
  :: phase[me] == WAITING && !ok -> arm_block(x, 1)
  fi;
  ok = 0;
#else
  if
  :: phase[me] != WAITING
  :: phase[me] == WAITING && signaled(x, me) -> take_now(x)
  :: atomic { phase[me] == WAITING && !signaled(x, me) -> arm_block(x, 1) }
  fi;
#endif
  leave(x)
}

/* take_now(): word first, then the state: a death between leaves the signal. */
inline take_now(x) {
  atomic {
    if
    :: phase[me] == WAITING -> phase[me] = GRANTED; index[me] = x; told[me] = (RULE(x) == MUTANT && mark[x]); ok = 1
    :: else
    fi }
  if
  :: ok -> d_step { on_take(x); pos = val_after(x, me); mark[x] = mark_after(x, me); val[x] = pos; pos = 0; ok = 0 }
  :: else
  fi
}

inline look(x) {
  if
  :: armed[B(me, x)] != 0 && needs_help(x) -> enter(x); leave(x)
  :: else
  fi
}

/* park(): asleep until the word is decided; a look whenever it would find something. */
inline park(may_time_out) {
  if
  :: d_step { phase[me] == WAITING -> parked[me] = 1; asleep[me] = 1 }  /* W6 */
  :: phase[me] != WAITING
  fi;
end_sleep:
  do
#ifdef PROMPT
  :: atomic { asleep[me] && bell[me] -> bell[me] = 0;
       if
       :: phase[me] != WAITING -> asleep[me] = 0; parked[me] = 0; break
       :: else
       fi }
  :: atomic { !asleep[me] && phase[me] != WAITING -> break }
#else
  :: atomic { phase[me] != WAITING -> asleep[me] = 0; parked[me] = 0; break }
  :: d_step { phase[me] == WAITING && help_wanted(me) -> asleep[me] = 0 }
     look(0);
#if NX == 2
     look(1);
#endif
     d_step { asleep[me] = (phase[me] == WAITING) }
#endif
  :: atomic {  /* W4 */
       may_time_out && phase[me] == WAITING -> phase[me] = TIMED_OUT; asleep[me] = 0; parked[me] = 0; break
     }
  od
}

/* end(): nothing armed is left. */
inline disarm(x) {
#if SEED == 4
  /* P4: leaves although a granter may still be at the block, or disarms without the guard */
  d_step { disarm_block(B(me, x)) }
#else
  if
  :: armed[B(me, x)] == 0
  :: armed[B(me, x)] != 0 ->
     enter(x);
     d_step { disarm_block(B(me, x)) }
     leave(x)
  fi
#endif
}

inline end_wait() {
  disarm(0);
#if NX == 2
  disarm(1);
#endif
  skip
}

inline ended() { d_step { phase[me] = IDLE; index[me] = 0; told[me] = 0 } }
