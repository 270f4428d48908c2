// test_file_transfer.cpp - opening, reading and writing files and pipes; handles of descriptors.
//
// Source      "CreateFileW", "ReadFile", "WriteFile", "SetFilePointerEx", "SetEndOfFile", "CreatePipe", "GetStdHandle",
//             "DuplicateHandle", "SetHandleInformation".
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/program.h"

extern "C" HANDLE open_utf16(const char16_t *, DWORD, DWORD, void *, DWORD, DWORD, HANDLE) __asm__("CreateFileW");

// A directory of this test's own, which is the current one while it runs.
static char place[64];
static void enter() {
    strcpy(place, "/tmp/winshim-test-XXXXXX");
    REQUIRE(mkdtemp(place) != nullptr && chdir(place) == 0, "a directory for the test");
}
static void leave() {
    REQUIRE(chdir("/") == 0, "away");
    char command[96];
    snprintf(command, sizeof command, "rm -r %s", place);
    assert_int_equal(system(command), 0);
}

static HANDLE open_file(const char *name, DWORD access, DWORD disposition, DWORD attributes = 0) {
    return CreateFileA(name, access, FILE_SHARE_READ, nullptr, disposition, attributes, nullptr);
}
static HANDLE none() { return INVALID_HANDLE_VALUE; }
static void wrote(HANDLE file, const char *text) {
    DWORD done = kPoison;
    EXPECT(WriteFile(file, text, static_cast<DWORD>(strlen(text)), &done, nullptr), TRUE, SAME);
    assert_int_equal(done, strlen(text));
}
static void reads(HANDLE file, DWORD wanted, const char *text) {
    char buffer[64];
    DWORD done = kPoison;
    memset(buffer, 0, sizeof buffer);
    EXPECT(ReadFile(file, buffer, wanted, &done, nullptr), TRUE, SAME);
    assert_string_equal(buffer, text);
    assert_int_equal(done, strlen(text));
}

TEST(all, File_dispositions_and_their_last_errors) {
    enter();
    constexpr DWORD rw = GENERIC_READ | GENERIC_WRITE;
    EXPECT(open_file("f", rw, OPEN_EXISTING), none(), ERROR_FILE_NOT_FOUND);
    EXPECT(open_file("no\\f", rw, CREATE_NEW), none(), ERROR_PATH_NOT_FOUND);
    EXPECT(open_file("f", rw, TRUNCATE_EXISTING), none(), ERROR_FILE_NOT_FOUND);
    HANDLE h = MADE(open_file("f", rw, CREATE_NEW), 0);
    wrote(h, "12345");
    EXPECT(CloseHandle(h), TRUE, SAME);
    EXPECT(open_file("f", rw, CREATE_NEW), none(), ERROR_FILE_EXISTS);
    h = MADE(open_file(".\\f", GENERIC_READ, OPEN_ALWAYS), ERROR_ALREADY_EXISTS);
    reads(h, 10, "12345");
    reads(h, 10, "");
    CloseHandle(h);
    h = MADE(open_file("g", rw, OPEN_ALWAYS), 0);
    CloseHandle(h);
    h = MADE(open_file("f", rw, CREATE_ALWAYS), ERROR_ALREADY_EXISTS);
    EXPECT(GetFileSize(h, nullptr), 0, SAME);
    wrote(h, "xyz");
    CloseHandle(h);
    EXPECT(open_file("f", GENERIC_READ, TRUNCATE_EXISTING), none(), ERROR_INVALID_PARAMETER);
    h = MADE(open_file("f", rw, TRUNCATE_EXISTING), 0);
    EXPECT(GetFileSize(h, nullptr), 0, SAME);
    CloseHandle(h);
    EXPECT(open_file("f", rw, 0), none(), ERROR_INVALID_PARAMETER);
    EXPECT(open_file("f", rw, 6), none(), ERROR_INVALID_PARAMETER);
    EXPECT(open_file("", rw, OPEN_EXISTING), none(), ERROR_PATH_NOT_FOUND);
    EXPECT(open_file(nullptr, rw, OPEN_EXISTING), none(), ERROR_PATH_NOT_FOUND);
    EXPECT(open_file("C:\\f", rw, CREATE_ALWAYS), none(), ERROR_INVALID_DRIVE);
    EXPECT(open_file("\\\\server\\f", rw, CREATE_ALWAYS), none(), ERROR_BAD_NETPATH);
    EXPECT(open_file(".", GENERIC_READ, OPEN_EXISTING), none(), ERROR_ACCESS_DENIED);
    h = MADE(open_file(".", GENERIC_READ, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS), 0);
    CloseHandle(h);
    REQUIRE(symlink("nowhere", "loop") == 0, "a link that leads nowhere");
    EXPECT(open_file("loop", rw, OPEN_ALWAYS), none(), ERROR_FILE_NOT_FOUND);
    leave();
}

