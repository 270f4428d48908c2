// slots.cpp - arrays that grow, and the free slots in them.
//
// Purpose     The header's counts say how many slots of each array have memory behind them; they only rise, by whoever
//             holds GROW, after the new slots are ready for use (their locks initialised). A death in between leaves
//             the count as it was, and the next one does it again.
// Hints       A free object is free because its state word says so. The hint bits only say where to look: one too many
//             costs a look, one too few hides a slot until mend_hint(). Searching goes forward from a cursor, so that
//             slots are reused in turn and a generation cannot come round within somebody's stalled compare-and-swap.
#include "shim/shm/slots.h"

#include "shim/object/state_word.h"
#include "shim/shm/explain.h"

namespace winshim::shm {
namespace {

class GrowLock {
public:
    GrowLock() noexcept : taken_(take(header().grow)) {
        if (taken_ == Taken::owner_died) made_consistent(header().grow);
    }
    ~GrowLock() noexcept {
        if (taken_ != Taken::broken) release(header().grow);
    }
    explicit operator bool() const noexcept { return taken_ != Taken::broken; }

private:
    Taken taken_;
};

constexpr u32 clamp(u32 n, u32 least, u32 most) { return n < least ? least : n > most ? most : n; }

// The pattern of all arrays: commit the next batch, make its slots ready, publish the count.
template <class Ready>
Status grow(Count& count, std::atomic<u32>& mine, u32 seen, u32 most, u32 batch, u64 at, u64 size,
            Ready ready) noexcept {
    const GrowLock lock;
    if (!lock) return Status::file_corrupt;
    const u32 have = counted(count, mine, most);
    if (have != count.load() || !count.sound()) count.store(have);  // damaged: nobody knows better than we do
    if (have > seen) return Status::success;
    if (have == most) return refuse(Why::out_of_slots);
    const u32 next = clamp(have + batch, 0, most);
    if (const Status s = commit(at + u64{have} * size, at + u64{next} * size); s != Status::success) return s;
    for (u32 i = have; i < next; ++i) ready(i);
    count.store(next);
    return Status::success;
}

void set_hint(u32 index) noexcept {
    hint(index / 64).fetch_or(1ull << (index % 64), std::memory_order_release);
    header().hint_summary[index / 64 / 64].fetch_or(1ull << (index / 64 % 64), std::memory_order_release);
}

bool is_free(u32 index) noexcept {
    return state::phase(object(index).state.load(std::memory_order_acquire)) == state::kFree;
}

// Takes the bit away and looks again: the slot may have been freed between the caller's look and the store.
void clear_hint(u32 index) noexcept {
    hint(index / 64).fetch_and(~(1ull << (index % 64)), std::memory_order_acq_rel);
    if (is_free(index)) set_hint(index);
}

void clear_summary(u32 word) noexcept {
    std::atomic<u64>& summary = header().hint_summary[word / 64];
    summary.fetch_and(~(1ull << (word % 64)), std::memory_order_acq_rel);
    if (hint(word).load(std::memory_order_acquire) != 0)
        summary.fetch_or(1ull << (word % 64), std::memory_order_release);
}

bool claim(u32 index, u32 maker) noexcept {
    std::atomic<u64>& word = object(index).state;
    u64 s = word.load(std::memory_order_acquire);
    // acq_rel: acquires the last tenant's end, releases nothing yet but keeps the slot's story in one order.
    const bool won = state::phase(s) == state::kFree &&
                     word.compare_exchange_strong(s, state::allocating(state::generation(s), maker),
                                                  std::memory_order_acq_rel, std::memory_order_relaxed);
    clear_hint(index);
    return won;
}

// One hint word: claims the first free slot at or after bit `from`. 0 if there is none.
u32 claim_in_word(u32 word, u32 from, u32 maker) noexcept {
    u64 bits = hint(word).load(std::memory_order_acquire) >> from << from;
    while (bits != 0) {
        const u32 index = word * 64 + static_cast<u32>(__builtin_ctzll(bits));
        if (claim(index, maker)) return index;
        bits &= bits - 1;
    }
    return 0;
}

// From the cursor to the end and from the start to the cursor; the summary skips what is full.
u32 search(u32 maker) noexcept {
    const u32 words = object_count() / 64;
    if (words == 0) return 0;
    const u32 cursor = header().cursor.load(std::memory_order_relaxed) % (words * 64);
    u32 word = cursor / 64;
    if (const u32 found = claim_in_word(word, cursor % 64, maker); found != 0) return found;
    for (u32 step = 0; step <= words; ++step) {
        word = word + 1 >= words ? 0 : word + 1;
        const u64 summary = header().hint_summary[word / 64].load(std::memory_order_acquire) >> (word % 64);
        if (summary == 0) {  // nothing in the rest of this summary word
            const u32 skip = 63 - word % 64;
            step += skip;
            word = word + skip >= words ? words - 1 : word + skip;
            continue;
        }
        if ((summary & 1) == 0) continue;
        if (const u32 found = claim_in_word(word, 0, maker); found != 0) return found;
        if (hint(word).load(std::memory_order_acquire) == 0) clear_summary(word);
    }
    return 0;
}

}  // namespace

Status grow_objects(u32 seen) noexcept {
    const u32 batch = clamp(seen, 64, 4096);
    if (seen % 64 == 0 && seen < kMaxObjects) {
        const u32 first_word = seen / 64, last_word = clamp(seen + batch, 0, kMaxObjects) / 64;
        if (const Status s = commit(kHintsAt + first_word * 8ull, kHintsAt + last_word * 8ull); s != Status::success)
            return s;
    }
    return grow(header().objects, known.objects, seen, kMaxObjects, batch, kObjectsAt, sizeof(Object), [](u32 i) {
        init(slot_at<Object>(kObjectsAt, i).guard);
        if (i != 0) set_hint(i);
    });
}

Status grow_threads(u32 seen) noexcept {
    return grow(header().threads, known.threads, seen, kMaxThreads, clamp(seen, 8, 64), kThreadsAt, sizeof(Thread),
                [](u32 i) { init(slot_at<Thread>(kThreadsAt, i).life); });
}

Status grow_processes(u32 seen) noexcept {
    return grow(header().processes, known.processes, seen, kMaxProcesses, clamp(seen, 2, 16), kProcessesAt,
                sizeof(Process),
                [](u32 i) { init(slot_at<Process>(kProcessesAt, i).table); });
}

Status grow_cells(u32 seen) noexcept {
    return grow(header().cells, known.cells, seen, kMaxNameCells, clamp(seen, 64, 4096), kCellsAt, sizeof(NameCell),
                [](u32) {});
}

Result<u32> allocate_object(u32 maker) noexcept {
    for (;;) {
        const u32 seen = object_count();
        if (const u32 index = search(maker); index != 0) {
            header().cursor.store(index + 1, std::memory_order_relaxed);
            return {Status::success, index};
        }
        if (const Status s = grow_objects(seen); s != Status::success) return fail<u32>(s);
    }
}

void free_object(u32 index) noexcept {
    Object& x = object(index);
    // release: whoever claims the slot next sees everything that was done with it before.
    x.state.store(state::freed(state::generation(x.state.load(std::memory_order_relaxed))), std::memory_order_release);
    set_hint(index);
}

void mend_hint(u32 index) noexcept {
    const auto has = [](std::atomic<u64>& word, u32 bit) {
        return (word.load(std::memory_order_acquire) >> bit & 1) != 0;
    };
    const bool seen = has(hint(index / 64), index % 64) &&
                      has(header().hint_summary[index / 64 / 64], index / 64 % 64);
    if (is_free(index) && !seen) set_hint(index);
}

Result<u32> allocate_chunk(u32 owner) noexcept {
    for (;;) {
        const u32 seen = chunk_count();
        for (u32 i = 0; i < seen; ++i) {
            u32 nobody = 0;
            if (header().chunk_owner[i].load(std::memory_order_relaxed) == 0 &&
                header().chunk_owner[i].compare_exchange_strong(nobody, owner + 1, std::memory_order_acq_rel,
                                                                std::memory_order_relaxed))
                return {Status::success, i};
        }
        const Status s = grow(header().chunks, known.chunks, seen, kMaxChunks, clamp(seen, 2, 16), kChunksAt,
                              sizeof(HandleChunk),
                              [](u32) {});
        if (s != Status::success) return fail<u32>(s);
    }
}

}  // namespace winshim::shm
