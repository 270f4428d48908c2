/* ledger.c - one worker: moves money between the accounts of a ledger file that several processes share.
 *
 * Purpose     What a Win32 program does with a named mutex and named events, and nothing else: only <windows.h> and
 *             standard C, so that the same file is a Windows program. docs/examples/scene.cpp makes the ledger, starts
 *             the workers, kills one of them and checks what they have written.
 * Use         ledger FILE WORKER WORKERS TRANSFERS ROUND [halt-at N | without-mutex | without-repair]
 *             WORKER counts from 1. After each ROUND transfers, and after the last one, the workers take turns at an
 *             audit. halt-at: stop for ever in the middle of transfer N (to be killed there). without-mutex: leave the
 *             mutex out of the first transfer. without-repair: take over from a dead owner and repair nothing. The last
 *             two exist so that the scene can show that it notices.
 * Who holds   The mutex guards the whole file. `turn` in the header is the truth about whose audit is next; the event
 * what        of that worker only tells it to look. A turn is passed on by the owner of the mutex alone.
 * Crash       A worker may be killed in the middle of a transfer: the next owner of the mutex sees WAIT_ABANDONED,
 *             learns from the journal who died, rolls the transfer back and passes on the turn if it was the dead
 *             one's. A worker that dies between transfers damages nothing, but its turn at the audit waits for it.
 */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ledger_file.h"

enum { TURN_LOOK_MS = 1000 };                      /* how often somebody who waits for a turn looks for the dead */

static const char *path;
static int self, workers;
static long transfers, round_length, halt_at;
static int without_mutex, without_repair;

static HANDLE mutex, owner_died, half_done, turn_of[MAX_WORKERS + 1];        /* turn_of counts from 1 */
static long waits, abandoned;
static long long *lock_ns;                         /* of each transfer: its WaitForSingleObject and ReleaseMutex */

void fail(const char *what)
{
    fprintf(stderr, "ledger: worker %d: %s (last error %lu)\n", self, what, (unsigned long)GetLastError());
    exit(1);
}

