// segment.cpp - finding, making, checking, mapping and removing the shared segment.
//
// Purpose     One file per user, namespace and ABI. Everything between "open" and "attached", and everything between
//             "nobody is left" and "removed", happens under a record lock on that very inode: a file that is not (any
//             more) the one its name leads to is let go, so that nobody joins a segment that is being removed and
//             nobody removes a segment that somebody has just made. (A record lock, not flock: that one belongs to the
//             open file, which a fork's child and the mapping itself keep open.)
// Crash       The kernel drops the lock of the dead. A half-made segment has no magic and is made anew by the next one
//             to hold the lock; a half-removed one is marked retired first and removed for good by the next one.
// Security    Nothing is trusted by name: owner, type, mode, link count, size, magic, version, signature are checked.
//             A set-user-id program ignores the environment.
#include "shim/shm/segment.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/shm/bell.h"
#include "shim/shm/clock.h"
#include "shim/shm/explain.h"
#include "shim/shm/files.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23  // Linux 5.14
#endif

namespace winshim::shm {

constinit unsigned char* base = nullptr;
constinit Known known{};
constinit u64 segment_id = 0;

namespace {

constexpr u32 kFirstBuckets = 1024;
constexpr u64 kMoat = u64{64} * 1024;

uid_t mapped_user;
dev_t mapped_device;
ino_t mapped_inode;

// The counts that were read of another segment.
void forget_counts() noexcept {
    for (std::atomic<u32>* count : {&known.objects, &known.threads, &known.processes, &known.chunks, &known.cells,
                                    &known.buckets})
        count->store(0, std::memory_order_relaxed);
}

// What the name leads to now; a symbolic link is not followed.
bool look(struct stat& now) noexcept {
    char path[sizeof "/dev/shm" + 240];
    snprintf(path, sizeof path, "/dev/shm%s", segment_name());
    return lstat(path, &now) == 0;
}

// The errno of a refused open depends on the kernel's version and settings (a symbolic link in a sticky directory gives
// ELOOP or EACCES, a directory EINVAL by way of the C library): what is there says more.
Status refuse_open(int error) noexcept {
    struct stat st;
    const char* why = error != ENOENT && look(st) ? objection(st) : nullptr;
    return why != nullptr ? refuse_planted(why) : refuse_errno(error);
}

bool gained_capabilities() noexcept {
    __user_cap_header_struct about{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};
    if (getauxval(AT_SECURE) == 0 || syscall(SYS_capget, &about, sets) != 0) return false;
    return (sets[0].permitted | sets[1].permitted) != 0;
}

// Who can write the segment can lead those who use it anywhere: nobody joins the segment of a user who has fewer rights
// than itself. A set-user-id program is as its owner; one that is its caller only for the moment could be its owner
// again, and one with another group or capabilities has them beyond its user.
bool outranks_its_user() noexcept {
    uid_t real, effective, saved;
    gid_t real_group, group, saved_group;
    if (getresuid(&real, &effective, &saved) != 0 || getresgid(&real_group, &group, &saved_group) != 0) return true;
    if (effective == 0) return false;
    if (saved != effective) return true;
    return real == effective && (real_group != group || saved_group != group || gained_capabilities());
}

// Closing any descriptor of the file drops the lock: nothing else in this process may open it meanwhile (the room of
// processes sees to that).
// The lock is never kept while waiting for something of the program's, so it comes free even if the kernel takes this
// for a deadlock (two processes that wait for each other, one of them for a record lock of the program's own).
Status lock_file(int fd, u64 deadline_ns) noexcept {
    struct flock whole{};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    while (fcntl(fd, deadline_ns == kForever ? F_SETLKW : F_SETLK, &whole) != 0) {
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EACCES && errno != EDEADLK) return refuse_errno(ENOLCK);
        if (now_ns() >= deadline_ns) return refuse(Why::no_lock);
        const timespec nap = {0, static_cast<long>(kNsPerMs)};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, nullptr);
    }
    return Status::success;
}

