// control.cpp - SetConsoleCtrlHandler: SIGINT, SIGQUIT, SIGTERM and SIGHUP as Windows' control events.
//
// Purpose     A handler of Windows runs in a thread of its own and may do anything; one of a signal may do next to
//             nothing. So the signal is only counted, a hidden thread is woken, and it starts a thread for the event.
// Invariants  The signals are ours while a handler is registered; what they did before is put back after the last.
//             A fork's child has the handlers, but not the hidden thread: there a signal does what it would do without
//             us, until the child registers a handler itself.
// Locks       `lock` guards the list and the dispositions; not held while handlers run.
// Source      "SetConsoleCtrlHandler", "GenerateConsoleCtrlEvent", "HandlerRoutine callback function",
//             "CTRL+C and CTRL+BREAK signals", "CTRL_CLOSE_EVENT".
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

#include "shim/base/fork_lock.h"
#include "shim/file/descriptor.h"
#include "shim/shm/signals_held.h"

namespace winshim::file {
namespace {

struct Source {
    int signal;
    DWORD event;
};
constexpr Source kSources[] = {
    {SIGINT, CTRL_C_EVENT}, {SIGQUIT, CTRL_BREAK_EVENT}, {SIGTERM, CTRL_CLOSE_EVENT}, {SIGHUP, CTRL_CLOSE_EVENT}};
constexpr u32 kCount = 4, kMostHandlers = 64;

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
PHANDLER_ROUTINE handlers[kMostHandlers];
u32 handler_count = 0;
bool ignored = false;                  // Ctrl+C, by SetConsoleCtrlHandler(NULL, TRUE)
struct sigaction before[kCount];       // what the signals did before the first handler, or before being ignored
sem_t arrived;
std::atomic<u32> counted[kCount];
std::atomic<pid_t> served{0};          // the process whose hidden thread waits for `arrived`
using Guard = base::ForkLock<lock>;
__attribute__((constructor)) void watch_forks() noexcept { Guard::watch_forks(); }

// Ends the process as the signal would have without us.
void end_by(int signal) noexcept {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal);
    pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
    raise(signal);
}

void on_signal(int signal) noexcept {
    const KeepErrno keep;
    if (served.load(std::memory_order_acquire) != getpid()) return end_by(signal);
    for (u32 i = 0; i < kCount; ++i)
        if (kSources[i].signal == signal) counted[i].fetch_add(1, std::memory_order_relaxed);
    sem_post(&arrived);
}

// One event: the handlers from the last registered to the first, until one has dealt with it.
void* run_handlers(void* source) noexcept {
    const Source& s = *static_cast<const Source*>(source);
    PHANDLER_ROUTINE copy[kMostHandlers];
    u32 count;
    {
        const Guard guard;
        count = handler_count;
        for (u32 i = 0; i < count; ++i) copy[i] = handlers[i];
    }
    bool handled = false;
    while (count > 0 && !handled) handled = copy[--count](s.event) != FALSE;
    // What closes a program ends it, whatever the handlers say.
    if (!handled || s.event == CTRL_CLOSE_EVENT) end_by(s.signal);
    return nullptr;
}

bool start(void* (*routine)(void*), void* argument) noexcept {
    const shm::SignalsHeld held(shm::Hold::all);  // inherited: the program's signals are for its own threads
    pthread_t thread;
    const bool started = pthread_create(&thread, nullptr, routine, argument) == 0;
    if (started) pthread_detach(thread);
    return started;
}

void* wait_for_signals(void*) noexcept {
    for (;;) {
        while (sem_wait(&arrived) != 0) {}
        for (u32 i = 0; i < kCount; ++i)
            while (counted[i].load(std::memory_order_relaxed) > 0) {
                counted[i].fetch_sub(1, std::memory_order_relaxed);
                void* const source = const_cast<Source*>(&kSources[i]);
                if (!start(run_handlers, source)) run_handlers(source);
            }
    }
    return nullptr;
}

// Needs the lock.
void take_signal(u32 i, void (*action)(int)) noexcept {
    struct sigaction ours {};
    ours.sa_handler = action;
    ours.sa_flags = SA_RESTART;
    sigemptyset(&ours.sa_mask);
    sigaction(kSources[i].signal, &ours, nullptr);
}

// Needs the lock. False: no thread can be made.
bool serve() noexcept {
    if (served.load(std::memory_order_relaxed) == getpid()) return true;
    for (auto& c : counted) c.store(0, std::memory_order_relaxed);
    sem_init(&arrived, 0, 0);
    if (!start(wait_for_signals, nullptr)) return false;
    served.store(getpid(), std::memory_order_release);
    return true;
}

BOOL add(PHANDLER_ROUTINE handler) noexcept {
    if (handler_count == kMostHandlers || !serve()) return failed(ERROR_NOT_ENOUGH_MEMORY);
    handlers[handler_count++] = handler;
    if (handler_count > 1) return TRUE;
    for (u32 i = 0; i < kCount; ++i) {
        if (i == 0 && ignored) continue;
        sigaction(kSources[i].signal, nullptr, &before[i]);
        // Nobody at the terminal, or a parent who wants it so: a signal that was ignored stays ignored.
        if (before[i].sa_handler != SIG_IGN) take_signal(i, on_signal);
    }
    return TRUE;
}

BOOL remove(PHANDLER_ROUTINE handler) noexcept {
    u32 at = handler_count;
    while (at > 0 && handlers[at - 1] != handler) --at;
    if (at == 0) return failed(ERROR_INVALID_PARAMETER);
    for (; at < handler_count; ++at) handlers[at - 1] = handlers[at];
    if (--handler_count == 0)
        for (u32 i = 0; i < kCount; ++i)
            if (i != 0 || !ignored) sigaction(kSources[i].signal, &before[i], nullptr);
    return TRUE;
}

BOOL ignore(bool wanted) noexcept {
    constexpr int interrupt = kSources[0].signal;
    static_assert(interrupt == SIGINT);
    const bool was = ignored;
    ignored = wanted;
    if (wanted) {
        if (!was && handler_count == 0) sigaction(interrupt, nullptr, &before[0]);
        take_signal(0, SIG_IGN);
        return TRUE;
    }
    struct sigaction now;
    sigaction(interrupt, nullptr, &now);
    if (now.sa_handler != SIG_IGN) return TRUE;
    if (!was || before[0].sa_handler == SIG_IGN) before[0] = {};  // inherited from the parent, perhaps: the default
    if (handler_count > 0) take_signal(0, on_signal);
    else sigaction(interrupt, &before[0], nullptr);
    return TRUE;
}

}  // namespace
}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;

BOOL WINAPI GenerateConsoleCtrlEvent(DWORD dwCtrlEvent, DWORD dwProcessGroupId) {
    const KeepErrno keep;
    if (dwCtrlEvent > CTRL_BREAK_EVENT || dwProcessGroupId > 0x7FFFFFFF) return failed(ERROR_INVALID_PARAMETER);
    const int signal = dwCtrlEvent == CTRL_C_EVENT ? SIGINT : SIGQUIT;
    if (killpg(static_cast<pid_t>(dwProcessGroupId), signal) == 0) return TRUE;
    return failed(errno == EPERM ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetConsoleCtrlHandler(PHANDLER_ROUTINE HandlerRoutine, BOOL Add) {
    const Uncancelled uncancelled;
    const Guard guard;
    if (HandlerRoutine == nullptr) return ignore(Add != FALSE);
    return Add != FALSE ? add(HandlerRoutine) : remove(HandlerRoutine);
}
