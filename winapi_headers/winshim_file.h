/* winshim_file.h - flags of files, moving and copying; part of winbase.h and fileapi.h.
 *
 * Paths and path errors: see fileapi.h. */
#ifndef WINSHIM_FILE_H
#define WINSHIM_FILE_H

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FILE_BEGIN 0
#define FILE_CURRENT 1
#define FILE_END 2

#define FILE_TYPE_UNKNOWN 0x0000
#define FILE_TYPE_DISK 0x0001
#define FILE_TYPE_CHAR 0x0002
#define FILE_TYPE_PIPE 0x0003
#define FILE_TYPE_REMOTE 0x8000

#define FILE_FLAG_WRITE_THROUGH 0x80000000
#define FILE_FLAG_OVERLAPPED 0x40000000
#define FILE_FLAG_NO_BUFFERING 0x20000000
#define FILE_FLAG_RANDOM_ACCESS 0x10000000
#define FILE_FLAG_SEQUENTIAL_SCAN 0x8000000
#define FILE_FLAG_DELETE_ON_CLOSE 0x4000000
#define FILE_FLAG_BACKUP_SEMANTICS 0x2000000
#define FILE_FLAG_POSIX_SEMANTICS 0x1000000
#define FILE_FLAG_OPEN_REPARSE_POINT 0x200000

#define MOVEFILE_REPLACE_EXISTING 0x1
#define MOVEFILE_COPY_ALLOWED 0x2
#define MOVEFILE_WRITE_THROUGH 0x8

/* Gives a file or directory another path; a file also on another file system, by copying it.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_ALREADY_EXISTS   something has that path
 *           ERROR_NOT_SAME_DEVICE  a directory, to another file system
 *           and path errors
 * Source    "MoveFileW" */
WINBASEAPI BOOL WINAPI MoveFileA(_In_ LPCSTR lpExistingFileName, _In_ LPCSTR lpNewFileName);
WINBASEAPI BOOL WINAPI MoveFileW(_In_ LPCWSTR lpExistingFileName, _In_ LPCWSTR lpNewFileName) WINSHIM_WIDE(MoveFileW);

/* MoveFile with a choice.
 *   dwFlags  MOVEFILE_REPLACE_EXISTING: a file that has the new path is replaced, in one step. MOVEFILE_COPY_ALLOWED:
 *            to another file system by copying. MOVEFILE_WRITE_THROUGH is accepted
 * Returns   nonzero; 0 on failure.
 * Error     as MoveFile; ERROR_ACCESS_DENIED  a directory is to replace something, or to be replaced
 *           ERROR_NOT_SUPPORTED  another flag
 * Source    "MoveFileExW" */
WINBASEAPI BOOL WINAPI MoveFileExA(_In_ LPCSTR lpExistingFileName, _In_opt_ LPCSTR lpNewFileName, _In_ DWORD dwFlags);
WINBASEAPI BOOL WINAPI MoveFileExW(_In_ LPCWSTR lpExistingFileName, _In_opt_ LPCWSTR lpNewFileName, _In_ DWORD dwFlags)
    WINSHIM_WIDE(MoveFileExW);

/* Copies the contents, mode bits and times of a file.
 *   bFailIfExists  nonzero: do not replace the contents of another file
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_FILE_EXISTS        bFailIfExists, and something has that path
 *           ERROR_SHARING_VIOLATION  both are the same file
 *           ERROR_ACCESS_DENIED      also: a directory
 *           and path errors
 * Source    "CopyFileW" */
WINBASEAPI BOOL WINAPI CopyFileA(_In_ LPCSTR lpExistingFileName, _In_ LPCSTR lpNewFileName, _In_ BOOL bFailIfExists);
WINBASEAPI BOOL WINAPI CopyFileW(_In_ LPCWSTR lpExistingFileName, _In_ LPCWSTR lpNewFileName, _In_ BOOL bFailIfExists)
    WINSHIM_WIDE(CopyFileW);

#ifdef UNICODE
#define MoveFile MoveFileW
#define MoveFileEx MoveFileExW
#define CopyFile CopyFileW
#else
#define MoveFile MoveFileA
#define MoveFileEx MoveFileExA
#define CopyFile CopyFileA
#endif

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_FILE_H */
