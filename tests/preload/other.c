/* other.c - a small Win32 library that is not winshim, with handles that are addresses, and a last error of its own.
 *
 * It is linked with -Bsymbolic-functions unless OTHER_CALLS_BY_NAME: so it calls itself and not who stands before it.
 * With OTHER_SMALL_HANDLES its handles are small odd numbers, with OTHER_LOW_HANDLES they lie where winshim's handles
 * of descriptors and ports would. OTHER_TIES_EVENTS: it has SetEventFileDescriptor. */
#define _GNU_SOURCE
#include "other.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum sort { FREE, EVENT, SOCKET, MUTEX, FILE_ON_DISK };
struct object {
    uint32_t sort;
    int descriptor;
    int is_tied;
    pthread_mutex_t mutex;
};

static __thread DWORD error;
static __thread const char *last_call = "";
static int events;

#ifdef OTHER_SMALL_HANDLES
static struct object *small[100];
static pthread_mutex_t small_lock = PTHREAD_MUTEX_INITIALIZER;
static HANDLE handle_of(struct object *o)
{
    HANDLE handle = NULL;
    pthread_mutex_lock(&small_lock);
    for (int i = 0; i < 100 && handle == NULL; ++i)
        if (small[i] == NULL) small[i] = o, handle = (HANDLE)(intptr_t)(2 * i + 1);
    pthread_mutex_unlock(&small_lock);
    return handle;
}
static struct object *object_of(HANDLE handle)
{
    const intptr_t i = (intptr_t)handle / 2;
    return i >= 0 && i < 100 ? small[i] : NULL;
}
#elif defined(OTHER_LOW_HANDLES)
/* Addresses as the heap of a program has them that is not position-independent. */
static char *low(void)
{
    static char *at[2];
    static int next, i;
    if (at[0] == NULL)
        for (i = 0; i < 2; ++i)
            at[i] = mmap((void *)(i == 0 ? 0x1e8b000ul : 0x5000000ul), 0x100000, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    const int n = __atomic_fetch_add(&next, 1, 5);
    return at[n % 2] + 0x100 + n / 2 % 4000 * sizeof(struct object);
}
static HANDLE handle_of(struct object *o) { return memcpy(low(), o, sizeof *o); }
static struct object *object_of(HANDLE handle) { return handle; }
#else
static HANDLE handle_of(struct object *o) { return o; }
static struct object *object_of(HANDLE handle) { return handle; } /* trusts its callers, as such libraries do */
#endif

static BOOL refuse(DWORD code)
{
    SetLastError(code);
    return FALSE;
}
static struct object *known(HANDLE handle, const char *call)
{
    last_call = call;
    struct object *o = handle != INVALID_HANDLE_VALUE ? object_of(handle) : NULL;
    if (o != NULL && o->sort != FREE) return o;
    refuse(6);
    return NULL;
}
static struct object *made(enum sort sort, int descriptor)
{
    struct object *o = calloc(1, sizeof *o);
    o->sort = sort;
    o->descriptor = descriptor;
    return o;
}

DWORD GetLastError(void) { return error; }
void SetLastError(DWORD code) { error = code; }
const char *OtherLastCall(void)
{
    const char *call = last_call;
    last_call = "";
    return call;
}
DWORD OtherEvents(void) { return (DWORD)events; }

HANDLE CreateEventA(SECURITY_ATTRIBUTES *security, BOOL manual, BOOL initial, const char *name)
{
    (void)security, (void)manual, (void)name;
    ++events;
    return handle_of(made(EVENT, eventfd(initial ? 1 : 0, EFD_NONBLOCK | EFD_CLOEXEC)));
}
HANDLE CreateEventW(SECURITY_ATTRIBUTES *security, BOOL manual, BOOL initial, const WCHAR *name)
{
    (void)name;
    return CreateEventA(security, manual, initial, NULL);
}
HANDLE OpenEventA(DWORD access, BOOL inherit, const char *name)
{
    (void)access, (void)inherit, (void)name;
    refuse(120);
    return NULL;
}
HANDLE OtherSocketEvent(int descriptor) { return handle_of(made(SOCKET, descriptor)); }
HANDLE CreateMutexA(SECURITY_ATTRIBUTES *security, BOOL owned, const char *name)
{
    (void)security, (void)name;
    struct object *o = made(MUTEX, -1);
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&o->mutex, &recursive);
    if (owned) pthread_mutex_lock(&o->mutex);
    return handle_of(o);
}
BOOL SetEvent(HANDLE event)
{
    struct object *o = known(event, "SetEvent");
    if (o == NULL) return FALSE;
    if (o->sort != EVENT || o->is_tied) return refuse(6);
    return eventfd_write(o->descriptor, 1) == 0;
}
BOOL ResetEvent(HANDLE event)
{
    struct object *o = known(event, "ResetEvent");
    eventfd_t count;
    if (o == NULL) return FALSE;
    if (!o->is_tied && o->sort == EVENT) (void)!eventfd_read(o->descriptor, &count);
    return TRUE;
}
BOOL ReleaseMutex(HANDLE mutex)
{
    struct object *o = known(mutex, "ReleaseMutex");
    if (o == NULL) return FALSE;
    return o->sort == MUTEX && pthread_mutex_unlock(&o->mutex) == 0 ? TRUE : refuse(288);
}

