// robust_list.h - the list of a thread's robust mutexes, by which the kernel finds them at its death.
//
// Purpose     The C library links each robust mutex that a thread locks into a list whose head lies in the thread's
//             private memory, and whose nodes lie in the mutexes: for ours, in the segment. Its unlock reads the
//             neighbours from there and writes to them: a damaged node would make it write anywhere. Here a lock leaves
//             the list by what the thread knows privately: the locks that it holds in their order, and what was first
//             in the list before. The nodes are written for the kernel (which survives any pointer) and never read.
// Source      struct robust_list_head in linux/futex.h; the C library's struct_mutex.h.
#pragma once
#include "shim/shm/self.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WINSHIM_THREAD_SANITIZER 1  // clang's way to say it
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define WINSHIM_THREAD_SANITIZER 1  // it must see each lock and unlock as a call of the C library
#endif

namespace winshim::shm::robust_list {

struct Head {
    void* first;           // a node: the address of its pointer `next`
    long word_at;          // from a node to its lock word
    void* pending;         // the node that is being linked or unlinked right now
};

// The calling thread's; null if this C library is not laid out as we know it. Then it unlocks by itself.
Head* head_of_this_thread() noexcept;

#if defined(__GLIBC__)
inline void*& next_of(RobustLock& lock) noexcept {
    return reinterpret_cast<void*&>(lock.mutex.__data.__list.__next);
}
inline void* node_of(RobustLock& lock) noexcept { return &next_of(lock); }

// Takes `lock` out of the list: `after` is the node that follows it, `before` the lock in front of it, null: the head.
void leave(Head& head, RobustLock& lock, RobustLock* before, void* after) noexcept;
// Puts it back behind the lock `before`, in front of the node `after`.
void enter(RobustLock& lock, RobustLock& before, void* after) noexcept;
#endif

}  // namespace winshim::shm::robust_list
