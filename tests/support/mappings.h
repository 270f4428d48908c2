// mappings.h - file mappings and views as the tests of them say it, and what there is of them in /dev/shm.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "tests/support/program.h"

inline HANDLE pages(DWORD bytes, const char *name = nullptr) {
    return MADE(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, bytes, name), ERROR_SUCCESS);
}

inline char *view(HANDLE mapping) {
    SetLastError(kPoison);
    void *const at = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0);
    REQUIRE(at != nullptr && GetLastError() == SAME, "a view of the whole mapping");
    return static_cast<char *>(at);
}

// Calls visit(path) for each file that a mapping has in /dev/shm, whosesoever; a test compares with what was there
// before.
template <typename Visit>
void each_mapping_file(Visit visit) {
    DIR *const directory = opendir("/dev/shm");
    char path[400];
    while (const dirent *entry = directory != nullptr ? readdir(directory) : nullptr) {
        if (strncmp(entry->d_name, "map.winshim-", 12) != 0) continue;
        snprintf(path, sizeof path, "/dev/shm/%s", entry->d_name);
        visit(path);
    }
    if (directory != nullptr) closedir(directory);
}

inline int mapping_files() {
    int count = 0;
    each_mapping_file([&](const char *) { ++count; });
    return count;
}

// Blocks of 512 bytes behind them.
inline long mapping_blocks() {
    long blocks = 0;
    each_mapping_file([&](const char *path) {
        struct stat st{};
        if (stat(path, &st) == 0) blocks += st.st_blocks;
    });
    return blocks;
}
