// objects.cpp - reading twice.
#include "shim/look/objects.h"

#include "shim/object/kinds.h"
#include "shim/shm/robust.h"

namespace winshim::look {
namespace {

constexpr u32 kMostNameBytes = 780, kMostTries = 5;

u32 copy(Name& name, const Field<u8>* text, u32 room) noexcept {
    u32 left = room;
    for (; left != 0 && name.length < kMostNameBytes; --left) name.bytes[name.length++] = (text++)->get();
    return room - left;
}

// True once the text in `cell` was whole, and the name still the object's after it was read.
bool read_cells(u32 cell, u32 index, u32 generation, Name& name) noexcept {
    shm::NameCell& head = shm::cell(cell);
    const u64 object = (u64{index} << 28) | generation;
    if (head.use.get() != shm::kCellHead || head.head.object.get() != object) return false;
    // What follows is not read before this; what is read again below, not before what follows (name/directory.cpp).
    std::atomic_thread_fence(std::memory_order_acquire);
    u32 left = head.head.length.get();
    if (left > kMostNameBytes) return false;
    left -= copy(name, head.head.text, left < shm::kHeadText ? left : shm::kHeadText);
    for (u32 next = head.more.get(); left != 0; next = shm::cell(next).more.get()) {
        shm::NameCell& more = shm::cell(next);
        if (next == 0 || more.use.get() != shm::kCellMore) return false;
        left -= copy(name, more.text, left < shm::kCellText ? left : shm::kCellText);
    }
    std::atomic_thread_fence(std::memory_order_acquire);
    return head.use.get() == shm::kCellHead && head.head.object.get() == object &&
           head.head.length.get() == name.length;
}

}  // namespace

void read_name(u32 index, u32 generation, Name& name) noexcept {
    for (u32 tries = 0; tries < kMostTries; ++tries) {
        name.length = 0;
        const u32 cell = shm::object(index).name.get();
        if (cell == 0 || cell >= shm::cell_count()) break;
        if (read_cells(cell, index, generation, name)) return;
    }
    name.length = 0;
}

bool read_object(u32 index, ObjectFacts& facts) noexcept {
    if (index == 0 || index >= shm::object_count()) return false;
    shm::Object& x = shm::object(index);
    for (u32 tries = 0; tries < kMostTries; ++tries) {
        const u64 before = x.state.load(std::memory_order_acquire);
        if (state::phase(before) != state::kLive) return false;
        facts.index = index;
        facts.generation = state::generation(before);
        facts.kind = static_cast<Kind>(x.type.get());
        facts.rule = x.rule.get();
        facts.rec = x.rec.get();
        facts.refs = x.refs.get();
        facts.pins = x.pins.get();
        facts.limit = x.limit.get();
        for (u32 i = 0; i < 6; ++i) facts.body[i] = x.body[i].get();
        for (u32 i = 0; i < 3; ++i) facts.wide[i] = x.wide[i].get();
        read_name(index, facts.generation, facts.name);
        std::atomic_thread_fence(std::memory_order_acquire);
        facts.state = x.state.load(std::memory_order_acquire);
        if (state::is_live(facts.state, facts.generation)) return true;
    }
    return false;
}

const char* kind_label(Kind kind) noexcept {
    const KindInfo* info = kind_info(kind);
    return info != nullptr ? info->label : "unknown";
}

bool lives(const shm::Thread& thread) noexcept {
    return shm::alive(const_cast<shm::Thread&>(thread));  // loads only
}

u32 process_of(const shm::Thread& thread) noexcept {
    const u32 process = thread.process.load(std::memory_order_acquire);
    return process < shm::process_count() ? process : shm::kMaxProcesses;
}

bool ids_mean_something(const shm::Process& process) noexcept {
    return process.pid_space.load(std::memory_order_relaxed) == shm::pid_space();
}

}  // namespace winshim::look
