/* legacy.c - a program that was built against another Win32 library (other.h), and says what its calls do.
 *
 * test_preload.sh runs it with that library alone, and with winshim preloaded, and knows what must be the same and what
 * must differ. It is linked with the library, or with LEGACY_OPENS it opens a plug-in that is (RTLD_LOCAL). */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "other.h"

static const char *result(DWORD r)
{
    static char text[4][24];
    static int at;
    char *to = text[at++ % 4];
    if (r == WAIT_TIMEOUT) return "timeout";
    if (r == WAIT_FAILED) snprintf(to, 24, "failed(%u)", GetLastError());
    else if (r - WAIT_ABANDONED_0 < 64) snprintf(to, 24, "abandoned(%u)", r - WAIT_ABANDONED_0);
    else snprintf(to, 24, "object(%u)", r);
    return to;
}
/* Everything that is not one of winshim's handles, or NULL, was made by the other library. */
static const char *whose(HANDLE handle)
{
    const uintptr_t v = (uintptr_t)handle;
    return handle == NULL ? "nothing" : v % 4 == 0 && v < 0x10000 ? "winshim" : "other";
}

/* A file of the other library, and a function on it that only that one has. */
static void files(void)
{
    char path[] = "/tmp/legacy-XXXXXX", text[8] = "";
    close(mkstemp(path));
    DWORD count = 0, flags = 0;
    HANDLE file = CreateFileA(path, 0xC0000000, 0, NULL, 2, 0, NULL);
    printf("created by %s: %s\n", OtherLastCall(), whose(file));
    const BOOL put = WriteFile(file, "seven.", 7, &count, NULL);
    printf("written %d %u\n", put, count);
    printf("locked %d, a descriptor %d\n", LockFile(file, 0, 0, 7, 0), OtherDescriptor(file) > 2);
    printf("rewound %u\n", SetFilePointer(file, 0, NULL, 0));
    const BOOL got = ReadFile(file, text, 7, &count, NULL);
    printf("read %d %u %s\n", got, count, text);
    printf("information %d", GetHandleInformation(file, &flags));
    printf(" %#x\n", flags);
    printf("waited %s\n", result(WaitForSingleObject(file, 0)));
    HANDLE again = NULL;
    const BOOL duplicated = DuplicateHandle(NULL, file, NULL, &again, 0, FALSE, 2);
    printf("duplicated %d %s\n", duplicated, whose(again));
    printf("closed %d %d\n", CloseHandle(file), CloseHandle(again));
    printf("deleted %d", DeleteFileA(path));
    printf(" by %s\n", OtherLastCall());
    printf("deleted again %d", DeleteFileA(path));
    printf(" error %u\n", GetLastError());
}

/* The last error of a call that was handed on is the program's, and one that sets none leaves what was there. */
static void errors(void)
{
    int pair[2];
    (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    HANDLE socket = OtherSocketEvent(pair[0]);
    SetLastError(77);
    const DWORD waited = WaitForSingleObject(socket, 0);
    printf("%s leaves %u\n", result(waited), GetLastError());
    for (int i = 0; i < 2; ++i) {
        SetLastError(77);
        const BOOL set = SetEvent(socket);
        printf("set %d error %u\n", set, GetLastError());
    }
    SetLastError(77);
    const BOOL closed = CloseHandle(socket);
    printf("closed %d leaves %u\n", closed, GetLastError());
    SetLastError(77);
    const BOOL closed_again = CloseHandle(socket);
    printf("closed again %d error %u\n", closed_again, GetLastError());
}

static void memory(void)
{
    char *some = HeapAlloc(GetProcessHeap(), 8, 100);
    printf("allocated by %s: %d %d\n", OtherLastCall(), some != NULL, some[99]);
    char *elsewhere = malloc(5); /* a function of the library that returns memory may take it from anywhere */
    const BOOL freed = HeapFree(GetProcessHeap(), 0, some);
    printf("freed %d by %s\n", freed, OtherLastCall());
    printf("freed the other %d %d\n", LocalFree(elsewhere) == NULL, LocalFree(LocalAlloc(0x40, 5)) == NULL);
}

static void auto_reset(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, TRUE, NULL);
    printf("auto-reset event: %s\n", whose(event));
    const DWORD first = WaitForSingleObject(event, 0), second = WaitForSingleObject(event, 0);
    printf("wait %s, wait %s\n", result(first), result(second));
    CloseHandle(event);
}

