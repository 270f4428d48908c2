/* other.h - the header of a small Win32 library that is not winshim (test_preload.sh).
 *
 * Declared as such libraries do it, from the documentation, and without any header of winshim. What it does badly or
 * not at all is so on purpose: events have no names outside the process and do not reset themselves, as in WinPR. */
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef void *HANDLE;
typedef int BOOL;
typedef uint32_t DWORD;
typedef int32_t LONG;
typedef uint16_t WCHAR;
typedef struct {
    DWORD nLength;
    void *lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES;

#define FALSE 0
#define TRUE 1
#define INFINITE 0xFFFFFFFFu
#define WAIT_OBJECT_0 0u
#define WAIT_ABANDONED_0 0x80u
#define WAIT_TIMEOUT 258u
#define WAIT_FAILED 0xFFFFFFFFu
#define INVALID_HANDLE_VALUE ((HANDLE)(intptr_t)-1)

DWORD GetLastError(void);
void SetLastError(DWORD error);

HANDLE CreateEventA(SECURITY_ATTRIBUTES *security, BOOL manual, BOOL initial, const char *name);
HANDLE CreateEventW(SECURITY_ATTRIBUTES *security, BOOL manual, BOOL initial, const WCHAR *name);
HANDLE OpenEventA(DWORD access, BOOL inherit, const char *name);
HANDLE CreateMutexA(SECURITY_ATTRIBUTES *security, BOOL owned, const char *name);
BOOL SetEvent(HANDLE event);
BOOL ResetEvent(HANDLE event);
BOOL ReleaseMutex(HANDLE mutex);
DWORD WaitForSingleObject(HANDLE handle, DWORD milliseconds);
DWORD WaitForSingleObjectEx(HANDLE handle, DWORD milliseconds, BOOL alertable);
DWORD WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all, DWORD milliseconds);
DWORD SignalObjectAndWait(HANDLE signal, HANDLE wait, DWORD milliseconds, BOOL alertable);
BOOL CloseHandle(HANDLE handle);
BOOL DuplicateHandle(HANDLE from_process, HANDLE handle, HANDLE to_process, HANDLE *to, DWORD access, BOOL inherit,
                     DWORD options);
BOOL GetHandleInformation(HANDLE handle, DWORD *flags);

HANDLE CreateFileA(const char *path, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security, DWORD disposition,
                   DWORD flags, HANDLE model);
BOOL WriteFile(HANDLE file, const void *from, DWORD count, DWORD *written, void *overlapped);
BOOL ReadFile(HANDLE file, void *to, DWORD count, DWORD *read, void *overlapped);
DWORD SetFilePointer(HANDLE file, LONG distance, LONG *high, DWORD method);
BOOL DeleteFileA(const char *path);

HANDLE GetProcessHeap(void);
void *HeapAlloc(HANDLE heap, DWORD flags, size_t bytes);
BOOL HeapFree(HANDLE heap, DWORD flags, void *memory);
void *LocalAlloc(unsigned flags, size_t bytes);
void *LocalFree(void *memory);

/* Not in winshim. */
HANDLE OtherSocketEvent(int descriptor); /* signaled while something can be read */
DWORD OtherEvents(void);                 /* how many events of this library there are */
const char *OtherLastCall(void);         /* the last function of it that got a handle, and forgets it */
int OtherDescriptor(HANDLE file);
BOOL LockFile(HANDLE file, DWORD offset, DWORD offset_high, DWORD bytes, DWORD bytes_high);
#ifdef OTHER_TIES_EVENTS
int SetEventFileDescriptor(HANDLE event, int descriptor);
#endif
