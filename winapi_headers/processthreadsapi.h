/* processthreadsapi.h - threads: making, ending and stopping them, queueing calls to them; who is calling. Processes:
 * winshim_process.h.
 *
 * Objects     A thread is an object: its handle is signaled once the thread has ended, however it came to that, and
 *             stays so. A handle does not keep the thread alive, nor does closing it end the thread.
 * Ids         Thread ids are those of Linux: no two living threads of the system share one.
 * Foreign     A thread that was not made here (pthread_create, std::thread, main) becomes one of these at its first
 *             call, with everything that belongs to it; its exit code is 0 unless it calls ExitThread.
 * Processes   SuspendThread, ResumeThread, TerminateThread and QueueUserAPC work on threads of the caller's own
 *             process; for another's they fail with ERROR_NOT_SUPPORTED. Everything else works on any thread. The first
 *             thread of a process made with CREATE_SUSPENDED can be suspended and resumed until it runs.
 * Signals     Threads are stopped by the signal SIGRTMAX - 1, which is taken at the first SuspendThread or
 *             TerminateThread; a program that uses either must leave that signal alone.
 */
#ifndef _PROCESSTHREADSAPI_H_
#define _PROCESSTHREADSAPI_H_

#include "minwinbase.h"
#include "winerror.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CREATE_SUSPENDED 0x4
#define STILL_ACTIVE ((DWORD)0x00000103L)
#define STACK_SIZE_PARAM_IS_A_RESERVATION 0x10000

typedef DWORD(WINAPI *PTHREAD_START_ROUTINE)(LPVOID lpThreadParameter);
typedef PTHREAD_START_ROUTINE LPTHREAD_START_ROUTINE;

/* Makes a thread.
 *   lpThreadAttributes  NULL, or whether the handle is inheritable
 *   dwStackSize         bytes of stack; 0: the default (ulimit -s). Less than the default counts only with
 *                       STACK_SIZE_PARAM_IS_A_RESERVATION: without it, it is what is committed at first
 *   lpStartAddress      what it runs; the result is its exit code
 *   lpParameter         what that is given
 *   dwCreationFlags     0 or: CREATE_SUSPENDED, it runs after ResumeThread; STACK_SIZE_PARAM_IS_A_RESERVATION
 *   lpThreadId          NULL, or where its id goes
 * Returns   a handle with THREAD_ALL_ACCESS; NULL on failure.
 * Error     ERROR_INVALID_PARAMETER    no start routine; another flag
 *           ERROR_NOT_ENOUGH_MEMORY    no room for the thread, or too many of them
 *           and exhaustion as in synchapi.h
 * Profiles  ce5: lpThreadAttributes is ignored.
 * Source    "CreateThread"; Thread-01..03 */
WINBASEAPI HANDLE WINAPI CreateThread(_In_opt_ LPSECURITY_ATTRIBUTES lpThreadAttributes, _In_ SIZE_T dwStackSize,
                                      _In_ LPTHREAD_START_ROUTINE lpStartAddress, _In_opt_ LPVOID lpParameter,
                                      _In_ DWORD dwCreationFlags, _Out_opt_ LPDWORD lpThreadId);

/* Ends the calling thread. Its mutexes are abandoned. Destructors of C++ objects on its stack run, as with
 * pthread_exit.
 *   dwExitCode  what GetExitCodeThread will say
 * Notes     The process goes on as long as another thread of it runs.
 * Profiles  alike.
 * Source    "ExitThread"; Thread-05 */
WINBASEAPI void WINAPI ExitThread(_In_ DWORD dwExitCode) __attribute__((__noreturn__));

/* Tells the exit code of a thread.
 *   hThread     a handle with THREAD_QUERY_INFORMATION or THREAD_QUERY_LIMITED_INFORMATION
 *   lpExitCode  where it goes: STILL_ACTIVE (259) while it runs; 0xFFFFFFFF if it died with its process and nobody
 *               knows
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE     not an open thread handle
 *           ERROR_ACCESS_DENIED      the handle has neither right
 *           ERROR_INVALID_PARAMETER  lpExitCode is NULL
 * Profiles  ce5: every handle has the right.
 * Source    "GetExitCodeThread"; Thread-06..09 */
WINBASEAPI BOOL WINAPI GetExitCodeThread(_In_ HANDLE hThread, _Out_ LPDWORD lpExitCode);

/* Ends a thread from outside, wherever it is: nothing of it is cleaned up but what this library keeps for it (its
 * mutexes are abandoned, its waits end). What it held besides stays held: the heap's lock, critical sections.
 *   hThread     a handle with THREAD_TERMINATE; may be the caller's own
 *   dwExitCode  what GetExitCodeThread will say
 * Returns   nonzero, when the thread has been told: wait on the handle to see it gone. Nonzero, too, for one that has
 *           ended already; its exit code stays. 0 on failure.
 * Error     ERROR_INVALID_HANDLE  not an open thread handle
 *           ERROR_ACCESS_DENIED   the handle lacks the right
 *           ERROR_NOT_SUPPORTED   a thread of another process
 * Notes     A thread that blocks all signals ends when it unblocks them.
 * Profiles  ce5: every handle has the right.
 * Source    "TerminateThread"; Thread-10..13, Thread-25, LD-25 */
WINBASEAPI BOOL WINAPI TerminateThread(_In_ HANDLE hThread, _In_ DWORD dwExitCode);