static void manual_reset(void)
{
    const DWORD before = OtherEvents();
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    printf("manual-reset event: %s, %u more of the other's\n", whose(event), OtherEvents() - before);
    const DWORD first = WaitForSingleObject(event, 0);
    const BOOL set = SetEvent(event);
    printf("wait %s, set %d", result(first), set);
    printf(", wait %s", result(WaitForSingleObject(event, 0)));
    printf(", reset %d", ResetEvent(event));
    printf(", wait %s\n", result(WaitForSingleObject(event, 0)));
#ifdef OTHER_TIES_EVENTS
    int pair[2];
    (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    const int tied = SetEventFileDescriptor(event, pair[0]);
    printf("tied %d", tied);
    const DWORD quiet = WaitForSingleObject(event, 0);
    (void)!write(pair[1], "x", 1);
    printf(", wait %s, wait %s\n", result(quiet), result(WaitForSingleObject(event, 0)));
#endif
    printf("closed %d\n", CloseHandle(event));
}

/* What one process sets, another waits for. */
static void named(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, "legacy");
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        HANDLE there = OpenEventA(2, FALSE, "legacy");
        if (there == NULL) there = CreateEventA(NULL, TRUE, FALSE, "legacy"); /* for libraries without OpenEvent */
        _exit(SetEvent(there) ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    printf("named event: %s, child %d, wait %s\n", whose(event), status, result(WaitForSingleObject(event, 0)));
    CloseHandle(event);
}

static void *take_and_end(void *mutex)
{
    WaitForSingleObject(mutex, INFINITE);
    return NULL;
}
static void abandoned(void)
{
    HANDLE mutex = CreateMutexA(NULL, FALSE, NULL);
    pthread_t thread;
    pthread_create(&thread, NULL, take_and_end, mutex);
    pthread_join(thread, NULL);
    printf("mutex of a thread that ended: wait %s\n", result(WaitForSingleObject(mutex, 50)));
}

static void *set_soon(void *event)
{
    usleep(30000);
    SetEvent(event);
    return NULL;
}
static void *write_soon(void *descriptor)
{
    usleep(30000);
    (void)!write(*(int *)descriptor, "x", 1);
    return NULL;
}
/* Waits for an event that is winshim's, if it is there, and a socket of the other library. */
static void mixed(void)
{
    int pair[2];
    pthread_t thread;
    char byte;
    (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, "legacy-mixed");
    HANDLE last = CreateEventA(NULL, TRUE, TRUE, "legacy-last");
    HANDLE socket = OtherSocketEvent(pair[0]), both[] = {event, socket, last};
    printf("event of %s, socket of %s\n", whose(event), whose(socket));
    printf("no time: %s\n", result(WaitForMultipleObjects(2, both, FALSE, 0)));
    printf("some time: %s\n", result(WaitForMultipleObjects(2, both, FALSE, 40)));
    pthread_create(&thread, NULL, set_soon, event);
    printf("event: %s\n", result(WaitForMultipleObjects(2, both, FALSE, 20000)));
    pthread_join(thread, NULL);
    ResetEvent(event);
    pthread_create(&thread, NULL, write_soon, &pair[1]);
    printf("socket: %s\n", result(WaitForMultipleObjects(2, both, FALSE, 20000)));
    pthread_join(thread, NULL);
    printf("socket and last: %s\n", result(WaitForMultipleObjects(3, both, FALSE, 0)));
    SetEvent(event);
    printf("all three: %s\n", result(WaitForMultipleObjects(3, both, FALSE, 0)));
    ResetEvent(event);
    (void)!read(pair[0], &byte, 1);
    printf("last: %s\n", result(WaitForMultipleObjects(3, both, FALSE, 20000)));
    SetEvent(event);
    (void)!write(pair[1], "x", 1);
    printf("all of them: %s\n", result(WaitForMultipleObjects(3, both, TRUE, 0)));
    printf("two sockets: %s\n", result(WaitForMultipleObjects(2, (HANDLE[]){socket, socket}, TRUE, 0)));
    printf("signal and wait: %s\n", result(SignalObjectAndWait(event, socket, 0, FALSE)));
    printf("alertable: %s\n", result(WaitForSingleObjectEx(socket, 0, TRUE)));
    HANDLE again = NULL;
    printf("duplicated %d", DuplicateHandle(NULL, last, NULL, &again, 0, FALSE, 2));
    printf(" wait %s\n", result(WaitForSingleObject(again, 0)));
    /* A handle that winshim closed is not shown to the other library, which would take it for an address. */
    CloseHandle(last);
    printf("closed again %d", CloseHandle(last));
    printf(" error %u by %s\n", GetLastError(), whose(last)[0] == 'w' ? "winshim" : OtherLastCall());
}

/* Many threads, whose first calls these are. */
static void *use_sockets(void *bad)
{
    int pair[2];
    (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    for (int i = 0; i < 200; ++i) {
        HANDLE socket = OtherSocketEvent(pair[0]);
        if (WaitForSingleObject(socket, 0) != WAIT_TIMEOUT || !CloseHandle(socket))
            __atomic_fetch_add((int *)bad, 1, 5);
    }
    return NULL;
}
static void threads(void)
{
    pthread_t thread[8];
    int bad = 0;
    for (int i = 0; i < 8; ++i) pthread_create(&thread[i], NULL, use_sockets, &bad);
    for (int i = 0; i < 8; ++i) pthread_join(thread[i], NULL);
    printf("threads: %d bad\n", bad);
}

static int has_shm(void)
{
    return system("test -z \"$(ls -A /dev/shm)\"") != 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } parts[] = {{"files", files}, {"errors", errors}, {"memory", memory}, {"auto", auto_reset},
                 {"manual", manual_reset}, {"named", named}, {"abandoned", abandoned}, {"mixed", mixed},
                 {"threads", threads}};
    for (int i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "shm") == 0) printf("in /dev/shm: %s\n", has_shm() ? "something" : "nothing");
        for (size_t p = 0; p < sizeof parts / sizeof *parts; ++p)
            if (strcmp(argv[i], parts[p].name) == 0) parts[p].run();
    }
    return argc > 1 ? 0 : 3;
}
