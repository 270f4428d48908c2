// table.cpp - the table of this process: finding, reserving, publishing, closing.
#include "shim/handle/table.h"

#include <cerrno>
#include <pthread.h>
#include <sys/mman.h>

#include "shim/handle/witness.h"
#include "shim/next/next.h"
#include "shim/shm/explain.h"
#include "shim/shm/slots.h"
#include "shim/wait/private_lock.h"

namespace winshim::handle {

constinit u32 my_process = 0;
constinit std::atomic<shm::HandleChunk*> chunks[shm::kChunksPerProcess] = {};

namespace {

pthread_mutex_t free_lock = PTHREAD_MUTEX_INITIALIZER;
u32* free_list = nullptr;  // a stack of free indices; room for a full table, touched as far as it is used
u32 free_count = 0;
u32 chunk_end = 0;         // chunks of the table whose free indices have been noted
u32 seen_closes = 0;       // Process::remote_closes at the last look

// By object: how many handles to it this process has published and not closed since; beside it, Process::remote_closes
// as it was then. What it says with that number unchanged is true or too little (another process may have inserted
// more), never too much. Each word is read and written under the guard of its object. Null: nothing is known.
struct Held {
    u32 handles;
    u32 closes;
};
Held* held = nullptr;

u32 remote_closes() noexcept { return shm::process(my_process).remote_closes.load(std::memory_order_acquire); }
u32 count_held(u32 object, i64 change) noexcept {
    if (WINSHIM_UNLIKELY(held == nullptr || object >= shm::kMaxObjects)) return 0;
    const u32 closes = remote_closes();
    Held& h = held[object];
    const i64 handles = (h.closes == closes ? h.handles : 0) + change;
    h = {handles > 0 ? static_cast<u32>(handles) : 0, closes};
    return h.handles;
}

void forget_held() noexcept {
    constexpr std::size_t kBytes = sizeof(Held) * shm::kMaxObjects;
    if (held != nullptr && madvise(held, kBytes, MADV_DONTNEED) == 0) return;
    void* at = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    held = at == MAP_FAILED ? nullptr : static_cast<Held*>(at);
}

Result<u32> attach_chunk(u32 process) noexcept {
    const TableLock lock(process);
    return lock ? attach_chunk_held(process) : fail<u32>(Status::file_corrupt);
}

// Needs free_lock: values up to this one are handles of ours, open or not.
void note_given(u32 index) noexcept {
    if (index >= next::given_end.load(std::memory_order_relaxed))
        next::given_end.store(index + 1, std::memory_order_relaxed);
}

// Needs free_lock: notes every free index of one chunk, the lowest on top.
void note_free(u32 at) noexcept {
    const shm::HandleChunk& chunk = *chunks[at].load(std::memory_order_relaxed);
    for (u32 i = shm::kHandlesPerChunk; i != 0; --i)
        if (chunk.entry[i - 1].load(std::memory_order_acquire) == 0)
            free_list[free_count++] = at * shm::kHandlesPerChunk + i - 1;
}

// Needs free_lock: the chunks that others have added to the table.
void note_chunks() noexcept {
    for (; chunk_end < shm::kChunksPerProcess && find_slow(chunk_end * shm::kHandlesPerChunk) != nullptr; ++chunk_end)
        note_free(chunk_end);
}

// Needs free_lock, and that the list is empty: chunks that others have added, entries that others have closed, or one
// more chunk.
Status refill() noexcept {
    const u32 closes = remote_closes();
    if (closes != seen_closes) {
        seen_closes = closes;
        for (u32 at = chunk_end; at-- != 0;) note_free(at);
        if (free_count != 0) return Status::success;
    }
    do {
        if (chunk_end == shm::kChunksPerProcess) return Status::too_many_open_files;
        if (find_slow(chunk_end * shm::kHandlesPerChunk) == nullptr)
            if (const Result<u32> at = attach_chunk(my_process); !at) return at.status;
        if (find_slow(chunk_end * shm::kHandlesPerChunk) == nullptr) return Status::file_corrupt;
        note_free(chunk_end++);
    } while (free_count == 0);
    return Status::success;
}

}  // namespace

Status close_entry(std::atomic<u64>& slot, u32 process, u64 leave_as) noexcept {
    u64 entry = slot.load(std::memory_order_acquire);
    for (;;) {
        if (!is_open(entry) || (entry & kProtect) != 0) return Status::invalid_handle;
        wait::Entry at;
        const Status status = wait::enter(at, target(entry));
        if (status == Status::file_corrupt && shm::out_of_patience()) return Status::out_of_time;
        const bool entered = status == Status::success;
        // Before the entry goes: a death in between would leave a witness for a handle that is gone. A process that has
        // another handle, and knows it, goes on vouching.
        const bool last_known = entered && (process != my_process || count_held(at.index(), -1) == 0);
        if (last_known) dismiss_witness(at.x(), process);
        const bool closed = slot.compare_exchange_strong(entry, leave_as, std::memory_order_acq_rel,
                                                         std::memory_order_acquire);
        if (entered) {
            shm::Object& x = at.x();
            if (closed && x.refs.get() != 0) x.refs.set(x.refs.get() - 1);
            wait::leave(at);
        }
        if (closed) return Status::success;  // without its object an entry can only be damage: it is gone now, too
    }
}

std::atomic<u64>* find_slow(u32 index) noexcept {
    if (shm::base == nullptr || free_list == nullptr) return nullptr;
    const u32 at = index / shm::kHandlesPerChunk;
    const u32 chunk = shm::process(my_process).chunk[at].load(std::memory_order_acquire);
    if (chunk == 0 || chunk > shm::chunk_count()) return nullptr;
    chunks[at].store(&shm::chunk(chunk - 1), std::memory_order_release);
    return &shm::chunk(chunk - 1).entry[index % shm::kHandlesPerChunk];
}

Result<u32> reserve() noexcept {
    const wait::PrivateLock lock(free_lock);
    for (;;) {
        if (free_count == 0)
            if (const Status s = refill(); s != Status::success) return fail<u32>(s);
        const u32 index = free_list[--free_count];
        u64 expected = 0;  // another process may have put a handle there meanwhile: its close brings the index back
        if (find(to_handle(index))->compare_exchange_strong(expected, kReserved, std::memory_order_acq_rel)) {
            note_given(index);
            return {Status::success, index};
        }
    }
}

void unreserve(u32 index) noexcept {
    const wait::PrivateLock lock(free_lock);
    std::atomic<u64>* const slot = find(to_handle(index));
    if (slot == nullptr) return;  // of a table that is no more
    slot->store(0, std::memory_order_release);
    // An index that another process filled is noted as free already, and would be noted once more with each such round.
    // A full list forgets it; the next refill finds it again.
    if (free_count < shm::kMaxObjects) free_list[free_count++] = index;
    else --seen_closes;
}

void will_use(u32 object) noexcept {
    constexpr int kSecondLine = 64;
    __builtin_prefetch(reinterpret_cast<char*>(&shm::object(object)) + kSecondLine, 1);
    if (held != nullptr && object < shm::kMaxObjects) __builtin_prefetch(&held[object], 1);
}

void publish(u32 index, u64 entry, shm::Object& x) noexcept {
    // release: whoever finds the handle sees the object behind it. The count after it: a death in between leaves the
    // guard owner-dead, and the repair counts anew.
    std::atomic<u64>* const slot = find(to_handle(index));
    if (slot == nullptr) return;  // run down meanwhile (begin()): the handle is not open
    slot->store(entry, std::memory_order_release);
    x.refs.set(x.refs.get() + 1);
    count_held(target(entry).object, 1);
}

Status close(Handle h) noexcept {
    std::atomic<u64>* slot = find(h);
    if (slot == nullptr) return Status::invalid_handle;
    // Closed to "reserved" first, so that the index is given back in one place.
    const Status status = close_entry(*slot, my_process, kReserved);
    if (status == Status::success) unreserve(static_cast<u32>(reinterpret_cast<std::uintptr_t>(h) / 4 - 1));
    return status;
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
        if (!is_open(entry)) return Status::invalid_handle;
    } while (!slot->compare_exchange_weak(entry, (entry & ~mask) | (flags & mask), std::memory_order_acq_rel,
                                          std::memory_order_acquire));
    return Status::success;
}

