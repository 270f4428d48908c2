/* processtopologyapi.h - which processors a thread may run on, and which there are; all that the SDK has of it.
 *
 * Processors are Linux's, by number; one group of at most 64 holds those with numbers below 64.
 */
#ifndef _PROCESSTOPOLOGYAPI_H_
#define _PROCESSTOPOLOGYAPI_H_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ALL_PROCESSOR_GROUPS
#define ALL_PROCESSOR_GROUPS 0xffff
#endif
#ifndef MAXIMUM_PROCESSORS
#define MAXIMUM_PROCESSORS 64
#endif

typedef struct _PROCESSOR_NUMBER {
    WORD Group;
    BYTE Number;
    BYTE Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;

typedef struct _GROUP_AFFINITY {
    KAFFINITY Mask;
    WORD Group;
    WORD Reserved[3];
} GROUP_AFFINITY, *PGROUP_AFFINITY;

typedef enum _LOGICAL_PROCESSOR_RELATIONSHIP {
    RelationProcessorCore,
    RelationNumaNode,
    RelationCache,
    RelationProcessorPackage,
    RelationGroup,
    RelationAll = 0xffff
} LOGICAL_PROCESSOR_RELATIONSHIP;

typedef enum _PROCESSOR_CACHE_TYPE {
    CacheUnified,
    CacheInstruction,
    CacheData,
    CacheTrace
} PROCESSOR_CACHE_TYPE;

typedef struct _CACHE_DESCRIPTOR {
    BYTE Level;
    BYTE Associativity; /* 0xff: full */
    WORD LineSize;
    DWORD Size;
    PROCESSOR_CACHE_TYPE Type;
} CACHE_DESCRIPTOR, *PCACHE_DESCRIPTOR;

typedef struct _SYSTEM_LOGICAL_PROCESSOR_INFORMATION {
    ULONG_PTR ProcessorMask;
    LOGICAL_PROCESSOR_RELATIONSHIP Relationship;
    __extension__ union {
        struct {
            BYTE Flags; /* 1: the processors of the mask share the units of one core */
        } ProcessorCore;
        struct {
            DWORD NodeNumber;
        } NumaNode;
        CACHE_DESCRIPTOR Cache;
        ULONGLONG Reserved[2];
    };
} SYSTEM_LOGICAL_PROCESSOR_INFORMATION, *PSYSTEM_LOGICAL_PROCESSOR_INFORMATION;

/* Tells which processors a process may run on, and which there are: a bit for each.
 *   hProcess               GetCurrentProcess(), or one with PROCESS_QUERY_[LIMITED_]INFORMATION
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER (NULL; it has ended)
 * Notes     Linux keeps this for threads only: told is what the process has set by SetProcessAffinityMask, or else what
 *           its first thread has.
 * Source    "GetProcessAffinityMask" */
WINBASEAPI BOOL WINAPI GetProcessAffinityMask(_In_ HANDLE hProcess, _Out_ PDWORD_PTR lpProcessAffinityMask,
                                              _Out_ PDWORD_PTR lpSystemAffinityMask);

/* Says which processors a process may run on: all its threads that there are.
 *   hProcess               GetCurrentProcess(), or one with PROCESS_QUERY_[LIMITED_]INFORMATION
 *   dwProcessAffinityMask  a bit for each; those that there are not must be 0, and one at least 1
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED (also: of another user), ERROR_INVALID_PARAMETER
 * Source    "SetProcessAffinityMask" */
WINBASEAPI BOOL WINAPI SetProcessAffinityMask(_In_ HANDLE hProcess, _In_ DWORD_PTR dwProcessAffinityMask);

/* Says which processors a thread may run on.
 *   hThread               GetCurrentThread(), or one with THREAD_QUERY_[LIMITED_]INFORMATION
 *   dwThreadAffinityMask  a bit for each; only those that the process may run on
 * Returns   the mask there was; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER (the mask; the thread has ended)
 * Source    "SetThreadAffinityMask" */
WINBASEAPI DWORD_PTR WINAPI SetThreadAffinityMask(_In_ HANDLE hThread, _In_ DWORD_PTR dwThreadAffinityMask);

/* SetThreadAffinityMask with the group, which must be 0, and the mask there was in PreviousGroupAffinity, or NULL.
 * Returns   nonzero; 0 on failure, with the errors of SetThreadAffinityMask.
 * Source    "SetThreadGroupAffinity" */
WINBASEAPI BOOL WINAPI SetThreadGroupAffinity(_In_ HANDLE hThread, _In_ const GROUP_AFFINITY *GroupAffinity,
                                              _Out_opt_ PGROUP_AFFINITY PreviousGroupAffinity);

/* Tells which processors a thread may run on. Returns nonzero; 0 on failure, errors as above.
 * Source    "GetThreadGroupAffinity" */
WINBASEAPI BOOL WINAPI GetThreadGroupAffinity(_In_ HANDLE hThread, _Out_ PGROUP_AFFINITY GroupAffinity);

/* Names the processor that a thread would best run on. Linux takes no such hint: the call is checked, nothing more.
 *   dwIdealProcessor  its number, or MAXIMUM_PROCESSORS: none is named
 * Returns   0, as if processor 0 had been named before; 0xFFFFFFFF on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER (no such processor)
 * Source    "SetThreadIdealProcessor" */
WINBASEAPI DWORD WINAPI SetThreadIdealProcessor(_In_ HANDLE hThread, _In_ DWORD dwIdealProcessor);

/* Returns the number of the processor that the calling thread runs on just now.
 * Source    "GetCurrentProcessorNumber" */
WINBASEAPI DWORD WINAPI GetCurrentProcessorNumber(VOID);

/* GetCurrentProcessorNumber with the group, 0; a processor beyond 63 is told by its number modulo 64.
 * Source    "GetCurrentProcessorNumberEx" */
WINBASEAPI VOID WINAPI GetCurrentProcessorNumberEx(_Out_ PPROCESSOR_NUMBER ProcNumber);

/* Returns how many processors a group has that are on: group 0 or ALL_PROCESSOR_GROUPS; 0 with ERROR_INVALID_PARAMETER
 * for another one.
 * Source    "GetActiveProcessorCount" */
WINBASEAPI DWORD WINAPI GetActiveProcessorCount(_In_ WORD GroupNumber);

/* Returns how many processors a group can have; as GetActiveProcessorCount, those included that are off.
 * Source    "GetMaximumProcessorCount" */
WINBASEAPI DWORD WINAPI GetMaximumProcessorCount(_In_ WORD GroupNumber);

/* Returns 1, the number of groups.
 * Source    "GetActiveProcessorGroupCount" */
WINBASEAPI WORD WINAPI GetActiveProcessorGroupCount(VOID);

/* Tells the highest number of a NUMA node.
 * Returns   nonzero; 0 with ERROR_INVALID_PARAMETER for NULL.
 * Source    "GetNumaHighestNodeNumber" */
WINBASEAPI BOOL WINAPI GetNumaHighestNodeNumber(_Out_ PULONG HighestNodeNumber);

/* Tells the processors of a NUMA node: a bit for each, 0 for a node without any.
 * Returns   nonzero; 0 with ERROR_INVALID_PARAMETER for no such node, or NULL.
 * Source    "GetNumaNodeProcessorMaskEx" */
WINBASEAPI BOOL WINAPI GetNumaNodeProcessorMaskEx(_In_ USHORT Node, _Out_ PGROUP_AFFINITY ProcessorMask);

/* Tells cores, packages, caches and NUMA nodes, as far as /sys tells them; a single node if it tells none.
 *   Buffer        NULL with *ReturnLength 0: ask for the size
 *   ReturnLength  bytes that there are room for, and then how many are used or needed
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_PARAMETER (no ReturnLength)
 * Source    "GetLogicalProcessorInformation" */
WINBASEAPI BOOL WINAPI GetLogicalProcessorInformation(
    _Out_opt_ PSYSTEM_LOGICAL_PROCESSOR_INFORMATION Buffer, _Inout_ PDWORD ReturnLength);

#ifdef __cplusplus
}
#endif

#endif /* _PROCESSTOPOLOGYAPI_H_ */
