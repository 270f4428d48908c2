// test_file_names.cpp - deleting, moving, copying, directories, attributes, searches, places.
//
// Source      "DeleteFileW", "MoveFileExW", "CopyFileW", "CreateDirectoryW", "RemoveDirectoryW",
//             "GetFileAttributesExW", "FindFirstFileW", "GetFullPathNameW", "GetTempFileNameW", "GetCurrentDirectory".
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "tests/support/program.h"
#include "tests/support/spawn.h"

extern "C" {
DWORD full_utf16(const char16_t *, DWORD, char16_t *, char16_t **) __asm__("GetFullPathNameW");
struct Found16 {
    DWORD attributes, times[6], size[2], reserved[2];
    char16_t name[MAX_PATH], other[14];
};
HANDLE find_utf16(const char16_t *, Found16 *) __asm__("FindFirstFileW");
}

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
static DWORD length(const char *text) { return static_cast<DWORD>(strlen(text)); }
static void make(const char *name, const char *text) {
    FILE *const f = fopen(name, "w");
    REQUIRE(f != nullptr && fputs(text, f) >= 0 && fclose(f) == 0, "a file");
}
static void holds(const char *name, const char *text) {
    char buffer[32] = "";
    FILE *const f = fopen(name, "r");
    REQUIRE(f != nullptr, "the file is there");
    [[maybe_unused]] const char *const got = fgets(buffer, sizeof buffer, f);
    fclose(f);
    assert_string_equal(buffer, text);
}

