/* basetsd.h - integer types of a stated width, and integers as wide as a pointer.
 *
 * Invariants  INT32 and its kin have 32 bits, INT64 and its kin 64, whatever `long` has (64 bits on 64-bit Linux).
 *             SIZE_T is the C library's size_t, so that SIZE_T * and size_t * mix as they do on Windows.
 */
#ifndef _BASETSD_H_
#define _BASETSD_H_

#include "winshim_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef signed char INT8, *PINT8;
typedef signed short INT16, *PINT16;
typedef signed int INT32, *PINT32;
typedef unsigned char UINT8, *PUINT8;
typedef unsigned short UINT16, *PUINT16;
typedef unsigned int UINT32, *PUINT32;
typedef signed int LONG32, *PLONG32;
typedef unsigned int ULONG32, *PULONG32;
typedef unsigned int DWORD32, *PDWORD32;

__extension__ typedef __int64 INT64, *PINT64;
__extension__ typedef unsigned __int64 UINT64, *PUINT64;
__extension__ typedef __int64 LONG64, *PLONG64;
__extension__ typedef unsigned __int64 ULONG64, *PULONG64;
__extension__ typedef unsigned __int64 DWORD64, *PDWORD64;

typedef __INTPTR_TYPE__ INT_PTR, *PINT_PTR;
typedef __UINTPTR_TYPE__ UINT_PTR, *PUINT_PTR;
typedef __INTPTR_TYPE__ LONG_PTR, *PLONG_PTR;
typedef __UINTPTR_TYPE__ ULONG_PTR, *PULONG_PTR;
typedef __UINTPTR_TYPE__ DWORD_PTR, *PDWORD_PTR;
typedef __SIZE_TYPE__ SIZE_T, *PSIZE_T;
typedef __PTRDIFF_TYPE__ SSIZE_T, *PSSIZE_T;

typedef ULONG_PTR KAFFINITY, *PKAFFINITY;

#ifdef __cplusplus
}
#endif

#endif /* _BASETSD_H_ */
