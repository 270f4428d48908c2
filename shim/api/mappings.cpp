// mappings.cpp - CreateFileMapping, OpenFileMapping, MapViewOfFile and what belongs to them (winshim_mapping.h).
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "shim/api/naming.h"
#include "shim/file/descriptor.h"
#include "shim/process/mapped_file.h"
#include "shim/process/rundown.h"
#include "shim/process/views.h"
#undef CreateFileMapping
#undef OpenFileMapping

namespace winshim::api {
namespace {

constexpr u64 kGranularity = 0x10000, kMostBytes = 1ull << 62;

struct Protection {
    DWORD page;
    u64 traits;
    u32 access;  // of the handle: what the pages may be mapped for
};
constexpr u32 kReads = mapping::kQuery | mapping::kMapRead, kExecutes = mapping::kMapExecute;
constexpr Protection kProtections[] = {
    {PAGE_READONLY, 0, kReads},
    {PAGE_WRITECOPY, 0, kReads},
    {PAGE_READWRITE, mapping::kWritable, kReads | mapping::kMapWrite},
    {PAGE_EXECUTE_READ, mapping::kExecutable, kReads | kExecutes},
    {PAGE_EXECUTE_WRITECOPY, mapping::kExecutable, kReads | kExecutes},
    {PAGE_EXECUTE_READWRITE, mapping::kWritable | mapping::kExecutable, kReads | mapping::kMapWrite | kExecutes}};

const Protection* protection_of(DWORD page) noexcept {
    for (const Protection& p : kProtections)
        if (p.page == page) return &p;
    return nullptr;
}

// The size of a mapping of this file; one that is too short grows.
Status measure(int descriptor, bool writable, u64& size) noexcept {
    struct stat st;
    const int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || fstat(descriptor, &st) != 0) return Status::invalid_handle;
    if (!S_ISREG(st.st_mode)) return Status::bad_exe_format;
    const int mode = flags & O_ACCMODE;
    if (mode == O_WRONLY || (writable && mode != O_RDWR)) return Status::access_denied;
    const u64 now = static_cast<u64>(st.st_size);
    if (size == 0) size = now;
    if (size == 0) return Status::file_invalid;
    if (size <= now) return Status::success;
    if (!writable) return Status::not_enough_memory;
    const Uncancelled uncancelled;
    const shm::DeadlySignalsHeld held;
    int grown;
    do grown = fallocate(descriptor, 0, st.st_size, static_cast<off_t>(size - now));
    while (grown != 0 && errno == EINTR);
    if (grown != 0 && errno == EOPNOTSUPP) grown = ftruncate(descriptor, static_cast<off_t>(size));
    return grown == 0 ? Status::success : Status::disk_full;
}

struct Wanted {
    const Protection& protection;
    u64 size;
    bool reserved;   // SEC_RESERVE
    int descriptor;  // -1: pages of the pagefile
};

Result<name::Created> make(const Wanted& wanted, const SECURITY_ATTRIBUTES* security,
                           const name::Text* text) noexcept {
    const bool on_file = wanted.descriptor >= 0;
    process::FileRecord record;
    if (on_file) record = process::record_of(wanted.descriptor);
    const u64 place = on_file ? u64{mapping::kOnFile} : wanted.reserved ? u64{mapping::kReserved} : 0;
    const handle::Mapping mapping{
        .size = wanted.size,
        .traits = wanted.protection.traits | place,
        .beside = {.bytes = on_file ? record.bytes() : wanted.size, .commit = !wanted.reserved,
                   .record = on_file ? &record : nullptr}};
    const name::NamedObject object{
        .object = {.kind = Kind::mapping, .rule = Rule::none,
                   .access_and_flags = access_of(Kind::mapping, wanted.protection.access) | inherit_flag(security),
                   .mapping = &mapping},
        .text = text, .other_access = 0};
    Result<name::Created> created = name::create(object);
    // The dead may have what is missing.
    if (created.status == Status::not_enough_memory && process::sweep()) created = name::create(object);
    if (created && !created.value.existed && on_file)
        process::keep_file(handle::target(handle::peek(created.value.handle)), wanted.descriptor);
    return created;
}

HANDLE create(HANDLE file, const SECURITY_ATTRIBUTES* security, DWORD protect, DWORD high, DWORD low,
              AnyName given) noexcept {
    const KeepErrno keep;
    const DWORD section = protect & ~DWORD{0xFF};
    const Protection* const protection = protection_of(protect & 0xFF);
    if (protection == nullptr || (section != 0 && section != SEC_COMMIT && section != SEC_RESERVE))
        return no_handle(Status::invalid_parameter);
    u64 size = u64{high} << 32 | low;
    const bool on_file = file != INVALID_HANDLE_VALUE;
    if (on_file && !file::is_descriptor(file)) return no_handle(Status::invalid_handle);
    if ((size == 0 && !on_file) || size > kMostBytes) return no_handle(Status::invalid_parameter);
    const int descriptor = on_file ? file::descriptor_of(file) : -1;
    name::Text text;
    bool unnamed;
    if (const Status s = text_of(given, text, unnamed); s != Status::success) return no_handle(s);
    if (on_file)
        if (const Status s = measure(descriptor, (protection->traits & mapping::kWritable) != 0, size);
            s != Status::success)
            return no_handle(s);
    const Result<name::Created> created = make({*protection, size, section == SEC_RESERVE, descriptor}, security,
                                               unnamed ? nullptr : &text);
    if (!created) return no_handle(created.status);
    last_error = created.value.existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS;
    return created.value.handle;
}

// What FILE_MAP_EXECUTE asks for is another right of the handle.
u32 rights_of(DWORD access) noexcept {
    return (access & ~DWORD{FILE_MAP_EXECUTE}) | ((access & FILE_MAP_EXECUTE) != 0 ? mapping::kMapExecute : 0);
}

HANDLE open_mapping(DWORD access, BOOL inherit, AnyName given) noexcept {
    return open(Kind::mapping, rights_of(access), inherit, given);
}

// What a view with this access is, what rights the handle must have for it, and what traits the mapping.
struct ViewKind {
    int protection;
    bool copy;
    u64 rights, needs;
};

Status view_of(DWORD access, ViewKind& view) noexcept {
    const bool write = (access & FILE_MAP_WRITE) != 0, read = (access & FILE_MAP_READ) != 0;
    const bool copy = (access & FILE_MAP_COPY) != 0 && !write;
    if (!write && !read && !copy) return Status::invalid_parameter;
    view = {PROT_READ, copy, mapping::kMapRead, 0};
    if (write || copy) view.protection |= PROT_WRITE;
    if (write) view.rights = mapping::kMapWrite, view.needs = mapping::kWritable;
    if ((access & FILE_MAP_EXECUTE) != 0) {
        view.protection |= PROT_EXEC;
        view.rights |= mapping::kMapExecute;
        view.needs |= mapping::kExecutable;
    }
    return Status::success;
}

void* map(HANDLE handle, DWORD access, u64 offset, SIZE_T bytes, void* wanted) noexcept {
    const KeepErrno keep;
    ViewKind view;
    if (const Status s = view_of(access, view); s != Status::success) return no_handle(s);
    if (offset % kGranularity != 0 || reinterpret_cast<std::uintptr_t>(wanted) % kGranularity != 0)
        return no_handle(Status::mapped_alignment);
    const Result<wait::Target> mapping = resolve(handle, Kind::mapping, 0);
    if (!mapping) return no_handle(mapping.status);
    const u64 entry = handle::peek(handle);
    // A copy may be made of what may be looked at in any way.
    const bool may = view.copy ? handle::may(entry, mapping::kMapRead) || handle::may(entry, mapping::kQuery)
                               : handle::may(entry, view.rights);
    const u64 traits = shm::object(mapping.value.object).wide[mapping::kTraits].get();
    if (!may || (traits & view.needs) != view.needs) return no_handle(Status::access_denied);
    const Result<void*> at = process::map_view(entry, {offset, bytes, wanted, view.protection, view.copy});
    if (WINSHIM_UNLIKELY(process::files_kept.load(std::memory_order_relaxed) != 0)) process::forget_ended_files();
    return at ? at.value : no_handle(at.status);
}

}  // namespace
}  // namespace winshim::api

