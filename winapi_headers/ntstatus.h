/* ntstatus.h - NT status values: where the library's error codes come from.
 *
 * Purpose     For sources that name them. No function here returns one; the comment is the error that each becomes.
 * Use         #define WIN32_NO_STATUS, include windows.h, #undef WIN32_NO_STATUS, include this file. Without that the
 *             seven values of winnt.h stay as they are: same number, type DWORD.
 * Source      statements, section 10.4
 */
#ifndef _NTSTATUS_
#define _NTSTATUS_

#include "minwindef.h"

#ifndef _NTDEF_ /* of the native headers, which define it too */
#ifdef __cplusplus
extern "C" {
#endif
typedef LONG NTSTATUS, *PNTSTATUS;
#ifdef __cplusplus
}
#endif
#endif

#ifndef STATUS_WAIT_0
#define STATUS_WAIT_0 ((NTSTATUS)0x00000000) /* WAIT_OBJECT_0 */
#endif
#ifndef STATUS_ABANDONED_WAIT_0
#define STATUS_ABANDONED_WAIT_0 ((NTSTATUS)0x00000080) /* WAIT_ABANDONED_0 */
#endif
#ifndef STATUS_USER_APC
#define STATUS_USER_APC ((NTSTATUS)0x000000C0) /* WAIT_IO_COMPLETION */
#endif
#ifndef STATUS_TIMEOUT
#define STATUS_TIMEOUT ((NTSTATUS)0x00000102) /* WAIT_TIMEOUT */
#endif
#ifndef STATUS_PENDING
#define STATUS_PENDING ((NTSTATUS)0x00000103) /* 259, the exit code of what still runs */
#endif
#ifndef STATUS_INVALID_HANDLE
#define STATUS_INVALID_HANDLE ((NTSTATUS)0xC0000008) /* ERROR_INVALID_HANDLE */
#endif
#ifndef STATUS_INVALID_PARAMETER
#define STATUS_INVALID_PARAMETER ((NTSTATUS)0xC000000D) /* ERROR_INVALID_PARAMETER */
#endif
#define STATUS_SUCCESS ((NTSTATUS)0x00000000)
#define STATUS_OBJECT_NAME_EXISTS ((NTSTATUS)0x40000000)       /* ERROR_ALREADY_EXISTS, with a handle */
#define STATUS_ACCESS_DENIED ((NTSTATUS)0xC0000022)            /* ERROR_ACCESS_DENIED */
#define STATUS_OBJECT_TYPE_MISMATCH ((NTSTATUS)0xC0000024)     /* ERROR_INVALID_HANDLE */
#define STATUS_INVALID_PARAMETER_MIX ((NTSTATUS)0xC0000030)    /* ERROR_INVALID_PARAMETER */
#define STATUS_OBJECT_NAME_INVALID ((NTSTATUS)0xC0000033)      /* ERROR_INVALID_NAME */
#define STATUS_OBJECT_NAME_NOT_FOUND ((NTSTATUS)0xC0000034)    /* ERROR_FILE_NOT_FOUND */
#define STATUS_OBJECT_NAME_COLLISION ((NTSTATUS)0xC0000035)    /* ERROR_ALREADY_EXISTS */
#define STATUS_OBJECT_PATH_NOT_FOUND ((NTSTATUS)0xC000003A)    /* ERROR_PATH_NOT_FOUND */
#define STATUS_OBJECT_PATH_SYNTAX_BAD ((NTSTATUS)0xC000003B)   /* ERROR_BAD_PATHNAME */
#define STATUS_MUTANT_NOT_OWNED ((NTSTATUS)0xC0000046)         /* ERROR_NOT_OWNER */
#define STATUS_SEMAPHORE_LIMIT_EXCEEDED ((NTSTATUS)0xC0000047) /* ERROR_TOO_MANY_POSTS */
#define STATUS_SUSPEND_COUNT_EXCEEDED ((NTSTATUS)0xC000004A)   /* ERROR_SIGNAL_REFUSED */
#define STATUS_NOT_SAME_OBJECT ((NTSTATUS)0xC00001AC)          /* ERROR_NOT_SAME_OBJECT */
#define STATUS_HANDLE_NOT_CLOSABLE ((NTSTATUS)0xC0000235)      /* ERROR_INVALID_HANDLE */

#endif /* _NTSTATUS_ */
