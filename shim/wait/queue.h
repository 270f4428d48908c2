// queue.h - an object's queue of armed blocks: places in it, links, arming and disarming.
//
// Purpose     Blocks of all threads that wait on an object, first come first served by ticket. Links and counts are
//             derived: guard.cpp rebuilds them from the armed blocks after a death.
// Locks       Everything here needs the guard of the block's object.
// Invariants  A block is armed only while its thread is in the wait with the block's sequence; its wait cannot end
//             while it is armed, and it is disarmed only under the guard of its object. Block::object is written here
//             alone, under the guard of the new object: so whoever holds X's guard and finds a block armed and naming
//             X knows that it is armed on X, and stays so.
#pragma once
#include "shim/shm/segment.h"

namespace winshim {

// A block by number: thread slot * kMaxWait + index + 1; 0 = none. It is read from shared memory: bounded on use.
using BlockRef = u32;

struct BlockAt {
    shm::Thread& thread;
    shm::Block& block;
    u32 slot;
    u32 index;
};
inline BlockRef block_ref(u32 slot, u32 index) noexcept { return slot * shm::kMaxWait + index + 1; }
inline bool valid(BlockRef ref) noexcept { return ref != 0 && (ref - 1) / shm::kMaxWait < shm::thread_count(); }
inline BlockAt at(BlockRef ref) noexcept {
    const u32 slot = (ref - 1) / shm::kMaxWait, index = (ref - 1) % shm::kMaxWait;
    shm::Thread& thread = shm::thread(slot);
    return {thread, thread.block[index], slot, index};
}

namespace queue {

// Fills the block and arms it: the last store, release, so that whoever sees it armed sees the rest.
// Not queued yet: an immediate wait-all arms without queueing.
void arm(shm::Object& x, u32 object, BlockRef ref, shm::Armed how, u32 sequence) noexcept;
// Puts an armed block at the end of the queue with a new ticket / at its ticket's place (repair).
void append(shm::Object& x, BlockRef ref) noexcept;
void insert_by_ticket(shm::Object& x, BlockRef ref) noexcept;
// The block before this one, 0 if it is the first or not queued.
BlockRef predecessor(const shm::Block& block) noexcept;
// Ends the block's claim: disarms it (release: I am done with your block) and takes it out of queue and counts.
void disarm(shm::Object& x, BlockRef ref) noexcept;

}  // namespace queue
}  // namespace winshim
