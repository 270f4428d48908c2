// completion.h - handles of completion ports: numbers above those of descriptors (descriptor.h).
#pragma once
#include "shim/file/descriptor.h"

namespace winshim::file {

inline constexpr std::uintptr_t kFirstPort = kFirst + kCount * 4;
inline constexpr u32 kMostPorts = next::kPorts;

inline bool is_port(HANDLE h) noexcept {
    const auto v = reinterpret_cast<std::uintptr_t>(h);
    return v - kFirstPort < std::uintptr_t{kMostPorts} * 4 && v % 4 == 0;
}

// CloseHandle: those who wait at the port are sent away.
BOOL close_port(HANDLE handle) noexcept;

}  // namespace winshim::file
