// descriptor.h - handles of files, pipes and terminals: each is a Linux descriptor under another number.
//
// Purpose     The library keeps nothing about a file: descriptor n is the handle 0x1000000 + 4 n, in every process that
//             has the descriptor, so that what a child inherits (or a program passes to it as a number) is good there.
//             Values below are those of the handle table (handle/table.h), whose end is where these begin.
// Invariants  A handle is inheritable exactly when its descriptor is not close-on-exec. What this room opens is
//             never descriptor 0, 1 or 2: C programs expect something else behind those (keep_off_standard).
#pragma once
#include <cerrno>
#include <cstdint>
#include <sys/types.h>

#include "shim/base/sdk.h"
#include "shim/next/next.h"

namespace winshim::file {

inline constexpr std::uintptr_t kFirst = next::kFirstDescriptor, kCount = next::kDescriptors;
static_assert(kFirst > std::uintptr_t{shm::kMaxObjects} * 4, "above every handle of the table");

inline bool is_descriptor(HANDLE h) noexcept {
    const auto v = reinterpret_cast<std::uintptr_t>(h);
    return v - kFirst < kCount * 4 && v % 4 == 0;
}
// -1, which is no descriptor to any system call, for other handles.
inline int descriptor_of(HANDLE h) noexcept {
    return is_descriptor(h) ? static_cast<int>((reinterpret_cast<std::uintptr_t>(h) - kFirst) / 4) : -1;
}
inline HANDLE handle_of(int descriptor) noexcept {
    return reinterpret_cast<HANDLE>(kFirst + static_cast<std::uintptr_t>(descriptor) * 4);
}

// The Win32 error that goes with what a system call on a descriptor, or on a path, has left in errno.
DWORD error_of(int error) noexcept;
DWORD error_of_path(const char* path, int error) noexcept;
inline Failure failed_errno() noexcept { return failed(error_of(errno)); }
inline Failure failed_path(const char* path) noexcept { return failed(error_of_path(path, errno)); }

// The bytes written, all of them unless errno says why not. `at`: where in the file; -1: at its own position.
std::size_t write_all(int descriptor, const char* from, std::size_t count, off_t at = -1) noexcept;

// The same open file as a descriptor above 2 and below kCount; -1, with errno, if there is none left. Takes
// `descriptor` in any case.
int keep_off_standard(int descriptor, bool inheritable) noexcept;

// What handleapi.h's calls do with the handle of a descriptor.
BOOL close(HANDLE handle) noexcept;
BOOL duplicate(HANDLE source, HANDLE* target, bool inherit) noexcept;
BOOL information(HANDLE handle, DWORD* flags) noexcept;
BOOL set_information(HANDLE handle, DWORD mask, DWORD flags) noexcept;
BOOL same(HANDLE first, HANDLE second) noexcept;

}  // namespace winshim::file
