/* producer_consumer.c - producers and consumers in processes of their own, with a ring buffer in named shared memory.
 *
 * Everything is found by its name: the memory, two semaphores that count free and full places, and a mutex for the
 * indices. The parent starts two producers and two consumers and adds up what arrived.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 8
#define ITEMS 200 /* of each producer */
#define PRODUCERS 2
#define CONSUMERS 2

typedef struct {
    LONG first, next;
    LONG items[ROOM];
    LONG consumed;
    LONGLONG sum;
    LONG seen[PRODUCERS * ITEMS];
} SHARED;

static HANDLE mutex, free_places, full_places, memory;
static SHARED *shared;

static BOOL Connect(void)
{
    mutex = CreateMutexA(NULL, FALSE, "producer_consumer.mutex");
    free_places = CreateSemaphoreA(NULL, ROOM, ROOM, "producer_consumer.free");
    full_places = CreateSemaphoreA(NULL, 0, ROOM, "producer_consumer.full");
    memory = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(SHARED),
                                "producer_consumer.memory");
    if (mutex == NULL || free_places == NULL || full_places == NULL || memory == NULL)
        return FALSE;
    shared = (SHARED *)MapViewOfFile(memory, FILE_MAP_ALL_ACCESS, 0, 0, sizeof(SHARED));
    return shared != NULL;
}

static BOOL Put(LONG item)
{
    if (WaitForSingleObject(free_places, 60000) != WAIT_OBJECT_0 || WaitForSingleObject(mutex, 60000) != WAIT_OBJECT_0)
        return FALSE;
    shared->items[shared->next] = item;
    shared->next = (shared->next + 1) % ROOM;
    return ReleaseMutex(mutex) && ReleaseSemaphore(full_places, 1, NULL);
}

static int Produce(LONG number)
{
    LONG i;
    for (i = 0; i < ITEMS; ++i)
        if (!Put(number * ITEMS + i))
            return 1;
    return 0;
}

static int Consume(void)
{
    for (;;) {
        LONG item;
        if (WaitForSingleObject(full_places, 60000) != WAIT_OBJECT_0 ||
            WaitForSingleObject(mutex, 60000) != WAIT_OBJECT_0)
            return 1;
        item = shared->items[shared->first];
        shared->first = (shared->first + 1) % ROOM;
        if (item >= 0) {
            ++shared->seen[item];
            ++shared->consumed;
            shared->sum += item;
        }
        ReleaseMutex(mutex);
        ReleaseSemaphore(free_places, 1, NULL);
        if (item < 0)
            return 0; /* the sign to stop: one for each consumer */
    }
}

static HANDLE Start(const char *role, int number)
{
    char program[MAX_PATH], line[MAX_PATH + 40];
    STARTUPINFOA startup;
    PROCESS_INFORMATION child;

    GetModuleFileNameA(NULL, program, MAX_PATH);
    sprintf(line, "\"%s\" %s %d", program, role, number);
    ZeroMemory(&startup, sizeof(startup));
    startup.cb = sizeof(startup);
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child))
        return NULL;
    CloseHandle(child.hThread);
    return child.hProcess;
}

int main(int argc, char *argv[])
{
    HANDLE producers[PRODUCERS], consumers[CONSUMERS];
    DWORD code, failures = 0;
    int i, once = 0;

    if (!Connect()) {
        printf("no shared memory: error %lu\n", (unsigned long)GetLastError());
        return 1;
    }
    if (argc == 3)
        return strcmp(argv[1], "produce") == 0 ? Produce(atoi(argv[2])) : Consume();

    for (i = 0; i < CONSUMERS; ++i)
        consumers[i] = Start("consume", i);
    for (i = 0; i < PRODUCERS; ++i)
        producers[i] = Start("produce", i);
    printf("producers: %lu\n", (unsigned long)WaitForMultipleObjects(PRODUCERS, producers, TRUE, 60000));
    for (i = 0; i < CONSUMERS; ++i)
        Put(-1);
    printf("consumers: %lu\n", (unsigned long)WaitForMultipleObjects(CONSUMERS, consumers, TRUE, 60000));
    for (i = 0; i < PRODUCERS + CONSUMERS; ++i) {
        HANDLE process = i < PRODUCERS ? producers[i] : consumers[i - PRODUCERS];
        GetExitCodeProcess(process, &code);
        failures += code;
        CloseHandle(process);
    }
    for (i = 0; i < PRODUCERS * ITEMS; ++i)
        once += shared->seen[i] == 1;
    printf("%ld items, %d of them exactly once, sum %ld, failures %lu\n", (long)shared->consumed, once,
           (long)shared->sum, (unsigned long)failures);
    UnmapViewOfFile(shared);
    CloseHandle(memory);
    CloseHandle(full_places);
    CloseHandle(free_places);
    CloseHandle(mutex);
    return 0;
}
