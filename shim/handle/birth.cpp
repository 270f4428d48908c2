// birth.cpp - claiming a slot and bringing it to life.
#include "shim/handle/birth.h"

#include "shim/handle/witness.h"
#include "shim/object/mapping.h"
#include "shim/shm/slots.h"
#include "shim/wait/private_lock.h"

namespace winshim::handle {

wait::Target target_of(u32 slot) noexcept {
    return {slot, state::generation(shm::object(slot).state.load(std::memory_order_relaxed))};
}

Result<u32> claim(const NewObject& wanted) noexcept {
    const Result<u32> slot = shm::allocate_object(self.id);
    wait::settle();  // a handler may have come while the array grew; nobody else will ask, if that failed
    if (!slot) return slot;
    shm::Object& x = shm::object(slot.value);
    if (x.file.get() != 0) shm::files::remove_left(slot.value);
    // Who looks on without the guard (look/objects.cpp) reads the word, the fields, and the word again: if it has read
    // a field that is stored from here on, it sees that the slot's last tenant is gone.
    std::atomic_thread_fence(std::memory_order_release);
    x.rec.set(1);
    x.type.set(static_cast<u8>(wanted.kind));
    x.rule.set(static_cast<u8>(wanted.rule));
    x.due.set(0);
    x.ticket.set(0);
    x.head.set(0);
    x.tail.set(0);
    x.all_waits.set(0);
    x.pins.set(0);
    x.refs.set(0);
    x.witness.set(witness_of(my_process));
    x.name.set(0);
    x.limit.set(wanted.limit);
    for (Field<u64>& word : x.wide) word.set(0);
    if (wanted.mapping == nullptr) return slot;
    x.wide[mapping::kSize].set(wanted.mapping->size);
    x.wide[mapping::kTraits].set(wanted.mapping->traits);
    const Status status = shm::files::make(slot.value, wanted.mapping->beside);
    if (status == Status::success) return slot;
    disclaim(slot.value);
    return fail<u32>(status);
}

void disclaim(u32 slot) noexcept {
    shm::free_object(slot);
    if (shm::object(slot).file.get() != 0) shm::files::remove_left(slot);
}

void bring_to_life(const NewObject& wanted, u32 slot, u32 handle_index) noexcept {
    shm::Object& x = shm::object(slot);
    const wait::Target target = target_of(slot);
    const bool owned = wanted.rule == Rule::mutant && wanted.value != 0;
    if (owned) ++self.owned;
    publish(handle_index, pack(target, wanted.access_and_flags), x);
    // release: whoever finds it alive finds its fields, its handle and the count of it.
    x.state.store(state::live(target.generation, owned ? self.id : wanted.value), std::memory_order_release);
}

Status make_unnamed(const NewObject& wanted, u32 handle_index) noexcept {
    const wait::Uninterrupted whole;
    const Result<u32> slot = claim(wanted);
    if (!slot) return slot.status;
    bring_to_life(wanted, slot.value, handle_index);
    return Status::success;
}

}  // namespace winshim::handle
