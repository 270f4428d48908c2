/* winshim_process.h - processes; part of processthreadsapi.h.
 *
 * Objects     A process is an object: its handle is signaled once the process has ended, however it came to that, and
 *             stays so. Ids are those of Linux.
 * Exit codes  32 bits of a program that uses this library and ends by ExitProcess, exit, a return from main, or
 *             TerminateProcess. 8 bits of any other program, and of _exit. 128 + n of a process that signal n has
 *             killed. 0xFFFFFFFF if nobody knows: the process was no child of a living process that made it with
 *             CreateProcess, and told nobody; or its parent has reaped it by itself (wait, waitpid(-1), SIGCHLD
 *             ignored).
 * When        A parent that made a process by CreateProcess, and everybody else with a handle while that parent lives,
 *             hears of its end at once; of the end of others within a second.
 * Programs    Every program that Linux can run may be a child; it need not use this library. One that does not has the
 *             handles that it inherited open until it ends.
 * SIGCHLD     A child is one of the calling process for Linux, too: the signal is sent at its end. It is waited for by
 *             a hidden thread, which looks at no other child.
 */
#ifndef WINSHIM_PROCESS_H
#define WINSHIM_PROCESS_H

#include "minwinbase.h"
#include "winshim_startup.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Creation flags, beside CREATE_SUSPENDED. Those without a word here are accepted and change nothing. */
#define DETACHED_PROCESS 0x8           /* a session of its own, without the terminal */
#define CREATE_NEW_CONSOLE 0x10
#define NORMAL_PRIORITY_CLASS 0x20
#define IDLE_PRIORITY_CLASS 0x40
#define HIGH_PRIORITY_CLASS 0x80
#define REALTIME_PRIORITY_CLASS 0x100
#define CREATE_NEW_PROCESS_GROUP 0x200 /* a process group of its own */
#define CREATE_UNICODE_ENVIRONMENT 0x400
#define BELOW_NORMAL_PRIORITY_CLASS 0x4000
#define ABOVE_NORMAL_PRIORITY_CLASS 0x8000
#define CREATE_BREAKAWAY_FROM_JOB 0x1000000
#define CREATE_DEFAULT_ERROR_MODE 0x4000000
#define CREATE_NO_WINDOW 0x8000000

typedef struct _PROCESS_INFORMATION {
    HANDLE hProcess;
    HANDLE hThread;
    DWORD dwProcessId;
    DWORD dwThreadId;
} PROCESS_INFORMATION, *PPROCESS_INFORMATION, *LPPROCESS_INFORMATION;

/* Makes a process.
 *   lpApplicationName     the file to run, from the current directory or a full path; NULL: the first argument of
 *                         lpCommandLine names it. It is tried as it stands, then without a final .exe
 *   lpCommandLine         what the process gets as its command line; NULL: lpApplicationName. Without lpApplicationName
 *                         the program stands first, in quotes or not: without them each blank may belong to its name,
 *                         and the shortest name of an existing program counts. A name without a slash is looked for
 *                         beside the calling program, in the current directory and along PATH; as it stands, without a
 *                         final .exe, or with .exe if it has no ending. Not written to
 *   lpProcessAttributes   NULL, or whether the handle of the process is inheritable
 *   lpThreadAttributes    the same for the handle of its first thread
 *   bInheritHandles       nonzero: the process has every inheritable handle of the caller, with the same value and
 *                         rights. A handle of a file or pipe is inheritable when its descriptor is not close-on-exec.
 *                         Zero: it has none but its standard handles
 *   dwCreationFlags       0 or: CREATE_SUSPENDED, it begins after ResumeThread of its first thread;
 *                         CREATE_UNICODE_ENVIRONMENT; a priority class; the others above
 *   lpEnvironment         its variables: NAME=VALUE with its end, one after the other, and an empty one at last; WCHARs
 *                         with CREATE_UNICODE_ENVIRONMENT, else chars. NULL: the caller's. Variables WINSHIM_...,
 *                         LD_LIBRARY_PATH and LD_PRELOAD of the caller are added if they are not in it
 *   lpCurrentDirectory    its current directory; NULL: the caller's
 *   lpStartupInfo         dwFlags with STARTF_USESTDHANDLES: hStdInput, hStdOutput and hStdError, handles of files or
 *                         pipes, inheritable or not, become its standard handles; anything else there stands for an
 *                         empty file. Without the flag it gets what GetStdHandle gives the caller
 *   lpProcessInformation  where the handles (with all rights; to be closed) and ids go
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_FILE_NOT_FOUND       no such program
 *           ERROR_PATH_NOT_FOUND       no such directory on the way to it; lpApplicationName is empty
 *           ERROR_ACCESS_DENIED        it is a directory, or may not be executed
 *           ERROR_BAD_EXE_FORMAT       it is no program
 *           ERROR_DIRECTORY            lpCurrentDirectory is none, or may not be entered
 *           ERROR_FILENAME_EXCED_RANGE  the name, the command line (32,767 characters) or all of the arguments and
 *                                      variables are too long
 *           ERROR_INVALID_PARAMETER    neither name nor command line; no lpStartupInfo, no lpProcessInformation; an
 *                                      unknown flag; CREATE_NEW_CONSOLE with DETACHED_PROCESS; two priority classes;
 *                                      ce5: bInheritHandles is not 0
 *           ERROR_NOT_ENOUGH_MEMORY    no room for it, or for a thread
 *           and exhaustion as in synchapi.h
 * Notes     The arguments are parted by the rules of CommandLineToArgvW; the process makes its GetCommandLine of them
 *           anew, so that it may differ in quotes that mean nothing. dwThreadId equals dwProcessId. A suspended process
 *           ends with its creator, if that ends before it was resumed; if its program cannot be run after all, it ends
 *           with the error as its exit code.
 * Profiles  ce5: the attributes are ignored.
 * Source    "CreateProcessW", "Inheritance", "Creating a Child Process with Redirected Input and Output";
 *           Process-01..03, Process-13..15 */
