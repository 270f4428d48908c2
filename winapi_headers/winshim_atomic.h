/* winshim_atomic.h - the Interlocked functions, inline; part of winnt.h and interlockedapi.h.
 *
 * Names       InterlockedOP            32 bits, a full barrier        InterlockedIncrement
 *             InterlockedOP16, ...64   other widths                   InterlockedIncrement64
 *             ...Pointer               a pointer                      InterlockedExchangePointer
 *             ...Acquire, ...Release, ...NoFence                      InterlockedIncrementAcquire, ...NoFence64
 *                                      weaker barriers; And, Or, Xor: InterlockedAnd64Acquire
 *             _InterlockedOP...        the compiler's names for the full-barrier forms; also _acq, _rel, _nf
 * Results     Increment, Decrement, Add: the new value. All others: the old value. CompareExchange stores only if the
 *             old value is the comparand. BitTestAnd...: the old bit, 0 or 1; bits are counted on from *Base, so bit 35
 *             of a LONG array is bit 3 of its second element. Sums wrap around.
 * Memory      A variable must stand on a boundary of its size (128 bits: 16 bytes) and may lie in memory shared with
 *             other processes. x86-64: 128 bits need cmpxchg16b, which all but the first of these processors have.
 * Types       LONG has 32 bits and is `int`. For sources that write `long` instead, the functions without a width take
 *             a `long *`, too, and work on all of its 64 bits. C++: unsigned variables are taken as they are.
 * Source      "Interlocked Variable Access"; statements Interlocked-01..08
 */
#ifndef WINSHIM_ATOMIC_H
#define WINSHIM_ATOMIC_H

/* The generating macros have empty arguments, which C89 and C++98 do not know. What a program passes is judged where
 * the program passes it. */
#pragma GCC system_header

#include "winnt.h"

/* ---- barriers ---- */

/* Orders all loads and stores before it against all after it. */
#define MemoryBarrier() __sync_synchronize()

/* Tells the processor that this is a loop that waits for another thread. */
#if defined(__x86_64__) || defined(__i386__)
#define YieldProcessor() __builtin_ia32_pause()
#elif defined(__aarch64__) || defined(__arm__)
#define YieldProcessor() __asm__ __volatile__("yield" ::: "memory")
#else
#define YieldProcessor() __asm__ __volatile__("" ::: "memory")
#endif

/* Keep the compiler from moving accesses; the processor may move them. */
#define _ReadWriteBarrier() __asm__ __volatile__("" ::: "memory")
#define _ReadBarrier() _ReadWriteBarrier()
#define _WriteBarrier() _ReadWriteBarrier()

/* The compiler's atomics order the other variables of the program as a full barrier does on x86 only. */
#if defined(__x86_64__) || defined(__i386__)
#define WINSHIM_FULL(type, operation) (operation)
#else
#define WINSHIM_FULL(type, operation)       \
    __extension__({                         \
        type winshim_result_ = (operation); \
        __sync_synchronize();               \
        winshim_result_;                    \
    })
#endif
#define WINSHIM_WEAK(type, operation) (operation)

