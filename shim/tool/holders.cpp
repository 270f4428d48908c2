// holders.cpp - through all chunks of handles, once.
#include "shim/tool/holders.h"

#include "shim/object/state_word.h"
#include "shim/shm/segment.h"

namespace winshim::tool {
namespace {

constexpr u32 kProcessBits = 12;
static_assert(shm::kMaxProcesses == 1u << kProcessBits);

}  // namespace

bool count_holders(look::List<Holder>& holders) noexcept {
    look::List<u32> found;  // object above process: 20 and 12 bits
    const u32 chunks = shm::chunk_count();
    for (u32 i = 0; i < chunks; ++i) {
        const u32 owner = shm::header().chunk_owner[i].load(std::memory_order_acquire);
        if (owner == 0 || owner > shm::process_count()) continue;
        for (const std::atomic<u64>& at : shm::chunk(i).entry) {
            const u64 entry = at.load(std::memory_order_acquire);
            const u32 object = static_cast<u32>(entry >> 44);
            const u32 generation = static_cast<u32>(entry >> 16) & state::kGenerationMask;
            if (object == 0 || !state::is_live(shm::object(object).state.load(std::memory_order_acquire), generation))
                continue;
            if (!found.add(object << kProcessBits | (owner - 1))) return false;
        }
    }
    found.sort([](const void* a, const void* b) {
        const u32 x = *static_cast<const u32*>(a), y = *static_cast<const u32*>(b);
        return x < y ? -1 : x > y;
    });
    holders.clear();
    for (u32 i = 0; i < found.count();) {
        u32 same = i;
        while (same < found.count() && found[same] == found[i]) ++same;
        const Holder holder{found[i] >> kProcessBits, found[i] & ((1u << kProcessBits) - 1), same - i};
        if (!holders.add(holder)) return false;
        i = same;
    }
    return true;
}

u32 first_holder(const look::List<Holder>& holders, u32 object) noexcept {
    return holders.first_not([object](const Holder& h) { return h.object < object; });
}

}  // namespace winshim::tool
