// child.cpp - making a child and reaping it.
#include "shim/process/child.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/futex.h>
#include <new>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/process/attach.h"
#include "shim/process/hidden_thread.h"
#include "shim/process/lifetime.h"
#include "shim/process/rundown.h"
#include "shim/shm/clock.h"
#include "shim/shm/robust_list.h"

#if defined(WINSHIM_THREAD_SANITIZER)
// ThreadSanitizer puts itself before clone, and marks the child's memory as one in which it looks at nothing any more:
// the parent's, here.
extern "C" int __clone(int (*main)(void*), void* stack, int flags, void* argument, ...);
#define clone __clone
#endif

#ifndef SYS_close_range
#define SYS_close_range 436  // Linux 5.9
#endif

namespace winshim::process {
namespace {

constexpr size_t kStackBytes = size_t{192} * 1024, kChildStackBytes = size_t{48} * 1024;
constexpr u32 kCloseOnExec = 4;  // CLOSE_RANGE_CLOEXEC, Linux 5.11
constexpr int kSignals = 64;
constexpr u32 kExecFailed = 127;

// Shared by the caller, the reaper and the child; freed by the last of the first two.
struct Launch {
    NewProcess wanted;
    ChildSlot slot;
    sigset_t mask;               // of the caller, which the child begins with
    pid_t maker;
    u32 pid = 0;
    Failed failed = Failed::nothing;
    int error = 0;
    std::atomic<u32> decided{0};  // futex: the caller may go on
    std::atomic<u32> users{2};

