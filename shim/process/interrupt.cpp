// interrupt.cpp - the stop signal, and who sends it.
#include "shim/process/interrupt.h"

#include <cerrno>
#include <climits>
#include <csignal>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/process/attach.h"
#include "shim/process/embryo.h"
#include "shim/process/lifetime.h"

namespace winshim::process {
namespace {

// The last but one of the real-time signals: programs that use some begin at SIGRTMIN.
int stop_signal() noexcept { return SIGRTMAX - 1; }

void obey_now() noexcept {
    self.interrupted.store(0, std::memory_order_relaxed);
    sleep_while_stopped();
}

// Runs in the thread that is to stop. All other signals are held back meanwhile.
void on_stop_signal(int, siginfo_t* info, void*) noexcept {
    if (info->si_pid != getpid() || !attached()) return;
    const KeepErrno keep;
    if (self.depth.load(std::memory_order_relaxed) != 0 || wait::owes())
        self.interrupted.store(1, std::memory_order_relaxed);
    else sleep_while_stopped();
}

bool install() noexcept {
    static std::atomic<bool> installed{false};
    if (installed.load(std::memory_order_acquire)) return true;
    wait::obey.store(obey_now);
    struct sigaction action {};
    action.sa_sigaction = on_stop_signal;
    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    sigfillset(&action.sa_mask);
    if (sigaction(stop_signal(), &action, nullptr) != 0) return false;
    installed.store(true, std::memory_order_release);
    return true;
}

void send(u32 tid) noexcept { syscall(SYS_tgkill, getpid(), static_cast<pid_t>(tid), stop_signal()); }

void wake(Stop& stop) noexcept {
    stop.run.store(1, std::memory_order_release);
    syscall(SYS_futex, &stop.run, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

// A thread that stops itself cannot do so under the private lock: it obeys when it has let go of it.
void tell(u32 tid) noexcept {
    if (static_cast<pid_t>(tid) == gettid()) self.interrupted.store(1, std::memory_order_relaxed);
    else send(tid);
}

void suspend_one(Stop& stop, u32 tid, void* result) noexcept {
    Result<u32>& before = *static_cast<Result<u32>*>(result);
    before.value = stop.suspends;
    if (stop.suspends == kMostSuspends) {
        before.status = Status::signal_refused;
        return;
    }
    if (stop.suspends++ != 0) return;
    stop.run.store(0, std::memory_order_release);
    tell(tid);
}

void resume_one(Stop& stop, u32, void* result) noexcept {
    static_cast<Result<u32>*>(result)->value = stop.suspends;
    if (stop.suspends != 0 && --stop.suspends == 0) wake(stop);
}

void terminate_one(Stop& stop, u32 tid, void* code) noexcept {
    if (stop.ending.load(std::memory_order_relaxed) != 0) return;
    stop.end_code = *static_cast<u32*>(code);
    stop.ending.store(1, std::memory_order_release);
    tell(tid);
    wake(stop);  // it may be suspended
}

}  // namespace

void sleep_while_stopped() noexcept {
    Stop* stop = own_stop();
    while (stop != nullptr) {
        if (stop->ending.load(std::memory_order_acquire) != 0) end_at_once(stop->end_code);
        if (stop->run.load(std::memory_order_acquire) != 0) return;
        syscall(SYS_futex, &stop->run, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
    }
}

void begin_suspended() noexcept {
    Stop* stop = own_stop();
    if (stop == nullptr) return;
    stop->suspends = 1;
    stop->run.store(0, std::memory_order_release);
}

void end_at_once(u32 code) noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
    if (attached()) shm::thread(self.id - 1).exit_code.set(code);
    detach_thread();
    for (;;) syscall(SYS_exit, 0);
}

Result<u32> suspend(wait::Target thread) noexcept {
    if (!install()) return fail<u32>(Status::no_system_resources);
    Result<u32> before{Status::success, 0};
    const Status found = visit_thread(thread, suspend_one, &before);
    if (found == Status::not_supported) return change_gate(thread, 1);
    return found == Status::success ? before : fail<u32>(found);
}

Result<u32> resume(wait::Target thread) noexcept {
    Result<u32> before{Status::success, 0};
    const Status found = visit_thread(thread, resume_one, &before);
    if (found == Status::not_supported) return change_gate(thread, -1);
    return found == Status::success || found == Status::access_denied ? before : fail<u32>(found);
}

Status terminate(wait::Target thread, u32 code) noexcept {
    if (!install()) return Status::no_system_resources;
    const Status found = visit_thread(thread, terminate_one, &code);
    return found == Status::access_denied ? Status::success : found;
}

}  // namespace winshim::process
