/* sysinfoapi.h - what time it is, and what machine this is. */
#ifndef _SYSINFOAPI_H_
#define _SYSINFOAPI_H_

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the milliseconds since the machine was started, sleep included, modulo 2^32 (49.7 days). Does not fail.
 * Source    "GetTickCount" */
WINBASEAPI DWORD WINAPI GetTickCount(void);

/* Returns the milliseconds since the machine was started, sleep included. Does not fail.
 * Source    "GetTickCount64" */
WINBASEAPI ULONGLONG WINAPI GetTickCount64(void);

/* Stores the time by the calendar, UTC.
 * Source    "GetSystemTime" */
WINBASEAPI void WINAPI GetSystemTime(_Out_ LPSYSTEMTIME lpSystemTime);

/* Stores the time by the calendar in the time zone of the process (TZ, /etc/localtime).
 * Source    "GetLocalTime" */
WINBASEAPI void WINAPI GetLocalTime(_Out_ LPSYSTEMTIME lpSystemTime);

/* Stores the time in units of 100 ns, UTC.
 * Source    "GetSystemTimeAsFileTime" */
WINBASEAPI void WINAPI GetSystemTimeAsFileTime(_Out_ LPFILETIME lpSystemTimeAsFileTime);

/* Stores the time in units of 100 ns, UTC; here GetSystemTimeAsFileTime is as precise.
 * Source    "GetSystemTimePreciseAsFileTime" */
WINBASEAPI void WINAPI GetSystemTimePreciseAsFileTime(_Out_ LPFILETIME lpSystemTimeAsFileTime);

__extension__ typedef struct _SYSTEM_INFO {
    __extension__ union {
        DWORD dwOemId;
        __extension__ struct {
            WORD wProcessorArchitecture;
            WORD wReserved;
        };
    };
    DWORD dwPageSize;
    LPVOID lpMinimumApplicationAddress;
    LPVOID lpMaximumApplicationAddress;
    DWORD_PTR dwActiveProcessorMask;
    DWORD dwNumberOfProcessors;
    DWORD dwProcessorType;
    DWORD dwAllocationGranularity;
    WORD wProcessorLevel;
    WORD wProcessorRevision;
} SYSTEM_INFO, *LPSYSTEM_INFO;

/* Stores facts about the machine: page size in bytes, VirtualAlloc's granularity (65536 bytes), number of processors
 * (at most 64, the size of the mask), architecture. wProcessorLevel and wProcessorRevision are 0: unknown.
 * Source    "GetSystemInfo" */
WINBASEAPI void WINAPI GetSystemInfo(_Out_ LPSYSTEM_INFO lpSystemInfo);

/* GetSystemInfo; there is no emulation beneath which the machine could be another one.
 * Source    "GetNativeSystemInfo" */
WINBASEAPI void WINAPI GetNativeSystemInfo(_Out_ LPSYSTEM_INFO lpSystemInfo);

typedef struct _MEMORYSTATUSEX {
    DWORD dwLength;                    /* sizeof(MEMORYSTATUSEX), set by the caller */
    DWORD dwMemoryLoad;                /* percent in use */
    DWORDLONG ullTotalPhys;            /* all in bytes */
    DWORDLONG ullAvailPhys;
    DWORDLONG ullTotalPageFile;        /* memory and swap */
    DWORDLONG ullAvailPageFile;
    DWORDLONG ullTotalVirtual;         /* of a process */
    DWORDLONG ullAvailVirtual;         /* as much: it is not counted */
    DWORDLONG ullAvailExtendedVirtual; /* 0 */
} MEMORYSTATUSEX, *LPMEMORYSTATUSEX;

/* Stores how much memory there is and how much of it is available.
 *   lpBuffer  with dwLength set
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  lpBuffer is NULL, or dwLength another value
 * Source    "GlobalMemoryStatusEx" */
WINBASEAPI BOOL WINAPI GlobalMemoryStatusEx(_Inout_ LPMEMORYSTATUSEX lpBuffer);

/* Returns the version as GetVersionEx tells it: the major number in the lowest byte, the minor number in the next, the
 * build number in the upper half. Does not fail.
 * Source    "GetVersion" */
WINBASEAPI DWORD WINAPI GetVersion(void);

/* Stores the version that Windows tells a program which is not marked for a later one: 6.2, build 9200, no service
 * pack, a workstation.
 *   lpVersionInformation  an OSVERSIONINFO, or an OSVERSIONINFOEX cast to it, with dwOSVersionInfoSize set
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INSUFFICIENT_BUFFER  dwOSVersionInfoSize is the size of neither
 *           ERROR_INVALID_PARAMETER    lpVersionInformation is NULL
 * Source    "GetVersionExW", "Operating System Version" */
WINBASEAPI BOOL WINAPI GetVersionExA(_Inout_ LPOSVERSIONINFOA lpVersionInformation);
WINBASEAPI BOOL WINAPI GetVersionExW(_Inout_ LPOSVERSIONINFOW lpVersionInformation) WINSHIM_WIDE(GetVersionExW);

#ifdef UNICODE
#define GetVersionEx GetVersionExW
#else
#define GetVersionEx GetVersionExA
#endif

#ifdef __cplusplus
}
#endif

#endif /* _SYSINFOAPI_H_ */
