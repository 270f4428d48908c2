/* storebuffer.pml - a SetEvent that finds the event set must write all the same.
 *
 * Parties     A producer that stores data, then sets an event that is set already; a consumer that takes the event,
 *             then reads the data. The producer's processor holds one store back in a buffer, as x86 and others do.
 * Always      Either the consumer sees the data, or the event is set (again) after it took it.
 * Seeds       P14 (a set that changes nothing is a mere load).
 */
#ifndef SEED
#define SEED 0
#endif
bit data, event = 1;         /* memory */
bit buffered;                /* "data = 1" is still in the producer's buffer */
bit consumed, seen, producer_done;

proctype producer() {
  buffered = 1;              /* data = 1 */
#if SEED == 14
  if
  :: event -> skip           /* P14: set already, nothing to do */
  :: atomic { !event && !buffered -> event = 1 }
  fi;
#else
  atomic { !buffered -> event = 1 }   /* a locked operation drains the buffer first */
#endif
  producer_done = 1
}

proctype buffer() {
end_buffer:
  do
  :: atomic { buffered -> data = 1; buffered = 0 }
  od
}

proctype consumer() {
  atomic { event -> event = 0 }
  seen = data;
  consumed = 1
}

proctype rest() {
end_rest:
  do
  :: atomic { consumed && producer_done && !buffered -> assert(seen || event) }
  od
}

init { atomic { run rest(); run buffer(); run producer(); run consumer() } }
