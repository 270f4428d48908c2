/* winshim_abi.h - what the other headers stand on: Microsoft's keywords, linkage of the wide functions.
 *
 * Purpose     Lets gcc and clang on Linux read declarations written for Microsoft's compiler. Only macros; no
 *             declaration. A keyword that is a macro already (-D__stdcall=, another compatibility layer) is left alone.
 *             WIN32 and _WIN32 are not defined here: whether a source takes its Windows branch is its owner's choice.
 * Limits      __declspec takes one word at a time. __declspec(align(n)) has its effect after struct and union
 *             (`struct __declspec(align(16)) S`) and on variables; in front of a struct definition it has none.
 *             In C++98 __declspec(thread) must follow `static`. clang with -pedantic still remarks on a source's own
 *             __int64 in C89 and C++98 and on its __declspec(thread) before C11; gcc does not.
 */
#ifndef WINSHIM_ABI_H
#define WINSHIM_ABI_H

/* These macros stand for another compiler's keywords: -pedantic shall not judge the user's code by what they expand
 * to (long long in C89, thread-local storage before C11). So nothing but macros may be in this file. */
#pragma GCC system_header

#if !defined(__GNUC__)
#error "winshim's headers need gcc or clang"
#endif
#if !defined(__SIZEOF_WCHAR_T__) || (__SIZEOF_WCHAR_T__ != 2 && __SIZEOF_WCHAR_T__ != 4)
#error "winshim's headers need a wchar_t of 2 or 4 bytes"
#endif

/* ---- calling conventions: there is one on Linux, and the library's functions have it ---- */
#ifndef __stdcall
#define __stdcall
#endif
#ifndef __cdecl
#define __cdecl
#endif
#ifndef __fastcall
#define __fastcall
#endif
#ifndef __thiscall
#define __thiscall
#endif
#ifndef __vectorcall
#define __vectorcall
#endif
#ifndef _stdcall
#define _stdcall
#endif
#ifndef _cdecl
#define _cdecl
#endif

/* ---- integer keywords: macros, because `unsigned __int64` must work ---- */
#ifndef __int8
#define __int8 char
#endif
#ifndef __int16
#define __int16 short
#endif
#ifndef __int32
#define __int32 int
#endif
#ifndef __int64
#define __int64 long long
#endif

/* ---- pointer qualifiers without a meaning here ---- */
#ifndef __ptr32
#define __ptr32
#endif
#ifndef __ptr64
#define __ptr64
#endif
#ifndef __unaligned
#define __unaligned
#endif
#ifndef __w64
#define __w64
#endif

#ifndef __forceinline
#define __forceinline __inline__ __attribute__((__always_inline__))
#endif

/* ---- structured exceptions: there are none, and the compiler shall say so ----
 * In C++ the C++ library has a __try of its own. */
#define WINSHIM_NO_SEH \
    _Pragma("GCC error \"winshim has no structured exceptions: __try, __except, __finally, __leave\"")
#if !defined(__cplusplus) && !defined(__try)
#define __try WINSHIM_NO_SEH
#endif
#ifndef __except
#define __except(filter) WINSHIM_NO_SEH if (filter)
#endif
#ifndef __finally
#define __finally WINSHIM_NO_SEH
#endif
#ifndef __leave
#define __leave WINSHIM_NO_SEH
#endif

/* ---- __declspec(word): the word becomes the name of an attribute ----
 * A word that is missing below gives the compiler's warning about an unknown attribute WINSHIM_DECLSPEC_word. */
#ifndef __declspec
#define __declspec(word) __attribute__((WINSHIM_DECLSPEC_##word))
#endif
#define WINSHIM_DECLSPEC_dllimport
#define WINSHIM_DECLSPEC_dllexport __visibility__("default")
#define WINSHIM_DECLSPEC_align __aligned__
#define WINSHIM_DECLSPEC_deprecated __deprecated__
#define WINSHIM_DECLSPEC_noinline __noinline__
#define WINSHIM_DECLSPEC_noreturn __noreturn__
#define WINSHIM_DECLSPEC_nothrow __nothrow__
#define WINSHIM_DECLSPEC_novtable
#define WINSHIM_DECLSPEC_restrict __malloc__
#define WINSHIM_DECLSPEC_noalias
#define WINSHIM_DECLSPEC_selectany __weak__
#define WINSHIM_DECLSPEC_uuid(text)
/* Storage, not an attribute: closes the empty attribute that __declspec has begun, and opens another one. */
#if !defined(__cplusplus)
#define WINSHIM_DECLSPEC_thread )) _Thread_local __attribute__((
#elif __cplusplus >= 201103L
#define WINSHIM_DECLSPEC_thread )) thread_local __attribute__((
#else
#define WINSHIM_DECLSPEC_thread )) __thread __attribute__((
#endif

/* ---- wide functions ----
 * WCHAR is wchar_t, so that L"" literals and the C library's wide functions fit. Every wide function FW exists twice
 * in the library: FW takes UTF-16 (2-byte units), FW_utf32 takes 4-byte units. The declared name FW is linked to the
 * form that fits the wchar_t of this compilation (-fshort-wchar makes it 2 bytes). Both see the same names. */
#if __SIZEOF_WCHAR_T__ == 2
#define WINSHIM_WIDE(function)
#else
#define WINSHIM_WIDE(function) __asm__(#function "_utf32")
#endif
/* A char function that can be handed wide text all the same (%S): FA takes 4-byte units, FA_utf16 2-byte units. */
#if __SIZEOF_WCHAR_T__ == 2
#define WINSHIM_WIDE_ARGUMENTS(function) __asm__(#function "_utf16")
#else
#define WINSHIM_WIDE_ARGUMENTS(function)
#endif

#endif /* WINSHIM_ABI_H */
