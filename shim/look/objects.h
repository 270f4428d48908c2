// objects.h - one object as it is at an instant, read from outside: no lock, no reference, nothing written.
//
// Purpose     For the tool and the wait chain API. What is read may change meanwhile: each of these reads the state
//             word before and after, and is content only if both are of the same object. Fields that its guard protects
//             may still be in the middle of a change; then they are a little old, never out of bounds.
#pragma once
#include "shim/object/kind.h"
#include "shim/shm/segment.h"

namespace winshim::look {

struct Name {
    u32 length = 0;  // bytes, in UTF-8; 0: none. On a damaged segment any bytes
    u8 bytes[784];
};

struct ObjectFacts {
    u32 index = 0, generation = 0;
    u64 state = 0;
    Kind kind = Kind::none;
    u8 rule = 0;
    u32 rec = 0, refs = 0, pins = 0, limit = 0;
    u32 body[6] = {};
    u64 wide[3] = {};
    Name name;
};

// False: there is no live object in this slot, or another one each time.
bool read_object(u32 index, ObjectFacts& facts) noexcept;

// The name of object `index` in its generation; an empty one, too, if it is being changed.
void read_name(u32 index, u32 generation, Name& name) noexcept;

// "event", "mutex"...; "unknown" for a kind that does not exist.
const char* kind_label(Kind kind) noexcept;

// Whether the segment says that this thread lives. Only the segment is asked, and nothing marked.
bool lives(const shm::Thread& thread) noexcept;
// Its process slot; shm::kMaxProcesses if it names none that exists.
u32 process_of(const shm::Thread& thread) noexcept;
// Whether its ids, and its process's, mean something to this process.
bool ids_mean_something(const shm::Process& process) noexcept;

}  // namespace winshim::look
