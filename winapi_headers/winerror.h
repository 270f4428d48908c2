/* winerror.h - the values of GetLastError.
 *
 * Purpose     Every code that the library sets, with the reason for which it sets it, and those that programs compare
 *             with beside them. The table in each function's documentation says which of them that function sets.
 * Source      statements, section 10.2; "System Error Codes".
 */
#ifndef _WINERROR_
#define _WINERROR_

#include "minwindef.h" /* HRESULT */

#define ERROR_SUCCESS 0 /* also what a Create function sets when it has made a new object */
#define NO_ERROR 0
#define ERROR_INVALID_FUNCTION 1
#define ERROR_FILE_NOT_FOUND 2         /* Open functions: no object has that name */
#define ERROR_PATH_NOT_FOUND 3         /* profile nt: a backslash where none is allowed */
#define ERROR_TOO_MANY_OPEN_FILES 4    /* the process has no free handle */
#define ERROR_ACCESS_DENIED 5          /* the handle lacks the right that the call needs */
#define ERROR_INVALID_HANDLE 6         /* not an open handle; an object of another type; a name of another type */
#define ERROR_NOT_ENOUGH_MEMORY 8      /* no memory */
#define ERROR_INVALID_DATA 13
#define ERROR_OUTOFMEMORY 14
#define ERROR_INVALID_DRIVE 15         /* a path with a drive letter */
#define ERROR_NOT_SAME_DEVICE 17       /* MoveFile of a directory to another file system */
#define ERROR_NO_MORE_FILES 18         /* FindNextFile: that was all */
#define ERROR_WRITE_PROTECT 19         /* a file system that cannot be written to */
#define ERROR_BAD_LENGTH 24           /* VirtualQuery: a structure that is too small */
#define ERROR_GEN_FAILURE 31
#define ERROR_SHARING_VIOLATION 32     /* a file that is in use */
#define ERROR_HANDLE_EOF 38            /* ReadFile with an OVERLAPPED, at the end */
#define ERROR_NOT_SUPPORTED 50
#define ERROR_BAD_NETPATH 53           /* a path that begins with \\ */
#define ERROR_FILE_EXISTS 80           /* CREATE_NEW, CopyFile: it exists */
#define ERROR_INVALID_PARAMETER 87     /* a count, a flag, a missing pointer or name */
#define ERROR_BROKEN_PIPE 109          /* a pipe whose other end is closed */
#define ERROR_BUFFER_OVERFLOW 111      /* GetComputerName: a buffer that is too small */
#define ERROR_DISK_FULL 112
#define ERROR_CALL_NOT_IMPLEMENTED 120
#define ERROR_INSUFFICIENT_BUFFER 122  /* a buffer that is too small */
#define ERROR_INVALID_NAME 123         /* profiles ce, ce5: a backslash; nt: nothing after Global\ or Local\ */
#define ERROR_MOD_NOT_FOUND 126        /* LoadLibrary, GetModuleHandle */
#define ERROR_PROC_NOT_FOUND 127       /* GetProcAddress */
#define ERROR_NEGATIVE_SEEK 131        /* SetFilePointer before the beginning */
#define ERROR_DIR_NOT_EMPTY 145        /* RemoveDirectory */
#define ERROR_SIGNAL_REFUSED 156
#define ERROR_NOT_LOCKED 158           /* LocalUnlock without LocalLock */
#define ERROR_BAD_PATHNAME 161         /* profile nt: a name that begins with a backslash */
#define ERROR_ALREADY_EXISTS 183       /* a Create function has found the name: the handle is to that object */
#define ERROR_BAD_EXE_FORMAT 193       /* not a program, or not a shared library */
#define ERROR_ENVVAR_NOT_FOUND 203     /* no environment variable has that name */
#define ERROR_FILENAME_EXCED_RANGE 206 /* a name of more than 260 characters */
#define ERROR_FILE_TOO_LARGE 223       /* WriteFile beyond ulimit -f */
#define ERROR_MORE_DATA 234
#define WAIT_TIMEOUT 258               /* a result of the wait functions, not an error: last error stays as it was */
#define ERROR_NO_MORE_ITEMS 259
#define ERROR_DIRECTORY 267            /* a path that is no directory */
#define ERROR_NOT_OWNER 288            /* ReleaseMutex by a thread that does not own the mutex */
#define ERROR_TOO_MANY_POSTS 298       /* ReleaseSemaphore beyond the maximum count */
#define ERROR_MR_MID_NOT_FOUND 317     /* FormatMessage: no text for that number */
#define ERROR_INVALID_ADDRESS 487
#define ERROR_TOO_MANY_THREADS 565     /* a wait chain of more than WCT_MAX_NODE_COUNT nodes */
#define ERROR_MUTANT_LIMIT_EXCEEDED 587 /* a mutex acquired 2,147,483,647 times by its owner */
#define ERROR_IO_PENDING 997           /* done, but for callbacks that are still running */
#define ERROR_NOACCESS 998             /* a pointer that must not be NULL */
#define ERROR_INVALID_FLAGS 1004
#define ERROR_FILE_INVALID 1006
#define ERROR_NO_UNICODE_TRANSLATION 1113 /* a char name that is not UTF-8 */
#define ERROR_IO_DEVICE 1117
#define ERROR_POSSIBLE_DEADLOCK 1131 /* a wait in a signal handler that interrupted a wait of this thread */
#define ERROR_MAPPED_ALIGNMENT 1132
#define ERROR_ALREADY_INITIALIZED 1247 /* WinshimSetProfile, too late */
#define ERROR_UNKNOWN_REVISION 1305    /* a security descriptor of another revision */
#define ERROR_REVISION_MISMATCH 1306   /* the shared memory was made by another version of the library */
#define ERROR_INVALID_ACL 1336
#define ERROR_INVALID_SID 1337
#define ERROR_ALLOTTED_SPACE_EXCEEDED 1344
#define ERROR_FILE_CORRUPT 1392        /* the shared memory is damaged */
#define ERROR_NO_SYSTEM_RESOURCES 1450 /* the shared memory of the objects is full */
#define ERROR_TIMEOUT 1460
#define ERROR_NOT_SAME_OBJECT 1656     /* CompareObjectHandles: two objects */
#define ERROR_CANT_RESOLVE_FILENAME 1921 /* links that lead in a circle */

