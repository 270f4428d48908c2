/* intrin.h - Microsoft's intrinsics that synchronization code uses; the _Interlocked ones come with windows.h.
 *
 * On x86 the compiler's own x86intrin.h is included, which has _mm_pause, _mm_mfence, __rdtsc, _rotl and the vector
 * intrinsics. Where Microsoft has `unsigned long` for 32 bits, DWORD and unsigned long are both taken here.
 */
#ifndef __INTRIN_H_
#define __INTRIN_H_

#include "minwindef.h"
#include "winshim_crt.h" /* clang's header asks for _aligned_malloc where _WIN32 is defined */
#if defined(__x86_64__) || defined(__i386__)
#include <x86intrin.h>
#endif

/* The index of the lowest, or highest, bit that is set, in *Index. Returns 1; 0 if none is, *Index undefined. */
#define WINSHIM_BIT_SCAN(name, index_type, mask_type, expression)           \
    static __forceinline unsigned char name(index_type *Index, mask_type Mask) \
    {                                                                       \
        if (Mask == 0)                                                      \
            return 0;                                                       \
        *Index = (index_type)(expression);                                  \
        return 1;                                                           \
    }
#define WINSHIM_BIT_SCANS(forward, reverse, index_type, forward64, reverse64)            \
    WINSHIM_BIT_SCAN(forward, index_type, ULONG, __builtin_ctz(Mask))                    \
    WINSHIM_BIT_SCAN(reverse, index_type, ULONG, 31 - __builtin_clz(Mask))               \
    WINSHIM_BIT_SCAN(forward64, index_type, ULONG64, __builtin_ctzll(Mask))              \
    WINSHIM_BIT_SCAN(reverse64, index_type, ULONG64, 63 - __builtin_clzll(Mask))
#ifdef __cplusplus
WINSHIM_BIT_SCANS(_BitScanForward, _BitScanReverse, ULONG, _BitScanForward64, _BitScanReverse64)
WINSHIM_BIT_SCANS(_BitScanForward, _BitScanReverse, unsigned long, _BitScanForward64, _BitScanReverse64)
#else
WINSHIM_BIT_SCANS(winshim_scan_forward, winshim_scan_reverse, ULONG, winshim_scan_forward64, winshim_scan_reverse64)
WINSHIM_BIT_SCANS(winshim_long_forward, winshim_long_reverse, unsigned long, winshim_long_forward64,
                  winshim_long_reverse64)
#define WINSHIM_SCAN(pointer, operation)                                                       \
    __builtin_choose_expr(__builtin_types_compatible_p(__typeof__(*(pointer)), unsigned long), \
                          winshim_long_##operation, winshim_scan_##operation)
#define _BitScanForward(Index, Mask) WINSHIM_SCAN(Index, forward)(Index, Mask)
#define _BitScanReverse(Index, Mask) WINSHIM_SCAN(Index, reverse)(Index, Mask)
#define _BitScanForward64(Index, Mask) WINSHIM_SCAN(Index, forward64)(Index, Mask)
#define _BitScanReverse64(Index, Mask) WINSHIM_SCAN(Index, reverse64)(Index, Mask)
#endif
#define BitScanForward _BitScanForward
#define BitScanReverse _BitScanReverse
#define BitScanForward64 _BitScanForward64
#define BitScanReverse64 _BitScanReverse64

#ifndef _byteswap_ushort
#define _byteswap_ushort(value) __builtin_bswap16(value)
#define _byteswap_ulong(value) __builtin_bswap32(value)
#define _byteswap_uint64(value) __builtin_bswap64(value)
#endif
#ifndef __popcnt
#define __popcnt(value) ((unsigned)__builtin_popcount(value))
#define __popcnt64(value) ((ULONG64)__builtin_popcountll(value))
#endif
#define _ReturnAddress() __builtin_return_address(0)
#define __nop() __asm__ __volatile__("nop")
#define __assume(condition) ((condition) ? (void)0 : __builtin_unreachable())
#if defined(__x86_64__) || defined(__i386__)
#define __debugbreak() __asm__ __volatile__("int3")
#else
#define __debugbreak() __builtin_trap()
#endif

#if defined(__x86_64__)
/* Registers eax, ebx, ecx and edx of CPUID; <cpuid.h> has macros of these names with other arguments. */
#undef __cpuid
#undef __cpuidex
static __forceinline void __cpuidex(int info[4], int function, int sub)
{
    __asm__ __volatile__("cpuid"
                         : "=a"(info[0]), "=b"(info[1]), "=c"(info[2]), "=d"(info[3])
                         : "0"(function), "2"(sub));
}
static __forceinline void __cpuid(int info[4], int function) { __cpuidex(info, function, 0); }
#endif

#ifdef __SIZEOF_INT128__
/* The upper 64 bits of the product; _umul128 gives the lower ones, too. */
__extension__ typedef unsigned __int128 winshim_uint128;
static __forceinline ULONG64 __umulh(ULONG64 first, ULONG64 second)
{
    return (ULONG64)((winshim_uint128)first * second >> 64);
}
static __forceinline ULONG64 _umul128(ULONG64 first, ULONG64 second, ULONG64 *high)
{
    *high = __umulh(first, second);
    return first * second;
}
#endif

#endif /* __INTRIN_H_ */
