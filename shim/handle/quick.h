// quick.h - the shortest way from a handle to its object, and what can be done there by one compare-and-swap.
//
// Purpose     The exports try this first and go the whole way (table.h, wait/fast.h, wait/change.h) for whatever it
//             does not cover. It calls nothing and keeps nothing on the stack: an export is this and a jump.
// Right       because it does what the whole way does, for the commonest words only. `clear` is what the state word of
//             this very object says while it is live, its value 0, SLOW and MARK off. What a word differs from that
//             (value()) is its value, if it is below 2^32; if not, the object is another generation's, or not live, or
//             flagged, and the whole way judges. The swap is from a word that it has looked at so, and contains
//             generation and flags: so it is one of the transitions T1 and T2 of state_word.h, or it misses. What the
//             next word is, the rules and the kinds say, as everywhere (object/).
//             Indices are judged like everywhere: a handle by one unsigned compare, an object against the number of
//             slots that are known to be committed.
#pragma once
#include <bit>

#include "shim/handle/table.h"
#include "shim/shm/seed.h"

namespace winshim::handle {

// In a build with a seeded defect (shm/seed.h) there is no quick way: the defect is on the other.
inline constexpr bool kQuickWay = !seeded(Pitfall::set_is_a_load) && !seeded(Pitfall::no_generation);

struct Quick {
    shm::Object* x = nullptr;  // null: not this way
    u64 clear = 0;

    // The value of the word `s`; kNoValue or above if only the whole way can judge it.
    u64 value(u64 s) const noexcept { return s ^ clear; }
    u64 look() const noexcept { return x->state.load(std::memory_order_acquire); }
    // T1 or T2, of a word `s` that value() knows.
    bool swap(u64 s, u64 next) const noexcept {
        return WINSHIM_LIKELY(x->state.compare_exchange_strong(s, next, std::memory_order_acq_rel,
                                                               std::memory_order_relaxed));
    }
};
inline constexpr u64 kNoValue = 1ull << 32;

// The object of an open handle that has all of `rights`.
[[gnu::always_inline]] inline Quick quick(Handle h, u64 rights) noexcept {
    if (!kQuickWay || WINSHIM_UNLIKELY(!attached())) return {};
    const std::uintptr_t index = index_of(h);
    if (WINSHIM_UNLIKELY(index >= shm::kMaxObjects)) return {};
    const shm::HandleChunk* const chunk = chunks[index / shm::kHandlesPerChunk].load(std::memory_order_acquire);
    if (WINSHIM_UNLIKELY(chunk == nullptr)) return {};
    const u64 entry = chunk->entry[index % shm::kHandlesPerChunk].load(std::memory_order_acquire);
    if (WINSHIM_UNLIKELY(!may(entry, rights))) return {};
    const u32 object = target(entry).object;
    if (WINSHIM_UNLIKELY(object >= shm::known.objects.load(std::memory_order_relaxed))) return {};
    // As state::live(target(entry).generation, 0): the entry's object falls off above, its rights below.
    return {&shm::slot_at<shm::Object>(shm::kObjectsAt, object),
            entry >> kGenerationShift << state::kGenerationShift | state::kLive};
}

}  // namespace winshim::handle
