// table.cpp - the table of this process: finding, reserving, publishing, closing.
#include "shim/handle/table.h"

#include <pthread.h>
#include <sys/mman.h>

#include "shim/shm/slots.h"

namespace winshim::handle {

constinit u32 my_process = 0;
constinit std::atomic<shm::HandleChunk*> chunks[shm::kChunksPerProcess] = {};

namespace {

pthread_mutex_t free_lock = PTHREAD_MUTEX_INITIALIZER;
u32* free_list = nullptr;  // a stack of free indices; room for a full table, touched as far as it is used
u32 free_count = 0;
u32 chunk_end = 0;         // chunks of the table so far

class FreeLock {
public:
    FreeLock() noexcept { pthread_mutex_lock(&free_lock); }
    ~FreeLock() noexcept { pthread_mutex_unlock(&free_lock); }
};

bool attach_chunk(u32 process, u32 at, u32 chunk) noexcept {
    shm::Process& p = shm::process(process);
    if (shm::take(p.table) == shm::Taken::owner_died) shm::made_consistent(p.table);
    p.chunk[at].store(chunk + 1, std::memory_order_release);
    shm::release(p.table);
    return true;
}

// Needs free_lock.
Status grow_table() noexcept {
    if (chunk_end == shm::kChunksPerProcess) return Status::too_many_open_files;
    const Result<u32> chunk = shm::allocate_chunk(my_process);
    if (!chunk) return chunk.status;
    attach_chunk(my_process, chunk_end, chunk.value);
    chunks[chunk_end].store(&shm::chunk(chunk.value), std::memory_order_release);
    for (u32 i = shm::kHandlesPerChunk; i != 0; --i) free_list[free_count++] = chunk_end * shm::kHandlesPerChunk + i - 1;
    ++chunk_end;
    return Status::success;
}

// The witness vouches that a living process holds a handle. When its process closes one, nobody knows whether it has
// another: then nobody vouches.
void dismiss_witness(shm::Object& x) noexcept {
    const u32 witness = x.witness.get();
    if (witness != 0 && shm::thread(witness - 1).process.load(std::memory_order_relaxed) == my_process) x.witness.set(0);
}

void drop_reference(shm::Object& x) noexcept {
    if (x.refs.get() != 0) x.refs.set(x.refs.get() - 1);
}

}  // namespace

std::atomic<u64>* find_slow(u32 index) noexcept {
    if (shm::base == nullptr || free_list == nullptr) return nullptr;
    const u32 at = index / shm::kHandlesPerChunk;
    const u32 chunk = shm::process(my_process).chunk[at].load(std::memory_order_acquire);
    if (chunk == 0 || chunk > shm::chunk_count()) return nullptr;
    chunks[at].store(&shm::chunk(chunk - 1), std::memory_order_release);
    return &shm::chunk(chunk - 1).entry[index % shm::kHandlesPerChunk];
}

Result<u32> reserve() noexcept {
    const FreeLock lock;
    if (free_count == 0)
        if (const Status s = grow_table(); s != Status::success) return fail<u32>(s);
    return {Status::success, free_list[--free_count]};
}

void unreserve(u32 index) noexcept {
    const FreeLock lock;
    free_list[free_count++] = index;
}

void publish(u32 index, u64 entry, shm::Object& x) noexcept {
    // release: whoever finds the handle sees the object behind it. The count after it: a death in between leaves the guard
    // owner-dead, and the repair counts anew.
    find(to_handle(index))->store(entry, std::memory_order_release);
    x.refs.set(x.refs.get() + 1);
}

Status close(Handle h) noexcept {
    std::atomic<u64>* slot = find(h);
    u64 entry = slot == nullptr ? 0 : slot->load(std::memory_order_acquire);
    for (;;) {
        if (entry == 0 || (entry & kProtect) != 0) return Status::invalid_handle;
        wait::Entry at;
        const Status entered = wait::enter(at, target(entry));
        const bool closed = slot->compare_exchange_strong(entry, 0, std::memory_order_acq_rel, std::memory_order_acquire);
        if (closed && entered == Status::success) {
            drop_reference(at.x());
            dismiss_witness(at.x());
        }
        if (entered == Status::success) wait::leave(at);
        if (!closed) continue;  // closed, or its flags changed, by another thread
        unreserve(static_cast<u32>(reinterpret_cast<std::uintptr_t>(h) / 4 - 1));
        return entered;  // an entry without its object can only be damage; it is gone now, too
    }
}

Result<Handle> duplicate(u64 entry, u64 access_and_flags) noexcept {
    const Result<u32> index = reserve();
    if (!index) return fail<Handle>(index.status);
    wait::Entry at;
    const Status status = wait::enter(at, target(entry));
    if (status != Status::success) {
        unreserve(index.value);
        return fail<Handle>(status);
    }
    publish(index.value, pack(target(entry), access_and_flags), at.x());
    wait::leave(at);
    return {Status::success, to_handle(index.value)};
}

Status set_flags(Handle h, u64 mask, u64 flags) noexcept {
    std::atomic<u64>* slot = find(h);
    u64 entry = slot == nullptr ? 0 : slot->load(std::memory_order_acquire);
    do {
        if (entry == 0) return Status::invalid_handle;
    } while (!slot->compare_exchange_weak(entry, (entry & ~mask) | (flags & mask), std::memory_order_acq_rel,
                                          std::memory_order_acquire));
    return Status::success;
}

Status begin(u32 process) noexcept {
    for (auto& chunk : chunks) {
        if (chunk.load(std::memory_order_relaxed) != nullptr) chunk.store(nullptr, std::memory_order_relaxed);
    }
    if (free_list == nullptr) {
        void* at = mmap(nullptr, sizeof(u32) * shm::kMaxObjects, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (at == MAP_FAILED) return Status::not_enough_memory;
        free_list = static_cast<u32*>(at);
    }
    free_count = 0;
    chunk_end = 0;
    my_process = process;
    return Status::success;
}

void lock_for_fork() noexcept { pthread_mutex_lock(&free_lock); }
void unlock_after_fork() noexcept { pthread_mutex_unlock(&free_lock); }

// Under the guard of each object the parent's entry is looked at again: another thread may just have closed it.
Status copy_to(u32 child) noexcept {
    for (u32 c = 0; c < chunk_end; ++c) {
        const Result<u32> chunk = shm::allocate_chunk(child);
        if (!chunk) return chunk.status;
        attach_chunk(child, c, chunk.value);
        const shm::HandleChunk& from = *chunks[c].load(std::memory_order_relaxed);
        shm::HandleChunk& to = shm::chunk(chunk.value);
        for (u32 i = 0; i < shm::kHandlesPerChunk; ++i) {
            const u64 entry = from.entry[i].load(std::memory_order_acquire);
            wait::Entry at;
            if (entry == 0 || wait::enter(at, target(entry)) != Status::success) continue;
            if (from.entry[i].load(std::memory_order_acquire) == entry) {
                to.entry[i].store(entry, std::memory_order_release);
                at.x().refs.set(at.x().refs.get() + 1);
            }
            wait::leave(at);
        }
    }
    return Status::success;
}

Status adopt(u32 process) noexcept {
    const u32 chunks_of_parent = chunk_end;
    if (const Status s = begin(process); s != Status::success) return s;
    for (; chunk_end < chunks_of_parent; ++chunk_end) {
        if (find_slow(chunk_end * shm::kHandlesPerChunk) == nullptr) break;
        const shm::HandleChunk& chunk = *chunks[chunk_end].load(std::memory_order_relaxed);
        for (u32 i = shm::kHandlesPerChunk; i != 0; --i)
            if (chunk.entry[i - 1].load(std::memory_order_acquire) == 0)
                free_list[free_count++] = chunk_end * shm::kHandlesPerChunk + i - 1;
    }
    return Status::success;
}

namespace {

// Takes one entry away on behalf of its process.
void close_entry(u64 entry, std::atomic<u64>& slot) noexcept {
    wait::Entry at;
    u64 expected = entry;
    if (wait::enter(at, target(entry)) != Status::success) {
        slot.compare_exchange_strong(expected, 0);
        return;
    }
    if (slot.compare_exchange_strong(expected, 0, std::memory_order_acq_rel)) drop_reference(at.x());
    wait::leave(at);
}

}  // namespace

void close_all_of(u32 process) noexcept {
    const u32 all = shm::chunk_count();
    for (u32 c = 0; c < all; ++c) {
        std::atomic<u32>& owner = shm::header().chunk_owner[c];
        if (owner.load(std::memory_order_acquire) != process + 1) continue;
        for (auto& slot : shm::chunk(c).entry)
            while (const u64 entry = slot.load(std::memory_order_acquire)) close_entry(entry, slot);
        owner.store(0, std::memory_order_release);
    }
    for (auto& chunk : shm::process(process).chunk) {
        if (chunk.load(std::memory_order_relaxed) == 0) break;
        chunk.store(0, std::memory_order_release);
    }
}

}  // namespace winshim::handle
