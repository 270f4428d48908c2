// test_mapping.cpp - file mappings of the pagefile: making, opening, viewing; names, rights, sizes; other processes.
//
// Source      statements Mapping-01 to -14, Ce-11, WaitSingle-27, CloseHandle-14, Gen-13 to -19; LD-1, LD-7. (Mappings
//             of files: test_mapping_file.cpp; ends of every kind and what is left then: test_mapping_end.cpp.)
#include "tests/support/mappings.h"

TEST(all, Mapping_01_new_memory_is_zero_and_shared_by_name) {
    const HANDLE made = pages(70'000, NAME);
    char *const mine = view(made);
    for (int i = 0; i < 70'000; ++i) REQUIRE(mine[i] == 0, "new memory is 0");
    strcpy(mine + 69'000, "written here");
    const HANDLE opened = MADE(OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, NAME), SAME);
    char *const again = view(opened);
    REQUIRE(again != mine, "a view has an address of its own");
    assert_string_equal(again + 69'000, "written here");
    again[0] = 7;
    assert_int_equal(mine[0], 7);
}

ROLE(write_by_name) {
    const HANDLE mapping = OpenFileMappingA(FILE_MAP_WRITE, FALSE, argument);
    auto *const memory = static_cast<char *>(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0));
    if (memory == nullptr || strcmp(memory, "from the test") != 0) return 1;
    strcpy(memory, "from another process");
    return 0;
}

TEST(all, Mapping_07_another_process_writes_and_it_is_seen) {
    char *const memory = view(pages(100, NAME));
    strcpy(memory, "from the test");
    assert_int_equal(run_role("write_by_name", NAME).status, 0);
    assert_string_equal(memory, "from another process");
}

TEST(all, Mapping_02_the_name_is_a_mappings) {
    const HANDLE first = pages(200'000, NAME);
    view(first)[199'999] = 5;
    const HANDLE again = MADE(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 1, NAME),
                              ERROR_ALREADY_EXISTS);
    assert_int_equal(view(again)[199'999], 5);  // the old size
    const HANDLE larger = MADE(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 1 << 20, 0, NAME),
                               ERROR_ALREADY_EXISTS);  // 4 PiB, which nobody has to find
    EXPECT(MapViewOfFile(larger, FILE_MAP_READ, 0, 0, 300'000), nullptr, ERROR_ACCESS_DENIED);
    EXPECT(CompareObjectHandles(first, larger), TRUE, SAME);
}

TEST(ce | ce5, Mapping_03_Ce_11_mappings_have_names_of_their_own) {
    auto_event(false, NAME);
    pages(100, NAME);
    semaphore(0, 1, NAME);
}

TEST(nt, Mapping_03_a_name_has_one_object) {
    auto_event(false, NAME);
    EXPECT(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 100, NAME), nullptr,
           ERROR_INVALID_HANDLE);
    EXPECT(OpenFileMappingA(FILE_MAP_READ, FALSE, NAME), nullptr, ERROR_INVALID_HANDLE);
    pages(100, "Local\\a mapping");
    EXPECT(CreateEventA(nullptr, TRUE, FALSE, "a mapping"), nullptr, ERROR_INVALID_HANDLE);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, "a mapping"), nullptr, ERROR_INVALID_HANDLE);
}

TEST(ce | ce5, Gen_19_names_with_a_backslash) {
    EXPECT(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 100, "a\\b"), nullptr,
           ERROR_INVALID_NAME);
    EXPECT(OpenFileMappingA(FILE_MAP_READ, FALSE, "a\\b"), nullptr, ERROR_INVALID_NAME);
}

TEST(all, Gen_11_the_same_name_in_every_width) {
    const HANDLE first = pages(100, "mapping \xC3\xA4");
    EXPECT(CompareObjectHandles(first, MADE(OpenFileMappingW(FILE_MAP_READ, FALSE, L"mapping \u00E4"), SAME)), TRUE,
           SAME);
    EXPECT(CompareObjectHandles(first, MADE(CreateFileMappingW(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 100,
                                                               L"mapping \u00E4"), ERROR_ALREADY_EXISTS)), TRUE, SAME);
    char long_name[300] = {};
    memset(long_name, 'm', 261);
    EXPECT(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 100, long_name), nullptr,
           ERROR_FILENAME_EXCED_RANGE);
    EXPECT(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 100, "\xC3"), nullptr,
           ERROR_NO_UNICODE_TRANSLATION);
}

