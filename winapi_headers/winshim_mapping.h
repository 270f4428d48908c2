/* winshim_mapping.h - file mappings and their views: memory that processes share; part of memoryapi.h and winbase.h.
 * Names, inheritance and exhaustion are explained in synchapi.h.
 *
 * Mapping     An object that stands for memory: pages of the "pagefile" (here: of /dev/shm), zeros at first, or those
 *             of a file. It lives as long as a handle or a view of it does, in any process; killed processes have
 *             neither.
 * View        What a process sees of it. Every write in a view is at once in every other view of the same bytes, but
 *             for views made with FILE_MAP_COPY. A view is a multiple of a page; it begins on a 64 KiB boundary.
 * Memory      Pages of the pagefile are committed when the mapping is made: when there is no room the call fails, and
 *             no access fails later. With SEC_RESERVE they are not: VirtualAlloc(address in a view, bytes, MEM_COMMIT,
 *             ...) commits them, for all. Whoever touches what nobody has committed may be killed (SIGBUS) when
 *             /dev/shm is full; Windows would raise an exception, in any case.
 * Files       A file must not become shorter while it is mapped: Windows forbids that, Linux ends with SIGBUS whoever
 *             touches what is gone. In the process that made the mapping, the file may be renamed or deleted. Another
 *             process finds it by the path that it had; where that leads elsewhere, MapViewOfFile fails with
 *             ERROR_FILE_INVALID.
 * Waiting     A mapping is never signaled: to wait for one fails with ERROR_ACCESS_DENIED (SYNCHRONIZE is not among its
 *             rights).
 * fork        A child has its parent's views; a program that it executes has not.
 */
#ifndef WINSHIM_MAPPING_H
#define WINSHIM_MAPPING_H

#include "minwinbase.h"
#include "winnt.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rights of a handle, and what a view is wanted for. */
#define FILE_MAP_COPY SECTION_QUERY
#define FILE_MAP_WRITE SECTION_MAP_WRITE
#define FILE_MAP_READ SECTION_MAP_READ
#define FILE_MAP_ALL_ACCESS SECTION_ALL_ACCESS
#define FILE_MAP_EXECUTE SECTION_MAP_EXECUTE_EXPLICIT

/* Makes a mapping, or opens the one that has the name already.
 *   hFile                    INVALID_HANDLE_VALUE: pages of the pagefile; else a file that CreateFile has opened. It
 *                            may be closed afterwards
 *   lpFileMappingAttributes  NULL, or whether the handle is inheritable
 *   flProtect                what views may be made: PAGE_READONLY, PAGE_WRITECOPY (reading, copies), PAGE_READWRITE,
 *                            PAGE_EXECUTE_READ, PAGE_EXECUTE_WRITECOPY, PAGE_EXECUTE_READWRITE; combined with
 *                            SEC_COMMIT (the same as nothing) or SEC_RESERVE (see above; no effect on a file)
 *   dwMaximumSizeHigh, dwMaximumSizeLow  bytes; both 0: as long as the file. A file that is shorter grows
 *   lpName                   name, or NULL
 * Returns   a handle with the rights that flProtect allows; NULL on failure.
 * Success   ERROR_SUCCESS         the mapping is new
 *           ERROR_ALREADY_EXISTS  it existed: file, protection and size are the old ones
 * Error     ERROR_INVALID_PARAMETER    another flProtect; no size, without a file; one beyond 2^62
 *           ERROR_INVALID_HANDLE       hFile is not a handle of CreateFile; nt: another type has the name
 *           ERROR_BAD_EXE_FORMAT       hFile is no ordinary file
 *           ERROR_ACCESS_DENIED        hFile was not opened for what flProtect allows; the process has changed its user
 *                                      or its root since its first call
 *           ERROR_FILE_INVALID         no size, and the file is empty
 *           ERROR_NOT_ENOUGH_MEMORY    no room for the pages; the file is too short, and flProtect does not allow
 *                                      writes
 *           ERROR_DISK_FULL            the file cannot grow
 *           name errors and exhaustion as in synchapi.h
 * Profiles  ce, ce5: mappings have names of their own. ce5: lpFileMappingAttributes is ignored.
 * Source    "CreateFileMappingW", "Object Names"; Mapping-01..05, Mapping-15, Mapping-16, LD-1 */
WINBASEAPI HANDLE WINAPI CreateFileMappingA(_In_ HANDLE hFile, _In_opt_ LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                            _In_ DWORD flProtect, _In_ DWORD dwMaximumSizeHigh,
                                            _In_ DWORD dwMaximumSizeLow, _In_opt_ LPCSTR lpName);
WINBASEAPI HANDLE WINAPI CreateFileMappingW(_In_ HANDLE hFile, _In_opt_ LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                            _In_ DWORD flProtect, _In_ DWORD dwMaximumSizeHigh,
                                            _In_ DWORD dwMaximumSizeLow, _In_opt_ LPCWSTR lpName)
    WINSHIM_WIDE(CreateFileMappingW);

