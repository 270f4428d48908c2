/* minwinbase.h - the structures that the base services share. */
#ifndef _MINWINBASE_
#define _MINWINBASE_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Says whether the handle that a Create function returns can be inherited.
 *   nLength               sizeof(SECURITY_ATTRIBUTES); not checked
 *   lpSecurityDescriptor  accepted, not enforced: NULL is as good as any
 *   bInheritHandle        nonzero: the handle is inheritable
 * Profiles  ce, nt: as above. ce5: the structure is ignored, the handle is not inheritable.
 * Source    "SECURITY_ATTRIBUTES"; CreateEvent-16..19, LD-6 */
typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength;
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

/* A moment by the calendar. wYear 1601..30827, wMonth 1..12, wDayOfWeek 0 (Sunday)..6, wDay 1..31. */
typedef struct _SYSTEMTIME {
    WORD wYear;
    WORD wMonth;
    WORD wDayOfWeek;
    WORD wDay;
    WORD wHour;
    WORD wMinute;
    WORD wSecond;
    WORD wMilliseconds;
} SYSTEMTIME, *PSYSTEMTIME, *LPSYSTEMTIME;

__extension__ typedef struct _OVERLAPPED {
    ULONG_PTR Internal;
    ULONG_PTR InternalHigh;
    __extension__ union {
        __extension__ struct {
            DWORD Offset;
            DWORD OffsetHigh;
        };
        PVOID Pointer;
    };
    HANDLE hEvent;
} OVERLAPPED, *LPOVERLAPPED;

#ifdef __cplusplus
}
#endif

/* ---- memory as bytes ---- */
#define MoveMemory RtlMoveMemory
#define CopyMemory RtlCopyMemory
#define FillMemory RtlFillMemory
#define ZeroMemory RtlZeroMemory
#define SecureZeroMemory RtlSecureZeroMemory

#endif /* _MINWINBASE_ */