TEST(all, Mapping_04_arguments_that_mean_nothing) {
    const auto make = [](DWORD protect, DWORD high, DWORD low) {
        return CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, protect, high, low, nullptr);
    };
    EXPECT(make(PAGE_READWRITE, 0, 0), nullptr, ERROR_INVALID_PARAMETER);
    for (const DWORD protect : {DWORD{0}, DWORD{PAGE_NOACCESS}, DWORD{PAGE_EXECUTE}, DWORD{3}, DWORD{0xFF},
                                DWORD{PAGE_READWRITE | 0x100}, DWORD{PAGE_READWRITE | SEC_COMMIT | SEC_RESERVE},
                                DWORD{PAGE_READWRITE | 0x01000000}})
        EXPECT(make(protect, 0, 100), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(make(PAGE_READWRITE, 0xFFFFFFFF, 0xFFFFFFFF), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(make(PAGE_READWRITE, 1 << 20, 0), nullptr, ERROR_NOT_ENOUGH_MEMORY);  // 4 PiB
    for (const DWORD protect : {PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY, PAGE_EXECUTE_READ,
                                PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_WRITECOPY, PAGE_READWRITE | SEC_COMMIT})
        MADE(make(protect, 0, 100), ERROR_SUCCESS);
}

TEST(all, Mapping_05_a_file_handle_that_is_none) {
    for (const HANDLE file : {HANDLE{nullptr}, handle_of(12345), handle_of(0x1000000 + 4 * 4000), free_mutex(),
                              GetCurrentProcess() == INVALID_HANDLE_VALUE ? GetCurrentThread() : nullptr})
        EXPECT(CreateFileMappingA(file, nullptr, PAGE_READWRITE, 0, 100, NAME), nullptr, ERROR_INVALID_HANDLE);
    EXPECT(OpenFileMappingA(FILE_MAP_READ, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(all, Mapping_06_open_what_is_not_there) {
    EXPECT(OpenFileMappingA(FILE_MAP_READ, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    EXPECT(OpenFileMappingA(FILE_MAP_READ, FALSE, nullptr), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(OpenFileMappingW(FILE_MAP_READ, FALSE, nullptr), nullptr, ERROR_INVALID_PARAMETER);
}

TEST(ce5, LD_7_an_opened_handle_is_not_inheritable) {
    pages(100, NAME);
    EXPECT(OpenFileMappingA(FILE_MAP_READ, TRUE, NAME), nullptr, ERROR_INVALID_PARAMETER);
}

TEST(ce | nt, handles_are_inheritable_when_asked) {
    SECURITY_ATTRIBUTES security = {sizeof security, nullptr, TRUE};
    DWORD flags = kPoison;
    const HANDLE made = MADE(CreateFileMappingA(INVALID_HANDLE_VALUE, &security, PAGE_READWRITE, 0, 100, NAME), 0);
    EXPECT(GetHandleInformation(made, &flags), TRUE, SAME);
    assert_int_equal(flags, HANDLE_FLAG_INHERIT);
    EXPECT(GetHandleInformation(MADE(OpenFileMappingA(FILE_MAP_READ, TRUE, NAME), SAME), &flags), TRUE, SAME);
    assert_int_equal(flags, HANDLE_FLAG_INHERIT);
}

TEST(all, Mapping_08_09_offsets_and_sizes) {
    const HANDLE mapping = pages(0x30000 - 100);
    char *const whole = view(mapping);
    whole[0x20000] = 2;
    EXPECT(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 4096, 10), nullptr, ERROR_MAPPED_ALIGNMENT);
    EXPECT(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 1, 10), nullptr, ERROR_MAPPED_ALIGNMENT);
    EXPECT(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0x30000, 0), nullptr, ERROR_ACCESS_DENIED);
    EXPECT(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0x20000, 0x10001), nullptr, ERROR_ACCESS_DENIED);
    EXPECT(MapViewOfFile(mapping, FILE_MAP_WRITE, 1, 0, 0), nullptr, ERROR_ACCESS_DENIED);
    EXPECT(MapViewOfFile(mapping, FILE_MAP_WRITE, 0xFFFFFFFF, 0xFFFF0000, 1), nullptr, ERROR_ACCESS_DENIED);
    EXPECT(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, ~SIZE_T{0}), nullptr, ERROR_ACCESS_DENIED);
    auto *const part = static_cast<char *>(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0x20000, 0x10000));
    REQUIRE(part != nullptr && part[0] == 2, "the view begins at its offset");
    auto *const rest = static_cast<char *>(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0x10000, 0));
    REQUIRE(rest != nullptr && rest[0x10000] == 2, "a view of 0 bytes reaches to the end");
    rest[0x1FFFF] = 3;
    assert_int_equal(part[0xFFFF], 3);
    for (char *const at : {whole, part, rest})
        assert_int_equal(reinterpret_cast<std::uintptr_t>(at) % 0x10000, 0);
}

