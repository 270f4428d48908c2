// views.cpp - mapping, unmapping, flushing.
#include "shim/process/views.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/object/mapping.h"
#include "shim/process/mapped_file.h"
#include "shim/process/rundown.h"
#include "shim/shm/commit_hook.h"
#include "shim/shm/files.h"
#include "shim/wait/private_lock.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

namespace winshim::process {
namespace {

constexpr std::size_t kGranularity = 0x10000, kMostBytes = ~std::size_t{0} - 2 * kGranularity;

struct Mapped {
    Mapped* next;
    std::uintptr_t base;
    std::size_t bytes;
    u64 offset, traits;
    u64 entry;              // what the hidden handle holds
    handle::Handle hidden;
};
Mapped* views = nullptr;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

std::size_t page_up(std::size_t bytes) noexcept { return static_cast<std::size_t>(shm::page_up(bytes)); }

// Address space on a 64 KiB boundary, as Win32 gives it.
void* map_aligned(std::size_t bytes, int protection, int flags, int descriptor, off_t offset) noexcept {
    constexpr int kRoom = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void* const got = mmap(nullptr, bytes + kGranularity, PROT_NONE, kRoom, -1, 0);
    if (got == MAP_FAILED) return MAP_FAILED;
    const auto first = reinterpret_cast<std::uintptr_t>(got);
    const auto base = (first + kGranularity - 1) & ~(kGranularity - 1);
    void* const at = mmap(reinterpret_cast<void*>(base), bytes, protection, flags | MAP_FIXED, descriptor, offset);
    const int error = errno;
    if (at == MAP_FAILED) {
        munmap(got, bytes + kGranularity);
        errno = error;
        return MAP_FAILED;
    }
    const std::uintptr_t end = base + page_up(bytes), all = first + page_up(bytes + kGranularity);
    if (base != first) munmap(got, base - first);
    if (end != all) munmap(reinterpret_cast<void*>(end), all - end);
    return at;
}

// Where the caller wants it and nowhere else. Before Linux 4.17 the flag is a mere wish.
void* map_there(void* wanted, std::size_t bytes, int protection, int flags, int descriptor, off_t offset) noexcept {
    void* const at = mmap(wanted, bytes, protection, flags | MAP_FIXED_NOREPLACE, descriptor, offset);
    if (at == MAP_FAILED || at == wanted) return at;
    munmap(at, bytes);
    errno = EEXIST;
    return MAP_FAILED;
}

// A program that has left the segment's user or its /dev/shm cannot reach what lies there.
Result<int> open_pages(wait::Target mapping, bool writable) noexcept {
    const int descriptor = shm::files::open(mapping.object, mapping.generation, writable ? O_RDWR : O_RDONLY);
    if (descriptor >= 0) return {Status::success, descriptor};
    if (errno == EMFILE || errno == ENFILE) return fail<int>(Status::too_many_open_files);
    return fail<int>(shm::at_home() ? Status::file_invalid : Status::access_denied);
}

Result<int> open_memory(wait::Target mapping, u64 traits, bool writable) noexcept {
    return (traits & mapping::kOnFile) != 0 ? open_file(mapping, writable) : open_pages(mapping, writable);
}

Status status_of(int error) noexcept {
    switch (error) {
        case EACCES:
        case EPERM: return Status::access_denied;
        case EEXIST: return Status::invalid_address;
        default: return Status::not_enough_memory;
    }
}

struct Extent {
    u64 offset;
    std::size_t bytes;
};

// Bytes of a mapping of the pagefile are whole pages, those of a file end where it does.
Status extent_of(const View& wanted, u64 size, u64 traits, Extent& extent) noexcept {
    const u64 end = (traits & mapping::kOnFile) != 0 ? size : shm::page_up(size);
    if (wanted.offset >= end || wanted.bytes > end - wanted.offset) return Status::access_denied;
    const u64 bytes = wanted.bytes != 0 ? wanted.bytes : end - wanted.offset;
    if (bytes > kMostBytes) return Status::not_enough_memory;
    extent = {wanted.offset, static_cast<std::size_t>(bytes)};
    return Status::success;
}

Result<void*> map_memory(wait::Target mapping, const View& wanted, u64 traits, Extent extent) noexcept {
    const Uncancelled uncancelled;
    const bool writable = (wanted.protection & PROT_WRITE) != 0 && !wanted.copy;
    const Result<int> memory = open_memory(mapping, traits, writable);
    if (!memory) return fail<void*>(memory.status);
    struct stat st;
    // What lies beyond the last page of the file would be answered with SIGBUS.
    const bool there = fstat(memory.value, &st) == 0 &&
                       shm::page_up(extent.offset + extent.bytes) <= shm::page_up(static_cast<u64>(st.st_size));
    const int flags = (wanted.copy ? MAP_PRIVATE : MAP_SHARED);
    const auto offset = static_cast<off_t>(extent.offset);
    void* const at = !there              ? MAP_FAILED
                     : wanted.at != nullptr
                         ? map_there(wanted.at, extent.bytes, wanted.protection, flags, memory.value, offset)
                         : map_aligned(extent.bytes, wanted.protection, flags, memory.value, offset);
    const int error = errno;
    close(memory.value);
    if (!there) return fail<void*>(Status::file_invalid);
    return at == MAP_FAILED ? fail<void*>(status_of(error)) : Result<void*>{Status::success, at};
}

// Not if it is somebody else's by now: in a process that was taken for dead, and began anew without handles.
void close_hidden(handle::Handle hidden, u64 entry) noexcept {
    if (handle::peek(hidden) != entry) return;
    static_cast<void>(handle::set_flags(hidden, handle::kProtect, 0));
    static_cast<void>(handle::close(hidden));
}

bool holds(const Mapped& view, const void* at) noexcept {
    return reinterpret_cast<std::uintptr_t>(at) - view.base < view.bytes;
}

// A copy of the view that `at` lies in.
bool find_view(const void* at, Mapped& found) noexcept {
    const wait::PrivateLock guard(lock);
    for (const Mapped* v = views; v != nullptr; v = v->next)
        if (holds(*v, at)) return found = *v, true;
    return false;
}

}  // namespace

Result<void*> map_view(u64 entry, const View& wanted) noexcept {
    const wait::Uninterrupted whole;
    const wait::Target mapping = handle::target(entry);
    auto* const view = static_cast<Mapped*>(malloc(sizeof(Mapped)));
    if (view == nullptr) return fail<void*>(Status::not_enough_memory);
    // First the reference: from here on the mapping lives.
    const Result<handle::Handle> hidden = with_room_of_the_dead(
        [&] { return handle::duplicate(entry, kView | handle::kProtect); });
    if (!hidden) return free(view), fail<void*>(hidden.status);
    const u64 own_entry = handle::pack(mapping, kView | handle::kProtect);
    shm::Object& x = shm::object(mapping.object);
    const u64 traits = x.wide[mapping::kTraits].get();
    Extent extent{};
    Result<void*> at{};
    at.status = extent_of(wanted, x.wide[mapping::kSize].get(), traits, extent);
    if (at) at = map_memory(mapping, wanted, traits, extent);
    if (!at) {
        close_hidden(hidden.value, own_entry);
        free(view);
        return at;
    }
    const wait::PrivateLock guard(lock);
    *view = {views, reinterpret_cast<std::uintptr_t>(at.value), page_up(extent.bytes), extent.offset, traits,
             own_entry, hidden.value};
    views = view;
    shm::commit_in_view.store(commit_in_view, std::memory_order_release);
    return at;
}

Status unmap_view(const void* base) noexcept {
    const wait::Uninterrupted whole;
    Mapped* view = nullptr;
    {
        const wait::PrivateLock guard(lock);
        for (Mapped** at = &views; *at != nullptr; at = &(*at)->next)
            if ((*at)->base == reinterpret_cast<std::uintptr_t>(base)) {
                view = *at;
                *at = view->next;
                break;
            }
    }
    if (view == nullptr) return Status::invalid_address;
    munmap(reinterpret_cast<void*>(view->base), view->bytes);
    close_hidden(view->hidden, view->entry);
    free(view);
    return Status::success;
}

bool is_in_view(const void* at) noexcept {
    Mapped view{};
    return find_view(at, view);
}

Status flush_view(const void* at, u64 bytes) noexcept {
    Mapped view{};
    if (!find_view(at, view)) return Status::invalid_address;
    const auto address = reinterpret_cast<std::uintptr_t>(at);
    const std::uintptr_t lead = address % shm::kPage, begin = address - lead, rest = view.base + view.bytes - begin;
    if (bytes != 0 && bytes > rest - lead) return Status::invalid_address;
    if ((view.traits & mapping::kOnFile) == 0) return Status::success;
    const Uncancelled uncancelled;
    const std::size_t count = bytes == 0 ? rest : lead + static_cast<std::size_t>(bytes);
    if (msync(reinterpret_cast<void*>(begin), count, MS_SYNC) == 0) return Status::success;
    return errno == ENOMEM ? Status::invalid_address : Status::gen_failure;
}

Status commit_in_view(const void* at, u64 bytes) noexcept {
    const Uncancelled uncancelled;
    Mapped view{};
    if (!find_view(at, view)) return Status::invalid_address;
    const u64 from = reinterpret_cast<std::uintptr_t>(at) - view.base;
    if (bytes > view.bytes - from) return Status::invalid_address;
    if ((view.traits & mapping::kReserved) == 0) return Status::success;  // there is memory behind it
    const Result<int> memory = open_pages(handle::target(view.entry), true);
    if (!memory) return memory.status;
    const shm::DeadlySignalsHeld held;
    const Status status = shm::files::fill(memory.value, (view.offset + from) & ~(shm::kPage - 1),
                                           shm::page_up(view.offset + from + bytes));
    close(memory.value);
    return status;
}

void lock_views_for_fork() noexcept { pthread_mutex_lock(&lock); }
void unlock_views_after_fork() noexcept { pthread_mutex_unlock(&lock); }
void renew_views_lock_after_fork() noexcept { pthread_mutex_init(&lock, nullptr); }

}  // namespace winshim::process
