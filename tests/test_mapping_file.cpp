// test_mapping_file.cpp - file mappings of ordinary files: sizes, protections, flushing; the file in other processes,
// and when it is renamed, deleted, exchanged or has no path at all.
//
// Source      statements Mapping-05, -15, -16; "CreateFileMappingW", "MapViewOfFile", "FlushViewOfFile";
//             process/mapped_file.h.
#include <stdlib.h>
#include <sys/mman.h>

#include "tests/support/family.h"
#include "tests/support/mappings.h"

namespace {

char folder[64], path[96], other_path[96];

// A file with `bytes` bytes 'a', opened for reading and writing.
HANDLE a_file(DWORD bytes, DWORD access = GENERIC_READ | GENERIC_WRITE) {
    if (folder[0] == 0) {
        strcpy(folder, "/tmp/winshim-mapping-XXXXXX");
        REQUIRE(mkdtemp(folder) != nullptr, "a folder");
        snprintf(path, sizeof path, "%s/file", folder);
        snprintf(other_path, sizeof other_path, "%s/other", folder);
        atexit([] { unlink(path), unlink(other_path), rmdir(folder); });
    }
    const int descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    REQUIRE(descriptor >= 0, "a file");
    for (DWORD i = 0; i < bytes; ++i) REQUIRE(write(descriptor, "a", 1) == 1, "its contents");
    close(descriptor);
    const HANDLE file =
        CreateFileA(path, access, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0, nullptr);
    REQUIRE(file != INVALID_HANDLE_VALUE, "opened");
    return file;
}

HANDLE mapping_of(HANDLE file, const char *name = nullptr, DWORD protect = PAGE_READWRITE) {
    return MADE(CreateFileMappingA(file, nullptr, protect, 0, 0, name), ERROR_SUCCESS);
}

char byte_of(const char *of, off_t at) {
    char byte = 0;
    const int descriptor = open(of, O_RDONLY | O_CLOEXEC);
    REQUIRE(descriptor >= 0 && pread(descriptor, &byte, 1, at) == 1, "a byte of the file");
    close(descriptor);
    return byte;
}

}  // namespace

TEST(all, Mapping_16_as_long_as_the_file) {
    const HANDLE file = a_file(5000), mapping = mapping_of(file, NAME);
    EXPECT(CloseHandle(file), TRUE, SAME);
    char *const at = view(mapping);
    assert_int_equal(at[4999], 'a');
    at[4999] = 'b';
    EXPECT(FlushViewOfFile(at, 0), TRUE, SAME);
    EXPECT(FlushViewOfFile(at + 4998, 2), TRUE, SAME);
    assert_int_equal(byte_of(path, 4999), 'b');
    EXPECT(MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 5001), nullptr, ERROR_ACCESS_DENIED);
    EXPECT(UnmapViewOfFile(at), TRUE, SAME);
}

TEST(all, Mapping_15_an_empty_file) {
    EXPECT(CreateFileMappingA(a_file(0), nullptr, PAGE_READWRITE, 0, 0, NAME), nullptr, ERROR_FILE_INVALID);
}