TEST(all, File_names_in_three_widths_are_one_file) {
    enter();
    HANDLE h = MADE(CreateFileW(L"\u00E4\U0001F600", GENERIC_WRITE, 0, nullptr, CREATE_NEW, 0, nullptr), 0);
    CloseHandle(h);
    h = MADE(open_utf16(u"\u00E4\U0001F600", GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr), 0);
    CloseHandle(h);
    h = MADE(open_file("\xC3\xA4\xF0\x9F\x98\x80", GENERIC_READ, OPEN_EXISTING), 0);
    CloseHandle(h);
    EXPECT(open_file("\xFF", GENERIC_WRITE, CREATE_NEW), none(), ERROR_INVALID_NAME);
    leave();
}

TEST(all, File_position_and_end) {
    enter();
    const HANDLE h = MADE(open_file("f", GENERIC_READ | GENERIC_WRITE, CREATE_NEW), 0);
    wrote(h, "0123456789");
    EXPECT(SetFilePointer(h, 2, nullptr, FILE_BEGIN), 2, SAME);
    reads(h, 3, "234");
    EXPECT(SetFilePointer(h, -1, nullptr, FILE_CURRENT), 4, SAME);
    EXPECT(SetFilePointer(h, -4, nullptr, FILE_END), 6, SAME);
    reads(h, 20, "6789");
    EXPECT(SetFilePointer(h, -11, nullptr, FILE_END), INVALID_SET_FILE_POINTER, ERROR_NEGATIVE_SEEK);
    EXPECT(SetFilePointer(h, 0, nullptr, 3), INVALID_SET_FILE_POINTER, ERROR_INVALID_PARAMETER);
    LONG high = 1;
    EXPECT(SetFilePointer(h, -1, &high, FILE_BEGIN), INVALID_SET_FILE_POINTER, 0);
    assert_int_equal(high, 1);
    EXPECT(SetFilePointer(h, 1, nullptr, FILE_CURRENT), INVALID_SET_FILE_POINTER, ERROR_INVALID_PARAMETER);
    LARGE_INTEGER to, at;
    to.QuadPart = 0;
    EXPECT(SetFilePointerEx(h, to, &at, FILE_CURRENT), TRUE, SAME);
    REQUIRE(at.QuadPart == 0x1FFFFFFFF, "a refused move moves nothing");
    to.QuadPart = 4;
    EXPECT(SetFilePointerEx(h, to, nullptr, FILE_BEGIN), TRUE, SAME);
    EXPECT(SetEndOfFile(h), TRUE, SAME);
    EXPECT(GetFileSizeEx(h, &at), TRUE, SAME);
    REQUIRE(at.QuadPart == 4, "the size");
    to.QuadPart = 0x100000001;
    EXPECT(SetFilePointerEx(h, to, nullptr, FILE_BEGIN), TRUE, SAME);
    EXPECT(SetEndOfFile(h), TRUE, SAME);
    DWORD upper = 0;
    EXPECT(GetFileSize(h, &upper), 1, SAME);
    assert_int_equal(upper, 1);
    EXPECT(GetFileType(h), FILE_TYPE_DISK, 0);
    EXPECT(FlushFileBuffers(h), TRUE, SAME);
    CloseHandle(h);
    leave();
}

