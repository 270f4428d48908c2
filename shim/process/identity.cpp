// identity.cpp - objects of threads and processes.
#include "shim/process/identity.h"

#include "shim/handle/birth.h"
#include "shim/object/kinds.h"
#include "shim/process/attach.h"
#include "shim/process/rundown.h"
#include "shim/shm/slots.h"

namespace winshim::process {
namespace {

// Holding REAP, so that nobody else makes one for the same slot, and the slot stays whose it is.
template <class Fill>
Status make_object(Field<u32>& field, Kind kind, Fill fill) noexcept {
    const Result<u32> slot = handle::claim({.kind = kind, .rule = Rule::notification, .access_and_flags = 0});
    if (!slot) return slot.status;
    wait::Entry entry;
    if (!wait::enter_new(entry, slot.value)) {
        shm::free_object(slot.value);
        return Status::file_corrupt;
    }
    fill(entry.x().body);
    // The life first, the field after it: a death in between leaves an object without references behind a dead guard,
    // which the rundown ends. The other way round the field would name a slot that is freed and given to a stranger.
    entry.x().refs.set(1);
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
    const Status made = make_object(t.object, Kind::thread, [&t, slot](Field<u32>* body) {
        const u32 process = t.process.load(std::memory_order_relaxed);
        describe_thread(body, t.tid.load(std::memory_order_relaxed),
                        shm::process(process).pid.load(std::memory_order_relaxed), slot);
    });
    return made == Status::success ? target_in(t.object) : fail<wait::Target>(made);
}

Result<wait::Target> of_process(u32 process) noexcept {
    shm::Process& p = shm::process(process);
    if (p.object.get() != 0) return target_in(p.object);
    const Status made = make_object(p.object, Kind::process, [&p](Field<u32>* body) {
        body[winshim::process::kExitCode].set(kStillActive);
        body[kPid].set(p.pid.load(std::memory_order_relaxed));
    });
    return made == Status::success ? target_in(p.object) : fail<wait::Target>(made);
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

Result<wait::Target> own_object(handle::Handle pseudo) noexcept {
    if (pseudo == current_process())
        return made_by(shm::process(my_process()).object, [] { return of_process(my_process()); });
    return made_by(shm::thread(self.id - 1).object, [] { return of_thread(self.id - 1); });
}

Result<wait::Target> thread_object(u32 tid) noexcept {
    const ReapLock reap;
    if (!reap) return fail<wait::Target>(Status::file_corrupt);
    const u32 threads = shm::thread_count();
    for (u32 i = 0; i < threads; ++i)
        if (tid != 0 && shm::thread(i).tid.load(std::memory_order_relaxed) == tid && shm::alive(shm::thread(i)))
            return of_thread(i);
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
    if (shm::process(my_process()).object.get() == object) return {Status::success, {my_process(), object}};
    const u32 processes = shm::process_count();
    for (u32 i = 0; i < processes; ++i) {
        shm::Process& p = shm::process(i);
        if (p.object.get() == object && p.slot.load(std::memory_order_acquire) == shm::Slot::live)
            return {Status::success, {i, object}};
    }
    return fail<handle::Owner>(Status::invalid_handle);
}

bool signal_end(Field<u32>& object, u32 code) noexcept {
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
    if (state::value(s) == 0) x.body[winshim::process::kExitCode].set(code);  // a rundown may come here twice
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
