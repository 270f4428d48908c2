/* winpr.c - a program written for WinPR: what it has of its own, and what it gets from winshim.
 *
 * Built against WinPR's headers and linked to its library. test_preload_winpr.sh runs each part with that library alone
 * and with winshim preloaded. `own` is what must be the same; `new` what must not. */
#include <winpr/collections.h>
#include <winpr/crt.h>
#include <winpr/environment.h>
#include <winpr/file.h>
#include <winpr/handle.h>
#include <winpr/interlocked.h>
#include <winpr/io.h>
#include <winpr/path.h>
#include <winpr/pipe.h>
#include <winpr/pool.h>
#include <winpr/security.h>
#include <winpr/string.h>
#include <winpr/synch.h>
#include <winpr/sysinfo.h>
#include <winpr/thread.h>
#include <winpr/winsock.h>

#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sizes.h"

/* ---- its own ---------- */

static void descriptors(void)
{
    int pair[2];
    char byte;
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    HANDLE readable = CreateFileDescriptorEventA(NULL, TRUE, FALSE, pair[0], WINPR_FD_READ);
    printf("quiet %u\n", WaitForSingleObject(readable, 0));
    (void)!write(pair[1], "x", 1);
    printf("readable %u", WaitForSingleObject(readable, 1000));
    printf(", its descriptor %d\n", GetEventFileDescriptor(readable) == pair[0]);

    /* As FreeRDP does with the socket of a connection. */
    HANDLE tied = WSACreateEvent();
    printf("tied %d", WSAEventSelect((SOCKET)pair[0], tied, FD_READ));
    printf(", %u\n", WaitForSingleObject(tied, 1000));
    (void)!read(pair[0], &byte, 1);
    printf("drained %u\n", WaitForSingleObject(tied, 0));
    HANDLE both[] = {tied, readable};
    (void)!write(pair[1], "x", 1);
    printf("any %u", WaitForMultipleObjects(2, both, FALSE, 1000));
    printf(", all %u\n", WaitForMultipleObjects(2, both, TRUE, 1000));
    printf("closed %d", WSACloseEvent(tied));
    printf(" %d\n", CloseHandle(readable));

    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    const int descriptor = GetEventFileDescriptor(event);
    fd_set set;
    struct timeval none = {0, 0};
    FD_ZERO(&set);
    FD_SET(descriptor, &set);
    const int before = select(descriptor + 1, &set, NULL, NULL, &none);
    SetEvent(event);
    FD_SET(descriptor, &set);
    printf("select %d, after SetEvent %d\n", before, select(descriptor + 1, &set, NULL, NULL, &none));
    ResetEvent(event);
    printf("after ResetEvent %u", WaitForSingleObject(event, 0));
    printf(", closed %d\n", CloseHandle(event));
}