TEST(all, a_file_grows_to_the_size_of_its_mapping) {
    const HANDLE file = a_file(10);
    view(MADE(CreateFileMappingA(file, nullptr, PAGE_READWRITE, 0, 10'000, nullptr), ERROR_SUCCESS))[9'999] = 'c';
    assert_int_equal(GetFileSize(file, nullptr), 10'000);
    assert_int_equal(byte_of(path, 9'999), 'c');
    EXPECT(CreateFileMappingA(file, nullptr, PAGE_READONLY, 0, 20'000, nullptr), nullptr, ERROR_NOT_ENOUGH_MEMORY);
    EXPECT(CreateFileMappingA(file, nullptr, PAGE_READWRITE, 0x30000000, 0, nullptr), nullptr, ERROR_DISK_FULL);
    assert_int_equal(GetFileSize(file, nullptr), 10'000);
    const HANDLE part = MADE(CreateFileMappingA(file, nullptr, PAGE_READWRITE, 0, 100, nullptr), ERROR_SUCCESS);
    EXPECT(MapViewOfFile(part, FILE_MAP_READ, 0, 0, 101), nullptr, ERROR_ACCESS_DENIED);
}

TEST(all, the_file_must_be_open_for_what_the_mapping_allows) {
    const HANDLE reader = a_file(10, GENERIC_READ);
    EXPECT(CreateFileMappingA(reader, nullptr, PAGE_READWRITE, 0, 0, nullptr), nullptr, ERROR_ACCESS_DENIED);
    const HANDLE mapping = mapping_of(reader, nullptr, PAGE_READONLY);
    EXPECT(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0), nullptr, ERROR_ACCESS_DENIED);
    auto *const copy =
        static_cast<char *>(MapViewOfFile(mapping_of(reader, nullptr, PAGE_WRITECOPY), FILE_MAP_COPY, 0, 0, 0));
    REQUIRE(copy != nullptr, "a copy needs no right to write");
    copy[0] = 'z';
    assert_int_equal(byte_of(path, 0), 'a');
    const HANDLE writer = CreateFileA(path, GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    for (const DWORD protect : {PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY})
        EXPECT(CreateFileMappingA(writer, nullptr, protect, 0, 0, nullptr), nullptr, ERROR_ACCESS_DENIED);
}

TEST(all, Mapping_05_handles_of_other_things) {
    HANDLE from = nullptr, to = nullptr;
    EXPECT(CreatePipe(&from, &to, nullptr, 0), TRUE, SAME);
    EXPECT(CreateFileMappingA(from, nullptr, PAGE_READONLY, 0, 10, nullptr), nullptr, ERROR_BAD_EXE_FORMAT);
    const HANDLE null = CreateFileA("NUL", GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    EXPECT(CreateFileMappingA(null, nullptr, PAGE_READONLY, 0, 10, nullptr), nullptr, ERROR_BAD_EXE_FORMAT);
    const HANDLE file = a_file(10);
    EXPECT(CloseHandle(file), TRUE, SAME);
    EXPECT(CreateFileMappingA(file, nullptr, PAGE_READONLY, 0, 10, nullptr), nullptr, ERROR_INVALID_HANDLE);
}

// Writes into the mapping's first byte what its name begins with.
ROLE(write_first_byte) {
    const HANDLE mapping = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, argument);
    if (mapping == nullptr) return 1;
    auto *const memory = static_cast<char *>(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0));
    if (memory == nullptr)
        return GetLastError() == ERROR_FILE_INVALID ? 2 : GetLastError() == ERROR_ACCESS_DENIED ? 3 : 4;
    memory[0] = argument[0];
    return 0;
}

static int status_of_writer(const char *name) {
    const int status = run_role("write_first_byte", name).status;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(all, another_process_finds_the_file) {
    const HANDLE file = a_file(10);
    char *const at = view(mapping_of(file, NAME));
    EXPECT(CloseHandle(file), TRUE, SAME);
    assert_int_equal(status_of_writer(NAME), 0);
    assert_int_equal(at[0], NAME[0]);
    assert_int_equal(byte_of(path, 0), NAME[0]);
}

TEST(all, a_renamed_file_is_the_makers_still) {
    const HANDLE file = a_file(10), mapping = mapping_of(file, NAME);
    EXPECT(CloseHandle(file), TRUE, SAME);
    REQUIRE(rename(path, other_path) == 0, "renamed");
    assert_int_equal(status_of_writer(NAME), 2);
    a_file(10);  // another one of that path: not the one that is meant
    assert_int_equal(status_of_writer(NAME), 2);
    assert_int_equal(byte_of(path, 0), 'a');
    view(mapping)[0] = 'm';
    assert_int_equal(byte_of(other_path, 0), 'm');
}

TEST(all, a_deleted_file_is_the_makers_still) {
    const HANDLE file = a_file(10);
    REQUIRE(unlink(path) == 0, "deleted before");
    const HANDLE mapping = mapping_of(file, NAME);
    EXPECT(CloseHandle(file), TRUE, SAME);
    char *const at = view(mapping);
    at[0] = 'd';
    assert_int_equal(view(mapping)[0], 'd');
    assert_int_equal(status_of_writer(NAME), 2);
    // What fork gives is the maker's, too.
    REQUIRE(family::ended_well(family::child_that([&] {
        auto *const own = static_cast<char *>(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0));
        return own != nullptr && own[0] == 'd' && (own[1] = 'e');
    })), "a child maps it");
    assert_int_equal(at[1], 'e');
}

TEST(all, a_file_in_memory_has_no_path) {
    const int memory = memfd_create("nowhere", MFD_CLOEXEC);
    REQUIRE(memory >= 0 && ftruncate(memory, 5000) == 0, "a memfd");
    const HANDLE mapping = mapping_of(handle_of(0x1000000 + 4 * static_cast<unsigned>(memory)), NAME);
    close(memory);
    view(mapping)[4000] = 1;
    assert_int_equal(view(mapping)[4000], 1);
    assert_int_equal(status_of_writer(NAME), 2);
}

TEST(all, a_fifo_in_its_place_stops_nobody) {
    const HANDLE mapping = mapping_of(a_file(10), NAME);
    REQUIRE(unlink(path) == 0 && mkfifo(path, 0600) == 0, "a FIFO");
    assert_int_equal(status_of_writer(NAME), 2);
    unlink(path);
    REQUIRE(symlink("/dev/zero", path) == 0, "a link");
    assert_int_equal(status_of_writer(NAME), 2);
    unlink(path);
    view(mapping)[0] = 1;
}

TEST(all, the_makers_descriptor_goes_with_the_mapping) {
    const HANDLE file = a_file(10);
    const int before = family::open_descriptors();
    const HANDLE mapping = mapping_of(file);
    assert_int_equal(family::open_descriptors(), before + 1);
    char *const at = view(mapping);
    EXPECT(CloseHandle(mapping), TRUE, SAME);
    at[0] = 1;
    EXPECT(UnmapViewOfFile(at), TRUE, SAME);
    assert_int_equal(family::open_descriptors(), before);
    EXPECT(CloseHandle(mapping_of(file)), TRUE, SAME);
    assert_int_equal(family::open_descriptors(), before);
}

// A daemon that closes all it finds, and opens other files in their places.
TEST(all, descriptors_that_somebody_closed_and_used_again) {
    const HANDLE mapping = mapping_of(a_file(10), NAME);
    REQUIRE(family::ended_well(family::child_that([&] {
        family::close_all_from(3);
        for (int i = 0; i < 20; ++i)
            if (open("/dev/null", O_RDWR | O_CLOEXEC) < 0) return false;
        auto *const at = static_cast<char *>(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0));
        if (at == nullptr || at[0] != 'a' || !UnmapViewOfFile(at) || !CloseHandle(mapping)) return false;
        return family::open_descriptors() == 23;  // nothing of somebody else's was closed
    })), "it is found by its path");
}

TEST(all, a_file_that_was_cut_short) {
    const HANDLE file = a_file(20'000), mapping = mapping_of(file);
    REQUIRE(truncate(path, 4000) == 0, "cut short");
    EXPECT(MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0), nullptr, ERROR_FILE_INVALID);
    REQUIRE(MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 4000) != nullptr, "what is there");
}

TEST(ce | nt, an_existing_name_keeps_its_file) {
    const HANDLE first = mapping_of(a_file(10), NAME);
    const HANDLE again = MADE(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 100, NAME),
                              ERROR_ALREADY_EXISTS);
    assert_int_equal(view(again)[0], 'a');
    EXPECT(CompareObjectHandles(first, again), TRUE, SAME);
}

TEST(all, executable_pages) {
    const HANDLE file = a_file(4096), mapping = mapping_of(file, NAME, PAGE_EXECUTE_READWRITE);
    auto *const code = static_cast<unsigned char *>(MapViewOfFile(mapping, FILE_MAP_WRITE | FILE_MAP_EXECUTE, 0, 0, 0));
    if (code == nullptr) {
        assert_int_equal(GetLastError(), ERROR_ACCESS_DENIED);  // /tmp is mounted noexec
        skip();
    }
    const HANDLE opened = MADE(OpenFileMappingA(FILE_MAP_READ | FILE_MAP_EXECUTE, FALSE, NAME), SAME);
    REQUIRE(MapViewOfFile(opened, FILE_MAP_READ | FILE_MAP_EXECUTE, 0, 0, 0) != nullptr, "the right to execute");
}

int main(int argc, char **argv) { return test_main(argc, argv); }
