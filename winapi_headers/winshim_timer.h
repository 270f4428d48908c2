/* winshim_timer.h - waitable timers; part of synchapi.h, where names, rights and the order of service are explained.
 *
 * Due time    A timer is signaled when its due time has come. Manual-reset: it stays so, through any number of waits,
 *             until it is set anew. Otherwise (a synchronization timer) one wait takes the signal. With a period it
 *             comes again and again; ticks that nobody has taken do not add up. Nothing happens early; how much later a
 *             waiting thread goes on is the scheduler's business.
 * Clock       A due time that is relative does not notice when the system clock is set. One that is absolute follows
 *             the clock, within a second; after it has come, the period does not.
 * Routine     A completion routine is called in the thread that has set the timer, when that thread waits alertably; it
 *             gets its argument and the time at which the timer expired. Whoever sets or cancels the timer before it
 *             has run takes it back. When that thread ends, the timer is cancelled; a timer without a routine goes on
 *             without the thread, and without the process, that has set it.
 */
#ifndef WINSHIM_TIMER_H
#define WINSHIM_TIMER_H

#include "minwinbase.h"
#include "winnt.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CREATE_WAITABLE_TIMER_MANUAL_RESET 0x00000001
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x00000002

/* A completion routine: its argument, and the moment of expiry as the two halves of a FILETIME. */
typedef VOID(APIENTRY *PTIMERAPCROUTINE)(LPVOID lpArgToCompletionRoutine, DWORD dwTimerLowValue,
                                         DWORD dwTimerHighValue);

/* Why a machine shall wake up (SetWaitableTimerEx): here, nobody reads it. */
#define POWER_REQUEST_CONTEXT_VERSION 0
#define POWER_REQUEST_CONTEXT_SIMPLE_STRING 0x00000001
#define POWER_REQUEST_CONTEXT_DETAILED_STRING 0x00000002
__extension__ typedef struct _REASON_CONTEXT {
    ULONG Version;
    DWORD Flags;
    union {
        struct {
            HMODULE LocalizedReasonModule;
            ULONG LocalizedReasonId;
            ULONG ReasonStringCount;
            LPWSTR *ReasonStrings;
        } Detailed;
        LPWSTR SimpleReasonString;
    } Reason;
} REASON_CONTEXT, *PREASON_CONTEXT;

/* Creates a timer, or opens the one that has the name already.
 *   lpTimerAttributes  NULL, or whether the handle is inheritable
 *   bManualReset       nonzero: stays signaled until it is set again; 0: goes back when one wait has been satisfied
 *   lpTimerName        name, or NULL for a timer without one
 * Returns   a handle with TIMER_ALL_ACCESS; NULL on failure. A new timer is not set, and not signaled.
 * Success   ERROR_SUCCESS         the timer is new
 *           ERROR_ALREADY_EXISTS  it existed: bManualReset is ignored, its state stays
 * Error     ERROR_INVALID_HANDLE  nt: an object of another type has the name
 *           name errors and exhaustion as in synchapi.h
 * Profiles  ce, ce5: timers have names of their own; an event of the same name is another object. ce5:
 *           lpTimerAttributes is ignored. CE has no such call; it works in every profile.
 * Source    "CreateWaitableTimerW", "Object Names"; Timer-01..03, LD-1, LD-11 */
WINBASEAPI HANDLE WINAPI CreateWaitableTimerA(_In_opt_ LPSECURITY_ATTRIBUTES lpTimerAttributes, _In_ BOOL bManualReset,
                                              _In_opt_ LPCSTR lpTimerName);
WINBASEAPI HANDLE WINAPI CreateWaitableTimerW(_In_opt_ LPSECURITY_ATTRIBUTES lpTimerAttributes, _In_ BOOL bManualReset,
                                              _In_opt_ LPCWSTR lpTimerName) WINSHIM_WIDE(CreateWaitableTimerW);

/* Creates or opens a timer as CreateWaitableTimer does, with chosen rights.
 *   dwFlags          CREATE_WAITABLE_TIMER_MANUAL_RESET or 0; CREATE_WAITABLE_TIMER_HIGH_RESOLUTION changes nothing
 *   dwDesiredAccess  rights of the handle, for the creator too: SYNCHRONIZE to wait, TIMER_MODIFY_STATE to set
 * Returns   a handle with just these rights; NULL on failure.
 * Success   as CreateWaitableTimer
 * Error     ERROR_INVALID_PARAMETER  another bit in dwFlags
 *           else as CreateWaitableTimer
 * Profiles  ce5: dwDesiredAccess is ignored. CE has no such call; it works in every profile.
 * Source    "CreateWaitableTimerExW"; Timer-05, LD-11 */
WINBASEAPI HANDLE WINAPI CreateWaitableTimerExA(_In_opt_ LPSECURITY_ATTRIBUTES lpTimerAttributes,
                                                _In_opt_ LPCSTR lpTimerName, _In_ DWORD dwFlags,
                                                _In_ DWORD dwDesiredAccess);
WINBASEAPI HANDLE WINAPI CreateWaitableTimerExW(_In_opt_ LPSECURITY_ATTRIBUTES lpTimerAttributes,
                                                _In_opt_ LPCWSTR lpTimerName, _In_ DWORD dwFlags,
                                                _In_ DWORD dwDesiredAccess) WINSHIM_WIDE(CreateWaitableTimerExW);

