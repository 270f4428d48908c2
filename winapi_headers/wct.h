/* wct.h - wait chains: what a thread waits for, who holds that, what that one waits for, and whether it is a deadlock.
 *
 * A chain    alternates between threads and objects: a thread node, the object that it waits for, the thread that owns
 *            it, and so on. It ends at a thread that does not wait, at an object that nobody owns, or where it comes
 *            back to one of its threads (IsCycle), which is not named a second time. Deadlocks through waits for all
 *            objects are found; a wait for any object is one only if all its objects are out of reach, and else the
 *            chain ends with the first of them.
 * What       Waits of this library: mutexes (WctMutexType), ends of threads and processes (WctThreadWaitType,
 *            WctProcessWaitType), and events, semaphores and timers, which anybody may signal (WctUnknownType: there
 *            the chain ends). Critical sections, SRW locks and other waits inside a process are not seen: such a thread
 *            counts as running.
 * Looking    takes no lock and stops nobody; it works on processes that hang or are stopped, of the same user and
 *            namespace. The chain is that of one instant.
 * Source     "Wait Chain Traversal" and the pages of the functions
 */
#ifndef _INC_WCT
#define _INC_WCT

#include "minwinbase.h"
#include "winerror.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef LPVOID HWCT;

typedef enum _WCT_OBJECT_TYPE {
    WctCriticalSectionType = 1, /* not given by this library */
    WctSendMessageType,         /* not given */
    WctMutexType,
    WctAlpcType,                /* not given */
    WctComType,                 /* not given */
    WctThreadWaitType,          /* the wait for the end of a thread */
    WctProcessWaitType,         /* the wait for the end of a process */
    WctThreadType,
    WctComActivationType,       /* not given */
    WctUnknownType              /* an event, semaphore or timer */
} WCT_OBJECT_TYPE;

typedef enum _WCT_OBJECT_STATUS {
    WctStatusNoAccess = 1,  /* not given by this library */
    WctStatusRunning,       /* a thread that waits for nothing that is seen */
    WctStatusBlocked,       /* a thread that waits */
    WctStatusPidOnly,       /* some thread of a process: ThreadId is 0 */
    WctStatusPidOnlyRpcss,  /* not given */
    WctStatusOwned,         /* an object that a living thread or process owns, or is */
    WctStatusNotOwned,      /* an object that is, or is just becoming, free */
    WctStatusAbandoned,     /* a mutex whose owner has ended */
    WctStatusUnknown,       /* an object that nobody can own; a thread of a process that was not to be looked into */
    WctStatusError          /* not given */
} WCT_OBJECT_STATUS;

#define WCT_OBJNAME_LENGTH 128

/* Flags of OpenThreadWaitChainSession and of GetThreadWaitChain. */
#define WCT_ASYNC_OPEN_FLAG 0x1
#define WCTP_OPEN_ALL_FLAGS (WCT_ASYNC_OPEN_FLAG)
#define WCT_OUT_OF_PROC_FLAG 0x1
#define WCT_OUT_OF_PROC_COM_FLAG 0x2
#define WCT_OUT_OF_PROC_CS_FLAG 0x4
#define WCTP_GETINFO_ALL_FLAGS (WCT_OUT_OF_PROC_FLAG | WCT_OUT_OF_PROC_COM_FLAG | WCT_OUT_OF_PROC_CS_FLAG)
#define WCT_MAX_NODE_COUNT 16

/* A node of a chain.
 *   LockObject    ObjectName: empty for one without a name; a longer one is cut off. Timeout, Alertable: reserved, 0
 *   ThreadObject  WaitTime: milliseconds since the thread went to sleep; ContextSwitches: as the kernel counts them, of
 *                 both sorts; 0 where nobody tells
 * Source    "WAITCHAIN_NODE_INFO" */
