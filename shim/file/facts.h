// facts.h - what Win32 tells about a file, from what stat tells.
#pragma once
#include <sys/stat.h>

#include "shim/file/descriptor.h"

namespace winshim::file {

inline DWORD attributes_of(const struct stat& s) noexcept {
    if (S_ISDIR(s.st_mode)) return FILE_ATTRIBUTE_DIRECTORY;
    return DWORD{FILE_ATTRIBUTE_ARCHIVE} | ((s.st_mode & 0222) == 0 ? DWORD{FILE_ATTRIBUTE_READONLY} : 0u);
}
// Units of 100 ns since 1601; what is before that is its beginning.
inline FILETIME time_of(const timespec& t) noexcept {
    const auto seconds = static_cast<std::int64_t>(t.tv_sec) + 11644473600;
    const u64 count = seconds < 0 ? 0 : static_cast<u64>(seconds) * 10000000 + static_cast<u64>(t.tv_nsec) / 100;
    return {static_cast<DWORD>(count), static_cast<DWORD>(count >> 32)};
}
// The fields that WIN32_FIND_DATA and WIN32_FILE_ATTRIBUTE_DATA have in common. Linux does not tell of every file when
// it was made: the last change of any kind stands for that.
template <class Data>
void fill(Data& to, const struct stat& s) noexcept {
    to.dwFileAttributes = attributes_of(s);
    to.ftCreationTime = time_of(s.st_ctim);
    to.ftLastAccessTime = time_of(s.st_atim);
    to.ftLastWriteTime = time_of(s.st_mtim);
    const u64 size = S_ISREG(s.st_mode) ? static_cast<u64>(s.st_size) : 0;
    to.nFileSizeHigh = static_cast<DWORD>(size >> 32);
    to.nFileSizeLow = static_cast<DWORD>(size);
}

}  // namespace winshim::file
