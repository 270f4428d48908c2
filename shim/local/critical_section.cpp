// critical_section.cpp - critical sections (winshim_lock.h).
//
// The lock word is LockCount: -1 free, 0 owned, 1 owned and somebody may sleep. It is -1 and not 0 because a structure
// initialized by hand, {NULL, -1, 0, 0, 0, 0}, is a free critical section on Windows, too. Who has slept takes the lock
// with 1, for it cannot know whether it was the last: one wake-up too many is harmless, one too few a hang.
// OwningThread is written by the owner alone and read by anybody: only the owner can find its own id there.
// RecursionCount belongs to the owner.
// Source      statements CritSec-01 to -11.
#include "shim/base/sdk.h"
#include "shim/local/futex.h"

namespace winshim::local {
namespace {

constexpr u32 kFree = 0xFFFFFFFF, kOwned = 0, kContended = 1;
constexpr DWORD kSpinMask = 0x00FFFFFF;

Word& lock_word(CRITICAL_SECTION& s) noexcept { return of_memory<Word>(&s.LockCount); }
std::atomic<std::uintptr_t>& owner(CRITICAL_SECTION& s) noexcept {
    return of_memory<std::atomic<std::uintptr_t>>(&s.OwningThread);
}
std::atomic<ULONG_PTR>& spin_count(CRITICAL_SECTION& s) noexcept {
    return of_memory<std::atomic<ULONG_PTR>>(&s.SpinCount);
}
static_assert(sizeof(Word) == sizeof(LONG) && sizeof(std::atomic<std::uintptr_t>) == sizeof(HANDLE));

void initialize(CRITICAL_SECTION& s, DWORD spins) noexcept {
    s.DebugInfo = nullptr;
    s.RecursionCount = 0;
    s.LockSemaphore = nullptr;
    owner(s).store(0, std::memory_order_relaxed);
    spin_count(s).store(spins & kSpinMask, std::memory_order_relaxed);
    lock_word(s).store(kFree, std::memory_order_release);
}

// acquire: what the last owner wrote; failure reads nothing.
bool try_lock(Word& word) noexcept {
    u32 expected = kFree;
    return word.compare_exchange_strong(expected, kOwned, std::memory_order_acquire, std::memory_order_relaxed);
}

[[gnu::noinline]] void lock_slowly(CRITICAL_SECTION& s) noexcept {
    Word& word = lock_word(s);
    if (several_processors())
        for (ULONG_PTR left = spin_count(s).load(std::memory_order_relaxed); left > 0; --left) {
            if (word.load(std::memory_order_relaxed) == kFree && try_lock(word)) return;
            relax();
        }
    while (word.exchange(kContended, std::memory_order_acquire) != kFree) futex_wait(word, kContended);
}

bool owned_by_me(CRITICAL_SECTION& s) noexcept { return owner(s).load(std::memory_order_relaxed) == thread_id(); }

void become_owner(CRITICAL_SECTION& s) noexcept {
    owner(s).store(thread_id(), std::memory_order_relaxed);
    s.RecursionCount = 1;
}

}  // namespace
}  // namespace winshim::local

using namespace winshim;
using namespace winshim::local;

void WINAPI InitializeCriticalSection(LPCRITICAL_SECTION lpCriticalSection) { initialize(*lpCriticalSection, 0); }

BOOL WINAPI InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION lpCriticalSection, DWORD dwSpinCount) {
    initialize(*lpCriticalSection, dwSpinCount);
    return TRUE;
}

BOOL WINAPI InitializeCriticalSectionEx(LPCRITICAL_SECTION lpCriticalSection, DWORD dwSpinCount, DWORD Flags) {
    if ((Flags & ~DWORD{CRITICAL_SECTION_NO_DEBUG_INFO}) != 0 || (dwSpinCount & ~kSpinMask) != 0)
        return failed(ERROR_INVALID_PARAMETER);
    initialize(*lpCriticalSection, dwSpinCount);
    return TRUE;
}

DWORD WINAPI SetCriticalSectionSpinCount(LPCRITICAL_SECTION lpCriticalSection, DWORD dwSpinCount) {
    const ULONG_PTR spins = dwSpinCount & kSpinMask;
    return static_cast<DWORD>(spin_count(*lpCriticalSection).exchange(spins, std::memory_order_relaxed));
}

void WINAPI EnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection) {
    CRITICAL_SECTION& s = *lpCriticalSection;
    if (WINSHIM_UNLIKELY(!try_lock(lock_word(s)))) {
        if (owned_by_me(s)) {
            ++s.RecursionCount;
            return;
        }
        lock_slowly(s);
    }
    become_owner(s);
}

BOOL WINAPI TryEnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection) {
    CRITICAL_SECTION& s = *lpCriticalSection;
    if (try_lock(lock_word(s))) {
        become_owner(s);
        return TRUE;
    }
    if (!owned_by_me(s)) return FALSE;
    ++s.RecursionCount;
    return TRUE;
}

void WINAPI LeaveCriticalSection(LPCRITICAL_SECTION lpCriticalSection) {
    CRITICAL_SECTION& s = *lpCriticalSection;
    if (WINSHIM_UNLIKELY(!owned_by_me(s))) return;  // undefined by the documents; here it harms nobody (CritSec-10)
    if (--s.RecursionCount > 0) return;
    owner(s).store(0, std::memory_order_relaxed);
    // release: to the next owner. The memory may be gone from here on: the wake-up touches it no more.
    if (lock_word(s).exchange(kFree, std::memory_order_release) == kContended) futex_wake(lock_word(s), 1);
}

void WINAPI DeleteCriticalSection(LPCRITICAL_SECTION lpCriticalSection) { initialize(*lpCriticalSection, 0); }
