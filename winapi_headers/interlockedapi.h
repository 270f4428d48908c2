/* interlockedapi.h - lists that threads change without a lock of their own; the Interlocked functions
 * (winshim_atomic.h).
 */
#ifndef _INTERLOCKAPI_H_
#define _INTERLOCKAPI_H_

#include "minwindef.h"
#include "winshim_atomic.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a list empty. Before its first use.
 *   ListHead  the list, on a 16-byte boundary
 * Source    "InitializeSListHead" */
WINBASEAPI void WINAPI InitializeSListHead(_Out_ PSLIST_HEADER ListHead);

/* Puts an entry in front of a list.
 *   ListHead   the list
 *   ListEntry  the entry, on a 16-byte boundary; in no other list
 * Returns   what was the first entry; NULL if the list was empty.
 * Source    "InterlockedPushEntrySList" */
WINBASEAPI PSLIST_ENTRY WINAPI InterlockedPushEntrySList(_Inout_ PSLIST_HEADER ListHead,
                                                         _Inout_ PSLIST_ENTRY ListEntry);

/* Puts a chain of entries in front of a list in one step.
 *   ListHead       the list
 *   List, ListEnd  first and last entry of the chain, linked by Next
 *   Count          how many they are
 * Returns   what was the first entry; NULL if the list was empty.
 * Source    "InterlockedPushListSListEx" */
WINBASEAPI PSLIST_ENTRY WINAPI InterlockedPushListSListEx(_Inout_ PSLIST_HEADER ListHead, _Inout_ PSLIST_ENTRY List,
                                                          _Inout_ PSLIST_ENTRY ListEnd, _In_ ULONG Count);

/* Takes the first entry out of a list.
 * Returns   the entry, which nobody else has got; NULL if the list is empty. Its memory may be freed at once.
 * Source    "InterlockedPopEntrySList" */
WINBASEAPI PSLIST_ENTRY WINAPI InterlockedPopEntrySList(_Inout_ PSLIST_HEADER ListHead);

/* Takes all entries out of a list in one step.
 * Returns   what was the first entry, which leads to the others; NULL if the list was empty.
 * Source    "InterlockedFlushSList" */
WINBASEAPI PSLIST_ENTRY WINAPI InterlockedFlushSList(_Inout_ PSLIST_HEADER ListHead);

/* Returns how many entries a list has, modulo 65536; other threads may change it at any time.
 * Source    "QueryDepthSList" */
WINBASEAPI USHORT WINAPI QueryDepthSList(_In_ PSLIST_HEADER ListHead);

#ifdef __cplusplus
}
#endif

#endif /* _INTERLOCKAPI_H_ */
