/* interlocked.c - the interlocked operations, which are functions of the headers: the compiler's, not the library's. */
#include "conformance/harness/suite.h"

CASE(increment_and_decrement_give_the_new_value, "Interlocked-01", ALL, "InterlockedIncrement")
{
    LONG value = 5;
    EQUAL(InterlockedIncrement(&value), 6);
    EQUAL(InterlockedDecrement(&value), 5);
    EQUAL(value, 5);
    value = 0;
    EQUAL(InterlockedDecrement(&value), -1);
}

CASE(exchange_gives_the_old_value, "Interlocked-02 Interlocked-03", ALL, "InterlockedExchange; InterlockedExchangeAdd")
{
    LONG value = 5;
    EQUAL(InterlockedExchange(&value, 7), 5);
    EQUAL(value, 7);
    EQUAL(InterlockedExchangeAdd(&value, 3), 7);
    EQUAL(value, 10);
    EQUAL(InterlockedExchangeAdd(&value, -20), 10);
    EQUAL(value, -10);
}

CASE(compare_exchange_stores_if_equal, "Interlocked-04", ALL, "InterlockedCompareExchange")
{
    LONG value = 5;
    EQUAL(InterlockedCompareExchange(&value, 9, 4), 5);
    EQUAL(value, 5);
    EQUAL(InterlockedCompareExchange(&value, 9, 5), 5);
    EQUAL(value, 9);
}

CASE(logical_operations_give_the_old_value, "Interlocked-05", ALL, "InterlockedAnd; InterlockedOr; InterlockedXor")
{
    LONG value = 0x0F;
    EQUAL(InterlockedAnd(&value, 0x3C), 0x0F);
    EQUAL(value, 0x0C);
    EQUAL(InterlockedOr(&value, 0x30), 0x0C);
    EQUAL(value, 0x3C);
    EQUAL(InterlockedXor(&value, 0xFF), 0x3C);
    EQUAL(value, 0xC3);
}

CASE(of_64_bits_and_of_pointers, "Interlocked-06", ALL, "Interlocked Variable Access")
{
    __attribute__((aligned(8))) LONGLONG value = 0xFFFFFFFFLL;
    EQUAL(InterlockedIncrement64(&value), 0x100000000LL);
    EQUAL(InterlockedDecrement64(&value), 0xFFFFFFFFLL);
    EQUAL(InterlockedExchangeAdd64(&value, 0x100000000LL), 0xFFFFFFFFLL);
    EQUAL(InterlockedExchange64(&value, 3), 0x1FFFFFFFFLL);
    EQUAL(InterlockedCompareExchange64(&value, 4, 3), 3);
    EQUAL(value, 4);
    int a, b;
    void *pointer = &a;
    TRUE_THAT(InterlockedExchangePointer(&pointer, &b) == &a);
    TRUE_THAT(InterlockedCompareExchangePointer(&pointer, NULL, &a) == &b);
    TRUE_THAT(InterlockedCompareExchangePointer(&pointer, NULL, &b) == &b);
    TRUE_THAT(pointer == NULL);
}

CASE(beyond_the_largest_comes_the_smallest, "Interlocked-07", ALL, "the type LONG")
{
    LONG value = 0x7FFFFFFF;
    EQUAL((uint32_t)InterlockedIncrement(&value), 0x80000000);
    EQUAL(InterlockedDecrement(&value), 0x7FFFFFFF);
}

/* Each adds a thousand times to what both see; sums that are lost show. */
static volatile LONG *counter;

static uint64_t map_counter(const Ask *ask)
{
    const HANDLE mapping = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, ask->text);
    counter = mapping != NULL ? MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;
    return counter != NULL;
}

static uint64_t add_many(const Ask *ask)
{
    for (uint64_t i = 0; i < ask->number; ++i) InterlockedIncrement(counter);
    return 0;
}

CASE_SHARED(between_processes_no_sum_is_lost, "Interlocked-01 Interlocked-08", ALL, "Interlocked Variable Access")
{
    enum { MANY = 100000 };
    const WCHAR *name = own_name("counter");
    TRUE_THAT(map_counter(&(Ask){.text = name}));
    Partner *other = partner(where);
    if (where == IN_A_PROCESS) TRUE_THAT(ask(other, map_counter, .text = name));
    tell(other, add_many, .number = MANY);
    add_many(&(Ask){.number = MANY});
    answer(other);
    EQUAL(*counter, 2 * MANY);
}
