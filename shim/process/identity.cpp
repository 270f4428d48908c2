// identity.cpp - objects of threads and processes.
#include "shim/process/identity.h"

#include "shim/handle/birth.h"
#include "shim/object/kinds.h"
#include "shim/process/attach.h"
#include "shim/process/embryo.h"
#include "shim/process/rundown.h"
#include "shim/shm/slots.h"

namespace winshim::process {
namespace {

constexpr u32 kNoSlot = 0xFFFFFFFF;  // + 1 is 0: none

// Holding REAP, so that nobody else makes one for the same slot, and the slot stays whose it is.
template <class Fill>
Status make_object(Field<u32>& field, Kind kind, FirstHandle first, Fill fill) noexcept {
    const Result<u32> slot = handle::claim({.kind = kind, .rule = Rule::notification, .access_and_flags = 0});
    if (!slot) return slot.status;
    wait::Entry entry;
    if (!wait::enter_new(entry, slot.value)) {
        shm::free_object(slot.value);
        return Status::file_corrupt;
    }
    fill(entry.x());
    if (first.index_and_one != 0)
        handle::publish(first.index_and_one - 1, handle::pack(handle::target_of(slot.value), first.access_and_flags),
                        entry.x());
    // The life first, the field after it: a death in between leaves an object without references behind a dead guard,
    // which the rundown ends. The other way round the field would name a slot that is freed and given to a stranger.
    entry.x().refs.set(entry.x().refs.get() + 1);
    entry.x().state.store(state::live(handle::target_of(slot.value).generation, 0), std::memory_order_release);
    field.set(slot.value);
    wait::leave(entry);
    return Status::success;
}

Result<wait::Target> target_in(const Field<u32>& field) noexcept {
    return {Status::success, handle::target_of(field.get())};
}

Result<wait::Target> of_thread(u32 slot) noexcept {
    shm::Thread& t = shm::thread(slot);
    if (t.object.get() != 0) return target_in(t.object);
    const Status made = make_object(t.object, Kind::thread, {}, [&t, slot](shm::Object& x) {
        const u32 process = t.process.load(std::memory_order_relaxed);
        describe_thread(x.body, t.tid.load(std::memory_order_relaxed),
                        shm::process(process).pid.load(std::memory_order_relaxed), slot);
    });
    return made == Status::success ? target_in(t.object) : fail<wait::Target>(made);
}

template <class Make>
Result<wait::Target> made_by(Field<u32>& field, Make make) noexcept {
    if (field.get() != 0) return target_in(field);  // our own: it stays while we live
    const ReapLock reap;
    return reap ? make() : fail<wait::Target>(Status::file_corrupt);
}

}  // namespace

void describe_thread(Field<u32>* body, u32 tid, u32 pid, u32 slot) noexcept {
    body[thread::kExitCode].set(kStillActive);
    body[thread::kTid].set(tid);
    body[thread::kPid].set(pid);
    body[thread::kSlot].set(slot + 1);
}

Status make_process_object(u32 process, FirstHandle first) noexcept {
    shm::Process& p = shm::process(process);
    const u32 pid = p.pid.load(std::memory_order_acquire);
    if (pid != 0 && p.pid_start.get() == 0 && p.pid_space.load(std::memory_order_relaxed) == shm::pid_space()) {
        PidFacts facts;
        look_at_pid(pid, 0, facts);
        p.pid_start.set(facts.start);
    }
    return make_object(p.object, Kind::process, first, [&p, pid](shm::Object& x) {
        x.body[winshim::process::kExitCode].set(kStillActive);
        x.body[kPid].set(pid);
        x.wide[kStart].set(p.pid_start.get());
    });
}

Status make_primary_object(u32 process, FirstHandle first) noexcept {
    shm::Process& p = shm::process(process);
    const u32 pid = p.pid.load(std::memory_order_relaxed);
    return make_object(p.primary, Kind::thread, first,
                       [pid](shm::Object& x) { describe_thread(x.body, pid, pid, kNoSlot); });
}

Result<wait::Target> process_object(u32 process) noexcept {
    shm::Process& p = shm::process(process);
    const Status made = p.object.get() != 0 ? Status::success : make_process_object(process, {});
    return made == Status::success ? target_in(p.object) : fail<wait::Target>(made);
}

Result<wait::Target> own_object(handle::Handle pseudo) noexcept {
    if (pseudo == current_process())
        return made_by(shm::process(my_process()).object, [] { return process_object(my_process()); });
    return made_by(shm::thread(self.id - 1).object, [] { return of_thread(self.id - 1); });
}

Result<wait::Target> thread_object(u32 tid) noexcept {
    const ReapLock reap;
    if (!reap) return fail<wait::Target>(Status::file_corrupt);
    const u32 threads = shm::thread_count();
    for (u32 i = 0; i < threads; ++i)
        if (tid != 0 && shm::thread(i).tid.load(std::memory_order_relaxed) == tid && shm::alive(shm::thread(i)))
            return of_thread(i);
    // The first thread of a child that has not called yet has no slot.
    const u32 processes = shm::process_count();
    for (u32 i = 0; i < processes && tid != 0; ++i)
        if (shm::Process& p = shm::process(i); p.primary.get() != 0 && p.pid.load(std::memory_order_relaxed) == tid &&
                                               p.slot.load(std::memory_order_acquire) != shm::Slot::free)
            return target_in(p.primary);
    return fail<wait::Target>(Status::invalid_parameter);
}

Status adopt_object(wait::Target target) noexcept {
    const ReapLock reap;
    if (!reap) return Status::file_corrupt;
    wait::Entry entry;
    if (const Status s = wait::enter(entry, target); s != Status::success) return s;
    const u32 slot = self.id - 1;
    describe_thread(entry.x().body, shm::thread(slot).tid.load(std::memory_order_relaxed),
                    shm::process(my_process()).pid.load(std::memory_order_relaxed), slot);
    shm::thread(slot).object.set(target.object);  // counts as a reference: a death here has it counted anew
    entry.x().refs.set(entry.x().refs.get() + 1);
    wait::leave(entry);
    return Status::success;
}

Result<handle::Owner> process_with(u32 object) noexcept {
    const Result<u32> slot = slot_of(object);
    return slot ? Result<handle::Owner>{Status::success, {slot.value, object}} : fail<handle::Owner>(slot.status);
}

bool signal_end(Field<u32>& object, Ended ended) noexcept {
    const u32 index = object.get();
    wait::Entry entry;
    Status status = Status::invalid_handle;
    if (index != 0 && index < shm::object_count()) status = wait::enter(entry, handle::target_of(index));
    if (status == Status::file_corrupt && shm::out_of_patience()) return false;
    if (status != Status::success) {
        object.set(0);
        return true;
    }
    shm::Object& x = entry.x();
    const u64 s = x.state.load(std::memory_order_relaxed);
    if (state::value(s) == 0) {  // a rundown may come here twice
        x.body[winshim::process::kExitCode].set(ended.code);
        if (static_cast<Kind>(x.type.get()) == Kind::process) {
            x.body[kLived].set(ended.lived_ticks);
            x.body[kUser].set(ended.user_ticks);
            x.limit.set(ended.kernel_ticks);
        }
    }
    x.state.store(event::set(x, s).state | state::kSlow, std::memory_order_release);
    wait::pump(x, index);
    object.set(0);
    if (x.refs.get() != 0) x.refs.set(x.refs.get() - 1);
    wait::leave(entry);
    return true;
}

u32 exit_code_of(shm::Object& x) noexcept {
    // acquire: ended, then what it left behind
    const bool ended = state::value(x.state.load(std::memory_order_acquire)) != 0;
    return ended ? x.body[winshim::process::kExitCode].get() : kStillActive;
}

}  // namespace winshim::process
