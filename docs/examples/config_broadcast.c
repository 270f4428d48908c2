/* config_broadcast.c - one process publishes a setting, any number of others follow it, and none misses the last one.
 *
 * Purpose   Waking all who wait, which PulseEvent does not do reliably (who is not waiting at that instant sleeps
 *           on), nor does one manual-reset event (when is it reset?). Here each version has an event of its own, which
 *           is set once and never reset. It is there as long as somebody has a handle to it: nothing to clean up.
 * Use       config_broadcast publish   each line of standard input is the new setting; end of input: no more of them
 *           config_broadcast follow    says each setting that it sees; ends when the publisher has ended, or died
 * Deaths    The setting is written where nobody reads, and the new version number makes it the one that is read: a
 *           publisher that is killed before that store has published nothing, after it everything. It owns a mutex as
 *           long as it lives. Who follows waits for that as well: to get it means that nobody publishes any more.
 * Build     cc -Iwinapi_headers docs/examples/config_broadcast.c -Lbuild -lwinshim -Wl,-rpath,build
 */
#include <windows.h>

#include <stdio.h>
#include <string.h>

typedef struct {
    LONG version;            /* 0: none yet */
    char setting[2][256];    /* of version n: setting[n % 2] */
} CONFIG;

static HANDLE lock, publisher, memory;
static CONFIG *config;

static int fail(const char *what)
{
    fprintf(stderr, "config_broadcast: %s: error %lu\n", what, (unsigned long)GetLastError());
    return 1;
}

static BOOL connect_objects(void)
{
    lock = CreateMutex(NULL, FALSE, TEXT("ConfigLock"));
    publisher = CreateMutex(NULL, FALSE, TEXT("ConfigPublisher"));
    memory = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(CONFIG), TEXT("ConfigMemory"));
    config = memory ? (CONFIG *)MapViewOfFile(memory, FILE_MAP_WRITE, 0, 0, 0) : NULL;
    return lock != NULL && publisher != NULL && config != NULL;
}

/* Either way the lock is ours; whoever died with it has left nothing half done (see Deaths). */
static void take_lock(void)
{
    if (WaitForSingleObject(lock, INFINITE) == WAIT_FAILED)
        ExitProcess((UINT)fail("cannot wait for the lock"));
}

/* The event that is set when this version is the last no longer. */
static HANDLE event_of(LONG version)
{
    char name[40];

    snprintf(name, sizeof name, "ConfigNewerThan-%ld", (long)version);
    return CreateEventA(NULL, TRUE, FALSE, name);
}

static BOOL publish(const char *setting)
{
    HANDLE outdated;
    LONG version;

    take_lock();
    version = config->version;
    outdated = event_of(version);
    snprintf(config->setting[(version + 1) % 2], sizeof config->setting[0], "%s", setting);
    InterlockedIncrement(&config->version);
    ReleaseMutex(lock);
    SetEvent(outdated);
    CloseHandle(outdated);    /* if nobody follows, it is gone */
    return outdated != NULL;
}

/* Says the setting if it is a new one. Returns the event that will be set when it is replaced. */
static HANDLE look(LONG *seen)
{
    HANDLE outdated;

    take_lock();
    if (config->version != *seen) {
        *seen = config->version;
        printf("version %ld: %s\n", (long)*seen, config->setting[*seen % 2]);
        fflush(stdout);
    }
    outdated = event_of(*seen);    /* with the lock held: whoever publishes next sets this very event */
    ReleaseMutex(lock);
    return outdated;
}

static int follow(void)
{
    LONG seen = 0;
    HANDLE either[2];
    DWORD result;

    either[1] = publisher;
    do {
        either[0] = look(&seen);
        result = WaitForMultipleObjects(2, either, FALSE, INFINITE);    /* a new version goes before the end */
        CloseHandle(either[0]);
    } while (result == WAIT_OBJECT_0);
    if (result == WAIT_FAILED)
        return fail("cannot wait");
    ReleaseMutex(publisher);      /* for the next who follows and is to notice */
    CloseHandle(look(&seen));     /* it may have died after the version and before the event */
    puts(result == WAIT_ABANDONED_0 + 1 ? "the publisher died" : "nobody publishes any more");
    return 0;
}

int main(int argc, char *argv[])
{
    char line[256];

    if (argc != 2 || (strcmp(argv[1], "publish") != 0 && strcmp(argv[1], "follow") != 0)) {
        fprintf(stderr, "usage: config_broadcast publish|follow\n");
        return 2;
    }
    if (!connect_objects())
        return fail("no objects");
    puts(argv[1]);
    fflush(stdout);
    if (strcmp(argv[1], "follow") == 0)
        return follow();
    if (WaitForSingleObject(publisher, 0) == WAIT_TIMEOUT)
        return fail("somebody else publishes");
    SetEvent(event_of(config->version - 1));    /* in case that the last publisher died before it could do that */
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!publish(line))
            return fail("cannot publish");
    }
    ReleaseMutex(publisher);
    return 0;
}
