/* profileapi.h - a fine clock for spans of time. */
#ifndef _PROFILEAPI_H_
#define _PROFILEAPI_H_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Stores the time since the machine was started; QueryPerformanceFrequency says how many units a second has.
 *   lpPerformanceCount  where to store it; all processes and threads see the same clock, which never goes back
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  lpPerformanceCount is NULL
 * Source    "QueryPerformanceCounter" */
WINBASEAPI BOOL WINAPI QueryPerformanceCounter(_Out_ LARGE_INTEGER *lpPerformanceCount);

/* Stores how many units of QueryPerformanceCounter a second has: 10,000,000.
 *   lpFrequency  where to store it
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  lpFrequency is NULL
 * Source    "QueryPerformanceFrequency" */
WINBASEAPI BOOL WINAPI QueryPerformanceFrequency(_Out_ LARGE_INTEGER *lpFrequency);

#ifdef __cplusplus
}
#endif

#endif /* _PROFILEAPI_H_ */