bool is_current(const struct stat& ours) noexcept {
    struct stat now;
    return look(now) && now.st_ino == ours.st_ino && now.st_dev == ours.st_dev;
}

Status resize(int fd, u64 bytes) noexcept {
    const DeadlySignalsHeld held;  // RLIMIT_FSIZE
    if (ftruncate(fd, static_cast<off_t>(bytes)) != 0) return refuse_errno(errno);
    return Status::success;
}

// Fills a mapped, zeroed segment. The magic goes last: without it the segment does not exist.
Status make() noexcept {
    if (const Status s = commit(kHeaderAt, kHeaderAt + sizeof(Header)); s != Status::success) return s;
    if (const Status s = commit(kBucketsAt, kBucketsAt + u64{kFirstBuckets} * 4); s != Status::success) return s;
    Header& h = header();
    h.layout_version = kLayoutVersion;
    h.signature = kSignature;
    if (getrandom(&h.id, sizeof h.id, 0) != sizeof h.id) return refuse_errno(errno);
    for (RobustLock* lock : {&h.rundown, &h.names, &h.all, &h.grow}) init(*lock);
    h.cell_next.set(1);
    h.bucket_count.store(kFirstBuckets);
    h.magic.store(kMagic, std::memory_order_release);
    return Status::success;
}

}  // namespace

bool segment_exists() noexcept {
    char path[sizeof "/dev/shm" + 240];
    snprintf(path, sizeof path, "/dev/shm%s", segment_name());
    return access(path, F_OK) == 0;
}

const char* segment_name() noexcept {
    static char name[240];
    static std::atomic<uid_t> named_for{static_cast<uid_t>(-1)};  // whom no process can be
    const uid_t user = geteuid();
    if (named_for.load(std::memory_order_acquire) == user) return name;
    char text[sizeof name];
    int at = snprintf(text, sizeof text, "/winshim-%u-%s", static_cast<unsigned>(user), kAbi);
    const char* space = secure_getenv("WINSHIM_NAMESPACE");
    if (space != nullptr && *space != 0) {
        text[at++] = '-';
        u64 hash = 14695981039346656037ull;
        for (const char* c = space; *c != 0; ++c) hash = (hash ^ static_cast<unsigned char>(*c)) * 1099511628211ull;
        for (const char* c = space; *c != 0; ++c) {
            const unsigned char byte = static_cast<unsigned char>(*c);
            const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                               (byte >= '0' && byte <= '9') || byte == '.' || byte == '_' || byte == '-';
            if (at > 170) {  // too long for a file name: the rest counts through its hash
                at += snprintf(text + at, sizeof text - static_cast<size_t>(at), "~%016llx",
                               static_cast<unsigned long long>(hash));
                break;
            }
            if (plain) text[at++] = static_cast<char>(byte);
            else at += snprintf(text + at, 4, "%%%02X", byte);
        }
        text[at] = 0;
    }
    memcpy(name, text, sizeof name);
    named_for.store(user, std::memory_order_release);
    return name;
}

u32 user_of_segment() noexcept { return mapped_user; }

bool at_home() noexcept {
    struct stat st;
    return geteuid() == mapped_user && stat("/dev/shm", &st) == 0 && st.st_dev == mapped_device;
}

// An empty file that others may open is refused, too: they may have it open already.
const char* objection(const struct stat& st) noexcept {
    switch (st.st_mode & S_IFMT) {
        case S_IFREG: break;
        case S_IFLNK: return "is a symbolic link; refused";
        case S_IFDIR: return "is a directory; refused";
        case S_IFIFO: return "is a FIFO; refused";
        case S_IFSOCK: return "is a socket; refused";
        default: return "is a device; refused";
    }
    if (st.st_uid != geteuid()) return "belongs to another user; refused";
    if (st.st_nlink > 1) return "has a second name; refused";
    if ((st.st_mode & 077) != 0) return "may be opened by other users; refused";
    return nullptr;
}

