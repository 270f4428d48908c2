/* reader_writer_lock.c - a readers-and-writer lock made of a mutex, an event and a counter, as it was done before there
 * were SRW locks; and a small service that uses it: many readers look things up, a writer changes them now and then.
 */
#include <windows.h>
#include <stdio.h>

typedef struct {
    HANDLE writer;      /* mutex: a writer has it, or a reader for a moment while he comes */
    HANDLE no_readers;  /* manual-reset event: signaled while nobody reads */
    LONG readers;
} RWLOCK;

static BOOL RwInitialize(RWLOCK *lock)
{
    lock->readers = 0;
    lock->writer = CreateMutex(NULL, FALSE, NULL);
    lock->no_readers = CreateEvent(NULL, TRUE, TRUE, NULL);
    return lock->writer != NULL && lock->no_readers != NULL;
}

static void RwBeginRead(RWLOCK *lock)
{
    WaitForSingleObject(lock->writer, INFINITE);
    if (InterlockedIncrement(&lock->readers) == 1)
        ResetEvent(lock->no_readers);
    ReleaseMutex(lock->writer);
}

static void RwEndRead(RWLOCK *lock)
{
    /* The event belongs to whoever makes the count 0; readers that come have the mutex, so it is taken here, too. */
    WaitForSingleObject(lock->writer, INFINITE);
    if (InterlockedDecrement(&lock->readers) == 0)
        SetEvent(lock->no_readers);
    ReleaseMutex(lock->writer);
}

/* Both at once: a writer that had the mutex and waited for the readers would keep them from leaving. */
static void RwBeginWrite(RWLOCK *lock)
{
    HANDLE both[2];
    both[0] = lock->writer;
    both[1] = lock->no_readers;
    WaitForMultipleObjects(2, both, TRUE, INFINITE);
}

static void RwEndWrite(RWLOCK *lock)
{
    ReleaseMutex(lock->writer);
}

/* ---- the service: a phone book, whose numbers all change together ---- */
#define NAMES 8
#define READERS 4
#define LOOKUPS 150
#define EDITIONS 40

static RWLOCK lock;
static struct {
    LONG edition;
    LONG number[NAMES];
} book;
static volatile LONG mixed, lookups, backwards;

static DWORD WINAPI Reader(LPVOID parameter)
{
    LONG last = 0;
    int i, name;
    UNREFERENCED_PARAMETER(parameter);
    for (i = 0; i < LOOKUPS; ++i) {
        RwBeginRead(&lock);
        for (name = 0; name < NAMES; ++name)
            if (book.number[name] != book.edition * 100 + name)
                InterlockedIncrement(&mixed);
        if (book.edition < last)
            InterlockedIncrement(&backwards);
        last = book.edition;
        RwEndRead(&lock);
        InterlockedIncrement(&lookups);
    }
    return 0;
}

static DWORD WINAPI Writer(LPVOID parameter)
{
    LONG edition, name;
    UNREFERENCED_PARAMETER(parameter);
    for (edition = 1; edition <= EDITIONS; ++edition) {
        RwBeginWrite(&lock);
        book.edition = edition;
        for (name = 0; name < NAMES; ++name) {
            book.number[name] = edition * 100 + name;
            if (name == NAMES / 2)
                Sleep(0);
        }
        RwEndWrite(&lock);
    }
    return 0;
}

int main(void)
{
    HANDLE threads[READERS + 1];
    DWORD id, i;

    if (!RwInitialize(&lock))
        return 1;
    for (i = 0; i < NAMES; ++i)
        book.number[i] = (LONG)i;
    for (i = 0; i < READERS; ++i)
        threads[i] = CreateThread(NULL, 0, Reader, NULL, 0, &id);
    threads[READERS] = CreateThread(NULL, 0, Writer, NULL, 0, &id);
    printf("all ended: %lu\n", (unsigned long)WaitForMultipleObjects(READERS + 1, threads, TRUE, 60000));
    printf("%ld lookups, edition %ld, mixed editions %ld, older than before %ld\n", (long)lookups, (long)book.edition,
           (long)mixed, (long)backwards);
    printf("readers left: %ld, nobody reads: %s\n", (long)lock.readers,
           WaitForSingleObject(lock.no_readers, 0) == WAIT_OBJECT_0 ? "signaled" : "not signaled");
    for (i = 0; i <= READERS; ++i)
        CloseHandle(threads[i]);
    CloseHandle(lock.writer);
    CloseHandle(lock.no_readers);
    return 0;
}
