// slist.cpp - interlocked singly linked lists (interlockedapi.h).
//
// The header is two words, as on Windows: depth (16 bits) and a counter of changes; the address of the first entry,
// whose low four bits are free: bit 0 of it is a lock, held for a few instructions. A list without a lock would have to
// read the first entry's link while another thread may have popped and freed that entry; Windows catches the fault that
// follows, and a Linux library must not. So no entry is touched here unless it is in the list.
#include "shim/base/sdk.h"
#include "shim/local/futex.h"

namespace winshim::local {
namespace {

struct List {
    std::atomic<u64> count;   // depth, and above it the number of changes
    std::atomic<u64> first;   // address of the first entry; bit 0: the lock
};
static_assert(sizeof(List) == sizeof(SLIST_HEADER) && alignof(SLIST_HEADER) == 16);
constexpr u64 kLocked = 1, kOneChange = 0x10000, kDepth = 0xFFFF;

List& of(SLIST_HEADER& head) noexcept { return of_memory<List>(&head); }
u64 bits(SLIST_ENTRY* entry) noexcept { return reinterpret_cast<std::uintptr_t>(entry); }

// acquire: the links and the contents that others pushed
SLIST_ENTRY* lock(List& list) noexcept {
    u64 seen = list.first.load(std::memory_order_relaxed) & ~kLocked;
    for (u32 spins = 1; !list.first.compare_exchange_weak(seen, seen | kLocked, std::memory_order_acquire,
                                                          std::memory_order_relaxed);
         ++spins) {
        if (spins % 64 == 0) {  // the holder may wait for this processor
            const KeepErrno keep;
            sched_yield();
        }
        relax();
        seen &= ~kLocked;
    }
    return reinterpret_cast<SLIST_ENTRY*>(seen);
}

void unlock(List& list, SLIST_ENTRY* first, u64 depth) noexcept {
    const u64 changes = list.count.load(std::memory_order_relaxed) & ~kDepth;
    list.count.store((changes + kOneChange) | (depth & kDepth), std::memory_order_relaxed);
    list.first.store(bits(first), std::memory_order_release);
}

u64 depth(const List& list) noexcept { return list.count.load(std::memory_order_relaxed) & kDepth; }

PSLIST_ENTRY push(List& list, SLIST_ENTRY* first, SLIST_ENTRY* last, ULONG count) noexcept {
    SLIST_ENTRY* const before = lock(list);
    last->Next = before;
    unlock(list, first, depth(list) + count);
    return before;
}

}  // namespace
}  // namespace winshim::local

using namespace winshim;
using namespace winshim::local;

void WINAPI InitializeSListHead(PSLIST_HEADER ListHead) {
    of(*ListHead).count.store(0, std::memory_order_relaxed);
    of(*ListHead).first.store(0, std::memory_order_release);
}

PSLIST_ENTRY WINAPI InterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry) {
    return push(of(*ListHead), ListEntry, ListEntry, 1);
}

PSLIST_ENTRY WINAPI InterlockedPushListSListEx(PSLIST_HEADER ListHead, PSLIST_ENTRY List, PSLIST_ENTRY ListEnd,
                                               ULONG Count) {
    return push(of(*ListHead), List, ListEnd, Count);
}

PSLIST_ENTRY WINAPI InterlockedPopEntrySList(PSLIST_HEADER ListHead) {
    List& list = of(*ListHead);
    if (list.first.load(std::memory_order_relaxed) == 0) return nullptr;  // empty, and nobody is changing it
    SLIST_ENTRY* const first = lock(list);
    if (first == nullptr)
        unlock(list, nullptr, 0);
    else
        unlock(list, first->Next, depth(list) - 1);
    return first;
}

PSLIST_ENTRY WINAPI InterlockedFlushSList(PSLIST_HEADER ListHead) {
    List& list = of(*ListHead);
    if (list.first.load(std::memory_order_relaxed) == 0) return nullptr;
    SLIST_ENTRY* const first = lock(list);
    unlock(list, nullptr, 0);
    return first;
}

USHORT WINAPI QueryDepthSList(PSLIST_HEADER ListHead) { return static_cast<USHORT>(depth(of(*ListHead))); }
