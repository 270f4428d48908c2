// birth.h - an object comes into being together with its first handle.
#pragma once
#include "shim/handle/table.h"
#include "shim/shm/files.h"

namespace winshim::handle {

// What a file mapping has besides.
struct Mapping {
    u64 size;
    u64 traits;                   // object/mapping.h
    shm::files::Contents beside;  // the file that is made for it
};

struct NewObject {
    Kind kind;
    Rule rule;
    u32 value = 0;         // event: set; semaphore: count; mutex: 1 = owned by the caller
    u32 limit = 0;         // semaphore: maximum
    u64 access_and_flags;  // of the handle
    const Mapping* mapping = nullptr;
};

// A slot filled in and marked as being made by the caller: nobody can reach it, and the rundown of a dead maker frees
// it.
// Errors: no_system_resources, not_enough_memory, and those of its file.
Result<u32> claim(const NewObject& wanted) noexcept;
// Gives the claimed slot its handle (a reserved index) and then its life, by one store. It needs no guard: until that
// store nobody gets in, whatever handle he has (wait::enter), so that handle and count cannot be seen apart; a repair
// of what the last tenant left stops before them, or counts what is there. A death before the store leaves an entry
// that names nothing live, and a slot that the rundown frees.
void bring_to_life(const NewObject& wanted, u32 slot, u32 handle_index) noexcept;
// A claimed slot that is not needed after all.
void disclaim(u32 slot) noexcept;
// Both, for an object without a name. Errors: as claim().
Status make_unnamed(const NewObject& wanted, u32 handle_index) noexcept;

// The claimed slot with the generation it is going to live in.
wait::Target target_of(u32 slot) noexcept;

}  // namespace winshim::handle
