/* ioapiset.h - results of transfers with an OVERLAPPED; completion ports. */
#ifndef _IO_APISET_H_
#define _IO_APISET_H_

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Tells the result of a ReadFile or WriteFile with an OVERLAPPED. Since those are done when they return, nothing is
 * waited for, whatever bWait is.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_HANDLE_EOF (the reading began at the end), ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER (NULL)
 * Source    "GetOverlappedResult" */
WINBASEAPI BOOL WINAPI GetOverlappedResult(_In_ HANDLE hFile, _In_ LPOVERLAPPED lpOverlapped,
                                           _Out_ LPDWORD lpNumberOfBytesTransferred, _In_ BOOL bWait);

/* ---- completion ports: queues of packets between the threads of a process ----
 * A port is closed by CloseHandle, and then sends away those who wait at it. It is not an object to wait for or to
 * duplicate, and is no port in a fork's child, which has to make its own. */
typedef struct _OVERLAPPED_ENTRY {
    ULONG_PTR lpCompletionKey;
    LPOVERLAPPED lpOverlapped;
    ULONG_PTR Internal;
    DWORD dwNumberOfBytesTransferred;
} OVERLAPPED_ENTRY, *LPOVERLAPPED_ENTRY;

/* Makes a completion port.
 *   FileHandle                 INVALID_HANDLE_VALUE: files cannot be bound, since their transfers are done on return
 *   ExistingCompletionPort     NULL
 *   CompletionKey              without a meaning
 *   NumberOfConcurrentThreads  accepted: as many threads get packets as ask for them
 * Returns   its handle; NULL on failure.
 * Error     ERROR_NOT_SUPPORTED (a file), ERROR_INVALID_PARAMETER (a port without a file), ERROR_NOT_ENOUGH_MEMORY,
 *           ERROR_NO_SYSTEM_RESOURCES (more than 1024 ports, or no more handles)
 * Source    "CreateIoCompletionPort" */
WINBASEAPI HANDLE WINAPI CreateIoCompletionPort(_In_ HANDLE FileHandle, _In_opt_ HANDLE ExistingCompletionPort,
                                                _In_ ULONG_PTR CompletionKey, _In_ DWORD NumberOfConcurrentThreads);

/* Queues a packet. What it says is up to the program: lpOverlapped need not lead anywhere.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE (no open port), ERROR_NOT_ENOUGH_MEMORY
 * Source    "PostQueuedCompletionStatus" */
WINBASEAPI BOOL WINAPI PostQueuedCompletionStatus(_In_ HANDLE CompletionPort, _In_ DWORD dwNumberOfBytesTransferred,
                                                  _In_ ULONG_PTR dwCompletionKey, _In_opt_ LPOVERLAPPED lpOverlapped);

/* Takes the oldest packet, and waits for one if there is none. Threads that wait get them first come, first served.
 *   lpNumberOfBytesTransferred, lpCompletionKey, lpOverlapped  where the packet goes, as it was posted
 *   dwMilliseconds                                             how long to wait; INFINITE
 * Returns   nonzero; 0 without a packet, *lpOverlapped is NULL then.
 * Error     WAIT_TIMEOUT, ERROR_ABANDONED_WAIT_0 (the port was closed), ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER
 * Source    "GetQueuedCompletionStatus" */
WINBASEAPI BOOL WINAPI GetQueuedCompletionStatus(_In_ HANDLE CompletionPort, _Out_ LPDWORD lpNumberOfBytesTransferred,
                                                 _Out_ PULONG_PTR lpCompletionKey, _Out_ LPOVERLAPPED *lpOverlapped,
                                                 _In_ DWORD dwMilliseconds);

/* GetQueuedCompletionStatus of several packets: those that there are once there is one, up to 64 at a time.
 *   lpCompletionPortEntries  where they go
 *   ulCount                  how many there is room for
 *   ulNumEntriesRemoved      where it goes how many were taken
 *   dwMilliseconds           how long to wait for the first; INFINITE
 *   fAlertable               nonzero: asynchronous procedure calls of this thread end the wait
 * Returns   nonzero; 0 without a packet.
 * Error     as GetQueuedCompletionStatus; WAIT_IO_COMPLETION (procedure calls have run)
 * Source    "GetQueuedCompletionStatusEx" */
WINBASEAPI BOOL WINAPI GetQueuedCompletionStatusEx(_In_ HANDLE CompletionPort,
                                                   _Out_ LPOVERLAPPED_ENTRY lpCompletionPortEntries,
                                                   _In_ ULONG ulCount, _Out_ PULONG ulNumEntriesRemoved,
                                                   _In_ DWORD dwMilliseconds, _In_ BOOL fAlertable);

#ifdef __cplusplus
}
#endif

#endif /* _IO_APISET_H_ */
