/* timeapi.h - the multimedia clock. */
#ifndef _TIMEAPI_H_
#define _TIMEAPI_H_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef UINT MMRESULT;
typedef struct timecaps_tag {
    UINT wPeriodMin; /* ms */
    UINT wPeriodMax;
} TIMECAPS, *PTIMECAPS, *NPTIMECAPS, *LPTIMECAPS;

#ifndef MMSYSERR_NOERROR
#define MMSYSERR_NOERROR 0
#endif
#define TIMERR_NOERROR 0
#define TIMERR_NOCANDO 97

/* Returns the milliseconds since the system was started; as GetTickCount.
 * Source    "timeGetTime" */
WINBASEAPI DWORD WINAPI timeGetTime(void);

/* Asks for a clock that ticks every uPeriod ms. Waits here end on time to some 0.1 ms in any case: only checked.
 * Returns   TIMERR_NOERROR; TIMERR_NOCANDO for 0 and for more than 1000000.
 * Source    "timeBeginPeriod" */
WINBASEAPI MMRESULT WINAPI timeBeginPeriod(_In_ UINT uPeriod);

/* Takes a timeBeginPeriod back. Same results.
 * Source    "timeEndPeriod" */
WINBASEAPI MMRESULT WINAPI timeEndPeriod(_In_ UINT uPeriod);

/* Tells the periods that timeBeginPeriod takes.
 *   ptc   where they go
 *   cbtc  its size in bytes
 * Returns   MMSYSERR_NOERROR; TIMERR_NOCANDO for NULL or a size too small.
 * Source    "timeGetDevCaps" */
WINBASEAPI MMRESULT WINAPI timeGetDevCaps(_Out_ LPTIMECAPS ptc, _In_ UINT cbtc);

#ifdef __cplusplus
}
#endif

#endif /* _TIMEAPI_H_ */
