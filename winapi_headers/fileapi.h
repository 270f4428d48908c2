/* fileapi.h - files: opening, reading and writing, size and position, directories, temporary names.
 *
 * Handles     The handle of a file, pipe or terminal stands for a Linux descriptor: (n + 0x400000) * 4 for descriptor
 * n.
 *             It works with CloseHandle, DuplicateHandle (within the process; the access asked for is ignored), Get-
 *             and SetHandleInformation and CompareObjectHandles, and is inherited like any descriptor if it is
 *             inheritable.
 * Paths       \ and / both part directories. There are no drives and no servers: X:... fails with ERROR_INVALID_DRIVE,
 *             \\... with ERROR_BAD_NETPATH. Case matters. Paths that these calls return have slashes.
 * Path errors ERROR_FILE_NOT_FOUND (the file is missing), ERROR_PATH_NOT_FOUND (its directory is, or the path is
 *             empty), ERROR_ACCESS_DENIED, ERROR_INVALID_DRIVE, ERROR_BAD_NETPATH, ERROR_INVALID_NAME (not UTF-8 or
 *             UTF-16), ERROR_FILENAME_EXCED_RANGE, ERROR_CANT_RESOLVE_FILENAME, ERROR_WRITE_PROTECT, ERROR_DISK_FULL,
 *             ERROR_IO_DEVICE, ERROR_NOT_ENOUGH_MEMORY, ERROR_TOO_MANY_OPEN_FILES: as the system says.
 * Profiles    alike, in all of this file.
 */
#ifndef _APISETFILE_
#define _APISETFILE_

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CREATE_NEW 1
#define CREATE_ALWAYS 2
#define OPEN_EXISTING 3
#define OPEN_ALWAYS 4
#define TRUNCATE_EXISTING 5
#define INVALID_FILE_SIZE ((DWORD)0xffffffff)
#define INVALID_SET_FILE_POINTER ((DWORD)-1)
#define INVALID_FILE_ATTRIBUTES ((DWORD)-1)

/* Opens or makes a file.
 *   lpFileName             its path; or NUL (/dev/null), CONIN$, CONOUT$, CON (the terminal of the process)
 *   dwDesiredAccess        GENERIC_READ, GENERIC_WRITE, FILE_READ_DATA, FILE_WRITE_DATA; FILE_APPEND_DATA without
 *                          the right to write: every write goes to the end. 0: ask about it only
 *   dwShareMode            accepted, not enforced: whoever may open the file by its mode bits may do so
 *   lpSecurityAttributes   NULL, or whether the handle is inheritable
 *   dwCreationDisposition  CREATE_NEW: it must not exist. CREATE_ALWAYS: made, or emptied. OPEN_EXISTING: it must
 *   exist.
 *                          OPEN_ALWAYS: opened, or made. TRUNCATE_EXISTING: opened and emptied; needs the right to
 *             write
 *   dwFlagsAndAttributes   FILE_ATTRIBUTE_READONLY: a new file gets no mode bits for writing. FILE_FLAG_WRITE_THROUGH:
 *                          each write reaches the device. FILE_FLAG_DELETE_ON_CLOSE: the name is gone at once, the
 *                          contents with the last handle. FILE_FLAG_BACKUP_SEMANTICS: a directory may be opened. The
 *                          others are accepted: FILE_FLAG_OVERLAPPED changes nothing, see ReadFile
 *   hTemplateFile          ignored
 * Returns   a handle; INVALID_HANDLE_VALUE on failure. The last error is set on success, too: ERROR_ALREADY_EXISTS if
 *           CREATE_ALWAYS or OPEN_ALWAYS has found the file, else 0.
 * Error     ERROR_FILE_EXISTS        CREATE_NEW, and it exists
 *           ERROR_INVALID_PARAMETER  another disposition; TRUNCATE_EXISTING without GENERIC_WRITE
 *           ERROR_ACCESS_DENIED      also: a directory
 *           ERROR_INVALID_HANDLE     CONIN$ and its like: the process has no terminal
 *           and path errors
 * Source    "CreateFileW" */
WINBASEAPI HANDLE WINAPI CreateFileA(_In_ LPCSTR lpFileName, _In_ DWORD dwDesiredAccess, _In_ DWORD dwShareMode,
                                     _In_opt_ LPSECURITY_ATTRIBUTES lpSecurityAttributes,
                                     _In_ DWORD dwCreationDisposition, _In_ DWORD dwFlagsAndAttributes,
                                     _In_opt_ HANDLE hTemplateFile);
