// identity.cpp - objects for the own process and thread.
#include "shim/process/identity.h"

#include <pthread.h>

#include "shim/handle/birth.h"
#include "shim/object/kinds.h"
#include "shim/process/attach.h"
#include "shim/process/lifetime.h"
#include "shim/shm/slots.h"

namespace winshim::process {
namespace {

pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;  // one thread makes the process's object

Status make_object(Field<u32>& field, Kind kind) noexcept {
    const Result<u32> slot = handle::claim({.kind = kind, .rule = Rule::notification, .access_and_flags = 0});
    if (!slot) return slot.status;
    wait::Entry entry;
    if (!wait::enter_new(entry, slot.value)) {
        shm::free_object(slot.value);
        return Status::file_corrupt;
    }
    // The life first, the field after it: a death in between leaves an object without references behind a dead guard,
    // which the rundown ends. The other way round the field would name a slot that is freed and given to a stranger.
    entry.x().refs.set(1);
    entry.x().state.store(state::live(handle::target_of(slot.value).generation, 0), std::memory_order_release);
    field.set(slot.value);
    wait::leave(entry);
    return Status::success;
}

Result<wait::Target> object_of(Field<u32>& object, Kind kind) noexcept {
    pthread_mutex_lock(&making);
    Status status = Status::success;
    if (object.get() == 0) status = make_object(object, kind);
    const u32 index = object.get();
    pthread_mutex_unlock(&making);
    return {status, status == Status::success ? handle::target_of(index) : wait::Target{}};
}

}  // namespace

void lock_identity_for_fork() noexcept { pthread_mutex_lock(&making); }
void unlock_identity_after_fork() noexcept { pthread_mutex_unlock(&making); }

Result<wait::Target> own_object(handle::Handle pseudo) noexcept {
    return pseudo == current_process() ? object_of(shm::process(my_process()).object, Kind::process)
                                       : object_of(shm::thread(self.id - 1).object, Kind::thread);
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

void signal_end(Field<u32>& object) noexcept {
    const u32 index = object.get();
    wait::Entry entry;
    if (index == 0 || index >= shm::object_count() ||
        wait::enter(entry, handle::target_of(index)) != Status::success) {
        object.set(0);
        return;
    }
    shm::Object& x = entry.x();
    x.state.store(event::set(x, x.state.load(std::memory_order_relaxed)).state | state::kSlow,
                  std::memory_order_release);
    wait::pump(x, index);
    object.set(0);
    if (x.refs.get() != 0) x.refs.set(x.refs.get() - 1);
    wait::leave(entry);
}

}  // namespace winshim::process
