// mapped_file.cpp - records of files, and the descriptors that their maker keeps.
#include "shim/process/mapped_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/shm/files.h"
#include "shim/wait/private_lock.h"

namespace winshim::process {

constinit std::atomic<u32> files_kept{0};

namespace {

constexpr u64 kMagic = 0x656C6966'6E697731;  // "1winfile" in memory

struct Kept {
    Kept* next;
    wait::Target mapping;
    int descriptor;
    int mode;  // O_RDONLY, O_RDWR: with device and inode what tells it from somebody else's of the same number
    u64 device, inode;
};
Kept* all_kept = nullptr;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

bool lives(wait::Target t) noexcept {
    return state::is_live(shm::object(t.object).state.load(std::memory_order_acquire), t.generation);
}

bool same_file(int descriptor, u64 device, u64 inode) noexcept {
    struct stat st;
    return fstat(descriptor, &st) == 0 && S_ISREG(st.st_mode) && st.st_dev == device && st.st_ino == inode;
}

// A program may have closed it, as daemons close all they find, and have opened something else there.
bool still_ours(const Kept& kept) noexcept {
    const int flags = fcntl(kept.descriptor, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) == kept.mode && same_file(kept.descriptor, kept.device, kept.inode);
}

// A duplicate of what is kept. -1: nothing is, or not so as it is needed.
int from_kept(wait::Target mapping, bool writable) noexcept {
    if (files_kept.load(std::memory_order_acquire) == 0) return -1;
    const wait::PrivateLock guard(lock);
    for (const Kept* k = all_kept; k != nullptr; k = k->next)
        if (k->mapping.object == mapping.object && k->mapping.generation == mapping.generation)
            return still_ours(*k) && (!writable || k->mode == O_RDWR) ? fcntl(k->descriptor, F_DUPFD_CLOEXEC, 3) : -1;
    return -1;
}

bool read_record(wait::Target mapping, FileRecord& record) noexcept {
    const int descriptor = shm::files::open(mapping.object, mapping.generation, O_RDONLY);
    if (descriptor < 0) return false;
    const ssize_t got = pread(descriptor, &record, sizeof record, 0);
    close(descriptor);
    return got >= static_cast<ssize_t>(offsetof(FileRecord, path)) && record.magic == kMagic &&
           record.length < sizeof record.path && static_cast<u64>(got) == record.bytes();
}

}  // namespace

// The kernel's word for a file without a name ends in " (deleted)", as a name might, too: the count of links tells.
FileRecord record_of(int descriptor) noexcept {
    FileRecord record;
    struct stat st{};
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const bool named = fstat(descriptor, &st) == 0 && st.st_nlink != 0;
    const ssize_t length = named ? readlink(link, record.path, sizeof record.path) : 0;
    const bool whole = length > 0 && static_cast<std::size_t>(length) < sizeof record.path && record.path[0] == '/';
    record.magic = kMagic;
    record.device = st.st_dev;
    record.inode = st.st_ino;
    record.length = whole ? static_cast<u64>(length) : 0;
    return record;
}

void keep_file(wait::Target mapping, int descriptor) noexcept {
    const Uncancelled uncancelled;
    struct stat st;
    const int flags = fcntl(descriptor, F_GETFL);
    auto* const kept = static_cast<Kept*>(malloc(sizeof(Kept)));
    const int own = kept != nullptr && flags >= 0 && fstat(descriptor, &st) == 0
                        ? fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
                        : -1;
    if (own < 0) {  // its path will do
        free(kept);
        return;
    }
    const wait::PrivateLock guard(lock);
    *kept = {all_kept, mapping, own, flags & O_ACCMODE, st.st_dev, st.st_ino};
    all_kept = kept;
    files_kept.fetch_add(1, std::memory_order_release);
}

Result<int> open_file(wait::Target mapping, bool writable) noexcept {
    const Uncancelled uncancelled;
    if (const int kept = from_kept(mapping, writable); kept >= 0) return {Status::success, kept};
    FileRecord record;
    if (!read_record(mapping, record) || record.length == 0) return fail<int>(Status::file_invalid);
    record.path[record.length] = 0;
    const int opened = open(record.path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (opened < 0) {
        if (errno == EACCES || errno == EPERM || errno == EROFS) return fail<int>(Status::access_denied);
        return fail<int>(errno == EMFILE || errno == ENFILE ? Status::too_many_open_files : Status::file_invalid);
    }
    if (same_file(opened, record.device, record.inode)) return {Status::success, opened};
    close(opened);
    return fail<int>(Status::file_invalid);
}

void forget_ended_files() noexcept {
    const Uncancelled uncancelled;
    const KeepErrno keep;
    const wait::PrivateLock guard(lock);
    for (Kept** at = &all_kept; *at != nullptr;) {
        Kept* const kept = *at;
        if (lives(kept->mapping)) {
            at = &kept->next;
            continue;
        }
        *at = kept->next;
        if (still_ours(*kept)) close(kept->descriptor);
        free(kept);
        files_kept.fetch_sub(1, std::memory_order_release);
    }
}

void lock_files_for_fork() noexcept { pthread_mutex_lock(&lock); }
void unlock_files_after_fork() noexcept { pthread_mutex_unlock(&lock); }
void renew_files_lock_after_fork() noexcept { pthread_mutex_init(&lock, nullptr); }

}  // namespace winshim::process
