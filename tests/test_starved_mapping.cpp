// test_starved_mapping.cpp - file mappings where there is no room: a tiny /dev/shm, a full one, limits of the process.
//
// Purpose     The documented error, never a signal: pages that were committed can be written to the last byte, whatever
//             becomes of /dev/shm. Nothing half made is left, and all is well when there is room again.
// Source      statement Gen-30; shim/shm/files.h.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "tests/support/mappings.h"
#include "tests/support/starve.h"

// The leak detector is a tracer, and works neither without a descriptor nor after a change of the user.
extern "C" const char *__asan_default_options() { return "detect_leaks=0"; }

namespace {

HANDLE make(DWORD bytes, const char *name = nullptr, DWORD protect = PAGE_READWRITE) {
    return CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, protect, 0, bytes, name);
}
char *map(HANDLE mapping, DWORD access = FILE_MAP_WRITE) {
    return static_cast<char *>(MapViewOfFile(mapping, access, 0, 0, 0));
}
// Fills /dev/shm to the last page.
int ballast() {
    const int fd = open("/dev/shm/ballast", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    static const char page[4096] = {1};
    while (write(fd, page, sizeof page) == static_cast<ssize_t>(sizeof page)) {}
    return fd;
}
constexpr DWORD kMiB = 1 << 20;

}  // namespace

ROLE(tiny) {
    NEED(starve::own_shm("size=8m"), "a mount namespace of its own");
    WANT(CreateEventA(nullptr, TRUE, FALSE, nullptr) != nullptr);
    const HANDLE fits = make(2 * kMiB, argument);
    WANT(fits != nullptr && GetLastError() == 0);
    FAILS(make(64 * kMiB), nullptr, ERROR_NOT_ENOUGH_MEMORY);
    FAILS(make(64 * kMiB, "another"), nullptr, ERROR_NOT_ENOUGH_MEMORY);
    FAILS(OpenFileMappingA(FILE_MAP_READ, FALSE, "another"), nullptr, ERROR_FILE_NOT_FOUND);
    WANT(mapping_files() == 1);
    // A large size, for a name that exists already: nothing is made, nothing is needed.
    WANT(CloseHandle(make(64 * kMiB, argument)) && map(fits) != nullptr);
    const int fd = ballast();
    char *const at = map(fits);
    WANT(at != nullptr);
    for (DWORD i = 0; i < 2 * kMiB; i += 4096) at[i] = 1;  // the memory is there
    FAILS(make(4096), nullptr, ERROR_NOT_ENOUGH_MEMORY);
    FAILS(make(1, "another"), nullptr, ERROR_NOT_ENOUGH_MEMORY);
    WANT(mapping_files() == 1);
    char *const copy = map(fits, FILE_MAP_COPY);
    WANT(copy != nullptr);
    for (DWORD i = 0; i < 2 * kMiB; i += 4096) copy[i] = 2;  // its copies are the process's own memory
    const HANDLE reserved = make(32 * kMiB, nullptr, PAGE_READWRITE | SEC_RESERVE);
    char *const part = map(reserved);
    WANT(part != nullptr);
    FAILS(VirtualAlloc(part, 4096, MEM_COMMIT, PAGE_READWRITE), nullptr, ERROR_NOT_ENOUGH_MEMORY);
    close(fd);
    unlink("/dev/shm/ballast");
    WANT(VirtualAlloc(part, 4096, MEM_COMMIT, PAGE_READWRITE) == part);
    part[4095] = 1;
    WANT(make(kMiB, "another") != nullptr && GetLastError() == 0);
    return 0;
}

TEST(ce, Gen_30_a_tiny_shared_memory) { starve::thrives("tiny", NAME, 0); }