TEST(all, Delete_and_attributes) {
    enter();
    make("f", "x");
    EXPECT(GetFileAttributesA("f"), FILE_ATTRIBUTE_ARCHIVE, SAME);
    EXPECT(GetFileAttributesW(L"."), FILE_ATTRIBUTE_DIRECTORY, SAME);
    EXPECT(GetFileAttributesA("g"), INVALID_FILE_ATTRIBUTES, ERROR_FILE_NOT_FOUND);
    EXPECT(GetFileAttributesA("no/g"), INVALID_FILE_ATTRIBUTES, ERROR_PATH_NOT_FOUND);
    EXPECT(SetFileAttributesA("f", FILE_ATTRIBUTE_READONLY), TRUE, SAME);
    EXPECT(GetFileAttributesA("f"), FILE_ATTRIBUTE_ARCHIVE | FILE_ATTRIBUTE_READONLY, SAME);
    EXPECT(DeleteFileA("f"), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(SetFileAttributesW(L"f", FILE_ATTRIBUTE_NORMAL), TRUE, SAME);
    WIN32_FILE_ATTRIBUTE_DATA facts;
    EXPECT(GetFileAttributesExA("f", GetFileExInfoStandard, &facts), TRUE, SAME);
    assert_int_equal(facts.nFileSizeLow, 1);
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    const auto value = [](FILETIME t) { return ULONG64{t.dwHighDateTime} << 32 | t.dwLowDateTime; };
    REQUIRE(value(now) + 20000000 > value(facts.ftLastWriteTime) &&
            value(now) < value(facts.ftLastWriteTime) + 1200000000, "written just now");
    EXPECT(GetFileAttributesExA("f", GetFileExMaxInfoLevel, &facts), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(DeleteFileW(L"f"), TRUE, SAME);
    EXPECT(DeleteFileA("f"), FALSE, ERROR_FILE_NOT_FOUND);
    EXPECT(DeleteFileA("."), FALSE, ERROR_ACCESS_DENIED);
    leave();
}

TEST(all, Move_and_copy) {
    enter();
    make("a", "aa");
    make("b", "bb");
    EXPECT(MoveFileA("a", "b"), FALSE, ERROR_ALREADY_EXISTS);
    holds("b", "bb");
    EXPECT(MoveFileExA("a", "b", MOVEFILE_REPLACE_EXISTING), TRUE, SAME);
    holds("b", "aa");
    EXPECT(MoveFileA("a", "c"), FALSE, ERROR_FILE_NOT_FOUND);
    EXPECT(MoveFileExW(L"b", L"a", 4), FALSE, ERROR_NOT_SUPPORTED);
    EXPECT(MoveFileW(L"b", L"a"), TRUE, SAME);
    EXPECT(CopyFileA("a", "b", TRUE), TRUE, SAME);
    holds("b", "aa");
    EXPECT(CopyFileA("a", "b", TRUE), FALSE, ERROR_FILE_EXISTS);
    make("a", "AA");
    EXPECT(CopyFileW(L"a", L"b", FALSE), TRUE, SAME);
    holds("b", "AA");
    EXPECT(CopyFileA("a", ".\\a", FALSE), FALSE, ERROR_SHARING_VIOLATION);
    holds("a", "AA");
    EXPECT(CopyFileA(".", "d", FALSE), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(CopyFileA("a", "no/a", FALSE), FALSE, ERROR_PATH_NOT_FOUND);
    EXPECT(CreateDirectoryA("d", nullptr), TRUE, SAME);
    EXPECT(MoveFileExA("a", "d", MOVEFILE_REPLACE_EXISTING), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(MoveFileA("d", "e"), TRUE, SAME);
    EXPECT(SetFileAttributesA("b", FILE_ATTRIBUTE_READONLY), TRUE, SAME);
    EXPECT(MoveFileExA("a", "b", MOVEFILE_REPLACE_EXISTING), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(MoveFileExA("b", "a", MOVEFILE_REPLACE_EXISTING), TRUE, SAME);
    EXPECT(SetFileAttributesA("a", FILE_ATTRIBUTE_NORMAL), TRUE, SAME);
    leave();
}

TEST(all, Move_to_another_file_system_copies) {
    struct stat here, there;
    enter();
    if (stat(".", &here) != 0 || stat("/dev/shm", &there) != 0 || here.st_dev == there.st_dev) {
        leave();
        skip();
    }
    char target[64];
    snprintf(target, sizeof target, "/dev/shm/%s", strrchr(place, '/') + 1);
    make("a", "aa");
    EXPECT(MoveFileExA("a", target, 0), FALSE, ERROR_NOT_SAME_DEVICE);
    EXPECT(MoveFileA("a", target), TRUE, SAME);
    EXPECT(GetFileAttributesA("a"), INVALID_FILE_ATTRIBUTES, ERROR_FILE_NOT_FOUND);
    holds(target, "aa");
    make("a", "AA");
    EXPECT(MoveFileA("a", target), FALSE, ERROR_ALREADY_EXISTS);
    EXPECT(MoveFileExA("a", target, MOVEFILE_COPY_ALLOWED | MOVEFILE_REPLACE_EXISTING), TRUE, SAME);
    holds(target, "AA");
    EXPECT(DeleteFileA(target), TRUE, SAME);
    leave();
}

TEST(all, Directories) {
    enter();
    EXPECT(CreateDirectoryW(L"d", nullptr), TRUE, SAME);
    EXPECT(CreateDirectoryA("d", nullptr), FALSE, ERROR_ALREADY_EXISTS);
    EXPECT(CreateDirectoryA("x\\y", nullptr), FALSE, ERROR_PATH_NOT_FOUND);
    make("d/f", "");
    EXPECT(RemoveDirectoryA("d"), FALSE, ERROR_DIR_NOT_EMPTY);
    EXPECT(RemoveDirectoryA("d\\f"), FALSE, ERROR_DIRECTORY);
    EXPECT(SetCurrentDirectoryA("d\\f"), FALSE, ERROR_DIRECTORY);
    EXPECT(SetCurrentDirectoryA("x"), FALSE, ERROR_FILE_NOT_FOUND);
    EXPECT(SetCurrentDirectoryW(L"d"), TRUE, SAME);
    char now[128], wanted[128];
    snprintf(wanted, sizeof wanted, "%s/d", place);
    const DWORD count = length(wanted);
    EXPECT(GetCurrentDirectoryA(count, now), count + 1, SAME);
    EXPECT(GetCurrentDirectoryA(count + 1, now), count, SAME);
    assert_string_equal(now, wanted);
    wchar_t wide[128];
    EXPECT(GetCurrentDirectoryW(128, wide), count, SAME);
    EXPECT(DeleteFileA("f"), TRUE, SAME);
    SetCurrentDirectoryA("..");
    EXPECT(RemoveDirectoryW(L"d"), TRUE, SAME);
    leave();
}

TEST(all, Search_fits_sorts_and_ends) {
    enter();
    for (const char *const name : {"b.txt", "A.TXT", "c.txt.old", "dd", "\xC3\xA4.txt"}) make(name, "123");
    WIN32_FIND_DATAA found;
    HANDLE search = MADE(FindFirstFileA("*.txt", &found), SAME);
    assert_string_equal(found.cFileName, "A.TXT");
    assert_int_equal(found.nFileSizeLow, 3);
    assert_int_equal(found.dwFileAttributes, FILE_ATTRIBUTE_ARCHIVE);
    EXPECT(FindNextFileA(search, &found), TRUE, SAME);
    assert_string_equal(found.cFileName, "b.txt");
    WIN32_FIND_DATAW wide;
    EXPECT(FindNextFileW(search, &wide), TRUE, SAME);
    assert_int_equal(wcscmp(wide.cFileName, L"\u00E4.txt"), 0);
    EXPECT(FindNextFileA(search, &found), FALSE, ERROR_NO_MORE_FILES);
    EXPECT(FindClose(search), TRUE, SAME);
    EXPECT(FindClose(search), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(FindNextFileA(search, &found), FALSE, ERROR_INVALID_HANDLE);
    int count = 1;
    search = MADE(FindFirstFileW(L".\\*.*", &wide), SAME);
    assert_int_equal(wcscmp(wide.cFileName, L"."), 0);
    while (FindNextFileW(search, &wide)) ++count;
    assert_int_equal(count, 7);
    FindClose(search);
    Found16 found16;
    search = MADE(find_utf16(u"?.txt.o??", &found16), SAME);
    assert_memory_equal(found16.name, u"c.txt.old", 20);
    FindClose(search);
    search = MADE(FindFirstFileA("dd", &found), SAME);
    FindClose(search);
    EXPECT(FindFirstFileA("*.none", &found), INVALID_HANDLE_VALUE, ERROR_FILE_NOT_FOUND);
    EXPECT(FindFirstFileA("DD", &found), INVALID_HANDLE_VALUE, ERROR_FILE_NOT_FOUND);
    EXPECT(FindFirstFileA("no/*", &found), INVALID_HANDLE_VALUE, ERROR_PATH_NOT_FOUND);
    leave();
}

// By then every way to part the name among the stars would have been tried, one after the other.
TEST(all, Search_with_many_stars_ends) {
    enter();
    char name[201], longer[204];
    memset(name, 'a', 200);
    name[200] = 0;
    make(name, "");
    snprintf(longer, sizeof longer, "%sb?", name);
    make(longer, "");
    WIN32_FIND_DATAA found;
    HANDLE search = MADE(FindFirstFileA("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b?", &found), SAME);
    assert_string_equal(found.cFileName, longer);
    EXPECT(FindNextFileA(search, &found), FALSE, ERROR_NO_MORE_FILES);
    FindClose(search);
    search = MADE(FindFirstFileA("*a?a*?*b*??*?", &found), SAME);
    assert_string_equal(found.cFileName, longer);
    EXPECT(FindNextFileA(search, &found), FALSE, ERROR_NO_MORE_FILES);
    FindClose(search);
    EXPECT(FindFirstFileA("*a*c", &found), INVALID_HANDLE_VALUE, ERROR_FILE_NOT_FOUND);
    leave();
}

// Another thread is nearly always in the middle of a call when the child is made.
TEST(all, Search_in_a_forks_child) {
    enter();
    make("f", "");
    WIN32_FIND_DATAA found;
    static HANDLE search;
    static volatile LONG stop;
    search = MADE(FindFirstFileA("*", &found), SAME);
    stop = 0;
    const HANDLE other = CreateThread(nullptr, 0, [](PVOID) -> DWORD {
        while (InterlockedOr(&stop, 0) == 0) FindNextFileA(search, nullptr);
        return 0;
    }, nullptr, 0, nullptr);
    REQUIRE(other != nullptr, "a thread");
    for (int i = 0; i < 50; ++i) {
        const pid_t child = fork();
        if (child == 0) _exit(FindNextFileA(search, nullptr) == FALSE && FindClose(search) ? 0 : 1);
        int status = -1;
        REQUIRE(child > 0 && wait_for_process(child, 20000, &status) && status == 0, "the child searches and ends");
    }
    InterlockedExchange(&stop, 1);
    EXPECT(WaitForSingleObject(other, 20000), WAIT_OBJECT_0, SAME);
    CloseHandle(other);
    FindClose(search);
    leave();
}

TEST(all, Full_paths) {
    enter();
    struct Case { const char *from, *to, *last; };
    for (const Case &c : {Case{"/a/b", "/a/b", "b"}, Case{"\\a\\.\\b\\..\\c", "/a/c", "c"}, Case{"/../..", "/",
        nullptr},
                          Case{"//a///b//", "/a/b/", nullptr}, Case{"/a/b/..", "/a", "a"}, Case{"/a/./", "/a/",
                              nullptr},
                          Case{"/a/b/.", "/a/b", "b"}}) {
        char to[64], *last = place;
        EXPECT_BY(c.from, GetFullPathNameA(c.from, sizeof to, to, &last), length(c.to), SAME);
        assert_string_equal(to, c.to);
        if (c.last == nullptr) assert_null(last);
        else assert_string_equal(last, c.last);
    }
    char wanted[80], to[80];
    snprintf(wanted, sizeof wanted, "%s/f", place);
    EXPECT(GetFullPathNameA("x/../f", 80, to, nullptr), length(wanted), SAME);
    assert_string_equal(to, wanted);
    EXPECT(GetFullPathNameA("f", 3, to, nullptr), length(wanted) + 1, SAME);
    char *last;
    EXPECT(GetFullPathNameA("f", 80, nullptr, &last), length(wanted) + 1, SAME);  // only how much room it needs
    EXPECT(GetFullPathNameA("", 80, to, nullptr), 0, ERROR_INVALID_NAME);
    char16_t wide[8], *part;
    EXPECT(full_utf16(u"/a/\u00E4", 8, wide, &part), 4, SAME);
    REQUIRE(part == wide + 3, "the last part");
    leave();
}

TEST(all, Temporary_places) {
    enter();
    unsetenv("TMP"), unsetenv("TEMP"), unsetenv("TMPDIR");
    char path[MAX_PATH], name[MAX_PATH], second[MAX_PATH];
    EXPECT(GetTempPathA(MAX_PATH, path), 5, SAME);
    assert_string_equal(path, "/tmp/");
    EXPECT(GetTempPathA(5, path), 6, SAME);
    SetEnvironmentVariableA("TMP", place);
    EXPECT(GetTempPathA(MAX_PATH, path), length(place) + 1, SAME);
    wchar_t wide[MAX_PATH];
    EXPECT(GetTempPathW(MAX_PATH, wide), length(place) + 1, SAME);
    EXPECT(GetTempFileNameA(path, "prefix", 0x1A2B, name), 0x1A2B, SAME);
    snprintf(second, sizeof second, "%s/pre1A2B.tmp", place);
    assert_string_equal(name, second);
    EXPECT(GetFileAttributesA(name), INVALID_FILE_ATTRIBUTES, ERROR_FILE_NOT_FOUND);
    const UINT first = GetTempFileNameA(path, "p", 0, name), other = GetTempFileNameA(path, "p", 0, second);
    REQUIRE(first != 0 && other != 0 && first != other, "two names");
    EXPECT(GetFileAttributesA(name), FILE_ATTRIBUTE_ARCHIVE, SAME);
    // Of a number the lower half counts; where that is 0, the file is made.
    REQUIRE(GetTempFileNameA(path, "p", 0x70000, name) != 0, "a name");
    EXPECT(GetFileAttributesA(name), FILE_ATTRIBUTE_ARCHIVE, SAME);
    EXPECT(GetTempFileNameA("no", "p", 0, name), 0, ERROR_DIRECTORY);
    leave();
}

int main(int argc, char **argv) { return test_main(argc, argv); }