TEST(all, File_access_is_what_was_asked_for) {
    enter();
    HANDLE h = MADE(open_file("f", GENERIC_WRITE, CREATE_NEW), 0);
    char byte = 0;
    DWORD done = kPoison;
    EXPECT(ReadFile(h, &byte, 1, &done, nullptr), FALSE, ERROR_ACCESS_DENIED);
    assert_int_equal(done, 0);
    wrote(h, "ab");
    CloseHandle(h);
    h = MADE(open_file("f", GENERIC_READ, OPEN_EXISTING), 0);
    EXPECT(WriteFile(h, "x", 1, &done, nullptr), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(SetEndOfFile(h), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(FlushFileBuffers(h), FALSE, ERROR_ACCESS_DENIED);
    CloseHandle(h);
    h = MADE(open_file("f", FILE_APPEND_DATA, OPEN_EXISTING), 0);
    SetFilePointer(h, 0, nullptr, FILE_BEGIN);
    wrote(h, "cd");
    CloseHandle(h);
    h = MADE(open_file("f", GENERIC_READ, OPEN_EXISTING), 0);
    reads(h, 20, "abcd");
    CloseHandle(h);
    const HANDLE event = auto_event(false);
    EXPECT(WriteFile(event, "x", 1, &done, nullptr), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(GetFileType(event), FILE_TYPE_UNKNOWN, ERROR_INVALID_HANDLE);
    EXPECT(GetFileSize(event, nullptr), INVALID_FILE_SIZE, ERROR_INVALID_HANDLE);
    CloseHandle(event);
    leave();
}

TEST(all, File_transfers_with_an_offset) {
    enter();
    const HANDLE h = MADE(open_file("f", GENERIC_READ | GENERIC_WRITE, CREATE_NEW, FILE_FLAG_OVERLAPPED), 0);
    const HANDLE event = auto_event(false);
    OVERLAPPED at{};
    at.hEvent = event;
    at.Offset = 3;
    DWORD done = kPoison;
    EXPECT(WriteFile(h, "abc", 3, nullptr, &at), TRUE, SAME);
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    EXPECT(GetOverlappedResult(h, &at, &done, TRUE), TRUE, SAME);
    assert_int_equal(done, 3);
    at.Offset = at.OffsetHigh = 0xFFFFFFFF;
    EXPECT(WriteFile(h, "z", 1, &done, &at), TRUE, SAME);
    at.OffsetHigh = 0;
    at.Offset = 4;
    char buffer[8] = "";
    EXPECT(ReadFile(h, buffer, 8, &done, &at), TRUE, SAME);
    assert_int_equal(done, 3);
    assert_memory_equal(buffer, "bcz", 3);
    EXPECT(SetFilePointer(h, 0, nullptr, FILE_CURRENT), 7, SAME);
    at.Offset = 7;
    EXPECT(ReadFile(h, buffer, 8, &done, &at), FALSE, ERROR_HANDLE_EOF);
    EXPECT(GetOverlappedResult(h, &at, &done, FALSE), FALSE, ERROR_HANDLE_EOF);
    CloseHandle(event);
    CloseHandle(h);
    leave();
}

TEST(all, Pipe_bytes_its_end_and_a_reader_that_is_gone) {
    HANDLE from, to;
    EXPECT(CreatePipe(&from, &to, nullptr, 0), TRUE, SAME);
    EXPECT(GetFileType(from), FILE_TYPE_PIPE, 0);
    wrote(to, "hello");
    reads(from, 3, "hel");
    reads(from, 10, "lo");
    EXPECT(GetFileSize(from, nullptr), INVALID_FILE_SIZE, ERROR_INVALID_FUNCTION);
    EXPECT(SetFilePointer(from, 0, nullptr, FILE_BEGIN), INVALID_SET_FILE_POINTER, ERROR_INVALID_FUNCTION);
    EXPECT(CloseHandle(to), TRUE, SAME);
    char byte;
    DWORD done = kPoison;
    EXPECT(ReadFile(from, &byte, 1, &done, nullptr), FALSE, ERROR_BROKEN_PIPE);
    assert_int_equal(done, 0);
    CloseHandle(from);
    CreatePipe(&from, &to, nullptr, 0);
    CloseHandle(from);
    EXPECT(WriteFile(to, "x", 1, &done, nullptr), FALSE, ERROR_BROKEN_PIPE);  // and no signal ends the process
    CloseHandle(to);
    EXPECT(CloseHandle(to), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(CreatePipe(nullptr, &to, nullptr, 0), FALSE, ERROR_INVALID_PARAMETER);
}

TEST(all, Descriptor_handles_flags_duplicates_comparison) {
    SECURITY_ATTRIBUTES inheritable{sizeof inheritable, nullptr, TRUE};
    HANDLE from, to, copy = nullptr;
    DWORD flags = kPoison;
    CreatePipe(&from, &to, nullptr, 0);
    EXPECT(GetHandleInformation(from, &flags), TRUE, SAME);
    assert_int_equal(flags, 0);
    EXPECT(SetHandleInformation(from, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), TRUE, SAME);
    GetHandleInformation(from, &flags);
    assert_int_equal(flags, HANDLE_FLAG_INHERIT);
    EXPECT(SetHandleInformation(from, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE), FALSE,
           ERROR_NOT_SUPPORTED);
    const HANDLE self = GetCurrentProcess();
    EXPECT(DuplicateHandle(self, to, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE), TRUE,
        SAME);
    REQUIRE(copy != to, "another handle");
    EXPECT(GetHandleInformation(to, &flags), FALSE, ERROR_INVALID_HANDLE);
    wrote(copy, "x");
    reads(from, 9, "x");
    DuplicateHandle(self, copy, self, &to, 0, TRUE, DUPLICATE_SAME_ACCESS);
    GetHandleInformation(to, &flags);
    assert_int_equal(flags, HANDLE_FLAG_INHERIT);
    EXPECT(CompareObjectHandles(copy, to), TRUE, SAME);
    EXPECT(CompareObjectHandles(copy, from), FALSE, ERROR_NOT_SAME_OBJECT);
    EXPECT(DuplicateHandle(self, copy, nullptr, nullptr, 0, FALSE, DUPLICATE_CLOSE_SOURCE), TRUE, SAME);
    EXPECT(CloseHandle(copy), FALSE, ERROR_INVALID_HANDLE);
    CloseHandle(to);
    CloseHandle(from);
    CreatePipe(&from, &to, &inheritable, 0);
    GetHandleInformation(to, &flags);
    assert_int_equal(flags, HANDLE_FLAG_INHERIT);
    CloseHandle(to);
    CloseHandle(from);
}

TEST(all, Standard_handles_and_devices) {
    const HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    REQUIRE(out != nullptr && out != INVALID_HANDLE_VALUE && out != GetStdHandle(STD_ERROR_HANDLE), "standard handles");
    EXPECT(GetStdHandle(1), none(), ERROR_INVALID_HANDLE);
    HANDLE from, to;
    CreatePipe(&from, &to, nullptr, 0);
    EXPECT(SetStdHandle(STD_OUTPUT_HANDLE, to), TRUE, SAME);
    EXPECT(GetStdHandle(STD_OUTPUT_HANDLE), to, SAME);
    SetStdHandle(STD_OUTPUT_HANDLE, out);
    CloseHandle(to);
    CloseHandle(from);
    const HANDLE null = MADE(open_file("nul", GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING), 0);
    wrote(null, "gone");
    reads(null, 4, "");
    EXPECT(GetFileType(null), FILE_TYPE_CHAR, 0);
    DWORD mode;
    EXPECT(GetConsoleMode(null, &mode), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(WriteConsoleA(null, "x", 1, &mode, nullptr), FALSE, ERROR_INVALID_HANDLE);
    CloseHandle(null);
    // Descriptor 0 is free: what is opened now does not become it.
    const int saved = fcntl(0, F_DUPFD_CLOEXEC, 10);
    close(0);
    EXPECT(GetStdHandle(STD_INPUT_HANDLE), nullptr, SAME);
    const HANDLE other = MADE(open_file("NUL", GENERIC_READ, OPEN_EXISTING), 0);
    assert_int_equal(fcntl(0, F_GETFD), -1);
    CloseHandle(other);
    dup2(saved, 0);
    close(saved);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
