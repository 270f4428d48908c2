// identity.cpp - objects for the own process and thread.
#include "shim/process/identity.h"

#include <pthread.h>

#include "shim/handle/birth.h"
#include "shim/object/kinds.h"
#include "shim/process/attach.h"
#include "shim/wait/change.h"

namespace winshim::process {
namespace {

pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;  // one thread makes the process's object

// A hidden handle: no rights, protected from a CloseHandle that guesses its value.
Result<u32> make_object(Kind kind) noexcept {
    const Result<u32> index = handle::reserve();
    if (!index) return index;
    const Status status = handle::make_unnamed(
        {.kind = kind, .rule = Rule::notification, .access_and_flags = handle::kProtect}, index.value);
    if (status != Status::success) {
        handle::unreserve(index.value);
        return fail<u32>(status);
    }
    return {Status::success, handle::target(handle::peek(handle::to_handle(index.value))).object};
}

Result<wait::Target> object_of(Field<u32>& object, Kind kind) noexcept {
    pthread_mutex_lock(&making);
    Status status = Status::success;
    if (object.get() == 0) {
        const Result<u32> made = make_object(kind);
        status = made.status;
        if (made) object.set(made.value);
    }
    const u32 index = object.get();
    pthread_mutex_unlock(&making);
    return {status, status == Status::success ? handle::target_of(index) : wait::Target{}};
}

}  // namespace

Result<wait::Target> own_object(handle::Handle pseudo) noexcept {
    return pseudo == current_process() ? object_of(shm::process(my_process()).object, Kind::process)
                                       : object_of(shm::thread(self.id - 1).object, Kind::thread);
}

bool is_own_process(wait::Target target) noexcept { return shm::process(my_process()).object.get() == target.object; }

void signal_end(u32 object, Kind kind) noexcept {
    if (object == 0 || object >= shm::object_count() || shm::object(object).type.get() != static_cast<u8>(kind)) return;
    const Status done = wait::change(handle::target_of(object), event::set);
    static_cast<void>(done);  // the object is gone: nobody waits for it
}

}  // namespace winshim::process