WINBASEAPI HANDLE WINAPI CreateFileW(_In_ LPCWSTR lpFileName, _In_ DWORD dwDesiredAccess, _In_ DWORD dwShareMode,
                                     _In_opt_ LPSECURITY_ATTRIBUTES lpSecurityAttributes,
                                     _In_ DWORD dwCreationDisposition, _In_ DWORD dwFlagsAndAttributes,
                                     _In_opt_ HANDLE hTemplateFile) WINSHIM_WIDE(CreateFileW);

/* Reads from a file, a pipe or a terminal.
 *   hFile                 its handle
 *   lpBuffer              where the bytes go
 *   nNumberOfBytesToRead  how many at most. An ordinary file gives as many unless it ends before; a pipe and a terminal
 *                         give what is there, and the call waits until there is something
 *   lpNumberOfBytesRead   NULL, or where their number goes
 *   lpOverlapped          NULL: reads at the file's position. Else at the offset in it (files only); the position is
 *                         behind what was read afterwards. The call waits all the same and is done when it returns; an
 *                         event in hEvent is set then
 * Returns   nonzero; at the end of a file nonzero with 0 bytes. 0 on failure.
 * Error     ERROR_BROKEN_PIPE     a pipe that nobody can write to any more is empty
 *           ERROR_HANDLE_EOF      with lpOverlapped, at the end of a file
 *           ERROR_INVALID_HANDLE  not the handle of a file, pipe or terminal
 *           ERROR_ACCESS_DENIED   not opened for reading
 *           ERROR_NOACCESS        lpBuffer leads nowhere
 *           ERROR_INVALID_PARAMETER, ERROR_INVALID_FUNCTION (a directory), ERROR_IO_DEVICE
 * Source    "ReadFile", "OVERLAPPED" */
WINBASEAPI BOOL WINAPI ReadFile(_In_ HANDLE hFile, _Out_writes_bytes_(nNumberOfBytesToRead) LPVOID lpBuffer,
                                _In_ DWORD nNumberOfBytesToRead, _Out_opt_ LPDWORD lpNumberOfBytesRead,
                                _Inout_opt_ LPOVERLAPPED lpOverlapped);

/* Writes to a file, a pipe or a terminal.
 *   hFile                   its handle
 *   lpBuffer                the bytes
 *   nNumberOfBytesToWrite   their number
 *   lpNumberOfBytesWritten  NULL, or where it goes how many were written: all, unless the call fails
 *   lpOverlapped            as ReadFile; offset 0xFFFFFFFF, 0xFFFFFFFF is the end of the file
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_BROKEN_PIPE     nobody can read from the pipe any more (SIGPIPE is not sent)
 *           ERROR_INVALID_HANDLE  as ReadFile
 *           ERROR_ACCESS_DENIED   not opened for writing
 *           ERROR_DISK_FULL, ERROR_FILE_TOO_LARGE (the limit of ulimit -f), ERROR_NOACCESS, ERROR_IO_DEVICE
 * Source    "WriteFile", "OVERLAPPED" */
WINBASEAPI BOOL WINAPI WriteFile(_In_ HANDLE hFile, _In_reads_bytes_opt_(nNumberOfBytesToWrite) LPCVOID lpBuffer,
                                 _In_ DWORD nNumberOfBytesToWrite, _Out_opt_ LPDWORD lpNumberOfBytesWritten,
                                 _Inout_opt_ LPOVERLAPPED lpOverlapped);

/* Waits until what was written to a file has reached the device. A pipe or terminal keeps nothing back.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED (not opened for writing), ERROR_IO_DEVICE, ERROR_DISK_FULL
 * Source    "FlushFileBuffers" */
WINBASEAPI BOOL WINAPI FlushFileBuffers(_In_ HANDLE hFile);

/* Tells the size of a file; of a directory or a block device 0.
 *   lpFileSize  where it goes
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER (lpFileSize is NULL), ERROR_INVALID_FUNCTION (a pipe or a
 *           terminal)
 * Source    "GetFileSizeEx" */
WINBASEAPI BOOL WINAPI GetFileSizeEx(_In_ HANDLE hFile, _Out_ PLARGE_INTEGER lpFileSize);

