// spin.h - whether to look for the grant for a while before a sleep, and for how long.
#pragma once
#include "shim/wait/wait_word.h"

namespace winshim::wait {

inline bool decided(shm::Thread& me, u32 sequence) noexcept {
    return !wait_word::is_waiting(me.word.load(std::memory_order_acquire), sequence);
}

// Looks at the word until the wait is decided (true), or looking has become dearer than it is worth.
bool spin(shm::Thread& me, u32 sequence) noexcept;

}  // namespace winshim::wait