TEST(all, MapViewOfFileEx_at_an_address) {
    const HANDLE mapping = pages(0x20000);
    char *const first = view(mapping);
    EXPECT(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, first + 4096), nullptr, ERROR_MAPPED_ALIGNMENT);
    EXPECT(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, first), nullptr, ERROR_INVALID_ADDRESS);
    EXPECT(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, first + 0x10000), nullptr, ERROR_INVALID_ADDRESS);
    first[0] = 9;
    EXPECT(UnmapViewOfFile(first), TRUE, SAME);
    EXPECT(MapViewOfFileEx(mapping, FILE_MAP_WRITE, 0, 0, 0, first), first, SAME);
    assert_int_equal(first[0], 9);
}

TEST(ce | nt, Mapping_10_the_handle_says_what_may_be_done) {
    const HANDLE all = pages(100, NAME);
    const HANDLE reader = MADE(OpenFileMappingA(FILE_MAP_READ, FALSE, NAME), SAME);
    const HANDLE writer = MADE(OpenFileMappingA(FILE_MAP_WRITE, FALSE, NAME), SAME);
    EXPECT(MapViewOfFile(reader, FILE_MAP_WRITE, 0, 0, 0), nullptr, ERROR_ACCESS_DENIED);
    EXPECT(MapViewOfFile(reader, FILE_MAP_ALL_ACCESS, 0, 0, 0), nullptr, ERROR_ACCESS_DENIED);
    EXPECT(MapViewOfFile(writer, FILE_MAP_READ, 0, 0, 0), nullptr, ERROR_ACCESS_DENIED);
    EXPECT(MapViewOfFile(writer, FILE_MAP_COPY, 0, 0, 0), nullptr, ERROR_ACCESS_DENIED);
    REQUIRE(MapViewOfFile(reader, FILE_MAP_READ, 0, 0, 0) != nullptr, "reading is allowed");
    REQUIRE(MapViewOfFile(reader, FILE_MAP_COPY, 0, 0, 0) != nullptr, "a copy is allowed");
    REQUIRE(MapViewOfFile(writer, FILE_MAP_WRITE, 0, 0, 0) != nullptr, "writing is allowed");
    EXPECT(MapViewOfFile(all, FILE_MAP_READ | FILE_MAP_EXECUTE, 0, 0, 0), nullptr, ERROR_ACCESS_DENIED);
    EXPECT(MapViewOfFile(all, 0, 0, 0, 0), nullptr, ERROR_INVALID_PARAMETER);
    HANDLE duplicate = nullptr;
    EXPECT(DuplicateHandle(GetCurrentProcess(), all, GetCurrentProcess(), &duplicate, FILE_MAP_READ, FALSE, 0), TRUE,
           SAME);
    EXPECT(MapViewOfFile(duplicate, FILE_MAP_WRITE, 0, 0, 0), nullptr, ERROR_ACCESS_DENIED);
    REQUIRE(MapViewOfFile(duplicate, FILE_MAP_READ, 0, 0, 0) != nullptr, "the duplicate may read");
}

