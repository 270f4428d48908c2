/* wait_address.c - WaitOnAddress and who wakes it. */
#include <string.h>

#include "conformance/harness/suite.h"

static volatile uint64_t watched;

/* number: size, more: milliseconds; waits while the watched value is 0. Spurious returns are not counted. */
static uint64_t wait_while_0(const Ask *ask)
{
    uint64_t undesired = 0;
    while (memcmp((const void *)&watched, &undesired, ask->number) == 0)
        if (!WaitOnAddress(&watched, &undesired, ask->number, (DWORD)ask->more)) return GetLastError();
    return 0;
}

static uint64_t wait_once(const Ask *ask)
{
    uint64_t undesired = 0;
    return (uint64_t)WaitOnAddress(&watched, &undesired, ask->number, (DWORD)ask->more);
}

CASE(another_value_returns_at_once, "WaitAddress-01", ALL, "WaitOnAddress")
{
    const SIZE_T sizes[] = {1, 2, 4, 8};
    uint64_t undesired = 0;
    watched = 0x0101010101010101;
    for (int i = 0; i < 4; ++i) {
        DOES(WaitOnAddress(&watched, &undesired, sizes[i], INFINITE));
        DOES(WaitOnAddress(&watched, &undesired, sizes[i], 0));
    }
}

CASE(a_wake_returns_it_even_if_nothing_changed, "WaitAddress-02", ALL, "WaitOnAddress: remarks")
{
    Partner *waiter = partner(IN_A_THREAD);
    for (int all = 0; all < 2; ++all) {
        tell(waiter, wait_once, .number = 8, .more = INFINITE);
        until_blocked(waiter);
        if (all)
            WakeByAddressAll((void *)&watched);
        else
            WakeByAddressSingle((void *)&watched);
        TRUE_THAT(answer(waiter));
        EQUAL(error_of(waiter), SAME);
    }
}

CASE(each_size_is_compared_as_such, "WaitAddress-02 WaitAddress-04", ALL, "WaitOnAddress: AddressSize")
{
    const SIZE_T sizes[] = {1, 2, 4, 8};
    Partner *waiter = partner(IN_A_THREAD);
    for (int i = 0; i < 4; ++i) {
        watched = i < 3 ? (uint64_t)1 << (8 * sizes[i]) : 0; /* just above what is compared */
        tell(waiter, wait_while_0, .number = sizes[i], .more = INFINITE);
        until_blocked(waiter);
        watched = (uint64_t)1 << (8 * sizes[i] - 1);
        WakeByAddressAll((void *)&watched);
        EQUAL(answer(waiter), 0);
    }
}

CASE(the_time_runs_out, "WaitAddress-03", ALL, "WaitOnAddress: return value")
{
    uint64_t undesired = 0;
    REFUSES(WaitOnAddress(&watched, &undesired, 8, 0), ERROR_TIMEOUT);
    const uint64_t begin = now_ms();
    REFUSES(WaitOnAddress(&watched, &undesired, 4, 80), ERROR_TIMEOUT);
    BETWEEN(now_ms() - begin, 80 - 16, LONG_ENOUGH);
}

CASE(other_sizes_are_refused, "WaitAddress-04", ALL, "WaitOnAddress: AddressSize")
{
    const SIZE_T wrong[] = {0, 3, 5, 7, 9, 16};
    uint64_t undesired[2] = {1, 1};
    for (int i = 0; i < 6; ++i) REFUSES(WaitOnAddress(&watched, undesired, wrong[i], 0), ERROR_INVALID_PARAMETER);
}

enum { MANY = 3 };

static void waiters(Partner **all)
{
    for (int i = 0; i < MANY; ++i) {
        all[i] = partner(IN_A_THREAD);
        tell(all[i], wait_while_0, .number = 8, .more = INFINITE);
    }
    for (int i = 0; i < MANY; ++i) until_blocked(all[i]);
}

CASE(a_single_wake_returns_one, "WaitAddress-05", ALL, "WakeByAddressSingle")
{
    Partner *all[MANY];
    waiters(all);
    watched = 1;
    for (int left = MANY; left > 0; --left) {
        WakeByAddressSingle((void *)&watched);
        const int woken = first_to_answer(all, left);
        EQUAL(answer(all[woken]), 0);
        all[woken] = all[left - 1];
    }
}

CASE(a_wake_of_all_returns_all, "WaitAddress-06", ALL, "WakeByAddressAll")
{
    Partner *all[MANY];
    waiters(all);
    watched = 1;
    WakeByAddressAll((void *)&watched);
    for (int i = 0; i < MANY; ++i) EQUAL(answer(all[i]), 0);
}

CASE(a_wake_is_not_kept, "WaitAddress-07", ALL, "WakeByAddressSingle; known")
{
    uint64_t undesired = 0;
    WakeByAddressSingle((void *)&watched);
    WakeByAddressAll((void *)&watched);
    REFUSES(WaitOnAddress(&watched, &undesired, 8, 30), ERROR_TIMEOUT);
}

static volatile void *in_common;

static uint64_t map_common(const Ask *ask)
{
    const HANDLE mapping = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, ask->text);
    in_common = mapping != NULL ? MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;
    return in_common != NULL;
}

static uint64_t wait_in_common(const Ask *ask)
{
    uint64_t undesired = 0;
    return WaitOnAddress(in_common, &undesired, 8, (DWORD)ask->number) ? 0 : GetLastError();
}

CASE(no_wake_crosses_to_another_process, "WaitAddress-08", ALL, "WaitOnAddress: remarks")
{
    const WCHAR *name = own_name("memory");
    Partner *other = partner(IN_A_PROCESS);
    TRUE_THAT(map_common(&(Ask){.text = name}));
    TRUE_THAT(ask(other, map_common, .text = name));
    tell(other, wait_in_common, .number = 200);
    until_blocked(other);
    WakeByAddressAll((void *)in_common);
    WakeByAddressSingle((void *)in_common);
    EQUAL(answer(other), ERROR_TIMEOUT);
}
