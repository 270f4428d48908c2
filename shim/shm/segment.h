// segment.h - the shared segment: found or made, checked, mapped, and removed by the last one out.
#pragma once
#include <sys/stat.h>

#include "shim/shm/robust.h"

namespace winshim::shm {

// Where the segment is mapped; null before the first attach. Never unmapped: threads that outlive the attachment, and
// stale indices, must go on reading.
extern constinit unsigned char* base;

inline Header& header() noexcept { return *reinterpret_cast<Header*>(base); }
inline Process& process(u32 i) noexcept {
    return reinterpret_cast<Process*>(base + kProcessesAt)[i & (kMaxProcesses - 1)];
}
inline Thread& thread(u32 i) noexcept { return reinterpret_cast<Thread*>(base + kThreadsAt)[i & (kMaxThreads - 1)]; }
inline Object& object(u32 i) noexcept { return reinterpret_cast<Object*>(base + kObjectsAt)[i & (kMaxObjects - 1)]; }
inline HandleChunk& chunk(u32 i) noexcept {
    return reinterpret_cast<HandleChunk*>(base + kChunksAt)[i & (kMaxChunks - 1)];
}
inline NameCell& cell(u32 i) noexcept { return reinterpret_cast<NameCell*>(base + kCellsAt)[i & (kMaxNameCells - 1)]; }
inline Field<u32>& bucket(u32 i) noexcept {
    return reinterpret_cast<Field<u32>*>(base + kBucketsAt)[i & (kMaxBuckets - 1)];
}
inline std::atomic<u64>& hint(u32 word) noexcept {
    return reinterpret_cast<std::atomic<u64>*>(base + kHintsAt)[word & (kMaxObjects / 64 - 1)];
}

// Committed slots, bounded: a corrupted count must not lead outside the arrays.
inline u32 bounded(std::atomic<u32>& count, u32 most) noexcept {
    const u32 n = count.load(std::memory_order_acquire);
    return n < most ? n : most;
}
inline u32 object_count() noexcept { return bounded(header().objects, kMaxObjects); }
inline u32 thread_count() noexcept { return bounded(header().threads, kMaxThreads); }
inline u32 process_count() noexcept { return bounded(header().processes, kMaxProcesses); }
inline u32 chunk_count() noexcept { return bounded(header().chunks, kMaxChunks); }
inline u32 cell_count() noexcept { return bounded(header().cells, kMaxNameCells); }

// The user that the mapped segment belongs to. The process's own may have changed since.
u32 user_of_segment() noexcept;

// Why a file that bears one of our names is not to be trusted; null if it is a plain file of this user alone.
const char* objection(const struct stat& st) noexcept;

// While one of these lives, no other process makes, joins or removes the segment.
class SegmentFile {
public:
    // Opens or makes the segment of this user and namespace, maps it (`base`) and keeps its file locked.
    // Errors: access_denied (another user's file, a symbolic link, not a plain file, too open a mode, a program with
    // more rights than its user), revision_mismatch (another layout), too_many_open_files, not_enough_memory (address
    // space), no_system_resources (no /dev/shm, full). Each is explained once on standard error.
    [[nodiscard]] Status open() noexcept;
    // As open(), but never makes one; file_not_found if there is none.
    [[nodiscard]] Status open_existing() noexcept;
    // Marks the segment as left and removes its names. Needs open(), and that nobody else is attached.
    void retire() noexcept;
    ~SegmentFile() noexcept;

private:
    Status open_current(int flags) noexcept;
    Status check_or_make(u64 size) noexcept;
    int fd_ = -1;
};

// Makes sure that bytes [from, to) of the segment have memory behind them. Errors: no_system_resources,
// not_enough_memory.
[[nodiscard]] Status commit(u64 from, u64 to) noexcept;

// "winshim-UID-ABI[-NAMESPACE]": the file in /dev/shm. Bytes of the namespace outside [A-Za-z0-9._-] are written %XX.
const char* segment_name() noexcept;

}  // namespace winshim::shm
