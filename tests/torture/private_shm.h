// private_shm.h - a /dev/shm of its own for a torture program and its children.
//
// Purpose     "Nothing is left in /dev/shm" can only be shown exactly where nobody else makes files: a kill can leave
//             one under a name that tells nothing about who made it. And nobody else can remove ours. A mount namespace
//             does it; a plain user needs a user namespace for that, which some systems forbid: then the shared
//             /dev/shm is used, and only files that carry the namespace's name are looked for.
#pragma once

#include <dirent.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

namespace torture {

inline std::string read_own_path() {
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    return std::string(path, length > 0 ? static_cast<size_t>(length) : 0);
}

// This program's file, to run it again by. Read before main: once in another mount namespace, /proc/self/exe may lead
// to a file whose path cannot be told, and with it the folder in which the library is looked for.
inline const std::string own_path = read_own_path();

inline bool write_text(const char* path, const std::string& text) {
    FILE* file = fopen(path, "w");
    if (!file) return false;
    const bool written = fwrite(text.data(), 1, text.size(), file) == text.size();
    return fclose(file) == 0 && written;
}

// Needs no other thread and no library in use. Returns whether /dev/shm is now private, and empty.
inline bool enter_private_shm() {
    const std::string uid = std::to_string(geteuid()), gid = std::to_string(getegid());
    if (unshare(CLONE_NEWNS) != 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
        write_text("/proc/self/setgroups", "deny");
        if (!write_text("/proc/self/uid_map", uid + " " + uid + " 1")) return false;
        if (!write_text("/proc/self/gid_map", gid + " " + gid + " 1")) return false;
    }
    // In a chroot "/" need not be a mount point; then it is enough that /dev/shm does not propagate.
    const bool apart = mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 ||
                       mount("none", "/dev/shm", nullptr, MS_PRIVATE, nullptr) == 0;
    return apart && mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") == 0;
}

// The names in /dev/shm that end in `ending`; all of them if that is empty.
inline std::vector<std::string> names_in_shm(const std::string& ending) {
    std::vector<std::string> names;
    DIR* directory = opendir("/dev/shm");
    for (const dirent* entry = nullptr; directory && (entry = readdir(directory)) != nullptr;) {
        const std::string name = entry->d_name;
        if (name != "." && name != ".." && name.ends_with(ending)) names.push_back(name);
    }
    if (directory) closedir(directory);
    return names;
}

}  // namespace torture
