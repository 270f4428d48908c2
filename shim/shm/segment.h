// segment.h - the shared segment: found or made, checked, mapped, and removed by the last one out.
#pragma once
#include <sys/stat.h>
#include <sys/types.h>

#include "shim/shm/robust.h"

namespace winshim::shm {

// Where the segment is mapped; null before the first attach. Not unmapped once its process is attached: threads that
// outlive the attachment, and stale indices, must go on reading.
extern constinit unsigned char* base;

inline Header& header() noexcept { return *reinterpret_cast<Header*>(base); }

// How many slots of each array this process knows to be committed: the counts of the segment as far as they were sound,
// and never less than was once read. Reset when another segment is mapped.
struct Known {
    std::atomic<u32> objects, threads, processes, chunks, cells, buckets;
};
extern constinit Known known;
[[gnu::cold]] u32 learn(Count& shared, std::atomic<u32>& mine, u32 most) noexcept;

inline u32 counted(Count& shared, std::atomic<u32>& mine, u32 most) noexcept {
    const u32 n = mine.load(std::memory_order_acquire);
    const bool as_known = shared.word.load(std::memory_order_acquire) == Count::pack(n);
    return WINSHIM_LIKELY(as_known) ? n : learn(shared, mine, most);
}
inline u32 object_count() noexcept { return counted(header().objects, known.objects, kMaxObjects); }
inline u32 thread_count() noexcept { return counted(header().threads, known.threads, kMaxThreads); }
inline u32 process_count() noexcept { return counted(header().processes, known.processes, kMaxProcesses); }
inline u32 chunk_count() noexcept { return counted(header().chunks, known.chunks, kMaxChunks); }
inline u32 cell_count() noexcept { return counted(header().cells, known.cells, kMaxNameCells); }
inline u32 bucket_count() noexcept { return counted(header().bucket_count, known.buckets, kMaxBuckets); }

// Slot i of an array, whatever i is: every index of the segment is input, and becomes an address only here. One beyond
// the committed slots leads to slot 0 (as damage may to any slot), so that no index faults, or makes tmpfs commit
// memory.
template <class T>
T& slot_at(u64 array, u32 i) noexcept { return reinterpret_cast<T*>(base + array)[i]; }
inline u32 within(u32 i, std::atomic<u32>& mine, u32 (*count)() noexcept) noexcept {
    return WINSHIM_LIKELY(i < mine.load(std::memory_order_relaxed)) || i < count() ? i : 0;
}
inline Process& process(u32 i) noexcept {
    return slot_at<Process>(kProcessesAt, within(i, known.processes, process_count));
}
inline Thread& thread(u32 i) noexcept { return slot_at<Thread>(kThreadsAt, within(i, known.threads, thread_count)); }
inline Object& object(u32 i) noexcept { return slot_at<Object>(kObjectsAt, within(i, known.objects, object_count)); }
inline HandleChunk& chunk(u32 i) noexcept {
    return slot_at<HandleChunk>(kChunksAt, within(i, known.chunks, chunk_count));
}
inline NameCell& cell(u32 i) noexcept { return slot_at<NameCell>(kCellsAt, within(i, known.cells, cell_count)); }
inline Field<u32>& bucket(u32 i) noexcept {
    return slot_at<Field<u32>>(kBucketsAt, within(i, known.buckets, bucket_count));
}
// Hints: a word per 64 objects, committed with them.
inline std::atomic<u64>& hint(u32 word) noexcept {
    return slot_at<std::atomic<u64>>(kHintsAt, word & (kMaxObjects / 64 - 1));
}
// Blocks of a thread's current wait: never more than there are.
inline u32 block_count(const Thread& thread) noexcept {
    const u32 n = thread.block_count.get();
    return n < kMaxWait ? n : kMaxWait;
}

// The user that the mapped segment belongs to. The process's own may have changed since.
u32 user_of_segment() noexcept;

// A file made now would lie beside the mapped segment and belong to its user. Not so after a change of the user, of the
// root, or of what is mounted on /dev/shm.
bool at_home() noexcept;

// Why a file that bears one of our names is not to be trusted; null if it is a plain file of this user alone.
const char* objection(const struct stat& st) noexcept;

// While one of these lives, no other process makes, joins or removes the segment.
class SegmentFile {
public:
    // Opens or makes the segment of this user and namespace, maps it (`base`) and keeps its file locked.
    // Errors: access_denied (another user's file, a symbolic link, not a plain file, too open a mode, a program with
    // more rights than its user), revision_mismatch (another layout), too_many_open_files, not_enough_memory (address
    // space), no_system_resources (no /dev/shm, full). Each reason is explained once on standard error (explain.h).
    [[nodiscard]] Status open() noexcept;
    // The file of the segment that is mapped, locked by `deadline_ns`. file_not_found: there is none, or a later one.
    [[nodiscard]] Status open_existing(u64 deadline_ns) noexcept;
    // After open(), if the caller does not become attached: as if it had not been called. `nobody_else`: no other
    // process is attached, so the segment goes, too.
    void give_up(bool nobody_else) noexcept;
    // Marks the segment as left and removes its names. Needs open(), and that nobody else is attached.
    void retire() noexcept;
    ~SegmentFile() noexcept;

private:
    Status open_current(int flags, u64 deadline_ns) noexcept;
    bool is_unmade(u64 size) const noexcept;
    Status check_or_make(u64 size) noexcept;
    Status map() noexcept;
    void unmap() noexcept;
    int fd_ = -1;
    bool mapped_here_ = false;
    unsigned char* base_before_ = nullptr;  // valid if mapped_here_, as the next three
    uid_t user_before_{};
    dev_t device_before_{};
    ino_t inode_before_{};
};

// The header's id as it was when this process opened the segment: a part of the bells' names.
extern constinit u64 segment_id;

// Makes sure that bytes [from, to) of the segment have memory behind them. Errors: no_system_resources,
// not_enough_memory.
[[nodiscard]] Status commit(u64 from, u64 to) noexcept;

// shm_open() that never follows a symbolic link and never returns 0, 1 or 2: where a program has closed those, whoever
// prints would write into the file.
int open_shm(const char* name, int flags) noexcept;

// Is there a file of that name?
bool segment_exists() noexcept;

#if defined(__x86_64__)
inline constexpr char kAbi[] = "x86_64";
#elif defined(__i386__)
inline constexpr char kAbi[] = "i386";
#elif defined(__aarch64__)
inline constexpr char kAbi[] = "aarch64";
#else
#error "winshim: name this ABI"
#endif

// "winshim-UID-ABI[-NAMESPACE]": the file in /dev/shm. Bytes of the namespace outside [A-Za-z0-9._-] are written %XX.
const char* segment_name() noexcept;

}  // namespace winshim::shm
