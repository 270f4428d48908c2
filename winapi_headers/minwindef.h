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
#include "sdkddkver.h"
#include "winapifamily.h"
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

/* A time in units of 100 ns since the beginning of 1601, UTC; or a span of it. */
#ifdef __cplusplus
extern "C" {
#endif
typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM;
typedef LONG_PTR LRESULT;
typedef WORD ATOM;
typedef INT_PTR(WINAPI *FARPROC)(void);
typedef INT_PTR(WINAPI *PROC)(void);
#ifdef __cplusplus
}
#endif

#define MAKEWORD(low, high) ((WORD)((BYTE)((DWORD_PTR)(low)&0xff) | ((WORD)((BYTE)((DWORD_PTR)(high)&0xff))) << 8))
#define MAKELONG(low, high) \
    ((LONG)((WORD)((DWORD_PTR)(low)&0xffff) | ((DWORD)((WORD)((DWORD_PTR)(high)&0xffff))) << 16))
#define LOWORD(value) ((WORD)((DWORD_PTR)(value)&0xffff))
#define HIWORD(value) ((WORD)((DWORD_PTR)(value) >> 16 & 0xffff))
#define LOBYTE(value) ((BYTE)((DWORD_PTR)(value)&0xff))
#define HIBYTE(value) ((BYTE)((DWORD_PTR)(value) >> 8 & 0xff))

#if !defined(NOMINMAX) && !defined(__cplusplus)
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#endif

#endif /* _MINWINDEF_ */
