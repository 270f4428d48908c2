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
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/shm/bell.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23  // Linux 5.14
#endif

namespace winshim::shm {

constinit unsigned char* base = nullptr;
constinit Known known{};
constinit u64 segment_id = 0;

namespace {

#if defined(__x86_64__)
constexpr char kAbi[] = "x86_64";
#elif defined(__i386__)
constexpr char kAbi[] = "i386";
#elif defined(__aarch64__)
constexpr char kAbi[] = "aarch64";
#else
#error "winshim: name this ABI"
#endif

constexpr u32 kFirstBuckets = 1024;
constexpr u64 kMoat = 64 * 1024;

uid_t mapped_user;
dev_t mapped_device;
ino_t mapped_inode;
int locked_fd = -1;  // of the SegmentFile that lives now, if any: another descriptor, closed, would drop its lock

// Says once why the segment cannot be used: the error code alone would send its reader to the wrong place.
Status refuse(Status status, const char* why) noexcept {
    static std::atomic<bool> said{false};
    if (!said.exchange(true, std::memory_order_relaxed))
        fprintf(stderr, "winshim: /dev/shm%s: %s\n", segment_name(), why);
    return status;
}

Status refuse_errno(int error) noexcept {
    switch (error) {
        case EMFILE:
        case ENFILE: return Status::too_many_open_files;
        case ENOMEM: return Status::not_enough_memory;
        case EACCES:
        case EPERM: return refuse(Status::access_denied, "permission denied");
        case EROFS: return refuse(Status::access_denied, "the file system is read-only");
        default: return refuse(Status::no_system_resources, strerrordesc_np(error));
    }
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
    return why != nullptr ? refuse(Status::access_denied, why) : refuse_errno(error);
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
void lock_file(int fd) noexcept {
    struct flock whole{};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    while (fcntl(fd, F_SETLKW, &whole) != 0 && errno == EINTR) {}
}

bool is_current(const struct stat& ours) noexcept {
    struct stat now;
    return look(now) && now.st_ino == ours.st_ino && now.st_dev == ours.st_dev;
}

// Sizes the file. RLIMIT_FSIZE would answer with a deadly SIGXFSZ, so it is asked first.
Status resize(int fd, u64 bytes) noexcept {
    rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < bytes)
        return refuse(Status::no_system_resources, "RLIMIT_FSIZE is too small for the segment");
    if (ftruncate(fd, static_cast<off_t>(bytes)) != 0) return refuse_errno(errno);
    return Status::success;
}

Status map(int fd) noexcept {
    struct stat st;
    if (fstat(fd, &st) != 0) return refuse_errno(errno);
    if (base != nullptr && st.st_dev == mapped_device && st.st_ino == mapped_inode) return Status::success;
    // Forbidden pages on both sides: no index leads there, and none ever shall lead into the program's memory.
    void* around = mmap(nullptr, kSegmentBytes + 2 * kMoat, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (around == MAP_FAILED) return Status::not_enough_memory;
    void* at = mmap(static_cast<char*>(around) + kMoat, kSegmentBytes, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_NORESERVE | MAP_FIXED, fd, 0);
    if (at == MAP_FAILED) {
        munmap(around, kSegmentBytes + 2 * kMoat);
        return Status::not_enough_memory;
    }
    if (base != nullptr) bell::forget_all();
    for (std::atomic<u32>* count : {&known.objects, &known.threads, &known.processes, &known.chunks, &known.cells,
                                    &known.buckets})
        count->store(0, std::memory_order_relaxed);
    base = static_cast<unsigned char*>(at);
    mapped_user = st.st_uid;
    mapped_device = st.st_dev;
    mapped_inode = st.st_ino;
    return Status::success;
}

// Fills a mapped, zeroed segment. The magic goes last: without it the segment does not exist.
Status make() noexcept {
    if (const Status s = commit(kHeaderAt, kHeaderAt + sizeof(Header)); s != Status::success) return s;
    if (const Status s = commit(kBucketsAt, kBucketsAt + u64{kFirstBuckets} * 4); s != Status::success) return s;
    Header& h = header();
    h.layout_version = kLayoutVersion;
    h.signature = kSignature;
    if (getrandom(&h.id, sizeof h.id, 0) != sizeof h.id)
        return refuse(Status::no_system_resources, "no random numbers");
    for (RobustLock* lock : {&h.rundown, &h.names, &h.all, &h.grow}) init(*lock);
    h.cell_next.set(1);
    h.bucket_count.store(kFirstBuckets);
    h.magic.store(kMagic, std::memory_order_release);
    return Status::success;
}

}  // namespace

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

Status SegmentFile::open_current(int flags) noexcept {
    for (;;) {
        fd_ = shm_open(segment_name(), flags, 0600);  // never follows a symbolic link
        if (fd_ < 0) return errno == ENOENT && (flags & O_CREAT) == 0 ? Status::file_not_found : refuse_open(errno);
        struct stat st;
        if (fstat(fd_, &st) != 0) return refuse_errno(errno);
        if (const char* why = objection(st); why != nullptr) return refuse(Status::access_denied, why);
        lock_file(fd_);
        if (is_current(st)) {
            locked_fd = fd_;
            return Status::success;
        }
        close(fd_);  // somebody removed it while we waited for the lock
        fd_ = -1;
    }
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
            return refuse(Status::revision_mismatch, "was made by another version of winshim; refused (remove it when "
                                                     "no program uses it)");
        return map(fd_);
    }
    if (size != 0 && (size != kSegmentBytes || seen.magic != 0))
        return refuse(Status::revision_mismatch, "is not a winshim segment; refused");
    if (fchmod(fd_, 0600) != 0) return refuse_errno(errno);
    if (const Status s = resize(fd_, 0); s != Status::success) return s;
    Status s = resize(fd_, kSegmentBytes);
    if (s == Status::success) s = map(fd_);
    if (s == Status::success) s = make();
    if (s != Status::success) shm_unlink(segment_name());  // leave nothing half-made; the lock is ours
    return s;
}

Status SegmentFile::open() noexcept {
    if (outranks_its_user())
        return refuse(Status::access_denied, "this program has rights that its user has not; refused");
    for (;;) {
        if (const Status s = open_current(O_RDWR | O_CREAT); s != Status::success) return s;
        struct stat st;
        if (fstat(fd_, &st) != 0) return refuse_errno(errno);
        if (const Status s = check_or_make(static_cast<u64>(st.st_size)); s != Status::success) return s;
        segment_id = header().id;
        if (header().retired.load(std::memory_order_acquire) == 0) return Status::success;
        retire();  // whoever retired it died before the removal was complete
        close(fd_);
        fd_ = -1;
    }
}

Status SegmentFile::open_existing() noexcept {
    if (base == nullptr || geteuid() != mapped_user) return Status::file_not_found;
    if (const Status s = open_current(O_RDWR); s != Status::success) return s;
    struct stat st;
    if (fstat(fd_, &st) != 0) return refuse_errno(errno);
    return st.st_ino == mapped_inode && st.st_dev == mapped_device ? Status::success : Status::file_not_found;
}

// The mark first: a death in between leaves a segment that the next one removes. The semaphores before the segment: the
// next segment gets another id, so that nobody would find them any more.
void SegmentFile::retire() noexcept {
    header().retired.store(1, std::memory_order_release);
    bell::unlink_all();
    shm_unlink(segment_name());
}

SegmentFile::~SegmentFile() noexcept {
    locked_fd = -1;
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

Status commit(u64 from, u64 to) noexcept {
    from = from / kPage * kPage;
    to = page_up(to);
    while (madvise(base + from, to - from, MADV_POPULATE_WRITE) != 0) {
        if (errno == EINTR || errno == EAGAIN) continue;
        if (errno == ENOMEM) return Status::not_enough_memory;
        if (errno != EINVAL) return Status::no_system_resources;
        // Before Linux 5.14: reserve the blocks through the file.
        const int fd = locked_fd >= 0 ? locked_fd : shm_open(segment_name(), O_RDWR, 0);
        struct stat st;
        int error = fd < 0 ? errno : 0;
        if (error == 0 && (fstat(fd, &st) != 0 || st.st_ino != mapped_inode || st.st_dev != mapped_device))
            error = ENOENT;
        if (error == 0) error = posix_fallocate(fd, static_cast<off_t>(from), static_cast<off_t>(to - from));
        if (fd >= 0 && fd != locked_fd) close(fd);
        return error == 0 ? Status::success : Status::no_system_resources;
    }
    return Status::success;
}

}  // namespace winshim::shm
