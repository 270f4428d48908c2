// spin.h - whether to look for the grant for a while before a sleep, and for how long.
#pragma once
#include "shim/wait/wait_word.h"

namespace winshim::wait {

inline bool decided(shm::Thread& me, u32 sequence) noexcept {
    return !wait_word::is_waiting(me.word.load(std::memory_order_acquire), sequence);
}

// Stays awake until the wait is decided (true), or that has become dearer than it is worth. Holds nothing meanwhile.
bool spin(shm::Thread& me, u32 sequence, u64 deadline_ns) noexcept;

}  // namespace winshim::wait