TEST(all, a_mapping_made_for_reading_is_never_written) {
    MADE(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READONLY, 0, 100, NAME), ERROR_SUCCESS);
    const HANDLE all = MADE(OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, NAME), SAME);
    EXPECT(MapViewOfFile(all, FILE_MAP_WRITE, 0, 0, 0), nullptr, ERROR_ACCESS_DENIED);
    auto *const seen = static_cast<char *>(MapViewOfFile(all, FILE_MAP_READ, 0, 0, 0));
    REQUIRE(seen != nullptr && seen[0] == 0, "it can be read");
    DWORD old = 0;
    EXPECT(VirtualProtect(seen, 100, PAGE_READWRITE, &old), FALSE, ERROR_INVALID_ADDRESS);
    auto *const copy = static_cast<char *>(MapViewOfFile(all, FILE_MAP_COPY, 0, 0, 0));
    REQUIRE(copy != nullptr, "and copied");
    copy[0] = 1;
    assert_int_equal(seen[0], 0);
}

TEST(all, FILE_MAP_COPY_keeps_what_it_writes_to_itself) {
    const HANDLE mapping = pages(100);
    char *const shared = view(mapping);
    shared[1] = 1;
    auto *const copy = static_cast<char *>(MapViewOfFile(mapping, FILE_MAP_COPY, 0, 0, 0));
    REQUIRE(copy != nullptr && copy[1] == 1, "the copy begins as the mapping is");
    copy[0] = 1;
    assert_int_equal(shared[0], 0);
}

TEST(all, Mapping_11_unmap) {
    const HANDLE mapping = pages(0x20000);
    char *const at = view(mapping);
    EXPECT(UnmapViewOfFile(at + 0x10000), FALSE, ERROR_INVALID_ADDRESS);
    EXPECT(UnmapViewOfFile(nullptr), FALSE, ERROR_INVALID_ADDRESS);
    EXPECT(UnmapViewOfFile(&mapping), FALSE, ERROR_INVALID_ADDRESS);
    EXPECT(UnmapViewOfFile(at), TRUE, SAME);
    EXPECT(UnmapViewOfFile(at), FALSE, ERROR_INVALID_ADDRESS);
}

TEST(all, FlushViewOfFile_of_the_pagefile) {
    const HANDLE mapping = pages(0x20000);
    char *const at = view(mapping);
    EXPECT(FlushViewOfFile(at, 0), TRUE, SAME);
    EXPECT(FlushViewOfFile(at + 5000, 10), TRUE, SAME);
    EXPECT(FlushViewOfFile(at + 5000, 0x20000), FALSE, ERROR_INVALID_ADDRESS);
    EXPECT(FlushViewOfFile(&mapping, 1), FALSE, ERROR_INVALID_ADDRESS);
    EXPECT(UnmapViewOfFile(at), TRUE, SAME);
    EXPECT(FlushViewOfFile(at, 0), FALSE, ERROR_INVALID_ADDRESS);
}

TEST(all, Mapping_12_13_CloseHandle_14_a_view_keeps_the_memory) {
    const int before = mapping_files();
    const HANDLE mapping = pages(100, NAME);
    char *const one = view(mapping), *const other = view(mapping);
    one[0] = 1;
    EXPECT(CloseHandle(mapping), TRUE, SAME);
    EXPECT(CloseHandle(mapping), FALSE, ERROR_INVALID_HANDLE);
    assert_int_equal(other[0], 1);
    EXPECT(UnmapViewOfFile(one), TRUE, SAME);
    other[0] = 2;
    assert_int_equal(other[0], 2);
    EXPECT(UnmapViewOfFile(other), TRUE, SAME);
    assert_int_equal(mapping_files(), before);
    assert_int_equal(view(pages(100, NAME))[0], 0);  // the name was free, the contents are gone
}

