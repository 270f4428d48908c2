// test_starved_memory.cpp - a /dev/shm that is full, tiny, missing, read-only, somebody else's, or occupied.
//
// Purpose     The documented error and one line on standard error, never a signal; nothing half made, nothing left; and
//             the same process works again when room returns. Each case is a role in a mount namespace of its own.
// Source      statement Gen-30; LD-15; README "When the shared memory cannot be used"; pages are committed before use
//             (shim/shm/layout.h).
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>

#include "tests/support/starve.h"

namespace {

// A file that fills /dev/shm to the last page; remove() gives the room back.
class Ballast {
public:
    Ballast() : fd_(open("/dev/shm/ballast", O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
        static const char page[4096] = {1};
        while (write(fd_, page, sizeof page) == static_cast<ssize_t>(sizeof page)) {}
    }
    // Lets go of `pages` pages.
    void shrink(int pages) const {
        struct stat st{};
        if (fstat(fd_, &st) == 0 && ftruncate(fd_, st.st_size - pages * 4096) != 0) perror("ballast");
    }
    void remove() {
        if (fd_ >= 0) close(fd_);
        unlink("/dev/shm/ballast");
        fd_ = -1;
    }
    // In a child: what it holds open of the file keeps the file's memory.
    void leave_to_parent() {
        close(fd_);
        fd_ = -1;
    }
    ~Ballast() {
        if (fd_ >= 0) remove();
    }

private:
    int fd_;
};

// The whole of the library, shortly: a named object, a signal, a wait that blocks, a name that is found again.
bool works(const char *name) {
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, name);
    const bool right = event != nullptr && GetLastError() == 0 && WaitForSingleObject(event, 20) == WAIT_TIMEOUT &&
                       SetEvent(event) && WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0;
    const HANDLE again = OpenEventA(EVENT_ALL_ACCESS, FALSE, name);
    return right && again != nullptr && CloseHandle(again) && CloseHandle(event);
}

const char *segment_path() {
    static char path[300];
    DIR *directory = opendir("/dev/shm");
    while (const dirent *entry = directory != nullptr ? readdir(directory) : nullptr)
        if (strncmp(entry->d_name, "winshim-", 8) == 0) snprintf(path, sizeof path, "/dev/shm/%s", entry->d_name);
    if (directory != nullptr) closedir(directory);
    return path;
}

// Where the segment is going to be: learned from a process that makes one.
bool learn_path() {
    const pid_t child = fork();
    if (child == 0) {
        const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, nullptr);
        FILE *file = fopen("/dev/shm/path", "w");
        if (event == nullptr || file == nullptr) _exit(1);
        fputs(segment_path(), file);
        fclose(file);
        exit(0);
    }
    int status = -1;
    return waitpid(child, &status, 0) == child && status == 0;
}

const char *learned() {
    static char path[300];
    FILE *file = fopen("/dev/shm/path", "r");
    if (file == nullptr || fgets(path, sizeof path, file) == nullptr) return "";
    fclose(file);
    unlink("/dev/shm/path");
    return path;
}

unsigned long address_space_kb() {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == nullptr || fscanf(file, "%lu", &pages) != 1) return 0;
    fclose(file);
    return pages * 4;
}

unsigned long shm_blocks_free() {
    struct statvfs st{};
    return statvfs("/dev/shm", &st) == 0 ? st.f_bfree : 0;
}

}  // namespace

// ---- not enough to begin ------------------------------------------------------------------------------------------