__extension__ typedef struct _WAITCHAIN_NODE_INFO {
    WCT_OBJECT_TYPE ObjectType;
    WCT_OBJECT_STATUS ObjectStatus;
    __extension__ union {
        struct {
            WCHAR ObjectName[WCT_OBJNAME_LENGTH];
            LARGE_INTEGER Timeout;
            BOOL Alertable;
        } LockObject;
        struct {
            DWORD ProcessId;
            DWORD ThreadId;
            DWORD WaitTime;
            DWORD ContextSwitches;
        } ThreadObject;
    };
} WAITCHAIN_NODE_INFO, *PWAITCHAIN_NODE_INFO;

/* Told the result of an asynchronous call: its arguments, and in CallbackStatus what GetLastError would have said,
 * ERROR_SUCCESS, or ERROR_CANCELLED: the session was closed before. It runs in a thread of the pool that every process
 * has (threadpoolapiset.h). */
typedef VOID(CALLBACK *PWAITCHAINCALLBACK)(HWCT WctHandle, DWORD_PTR Context, DWORD CallbackStatus, LPDWORD NodeCount,
                                           PWAITCHAIN_NODE_INFO NodeInfoArray, LPBOOL IsCycle);

/* Begins a session.
 *   Flags     0, or WCT_ASYNC_OPEN_FLAG: GetThreadWaitChain returns at once, and the callback is told
 *   callback  for an asynchronous session; NULL for the other
 * Returns   the session, for CloseThreadWaitChainSession; NULL on failure.
 * Error     ERROR_INVALID_PARAMETER  another flag; a callback is missing, or one too many
 *           ERROR_NOT_ENOUGH_MEMORY
 * Source    "OpenThreadWaitChainSession" */
WINBASEAPI HWCT WINAPI OpenThreadWaitChainSession(_In_ DWORD Flags, _In_opt_ PWAITCHAINCALLBACK callback);

/* Ends a session. Calls of an asynchronous one that have not begun are cancelled: their callbacks are told so.
 * Notes     NULL, and what is no session, is ignored.
 * Source    "CloseThreadWaitChainSession" */
WINBASEAPI VOID WINAPI CloseThreadWaitChainSession(_In_ HWCT WctHandle);

/* Gets the wait chain of a thread.
 *   Context        for the callback
 *   Flags          WCT_OUT_OF_PROC_FLAG: follow the chain into other processes; without it the first thread of another
 *                  process is the last node, with its ids and WctStatusUnknown. The other two change nothing here
 *   ThreadId       a thread of this process, or of another one of this user
 *   NodeCount      in: how many nodes the array has room for, 1 to WCT_MAX_NODE_COUNT; out: how many it received, or
 *                  with ERROR_MORE_DATA how many it takes
 *   NodeInfoArray  receives the chain; its first node is the thread
 *   IsCycle        receives TRUE if the chain is, or leads into, a deadlock
 * The last three must stay valid until the callback of an asynchronous call has returned.
 * Returns   nonzero; 0 on failure, and whenever the session is asynchronous.
 * Error     ERROR_INVALID_PARAMETER  no session, another flag, no thread id, a count out of range, a pointer is missing
 *           ERROR_IO_PENDING         the session is asynchronous: the callback will be told
 *           ERROR_OBJECT_NOT_FOUND   there is no such thread
 *           ERROR_ACCESS_DENIED      it is another user's
 *           ERROR_MORE_DATA          the array is too small; it holds the beginning of the chain
 *           ERROR_TOO_MANY_THREADS   the chain has more than WCT_MAX_NODE_COUNT nodes; the array holds its beginning
 *           ERROR_NOT_ENOUGH_MEMORY, and those of a first call (README)
 * Notes     A thread that never called this library counts as running.
 * Source    "GetThreadWaitChain", "WaitChainCallback" */
WINBASEAPI BOOL WINAPI GetThreadWaitChain(_In_ HWCT WctHandle, _In_opt_ DWORD_PTR Context, _In_ DWORD Flags,
                                          _In_ DWORD ThreadId, _Inout_ LPDWORD NodeCount,
                                          PWAITCHAIN_NODE_INFO NodeInfoArray, _Out_ LPBOOL IsCycle)
    WINSHIM_WIDE(GetThreadWaitChain);

#ifdef __cplusplus
}
#endif

#endif /* _INC_WCT */
