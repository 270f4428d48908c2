/* memoryapi.h - pages: reserve, commit, protect, ask.
 *
 * Addresses   Reserved regions begin on 64 KiB boundaries; committing and protecting work on pages of 4 KiB or what the
 *             machine has.
 * Protection  PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE, PAGE_EXECUTE, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE.
 *             Others are ERROR_INVALID_PARAMETER. Execute is readable where the processor cannot tell them apart.
 */
#ifndef _MEMORYAPI_H_
#define _MEMORYAPI_H_

#include "minwinbase.h"
#include "winshim_mapping.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reserves address space, commits memory to it, or both.
 *   lpAddress         where: rounded down to 64 KiB for a new region, to a page inside one; NULL: anywhere
 *   dwSize            bytes; every page that they touch
 *   flAllocationType  MEM_RESERVE, MEM_COMMIT or both (MEM_COMMIT alone without lpAddress does both); MEM_TOP_DOWN is
 *                     accepted without effect
 *   flProtect         protection of the pages
 * Returns   the first page; NULL on failure. Committed memory is 0 until written; committing it again changes nothing
 *           but the protection.
 * Error     ERROR_INVALID_PARAMETER  no size, no type, unknown flags or protection
 *           ERROR_INVALID_ADDRESS    what is to be reserved is in use; what is to be committed is not reserved
 *           ERROR_NOT_ENOUGH_MEMORY
 * Source    "VirtualAlloc" */
WINBASEAPI LPVOID WINAPI VirtualAlloc(_In_opt_ LPVOID lpAddress, _In_ SIZE_T dwSize, _In_ DWORD flAllocationType,
                                      _In_ DWORD flProtect);

/* Takes memory or a whole region back.
 *   lpAddress   MEM_RELEASE: what VirtualAlloc returned for the region; MEM_DECOMMIT: a page of it
 *   dwSize      MEM_RELEASE: 0; MEM_DECOMMIT: bytes, 0 with the first page of the region: all of it
 *   dwFreeType  MEM_RELEASE or MEM_DECOMMIT
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  another type; a size with MEM_RELEASE
 *           ERROR_INVALID_ADDRESS    not in a region of VirtualAlloc, or not where it begins
 * Source    "VirtualFree" */
WINBASEAPI BOOL WINAPI VirtualFree(_In_ LPVOID lpAddress, _In_ SIZE_T dwSize, _In_ DWORD dwFreeType);

/* Changes the protection of pages.
 *   lpAddress       first of the bytes
 *   dwSize          how many; every page that they touch
 *   flNewProtect    the protection
 *   lpflOldProtect  where to store that of the first page before
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  unknown protection
 *           ERROR_INVALID_ADDRESS    pages that are not committed
 *           ERROR_NOACCESS           lpflOldProtect is NULL
 * Source    "VirtualProtect" */
WINBASEAPI BOOL WINAPI VirtualProtect(_In_ LPVOID lpAddress, _In_ SIZE_T dwSize, _In_ DWORD flNewProtect,
                                      _Out_ PDWORD lpflOldProtect);

/* Tells about the pages from an address on that are all alike.
 *   lpAddress  any address
 *   lpBuffer   where to store it: Type is MEM_PRIVATE for VirtualAlloc and other private memory, MEM_MAPPED for files
 *   dwLength   sizeof(MEMORY_BASIC_INFORMATION)
 * Returns   the bytes stored; 0 on failure.
 * Error     ERROR_BAD_LENGTH         dwLength is too small
 *           ERROR_INVALID_PARAMETER  an address that no process can have; lpBuffer NULL
 * Source    "VirtualQuery" */
WINBASEAPI SIZE_T WINAPI VirtualQuery(_In_opt_ LPCVOID lpAddress, _Out_writes_bytes_to_(dwLength, return)
                                      PMEMORY_BASIC_INFORMATION lpBuffer, _In_ SIZE_T dwLength);

/* For sources that look CreateMemoryResourceNotification up at run time; it is not here. */
typedef enum _MEMORY_RESOURCE_NOTIFICATION_TYPE {
    LowMemoryResourceNotification,
    HighMemoryResourceNotification
} MEMORY_RESOURCE_NOTIFICATION_TYPE;

#ifdef __cplusplus
}
#endif

#endif /* _MEMORYAPI_H_ */
