// beside.cpp - libwinshim-trace.so and libwinshim-msabi.so, found by where this library is.
#include "shim/file/beside.h"

#include <dlfcn.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

namespace winshim::file {

void* open_beside(const char* name, int mode) noexcept {
    Dl_info info;
    if (dladdr(reinterpret_cast<const void*>(&open_beside), &info) == 0) return nullptr;
    const char* const slash = strrchr(info.dli_fname, '/');
    const int directory = slash == nullptr ? 0 : static_cast<int>(slash + 1 - info.dli_fname);
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%.*s%s", directory, info.dli_fname, name) >= static_cast<int>(sizeof path))
        return nullptr;
    return dlopen(path, mode);
}

bool is_ms_abi_name(const char* path) noexcept {
    constexpr char name[] = "winshim-msabi";
    constexpr size_t length = sizeof name - 1;
    return strncasecmp(path, name, length) == 0 && (path[length] == '\0' || strcasecmp(path + length, ".dll") == 0);
}

}  // namespace winshim::file
