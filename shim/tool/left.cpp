// left.cpp - which files in /dev/shm belong together, by their names.
#include "shim/tool/left.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "shim/shm/segment.h"

namespace winshim::tool {
namespace {

constexpr const char* kFolder = "/dev/shm";

class Folder {
public:
    explicit Folder(const char* path) noexcept : all_(opendir(path)) {}
    ~Folder() noexcept {
        if (all_ != nullptr) closedir(all_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    bool is_open() const noexcept { return all_ != nullptr; }
    const char* next() noexcept {
        const dirent* entry = readdir(all_);
        return entry != nullptr ? entry->d_name : nullptr;
    }

private:
    DIR* all_;
};

// What follows `kind`winshim-UID- in a name of this user; null: it is none.
const char* ours(const char* name, const char* kind) noexcept {
    char wanted[40];
    const int length = snprintf(wanted, sizeof wanted, "%swinshim-%u-", kind, static_cast<unsigned>(geteuid()));
    return strncmp(name, wanted, static_cast<size_t>(length)) == 0 ? name + length : nullptr;
}

bool is_ours_alone(const char* name) noexcept {
    char path[300];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", kFolder, name);
    return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid();
}

// The id of the segment in a file; false: it is none, or not made yet.
bool read_id(const char* name, u64& id) noexcept {
    char path[300];
    snprintf(path, sizeof path, "%s/%s", kFolder, name);
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return false;
    struct { u64 magic; u32 version, signature; u64 id; } head{};
    static_assert(offsetof(shm::Header, id) == 16);
    const bool whole = pread(fd, &head, sizeof head, 0) == static_cast<ssize_t>(sizeof head) &&
                       head.magic == shm::kMagic;
    close(fd);
    id = head.id;
    return whole;
}

// Whether a process has a segment of this user mapped, of the file system `where`, that has no name any more.
bool maps_deleted(const char* pid, dev_t where) noexcept {
    char path[64], line[600], wanted[60], device[30];
    snprintf(device, sizeof device, " %02x:%02x ", major(where), minor(where));
    snprintf(path, sizeof path, "/proc/%.20s/maps", pid);
    snprintf(wanted, sizeof wanted, "%s/winshim-%u-", kFolder, static_cast<unsigned>(geteuid()));
    FILE* maps = fopen(path, "re");
    if (maps == nullptr) return false;
    bool found = false;
    while (!found && fgets(line, sizeof line, maps) != nullptr)
        found = strstr(line, device) != nullptr && strstr(line, wanted) != nullptr &&
                strstr(line, " (deleted)") != nullptr;
    fclose(maps);
    return found;
}

bool somebody_maps_deleted() noexcept {
    Folder processes("/proc");
    struct stat st;
    bool found = stat(kFolder, &st) != 0;
    while (const char* name = processes.is_open() && !found ? processes.next() : nullptr)
        if (name[0] >= '1' && name[0] <= '9') found = maps_deleted(name, st.st_dev);
    return found || !processes.is_open();
}

}  // namespace

// First the files, then the segments that are there: so a segment that has just been made is known when its files are.
bool find_left(look::List<LeftFile>& files, bool& in_use) noexcept {
    look::List<LeftFile> found;
    look::List<u64> ids;
    bool whole = true, unclear = false;
    Folder first(kFolder);
    while (const char* name = first.is_open() ? first.next() : nullptr) {
        const char* rest = ours(name, "sem.");
        if (rest == nullptr) rest = ours(name, "map.");
        if (rest == nullptr || strspn(rest, "0123456789abcdef") != 16 || rest[16] != '.' || !is_ours_alone(name))
            continue;
        LeftFile file{};
        snprintf(file.name, sizeof file.name, "%s", name);
        file.segment = strtoull(rest, nullptr, 16);
        whole = found.add(file) && whole;
    }
    Folder second(kFolder);
    while (const char* name = second.is_open() ? second.next() : nullptr) {
        u64 id;
        if (ours(name, "") == nullptr) continue;
        if (read_id(name, id)) whole = ids.add(id) && whole;
        else unclear = true;
    }
    if (!whole || !first.is_open() || !second.is_open()) return false;
    for (const LeftFile& file : found) {
        bool known = false;
        for (const u64 id : ids) known = known || id == file.segment;
        if (!known && !files.add(file)) return false;
    }
    in_use = files.count() != 0 && (unclear || somebody_maps_deleted());
    if (in_use) files.clear();
    return true;
}

bool remove_left(const LeftFile& file) noexcept {
    char path[300];
    snprintf(path, sizeof path, "%s/%s", kFolder, file.name);
    return is_ours_alone(file.name) && unlink(path) == 0;
}

// A namespace so long that its file's name has only its hash ("~") is not found by the name.
bool find_namespaces(look::List<LeftFile>& spaces) noexcept {
    bool whole = true;
    Folder all(kFolder);
    if (!all.is_open()) return false;
    while (const char* name = all.next()) {
        const char* rest = ours(name, "");
        if (rest == nullptr || strchr(name, '~') != nullptr || !is_ours_alone(name)) continue;
        if (strncmp(rest, shm::kAbi, strlen(shm::kAbi)) != 0) continue;
        rest += strlen(shm::kAbi);
        if (*rest != 0 && *rest++ != '-') continue;
        LeftFile space{};
        for (u32 to = 0; *rest != 0 && to + 1 < sizeof space.name; ++to) {
            const char digits[3] = {rest[0] == '%' ? rest[1] : '0', rest[0] == '%' && rest[1] != 0 ? rest[2] : '0', 0};
            const bool coded = rest[0] == '%' && rest[1] != 0 && rest[2] != 0;
            space.name[to] = coded ? static_cast<char>(strtoul(digits, nullptr, 16)) : *rest;
            rest += coded ? 3 : 1;
        }
        whole = spaces.add(space) && whole;
    }
    return whole;
}

}  // namespace winshim::tool