/* ---- codes that the library does not set, for programs that compare with them ---- */
#define ERROR_ARENA_TRASHED 7
#define ERROR_INVALID_BLOCK 9
#define ERROR_BAD_ENVIRONMENT 10
#define ERROR_BAD_FORMAT 11
#define ERROR_INVALID_ACCESS 12
#define ERROR_CURRENT_DIRECTORY 16
#define ERROR_BAD_UNIT 20
#define ERROR_NOT_READY 21
#define ERROR_BAD_COMMAND 22
#define ERROR_CRC 23
#define ERROR_SEEK 25
#define ERROR_WRITE_FAULT 29
#define ERROR_READ_FAULT 30
#define ERROR_LOCK_VIOLATION 33
#define ERROR_SHARING_BUFFER_EXCEEDED 36
#define ERROR_HANDLE_DISK_FULL 39
#define ERROR_REM_NOT_LIST 51
#define ERROR_DUP_NAME 52
#define ERROR_DEV_NOT_EXIST 55
#define ERROR_ADAP_HDW_ERR 57
#define ERROR_UNEXP_NET_ERR 59
#define ERROR_NETNAME_DELETED 64
#define ERROR_BAD_NET_NAME 67
#define ERROR_SHARING_PAUSED 70
#define ERROR_CANNOT_MAKE 82
#define ERROR_ALREADY_ASSIGNED 85
#define ERROR_INVALID_PASSWORD 86
#define ERROR_NET_WRITE_FAULT 88
#define ERROR_NO_PROC_SLOTS 89
#define ERROR_TOO_MANY_SEMAPHORES 100
#define ERROR_EXCL_SEM_ALREADY_OWNED 101
#define ERROR_SEM_IS_SET 102
#define ERROR_INVALID_AT_INTERRUPT_TIME 104
#define ERROR_SEM_OWNER_DIED 105
#define ERROR_SEM_USER_LIMIT 106
#define ERROR_DISK_CHANGE 107
#define ERROR_OPEN_FAILED 110
#define ERROR_NO_MORE_SEARCH_HANDLES 113
#define ERROR_INVALID_TARGET_HANDLE 114
#define ERROR_INVALID_CATEGORY 117
#define ERROR_SEM_TIMEOUT 121
#define ERROR_INVALID_LEVEL 124
#define ERROR_NO_VOLUME_LABEL 125
#define ERROR_WAIT_NO_CHILDREN 128
#define ERROR_CHILD_NOT_COMPLETE 129
#define ERROR_DIRECT_ACCESS_HANDLE 130
#define ERROR_SEEK_ON_DEVICE 132
#define ERROR_NOT_JOINED 136
#define ERROR_BUSY_DRIVE 142
#define ERROR_PATH_BUSY 148
#define ERROR_TOO_MANY_TCBS 155
#define ERROR_DISCARDED 157
#define ERROR_BAD_THREADID_ADDR 159
#define ERROR_BAD_ARGUMENTS 160
#define ERROR_MAX_THRDS_REACHED 164
#define ERROR_LOCK_FAILED 167
#define ERROR_BUSY 170
#define ERROR_INVALID_ORDINAL 182
#define ERROR_SEM_NOT_FOUND 187
#define ERROR_INVALID_SIGNAL_NUMBER 209
#define ERROR_THREAD_1_INACTIVE 210
#define ERROR_LOCKED 212
#define ERROR_NESTING_NOT_ALLOWED 215
#define ERROR_BAD_PIPE 230
#define ERROR_PIPE_BUSY 231
#define ERROR_NO_DATA 232
#define ERROR_PIPE_NOT_CONNECTED 233
#define ERROR_VC_DISCONNECTED 240
#define ERROR_EA_LIST_INCONSISTENT 255
#define ERROR_PIPE_CONNECTED 535
#define ERROR_WAIT_1 731
#define ERROR_ABANDONED_WAIT_0 735
#define ERROR_ABANDONED_WAIT_63 736
#define ERROR_OPERATION_ABORTED 995
#define ERROR_IO_INCOMPLETE 996
#define ERROR_STACK_OVERFLOW 1001
#define ERROR_INVALID_MESSAGE 1002
#define ERROR_NO_TOKEN 1008
#define ERROR_SERVICE_REQUEST_TIMEOUT 1053
#define ERROR_SERVICE_ALREADY_RUNNING 1056
#define ERROR_SERVICE_DOES_NOT_EXIST 1060
#define ERROR_PROCESS_ABORTED 1067
#define ERROR_MEDIA_CHANGED 1110
#define ERROR_DLL_INIT_FAILED 1114
#define ERROR_DLL_NOT_FOUND 1157
#define ERROR_NOT_FOUND 1168
#define ERROR_BAD_DEVICE 1200
#define ERROR_CANCELLED 1223
#define ERROR_USER_MAPPED_FILE 1224
#define ERROR_CONNECTION_REFUSED 1225
#define ERROR_NETWORK_UNREACHABLE 1231
#define ERROR_HOST_UNREACHABLE 1232
#define ERROR_CONNECTION_ABORTED 1236
#define ERROR_RETRY 1237
#define ERROR_PRIVILEGE_NOT_HELD 1314
#define ERROR_LOGON_FAILURE 1326
#define ERROR_NONE_MAPPED 1332
#define ERROR_INTERNAL_ERROR 1359
#define ERROR_INVALID_WINDOW_HANDLE 1400
#define ERROR_INVALID_THREAD_ID 1444
#define ERROR_WORKING_SET_QUOTA 1453
#define ERROR_COMMITMENT_LIMIT 1455
#define ERROR_INVALID_USER_BUFFER 1784
#define ERROR_NOT_ENOUGH_QUOTA 1816
#define ERROR_BAD_USERNAME 2202
#define ERROR_NOT_CONNECTED 2250
#define ERROR_ACTIVE_CONNECTIONS 2402
#define ERROR_DEVICE_IN_USE 2404
#define ERROR_OBJECT_NOT_FOUND 4312
#define ERROR_INVALID_OPERATION 4317
#define ERROR_RESOURCE_NOT_FOUND 5007
#define ERROR_INVALID_STATE 5023

