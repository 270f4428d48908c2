// test_file_shared.cpp - files and pipes as others see them: locks, which file it is, what a pipe has, descriptors.
//
// Source      "LockFileEx", "GetFileInformationByHandle", "PeekNamedPipe", "_get_osfhandle".
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <io.h>

#include "tests/support/program.h"

static char path[2 * MAX_PATH];
static HANDLE open_again() {
    return CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_ALWAYS,
                       FILE_ATTRIBUTE_NORMAL, nullptr);
}
static void name_file() {
    char folder[MAX_PATH];
    GetTempPathA(sizeof folder, folder);
    snprintf(path, sizeof path, "%s/winshim-shared-%d", folder, getpid());
}

TEST(all, FileLocks_keep_other_openings_out) {
    name_file();
    const HANDLE first = open_again(), second = open_again();
    OVERLAPPED at{};
    at.Offset = 100;
    EXPECT(LockFile(first, 0, 0, 10, 0), TRUE, SAME);
    EXPECT(LockFile(second, 9, 0, 1, 0), FALSE, ERROR_LOCK_VIOLATION);
    EXPECT(LockFile(second, 10, 0, 1, 0), TRUE, SAME);
    EXPECT(UnlockFile(first, 0, 0, 10, 0), TRUE, SAME);
    EXPECT(LockFile(second, 9, 0, 1, 0), TRUE, SAME);
    constexpr DWORD kNow = LOCKFILE_FAIL_IMMEDIATELY;
    EXPECT(LockFileEx(first, kNow, 0, 10, 0, &at), TRUE, SAME);
    EXPECT(LockFileEx(second, kNow, 0, 10, 0, &at), TRUE, SAME);  // both may read
    EXPECT(LockFileEx(second, kNow | LOCKFILE_EXCLUSIVE_LOCK, 0, 10, 0, &at), FALSE, ERROR_LOCK_VIOLATION);
    EXPECT(UnlockFileEx(first, 0, 10, 0, &at), TRUE, SAME);
    EXPECT(LockFileEx(second, kNow | LOCKFILE_EXCLUSIVE_LOCK, 0, 10, 0, &at), TRUE, SAME);
    EXPECT(LockFileEx(second, kNow, 0, 10, 0, nullptr), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(LockFile(second, 0, 0x80000000, 1, 0), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(LockFile(CreateEventA(nullptr, FALSE, FALSE, nullptr), 0, 0, 1, 0), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(LockFile(first, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF), FALSE, ERROR_LOCK_VIOLATION);
    CloseHandle(second);  // takes its locks back
    EXPECT(LockFile(first, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF), TRUE, SAME);
    CloseHandle(first);
    DeleteFileA(path);
}

TEST(all, FileInformation_tells_which_file_it_is) {
    name_file();
    const HANDLE first = open_again(), second = open_again();
    BY_HANDLE_FILE_INFORMATION one{}, other{};
    DWORD written;
    WriteFile(first, "12345", 5, &written, nullptr);
    EXPECT(GetFileInformationByHandle(first, &one), TRUE, SAME);
    EXPECT(GetFileInformationByHandle(second, &other), TRUE, SAME);
    assert_true(one.nFileIndexLow == other.nFileIndexLow && one.dwVolumeSerialNumber == other.dwVolumeSerialNumber);
    assert_true(one.nFileSizeLow == 5 && one.nFileSizeHigh == 0 && one.nNumberOfLinks == 1);
    EXPECT(GetFileInformationByHandle(nullptr, &one), FALSE, ERROR_INVALID_HANDLE);
    CloseHandle(first);
    CloseHandle(second);
    DeleteFileA(path);
}

TEST(all, PeekNamedPipe_leaves_what_it_reads) {
    HANDLE from, to;
    char text[8] = "";
    DWORD got = kPoison, there = kPoison, left = kPoison;
    CreatePipe(&from, &to, nullptr, 0);
    EXPECT(PeekNamedPipe(from, text, sizeof text, &got, &there, &left), TRUE, SAME);
    assert_true(got == 0 && there == 0 && left == 0);
    WriteFile(to, "abcdef", 6, &got, nullptr);
    EXPECT(PeekNamedPipe(from, nullptr, 0, nullptr, &there, nullptr), TRUE, SAME);
    assert_int_equal(there, 6);
    EXPECT(PeekNamedPipe(from, text, 3, &got, &there, nullptr), TRUE, SAME);
    assert_true(got == 3 && there == 6 && memcmp(text, "abc", 3) == 0);
    EXPECT(PeekNamedPipe(to, nullptr, 0, nullptr, &there, nullptr), FALSE, ERROR_ACCESS_DENIED);
    CloseHandle(to);
    EXPECT(ReadFile(from, text, sizeof text, &got, nullptr), TRUE, SAME);
    assert_int_equal(got, 6);
    EXPECT(PeekNamedPipe(from, nullptr, 0, nullptr, &there, nullptr), FALSE, ERROR_BROKEN_PIPE);
    CloseHandle(from);
    EXPECT(PeekNamedPipe(from, nullptr, 0, nullptr, &there, nullptr), FALSE, ERROR_INVALID_HANDLE);
}

TEST(all, Descriptors_and_handles_are_the_same) {
    name_file();
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const HANDLE handle = reinterpret_cast<HANDLE>(_get_osfhandle(fd));
    DWORD written = 0;
    EXPECT(WriteFile(handle, "x", 1, &written, nullptr), TRUE, SAME);
    assert_int_equal(_open_osfhandle(reinterpret_cast<intptr_t>(handle), 0), fd);
    assert_int_equal(lseek(fd, 0, SEEK_END), 1);
    close(fd);
    assert_int_equal(_get_osfhandle(fd), -1);
    assert_int_equal(errno, EBADF);
    assert_int_equal(_open_osfhandle(1, 0), -1);
    assert_int_equal(_fileno(stderr), 2);
    DeleteFileA(path);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
