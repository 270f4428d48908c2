// task.cpp - /proc/TID/status, line by line.
#include "shim/look/task.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace winshim::look {
namespace {

// The whole of a small file as text; false: it cannot be read.
bool read_text(const char* path, char* text, size_t room) noexcept {
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return false;
    size_t have = 0;
    for (ssize_t got = 1; have + 1 < room && got > 0;) {
        got = read(fd, text + have, room - 1 - have);
        if (got > 0) have += static_cast<size_t>(got);
    }
    close(fd);
    text[have] = 0;
    return have != 0;
}

// What follows `label` at the beginning of a line, blanks skipped; null: no such line.
const char* line_of(const char* text, const char* label) noexcept {
    const size_t length = strlen(label);
    for (const char* at = text; at != nullptr && *at != 0; at = strchr(at, '\n'), at = at != nullptr ? at + 1 : nullptr)
        if (strncmp(at, label, length) == 0) return at + length + strspn(at + length, " \t");
    return nullptr;
}

u64 number_of(const char* text, const char* label) noexcept {
    const char* at = line_of(text, label);
    return at != nullptr ? strtoull(at, nullptr, 10) : 0;
}

bool read_status(u32 tid, char* text, size_t room) noexcept {
    char path[40];
    snprintf(path, sizeof path, "/proc/%u/status", tid);
    return tid != 0 && read_text(path, text, room);
}

}  // namespace

bool read_task(u32 tid, Task& task) noexcept {
    char text[4096];
    task = Task();
    if (!read_status(tid, text, sizeof text)) return false;
    if (const char* name = line_of(text, "Name:"))
        snprintf(task.name, sizeof task.name, "%.*s", static_cast<int>(strcspn(name, "\n")), name);
    if (const char* state = line_of(text, "State:")) task.state = *state;
    task.pid = static_cast<u32>(number_of(text, "Tgid:"));
    if (const char* users = line_of(text, "Uid:"))  // real, effective, ...
        task.user = static_cast<u32>(strtoull(users + strcspn(users, "\t"), nullptr, 10));
    task.switches = number_of(text, "voluntary_ctxt_switches:") + number_of(text, "nonvoluntary_ctxt_switches:");
    return true;
}

u32 count_tasks(u32 pid) noexcept {
    char path[80];
    snprintf(path, sizeof path, "/proc/%u/task", pid);
    DIR* const tasks = pid != 0 ? opendir(path) : nullptr;
    if (tasks == nullptr) return 0;
    u32 count = 0;
    while (const dirent* const task = readdir(tasks)) {
        if (task->d_name[0] == '.') continue;
        char name[32] = "";
        snprintf(path, sizeof path, "/proc/%u/task/%.20s/comm", pid, task->d_name);
        read_text(path, name, sizeof name);
        count += strncmp(name, "winshim-", 8) != 0 ? 1u : 0u;
    }
    closedir(tasks);
    return count;
}

}  // namespace winshim::look