WINBASEAPI BOOL WINAPI CreateProcessA(_In_opt_ LPCSTR lpApplicationName, _Inout_opt_ LPSTR lpCommandLine,
                                      _In_opt_ LPSECURITY_ATTRIBUTES lpProcessAttributes,
                                      _In_opt_ LPSECURITY_ATTRIBUTES lpThreadAttributes, _In_ BOOL bInheritHandles,
                                      _In_ DWORD dwCreationFlags, _In_opt_ LPVOID lpEnvironment,
                                      _In_opt_ LPCSTR lpCurrentDirectory, _In_ LPSTARTUPINFOA lpStartupInfo,
                                      _Out_ LPPROCESS_INFORMATION lpProcessInformation)
    WINSHIM_WIDE_ARGUMENTS(CreateProcessA);
WINBASEAPI BOOL WINAPI CreateProcessW(_In_opt_ LPCWSTR lpApplicationName, _Inout_opt_ LPWSTR lpCommandLine,
                                      _In_opt_ LPSECURITY_ATTRIBUTES lpProcessAttributes,
                                      _In_opt_ LPSECURITY_ATTRIBUTES lpThreadAttributes, _In_ BOOL bInheritHandles,
                                      _In_ DWORD dwCreationFlags, _In_opt_ LPVOID lpEnvironment,
                                      _In_opt_ LPCWSTR lpCurrentDirectory, _In_ LPSTARTUPINFOW lpStartupInfo,
                                      _Out_ LPPROCESS_INFORMATION lpProcessInformation) WINSHIM_WIDE(CreateProcessW);

/* Opens a process by its id.
 *   dwDesiredAccess  rights of the handle
 *   bInheritHandle   whether it is inheritable
 *   dwProcessId      the id of a process of the caller's user, whether it uses this library or not; or of one that has
 *                    ended, while somebody has a handle to it
 * Returns   a handle; NULL on failure.
 * Error     ERROR_INVALID_PARAMETER  no such process; ce5: bInheritHandle is not 0
 *           ERROR_ACCESS_DENIED      it is another user's
 *           and exhaustion as in synchapi.h
 * Profiles  ce5: the handle has all rights.
 * Source    "OpenProcess"; Process-09..11, Process-17, LD-26 */
WINBASEAPI HANDLE WINAPI OpenProcess(_In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle, _In_ DWORD dwProcessId);

/* Tells the exit code of a process.
 *   hProcess    a handle with PROCESS_QUERY_INFORMATION or PROCESS_QUERY_LIMITED_INFORMATION
 *   lpExitCode  where it goes: STILL_ACTIVE (259) while it runs
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE     not an open process handle
 *           ERROR_ACCESS_DENIED      the handle has neither right
 *           ERROR_INVALID_PARAMETER  lpExitCode is NULL
 * Notes     Exit codes: see the head of this file.
 * Profiles  ce5: every handle has the right.
 * Source    "GetExitCodeProcess"; Process-04..05, Process-16..17 */
WINBASEAPI BOOL WINAPI GetExitCodeProcess(_In_ HANDLE hProcess, _Out_ LPDWORD lpExitCode);

