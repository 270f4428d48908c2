// operations_mapping.h - file mappings and views, made and let go by a process that is killed over it.
//
// Judges      The name is free or leads where it led, memory is zero or what was written, and (by the census of the
//             next trial) no file of a mapping is left in /dev/shm.
#pragma once

#include <sys/mman.h>

#include "tests/torture/killstep/operations_exports.h"

namespace killstep {

constexpr DWORD kMappingBytes = 9000;

inline HANDLE make_mapping(const char* name) {
    return CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, kMappingBytes, name);
}
inline char* map_all(HANDLE mapping) { return static_cast<char*>(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0)); }

// The name x: only the dead had it.
inline void check_mapping_free(Referee& r) {
    r.page().doing.store("CreateFileMapping of a name");
    const HANDLE made = make_mapping(r.name('x').text);
    if (made == nullptr || GetLastError() != 0) r.fail("mapping the name x anew gives error %u", GetLastError());
    char* const at = map_all(made);
    r.expect(at != nullptr && at[0] == 0 && at[kMappingBytes - 1] == 0, "the new mapping is not fresh");
    at[0] = 1;
    r.expect(UnmapViewOfFile(at) && CloseHandle(made), "the new mapping does not go");
}

// The referee's mapping p, whose second byte is 7, is as it was.
inline void check_own_mapping(Referee& r) {
    r.page().doing.store("OpenFileMapping of a name");
    const HANDLE opened = OpenFileMappingA(FILE_MAP_READ, FALSE, r.name('p').text);
    if (opened == nullptr) r.fail("the name p cannot be opened: error %u", GetLastError());
    r.expect(CompareObjectHandles(opened, r['p']), "the name p leads to another object");
    const auto* const at = static_cast<const char*>(MapViewOfFile(opened, FILE_MAP_READ, 0, 0, 0));
    r.expect(at != nullptr && at[1] == 7 && (at[0] == 0 || at[0] == 5), "the memory is not what it was");
    r.expect(UnmapViewOfFile(at) && CloseHandle(opened), "the view does not go");
    r.close('p');
    r.expect(OpenFileMappingA(FILE_MAP_READ, FALSE, r.name('p').text) == nullptr &&
                 GetLastError() == ERROR_FILE_NOT_FOUND,
             "the name p outlives its mapping");
}

inline void add_mapping_widths(std::vector<Operation>& table, const std::function<void(Referee&)>& own_mapping) {
    for (const Width& width : kWidths) {
        const std::string end = width.suffix;
        const unsigned unit_bytes = width.unit_bytes;
        using Create = HANDLE (*)(HANDLE, void*, DWORD, DWORD, DWORD, const void*);
        const auto create = exported<Create>("CreateFileMapping" + end);
        const auto open = exported<HANDLE (*)(DWORD, BOOL, const void*)>("OpenFileMapping" + end);
        table.push_back({.name = strdup(("CreateFileMapping" + end).c_str()),
            .act = [=](Victim& v) {
                create(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, kMappingBytes,
                       WideName(v.name('x'), unit_bytes).text);
            },
            .judge = check_mapping_free, .most_kills = 150});
        table.push_back({.name = strdup(("OpenFileMapping" + end).c_str()), .arrange = own_mapping,
            .act = [=](Victim& v) { open(FILE_MAP_READ, FALSE, WideName(v.name('p'), unit_bytes).text); },
            .judge = check_own_mapping, .most_kills = 150});
    }
}

inline void add_mapping_operations(std::vector<Operation>& table) {
    const auto own_mapping = [](Referee& r) {
        const HANDLE made = make_mapping(r.name('p').text);
        char* const at = map_all(made);
        r.expect(at != nullptr, "the mapping p cannot be made");
        at[1] = 7;
        UnmapViewOfFile(at);
        r.adopt('p', made);
    };
    const auto make_x = [](Victim& v) { v.must((v['x'] = make_mapping(v.name('x').text)) != nullptr); };
    const auto open_p = [](Victim& v) {
        v.must((v['p'] = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, v.name('p').text)) != nullptr);
    };
    table.push_back({.name = "create-mapping-new", .act = [](Victim& v) { make_mapping(v.name('x').text); },
        .judge = check_mapping_free});
    table.push_back({.name = "create-mapping-unnamed", .arrange = own_mapping,
        .act = [](Victim&) { make_mapping(nullptr); },
        .judge = check_own_mapping});
    table.push_back({.name = "create-mapping-existing", .arrange = own_mapping,
        .act = [](Victim& v) { make_mapping(v.name('p').text); }, .judge = check_own_mapping});
    table.push_back({.name = "create-mapping-of-a-file",
        .act = [](Victim& v) {
            const int memory = memfd_create("a file", MFD_CLOEXEC);
            v.must(memory > 2 && ftruncate(memory, kMappingBytes) == 0);
            const auto file = reinterpret_cast<HANDLE>(static_cast<std::uintptr_t>(0x1000000 + 4 * memory));
            const HANDLE made = CreateFileMappingA(file, nullptr, PAGE_READWRITE, 0, 0, v.name('x').text);
            UnmapViewOfFile(map_all(made));
            CloseHandle(made);
        },
        .judge = check_mapping_free});
    table.push_back({.name = "close-last-mapping", .ready = make_x, .act = [](Victim& v) { CloseHandle(v['x']); },
        .judge = check_mapping_free});
    table.push_back({.name = "map-write-flush-unmap", .arrange = own_mapping, .ready = open_p,
        .act = [](Victim& v) {
            char* const at = map_all(v['p']);
            at[0] = 5;
            FlushViewOfFile(at, 1);
            UnmapViewOfFile(at);
            UnmapViewOfFile(MapViewOfFileEx(v['p'], FILE_MAP_COPY, 0, 0, 0, nullptr));
        },
        .judge = check_own_mapping});
    table.push_back({.name = "unmap-last-view",
        .ready = [=](Victim& v) {
            make_x(v);
            v['y'] = map_all(v['x']);  // no handle: its address
            v.must(v['y'] != nullptr && CloseHandle(v['x']));
        },
        .act = [](Victim& v) { UnmapViewOfFile(v['y']); }, .judge = check_mapping_free});
    // Something else in the slot of a mapping that somebody has left half removed.
    table.push_back({.name = "create-event-after-mapping", .ready = make_x,
        .act = [](Victim& v) {
            CloseHandle(v['x']);
            CloseHandle(CreateEventA(nullptr, FALSE, FALSE, nullptr));
            make_mapping(v.name('x').text);
        },
        .judge = check_mapping_free});
    table.push_back({.name = "exit-with-views",
        .ready = [=](Victim& v) {
            make_x(v);
            v.must(map_all(v['x']) != nullptr && map_all(make_mapping(nullptr)) != nullptr);
        },
        .act = [](Victim&) { exit(0); }, .judge = check_mapping_free});
    add_mapping_widths(table, own_mapping);
}

}  // namespace killstep
