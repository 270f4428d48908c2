// bell.cpp - named semaphores, one per thread slot.
#include "shim/shm/bell.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/shm/clock.h"
#include "shim/shm/explain.h"

namespace winshim::bell {
namespace {

// This process's open semaphores.
constinit std::atomic<sem_t*> bells[shm::kMaxThreads] = {};

struct Name {
    char text[64];
    explicit Name(u32 slot) noexcept {
        snprintf(text, sizeof text, "/winshim-%u-%016llx.%u", shm::user_of_segment(),
                 static_cast<unsigned long long>(shm::segment_id), slot);
    }
};

// close() is a cancellation point: an unwinding out of the middle, with settle()'s mark that a lock is held, would
// leave every later signal of this thread deferred for ever. A signal handler that comes now must defer its signals
// instead of ringing.
class Undivided {
public:
    Undivided() noexcept {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old_);
        self.depth.fetch_add(1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    ~Undivided() noexcept {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        self.depth.fetch_sub(1, std::memory_order_relaxed);
        pthread_setcancelstate(old_, &old_);
    }

private:
    int old_ = 0;
};

// The first to store the address wins; another mapping of the same semaphore is as good, and stays unused.
sem_t* remember(u32 slot, sem_t* bell) noexcept {
    sem_t* known = nullptr;
    if (!bells[slot].compare_exchange_strong(known, bell, std::memory_order_acq_rel)) return known;
    return bell;
}

// A named semaphore of the C library is a file "sem.NAME" that holds a process-shared sem_t.
struct FileName {
    char text[sizeof(Name) + 8];
    explicit FileName(u32 slot) noexcept { snprintf(text, sizeof text, "/sem.%s", Name(slot).text + 1); }
};

// Makes the file that sem_open finds. sem_open(O_CREAT) would first make one under a random name and leave that behind
// if it is killed; ours has its own name from the beginning, and a half-made one is made whole by the slot's next
// tenant.
bool make_file(u32 slot) noexcept {
    const int fd = shm::open_shm(FileName(slot).text, O_RDWR | O_CREAT);
    if (fd < 0) return false;
    struct stat st;
    bool made = fstat(fd, &st) == 0 && shm::objection(st) == nullptr;
    const shm::DeadlySignalsHeld held;  // RLIMIT_FSIZE
    if (made && st.st_size < static_cast<off_t>(sizeof(sem_t))) {
        sem_t bell;
        made = sem_init(&bell, 1, 0) == 0 && fchmod(fd, 0600) == 0 &&
               pwrite(fd, &bell, sizeof bell, 0) == static_cast<ssize_t>(sizeof bell);
    }
    close(fd);
    return made;
}

// Opens a bell, the caller's own or somebody else's. Not by sem_open: that allocates, and SetEvent may be called from a
// signal handler that interrupted malloc; and it takes a lock of the C library that nobody resets in a fork's child.
sem_t* open(u32 slot) noexcept {
    const Undivided undivided;
    const int fd = shm::open_shm(FileName(slot).text, O_RDWR);
    if (fd < 0) return nullptr;
    struct stat st;
    void* at = fstat(fd, &st) == 0 && shm::objection(st) == nullptr && st.st_size >= static_cast<off_t>(sizeof(sem_t))
                   ? mmap(nullptr, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                   : MAP_FAILED;
    close(fd);
    if (at == MAP_FAILED) return nullptr;
    sem_t* bell = remember(slot, static_cast<sem_t*>(at));
    if (bell != at) munmap(at, sizeof(sem_t));
    return bell;
}

}  // namespace

bool prepare(u32 slot) noexcept {
    if (bells[slot].load(std::memory_order_acquire) != nullptr) return true;
    if (!shm::at_home()) return false;  // the others would not trust it, or not find it, and nobody remove it
    const Undivided undivided;
    shm::thread(slot).bell_made.set(1);  // before it exists: removal must not miss one whose maker died
    return make_file(slot) && open(slot) != nullptr;
}

void ring(u32 slot) noexcept {
    const KeepErrno keep;
    sem_t* bell = bells[slot].load(std::memory_order_acquire);
    if (bell == nullptr) bell = open(slot);
    if (bell != nullptr) sem_post(bell);
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

// The C library counts, in the semaphore, who sleeps on it, and wakes nobody if that is nobody. The child has counted
// itself out, and with that its parent. (The layout is that of glibc since 2.21. One too many only costs system calls.)
void return_to_parent(u32 slot) noexcept {
    sem_t* const bell = bells[slot].load(std::memory_order_acquire);
    if (bell == nullptr) return;
#if defined(__GLIBC__) && defined(__LP64__)
    constexpr u64 kOneSleeper = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? u64{1} << 32 : 1;
    std::atomic_ref<u64>(*reinterpret_cast<u64*>(bell)).fetch_add(kOneSleeper, std::memory_order_seq_cst);
#elif defined(__GLIBC__)
    std::atomic_ref<u32>(reinterpret_cast<u32*>(bell)[2]).fetch_add(1, std::memory_order_seq_cst);
#endif
    ring(slot);
}

void forget_all() noexcept {
    for (std::atomic<sem_t*>& bell : bells)
        if (bell.load(std::memory_order_relaxed) != nullptr) bell.store(nullptr, std::memory_order_relaxed);
}

void unlink_all() noexcept {
    const u32 threads = shm::thread_count();
    for (u32 slot = 0; slot < threads; ++slot)
        if (shm::thread(slot).bell_made.get() != 0) sem_unlink(Name(slot).text);
}

}  // namespace winshim::bell
