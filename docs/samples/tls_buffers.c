/* tls_buffers.c - thread local storage: a function returns a text in a buffer, and each thread has its own.
 *
 * The slot holds a pointer for each thread, NULL at first; who put something there has to free it.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define THREADS 4
#define BUFFER 64

static DWORD slot;
static HANDLE all_have_written;
static volatile LONG waiting;
static const char *results[THREADS];
static char copies[THREADS][BUFFER];

/* The text stays until this thread calls again. */
static const char *Greeting(int number)
{
    char *buffer = (char *)TlsGetValue(slot);
    if (buffer == NULL) {
        if (GetLastError() != ERROR_SUCCESS)
            return "no slot";
        buffer = (char *)LocalAlloc(LPTR, BUFFER);
        if (buffer == NULL || !TlsSetValue(slot, buffer))
            return "no buffer";
    }
    sprintf(buffer, "thread %d says hello", number);
    return buffer;
}

static DWORD WINAPI Speaker(LPVOID parameter)
{
    int number = (int)(INT_PTR)parameter;
    const char *first = Greeting(number);

    if (InterlockedIncrement(&waiting) == THREADS)
        SetEvent(all_have_written);
    WaitForSingleObject(all_have_written, INFINITE); /* by now everybody has used his buffer */
    results[number] = first;
    strcpy(copies[number], first);
    LocalFree(TlsGetValue(slot));
    return 0;
}

int main(void)
{
    HANDLE threads[THREADS];
    DWORD id, more[100];
    int i, j, same = 0, got = 0, distinct = 1;

    slot = TlsAlloc();
    if (slot == TLS_OUT_OF_INDEXES)
        return 1;
    all_have_written = CreateEvent(NULL, TRUE, FALSE, NULL);
    for (i = 0; i < THREADS; ++i)
        threads[i] = CreateThread(NULL, 0, Speaker, (LPVOID)(INT_PTR)i, 0, &id);
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    for (i = 0; i < THREADS; ++i) {
        puts(copies[i]);
        for (j = 0; j < i; ++j)
            same += results[i] == results[j];
        CloseHandle(threads[i]);
    }
    printf("buffers that two threads shared: %d\n", same);

    SetLastError(ERROR_INVALID_DATA);
    printf("this thread has %s", TlsGetValue(slot) == NULL ? "nothing" : "something");
    printf(", and that is no error: %lu\n", (unsigned long)GetLastError());
    printf("%s\n", Greeting(99));
    LocalFree(TlsGetValue(slot));

    for (i = 0; i < 100; ++i) {
        more[i] = TlsAlloc();
        if (more[i] == TLS_OUT_OF_INDEXES)
            break;
        ++got;
        for (j = 0; j < i; ++j)
            if (more[i] == more[j])
                distinct = 0;
        TlsSetValue(more[i], &more[i]);
    }
    for (i = 0; i < got; ++i) {
        if (TlsGetValue(more[i]) != &more[i])
            distinct = 0;
        TlsFree(more[i]);
    }
    printf("%d more slots, each for itself: %s\n", got, distinct ? "yes" : "no");
    TlsFree(slot);
    CloseHandle(all_have_written);
    return 0;
}