static void files(void)
{
    char path[] = "/tmp/winpr-XXXXXX", text[8] = "";
    DWORD count = 0;
    close(mkstemp(path));
    HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    printf("created %d\n", file != INVALID_HANDLE_VALUE);
    const BOOL put = WriteFile(file, "seven.", 7, &count, NULL);
    printf("written %d", put);
    printf(" %u", count);
    printf(", locked %d", LockFile(file, 0, 0, 7, 0));
    printf(", size %u\n", GetFileSize(file, NULL));
    printf("position %u\n", SetFilePointer(file, 0, NULL, FILE_BEGIN));
    const BOOL got = ReadFile(file, text, 7, &count, NULL);
    printf("read %d %u %s, closed %d\n", got, count, text, CloseHandle(file));
    WIN32_FIND_DATAA found;
    HANDLE search = FindFirstFileA(path, &found);
    printf("found %d", search != INVALID_HANDLE_VALUE);
    printf(" %d", strcmp(found.cFileName, path + 5) == 0);
    printf(", next %d", FindNextFileA(search, &found));
    printf(", closed %d\n", FindClose(search));
    printf("deleted %d", DeleteFileA(path));
    printf(" %d\n", DeleteFileA(path));

    char pipe_name[64];
    snprintf(pipe_name, sizeof pipe_name, "\\\\.\\pipe\\winshim-test-%d", (int)getpid());
    HANDLE server = CreateNamedPipeA(pipe_name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, 1, 100, 100, 0, NULL);
    HANDLE client = CreateFileA(pipe_name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    const BOOL connected = ConnectNamedPipe(server, NULL);
    const BOOL sent = WriteFile(client, "pipe", 5, &count, NULL);
    memset(text, 0, sizeof text);
    const BOOL received = ReadFile(server, text, 5, &count, NULL);
    printf("named pipe %d %d, connected %d, sent %d, received %d %s\n", server != INVALID_HANDLE_VALUE,
           client != INVALID_HANDLE_VALUE, connected, sent, received, text);
    printf("closed %d", CloseHandle(client));
    printf(" %d\n", CloseHandle(server));
}

static LONG hits;
static CRITICAL_SECTION section;
static DWORD slot;
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

static BOOL CALLBACK begin(PINIT_ONCE o, PVOID parameter, PVOID *context)
{
    (void)o, (void)parameter, (void)context;
    return InterlockedIncrement(&hits) != 0;
}
static DWORD WINAPI count_up(LPVOID argument)
{
    InitOnceExecuteOnce(&once, begin, NULL, NULL);
    TlsSetValue(slot, argument);
    for (int i = 0; i < 1000; ++i) {
        EnterCriticalSection(&section);
        ++*(volatile LONG *)&hits;
        LeaveCriticalSection(&section);
    }
    return TlsGetValue(slot) == argument ? 7 : 8;
}
static VOID CALLBACK work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK item)
{
    (void)instance, (void)item;
    InterlockedIncrement((LONG *)context);
}
static void threads(void)
{
    HANDLE thread[4];
    DWORD code[4];
    InitializeCriticalSectionAndSpinCount(&section, 100);
    slot = TlsAlloc();
    for (intptr_t i = 0; i < 4; ++i) thread[i] = CreateThread(NULL, 0, count_up, (void *)(i + 1), 0, NULL);
    printf("threads %u\n", WaitForMultipleObjects(4, thread, TRUE, INFINITE));
    for (int i = 0; i < 4; ++i) GetExitCodeThread(thread[i], &code[i]), CloseHandle(thread[i]);
    printf("codes %u %u %u %u, counted %d\n", code[0], code[1], code[2], code[3], (int)hits);
    TlsFree(slot);
    DeleteCriticalSection(&section);

    LONG done = 0;
    PTP_WORK item = CreateThreadpoolWork(work, &done, NULL);
    for (int i = 0; i < 100; ++i) SubmitThreadpoolWork(item);
    WaitForThreadpoolWorkCallbacks(item, FALSE);
    CloseThreadpoolWork(item);
    printf("pool %d\n", (int)done);

    wMessageQueue *queue = MessageQueue_New(NULL);
    printf("queue: empty %u", WaitForSingleObject(MessageQueue_Event(queue), 0));
    MessageQueue_Post(queue, NULL, 42, NULL, NULL);
    wMessage message;
    printf(", posted %u", WaitForSingleObject(MessageQueue_Event(queue), 0));
    printf(", its descriptor %d", GetEventFileDescriptor(MessageQueue_Event(queue)) >= 0);
    printf(", got %d %u\n", MessageQueue_Get(queue, &message), message.id);
    MessageQueue_Free(queue);
}

static ULONG_PTR called;
static VOID note_call(ULONG_PTR argument) { called += argument; }
static DWORD WINAPI call_itself(LPVOID argument)
{
    (void)argument;
    QueueUserAPC(note_call, _GetCurrentThread(), 5);
    return SleepEx(10, TRUE);
}

