// handler.h - what a signal handler does in the middle of whatever its thread was doing.
//
// Purpose     The README lets a handler call SetEvent, ResetEvent, PulseEvent and ReleaseSemaphore; here it does, on
//             the same objects and in the same accounts as everybody. SIGALRM restarts no system call, SIGUSR1 does.
// Windows     A call may be put off until the interrupted call lets go of its lock, and a kill in between takes it
//             away. So a handler's window stays open until the interrupted call has returned (publish() in self.h
//             closes it). The handler has a record of its own, since the interrupted code is using the thread's.
#pragma once

#include <signal.h>

#include <cerrno>

#include "tests/torture/storm/signal_work.h"

namespace storm {

inline thread_local Self* handler_self = nullptr;

// The maximum is never reached here: ReleaseSemaphore, put off, could not tell.
constexpr std::uint32_t kHandlerSemaphore = kSemaphores.first + kSemaphores.count - 1;

// True if the call was made, or put off; false if the list of those put off is full.
inline bool sent(Self& self, std::uint32_t object, const char* what, BOOL done) {
    const DWORD error = done ? 0 : GetLastError();
    look(self.model.report, Check::handlers, done || error == ERROR_NO_SYSTEM_RESOURCES,
         "%s: %s in a signal handler gave error %u", name_of(object).text, what, error);
    if (!done) self.model.put_off.fetch_add(1);
    return done != FALSE;
}

inline void handle(Self& self) {
    const std::uint32_t dice = self.random.below(100);
    if (dice < 40) {
        const std::uint32_t token = self.random.of(kTokens);
        self.record().giving.fetch_or(bit(token));
        if (take_token(self, token) && !sent(self, token, "SetEvent", SetEvent(self.shared[token])))
            self.object(token).token.store(0);
        return;
    }
    if (dice < 60) {
        const std::uint64_t window = bit(kHandlerSemaphore);
        if ((self.record().giving.load() & window) != 0) return;
        self.record().units.store(1);
        self.record().taking.store(window);
        self.record().giving.fetch_or(window);
        const bool done = sent(self, kHandlerSemaphore, "ReleaseSemaphore",
                               ReleaseSemaphore(self.shared[kHandlerSemaphore], 1, nullptr));
        if (done) self.object(kHandlerSemaphore).released.fetch_add(1);
        return;
    }
    const std::uint32_t wild = self.random.of({kWildAutos.first, kWildAutos.count + kWildManuals.count});
    if (dice < 90) self.object(wild).sets.fetch_add(1);
    if (dice < 75) sent(self, wild, "SetEvent", SetEvent(self.shared[wild]));
    else if (dice < 90) sent(self, wild, "PulseEvent", PulseEvent(self.shared[wild]));
    else sent(self, wild, "ResetEvent", ResetEvent(self.shared[wild]));
}

inline void on_signal(int) {
    if (handler_self == nullptr) return;
    const int saved_errno = errno;
    const DWORD saved_error = GetLastError();
    handler_self->model.handled.fetch_add(1, std::memory_order_relaxed);
    handle(*handler_self);
    SetLastError(saved_error);
    errno = saved_errno;
}

inline sigset_t handled_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigaddset(&set, SIGUSR1);
    return set;
}

// How: SIG_BLOCK or SIG_UNBLOCK. At rest they are blocked: nobody signals then.
inline void mask_handlers(int how) {
    const sigset_t set = handled_signals();
    pthread_sigmask(how, &set, nullptr);
}

inline void install_handlers() {
    struct sigaction action{};
    action.sa_handler = on_signal;
    action.sa_mask = handled_signals();
    sigaction(SIGALRM, &action, nullptr);
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, nullptr);
}

}  // namespace storm