/* Tells the size of a file in two halves.
 *   lpFileSizeHigh  NULL, or where the upper half goes
 * Returns   the lower half; INVALID_FILE_SIZE on failure, or if the half has that value: the last error is 0 then.
 * Error     as GetFileSizeEx
 * Source    "GetFileSize" */
WINBASEAPI DWORD WINAPI GetFileSize(_In_ HANDLE hFile, _Out_opt_ LPDWORD lpFileSizeHigh);

/* Moves the position at which a file is read and written next; it may be beyond the end.
 *   liDistanceToMove  how far
 *   lpNewFilePointer  NULL, or where the new position goes
 *   dwMoveMethod      from where: FILE_BEGIN, FILE_CURRENT, FILE_END
 * Returns   nonzero; 0 on failure, and the position is as it was.
 * Error     ERROR_NEGATIVE_SEEK (before the beginning), ERROR_INVALID_PARAMETER (another method),
 *           ERROR_INVALID_FUNCTION (a pipe or a terminal), ERROR_INVALID_HANDLE
 * Source    "SetFilePointerEx" */
WINBASEAPI BOOL WINAPI SetFilePointerEx(_In_ HANDLE hFile, _In_ LARGE_INTEGER liDistanceToMove,
                                        _Out_opt_ PLARGE_INTEGER lpNewFilePointer, _In_ DWORD dwMoveMethod);

/* SetFilePointerEx with the distance in two halves.
 *   lDistanceToMove       the lower half; the whole, with a sign, if the next is NULL
 *   lpDistanceToMoveHigh  NULL, or the upper half, replaced by that of the new position
 * Returns   the lower half of the new position; INVALID_SET_FILE_POINTER on failure, or if it has that value: the last
 *           error is 0 then.
 * Error     as SetFilePointerEx; ERROR_INVALID_PARAMETER also: a position beyond 4 GiB without lpDistanceToMoveHigh
 * Source    "SetFilePointer" */
WINBASEAPI DWORD WINAPI SetFilePointer(_In_ HANDLE hFile, _In_ LONG lDistanceToMove,
                                       _Inout_opt_ PLONG lpDistanceToMoveHigh, _In_ DWORD dwMoveMethod);

/* Makes a file end at its position: cut off there, or filled up with 0.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED (not opened for writing), ERROR_INVALID_FUNCTION (a pipe),
 *           ERROR_DISK_FULL, ERROR_FILE_TOO_LARGE
 * Source    "SetEndOfFile" */
WINBASEAPI BOOL WINAPI SetEndOfFile(_In_ HANDLE hFile);

/* Tells what a handle leads to: FILE_TYPE_DISK (a file or directory), FILE_TYPE_CHAR (a terminal, NUL),
 * FILE_TYPE_PIPE (a pipe or socket).
 * Returns   that, and the last error is 0; FILE_TYPE_UNKNOWN on failure.
 * Error     ERROR_INVALID_HANDLE
 * Source    "GetFileType" */
WINBASEAPI DWORD WINAPI GetFileType(_In_ HANDLE hFile);

/* Deletes a file; who has it open keeps its contents.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_ACCESS_DENIED  also: a directory; a file without mode bits for writing
 *           and path errors
 * Source    "DeleteFileW" */
WINBASEAPI BOOL WINAPI DeleteFileA(_In_ LPCSTR lpFileName);
WINBASEAPI BOOL WINAPI DeleteFileW(_In_ LPCWSTR lpFileName) WINSHIM_WIDE(DeleteFileW);

/* Makes a directory. lpSecurityAttributes is ignored.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_ALREADY_EXISTS and path errors
 * Source    "CreateDirectoryW" */
WINBASEAPI BOOL WINAPI CreateDirectoryA(_In_ LPCSTR lpPathName, _In_opt_ LPSECURITY_ATTRIBUTES lpSecurityAttributes);
WINBASEAPI BOOL WINAPI CreateDirectoryW(_In_ LPCWSTR lpPathName, _In_opt_ LPSECURITY_ATTRIBUTES lpSecurityAttributes)
    WINSHIM_WIDE(CreateDirectoryW);

/* Removes an empty directory.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_DIR_NOT_EMPTY, ERROR_DIRECTORY (not a directory) and path errors
 * Source    "RemoveDirectoryW" */
