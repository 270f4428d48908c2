// mapping_calls.h - what the victims do with file mappings: made or opened, viewed, written from end to end, let go.
//
// Invariants  What was mapped can be written: a damaged size must not lead beyond the pages that there are.
#pragma once

#include <windows.h>

#include "tests/torture/corrupt/control.h"

namespace corrupt {

// `handle` is closed by the caller; true if something could be written.
inline bool share_memory(Random& random, HANDLE& handle, const char* name) {
    const DWORD bytes = 1 + random.below(70'000);
    if (random.one_in(3) && name != nullptr) handle = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name);
    else
        handle = CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr,
                                    PAGE_READWRITE | (random.one_in(4) ? SEC_RESERVE : 0), 0, bytes, name);
    const DWORD wanted = random.one_in(2) ? 0 : bytes;
    auto* const at = static_cast<volatile char*>(
        MapViewOfFile(handle, random.one_in(4) ? FILE_MAP_COPY : FILE_MAP_WRITE, 0, 0, wanted));
    if (at == nullptr) return false;
    MEMORY_BASIC_INFORMATION about;
    const SIZE_T known = VirtualQuery(const_cast<char*>(at), &about, sizeof about) != 0 ? about.RegionSize : 1;
    at[0] = 1;
    at[(known < 80'000 ? known : 80'000) - 1] = 1;
    if (wanted != 0) at[wanted - 1] = 1;
    FlushViewOfFile(const_cast<char*>(at), 0);
    return UnmapViewOfFile(const_cast<char*>(at)) != FALSE;
}

}  // namespace corrupt
