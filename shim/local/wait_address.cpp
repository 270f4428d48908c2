// wait_address.cpp - WaitOnAddress and its wakers (winshim_once.h).
//
// A futex sleeps on 4 bytes only, so sleepers stand in 256 queues, chosen by address. The comparison is made under the
// queue's lock and a waker takes it after the change: either the sleeper sees the new value, or the waker the sleeper.
// Source      statements WaitAddress-01 to -08.
#include <pthread.h>

#include "shim/base/sdk.h"
#include "shim/local/queue.h"

namespace winshim::local {
namespace {

struct alignas(64) Bucket {
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    Queue queue;
};
constexpr u32 kBucketBits = 8;
constinit Bucket buckets[1u << kBucketBits];

Bucket& bucket_of(const volatile void* address) noexcept {
    // Fibonacci hashing: the high bits of the product depend on all bits of the address.
    const u64 hash = reinterpret_cast<std::uintptr_t>(address) * 0x9E3779B97F4A7C15ull;
    return buckets[hash >> (64 - kBucketBits)];
}

class Lock {
public:
    explicit Lock(Bucket& bucket) noexcept : bucket_(bucket) { pthread_mutex_lock(&bucket_.lock); }
    ~Lock() noexcept { pthread_mutex_unlock(&bucket_.lock); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    Bucket& bucket_;
};

// In the child of a fork nobody else sleeps, and a lock that another thread held would stay so.
void empty_buckets() noexcept {
    for (Bucket& bucket : buckets) {
        pthread_mutex_init(&bucket.lock, nullptr);
        bucket.queue = {};
    }
}
__attribute__((constructor)) void watch_forks() noexcept { pthread_atfork(nullptr, nullptr, empty_buckets); }

// The variable is the program's, changed by whatever means it has; relaxed, because the lock orders.
template <class T>
bool same(const volatile void* address, const void* compare) noexcept {
    T wanted;
    __builtin_memcpy(&wanted, compare, sizeof wanted);
    return __atomic_load_n(static_cast<const volatile T*>(address), __ATOMIC_ACQUIRE) == wanted;
}
bool same(const volatile void* address, const void* compare, SIZE_T bytes) noexcept {
    switch (bytes) {
        case 1: return same<u8>(address, compare);
        case 2: return same<u16>(address, compare);
        case 4: return same<u32>(address, compare);
        default: return same<u64>(address, compare);
    }
}

void wake(const volatile void* address, u32 count) noexcept {
    const KeepErrno keep;
    Bucket& bucket = bucket_of(address);
    Sleeper* chain;
    {
        const Lock lock{bucket};
        chain = take_out(bucket.queue, count, [=](const Sleeper& s) { return s.address == address; });
    }
    wake_chain(chain);
}

}  // namespace
}  // namespace winshim::local

using namespace winshim;
using namespace winshim::local;

BOOL WINAPI WaitOnAddress(volatile VOID* Address, PVOID CompareAddress, SIZE_T AddressSize, DWORD dwMilliseconds) {
    const KeepErrno keep;
    if (Address == nullptr || CompareAddress == nullptr ||
        (AddressSize != 1 && AddressSize != 2 && AddressSize != 4 && AddressSize != 8))
        return failed(ERROR_INVALID_PARAMETER);
    const u64 deadline = deadline_after(dwMilliseconds);
    Bucket& bucket = bucket_of(Address);
    Sleeper me;
    me.address = Address;
    {
        const Lock lock{bucket};
        if (!same(Address, CompareAddress, AddressSize)) return TRUE;
        if (dwMilliseconds == 0) return failed(ERROR_TIMEOUT);
        bucket.queue.append(me);
    }
    if (me.sleep(deadline)) return TRUE;
    {
        const Lock lock{bucket};
        if (me.queued) {
            bucket.queue.remove(me);
            return failed(ERROR_TIMEOUT);
        }
    }
    me.sleep(kForever);  // who took it out may not have told us yet, and will touch the node
    return TRUE;
}

void WINAPI WakeByAddressSingle(PVOID Address) { wake(Address, 1); }
void WINAPI WakeByAddressAll(PVOID Address) { wake(Address, kEverybody); }