// Every number of pages, up to that with which it works: attaching stops at each place where it commits memory.
ROLE(begin_with_n_pages) {
    NEED(starve::own_shm("size=1m"), "a mount namespace of its own");
    Ballast ballast;
    int failures = 0, attached_in_vain = 0;
    for (;; ++failures) {
        WANT(failures < 200);
        const unsigned long room = shm_blocks_free();
        SetLastError(kPoison);
        const HANDLE event = CreateEventA(nullptr, TRUE, FALSE, argument);
        if (event != nullptr) {
            WANT(works("begin"));
            WANT(CloseHandle(event));
            break;
        }
        WANT(GetLastError() == ERROR_NO_SYSTEM_RESOURCES);
        // Not even attached: the ballast alone is there, no memory is kept. Attached, with no room for the first handle
        // or object: what it has is for later, and the next attempt in vain takes no more.
        const bool attached = starve::files_in_shm() == 2;
        const unsigned long left = shm_blocks_free();
        WANT(attached || (starve::files_in_shm() == 1 && left == room));
        attached_in_vain += attached;
        FAILS(CreateEventA(nullptr, TRUE, FALSE, argument), nullptr, ERROR_NO_SYSTEM_RESOURCES);
        WANT(shm_blocks_free() == left);
        ballast.shrink(1);
    }
    WANT(failures > 10 && attached_in_vain > 0 && attached_in_vain < failures);
    printf("worked with %d pages, attached with %d\n", failures, failures - attached_in_vain);
    return 0;
}

TEST(ce, Gen_30_attaching_with_too_little_memory_fails_at_each_place_and_then_works) {
    starve::thrives("begin_with_n_pages", NAME, 1, "is full");
}

