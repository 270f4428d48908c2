/* winshim_memory.h - Local and Global memory; part of winbase.h.
 *
 * Two kinds   LMEM_FIXED: the handle is the address of the block. LMEM_MOVEABLE: the handle stands for a block whose
 *             address Lock tells, and which ReAlloc may move while it is not locked.
 *             Local and Global memory are one; GlobalFree frees what LocalAlloc made, as on Windows.
 */
#ifndef WINSHIM_MEMORY_H
#define WINSHIM_MEMORY_H

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LMEM_FIXED 0x0
#define LMEM_MOVEABLE 0x2
#define LMEM_NOCOMPACT 0x10
#define LMEM_NODISCARD 0x20
#define LMEM_ZEROINIT 0x40
#define LMEM_MODIFY 0x80
#define LMEM_DISCARDABLE 0xf00
#define LMEM_VALID_FLAGS 0xf72
#define LMEM_INVALID_HANDLE 0x8000
#define LMEM_LOCKCOUNT 0xff
#define LHND (LMEM_MOVEABLE | LMEM_ZEROINIT)
#define LPTR (LMEM_FIXED | LMEM_ZEROINIT)
#define NONZEROLHND (LMEM_MOVEABLE)
#define NONZEROLPTR (LMEM_FIXED)

#define GMEM_FIXED 0x0
#define GMEM_MOVEABLE 0x2
#define GMEM_NOCOMPACT 0x10
#define GMEM_NODISCARD 0x20
#define GMEM_ZEROINIT 0x40
#define GMEM_MODIFY 0x80
#define GMEM_DISCARDABLE 0x100
#define GMEM_SHARE 0x2000
#define GMEM_DDESHARE 0x2000
#define GMEM_VALID_FLAGS 0x7f72
#define GMEM_INVALID_HANDLE 0x8000
#define GMEM_LOCKCOUNT 0x00ff
#define GHND (GMEM_MOVEABLE | GMEM_ZEROINIT)
#define GPTR (GMEM_FIXED | GMEM_ZEROINIT)

/* ---- Local memory ---- */

/* Makes a block of memory.
 *   uFlags   LMEM_FIXED or LMEM_MOVEABLE; LMEM_ZEROINIT: all bytes are 0; others are accepted without effect
 *   uBytes   its size
 * Returns   its handle; NULL on failure.
 * Error     ERROR_NOT_ENOUGH_MEMORY
 * Source    "LocalAlloc" */
WINBASEAPI HLOCAL WINAPI LocalAlloc(_In_ UINT uFlags, _In_ SIZE_T uBytes);

/* Changes the size of a block; what fits keeps its contents.
 *   hMem    the block
 *   uBytes  its new size
 *   uFlags  LMEM_ZEROINIT: what is new is 0; LMEM_MOVEABLE: a fixed or locked block may move; LMEM_MODIFY: the size
 *           is ignored and nothing happens
 * Returns   the handle, another one if a fixed block has moved; NULL on failure, and the block is as it was.
 * Error     ERROR_NOT_ENOUGH_MEMORY  no memory, or it would have to move and must not
 *           ERROR_INVALID_HANDLE     not a block
 * Source    "LocalReAlloc" */
WINBASEAPI HLOCAL WINAPI LocalReAlloc(_In_ HLOCAL hMem, _In_ SIZE_T uBytes, _In_ UINT uFlags);

/* Frees a block; NULL is allowed.
 * Returns   NULL; the handle itself on failure.
 * Error     ERROR_INVALID_HANDLE  not a block
 * Source    "LocalFree" */
WINBASEAPI HLOCAL WINAPI LocalFree(_In_opt_ HLOCAL hMem);

/* Returns the size of a block in bytes, as it was asked for; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  not a block
 * Source    "LocalSize" */
WINBASEAPI SIZE_T WINAPI LocalSize(_In_ HLOCAL hMem);

/* Returns the address of a block, which stays where it is until as many Unlocks have been called; NULL on failure.
 * Error     ERROR_INVALID_HANDLE  not a block
 * Source    "LocalLock" */
WINBASEAPI LPVOID WINAPI LocalLock(_In_ HLOCAL hMem);