WINBASEAPI BOOL WINAPI RemoveDirectoryA(_In_ LPCSTR lpPathName);
WINBASEAPI BOOL WINAPI RemoveDirectoryW(_In_ LPCWSTR lpPathName) WINSHIM_WIDE(RemoveDirectoryW);

/* Tells what a path leads to: FILE_ATTRIBUTE_DIRECTORY, or FILE_ATTRIBUTE_ARCHIVE, with FILE_ATTRIBUTE_READONLY if
 * nobody has a mode bit for writing.
 * Returns   that; INVALID_FILE_ATTRIBUTES on failure.
 * Error     path errors
 * Source    "GetFileAttributesW" */
WINBASEAPI DWORD WINAPI GetFileAttributesA(_In_ LPCSTR lpFileName);
WINBASEAPI DWORD WINAPI GetFileAttributesW(_In_ LPCWSTR lpFileName) WINSHIM_WIDE(GetFileAttributesW);

/* Tells attributes, times and size of what a path leads to. The time of creation is that of the last change of any
 * kind.
 *   fInfoLevelId       GetFileExInfoStandard
 *   lpFileInformation  a WIN32_FILE_ATTRIBUTE_DATA
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER (another level, NULL) and path errors
 * Source    "GetFileAttributesExW" */
WINBASEAPI BOOL WINAPI GetFileAttributesExA(_In_ LPCSTR lpFileName, _In_ GET_FILEEX_INFO_LEVELS fInfoLevelId,
                                            _Out_ LPVOID lpFileInformation);
WINBASEAPI BOOL WINAPI GetFileAttributesExW(_In_ LPCWSTR lpFileName, _In_ GET_FILEEX_INFO_LEVELS fInfoLevelId,
                                            _Out_ LPVOID lpFileInformation) WINSHIM_WIDE(GetFileAttributesExW);

/* Sets or clears FILE_ATTRIBUTE_READONLY of a file, by its mode bits for writing (cleared: the owner may write). The
 * other attributes are accepted without effect, as are all of them for a directory.
 * Returns   nonzero; 0 on failure.
 * Error     path errors
 * Source    "SetFileAttributesW" */
WINBASEAPI BOOL WINAPI SetFileAttributesA(_In_ LPCSTR lpFileName, _In_ DWORD dwFileAttributes);
WINBASEAPI BOOL WINAPI SetFileAttributesW(_In_ LPCWSTR lpFileName, _In_ DWORD dwFileAttributes)
    WINSHIM_WIDE(SetFileAttributesW);

/* Begins a search in a directory, and tells the first entry found.
 *   lpFileName      a path whose last part may have * (any characters) and ? (one); *.* is *. A pattern fits in upper
 *                   and lower case; a name without either is looked up as it stands
 *   lpFindFileData  where the entry goes. Names of 260 characters or more are left out. There are no short names
 * Returns   a handle for FindNextFile and FindClose, of use for nothing else; INVALID_HANDLE_VALUE on failure.
 * Error     ERROR_FILE_NOT_FOUND     nothing fits
 *           ERROR_INVALID_PARAMETER  lpFindFileData is NULL
 *           and path errors
 * Notes     The names are those at the time of this call, told in alphabetical order.
 * Source    "FindFirstFileW" */
WINBASEAPI HANDLE WINAPI FindFirstFileA(_In_ LPCSTR lpFileName, _Out_ LPWIN32_FIND_DATAA lpFindFileData);
WINBASEAPI HANDLE WINAPI FindFirstFileW(_In_ LPCWSTR lpFileName, _Out_ LPWIN32_FIND_DATAW lpFindFileData)
    WINSHIM_WIDE(FindFirstFileW);

/* Tells the next entry of a search.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_NO_MORE_FILES (that was all), ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER
 * Source    "FindNextFileW" */
WINBASEAPI BOOL WINAPI FindNextFileA(_In_ HANDLE hFindFile, _Out_ LPWIN32_FIND_DATAA lpFindFileData);
WINBASEAPI BOOL WINAPI FindNextFileW(_In_ HANDLE hFindFile, _Out_ LPWIN32_FIND_DATAW lpFindFileData)
    WINSHIM_WIDE(FindNextFileW);

/* Ends a search.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE
 * Source    "FindClose" */
WINBASEAPI BOOL WINAPI FindClose(_Inout_ HANDLE hFindFile);

