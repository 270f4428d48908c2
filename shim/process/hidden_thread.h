// hidden_thread.h - threads of the library's own, that the program does not know of.
#pragma once
#include <cstddef>

namespace winshim::process {

// Starts a detached thread with a small stack: `bytes`, or the system's default where the program's thread-local data,
// which the C library puts there as well, leaves too little of them. Needs Undisturbed. False: no room for one.
bool start_hidden_thread(void* (*routine)(void*), void* argument, std::size_t bytes) noexcept;

}  // namespace winshim::process