/* Ends a process from outside (SIGKILL), or the caller's own at once: nothing of it is cleaned up but what this library
 * keeps for it. Its mutexes are abandoned, its handles closed.
 *   hProcess   a handle with PROCESS_TERMINATE
 *   uExitCode  what GetExitCodeProcess will say
 * Returns   nonzero, when the process has been told: wait on the handle to see it gone. 0 on failure.
 * Error     ERROR_INVALID_HANDLE  not an open process handle
 *           ERROR_ACCESS_DENIED   the handle lacks the right; the process has ended; the system does not permit it
 * Profiles  ce5: every handle has the right.
 * Source    "TerminateProcess"; Process-06..08 */
WINBASEAPI BOOL WINAPI TerminateProcess(_In_ HANDLE hProcess, _In_ UINT uExitCode);

/* Ends the calling process as exit does: exit handlers and destructors run in the calling thread, buffers are written.
 *   uExitCode  what GetExitCodeProcess will say; to wait and its like its low 8 bits
 * Notes     Other threads run until the process is gone (Windows ends them first).
 * Source    "ExitProcess"; Process-04 */
WINBASEAPI void WINAPI ExitProcess(_In_ UINT uExitCode) __attribute__((__noreturn__));

/* Tells the id of a process.
 *   Process  as GetExitCodeProcess
 * Returns   the id, also after the process has ended; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED  as GetExitCodeProcess
 * Source    "GetProcessId"; Process-12 */
WINBASEAPI DWORD WINAPI GetProcessId(_In_ HANDLE Process);

/* Tells when a process began and ended, and how long it has computed.
 *   hProcess        as GetExitCodeProcess
 *   lpCreationTime  where the time of its beginning goes
 *   lpExitTime      where that of its end goes; 0 while it runs
 *   lpKernelTime    time spent in the kernel, in units of 100 ns
 *   lpUserTime      time spent outside of it
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED  as GetExitCodeProcess
 *           ERROR_INVALID_PARAMETER  one of the four is NULL
 * Notes     Linux counts in ticks of 10 ms. What a process had computed is 0 if it was reaped before anybody looked.
 * Source    "GetProcessTimes" */
WINBASEAPI BOOL WINAPI GetProcessTimes(_In_ HANDLE hProcess, _Out_ LPFILETIME lpCreationTime,
                                       _Out_ LPFILETIME lpExitTime, _Out_ LPFILETIME lpKernelTime,
                                       _Out_ LPFILETIME lpUserTime);

/* Tells how many handles of objects a process has open; descriptors do not count.
 *   hProcess        as GetExitCodeProcess
 *   pdwHandleCount  where the number goes; 0 after its end
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED  as GetExitCodeProcess
 *           ERROR_INVALID_PARAMETER  pdwHandleCount is NULL
 * Source    "GetProcessHandleCount" */
WINBASEAPI BOOL WINAPI GetProcessHandleCount(_In_ HANDLE hProcess, _Out_ PDWORD pdwHandleCount);

/* Tells the priority class of a process: that which was set, or the one that fits its nice value.
 *   hProcess  as GetExitCodeProcess
 * Returns   the class; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  as GetExitCodeProcess
 *           ERROR_ACCESS_DENIED   so, too; or the process has ended
 * Source    "GetPriorityClass" */
WINBASEAPI DWORD WINAPI GetPriorityClass(_In_ HANDLE hProcess);

/* Sets the priority class of a process: the nice value of its threads, 19, 10, 0, -5, -10 or -20 from IDLE to REALTIME.
 *   hProcess         a handle with PROCESS_SET_INFORMATION
 *   dwPriorityClass  one of the classes
 * Returns   nonzero, also where the system does not permit a process to be raised; 0 on failure.
 * Error     ERROR_INVALID_HANDLE     not an open process handle
 *           ERROR_ACCESS_DENIED      the handle lacks the right; the process has ended
 *           ERROR_INVALID_PARAMETER  not a class
 * Notes     Threads that have not called this library keep their nice value, but for the first one.
 * Source    "SetPriorityClass" */
WINBASEAPI BOOL WINAPI SetPriorityClass(_In_ HANDLE hProcess, _In_ DWORD dwPriorityClass);

/* Waits until a process is ready for input. Programs have no windows here, so they always are.
 *   hProcess        as GetExitCodeProcess
 *   dwMilliseconds  not looked at
 * Returns   0; WAIT_FAILED on failure.
 * Error     ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED  as GetExitCodeProcess
 * Source    "WaitForInputIdle" */
WINBASEAPI DWORD WINAPI WaitForInputIdle(_In_ HANDLE hProcess, _In_ DWORD dwMilliseconds);

#ifdef UNICODE
#define CreateProcess CreateProcessW
#else
#define CreateProcess CreateProcessA
#endif

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_PROCESS_H */
