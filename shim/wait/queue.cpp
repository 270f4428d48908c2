// queue.cpp - links and counts of an object's armed blocks.
#include "shim/wait/queue.h"

namespace winshim::queue {
namespace {

constexpr u32 kQueued = 1u << 31;  // in Block::prev: the block is linked (its prev may be none)

u32 prev_of(const shm::Block& block) noexcept { return block.prev.get() & ~kQueued; }
void set_prev(shm::Block& block, BlockRef prev) noexcept { block.prev.set(prev | kQueued); }

void link_between(shm::Object& x, BlockRef prev, BlockRef ref, BlockRef next) noexcept {
    shm::Block& block = at(ref).block;
    set_prev(block, prev);
    block.next.set(next);
    if (valid(prev)) at(prev).block.next.set(ref);
    else x.head.set(ref);
    if (valid(next)) set_prev(at(next).block, ref);
    else x.tail.set(ref);
}

void unlink(shm::Object& x, BlockRef ref) noexcept {
    shm::Block& block = at(ref).block;
    if ((block.prev.get() & kQueued) == 0) return;
    const BlockRef prev = prev_of(block), next = block.next.get();
    if (valid(prev)) at(prev).block.next.set(next);
    else x.head.set(next);
    if (valid(next)) set_prev(at(next).block, prev);
    else x.tail.set(prev);
    block.prev.set(0);
    block.next.set(0);
}

void count(shm::Object& x, shm::Armed how, u32 step) noexcept {
    x.pins.set(x.pins.get() + step);
    if (how == shm::kArmedAll) x.all_waits.set(x.all_waits.get() + step);
}

}  // namespace

void arm(shm::Object& x, u32 object, BlockRef ref, shm::Armed how, u32 sequence) noexcept {
    shm::Block& block = at(ref).block;
    block.object.set(object);
    block.sequence.set(sequence);
    block.next.set(0);
    block.prev.set(0);
    block.ticket.set(0);
    block.armed.store(how, std::memory_order_release);
    count(x, how, 1);
}

void append(shm::Object& x, BlockRef ref) noexcept {
    const u64 ticket = x.ticket.get() + 1;
    x.ticket.set(ticket);
    at(ref).block.ticket.set(ticket);
    link_between(x, x.tail.get(), ref, 0);
}

void insert_by_ticket(shm::Object& x, BlockRef ref) noexcept {
    BlockAt b = at(ref);
    BlockRef after = x.tail.get();
    u64 steps = u64{shm::thread_count()} * shm::kMaxWait;  // a damaged queue may be a ring
    while (valid(after) && at(after).block.ticket.get() > b.block.ticket.get() && steps-- != 0)
        after = prev_of(at(after).block);
    link_between(x, after, ref, valid(after) ? at(after).block.next.get() : x.head.get());
    count(x, static_cast<shm::Armed>(b.block.armed.load(std::memory_order_relaxed)), 1);
}

BlockRef predecessor(const shm::Block& block) noexcept { return prev_of(block); }

void disarm(shm::Object& x, BlockRef ref) noexcept {
    shm::Block& block = at(ref).block;
    const u32 how = block.armed.load(std::memory_order_relaxed);
    if (how == shm::kDisarmed) return;
    unlink(x, ref);
    count(x, static_cast<shm::Armed>(how), ~0u);
    block.armed.store(shm::kDisarmed, std::memory_order_release);
}

}  // namespace winshim::queue