/* Opens a timer that exists. Its state is unchanged.
 *   dwDesiredAccess  rights of the handle: SYNCHRONIZE to wait, TIMER_MODIFY_STATE to set and cancel
 *   bInheritHandle   nonzero: the handle is inheritable
 *   lpTimerName      name
 * Returns   a new handle; NULL on failure.
 * Error     ERROR_FILE_NOT_FOUND     no timer has the name (nt: no object has it)
 *           ERROR_INVALID_HANDLE     nt: an object of another type has it; nt: the name is ""
 *           ERROR_INVALID_PARAMETER  lpTimerName is NULL
 *           name errors and exhaustion as in synchapi.h
 * Profiles  CE has no such call; it works in every profile. ce5: bInheritHandle must be FALSE, else
 *           ERROR_INVALID_PARAMETER; the handle has all rights.
 * Source    "OpenWaitableTimerW"; Timer-04, LD-7, LD-11 */
WINBASEAPI HANDLE WINAPI OpenWaitableTimerA(_In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle,
                                            _In_ LPCSTR lpTimerName);
WINBASEAPI HANDLE WINAPI OpenWaitableTimerW(_In_ DWORD dwDesiredAccess, _In_ BOOL bInheritHandle,
                                            _In_ LPCWSTR lpTimerName) WINSHIM_WIDE(OpenWaitableTimerW);

/* Sets a timer: it becomes not signaled, and signaled when the due time comes. What it was set to before is forgotten;
 * who waits for it goes on waiting.
 *   hTimer                    a handle with TIMER_MODIFY_STATE
 *   lpDueTime                 in units of 100 ns. Negative: so long from now; else a moment as a FILETIME (UTC), and
 *                             one in the past, or 0, signals the timer at once
 *   lPeriod                   milliseconds from one signal to the next; 0: there is one only
 *   pfnCompletionRoutine      NULL, or what to call in this thread at each expiry; see the head of this file
 *   lpArgToCompletionRoutine  its first argument
 *   fResume                   nonzero: wake the machine for it, which is not supported
 * Returns   nonzero; 0 on failure, and the timer is unchanged.
 * Success   ERROR_NOT_SUPPORTED  fResume was nonzero: the timer is set, and will not wake the machine. Else last error
 *                                stays
 * Error     ERROR_INVALID_HANDLE     hTimer is not open, or not a timer
 *           ERROR_ACCESS_DENIED      it lacks TIMER_MODIFY_STATE
 *           ERROR_INVALID_PARAMETER  lpDueTime is NULL; lPeriod is negative
 *           ERROR_NOT_ENOUGH_MEMORY  there is no room to remember the routine
 * Notes     Expiries that happen while the thread does not wait alertably are one call, with the time of the first.
 * Profiles  CE has no such call; it works in every profile. ce5: every handle has the right.
 * Source    "SetWaitableTimer", "Waitable Timer Objects"; Timer-06..16, Timer-20..28, LD-14, LD-24 */
WINBASEAPI BOOL WINAPI SetWaitableTimer(_In_ HANDLE hTimer, _In_ const LARGE_INTEGER *lpDueTime, _In_ LONG lPeriod,
                                        _In_opt_ PTIMERAPCROUTINE pfnCompletionRoutine,
                                        _In_opt_ LPVOID lpArgToCompletionRoutine, _In_ BOOL fResume);

/* SetWaitableTimer with a reason to wake the machine, and leave to be late.
 *   WakeContext     NULL, or a reason: as fResume nonzero. It is not read
 *   TolerableDelay  milliseconds by which it may come late; not used
 *   else, and Returns, Success, Error, Profiles, as SetWaitableTimer
 * Source    "SetWaitableTimerEx" */
WINBASEAPI BOOL WINAPI SetWaitableTimerEx(_In_ HANDLE hTimer, _In_ const LARGE_INTEGER *lpDueTime, _In_ LONG lPeriod,
                                          _In_opt_ PTIMERAPCROUTINE pfnCompletionRoutine,
                                          _In_opt_ LPVOID lpArgToCompletionRoutine,
                                          _In_opt_ PREASON_CONTEXT WakeContext, _In_ ULONG TolerableDelay);

/* Makes a timer inactive: the due time and the period are forgotten, and calls of its completion routine that have not
 * run yet do not run. A timer that is signaled stays signaled.
 *   hTimer  a handle with TIMER_MODIFY_STATE
 * Returns   nonzero, also if it was not set; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  hTimer is not open, or not a timer
 *           ERROR_ACCESS_DENIED   it lacks TIMER_MODIFY_STATE
 * Profiles  CE has no such call; it works in every profile. ce5: every handle has the right.
 * Source    "CancelWaitableTimer"; Timer-17..21, Timer-24 */
WINBASEAPI BOOL WINAPI CancelWaitableTimer(_In_ HANDLE hTimer);

#ifdef UNICODE
#define CreateWaitableTimer CreateWaitableTimerW
#define CreateWaitableTimerEx CreateWaitableTimerExW
#define OpenWaitableTimer OpenWaitableTimerW
#else
#define CreateWaitableTimer CreateWaitableTimerA
#define CreateWaitableTimerEx CreateWaitableTimerExA
#define OpenWaitableTimer OpenWaitableTimerA
#endif

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_TIMER_H */
