// embryo.cpp - making, adopting and judging embryos.
#include "shim/process/embryo.h"

#include <cerrno>
#include <climits>
#include <csignal>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/handle/birth.h"
#include "shim/object/kinds.h"
#include "shim/process/attach.h"
#include "shim/process/identity.h"
#include "shim/process/lifetime.h"
#include "shim/process/own_threads.h"
#include "shim/process/rundown.h"
#include "shim/shm/clock.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434  // Linux 5.3
#endif

namespace winshim::process {
namespace {

constexpr u64 kForkTakesNs = 60 * kNsPerSecond;  // a fork that failed, or a child that was killed before it began

bool is_late(shm::Process& p) noexcept { return now_ns() > p.embryo_since.get() + kForkTakesNs; }

// The thread that makes it is alive, and still the same.
bool maker_lives(shm::Process& p) noexcept {
    const u32 slot = p.witness.get() - 1;
    if (slot >= shm::thread_count()) return false;
    shm::Thread& t = shm::thread(slot);
    return shm::alive_for_sure(t) && t.incarnation.load(std::memory_order_relaxed) == p.maker_tenancy.get();
}

PidState state_of(shm::Process& p, PidFacts& facts) noexcept {
    const u32 pid = p.pid.load(std::memory_order_acquire);
    const u64 start = p.pid_start.get();
    PidState state = look_at_pid(pid, start, facts);
    // Its start was never stored: it died before it could. A process that began much later is another one. (Both
    // clocks: the one of the ticks counts time that the machine sleeps, too, which makes this one look later.)
    if (start == 0 && facts.start != 0) {
        const u64 age_ticks = (now_ns() - p.embryo_since.get()) / (kNsPerSecond / ticks_per_second());
        if (facts.start > ticks_now() - age_ticks + u64{60} * ticks_per_second()) state = PidState::gone;
    }
    return state;
}

bool refers_only_to_itself(u32 object) noexcept { return object == 0 || shm::object(object).refs.get() <= 1; }

bool is_referred_to(shm::Process& p) noexcept {
    return !refers_only_to_itself(p.object.get()) || !refers_only_to_itself(p.primary.get());
}

// Nobody has a handle to it, and it has none: its end concerns nobody.
bool is_useless(shm::Process& p) noexcept {
    for (const auto& chunk : p.chunk)
        if (chunk.load(std::memory_order_relaxed) != 0) return false;
    return p.gate.load(std::memory_order_acquire) == kGateOpen && !is_referred_to(p);
}

// Which process its object stands for.
void tell_object(shm::Process& p) noexcept {
    if (p.object.get() == 0) return;
    shm::Object& x = shm::object(p.object.get());
    x.body[kPid].set(p.pid.load(std::memory_order_relaxed));
    x.wide[kStart].set(p.pid_start.get());
}

// Of an embryo in another namespace of ids: whoever made it hears of its end.
bool parent_lives(const shm::Process& p) noexcept {
    const u32 processes = shm::process_count(), parent = p.parent.get();
    for (u32 i = 0; i < processes && parent != 0; ++i) {
        const shm::Process& other = shm::process(i);
        if (other.slot.load(std::memory_order_acquire) == shm::Slot::live &&
            other.pid.load(std::memory_order_relaxed) == parent && process_alive(i) &&
            other.pid_space.load(std::memory_order_relaxed) == p.pid_space.load(std::memory_order_relaxed))
            return true;
    }
    return false;
}

}  // namespace

Result<ChildSlot> make_child_slot(const ChildWanted& wanted) noexcept {
    ChildSlot child;
    const Result<u32> first = handle::reserve();
    if (!first) return fail<ChildSlot>(first.status);
    const Result<u32> second = handle::reserve();
    if (!second) {
        handle::unreserve(first.value);
        return fail<ChildSlot>(second.status);
    }
    if (wanted.inherit) handle::lock_for_fork();
    Status status = Status::file_corrupt;
    bool first_used = false, second_used = false;
    if (const ReapLock reap; reap) {
        const Result<u32> slot = reserve_process(shm::Slot::embryo);
        status = slot.status;
        if (slot) {
            shm::Process& p = shm::process(slot.value);
            child.process = slot.value;
            child.incarnation = p.incarnation.get();
            p.gate.store(wanted.suspended ? 1 : 0, std::memory_order_relaxed);
            p.parent.set(static_cast<u32>(getpid()));
            if (wanted.inherit) status = handle::copy_to(slot.value, handle::kInherit);
            if (status == Status::success)
                status = make_process_object(slot.value, {first.value + 1, wanted.process_access_and_flags});
            first_used = status == Status::success;
            if (status == Status::success)
                status = make_primary_object(slot.value, {second.value + 1, wanted.thread_access_and_flags});
            second_used = status == Status::success;
            if (status != Status::success) run_down_process(slot.value);
        }
    }
    if (wanted.inherit) handle::unlock_after_fork();
    child.process_handle = handle::to_handle(first.value);
    child.thread_handle = handle::to_handle(second.value);
    if (status == Status::success) return {Status::success, child};
    first_used ? static_cast<void>(handle::close(child.process_handle)) : handle::unreserve(first.value);
    second_used ? static_cast<void>(handle::close(child.thread_handle)) : handle::unreserve(second.value);
    return fail<ChildSlot>(status);
}

void drop_child_slot(const ChildSlot& child) noexcept {
    static_cast<void>(handle::close(child.process_handle));
    static_cast<void>(handle::close(child.thread_handle));
    const ReapLock reap;
    if (!reap) return;
    shm::Process& p = shm::process(child.process);
    if (p.incarnation.get() == child.incarnation && p.slot.load(std::memory_order_acquire) == shm::Slot::embryo)
        run_down_process(child.process);
}

void name_child(const ChildSlot& child, u32 pid) noexcept {
    const auto object = [](handle::Handle h) -> shm::Object& {
        return shm::object(handle::target(handle::peek(h)).object);
    };
    object(child.process_handle).body[kPid].set(pid);
    object(child.thread_handle).body[thread::kTid].set(pid);
    object(child.thread_handle).body[thread::kPid].set(pid);
    const ReapLock reap;
    shm::Process& p = shm::process(child.process);
    if (reap && p.incarnation.get() == child.incarnation) tell_object(p);
}

Result<u32> slot_of(u32 object) noexcept {
    if (object == 0) return fail<u32>(Status::invalid_handle);
    if (shm::process(my_process()).object.get() == object) return {Status::success, my_process()};
    const u32 processes = shm::process_count();
    for (u32 i = 0; i < processes; ++i) {
        shm::Process& p = shm::process(i);
        if (p.object.get() == object && p.slot.load(std::memory_order_acquire) != shm::Slot::free)
            return {Status::success, i};
    }
    return fail<u32>(Status::invalid_handle);
}

u32 adopt_embryo() noexcept {
    const auto pid = static_cast<u32>(getpid());
    const u32 processes = shm::process_count(), space = shm::pid_space();
    u64 start = 0;
    for (u32 i = 0; i < processes; ++i) {
        shm::Process& p = shm::process(i);
        if (p.slot.load(std::memory_order_acquire) != shm::Slot::embryo ||
            p.pid.load(std::memory_order_acquire) != pid ||
            p.pid_space.load(std::memory_order_relaxed) != space)
            continue;
        if (start == 0) start = own_start();
        if (p.pid_start.get() != 0 && start != 0 && p.pid_start.get() != start) continue;
        p.witness.set(0);
        if (p.pid_start.get() == 0) p.pid_start.set(start);
        tell_object(p);
        p.slot.store(shm::Slot::live, std::memory_order_release);
        return i;
    }
    return kNoProcess;
}

// Under the object's guard both fields change, this slot's first: a death in between leaves an object that two slots
// name, whose references are counted anew, and which the end of either signals.
void take_over_opened() noexcept {
    const auto pid = static_cast<u32>(getpid());
    const u32 processes = shm::process_count(), space = shm::pid_space();
    shm::Process& own = shm::process(my_process());
    for (u32 i = 0; i < processes && own.object.get() == 0; ++i) {
        shm::Process& p = shm::process(i);
        if (p.slot.load(std::memory_order_acquire) != shm::Slot::embryo ||
            p.pid.load(std::memory_order_acquire) != pid ||
            p.pid_space.load(std::memory_order_relaxed) != space || p.object.get() == 0 || embryo_over(i))
            continue;
        wait::Entry entry;
        if (wait::enter(entry, handle::target_of(p.object.get())) != Status::success) continue;
        own.pid_start.set(p.pid_start.get());
        own.object.set(p.object.get());
        p.object.set(0);
        wait::leave(entry);
        run_down_process(i);
    }
}

// Under the object's guard both fields change: a death in between has the references counted anew.
void adopt_primary(u32 thread_slot) noexcept {
    shm::Thread& t = shm::thread(thread_slot);
    shm::Process& p = shm::process(my_process());
    const u32 object = p.primary.get();
    const u32 tid = t.tid.load(std::memory_order_relaxed);
    if (object == 0 || tid != p.pid.load(std::memory_order_relaxed) || t.object.get() != 0) return;
    wait::Entry entry;
    if (wait::enter(entry, handle::target_of(object)) != Status::success) return;
    describe_thread(entry.x().body, tid, tid, thread_slot);
    t.object.set(object);
    p.primary.set(0);
    wait::leave(entry);
}

bool return_primary(u32 thread_slot) noexcept {
    shm::Thread& t = shm::thread(thread_slot);
    const u32 process = t.process.load(std::memory_order_relaxed), object = t.object.get();
    shm::Process& p = shm::process(process);
    if (object == 0 || p.object.get() == 0 || p.primary.get() != 0 ||
        t.tid.load(std::memory_order_relaxed) != p.pid.load(std::memory_order_relaxed) || !pid_goes_on(process))
        return false;
    wait::Entry entry;
    if (wait::enter(entry, handle::target_of(object)) != Status::success) return false;
    p.primary.set(object);
    t.object.set(0);
    wait::leave(entry);
    return true;
}

bool embryo_over(u32 process) noexcept {
    shm::Process& p = shm::process(process);
    const u32 pid = p.pid.load(std::memory_order_acquire);
    if (pid == 0) return p.witness.get() == 0 ? is_late(p) : !maker_lives(p);
    if (is_useless(p)) return true;
    if (p.pid_space.load(std::memory_order_relaxed) != shm::pid_space()) return is_late(p) && !parent_lives(p);
    PidFacts facts;
    return state_of(p, facts) != PidState::runs;
}

bool pid_goes_on(u32 process) noexcept {
    shm::Process& p = shm::process(process);
    const bool known = p.pid_start.get() != 0 && p.pid_space.load(std::memory_order_relaxed) == shm::pid_space();
    PidFacts facts;
    return p.object.get() != 0 && known && is_referred_to(p) && state_of(p, facts) == PidState::runs;
}

void leave_to_pid(u32 process) noexcept {
    shm::Process& p = shm::process(process);
    p.gate.store(kGateOpen, std::memory_order_release);
    p.slot.store(shm::Slot::embryo, std::memory_order_release);
}

bool signal_process_end(u32 process) noexcept {
    shm::Process& p = shm::process(process);
    PidFacts facts;
    const bool known = p.code_known.load(std::memory_order_acquire) != 0;
    const bool here = p.pid_space.load(std::memory_order_relaxed) == shm::pid_space();
    if (p.object.get() == 0 && p.primary.get() == 0) return true;
    if (here && p.pid.load(std::memory_order_relaxed) != 0) state_of(p, facts);
    const u32 code = known ? p.exit_code.get() : facts.code_there ? facts.code : kCodeUnknown;
    const u64 start = p.pid_start.get();
    if (p.pid.load(std::memory_order_relaxed) != 0) tell_object(p);
    const u32 lived = start == 0 ? 0 : static_cast<u32>(ticks_now() - start);
    const Ended ended{code, lived, facts.user_ticks, facts.kernel_ticks};
    return signal_end(p.object, ended) && signal_end(p.primary, ended);
}

Result<u32> embryo_for(u32 pid) noexcept {
    // Only the first thread's id is a process's.
    const long fd = syscall(SYS_pidfd_open, pid, 0);
    if (fd >= 0) syscall(SYS_close, fd);
    else if (errno != ENOSYS && errno != EMFILE && errno != ENFILE && errno != EPERM)
        return fail<u32>(Status::invalid_parameter);
    PidFacts facts;
    if (look_at_pid(pid, 0, facts) != PidState::runs) return fail<u32>(Status::invalid_parameter);
    if (kill(static_cast<pid_t>(pid), 0) != 0)
        return fail<u32>(errno == EPERM ? Status::access_denied : Status::invalid_parameter);
    const Result<u32> slot = reserve_process(shm::Slot::embryo);
    if (!slot) return slot;
    shm::Process& p = shm::process(slot.value);
    p.pid_start.set(facts.start);
    p.gate.store(kGateOpen, std::memory_order_release);
    p.pid.store(pid, std::memory_order_release);
    return slot;
}

void say_code(u32 process, u32 code, bool anew) noexcept {
    shm::Process& p = shm::process(process);
    if (!anew && p.code_known.load(std::memory_order_acquire) != 0) return;
    p.exit_code.set(code);
    p.code_known.store(1, std::memory_order_release);
}

Result<u32> change_gate(wait::Target target, int by) noexcept {
    const ReapLock reap;
    if (!reap) return fail<u32>(Status::file_corrupt);
    const u32 processes = shm::process_count();
    for (u32 i = 0; i < processes; ++i) {
        shm::Process& p = shm::process(i);
        if (p.primary.get() != target.object || p.slot.load(std::memory_order_acquire) != shm::Slot::embryo) continue;
        u32 count = p.gate.load(std::memory_order_acquire);
        for (;;) {
            if (count == kGateOpen) return by < 0 ? Result<u32>{Status::success, 0} : fail<u32>(Status::not_supported);
            if (by < 0 && count == 0) return {Status::success, 0};
            if (by > 0 && count >= kMostSuspends) return fail<u32>(Status::signal_refused);
            if (p.gate.compare_exchange_weak(count, count + static_cast<u32>(by), std::memory_order_acq_rel,
                                             std::memory_order_acquire))
                break;
        }
        syscall(SYS_futex, &p.gate, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
        return {Status::success, count};
    }
    return fail<u32>(Status::not_supported);
}

}  // namespace winshim::process
