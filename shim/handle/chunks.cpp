// chunks.cpp - the table lock, and one more chunk for a table.
#include "shim/handle/chunks.h"

#include "shim/shm/slots.h"
#include "shim/wait/guard.h"

namespace winshim::handle {

TableLock::TableLock(u32 process) noexcept : lock_(shm::process(process).table), taken_(shm::take(lock_)) {
    if (taken_ == shm::Taken::owner_died) shm::made_consistent(lock_);
}

TableLock::~TableLock() noexcept {
    if (taken_ == shm::Taken::broken) return;
    shm::release(lock_);
    wait::settle();
}

Result<u32> attach_chunk_held(u32 process) noexcept {
    shm::Process& p = shm::process(process);
    // Beyond the count: damage.
    const auto leads_nowhere = [](u32 chunk) { return chunk == 0 || chunk > shm::chunk_count(); };
    u32 at = 0;
    while (at < shm::kChunksPerProcess && !leads_nowhere(p.chunk[at].load(std::memory_order_relaxed))) ++at;
    if (at == shm::kChunksPerProcess) return fail<u32>(Status::too_many_open_files);
    const Result<u32> chunk = shm::allocate_chunk(process);
    if (!chunk) return chunk;
    p.chunk[at].store(chunk.value + 1, std::memory_order_release);
    return {Status::success, at};
}

}  // namespace winshim::handle