static BOOL is_ready(struct object *o)
{
    struct pollfd one = {o->descriptor, POLLIN, 0};
    if (o->sort == MUTEX) return pthread_mutex_trylock(&o->mutex) == 0;
    return poll(&one, 1, 0) == 1;
}
DWORD WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all, DWORD milliseconds)
{
    const struct timespec nap = {0, 500000};
    struct timespec now, end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += milliseconds / 1000;
    if ((end.tv_nsec += milliseconds % 1000 * 1000000l) >= 1000000000l) end.tv_nsec -= 1000000000l, ++end.tv_sec;
    for (;;) {
        DWORD ready = 0;
        for (DWORD i = 0; i < count; ++i) {
            struct object *o = known(handles[i], "WaitForMultipleObjects");
            if (o == NULL) return WAIT_FAILED;
            if (!is_ready(o)) continue;
            if (!all) return WAIT_OBJECT_0 + i;
            ++ready;
        }
        if (all && ready == count) return WAIT_OBJECT_0;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (milliseconds != INFINITE &&
            (now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec)))
            return WAIT_TIMEOUT;
        nanosleep(&nap, NULL);
    }
}
DWORD WaitForSingleObject(HANDLE handle, DWORD milliseconds)
{
    return WaitForMultipleObjects(1, &handle, FALSE, milliseconds);
}
DWORD WaitForSingleObjectEx(HANDLE handle, DWORD milliseconds, BOOL alertable)
{
    (void)alertable;
    return WaitForMultipleObjects(1, &handle, FALSE, milliseconds);
}
DWORD SignalObjectAndWait(HANDLE signal, HANDLE wait, DWORD milliseconds, BOOL alertable)
{
    (void)alertable;
    return SetEvent(signal) ? WaitForSingleObject(wait, milliseconds) : WAIT_FAILED;
}
BOOL CloseHandle(HANDLE handle)
{
    struct object *o = known(handle, "CloseHandle");
    if (o == NULL) return FALSE;
    if (o->sort == EVENT) --events;
    if (o->sort != SOCKET && o->sort != MUTEX && !o->is_tied) close(o->descriptor);
    o->sort = FREE;
#ifdef OTHER_SMALL_HANDLES
    pthread_mutex_lock(&small_lock);
    small[(intptr_t)handle / 2] = NULL;
    pthread_mutex_unlock(&small_lock);
    free(o);
#endif
    return TRUE; /* kept, so that a handle that was closed is known as such */
}
BOOL DuplicateHandle(HANDLE from_process, HANDLE handle, HANDLE to_process, HANDLE *to, DWORD access, BOOL inherit,
                     DWORD options)
{
    (void)from_process, (void)to_process, (void)access, (void)inherit, (void)options;
    struct object *o = known(handle, "DuplicateHandle");
    if (o == NULL) return FALSE;
    *to = handle_of(made(o->sort, o->sort == MUTEX ? -1 : dup(o->descriptor)));
    return TRUE;
}
BOOL GetHandleInformation(HANDLE handle, DWORD *flags)
{
    if (known(handle, "GetHandleInformation") == NULL) return FALSE;
    *flags = 0x40;
    return TRUE;
}

