// messages.h - a sentence for each error code of winerror.h, in our own words; FormatMessage adds the end of line.
#pragma once
#include "shim/base/sdk.h"

namespace winshim::base {

struct Message {
    DWORD id;
    const char* text;
};

inline constexpr Message kMessages[] = {
    {ERROR_SUCCESS, "The operation completed successfully."},
    {ERROR_INVALID_FUNCTION, "There is no such function."},
    {ERROR_FILE_NOT_FOUND, "Nothing of that name was found."},
    {ERROR_PATH_NOT_FOUND, "The path does not lead anywhere."},
    {ERROR_TOO_MANY_OPEN_FILES, "The process has no handle left."},
    {ERROR_ACCESS_DENIED, "Access is denied."},
    {ERROR_INVALID_HANDLE, "The handle is not valid here."},
    {ERROR_NOT_ENOUGH_MEMORY, "There is not enough memory for this."},
    {ERROR_INVALID_DATA, "The data are not valid."},
    {ERROR_OUTOFMEMORY, "There is not enough memory to finish this."},
    {ERROR_INVALID_DRIVE, "There are no drive letters here."},
    {ERROR_NOT_SAME_DEVICE, "The two are on different file systems."},
    {ERROR_NO_MORE_FILES, "There are no more files."},
    {ERROR_WRITE_PROTECT, "The file system cannot be written to."},
    {ERROR_BAD_LENGTH, "The length does not fit the request."},
    {ERROR_GEN_FAILURE, "It is not in a state in which this can be done."},
    {ERROR_SHARING_VIOLATION, "The file is in use."},
    {ERROR_HANDLE_EOF, "The end of the file has been reached."},
    {ERROR_NOT_SUPPORTED, "The request is not supported."},
    {ERROR_BAD_NETPATH, "There are no network paths here."},
    {ERROR_FILE_EXISTS, "The file exists."},
    {ERROR_INVALID_PARAMETER, "A parameter is wrong."},
    {ERROR_BROKEN_PIPE, "The other end of the pipe is closed."},
    {ERROR_BUFFER_OVERFLOW, "The name is too long for the buffer."},
    {ERROR_DISK_FULL, "There is no room left on the disk."},
    {ERROR_CALL_NOT_IMPLEMENTED, "This call is not implemented."},
    {ERROR_INSUFFICIENT_BUFFER, "The buffer is too small."},
    {ERROR_INVALID_NAME, "The name has a character or a form that is not allowed."},
    {ERROR_MOD_NOT_FOUND, "The module was not found."},
    {ERROR_PROC_NOT_FOUND, "The module has nothing of that name."},
    {ERROR_NEGATIVE_SEEK, "The position would be before the beginning."},
    {ERROR_DIR_NOT_EMPTY, "The directory is not empty."},
    {ERROR_SIGNAL_REFUSED, "The thread cannot be suspended once more."},
    {ERROR_NOT_LOCKED, "It is not locked."},
    {ERROR_BAD_PATHNAME, "The path is not valid."},
    {ERROR_ALREADY_EXISTS, "It exists already."},
    {ERROR_BAD_EXE_FORMAT, "The file is not a shared library."},
    {ERROR_ENVVAR_NOT_FOUND, "There is no environment variable of that name."},
    {ERROR_FILENAME_EXCED_RANGE, "The name is too long."},
    {ERROR_FILE_TOO_LARGE, "The file is larger than allowed."},
    {ERROR_MORE_DATA, "There is more data."},
    {WAIT_TIMEOUT, "The wait timed out."},
    {ERROR_NO_MORE_ITEMS, "There are no more of them."},
    {ERROR_DIRECTORY, "The path is not that of a directory."},
    {ERROR_NOT_OWNER, "The caller does not own the mutex."},
    {ERROR_TOO_MANY_POSTS, "The semaphore would go beyond its maximum."},
    {ERROR_MR_MID_NOT_FOUND, "There is no message of that number."},
    {ERROR_INVALID_ADDRESS, "The address is not valid here."},
    {ERROR_MUTANT_LIMIT_EXCEEDED, "The owner has acquired the mutex too often."},
    {ERROR_NOACCESS, "The memory location cannot be used."},
    {ERROR_INVALID_FLAGS, "The flags are not valid."},
    {ERROR_FILE_INVALID, "The file cannot be used for this."},
    {ERROR_NO_UNICODE_TRANSLATION, "The text has something in it that is no character."},
    {ERROR_IO_DEVICE, "The device reports an error."},
    {ERROR_POSSIBLE_DEADLOCK, "To wait here could be a deadlock."},
    {ERROR_MAPPED_ALIGNMENT, "The offset or the address is not on a boundary that is needed."},
    {ERROR_ALREADY_INITIALIZED, "It has been initialized already."},
    {ERROR_UNKNOWN_REVISION, "The revision is not known."},
    {ERROR_REVISION_MISMATCH, "The two revisions do not fit together."},
    {ERROR_FILE_CORRUPT, "The shared memory or the file is damaged."},
    {ERROR_NO_SYSTEM_RESOURCES, "The system's resources do not suffice."},
    {ERROR_TIMEOUT, "The time was up before it was done."},
    {ERROR_NOT_SAME_OBJECT, "The two handles lead to different objects."},
    {ERROR_CANT_RESOLVE_FILENAME, "The path has too many links."},
};

}  // namespace winshim::base