/* Opens a mapping that exists.
 *   dwDesiredAccess  rights of the handle: FILE_MAP_READ, FILE_MAP_WRITE, FILE_MAP_COPY, FILE_MAP_EXECUTE or
 *                    FILE_MAP_ALL_ACCESS
 *   bInheritHandle   nonzero: the handle is inheritable
 *   lpName           name
 * Returns   a new handle; NULL on failure. What the mapping itself does not allow, MapViewOfFile refuses.
 * Error     ERROR_FILE_NOT_FOUND     no mapping has the name (nt: no object has it)
 *           ERROR_INVALID_HANDLE     nt: an object of another type has it; nt: the name is ""
 *           ERROR_INVALID_PARAMETER  lpName is NULL
 *           name errors and exhaustion as in synchapi.h
 * Profiles  ce5: bInheritHandle must be FALSE, else ERROR_INVALID_PARAMETER; the handle has all rights.
 * Source    "OpenFileMappingW"; Mapping-06, LD-7 */
WINBASEAPI HANDLE WINAPI OpenFileMappingA(_In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle, _In_ LPCSTR lpName);
WINBASEAPI HANDLE WINAPI OpenFileMappingW(_In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle, _In_ LPCWSTR lpName)
    WINSHIM_WIDE(OpenFileMappingW);

/* Maps a view of a mapping.
 *   hFileMappingObject    a handle to it. It may be closed while the view stays
 *   dwDesiredAccess       FILE_MAP_WRITE or FILE_MAP_ALL_ACCESS: reading and writing; FILE_MAP_READ: reading;
 *                         FILE_MAP_COPY: reading, and writing a copy of the process's own; each of them with
 *                         FILE_MAP_EXECUTE: executing, too
 *   dwFileOffsetHigh, dwFileOffsetLow  the first byte, a multiple of 64 KiB
 *   dwNumberOfBytesToMap  how many; 0: to the end of the mapping
 * Returns   the address of the first byte; NULL on failure.
 * Error     ERROR_INVALID_HANDLE     not open, or not a mapping
 *           ERROR_ACCESS_DENIED      the handle lacks the right; the mapping was not made for it; beyond its end; the
 *                                    process has changed its user or its root; a file that it may not open; executing
 *                                    what lies on a file system mounted noexec
 *           ERROR_INVALID_PARAMETER  no known bit in dwDesiredAccess
 *           ERROR_MAPPED_ALIGNMENT   the offset is not a multiple of 64 KiB
 *           ERROR_FILE_INVALID       the file has become shorter; its path does not lead to it any more (see above)
 *           ERROR_NOT_ENOUGH_MEMORY  no room in the address space
 *           exhaustion as in synchapi.h: a view needs a handle, which nobody sees
 * Profiles  ce5: every handle has all rights.
 * Source    "MapViewOfFile"; Mapping-07..10, Mapping-12, CloseHandle-14 */
WINBASEAPI LPVOID WINAPI MapViewOfFile(_In_ HANDLE hFileMappingObject, _In_ DWORD dwDesiredAccess,
                                       _In_ DWORD dwFileOffsetHigh, _In_ DWORD dwFileOffsetLow,
                                       _In_ SIZE_T dwNumberOfBytesToMap);

/* MapViewOfFile to an address.
 *   lpBaseAddress  a multiple of 64 KiB; NULL: anywhere
 *   else, and Returns, as MapViewOfFile
 * Error     ERROR_MAPPED_ALIGNMENT  the offset, or lpBaseAddress, is not a multiple of 64 KiB
 *           ERROR_INVALID_ADDRESS   something is there
 *           else as MapViewOfFile
 * Source    "MapViewOfFileEx" */
WINBASEAPI LPVOID WINAPI MapViewOfFileEx(_In_ HANDLE hFileMappingObject, _In_ DWORD dwDesiredAccess,
                                         _In_ DWORD dwFileOffsetHigh, _In_ DWORD dwFileOffsetLow,
                                         _In_ SIZE_T dwNumberOfBytesToMap, _In_opt_ LPVOID lpBaseAddress);

/* Takes a view away. What was written stays with the mapping.
 *   lpBaseAddress  what MapViewOfFile has returned
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_ADDRESS  no view begins there
 * Source    "UnmapViewOfFile"; Mapping-11 */
WINBASEAPI BOOL WINAPI UnmapViewOfFile(_In_ LPCVOID lpBaseAddress);

/* Writes what was changed in a view to its file, and returns when the system has it on the device. Pages of the
 * pagefile have no file: nothing happens.
 *   lpBaseAddress           an address in a view
 *   dwNumberOfBytesToFlush  bytes; 0: to the end of the view
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_ADDRESS  not in a view, or beyond its end
 *           ERROR_GEN_FAILURE      the file cannot be written
 * Source    "FlushViewOfFile" */
WINBASEAPI BOOL WINAPI FlushViewOfFile(_In_ LPCVOID lpBaseAddress, _In_ SIZE_T dwNumberOfBytesToFlush);

#ifdef UNICODE
#define CreateFileMapping CreateFileMappingW
#define OpenFileMapping OpenFileMappingW
#else
#define CreateFileMapping CreateFileMappingA
#define OpenFileMapping OpenFileMappingA
#endif

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_MAPPING_H */