// A program that tries again and again must not use up its address space.
ROLE(begin_a_hundred_times) {
    NEED(starve::own_shm("size=64k"), "a mount namespace of its own");
    for (int i = 0; i < 3; ++i) FAILS(CreateEventA(nullptr, TRUE, FALSE, argument), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    const unsigned long before = address_space_kb();
    for (int i = 0; i < 100; ++i)
        FAILS(CreateEventA(nullptr, TRUE, FALSE, argument), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    WANT(address_space_kb() <= before + 1024);
    WANT(starve::files_in_shm() == 0);
    WANT(starve::resize_shm("size=4m"));
    WANT(works(argument));
    return 0;
}

TEST(ce, Gen_30_a_hundred_attempts_in_vain_cost_nothing) {
    starve::thrives("begin_a_hundred_times", NAME, 1, "is full");
}

// No room for one more file: the number of inodes is limited, too.
ROLE(begin_without_inodes) {
    NEED(starve::own_shm("nr_inodes=2"), "a mount namespace of its own");
    const int fd = open("/dev/shm/other", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    FAILS(CreateEventA(nullptr, TRUE, FALSE, argument), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    WANT(close(fd) == 0 && unlink("/dev/shm/other") == 0);
    WANT(works(argument));  // without a bell: there is no inode for it
    return 0;
}

TEST(ce, Gen_30_no_inode_for_the_segment_then_one_but_none_for_bells) {
    starve::thrives("begin_without_inodes", NAME, 1, "is full");
}

// ---- full while running -------------------------------------------------------------------------------------------

ROLE(fills_up) {
    NEED(starve::own_shm("size=1m"), "a mount namespace of its own");
    static HANDLE made[20000];
    const HANDLE first = CreateEventA(nullptr, FALSE, FALSE, argument);
    WANT(first != nullptr);
    int count = 0;
    for (;; ++count) {
        WANT(count < 20000);
        char name[64];
        snprintf(name, sizeof name, "fills up, number %d", count);
        SetLastError(kPoison);
        made[count] = count % 2 == 0 ? CreateEventA(nullptr, TRUE, TRUE, name) : CreateMutexA(nullptr, TRUE, nullptr);
        if (made[count] == nullptr) break;
    }
    WANT(GetLastError() == ERROR_NO_SYSTEM_RESOURCES);
    WANT(count > 1000);
    // Nothing half made: no name that was refused exists, all that was made works; blocking works with a bell or
    // without.
    FAILS(CreateSemaphoreA(nullptr, 1, 1, "fills up, never made"), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    for (int i = 0; i < count; ++i) WANT(WaitForSingleObject(made[i], 0) == WAIT_OBJECT_0);
    WANT(WaitForSingleObject(first, 50) == WAIT_TIMEOUT);
    WANT(SetEvent(first) && WaitForSingleObject(first, INFINITE) == WAIT_OBJECT_0);
    HANDLE again = OpenEventA(EVENT_ALL_ACCESS, FALSE, "fills up, number 0");
    if (again != nullptr) WANT(CloseHandle(again));  // a free handle index may or may not be there
    // Room by closing ...
    for (int i = 0; i < 100; ++i) WANT(CloseHandle(made[--count]));
    FAILS(OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, "fills up, never made"), nullptr, ERROR_FILE_NOT_FOUND);
    WANT(works("after closing"));
    // ... and by a larger file system.
    WANT(starve::resize_shm("size=8m"));
    for (int i = 0; i < 5000; ++i) WANT((made[count++] = CreateEventA(nullptr, FALSE, FALSE, nullptr)) != nullptr);
    while (count != 0) WANT(CloseHandle(made[--count]));
    WANT(works("at the end"));
    WANT(CloseHandle(first));
    return 0;
}

TEST(ce, Gen_30_a_segment_that_cannot_grow_refuses_and_goes_on_when_there_is_room) {
    starve::thrives("fills_up", NAME, 1, "is full");
}

// Threads, processes and bells of others on a full file system.
ROLE(no_room_for_others) {
    NEED(starve::own_shm("size=4m"), "a mount namespace of its own");
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, argument);
    const HANDLE done = CreateEventA(nullptr, FALSE, FALSE, "done");
    WANT(event != nullptr && done != nullptr);
    Ballast ballast;
    // The second thread still has a slot of the first batch, but no bell: both directions work all the same.
    static HANDLE handles[2];
    handles[0] = event;
    handles[1] = done;
    pthread_t thread;
    const auto answer = [](void *) -> void * {
        if (WaitForSingleObject(handles[0], INFINITE) == WAIT_OBJECT_0) SetEvent(handles[1]);
        return nullptr;
    };
    WANT(pthread_create(&thread, nullptr, answer, nullptr) == 0);
    WANT(WaitForSingleObject(done, 30) == WAIT_TIMEOUT);
    WANT(SetEvent(event) && WaitForSingleObject(done, 20'000) == WAIT_OBJECT_0);
    WANT(pthread_join(thread, nullptr) == 0);
    // Processes: the slots of the first batch, then the error; no fork that loses its mind.
    int refused = 0, fine = 0;
    int hold[2];
    WANT(pipe(hold) == 0);
    int report[2];
    WANT(pipe(report) == 0);
    pid_t children[8];
    for (pid_t &child : children) {
        WANT((child = fork()) >= 0);
        if (child != 0) continue;
        close(hold[1]);
        ballast.leave_to_parent();
        const HANDLE h = OpenEventA(EVENT_ALL_ACCESS, FALSE, argument);
        char result = h != nullptr ? 'y' : GetLastError() == ERROR_NO_SYSTEM_RESOURCES ? 'n' : '?';
        if (write(report[1], &result, 1) != 1) _exit(2);
        while (read(hold[0], &result, 1) > 0) {}
        char name[32];
        snprintf(name, sizeof name, "child %d, later", getpid());
        if (h == nullptr && !works(name)) exit(3);
        exit(0);
    }
    for (int i = 0; i < 8; ++i) {
        char result = 0;
        WANT(read(report[0], &result, 1) == 1);
        WANT(result != '?');
        ++(result == 'y' ? fine : refused);
    }
    WANT(refused > 0);
    ballast.remove();
    close(hold[1]);
    for (const pid_t child : children) {
        int status = -1;
        WANT(waitpid(child, &status, 0) == child && status == 0);
    }
    printf("%d processes found room, %d did not\n", fine, refused);
    WANT(works("the parent, later"));
    return 0;
}

TEST(ce, Gen_30_no_room_for_threads_processes_and_bells) { starve::thrives("no_room_for_others", NAME, -1, "is full"); }

// ---- no /dev/shm to be used ---------------------------------------------------------------------------------------

ROLE(no_shm_at_all) {
    NEED(starve::apart() && mount("tmpfs", "/dev", "tmpfs", 0, "mode=755") == 0, "a mount namespace of its own");
    FAILS(CreateEventA(nullptr, TRUE, FALSE, argument), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    FAILS(OpenMutexA(SYNCHRONIZE, FALSE, argument), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    WANT(mkdir("/dev/shm", 01777) == 0);
    WANT(works(argument));
    return 0;
}

TEST(ce, Gen_30_without_dev_shm) { starve::thrives("no_shm_at_all", NAME, 1, "there is no /dev/shm"); }

ROLE(read_only_shm) {
    NEED(starve::own_shm("ro"), "a mount namespace of its own");
    FAILS(CreateEventA(nullptr, TRUE, FALSE, argument), nullptr, ERROR_ACCESS_DENIED);
    WANT(starve::resize_shm("rw"));
    WANT(works(argument));
    return 0;
}

TEST(ce, Gen_30_on_a_read_only_file_system) { starve::thrives("read_only_shm", NAME, 1, "read-only"); }

ROLE(shm_of_somebody_else) {
    NEED(starve::own_shm("mode=700") && setgid(65534) == 0 && setuid(65534) == 0, "the right to become another user");
    FAILS(CreateEventA(nullptr, TRUE, FALSE, argument), nullptr, ERROR_ACCESS_DENIED);
    FAILS(CreateEventA(nullptr, TRUE, FALSE, argument), nullptr, ERROR_ACCESS_DENIED);
    return 0;
}

TEST(ce, Gen_30_in_a_folder_of_another_user) { starve::thrives("shm_of_somebody_else", NAME, 1, "permission denied"); }

// ---- something else has the name ----------------------------------------------------------------------------------

// `argument`: what is planted. It must still be there afterwards, and not be in the way once it is gone.
ROLE(planted) {
    NEED(starve::own_shm("size=8m"), "a mount namespace of its own");
    WANT(learn_path());
    const char *path = learned();
    WANT(*path != 0 && starve::files_in_shm() == 0);
    int fd = -1;
    switch (*argument) {
        case 'd': WANT(mkdir(path, 0700) == 0); break;
        case 'f': WANT(mkfifo(path, 0600) == 0); break;
        case 'l': WANT(symlink("/dev/shm/elsewhere", path) == 0); break;
        case 's': {
            sockaddr_un at{};
            at.sun_family = AF_UNIX;
            WANT(strlen(path) < sizeof at.sun_path);
            memcpy(at.sun_path, path, strlen(path));
            fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
            WANT(bind(fd, reinterpret_cast<sockaddr *>(&at), sizeof at) == 0);
            break;
        }
        default: return 2;
    }
    FAILS(CreateEventA(nullptr, TRUE, FALSE, "planted"), nullptr, ERROR_ACCESS_DENIED);
    FAILS(OpenEventA(EVENT_ALL_ACCESS, FALSE, "planted"), nullptr, ERROR_ACCESS_DENIED);
    WANT(starve::files_in_shm() == 1);
    if (fd >= 0) close(fd);
    WANT(::remove(path) == 0);
    WANT(works("planted"));
    return 0;
}

TEST(ce, Gen_30_a_directory_in_its_place) { starve::thrives("planted", "directory", 1, "is a directory"); }
TEST(ce, Gen_30_a_fifo_in_its_place) { starve::thrives("planted", "fifo", 1, "is a FIFO"); }
TEST(ce, Gen_30_a_socket_in_its_place) { starve::thrives("planted", "socket", 1, "is a socket"); }
TEST(ce, Gen_30_a_symbolic_link_in_its_place) { starve::thrives("planted", "link", 1, "is a symbolic link"); }

int main(int argc, char **argv) { return test_main(argc, argv); }