static long long now_ns(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* ---- the objects ----------------------------------------------------------------------------------------------- */

/* The function of the page "Interprocess Synchronization": every process makes the mutex, the first one really does. */
static HANDLE MakeMyMutex(void)
{
    HANDLE hMutex;

    hMutex = CreateMutex(NULL, FALSE, TEXT("MutexToProtectDatabase"));

    if (NULL == hMutex) {
        fail("cannot make the mutex");
    }
    if (GetLastError() == ERROR_ALREADY_EXISTS) {
        /* Another worker was first. It does not matter who. */
    }
    return hMutex;
}

static HANDLE make_event(const char *what, int worker, BOOL manual_reset)
{
    char name[64];
    HANDLE event;

    snprintf(name, sizeof name, worker ? "Ledger%s-%d" : "Ledger%s", what, worker);
    event = CreateEventA(NULL, manual_reset, FALSE, name);
    if (NULL == event) {
        fail(name);
    }
    return event;
}

/* ---- owning the ledger ----------------------------------------------------------------------------------------- */

/* Needs the mutex. The event is set before the mutex is free, so the next in turn can have both in one wait. */
static void pass_turn_on(FILE *file, Header *header)
{
    do {
        header->turn = header->turn % header->workers + 1;
    } while (header->gone[header->turn - 1] == 'x');
    write_header(file, header);
    if (!SetEvent(turn_of[header->turn])) {
        fail("cannot pass the turn on");
    }
}

/* The last owner died. Needs the mutex. May itself be cut short by a death: the next repair finds the '?' again. */
static void repair(void)
{
    FILE *file;
    long last;
    Entry open;
    Header header;

    ++abandoned;
    SetEvent(owner_died);
    file = open_ledger(path);
    last = count_lines(file) - 1;
    if (last >= FIRST_ENTRY && read_entry(file, last, &open) && open.mark == '?') {
        header = read_header(file);
        if (header.gone[open.worker - 1] != 'x') {
            header.gone[open.worker - 1] = 'x';
            if (header.turn == open.worker) {
                pass_turn_on(file, &header);
            } else {
                write_header(file, &header);
            }
        }
        if (!without_repair) {
            write_balance(file, open.from, open.had_from);
            write_balance(file, open.to, open.had_to);
            open.mark = '-';
            write_entry(file, last, &open);
        }
    }
    fclose(file);
}

static void take_ledger(void)
{
    DWORD result = WaitForSingleObject(mutex, INFINITE);

    ++waits;
    if (result == WAIT_ABANDONED) {
        repair();
    } else if (result != WAIT_OBJECT_0) {
        fail("cannot wait for the mutex");
    }
}

static void give_ledger(void)
{
    if (!ReleaseMutex(mutex)) {
        fail("cannot release the mutex");
    }
}

/* ---- the work -------------------------------------------------------------------------------------------------- */

/* What the mutex prevents, made certain: act on what was read only after somebody else has written. */
static void wait_until_overtaken(FILE *file, long lines)
{
    int patience = 10000;

    while (count_lines(file) == lines && --patience) {
        Sleep(1);
    }
}

static void write_transfer(long number, int from, int to, long amount)
{
    FILE *file = open_ledger(path);
    long index = count_lines(file);
    Entry entry = {self, from, to, number, amount, read_balance(file, from), read_balance(file, to), '?'};

    if (without_mutex && number == 1) {
        wait_until_overtaken(file, index);
    }
    write_entry(file, index, &entry);
    write_balance(file, from, entry.had_from - amount);
    if (number == halt_at) {
        SetEvent(half_done);
        WaitForSingleObject(make_event("Never", 0, TRUE), INFINITE);
    }
    write_balance(file, to, entry.had_to + amount);
    entry.mark = '+';
    write_entry(file, index, &entry);
    fclose(file);
}

static void transfer(long number)
{
    int from = rand() % ACCOUNTS;
    int to = (from + 1 + rand() % (ACCOUNTS - 1)) % ACCOUNTS;
    long amount = 1 + rand() % 100;
    long long start = now_ns();

    if (without_mutex && number == 1) {
        write_transfer(number, from, to, amount);
        return;
    }
    take_ledger();
    lock_ns[number - 1] = now_ns() - start;
    write_transfer(number, from, to, amount);
    start = now_ns();
    give_ledger();
    lock_ns[number - 1] += now_ns() - start;
}

/* Waits for the turn and the mutex together: nobody can hold the turn without the ledger, so it cannot die with it.
 * If everybody waited like this when an owner dies, nobody would be given the mutex: so look now and then. */
static void take_turn(void)
{
    HANDLE both[2];
    DWORD result;

    both[0] = mutex;
    both[1] = turn_of[self];
    while ((result = WaitForMultipleObjects(2, both, TRUE, TURN_LOOK_MS)) == WAIT_TIMEOUT) {
        ++waits;
        take_ledger();
        give_ledger();
    }
    ++waits;
    if (result >= WAIT_ABANDONED_0 && result < WAIT_ABANDONED_0 + 2) {
        repair();
    } else if (result >= WAIT_OBJECT_0 + 2) {
        fail("cannot wait for my turn");
    }
}

static void audit(long number)
{
    FILE *file;
    Header header;
    char text[2 * LINE];
    long sum = 0;
    int account;

    take_turn();
    file = open_ledger(path);
    for (account = 0; account < ACCOUNTS; ++account) {
        sum += read_balance(file, account);
    }
    snprintf(text, sizeof text, "audit w%d after %06ld sum %10ld", self, number, sum);
    write_line(file, count_lines(file), text);
    header = read_header(file);
    if (header.turn != self) {
        fail("was given a turn that is not mine");
    }
    pass_turn_on(file, &header);
    fclose(file);
    give_ledger();
}

/* Wait + ReleaseMutex while nobody else wants the mutex: the best of some batches, the others were interrupted. */
static long free_lock_ns(void)
{
    HANDLE mine = CreateMutex(NULL, FALSE, NULL);
    long long best = -1;
    int batch, i;

    for (batch = 0; batch < 20; ++batch) {
        long long start = now_ns();
        for (i = 0; i < 1000; ++i) {
            if (WaitForSingleObject(mine, INFINITE) != WAIT_OBJECT_0 || !ReleaseMutex(mine)) {
                fail("cannot lock a mutex of my own");
            }
        }
        start = now_ns() - start;
        if (best < 0 || start < best) {
            best = start;
        }
    }
    CloseHandle(mine);
    return (long)(best / 1000);
}

static int by_size(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;

    return (x > y) - (x < y);
}

/* The middle one: the pause before the kill, which somebody has to wait out, is not the price of a lock. */
static long long median_lock_ns(void)
{
    qsort(lock_ns, (size_t)transfers, sizeof *lock_ns, by_size);
    return lock_ns[transfers / 2];
}

static void read_arguments(int count, char **argument)
{
    const char *mode = count > 6 ? argument[6] : "";

    if (count < 6) {
        fprintf(stderr, "usage: ledger FILE WORKER WORKERS TRANSFERS ROUND "
                        "[halt-at N | without-mutex | without-repair]\n");
        exit(2);
    }
    path = argument[1];
    self = atoi(argument[2]);
    workers = atoi(argument[3]);
    transfers = atol(argument[4]);
    round_length = atol(argument[5]);
    halt_at = !strcmp(mode, "halt-at") && count > 7 ? atol(argument[7]) : 0;
    without_mutex = !strcmp(mode, "without-mutex");
    without_repair = !strcmp(mode, "without-repair");
    if (workers < 1 || workers > MAX_WORKERS || self < 1 || self > workers || transfers < 1 || round_length < 1) {
        fail("the numbers make no sense");
    }
}

int main(int count, char **argument)
{
    HANDLE gate, ready;
    long number, free_ns;
    int worker;

    read_arguments(count, argument);
    srand((unsigned)self);
    lock_ns = calloc((size_t)transfers, sizeof *lock_ns);
    if (!lock_ns) {
        fail("no memory");
    }
    mutex = MakeMyMutex();
    gate = make_event("Gate", 0, TRUE);
    ready = make_event("Ready", self, FALSE);
    owner_died = make_event("OwnerDied", 0, FALSE);
    half_done = make_event("HalfDone", 0, FALSE);
    for (worker = 1; worker <= workers; ++worker) {
        turn_of[worker] = make_event("Turn", worker, FALSE);
    }
    free_ns = free_lock_ns();

    SetEvent(ready);
    if (WaitForSingleObject(gate, INFINITE) != WAIT_OBJECT_0) {
        fail("cannot wait for the gate");
    }
    ++waits;
    for (number = 1; number <= transfers; ++number) {
        transfer(number);
        if (number % round_length == 0 || number == transfers) {
            audit(number);
        }
    }
    printf("result worker %d transfers %ld waits %ld abandoned %ld lock_ns %lld free_ns %ld\n", self, transfers, waits,
           abandoned, median_lock_ns(), free_ns);
    return 0;
}
