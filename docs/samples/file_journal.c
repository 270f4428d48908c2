/* file_journal.c - several threads append records to one file under a mutex; then it is read and changed. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define THREADS 3
#define RECORDS 40
#define WIDTH 16

static HANDLE file, mutex;

static DWORD WINAPI Writer(LPVOID parameter)
{
    int own = (int)(INT_PTR)parameter, i;
    char record[WIDTH + 1];
    DWORD written, position, end = 0;

    for (i = 0; i < RECORDS; ++i) {
        sprintf(record, "thread %d #%04d\n", own, i);
        record[WIDTH - 1] = '\n';
        WaitForSingleObject(mutex, INFINITE);
        position = SetFilePointer(file, 0, NULL, FILE_END);
        if (position == INVALID_SET_FILE_POINTER || position < end || position % WIDTH != 0)
            return 1;
        if (!WriteFile(file, record, WIDTH, &written, NULL) || written != WIDTH)
            return 2;
        end = position + written;
        ReleaseMutex(mutex);
    }
    return 0;
}

int main(void)
{
    HANDLE threads[THREADS], second;
    char record[WIDTH + 1] = "";
    int next[THREADS] = {0, 0, 0}, own, number, broken = 0, i;
    DWORD got, code, failures = 0;

    file = CreateFileA("journal.txt", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_NEW,
                       FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return 1;
    second = CreateFileA("journal.txt", GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_NEW, 0, NULL);
    printf("made a second time: %s\n",
           second == INVALID_HANDLE_VALUE && GetLastError() == ERROR_FILE_EXISTS ? "ERROR_FILE_EXISTS" : "?");
    mutex = CreateMutex(NULL, FALSE, NULL);
    for (i = 0; i < THREADS; ++i)
        threads[i] = CreateThread(NULL, 0, Writer, (LPVOID)(INT_PTR)i, 0, NULL);
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    for (i = 0; i < THREADS; ++i) {
        GetExitCodeThread(threads[i], &code);
        failures += code;
        CloseHandle(threads[i]);
    }
    printf("%d threads, failures %lu, %lu bytes\n", THREADS, (unsigned long)failures,
           (unsigned long)GetFileSize(file, NULL));

    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    for (i = 0; ReadFile(file, record, WIDTH, &got, NULL) && got == WIDTH; ++i)
        if (sscanf(record, "thread %d #%d", &own, &number) != 2 || own < 0 || own >= THREADS || number != next[own]++)
            ++broken;
    printf("%d records, broken or out of order: %d, at the end %lu bytes\n", i, broken, (unsigned long)got);

    /* A record in the middle is written anew, the last one is cut off. */
    SetFilePointer(file, 5 * WIDTH, NULL, FILE_BEGIN);
    WriteFile(file, "the sixth record", WIDTH, &got, NULL);
    SetFilePointer(file, -WIDTH, NULL, FILE_END);
    SetEndOfFile(file);
    FlushFileBuffers(file);
    CloseHandle(file);

    file = CreateFileA("journal.txt", GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    printf("opened again: %lu bytes, ", (unsigned long)GetFileSize(file, NULL));
    SetFilePointer(file, 5 * WIDTH, NULL, FILE_BEGIN);
    if (ReadFile(file, record, WIDTH, &got, NULL))
        printf("%.*s\n", (int)got, record);
    if (!WriteFile(file, "x", 1, &got, NULL))
        printf("writing without the right to: error %lu\n", (unsigned long)GetLastError());
    CloseHandle(file);
    printf("deleted: %s", DeleteFileA("journal.txt") ? "yes" : "no");
    printf(", again: %s\n", !DeleteFileA("journal.txt") && GetLastError() == ERROR_FILE_NOT_FOUND ? "not there" : "?");
    CloseHandle(mutex);
    return 0;
}
