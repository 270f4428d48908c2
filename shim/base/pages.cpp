// pages.cpp - VirtualAlloc, VirtualFree, VirtualProtect, VirtualQuery (memoryapi.h).
//
// Regions that VirtualAlloc made are in a list, each with one byte per page: 0 reserved, else the protection as
// an index. The kernel is asked (/proc/self/maps) about all other memory only.
// Locks       `lock` guards the list and the bytes; held while the kernel is told, so that both agree.
// Source      "VirtualAlloc", "VirtualFree", "VirtualProtect", "VirtualQuery".
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shim/base/fork_lock.h"
#include "shim/base/sdk.h"
#include "shim/shm/commit_hook.h"

namespace winshim::base {
namespace {

using Address = std::uintptr_t;
constexpr Address kGranularity = 0x10000;
constexpr Address kLastAddress = sizeof(void*) == 8 ? static_cast<Address>(0x00007FFF'FFFFFFFF) : ~Address{0};

struct Region {
    Region* next;
    Address base;
    SIZE_T bytes;
    DWORD protect;  // as asked for when it was reserved
    u8* page;       // one for each page
};
Region* regions = nullptr;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
using Guard = base::ForkLock<lock>;
__attribute__((constructor)) void watch_forks() noexcept { Guard::watch_forks(); }

// Win32's protections with the kernel's; the index + 1 is what the byte of a page holds.
struct Protection {
    DWORD win32;
    int posix;
};
constexpr Protection kProtections[] = {{PAGE_NOACCESS, PROT_NONE},
                                       {PAGE_READONLY, PROT_READ},
                                       {PAGE_READWRITE, PROT_READ | PROT_WRITE},
                                       {PAGE_EXECUTE, PROT_EXEC},
                                       {PAGE_EXECUTE_READ, PROT_READ | PROT_EXEC},
                                       {PAGE_EXECUTE_READWRITE, PROT_READ | PROT_WRITE | PROT_EXEC}};
constexpr u8 kReserved = 0;

u8 number_of(DWORD win32) noexcept {  // 0: unknown
    for (u32 i = 0; i < sizeof kProtections / sizeof *kProtections; ++i)
        if (kProtections[i].win32 == win32) return static_cast<u8>(i + 1);
    return 0;
}
const Protection& protection(u8 number) noexcept { return kProtections[number - 1]; }

SIZE_T page_bytes() noexcept {
    static std::atomic<SIZE_T> known{0};
    if (known.load(std::memory_order_relaxed) == 0)
        known.store(static_cast<SIZE_T>(sysconf(_SC_PAGESIZE)), std::memory_order_relaxed);
    return known.load(std::memory_order_relaxed);
}
Address round_down(Address a, Address unit) noexcept { return a & ~(unit - 1); }
Address round_up(Address a, Address unit) noexcept { return round_down(a + unit - 1, unit); }
void* pointer(Address a) noexcept { return reinterpret_cast<void*>(a); }
Address number(const void* p) noexcept { return reinterpret_cast<Address>(p); }

Region* region_at(Address a) noexcept {
    for (Region* r = regions; r != nullptr; r = r->next)
        if (a >= r->base && a - r->base < r->bytes) return r;
    return nullptr;
}
SIZE_T page_index(const Region& r, Address a) noexcept { return (a - r.base) / page_bytes(); }

// Pages of one region: `first` inclusive, `end` exclusive.
struct Span {
    SIZE_T first, end;
};
bool span_of(const Region& r, Address from, SIZE_T bytes, Span& span) noexcept {
    if (bytes == 0 || bytes > r.bytes - (from - r.base)) return false;
    span = {page_index(r, from), page_index(r, from + bytes - 1) + 1};
    return true;
}
void* page_address(const Region& r, SIZE_T page) noexcept { return pointer(r.base + page * page_bytes()); }

bool change(Region& r, Span span, u8 number) noexcept {
    if (mprotect(page_address(r, span.first), (span.end - span.first) * page_bytes(), protection(number).posix) != 0)
        return false;
    for (SIZE_T i = span.first; i < span.end; ++i) r.page[i] = number;
    return true;
}

// Address space on a 64 KiB boundary, at `wanted` or anywhere.
Address map(Address wanted, SIZE_T bytes) noexcept {
    constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    if (wanted != 0) {
        void* const got = mmap(pointer(wanted), bytes, PROT_NONE, kFlags | MAP_FIXED_NOREPLACE, -1, 0);
        if (got == MAP_FAILED) return 0;
        if (number(got) == wanted) return wanted;
        munmap(got, bytes);  // a kernel that does not know the flag
        return 0;
    }
    void* const got = mmap(nullptr, bytes + kGranularity, PROT_NONE, kFlags, -1, 0);
    if (got == MAP_FAILED) return 0;
    const Address base = round_up(number(got), kGranularity), end = number(got) + bytes + kGranularity;
    if (base != number(got)) munmap(got, base - number(got));
    if (end != base + bytes) munmap(pointer(base + bytes), end - base - bytes);
    return base;
}

Region* reserve(Address wanted, SIZE_T bytes, DWORD protect) noexcept {
    Region* const r = static_cast<Region*>(malloc(sizeof(Region)));
    u8* const pages = static_cast<u8*>(calloc(bytes / page_bytes(), 1));
    const Address base = r != nullptr && pages != nullptr ? map(wanted, bytes) : 0;
    if (base == 0) {
        free(r);
        free(pages);
        return nullptr;
    }
    *r = {regions, base, bytes, protect, pages};
    return regions = r;
}

void release(Region* r) noexcept {
    for (Region** at = &regions; *at != nullptr; at = &(*at)->next)
        if (*at == r) {
            *at = r->next;
            break;
        }
    munmap(pointer(r->base), r->bytes);
    free(r->page);
    free(r);
}

void* allocate(Address address, SIZE_T size, DWORD type, u8 number, DWORD protect) noexcept {
    if (size > kLastAddress || address > kLastAddress - size) return failed(ERROR_INVALID_PARAMETER);
    const Guard guard;
    Region* r = address != 0 ? region_at(address) : nullptr;
    const bool fresh = (type & MEM_RESERVE) != 0 || address == 0;
    if (fresh) {
        const Address base = round_down(address, kGranularity);
        const SIZE_T bytes = round_up(address - base + size, page_bytes());
        r = reserve(base, bytes, protect);
        if (r == nullptr) return failed(address != 0 ? ERROR_INVALID_ADDRESS : ERROR_NOT_ENOUGH_MEMORY);
        if (address == 0) address = r->base;
    }
    if ((type & MEM_COMMIT) == 0) return pointer(r->base);
    Span span;
    if (r == nullptr || !span_of(*r, address, size, span)) {
        if (fresh) release(r);
        return failed(ERROR_INVALID_ADDRESS);
    }
    if (!change(*r, span, number)) {
        if (fresh) release(r);
        return failed(ERROR_NOT_ENOUGH_MEMORY);
    }
    return page_address(*r, span.first);
}

// ---- memory of others -----------------------------------------------------------------------------------------------
struct Mapping {
    Address begin, end;  // of the mapping that contains the address, or of the gap
    int posix;
    bool mapped, file;
};

// Reads /proc/self/maps line by line without the heap.
bool find_mapping(Address wanted, Mapping& m) noexcept {
    const int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    char buffer[4096];
    std::size_t held = 0;
    m = {0, kLastAddress + 1, PROT_NONE, false, false};
    for (bool found = false; !found;) {
        const ssize_t got = read(file, buffer + held, sizeof buffer - 1 - held);
        if (got <= 0) break;
        held += static_cast<std::size_t>(got);
        buffer[held] = '\0';
        char* line = buffer;
        for (char* end; !found && (end = static_cast<char*>(__builtin_strchr(line, '\n'))) != nullptr; line = end + 1) {
            unsigned long begin = 0, stop = 0, inode = 0;
            char rights[5] = "";
            *end = '\0';
            if (sscanf(line, "%lx-%lx %4s %*x %*s %lu", &begin, &stop, rights, &inode) < 4) continue;
            if (stop <= wanted) {
                m.begin = stop;
            } else if (begin > wanted) {
                m.end = begin;
                found = true;
            } else {
                m = {begin, stop,
                     (rights[0] == 'r' ? PROT_READ : 0) | (rights[1] == 'w' ? PROT_WRITE : 0) |
                         (rights[2] == 'x' ? PROT_EXEC : 0),
                     true, inode != 0};
                found = true;
            }
        }
        held -= static_cast<std::size_t>(line - buffer);
        __builtin_memmove(buffer, line, held);
        if (held == sizeof buffer - 1) held = 0;  // a line longer than the buffer: its rest is no line of its own
    }
    close(file);
    return true;
}

DWORD win32_of(int posix) noexcept {
    for (const Protection& p : kProtections)
        if (p.posix == posix) return p.win32;
    return PAGE_READWRITE;  // write without read, which the processors do not have
}

// Pages of a view of a file mapping that was only reserved.
void* commit_foreign(Address address, SIZE_T size) noexcept {
    const KeepErrno keep;
    const auto commit = shm::commit_in_view.load(std::memory_order_acquire);
    const Status status = commit != nullptr ? commit(pointer(address), size) : Status::invalid_address;
    if (status != Status::success) return failed(static_cast<DWORD>(status));
    return pointer(round_down(address, page_bytes()));
}

bool query_foreign(Address page, MEMORY_BASIC_INFORMATION& info) noexcept {
    Mapping m;
    if (!find_mapping(page, m)) return false;
    // A region of ours that begins inside the gap or the mapping ends what is told here.
    for (const Region* r = regions; r != nullptr; r = r->next)
        if (r->base > page && r->base < m.end) m.end = r->base;
    info = {.BaseAddress = pointer(page), .AllocationBase = nullptr, .AllocationProtect = 0,
            .RegionSize = m.end - page, .State = MEM_FREE, .Protect = PAGE_NOACCESS, .Type = 0};
    if (!m.mapped) return true;
    info.AllocationBase = pointer(m.begin);
    info.AllocationProtect = info.Protect = win32_of(m.posix);
    info.State = MEM_COMMIT;
    info.Type = m.file ? MEM_MAPPED : MEM_PRIVATE;
    return true;
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

LPVOID WINAPI VirtualAlloc(LPVOID lpAddress, SIZE_T dwSize, DWORD flAllocationType, DWORD flProtect) {
    constexpr DWORD kKnown = MEM_COMMIT | MEM_RESERVE | MEM_TOP_DOWN;
    const u8 wanted = number_of(flProtect);
    if (dwSize == 0 || (flAllocationType & ~kKnown) != 0 || (flAllocationType & (MEM_COMMIT | MEM_RESERVE)) == 0 ||
        wanted == 0)
        return failed(ERROR_INVALID_PARAMETER);
    if (lpAddress != nullptr && (flAllocationType & MEM_RESERVE) == 0) {
        bool ours;
        {
            const Guard guard;
            ours = region_at(number(lpAddress)) != nullptr;
        }
        if (!ours) return commit_foreign(number(lpAddress), dwSize);
    }
    return allocate(number(lpAddress), dwSize, flAllocationType, wanted, flProtect);
}

BOOL WINAPI VirtualFree(LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType) {
    const Guard guard;
    const Address address = number(lpAddress);
    Region* const r = region_at(address);
    if (dwFreeType == MEM_RELEASE) {
        if (dwSize != 0) return failed(ERROR_INVALID_PARAMETER);
        if (r == nullptr || r->base != round_down(address, page_bytes())) return failed(ERROR_INVALID_ADDRESS);
        release(r);
        return TRUE;
    }
    if (dwFreeType != MEM_DECOMMIT) return failed(ERROR_INVALID_PARAMETER);
    Span span;
    if (r == nullptr || (dwSize == 0 && round_down(address, page_bytes()) != r->base))
        return failed(ERROR_INVALID_ADDRESS);
    if (!span_of(*r, address, dwSize == 0 ? r->bytes : dwSize, span)) return failed(ERROR_INVALID_ADDRESS);
    void* const first = page_address(*r, span.first);
    const SIZE_T bytes = (span.end - span.first) * page_bytes();
    // Mapped anew: the memory goes back to the system and is 0 when it is committed again.
    if (mmap(first, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED)
        return failed(ERROR_NOT_ENOUGH_MEMORY);
    for (SIZE_T i = span.first; i < span.end; ++i) r->page[i] = kReserved;
    return TRUE;
}

BOOL WINAPI VirtualProtect(LPVOID lpAddress, SIZE_T dwSize, DWORD flNewProtect, PDWORD lpflOldProtect) {
    const u8 wanted = number_of(flNewProtect);
    if (wanted == 0) return failed(ERROR_INVALID_PARAMETER);
    if (lpflOldProtect == nullptr) return failed(ERROR_NOACCESS);
    const Guard guard;
    const Address address = number(lpAddress);
    if (Region* const r = region_at(address)) {
        Span span;
        if (!span_of(*r, address, dwSize, span)) return failed(ERROR_INVALID_ADDRESS);
        for (SIZE_T i = span.first; i < span.end; ++i)
            if (r->page[i] == kReserved) return failed(ERROR_INVALID_ADDRESS);
        const DWORD old = protection(r->page[span.first]).win32;
        if (!change(*r, span, wanted)) return failed(ERROR_NOT_ENOUGH_MEMORY);
        *lpflOldProtect = old;
        return TRUE;
    }
    const Address first = round_down(address, page_bytes());
    MEMORY_BASIC_INFORMATION before;
    if (dwSize == 0 || address > kLastAddress || dwSize > kLastAddress - address || !query_foreign(first, before) ||
        before.State == MEM_FREE)
        return failed(ERROR_INVALID_ADDRESS);
    if (mprotect(pointer(first), round_up(address - first + dwSize, page_bytes()), protection(wanted).posix) != 0)
        return failed(ERROR_INVALID_ADDRESS);
    *lpflOldProtect = before.Protect;
    return TRUE;
}

SIZE_T WINAPI VirtualQuery(LPCVOID lpAddress, PMEMORY_BASIC_INFORMATION lpBuffer, SIZE_T dwLength) {
    if (lpBuffer == nullptr || number(lpAddress) > kLastAddress) return failed(ERROR_INVALID_PARAMETER);
    if (dwLength < sizeof *lpBuffer) return failed(ERROR_BAD_LENGTH);
    const Guard guard;
    const Address page = round_down(number(lpAddress), page_bytes());
    const Region* const r = region_at(page);
    if (r == nullptr) return query_foreign(page, *lpBuffer) ? sizeof *lpBuffer : 0;
    const SIZE_T first = page_index(*r, page), count = r->bytes / page_bytes();
    SIZE_T end = first + 1;
    while (end < count && r->page[end] == r->page[first]) ++end;
    const bool committed = r->page[first] != kReserved;
    *lpBuffer = {.BaseAddress = pointer(page), .AllocationBase = pointer(r->base), .AllocationProtect = r->protect,
                 .RegionSize = (end - first) * page_bytes(),
                 .State = committed ? DWORD{MEM_COMMIT} : DWORD{MEM_RESERVE},
                 .Protect = committed ? protection(r->page[first]).win32 : 0, .Type = MEM_PRIVATE};
    return sizeof *lpBuffer;
}
