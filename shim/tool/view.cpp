// view.cpp - mapping a segment to look at it; removing it.
#include "shim/tool/view.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace winshim::tool {
namespace {

View trouble(View view, const char* why) noexcept {
    fprintf(stderr, "winshim: %s: %s\n", view.path, why);
    view.found = Found::trouble;
    return view;
}

// Whether the maps of a process name the segment's file.
bool maps_it(const char* pid, const char* path) noexcept {
    char text[512];
    snprintf(text, sizeof text, "/proc/%.20s/maps", pid);
    FILE* maps = fopen(text, "re");
    if (maps == nullptr) return false;
    bool found = false;
    while (!found && fgets(text, sizeof text, maps) != nullptr) {
        text[strcspn(text, "\n")] = 0;
        const char* at = strchr(text, '/');
        found = at != nullptr && strcmp(at, path) == 0;
    }
    fclose(maps);
    return found;
}

}  // namespace

View open_view(const char* space) noexcept {
    if (space != nullptr) setenv("WINSHIM_NAMESPACE", space, 1);
    View view;
    snprintf(view.path, sizeof view.path, "/dev/shm%s", shm::segment_name());
    const int fd = shm_open(shm::segment_name(), O_RDONLY, 0);
    if (fd < 0) return errno == ENOENT ? view : trouble(view, strerror(errno));
    struct stat st;
    const bool known = fstat(fd, &st) == 0;
    if (!known || !S_ISREG(st.st_mode) || st.st_uid != geteuid()) {
        close(fd);
        return trouble(view, "is not a plain file of this user");
    }
    view.file_bytes = static_cast<u64>(st.st_size);
    view.whole = view.file_bytes == shm::kSegmentBytes;
    if (view.file_bytes < sizeof(shm::Header)) {
        close(fd);
        view.found = Found::segment;
        return view;
    }
    void* at = mmap(nullptr, view.whole ? shm::kSegmentBytes : sizeof(shm::Header), PROT_READ,
                    MAP_SHARED | MAP_NORESERVE, fd, 0);
    close(fd);
    if (at == MAP_FAILED) return trouble(view, strerror(errno));
    shm::base = static_cast<unsigned char*>(at);
    view.found = Found::segment;
    return view;
}

void close_view(View& view) noexcept {
    if (shm::base != nullptr) munmap(shm::base, view.whole ? shm::kSegmentBytes : sizeof(shm::Header));
    shm::base = nullptr;
    for (std::atomic<u32>* count : {&shm::known.objects, &shm::known.threads, &shm::known.processes, &shm::known.chunks,
                                    &shm::known.cells, &shm::known.buckets})
        count->store(0, std::memory_order_relaxed);
    view = View();
}

int open_to_look(const char* space, View& view) noexcept {
    view = open_view(space);
    if (view.found == Found::trouble) return 2;
    if (view.found == Found::nothing) return 0;
    const char* why = nullptr;
    if (!view.whole) why = "is no segment of this version of winshim";
    else if (shm::header().magic.load() != shm::kMagic) why = "is no segment, or has just begun to be one";
    else if (shm::header().layout_version != shm::kLayoutVersion || shm::header().signature != shm::kSignature)
        why = "was made by another version of winshim";
    if (why == nullptr) return 0;
    fprintf(stderr, "winshim: %s: %s (winshim check tells more)\n", view.path, why);
    return 2;
}

u32 count_users(const View& view) noexcept {
    DIR* all = opendir("/proc");
    u32 users = 0;
    for (const dirent* entry = nullptr; all != nullptr && (entry = readdir(all)) != nullptr;) {
        const bool process = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && atoi(entry->d_name) != getpid();
        if (process && maps_it(entry->d_name, view.path)) ++users;
    }
    if (all != nullptr) closedir(all);
    return users;
}

// Under the record lock that those who join hold, too: nobody gets in between the look and the removal.
bool discard(const View& view, bool force) noexcept {
    const int fd = open(view.path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return false;
    struct flock whole{};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    const bool ours = fcntl(fd, F_SETLK, &whole) == 0 && (force || count_users(view) == 0);
    const u64 id = shm::base != nullptr ? shm::header().id : 0;
    bool removed = (ours || force) && unlink(view.path) == 0;
    char beside[64];
    const int length = snprintf(beside, sizeof beside, ".winshim-%u-%016llx.", static_cast<unsigned>(geteuid()),
                                static_cast<unsigned long long>(id));
    DIR* all = removed && id != 0 ? opendir("/dev/shm") : nullptr;
    for (const dirent* entry = nullptr; all != nullptr && (entry = readdir(all)) != nullptr;) {
        const bool beside_it = strncmp(entry->d_name, "sem", 3) == 0 || strncmp(entry->d_name, "map", 3) == 0;
        if (beside_it && strncmp(entry->d_name + 3, beside, static_cast<size_t>(length)) == 0)
            unlinkat(dirfd(all), entry->d_name, 0);
    }
    if (all != nullptr) closedir(all);
    close(fd);
    return removed;
}

}  // namespace winshim::tool
