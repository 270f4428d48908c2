/* barrier_phases.c - a barrier made of a condition variable: threads that compute in phases, nobody a phase ahead.
 *
 * Each phase, every cell becomes the sum of its neighbours of the phase before. The last thread to come swaps the
 * tables while the others wait. The barrier counts its generations, so that a thread that is quick into the next phase
 * cannot slip through the last one.
 */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <stdio.h>

#define THREADS 4
#define CELLS 16
#define PHASES 12

typedef struct {
    CRITICAL_SECTION lock;
    CONDITION_VARIABLE all_here;
    int expected, here;
    LONG generation;
} BARRIER;

static void InitializeBarrier(BARRIER *barrier, int threads)
{
    InitializeCriticalSection(&barrier->lock);
    InitializeConditionVariable(&barrier->all_here);
    barrier->expected = threads;
    barrier->here = 0;
    barrier->generation = 0;
}

/* TRUE in the thread that comes last; it has called `step` before the others go on. */
static BOOL EnterBarrier(BARRIER *barrier, void (*step)(void))
{
    BOOL last;
    EnterCriticalSection(&barrier->lock);
    last = ++barrier->here == barrier->expected;
    if (last) {
        step();
        barrier->here = 0;
        ++barrier->generation;
        WakeAllConditionVariable(&barrier->all_here);
    } else {
        LONG generation = barrier->generation;
        while (generation == barrier->generation)
            SleepConditionVariableCS(&barrier->all_here, &barrier->lock, INFINITE);
    }
    LeaveCriticalSection(&barrier->lock);
    return last;
}

static BARRIER barrier;
static ULONG tables[2][CELLS];
static ULONG *current = tables[0], *next = tables[1];
static volatile LONG last[PHASES];

static void Swap(void)
{
    ULONG *now = next;
    next = current;
    current = now;
}

static DWORD WINAPI Worker(LPVOID parameter)
{
    int own = (int)(INT_PTR)parameter, phase, i;
    for (phase = 0; phase < PHASES; ++phase) {
        for (i = own; i < CELLS; i += THREADS)
            next[i] = current[(i + CELLS - 1) % CELLS] + current[(i + 1) % CELLS];
        if (EnterBarrier(&barrier, Swap))
            InterlockedIncrement(&last[phase]);
    }
    return 0;
}

int main(void)
{
    HANDLE threads[THREADS];
    ULONG alone[2][CELLS];
    int phase, i, wrong = 0, right = 0;
    DWORD id;

    ZeroMemory(alone, sizeof(alone));
    tables[0][0] = alone[0][0] = 1;
    InitializeBarrier(&barrier, THREADS);
    for (i = 0; i < THREADS; ++i)
        threads[i] = CreateThread(NULL, 0, Worker, (LPVOID)(INT_PTR)i, 0, &id);
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);

    /* The same without threads. */
    for (phase = 0; phase < PHASES; ++phase) {
        ULONG *from = alone[phase % 2], *to = alone[(phase + 1) % 2];
        for (i = 0; i < CELLS; ++i)
            to[i] = from[(i + CELLS - 1) % CELLS] + from[(i + 1) % CELLS];
        right += last[phase] == 1;
    }
    for (i = 0; i < CELLS; ++i) {
        printf("%lu ", (unsigned long)current[i]);
        wrong += current[i] != alone[PHASES % 2][i];
    }
    printf("\n%d cells differ from what one thread computes\n", wrong);
    printf("%d of %d phases had exactly one last thread, generation %ld\n", right, PHASES, (long)barrier.generation);
    for (i = 0; i < THREADS; ++i)
        CloseHandle(threads[i]);
    DeleteCriticalSection(&barrier.lock);
    return 0;
}
