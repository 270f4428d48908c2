/* interlocked_counter.c - the Interlocked functions: counters, flags, a spin lock and a list without a lock. */
#include <windows.h>
#include <stdio.h>

#define THREADS 4
#define ROUNDS 20000
#define NODES 500

typedef struct NODE {
    struct NODE *next;
    LONG value;
} NODE;

static volatile LONG up, down, plain_turn;
static volatile LONGLONG wide;
static LONG guarded; /* by the spin lock */
static volatile LONG bits;
static NODE *volatile head;
static NODE nodes[THREADS][NODES];

static void Push(NODE *node)
{
    NODE *seen;
    do {
        seen = head;
        node->next = seen;
    } while (InterlockedCompareExchangePointer((PVOID volatile *)&head, node, seen) != seen);
}

static DWORD WINAPI Worker(LPVOID parameter)
{
    LONG own = (LONG)(LONG_PTR)parameter, i;
    for (i = 0; i < ROUNDS; ++i) {
        InterlockedIncrement(&up);
        InterlockedDecrement(&down);
        InterlockedExchangeAdd64(&wide, 0x100000000LL + 1);
        if (i % 10 == 0) {
            while (InterlockedExchange(&plain_turn, 1) != 0)
                SwitchToThread();
            ++guarded;
            InterlockedExchange(&plain_turn, 0);
        }
    }
    for (i = 0; i < NODES; ++i) {
        nodes[own][i].value = own * NODES + i;
        Push(&nodes[own][i]);
    }
    InterlockedOr(&bits, 1L << own);
    return 0;
}

int main(void)
{
    HANDLE threads[THREADS];
    LONG count = 0, sum = 0, value = 10, before;
    LONGLONG wide_value = 1;
    NODE *node;
    DWORD id;
    int i;

    for (i = 0; i < THREADS; ++i)
        threads[i] = CreateThread(NULL, 0, Worker, (LPVOID)(LONG_PTR)i, 0, &id);
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    for (i = 0; i < THREADS; ++i)
        CloseHandle(threads[i]);
    printf("up %ld, down %ld, guarded %ld\n", (long)up, (long)down, (long)guarded);
    printf("64 bits: %lu and %lu\n", (unsigned long)(wide >> 32), (unsigned long)(wide & 0xFFFFFFFF));
    for (node = head; node != NULL; node = node->next) {
        ++count;
        sum += node->value;
    }
    printf("%ld nodes, sum %ld, who was there: %#lx\n", (long)count, (long)sum, (unsigned long)bits);

    /* What the functions return: the new value, or the one before. */
    before = InterlockedIncrement(&value);
    printf("increment %ld -> %ld\n", (long)before, (long)value);
    before = InterlockedExchangeAdd(&value, 5);
    printf("add %ld -> %ld\n", (long)before, (long)value);
    before = InterlockedExchange(&value, 100);
    printf("exchange %ld -> %ld\n", (long)before, (long)value);
    before = InterlockedCompareExchange(&value, 1, 99);
    printf("compare with 99: %ld -> %ld\n", (long)before, (long)value);
    before = InterlockedCompareExchange(&value, 1, 100);
    printf("compare with 100: %ld -> %ld\n", (long)before, (long)value);
    before = InterlockedOr(&value, 6);
    printf("or %ld -> %ld\n", (long)before, (long)value);
    before = InterlockedAnd(&value, 3);
    printf("and %ld -> %ld\n", (long)before, (long)value);
    before = InterlockedXor(&value, 1);
    printf("xor %ld -> %ld\n", (long)before, (long)value);
    printf("bit 4 was %d", (int)InterlockedBitTestAndSet(&value, 4));
    printf(", then %d", (int)InterlockedBitTestAndReset(&value, 4));
    printf(" -> %ld\n", (long)value);
    wide_value = InterlockedCompareExchange64(&wide_value, 0x123456789LL, 1);
    printf("64 bits before: %ld\n", (long)wide_value);
    MemoryBarrier();
    return 0;
}
