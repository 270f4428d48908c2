// slots.h - the private room: a thread's values by index, and the numbers that say which indices are in use.
//
// An index has a number that grows with each alloc and each free: odd means in use. A value is good while the number
// that was stored beside it is still the index's own, so that giving an index back forgets the values of all threads
// without touching them.
#pragma once
#include "shim/shm/self.h"

namespace winshim::local {

inline constexpr u32 kTlsCount = 1088;  // 64 + 1024, as on Windows (Tls-01)
inline constexpr u32 kFlsCount = 128;   // FLS_MAXIMUM_AVAILABLE; index 0 is never given out

template <u32 kCount>
class Indices {
public:
    // The lowest free index from `first` on; kCount if there is none.
    u32 allocate(u32 first) noexcept {
        for (u32 i = first; i < kCount; ++i) {
            u32 number = number_[i].load(std::memory_order_relaxed);
            while ((number & 1) == 0)
                if (number_[i].compare_exchange_weak(number, number + 1, std::memory_order_acq_rel)) return i;
        }
        return kCount;
    }
    bool free(u32 index) noexcept {
        u32 number = number_[index].load(std::memory_order_relaxed);
        while ((number & 1) != 0)
            if (number_[index].compare_exchange_weak(number, number + 1, std::memory_order_acq_rel)) return true;
        return false;
    }
    u32 number(u32 index) const noexcept { return number_[index].load(std::memory_order_acquire); }
    bool in_use(u32 index) const noexcept { return (number(index) & 1) != 0; }

private:
    std::atomic<u32> number_[kCount]{};
};

}  // namespace winshim::local
