/* phone_book_service.c - a service and its clients: processes that read and write one table under a lock by name.
 *
 * The lock lets many readers in, or one writer. It is made of named objects: a mutex that a writer holds, and a
 * semaphore of as many places as there may be readers, all of which the writer takes.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define READERS 3
#define WRITERS 2
#define PLACES 4
#define ROUNDS 40
#define NAMES 16

typedef struct {
    LONG edition, numbers[NAMES];
    volatile LONG reading, most_reading, torn;
} BOOK;

static HANDLE writer_lock, places, start;
static BOOK *book;

static BOOL BeginRead(void) { return WaitForSingleObject(places, 60000) == WAIT_OBJECT_0; }
static void EndRead(void) { ReleaseSemaphore(places, 1, NULL); }

static BOOL BeginWrite(void)
{
    int i;
    if (WaitForSingleObject(writer_lock, 60000) != WAIT_OBJECT_0)
        return FALSE;
    for (i = 0; i < PLACES; ++i)
        if (WaitForSingleObject(places, 60000) != WAIT_OBJECT_0)
            return FALSE;
    return TRUE;
}

static void EndWrite(void)
{
    ReleaseSemaphore(places, PLACES, NULL);
    ReleaseMutex(writer_lock);
}

static int Reader(void)
{
    int round, i;
    for (round = 0; round < ROUNDS; ++round) {
        LONG now, most;
        if (!BeginRead())
            return 1;
        now = InterlockedIncrement(&book->reading);
        while (now > (most = book->most_reading))
            InterlockedCompareExchange(&book->most_reading, now, most);
        for (i = 0; i < NAMES; ++i)
            if (book->numbers[i] != book->edition * NAMES + i)
                InterlockedIncrement(&book->torn);
        InterlockedDecrement(&book->reading);
        EndRead();
    }
    return 0;
}

static int Writer(void)
{
    int round, i;
    for (round = 0; round < ROUNDS; ++round) {
        if (!BeginWrite())
            return 1;
        if (book->reading != 0)
            InterlockedIncrement(&book->torn);
        ++book->edition;
        for (i = 0; i < NAMES; ++i) {
            book->numbers[i] = book->edition * NAMES + i;
            if (i == NAMES / 2)
                Sleep(0);
        }
        EndWrite();
    }
    return 0;
}

static HANDLE Start(const char *role)
{
    char program[MAX_PATH], line[MAX_PATH + 40];
    STARTUPINFOA startup;
    PROCESS_INFORMATION child;

    GetModuleFileNameA(NULL, program, MAX_PATH);
    sprintf(line, "\"%s\" %s", program, role);
    ZeroMemory(&startup, sizeof(startup));
    startup.cb = sizeof(startup);
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child))
        return NULL;
    CloseHandle(child.hThread);
    return child.hProcess;
}

int main(int argc, char *argv[])
{
    HANDLE memory, clients[READERS + WRITERS];
    DWORD code, failures = 0;
    int i;

    writer_lock = CreateMutexA(NULL, FALSE, "phone_book.writer");
    places = CreateSemaphoreA(NULL, PLACES, PLACES, "phone_book.places");
    start = CreateEventA(NULL, TRUE, FALSE, "phone_book.start");
    memory = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(BOOK), "phone_book.memory");
    book = memory == NULL ? NULL : (BOOK *)MapViewOfFile(memory, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (writer_lock == NULL || places == NULL || start == NULL || book == NULL)
        return 1;
    if (argc == 2) {
        WaitForSingleObject(start, 60000);
        return strcmp(argv[1], "reader") == 0 ? Reader() : Writer();
    }

    for (i = 0; i < NAMES; ++i)
        book->numbers[i] = i;
    for (i = 0; i < READERS + WRITERS; ++i)
        clients[i] = Start(i < READERS ? "reader" : "writer");
    SetEvent(start);
    printf("all clients: %lu\n", (unsigned long)WaitForMultipleObjects(READERS + WRITERS, clients, TRUE, 120000));
    for (i = 0; i < READERS + WRITERS; ++i) {
        GetExitCodeProcess(clients[i], &code);
        failures += code;
        CloseHandle(clients[i]);
    }
    printf("edition %ld, torn reads %ld, failures %lu\n", (long)book->edition, (long)book->torn,
           (unsigned long)failures);
    printf("never more readers than places: %s\n",
           book->most_reading <= PLACES && book->reading == 0 ? "right" : "wrong");
    UnmapViewOfFile(book);
    CloseHandle(memory);
    CloseHandle(start);
    CloseHandle(places);
    CloseHandle(writer_lock);
    return 0;
}
