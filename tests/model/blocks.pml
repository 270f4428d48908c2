/* blocks.pml - rebuilding an object's queue from the armed blocks while their threads go on.
 *
 * Purpose     The other models read the queue off the armed blocks. Here the links of object X are what they are in the
 *             code: set by arming, taken away by disarming, and rebuilt by repair() from loads of other threads'
 *             blocks.
 * Parties     A thread waits on Y, is granted it, and then waits on X with the same block; a signaler of Y; a repairer
 *             that got X's guard owner-dead. repair() holds X's guard only: a block armed on Y changes under its eyes.
 * Always      Exactly the blocks that are armed on X are in X's queue whenever X's guard is free and consistent.
 * Seeds       101 (the block's object is written before the guard of the new object is held: the way it was once)
 */
#ifndef SEED
#define SEED 0
#endif
#define Y 1
#define X 2
byte object;             /* Block::object */
bit armed;               /* Block::armed */
bit linked;              /* the block is in X's queue */
byte pins;               /* of X */
byte guard_x, guard_y;
bit repaired;

proctype thread() {
  /* the wait on Y: arm, granted and disarmed by the signaler */
  atomic { guard_y == 0 -> guard_y = 1 }
  object = Y;
  armed = 1;
  guard_y = 0;
  armed == 0;
  /* the wait on X */
#if SEED == 101
  object = X;
#endif
  atomic { guard_x == 0 && repaired -> guard_x = 1 }
  object = X;
  armed = 1;
  pins++;
  assert(!linked);
  linked = 1;
  guard_x = 0
}

proctype signaler() {
  atomic { guard_y == 0 && armed && object == Y -> guard_y = 1 }
  armed = 0;
  guard_y = 0
}

proctype repairer() {
  atomic { guard_x == 0 -> guard_x = 1 }
  linked = 0;
  pins = 0;
  if
  :: armed ->                     /* two loads */
     if
     :: object == X -> linked = 1; pins++
     :: else
     fi
  :: !armed
  fi;
  repaired = 1;
  guard_x = 0
}

proctype rest() {
end_rest:
  do
  :: atomic { guard_x == 0 && repaired -> assert(linked == (armed && object == X)); assert(pins == linked) }
  od
}

init { atomic { run rest(); run thread(); run signaler(); run repairer() } }
