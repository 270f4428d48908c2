/* critical_section_log.c - a critical section keeps the lines of a shared log whole.
 *
 * Several threads append lines of several pieces to one buffer. Entering is recursive: Append is called with the lock
 * held, and takes it again.
 */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define WRITERS 3
#define LINES 40

static CRITICAL_SECTION lock;
static char text[WRITERS * LINES * 16 + 1];
static size_t used;

static void Append(const char *piece)
{
    EnterCriticalSection(&lock);
    memcpy(text + used, piece, strlen(piece));
    used += strlen(piece);
    LeaveCriticalSection(&lock);
}

static DWORD WINAPI Writer(LPVOID parameter)
{
    const char *name = (const char *)parameter;
    char number[8];
    int i;
    for (i = 0; i < LINES; ++i) {
        EnterCriticalSection(&lock);
        Append(name);
        Append(" line ");
        sprintf(number, "%02d\n", i);
        if (i % 10 == 0)
            SwitchToThread();
        Append(number);
        LeaveCriticalSection(&lock);
    }
    return 0;
}

static DWORD WINAPI Tries(LPVOID parameter)
{
    UNREFERENCED_PARAMETER(parameter);
    if (!TryEnterCriticalSection(&lock))
        return 0;
    LeaveCriticalSection(&lock);
    return 1;
}

static DWORD TryInAnotherThread(void)
{
    DWORD id, code = 99;
    HANDLE thread = CreateThread(NULL, 0, Tries, NULL, 0, &id);
    if (thread == NULL)
        return code;
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

int main(void)
{
    static char names[WRITERS][4] = {"red", "tan", "sky"};
    int expected[WRITERS] = {0, 0, 0}, broken = 0, lines = 0, i, number;
    HANDLE threads[WRITERS];
    char *line, name[4];
    DWORD id;

    if (!InitializeCriticalSectionAndSpinCount(&lock, 400))
        return 1;
    for (i = 0; i < WRITERS; ++i) {
        threads[i] = CreateThread(NULL, 0, Writer, names[i], 0, &id);
        if (threads[i] == NULL)
            return 1;
    }
    WaitForMultipleObjects(WRITERS, threads, TRUE, INFINITE);

    for (line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"), ++lines) {
        if (sscanf(line, "%3s line %d", name, &number) != 2)
            ++broken;
        for (i = 0; i < WRITERS; ++i)
            if (strcmp(name, names[i]) == 0 && number != expected[i]++)
                ++broken;
    }
    printf("%d lines, %d of them broken or out of order\n", lines, broken);

    printf("free: another thread %s\n", TryInAnotherThread() ? "gets in" : "does not get in");
    EnterCriticalSection(&lock);
    EnterCriticalSection(&lock);
    LeaveCriticalSection(&lock);
    printf("entered twice, left once: another thread %s\n", TryInAnotherThread() ? "gets in" : "does not get in");
    printf("its owner %s\n", TryEnterCriticalSection(&lock) ? "gets in" : "does not get in");
    LeaveCriticalSection(&lock);
    LeaveCriticalSection(&lock);
    printf("left as often as entered: another thread %s\n", TryInAnotherThread() ? "gets in" : "does not get in");

    for (i = 0; i < WRITERS; ++i)
        CloseHandle(threads[i]);
    DeleteCriticalSection(&lock);
    return 0;
}
