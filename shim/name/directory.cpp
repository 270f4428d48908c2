// directory.cpp - the hash table of names.
#include "shim/name/directory.h"

#include "shim/handle/table.h"
#include "shim/shm/explain.h"
#include "shim/shm/slots.h"

namespace winshim::name {
namespace {

using shm::cell;
using shm::NameCell;

constexpr u32 kCollectAbove = 64;  // stale names that are always tolerated

shm::Header& header() noexcept { return shm::header(); }

u32 cells_in_use() noexcept {
    const u32 next = header().cell_next.get(), most = shm::cell_count();
    return next < most ? next : most;
}

u64 pack(wait::Target t) noexcept { return (u64{t.object} << 28) | t.generation; }
wait::Target unpack(u64 packed) noexcept {
    return {static_cast<u32>(packed >> 28), static_cast<u32>(packed) & state::kGenerationMask};
}

bool counts(NameCell& head) noexcept {
    const wait::Target t = unpack(head.head.object.get());
    return t.object != 0 && t.object < shm::object_count() &&
           state::is_live(shm::object(t.object).state.load(std::memory_order_acquire), t.generation);
}

u32 more_cells(u32 length) noexcept {
    if (length > kMaxBytes) length = kMaxBytes;  // no name is longer
    return length <= shm::kHeadText ? 0 : (length - shm::kHeadText + shm::kCellText - 1) / shm::kCellText;
}

Field<u32>& bucket_of(u32 hash) noexcept { return shm::bucket(hash & (shm::bucket_count() - 1)); }

// Runs over the places of a name's bytes, cell by cell: f(place, index of the byte); stops when f returns false.
template <class F>
bool each_byte(u32 head, u32 length, F f) noexcept {
    u32 at = 0;
    for (; at < length && at < shm::kHeadText; ++at)
        if (!f(cell(head).head.text[at], at)) return false;
    u32 next = cell(head).more.get();
    while (at < length) {
        if (next == 0 || next >= shm::cell_count()) return false;
        for (u32 i = 0; i < shm::kCellText && at < length; ++i, ++at)
            if (!f(cell(next).text[i], at)) return false;
        next = cell(next).more.get();
    }
    return true;
}

bool same(u32 head, u32 hash, const Text& text) noexcept {
    if (cell(head).head.hash.get() != hash || cell(head).head.length.get() != text.length) return false;
    return each_byte(head, text.length, [&](Field<u8>& b, u32 i) { return b.get() == text.bytes[i]; });
}

// Lookers read names without the lock (look/objects.cpp): that a cell is free is seen before anything that is written
// into it later, and that a head counts, after everything that it leads to.
void order_for_lookers() noexcept { std::atomic_thread_fence(std::memory_order_release); }

void give_back(u32 index) noexcept {
    cell(index).use.set(shm::kCellFree);
    order_for_lookers();
    cell(index).more.set(header().cell_free.get());
    header().cell_free.set(index);
}

void give_back_name(u32 head) noexcept {
    u32 next = cell(head).more.get();
    for (u32 n = more_cells(cell(head).head.length.get()); n != 0 && next != 0 && next < shm::cell_count(); --n) {
        const u32 after = cell(next).more.get();
        give_back(next);
        next = after;
    }
    give_back(head);
    header().name_count.set(header().name_count.get() - 1);
}

Result<u32> take_cell() noexcept {
    if (const u32 index = header().cell_free.get(); index != 0 && index < shm::cell_count()) {
        header().cell_free.set(cell(index).more.get());
        return {Status::success, index};
    }
    u32 index = cells_in_use();
    if (index == shm::cell_count())
        if (const Status s = shm::grow_cells(index); s != Status::success) return fail<u32>(s);
    if (index == 0) index = 1;
    header().cell_next.set(index + 1);
    return {Status::success, index};
}

// All buckets, chains, the free list and the counts anew, from the head cells that count. After a death, for a larger
// table, and to collect what is stale.
void rebuild() noexcept {
    const u32 end = cells_in_use(), buckets = shm::bucket_count();
    for (u32 i = 1; i < end; ++i)
        if (cell(i).use.get() != shm::kCellHead || !counts(cell(i))) cell(i).use.set(shm::kCellFree);
    for (u32 i = 0; i < buckets; ++i) shm::bucket(i).set(0);
    u32 names = 0;
    for (u32 i = 1; i < end; ++i) {
        if (cell(i).use.get() != shm::kCellHead) continue;
        u32 next = cell(i).more.get(), wanted = more_cells(cell(i).head.length.get());
        for (; wanted != 0 && next != 0 && next < end && cell(next).use.get() == shm::kCellFree; --wanted) {
            cell(next).use.set(shm::kCellMore);
            next = cell(next).more.get();
        }
        if (wanted != 0) {  // torn text: such a name was never finished, or is damaged
            cell(i).use.set(shm::kCellFree);
            continue;
        }
        Field<u32>& bucket = bucket_of(cell(i).head.hash.get());
        cell(i).head.next.set(bucket.get());
        bucket.set(i);
        ++names;
    }
    header().cell_free.set(0);
    for (u32 i = end; i-- > 1;)
        if (cell(i).use.get() == shm::kCellFree) give_back(i);
    header().name_count.set(names);
    header().stale_names.store(0, std::memory_order_relaxed);
}

void unlink(u32 hash, u32 index) noexcept {
    Field<u32>* link = &bucket_of(hash);
    for (u32 steps = cells_in_use(); link->get() != 0 && steps != 0; --steps) {
        const u32 at = link->get();
        if (at == index) {
            link->set(cell(index).head.next.get());
            give_back_name(index);
            return;
        }
        if (at >= shm::cell_count()) return;
        link = &cell(at).head.next;
    }
}

void one_stale_less() noexcept {
    u32 stale = header().stale_names.load(std::memory_order_relaxed);
    while (stale != 0 && !header().stale_names.compare_exchange_weak(stale, stale - 1, std::memory_order_relaxed)) {}
}

// Before an insertion: collects when the stale outnumber the live; doubles the table when chains get long.
void keep_house() noexcept {
    const u32 stale = header().stale_names.load(std::memory_order_relaxed), names = header().name_count.get();
    const u32 live = names > stale ? names - stale : 0;
    if (stale > kCollectAbove && stale > live) return rebuild();
    const u32 buckets = shm::bucket_count();
    if (names < buckets || buckets >= shm::kMaxBuckets) return;
    if (shm::commit(shm::kBucketsAt + u64{buckets} * 4, shm::kBucketsAt + u64{buckets} * 8) != Status::success) return;
    header().bucket_count.store(buckets * 2);
    rebuild();
}

}  // namespace

NamesLock::NamesLock() noexcept {
    const shm::Taken taken = shm::take(header().names);
    held_ = taken != shm::Taken::broken;
    if (taken != shm::Taken::owner_died) return;
    rebuild();
    shm::made_consistent(header().names);
}

NamesLock::~NamesLock() noexcept {
    if (!held_) return;
    shm::release(header().names);
    wait::settle();
}

Found find(const Text& text, Kind kind, u32 kinds) noexcept {
    const u32 hash = text.hash();
    Found other;
    u32 next = 0;
    u32 steps = cells_in_use();
    for (u32 index = bucket_of(hash).get(); index != 0 && index < shm::cell_count() && steps != 0;
         index = next, --steps) {
        next = cell(index).head.next.get();
        handle::will_use(unpack(cell(index).head.object.get()).object);
        if (!counts(cell(index))) {
            unlink(hash, index);
            one_stale_less();
            continue;
        }
        if (!same(index, hash, text)) continue;
        const wait::Target target = unpack(cell(index).head.object.get());
        const Kind its = static_cast<Kind>(shm::object(target.object).type.get());
        if (its == kind) return {index, target, its};
        if (other.cell == 0 && (kinds >> (static_cast<u32>(its) % 32) & 1) != 0) other = {index, target, its};
    }
    return other;
}

namespace {

// A name that found no room for all of its cells: they are free again. (If this dies, NAMES is rebuilt.)
void give_up(u32 head) noexcept {
    for (u32 next = cell(head).more.get(); next != 0;) {
        const u32 after = cell(next).more.get();
        give_back(next);
        next = after;
    }
    give_back(head);
}

Status put(const Text& text, wait::Target target) noexcept {
    const Result<u32> head = take_cell();
    if (!head) return head.status;
    const u32 index = head.value;
    cell(index).use.set(shm::kCellFree);
    order_for_lookers();
    cell(index).more.set(0);
    cell(index).head.length.set(text.length);
    u32 last = index;
    for (u32 n = more_cells(text.length); n != 0; --n) {
        const Result<u32> more = take_cell();
        if (!more) {
            give_up(index);
            return more.status;
        }
        cell(more.value).use.set(shm::kCellMore);
        cell(more.value).more.set(0);
        cell(last).more.set(more.value);
        last = more.value;
    }
    each_byte(index, text.length, [&](Field<u8>& b, u32 i) {
        b.set(text.bytes[i]);
        return true;
    });
    const u32 hash = text.hash();
    cell(index).head.hash.set(hash);
    order_for_lookers();
    cell(index).head.object.set(pack(target));
    cell(index).use.set(shm::kCellHead);
    cell(index).head.next.set(bucket_of(hash).get());
    bucket_of(hash).set(index);
    shm::object(target.object).name.set(index);
    header().name_count.set(header().name_count.get() + 1);
    return Status::success;
}

}  // namespace

// At the end of the cells those of stale names are collected, be they ever so few.
Status insert(const Text& text, wait::Target target) noexcept {
    keep_house();
    Status status = put(text, target);
    if (status != Status::no_system_resources || header().stale_names.load(std::memory_order_relaxed) == 0)
        return status;
    rebuild();
    status = put(text, target);
    shm::room_after_all(status);
    return status;
}

void remove(const Text& text, u32 index) noexcept { unlink(text.hash(), index); }

}  // namespace winshim::name
