// processes.cpp - opening, ending and asking processes.
#include "shim/process/processes.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/object/process.h"
#include "shim/object/thread.h"
#include "shim/process/attach.h"
#include "shim/process/embryo.h"
#include "shim/process/identity.h"
#include "shim/process/lifetime.h"
#include "shim/process/rundown.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434  // Linux 5.3
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424  // Linux 5.1
#endif

namespace winshim::process {
namespace {

bool has_ended(wait::Target target) noexcept {
    return state::value(shm::object(target.object).state.load(std::memory_order_acquire)) != 0;
}

bool is_here(const shm::Process& p) noexcept {
    return p.pid_space.load(std::memory_order_relaxed) == shm::pid_space();
}

// Holding REAP: the slot of the running process with this id.
u32 running_slot(u32 pid) noexcept {
    const u32 processes = shm::process_count();
    for (u32 i = 0; i < processes; ++i) {
        const shm::Process& p = shm::process(i);
        const shm::Slot slot = p.slot.load(std::memory_order_acquire);
        if (p.pid.load(std::memory_order_relaxed) != pid || !is_here(p)) continue;
        if (slot == shm::Slot::live && process_alive(i)) return i;
        if (slot == shm::Slot::embryo && !embryo_over(i)) return i;
    }
    return kNoProcess;
}

// The slot of the thread that this object stands for; kNoThread if there is none (yet, or any more).
constexpr u32 kNoThread = ~0u;
u32 thread_of(u32 object) noexcept {
    const u32 slot = shm::object(object).body[thread::kSlot].get();
    const bool there = slot != 0 && slot <= shm::thread_count() && shm::thread(slot - 1).object.get() == object;
    return there ? slot - 1 : kNoThread;
}

// Has the process ended, or the thread, that this object stands for, and nobody said so? `surely`: the kernel is asked
// about processes; else a process without a living thread may have ended.
bool is_over(wait::Target target, bool surely) noexcept {
    const u32 object = target.object, processes = shm::process_count();
    const Kind kind = static_cast<Kind>(shm::object(object).type.get());
    if ((kind != Kind::process && kind != Kind::thread) || has_ended(target)) return false;
    u32 slot = kNoProcess;
    if (kind == Kind::process) {
        if (const Result<u32> found = slot_of(object); found) slot = found.value;
    } else {
        if (const u32 its = thread_of(object); its != kNoThread) return !shm::alive(shm::thread(its));
        for (u32 i = 0; i < processes && slot == kNoProcess; ++i)  // the first thread of one that has not called yet
            if (shm::process(i).primary.get() == object) slot = i;
    }
    if (slot == kNoProcess || slot == my_process()) return false;
    shm::Process& p = shm::process(slot);
    PidFacts facts;
    if (!surely || !is_here(p) || p.pid_start.get() == 0) return !process_alive(slot);
    return look_at_pid(p.pid.load(std::memory_order_relaxed), p.pid_start.get(), facts) != PidState::runs;
}

// The object of a process that has ended, while somebody has a handle to it. Of several that had the id, one.
Result<wait::Target> ended_object(u32 pid) noexcept {
    const u32 objects = shm::object_count();
    for (u32 i = 1; i < objects; ++i) {
        shm::Object& x = shm::object(i);
        const u64 s = x.state.load(std::memory_order_acquire);
        if (state::phase(s) == state::kLive && static_cast<Kind>(x.type.get()) == Kind::process &&
            state::value(s) != 0 && x.body[kPid].get() == pid)
            return {Status::success, {i, state::generation(s)}};
    }
    return fail<wait::Target>(Status::invalid_parameter);
}

// Holding REAP.
Result<wait::Target> find_process(u32 pid) noexcept {
    if (pid == 0) return fail<wait::Target>(Status::invalid_parameter);
    u32 slot = running_slot(pid);
    if (slot == kNoProcess) {
        sweep_held();  // it may have ended unnoticed
        const Result<u32> made = embryo_for(pid);
        if (made.status == Status::invalid_parameter) return ended_object(pid);
        if (!made) return fail<wait::Target>(made.status);
        slot = made.value;
    }
    return process_object(slot);
}

// A signal to the process that is meant, and to no later one with its id.
bool send_kill(u32 pid, u64 start) noexcept {
    const long fd = syscall(SYS_pidfd_open, pid, 0);
    PidFacts facts;
    const bool is_it = look_at_pid(pid, start, facts) != PidState::gone;
    int error = is_it ? 0 : ESRCH;
    if (is_it) {
        const bool sent = fd >= 0 && syscall(SYS_pidfd_send_signal, fd, SIGKILL, nullptr, 0) == 0;
        if (!sent && kill(static_cast<pid_t>(pid), SIGKILL) != 0) error = errno;
    }
    if (fd >= 0) syscall(SYS_close, fd);
    errno = error;
    return error == 0;
}

}  // namespace

Result<handle::Handle> open_process(u32 pid, u64 access_and_flags) noexcept {
    const Result<u32> index = handle::reserve();
    if (!index) return fail<handle::Handle>(index.status);
    Status status = Status::file_corrupt;
    if (const ReapLock reap; reap) {
        const Result<wait::Target> target = find_process(pid);
        status = target.status;
        wait::Entry entry;
        if (status == Status::success) status = wait::enter(entry, target.value);
        if (status == Status::success) {
            handle::publish(index.value, handle::pack(target.value, access_and_flags), entry.x());
            wait::leave(entry);
        }
    }
    if (status == Status::success) return {Status::success, handle::to_handle(index.value)};
    handle::unreserve(index.value);
    return fail<handle::Handle>(status);
}

Status terminate_process(wait::Target target, u32 code) noexcept {
    const ReapLock reap;
    if (!reap) return Status::file_corrupt;
    const Result<u32> slot = slot_of(target.object);
    if (has_ended(target) || !slot) return Status::access_denied;
    shm::Process& p = shm::process(slot.value);
    const u32 pid = p.pid.load(std::memory_order_acquire);
    PidFacts facts;
    if (pid == 0 || !is_here(p) || look_at_pid(pid, p.pid_start.get(), facts) != PidState::runs)
        return Status::access_denied;
    // Before it dies: whoever finds it dead must find the code.
    const u32 said = p.code_known.load(std::memory_order_relaxed), before = p.exit_code.get();
    say_code(slot.value, code, true);
    if (send_kill(pid, p.pid_start.get())) return Status::success;
    p.exit_code.set(before);
    p.code_known.store(said, std::memory_order_release);
    return Status::access_denied;
}

void terminate_self(u32 code) noexcept {
    if (attached()) say_code(my_process(), code, true);
    for (;;) syscall(SYS_exit_group, code & 0xFF);
}

// exit() is for one thread, once: a second one that comes meanwhile ends with the process.
void exit_process(u32 code) noexcept {
    static std::atomic<pid_t> exiting{0};
    pid_t nobody = 0;
    const pid_t me = gettid();
    // In a fork's child the thread that was at it is not there.
    if (!exiting.compare_exchange_strong(nobody, me) && nobody != me &&
        syscall(SYS_tgkill, getpid(), nobody, 0) == 0)
        for (;;) pause();
    exit(static_cast<int>(code));  // NOLINT(concurrency-mt-unsafe)
}

bool notice_end(const wait::Target* targets, u32 count) noexcept {
    for (u32 i = 0; i < count; ++i)
        if (is_over(targets[i], true)) return sweep();
    return false;
}

void notice_the_dead(const wait::Target* targets, u32 count) noexcept {
    for (u32 i = 0; i < count; ++i)
        if (is_over(targets[i], false) && is_over(targets[i], true)) {
            sweep();
            return;
        }
}

ProcessTimes times_of(wait::Target target) noexcept {
    shm::Object& x = shm::object(target.object);
    const u64 start = x.wide[kStart].get();
    if (has_ended(target)) return {start, start + x.body[kLived].get(), x.body[kUser].get(), x.limit.get()};
    PidFacts facts;
    look_at_pid(x.body[kPid].get(), start, facts);
    return {start, 0, facts.user_ticks, facts.kernel_ticks};
}

Result<u32> handle_count(u32 object) noexcept {
    const Result<u32> slot = slot_of(object);
    if (!slot) return slot;
    u32 count = 0;
    const u32 chunks = shm::chunk_count();
    for (u32 c = 0; c < chunks; ++c) {
        if (shm::header().chunk_owner[c].load(std::memory_order_acquire) != slot.value + 1) continue;
        for (const auto& entry : shm::chunk(c).entry)
            count += handle::is_open(entry.load(std::memory_order_relaxed)) ? 1u : 0u;
    }
    return {Status::success, count};
}

Result<u32> priority_of(u32 object) noexcept {
    const Result<u32> slot = slot_of(object);
    return slot ? Result<u32>{Status::success, shm::process(slot.value).priority.get()} : slot;
}

// Linux keeps a nice value for each thread. Those that are not known here keep theirs.
Status set_priority(u32 object, u32 priority_class, int nice) noexcept {
    const Result<u32> slot = slot_of(object);
    if (!slot) return slot.status;
    shm::Process& p = shm::process(slot.value);
    setpriority(PRIO_PROCESS, p.pid.load(std::memory_order_relaxed), nice);
    const u32 threads = shm::thread_count();
    for (u32 i = 0; i < threads; ++i) {
        shm::Thread& t = shm::thread(i);
        if (t.process.load(std::memory_order_relaxed) == slot.value && shm::alive(t))
            setpriority(PRIO_PROCESS, t.tid.load(std::memory_order_relaxed), nice);
    }
    p.priority.set(priority_class);
    return Status::success;
}

Result<int> nice_of(u32 pid) noexcept {
    errno = 0;
    const int nice = getpriority(PRIO_PROCESS, pid);
    return nice == -1 && errno != 0 ? fail<int>(Status::access_denied) : Result<int>{Status::success, nice};
}

}  // namespace winshim::process