// Under the lock, because other threads may be in the middle: only damage makes a process with busy threads begin anew.
Status begin(u32 process) noexcept {
    const wait::PrivateLock lock(free_lock);
    for (auto& chunk : chunks) {
        if (chunk.load(std::memory_order_relaxed) != nullptr) chunk.store(nullptr, std::memory_order_relaxed);
    }
    if (free_list == nullptr) {
        void* at = mmap(nullptr, sizeof(u32) * shm::kMaxObjects, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (at == MAP_FAILED) return shm::refuse_errno(ENOMEM);
        free_list = static_cast<u32*>(at);
    }
    forget_held();
    free_count = 0;
    chunk_end = 0;
    seen_closes = shm::process(process).remote_closes.load(std::memory_order_relaxed);
    my_process = process;
    return Status::success;
}

void lock_for_fork() noexcept { pthread_mutex_lock(&free_lock); }
void unlock_after_fork() noexcept { pthread_mutex_unlock(&free_lock); }
void renew_lock_after_fork() noexcept { pthread_mutex_init(&free_lock, nullptr); }

// Under the guard of each object the parent's entry is looked at again: another thread may just have closed it.
Status copy_to(u32 child, u64 flags) noexcept {
    note_chunks();  // a handle may have come from another process
    const auto is_wanted = [flags](u64 entry) { return is_open(entry) && (entry & flags) == flags; };
    // No chunk behind the last one that has something.
    const auto has_any = [&](u32 c) {
        for (const auto& entry : chunks[c].load(std::memory_order_relaxed)->entry)
            if (is_wanted(entry.load(std::memory_order_acquire))) return true;
        return false;
    };
    u32 end = chunk_end;
    while (flags != 0 && end != 0 && !has_any(end - 1)) --end;
    for (u32 c = 0; c < end; ++c) {
        const Result<u32> place = attach_chunk(child);
        if (!place) return place.status;
        const shm::HandleChunk& from = *chunks[c].load(std::memory_order_relaxed);
        shm::HandleChunk& to = shm::chunk(shm::process(child).chunk[place.value].load(std::memory_order_relaxed) - 1);
        for (u32 i = 0; i < shm::kHandlesPerChunk; ++i) {
            const u64 entry = from.entry[i].load(std::memory_order_acquire);
            wait::Entry at;
            if (!is_wanted(entry) || wait::enter(at, target(entry)) != Status::success) continue;
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
    if (const Status s = begin(process); s != Status::success) return s;
    const wait::PrivateLock lock(free_lock);
    note_chunks();
    // Which of its values the other process had given out, is not known.
    if (chunk_end != 0) note_given(chunk_end * shm::kHandlesPerChunk - 1);
    return Status::success;
}

}  // namespace winshim::handle
