// floor.h - the primitives that winshim stands on, measured raw beside it.
//
// Purpose     A robust process-shared pthread mutex and a process-shared POSIX semaphore in memory that two processes
//             could map: what a program would use if it needed no more than a lock or a count. Both lie in a page of
//             their own, because winshim's objects do not share a cache line either.
#pragma once

#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>

#include <new>

#include "bench.h"

namespace bench {

// One shared page that holds a T; nothing else lives in it.
template <typename T>
class SharedPage {
public:
    SharedPage() : memory_(mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        if (memory_ == MAP_FAILED) throw std::bad_alloc();
    }
    ~SharedPage() { munmap(memory_, sizeof(T)); }
    SharedPage(const SharedPage&) = delete;
    SharedPage& operator=(const SharedPage&) = delete;
    T* get() const { return static_cast<T*>(memory_); }

private:
    void* memory_;
};

class RobustMutex {
public:
    explicit RobustMutex(int type) {
        pthread_mutexattr_t attributes;
        pthread_mutexattr_init(&attributes);
        pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
        pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
        pthread_mutexattr_settype(&attributes, type);
        pthread_mutex_init(page_.get(), &attributes);
        pthread_mutexattr_destroy(&attributes);
    }
    ~RobustMutex() { pthread_mutex_destroy(page_.get()); }
    pthread_mutex_t* get() const { return page_.get(); }

private:
    SharedPage<pthread_mutex_t> page_;
};

class SharedSemaphore {
public:
    SharedSemaphore() { sem_init(page_.get(), 1, 0); }
    ~SharedSemaphore() { sem_destroy(page_.get()); }
    sem_t* get() const { return page_.get(); }

private:
    SharedPage<sem_t> page_;
};

// The two floors that most goals are stated against; registered by each program whose ratios need them.
inline void floor_robust_mutex(benchmark::State& state) {
    const RobustMutex mutex(PTHREAD_MUTEX_NORMAL);
    for (auto _ : state) {
        if (!expect(state, pthread_mutex_lock(mutex.get()) == 0, "lock")) break;
        if (!expect(state, pthread_mutex_unlock(mutex.get()) == 0, "unlock")) break;
    }
}

inline void floor_semaphore(benchmark::State& state) {
    const SharedSemaphore semaphore;
    for (auto _ : state) {
        if (!expect(state, sem_post(semaphore.get()) == 0, "sem_post")) break;
        if (!expect(state, sem_wait(semaphore.get()) == 0, "sem_wait")) break;
    }
}

}  // namespace bench
