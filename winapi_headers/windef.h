/* windef.h - the basic types (minwindef.h), as windows.h offers them. */
#ifndef _WINDEF_
#define _WINDEF_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* There are no windows; headers of portable sources declare functions with these. */
DECLARE_HANDLE(HWND);
typedef struct tagPOINT {
    LONG x;
    LONG y;
} POINT, *PPOINT, *NPPOINT, *LPPOINT;
typedef struct tagSIZE {
    LONG cx;
    LONG cy;
} SIZE, *PSIZE, *LPSIZE;
typedef struct tagRECT {
    LONG left;
    LONG top;
    LONG right;
    LONG bottom;
} RECT, *PRECT, *NPRECT, *LPRECT;
typedef const RECT *LPCRECT;

#ifdef __cplusplus
}
#endif

#endif /* _WINDEF_ */