using namespace winshim;
using namespace winshim::api;
using Security = LPSECURITY_ATTRIBUTES;
using Utf16 = const char16_t*;

#define MAPPING_FORMS(declare, hand_on, Create, Next, Open, Char)                                                 \
    declare HANDLE WINAPI Create(HANDLE file, Security s, DWORD protect, DWORD high, DWORD low, Char n) {         \
        hand_on(Create, Next, file, s, protect, high, low, n);                                                    \
        return create(file, s, protect, high, low, n);                                                            \
    }                                                                                                             \
    declare HANDLE WINAPI Open(DWORD access, BOOL inherit, Char n) { return open_mapping(access, inherit, n); }

WINSHIM_EXPORT HANDLE CreateFileMapping_utf16(HANDLE, Security, DWORD, DWORD, DWORD, Utf16)
    WINSHIM_UTF16(CreateFileMappingW);
WINSHIM_EXPORT HANDLE OpenFileMapping_utf16(DWORD, BOOL, Utf16) WINSHIM_UTF16(OpenFileMappingW);

// A mapping of another library's file is its affair.
#define HAND_ON_FILE(Create, Next, file, ...) \
    WINSHIM_HAND_ON_AS(Next, Create, is_foreign(file), file, file, __VA_ARGS__)
#define KEEP_FILE(...)