HANDLE CreateFileA(const char *path, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security, DWORD disposition,
                   DWORD flags, HANDLE model)
{
    (void)share, (void)security, (void)disposition, (void)flags, (void)model;
    const int descriptor = open(path, (access & 0x40000000) != 0 ? O_RDWR | O_CREAT : O_RDONLY, 0600);
    last_call = "CreateFileA";
    if (descriptor >= 0) return handle_of(made(FILE_ON_DISK, descriptor));
    refuse(2);
    return INVALID_HANDLE_VALUE;
}
BOOL WriteFile(HANDLE file, const void *from, DWORD count, DWORD *written, void *overlapped)
{
    (void)overlapped;
    struct object *o = known(file, "WriteFile");
    const ssize_t done = o != NULL ? write(o->descriptor, from, count) : -1;
    if (done >= 0 && written != NULL) *written = (DWORD)done;
    return done >= 0;
}
BOOL ReadFile(HANDLE file, void *to, DWORD count, DWORD *got, void *overlapped)
{
    (void)overlapped;
    struct object *o = known(file, "ReadFile");
    const ssize_t done = o != NULL ? read(o->descriptor, to, count) : -1;
    if (done >= 0 && got != NULL) *got = (DWORD)done;
    return done >= 0;
}
DWORD SetFilePointer(HANDLE file, LONG distance, LONG *high, DWORD method)
{
    (void)high;
    struct object *o = known(file, "SetFilePointer");
    return o != NULL ? (DWORD)lseek(o->descriptor, distance, (int)method) : 0xFFFFFFFFu;
}
BOOL DeleteFileA(const char *path)
{
    last_call = "DeleteFileA";
    return unlink(path) == 0 ? TRUE : refuse(2);
}
BOOL LockFile(HANDLE file, DWORD offset, DWORD offset_high, DWORD bytes, DWORD bytes_high)
{
    (void)offset_high, (void)bytes_high;
    struct object *o = known(file, "LockFile");
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = offset, .l_len = bytes};
    return o != NULL && fcntl(o->descriptor, F_SETLK, &lock) == 0;
}

int OtherDescriptor(HANDLE file)
{
    struct object *o = known(file, "OtherDescriptor");
    return o != NULL ? o->descriptor : -1;
}

HANDLE GetProcessHeap(void) { return NULL; } /* as in WinPR */
void *HeapAlloc(HANDLE heap, DWORD flags, size_t bytes)
{
    (void)heap;
    last_call = "HeapAlloc";
    return (flags & 8) != 0 ? calloc(1, bytes) : malloc(bytes);
}
BOOL HeapFree(HANDLE heap, DWORD flags, void *memory)
{
    (void)heap, (void)flags;
    last_call = "HeapFree";
    free(memory);
    return TRUE;
}
void *LocalAlloc(unsigned flags, size_t bytes) { return HeapAlloc(NULL, (flags & 0x40) != 0 ? 8 : 0, bytes); }
void *LocalFree(void *memory)
{
    HeapFree(NULL, 0, memory);
    return NULL;
}

#ifdef OTHER_TIES_EVENTS
int SetEventFileDescriptor(HANDLE event, int descriptor)
{
    struct object *o = known(event, "SetEventFileDescriptor");
    if (o == NULL) return -1;
    if (!o->is_tied) close(o->descriptor);
    o->is_tied = 1;
    o->descriptor = descriptor;
    return 0;
}
#endif
