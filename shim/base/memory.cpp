// memory.cpp - Local and Global memory (winshim_memory.h).
//
// A fixed block is its own handle: the address behind a header, on a 16-byte boundary. The handle of a moveable block
// is the address of its description plus 8, so that the two are told apart by the address alone, as on Windows.
// Source      "LocalAlloc", "LocalReAlloc", "LocalLock", "LocalUnlock" and the Global functions' pages.
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

#include <cstring>

#include "shim/base/fork_lock.h"
#include "shim/base/sdk.h"
#include "shim/next/next.h"

namespace winshim::base {
namespace {

constexpr u64 kFixedMark = 0x6465786966'6d6577, kMoveableMark = 0x65766f6d'6d657774;

struct Moveable;
struct alignas(16) Header {  // before every block's bytes
    u64 mark;
    union {
        SIZE_T bytes;        // fixed
        Moveable* owner;     // moveable
    };
};
static_assert(sizeof(Header) == 16);
struct alignas(16) Moveable {
    u64 mark;
    u64 handle_points_here;
    Header* header;
    SIZE_T bytes;
    u32 locks;
};
static_assert(offsetof(Moveable, handle_points_here) == 8);

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;  // guards the lock counts
using Guard = base::ForkLock<lock>;
__attribute__((constructor)) void watch_forks() noexcept { Guard::watch_forks(); }

Header* fixed_of(const void* handle) noexcept {
    if (handle == nullptr || reinterpret_cast<std::uintptr_t>(handle) % 16 != 0) return nullptr;
    Header* const header = static_cast<Header*>(const_cast<void*>(handle)) - 1;
    return header->mark == kFixedMark ? header : nullptr;
}
Moveable* moveable_of(const void* handle) noexcept {
    if (reinterpret_cast<std::uintptr_t>(handle) % 16 != 8) return nullptr;
    Moveable* const m = reinterpret_cast<Moveable*>(static_cast<char*>(const_cast<void*>(handle)) - 8);
    return m->mark == kMoveableMark ? m : nullptr;
}
HANDLE handle_of(Moveable& m) noexcept { return &m.handle_points_here; }

Header* new_header(UINT flags, SIZE_T bytes) noexcept {
    if (bytes > SIZE_T{PTRDIFF_MAX} - sizeof(Header)) return nullptr;
    const SIZE_T all = sizeof(Header) + bytes;
    return static_cast<Header*>((flags & LMEM_ZEROINIT) != 0 ? calloc(1, all) : malloc(all));
}

HANDLE allocate(UINT flags, SIZE_T bytes) noexcept {
    const KeepErrno keep;
    Header* const header = new_header(flags, bytes);
    if (header == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
    if ((flags & LMEM_MOVEABLE) == 0) {
        header->mark = kFixedMark;
        header->bytes = bytes;
        return header + 1;
    }
    Moveable* const m = static_cast<Moveable*>(malloc(sizeof(Moveable)));
    if (m == nullptr) {
        free(header);
        return failed(ERROR_NOT_ENOUGH_MEMORY);
    }
    *m = {kMoveableMark, 0, header, bytes, 0};
    header->mark = kMoveableMark;
    header->owner = m;
    return handle_of(*m);
}

// The header with another size, or nullptr: it would have to move and must not, or there is no memory.
Header* resize(Header* header, SIZE_T before, SIZE_T bytes, UINT flags, bool may_move) noexcept {
    const bool fits = bytes <= malloc_usable_size(header) - sizeof(Header);
    Header* const result = bytes > SIZE_T{PTRDIFF_MAX} - sizeof(Header) || (!fits && !may_move) ? nullptr
                           : fits && !may_move ? header
                                               : static_cast<Header*>(realloc(header, sizeof(Header) + bytes));
    if (result != nullptr && bytes > before && (flags & LMEM_ZEROINIT) != 0)
        memset(reinterpret_cast<char*>(result + 1) + before, 0, bytes - before);
    return result;
}

HANDLE reallocate(HANDLE handle, SIZE_T bytes, UINT flags) noexcept {
    const KeepErrno keep;
    const bool may_move = (flags & LMEM_MOVEABLE) != 0;
    if (Header* const header = fixed_of(handle)) {
        if ((flags & LMEM_MODIFY) != 0) return handle;
        Header* const result = resize(header, header->bytes, bytes, flags, may_move);
        if (result == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
        result->bytes = bytes;
        return result + 1;
    }
    Moveable* const m = moveable_of(handle);
    if (m == nullptr) return failed(ERROR_INVALID_HANDLE);
    if ((flags & LMEM_MODIFY) != 0) return handle;
    const Guard guard;
    Header* const result = resize(m->header, m->bytes, bytes, flags, may_move || m->locks == 0);
    if (result == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
    m->header = result;
    m->bytes = bytes;
    return handle;
}

HANDLE release(HANDLE handle) noexcept {
    const KeepErrno keep;
    if (handle == nullptr) return nullptr;
    if (Header* const header = fixed_of(handle)) {
        header->mark = 0;
        free(header);
        return nullptr;
    }
    if (Moveable* const m = moveable_of(handle)) {
        m->mark = 0;
        m->header->mark = 0;
        free(m->header);
        free(m);
        return nullptr;
    }
    last_error = ERROR_INVALID_HANDLE;
    return handle;
}

SIZE_T size(HANDLE handle) noexcept {
    if (const Header* const header = fixed_of(handle)) return header->bytes;
    if (const Moveable* const m = moveable_of(handle)) return m->bytes;
    last_error = ERROR_INVALID_HANDLE;
    return 0;
}

LPVOID lock_block(HANDLE handle) noexcept {
    if (fixed_of(handle) != nullptr) return handle;
    Moveable* const m = moveable_of(handle);
    if (m == nullptr) return failed(ERROR_INVALID_HANDLE);
    const Guard guard;
    if (m->locks < LMEM_LOCKCOUNT) ++m->locks;
    return m->header + 1;
}

BOOL unlock_block(HANDLE handle, bool fixed_stays_locked) noexcept {
    if (fixed_of(handle) != nullptr) return fixed_stays_locked ? BOOL{TRUE} : failed(ERROR_NOT_LOCKED);
    Moveable* const m = moveable_of(handle);
    if (m == nullptr) return failed(ERROR_INVALID_HANDLE);
    const Guard guard;
    if (m->locks == 0) return failed(ERROR_NOT_LOCKED);
    return --m->locks > 0 ? BOOL{TRUE} : failed(NO_ERROR);
}

HANDLE handle_at(const void* memory) noexcept {
    if (fixed_of(memory) != nullptr) return const_cast<void*>(memory);
    if (memory != nullptr && reinterpret_cast<std::uintptr_t>(memory) % 16 == 0) {
        const Header* const header = static_cast<const Header*>(memory) - 1;
        if (header->mark == kMoveableMark) return handle_of(*header->owner);
    }
    return failed(ERROR_INVALID_HANDLE);
}

UINT flags_of(HANDLE handle) noexcept {
    if (fixed_of(handle) != nullptr) return 0;
    if (const Moveable* const m = moveable_of(handle)) {
        const Guard guard;
        return m->locks;
    }
    last_error = ERROR_INVALID_HANDLE;
    return LMEM_INVALID_HANDLE;
}

// Where another library makes such memory, all of it is its own: what lies before it is not looked at.
bool is_others(HANDLE handle, next::Name maker) noexcept {
    if (handle == nullptr) return false;
    if (next::is_left(next::Family::memory) && next::find(maker) != nullptr) return true;
    return fixed_of(handle) == nullptr && moveable_of(handle) == nullptr;
}
bool is_others_block(const void* memory, next::Name maker) noexcept {
    if (memory != nullptr && next::is_left(next::Family::memory) && next::find(maker) != nullptr) return true;
    const u32 error = last_error;
    const bool is = handle_at(memory) != nullptr;
    last_error = error;
    return !is;
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

// LocalAlloc ... LocalFlags, GlobalAlloc ... GlobalFlags: the same blocks under two names.
#define WINSHIM_BLOCK_CALLS(kind, is_global)                                                                          \
HANDLE WINAPI kind##Alloc(UINT uFlags, SIZE_T uBytes) {                                                               \
    WINSHIM_LEAVE(kind##Alloc, memory, uFlags, uBytes);                                                               \
    return allocate(uFlags, uBytes);                                                                                  \
}                                                                                                                     \
HANDLE WINAPI kind##ReAlloc(HANDLE hMem, SIZE_T uBytes, UINT uFlags) {                                                \
    WINSHIM_HAND_ON_AS(kind##ReAlloc, kind##ReAlloc, is_others(hMem, next::Name::kind##Alloc), hMem, hMem, uBytes,    \
                       uFlags);                                                                                       \
    return reallocate(hMem, uBytes, uFlags);                                                                          \
}                                                                                                                     \
HANDLE WINAPI kind##Free(HANDLE hMem) {                                                                               \
    WINSHIM_HAND_ON_AS(kind##Free, kind##Free, is_others(hMem, next::Name::kind##Alloc), hMem, hMem);                 \
    return release(hMem);                                                                                             \
}                                                                                                                     \
SIZE_T WINAPI kind##Size(HANDLE hMem) {                                                                               \
    WINSHIM_HAND_ON_AS(kind##Size, kind##Size, is_others(hMem, next::Name::kind##Alloc), hMem, hMem);                 \
    return size(hMem);                                                                                                \
}                                                                                                                     \
LPVOID WINAPI kind##Lock(HANDLE hMem) {                                                                               \
    WINSHIM_HAND_ON_AS(kind##Lock, kind##Lock, is_others(hMem, next::Name::kind##Alloc), hMem, hMem);                 \
    return lock_block(hMem);                                                                                          \
}                                                                                                                     \
BOOL WINAPI kind##Unlock(HANDLE hMem) {                                                                               \
    WINSHIM_HAND_ON_AS(kind##Unlock, kind##Unlock, is_others(hMem, next::Name::kind##Alloc), hMem, hMem);             \
    return unlock_block(hMem, is_global);                                                                             \
}                                                                                                                     \
HANDLE WINAPI kind##Handle(LPCVOID pMem) {                                                                            \
    WINSHIM_HAND_ON_AS(kind##Handle, kind##Handle, is_others_block(pMem, next::Name::kind##Alloc), pMem, pMem);       \
    return handle_at(pMem);                                                                                           \
}                                                                                                                     \
UINT WINAPI kind##Flags(HANDLE hMem) {                                                                                \
    WINSHIM_HAND_ON_AS(kind##Flags, kind##Flags, is_others(hMem, next::Name::kind##Alloc), hMem, hMem);               \
    return flags_of(hMem);                                                                                            \
}

WINSHIM_BLOCK_CALLS(Local, false)
WINSHIM_BLOCK_CALLS(Global, true)
