/* pipe_threads.c - an anonymous pipe between threads: lines go in at one end, words are counted at the other. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define LINES 200

static HANDLE read_end, write_end;

static DWORD WINAPI Writer(LPVOID parameter)
{
    char line[64];
    DWORD written, length;
    int i;
    UNREFERENCED_PARAMETER(parameter);
    for (i = 0; i < LINES; ++i) {
        length = (DWORD)sprintf(line, "line %d of the writer\n", i);
        if (!WriteFile(write_end, line, length, &written, NULL) || written != length)
            return 1;
    }
    CloseHandle(write_end); /* the reader gets the end of the data */
    return 0;
}

typedef struct {
    int lines, words, in_order;
    size_t bytes;
} COUNTS;

static void Count(COUNTS *counts, char *line)
{
    int number = -1;
    char *word;
    counts->in_order += sscanf(line, "line %d", &number) == 1 && number == counts->lines;
    ++counts->lines;
    for (word = strtok(line, " "); word != NULL; word = strtok(NULL, " "))
        ++counts->words;
}

int main(void)
{
    char buffer[50], line[64]; /* the buffer is cut anywhere in the lines */
    size_t used = 0;
    COUNTS counts = {0, 0, 0, 0};
    HANDLE thread, other_read, other_write;
    DWORD got, i, code, error;

    if (!CreatePipe(&read_end, &write_end, NULL, 0))
        return 1;
    printf("it is a pipe: %s\n", GetFileType(read_end) == FILE_TYPE_PIPE ? "yes" : "no");
    thread = CreateThread(NULL, 0, Writer, NULL, 0, NULL);
    while (ReadFile(read_end, buffer, sizeof(buffer), &got, NULL) && got > 0) {
        counts.bytes += got;
        for (i = 0; i < got; ++i) {
            if (buffer[i] != '\n') {
                line[used++] = buffer[i];
                continue;
            }
            line[used] = 0;
            Count(&counts, line);
            used = 0;
        }
    }
    error = GetLastError();
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    printf("the writer ended with %lu, the reader with %s\n", (unsigned long)code,
           error == ERROR_BROKEN_PIPE ? "ERROR_BROKEN_PIPE" : "another error");
    printf("%d lines, %d words, %lu bytes, in order: %d\n", counts.lines, counts.words, (unsigned long)counts.bytes,
           counts.in_order);
    CloseHandle(thread);
    CloseHandle(read_end);

    /* Nobody reads: writing fails. */
    if (!CreatePipe(&other_read, &other_write, NULL, 0))
        return 1;
    CloseHandle(other_read);
    if (!WriteFile(other_write, "x", 1, &got, NULL))
        printf("writing to nobody: %s\n", GetLastError() == ERROR_NO_DATA || GetLastError() == ERROR_BROKEN_PIPE
                                              ? "refused" : "another error");
    CloseHandle(other_write);
    return 0;
}