/* Makes a path absolute and takes out . and .., by its text alone: nothing need exist.
 *   lpFileName     the path
 *   nBufferLength  room in lpBuffer in characters, the end included
 *   lpBuffer       where the result goes
 *   lpFilePart     NULL, or where it goes at which place in lpBuffer the last part begins; NULL if it ends with a slash
 * Returns   the length without the end; if there is not room enough, the room needed, the end included; 0 on failure.
 * Error     ERROR_INVALID_NAME (empty), ERROR_INVALID_DRIVE, ERROR_BAD_NETPATH, ERROR_NOT_ENOUGH_MEMORY
 * Source    "GetFullPathNameW" */
WINBASEAPI DWORD WINAPI GetFullPathNameA(_In_ LPCSTR lpFileName, _In_ DWORD nBufferLength,
                                         _Out_writes_to_opt_(nBufferLength, return + 1) LPSTR lpBuffer,
                                         _Outptr_opt_ LPSTR *lpFilePart);
WINBASEAPI DWORD WINAPI GetFullPathNameW(_In_ LPCWSTR lpFileName, _In_ DWORD nBufferLength,
                                         _Out_writes_to_opt_(nBufferLength, return + 1) LPWSTR lpBuffer,
                                         _Outptr_opt_ LPWSTR *lpFilePart) WINSHIM_WIDE(GetFullPathNameW);

/* Tells the directory for temporary files, with a slash at its end: the first of the environment variables TMP, TEMP,
 * TMPDIR that is an absolute path, else /tmp/.
 * Returns   the length without the end; if there is not room enough, the room needed, the end included; 0 on failure.
 * Error     ERROR_NOT_ENOUGH_MEMORY
 * Source    "GetTempPathW" */
WINBASEAPI DWORD WINAPI GetTempPathA(_In_ DWORD nBufferLength, _Out_writes_to_opt_(nBufferLength, return + 1)
                                     LPSTR lpBuffer);
WINBASEAPI DWORD WINAPI GetTempPathW(_In_ DWORD nBufferLength, _Out_writes_to_opt_(nBufferLength, return + 1)
                                     LPWSTR lpBuffer) WINSHIM_WIDE(GetTempPathW);

/* Makes the name of a temporary file: PATH/PREuuuu.tmp.
 *   lpPathName      an existing directory
 *   lpPrefixString  of which the first three characters are PRE
 *   uUnique         the number uuuu, of which 16 bits count; 0: one is found with which there is no file yet, and the
 *                   file is made, empty
 *   lpTempFileName  room for MAX_PATH characters
 * Returns   the number; 0 on failure.
 * Error     ERROR_DIRECTORY (not a directory), ERROR_BUFFER_OVERFLOW (too long) and path errors
 * Source    "GetTempFileNameW" */
WINBASEAPI UINT WINAPI GetTempFileNameA(_In_ LPCSTR lpPathName, _In_ LPCSTR lpPrefixString, _In_ UINT uUnique,
                                        _Out_writes_(MAX_PATH) LPSTR lpTempFileName);
WINBASEAPI UINT WINAPI GetTempFileNameW(_In_ LPCWSTR lpPathName, _In_ LPCWSTR lpPrefixString, _In_ UINT uUnique,
                                        _Out_writes_(MAX_PATH) LPWSTR lpTempFileName) WINSHIM_WIDE(GetTempFileNameW);

/* ---- locks on parts of a file ----
 * They are advisory: nobody is kept from reading and writing who does not lock. They belong to the open file: two
 * CreateFile of one file are strangers, two handles of one opening (DuplicateHandle, inheritance) are not, and one
 * opening is never in its own way. The last handle that is closed, or the end of the process, takes them back. An
 * exclusive lock needs a handle for writing, a shared one a handle for reading. */
#define LOCKFILE_FAIL_IMMEDIATELY 1
#define LOCKFILE_EXCLUSIVE_LOCK 2

/* Locks a range of bytes, that may lie beyond the end; waits until it can.
 *   hFile                           the file
 *   dwFlags                         LOCKFILE_EXCLUSIVE_LOCK: nobody else; without it others may read, too.
 *                                   LOCKFILE_FAIL_IMMEDIATELY: do not wait
 *   dwReserved                      0
 *   nNumberOfBytesToLockLow, High   how many; up to the end of all files if that is more than Linux can count
 *   lpOverlapped                    its Offset and OffsetHigh say where the range begins; its event is set on return
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_LOCK_VIOLATION (somebody else has it), ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED (the handle is not
 *           for this), ERROR_INVALID_PARAMETER, ERROR_GEN_FAILURE (each would wait for the other)
 * Source    "LockFileEx" */
