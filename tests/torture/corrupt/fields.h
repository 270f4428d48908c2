// fields.h - every field of the shared state, with what it means: the fuzzer aims by this table.
#pragma once

#include "shim/shm/layout.h"

namespace corrupt {

namespace shm = winshim::shm;

// What a field holds decides which values are hostile in it.
enum class Role {
    any, state, wait_word, slot, thread, process, object, block, cell, count, tid, kind, pointer, entry, flag, due,
    setting
};

struct FieldAt {
    const char* name;
    unsigned long offset;
    unsigned size;
    Role role;
};

#define WINSHIM_FIELD(structure, field, role) \
    FieldAt{#structure "." #field, offsetof(shm::structure, field), sizeof(shm::structure::field), Role::role}

// The parts of a robust mutex as the C library lays it out (checked by nobody: it only steers the aim).
#define WINSHIM_LOCK(structure, lock)                                                                     \
    FieldAt{#structure "." #lock ".word", offsetof(shm::structure, lock), 4, Role::tid},                  \
    FieldAt{#structure "." #lock ".count", offsetof(shm::structure, lock) + 4, 4, Role::any},             \
    FieldAt{#structure "." #lock ".owner", offsetof(shm::structure, lock) + 8, 4, Role::tid},             \
    FieldAt{#structure "." #lock ".kind", offsetof(shm::structure, lock) + 16, 4, Role::kind},            \
    FieldAt{#structure "." #lock ".prev", offsetof(shm::structure, lock) + 24, 8, Role::pointer},         \
    FieldAt{#structure "." #lock ".next", offsetof(shm::structure, lock) + 32, 8, Role::pointer}

inline const FieldAt kHeaderFields[] = {
    WINSHIM_FIELD(Header, magic, any), WINSHIM_FIELD(Header, layout_version, any),
    WINSHIM_FIELD(Header, signature, any), WINSHIM_FIELD(Header, id, any), WINSHIM_FIELD(Header, retired, flag),
    WINSHIM_LOCK(Header, rundown), WINSHIM_LOCK(Header, names), WINSHIM_LOCK(Header, all), WINSHIM_LOCK(Header, grow),
    WINSHIM_FIELD(Header, objects, count), WINSHIM_FIELD(Header, threads, count),
    WINSHIM_FIELD(Header, processes, count), WINSHIM_FIELD(Header, chunks, count), WINSHIM_FIELD(Header, cells, count),
    WINSHIM_FIELD(Header, cursor, object), WINSHIM_FIELD(Header, stale_names, count),
    WINSHIM_FIELD(Header, cell_free, cell), WINSHIM_FIELD(Header, cell_next, cell),
    WINSHIM_FIELD(Header, bucket_count, count), WINSHIM_FIELD(Header, name_count, count)};
inline constexpr unsigned kIdentityFields = 5;  // magic to retired: put back soon, or nobody could attach any more

inline const FieldAt kObjectFields[] = {
    WINSHIM_FIELD(Object, state, state), WINSHIM_LOCK(Object, guard), WINSHIM_FIELD(Object, rec, count),
    WINSHIM_FIELD(Object, type, flag), WINSHIM_FIELD(Object, rule, flag), WINSHIM_FIELD(Object, due, flag),
    WINSHIM_FIELD(Object, file, flag),
    WINSHIM_FIELD(Object, ticket, any), WINSHIM_FIELD(Object, head, block), WINSHIM_FIELD(Object, tail, block),
    WINSHIM_FIELD(Object, all_waits, count), WINSHIM_FIELD(Object, pins, count), WINSHIM_FIELD(Object, refs, count),
    WINSHIM_FIELD(Object, witness, thread), WINSHIM_FIELD(Object, name, cell), WINSHIM_FIELD(Object, limit, count),
    WINSHIM_FIELD(Object, body[0], any), WINSHIM_FIELD(Object, body[1], tid), WINSHIM_FIELD(Object, body[2], any),
    WINSHIM_FIELD(Object, wide[0], due), WINSHIM_FIELD(Object, wide[1], setting),
    WINSHIM_FIELD(Object, wide[2], setting)};

inline const FieldAt kThreadFields[] = {
    WINSHIM_FIELD(Thread, word, wait_word), WINSHIM_FIELD(Thread, slot, slot), WINSHIM_FIELD(Thread, tid, tid),
    WINSHIM_LOCK(Thread, life), WINSHIM_FIELD(Thread, process, process), WINSHIM_FIELD(Thread, incarnation, any),
    WINSHIM_FIELD(Thread, sections, any), WINSHIM_FIELD(Thread, blocked_on, any),
    WINSHIM_FIELD(Thread, pid_space, any), WINSHIM_FIELD(Thread, block_count, count),
    WINSHIM_FIELD(Thread, bell_made, flag),
    WINSHIM_FIELD(Thread, wait_since, any), WINSHIM_FIELD(Thread, wait_until, any),
    WINSHIM_FIELD(Thread, object, object)};

inline const FieldAt kBlockFields[] = {
    WINSHIM_FIELD(Block, armed, flag), WINSHIM_FIELD(Block, object, object), WINSHIM_FIELD(Block, ticket, any),
    WINSHIM_FIELD(Block, next_state, state), WINSHIM_FIELD(Block, next_rec, count),
    WINSHIM_FIELD(Block, sequence, any), WINSHIM_FIELD(Block, next, block), WINSHIM_FIELD(Block, prev, block)};

inline const FieldAt kProcessFields[] = {
    WINSHIM_FIELD(Process, slot, slot), WINSHIM_FIELD(Process, pid, tid), WINSHIM_FIELD(Process, witness, thread),
    WINSHIM_FIELD(Process, object, object), WINSHIM_FIELD(Process, epoch, any),
    WINSHIM_FIELD(Process, watching, flag), WINSHIM_FIELD(Process, embryo_since, any), WINSHIM_LOCK(Process, table),
    WINSHIM_FIELD(Process, remote_closes, any), WINSHIM_FIELD(Process, pid_space, any),
    WINSHIM_FIELD(Process, code_known, flag), WINSHIM_FIELD(Process, gate, any), WINSHIM_FIELD(Process, pid_start, any),
    WINSHIM_FIELD(Process, primary, object), WINSHIM_FIELD(Process, maker_tenancy, any),
    WINSHIM_FIELD(Process, parent, tid)};

inline const FieldAt kCellFields[] = {
    WINSHIM_FIELD(NameCell, use, flag), WINSHIM_FIELD(NameCell, more, cell),
    {"NameHead.next", offsetof(shm::NameCell, head) + offsetof(shm::NameHead, next), 4, Role::cell},
    {"NameHead.hash", offsetof(shm::NameCell, head) + offsetof(shm::NameHead, hash), 4, Role::any},
    {"NameHead.object", offsetof(shm::NameCell, head) + offsetof(shm::NameHead, object), 8, Role::entry},
    {"NameHead.length", offsetof(shm::NameCell, head) + offsetof(shm::NameHead, length), 4, Role::count},
    {"NameHead.text", offsetof(shm::NameCell, head) + offsetof(shm::NameHead, text), 4, Role::any}};

#undef WINSHIM_FIELD
#undef WINSHIM_LOCK

}  // namespace corrupt