static void odds(void)
{
    const DWORD queued = QueueUserAPC(note_call, _GetCurrentThread(), 3);
    const DWORD slept = SleepEx(10, TRUE);
    printf("queued to itself %d, slept %u, called %d", queued != 0, slept, (int)called);
    HANDLE thread = CreateThread(NULL, 0, call_itself, NULL, 0, NULL);
    printf(", a thread %u", WaitForSingleObject(thread, 20000));
    printf(", called %d\n", (int)called);
    CloseHandle(thread);
    char *memory = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, 50);
    printf("heap %d %d\n", memory[49], HeapFree(GetProcessHeap(), 0, memory));
    void *aligned = _aligned_malloc(100, 64);
    printf("aligned %d", (uintptr_t)aligned % 64 == 0);
    printf(" %zu", _aligned_msize(aligned, 64, 0));
    aligned = _aligned_recalloc(aligned, 2, 100, 64);
    printf(" %d\n", aligned != NULL);
    _aligned_free(aligned);
    WCHAR wide[10];
    char narrow[10];
    const int units = MultiByteToWideChar(CP_UTF8, 0, "h\xc3\xa9llo", -1, wide, 10);
    const int bytes = WideCharToMultiByte(CP_UTF8, 0, wide, -1, narrow, 10, NULL, NULL);
    printf("text %d %d %s %d\n", units, bytes, narrow, lstrlenW(wide));
    SetLastError(77);
    printf("last error %u", GetLastError());
    printf(", of no handle %d\n", CloseHandle(NULL));
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL), again = NULL;
    const BOOL duplicated =
        DuplicateHandle(_GetCurrentProcess(), event, _GetCurrentProcess(), &again, 0, FALSE, DUPLICATE_SAME_ACCESS);
    printf("duplicated %d %u\n", duplicated, WaitForSingleObject(again, 0));
    SetEnvironmentVariableA("WINPR_TEST", "value");
    printf("environment %u %s\n", GetEnvironmentVariableA("WINPR_TEST", narrow, 10), narrow);
    SYSTEMTIME now;
    GetSystemTime(&now);
    printf("year %d\n", now.wYear >= 2024);
    HANDLE timer = CreateWaitableTimerA(NULL, FALSE, NULL);
    LARGE_INTEGER due;
    due.QuadPart = -100000;
    printf("timer %d", SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE));
    printf(" %u\n", WaitForSingleObject(timer, 20000));
    HANDLE mutex = CreateMutexA(NULL, TRUE, NULL);
    printf("mutex %u", WaitForSingleObject(mutex, 0));
    printf(" %d", ReleaseMutex(mutex));
    printf(" %d\n", ReleaseMutex(mutex));
    HANDLE semaphore = CreateSemaphoreA(NULL, 1, 3, NULL);
    printf("semaphore %u\n", WaitForSingleObject(semaphore, 0));
    CloseHandle(mutex), CloseHandle(semaphore), CloseHandle(timer);
}

/* ---- what WinPR says it does not do ---------- */

static DWORD WINAPI end_as_owner(LPVOID mutex) { return WaitForSingleObject(mutex, INFINITE); }

static void news(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, TRUE, NULL);
    printf("auto-reset: %u", WaitForSingleObject(event, 0));
    printf(" %u\n", WaitForSingleObject(event, 0));

    int status;
    HANDLE named = CreateEventA(NULL, TRUE, FALSE, "winshim-winpr");
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        WCHAR name[20];
        MultiByteToWideChar(CP_UTF8, 0, "winshim-winpr", -1, name, 20);
        HANDLE there = CreateEventW(NULL, TRUE, FALSE, name);
        _exit(GetLastError() == 183 && SetEvent(there) ? 0 : 1); /* it was there already */
    }
    waitpid(child, &status, 0);
    printf("named, across processes: %d", WEXITSTATUS(status));
    printf(" %u", WaitForSingleObject(named, 0));
    printf(", opened %d\n", OpenEventA(2, FALSE, "winshim-winpr") != NULL);

    HANDLE mutex = CreateMutexA(NULL, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, end_as_owner, mutex, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    printf("abandoned: %u\n", WaitForSingleObject(mutex, 50));

    WINPR_SLIST_HEADER list;
    struct { char odd[8]; WINPR_SLIST_ENTRY entry; } entries[3];
    InitializeSListHead(&list);
    for (int i = 0; i < 3; ++i) InterlockedPushEntrySList(&list, &entries[i].entry);
    const int depth = QueryDepthSList(&list);
    printf("list %d %d\n", depth, InterlockedPopEntrySList(&list) == &entries[2].entry);

    /* One of theirs and one of ours. */
    int pair[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    HANDLE both[] = {event, CreateFileDescriptorEventA(NULL, TRUE, FALSE, pair[0], WINPR_FD_READ)};
    printf("mixed: %u", WaitForMultipleObjects(2, both, FALSE, 20));
    SetEvent(event);
    printf(" %u", WaitForMultipleObjects(2, both, FALSE, 20000));
    (void)!write(pair[1], "x", 1);
    printf(" %u\n", WaitForMultipleObjects(2, both, FALSE, 20000));
}

int main(int argc, char **argv)
{
    const char *part = argc > 1 ? argv[1] : "";
    if (strcmp(part, "sizes") == 0) print_sizes();
    else if (strcmp(part, "own") == 0) descriptors(), files(), threads(), odds();
    else if (strcmp(part, "new") == 0) news();
    else return 3;
    return 0;
}
