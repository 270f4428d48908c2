/* minwindef.h - the basic types: BOOL, BYTE, WORD, DWORD, UINT and pointers to them; WINAPI and CALLBACK.
 *
 * Invariants  DWORD and ULONG have 32 bits and are `unsigned int` here, because `long` has 64 on 64-bit Linux. A
 *             format for them is %u or %x; %lu and %lx make the compiler warn.
 * Options     NOMINMAX: no macros min and max. In C++ there are none in any case: they would break the C++ library's
 *             headers; std::min and std::max do the work.
 *             NO_STRICT: handle types are all void *. Otherwise STRICT holds, as in the SDK: see DECLARE_HANDLE.
 */
#ifndef _MINWINDEF_
#define _MINWINDEF_

#if !defined(STRICT) && !defined(NO_STRICT)
#define STRICT 1
#endif

#include "winshim_abi.h"
#include "sal.h"
#include <stddef.h>

#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif
#define MAX_PATH 260

#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif
#ifndef CONST
#define CONST const
#endif
#ifndef FAR
#define FAR
#endif
#ifndef NEAR
#define NEAR
#endif

/* The library's functions have the platform's own calling convention, so these say nothing to the compiler. */
#ifndef WINAPI
#define WINAPI
#endif
#ifndef WINAPIV
#define WINAPIV
#endif
#ifndef CALLBACK
#define CALLBACK
#endif
#ifndef APIENTRY
#define APIENTRY WINAPI
#endif
#ifndef APIPRIVATE
#define APIPRIVATE
#endif
#ifndef PASCAL
#define PASCAL
#endif
#ifndef WINBASEAPI
#define WINBASEAPI extern
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned char BYTE, *PBYTE, *LPBYTE;
typedef unsigned short WORD, *PWORD, *LPWORD;
typedef unsigned int DWORD, *PDWORD, *LPDWORD;
typedef int BOOL, *PBOOL, *LPBOOL;
typedef int INT, *PINT, *LPINT;
typedef unsigned int UINT, *PUINT;
typedef float FLOAT, *PFLOAT;
typedef unsigned char UCHAR, *PUCHAR;
typedef unsigned short USHORT, *PUSHORT;
typedef unsigned int ULONG, *PULONG;
typedef int *LPLONG;
typedef void *LPVOID;
typedef const void *LPCVOID;

#ifdef __cplusplus
}
#endif

#include "winnt.h" /* at this place: it needs the types above, and what follows needs HANDLE */

#ifdef __cplusplus
extern "C" {
#endif

typedef HANDLE *LPHANDLE;
typedef HANDLE HGLOBAL;
typedef HANDLE HLOCAL;

DECLARE_HANDLE(HINSTANCE);
typedef HINSTANCE HMODULE;
DECLARE_HANDLE(HKEY);

#ifdef __cplusplus
}
#endif

#if !defined(NOMINMAX) && !defined(__cplusplus)
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#endif

#endif /* _MINWINDEF_ */