WINBASEAPI BOOL WINAPI LockFileEx(_In_ HANDLE hFile, _In_ DWORD dwFlags, _Reserved_ DWORD dwReserved,
                                  _In_ DWORD nNumberOfBytesToLockLow, _In_ DWORD nNumberOfBytesToLockHigh,
                                  _Inout_ LPOVERLAPPED lpOverlapped);

/* LockFileEx of an exclusive lock, without waiting.
 * Source    "LockFile" */
WINBASEAPI BOOL WINAPI LockFile(_In_ HANDLE hFile, _In_ DWORD dwFileOffsetLow, _In_ DWORD dwFileOffsetHigh,
                                _In_ DWORD nNumberOfBytesToLockLow, _In_ DWORD nNumberOfBytesToLockHigh);

/* Takes back the locks on a range. Nothing tells whether there were any: it succeeds in any case.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER
 * Source    "UnlockFileEx" */
WINBASEAPI BOOL WINAPI UnlockFileEx(_In_ HANDLE hFile, _Reserved_ DWORD dwReserved,
                                    _In_ DWORD nNumberOfBytesToUnlockLow, _In_ DWORD nNumberOfBytesToUnlockHigh,
                                    _Inout_ LPOVERLAPPED lpOverlapped);

/* UnlockFileEx with the beginning in two arguments.
 * Source    "UnlockFile" */
WINBASEAPI BOOL WINAPI UnlockFile(_In_ HANDLE hFile, _In_ DWORD dwFileOffsetLow, _In_ DWORD dwFileOffsetHigh,
                                  _In_ DWORD nNumberOfBytesToUnlockLow, _In_ DWORD nNumberOfBytesToUnlockHigh);

typedef struct _BY_HANDLE_FILE_INFORMATION {
    DWORD dwFileAttributes;
    FILETIME ftCreationTime; /* the last change of any kind stands for it */
    FILETIME ftLastAccessTime;
    FILETIME ftLastWriteTime;
    DWORD dwVolumeSerialNumber; /* of the device */
    DWORD nFileSizeHigh;
    DWORD nFileSizeLow;
    DWORD nNumberOfLinks;
    DWORD nFileIndexHigh; /* the inode */
    DWORD nFileIndexLow;
} BY_HANDLE_FILE_INFORMATION, *PBY_HANDLE_FILE_INFORMATION, *LPBY_HANDLE_FILE_INFORMATION;

/* Tells about an open file. Two handles are of one file if device and inode are alike.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER (NULL)
 * Source    "GetFileInformationByHandle" */
WINBASEAPI BOOL WINAPI GetFileInformationByHandle(_In_ HANDLE hFile,
                                                  _Out_ LPBY_HANDLE_FILE_INFORMATION lpFileInformation);

#ifdef UNICODE
#define CreateFile CreateFileW
#define DeleteFile DeleteFileW
#define CreateDirectory CreateDirectoryW
#define RemoveDirectory RemoveDirectoryW
#define GetFileAttributes GetFileAttributesW
#define GetFileAttributesEx GetFileAttributesExW
#define SetFileAttributes SetFileAttributesW
#define FindFirstFile FindFirstFileW
#define FindNextFile FindNextFileW
#define GetFullPathName GetFullPathNameW
#define GetTempPath GetTempPathW
#define GetTempFileName GetTempFileNameW
#else
#define CreateFile CreateFileA
#define DeleteFile DeleteFileA
#define CreateDirectory CreateDirectoryA
#define RemoveDirectory RemoveDirectoryA
#define GetFileAttributes GetFileAttributesA
#define GetFileAttributesEx GetFileAttributesExA
#define SetFileAttributes SetFileAttributesA
#define FindFirstFile FindFirstFileA
#define FindNextFile FindNextFileA
#define GetFullPathName GetFullPathNameA
#define GetTempPath GetTempPathA
#define GetTempFileName GetTempFileNameA
#endif

#ifdef __cplusplus
}
#endif

#include "winshim_file.h"

#endif /* _APISETFILE_ */
