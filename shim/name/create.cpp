// create.cpp - making and opening objects.
//
// Order of a new named object, under NAMES and its guard, and what a death after each step leaves:
//   slot claimed              phase allocating, marked with the maker     rundown of the maker frees it, and removes
//                                                                         its file (shm/files.h)
//   fields, name cell, link   a name that leads to nothing live           dropped by whoever meets it; NAMES is rebuilt
//   handle entry, count       an entry that names no live object          closed with the dead process's table
//   state = live              a whole object with one reference           closed with the dead process's table
#include "shim/name/create.h"

#include "shim/handle/witness.h"
#include "shim/name/directory.h"
#include "shim/process/attach.h"
#include "shim/process/rundown.h"
#include "shim/wait/private_lock.h"

namespace winshim::name {
namespace {

constexpr u32 kMostAttempts = 1000;  // names of objects that are gone, removed one by one

enum class Met { nothing, opened, conflict, doubtful, damaged };

struct Lookup {
    const Text& text;
    Kind kind;
    bool other_kind_opens;
    u32 handle_index;       // reserved: the handle if an object is opened
    u64 access_and_flags;   // of it
    u64 other_access;       // of it, if the object is of another kind
};

// Under NAMES: looks the name up, and opens what it leads to. doubtful: nobody living vouches for the object; the
// caller sweeps the dead away (`swept`) and looks again.
Met meet(const Lookup& wanted, bool swept) noexcept {
    for (u32 attempt = 0; attempt < kMostAttempts; ++attempt) {
        const Found found = find(wanted.text, wanted.kind, sharing_kinds(wanted.kind));
        if (found.cell == 0) return Met::nothing;
        wait::Entry entry;
        if (wait::enter(entry, found.target) != Status::success) {
            remove(wanted.text, found.cell);
            continue;
        }
        shm::Object& x = entry.x();
        if (x.refs.get() == 0) {  // only a blocked wait keeps it: its name went with the last handle
            wait::leave(entry);
            remove(wanted.text, found.cell);
            continue;
        }
        const bool same = found.kind == wanted.kind;
        const Met met = !handle::vouches(x.witness.get()) && !swept ? Met::doubtful
                        : same || wanted.other_kind_opens ? Met::opened
                                                          : Met::conflict;
        if (met == Met::opened) {
            handle::publish(wanted.handle_index,
                            handle::pack(found.target, same ? wanted.access_and_flags : wanted.other_access), x);
            if (!handle::vouches(x.witness.get())) x.witness.set(handle::witness_of(process::my_process()));
        }
        wait::leave(entry);
        return met;
    }
    return Met::damaged;
}

// A claimed slot; the destructor gives it back if nothing has come to life in it.
class Claim {
public:
    Claim() noexcept = default;
    ~Claim() noexcept {
        if (slot_ != 0) handle::disclaim(slot_);
    }
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    explicit operator bool() const noexcept { return slot_ != 0; }
    Status take(const handle::NewObject& wanted) noexcept {
        const Result<u32> slot = handle::claim(wanted);
        slot_ = slot.value;
        return slot.status;
    }
    u32 slot() const noexcept { return slot_; }
    void keep() noexcept { slot_ = 0; }

private:
    u32 slot_ = 0;
};

// Under NAMES, the name being free.
Status make_named(const NamedObject& wanted, u32 handle_index, Claim& claim) noexcept {
    if (!claim)
        if (const Status s = claim.take(wanted.object); s != Status::success) return s;
    if (const Status s = insert(*wanted.text, handle::target_of(claim.slot())); s != Status::success) return s;
    handle::bring_to_life(wanted.object, claim.slot(), handle_index);
    claim.keep();
    return Status::success;
}

Status create_named(const NamedObject& wanted, u32 handle_index, bool& existed) noexcept {
    const wait::Uninterrupted whole;  // TerminateThread must not leave a claim behind
    const Lookup lookup{*wanted.text, wanted.object.kind, rules().other_type_opens, handle_index,
                        wanted.object.access_and_flags, wanted.other_access};
    Claim claim;
    for (bool swept = false;;) {
        Met met;
        {
            const NamesLock lock;
            if (!lock) return Status::file_corrupt;
            met = meet(lookup, swept);
            existed = met == Met::opened;
            // The file of a mapping takes its time: it is made before, holding nothing, once it seems to be needed.
            const bool prepared = claim || wanted.object.mapping == nullptr;
            if (met == Met::nothing && prepared) return make_named(wanted, handle_index, claim);
        }
        if (met == Met::damaged) return Status::file_corrupt;
        if (met == Met::opened || met == Met::conflict) return existed ? Status::success : Status::invalid_handle;
        if (met == Met::nothing) {
            if (const Status s = claim.take(wanted.object); s != Status::success) return s;
            continue;
        }
        process::sweep();
        swept = true;
    }
}

Status open_named(const Lookup& lookup) noexcept {
    for (bool swept = false;; swept = true) {
        {
            const NamesLock lock;
            if (!lock) return Status::file_corrupt;
            switch (meet(lookup, swept)) {
                case Met::nothing: return Status::file_not_found;
                case Met::conflict: return Status::invalid_handle;
                case Met::opened: return Status::success;
                case Met::damaged: return Status::file_corrupt;
                case Met::doubtful: break;
            }
        }
        process::sweep();
    }
}

// A handle index with what `act` makes it name; given back if `act` fails.
template <class Act>
Result<handle::Handle> with_handle(Act act) noexcept {
    if (const Status s = process::ensure_attached(); s != Status::success) return fail<handle::Handle>(s);
    const Result<u32> index = process::with_room_of_the_dead(handle::reserve);
    if (!index) return fail<handle::Handle>(index.status);
    const Status status = process::with_room_of_the_dead([&] { return act(index.value); });
    if (status == Status::success) return {Status::success, handle::to_handle(index.value)};
    handle::unreserve(index.value);
    return fail<handle::Handle>(status);
}

}  // namespace

Result<Created> create(const NamedObject& wanted) noexcept {
    bool existed = false;
    const Result<handle::Handle> handle = with_handle([&](u32 index) {
        return wanted.text == nullptr ? handle::make_unnamed(wanted.object, index)
                                      : create_named(wanted, index, existed);
    });
    return {handle.status, {handle.value, existed}};
}

Result<handle::Handle> open(Kind kind, const Text& text, u64 access_and_flags) noexcept {
    return with_handle([&](u32 index) { return open_named({text, kind, false, index, access_and_flags, 0}); });
}

}  // namespace winshim::name