int open_shm(const char* name, int flags) noexcept {
    const int fd = shm_open(name, flags, 0600);
    if (fd < 0 || fd > STDERR_FILENO) return fd;
    const int higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    const KeepErrno keep;
    close(fd);
    return higher;
}

Status SegmentFile::open_current(int flags, u64 deadline_ns) noexcept {
    for (;;) {
        fd_ = open_shm(segment_name(), flags);
        if (fd_ < 0) return errno == ENOENT && (flags & O_CREAT) == 0 ? Status::file_not_found : refuse_open(errno);
        struct stat st;
        if (fstat(fd_, &st) != 0) return refuse_errno(errno);
        if (const char* why = objection(st); why != nullptr) return refuse_planted(why);
        if (const Status s = lock_file(fd_, deadline_ns); s != Status::success) return s;
        if (is_current(st)) return Status::success;
        close(fd_);  // somebody removed it while we waited for the lock
        fd_ = -1;
    }
}

Status SegmentFile::map() noexcept {
    struct stat st;
    if (fstat(fd_, &st) != 0) return refuse_errno(errno);
    if (base != nullptr && st.st_dev == mapped_device && st.st_ino == mapped_inode) return Status::success;
    // Forbidden pages on both sides: no index leads there, and none ever shall lead into the program's memory.
    void* around = mmap(nullptr, kSegmentBytes + 2 * kMoat, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                        0);
    if (around == MAP_FAILED) return refuse_errno(errno);
    void* at = mmap(static_cast<char*>(around) + kMoat, kSegmentBytes, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_NORESERVE | MAP_FIXED, fd_, 0);
    if (at == MAP_FAILED) {
        const int error = errno;
        munmap(around, kSegmentBytes + 2 * kMoat);
        return refuse_errno(error);
    }
    base_before_ = base;
    device_before_ = mapped_device;
    inode_before_ = mapped_inode;
    mapped_here_ = true;
    user_before_ = mapped_user;
    if (base != nullptr) bell::forget_all();
    forget_counts();
    base = static_cast<unsigned char*>(at);
    mapped_user = st.st_uid;
    mapped_device = st.st_dev;
    mapped_inode = st.st_ino;
    return Status::success;
}

// Nobody reads through the mapping yet: its process is not attached.
void SegmentFile::unmap() noexcept {
    if (!mapped_here_) return;
    munmap(base - kMoat, kSegmentBytes + 2 * kMoat);
    forget_counts();
    base = base_before_;
    mapped_user = user_before_;
    mapped_device = device_before_;
    mapped_inode = inode_before_;
    mapped_here_ = false;
}

// Full size and no magic: its maker died over it. Or it is damaged, and in use: it must not lose its pages, on which
// others run.
bool SegmentFile::is_unmade(u64 size) const noexcept {
    u64 magic = 0;
    return size == kSegmentBytes && pread(fd_, &magic, sizeof magic, 0) == sizeof magic && magic == 0;
}

Status SegmentFile::check_or_make(u64 size) noexcept {
    struct {
        u64 magic;
        u32 version, signature;
    } seen{};
    if (size >= sizeof seen && pread(fd_, &seen, sizeof seen, 0) != static_cast<ssize_t>(sizeof seen))
        return refuse_errno(errno);
    if (seen.magic == kMagic) {
        if (seen.version != kLayoutVersion || seen.signature != kSignature || size != kSegmentBytes)
            return refuse(Why::other_version);
        return map();
    }
    if (size != 0) return refuse(Why::not_a_segment);
    if (fchmod(fd_, 0600) != 0) return refuse_errno(errno);
    Status s = resize(fd_, kSegmentBytes);
    if (s == Status::success) s = map();
    if (s == Status::success) s = make();
    if (s == Status::success) return s;
    shm_unlink(segment_name());  // leave nothing half-made; the lock is ours
    unmap();                     // it would keep the file's memory
    return s;
}

