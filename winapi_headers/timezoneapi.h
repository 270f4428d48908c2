/* timezoneapi.h - times: calendar and count, UTC and local. */
#ifndef _TIMEZONEAPI_H_
#define _TIMEZONEAPI_H_

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a count of 100 ns of a moment by the calendar. wDayOfWeek is ignored.
 *   lpSystemTime  the moment
 *   lpFileTime    where to store the count
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  not a moment that exists (29 February 2023, hour 24), or before 1601; NULL
 * Source    "SystemTimeToFileTime" */
WINBASEAPI BOOL WINAPI SystemTimeToFileTime(_In_ const SYSTEMTIME *lpSystemTime, _Out_ LPFILETIME lpFileTime);

/* Makes a moment by the calendar of a count of 100 ns; what is finer than a millisecond is cut off.
 *   lpFileTime    the count
 *   lpSystemTime  where to store the moment
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  the count is negative, if taken as signed; NULL
 * Source    "FileTimeToSystemTime" */
WINBASEAPI BOOL WINAPI FileTimeToSystemTime(_In_ const FILETIME *lpFileTime, _Out_ LPSYSTEMTIME lpSystemTime);

/* Makes local time of UTC, with the offset that holds now, whatever held at that moment.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  the count is negative, if taken as signed; NULL
 * Source    "FileTimeToLocalFileTime" (fileapi.h) */
WINBASEAPI BOOL WINAPI FileTimeToLocalFileTime(_In_ const FILETIME *lpFileTime, _Out_ LPFILETIME lpLocalFileTime);

/* Makes UTC of local time, with the offset that holds now.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  the count is negative, if taken as signed; NULL
 * Source    "LocalFileTimeToFileTime" (fileapi.h) */
WINBASEAPI BOOL WINAPI LocalFileTimeToFileTime(_In_ const FILETIME *lpLocalFileTime, _Out_ LPFILETIME lpFileTime);

/* Compares two counts.
 * Returns   -1: the first is earlier; 0: they are equal; 1: the first is later.
 * Source    "CompareFileTime" (fileapi.h) */
WINBASEAPI LONG WINAPI CompareFileTime(_In_ const FILETIME *lpFileTime1, _In_ const FILETIME *lpFileTime2);

#ifdef __cplusplus
}
#endif

#endif /* _TIMEZONEAPI_H_ */
