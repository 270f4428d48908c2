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

#define MAXUINT_PTR (~((UINT_PTR)0))
#define MAXULONG_PTR (~((ULONG_PTR)0))
#define MAXSIZE_T (~((SIZE_T)0))

/* Handles and pointers as numbers of 32 bits, and back. A handle of this library fits; a pointer does not. */
static __forceinline unsigned int HandleToULong(const void *handle) { return (unsigned int)(ULONG_PTR)handle; }
static __forceinline int HandleToLong(const void *handle) { return (int)(LONG_PTR)handle; }
static __forceinline void *ULongToHandle(const unsigned int number) { return (void *)(ULONG_PTR)number; }
static __forceinline void *LongToHandle(const int number) { return (void *)(LONG_PTR)number; }
static __forceinline unsigned int PtrToUlong(const void *pointer) { return (unsigned int)(ULONG_PTR)pointer; }
static __forceinline int PtrToLong(const void *pointer) { return (int)(LONG_PTR)pointer; }
static __forceinline unsigned int PtrToUint(const void *pointer) { return (unsigned int)(ULONG_PTR)pointer; }
static __forceinline int PtrToInt(const void *pointer) { return (int)(LONG_PTR)pointer; }
static __forceinline void *ULongToPtr(const unsigned int number) { return (void *)(ULONG_PTR)number; }
static __forceinline void *LongToPtr(const int number) { return (void *)(LONG_PTR)number; }
static __forceinline void *UIntToPtr(const unsigned int number) { return (void *)(ULONG_PTR)number; }
static __forceinline void *IntToPtr(const int number) { return (void *)(LONG_PTR)number; }
#define HandleToUlong HandleToULong
#define UlongToHandle ULongToHandle
#define PtrToULong PtrToUlong
#define UlongToPtr ULongToPtr
#define UintToPtr UIntToPtr

#ifdef __cplusplus
}
#endif

#endif /* _BASETSD_H_ */