    explicit Launch(const NewProcess& w) noexcept : wanted(w), maker(getpid()) {}
};

void drop(Launch* launch) noexcept {
    if (launch->users.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    free(launch->wanted.program.memory);
    free(launch);
}

#if defined(__clang__)
#define WINSHIM_BARE __attribute__((no_sanitize("address", "thread", "undefined")))
#else
#define WINSHIM_BARE __attribute__((no_sanitize_address, no_sanitize_thread, no_sanitize_undefined))
#endif

void tell_caller(Launch& l, u32 pid) noexcept {
    l.pid = pid;
    l.decided.store(1, std::memory_order_release);
    syscall(SYS_futex, &l.decided, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

// ---- in the child: bare system calls, nothing that another thread of the parent could be in the middle of -----------

[[noreturn]] WINSHIM_BARE void give_up(Launch& l, Failed what) noexcept {
    l.error = errno;
    l.failed = what;
    for (;;) syscall(SYS_exit_group, kExecFailed);
}

// Handlers would run in the parent's memory. What is ignored stays so, as Linux has it.
WINSHIM_BARE void forget_handlers() noexcept {
    for (int signal = 1; signal <= kSignals; ++signal) {
        unsigned long action[8] = {};  // the kernel's form: the handler first
        if (syscall(SYS_rt_sigaction, signal, nullptr, action, sizeof(u64)) != 0 || action[0] <= 1) continue;
        memset(action, 0, sizeof action);
        syscall(SYS_rt_sigaction, signal, action, nullptr, sizeof(u64));
    }
}

// First all three out of the way: one's target may be another's source.
WINSHIM_BARE bool place_standard(const int* standard) noexcept {
    long from[3];
    bool any = false;
    for (int i = 0; i < 3; ++i) any = any || standard[i] != i;
    if (!any) {  // they stay where they are, and open, whatever was to become of them
        for (int i = 0; i < 3; ++i) syscall(SYS_fcntl, i, F_SETFD, 0);
        return true;
    }
    for (int i = 0; i < 3; ++i) {
        from[i] = standard[i] < 0 ? -1 : syscall(SYS_fcntl, standard[i], F_DUPFD_CLOEXEC, 3);
        if (from[i] >= 0 || (standard[i] >= 0 && errno != EBADF)) continue;
        const long nothing = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC, 0);
        from[i] = nothing < 0 ? -1 : syscall(SYS_fcntl, nothing, F_DUPFD_CLOEXEC, 3);
    }
    for (int i = 0; i < 3; ++i)
        if (from[i] < 0 || syscall(SYS_dup3, from[i], i, 0) < 0) return false;
    return true;
}

struct DirectoryEntry {  // as getdents64 gives it
    u64 inode;
    i64 offset;
    unsigned short length;
    unsigned char type;
    char name[1];
};

WINSHIM_BARE void keep_descriptors_back() noexcept {
    if (syscall(SYS_close_range, 3u, ~0u, kCloseOnExec) == 0) return;
    const long list = syscall(SYS_openat, AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    alignas(8) char buffer[2048];
    for (long got; list >= 0 && (got = syscall(SYS_getdents64, list, buffer, sizeof buffer)) > 0;)
        for (long at = 0; at < got;) {
            const auto* entry = reinterpret_cast<const DirectoryEntry*>(buffer + at);
            long fd = 0;
            const char* c = entry->name;
            for (; *c >= '0' && *c <= '9'; ++c) fd = fd * 10 + (*c - '0');
            if (c != entry->name && fd > 2) syscall(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
            at += entry->length;
        }
}

// The last access to the slot: from here on it may be somebody else's.
WINSHIM_BARE void pass_gate(Launch& l, std::atomic<u32>& gate) noexcept {
    if (!l.wanted.suspended) return gate.store(kGateOpen, std::memory_order_release);
    syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (syscall(SYS_getppid) != l.maker)
        for (;;) syscall(SYS_exit_group, kExecFailed);
    tell_caller(l, static_cast<u32>(syscall(SYS_getpid)));
    for (;;) {
        u32 count = gate.load(std::memory_order_acquire);
        if (count == 0 && gate.compare_exchange_strong(count, kGateOpen, std::memory_order_acq_rel)) break;
        const timespec most = {1, 0};  // whoever resumed may have died before it woke us
        syscall(SYS_futex, &gate, FUTEX_WAIT, count, &most, nullptr, 0);
    }
    syscall(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0);
}

WINSHIM_BARE int main_of_child(void* argument) noexcept {
    Launch& l = *static_cast<Launch*>(argument);
    const NewProcess& w = l.wanted;
    shm::Process& slot = shm::process(l.slot.process);
    slot.pid_start.set(own_start());
    forget_handlers();
    if (w.own_session) syscall(SYS_setsid);
    else if (w.own_group) syscall(SYS_setpgid, 0, 0);
    if (w.priority_class != 0) syscall(SYS_setpriority, PRIO_PROCESS, 0, w.nice);
    if (!place_standard(w.standard)) give_up(l, Failed::making);
    if (!w.inherit) keep_descriptors_back();
    if (w.program.directory != nullptr && syscall(SYS_chdir, w.program.directory) != 0) give_up(l, Failed::directory);
    pass_gate(l, slot.gate);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &l.mask, nullptr, sizeof(u64));
    syscall(SYS_execve, w.program.path, w.program.arguments, w.program.environment);
    give_up(l, Failed::exec);
}

// ---- in the reaper --------------------------------------------------------------------------------------------------

bool wait_for_end(pid_t pid, int options, siginfo_t& info) noexcept {
    info.si_pid = 0;
    while (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | options) != 0)
        if (errno != EINTR) return false;
    return info.si_pid == pid;
}

// The child has ended, and is reaped when its code is where everybody finds it.
void reap(pid_t pid, const ChildSlot& slot) noexcept {
    siginfo_t info = {};
    const bool seen = wait_for_end(pid, WNOWAIT, info);
    const u32 status = static_cast<u32>(info.si_status);
    const u32 code = info.si_code == CLD_EXITED ? status & 0xFF : 128 + status;
    const bool inside = attach_hidden_thread() == Status::success;
    if (inside && seen) {
        const ReapLock reap;
        if (reap && shm::process(slot.process).incarnation.get() == slot.incarnation)
            say_code(slot.process, code, false);
    }
    if (seen) static_cast<void>(wait_for_end(pid, 0, info));
    if (!inside) return;  // who waits finds out by looking
    sweep();
    detach_hidden_thread();
}

int make_child(Launch& l, char* stack_end) noexcept {
    // The pid goes into the slot before the child runs, and whatever becomes of this process.
    auto* const pid_at = reinterpret_cast<pid_t*>(&shm::process(l.slot.process).pid);
    return clone(main_of_child, stack_end, CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | SIGCHLD, &l, pid_at);
}

void* main_of_reaper(void* argument) noexcept {
    auto* const launch = static_cast<Launch*>(argument);
    pthread_setname_np(pthread_self(), "winshim-child");
    alignas(64) char stack[kChildStackBytes];
    const pid_t pid = make_child(*launch, stack + sizeof stack);
    const ChildSlot slot = launch->slot;
    if (pid < 0) {
        launch->error = errno;
        launch->failed = Failed::making;
        tell_caller(*launch, 0);
    } else if (launch->failed != Failed::nothing && launch->decided.load(std::memory_order_acquire) == 0) {
        siginfo_t info;
        static_cast<void>(wait_for_end(pid, 0, info));
        tell_caller(*launch, 0);
    } else {
        if (launch->failed != Failed::nothing) {
            // Of a suspended one nobody is there any more who could be told: it ends with the error as its code.
            const u32 error = launch->wanted.error_of(launch->error);
            if (attach_hidden_thread() == Status::success) {
                if (const ReapLock reap; reap && shm::process(slot.process).incarnation.get() == slot.incarnation)
                    say_code(slot.process, error, false);
                detach_hidden_thread();
            }
        }
        if (launch->decided.load(std::memory_order_acquire) == 0) tell_caller(*launch, static_cast<u32>(pid));
        drop(launch);
        reap(pid, slot);
        count_reaper(-1);
        return nullptr;
    }
    drop(launch);
    count_reaper(-1);
    return nullptr;
}

bool start_reaper(Launch* launch) noexcept {
    count_reaper(1);
    const bool made = start_hidden_thread(main_of_reaper, launch, kStackBytes);
    if (!made) count_reaper(-1);
    return made;
}

}  // namespace

Result<NewChild> create_process(const NewProcess& wanted) noexcept {
    void* const room = malloc(sizeof(Launch));
    if (room == nullptr) {
        free(wanted.program.memory);
        return fail<NewChild>(Status::not_enough_memory);
    }
    auto* const launch = new (room) Launch(wanted);
    pthread_sigmask(SIG_SETMASK, nullptr, &launch->mask);
    const Undisturbed undisturbed;
    const Result<ChildSlot> slot = with_room_of_the_dead([&] {
        return make_child_slot({wanted.process_access_and_flags, wanted.thread_access_and_flags, wanted.inherit,
                                wanted.suspended});
    });
    if (!slot) {
        launch->users.store(1, std::memory_order_relaxed);
        drop(launch);
        return fail<NewChild>(slot.status);
    }
    launch->slot = slot.value;
    shm::process(slot.value.process).priority.set(wanted.priority_class);
    if (!start_reaper(launch)) {
        launch->users.store(1, std::memory_order_relaxed);
        drop(launch);
        drop_child_slot(slot.value);
        return fail<NewChild>(Status::not_enough_memory);
    }
    while (launch->decided.load(std::memory_order_acquire) == 0)
        syscall(SYS_futex, &launch->decided, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
    const NewChild child{slot.value, launch->pid, launch->failed, launch->error};
    // A suspended child's later failure is not the caller's: `pid` says that it was made.
    drop(launch);
    if (child.pid == 0) {
        drop_child_slot(slot.value);
        return {Status::success, child};
    }
    name_child(slot.value, child.pid);
    return {Status::success, {child.slot, child.pid, Failed::nothing, 0}};
}

}  // namespace winshim::process
