// processors.cpp - on which processors threads may run, and which there are (processtopologyapi.h).
//
// Invariants  `chosen` is what SetProcessAffinityMask has said for this process; 0: nothing yet.
// Source      "SetThreadAffinityMask", "SetProcessAffinityMask", "GetLogicalProcessorInformation".
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <atomic>

#include "shim/base/sdk.h"

namespace winshim::base {
namespace {

constexpr int kMost = sizeof(KAFFINITY) * 8;
std::atomic<KAFFINITY> chosen{0};

KAFFINITY mask_of(const cpu_set_t& set) noexcept {
    KAFFINITY mask = 0;
    for (u32 i = 0; i < kMost; ++i)
        if (CPU_ISSET(i, &set)) mask |= KAFFINITY{1} << i;
    return mask;
}
cpu_set_t set_of(KAFFINITY mask) noexcept {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (u32 i = 0; i < kMost; ++i)
        if ((mask >> i & 1) != 0) CPU_SET(i, &set);
    return set;
}
KAFFINITY system_mask() noexcept {
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online >= kMost ? ~KAFFINITY{0} : online < 1 ? 1 : (KAFFINITY{1} << online) - 1;
}

// 0 with the last error.
KAFFINITY affinity_of(DWORD tid) noexcept {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (tid == 0 || sched_getaffinity(static_cast<pid_t>(tid), sizeof set, &set) != 0)
        return last_error = ERROR_INVALID_PARAMETER, 0;
    return mask_of(set);
}
bool set_affinity(DWORD tid, KAFFINITY mask) noexcept {
    const cpu_set_t set = set_of(mask);
    if (sched_setaffinity(static_cast<pid_t>(tid), sizeof set, &set) == 0) return true;
    last_error = errno == EPERM ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER;
    return false;
}

KAFFINITY process_mask(DWORD pid) noexcept {
    const KAFFINITY said = pid == static_cast<DWORD>(getpid()) ? chosen.load(std::memory_order_relaxed) : 0;
    return said != 0 ? said : affinity_of(pid);
}

// The mask there was; 0 with the last error.
KAFFINITY move_thread(HANDLE thread, KAFFINITY mask) noexcept {
    const DWORD tid = GetThreadId(thread);
    if (tid == 0) return 0;
    const KAFFINITY before = affinity_of(tid);
    if (before == 0) return 0;
    // Before a process has said where it runs, its first thread's mask is no limit for the others.
    const KAFFINITY said = chosen.load(std::memory_order_relaxed), allowed = said != 0 ? said : system_mask();
    if (mask == 0 || (mask & ~allowed) != 0) return last_error = ERROR_INVALID_PARAMETER, 0;
    return set_affinity(tid, mask) ? before : 0;
}

// ---- /sys -----------------------------------------------------------------------------------------------------------
bool read_line(const char* path, char* to, std::size_t room) noexcept {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const ssize_t got = read(file, to, room - 1);
    close(file);
    if (got <= 0) return false;
    to[got] = '\0';
    return true;
}
// "0-3,8": a bit for each number below 64.
KAFFINITY read_list(const char* path) noexcept {
    char text[512];
    KAFFINITY mask = 0;
    if (!read_line(path, text, sizeof text)) return 0;
    for (const char* at = text; *at >= '0' && *at <= '9';) {
        char* end;
        const unsigned long first = strtoul(at, &end, 10);
        const unsigned long last = *end == '-' ? strtoul(end + 1, &end, 10) : first;
        for (unsigned long i = first; i <= last && i < kMost; ++i) mask |= KAFFINITY{1} << i;
        at = *end == ',' ? end + 1 : end;
    }
    return mask;
}
u32 read_number(const char* path, u32 otherwise) noexcept {
    char text[64];
    if (!read_line(path, text, sizeof text)) return otherwise;
    char* end;
    const unsigned long value = strtoul(text, &end, 10);
    return static_cast<u32>(*end == 'K' ? value * 1024 : *end == 'M' ? value * 1048576 : value);
}

using Entry = SYSTEM_LOGICAL_PROCESSOR_INFORMATION;
class Entries {
public:
    Entries(Entry* to, std::size_t room) noexcept : to_(to), room_(room) {}
    void add(const Entry& entry) noexcept {
        if (count_ < room_) to_[count_] = entry;
        ++count_;
    }
    std::size_t count() const noexcept { return count_; }

private:
    Entry* to_;
    std::size_t room_, count_ = 0;
};

Entry entry_of(LOGICAL_PROCESSOR_RELATIONSHIP relation, KAFFINITY mask) noexcept {
    Entry entry;
    memset(&entry, 0, sizeof entry);
    entry.Relationship = relation;
    entry.ProcessorMask = mask;
    return entry;
}
bool is_first(KAFFINITY mask, u32 processor) noexcept { return (mask & ((KAFFINITY{1} << processor) - 1)) == 0; }

void add_processor(Entries& entries, u32 processor, KAFFINITY all) noexcept {
    char path[96];
    const auto name = [&](const char* what) noexcept {
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/%s", processor, what);
        return path;
    };
    const KAFFINITY self = KAFFINITY{1} << processor;
    const auto mask = [&](const char* what, KAFFINITY otherwise) noexcept {
        const KAFFINITY found = read_list(name(what)) & all;
        return (found & self) != 0 ? found : otherwise;
    };
    if (const KAFFINITY core = mask("topology/thread_siblings_list", self); is_first(core, processor)) {
        Entry entry = entry_of(RelationProcessorCore, core);
        entry.ProcessorCore.Flags = (core & (core - 1)) != 0 ? 1 : 0;
        entries.add(entry);
    }
    if (const KAFFINITY package = mask("topology/core_siblings_list", all); is_first(package, processor))
        entries.add(entry_of(RelationProcessorPackage, package));
    for (u32 index = 0; index < 16; ++index) {
        char what[48], type[16];
        const auto of_cache = [&](const char* field) noexcept {
            snprintf(what, sizeof what, "cache/index%u/%s", index, field);
            return static_cast<const char*>(what);
        };
        if (!read_line(name(of_cache("type")), type, sizeof type)) break;
        const KAFFINITY shared = mask(of_cache("shared_cpu_list"), self);
        if (!is_first(shared, processor)) continue;
        Entry entry = entry_of(RelationCache, shared);
        entry.Cache.Level = static_cast<BYTE>(read_number(name(of_cache("level")), 1));
        entry.Cache.Associativity = static_cast<BYTE>(read_number(name(of_cache("ways_of_associativity")), 0xFF));
        entry.Cache.LineSize = static_cast<WORD>(read_number(name(of_cache("coherency_line_size")), 64));
        entry.Cache.Size = read_number(name(of_cache("size")), 0);
        entry.Cache.Type = type[0] == 'D' ? CacheData : type[0] == 'I' ? CacheInstruction : CacheUnified;
        entries.add(entry);
    }
}

KAFFINITY mask_of_node(u32 node) noexcept {
    char path[64];
    snprintf(path, sizeof path, "/sys/devices/system/node/node%u/cpulist", node);
    return read_list(path) & system_mask();
}
// Where /sys has no nodes there is one, of all processors.
u32 highest_node() noexcept {
    u32 highest = 0;
    for (u32 node = 0; node < kMost; ++node)
        if (mask_of_node(node) != 0) highest = node;
    return highest;
}

void add_nodes(Entries& entries, KAFFINITY all) noexcept {
    KAFFINITY seen = 0;
    for (u32 node = 0; node < kMost; ++node) {
        const KAFFINITY mask = mask_of_node(node);
        if (mask == 0) continue;
        Entry entry = entry_of(RelationNumaNode, mask);
        entry.NumaNode.NodeNumber = node;
        entries.add(entry);
        seen |= mask;
    }
    if (seen == 0) entries.add(entry_of(RelationNumaNode, all));
}

void collect(Entries& entries) noexcept {
    const KAFFINITY all = system_mask();
    for (u32 i = 0; i < kMost; ++i)
        if ((all >> i & 1) != 0) add_processor(entries, i, all);
    add_nodes(entries, all);
}

DWORD count_of(WORD group, int which) noexcept {
    const long count = sysconf(which);
    if (group != 0 && group != ALL_PROCESSOR_GROUPS) return failed(ERROR_INVALID_PARAMETER);
    return count < 1 ? 1 : count > kMost ? kMost : static_cast<DWORD>(count);
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

BOOL WINAPI GetProcessAffinityMask(HANDLE hProcess, PDWORD_PTR lpProcessAffinityMask,
                                   PDWORD_PTR lpSystemAffinityMask) {
    const KeepErrno keep;
    const DWORD pid = GetProcessId(hProcess);
    if (pid == 0) return FALSE;
    if (lpProcessAffinityMask == nullptr || lpSystemAffinityMask == nullptr) return failed(ERROR_INVALID_PARAMETER);
    const KAFFINITY mask = process_mask(pid);
    if (mask == 0) return FALSE;
    *lpProcessAffinityMask = mask;
    *lpSystemAffinityMask = system_mask();
    return TRUE;
}

BOOL WINAPI SetProcessAffinityMask(HANDLE hProcess, DWORD_PTR dwProcessAffinityMask) {
    const KeepErrno keep;
    const DWORD pid = GetProcessId(hProcess);
    if (pid == 0) return FALSE;
    if (dwProcessAffinityMask == 0 || (dwProcessAffinityMask & ~system_mask()) != 0)
        return failed(ERROR_INVALID_PARAMETER);
    if (!set_affinity(pid, dwProcessAffinityMask)) return FALSE;
    if (pid == static_cast<DWORD>(getpid())) chosen.store(dwProcessAffinityMask, std::memory_order_relaxed);
    char path[32];
    snprintf(path, sizeof path, "/proc/%u/task", pid);
    DIR* const threads = opendir(path);
    if (threads == nullptr) return TRUE;
    while (const dirent* const thread = readdir(threads))  // one that ends meanwhile needs no place
        if (const unsigned long tid = strtoul(thread->d_name, nullptr, 10); tid != 0) {
            const cpu_set_t set = set_of(dwProcessAffinityMask);
            sched_setaffinity(static_cast<pid_t>(tid), sizeof set, &set);
        }
    closedir(threads);
    return TRUE;
}

DWORD_PTR WINAPI SetThreadAffinityMask(HANDLE hThread, DWORD_PTR dwThreadAffinityMask) {
    const KeepErrno keep;
    return move_thread(hThread, dwThreadAffinityMask);
}

BOOL WINAPI SetThreadGroupAffinity(HANDLE hThread, const GROUP_AFFINITY* GroupAffinity,
                                   PGROUP_AFFINITY PreviousGroupAffinity) {
    const KeepErrno keep;
    if (GroupAffinity == nullptr || GroupAffinity->Group != 0) return failed(ERROR_INVALID_PARAMETER);
    const KAFFINITY before = move_thread(hThread, GroupAffinity->Mask);
    if (before == 0) return FALSE;
    if (PreviousGroupAffinity != nullptr) *PreviousGroupAffinity = {.Mask = before, .Group = 0, .Reserved = {}};
    return TRUE;
}

BOOL WINAPI GetThreadGroupAffinity(HANDLE hThread, PGROUP_AFFINITY GroupAffinity) {
    const KeepErrno keep;
    const DWORD tid = GetThreadId(hThread);
    if (tid == 0) return FALSE;
    if (GroupAffinity == nullptr) return failed(ERROR_INVALID_PARAMETER);
    const KAFFINITY mask = affinity_of(tid);
    if (mask == 0) return FALSE;
    *GroupAffinity = {.Mask = mask, .Group = 0, .Reserved = {}};
    return TRUE;
}

DWORD WINAPI SetThreadIdealProcessor(HANDLE hThread, DWORD dwIdealProcessor) {
    constexpr DWORD kFailed = 0xFFFFFFFF;
    const KeepErrno keep;
    if (GetThreadId(hThread) == 0) return kFailed;
    const bool known = dwIdealProcessor == MAXIMUM_PROCESSORS ||
                       (dwIdealProcessor < kMost && (system_mask() >> dwIdealProcessor & 1) != 0);
    if (!known) return last_error = ERROR_INVALID_PARAMETER, kFailed;
    return 0;
}

DWORD WINAPI GetCurrentProcessorNumber(VOID) {
    const KeepErrno keep;
    const int processor = sched_getcpu();
    return processor < 0 ? 0 : static_cast<DWORD>(processor);
}
VOID WINAPI GetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber) {
    *ProcNumber = {.Group = 0, .Number = static_cast<BYTE>(GetCurrentProcessorNumber() % kMost), .Reserved = 0};
}

DWORD WINAPI GetActiveProcessorCount(WORD GroupNumber) { return count_of(GroupNumber, _SC_NPROCESSORS_ONLN); }
DWORD WINAPI GetMaximumProcessorCount(WORD GroupNumber) { return count_of(GroupNumber, _SC_NPROCESSORS_CONF); }
WORD WINAPI GetActiveProcessorGroupCount(VOID) { return 1; }

BOOL WINAPI GetNumaHighestNodeNumber(PULONG HighestNodeNumber) {
    const KeepErrno keep;
    if (HighestNodeNumber == nullptr) return failed(ERROR_INVALID_PARAMETER);
    *HighestNodeNumber = highest_node();
    return TRUE;
}

BOOL WINAPI GetNumaNodeProcessorMaskEx(USHORT Node, PGROUP_AFFINITY ProcessorMask) {
    const KeepErrno keep;
    const u32 highest = highest_node();
    if (ProcessorMask == nullptr || Node > highest) return failed(ERROR_INVALID_PARAMETER);
    const KAFFINITY mask = mask_of_node(Node);
    *ProcessorMask = {.Mask = mask != 0 || highest > 0 ? mask : system_mask(), .Group = 0, .Reserved = {}};
    return TRUE;
}

BOOL WINAPI GetLogicalProcessorInformation(PSYSTEM_LOGICAL_PROCESSOR_INFORMATION Buffer, PDWORD ReturnLength) {
    const KeepErrno keep;
    if (ReturnLength == nullptr) return failed(ERROR_INVALID_PARAMETER);
    const std::size_t room = Buffer == nullptr ? 0 : *ReturnLength / sizeof(Entry);
    Entries entries{Buffer, room};
    collect(entries);
    *ReturnLength = static_cast<DWORD>(entries.count() * sizeof(Entry));
    return entries.count() <= room ? BOOL{TRUE} : failed(ERROR_INSUFFICIENT_BUFFER);
}