TEST(all, what_nobody_knows_cannot_be_closed) {
    const int before = mapping_files();
    const HANDLE mapping = pages(100);
    char *const at = view(mapping);
    for (std::uintptr_t value = 4; value < 4096; value += 4)
        if (handle_of(value) != mapping) CloseHandle(handle_of(value));
    EXPECT(CloseHandle(mapping), TRUE, SAME);
    assert_int_equal(mapping_files(), before + 1);
    EXPECT(UnmapViewOfFile(at), TRUE, SAME);
    assert_int_equal(mapping_files(), before);
}

TEST(all, Mapping_14_WaitSingle_27_a_mapping_is_nothing_to_wait_for) {
    const HANDLE mapping = pages(100, NAME);
    const HANDLE again = with_access(mapping, SYNCHRONIZE | FILE_MAP_ALL_ACCESS | MAXIMUM_ALLOWED);
    const HANDLE both[] = {mapping, auto_event(true)};
    EXPECT(WaitForSingleObject(mapping, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(WaitForSingleObject(again, INFINITE), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(WaitForMultipleObjects(2, both, FALSE, INFINITE), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(SetEvent(mapping), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(ReleaseMutex(mapping), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(SignalObjectAndWait(mapping, both[1], 0, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(MapViewOfFile(both[1], FILE_MAP_READ, 0, 0, 0), nullptr, ERROR_INVALID_HANDLE);
    EXPECT(MapViewOfFile(nullptr, FILE_MAP_READ, 0, 0, 0), nullptr, ERROR_INVALID_HANDLE);
    EXPECT(MapViewOfFile(handle_of(0x1000000), FILE_MAP_READ, 0, 0, 0), nullptr, ERROR_INVALID_HANDLE);
}

TEST(all, SEC_RESERVE_is_committed_page_by_page) {
    const long before = mapping_blocks();
    const HANDLE mapping = MADE(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE | SEC_RESERVE, 0x10, 0,
                                                   NAME), ERROR_SUCCESS);  // 64 GiB
    assert_in_range(mapping_blocks() - before, 0, 16);
    auto *const at = static_cast<char *>(MapViewOfFile(mapping, FILE_MAP_WRITE, 8, 0, 0x100000));
    REQUIRE(at != nullptr, "the view");
    EXPECT(VirtualAlloc(at + 5000, 10'000, MEM_COMMIT, PAGE_READWRITE), at + 4096, SAME);
    at[5000] = 1;
    assert_in_range(mapping_blocks() - before, 24, 64);
    EXPECT(VirtualAlloc(at + 0xFFFFF, 2, MEM_COMMIT, PAGE_READWRITE), nullptr, ERROR_INVALID_ADDRESS);
    auto *const same = static_cast<char *>(MapViewOfFile(mapping, FILE_MAP_READ, 8, 0, 0x10000));
    REQUIRE(same != nullptr && same[5000] == 1, "seen in another view");
    EXPECT(UnmapViewOfFile(at), TRUE, SAME);
    EXPECT(VirtualAlloc(at + 5000, 10'000, MEM_COMMIT, PAGE_READWRITE), nullptr, ERROR_INVALID_ADDRESS);
}

TEST(all, VirtualQuery_of_a_view) {
    char *const at = view(pages(0x10000));
    MEMORY_BASIC_INFORMATION about;
    assert_int_equal(VirtualQuery(at, &about, sizeof about), sizeof about);
    REQUIRE(about.BaseAddress == at && about.State == MEM_COMMIT && about.Type == MEM_MAPPED &&
            about.Protect == PAGE_READWRITE && about.RegionSize >= 0x10000, "a mapped view");
}

int main(int argc, char **argv) { return test_main(argc, argv); }
