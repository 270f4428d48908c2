// robust_list.cpp - leaving the kernel's list of robust mutexes without believing it.
#include "shim/shm/robust_list.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace winshim::shm::robust_list {

#if defined(__GLIBC__) && !defined(WINSHIM_THREAD_SANITIZER)

Head* head_of_this_thread() noexcept {
    Head* head = nullptr;
    std::size_t bytes = 0;
    if (syscall(SYS_get_robust_list, 0, &head, &bytes) != 0 || bytes != sizeof(Head) || head == nullptr) return nullptr;
    const long expected = -static_cast<long>(offsetof(pthread_mutex_t, __data.__list.__next));
    return head->word_at == expected ? head : nullptr;
}

namespace {

// The pointer back to what stands before `node`, where this ABI's list has one: it lies just before `next`.
void set_back([[maybe_unused]] void* node, [[maybe_unused]] void* next_of_before) noexcept {
#if defined(__PTHREAD_MUTEX_HAVE_PREV) && __PTHREAD_MUTEX_HAVE_PREV
    constexpr std::uintptr_t kPriority = 1;  // the lowest bit of a node's address is a flag
    char* const at = reinterpret_cast<char*>(reinterpret_cast<std::uintptr_t>(node) & ~kPriority);
    *reinterpret_cast<void**>(at - sizeof(void*)) = static_cast<char*>(next_of_before) - sizeof(void*);
#endif
}

}  // namespace

void leave(Head& head, RobustLock& lock, RobustLock* before, void* after) noexcept {
    void** const link = before == nullptr ? &head.first : &next_of(*before);
    *link = after;
    set_back(after, link);
    next_of(lock) = nullptr;
    set_back(node_of(lock), reinterpret_cast<char*>(sizeof(void*)));  // null
}

void enter(RobustLock& lock, RobustLock& before, void* after) noexcept {
    next_of(lock) = after;
    set_back(after, &next_of(lock));
    set_back(node_of(lock), &next_of(before));
    next_of(before) = node_of(lock);
}

#else

Head* head_of_this_thread() noexcept { return nullptr; }
#if defined(__GLIBC__)
void leave(Head&, RobustLock&, RobustLock*, void*) noexcept {}
void enter(RobustLock&, RobustLock&, void*) noexcept {}
#endif

#endif

}  // namespace winshim::shm::robust_list