/* Takes one Lock back.
 * Returns   nonzero: it is still locked. 0: it is not locked now, or failure.
 * Error     NO_ERROR              it is not locked now
 *           ERROR_NOT_LOCKED      it was not locked; it is fixed
 *           ERROR_INVALID_HANDLE  not a block
 * Source    "LocalUnlock" */
WINBASEAPI BOOL WINAPI LocalUnlock(_In_ HLOCAL hMem);

/* Returns the handle of the block that begins at an address; NULL on failure.
 * Error     ERROR_INVALID_HANDLE  no block begins there
 * Source    "LocalHandle" */
WINBASEAPI HLOCAL WINAPI LocalHandle(_In_ LPCVOID pMem);

/* Returns how often a block is locked; LMEM_INVALID_HANDLE on failure.
 * Error     ERROR_INVALID_HANDLE  not a block
 * Source    "LocalFlags" */
WINBASEAPI UINT WINAPI LocalFlags(_In_ HLOCAL hMem);

/* ---- Global memory ---- */

/* Makes a block of memory.
 *   uFlags   GMEM_FIXED or GMEM_MOVEABLE; GMEM_ZEROINIT: all bytes are 0; others are accepted without effect
 *   dwBytes  its size
 * Returns   its handle; NULL on failure.
 * Error     ERROR_NOT_ENOUGH_MEMORY
 * Source    "GlobalAlloc" */
WINBASEAPI HGLOBAL WINAPI GlobalAlloc(_In_ UINT uFlags, _In_ SIZE_T dwBytes);

/* Changes the size of a block; what fits keeps its contents.
 *   hMem    the block
 *   dwBytes  its new size
 *   uFlags  GMEM_ZEROINIT: what is new is 0; GMEM_MOVEABLE: a fixed or locked block may move; GMEM_MODIFY: the size
 *           is ignored and nothing happens
 * Returns   the handle, another one if a fixed block has moved; NULL on failure, and the block is as it was.
 * Error     ERROR_NOT_ENOUGH_MEMORY  no memory, or it would have to move and must not
 *           ERROR_INVALID_HANDLE     not a block
 * Source    "GlobalReAlloc" */
WINBASEAPI HGLOBAL WINAPI GlobalReAlloc(_In_ HGLOBAL hMem, _In_ SIZE_T dwBytes, _In_ UINT uFlags);

/* Frees a block; NULL is allowed.
 * Returns   NULL; the handle itself on failure.
 * Error     ERROR_INVALID_HANDLE  not a block
 * Source    "GlobalFree" */
WINBASEAPI HGLOBAL WINAPI GlobalFree(_In_opt_ HGLOBAL hMem);

/* Returns the size of a block in bytes, as it was asked for; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  not a block
 * Source    "GlobalSize" */
WINBASEAPI SIZE_T WINAPI GlobalSize(_In_ HGLOBAL hMem);

/* Returns the address of a block, which stays where it is until as many Unlocks have been called; NULL on failure.
 * Error     ERROR_INVALID_HANDLE  not a block
 * Source    "GlobalLock" */
WINBASEAPI LPVOID WINAPI GlobalLock(_In_ HGLOBAL hMem);

/* Takes one Lock back.
 * Returns   nonzero: it is still locked. 0: it is not locked now, or failure.
 * Error     NO_ERROR              it is not locked now
 *           ERROR_NOT_LOCKED      it was not locked; a fixed block gives nonzero instead
 *           ERROR_INVALID_HANDLE  not a block
 * Source    "GlobalUnlock" */
WINBASEAPI BOOL WINAPI GlobalUnlock(_In_ HGLOBAL hMem);

/* Returns the handle of the block that begins at an address; NULL on failure.
 * Error     ERROR_INVALID_HANDLE  no block begins there
 * Source    "GlobalHandle" */
WINBASEAPI HGLOBAL WINAPI GlobalHandle(_In_ LPCVOID pMem);

/* Returns how often a block is locked; GMEM_INVALID_HANDLE on failure.
 * Error     ERROR_INVALID_HANDLE  not a block
 * Source    "GlobalFlags" */
WINBASEAPI UINT WINAPI GlobalFlags(_In_ HGLOBAL hMem);

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_MEMORY_H */
