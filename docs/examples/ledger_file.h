/* ledger_file.h - the ledger on disk: lines of fixed length, read and written by the owner of the mutex.
 *
 * Purpose     The file format of ledger.c, in standard C. Knows nothing of processes, mutexes or who may do what.
 * Layout      Text in lines of 64 characters: a header, the accounts, then the journal.
 *               ledger 8 accounts 6 workers turn 1 gone ......
 *               account 0 balance 1000000
 *               transfer w3 000123 from 2 to 5 amount  40 had 1000000 1000000 +
 *               audit w3 after 000200 sum    8000000
 * Crash       A transfer is written in this order, each step flushed: journal line with '?', one balance, the other
 *             balance, '+' over the '?'. The journal line holds both old balances: whoever finds a '?' can put them
 *             back, and marks the line '-'. What has been flushed survives the death of the process (not a power cut).
 * Errors      The including program has fail(), which does not return.
 */
#ifndef LEDGER_FILE_H
#define LEDGER_FILE_H

#include <stdio.h>

enum { LINE = 64, ACCOUNTS = 8, MAX_WORKERS = 9, FIRST_ENTRY = 1 + ACCOUNTS };

typedef struct { int worker, from, to; long number, amount, had_from, had_to; char mark; } Entry;
typedef struct { int workers, turn; char gone[MAX_WORKERS + 1]; } Header;    /* gone: '.' or 'x' for each worker */

void fail(const char *what);

/* Opened anew for each transfer: nothing that another worker has written since can hide behind a buffer of ours. */
static FILE *open_ledger(const char *path)
{
    FILE *file = fopen(path, "r+b");

    if (!file) {
        fail("cannot open the ledger");
    }
    return file;
}

static void read_line(FILE *file, long index, char line[LINE + 1])
{
    if (fseek(file, index * LINE, SEEK_SET) || fread(line, LINE, 1, file) != 1) {
        fail("cannot read the ledger");
    }
    line[LINE] = 0;
}

/* Pads to the full length and flushes: when this returns, the line survives the death of this process. */
static void write_line(FILE *file, long index, const char *text)
{
    char line[LINE + 1];

    snprintf(line, sizeof line, "%-*s\n", LINE - 1, text);
    if (fseek(file, index * LINE, SEEK_SET) || fwrite(line, LINE, 1, file) != 1 || fflush(file)) {
        fail("cannot write the ledger");
    }
}

/* Full lines only. What a dying worker left behind the last of them is no line and will be written over. */
static long count_lines(FILE *file)
{
    long bytes = -1;

    if (fseek(file, 0, SEEK_END) || (bytes = ftell(file)) < 0) {
        fail("cannot measure the ledger");
    }
    return bytes / LINE;
}

static Header read_header(FILE *file)
{
    char line[LINE + 1];
    Header header;

    read_line(file, 0, line);
    if (sscanf(line, "ledger %*d accounts %d workers turn %d gone %9s", &header.workers, &header.turn,
               header.gone) != 3) {
        fail("the header is damaged");
    }
    return header;
}

static void write_header(FILE *file, const Header *header)
{
    char text[2 * LINE];

    snprintf(text, sizeof text, "ledger %d accounts %d workers turn %d gone %s", ACCOUNTS, header->workers,
             header->turn, header->gone);
    write_line(file, 0, text);
}

static long read_balance(FILE *file, int account)
{
    char line[LINE + 1];
    long balance;

    read_line(file, 1 + account, line);
    if (sscanf(line, "account %*d balance %ld", &balance) != 1) {
        fail("an account is damaged");
    }
    return balance;
}

static void write_balance(FILE *file, int account, long balance)
{
    char text[2 * LINE];

    snprintf(text, sizeof text, "account %d balance %7ld", account, balance);
    write_line(file, 1 + account, text);
}

static void write_entry(FILE *file, long index, const Entry *e)
{
    char text[2 * LINE];

    snprintf(text, sizeof text, "transfer w%d %06ld from %d to %d amount %3ld had %7ld %7ld %c", e->worker, e->number,
             e->from, e->to, e->amount, e->had_from, e->had_to, e->mark);
    write_line(file, index, text);
}

static int read_entry(FILE *file, long index, Entry *e)
{
    char line[LINE + 1];

    read_line(file, index, line);
    return sscanf(line, "transfer w%d %ld from %d to %d amount %ld had %ld %ld %c", &e->worker, &e->number, &e->from,
                  &e->to, &e->amount, &e->had_from, &e->had_to, &e->mark) == 8;
}

#endif /* LEDGER_FILE_H */
