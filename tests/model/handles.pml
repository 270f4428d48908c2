/* handles.pml - handle entries, the count derived from them, fork's embryo, insertion against rundown.
 *
 * Parties     The parent has a handle, forks (embryo and copy first, fork.cpp), then closes its own. The child adopts,
 *             uses the object, closes; the embryo may be thought too old and be run down instead. An inserter with a
 *             handle of its own puts another one into the child's table (insert_in). A sweeper runs down whoever is
 *             dead and enters owner-dead guards (rundown.cpp), until all is quiet.
 * Death       Parent, child and the sweeper's forerunner may die anywhere; the guard becomes owner-dead. The inserter
 *             does not: if it died between its store and its look, after the rundown has passed, its entry would stay
 *             until the chunk's next tenant; docs/architecture.md says so.
 * Always      A live entry of a living process names a living object.
 * At rest     The object lives exactly while an entry names it, and its count is their number.
 * Seeds       102 (the rundown wipes an entry with a plain store), 103 (no recount in the repair),
 *             104 (the child's handles are made after the fork has returned)
 */
#ifndef SEED
#define SEED 0
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#define FREE 0
#define LIVE 1
#define SLOT_DYING 2
#define EMBRYO 3
#define PARENT 0
#define CHILD 1
#define SWEEPER 2
#define INSERTER 3

bit entry[4];          /* 0 the parent's, 1 the child's copy, 2 the child's second, 3 the inserter's */
byte refs = 2;
bit live = 1;
byte guard; bit guard_dead;
byte slot[2];          /* of parent and child */
byte reap;
bit gone[4], done[4], forked;
byte deaths;

#define named (entry[0] + entry[1] + entry[2] + entry[3])

inline die(t, may) {
  atomic { (may) && deaths < DEATHS && !gone[t] && !done[t] -> deaths++; gone[t] = 1;
    if
    :: guard == t + 1 -> guard = 0; guard_dead = 1
    :: else
    fi;
    if
    :: reap == t + 1 -> reap = 0
    :: else
    fi }
}
proctype killer() {
end_killer:
  do
  :: die(PARENT, 1)
  :: die(CHILD, forked)
  :: die(SWEEPER, 1)
  od
}

inline enter() {
  if
  :: atomic { guard == 0 && !guard_dead -> guard = me + 1 }
  :: atomic { guard == 0 && guard_dead -> guard = me + 1 }
#if SEED != 103
     refs = named;     /* repair(): counted anew */
#endif
     guard_dead = 0
  fi
}
inline leave() {
  atomic {
    if
    :: live && refs == 0 -> live = 0
    :: else
    fi }
  guard = 0
}
inline close_entry(e) {
  if
  :: entry[e] ->
     enter();
     if
     :: atomic { entry[e] -> entry[e] = 0; closed = 1 }
     :: atomic { !entry[e] -> closed = 0 }
     fi;
     if
     :: closed && live -> assert(refs != 0); refs--
     :: else
     fi;
     closed = 0;
     leave()
  :: !entry[e]
  fi
}
inline copy_to_child() {
  enter();
  if
  :: live && entry[0] -> entry[1] = 1; refs++
  :: else
  fi;
  leave()
}

proctype parent(byte me) {
  bit closed;
  {
    atomic { reap == 0 -> reap = me + 1 }
    slot[1] = EMBRYO;
#if SEED != 104
    copy_to_child();
#endif
    reap = 0;
    forked = 1;
#if SEED == 104
    close_entry(0);
    copy_to_child();
#else
    close_entry(0);
#endif
    done[me] = 1
  } unless { gone[me] }
}

proctype child(byte me) {
  bit closed;
  {
    skip;
end_unborn:
    forked;
    atomic { reap == 0 -> reap = me + 1 }
    if
    :: atomic { slot[1] == EMBRYO -> slot[1] = LIVE }
       reap = 0;
       assert(entry[1] && live);   /* what the parent had open, the child has */
       close_entry(1);
       close_entry(2)
    :: atomic { slot[1] != EMBRYO -> reap = 0 }   /* too late: begins as a stranger */
    fi;
    done[me] = 1
  } unless { gone[me] }
}

/* DuplicateHandle into the child's table: found live, then a free entry; the rest may come much later. */
proctype inserter(byte me) {
  bit closed, stored;
  byte e;
  if
  :: slot[1] == LIVE ->
     if
     :: entry[1] == 0 -> e = 1
     :: entry[2] == 0 -> e = 2
     fi;
     enter();
     if
     :: atomic { live && entry[e] == 0 -> entry[e] = 1; stored = 1 }
     :: else
     fi;
     if
     :: stored -> refs++
     :: else
     fi;
     leave();
     if
     :: stored && slot[1] != LIVE -> close_entry(e)
     :: else
     fi
  :: done[CHILD] || gone[CHILD] || (slot[1] == FREE && forked) || gone[PARENT]
  fi;
  close_entry(3);
  done[me] = 1
}

/* close_all_of() for one entry */
inline sweep_entry(e) {
  if
  :: entry[e] ->
     close_entry(e);
#if SEED == 102
     entry[e] = 0   /* "what was only reserved": a plain store */
#endif
  :: !entry[e]
  fi
}
#define over(p) ((p == 0 && gone[PARENT] && slot[0] != FREE) || \
                 (p == 1 && slot[1] != FREE && slot[1] != EMBRYO && (gone[CHILD] || done[CHILD])) || \
                 (p == 1 && slot[1] == EMBRYO && (forked || gone[PARENT])))

inline run_down() {
  atomic { reap == 0 -> reap = me + 1 }
  if
  :: over(0) -> slot[0] = SLOT_DYING; sweep_entry(0); slot[0] = FREE
  :: else
  fi;
  if
  :: over(1) -> slot[1] = SLOT_DYING; sweep_entry(1); sweep_entry(2); slot[1] = FREE
  :: else
  fi;
  if
  :: guard_dead -> enter(); leave()   /* scan_objects() */
  :: else
  fi;
  reap = 0
}

proctype sweeper(byte me) {   /* once, at any time; it may die */
  bit closed;
  { run_down(); done[me] = 1 } unless { gone[me] }
}

#define quiet ((done[PARENT] || gone[PARENT]) && (done[CHILD] || gone[CHILD] || (gone[PARENT] && !forked)) && \
               (done[SWEEPER] || gone[SWEEPER]) && done[INSERTER])
proctype last_sweeper(byte me) {   /* what the next to attach does */
  bit closed;
  quiet;
  run_down();
  assert(live == (named != 0));
  assert(!live || refs == named);
  assert(entry[1] == 0 && entry[2] == 0 && entry[3] == 0)
}

init {
  atomic {
    entry[0] = 1; entry[3] = 1; slot[0] = LIVE;
    run killer(); run last_sweeper(4); run sweeper(SWEEPER); run inserter(INSERTER); run parent(PARENT);
    run child(CHILD)
  }
}