Status SegmentFile::open() noexcept {
    if (outranks_its_user()) return refuse(Why::more_rights);
    for (;;) {
        if (const Status s = open_current(O_RDWR | O_CREAT, kForever); s != Status::success) return s;
        struct stat st;
        if (fstat(fd_, &st) != 0) return refuse_errno(errno);
        if (is_unmade(static_cast<u64>(st.st_size))) {
            shm_unlink(segment_name());
        } else {
            if (const Status s = check_or_make(static_cast<u64>(st.st_size)); s != Status::success) return s;
            segment_id = header().id;
            if (header().retired.load(std::memory_order_acquire) == 0) return Status::success;
            retire();  // whoever retired it died before the removal was complete
            unmap();
        }
        close(fd_);
        fd_ = -1;
    }
}

Status SegmentFile::open_existing(u64 deadline_ns) noexcept {
    if (base == nullptr || geteuid() != mapped_user) return Status::file_not_found;
    if (const Status s = open_current(O_RDWR, deadline_ns); s != Status::success) return s;
    struct stat st;
    if (fstat(fd_, &st) != 0) return refuse_errno(errno);
    return st.st_ino == mapped_inode && st.st_dev == mapped_device ? Status::success : Status::file_not_found;
}

void SegmentFile::give_up(bool nobody_else) noexcept {
    if (nobody_else) retire();
    unmap();
}

// The mark first: a death in between leaves a segment that the next one removes. What lies beside it before the
// segment: the next one gets another id, so that nobody would find that any more.
void SegmentFile::retire() noexcept {
    header().retired.store(1, std::memory_order_release);
    bell::unlink_all();
    files::remove_all();
    shm_unlink(segment_name());
}

SegmentFile::~SegmentFile() noexcept {
    if (fd_ >= 0) close(fd_);
}

// Somebody has committed more, or the count is damaged. A count can be less than was once read only by damage.
u32 learn(Count& shared, std::atomic<u32>& mine, u32 most) noexcept {
    u32 have = mine.load(std::memory_order_acquire);
    const u64 word = shared.word.load(std::memory_order_acquire);
    const u32 n = static_cast<u32>(word);
    if (word != Count::pack(n) || n > most) return have;
    while (have < n && !mine.compare_exchange_weak(have, n, std::memory_order_acq_rel)) {}
    return have < n ? n : have;
}

namespace {

// A write access to each page by way of the kernel, which answers with an error where our own would be SIGBUS. The
// futex operation "or 0" leaves the word as it is, also if somebody uses it just now; should it wake a sleeper, he
// looks again.
int touch(unsigned char* from, u64 bytes) noexcept {
    u32 nobody_sleeps_here = 0;
    for (u64 at = 0; at < bytes; at += kPage)
        while (syscall(SYS_futex, &nobody_sleeps_here, FUTEX_WAKE_OP, 0, nullptr, from + at,
                       FUTEX_OP(FUTEX_OP_OR, 0, FUTEX_OP_CMP_LT, 0)) < 0)
            if (errno != EAGAIN && errno != EINTR) return errno;
    return 0;
}

}  // namespace

Status commit(u64 from, u64 to) noexcept {
    const Uncancelled uncancelled;  // GROW is held
    from = from / kPage * kPage;
    to = page_up(to);
    while (madvise(base + from, static_cast<std::size_t>(to - from), MADV_POPULATE_WRITE) != 0) {
        if (errno == EINTR || errno == EAGAIN) continue;
        const int error = errno == EINVAL ? touch(base + from, to - from) : errno;  // EINVAL: before Linux 5.14
        return error == 0 ? Status::success : refuse_errno(error);
    }
    return Status::success;
}

}  // namespace winshim::shm