/* Stops a thread until it has been resumed as often as suspended. It may finish a call of this library that it is in.
 *   hThread  a handle with THREAD_SUSPEND_RESUME; may be the caller's own
 * Returns   how often it was suspended before: 0, it was running; 0xFFFFFFFF on failure.
 * Error     ERROR_INVALID_HANDLE   not an open thread handle
 *           ERROR_ACCESS_DENIED    the handle lacks the right, or the thread has ended
 *           ERROR_SIGNAL_REFUSED   it has been suspended MAXIMUM_SUSPEND_COUNT (127) times
 *           ERROR_NOT_SUPPORTED    a thread of another process
 * Profiles  ce5: every handle has the right.
 * Source    "SuspendThread"; Thread-15..17, Thread-19..20, LD-25 */
WINBASEAPI DWORD WINAPI SuspendThread(_In_ HANDLE hThread);

/* Takes one suspension back; with the last one the thread goes on. CREATE_SUSPENDED counts as one.
 *   hThread  a handle with THREAD_SUSPEND_RESUME
 * Returns   how often it was suspended before: 0, it was running, or has ended; 1, it runs now; 0xFFFFFFFF on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED, ERROR_NOT_SUPPORTED  as SuspendThread
 * Profiles  ce5: every handle has the right.
 * Source    "ResumeThread"; Thread-14, Thread-18..19 */
WINBASEAPI DWORD WINAPI ResumeThread(_In_ HANDLE hThread);

/* Opens a thread by its id, in whatever process.
 *   dwDesiredAccess  rights of the handle
 *   bInheritHandle   whether it is inheritable
 *   dwThreadId       the id of a living thread that has used this library
 * Returns   a handle; NULL on failure.
 * Error     ERROR_INVALID_PARAMETER  no such thread; ce5: bInheritHandle is not 0
 *           and exhaustion as in synchapi.h
 * Profiles  ce5: the handle has all rights.
 * Source    "OpenThread"; Thread-21..22 */
WINBASEAPI HANDLE WINAPI OpenThread(_In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle, _In_ DWORD dwThreadId);

/* Tells the id of a thread.
 *   Thread  a handle with THREAD_QUERY_INFORMATION or THREAD_QUERY_LIMITED_INFORMATION
 * Returns   the id, also after the thread has ended; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED  as GetExitCodeThread
 * Profiles  ce5: every handle has the right.
 * Source    "GetThreadId"; Thread-01 */
WINBASEAPI DWORD WINAPI GetThreadId(_In_ HANDLE Thread);

/* Tells the id of the process that a thread belongs to.
 *   Thread  as GetThreadId
 * Returns   the id, also after the thread has ended; 0 on failure.
 * Error     as GetThreadId
 * Profiles  ce5: every handle has the right.
 * Source    "GetProcessIdOfThread" */
WINBASEAPI DWORD WINAPI GetProcessIdOfThread(_In_ HANDLE Thread);

/* Lets another thread that is ready run.
 * Returns   nonzero: whether another one ran is not known here.
 * Source    "SwitchToThread" */
WINBASEAPI BOOL WINAPI SwitchToThread(void);

/* Queues a call to a thread: it runs there when the thread waits alertably (SleepEx, the waits ...Ex,
 * SignalObjectAndWait), before that wait returns WAIT_IO_COMPLETION. Calls run in the order in which they were queued.
 *   pfnAPC   what to call
 *   hThread  a handle with THREAD_SET_CONTEXT; may be the caller's own
 *   dwData   what it is given
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE     not an open thread handle
 *           ERROR_ACCESS_DENIED      the handle lacks the right
 *           ERROR_INVALID_PARAMETER  pfnAPC is NULL
 *           ERROR_GEN_FAILURE        the thread has ended
 *           ERROR_NOT_SUPPORTED      a thread of another process
 *           ERROR_NOT_ENOUGH_MEMORY
 * Notes     Calls queued before a thread runs for the first time run before its start routine. What is queued to a
 *           thread that ends is dropped.
 * Profiles  ce5: every handle has the right.
 * Source    "QueueUserAPC"; Apc-01..11, Apc-15 */
WINBASEAPI DWORD WINAPI QueueUserAPC(_In_ PAPCFUNC pfnAPC, _In_ HANDLE hThread, _In_ ULONG_PTR dwData);

/* Returns a pseudo handle that means "the process that uses it".
 * Returns   (HANDLE)-1, always. It has all rights, need not be closed (CloseHandle succeeds and does nothing) and means
 *           another process in another process. DuplicateHandle makes a real handle of it.
 * Notes     The value is that of INVALID_HANDLE_VALUE; waiting on it is waiting for oneself.
 * Profiles  alike.
 * Source    "GetCurrentProcess"; WaitSingle-23..24, CloseHandle-04, DupHandle-17, Life-25 */
WINBASEAPI HANDLE WINAPI GetCurrentProcess(void);

/* Returns the id of the calling process: its Linux process id.
 * Profiles  alike.
 * Source    "GetCurrentProcessId"; Process-12 */
WINBASEAPI DWORD WINAPI GetCurrentProcessId(void);

/* Returns a pseudo handle that means "the thread that uses it".
 * Returns   (HANDLE)-2, always; else as GetCurrentProcess.
 * Profiles  alike.
 * Source    "GetCurrentThread"; WaitSingle-23, CloseHandle-04, DupHandle-17 */
WINBASEAPI HANDLE WINAPI GetCurrentThread(void);

/* Returns the id of the calling thread: its Linux thread id, which no other living thread of the system has.
 * Profiles  alike.
 * Source    "GetCurrentThreadId"; Thread-01 */
WINBASEAPI DWORD WINAPI GetCurrentThreadId(void);

#ifdef __cplusplus
}
#endif

#include "winshim_process.h"
#include "winshim_startup.h"
#include "winshim_thread.h"
#include "winshim_tls.h"

#endif /* _PROCESSTHREADSAPI_H_ */
