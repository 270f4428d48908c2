/* winshim_rtl.h - part of winnt.h: 64-bit integers in halves, lists, the structures of the in-process locks.
 *
 * Invariants  Sizes and field offsets are those of 64-bit Windows, on i386 those of 32-bit Windows, but for the SLIST
 *             structures, which Windows packs into a word and into two. What a lock's fields hold is the library's
 *             business, OwningThread of a critical section apart: the id of the thread that owns it, 0 if none.
 */
#ifndef WINSHIM_RTL_H
#define WINSHIM_RTL_H

#include "winnt.h"

#ifdef __cplusplus
extern "C" {
#endif

/* At multiples of 8, as Microsoft's compilers place it on every processor; Linux on i386 would be content with 4. */
__extension__ typedef union DECLSPEC_ALIGN(8) _LARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

__extension__ typedef union DECLSPEC_ALIGN(8) _ULARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _LIST_ENTRY {
    struct _LIST_ENTRY *Flink;
    struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
    struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

/* An entry begins each element of a list; both it and the head stand on 16-byte boundaries. */
typedef struct DECLSPEC_ALIGN(16) _SLIST_ENTRY {
    struct _SLIST_ENTRY *Next;
} SLIST_ENTRY, *PSLIST_ENTRY;

__extension__ typedef union DECLSPEC_ALIGN(16) _SLIST_HEADER {
    __extension__ struct {
        ULONGLONG Alignment;
        ULONGLONG Region;
    };
    __extension__ struct {
        __extension__ ULONGLONG Depth : 16;
        __extension__ ULONGLONG Sequence : 48;
        __extension__ ULONGLONG Reserved : 4;
        __extension__ ULONGLONG NextEntry : 60;
    } HeaderX64;
} SLIST_HEADER, *PSLIST_HEADER;

struct _RTL_CRITICAL_SECTION;

typedef struct _RTL_CRITICAL_SECTION_DEBUG {
    WORD Type;
    WORD CreatorBackTraceIndex;
    struct _RTL_CRITICAL_SECTION *CriticalSection;
    LIST_ENTRY ProcessLocksList;
    DWORD EntryCount;
    DWORD ContentionCount;
    DWORD Flags;
    WORD CreatorBackTraceIndexHigh;
    WORD SpareWORD;
} RTL_CRITICAL_SECTION_DEBUG, *PRTL_CRITICAL_SECTION_DEBUG;

typedef struct _RTL_CRITICAL_SECTION {
    PRTL_CRITICAL_SECTION_DEBUG DebugInfo; /* not used */
    LONG LockCount;                        /* -1 while free */
    LONG RecursionCount;
    HANDLE OwningThread;
    HANDLE LockSemaphore; /* not used */
    ULONG_PTR SpinCount;
} RTL_CRITICAL_SECTION, *PRTL_CRITICAL_SECTION;

typedef struct _RTL_SRWLOCK {
    PVOID Ptr;
} RTL_SRWLOCK, *PRTL_SRWLOCK;

typedef struct _RTL_CONDITION_VARIABLE {
    PVOID Ptr;
} RTL_CONDITION_VARIABLE, *PRTL_CONDITION_VARIABLE;

typedef struct _RTL_RUN_ONCE {
    PVOID Ptr;
} RTL_RUN_ONCE, *PRTL_RUN_ONCE;

typedef struct _RTL_BARRIER {
    DWORD Reserved1;
    DWORD Reserved2;
    ULONG_PTR Reserved3[2];
    DWORD Reserved4;
    DWORD Reserved5;
} RTL_BARRIER, *PRTL_BARRIER;

#define RTL_SRWLOCK_INIT {0}
#define RTL_CONDITION_VARIABLE_INIT {0}
#define RTL_CONDITION_VARIABLE_LOCKMODE_SHARED 0x1
#define RTL_RUN_ONCE_INIT {0}
#define RTL_RUN_ONCE_CHECK_ONLY 0x00000001U
#define RTL_RUN_ONCE_ASYNC 0x00000002U
#define RTL_RUN_ONCE_INIT_FAILED 0x00000004U
#define RTL_RUN_ONCE_CTX_RESERVED_BITS 2

/* ---- memory as bytes: the C library's functions, which the compiler knows; no header of its own is needed ---- */
#define RtlMoveMemory(destination, source, bytes) ((void)__builtin_memmove((destination), (source), (bytes)))
#define RtlCopyMemory(destination, source, bytes) ((void)__builtin_memcpy((destination), (source), (bytes)))
#define RtlFillMemory(destination, bytes, value) ((void)__builtin_memset((destination), (value), (bytes)))
#define RtlZeroMemory(destination, bytes) ((void)__builtin_memset((destination), 0, (bytes)))
#define RtlEqualMemory(first, second, bytes) (!__builtin_memcmp((first), (second), (bytes)))

/* Zeroes memory even if nobody is going to read it. */
static __forceinline PVOID RtlSecureZeroMemory(PVOID ptr, SIZE_T cnt)
{
    __builtin_memset(ptr, 0, cnt);
    __asm__ __volatile__("" : : "r"(ptr) : "memory");
    return ptr;
}

#define ARRAYSIZE(array) (sizeof(array) / sizeof((array)[0]))
#define RTL_NUMBER_OF(array) ARRAYSIZE(array)
#define FIELD_OFFSET(type, field) ((LONG)(LONG_PTR)offsetof(type, field))
#define CONTAINING_RECORD(address, type, field) ((type *)((PCHAR)(address) - offsetof(type, field)))

#define TLS_MINIMUM_AVAILABLE 64
#define FLS_MAXIMUM_AVAILABLE 128

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_RTL_H */
