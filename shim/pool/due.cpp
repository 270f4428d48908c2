// due.cpp - the heap of due times.
//
// Place i has its children at 2i and 2i + 1; place 0 is not used. Room is reserved by whoever makes a record that may
// be due, so that setting a due time cannot fail.
#include <cstdlib>

#include "shim/pool/pool.h"

namespace winshim::pool {
namespace {

Due** heap = nullptr;
u32 count = 0, room = 0, reserved = 0;

void put(u32 place, Due* due) noexcept {
    heap[place] = due;
    due->index = place;
}

void rise(Due* due, u32 place) noexcept {
    for (; place > 1 && heap[place / 2]->at > due->at; place /= 2) put(place, heap[place / 2]);
    put(place, due);
}

void sink(Due* due, u32 place) noexcept {
    for (u32 child; (child = 2 * place) <= count; place = child) {
        if (child < count && heap[child + 1]->at < heap[child]->at) ++child;
        if (heap[child]->at >= due->at) break;
        put(place, heap[child]);
    }
    put(place, due);
}

void move(Due* due, u32 place) noexcept {
    rise(due, place);
    sink(due, due->index);
}

void take_out(Due& due) noexcept {
    const u32 place = due.index;
    due.index = 0;
    Due* last = heap[count--];
    if (last != &due) move(last, place);
}

u64 wall_units() noexcept {
    constexpr u64 unix_epoch = 116'444'736'000'000'000;  // 1970 as a FILETIME
    timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return unix_epoch + static_cast<u64>(t.tv_sec) * 10'000'000 + static_cast<u64>(t.tv_nsec) / 100;
}

}  // namespace

u32 absolute_timers = 0;

bool reserve_due() noexcept {
    if (reserved + 2 > room) {
        const u32 more = room == 0 ? 16 : 2 * room;
        void* at = realloc(heap, more * sizeof(void*));
        if (at == nullptr) return false;
        heap = static_cast<Due**>(at);
        room = more;
    }
    ++reserved;
    return true;
}

void unreserve_due() noexcept { --reserved; }

Due* earliest_due() noexcept { return count == 0 ? nullptr : heap[1]; }

void set_due(Due& due, u64 at, Todo& todo) noexcept {
    due.at = at;
    if (due.index == 0) rise(&due, ++count);
    else move(&due, due.index);
    if (due.index == 1) wake_timekeeper(todo);
}

void clear_due(Due& due) noexcept {
    if (due.index != 0) take_out(due);
}

void forget_all_due() noexcept {
    for (u32 i = 1; i <= count; ++i) heap[i]->index = 0;
    count = absolute_timers = 0;
}

u64 when(u64 units) noexcept {
    const u64 now = wall_units();
    const u64 still = units > now ? units - now : 0;
    return still > kForever / 100 / 2 ? kForever - 1 : now_ns() + still * 100;
}

bool renew_absolute() noexcept {
    if (absolute_timers == 0) return false;
    constexpr u64 unsteady = 2 * kNsPerMs;  // the two clocks are not read at one instant
    for (u32 i = 1; i <= count;) {
        Due* due = heap[i++];
        if (due->item == nullptr || due->item->absolute == 0) continue;
        const u64 at = when(due->item->absolute);
        if ((at > due->at ? at - due->at : due->at - at) <= unsteady) continue;
        due->at = at;
        move(due, due->index);
        i = 1;
    }
    return true;
}

}  // namespace winshim::pool