/* ---- what the functions are made of ---- */
#define WINSHIM_ATOMIC_ONE(name, type, barrier, order, operation)           \
    static __forceinline type name(type volatile *Addend)                   \
    {                                                                       \
        return barrier(type, __atomic_##operation(Addend, (type)1, order)); \
    }
#define WINSHIM_ATOMIC_OLD(name, type, barrier, order, operation)              \
    static __forceinline type name(type volatile *Destination, type Value)     \
    {                                                                          \
        return barrier(type, __atomic_##operation(Destination, Value, order)); \
    }
#define WINSHIM_ATOMIC_SWAP(name, type, barrier, order, unused)          \
    static __forceinline type name(type volatile *Target, type Value)    \
    {                                                                    \
        return barrier(type, __atomic_exchange_n(Target, Value, order)); \
    }
/* A failure stores nothing, so it has no release. */
#define WINSHIM_ON_FAILURE(order) ((order) == __ATOMIC_RELEASE ? __ATOMIC_RELAXED : (order))
/* After a failure the builtin has stored the old value in Comparand; after a success that is what it was. */
#define WINSHIM_ATOMIC_CAS(name, type, barrier, order, unused)                                       \
    static __forceinline type name(type volatile *Destination, type Exchange, type Comparand)        \
    {                                                                                                \
        (void)barrier(BOOL, __atomic_compare_exchange_n(Destination, &Comparand, Exchange, 0, order, \
                                                        WINSHIM_ON_FAILURE(order)));                 \
        return Comparand;                                                                            \
    }
/* BitTestAnd...: `wide` is the unsigned type of the same width. */
#define WINSHIM_ATOMIC_BIT(name, type, wide, barrier, order, operation, complement)                               \
    static __forceinline UCHAR name(type volatile *Base, type Bit)                                                \
    {                                                                                                             \
        return (UCHAR)(((wide)barrier(type, __atomic_##operation(Base + Bit / (type)(8 * sizeof(type)),           \
                                                                 (type)(complement WINSHIM_BIT(type, wide, Bit)), \
                                                                 order)) >>                                       \
                        (Bit & (type)(8 * sizeof(type) - 1))) &                                                   \
                       1);                                                                                        \
    }
#define WINSHIM_BIT(type, wide, bit) ((wide)1 << ((bit) & (type)(8 * sizeof(type) - 1)))

/* All barriers of one function: `plain` and the three names with a weaker barrier, for the functions and intrinsics. */
#define WINSHIM_ATOMIC_ORDERS(KIND, type, full, intrinsic, acquire, release, nofence, operation) \
    KIND(full, type, WINSHIM_FULL, __ATOMIC_SEQ_CST, operation)                                  \
    KIND(_##full, type, WINSHIM_FULL, __ATOMIC_SEQ_CST, operation)                               \
    KIND(acquire, type, WINSHIM_WEAK, __ATOMIC_ACQUIRE, operation)                               \
    KIND(release, type, WINSHIM_WEAK, __ATOMIC_RELEASE, operation)                               \
    KIND(nofence, type, WINSHIM_WEAK, __ATOMIC_RELAXED, operation)                               \
    KIND(_##intrinsic##_acq, type, WINSHIM_WEAK, __ATOMIC_ACQUIRE, operation)                    \
    KIND(_##intrinsic##_rel, type, WINSHIM_WEAK, __ATOMIC_RELEASE, operation)                    \
    KIND(_##intrinsic##_nf, type, WINSHIM_WEAK, __ATOMIC_RELAXED, operation)
/* InterlockedOP[width] with InterlockedOPAcquire[width] ... */
#define WINSHIM_ATOMIC_FAMILY(KIND, type, name, width, operation)                                           \
    WINSHIM_ATOMIC_ORDERS(KIND, type, name##width, name##width, name##Acquire##width, name##Release##width, \
                          name##NoFence##width, operation)
/* InterlockedAND[width] with InterlockedAND[width]Acquire ... */
#define WINSHIM_ATOMIC_LOGIC(type, width)                                                         \
    WINSHIM_ATOMIC_ORDERS(WINSHIM_ATOMIC_OLD, type, InterlockedAnd##width, InterlockedAnd##width, \
                          InterlockedAnd##width##Acquire, InterlockedAnd##width##Release,         \
                          InterlockedAnd##width##NoFence, fetch_and)                              \
    WINSHIM_ATOMIC_ORDERS(WINSHIM_ATOMIC_OLD, type, InterlockedOr##width, InterlockedOr##width,   \
                          InterlockedOr##width##Acquire, InterlockedOr##width##Release,           \
                          InterlockedOr##width##NoFence, fetch_or)                                \
    WINSHIM_ATOMIC_ORDERS(WINSHIM_ATOMIC_OLD, type, InterlockedXor##width, InterlockedXor##width, \
                          InterlockedXor##width##Acquire, InterlockedXor##width##Release,         \
                          InterlockedXor##width##NoFence, fetch_xor)

/* ---- the functions ---- */
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_ONE, LONG, InterlockedIncrement, , add_fetch)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_ONE, SHORT, InterlockedIncrement, 16, add_fetch)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_ONE, LONG64, InterlockedIncrement, 64, add_fetch)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_ONE, LONG, InterlockedDecrement, , sub_fetch)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_ONE, SHORT, InterlockedDecrement, 16, sub_fetch)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_ONE, LONG64, InterlockedDecrement, 64, sub_fetch)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_OLD, LONG, InterlockedAdd, , add_fetch)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_OLD, LONG64, InterlockedAdd, 64, add_fetch)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_OLD, char, InterlockedExchangeAdd, 8, fetch_add)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_OLD, SHORT, InterlockedExchangeAdd, 16, fetch_add)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_OLD, LONG, InterlockedExchangeAdd, , fetch_add)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_OLD, LONG64, InterlockedExchangeAdd, 64, fetch_add)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_SWAP, char, InterlockedExchange, 8, exchange)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_SWAP, SHORT, InterlockedExchange, 16, exchange)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_SWAP, LONG, InterlockedExchange, , exchange)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_SWAP, LONG64, InterlockedExchange, 64, exchange)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_CAS, char, InterlockedCompareExchange, 8, exchange)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_CAS, SHORT, InterlockedCompareExchange, 16, exchange)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_CAS, LONG, InterlockedCompareExchange, , exchange)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_CAS, LONG64, InterlockedCompareExchange, 64, exchange)
WINSHIM_ATOMIC_LOGIC(char, 8)
WINSHIM_ATOMIC_LOGIC(SHORT, 16)
WINSHIM_ATOMIC_LOGIC(LONG, )
WINSHIM_ATOMIC_LOGIC(LONG64, 64)

