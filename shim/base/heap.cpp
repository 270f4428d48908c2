// heap.cpp - heaps (heapapi.h).
//
// A block is memory of the C library behind a small header that names its heap and its neighbours, so that HeapDestroy
// finds all of them and a foreign pointer is refused. The process's heap keeps no list: it is never destroyed.
// Source      "HeapCreate", "HeapAlloc", "HeapReAlloc", "HeapFree", "HeapSize", "HeapDestroy".
#include <pthread.h>
#include <stdlib.h>

#include <cstring>

#include "shim/base/sdk.h"
#include "shim/next/next.h"

namespace winshim::base {
namespace {

struct Heap;
struct alignas(16) Block {
    Block* next;
    Block* previous;
    Heap* heap;
    SIZE_T bytes;
};
static_assert(sizeof(Block) == (sizeof(void*) == 8 ? 32 : 16));

constexpr u64 kHeapMark = 0x70616568'6d697773;  // told from other memory that a program may pass
struct Heap {
    u64 mark;
    SIZE_T limit;  // bytes that its blocks may have in all; 0: no limit
    SIZE_T used;
    Block* blocks;
    pthread_mutex_t lock;
};
constinit Heap process_heap{kHeapMark, 0, 0, nullptr, PTHREAD_MUTEX_INITIALIZER};

Heap* heap_of(HANDLE handle) noexcept {
    Heap* const heap = static_cast<Heap*>(handle);
    const auto v = reinterpret_cast<std::uintptr_t>(handle);
    const bool address = v % alignof(Heap) == 0 && v >= 0x10000;  // another library may have small numbers
    return address && heap->mark == kHeapMark ? heap : nullptr;
}
Block* block_of(Heap& heap, const void* memory) noexcept {
    if (memory == nullptr || reinterpret_cast<std::uintptr_t>(memory) % alignof(Block) != 0) return nullptr;
    Block* const block = static_cast<Block*>(const_cast<void*>(memory)) - 1;
    return block->heap == &heap ? block : nullptr;
}

// Counts a change of size; false: it would go beyond the limit.
bool account(Heap& heap, SIZE_T minus, SIZE_T plus) noexcept {
    if (heap.limit == 0) return true;
    pthread_mutex_lock(&heap.lock);
    const bool fits = plus <= minus || plus - minus <= heap.limit - heap.used;
    if (fits) heap.used = heap.used - minus + plus;
    pthread_mutex_unlock(&heap.lock);
    return fits;
}

void link(Heap& heap, Block& block) noexcept {
    if (&heap == &process_heap) return;
    pthread_mutex_lock(&heap.lock);
    block.previous = nullptr;
    block.next = heap.blocks;
    if (heap.blocks != nullptr) heap.blocks->previous = &block;
    heap.blocks = &block;
    pthread_mutex_unlock(&heap.lock);
}
void unlink(Heap& heap, Block& block) noexcept {
    if (&heap == &process_heap) return;
    pthread_mutex_lock(&heap.lock);
    (block.previous != nullptr ? block.previous->next : heap.blocks) = block.next;
    if (block.next != nullptr) block.next->previous = block.previous;
    pthread_mutex_unlock(&heap.lock);
}

void* allocate(Heap& heap, DWORD flags, SIZE_T bytes) noexcept {
    const KeepErrno keep;
    if (bytes > SIZE_T{PTRDIFF_MAX} - sizeof(Block) || !account(heap, 0, bytes)) return nullptr;
    const bool zero = (flags & HEAP_ZERO_MEMORY) != 0;
    void* const memory = zero ? calloc(1, sizeof(Block) + bytes) : malloc(sizeof(Block) + bytes);
    if (memory == nullptr) {
        account(heap, bytes, 0);
        return nullptr;
    }
    Block* const block = static_cast<Block*>(memory);
    *block = {nullptr, nullptr, &heap, bytes};
    link(heap, *block);
    return block + 1;
}

void* reallocate(Heap& heap, DWORD flags, Block* block, SIZE_T bytes) noexcept {
    const KeepErrno keep;
    const SIZE_T before = block->bytes;
    if (bytes > SIZE_T{PTRDIFF_MAX} - sizeof(Block) || !account(heap, before, bytes)) return nullptr;
    if ((flags & HEAP_REALLOC_IN_PLACE_ONLY) != 0) {
        if (bytes > before) {  // whether it could grow where it is, only the C library knows
            account(heap, bytes, before);
            return nullptr;
        }
        block->bytes = bytes;
        return block + 1;
    }
    unlink(heap, *block);
    void* const memory = realloc(block, sizeof(Block) + bytes);
    if (memory == nullptr) {
        link(heap, *block);
        account(heap, bytes, before);
        return nullptr;
    }
    block = static_cast<Block*>(memory);
    block->bytes = bytes;
    link(heap, *block);
    if (bytes > before && (flags & HEAP_ZERO_MEMORY) != 0)
        memset(reinterpret_cast<char*>(block + 1) + before, 0, bytes - before);
    return block + 1;
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

HANDLE WINAPI HeapCreate(DWORD flOptions, SIZE_T dwInitialSize, SIZE_T dwMaximumSize) {
    WINSHIM_LEAVE(HeapCreate, memory, flOptions, dwInitialSize, dwMaximumSize);
    const KeepErrno keep;
    Heap* const heap = static_cast<Heap*>(malloc(sizeof(Heap)));
    if (heap == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
    *heap = {kHeapMark, dwMaximumSize, 0, nullptr, PTHREAD_MUTEX_INITIALIZER};
    return heap;
}

BOOL WINAPI HeapDestroy(HANDLE hHeap) {
    const KeepErrno keep;
    Heap* const heap = heap_of(hHeap);
    WINSHIM_HAND_ON_AS(HeapDestroy, HeapDestroy, heap == nullptr, hHeap, hHeap);
    if (heap == nullptr) return failed(ERROR_INVALID_HANDLE);
    if (heap == &process_heap) return failed(ERROR_INVALID_PARAMETER);
    heap->mark = 0;
    for (Block *block = heap->blocks, *next; block != nullptr; block = next) {
        next = block->next;
        free(block);
    }
    pthread_mutex_destroy(&heap->lock);
    free(heap);
    return TRUE;
}

HANDLE WINAPI GetProcessHeap(void) {
    WINSHIM_LEAVE(GetProcessHeap, memory);
    return &process_heap;
}

LPVOID WINAPI HeapAlloc(HANDLE hHeap, DWORD dwFlags, SIZE_T dwBytes) {
    Heap* const heap = heap_of(hHeap);
    WINSHIM_HAND_ON_AS(HeapAlloc, HeapAlloc, heap == nullptr, hHeap, hHeap, dwFlags, dwBytes);
    return heap != nullptr ? allocate(*heap, dwFlags, dwBytes) : nullptr;
}

LPVOID WINAPI HeapReAlloc(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem, SIZE_T dwBytes) {
    Heap* const heap = heap_of(hHeap);
    WINSHIM_HAND_ON_AS(HeapReAlloc, HeapReAlloc, heap == nullptr, hHeap, hHeap, dwFlags, lpMem, dwBytes);
    Block* const block = heap != nullptr ? block_of(*heap, lpMem) : nullptr;
    return block != nullptr ? reallocate(*heap, dwFlags, block, dwBytes) : nullptr;
}

BOOL WINAPI HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem) {
    const KeepErrno keep;
    Heap* const heap = heap_of(hHeap);
    WINSHIM_HAND_ON_AS(HeapFree, HeapFree, heap == nullptr, hHeap, hHeap, dwFlags, lpMem);
    if (heap == nullptr) return failed(ERROR_INVALID_HANDLE);
    if (lpMem == nullptr) return TRUE;
    Block* const block = block_of(*heap, lpMem);
    if (block == nullptr) return failed(ERROR_INVALID_PARAMETER);
    unlink(*heap, *block);
    account(*heap, block->bytes, 0);
    block->heap = nullptr;
    free(block);
    return TRUE;
}

SIZE_T WINAPI HeapSize(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem) {
    Heap* const heap = heap_of(hHeap);
    WINSHIM_HAND_ON_AS(HeapSize, HeapSize, heap == nullptr, hHeap, hHeap, dwFlags, lpMem);
    const Block* const block = heap != nullptr ? block_of(*heap, lpMem) : nullptr;
    return block != nullptr ? block->bytes : static_cast<SIZE_T>(-1);
}

BOOL WINAPI HeapValidate(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem) {
    Heap* const heap = heap_of(hHeap);
    WINSHIM_HAND_ON_AS(HeapValidate, HeapValidate, heap == nullptr, hHeap, hHeap, dwFlags, lpMem);
    if (heap == nullptr) return FALSE;
    if (lpMem != nullptr) return block_of(*heap, lpMem) != nullptr;
    pthread_mutex_lock(&heap->lock);
    bool good = true;
    for (const Block* b = heap->blocks; b != nullptr; b = b->next)
        good = good && b->heap == heap && (b->next == nullptr || b->next->previous == b);
    pthread_mutex_unlock(&heap->lock);
    return good;
}
