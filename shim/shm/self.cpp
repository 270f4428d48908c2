// self.cpp - the thread-local state and the fork mark.
#include "shim/shm/self.h"

#include <cerrno>
#include <pthread.h>

#include "shim/shm/last_error.h"

namespace winshim {

thread_local constinit Self self{.epoch = kNeverAttached, .id = 0, .sequence = 0, .owned = 0, .depth = 0, .waiting = 0,
                                 .holds_all = 0, .owed_count = 0, .owed = {}, .ring_count = 0, .ring = nullptr,
                                 .pump_missed = 0, .patience = ~0ull, .looking = {0, 0, 8}, .yielding = {false, 0, 8},
                                 .deferred_count = 0, .bump_count = 0, .gone_count = 0, .gone = {}, .bump = {},
                                 .deferred = {}, .apcs = 0, .routines = 0, .interrupted = 0, .tid = 0,
                                 .base = nullptr, .sections = 0, .robust = nullptr, .below = nullptr,
                                 .below_life = nullptr, .held_count = 0, .held = {}};
constinit ForkMark fork_mark{};
thread_local constinit u32 last_error = 0;  // ERROR_SUCCESS

Uncancelled::Uncancelled() noexcept { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
Uncancelled::~Uncancelled() noexcept { pthread_setcancelstate(before_, nullptr); }

KeepErrno::KeepErrno() noexcept : saved_(errno) {}
KeepErrno::~KeepErrno() noexcept { errno = saved_; }

}  // namespace winshim
