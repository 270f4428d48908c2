/* usage_around.c - a source that uses what stands around the core: exceptions, affinity, completion ports, file locks,
 * the C library's additions, intrinsics. Compiled as C and as C++ in every mode, never run.
 */
#include <winsock2.h>
#include <windows.h>
#include <direct.h>
#include <fcntl.h>
#include <intrin.h>
#include <io.h>
#include <mmsystem.h>
#include <process.h>
#include <stdio.h>
#include <string.h>
#include <sys/locking.h>
#include <sys/stat.h>
#include <sys/timeb.h>
#include <sys/utime.h>
#include <winternl.h>

#include <pshpack1.h>
struct packed {
    char first;
    LONG second;
};
#include <poppack.h>
C_ASSERT(sizeof(struct packed) == 5);

#if _WIN32_WINNT < _WIN32_WINNT_WIN7 || !WINAPI_FAMILY_PARTITION(WINAPI_PARTITION_DESKTOP)
#error "what a source that says nothing is compiled for"
#endif

LONG NTAPI on_exception(EXCEPTION_POINTERS *pointers);
LONG NTAPI on_exception(EXCEPTION_POINTERS *pointers)
{
    /* the name of a thread, as debuggers are told it */
    return pointers->ExceptionRecord->ExceptionCode == 0x406D1388 ? EXCEPTION_CONTINUE_EXECUTION
                                                                  : EXCEPTION_CONTINUE_SEARCH;
}

int uses(HANDLE file, HANDLE thread);
int uses(HANDLE file, HANDLE thread)
{
    char text[32];
    DWORD index = 0;
    ULONG_PTR key;
    OVERLAPPED overlapped, *done;
    struct _timeb now;
    struct _stat status;
    struct timeval span;
    SOCKET none = INVALID_SOCKET;
    UNICODE_STRING name;
    BY_HANDLE_FILE_INFORMATION information;
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    PVOID handler = AddVectoredExceptionHandler(1, on_exception);
    ZeroMemory(&overlapped, sizeof(overlapped));
    ZeroMemory(&name, sizeof(name));
    RaiseException(0x406D1388, 0, 0, NULL);
    RemoveVectoredExceptionHandler(handler);
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
    if (SetThreadAffinityMask(thread, 1) == 0 || SetThreadIdealProcessor(thread, 0) == (DWORD)-1)
        return 1;
    PostQueuedCompletionStatus(port, 0, 1, &overlapped);
    GetQueuedCompletionStatus(port, &index, &key, &done, INFINITE);
    CloseHandle(port);
    LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &overlapped);
    UnlockFileEx(file, 0, 1, 0, &overlapped);
    if (!GetFileInformationByHandle(file, &information) || _stat(".", &status) != 0)
        return _mkdir(".");
    _ftime(&now);
    span.tv_sec = (int)now.time;
    _snprintf(text, _countof(text), "%d", now.millitm);
    strncpy_s(text, sizeof(text), "text", _TRUNCATE);
    timeBeginPeriod(1);
    _ReadWriteBarrier();
    YieldProcessor();
    if (_BitScanForward(&index, 6) && _stricmp(text, "TEXT") == 0)
        return (int)index + (int)span.tv_sec + (none == INVALID_SOCKET) + _isatty(_fileno(stdout)) + name.Length;
    return _open_osfhandle(_get_osfhandle(1), _O_TEXT);
}
