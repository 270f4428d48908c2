// futex.h - sleeping on a word of this process, spinning, and the id by which a thread owns a critical section.
#pragma once
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "shim/shm/clock.h"
#include "shim/shm/self.h"

namespace winshim::local {

using Word = std::atomic<u32>;

// The halves of a structure that the headers show as pointers and integers. Fine for the compiler: of_memory() is the
// only way in, and the memory is never read as anything else.
template <class T>
T& of_memory(void* memory) noexcept {
    return *static_cast<T*>(memory);
}

// Sleeps while the word is `expected`, until `deadline` (CLOCK_MONOTONIC, kForever: without a limit). False: the time
// is up. True says nothing: the caller looks again.
// `kinds`: the kinds of sleepers that the caller is one of, as bits; a wake-up is for the kinds that it names.
inline constexpr u32 kAnyKind = FUTEX_BITSET_MATCH_ANY;
inline bool futex_wait(const Word& word, u32 expected, u64 deadline = kForever, u32 kinds = kAnyKind) noexcept {
    const KeepErrno keep;
    const timespec until = to_timespec(deadline);
    const long result = syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected,
                                deadline == kForever ? nullptr : &until, nullptr, kinds);
    return result == 0 || errno != ETIMEDOUT;
}

// Returns whether it has woken anybody. The word may be gone already (its owner was faster): waking nobody at an
// address is harmless.
inline bool futex_wake(const Word& word, u32 count, u32 kinds = kAnyKind) noexcept {
    const KeepErrno keep;
    return syscall(SYS_futex, &word, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, count, nullptr, nullptr, kinds) > 0;
}
inline constexpr u32 kEverybody = 0x7FFFFFFF;

inline void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

// Whether spinning makes sense: on one processor nobody can act while we spin.
bool several_processors() noexcept;

// The calling thread's id, remembered: a system call only the first time.
extern thread_local constinit u32 my_thread_id;
u32 ask_thread_id() noexcept;
inline u32 thread_id() noexcept { return WINSHIM_LIKELY(my_thread_id != 0) ? my_thread_id : ask_thread_id(); }

}  // namespace winshim::local
