/* winshim_ce.h - what Windows CE has beside its events; part of synchapi.h where UNDER_CE is defined.
 *
 * Data        An event carries a number of 32 bits, 0 at first. All processes that have the event share it: what is set
 *             before SetEvent, whoever that event releases finds.
 */
#ifndef WINSHIM_CE_H
#define WINSHIM_CE_H

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EVENT_PULSE 1
#define EVENT_RESET 2
#define EVENT_SET 3

/* PulseEvent, ResetEvent and SetEvent in one.
 *   hEvent  a handle with EVENT_MODIFY_STATE
 *   func    EVENT_PULSE, EVENT_RESET or EVENT_SET
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  another func
 *           else as those
 * Source    "EventModify (Windows CE 5.0)" */
WINBASEAPI BOOL WINAPI EventModify(_In_ HANDLE hEvent, _In_ DWORD func);

/* Sets the number that an event carries.
 *   hEvent  a handle with EVENT_MODIFY_STATE
 *   dwData  the number
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  hEvent is not open, or not an event
 *           ERROR_ACCESS_DENIED   it lacks EVENT_MODIFY_STATE
 * Source    "SetEventData (Windows CE 5.0)" */
WINBASEAPI BOOL WINAPI SetEventData(_In_ HANDLE hEvent, _In_ DWORD dwData);

/* Tells the number that an event carries.
 *   hEvent  a handle
 * Returns   the number; 0 on failure, too.
 * Error     ERROR_INVALID_HANDLE  hEvent is not open, or not an event
 * Source    "GetEventData (Windows CE 5.0)" */
WINBASEAPI DWORD WINAPI GetEventData(_In_ HANDLE hEvent);

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_CE_H */
