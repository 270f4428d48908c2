// bell.cpp - named semaphores, one per thread slot.
#include "shim/shm/bell.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include "shim/shm/clock.h"

namespace winshim::bell {
namespace {

// This process's open semaphores. Two threads that open one at the same time get the same address from sem_open.
constinit std::atomic<sem_t*> bells[shm::kMaxThreads] = {};

struct Name {
    char text[64];
    explicit Name(u32 slot) noexcept {
        snprintf(text, sizeof text, "/winshim-%u-%016llx.%u", static_cast<unsigned>(geteuid()),
                 static_cast<unsigned long long>(shm::header().id), slot);
    }
};

// sem_open() is a cancellation point; an unwinding out of the middle would leave the caller's state behind.
class NoCancel {
public:
    NoCancel() noexcept { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old_); }
    ~NoCancel() noexcept { pthread_setcancelstate(old_, &old_); }

private:
    int old_ = 0;
};

sem_t* open_bell(u32 slot, bool make) noexcept {
    sem_t* bell = bells[slot].load(std::memory_order_acquire);
    if (bell != nullptr) return bell;
    const NoCancel no_cancel;
    bell = make ? sem_open(Name(slot).text, O_CREAT, 0600, 0) : sem_open(Name(slot).text, 0);
    if (bell == SEM_FAILED) return nullptr;
    bells[slot].store(bell, std::memory_order_release);
    return bell;
}

}  // namespace

bool prepare(u32 slot) noexcept {
    if (bells[slot].load(std::memory_order_acquire) != nullptr) return true;
    shm::thread(slot).bell_made.set(1);  // before it exists: removal must not miss one whose maker died
    return open_bell(slot, true) != nullptr;
}

void ring(u32 slot) noexcept {
    const KeepErrno keep;
    if (sem_t* bell = open_bell(slot, false); bell != nullptr) sem_post(bell);
}

void sleep(u32 slot, u64 deadline_ns) noexcept {
    const timespec until = to_timespec(deadline_ns);
    if (sem_t* bell = bells[slot].load(std::memory_order_acquire); bell != nullptr) {
        sem_clockwait(bell, CLOCK_MONOTONIC, &until);
        return;
    }
    // No bell (out of descriptors, a full /dev/shm): naps of a millisecond keep the wait right, if not cheap.
    const u64 nap = now_ns() + kNsPerMs;
    const timespec short_nap = to_timespec(nap < deadline_ns ? nap : deadline_ns);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &short_nap, nullptr);
}

void unlink_all() noexcept {
    const u32 threads = shm::thread_count();
    for (u32 slot = 0; slot < threads; ++slot)
        if (shm::thread(slot).bell_made.get() != 0) sem_unlink(Name(slot).text);
}

}  // namespace winshim::bell
