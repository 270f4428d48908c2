/* log_monitor.c - programs write log lines into shared memory, a monitor shows them; neither waits for the other.
 *
 * Purpose   What DebugView does for OutputDebugString: to look into programs from outside, while they run. Writers are
 *           held up by each other for a moment only, never by the monitor: when the ring is full the oldest line goes,
 *           and the monitor says how many it has missed.
 * Use       log_monitor          shows what is written. A second one waits, and takes over when the first ends or dies
 *           log_monitor write    writes its standard input, line by line (in a program: the function write_line)
 * Deaths    A line counts when `written` is raised, after its text. So a writer may be killed anywhere, and the next
 *           one, who is told so by WAIT_ABANDONED, has nothing to repair. The ring is there as long as anybody uses it.
 * Build     cc -Iwinapi_headers docs/examples/log_monitor.c -Lbuild -lwinshim -Wl,-rpath,build
 */
#include <windows.h>

#include <stdio.h>
#include <string.h>

enum { LINES = 256, WIDTH = 120 };

typedef struct {
    LONG written, shown;    /* numbers of lines from the beginning: line n is line[n % LINES] */
    struct {
        DWORD process;
        char text[WIDTH];
    } line[LINES];
} RING;

static HANDLE lock, monitor, news, memory;
static RING *ring;

static BOOL connect_objects(void)
{
    lock = CreateMutex(NULL, FALSE, TEXT("LogLock"));
    monitor = CreateMutex(NULL, FALSE, TEXT("LogMonitor"));
    news = CreateEvent(NULL, FALSE, FALSE, TEXT("LogNews"));
    memory = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(RING), TEXT("LogRing"));
    ring = memory ? (RING *)MapViewOfFile(memory, FILE_MAP_WRITE, 0, 0, 0) : NULL;
    return lock != NULL && monitor != NULL && news != NULL && ring != NULL;
}

static BOOL take_lock(void)
{
    DWORD result = WaitForSingleObject(lock, INFINITE);

    return result == WAIT_OBJECT_0 || result == WAIT_ABANDONED;
}

static BOOL write_line(const char *text)
{
    LONG place;

    if (!take_lock())
        return FALSE;
    place = ring->written % LINES;
    ring->line[place].process = GetCurrentProcessId();
    snprintf(ring->line[place].text, WIDTH, "%s", text);
    InterlockedIncrement(&ring->written);    /* from here on it is a line */
    ReleaseMutex(lock);
    return SetEvent(news);                   /* a hint: the monitor counts lines, not events */
}

static void show_news(void)
{
    while (take_lock()) {
        LONG next = ring->shown, missed = ring->written - next - LINES;
        DWORD process;
        char text[WIDTH];

        if (next == ring->written)
            break;
        if (missed > 0)
            next += missed;
        process = ring->line[next % LINES].process;
        memcpy(text, ring->line[next % LINES].text, WIDTH);
        ring->shown = next + 1;
        ReleaseMutex(lock);    /* nobody waits while we print */
        if (missed > 0)
            printf("(%ld lines missed)\n", (long)missed);
        printf("%lu %s\n", (unsigned long)process, text);
        fflush(stdout);
    }
    ReleaseMutex(lock);
}

int main(int argc, char *argv[])
{
    char text[WIDTH];

    if (!connect_objects()) {
        printf("no objects: error %lu\n", (unsigned long)GetLastError());
        return 1;
    }
    if (argc > 1 && strcmp(argv[1], "write") == 0) {
        while (fgets(text, sizeof text, stdin) != NULL) {
            text[strcspn(text, "\r\n")] = '\0';
            if (!write_line(text))
                return 1;
        }
        return 0;
    }
    if (WaitForSingleObject(monitor, 0) == WAIT_TIMEOUT) {
        puts("another monitor shows the log; waiting");
        fflush(stdout);
        if (WaitForSingleObject(monitor, INFINITE) == WAIT_ABANDONED)
            puts("that one died");
    }
    puts("the log:");
    fflush(stdout);
    do
        show_news();
    while (WaitForSingleObject(news, INFINITE) == WAIT_OBJECT_0);
    return 1;
}
