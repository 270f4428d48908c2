// foreign.cpp - looking, closing and inserting in another process's table; closing all of it.
#include "shim/handle/foreign.h"

namespace winshim::handle {
namespace {

// Holding the table lock.
bool is_there(Owner owner) noexcept {
    shm::Process& p = shm::process(owner.process);
    const shm::Slot slot = p.slot.load(std::memory_order_acquire);  // an embryo is a child that has not called yet
    return (slot == shm::Slot::live || slot == shm::Slot::embryo) && p.object.get() == owner.object;
}

// Holding the table lock. Null: no such entry.
std::atomic<u64>* find_in(u32 process, Handle h) noexcept {
    const auto v = reinterpret_cast<std::uintptr_t>(h);
    const std::uintptr_t index = v / 4 - 1;
    if (v % 4 != 0 || index >= shm::kMaxObjects) return nullptr;
    const u32 chunk = shm::process(process).chunk[index / shm::kHandlesPerChunk].load(std::memory_order_acquire);
    if (chunk == 0 || chunk > shm::chunk_count()) return nullptr;
    return &shm::chunk(chunk - 1).entry[index % shm::kHandlesPerChunk];
}

// Holding the table lock: a free entry. Nobody keeps it free for us: the process itself may take it meanwhile.
Result<u32> find_free_in(u32 process) noexcept {
    for (u32 at = 0; at < shm::kChunksPerProcess; ++at) {
        const u32 first = at * shm::kHandlesPerChunk;
        if (find_in(process, to_handle(first)) == nullptr) {
            const Result<u32> place = attach_chunk_held(process);
            return place ? Result<u32>{Status::success, place.value * shm::kHandlesPerChunk} : place;
        }
        for (u32 i = first; i < first + shm::kHandlesPerChunk; ++i) {
            const std::atomic<u64>* slot = find_in(process, to_handle(i));
            if (slot != nullptr && slot->load(std::memory_order_acquire) == 0) return {Status::success, i};
        }
    }
    return fail<u32>(Status::too_many_open_files);
}

// Under the guard of the object: false if the process itself has just taken that entry.
bool put(std::atomic<u64>& slot, u64 entry, shm::Object& x) noexcept {
    u64 expected = 0;
    if (!slot.compare_exchange_strong(expected, entry, std::memory_order_acq_rel)) return false;
    x.refs.set(x.refs.get() + 1);
    return true;
}

}  // namespace

u64 peek_in(Owner owner, Handle h) noexcept {
    const TableLock lock(owner.process);
    if (!lock || !is_there(owner)) return 0;
    const std::atomic<u64>* slot = find_in(owner.process, h);
    return slot == nullptr ? 0 : slot->load(std::memory_order_acquire);
}

Status close_in(Owner owner, Handle h) noexcept {
    const TableLock lock(owner.process);
    if (!lock || !is_there(owner)) return Status::invalid_handle;
    std::atomic<u64>* slot = find_in(owner.process, h);
    if (slot == nullptr) return Status::invalid_handle;
    // Before, for the owner's count of its own handles (table.cpp): whoever then enters the guard sees the new number.
    // After, for its list of free entries.
    shm::process(owner.process).remote_closes.fetch_add(1, std::memory_order_acq_rel);
    const Status status = close_entry(*slot, owner.process, 0);
    if (status == Status::success)
        shm::process(owner.process).remote_closes.fetch_add(1, std::memory_order_acq_rel);
    return status;
}

Result<Handle> insert_in(Owner owner, u64 entry, u64 access_and_flags) noexcept {
    const TableLock lock(owner.process);
    for (;;) {
        if (!lock || !is_there(owner)) return fail<Handle>(Status::invalid_handle);
        const Result<u32> place = find_free_in(owner.process);
        if (!place) return fail<Handle>(place.status);
        std::atomic<u64>* slot = find_in(owner.process, to_handle(place.value));
        if (slot == nullptr) return fail<Handle>(Status::file_corrupt);
        wait::Entry at;
        if (const Status s = wait::enter(at, target(entry)); s != Status::success) return fail<Handle>(s);
        const bool stored = put(*slot, pack(target(entry), access_and_flags), at.x());
        wait::leave(at);
        if (stored) return {Status::success, to_handle(place.value)};
    }
}

bool close_all_of(u32 process) noexcept {
    const TableLock lock(process);
    if (!lock && shm::out_of_patience()) return false;
    bool complete = true;
    const u32 all = shm::chunk_count();
    for (u32 c = 0; c < all; ++c) {
        if (shm::header().chunk_owner[c].load(std::memory_order_acquire) != process + 1) continue;
        for (auto& slot : shm::chunk(c).entry) {
            if (!is_open(slot.load(std::memory_order_acquire))) continue;
            slot.fetch_and(~kProtect, std::memory_order_acq_rel);  // protection ends with the process
            // Not open any more: closed by somebody else.
            if (close_entry(slot, process, 0) == Status::out_of_time) complete = false;
        }
    }
    return complete;
}

bool release_chunks_of(u32 process) noexcept {
    const TableLock lock(process);
    if (!lock && shm::out_of_patience()) return false;
    // All of the directory: a rundown that died over this has emptied the first places only.
    for (auto& chunk : shm::process(process).chunk)
        if (chunk.load(std::memory_order_relaxed) != 0) chunk.store(0, std::memory_order_release);
    const u32 all = shm::chunk_count();
    for (u32 c = 0; c < all; ++c) {  // by owner, not by directory: a death may have left one that is not in it
        std::atomic<u32>& owner = shm::header().chunk_owner[c];
        if (owner.load(std::memory_order_acquire) != process + 1) continue;
        for (auto& slot : shm::chunk(c).entry) slot.store(0, std::memory_order_relaxed);  // what was reserved only
        owner.store(0, std::memory_order_release);
    }
    return true;
}

}  // namespace winshim::handle