/* Pointers: the first parameter is any pointer to a pointer in C, as on Windows: a void *volatile *. */
#define WINSHIM_ATOMIC_POINTER(exchange, compare, barrier, order)            \
    static __forceinline PVOID exchange(PVOID volatile *Target, PVOID Value) \
    {                                                                        \
        return barrier(PVOID, __atomic_exchange_n(Target, Value, order));    \
    }                                                                        \
    WINSHIM_ATOMIC_CAS(compare, PVOID, barrier, order, exchange)
WINSHIM_ATOMIC_POINTER(InterlockedExchangePointer, InterlockedCompareExchangePointer, WINSHIM_FULL, __ATOMIC_SEQ_CST)
WINSHIM_ATOMIC_POINTER(_InterlockedExchangePointer, _InterlockedCompareExchangePointer, WINSHIM_FULL, __ATOMIC_SEQ_CST)
WINSHIM_ATOMIC_POINTER(InterlockedExchangePointerAcquire, InterlockedCompareExchangePointerAcquire, WINSHIM_WEAK,
                       __ATOMIC_ACQUIRE)
WINSHIM_ATOMIC_POINTER(InterlockedExchangePointerRelease, InterlockedCompareExchangePointerRelease, WINSHIM_WEAK,
                       __ATOMIC_RELEASE)
WINSHIM_ATOMIC_POINTER(InterlockedExchangePointerNoFence, InterlockedCompareExchangePointerNoFence, WINSHIM_WEAK,
                       __ATOMIC_RELAXED)

#define WINSHIM_ATOMIC_BITS(operation, fetch, complement)                                                      \
    WINSHIM_ATOMIC_BIT(InterlockedBitTestAnd##operation, LONG, ULONG, WINSHIM_FULL, __ATOMIC_SEQ_CST, fetch,   \
                       complement)                                                                             \
    WINSHIM_ATOMIC_BIT(InterlockedBitTestAnd##operation##Acquire, LONG, ULONG, WINSHIM_WEAK, __ATOMIC_ACQUIRE, \
                       fetch, complement)                                                                      \
    WINSHIM_ATOMIC_BIT(InterlockedBitTestAnd##operation##Release, LONG, ULONG, WINSHIM_WEAK, __ATOMIC_RELEASE, \
                       fetch, complement)                                                                      \
    WINSHIM_ATOMIC_BIT(InterlockedBitTestAnd##operation##64, LONG64, ULONG64, WINSHIM_FULL, __ATOMIC_SEQ_CST,  \
                       fetch, complement)
WINSHIM_ATOMIC_BITS(Set, fetch_or, )
WINSHIM_ATOMIC_BITS(Reset, fetch_and, ~)
WINSHIM_ATOMIC_BITS(Complement, fetch_xor, )
WINSHIM_ATOMIC_BIT(_interlockedbittestandset, LONG, ULONG, WINSHIM_FULL, __ATOMIC_SEQ_CST, fetch_or, )
WINSHIM_ATOMIC_BIT(_interlockedbittestandreset, LONG, ULONG, WINSHIM_FULL, __ATOMIC_SEQ_CST, fetch_and, ~)
WINSHIM_ATOMIC_BIT(_interlockedbittestandset64, LONG64, ULONG64, WINSHIM_FULL, __ATOMIC_SEQ_CST, fetch_or, )
WINSHIM_ATOMIC_BIT(_interlockedbittestandreset64, LONG64, ULONG64, WINSHIM_FULL, __ATOMIC_SEQ_CST, fetch_and, ~)

/* 128 bits: if Destination holds what ComparandResult holds, ExchangeHigh and ExchangeLow are stored and the result is
 * 1; else it is 0. ComparandResult gets the old value in both cases. Always a full barrier. Not on 32-bit machines. */
