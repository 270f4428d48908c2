/* party.c - one process of one user in test_attacked.sh: does what its arguments say, one after the other.
 *
 *   create NAME     an auto-reset event, kept open       -> created, exists, or error N
 *   set NAME        opens and sets it                    -> set, or error N
 *   wait NAME       opens it and waits, 60 s at most     -> signaled, timeout, or error N
 *   profile         the profile in force
 *   mapped          the names in /dev/shm that this process has mapped, in one line
 *   open            how many of its descriptors lead into /dev/shm
 *   uid N           all three user ids become N;  euid N: the effective one
 *   umask OCTAL
 *   grant FILE      a file capability for FILE
 *   child           a child that no fork handler sees does the rest; this process waits for it and ends
 *   line            waits for a line on standard input
 *   attack FILE     everything that could read, change, lock, remove or rename FILE -> nothing, or what succeeded
 *   plant KIND FILE a thing under that name: file, zeros, fifo, socket, directory, device, link=TARGET, copy=TARGET
 * Each answer is a line on standard output.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <windows.h>
#include <winshim.h>

/* A set-user-id program cannot be traced, and the leak detector is a tracer; nothing here is about leaks. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "detect_leaks=0"; }

static void answer(const char *text) {
    puts(text);
    fflush(stdout);
}

static void answer_error(void) {
    printf("error %u\n", (unsigned)GetLastError());
    fflush(stdout);
}

static void create(const char *name) {
    if (CreateEventA(NULL, FALSE, FALSE, name) == NULL) answer_error();
    else answer(GetLastError() == ERROR_ALREADY_EXISTS ? "exists" : "created");
}

static void set(const char *name) {
    const HANDLE event = OpenEventA(EVENT_ALL_ACCESS, FALSE, name);
    if (event == NULL || !SetEvent(event)) answer_error();
    else answer("set");
}

static void wait_for(const char *name) {
    const HANDLE event = OpenEventA(EVENT_ALL_ACCESS, FALSE, name);
    const DWORD result = event == NULL ? WAIT_FAILED : WaitForSingleObject(event, 60000);
    if (result == WAIT_FAILED) answer_error();
    else if (result == WAIT_TIMEOUT) answer("timeout");
    else answer("signaled");
}

static void mapped(void) {
    char line[1024];
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        const char *file = strstr(line, "/dev/shm/");
        if (file != NULL && strchr(file + 9, '/') == NULL) printf("%.*s ", (int)strcspn(file + 9, "\n"), file + 9);
    }
    if (maps != NULL) fclose(maps);
    answer("");
}

static void open_descriptors(void) {
    int found = 0;
    for (int fd = 0; fd < 1024; ++fd) {
        char link[32], target[512];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        const ssize_t got = readlink(link, target, sizeof target);
        if (got > 9 && memcmp(target, "/dev/shm/", 9) == 0) ++found;
    }
    printf("%d\n", found);
    fflush(stdout);
}

static void become(const char *uid, int all) {
    const uid_t id = (uid_t)strtoul(uid, NULL, 10);
    if ((all ? setresuid(id, id, id) : seteuid(id)) != 0) answer("cannot change the user");
}

static void grant(const char *file) {
    struct vfs_cap_data data = {.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE};
    data.data[0].permitted = 1u << CAP_NET_RAW;
    answer(setxattr(file, "security.capability", &data, XATTR_CAPS_SZ_2, 0) == 0 ? "granted" : strerror(errno));
}

static int succeeded(const char *what, int result) {
    if (result >= 0) printf("%s ", what);
    return result;
}

static void attack(const char *file) {
    static const struct {
        const char *name;
        int flags;
    } ways[] = {{"open-to-read", O_RDONLY},      {"open-to-write", O_WRONLY},  {"open", O_RDWR},
                {"open-or-create", O_RDWR | O_CREAT}, {"open-truncate", O_WRONLY | O_TRUNC}};
    char other[600];
    snprintf(other, sizeof other, "%s.stolen", file);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; ++i) {
        const int fd = succeeded(ways[i].name, open(file, ways[i].flags | O_NOFOLLOW, 0666));
        struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        if (fd >= 0) succeeded("lock", fcntl(fd, F_SETLK, &whole));
        if (fd >= 0) close(fd);
    }
    if (succeeded("link", link(file, other)) == 0) unlink(other);
    if (succeeded("rename", rename(file, other)) == 0) rename(other, file);
    succeeded("truncate", truncate(file, 0));
    succeeded("chmod", chmod(file, 0666));
    succeeded("chown", chown(file, geteuid(), (gid_t)-1));
    succeeded("utime", utimensat(AT_FDCWD, file, NULL, 0));
    succeeded("setxattr", setxattr(file, "user.taken", "1", 1, 0));
    succeeded("unlink", unlink(file));
    answer("nothing");
}

static int copy(const char *from, const char *to) {
    static char page[1 << 16];
    const int in = open(from, O_RDONLY), out = open(to, O_RDWR | O_CREAT | O_TRUNC, 0666);
    struct stat st;
    ssize_t got = -1;
    if (in < 0 || out < 0 || fstat(in, &st) != 0) return -1;
    off_t at = 0;
    while (at < st.st_size && (at = lseek(in, at, SEEK_DATA)) >= 0 && (got = read(in, page, sizeof page)) > 0) {
        if (pwrite(out, page, (size_t)got, at) != got) return -1;
        at += got;
    }
    return ftruncate(out, st.st_size);
}

static void plant(const char *kind, const char *file) {
    const mode_t mask = umask(0);
    int result = -1;
    if (strcmp(kind, "file") == 0) result = open(file, O_RDWR | O_CREAT | O_EXCL, 0666);
    else if (strcmp(kind, "zeros") == 0) result = copy("/dev/null", file) == 0 ? truncate(file, 4096) : -1;
    else if (strcmp(kind, "fifo") == 0) result = mkfifo(file, 0666);
    else if (strcmp(kind, "directory") == 0) result = mkdir(file, 0777);
    else if (strcmp(kind, "device") == 0) result = mknod(file, S_IFCHR | 0666, makedev(1, 5)); /* as /dev/zero */
    else if (strncmp(kind, "link=", 5) == 0) result = symlink(kind + 5, file);
    else if (strncmp(kind, "hard=", 5) == 0) result = link(kind + 5, file);
    else if (strncmp(kind, "copy=", 5) == 0) result = copy(kind + 5, file);
    else if (strcmp(kind, "socket") == 0) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        snprintf(address.sun_path, sizeof address.sun_path, "%s", file);
        result = bind(fd, (struct sockaddr *)&address, sizeof address);
    }
    umask(mask);
    if (result < 0) printf("not planted: %s\n", strerror(errno));
    else answer("planted");
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; ++i) {
        const char *what = argv[i], *on = i + 1 < argc ? argv[i + 1] : "";
        char line[64];
        if (strcmp(what, "create") == 0) create(on), ++i;
        else if (strcmp(what, "set") == 0) set(on), ++i;
        else if (strcmp(what, "wait") == 0) wait_for(on), ++i;
        else if (strcmp(what, "profile") == 0) answer(WinshimGetProfile());
        else if (strcmp(what, "mapped") == 0) mapped();
        else if (strcmp(what, "open") == 0) open_descriptors();
        else if (strcmp(what, "uid") == 0) become(on, 1), ++i;
        else if (strcmp(what, "euid") == 0) become(on, 0), ++i;
        else if (strcmp(what, "umask") == 0) umask((mode_t)strtoul(on, NULL, 8)), ++i;
        else if (strcmp(what, "grant") == 0) grant(on), ++i;
        else if (strcmp(what, "child") == 0) {
            int status = 0;
            const pid_t child = _Fork();
            if (child != 0) return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
        }
        else if (strcmp(what, "line") == 0) { if (fgets(line, sizeof line, stdin) == NULL) answer("no more lines"); }
        else if (strcmp(what, "attack") == 0) attack(on), ++i;
        else if (strcmp(what, "plant") == 0 && i + 2 < argc) plant(on, argv[i + 2]), i += 2;
        else { fprintf(stderr, "party: what is %s?\n", what); return 2; }
    }
    return 0;
}
