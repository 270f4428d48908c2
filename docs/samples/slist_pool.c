/* slist_pool.c - an interlocked singly linked list as a pool of blocks that threads take and give back without a lock.
 *
 * Entries must be aligned to MEMORY_ALLOCATION_ALIGNMENT; HeapAlloc and static memory with padding give that here. A
 * block that two threads had at the same time would show: its owner field is exchanged, not just written.
 */
#include <windows.h>
#include <stdio.h>

#define BLOCKS 8
#define THREADS 4
#define ROUNDS 2000

typedef struct {
    SLIST_ENTRY entry; /* first, so that the entry's address is the block's */
    volatile LONG owner;
    LONG used;
} BLOCK;

static PSLIST_HEADER pool;
static volatile LONG doubled, empty;

static DWORD WINAPI Worker(LPVOID parameter)
{
    LONG own = (LONG)(LONG_PTR)parameter;
    int i;
    for (i = 0; i < ROUNDS; ++i) {
        BLOCK *block = (BLOCK *)InterlockedPopEntrySList(pool);
        if (block == NULL) {
            InterlockedIncrement(&empty);
            continue;
        }
        if (InterlockedExchange(&block->owner, own) != 0)
            InterlockedIncrement(&doubled);
        ++block->used;
        if (InterlockedExchange(&block->owner, 0) != own)
            InterlockedIncrement(&doubled);
        InterlockedPushEntrySList(pool, &block->entry);
    }
    return 0;
}

static BLOCK *NewBlock(void)
{
    BLOCK *block = (BLOCK *)HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(BLOCK));
    if (block != NULL && (ULONG_PTR)block % MEMORY_ALLOCATION_ALIGNMENT != 0)
        puts("a block is not aligned");
    return block;
}

int main(void)
{
    HANDLE threads[THREADS];
    PSLIST_ENTRY entry;
    LONG used = 0;
    DWORD id;
    int i, blocks = 0;

    pool = (PSLIST_HEADER)HeapAlloc(GetProcessHeap(), 0, sizeof(SLIST_HEADER));
    if (pool == NULL)
        return 1;
    InitializeSListHead(pool);
    printf("a new list: %s, depth %u\n", InterlockedPopEntrySList(pool) == NULL ? "empty" : "?",
           (unsigned)QueryDepthSList(pool));

    for (i = 0; i < BLOCKS; ++i) {
        BLOCK *block = NewBlock();
        PSLIST_ENTRY before = InterlockedPushEntrySList(pool, &block->entry);
        if ((before == NULL) != (i == 0))
            puts("the entry before is wrong");
    }
    printf("%d blocks pushed: depth %u\n", BLOCKS, (unsigned)QueryDepthSList(pool));

    for (i = 0; i < THREADS; ++i)
        threads[i] = CreateThread(NULL, 0, Worker, (LPVOID)(LONG_PTR)(i + 1), 0, &id);
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    printf("in two hands at once: %ld, found empty: %ld\n", (long)doubled, (long)empty);

    for (entry = InterlockedFlushSList(pool); entry != NULL; ++blocks) {
        BLOCK *block = (BLOCK *)entry;
        entry = entry->Next;
        used += block->used;
        HeapFree(GetProcessHeap(), 0, block);
    }
    printf("flushed: %d blocks, used %ld times, depth %u\n", blocks, (long)used, (unsigned)QueryDepthSList(pool));
    for (i = 0; i < THREADS; ++i)
        CloseHandle(threads[i]);
    HeapFree(GetProcessHeap(), 0, pool);
    return 0;
}