#if defined(__x86_64__)
static __forceinline UCHAR _InterlockedCompareExchange128(LONG64 volatile *Destination, LONG64 ExchangeHigh,
                                                          LONG64 ExchangeLow, LONG64 *ComparandResult)
{
    UCHAR stored;
    __asm__ __volatile__("lock cmpxchg16b %1\n\tsete %0"
                         : "=q"(stored), "+m"(Destination[0]), "+m"(Destination[1]),
                           "+a"(ComparandResult[0]), "+d"(ComparandResult[1])
                         : "b"(ExchangeLow), "c"(ExchangeHigh)
                         : "cc", "memory");
    return stored;
}
#elif defined(__SIZEOF_INT128__)
static __forceinline UCHAR _InterlockedCompareExchange128(LONG64 volatile *Destination, LONG64 ExchangeHigh,
                                                          LONG64 ExchangeLow, LONG64 *ComparandResult)
{
    __extension__ typedef unsigned __int128 both;
    const both wanted = (both)(ULONG64)ComparandResult[1] << 64 | (ULONG64)ComparandResult[0];
    const both found = __sync_val_compare_and_swap((both volatile *)Destination, wanted,
                                                   (both)(ULONG64)ExchangeHigh << 64 | (ULONG64)ExchangeLow);
    ComparandResult[0] = (LONG64)found;
    ComparandResult[1] = (LONG64)(found >> 64);
    return (UCHAR)(found == wanted);
}
#endif
#if defined(__SIZEOF_INT128__)
#define InterlockedCompareExchange128 _InterlockedCompareExchange128
#endif

/* ---- sources that write `long` for LONG; in C++ unsigned ones, too ---- */
#define WINSHIM_ATOMIC_LONG(prefix, type)                                                    \
    WINSHIM_ATOMIC_ONE(prefix##Increment, type, WINSHIM_FULL, __ATOMIC_SEQ_CST, add_fetch)   \
    WINSHIM_ATOMIC_ONE(prefix##Decrement, type, WINSHIM_FULL, __ATOMIC_SEQ_CST, sub_fetch)   \
    WINSHIM_ATOMIC_OLD(prefix##Add, type, WINSHIM_FULL, __ATOMIC_SEQ_CST, add_fetch)         \
    WINSHIM_ATOMIC_OLD(prefix##ExchangeAdd, type, WINSHIM_FULL, __ATOMIC_SEQ_CST, fetch_add) \
    WINSHIM_ATOMIC_OLD(prefix##And, type, WINSHIM_FULL, __ATOMIC_SEQ_CST, fetch_and)         \
    WINSHIM_ATOMIC_OLD(prefix##Or, type, WINSHIM_FULL, __ATOMIC_SEQ_CST, fetch_or)           \
    WINSHIM_ATOMIC_OLD(prefix##Xor, type, WINSHIM_FULL, __ATOMIC_SEQ_CST, fetch_xor)         \
    WINSHIM_ATOMIC_SWAP(prefix##Exchange, type, WINSHIM_FULL, __ATOMIC_SEQ_CST, exchange)    \
    WINSHIM_ATOMIC_CAS(prefix##CompareExchange, type, WINSHIM_FULL, __ATOMIC_SEQ_CST, exchange)
#ifdef __cplusplus
WINSHIM_ATOMIC_LONG(Interlocked, long)
WINSHIM_ATOMIC_LONG(Interlocked, unsigned long)
WINSHIM_ATOMIC_LONG(Interlocked, ULONG)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_ONE, ULONG64, InterlockedIncrement, 64, add_fetch)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_ONE, ULONG64, InterlockedDecrement, 64, sub_fetch)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_OLD, ULONG64, InterlockedExchangeAdd, 64, fetch_add)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_SWAP, ULONG64, InterlockedExchange, 64, exchange)
WINSHIM_ATOMIC_FAMILY(WINSHIM_ATOMIC_CAS, ULONG64, InterlockedCompareExchange, 64, exchange)
#else
WINSHIM_ATOMIC_LONG(winshim_long, long)
#define WINSHIM_BY_TYPE(pointer, operation)                                                                    \
    __builtin_choose_expr(__builtin_types_compatible_p(__typeof__(*(pointer)), long), winshim_long##operation, \
                          Interlocked##operation)
#define InterlockedIncrement(Addend) WINSHIM_BY_TYPE(Addend, Increment)(Addend)
#define InterlockedDecrement(Addend) WINSHIM_BY_TYPE(Addend, Decrement)(Addend)
#define InterlockedAdd(Addend, Value) WINSHIM_BY_TYPE(Addend, Add)(Addend, Value)
#define InterlockedExchangeAdd(Addend, Value) WINSHIM_BY_TYPE(Addend, ExchangeAdd)(Addend, Value)
#define InterlockedAnd(Destination, Value) WINSHIM_BY_TYPE(Destination, And)(Destination, Value)
#define InterlockedOr(Destination, Value) WINSHIM_BY_TYPE(Destination, Or)(Destination, Value)
#define InterlockedXor(Destination, Value) WINSHIM_BY_TYPE(Destination, Xor)(Destination, Value)
#define InterlockedExchange(Target, Value) WINSHIM_BY_TYPE(Target, Exchange)(Target, Value)
#define InterlockedCompareExchange(Destination, Exchange, Comparand) \
    WINSHIM_BY_TYPE(Destination, CompareExchange)(Destination, Exchange, Comparand)
#endif

#endif /* WINSHIM_ATOMIC_H */