// What the dead still hold is given to the living.
ROLE(room_of_the_dead) {
    NEED(starve::own_shm("size=8m"), "a mount namespace of its own");
    WANT(CreateEventA(nullptr, TRUE, FALSE, nullptr) != nullptr);
    const pid_t child = fork();
    if (child == 0) {
        if (map(make(4 * kMiB, argument)) == nullptr) _exit(1);
        raise(SIGKILL);
    }
    int status = 0;
    WANT(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    WANT(mapping_files() == 1);
    WANT(make(6 * kMiB) != nullptr && GetLastError() == 0);
    return 0;
}

TEST(ce, Gen_30_what_the_dead_hold) { starve::thrives("room_of_the_dead", NAME, 0); }

ROLE(file_size_limit) {
    WANT(CreateEventA(nullptr, TRUE, FALSE, nullptr) != nullptr);
    WANT(starve::limit(RLIMIT_FSIZE, 4096));
    FAILS(make(100'000), nullptr, ERROR_NOT_ENOUGH_MEMORY);
    FAILS(make(100'000, argument, PAGE_READWRITE | SEC_RESERVE), nullptr, ERROR_NOT_ENOUGH_MEMORY);
    char path[] = "/tmp/winshim-starved-XXXXXX";
    const int fd = mkstemp(path);
    WANT(fd > 2 && unlink(path) == 0 && write(fd, "x", 1) == 1);
    const HANDLE file = handle_of(0x1000000 + 4 * static_cast<unsigned>(fd));
    FAILS(CreateFileMappingA(file, nullptr, PAGE_READWRITE, 0, 100'000, nullptr), nullptr, ERROR_DISK_FULL);
    WANT(starve::limit(RLIMIT_FSIZE, RLIM_INFINITY));
    WANT(map(make(100'000, argument)) != nullptr);
    return 0;
}

TEST(ce, Gen_30_a_limit_for_the_size_of_files) { starve::thrives("file_size_limit", NAME, 0); }

ROLE(no_descriptor) {
    const HANDLE mapping = make(5000, argument);
    char *const at = map(mapping);
    WANT(at != nullptr);
    WANT(starve::limit(RLIMIT_NOFILE, 64));
    int last = -1;
    for (int fd; (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) last = fd;
    WANT(last > 2);
    FAILS(make(5000), nullptr, ERROR_TOO_MANY_OPEN_FILES);
    FAILS(map(mapping), nullptr, ERROR_TOO_MANY_OPEN_FILES);
    WANT(OpenFileMappingA(FILE_MAP_READ, FALSE, argument) != nullptr);
    at[1] = 1;
    WANT(UnmapViewOfFile(at));
    close(last);
    WANT(map(mapping)[1] == 1 && make(5000) != nullptr);
    return 0;
}

TEST(ce, Gen_30_no_descriptor_left) { starve::thrives("no_descriptor", NAME, 0); }

ROLE(no_address_space) {
    const HANDLE mapping = make(64 * kMiB, argument, PAGE_READWRITE | SEC_RESERVE);
    WANT(mapping != nullptr);
    struct rlimit now{};
    WANT(getrlimit(RLIMIT_AS, &now) == 0);
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    WANT(file != nullptr && fscanf(file, "%lu", &pages) == 1);
    fclose(file);
    WANT(starve::limit(RLIMIT_AS, pages * 4096 + 8 * kMiB));
    FAILS(map(mapping), nullptr, ERROR_NOT_ENOUGH_MEMORY);
    WANT(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 4096) != nullptr);
    WANT(starve::limit(RLIMIT_AS, now.rlim_max));
    WANT(map(mapping) != nullptr);
    return 0;
}

TEST(ce, Gen_30_no_address_space) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip();  // the sanitizers want all of it
#endif
    starve::thrives("no_address_space", NAME, 0);
}

// Who has changed its user keeps what it has mapped, and cannot reach more.
ROLE(another_user) {
    NEED(starve::own_shm("size=8m,mode=1777"), "a mount namespace of its own");
    const HANDLE mapping = make(5000, argument);
    char *const at = map(mapping);
    WANT(at != nullptr);
    const pid_t child = fork();
    if (child == 0) {
        if (setgid(65534) != 0 || setuid(65534) != 0) _exit(kCannot);
        at[0] = 1;
        FAILS(map(mapping), nullptr, ERROR_ACCESS_DENIED);
        FAILS(make(5000), nullptr, ERROR_ACCESS_DENIED);
        _exit(UnmapViewOfFile(at) && CloseHandle(mapping) ? 0 : 1);
    }
    int status = 0;
    WANT(waitpid(child, &status, 0) == child);
    NEED(!WIFEXITED(status) || WEXITSTATUS(status) != kCannot, "the right to become another user");
    WANT(status == 0 && at[0] == 1 && map(mapping)[0] == 1);
    return 0;
}

TEST(ce, after_a_change_of_the_user) { starve::thrives("another_user", NAME, 0); }

// Things that bear the name of a file of ours: nothing of them is read or written.
ROLE(planted_files) {
    NEED(starve::own_shm("size=8m,mode=1777"), "a mount namespace of its own");
    WANT(CloseHandle(make(100)) && CreateEventA(nullptr, TRUE, FALSE, nullptr) != nullptr);
    const HANDLE mapping = make(5000, argument);
    char path[400] = "";
    each_mapping_file([&](const char *at) { strcpy(path, at); });
    struct stat st{};
    WANT(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600 && st.st_size == 8192);
    WANT(chmod(path, 0644) == 0);
    FAILS(map(mapping), nullptr, ERROR_FILE_INVALID);
    WANT(chmod(path, 0600) == 0 && map(mapping) != nullptr);
    WANT(link(path, "/dev/shm/second") == 0);
    FAILS(map(mapping), nullptr, ERROR_FILE_INVALID);
    WANT(unlink("/dev/shm/second") == 0 && unlink(path) == 0);
    FAILS(map(mapping), nullptr, ERROR_FILE_INVALID);
    WANT(symlink("/etc/passwd", path) == 0);
    FAILS(map(mapping), nullptr, ERROR_FILE_INVALID);
    WANT(unlink(path) == 0 && mkfifo(path, 0600) == 0);
    FAILS(map(mapping), nullptr, ERROR_FILE_INVALID);
    WANT(CloseHandle(mapping) && make(5000, argument) != nullptr);
    return 0;
}

TEST(ce, Gen_30_other_things_in_the_place_of_its_file) { starve::thrives("planted_files", NAME, 0); }

int main(int argc, char **argv) { return test_main(argc, argv); }
