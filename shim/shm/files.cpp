// files.cpp - making, opening and removing the files of objects.
#include "shim/shm/files.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "shim/object/state_word.h"
#include "shim/shm/commit_hook.h"
#include "shim/shm/explain.h"
#include "shim/shm/self.h"

namespace winshim::shm {

constinit std::atomic<Status (*)(const void*, u64) noexcept> commit_in_view{nullptr};

}  // namespace winshim::shm

namespace winshim::shm::files {
namespace {

constexpr u64 kPiece = 16 << 20;  // committed in one system call: a signal undoes no more than this

constexpr u8 mark_of(u32 generation) { return static_cast<u8>(0x80 | (generation & 0x7F)); }

Name name_of(u32 object, u32 generation) noexcept { return {user_of_segment(), segment_id, object, generation}; }

Status status_of(int error) noexcept {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
        case ENOMEM:
        case EFBIG: return Status::not_enough_memory;
        case EMFILE:
        case ENFILE: return Status::too_many_open_files;
        case EACCES:
        case EPERM:
        case EEXIST:
        case EROFS: return Status::access_denied;
        default: return Status::no_system_resources;
    }
}

// Under this name nobody has made a file yet, or the mark of whoever did is lost (damage): that one goes.
int make_empty(const Name& name) noexcept {
    const int made = open_shm(name.text, O_RDWR | O_CREAT | O_EXCL);
    if (made >= 0 || errno != EEXIST) return made;
    shm_unlink(name.text);
    return open_shm(name.text, O_RDWR | O_CREAT | O_EXCL);
}

// A /dev/shm that could not hold it is not filled first: others live there, too.
bool fits(int descriptor, u64 bytes) noexcept {
    struct statvfs now;
    if (fstatvfs(descriptor, &now) != 0 || now.f_blocks == 0) return true;  // no limit is known
    return bytes / now.f_frsize <= now.f_bavail;
}

Status write_record(int descriptor, const Contents& contents) noexcept {
    const auto* from = static_cast<const char*>(contents.record);
    for (u64 done = 0; done < contents.bytes;) {
        const ssize_t put = write(descriptor, from + done, static_cast<std::size_t>(contents.bytes - done));
        if (put < 0 && errno != EINTR) return status_of(errno);
        if (put > 0) done += static_cast<u64>(put);
    }
    return Status::success;
}

Status write_pages(int descriptor, const Contents& contents) noexcept {
    const u64 bytes = page_up(contents.bytes);
    if (contents.commit && !fits(descriptor, bytes)) return Status::not_enough_memory;
    if (ftruncate(descriptor, static_cast<off_t>(bytes)) != 0) return status_of(errno);
    return contents.commit ? fill(descriptor, 0, bytes) : Status::success;
}

// Unlinks the file of `generation`, and takes its mark away unless it is another's by now. Where the name leads
// elsewhere (another root, another user), the mark stays for somebody who is at home.
void remove(u32 object, u32 generation) noexcept {
    if (!at_home()) return;
    if (shm_unlink(name_of(object, generation).text) != 0 && errno != ENOENT) return;
    u8 mark = mark_of(generation);
    shm::object(object).file.value.compare_exchange_strong(mark, 0, std::memory_order_acq_rel);
}

}  // namespace

Name::Name(u32 user, u64 segment, u32 object, u32 generation) noexcept {
    snprintf(text, sizeof text, "/map.winshim-%u-%016llx.%u.%u", user, static_cast<unsigned long long>(segment), object,
             generation);
}

Status make(u32 object, const Contents& contents) noexcept {
    const Uncancelled uncancelled;
    if (!at_home()) return Status::access_denied;
    Object& x = shm::object(object);
    const u32 generation = state::generation(x.state.load(std::memory_order_relaxed));
    x.file.set(mark_of(generation));  // before it exists
    const int descriptor = make_empty(name_of(object, generation));
    Status status = descriptor < 0 ? status_of(errno) : Status::success;
    if (descriptor >= 0) {
        const DeadlySignalsHeld held;  // RLIMIT_FSIZE
        if (fchmod(descriptor, 0600) != 0) status = status_of(errno);
        else if (contents.record != nullptr) status = write_record(descriptor, contents);
        else status = write_pages(descriptor, contents);
        close(descriptor);
    }
    if (status != Status::success) remove(object, generation);
    return status;
}

int open(u32 object, u32 generation, int flags) noexcept {
    const Uncancelled uncancelled;
    const int descriptor = open_shm(name_of(object, generation).text, flags);
    struct stat st;
    if (descriptor < 0 || (fstat(descriptor, &st) == 0 && objection(st) == nullptr)) return descriptor;
    close(descriptor);
    errno = EACCES;
    return -1;
}

// Piece by piece: a large one that is interrupted again and again would never end.
Status fill(int descriptor, u64 from, u64 to) noexcept {
    u64 piece = kPiece;
    while (from < to) {
        const u64 now = to - from < piece ? to - from : piece;
        const int error = posix_fallocate(descriptor, static_cast<off_t>(from), static_cast<off_t>(now));
        if (error == 0) from += now;
        else if (error == EINTR) piece = piece > 2 * kPage ? piece / 2 : kPage;
        else return status_of(error);
    }
    return Status::success;
}

void remove_later(u32 object, u32 generation) noexcept {
    if (self.gone_count < kMaxGone) self.gone[self.gone_count] = {object, generation};
    if (self.gone_count <= kMaxGone) ++self.gone_count;
}

// More than there was room to note: then every free slot is looked at.
void remove_noted() noexcept {
    const KeepErrno keep;
    const u32 count = self.gone_count;
    self.gone_count = 0;
    for (u32 i = 0; i < count && i < kMaxGone; ++i) remove(self.gone[i].object, self.gone[i].generation);
    if (count <= kMaxGone) return;
    for (u32 i = object_count(); i-- > 1;)
        if (state::phase(shm::object(i).state.load(std::memory_order_acquire)) == state::kFree) remove_left(i);
}

// Of a slot in this generation that has not made a file (it is free, or just claimed) the mark is an earlier one's. If
// it is this one's, a new tenant has come meanwhile: nothing of the kind.
void remove_left(u32 object) noexcept {
    const Object& x = shm::object(object);
    const u64 before = x.state.load(std::memory_order_acquire);
    const u32 now = state::generation(before);
    const u8 mark = x.file.get();
    if (mark == 0 || mark == mark_of(now) || x.state.load(std::memory_order_acquire) != before) return;
    remove(object, generation_of(mark, now) & state::kGenerationMask);
}

void remove_all() noexcept {
    for (u32 i = object_count(); i-- > 1;) {
        const Object& x = shm::object(i);
        const u32 now = state::generation(x.state.load(std::memory_order_acquire));
        if (const u8 mark = x.file.get(); mark != 0) remove(i, generation_of(mark, now) & state::kGenerationMask);
    }
}

}  // namespace winshim::shm::files
