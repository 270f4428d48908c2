/* heapapi.h - heaps: blocks of memory that go together when their heap is destroyed.
 *
 * Blocks      Begin on 16-byte boundaries. A block is known to the heap that it came from and to no other.
 */
#ifndef _HEAPAPI_H_
#define _HEAPAPI_H_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a heap.
 *   flOptions      HEAP_NO_SERIALIZE, HEAP_GENERATE_EXCEPTIONS, HEAP_CREATE_ENABLE_EXECUTE are accepted without effect:
 *                  a heap is always safe for several threads, and returns NULL when there is no memory
 *   dwInitialSize  without effect
 *   dwMaximumSize  bytes that its blocks may have in all; 0: no limit
 * Returns   a handle of this process, for the heap functions only; NULL on failure.
 * Error     ERROR_NOT_ENOUGH_MEMORY
 * Source    "HeapCreate" */
WINBASEAPI HANDLE WINAPI HeapCreate(_In_ DWORD flOptions, _In_ SIZE_T dwInitialSize, _In_ SIZE_T dwMaximumSize);

/* Frees a heap with all its blocks.
 *   hHeap  of HeapCreate
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE     not a heap
 *           ERROR_INVALID_PARAMETER  the heap of GetProcessHeap
 * Source    "HeapDestroy" */
WINBASEAPI BOOL WINAPI HeapDestroy(_In_ HANDLE hHeap);

/* Returns the heap that the process always has. Does not fail.
 * Source    "GetProcessHeap" */
WINBASEAPI HANDLE WINAPI GetProcessHeap(void);

/* Returns a block of memory.
 *   hHeap    the heap
 *   dwFlags  HEAP_ZERO_MEMORY: all bytes are 0; other flags are accepted without effect
 *   dwBytes  its size; 0 gives a block of no bytes
 * Returns   the block; NULL on failure. The last error is left alone, as documented.
 * Source    "HeapAlloc" */
WINBASEAPI LPVOID WINAPI HeapAlloc(_In_ HANDLE hHeap, _In_ DWORD dwFlags, _In_ SIZE_T dwBytes);

/* Changes the size of a block; what fits keeps its contents.
 *   hHeap    the heap
 *   dwFlags  HEAP_ZERO_MEMORY: what is new is 0; HEAP_REALLOC_IN_PLACE_ONLY: fail rather than move it
 *   lpMem    the block
 *   dwBytes  its new size
 * Returns   the block, which may have moved; NULL on failure, and the block is as it was. The last error is left alone.
 * Source    "HeapReAlloc" */
WINBASEAPI LPVOID WINAPI HeapReAlloc(_Inout_ HANDLE hHeap, _In_ DWORD dwFlags, _In_ LPVOID lpMem, _In_ SIZE_T dwBytes);

/* Frees a block.
 *   hHeap    the heap
 *   dwFlags  accepted without effect
 *   lpMem    the block, or NULL: nothing happens
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE     not a heap
 *           ERROR_INVALID_PARAMETER  not a block of it, as far as can be told
 * Source    "HeapFree" */
WINBASEAPI BOOL WINAPI HeapFree(_Inout_ HANDLE hHeap, _In_ DWORD dwFlags, _In_opt_ LPVOID lpMem);

/* Returns the size of a block in bytes, as it was asked for; (SIZE_T)-1 on failure. The last error is left alone.
 * Source    "HeapSize" */
WINBASEAPI SIZE_T WINAPI HeapSize(_In_ HANDLE hHeap, _In_ DWORD dwFlags, _In_ LPCVOID lpMem);

/* Looks whether a heap, or one block of it, is in order.
 *   lpMem  a block, or NULL: all of them
 * Returns   nonzero if so.
 * Source    "HeapValidate" */
WINBASEAPI BOOL WINAPI HeapValidate(_In_ HANDLE hHeap, _In_ DWORD dwFlags, _In_opt_ LPCVOID lpMem);

#ifdef __cplusplus
}
#endif

#endif /* _HEAPAPI_H_ */
