// types.h - the small vocabulary of the shared state: fixed-width integers, guarded fields, results.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace winshim {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i64 = std::int64_t;

// A shared field that a lock guards. The lock orders its accesses; the relaxed atomic keeps a look from outside the
// lock (the bounded look of a parked thread, the tool, a repair) from being a data race. Never used to synchronise.
template <class T>
struct Field {
    std::atomic<T> value;
    T get() const noexcept { return value.load(std::memory_order_relaxed); }
    void set(T v) noexcept { value.store(v, std::memory_order_relaxed); }
};

// Win32 error codes as the inside uses them. The names are winerror.h's without the prefix ERROR_.
enum class Status : u32 {
    success = 0,
    file_not_found = 2,
    path_not_found = 3,
    too_many_open_files = 4,
    access_denied = 5,
    invalid_handle = 6,
    not_enough_memory = 8,
    gen_failure = 31,
    not_supported = 50,
    invalid_parameter = 87,
    disk_full = 112,
    invalid_name = 123,
    bad_pathname = 161,
    signal_refused = 156,
    already_exists = 183,
    bad_exe_format = 193,
    filename_exced_range = 206,
    not_owner = 288,
    too_many_posts = 298,
    invalid_address = 487,
    mutant_limit_exceeded = 587,
    file_invalid = 1006,
    no_unicode_translation = 1113,
    possible_deadlock = 1131,
    mapped_alignment = 1132,
    already_initialized = 1247,
    revision_mismatch = 1306,
    file_corrupt = 1392,
    no_system_resources = 1450,
    not_same_object = 1656,
    out_of_time = 1460,  // of a process at its exit (robust.h); never returned by a call
};

template <class T>
struct [[nodiscard]] Result {
    Status status = Status::success;
    T value{};
    explicit operator bool() const noexcept { return status == Status::success; }
};
template <class T>
Result<T> fail(Status status) noexcept {
    return {status, T{}};
}

#define WINSHIM_LIKELY(x) __builtin_expect(!!(x), 1)
#define WINSHIM_UNLIKELY(x) __builtin_expect(!!(x), 0)

}  // namespace winshim