/* ---- HRESULT: negative is failure ---- */
#define SEVERITY_SUCCESS 0
#define SEVERITY_ERROR 1
#define FACILITY_NULL 0
#define FACILITY_WIN32 7
#define S_OK ((HRESULT)0)
#define S_FALSE ((HRESULT)1)
#define E_UNEXPECTED ((HRESULT)0x8000FFFF)
#define E_NOTIMPL ((HRESULT)0x80004001)
#define E_OUTOFMEMORY ((HRESULT)0x8007000E)
#define E_INVALIDARG ((HRESULT)0x80070057)
#define E_NOINTERFACE ((HRESULT)0x80004002)
#define E_POINTER ((HRESULT)0x80004003)
#define E_HANDLE ((HRESULT)0x80070006)
#define E_ABORT ((HRESULT)0x80004004)
#define E_FAIL ((HRESULT)0x80004005)
#define E_ACCESSDENIED ((HRESULT)0x80070005)
#define SUCCEEDED(result) ((HRESULT)(result) >= 0)
#define FAILED(result) ((HRESULT)(result) < 0)
#define HRESULT_CODE(result) ((result)&0xFFFF)
#define HRESULT_FACILITY(result) (((result) >> 16) & 0x1fff)
#define HRESULT_SEVERITY(result) (((result) >> 31) & 0x1)
#define MAKE_HRESULT(severity, facility, code) \
    ((HRESULT)((DWORD)(severity) << 31 | (DWORD)(facility) << 16 | (DWORD)(code)))
#define HRESULT_FROM_WIN32(error)     \
    ((HRESULT)(error) <= 0            \
         ? (HRESULT)(error)           \
         : (HRESULT)(((error)&0x0000FFFF) | (DWORD)FACILITY_WIN32 << 16 | 0x80000000))

#endif /* _WINERROR_ */