MAPPING_FORMS(, HAND_ON_FILE, CreateFileMappingA, CreateFileMappingA, OpenFileMappingA, LPCSTR)
MAPPING_FORMS(, KEEP_FILE, CreateFileMappingW, , OpenFileMappingW, LPCWSTR)
MAPPING_FORMS(, HAND_ON_FILE, CreateFileMapping_utf16, CreateFileMappingW, OpenFileMapping_utf16, Utf16)
MAPPING_FORMS(WINSHIM_EXPORT, KEEP_FILE, CreateFileMapping, , OpenFileMapping, LPCSTR)
#undef HAND_ON_FILE
#undef KEEP_FILE
#undef MAPPING_FORMS

LPVOID WINAPI MapViewOfFile(HANDLE hFileMappingObject, DWORD dwDesiredAccess, DWORD dwFileOffsetHigh,
                            DWORD dwFileOffsetLow, SIZE_T dwNumberOfBytesToMap) {
    WINSHIM_FOREIGN(MapViewOfFile, hFileMappingObject, hFileMappingObject, dwDesiredAccess, dwFileOffsetHigh,
                    dwFileOffsetLow, dwNumberOfBytesToMap);
    return map(hFileMappingObject, dwDesiredAccess, u64{dwFileOffsetHigh} << 32 | dwFileOffsetLow,
               dwNumberOfBytesToMap, nullptr);
}

LPVOID WINAPI MapViewOfFileEx(HANDLE hFileMappingObject, DWORD dwDesiredAccess, DWORD dwFileOffsetHigh,
                              DWORD dwFileOffsetLow, SIZE_T dwNumberOfBytesToMap, LPVOID lpBaseAddress) {
    WINSHIM_FOREIGN(MapViewOfFileEx, hFileMappingObject, hFileMappingObject, dwDesiredAccess, dwFileOffsetHigh,
                    dwFileOffsetLow, dwNumberOfBytesToMap, lpBaseAddress);
    return map(hFileMappingObject, dwDesiredAccess, u64{dwFileOffsetHigh} << 32 | dwFileOffsetLow,
               dwNumberOfBytesToMap, lpBaseAddress);
}

BOOL WINAPI UnmapViewOfFile(LPCVOID lpBaseAddress) {
    const KeepErrno keep;
    const Status status = process::unmap_view(lpBaseAddress);
    // An address where we have mapped nothing.
    WINSHIM_HAND_ON_AS(UnmapViewOfFile, UnmapViewOfFile,
                       status == Status::invalid_address && !process::is_in_view(lpBaseAddress), lpBaseAddress,
                       lpBaseAddress);
    if (WINSHIM_UNLIKELY(process::files_kept.load(std::memory_order_relaxed) != 0)) process::forget_ended_files();
    return finish(status);
}

BOOL WINAPI FlushViewOfFile(LPCVOID lpBaseAddress, SIZE_T dwNumberOfBytesToFlush) {
    const KeepErrno keep;
    const Status status = process::flush_view(lpBaseAddress, dwNumberOfBytesToFlush);
    WINSHIM_HAND_ON_AS(FlushViewOfFile, FlushViewOfFile,
                       status == Status::invalid_address && !process::is_in_view(lpBaseAddress), lpBaseAddress,
                       lpBaseAddress, dwNumberOfBytesToFlush);
    return finish(status);
}
